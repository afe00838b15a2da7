//! `stage_deployment_set`: plans to move a stage to another deployment of its API: what HTTP and WebSocket APIs have in
//! place of a canary, and the way back from a deployment of a REST API.

use portcullis_domain::change::{AwsCall, PatchOperation, Plan, PlanTarget, PlanWords, Warning, WarningKind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use crate::{
    canary_difference::{CanaryDifferenceRequest, canary_difference, difference_warnings},
    change::{Draft, observe_all, plan},
    deployment_list::{DeploymentLine, DeploymentListRequest, deployment_list, fixed},
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
    throttle_set::stage_target,
};

/// Where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StageDeploymentSetRequest {
    /// The stage.
    pub stage: StageName,
    /// A deployment of its API.
    pub deployment_id: String,
}

/// Plans it.
///
/// # Errors
/// `NotFound` for a deployment that the API does not have, `InvalidInput` with the reason for a stage that cannot be
/// moved: one that deploys by itself, or has a canary.
pub async fn stage_deployment_set(host: &Host, request: StageDeploymentSetRequest) -> Result<Plan, WireError> {
    let StageName { context, api_id, stage } = &request.stage;
    let target = stage_target(host, context, api_id, stage)?;
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let auto_deploy = fields.get("autoDeploy") == Some(&json!(true));
    if let Some(reason) = fixed(auto_deploy, fields.contains_key("canarySettings/deploymentId")) {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("{} cannot be moved: {reason}", target.label())));
    }
    let list = deployment_list(host, DeploymentListRequest { stage: request.stage.clone() }).await?;
    let Some(wanted) = list.items.into_iter().find(|line| line.id == request.deployment_id) else {
        return Err(WireError::new(
            ErrorCode::NotFound,
            format!("API {api_id} has no deployment {} (any more).", request.deployment_id),
        )
        .with_hint("List its deployments."));
    };
    let now = fields.get("deploymentId").and_then(Value::as_str).unwrap_or("none").to_owned();
    let mut calls = Vec::new();
    let mut warnings = vec![note(about(&wanted))];
    if now != wanted.id {
        calls.extend(call(&target, &wanted.id));
        warnings.extend(changes(host, &request, &target).await);
    }
    let words = PlanWords {
        operation: "stage_deployment_set".to_owned(),
        title: format!("Move {} from deployment {now} to {}", target.label(), wanted.id),
        warnings,
        watched: ["deploymentId", "canarySettings/", "autoDeploy"].map(str::to_owned).to_vec(),
        ..PlanWords::default()
    };
    plan(host, words, vec![Draft { target, fields, calls, asked: vec!["deploymentId".to_owned()] }]).await
}

fn note(message: String) -> Warning {
    Warning { kind: WarningKind::Note, message }
}

fn about(line: &DeploymentLine) -> String {
    let made =
        line.created.as_deref().map_or_else(|| "at an unknown time".to_owned(), |created| format!("on {created}"));
    let said = line.description.as_deref().map_or_else(String::new, |text| format!(": {text}"));
    format!("Deployment {} was made {made}{said}", line.id)
}

fn call(target: &PlanTarget, deployment: &str) -> Option<AwsCall> {
    match target {
        PlanTarget::HttpStage { api_id, stage, .. } => Some(AwsCall::UpdateHttpStage {
            api_id: api_id.clone(),
            stage_name: stage.clone(),
            default_limit: None,
            route_limits: Vec::new(),
            deployment_id: Some(deployment.to_owned()),
        }),
        PlanTarget::RestStage { api_id, stage, .. } => Some(AwsCall::UpdateStage {
            api_id: api_id.clone(),
            stage_name: stage.clone(),
            patch_operations: vec![PatchOperation::replace("/deploymentId", deployment)],
        }),
        PlanTarget::UsagePlan { .. }
        | PlanTarget::PlanKey { .. }
        | PlanTarget::ApiKey { .. }
        | PlanTarget::NewApiKey { .. }
        | PlanTarget::WebAcl { .. }
        | PlanTarget::NewPlanKey { .. }
        | PlanTarget::Alarm { .. } => None,
    }
}

/// What the move changes, where AWS tells what a deployment serves.
async fn changes(host: &Host, request: &StageDeploymentSetRequest, target: &PlanTarget) -> Vec<Warning> {
    if matches!(target, PlanTarget::HttpStage { .. }) {
        return vec![note("What a deployment of an HTTP or WebSocket API serves AWS does not tell: routes, authorizers and integrations may differ without being seen here.".to_owned())];
    }
    let asked =
        CanaryDifferenceRequest { stage: request.stage.clone(), deployment_id: Some(request.deployment_id.clone()) };
    match canary_difference(host, asked).await {
        Ok(difference) => difference_warnings(&difference),
        Err(error) => vec![note(format!("What it changes is not known: {}", error.message))],
    }
}
