//! What goes wrong in the middle of a change of limits: account and journal tell the same story, and the message says what to
//! do.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use bytes::Bytes;
use common::{Bench, routes};
use http::Request;
use portcullis_demo::Fault;
use portcullis_domain::{change::Plan, route::Route, route_query::RouteFilter, throttle::Limit};
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
    let says = "Limit GET /partner/v1/referrals of stage prod on usage plan practices-small (";
    assert!(plan["title"].as_str().unwrap().starts_with(says), "{}", plan["title"]);
    // Whom it meets: the route, and every key of the plan.
    assert_eq!(plan["routes"].as_array().unwrap().len(), 1);
    let tenants: Vec<&Value> = plan["tenants"].as_array().unwrap().iter().map(|tenant| &tenant["name"]).collect();
    assert_eq!(json!(tenants.len()), small["keys"]);
    assert!(tenants.contains(&&json!("Practice A")), "{tenants:?}");
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

/// What somebody else does to the account: another console, a pipeline, any AWS client.
async fn somebody_sends(bench: &Bench, method: &str, uri: String, body: Value) {
    let request = Request::builder().method(method).uri(uri).body(Bytes::from(body.to_string())).unwrap();
    let answer = bench.account.answer(request).await;
    assert!(answer.status().is_success(), "{:?}", answer.body());
}

fn patch(path: &str, value: &str) -> Value {
    json!({ "patchOperations": [{ "op": "replace", "path": path, "value": value }] })
}

/// A limit of `POST /v2/login` of the storefront, planned.
async fn login_to(host: &Host, login: &Route, rate: &str) -> Value {
    let request = json!({ "selection": { "kind": "routes", "routeIds": [login.id] }, "rate": rate });
    call(host, "throttle_set", request).await.unwrap()
}

async fn login(host: &Host) -> Route {
    let all = routes(host).await;
    let prod =
        |route: &&Route| &*route.stage == "prod" && &*route.path == "/v2/login" && &*route.api_name == "storefront";
    all.iter().find(prod).unwrap().clone()
}

#[tokio::test]
async fn an_undo_says_what_changed_since_and_asks_before_it_takes_that_back_too() {
    let bench = Bench::new();
    let host = opened(&bench).await;
    let login = login(&host).await;
    let plan = login_to(&host, &login, "3").await;
    let applied = call(&host, "plan_apply", json!({ "planId": plan["id"], "acknowledged": true })).await.unwrap();
    let stage = format!("/restapis/{}/stages/prod", login.api_id);
    somebody_sends(&bench, "PATCH", stage, patch("/~1v2~1login/POST/throttling/rateLimit", "4")).await;

    let undo = call(&host, "change_undo", json!({ "entry": applied["entry"] })).await.unwrap();
    let says = "Since that change somebody set POST /v2/login: rate limit (requests per second) of stage prod of API storefront";
    assert!(undo["warnings"].to_string().contains(says), "{}", undo["warnings"]);
    assert!(undo["warnings"].to_string().contains("from 3 to 4: undoing takes that back too."), "{}", undo["warnings"]);
    let change = &undo["changes"][0];
    assert_eq!((&change["before"], &change["after"]), (&json!(4.0), &json!(5.0)), "from what is live today: {change}");
    call(&host, "plan_apply", json!({ "planId": undo["id"], "acknowledged": true })).await.unwrap();
    let rate = routes(&host).await.into_iter().find(|route| route.id == login.id).unwrap().throttle.limit.rate;
    assert_eq!(rate, Some(5.0));
}

#[tokio::test]
async fn a_stage_that_a_template_owns_says_that_the_change_will_drift_from_it() {
    let bench = Bench::new();
    let login = login(&bench.read().await).await;
    let arn = format!("arn:aws:apigateway:eu-west-1::/restapis/{}/stages/prod", login.api_id);
    let tags = json!({ "tags": { "aws:cloudformation:stack-name": "shop-api" } });
    somebody_sends(&bench, "PUT", format!("/tags/{}", arn.replace(':', "%3A").replace('/', "%2F")), tags).await;
    let host = opened(&bench).await;
    let plan = login_to(&host, &login, "3").await;
    let warnings = plan["warnings"].to_string();
    assert!(warnings.contains("belongs to the CloudFormation stack shop-api"), "{warnings}");
}

#[tokio::test]
async fn a_stage_that_is_really_gone_leaves_a_refused_entry_and_nothing_else() {
    let bench = Bench::new();
    let host = opened(&bench).await;
    let staging = routes(&host).await.into_iter().find(|route| &*route.stage == "staging").unwrap();
    let request = json!({ "selection": { "kind": "routes", "routeIds": [staging.id] }, "rate": "3" });
    let plan = call(&host, "throttle_set", request).await.unwrap();
    somebody_sends(&bench, "DELETE", format!("/restapis/{}/stages/staging", staging.api_id), json!({})).await;
    let error = call(&host, "plan_apply", json!({ "planId": plan["id"], "acknowledged": true })).await.unwrap_err();
    assert!(error.message.contains("nothing was sent"), "{}", error.message);
    assert!(error.details[0].contains("stage staging of API"), "{:?}", error.details);
    assert_eq!(state(&host).await, "refused");
    assert_eq!(call(&host, "journal_verify", json!({})).await.unwrap()["whole"], true);
    // And a plan for it is not even made.
    let selection = json!({ "kind": "stage", "context": "demo", "apiId": staging.api_id, "stage": "staging" });
    let error = call(&host, "throttle_set", json!({ "selection": selection, "rate": "3" })).await.unwrap_err();
    assert!(error.message.contains("stage staging of API"), "{}", error.message);
}

#[tokio::test]
async fn what_is_left_of_a_route_that_is_gone_can_be_taken_away() {
    let bench = Bench::new();
    let login = login(&bench.read().await).await;
    let stage = format!("/restapis/{}/stages/prod", login.api_id);
    somebody_sends(&bench, "PATCH", stage, patch("/~1v0~1login/POST/throttling/rateLimit", "9")).await;
    let host = opened(&bench).await;
    let apis = async || call(&host, "api_list", json!({})).await.unwrap();
    let left = |apis: &Value| {
        let api = apis["items"].as_array().unwrap().iter().find(|item| item["api"]["id"] == *login.api_id).unwrap();
        let prod = api["stages"].as_array().unwrap().iter().find(|stage| stage["name"] == "prod").unwrap();
        prod["limits"].get("POST /v0/login").cloned()
    };
    assert_eq!(left(&apis().await).unwrap()["rate"], 9.0);
    let selection = json!({
        "kind": "stageMethod", "context": "demo", "apiId": login.api_id, "stage": "prod", "method": "POST", "path": "/v0/login"
    });
    let plan = call(&host, "throttle_set", json!({ "selection": selection, "remove": true })).await.unwrap();
    call(&host, "plan_apply", json!({ "planId": plan["id"], "acknowledged": true })).await.unwrap();
    assert_eq!(left(&apis().await), None);
}
