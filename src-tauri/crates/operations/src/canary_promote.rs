//! `canary_promote`: plans to make the candidate the stage's deployment, as AWS does it.

use portcullis_domain::{
    canary::{CanaryVerdict, Judgement},
    change::{
        AwsCall, Fields, PatchOp, PatchOperation, Plan, PlanTarget, PlanWords, Warning, WarningKind, fields_after,
    },
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_start::{WATCHED, rest_stage},
    canary_watch::{CanaryWatchRequest, canary_watch},
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
};

/// Which canary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryPromoteRequest {
    /// The stage.
    pub stage: StageName,
    /// Removes the canary afterwards; without it AWS leaves it attached at 0 %.
    #[serde(default)]
    pub remove_canary: bool,
    /// Why a candidate that is breached is promoted all the same; kept with the plan in the journal.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub override_reason: Option<String>,
}

/// What the plan of an override begins its warning with.
const ALL_THE_SAME: &str = "Promoted although the candidate is breached, because: ";

/// Plans the promotion: the canary's share to 0, its deployment to the stage, its overrides merged into the stage's
/// variables; then, if asked, the canary removed. On a stage that was promoted before only the canary is left to remove.
///
/// # Errors
/// `InvalidInput` when there is no canary: AWS answers 200 to that, and makes a useless one (recorded). `CanaryBreached`,
/// with the reasons, for a candidate that does harm, unless a reason to promote it is given.
pub async fn canary_promote(host: &Host, request: CanaryPromoteRequest) -> Result<Plan, WireError> {
    let target = rest_stage(host, &request.stage)?;
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str);
    let Some(candidate) = text("canarySettings/deploymentId").map(str::to_owned) else {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("{} has no canary to promote.", target.label()))
            .with_hint("Start one first."));
    };
    let calls = calls(&request, &fields);
    let promotes = text("deploymentId") != Some(candidate.as_str());
    let warnings = if promotes {
        verdict_warnings(host, &request.stage, request.override_reason.as_deref(), &target).await?
    } else {
        Vec::new()
    };
    let title = if promotes {
        format!("Promote deployment {candidate} on {}", target.label())
    } else {
        format!("End the release on {}, which serves deployment {candidate} already", target.label())
    };
    let words = PlanWords {
        operation: "canary_promote".to_owned(),
        title,
        warnings,
        watched: WATCHED.map(str::to_owned).to_vec(),
        ..PlanWords::default()
    };
    let asked = fields.keys().filter(|name| WATCHED.iter().any(|prefix| name.starts_with(prefix))).cloned().collect();
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

fn calls(request: &CanaryPromoteRequest, fields: &Fields) -> Vec<AwsCall> {
    let copy = |path: &str, from: &str| PatchOperation {
        op: PatchOp::Copy,
        path: path.to_owned(),
        value: None,
        from: Some(from.to_owned()),
    };
    let mut promotion = vec![
        PatchOperation::replace("/canarySettings/percentTraffic", "0.0"),
        copy("/deploymentId", "/canarySettings/deploymentId"),
    ];
    if fields.keys().any(|name| name.starts_with("canarySettings/stageVariableOverrides/")) {
        promotion.push(copy("/variables", "/canarySettings/stageVariableOverrides"));
    }
    let update = |patch_operations| AwsCall::UpdateStage {
        api_id: request.stage.api_id.clone(),
        stage_name: request.stage.stage.clone(),
        patch_operations,
    };
    let promotion = update(promotion);
    // Promoted before, and only the canary is left: sending it again would change nothing.
    let mut calls =
        if fields_after(&promotion, fields).as_ref() == Some(fields) { Vec::new() } else { vec![promotion] };
    if request.remove_canary {
        calls.push(update(vec![PatchOperation::remove("/canarySettings")]));
    }
    calls
}

/// What the candidate is called now; `Err` when that cannot be known.
async fn judgement(host: &Host, stage: &StageName) -> Result<Judgement, WireError> {
    canary_watch(host, CanaryWatchRequest::of(stage.clone())).await.map(|watch| watch.judgement)
}

fn breached(target: &PlanTarget, reasons: Vec<String>) -> WireError {
    WireError {
        details: reasons,
        ..WireError::new(
            ErrorCode::CanaryBreached,
            format!("The candidate of {} does harm: it is not promoted.", target.label()),
        )
        .with_hint(
            "Roll it back. To promote it all the same, give the reason (--override-verdict on the command line).",
        )
    }
}

/// A breached candidate is promoted by a person who says why, and by nobody else.
async fn verdict_warnings(
    host: &Host,
    stage: &StageName,
    override_reason: Option<&str>,
    target: &PlanTarget,
) -> Result<Vec<Warning>, WireError> {
    let note = |message: String| Warning { kind: WarningKind::Note, message };
    let judgement = match judgement(host, stage).await {
        Ok(judgement) => judgement,
        Err(error) => return Ok(vec![note(format!("The verdict is not known: {}", error.message))]),
    };
    let why = override_reason.map(str::trim).filter(|reason| !reason.is_empty());
    match (judgement.verdict, why) {
        (CanaryVerdict::Healthy, _) => Ok(Vec::new()),
        (CanaryVerdict::Inconclusive, _) => {
            Ok(judgement.reasons.into_iter().map(|reason| note(format!("There is no verdict: {reason}"))).collect())
        }
        (CanaryVerdict::Breached, None) => Err(breached(target, judgement.reasons)),
        (CanaryVerdict::Breached, Some(why)) => {
            let serious = |message: String| Warning { kind: WarningKind::Loosens, message };
            let reasons =
                judgement.reasons.into_iter().map(|reason| serious(format!("The candidate is breached: {reason}")));
            Ok(std::iter::once(serious(format!("{ALL_THE_SAME}{why}"))).chain(reasons).collect())
        }
    }
}

/// Whether a promotion may still be applied: a candidate that was healthy when the plan was made may do harm by now.
///
/// # Errors
/// `CanaryBreached`.
pub(crate) async fn still_promotable(host: &Host, plan: &Plan) -> Result<(), WireError> {
    let overridden = plan.warnings.iter().any(|warning| warning.message.starts_with(ALL_THE_SAME));
    let [target @ PlanTarget::RestStage { context, api_id, stage, .. }] = plan.targets.as_slice() else {
        return Ok(());
    };
    let promotes = plan.changes.iter().any(|change| change.field == "deploymentId");
    if plan.operation != "canary_promote" || overridden || !promotes {
        return Ok(());
    }
    let name = StageName { context: context.clone(), api_id: api_id.clone(), stage: stage.clone() };
    match judgement(host, &name).await {
        Ok(judgement) if judgement.verdict == CanaryVerdict::Breached => Err(breached(target, judgement.reasons)),
        // Not knowing was said when the plan was made.
        _ => Ok(()),
    }
}
