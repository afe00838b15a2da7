//! `context_access_set`: says what may be done in a context.

use portcullis_domain::context::ContextAccess;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    context_list::{ContextList, ContextListRequest},
    error::WireError,
    host::Host,
};

/// What may be done in a context from now on. Answers with [`crate::context_list::ContextList`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextAccessSetRequest {
    /// The context's label.
    pub context: String,
    /// What may be done there.
    pub access: ContextAccess,
}

/// Says it, and remembers it for the next start.
///
/// # Errors
/// `NotFound` for a context that is not open, the store's.
pub async fn context_access_set(host: &Host, request: ContextAccessSetRequest) -> Result<ContextList, WireError> {
    host.open_context(&request.context)?;
    host.set_access(&request.context, request.access, true)?;
    crate::context_list::context_list(host, ContextListRequest {}).await
}
