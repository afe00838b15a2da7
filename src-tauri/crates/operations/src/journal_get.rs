//! `journal_get`: everything about one entry of the journal, and what CloudTrail has of it.

use portcullis_domain::journal::JournalEntry;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change_undo::journal_entry,
    error::WireError,
    host::Host,
    journal_list::{JournalState, state_of},
    journal_trail::{StepTrail, trail_of},
};

/// Which entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalGetRequest {
    /// The entry's id.
    pub entry: String,
}

/// An entry, and what CloudTrail has of each of its calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalDetail {
    /// The entry.
    #[serde(flatten)]
    pub entry: JournalEntry,
    /// How it stands.
    pub state: JournalState,
    /// One per step.
    pub trail: Vec<StepTrail>,
}

/// Shows one entry. CloudTrail is not asked: [`crate::event_refresh`] fetches.
///
/// # Errors
/// `NotFound`, `JournalUnusable`, the store's.
pub async fn journal_get(host: &Host, request: JournalGetRequest) -> Result<JournalDetail, WireError> {
    let entry = journal_entry(host, &request.entry)?;
    let trail = trail_of(host, &entry)?;
    let state = state_of(host, &entry);
    Ok(JournalDetail { entry, state, trail })
}
