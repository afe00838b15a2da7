//! `context_select`: opens these contexts, closes the others, and starts reading them.

use portcullis_domain::context::ContextSpec;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    context_list::ContextList,
    error::{ErrorCode, WireError},
    host::Host,
};

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
/// `InvalidInput` for a region or an endpoint that is none.
pub async fn context_select(host: &Host, request: ContextSelectRequest) -> Result<ContextList, WireError> {
    let mut seen = std::collections::HashSet::new();
    let mut contexts = request.contexts;
    contexts.iter().try_for_each(check)?;
    contexts.retain(|context| seen.insert(context.clone()));
    host.keep_contexts(&contexts);
    let opening = host.clone();
    // A large snapshot takes a moment to unpack; nobody else waits for it.
    tokio::task::spawn_blocking(move || opening.open_contexts(contexts))
        .await
        .map_err(|error| WireError::internal("context_select", &error))?;
    host.start_reading();
    crate::context_list::context_list(host, crate::context_list::ContextListRequest {}).await
}

/// A region goes into host names, an endpoint gets signed calls: neither is taken unseen.
fn check(context: &ContextSpec) -> Result<(), WireError> {
    let letters =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if let Some(region) = &context.region
        && (region.is_empty() || region.len() > 32 || !letters(region))
    {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("{region:?} is no region."))
            .with_hint("Name one as AWS does: eu-west-1."));
    }
    if let Some(endpoint) = &context.endpoint_url {
        let rest = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
        if !rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace)) {
            return Err(WireError::new(ErrorCode::InvalidInput, format!("{endpoint:?} is no endpoint."))
                .with_hint("Give a whole URL: http://127.0.0.1:5000."));
        }
    }
    Ok(())
}
