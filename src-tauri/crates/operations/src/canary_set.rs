//! `canary_set`: plans another share of the requests for a canary.

use portcullis_domain::change::{AwsCall, PatchOperation, Plan, PlanWords};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_start::{WATCHED, parse_percent, rest_stage},
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
};

/// Which share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanarySetRequest {
    /// The stage.
    pub stage: StageName,
    /// Percent, 0 to 100, as typed.
    pub percent: String,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` for a percentage that is none, and for a stage without a canary: AWS would make a useless one of the
/// stage's own deployment.
pub async fn canary_set(host: &Host, request: CanarySetRequest) -> Result<Plan, WireError> {
    let percent = parse_percent(&request.percent)?;
    let target = rest_stage(host, &request.stage)?;
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let live = fields.get("canarySettings/percentTraffic").and_then(serde_json::Value::as_f64);
    let Some(live) = live else {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("{} has no canary.", target.label()))
            .with_hint("Start one first."));
    };
    let mut calls = Vec::new();
    if (live - percent).abs() > f64::EPSILON {
        calls.push(AwsCall::UpdateStage {
            api_id: request.stage.api_id.clone(),
            stage_name: request.stage.stage.clone(),
            patch_operations: vec![PatchOperation::replace("/canarySettings/percentTraffic", format!("{percent:?}"))],
        });
    }
    let words = PlanWords {
        operation: "canary_set".to_owned(),
        title: format!("Send {percent} % instead of {live} % of the requests to the canary of {}", target.label()),
        watched: WATCHED.map(str::to_owned).to_vec(),
        ..PlanWords::default()
    };
    let asked = vec!["canarySettings/percentTraffic".to_owned()];
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}
