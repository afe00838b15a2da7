//! `context_select`: opens these contexts, closes the others, and starts reading them.

use portcullis_domain::context::ContextSpec;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{context_list::ContextList, error::WireError, host::Host};

/// Which contexts to open. Answers with [`crate::context_list::ContextList`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextSelectRequest {
    /// All that shall be open from now on.
    pub contexts: Vec<ContextSpec>,
}

/// Opens the contexts and starts reading them.
///
/// # Errors
/// As [`crate::context_list::context_list`].
pub async fn context_select(host: &Host, request: ContextSelectRequest) -> Result<ContextList, WireError> {
    let mut contexts = request.contexts;
    let mut seen = std::collections::HashSet::new();
    contexts.retain(|context| seen.insert(context.clone()));
    if let Ok(text) = serde_json::to_string(&contexts)
        && let Err(error) = host.inner.store.set_setting("contexts", &text)
    {
        tracing::warn!(%error, "the selection cannot be kept");
    }
    host.open_contexts(contexts);
    host.start_reading();
    crate::context_list::context_list(host, crate::context_list::ContextListRequest {}).await
}
