//! `context_select`: opens these contexts, closes the others, and starts reading them.

use portcullis_domain::context::ContextSpec;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which contexts to open. Answers with [`crate::context_list::ContextList`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextSelectRequest {
    /// All that shall be open from now on.
    pub contexts: Vec<ContextSpec>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn context_select(
    _host: &crate::host::Host,
    _request: ContextSelectRequest,
) -> Result<crate::context_list::ContextList, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
