//! `canary_start`: plans a canary of the API's draft, or of a deployment that exists.

use std::collections::BTreeMap;

use portcullis_domain::change::{
    AwsCall, Fields, NewCanary, Plan, PlanTarget, PlanWords, Warning, WarningKind, calls_between,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::{
    canary_difference::{CanaryDifferenceRequest, canary_difference, difference_warnings},
    change::{Draft, observe_all, plan, watched},
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
    throttle_set::stage_target,
};

/// What a release touches of a stage.
pub(crate) const WATCHED: [&str; 3] = ["deploymentId", "variables/", "canarySettings/"];

/// The canary to start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryStartRequest {
    /// The stage.
    pub stage: StageName,
    /// The candidate; a new deployment of the draft without it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub deployment_id: Option<String>,
    /// Share of the requests, percent, 0 to 100, as typed.
    pub percent: String,
    /// Stage variables that differ for the candidate.
    #[serde(default)]
    pub overrides: BTreeMap<String, String>,
    /// Whether the candidate uses the stage's cache.
    #[serde(default)]
    pub use_stage_cache: bool,
    /// Description of the new deployment.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub description: Option<String>,
}

/// Plans it; nothing is sent but reading.
///
/// # Errors
/// `InvalidInput` for a percentage that is none and for APIs that have no canary; as `canary_difference`.
pub async fn canary_start(host: &Host, request: CanaryStartRequest) -> Result<Plan, WireError> {
    let percent = parse_percent(&request.percent)?;
    let target = rest_stage(host, &request.stage)?;
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let difference = canary_difference(
        host,
        CanaryDifferenceRequest { stage: request.stage.clone(), deployment_id: request.deployment_id.clone() },
    )
    .await?;
    let mut warnings = difference_warnings(&difference);
    if let Some(old) = fields.get("canarySettings/deploymentId").and_then(serde_json::Value::as_str) {
        let message = format!("The stage has a canary of deployment {old}: it is replaced.");
        warnings.push(Warning { kind: WarningKind::Note, message });
    }
    let calls = calls(&target, &fields, &request, percent)?;
    let mut asked: Vec<String> =
        ["deploymentId", "percentTraffic", "useStageCache"].map(|member| format!("canarySettings/{member}")).to_vec();
    asked.extend(request.overrides.keys().map(|name| format!("canarySettings/stageVariableOverrides/{name}")));
    let words = PlanWords {
        operation: "canary_start".to_owned(),
        title: format!("Send {percent} % of the requests to {} to a canary", target.label()),
        warnings,
        watched: WATCHED.map(str::to_owned).to_vec(),
        ..PlanWords::default()
    };
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

fn calls(
    target: &PlanTarget,
    fields: &Fields,
    request: &CanaryStartRequest,
    percent: f64,
) -> Result<Vec<AwsCall>, WireError> {
    let Some(deployment) = &request.deployment_id else {
        return Ok(vec![AwsCall::CreateDeployment {
            api_id: request.stage.api_id.clone(),
            stage_name: request.stage.stage.clone(),
            description: request.description.clone().filter(|text| !text.trim().is_empty()),
            canary: NewCanary {
                percent_traffic: percent,
                stage_variable_overrides: request.overrides.clone(),
                use_stage_cache: request.use_stage_cache,
            },
        }]);
    };
    let prefixes = WATCHED.map(str::to_owned);
    let before = watched(fields, &prefixes);
    let mut wanted = before.clone();
    wanted.retain(|name, _| !name.starts_with("canarySettings/"));
    wanted.insert("canarySettings/deploymentId".to_owned(), json!(deployment));
    wanted.insert("canarySettings/percentTraffic".to_owned(), json!(percent));
    wanted.insert("canarySettings/useStageCache".to_owned(), json!(request.use_stage_cache));
    for (name, value) in &request.overrides {
        wanted.insert(format!("canarySettings/stageVariableOverrides/{name}"), json!(value));
    }
    calls_between(target, &before, &wanted).ok_or_else(|| {
        WireError::new(ErrorCode::InvalidInput, format!("No call of AWS makes that canary of {}.", target.label()))
    })
}

/// Reads a percentage as a person types it.
pub(crate) fn parse_percent(text: &str) -> Result<f64, WireError> {
    let number = text.trim().trim_end_matches('%').trim().parse::<f64>().ok();
    number.filter(|percent| (0.0..=100.0).contains(percent)).ok_or_else(|| {
        WireError::new(ErrorCode::InvalidInput, format!("A canary's share is 0 to 100 percent; {text} is not."))
    })
}

/// The stage as a target, when its API can have canaries.
pub(crate) fn rest_stage(host: &Host, stage: &StageName) -> Result<PlanTarget, WireError> {
    let target = stage_target(host, &stage.context, &stage.api_id, &stage.stage)?;
    match target {
        PlanTarget::RestStage { .. } => Ok(target),
        _ => Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("{} is of an HTTP or WebSocket API, and those have no canary.", target.label()),
        )
        .with_hint("Deploy, and move the stage back to the earlier deployment if it goes wrong.")),
    }
}
