//! Configuration changes as CSV: of `portcullis events` and of an evidence pack.

use portcullis_domain::events::ChangeEvent;

use crate::{csv_text::csv_text, error::WireError};

const COLUMNS: [&str; 19] = [
    "at",
    "context",
    "account",
    "region",
    "source",
    "name",
    "who",
    "principal",
    "sourceIp",
    "client",
    "what",
    "apiId",
    "apiName",
    "stage",
    "outcome",
    "error",
    "requestId",
    "journalEntry",
    "whole",
];

/// One line for each.
///
/// # Errors
/// As [`csv_text`].
pub fn events_csv(events: &[ChangeEvent]) -> Result<String, WireError> {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    csv_text(
        COLUMNS,
        events.iter().map(|event| {
            [
                event.at.clone(),
                event.context.clone(),
                event.account.clone(),
                event.region.clone(),
                event.source.clone(),
                event.name.clone(),
                event.who.clone(),
                event.principal.clone(),
                event.source_ip.clone(),
                wire(event.client),
                event.what.clone(),
                optional(&event.api_id),
                optional(&event.api_name),
                optional(&event.stage),
                wire(event.outcome),
                optional(&event.error),
                optional(&event.request_id),
                optional(&event.journal_entry),
                event.whole.to_string(),
            ]
        }),
    )
}

/// The name that a value has on the wire.
fn wire(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
