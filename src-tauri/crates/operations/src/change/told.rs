//! A change that did not go as planned, in words: what the account is like, who else was there, what to do.

use portcullis_domain::change::{Plan, PlanTarget};
use serde_json::Value;

use super::{ChangeError, Difference};
use crate::{
    error::{ErrorCode, WireError, capitalised},
    host::Host,
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
            ..WireError::new(ErrorCode::Conflict, words).with_hint(format!(
                "Look at entry {entry} in the journal; if it was interrupted, finish it or take it back."
            ))
        },
        ChangeError::Conflict { entry, differences } => {
            let mut details = lines(plan, &differences);
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

/// `stage prod of API shop (a1b2): POST /login rateLimit is 3, planned from 5`.
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
    let (live, expected) = (value(difference.live.as_ref()), value(difference.expected.as_ref()));
    format!("{target}: {} is {live}, expected {expected}", difference.field)
}

fn value(value: Option<&Value>) -> String {
    value.map_or_else(|| "not set".to_owned(), Value::to_string)
}

/// Who was there, from CloudTrail, as far as it has arrived.
async fn who(host: &Host, plan: &Plan, differences: &[Difference]) -> Vec<String> {
    let mut targets: Vec<usize> = differences.iter().map(|difference| difference.target).collect();
    targets.dedup();
    let mut said = Vec::new();
    for target in targets.into_iter().filter_map(|target| plan.targets.get(target)) {
        said.push(last_writer(host, target).await);
    }
    said
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
