//! `event_source_set`: says where a context's configuration changes come from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    context_list::{ContextList, ContextListRequest},
    error::{ErrorCode, WireError},
    host::Host,
};

/// Where from. Answers with [`crate::context_list::ContextList`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventSourceSetRequest {
    /// The context's label.
    pub context: String,
    /// The ARN or the id of an event data store of CloudTrail Lake, which may hold every account and region of an
    /// organisation; none for CloudTrail's event history of this account and region.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub event_data_store: Option<String>,
}

/// Says it, and remembers it for the next start.
///
/// # Errors
/// `NotFound` for a context that is not open, `InvalidInput` for what is no event data store, the store's.
pub async fn event_source_set(host: &Host, request: EventSourceSetRequest) -> Result<ContextList, WireError> {
    host.open_context(&request.context)?;
    let store = request.event_data_store.as_deref().map(str::trim).filter(|store| !store.is_empty());
    store.map(check).transpose()?;
    host.choose_event_data_store(&request.context, store, true)?;
    crate::context_list::context_list(host, ContextListRequest {}).await
}

/// `arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/ID`, or the id: 36 hexadecimal digits and hyphens.
pub(crate) fn check(store: &str) -> Result<(), WireError> {
    let id = match store.split_once(":eventdatastore/") {
        Some((arn, id)) if arn.starts_with("arn:") => id,
        _ => store,
    };
    let fits = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if fits {
        return Ok(());
    }
    Err(WireError::new(ErrorCode::InvalidInput, format!("{store:?} is no event data store."))
        .with_hint("Name its ARN or its id: aws cloudtrail list-event-data-stores lists them."))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn an_arn_or_an_id() {
        let id = "11112222-3333-4444-5555-666677778888";
        check(id).unwrap();
        check(&format!("arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/{id}")).unwrap();
        for wrong in ["", "store", "1'; DROP TABLE x", "arn:aws:s3:::bucket", &format!("{id} WHERE 1=1")] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
