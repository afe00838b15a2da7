//! `event_get`: the record of one configuration change, as CloudTrail has it, without secrets.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    event_list::places,
    host::Host,
};

/// Which one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventGetRequest {
    /// The context's label.
    pub context: String,
    /// CloudTrail's id.
    pub id: String,
    /// When it was, RFC 3339, as the list says.
    pub at: String,
}

/// The record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// JSON, indented; as it came where it is none.
    pub record: String,
}

/// Gives the record.
///
/// # Errors
/// `InvalidInput` for a time that is none, `NotFound` when nothing like it is kept; the store's.
pub async fn event_get(host: &Host, request: EventGetRequest) -> Result<EventRecord, WireError> {
    let at: Timestamp = request
        .at
        .parse()
        .map_err(|error| WireError::new(ErrorCode::InvalidInput, format!("{} is no time: {error}.", request.at)))?;
    let second = SignedDuration::from_secs(1);
    for place in places(host)? {
        let kept = host.events_store()?.between(&place.name, at - second, at + second)?;
        if let Some(found) = kept.into_iter().find(|event| event.envelope.id == request.id) {
            return Ok(EventRecord { record: found.record });
        }
    }
    let message = format!("There is no event {} of {}. Read the changes again.", request.id, request.context);
    Err(WireError::new(ErrorCode::NotFound, message))
}
