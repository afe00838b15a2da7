//! `journal_export`: the whole journal, as JSON Lines (every record with its hash) or as CSV (a line per change).

use portcullis_domain::journal::{JournalRecord, entries};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    csv_text::csv_text,
    error::{ErrorCode, WireError},
    host::Host,
    journal_list::line,
};

/// File format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum JournalFormat {
    /// One record a line, with the hashes: the chain can be checked without this program.
    Jsonl,
    /// One change a line, for spreadsheets.
    Csv,
}

/// What to write where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalExportRequest {
    /// In which format.
    pub format: JournalFormat,
    /// Where to; an absolute path from the save dialog.
    pub path: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalExport {
    /// Where.
    pub path: String,
    /// How many records (JSON Lines) or changes (CSV).
    pub lines: u32,
}

/// Writes the file, whole or not at all.
///
/// # Errors
/// `InvalidInput` for a path that cannot be written, `JournalUnusable`, the store's.
pub async fn journal_export(host: &Host, request: JournalExportRequest) -> Result<JournalExport, WireError> {
    let path = std::path::Path::new(&request.path);
    if !path.is_absolute() || path.is_dir() {
        let message = format!("{} is not a file that can be written.", path.display());
        return Err(
            WireError::new(ErrorCode::InvalidInput, message).with_hint("Choose a file name in a directory of yours.")
        );
    }
    let text = journal_text(host, request.format)?;
    let headings = if request.format == JournalFormat::Csv { 1 } else { 0 };
    let lines = u32::try_from(text.lines().count().saturating_sub(headings)).unwrap_or(u32::MAX);
    crate::files::write_whole(path, text).await?;
    Ok(JournalExport { path: request.path, lines })
}

/// The journal as text, for files and for the terminal.
///
/// # Errors
/// `JournalUnusable`, the store's.
pub fn journal_text(host: &Host, format: JournalFormat) -> Result<String, WireError> {
    let records = host.journal()?.records()?;
    match format {
        JournalFormat::Jsonl => json_lines(&records),
        JournalFormat::Csv => csv_lines(host, &records),
    }
}

/// The event goes out as the text that was hashed.
fn json_lines(records: &[JournalRecord]) -> Result<String, WireError> {
    let mut text = String::new();
    for record in records {
        let failed = |error: serde_json::Error| WireError::internal("journal_export", &error);
        let event: serde_json::Value = serde_json::from_str(record.text()).map_err(failed)?;
        let line = serde_json::json!({
            "sequence": record.sequence, "at": record.at, "entry": record.entry, "event": event,
            "previous": record.previous, "hash": record.hash,
        });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    Ok(text)
}

const COLUMNS: [&str; 11] = [
    "entry",
    "openedAt",
    "closedAt",
    "state",
    "operation",
    "title",
    "contexts",
    "reason",
    "callerArn",
    "localUser",
    "requestIds",
];

fn csv_lines(host: &Host, records: &[JournalRecord]) -> Result<String, WireError> {
    csv_text(
        COLUMNS,
        entries(records).into_iter().map(|entry| {
            let closed_at = entry.closed_at.clone().unwrap_or_default();
            let request_ids = entry.request_ids().collect::<Vec<_>>().join(" ");
            let line = line(host, entry);
            let state = serde_json::to_value(line.state).ok().and_then(|state| state.as_str().map(str::to_owned));
            [
                line.id,
                line.opened_at,
                closed_at,
                state.unwrap_or_default(),
                line.operation,
                line.title,
                line.contexts.join(" "),
                line.reason,
                line.actor.caller_arn,
                line.actor.local_user,
                request_ids,
            ]
        }),
    )
}
