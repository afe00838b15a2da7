//! `change_undo`: plans the way back from a change, against what is live today.

use portcullis_domain::{
    change::{AwsCall, Plan, PlanGuard, PlanTarget, PlanWords, Warning, WarningKind, calls_between, field_label},
    journal::{JournalEntry, Outcome, entries},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{Draft, differences, observe_all, plan, told_value, watched},
    change_resume::under_way,
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeUndoRequest {
    /// The journal's entry.
    pub entry: String,
}

/// Plans the undo. It shows what has changed since, and is applied like any other plan.
///
/// # Errors
/// `NotFound` for an entry that is not there, `InvalidInput` for one that cannot be undone and why, AWS's.
pub async fn change_undo(host: &Host, request: ChangeUndoRequest) -> Result<Plan, WireError> {
    let entry = journal_entry(host, &request.entry)?;
    if entry.is_unfinished() && host.under_way(&entry.id).is_some() {
        return Err(under_way(host, &entry.id));
    }
    let of = undoable(&entry)?;
    let live = observe_all(host, &of.targets).await?;
    let (mut drafts, mut warnings) = (Vec::new(), Vec::new());
    // The last first: a key cannot be in two plans of one stage, not even on its way back.
    for (index, (target, fields)) in of.targets.iter().zip(live).enumerate().rev() {
        let now = watched(&fields, &of.watched);
        let before = &of.fields_before[index];
        if let Some(left) = of.fields_expected(index) {
            for difference in differences(index, left, &now) {
                warnings.push(Warning {
                    kind: WarningKind::Note,
                    message: format!(
                        "Since that change somebody set {} of {} from {} to {}: undoing takes that back too.",
                        field_label(&difference.field),
                        target.label(),
                        told_value(difference.expected.as_ref()),
                        told_value(difference.live.as_ref())
                    ),
                });
            }
        }
        let calls = way_back(target, &now, before)?;
        let asked = before.keys().chain(now.keys()).cloned().collect();
        drafts.push(Draft { target: target.clone(), fields, calls, asked });
    }
    if let [by, ..] = entry.undone_by.as_slice() {
        warnings.push(Warning { kind: WarningKind::Note, message: format!("This was undone before, as entry {by}.") });
    }
    let words = PlanWords {
        operation: "change_undo".to_owned(),
        title: format!("Undo: {}", of.title),
        warnings,
        watched: of.watched.clone(),
        undoes: Some(entry.id.clone()),
        guards: of.guards.iter().map(PlanGuard::turned).collect(),
        ..PlanWords::default()
    };
    plan(host, words, drafts).await
}

fn way_back(
    target: &PlanTarget,
    now: &portcullis_domain::change::Fields,
    before: &portcullis_domain::change::Fields,
) -> Result<Vec<AwsCall>, WireError> {
    calls_between(target, now, before).ok_or_else(|| {
        let differing: Vec<String> = differences(0, before, now).into_iter().map(|one| one.field).collect();
        WireError {
            details: differing,
            ..WireError::new(
                ErrorCode::InvalidInput,
                format!("AWS has no call that leads {} back exactly to what it was.", target.label()),
            )
            .with_hint("Set the fields below by hand, each as a change of its own.")
        }
    })
}

/// The plan of an entry, when there is something to take back.
fn undoable(entry: &JournalEntry) -> Result<&Plan, WireError> {
    let refuse = |message: String, hint: &str| Err(WireError::new(ErrorCode::InvalidInput, message).with_hint(hint));
    let Some(plan) = entry.plan.as_deref() else {
        return refuse(format!("Entry {} is a note and changed nothing.", entry.id), "There is nothing to undo.");
    };
    match entry.outcome {
        Some(Outcome::Applied | Outcome::Partial | Outcome::Mismatch) => Ok(plan),
        Some(Outcome::RolledBack | Outcome::Conflict | Outcome::Refused) => {
            refuse(format!("Entry {} left nothing behind.", entry.id), "There is nothing to undo.")
        }
        None => {
            refuse(format!("Entry {} was interrupted and is not closed.", entry.id), "Finish it or take it back first.")
        }
    }
}

/// One entry of the journal.
pub(crate) fn journal_entry(host: &Host, id: &str) -> Result<JournalEntry, WireError> {
    // All records: which later entry undid this one is in the later ones.
    let records = host.journal()?.records()?;
    entries(&records).into_iter().find(|entry| entry.id == id).ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no entry {id} in the journal."))
            .with_hint("List the entries of the journal.")
    })
}
