//! What goes wrong in the middle of a change of limits: account and journal tell the same story, and the message says what to
//! do.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Bench, routes};
use portcullis_demo::Fault;
use portcullis_domain::{change::Plan, route_query::RouteFilter, throttle::Limit};
use portcullis_operations::{
    catalogue::call,
    error::{ErrorCode, WireError},
    host::Host,
    throttle_set::{ThrottleSelection, ThrottleSetRequest, throttle_set},
};
use serde_json::{Value, json};

async fn opened(bench: &Bench) -> Host {
    let host = bench.read().await;
    let access = json!({ "context": "demo", "access": { "mode": "operator", "protected": false } });
    call(&host, "context_access_set", access).await.unwrap();
    host
}

/// All login routes: a call for each of several stages.
async fn logins(host: &Host) -> Plan {
    let filter = RouteFilter { tokens: vec!["routeClass=login".parse().unwrap()], ..RouteFilter::default() };
    let selection = ThrottleSelection::Matching { filter };
    let (rate, burst) = (Some("2".to_owned()), Some("4".to_owned()));
    throttle_set(host, ThrottleSetRequest { selection, rate, burst, remove: false }).await.unwrap()
}

async fn apply(host: &Host, plan: &Plan) -> Result<Value, WireError> {
    call(host, "plan_apply", json!({ "planId": plan.id, "acknowledged": true })).await
}

/// The limits of every login route, read from AWS again.
async fn limits(bench: &Bench) -> Vec<Limit> {
    let host = bench.read().await;
    let logins = routes(&host).await.into_iter().filter(|route| route.class.class.name() == "login");
    logins.map(|route| route.throttle.limit).collect()
}

async fn state(host: &Host) -> Value {
    call(host, "journal_list", json!({ "limit": 10 })).await.unwrap()["lines"][0]["state"].clone()
}

fn refused(status: u16, code: &'static str, skip: u32, times: Option<u32>) -> Fault {
    let message = "no".to_owned();
    Fault { service: "", operation: "UpdateStage", skip, times, status, code, message, ..Fault::default() }
}

#[tokio::test]
async fn a_refusal_in_the_middle_takes_back_what_was_done() {
    for (status, code) in
        [(429, "TooManyRequestsException"), (403, "AccessDeniedException"), (400, "BadRequestException")]
    {
        let bench = Bench::new();
        let before = limits(&bench).await;
        let host = opened(&bench).await;
        let plan = logins(&host).await;
        bench.account.faults().fail(refused(status, code, 2, Some(1)));
        let error = apply(&host, &plan).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::ChangeFailed, "{code}");
        let says = "Step 3 of 4 failed and the steps before it were taken back";
        assert!(error.message.starts_with(says), "{code}: {}", error.message);
        assert_eq!((state(&host).await, limits(&bench).await), (json!("rolled-back"), before), "{code}");
    }
}

#[tokio::test]
async fn credentials_that_expire_in_the_middle_leave_a_change_that_says_what_is_done_and_can_be_undone() {
    let bench = Bench::new();
    let before = limits(&bench).await;
    let host = opened(&bench).await;
    let plan = logins(&host).await;
    // Two writes go well, and none after them.
    bench.account.faults().fail(refused(403, "ExpiredTokenException", 2, None));
    let error = apply(&host, &plan).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::ChangeFailed);
    for part in
        ["Step 3 of 4 failed", "what was done before it stays", "aws sso login", "then undo or finish this entry"]
    {
        assert!(error.message.contains(part), "{part}: {}", error.message);
    }
    assert_eq!(state(&host).await, "partial");
    let changed = limits(&bench).await.iter().filter(|limit| limit.rate == Some(2.0)).count();
    assert!(changed > 0 && changed < before.len(), "{changed} of {}", before.len());
    // Signed in again, the entry leads back.
    bench.account.faults().clear();
    let undo = call(&host, "change_undo", json!({ "entry": error.entry })).await.unwrap();
    call(&host, "plan_apply", json!({ "planId": undo["id"], "acknowledged": true })).await.unwrap();
    assert_eq!(limits(&bench).await, before);
}

#[tokio::test]
async fn a_stage_that_is_deleted_between_the_plan_and_the_word_is_named() {
    let bench = Bench::new();
    let before = limits(&bench).await;
    let host = opened(&bench).await;
    let plan = logins(&host).await;
    let message = "Invalid stage identifier specified".to_owned();
    bench.account.faults().fail(Fault {
        operation: "GetStage",
        skip: 1,
        status: 404,
        code: "NotFoundException",
        message,
        ..Fault::default()
    });
    let error = apply(&host, &plan).await.unwrap_err();
    bench.account.faults().clear();
    assert!(error.message.contains("nothing was sent"), "{}", error.message);
    assert!(error.details[0].contains("stage "), "{:?}", error.details);
    assert!(error.request_id.is_some() && error.entry.is_some(), "{error:?}");
    assert_eq!((state(&host).await, limits(&bench).await), (json!("refused"), before));
}

#[tokio::test]
async fn a_usage_plan_limits_methods_of_its_own_stages_only() {
    let bench = Bench::new();
    let host = opened(&bench).await;
    let plans = call(&host, "usage_plan_list", json!({})).await.unwrap();
    let small =
        plans["items"].as_array().unwrap().iter().find(|plan| plan["name"] == "practices-small").unwrap().clone();
    let login = common::route(&routes(&host).await, "storefront", "POST", "/v2/login").clone();
    let of_method = |api: &str, path: &str, method: &str| {
        json!({
            "selection": {
                "kind": "usagePlanMethod", "context": "demo", "usagePlanId": small["id"], "apiId": api, "stage": "prod",
                "method": method, "path": path
            },
            "rate": "1", "burst": "2"
        })
    };
    let error = call(&host, "throttle_set", of_method(&login.api_id, "/v2/login", "POST")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
    assert!(
        error.message.contains("practices-small") && error.message.contains("does not have stage prod"),
        "{}",
        error.message
    );
    assert_eq!(error.hint.as_deref(), Some("Add the stage to the usage plan first."));

    let own = small["stages"][0]["apiId"].as_str().unwrap();
    let plan = call(&host, "throttle_set", of_method(own, "/partner/v1/referrals", "GET")).await.unwrap();
    let applied = call(&host, "plan_apply", json!({ "planId": plan["id"], "acknowledged": true })).await.unwrap();
    let key =
        call(&host, "tenant_get", json!({ "tenant": "practice-a" })).await.unwrap()["plans"][0]["row"]["keyId"].clone();
    let all = routes(&host).await;
    let referrals = common::route(&all, "partner", "GET", "/partner/v1/referrals");
    let explained = call(&host, "throttle_explain", json!({ "routeId": referrals.id, "keyId": key })).await.unwrap();
    let layers = explained["effective"]["layers"].as_array().unwrap();
    let binding = layers.iter().find(|layer| layer["bindsRate"] == true).unwrap();
    assert_eq!((&binding["layer"], &binding["limit"]["rate"]), (&json!("usage-plan-method"), &json!(1.0)));
    let of_plan = layers.iter().find(|layer| layer["layer"] == "usage-plan").unwrap();
    assert_eq!(of_plan["replaced"], true, "the plan's own limit counts for other methods");
    let undo = call(&host, "change_undo", json!({ "entry": applied["entry"] })).await.unwrap();
    call(&host, "plan_apply", json!({ "planId": undo["id"], "acknowledged": true })).await.unwrap();
    let explained = call(&host, "throttle_explain", json!({ "routeId": referrals.id, "keyId": key })).await.unwrap();
    assert_eq!(explained["effective"]["limit"]["rate"], 5.0);
}

#[tokio::test]
async fn limits_of_any_size_that_aws_can_hold_are_planned_and_others_are_not() {
    let bench = Bench::new();
    let host = opened(&bench).await;
    let login = common::route(&routes(&host).await, "storefront", "POST", "/v2/login").clone();
    let limit = async |rate: &str, burst: &str| {
        let request =
            json!({ "selection": { "kind": "routes", "routeIds": [login.id] }, "rate": rate, "burst": burst });
        call(&host, "throttle_set", request).await
    };
    for (rate, sent) in [("0.25", "0.25"), ("12.50", "12.5"), (" 7 ", "7.0"), ("1e3", "1000.0")] {
        let plan = limit(rate, "9").await.unwrap();
        assert!(plan["steps"][0]["command"].as_str().unwrap().contains(&format!(r#""value":"{sent}""#)), "{rate}");
    }
    let enormous = limit("1e300", "2147483647").await.unwrap();
    assert!(enormous["warnings"].to_string().contains("the account's limit binds first"), "{}", enormous["warnings"]);
    for (rate, burst) in [
        ("1e400", "1"),
        ("-0.5", "1"),
        ("", "1"),
        ("1,5", "1"),
        ("٣", "1"),
        ("5", "2147483648"),
        ("5", "-1"),
        ("5", "1e3"),
    ] {
        assert_eq!(limit(rate, burst).await.unwrap_err().code, ErrorCode::InvalidInput, "{rate}/{burst}");
    }
}

#[tokio::test]
async fn another_window_meets_the_first_ones_change_and_neither_is_made_twice() {
    let bench = Bench::new();
    let (one, other) = (opened(&bench).await, opened(&bench).await);
    let (mine, theirs) = (logins(&one).await, logins(&other).await);
    // The first change waits for an answer that never comes; the second window finds its targets held.
    let silent = Fault { operation: "UpdateStage", times: Some(1), silent: true, ..Fault::default() };
    bench.account.faults().fail(silent);
    let mut silenced = bench.account.faults().silenced();
    let first = tokio::spawn({
        let one = one.clone();
        async move { apply(&one, &mine).await.map(drop) }
    });
    silenced.changed().await.unwrap();
    let error = apply(&other, &theirs).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert!(
        error.message.contains("is not finished; nothing was changed") && error.entry.is_some(),
        "{}",
        error.message
    );
    let lines = call(&other, "journal_list", json!({ "limit": 10 })).await.unwrap();
    assert_eq!(lines["total"], 1, "the second left no entry");
    first.abort();
}
