//! A failure at every call that a canary's start, share, promotion and rollback make of AWS: the account, the journal and
//! what the person is told are of one mind, and the way on leads to a whole state.
//!
//! Silence and the end of the program at every step are `power_cut` and the command line's `crash`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use common::Bench;
use portcullis_demo::Fault;
use portcullis_operations::{catalogue::call, error::WireError, host::Host};
use serde_json::{Value, json};

/// More calls than any of these changes makes.
const CALLS: u32 = 8;

async fn opened(bench: &Bench) -> Host {
    let host = bench.read().await;
    let access = json!({ "context": "demo", "access": { "mode": "operator", "protected": false } });
    call(&host, "context_access_set", access).await.unwrap();
    host
}

async fn stage(host: &Host, name: &str) -> Value {
    let lines = call(host, "canary_list", json!({ "everyStage": true })).await.unwrap()["items"].clone();
    let line = lines.as_array().unwrap().iter().find(|line| line["apiName"] == "storefront" && line["stage"] == name);
    json!({ "context": "demo", "apiId": line.unwrap()["apiId"], "stage": name })
}

async fn planned(host: &Host, operation: &str) -> Value {
    let request = match operation {
        "canary_start" => {
            json!({ "stage": stage(host, "staging").await, "percent": "5", "overrides": { "colour": "blue" } })
        }
        "canary_set" => json!({ "stage": stage(host, "prod").await, "percent": "25" }),
        "canary_promote" => json!({ "stage": stage(host, "prod").await, "removeCanary": true }),
        _ => json!({ "stage": stage(host, "prod").await }),
    };
    call(host, operation, request).await.unwrap()
}

async fn apply(host: &Host, plan: &Value) -> Result<Value, WireError> {
    call(host, "plan_apply", json!({ "planId": plan["id"], "acknowledged": true, "accepted": ["exposes"] })).await
}

/// What both stages serve, and to whom, as AWS has it. The id of a deployment that a start makes is AWS's to choose.
async fn live(bench: &Bench, stage: &Value) -> Value {
    let mut live = Vec::new();
    for name in ["staging", "prod"] {
        let request = http::Request::get(format!("/restapis/{}/stages/{name}", stage["apiId"].as_str().unwrap()));
        let answer = bench.account.answer(request.body(bytes::Bytes::new()).unwrap()).await;
        let mut document: Value = serde_json::from_slice(answer.body()).unwrap();
        if name == "staging" && document.get("canarySettings").is_some() {
            document["canarySettings"]["deploymentId"] = json!("a new one");
        }
        // A stage whose last variable was taken away has an empty map where it had none: nothing that anybody is served.
        let variables = document["variables"].as_object().filter(|variables| !variables.is_empty());
        live.push(json!([document["deploymentId"], variables, document["canarySettings"]]));
    }
    json!(live)
}

/// One failure at one call, and the way on from there.
async fn one_failure(operation: &str, failure: (u16, &'static str), skip: u32, after: &Value) {
    let (status, code) = failure;
    let case = format!("{operation}: {code} at call {}", skip + 1);
    let bench = Bench::new();
    let host = opened(&bench).await;
    let place = stage(&host, "prod").await;
    let before = live(&bench, &place).await;
    let plan = planned(&host, operation).await;
    let (service, message) = ("apigateway", "no".to_owned());
    bench.account.faults().fail(Fault { service, skip, times: Some(1), status, code, message, ..Fault::default() });
    let applied = apply(&host, &plan).await;
    bench.account.faults().clear();
    let now = live(&bench, &place).await;
    let lines = call(&host, "journal_list", json!({ "limit": 10 })).await.unwrap()["lines"].clone();
    let entry = &lines[0];
    match applied {
        Ok(_) => {
            assert_eq!((&now, &entry["state"]), (after, &json!("applied")), "{case}");
        }
        Err(error) => {
            assert!(!error.message.is_empty() && error.request_id.is_some(), "{case}: {error:?}");
            match entry["state"].as_str() {
                Some("unfinished") => {
                    let resume = json!({ "entry": entry["id"], "way": "finish" });
                    call(&host, "change_resume", resume).await.unwrap_or_else(|error| panic!("{case}: {error:?}"));
                    assert_eq!(live(&bench, &place).await, *after, "{case}: finished");
                }
                Some("partial" | "mismatch") => {
                    let undo = call(&host, "change_undo", json!({ "entry": entry["id"] })).await.unwrap();
                    apply(&host, &undo).await.unwrap_or_else(|error| panic!("{case}: {error:?}"));
                    assert_eq!(live(&bench, &place).await, before, "{case}: undone");
                }
                Some("refused" | "failed" | "rolled-back") => assert_eq!(now, before, "{case}: {entry}"),
                state => panic!("{case}: the journal says {state:?} and the account is {now}"),
            }
        }
    }
    assert_eq!(call(&host, "journal_verify", json!({})).await.unwrap()["whole"], true, "{case}");
}

async fn every_failure(operation: &str) {
    let bench = Bench::new();
    let host = opened(&bench).await;
    let place = stage(&host, "prod").await;
    let before = live(&bench, &place).await;
    let plan = planned(&host, operation).await;
    apply(&host, &plan).await.unwrap();
    let after = live(&bench, &place).await;
    assert_ne!(before, after, "{operation} changes something");
    drop(host);
    for failure in [(403, "AccessDeniedException"), (500, "InternalFailure"), (409, "ConflictException")] {
        for skip in 0..CALLS {
            one_failure(operation, failure, skip, &after).await;
        }
    }
}

#[tokio::test]
async fn a_start_that_fails_at_any_call() {
    every_failure("canary_start").await;
}

#[tokio::test]
async fn a_share_that_fails_at_any_call() {
    every_failure("canary_set").await;
}

#[tokio::test]
async fn a_promotion_that_fails_at_any_call() {
    every_failure("canary_promote").await;
}

#[tokio::test]
async fn a_rollback_that_fails_at_any_call() {
    every_failure("canary_rollback").await;
}
