//! JSON made small. A checksum goes with it, so that a damaged blob is noticed and not shown as data.

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{StoreError, error::content};

/// One answer of AWS, its secrets taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// `apigateway:GetResources`.
    pub call: String,
    /// Page, deployment or the like, when there are several of one call.
    pub of: String,
    /// JSON.
    pub json: String,
}

/// What AWS answered about one API, compressed: as text the answers of a large account are most of the memory that
/// its inventory takes.
#[derive(Clone, PartialEq, Eq)]
pub struct PackedAnswers(pub(crate) Vec<u8>);

impl std::fmt::Debug for PackedAnswers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PackedAnswers").field("bytes", &self.0.len()).finish()
    }
}

impl PackedAnswers {
    /// Makes answers small.
    ///
    /// # Errors
    /// [`StoreError::Content`], never seen: writing to memory.
    pub fn pack(answers: &[Answer]) -> Result<Self, StoreError> {
        pack(answers).map(Self)
    }

    /// The answers again.
    ///
    /// # Errors
    /// [`StoreError::Content`] when the bytes are damaged.
    pub fn unpack(&self) -> Result<Vec<Answer>, StoreError> {
        unpack(&self.0)
    }
}

pub(crate) fn pack<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, StoreError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let json = serde_json::to_vec(value).map_err(content("snapshot"))?;
    encoder.write_all(&json).and_then(|()| encoder.finish()).map_err(damaged)
}

pub(crate) fn unpack<T: DeserializeOwned>(blob: &[u8]) -> Result<T, StoreError> {
    let mut json = Vec::new();
    ZlibDecoder::new(blob).read_to_end(&mut json).map_err(damaged)?;
    serde_json::from_slice(&json).map_err(content("snapshot"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn damaged(error: std::io::Error) -> StoreError {
    StoreError::Content { what: "snapshot", reason: error.to_string() }
}
