//! `plan_apply`: applies a plan that a person has read and confirmed.

use portcullis_aws::Lane;
use portcullis_domain::{
    change::{Plan, WarningKind},
    journal::Outcome,
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    change::{Apply, ChangeError, JournalLedger, LiveGateway, Seams, apply},
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which plan, and the person's word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanApplyRequest {
    /// [`Plan::id`].
    pub plan_id: String,
    /// Why, in the person's words; kept in the journal.
    #[serde(default)]
    pub reason: String,
    /// The names of the protected contexts that the plan changes, as the person typed them.
    #[serde(default)]
    pub typed: Vec<String>,
    /// Whether the warnings that something becomes looser, or refuses everything, were acknowledged.
    #[serde(default)]
    pub acknowledged: bool,
    /// The kinds of warnings that are accepted by themselves ([`WarningKind::is_accepted_apart`]) and were.
    #[serde(default)]
    pub accepted: Vec<WarningKind>,
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppliedChange {
    /// The journal's entry; undoing it is a plan of its own.
    pub entry: String,
    /// The plan's title.
    pub title: String,
    /// How it ended.
    pub outcome: Outcome,
    /// AWS's request ids, one per step where AWS gave one.
    pub request_ids: Vec<Option<String>>,
    /// It had been applied before: the second of two clicks.
    pub already: bool,
}

/// Applies the plan. Returns when everything was read back and the journal's entry is closed.
///
/// # Errors
/// `NotFound` for a plan that was never made here, `ReadOnly`, `ConfirmationNeeded`, `Conflict`, `ChangeFailed`,
/// `JournalUnusable`; each says what the account is like.
pub async fn plan_apply(host: &Host, request: PlanApplyRequest) -> Result<AppliedChange, WireError> {
    let plan = host.plan(&request.plan_id)?;
    confirmed(host, &plan, &request)?;
    crate::canary_promote::still_promotable(host, &plan).await?;
    let cancel = CancellationToken::new();
    let applied = {
        // Applying goes on when the window that asked for it is closed.
        let (host, plan, cancel) = (host.clone(), plan.clone(), cancel.clone());
        let lane = if plan.operation == "canary_rollback" { Lane::Rollback } else { Lane::Change };
        tokio::spawn(async move { run(&host, &plan, request.reason, cancel, lane).await })
    };
    applied.await.map_err(|error| WireError::internal("plan_apply", &error))?
}

/// Whether a person may do this and has said so, in every context that the plan changes.
pub(crate) fn confirmed(host: &Host, plan: &Plan, request: &PlanApplyRequest) -> Result<(), WireError> {
    for target in &plan.targets {
        let access = host.check_access(target.context())?;
        if access.protected && !request.typed.iter().any(|typed| typed == target.context()) {
            return Err(WireError::new(
                ErrorCode::ConfirmationNeeded,
                format!("The context {} is protected: nothing was changed.", target.context()),
            )
            .with_hint(format!("Type its name, {}, to confirm (--confirm on the command line).", target.context())));
        }
    }
    let serious: Vec<&str> = plan
        .warnings
        .iter()
        .filter(|warning| warning.kind.is_serious())
        .map(|warning| warning.message.as_str())
        .collect();
    if !serious.is_empty() && !request.acknowledged {
        return Err(WireError {
            details: serious.iter().map(ToString::to_string).collect(),
            ..WireError::new(
                ErrorCode::ConfirmationNeeded,
                "The plan has warnings that were not acknowledged: nothing was changed.",
            )
            .with_hint("Read them, then acknowledge them.")
        });
    }
    let apart: Vec<&str> = plan
        .warnings
        .iter()
        .filter(|warning| warning.kind.is_accepted_apart() && !request.accepted.contains(&warning.kind))
        .map(|warning| warning.message.as_str())
        .collect();
    if !apart.is_empty() {
        return Err(WireError {
            details: apart.iter().map(ToString::to_string).collect(),
            ..WireError::new(
                ErrorCode::ConfirmationNeeded,
                "Who can reach a route, or somebody else's change, must be accepted by itself: nothing was changed.",
            )
            .with_hint("Read it, then accept it (--accept exposes or --accept overwrites on the command line).")
        });
    }
    Ok(())
}

/// Applies a plan that was confirmed, in this lane.
pub(crate) async fn run(
    host: &Host,
    plan: &Plan,
    reason: String,
    cancel: CancellationToken,
    lane: Lane,
) -> Result<AppliedChange, WireError> {
    let ledger = JournalLedger { journal: host.journal()?, host: host.clone(), urgent: lane == Lane::Rollback };
    let gateway = LiveGateway::new(host, lane, &plan.id);
    let context = plan.targets.first().map(portcullis_domain::change::PlanTarget::context).unwrap_or_default();
    let with = Apply {
        entry: plan.id.clone(),
        actor: host.actor(context),
        reason,
        follows: plan.undoes.clone(),
        cancel: cancel.clone(),
    };
    let Some(begun) = host.begin_change(&plan.id, plan, cancel)? else { return already(host, plan) };
    let progress = |done: usize| begun.done(done);
    let seams = Seams { gateway: &gateway, ledger: &ledger, clock: &*host.inner.options.clock };
    let applied = apply(plan, &with, &seams, &progress).await;
    drop(begun);
    host.after_change(&gateway.seen());
    match applied {
        Ok(applied) => Ok(AppliedChange {
            entry: applied.entry,
            title: plan.title.clone(),
            outcome: Outcome::Applied,
            request_ids: applied.request_ids,
            already: false,
        }),
        Err(ChangeError::Exists { .. }) => already(host, plan),
        Err(error) => Err(crate::change::told(host, plan, error).await),
    }
}

/// What became of the first of two clicks.
fn already(host: &Host, plan: &Plan) -> Result<AppliedChange, WireError> {
    let records = host.journal()?.records_of(&plan.id)?;
    let entry = portcullis_domain::journal::entries(&records).pop();
    let outcome = entry.as_ref().and_then(|entry| entry.outcome);
    match (entry, outcome) {
        (Some(entry), Some(outcome)) => Ok(AppliedChange {
            entry: entry.id.clone(),
            title: plan.title.clone(),
            outcome,
            request_ids: entry.steps.iter().map(|step| step.request_id.clone()).collect(),
            already: true,
        }),
        _ => Err(WireError {
            entry: Some(plan.id.clone()),
            ..WireError::new(ErrorCode::Conflict, format!("This change is under way already, as entry {}.", plan.id))
        }),
    }
}
