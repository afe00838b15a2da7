//! A whole release on the demo account over the real SDK: start, share, verdict, promotion, rollback; and who is in the way.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::sync::Arc;

use common::{Bench, select};
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
    host::Host,
    plan_apply::{AppliedChange, PlanApplyRequest, plan_apply},
    throttle_copy::StageName,
};

/// A Monday afternoon: there is traffic.
const AFTERNOON: &str = "2026-03-02T15:00:00Z";

async fn ready() -> (Bench, Host) {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock(AFTERNOON.parse::<Timestamp>().unwrap()));
    let bench = Bench::on(DemoAccount::standard(clock).unwrap());
    let host = bench.host_at(AFTERNOON);
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
        ..PlanApplyRequest::default()
    };
    plan_apply(host, request).await
}

async fn start(host: &Host, stage: &StageName, percent: &str) -> Result<Plan, WireError> {
    let request = CanaryStartRequest {
        stage: stage.clone(),
        deployment_id: None,
        percent: percent.to_owned(),
        overrides: std::collections::BTreeMap::from([("recommendations".to_owned(), "on".to_owned())]),
        use_stage_cache: false,
        description: Some("release 4.2".to_owned()),
    };
    canary_start(host, request).await
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
        warning.kind == WarningKind::Loosens && warning.message.contains("/v2/orders/{orderId}/invoice becomes open")
    }));
    apply(&host, &plan).await.unwrap();
    let running = line(&host, "storefront", "staging").await;
    assert_eq!((running.release.state, running.release.percent), (CanaryState::Running, 5.0));
    assert_eq!(running.baseline_deployment, baseline, "the stage serves what it served");
    let candidate = running.candidate_deployment.unwrap();

    let wider = canary_set(&host, CanarySetRequest { stage: stage.clone(), percent: "50".to_owned() }).await.unwrap();
    apply(&host, &wider).await.unwrap();
    assert!((line(&host, "storefront", "staging").await.release.percent - 50.0).abs() < f64::EPSILON);

    let request = CanaryPromoteRequest { stage: stage.clone(), remove_canary: true };
    let promotion = canary_promote(&host, request).await.unwrap();
    assert_eq!(promotion.steps.len(), 2, "promote, then remove: each its own call");
    apply(&host, &promotion).await.unwrap();
    let promoted = line(&host, "storefront", "staging").await;
    assert_eq!((promoted.release.state, promoted.baseline_deployment), (CanaryState::None, Some(candidate)));

    let back = canary_rollback(&host, CanaryRollbackRequest { stage: stage.clone() }).await.unwrap();
    apply(&host, &back).await.unwrap();
    let rolled_back = line(&host, "storefront", "staging").await;
    assert_eq!((rolled_back.release.state, rolled_back.baseline_deployment), (CanaryState::None, baseline));
}

#[tokio::test]
async fn a_rollback_is_one_call_and_undoing_it_brings_the_canary_back() {
    let (_bench, host) = ready().await;
    let stage = named(&host, "storefront", "prod").await;
    let before = line(&host, "storefront", "prod").await;
    let plan = canary_rollback(&host, CanaryRollbackRequest { stage }).await.unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert!(plan.steps[0].command.contains(r#"{"op":"remove","path":"/canarySettings"}"#), "{}", plan.steps[0].command);
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
    let plan = canary_rollback(&host, CanaryRollbackRequest { stage }).await.unwrap();
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
    let theirs =
        canary_promote(&other, CanaryPromoteRequest { stage: stage.clone(), remove_canary: true }).await.unwrap();
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
    let message = canary_promote(&host, CanaryPromoteRequest { stage: none.clone(), remove_canary: false })
        .await
        .unwrap_err()
        .message;
    assert!(message.contains("has no canary to promote"), "{message}");
    let message = canary_rollback(&host, CanaryRollbackRequest { stage: none.clone() }).await.unwrap_err().message;
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
