//! The power goes while a change is under way: at every call of every operation whose plans have several, before the call
//! had its effect and after. The next start knows what AWS really has, and finishes the change or takes it back.
//!
//! Which operations those are is the catalogue's word (`calls: Many`): one without a scenario here fails. The same with
//! SIGKILL, on the whole program, is `cli/tests/crash.rs`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use common::Bench;
use futures::future::{BoxFuture, FutureExt as _};
use portcullis_demo::Fault;
use portcullis_domain::{change::Plan, route_query::RouteFilter};
use portcullis_operations::{
    catalogue::{CATALOGUE, Calls, Effect, call},
    host::Host,
    throttle_set::ThrottleSelection,
};
use serde_json::{Value, json};

/// Makes a plan of several calls; what has to be there before it is made too.
type Scenario = fn(&Host) -> BoxFuture<'_, Value>;

/// By operation.
const SCENARIOS: &[(&str, Scenario)] = &[
    ("throttle_set", |host| all_logins(host).boxed()),
    ("throttle_copy", |host| to_two_stages(host).boxed()),
    ("canary_promote", |host| promotion(host).boxed()),
    ("tenant_move", |host| to_another_plan(host).boxed()),
    ("key_rotate", |host| a_key_beside_the_old_one(host).boxed()),
    ("alarm_create", |host| two_alarms(host).boxed()),
    ("change_undo", |host| back_from_all_logins(host).boxed()),
];

async fn all_logins(host: &Host) -> Value {
    let filter = RouteFilter { tokens: vec!["routeClass=login".parse().unwrap()], ..RouteFilter::default() };
    let selection = ThrottleSelection::Matching { filter };
    call(host, "throttle_set", json!({ "selection": selection, "rate": "2", "burst": "4" })).await.unwrap()
}

/// An API's id, and the name of a stage of it.
async fn stage(host: &Host, api: &str, stage: &str) -> Value {
    let route = common::routes(host).await.into_iter().find(|route| &*route.api_name == api).unwrap();
    json!({ "context": "demo", "apiId": route.api_id, "stage": stage })
}

async fn to_two_stages(host: &Host) -> Value {
    let from = stage(host, "storefront", "prod").await;
    let to = [stage(host, "storefront", "staging").await, stage(host, "clinic-portal", "prod").await];
    call(host, "throttle_copy", json!({ "from": from, "to": to })).await.unwrap()
}

async fn promotion(host: &Host) -> Value {
    let request = json!({ "stage": stage(host, "storefront", "prod").await, "removeCanary": true });
    call(host, "canary_promote", request).await.unwrap()
}

/// The first row of a tenant on the board.
async fn row(host: &Host, tenant: &str) -> Value {
    call(host, "tenant_get", json!({ "tenant": tenant })).await.unwrap()["plans"][0]["row"].clone()
}

async fn to_another_plan(host: &Host) -> Value {
    let (row, to) = (row(host, "practice-c").await, row(host, "clinic-harbour").await);
    let request = json!({
        "context": "demo", "keyId": row["keyId"], "from": row["usagePlanId"], "to": to["usagePlanId"], "keepRemaining": true
    });
    call(host, "tenant_move", request).await.unwrap()
}

async fn a_key_beside_the_old_one(host: &Host) -> Value {
    let key = row(host, "hospital-group").await["keyId"].clone();
    call(host, "key_rotate", json!({ "context": "demo", "keyId": key, "stage": "start" })).await.unwrap()
}

async fn two_alarms(host: &Host) -> Value {
    let wanted = json!([{ "stage": stage(host, "partner", "prod").await, "subjects": ["client-errors", "latency"] }]);
    call(host, "alarm_create", json!({ "wanted": wanted })).await.unwrap()
}

async fn back_from_all_logins(host: &Host) -> Value {
    let plan = all_logins(host).await;
    let entry = apply(host, &plan).await;
    call(host, "change_undo", json!({ "entry": entry })).await.unwrap()
}

async fn apply(host: &Host, plan: &Value) -> Value {
    let request = json!({ "planId": plan["id"], "reason": "a test", "acknowledged": true });
    call(host, "plan_apply", request).await.unwrap()["entry"].clone()
}

/// A host that may change the account, on what is there.
async fn opened(bench: &Bench) -> Host {
    let host = bench.read().await;
    let access = json!({ "context": "demo", "access": { "mode": "operator", "protected": false } });
    call(&host, "context_access_set", access).await.unwrap();
    host
}

/// Everything that the scenarios change, as AWS gives it back, read from the beginning.
async fn world(bench: &Bench) -> Value {
    let host = opened(bench).await;
    let mut board = call(&host, "tenant_list", json!({ "afresh": true })).await.unwrap()["rows"].clone();
    for row in board.as_array_mut().unwrap() {
        // AWS chooses the id of a new key: which one it is, is not what a change is about.
        let row = row.as_object_mut().unwrap();
        row.retain(|name, _| name != "id" && name != "keyId");
    }
    let mut canaries = call(&host, "canary_list", json!({ "everyStage": true })).await.unwrap()["items"].clone();
    for line in canaries.as_array_mut().unwrap() {
        // A stage that was changed and changed back was changed.
        line.as_object_mut().unwrap().remove("lastUpdated");
    }
    let alarms = call(&host, "alarm_list", json!({ "limit": 500 })).await.unwrap()["items"].clone();
    // An alarm's state goes with the traffic and the minute; which alarms there are is what a change is about.
    let alarms: Vec<Value> = alarms.as_array().unwrap().iter().map(|line| line["name"].clone()).collect();
    json!([common::routes(&host).await, board, canaries, alarms])
}

/// What a change is worth: the account before it, after it, and its plan.
struct Rehearsal {
    before: Value,
    after: Value,
    plan: Plan,
}

async fn rehearsed(scenario: Scenario) -> Rehearsal {
    let bench = Bench::new();
    let host = opened(&bench).await;
    let plan = scenario(&host).await;
    drop(host);
    let before = world(&bench).await;
    let again = Bench::new();
    let host = opened(&again).await;
    let made = scenario(&host).await;
    apply(&host, &made).await;
    Rehearsal { before, after: world(&again).await, plan: serde_json::from_value(plan).unwrap() }
}

/// Begins the change and cuts the power while call `step` has no answer; `executed`: it had its effect.
fn cut_at(bench: &Bench, scenario: Scenario, plan: &Plan, step: usize, executed: bool) -> String {
    let operation = plan.steps[step].call.operation();
    let earlier = plan.steps[..step].iter().filter(|step| step.call.operation() == operation).count();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let entry = runtime.block_on(async {
        let host = opened(bench).await;
        let plan = scenario(&host).await;
        let silence = Fault {
            operation,
            skip: u32::try_from(earlier).unwrap(),
            times: Some(1),
            silent: true,
            after_executing: executed,
            ..Fault::default()
        };
        bench.account.faults().fail(silence);
        let mut silenced = bench.account.faults().silenced();
        let id = plan["id"].as_str().unwrap().to_owned();
        tokio::spawn(async move { apply(&host, &plan).await });
        silenced.changed().await.unwrap();
        id
    });
    // Nothing of the program runs after this: its tasks are gone in the middle of what they did.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    bench.account.faults().clear();
    entry
}

fn one_life(name: &str, scenario: Scenario, rehearsal: &Rehearsal, step: usize, executed: bool, way: &str) {
    let case = format!("{name}: cut at call {}, executed {executed}, then {way}", step + 1);
    let bench = Bench::new();
    let entry = cut_at(&bench, scenario, &rehearsal.plan, step, executed);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let host = opened(&bench).await;
        let journal = call(&host, "journal_list", json!({ "limit": 50 })).await.unwrap();
        assert_eq!(journal["unfinished"], 1, "{case}: {journal:#}");
        assert_eq!((&journal["lines"][0]["id"], &journal["lines"][0]["state"]), (&json!(entry), &json!("unfinished")));
        let resume = async |way: &str| call(&host, "change_resume", json!({ "entry": entry, "way": way })).await;
        let looked = resume("look").await.unwrap_or_else(|error| panic!("{case}: {error}"));
        let steps = looked["interrupted"]["steps"].as_array().unwrap();
        let done = steps.iter().filter(|state| *state == "done").count();
        assert_eq!(done, step + usize::from(executed), "{case}: {steps:?}");
        let resumed = resume(way).await.unwrap_or_else(|error| panic!("{case}: {error} {:?}", error.details));
        let outcome = if way == "finish" { "applied" } else { "rolled-back" };
        assert_eq!(resumed["entry"]["outcome"], outcome, "{case}");
        assert_eq!(call(&host, "journal_verify", json!({})).await.unwrap()["whole"], true, "{case}");
        drop(host);
        let expected = if way == "finish" { &rehearsal.after } else { &rehearsal.before };
        let found = world(&bench).await;
        assert!(found == *expected, "{case}: the account is not as it should be{}", first_difference(expected, &found));
    });
}

/// Where two documents part.
fn first_difference(expected: &Value, found: &Value) -> String {
    match (expected, found) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .enumerate()
            .find(|(_, (one, other))| one != other)
            .map_or_else(String::new, |(at, (one, other))| format!("/{at}{}", first_difference(one, other))),
        (Value::Object(one), Value::Object(other)) => one
            .iter()
            .find(|(name, value)| other.get(*name) != Some(value))
            .map_or_else(String::new, |(name, value)| {
                format!("/{name}{}", first_difference(value, other.get(name).unwrap_or(&Value::Null)))
            }),
        _ => format!(": {expected} was expected, {found} is there"),
    }
}

#[test]
fn every_operation_of_several_calls_survives_a_power_cut_at_each_of_them() {
    let many = CATALOGUE.iter().filter(|operation| operation.effect == Effect::Plan && operation.calls == Calls::Many);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cases: Vec<(&str, Scenario, Rehearsal)> = many
        .map(|operation| {
            let name = operation.name;
            let found = SCENARIOS.iter().find(|(of, _)| *of == name).map(|(_, scenario)| *scenario);
            let scenario =
                found.unwrap_or_else(|| panic!("{name} makes plans of several calls: give it a scenario here"));
            let rehearsal = runtime.block_on(rehearsed(scenario));
            assert!(rehearsal.plan.steps.len() > 1, "the scenario of {name} has one call only");
            assert_ne!(rehearsal.before, rehearsal.after, "the scenario of {name} changes nothing that is looked at");
            (name, scenario, rehearsal)
        })
        .collect();
    for (name, scenario, rehearsal) in &cases {
        for step in 0..rehearsal.plan.steps.len() {
            std::thread::scope(|threads| {
                for executed in [false, true] {
                    for way in ["finish", "take-back"] {
                        threads.spawn(move || one_life(name, *scenario, rehearsal, step, executed, way));
                    }
                }
            });
        }
    }
}
