//! A whole release on the demo account over the real SDK: start, share, verdict, promotion, rollback; and who is in the way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::sync::Arc;

use bytes::Bytes;
use common::{Bench, TurnedClock, select};
use http::Request;
use jiff::Timestamp;
use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::{
    Clock, FixedClock,
    canary::CanaryState,
    change::{Plan, WarningKind},
    context::{AccessMode, ContextAccess, ContextSpec},
};
use portcullis_operations::{
    canary_difference::{CanaryDifferenceRequest, canary_difference},
    canary_list::{CanaryLine, CanaryListRequest, canary_list},
    canary_promote::{CanaryPromoteRequest, canary_promote},
    canary_rollback::{CanaryRollbackRequest, canary_rollback},
    canary_set::{CanarySetRequest, canary_set},
    canary_start::{CanaryStartRequest, canary_start},
    change_undo::{ChangeUndoRequest, change_undo},
    context_access_set::{ContextAccessSetRequest, context_access_set},
    error::{ErrorCode, WireError},
    host::{Host, HostOptions},
    journal_get::{JournalGetRequest, journal_get},
    plan_apply::{AppliedChange, PlanApplyRequest, plan_apply},
    throttle_copy::StageName,
};
use serde_json::{Value, json};

/// A Monday afternoon: there is traffic.
const AFTERNOON: &str = "2026-03-02T15:00:00Z";

async fn ready() -> (Bench, Host) {
    ready_by(Arc::new(FixedClock(AFTERNOON.parse::<Timestamp>().unwrap()))).await
}

async fn ready_by(clock: Arc<dyn Clock>) -> (Bench, Host) {
    let bench = Bench::on(DemoAccount::standard(Arc::clone(&clock)).unwrap());
    let host = Host::open(HostOptions { clock, ..bench.options(AFTERNOON) }).unwrap();
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    let access = ContextAccess { mode: AccessMode::Operator, protected: false };
    context_access_set(&host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
    (bench, host)
}

async fn line(host: &Host, api: &str, stage: &str) -> CanaryLine {
    let all = canary_list(host, CanaryListRequest { every_stage: true }).await.unwrap().items;
    all.into_iter().find(|line| line.api_name == api && line.stage == stage).unwrap()
}

async fn named(host: &Host, api: &str, stage: &str) -> StageName {
    let line = line(host, api, stage).await;
    StageName { context: line.context, api_id: line.api_id, stage: line.stage }
}

async fn apply(host: &Host, plan: &Plan) -> Result<AppliedChange, WireError> {
    let request = PlanApplyRequest {
        plan_id: plan.id.clone(),
        reason: "release 4.2".to_owned(),
        acknowledged: true,
        accepted: vec![WarningKind::Exposes, WarningKind::Overwrites],
        ..PlanApplyRequest::default()
    };
    plan_apply(host, request).await
}

fn promoting(stage: &StageName, remove_canary: bool) -> CanaryPromoteRequest {
    CanaryPromoteRequest { stage: stage.clone(), remove_canary, override_reason: None }
}

/// Somebody else at work in the account: a console, a pipeline.
async fn aws(bench: &Bench, method: &str, path: &str, body: Value) -> Value {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let uri = format!("https://apigateway.eu-west-1.amazonaws.com{path}");
    let response = bench.account.answer(Request::builder().method(method).uri(uri).body(bytes).unwrap()).await;
    assert!(response.status().is_success(), "{method} {path}: {:?}", response.body());
    serde_json::from_slice(response.body()).unwrap_or(Value::Null)
}

async fn patch(bench: &Bench, stage: &StageName, operations: Value) -> Value {
    let path = format!("/restapis/{}/stages/{}", stage.api_id, stage.stage);
    aws(bench, "PATCH", &path, json!({ "patchOperations": operations })).await
}

async fn live(bench: &Bench, stage: &StageName) -> Value {
    aws(bench, "GET", &format!("/restapis/{}/stages/{}", stage.api_id, stage.stage), Value::Null).await
}

/// Deployment and variables; a stage that had variables keeps an empty map.
fn serving(stage: &Value) -> (Value, Value) {
    let variables = stage.get("variables").cloned().unwrap_or_else(|| json!({}));
    (stage["deploymentId"].clone(), variables)
}

/// A new deployment of the draft on no stage.
async fn deployed(bench: &Bench, stage: &StageName) -> String {
    let answer = aws(bench, "POST", &format!("/restapis/{}/deployments", stage.api_id), json!({})).await;
    answer["id"].as_str().unwrap().to_owned()
}

fn starting(stage: &StageName, percent: &str) -> CanaryStartRequest {
    CanaryStartRequest {
        stage: stage.clone(),
        deployment_id: None,
        percent: percent.to_owned(),
        overrides: std::collections::BTreeMap::from([("recommendations".to_owned(), "on".to_owned())]),
        use_stage_cache: false,
        description: Some("release 4.2".to_owned()),
    }
}

async fn start(host: &Host, stage: &StageName, percent: &str) -> Result<Plan, WireError> {
    canary_start(host, starting(stage, percent)).await
}

#[tokio::test]
async fn the_list_begins_with_what_runs_and_says_what_it_blocks() {
    let (_bench, host) = ready().await;
    let canaries = canary_list(&host, CanaryListRequest::default()).await.unwrap().items;
    assert_eq!(canaries.len(), 1);
    assert_eq!((canaries[0].api_name.as_str(), canaries[0].release.percent), ("storefront", 10.0));
    assert_eq!(canaries[0].release.state, CanaryState::Running);
    assert!(canaries[0].release.notes.iter().any(|note| note.contains("deployments to this stage are blocked")));
    let mobile = line(&host, "mobile", "$default").await;
    assert!(mobile.release.notes[0].contains("have no canary"));
}

#[tokio::test]
async fn a_release_is_started_widened_promoted_and_rolled_back() {
    let (_bench, host) = ready().await;
    let stage = named(&host, "storefront", "staging").await;
    let baseline = line(&host, "storefront", "staging").await.baseline_deployment;

    let plan = start(&host, &stage, "5").await.unwrap();
    assert!(plan.steps[0].command.starts_with("aws apigateway create-deployment"), "{}", plan.steps[0].command);
    assert!(plan.warnings.iter().any(|warning| {
        warning.kind == WarningKind::Exposes && warning.message.contains("/v2/orders/{orderId}/invoice becomes open")
    }));
    apply(&host, &plan).await.unwrap();
    let running = line(&host, "storefront", "staging").await;
    assert_eq!((running.release.state, running.release.percent), (CanaryState::Running, 5.0));
    assert_eq!(running.baseline_deployment, baseline, "the stage serves what it served");
    let candidate = running.candidate_deployment.unwrap();

    let wider = canary_set(&host, CanarySetRequest { stage: stage.clone(), percent: "50".to_owned() }).await.unwrap();
    apply(&host, &wider).await.unwrap();
    assert!((line(&host, "storefront", "staging").await.release.percent - 50.0).abs() < f64::EPSILON);

    let promotion = canary_promote(&host, promoting(&stage, true)).await.unwrap();
    assert_eq!(promotion.steps.len(), 2, "promote, then remove: each its own call");
    apply(&host, &promotion).await.unwrap();
    let promoted = line(&host, "storefront", "staging").await;
    assert_eq!((promoted.release.state, promoted.baseline_deployment), (CanaryState::None, Some(candidate)));

    let back = canary_rollback(&host, CanaryRollbackRequest::of(stage.clone())).await.unwrap();
    apply(&host, &back).await.unwrap();
    let rolled_back = line(&host, "storefront", "staging").await;
    assert_eq!((rolled_back.release.state, rolled_back.baseline_deployment), (CanaryState::None, baseline));
}

#[tokio::test]
async fn a_rollback_is_one_call_and_undoing_it_brings_the_canary_back() {
    let (_bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    let before = line(&host, "storefront", "prod").await;
    let plan = canary_rollback(&host, CanaryRollbackRequest::of(stage)).await.unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert!(plan.steps[0].command.contains(r#"{"op":"remove","path":"/canarySettings"}"#), "{}", plan.steps[0].command);
    assert_eq!(plan.warnings, [], "nothing to read first in an emergency");
    let done = apply(&host, &plan).await.unwrap();
    assert_eq!(line(&host, "storefront", "prod").await.release.state, CanaryState::None);
    let undo = change_undo(&host, ChangeUndoRequest { entry: done.entry }).await.unwrap();
    apply(&host, &undo).await.unwrap();
    let after = line(&host, "storefront", "prod").await;
    assert_eq!((after.candidate_deployment, after.release.percent), (before.candidate_deployment, 10.0));
}

#[tokio::test]
async fn a_rollback_waits_for_no_interrupted_change_of_the_stage() {
    let (bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    let wider = canary_set(&host, CanarySetRequest { stage: stage.clone(), percent: "20".to_owned() }).await.unwrap();
    let silent =
        Fault { service: "apigateway", operation: "UpdateStage", times: Some(1), silent: true, ..Fault::default() };
    bench.account.faults().fail(silent);
    let mut silenced = bench.account.faults().silenced();
    let hanging = {
        let (host, wider) = (host.clone(), wider.clone());
        tokio::spawn(async move { apply(&host, &wider).await })
    };
    silenced.changed().await.unwrap();
    let plan = canary_rollback(&host, CanaryRollbackRequest::of(stage)).await.unwrap();
    apply(&host, &plan).await.unwrap();
    assert_eq!(line(&host, "storefront", "prod").await.release.state, CanaryState::None);
    hanging.abort();
}

#[tokio::test]
async fn somebody_promotes_in_the_console_meanwhile() {
    let (bench, host) = ready().await;
    let other = bench.host_at(AFTERNOON);
    select(&other, &[ContextSpec::demo()]).await;
    other.wait_until_read().await;
    let access = ContextAccess { mode: AccessMode::Operator, protected: false };
    context_access_set(&other, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
    let stage = named(&host, "storefront", "prod").await;
    let mine = canary_set(&host, CanarySetRequest { stage: stage.clone(), percent: "25".to_owned() }).await.unwrap();
    let theirs = canary_promote(&other, promoting(&stage, true)).await.unwrap();
    apply(&other, &theirs).await.unwrap();
    let refused = apply(&host, &mine).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    let again = canary_set(&host, CanarySetRequest { stage, percent: "25".to_owned() }).await.unwrap_err();
    assert!(
        again.message.contains("has no canary"),
        "a canary of the stage's own deployment would be useless: {}",
        again.message
    );
}

#[tokio::test]
async fn what_is_no_release_is_refused_before_anything_is_sent() {
    let (_bench, host) = ready().await;
    let none = named(&host, "clinic-portal", "prod").await;
    let message = canary_promote(&host, promoting(&none, false)).await.unwrap_err().message;
    assert!(message.contains("has no canary to promote"), "{message}");
    let message = canary_rollback(&host, CanaryRollbackRequest::of(none.clone())).await.unwrap_err().message;
    assert!(message.contains("nothing to roll back"), "{message}");
    for percent in ["-1", "100.1", "ten", "NaN", ""] {
        let refused = start(&host, &none, percent).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput, "{percent}");
    }
    let mobile = named(&host, "mobile", "$default").await;
    let refused = start(&host, &mobile, "5").await.unwrap_err();
    assert!(refused.message.contains("have no canary"), "{}", refused.message);
}

#[tokio::test]
async fn the_draft_is_compared_with_what_the_stage_serves() {
    let (_bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    let found = canary_difference(&host, CanaryDifferenceRequest { stage, deployment_id: None }).await.unwrap();
    let weaker: Vec<&str> = found.routes.iter().filter_map(|route| route.security.as_deref()).collect();
    assert_eq!(weaker.len(), 1, "{weaker:?}");
    assert!(weaker[0].contains("invoice becomes open"), "{weaker:?}");
}

#[tokio::test]
async fn a_rollback_after_a_promotion_takes_nobody_elses_change_away_unasked() {
    let (bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    let before = live(&bench, &stage).await;
    let promotion = canary_promote(&host, promoting(&stage, true)).await.unwrap();
    let promoted = apply(&host, &promotion).await.unwrap();
    // A pipeline deploys a fix after the promotion.
    let fix = deployed(&bench, &stage).await;
    patch(&bench, &stage, json!([{ "op": "replace", "path": "/deploymentId", "value": fix }])).await;

    let refused = canary_rollback(&host, CanaryRollbackRequest::of(stage.clone())).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict, "{refused:?}");
    assert!(refused.message.contains(&promoted.entry), "{}", refused.message);
    assert!(refused.details.iter().any(|line| line.contains(&fix)), "{:?}", refused.details);
    assert_eq!(live(&bench, &stage).await["deploymentId"], json!(fix), "nothing was sent");

    let request = CanaryRollbackRequest { stage: stage.clone(), overwrite: true };
    let plan = canary_rollback(&host, request).await.unwrap();
    let unasked = PlanApplyRequest { plan_id: plan.id.clone(), acknowledged: true, ..PlanApplyRequest::default() };
    assert_eq!(plan_apply(&host, unasked).await.unwrap_err().code, ErrorCode::ConfirmationNeeded);
    apply(&host, &plan).await.unwrap();
    let back = live(&bench, &stage).await;
    assert_eq!(serving(&back), serving(&before));
}

#[tokio::test]
async fn a_promotion_that_left_the_canary_attached_is_rolled_back_in_one_call() {
    let (bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    let before = live(&bench, &stage).await;
    apply(&host, &canary_promote(&host, promoting(&stage, false)).await.unwrap()).await.unwrap();
    let promoted = live(&bench, &stage).await;
    assert_eq!(promoted["variables"]["recommendations"], json!("on"), "the override is merged");
    assert_eq!(promoted["canarySettings"]["percentTraffic"], json!(0.0), "and the canary stays");
    assert_eq!(line(&host, "storefront", "prod").await.release.state, CanaryState::Promoted);

    let back = canary_rollback(&host, CanaryRollbackRequest::of(stage.clone())).await.unwrap();
    assert_eq!(back.steps.len(), 1, "{:?}", back.steps);
    apply(&host, &back).await.unwrap();
    let after = live(&bench, &stage).await;
    assert_eq!(serving(&after), serving(&before));
    assert_eq!(after.get("canarySettings"), None);
    // Pressed twice, it does not go back to the release before that.
    let twice = canary_rollback(&host, CanaryRollbackRequest::of(stage)).await.unwrap_err();
    assert!(twice.message.contains("nothing to roll back"), "{}", twice.message);
}

#[tokio::test]
async fn a_canary_that_somebody_attached_on_the_stages_own_deployment_is_removed() {
    let (bench, host) = ready().await;
    let stage = named(&host, "storefront", "staging").await;
    patch(&bench, &stage, json!([{ "op": "replace", "path": "/canarySettings/percentTraffic", "value": "50" }])).await;
    let plan = canary_rollback(&host, CanaryRollbackRequest::of(stage.clone())).await.unwrap();
    assert!(plan.steps[0].command.contains(r#"{"op":"remove","path":"/canarySettings"}"#), "{}", plan.steps[0].command);
    apply(&host, &plan).await.unwrap();
    assert_eq!(live(&bench, &stage).await.get("canarySettings"), None);
}

#[tokio::test]
async fn a_breached_candidate_is_promoted_only_by_somebody_who_says_why() {
    let clock = TurnedClock::at(AFTERNOON);
    let (bench, host) = ready_by(clock.clone()).await;
    let stage = named(&host, "storefront", "prod").await;
    let mut request = starting(&stage, "10");
    request.description = Some("The coupon engine, rewritten".to_owned());
    apply(&host, &canary_start(&host, request).await.unwrap()).await.unwrap();
    clock.turn_minutes(20);

    let refused = canary_promote(&host, promoting(&stage, false)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::CanaryBreached);
    assert!(refused.details.iter().any(|reason| reason.contains("5XX")), "{:?}", refused.details);
    let blank = CanaryPromoteRequest { override_reason: Some("  ".to_owned()), ..promoting(&stage, false) };
    assert_eq!(canary_promote(&host, blank).await.unwrap_err().code, ErrorCode::CanaryBreached);

    // Made while nobody could say what the candidate is like: by the time it is applied, somebody can.
    bench.account.faults().fail(Fault::denied("monitoring", "GetMetricData"));
    bench.account.faults().fail(Fault::denied("cloudwatch", "GetMetricData"));
    let unsure = canary_promote(&host, promoting(&stage, false)).await.unwrap();
    assert!(unsure.warnings.iter().any(|warning| warning.message.contains("There is no verdict")), "{unsure:?}");
    bench.account.faults().clear();
    let before = live(&bench, &stage).await;
    assert_eq!(apply(&host, &unsure).await.unwrap_err().code, ErrorCode::CanaryBreached);
    assert_eq!(live(&bench, &stage).await, before, "nothing was sent");

    let why = "The errors are a partner's, who was told";
    let overridden = CanaryPromoteRequest { override_reason: Some(why.to_owned()), ..promoting(&stage, false) };
    let plan = canary_promote(&host, overridden).await.unwrap();
    let unread = PlanApplyRequest { plan_id: plan.id.clone(), ..PlanApplyRequest::default() };
    assert_eq!(plan_apply(&host, unread).await.unwrap_err().code, ErrorCode::ConfirmationNeeded);
    let applied = apply(&host, &plan).await.unwrap();
    let kept = journal_get(&host, JournalGetRequest { entry: applied.entry }).await.unwrap();
    let warnings = kept.entry.plan.unwrap().warnings;
    assert!(warnings.iter().any(|warning| warning.message.contains(why)), "{warnings:?}");
}

#[tokio::test]
async fn a_promotion_is_refused_when_somebody_changed_the_stage_since_the_plan() {
    let (bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    let plan = canary_promote(&host, promoting(&stage, true)).await.unwrap();
    let other = deployed(&bench, &stage).await;
    let after =
        patch(&bench, &stage, json!([{ "op": "replace", "path": "/canarySettings/deploymentId", "value": other }]))
            .await;
    assert_eq!(apply(&host, &plan).await.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(live(&bench, &stage).await["canarySettings"], after["canarySettings"]);
}

#[tokio::test]
async fn what_is_left_of_a_promotion_is_one_call_to_remove() {
    let (bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    apply(&host, &canary_promote(&host, promoting(&stage, false)).await.unwrap()).await.unwrap();
    let ending = canary_promote(&host, promoting(&stage, true)).await.unwrap();
    assert_eq!(ending.steps.len(), 1, "{:?}", ending.steps);
    let before = live(&bench, &stage).await;
    apply(&host, &ending).await.unwrap();
    let after = live(&bench, &stage).await;
    assert_eq!(after.get("canarySettings"), None);
    assert_eq!(serving(&after), serving(&before));
}
