//! `journal_get`: everything about one entry of the journal.

use portcullis_domain::journal::JournalEntry;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{change_undo::journal_entry, error::WireError, host::Host};

/// Which entry. Answers with [`JournalEntry`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalGetRequest {
    /// The entry's id.
    pub entry: String,
}

/// Shows one entry.
///
/// # Errors
/// `NotFound`, `JournalUnusable`, the store's.
pub async fn journal_get(host: &Host, request: JournalGetRequest) -> Result<JournalEntry, WireError> {
    journal_entry(host, &request.entry)
}
