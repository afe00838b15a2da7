//! `change_resume`: a change that was interrupted, against what AWS really has, and the two ways on.

use portcullis_aws::Lane;
use portcullis_domain::{change::Plan, journal::JournalEntry};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    change::{Interrupted, JournalLedger, LiveGateway, Seams, finish, inspect, take_back, told},
    change_undo::journal_entry,
    error::{ErrorCode, WireError},
    host::{Host, Where},
    plan_apply::{PlanApplyRequest, confirmed},
};

/// What to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ResumeWay {
    /// Only look.
    Look,
    /// Send the steps that are not live.
    Finish,
    /// Lead everything back to where the change began.
    TakeBack,
}

/// Which change, and which way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeResumeRequest {
    /// The journal's entry.
    pub entry: String,
    /// What to do with it.
    pub way: ResumeWay,
    /// As in [`PlanApplyRequest::typed`].
    #[serde(default)]
    pub typed: Vec<String>,
}

/// An interrupted change and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResumedChange {
    /// The entry, after what was done.
    pub entry: JournalEntry,
    /// What was live when it was looked at, before anything was done.
    pub interrupted: Interrupted,
}

/// Looks at an interrupted change, finishes it, or takes it back.
///
/// # Errors
/// `NotFound`, `InvalidInput` for an entry that is closed, `ReadOnly`, `ConfirmationNeeded`, `Conflict` when a target is
/// in a state that the change did not make or when a program that lives is still making the change, `ChangeFailed`.
pub async fn change_resume(host: &Host, request: ChangeResumeRequest) -> Result<ResumedChange, WireError> {
    let entry = journal_entry(host, &request.entry)?;
    let plan = open_plan(&entry)?;
    if host.under_way(&entry.id).is_some() {
        return Err(under_way(host, &entry.id));
    }
    let ledger = JournalLedger { journal: host.journal()?, host: host.clone(), urgent: false };
    let gateway = LiveGateway::new(host, Lane::Change, &entry.id);
    let seams = Seams { gateway: &gateway, ledger: &ledger, clock: &*host.inner.options.clock };
    let interrupted = inspect(&plan, &entry.id, &seams).await;
    let outcome = match request.way {
        ResumeWay::Look => Ok(()),
        way => {
            let said = PlanApplyRequest {
                typed: request.typed,
                // Warnings were acknowledged when the change was begun.
                acknowledged: true,
                accepted: plan.warnings.iter().map(|warning| warning.kind).collect(),
                ..PlanApplyRequest::default()
            };
            confirmed(host, &plan, &said)?;
            // Two clicks on "Finish it" are one finishing.
            let cancel = CancellationToken::new();
            let begun = host.begin_change(&entry.id, &plan, cancel.clone())?;
            let begun = begun.ok_or_else(|| under_way(host, &entry.id))?;
            // Another program may have led it on since it was read.
            open_plan(&journal_entry(host, &entry.id)?)?;
            let done = match way {
                ResumeWay::TakeBack => take_back(&plan, &entry.id, &seams).await,
                ResumeWay::Finish | ResumeWay::Look => {
                    finish(&plan, &entry.id, &seams, &cancel, &|done| begun.done(done)).await
                }
            };
            drop(begun);
            host.after_change(&gateway.seen());
            done
        }
    };
    match outcome {
        Ok(()) => Ok(ResumedChange { entry: journal_entry(host, &entry.id)?, interrupted }),
        Err(error) => Err(told(host, &plan, error).await),
    }
}

/// The plan of an entry that is open.
fn open_plan(entry: &JournalEntry) -> Result<Box<Plan>, WireError> {
    entry.plan.clone().filter(|_| entry.is_unfinished()).ok_or_else(|| {
        WireError::new(ErrorCode::InvalidInput, format!("Entry {} is closed: there is nothing to resume.", entry.id))
    })
}

/// What a person hears who wants to go on with a change that somebody is making.
pub(crate) fn under_way(host: &Host, entry: &str) -> WireError {
    let (place, hint) = match host.under_way(entry) {
        Some(Where::Elsewhere) => (
            " in another window or command line of this machine",
            "Wait until it is done, or end that program; then look at the entry again.",
        ),
        Some(Where::Here) | None => ("", "Wait until it is done, or stop it; then look at the entry again."),
    };
    let message = format!("Change {entry} is under way{place}: it is not interrupted.");
    WireError { entry: Some(entry.to_owned()), ..WireError::new(ErrorCode::Conflict, message).with_hint(hint) }
}
