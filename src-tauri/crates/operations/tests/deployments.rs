//! Deployments of every product, and moving a stage to an earlier one: what HTTP and WebSocket APIs have in place of a
//! canary.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use bytes::Bytes;
use common::{Bench, select};
use http::Request;
use portcullis_domain::{
    change::{Plan, WarningKind},
    context::{AccessMode, ContextAccess, ContextSpec},
};
use portcullis_operations::{
    api_list::{ApiListRequest, api_list},
    canary_list::{CanaryListRequest, canary_list},
    change_undo::{ChangeUndoRequest, change_undo},
    context_access_set::{ContextAccessSetRequest, context_access_set},
    deployment_list::{DeploymentLine, DeploymentList, DeploymentListRequest, deployment_list},
    error::{ErrorCode, WireError},
    host::Host,
    inventory_refresh::{InventoryRefreshRequest, inventory_refresh},
    plan_apply::{AppliedChange, PlanApplyRequest, plan_apply},
    stage_deployment_set::{StageDeploymentSetRequest, stage_deployment_set},
    throttle_copy::StageName,
};
use serde_json::{Value, json};

async fn aws(bench: &Bench, method: &str, path: &str, body: Value) -> Value {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let uri = format!("https://apigateway.eu-west-1.amazonaws.com{path}");
    let response = bench.account.answer(Request::builder().method(method).uri(uri).body(bytes).unwrap()).await;
    assert!(response.status().is_success(), "{method} {path}: {:?}", response.body());
    serde_json::from_slice(response.body()).unwrap_or(Value::Null)
}

async fn ready() -> (Bench, Host) {
    let bench = Bench::new();
    let host = bench.host();
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    let access = ContextAccess { mode: AccessMode::Operator, protected: false };
    context_access_set(&host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
    (bench, host)
}

async fn stage(host: &Host, api: &str, stage: &str) -> StageName {
    let all = api_list(host, ApiListRequest {}).await.unwrap().items;
    let found = all.into_iter().find(|item| &*item.api.name == api && item.context == "demo").unwrap();
    StageName { context: found.context, api_id: found.api.id.to_string(), stage: stage.to_owned() }
}

async fn listed(host: &Host, stage: &StageName) -> DeploymentList {
    deployment_list(host, DeploymentListRequest { stage: stage.clone() }).await.unwrap()
}

async fn moved(host: &Host, stage: &StageName, deployment: &str) -> Result<Plan, WireError> {
    let request = StageDeploymentSetRequest { stage: stage.clone(), deployment_id: deployment.to_owned() };
    stage_deployment_set(host, request).await
}

async fn apply(host: &Host, plan: &Plan, accepted: &[WarningKind]) -> Result<AppliedChange, WireError> {
    let request =
        PlanApplyRequest { plan_id: plan.id.clone(), accepted: accepted.to_vec(), ..PlanApplyRequest::default() };
    plan_apply(host, request).await
}

/// A stage of the WebSocket API that does not deploy by itself, with two deployments, serving the second.
async fn by_hand(bench: &Bench, host: &Host) -> (StageName, String, String) {
    let name = stage(host, "live-updates", "by-hand").await;
    let deployments = format!("/v2/apis/{}/deployments", name.api_id);
    let deploy = |text: &str| aws(bench, "POST", &deployments, json!({ "description": text }));
    let first = deploy("Presence").await["deploymentId"].as_str().unwrap().to_owned();
    let second = deploy("Presence, second try").await["deploymentId"].as_str().unwrap().to_owned();
    let body = json!({ "stageName": "by-hand", "deploymentId": second });
    aws(bench, "POST", &format!("/v2/apis/{}/stages", name.api_id), body).await;
    inventory_refresh(host, InventoryRefreshRequest {}).await.unwrap();
    host.wait_until_read().await;
    (name, first, second)
}

async fn served(bench: &Bench, stage: &StageName) -> Value {
    aws(bench, "GET", &format!("/v2/apis/{}/stages/{}", stage.api_id, stage.stage), Value::Null).await["deploymentId"]
        .clone()
}

#[tokio::test]
async fn a_websocket_stage_goes_back_to_an_earlier_deployment_and_an_undo_forward_again() {
    let (bench, host) = ready().await;
    let (name, first, second) = by_hand(&bench, &host).await;
    let list = listed(&host, &name).await;
    assert_eq!(list.fixed, None);
    let current: Vec<&str> = list.items.iter().filter(|line| line.current).map(|line| line.id.as_str()).collect();
    assert_eq!(current, [second.as_str()]);
    let earlier = list.items.iter().find(|line| line.id == first).unwrap();
    assert_eq!((earlier.description.as_deref(), earlier.stages.len()), (Some("Presence"), 0));

    let plan = moved(&host, &name, &first).await.unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert!(plan.steps[0].command.contains(&format!("apigatewayv2 update-stage --api-id {}", name.api_id)));
    assert!(plan.warnings.iter().any(|warning| warning.message.contains("AWS does not tell")), "{:?}", plan.warnings);
    let done = apply(&host, &plan, &[]).await.unwrap();
    assert_eq!(served(&bench, &name).await, json!(first));
    let undo = change_undo(&host, ChangeUndoRequest { entry: done.entry }).await.unwrap();
    apply(&host, &undo, &[]).await.unwrap();
    assert_eq!(served(&bench, &name).await, json!(second));
}

#[tokio::test]
async fn a_stage_that_deploys_by_itself_or_has_a_canary_refuses_with_the_reason() {
    let (_bench, host) = ready().await;
    let mobile = stage(&host, "mobile", "$default").await;
    let list = listed(&host, &mobile).await;
    assert!(list.fixed.unwrap().contains("autoDeploy"));
    let refused = moved(&host, &mobile, &list.items[0].id).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(refused.message.contains("autoDeploy"), "{}", refused.message);

    let canaried = stage(&host, "storefront", "prod").await;
    let list = listed(&host, &canaried).await;
    let refused = moved(&host, &canaried, &list.items[0].id).await.unwrap_err();
    assert!(refused.message.contains("promote it or roll it back first"), "{}", refused.message);
}

#[tokio::test]
async fn a_rest_stage_moves_with_its_security_difference_accepted_apart() {
    let (bench, host) = ready().await;
    let staging = stage(&host, "storefront", "staging").await;
    // Deployed from the draft, in which an invoice is open to everybody.
    let items = listed(&host, &staging).await.items;
    let rewritten = |line: &&DeploymentLine| line.description.as_deref() == Some("The coupon engine, rewritten");
    let opened = items.iter().find(rewritten).unwrap().id.clone();
    let plan = moved(&host, &staging, &opened).await.unwrap();
    let exposes: Vec<&str> = plan
        .warnings
        .iter()
        .filter(|warning| warning.kind == WarningKind::Exposes)
        .map(|warning| warning.message.as_str())
        .collect();
    assert!(exposes.iter().any(|message| message.contains("invoice becomes open")), "{exposes:?}");
    assert_eq!(apply(&host, &plan, &[]).await.unwrap_err().code, ErrorCode::ConfirmationNeeded);
    apply(&host, &plan, &[WarningKind::Exposes]).await.unwrap();
    let path = format!("/restapis/{}/stages/staging", staging.api_id);
    assert_eq!(aws(&bench, "GET", &path, Value::Null).await["deploymentId"], json!(opened));
    assert!(moved(&host, &staging, &opened).await.unwrap().is_empty(), "it is there already");
    let unknown = moved(&host, &staging, "zzzzzz").await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn somebody_who_moves_the_stage_meanwhile_is_not_overruled() {
    let (bench, host) = ready().await;
    let (name, first, _) = by_hand(&bench, &host).await;
    let plan = moved(&host, &name, &first).await.unwrap();
    let third =
        aws(&bench, "POST", &format!("/v2/apis/{}/deployments", name.api_id), json!({ "stageName": "by-hand" })).await
            ["deploymentId"]
            .clone();
    assert_eq!(apply(&host, &plan, &[]).await.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(served(&bench, &name).await, third);
}

#[tokio::test]
async fn stages_that_cannot_have_a_canary_say_so() {
    let (_bench, host) = ready().await;
    let all = canary_list(&host, CanaryListRequest { every_stage: true }).await.unwrap().items;
    let mobile = all.iter().find(|line| line.api_name == "mobile").unwrap();
    assert!(mobile.release.notes[0].contains("have no canary"), "{:?}", mobile.release.notes);
}
