//! A change that did not go as planned, in words: what the account is like, who else was there, what to do.

use jiff::Timestamp;
use portcullis_domain::{
    change::{Plan, PlanTarget, field_label},
    journal::{JournalEntry, Outcome, entries},
};
use serde_json::Value;

use super::{ChangeError, Difference};
use crate::{
    error::{ErrorCode, WireError, capitalised},
    host::Host,
    recent_events::writers,
};

/// Engine -> wire.
pub(crate) async fn told(host: &Host, plan: &Plan, error: ChangeError) -> WireError {
    let words = format!("{}.", capitalised(&error.to_string()));
    match error {
        ChangeError::NothingToDo => WireError::new(ErrorCode::InvalidInput, words),
        ChangeError::JournalUnavailable { .. } => WireError::new(ErrorCode::JournalUnusable, words).with_hint(
            "Nothing is changed without a journal. Make room on the disk, or close the program that holds it.",
        ),
        ChangeError::Unfinished { entry } | ChangeError::Exists { entry } => WireError {
            entry: Some(entry.clone()),
            ..WireError::new(ErrorCode::Conflict, words).with_hint(match host.under_way(&entry) {
                Some(_) => format!("Change {entry} is under way: wait until it is done, then make the plan again."),
                None => format!("Entry {entry} in the journal was interrupted: finish it or take it back first."),
            })
        },
        ChangeError::Conflict { entry, differences } => {
            let mut details = moves(plan, &differences);
            details.extend(who(host, plan, &differences).await);
            WireError {
                details,
                entry: Some(entry),
                ..WireError::new(ErrorCode::Conflict, words).with_hint("Make the plan again from what is live now.")
            }
        }
        ChangeError::Guarded { entry, target, differences, .. } => {
            let mut details: Vec<String> =
                differences.iter().map(|difference| line(&target.label(), difference)).collect();
            details.push(last_writer(host, &target).await);
            WireError {
                details,
                entry: Some(entry),
                ..WireError::new(ErrorCode::Conflict, words).with_hint("Look at it, then make the plan again.")
            }
        }
        ChangeError::Unreadable { entry, source } => WireError {
            details: vec![source.message.clone()],
            request_id: source.request_id,
            entry: Some(entry),
            ..WireError::new(ErrorCode::ChangeFailed, words)
        },
        ChangeError::Failed { entry, source, .. } => WireError {
            request_id: source.and_then(|source| source.request_id),
            entry: Some(entry),
            ..WireError::new(ErrorCode::ChangeFailed, words)
        },
        ChangeError::Mismatch { entry, differences } => WireError {
            details: lines(plan, &differences),
            entry: Some(entry),
            ..WireError::new(ErrorCode::ChangeFailed, words)
                .with_hint("Look at the live state, then undo the entry or make a new plan.")
        },
    }
}

/// `stage prod of API shop (a1b2): POST /login: rate limit (requests per second) went from 5 to 3`.
fn moves(plan: &Plan, differences: &[Difference]) -> Vec<String> {
    let each = |difference: &Difference| {
        let target = plan.targets.get(difference.target).map(PlanTarget::label).unwrap_or_default();
        let (from, to) = (told_value(difference.expected.as_ref()), told_value(difference.live.as_ref()));
        format!("{target}: {} went from {from} to {to}", field_label(&difference.field))
    };
    differences.iter().map(each).collect()
}

/// `stage prod of API shop (a1b2): methodSettings/POST /login/rateLimit is 3, expected 5`.
fn lines(plan: &Plan, differences: &[Difference]) -> Vec<String> {
    differences
        .iter()
        .map(|difference| {
            let target = plan.targets.get(difference.target).map(PlanTarget::label).unwrap_or_default();
            line(&target, difference)
        })
        .collect()
}

pub(super) fn line(target: &str, difference: &Difference) -> String {
    let (live, expected) = (told_value(difference.live.as_ref()), told_value(difference.expected.as_ref()));
    format!("{target}: {} is {live}, expected {expected}", difference.field)
}

/// As a person writes it: `5` and not `5.0`, no quotes around words.
pub(crate) fn told_value(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "not set".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.as_f64().map_or_else(|| other.to_string(), |number| number.to_string()),
    }
}

/// Who was there since the plan was made: this console's other programs from the journal, everybody from CloudTrail, as far
/// as it has arrived.
async fn who(host: &Host, plan: &Plan, differences: &[Difference]) -> Vec<String> {
    let mut targets: Vec<usize> = differences.iter().map(|difference| difference.target).collect();
    targets.dedup();
    let mut said = Vec::new();
    for target in targets.into_iter().filter_map(|target| plan.targets.get(target)) {
        said.extend(here(host, plan, target));
        match writers(host, target, plan.made_at.parse().ok()).await {
            Ok(writers) if writers.is_empty() => said.push(format!(
                "CloudTrail has no event about {} since the plan was made (events arrive within about 15 minutes).",
                target.label()
            )),
            Ok(writers) => said.extend(writers),
            Err(error) => said.push(format!("Who changed {} is not known: {}", target.label(), error.message)),
        }
    }
    said
}

/// What other windows and command lines of this machine did to the target since the plan was made; CloudTrail comes later.
fn here(host: &Host, plan: &Plan, target: &PlanTarget) -> Option<String> {
    let records = host.journal().and_then(|journal| Ok(journal.records()?));
    let records = records.map_err(|error| tracing::warn!(%error, "the journal does not say who changed the target"));
    let made: Timestamp = plan.made_at.parse().ok()?;
    let (key, all) = (target.key(), entries(&records.ok()?));
    let since = |entry: &&JournalEntry| {
        let of = entry.plan.as_deref().is_some_and(|other| other.targets.iter().any(|target| target.key() == key));
        let left = matches!(entry.outcome, None | Some(Outcome::Applied | Outcome::Partial | Outcome::Mismatch));
        of && left && entry.id != plan.id && entry.opened_at.parse::<Timestamp>().is_ok_and(|at| at >= made)
    };
    let entry = all.iter().rev().find(since)?;
    let title = entry.plan.as_deref().map(|plan| plan.title.as_str()).unwrap_or_default();
    Some(format!(
        "{} did with this console at {}, journal entry {}: {title}.",
        entry.actor.local_user, entry.opened_at, entry.id
    ))
}

async fn last_writer(host: &Host, target: &PlanTarget) -> String {
    match crate::recent_events::last_writer(host, target).await {
        Ok(Some(writer)) => writer,
        Ok(None) => format!(
            "CloudTrail has no event about {} since yet (events arrive within about 15 minutes).",
            target.label()
        ),
        Err(error) => format!("Who changed {} is not known: {}", target.label(), error.message),
    }
}
