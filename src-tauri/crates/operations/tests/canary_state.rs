//! What the list of canaries says, and what a start carries: over several contexts, by age, and while looks hang.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use std::collections::BTreeMap;

use common::{Bench, clock, demo_in, rehearsal::Rehearsal, select};
use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::{canary::CanaryState, change::WarningKind};
use portcullis_operations::{
    canary_list::{CanaryListRequest, canary_list},
    canary_rollback::{CanaryRollbackRequest, canary_rollback},
    canary_start::{CanaryStartRequest, canary_start},
    canary_watch::{CanaryWatchRequest, canary_watch},
    host::Host,
    plan_apply::{PlanApplyRequest, plan_apply},
};
use serde_json::{Value, json};

async fn aws(account: &DemoAccount, region: &str, method: &str, path: &str, body: Value) -> Value {
    let credential = format!(
        "AWS4-HMAC-SHA256 Credential=demo/20260302/{region}/apigateway/aws4_request, SignedHeaders=host, Signature=0"
    );
    let bytes = if body.is_null() { bytes::Bytes::new() } else { bytes::Bytes::from(body.to_string()) };
    let request = http::Request::builder().method(method).uri(path).header("authorization", credential).body(bytes);
    let answer = account.answer(request.unwrap()).await;
    assert!(answer.status().is_success(), "{method} {path}: {:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
}

#[tokio::test]
async fn canaries_of_every_context_are_in_one_list_and_those_that_need_attention_come_first() {
    let bench = Bench::new();
    let apis = aws(&bench.account, "us-east-1", "GET", "/restapis", Value::Null).await;
    let id = apis["item"][0]["id"].as_str().unwrap().to_owned();
    let candidate = aws(&bench.account, "us-east-1", "POST", &format!("/restapis/{id}/deployments"), json!({})).await;
    let attach = json!({ "patchOperations": [
        { "op": "replace", "path": "/canarySettings/deploymentId", "value": candidate["id"] }
    ] });
    aws(&bench.account, "us-east-1", "PATCH", &format!("/restapis/{id}/stages/prod"), attach).await;
    let host = bench.host();
    select(&host, &[demo_in("eu-west-1"), demo_in("us-east-1")]).await;
    host.wait_until_read().await;
    let items = canary_list(&host, CanaryListRequest::default()).await.unwrap().items;
    let seen: Vec<(&str, CanaryState)> = items.iter().map(|line| (line.region.as_str(), line.release.state)).collect();
    assert_eq!(
        seen,
        [("us-east-1", CanaryState::Stale), ("eu-west-1", CanaryState::Running)],
        "no requests comes first"
    );
}

#[tokio::test]
async fn a_canary_grows_stale_after_as_many_days_as_the_settings_say() {
    for (settings, state) in [("", CanaryState::Stale), ("[canary]\nstale_after_days = 30\n", CanaryState::Running)] {
        let bench = Bench::new();
        bench.write_config("settings.toml", settings);
        drop(bench.read().await);
        // Eight days later, by the clock of the host; nobody has touched the stage.
        let host = Host::open(portcullis_operations::host::HostOptions {
            clock: clock("2026-03-10T10:00:00Z"),
            ..bench.options(common::NOW)
        })
        .unwrap();
        select(&host, &[portcullis_domain::context::ContextSpec::demo()]).await;
        host.wait_until_read().await;
        let items = canary_list(&host, CanaryListRequest::default()).await.unwrap().items;
        assert_eq!(items[0].release.state, state, "{settings:?}: {:?}", items[0].release.notes);
        let blocked = items[0].release.notes.iter().any(|note| note.contains("deployments to this stage are blocked"));
        assert!(blocked, "{:?}", items[0].release.notes);
    }
}

#[tokio::test]
async fn a_start_carries_share_variables_and_the_stages_cache() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("storefront", "staging").await;
    let request = CanaryStartRequest {
        stage: stage.clone(),
        deployment_id: None,
        percent: "12.5".to_owned(),
        overrides: BTreeMap::from([("colour".to_owned(), "blue".to_owned())]),
        use_stage_cache: true,
        description: None,
    };
    let plan = canary_start(&rehearsal.host, request).await.unwrap();
    let yes = PlanApplyRequest {
        plan_id: plan.id,
        acknowledged: true,
        accepted: vec![WarningKind::Exposes],
        ..PlanApplyRequest::default()
    };
    plan_apply(&rehearsal.host, yes).await.unwrap();
    let path = format!("/restapis/{}/stages/staging", stage.api_id);
    let live = aws(&rehearsal.bench.account, "eu-west-1", "GET", &path, Value::Null).await;
    let canary = &live["canarySettings"];
    assert_eq!(canary["percentTraffic"], json!(12.5));
    assert_eq!(canary["stageVariableOverrides"], json!({ "colour": "blue" }));
    assert_eq!(canary["useStageCache"], json!(true));
}

#[tokio::test]
async fn a_rollback_waits_for_no_look_that_hangs() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    for operation in ["GetMetricData", "DescribeAlarms", "LookupEvents"] {
        rehearsal.bench.account.faults().fail(Fault { operation, silent: true, ..Fault::default() });
    }
    let mut silenced = rehearsal.bench.account.faults().silenced();
    let looking = tokio::spawn({
        let (host, stage) = (rehearsal.host.clone(), stage.clone());
        async move { canary_watch(&host, CanaryWatchRequest::of(stage)).await.map(drop) }
    });
    silenced.changed().await.unwrap();
    let plan = canary_rollback(&rehearsal.host, CanaryRollbackRequest::of(stage)).await.unwrap();
    assert_eq!(plan.steps.len(), 1);
    let yes = PlanApplyRequest { plan_id: plan.id, acknowledged: true, ..PlanApplyRequest::default() };
    plan_apply(&rehearsal.host, yes).await.unwrap();
    assert!(!looking.is_finished(), "the look still waits for its answer");
    assert_eq!(rehearsal.line("storefront", "prod").await.release.state, CanaryState::None);
    looking.abort();
}
