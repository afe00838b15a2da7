//! `canary_promote`: plans to make the candidate the stage's deployment, as AWS does it.

use portcullis_domain::{
    canary::CanaryVerdict,
    change::{AwsCall, PatchOp, PatchOperation, Plan, PlanWords, Warning, WarningKind},
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
}

/// Plans the promotion: the canary's share to 0, its deployment to the stage, its overrides merged into the stage's
/// variables; then, if asked, the canary removed. What the verdict is now stands among the warnings.
///
/// # Errors
/// `InvalidInput` when there is no canary: AWS answers 200 to that, and makes a useless one (recorded).
pub async fn canary_promote(host: &Host, request: CanaryPromoteRequest) -> Result<Plan, WireError> {
    let target = rest_stage(host, &request.stage)?;
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str);
    let Some(candidate) = text("canarySettings/deploymentId").map(str::to_owned) else {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("{} has no canary to promote.", target.label()))
            .with_hint("Start one first."));
    };
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
    let mut calls = vec![update(promotion)];
    if request.remove_canary {
        calls.push(update(vec![PatchOperation::remove("/canarySettings")]));
    }
    let mut warnings = verdict_warnings(host, &request.stage).await;
    if text("deploymentId") == Some(candidate.as_str()) {
        warnings.push(Warning {
            kind: WarningKind::Note,
            message: "The stage serves the candidate's deployment already.".to_owned(),
        });
    }
    let words = PlanWords {
        operation: "canary_promote".to_owned(),
        title: format!("Promote deployment {candidate} on {}", target.label()),
        warnings,
        watched: WATCHED.map(str::to_owned).to_vec(),
        ..PlanWords::default()
    };
    let asked = fields.keys().filter(|name| WATCHED.iter().any(|prefix| name.starts_with(prefix))).cloned().collect();
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

/// A breached candidate can be promoted by a person who says so, and by nobody who has not read it.
async fn verdict_warnings(host: &Host, stage: &StageName) -> Vec<Warning> {
    let request = CanaryWatchRequest { stage: stage.clone(), ..CanaryWatchRequest::of(stage.clone()) };
    let (kind, reasons) = match canary_watch(host, request).await {
        Ok(watch) => match watch.judgement.verdict {
            CanaryVerdict::Healthy => return Vec::new(),
            CanaryVerdict::Breached => (WarningKind::Loosens, watch.judgement.reasons),
            CanaryVerdict::Inconclusive => (WarningKind::Note, watch.judgement.reasons),
        },
        Err(error) => (WarningKind::Note, vec![format!("The verdict is not known: {}", error.message)]),
    };
    reasons
        .into_iter()
        .map(|reason| {
            let word = if kind == WarningKind::Loosens { "The candidate is breached" } else { "There is no verdict" };
            Warning { kind, message: format!("{word}: {reason}") }
        })
        .collect()
}
