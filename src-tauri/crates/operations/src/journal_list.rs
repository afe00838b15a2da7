//! `journal_list`: the changes that were made with this console, latest first.

use portcullis_domain::journal::{Actor, JournalEntry, Outcome, entries};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalListRequest {
    /// Only lines in which every word of this occurs: id, title, context, reason, who, outcome.
    #[serde(default)]
    pub text: String,
    /// Only this outcome; `unfinished` is one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub outcome: Option<JournalState>,
    /// Lines to skip.
    #[serde(default)]
    pub offset: u32,
    /// Lines of a page, 1 to 500.
    pub limit: u32,
}

/// How a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum JournalState {
    /// Done and read back.
    Applied,
    /// Done, and undone by a later change.
    Undone,
    /// Failed in the middle, and taken back.
    RolledBack,
    /// Some steps are done and stay.
    Partial,
    /// Nothing was sent: somebody else had changed the target.
    Conflict,
    /// Nothing changed: refused.
    Refused,
    /// Accepted, and live is not what was planned.
    Mismatch,
    /// Under way, in this program or in another that lives.
    Running,
    /// Interrupted: finish it or take it back.
    Unfinished,
    /// Not a change: a note.
    Note,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalLine {
    /// The entry's id.
    pub id: String,
    /// RFC 3339.
    pub opened_at: String,
    /// Who.
    pub actor: Actor,
    /// The operation: `throttle_set`; empty for a note.
    pub operation: String,
    /// What, one sentence.
    pub title: String,
    /// Labels of the contexts that it changed.
    pub contexts: Vec<String>,
    /// Why.
    pub reason: String,
    /// How it stands.
    pub state: JournalState,
    /// What was said at the end.
    #[ts(optional = nullable)]
    pub message: Option<String>,
    /// The entry that this one undoes.
    #[ts(optional = nullable)]
    pub follows: Option<String>,
}

/// A page of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalList {
    /// Entries in the journal.
    pub total: u32,
    /// Entries that match.
    pub matching: u32,
    /// Changes that were interrupted, whatever the filter.
    pub unfinished: u32,
    /// The page.
    pub lines: Vec<JournalLine>,
}

/// Lists a page.
///
/// # Errors
/// `InvalidInput` for a page of no lines or of too many, `JournalUnusable`, the store's.
pub async fn journal_list(host: &Host, request: JournalListRequest) -> Result<JournalList, WireError> {
    if request.limit == 0 || request.limit > 500 {
        return Err(WireError::new(ErrorCode::InvalidInput, "A page has 1 to 500 lines."));
    }
    let records = host.journal()?.records()?;
    let mut lines: Vec<JournalLine> = entries(&records).into_iter().rev().map(|entry| line(host, entry)).collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let total = count(lines.len());
    let unfinished = count(lines.iter().filter(|line| line.state == JournalState::Unfinished).count());
    let words: Vec<String> = request.text.split_whitespace().map(str::to_lowercase).collect();
    lines.retain(|line| request.outcome.is_none_or(|state| state == line.state) && matches(line, &words));
    let matching = count(lines.len());
    let lines = lines.into_iter().skip(request.offset as usize).take(request.limit as usize).collect();
    Ok(JournalList { total, matching, unfinished, lines })
}

fn matches(line: &JournalLine, words: &[String]) -> bool {
    let text = format!(
        "{} {} {} {} {} {} {} {}",
        line.id,
        line.operation,
        line.title,
        line.contexts.join(" "),
        line.reason,
        line.actor.caller_arn,
        line.actor.local_user,
        line.message.as_deref().unwrap_or_default()
    )
    .to_lowercase();
    words.iter().all(|word| text.contains(word))
}

/// How an entry stands.
pub(crate) fn state_of(host: &Host, entry: &JournalEntry) -> JournalState {
    match (entry.outcome, &entry.plan) {
        (_, None) => JournalState::Note,
        (None, _) if host.under_way(&entry.id).is_some() => JournalState::Running,
        (None, _) => JournalState::Unfinished,
        (Some(Outcome::Applied), _) if !entry.undone_by.is_empty() => JournalState::Undone,
        (Some(Outcome::Applied), _) => JournalState::Applied,
        (Some(Outcome::RolledBack), _) => JournalState::RolledBack,
        (Some(Outcome::Partial), _) => JournalState::Partial,
        (Some(Outcome::Conflict), _) => JournalState::Conflict,
        (Some(Outcome::Refused), _) => JournalState::Refused,
        (Some(Outcome::Mismatch), _) => JournalState::Mismatch,
    }
}

/// An entry as a line.
pub(crate) fn line(host: &Host, entry: JournalEntry) -> JournalLine {
    let state = state_of(host, &entry);
    let plan = entry.plan.as_deref();
    let mut contexts: Vec<String> =
        plan.iter().flat_map(|plan| plan.targets.iter().map(|target| target.context().to_owned())).collect();
    contexts.sort();
    contexts.dedup();
    JournalLine {
        operation: plan.map(|plan| plan.operation.clone()).unwrap_or_default(),
        title: plan.map_or_else(|| entry.reason.clone(), |plan| plan.title.clone()),
        reason: plan.map(|_| entry.reason.clone()).unwrap_or_default(),
        id: entry.id,
        opened_at: entry.opened_at,
        actor: entry.actor,
        contexts,
        state,
        message: entry.message,
        follows: entry.follows,
    }
}
