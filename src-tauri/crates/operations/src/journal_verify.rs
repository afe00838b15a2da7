//! `journal_verify`: whether the journal is as it was written.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Asks for the check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalVerifyRequest {}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalVerdict {
    /// Whether every record is there, in order, and as it was written.
    pub whole: bool,
    /// Records that were checked; with a fault, 0.
    #[ts(type = "number")]
    pub records: u64,
    /// The first fault, a sentence without a full stop.
    #[ts(optional = nullable)]
    pub fault: Option<String>,
    /// The journal's file.
    #[ts(optional = nullable)]
    pub path: Option<String>,
}

/// Checks every record's hash, the order, and the head that is kept beside the list.
///
/// # Errors
/// `JournalUnusable` and the store's, when the file cannot be read at all.
pub async fn journal_verify(host: &Host, _: JournalVerifyRequest) -> Result<JournalVerdict, WireError> {
    let journal = host.journal()?;
    let path = journal.path().map(|path| path.display().to_string());
    Ok(match journal.verify()? {
        Ok(records) => JournalVerdict { whole: true, records, fault: None, path },
        Err(fault) => JournalVerdict { whole: false, records: 0, fault: Some(fault.to_string()), path },
    })
}
