//! `change_resume`: a change that was interrupted, against what AWS really has, and the two ways on.

use portcullis_aws::Lane;
use portcullis_domain::journal::JournalEntry;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    change::{Interrupted, JournalLedger, LiveGateway, Seams, finish, inspect, take_back, told},
    change_undo::journal_entry,
    error::{ErrorCode, WireError},
    host::Host,
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
/// in a state that the change did not make, `ChangeFailed`.
pub async fn change_resume(host: &Host, request: ChangeResumeRequest) -> Result<ResumedChange, WireError> {
    let entry = journal_entry(host, &request.entry)?;
    let plan = entry.plan.clone().filter(|_| entry.is_unfinished()).ok_or_else(|| {
        WireError::new(ErrorCode::InvalidInput, format!("Entry {} is closed: there is nothing to resume.", entry.id))
    })?;
    let under_way = || WireError::new(ErrorCode::Conflict, format!("Change {} is under way.", entry.id));
    if host.running().contains_key(&entry.id) {
        return Err(under_way());
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
            let begun = host.begin_change(&entry.id, &plan, cancel.clone()).ok_or_else(under_way)?;
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
