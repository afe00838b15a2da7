//! `palette_search`: any API or route by a few letters.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaletteSearchRequest {
    /// A few letters; words in any order.
    pub text: String,
    /// How many at most, 1 to 100.
    pub limit: u32,
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PaletteKind {
    /// An API.
    Api,
    /// A route.
    Route,
}

/// A thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaletteItem {
    /// What kind.
    pub kind: PaletteKind,
    /// API id or route id.
    pub id: String,
    /// What a person reads first.
    pub title: String,
    /// Where it is.
    pub subtitle: String,
}

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaletteResults {
    /// The items.
    pub items: Vec<PaletteItem>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn palette_search(
    _host: &crate::host::Host,
    _request: PaletteSearchRequest,
) -> Result<PaletteResults, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
