//! The program is killed with SIGKILL at every step of a change that takes several, before and after each call: the next
//! start knows what AWS really has, and finishes it or takes it back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod served_here;

use std::{
    path::Path,
    process::{Child, Output, Stdio},
};

use jiff::Timestamp;
use portcullis_demo::{DemoAccount, Fault};
use serde_json::Value;

use self::served_here::{portcullis, served_at};

/// The demo account on a socket, as real as AWS to the program under test.
struct Served {
    account: DemoAccount,
    endpoint: String,
}

async fn served() -> Served {
    let (account, endpoint) = served_at("2026-03-02T10:00:00Z".parse::<Timestamp>().unwrap()).await;
    Served { account, endpoint }
}

async fn run(home: &Path, endpoint: &str, args: &[&str]) -> Output {
    let mut command = portcullis(home, endpoint, args);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

async fn json(home: &Path, endpoint: &str, args: &[&str]) -> Value {
    let output = run(home, endpoint, &[args, &["--output", "json"]].concat()).await;
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// "All login routes: 2 per second": four stages, so four calls, the last of them to an HTTP API.
const CHANGE: &[&str] = &[
    "throttle",
    "set",
    "--filter",
    "routeClass=login",
    "--rate",
    "2",
    "--burst",
    "4",
    "--yes",
    "--access",
    "operator",
];

/// The limits of every login route, as AWS has them.
async fn limits(home: &Path, endpoint: &str) -> Vec<(f64, f64)> {
    let answer = json(home, endpoint, &["routes", "--filter", "routeClass=login"]).await;
    let number = |item: &Value, field: &str| item[field].as_f64().unwrap();
    answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (number(item, "rateLimit"), number(item, "burstLimit")))
        .collect()
}

fn kill(mut child: Child) {
    // SIGKILL: nothing of the program runs after it.
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Starts a change and kills it while call `call` has no answer; with `executed`, the call had its effect.
async fn killed_at(home: &Path, served: &Served, change: &[&str], call: u32, executed: bool) {
    let operation = |service, skip| Fault {
        service,
        operation: "UpdateStage",
        skip,
        times: Some(1),
        silent: true,
        after_executing: executed,
        ..Fault::default()
    };
    // The first three calls go to REST stages, the fourth to an HTTP stage: one operation name in two services.
    served.account.faults().fail(operation("", call));
    let mut silenced = served.account.faults().silenced();
    let mut command = portcullis(home, &served.endpoint, change);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
    silenced.changed().await.unwrap();
    kill(child);
    served.account.faults().clear();
}

async fn unfinished(home: &Path, endpoint: &str) -> String {
    let journal = json(home, endpoint, &["journal"]).await;
    let line = &journal["items"][0];
    assert_eq!(line["state"], "unfinished", "{journal:#}");
    line["id"].as_str().unwrap().to_owned()
}

/// One life of a change: killed at a call, looked at, and led on.
async fn killed_then(call: u32, executed: bool, way: &str) {
    let case = format!("killed at call {call}, executed {executed}, then {way}");
    let (home, served) = (tempfile::tempdir().unwrap(), served().await);
    let (home, endpoint) = (home.path(), served.endpoint.as_str());
    let before = limits(home, endpoint).await;
    killed_at(home, &served, CHANGE, call, executed).await;

    let entry = unfinished(home, endpoint).await;
    let looked = json(home, endpoint, &["journal", "resume", &entry]).await;
    let steps = looked["resumed"]["interrupted"]["steps"].as_array().unwrap();
    let done = steps.iter().filter(|state| *state == "done").count();
    assert_eq!(done, call as usize + usize::from(executed), "{case}: {steps:?}");

    // Nobody else gets at what it holds, even with another limit.
    let other: Vec<&str> = CHANGE.iter().map(|word| if *word == "2" { "3" } else { *word }).collect();
    let second = run(home, endpoint, &other).await;
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(5), "{case}: {said}");
    assert!(said.contains(&entry), "{case}: {said}");

    let resumed = run(home, endpoint, &["journal", "resume", &entry, "--way", way, "--access", "operator"]).await;
    assert_eq!(resumed.status.code(), Some(0), "{case}: {}", String::from_utf8_lossy(&resumed.stderr));
    let expected = if way == "finish" { vec![(2.0, 4.0); before.len()] } else { before };
    assert_eq!(limits(home, endpoint).await, expected, "{case}");
    assert_eq!(run(home, endpoint, &["journal", "verify"]).await.status.code(), Some(0), "{case}");
    let journal = json(home, endpoint, &["journal"]).await;
    let line = journal["items"].as_array().unwrap().iter().find(|line| line["id"] == entry.as_str()).unwrap();
    assert_eq!(line["state"], if way == "finish" { "applied" } else { "rolled-back" }, "{case}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_was_killed_at_any_step_is_finished_or_taken_back() {
    let mut cases = tokio::task::JoinSet::new();
    for call in 0..4 {
        for executed in [false, true] {
            for way in ["finish", "take-back"] {
                cases.spawn(killed_then(call, executed, way));
            }
        }
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

/// One rule of a web ACL: one call that replaces all of it, with WAF's lock token.
const WAF_CHANGE: &[&str] = &[
    "waf",
    "rate",
    "set",
    "--acl",
    "shop-shield",
    "--rule",
    "limit-login",
    "--limit",
    "50",
    "--yes",
    "--access",
    "operator",
];

async fn waf_limit(home: &Path, endpoint: &str) -> u64 {
    let answer = json(home, endpoint, &["waf", "show", "shop-shield"]).await;
    let rules = answer["items"][0]["acl"]["rules"].as_array().unwrap();
    rules.iter().find(|rule| rule["name"] == "limit-login").unwrap()["rate"]["limit"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_web_acl_that_was_killed_is_finished_or_taken_back() {
    for (executed, way) in [(false, "finish"), (true, "finish"), (true, "take-back"), (false, "take-back")] {
        let case = format!("executed {executed}, then {way}");
        let (home, served) = (tempfile::tempdir().unwrap(), served().await);
        let (home, endpoint) = (home.path(), served.endpoint.as_str());
        served.account.faults().fail(Fault {
            service: "wafv2",
            operation: "UpdateWebACL",
            times: Some(1),
            silent: true,
            after_executing: executed,
            ..Fault::default()
        });
        let mut silenced = served.account.faults().silenced();
        let mut command = portcullis(home, endpoint, WAF_CHANGE);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
        silenced.changed().await.unwrap();
        kill(child);
        served.account.faults().clear();
        assert_eq!(waf_limit(home, endpoint).await, if executed { 50 } else { 100 }, "{case}");
        let entry = unfinished(home, endpoint).await;
        let resumed = run(home, endpoint, &["journal", "resume", &entry, "--way", way, "--access", "operator"]).await;
        assert_eq!(resumed.status.code(), Some(0), "{case}: {}", String::from_utf8_lossy(&resumed.stderr));
        assert_eq!(waf_limit(home, endpoint).await, if way == "finish" { 50 } else { 100 }, "{case}");
        assert_eq!(run(home, endpoint, &["journal", "verify"]).await.status.code(), Some(0), "{case}");
    }
}

/// What a second program hears of a change that a first one is making: exit status, and what it says.
async fn told(home: &Path, endpoint: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = run(home, endpoint, args).await;
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A change that waits for AWS in one program is under way for every other that shares its journal, and is nobody's the
/// moment that program is killed.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_a_living_program_makes_is_not_resumed_by_another_and_is_free_when_it_is_killed() {
    let (home, served) = (tempfile::tempdir().unwrap(), served().await);
    let (home, endpoint) = (home.path(), served.endpoint.as_str());
    let before = limits(home, endpoint).await;
    let silence = Fault { operation: "UpdateStage", skip: 1, times: Some(1), silent: true, ..Fault::default() };
    served.account.faults().fail(silence);
    let mut silenced = served.account.faults().silenced();
    let mut command = portcullis(home, endpoint, CHANGE);
    let owner = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
    silenced.changed().await.unwrap();
    served.account.faults().clear();

    let journal = json(home, endpoint, &["journal"]).await;
    assert_eq!(journal["items"][0]["state"], "running", "{journal:#}");
    let entry = journal["items"][0]["id"].as_str().unwrap();
    let (_, listed) = told(home, endpoint, &["journal"]).await;
    assert!(!listed.contains("interrupted"), "{listed}");
    let shown = run(home, endpoint, &["journal", "show", entry]).await;
    assert!(String::from_utf8_lossy(&shown.stdout).contains("Under way"), "{shown:?}");
    let elsewhere = format!("Change {entry} is under way in another window or command line of this machine");
    for args in [
        &["journal", "resume", entry][..],
        &["journal", "resume", entry, "--way", "finish", "--access", "operator"],
        &["journal", "resume", entry, "--way", "take-back", "--access", "operator"],
        &["undo", entry, "--yes", "--access", "operator"],
    ] {
        let (status, said) = told(home, endpoint, args).await;
        assert_eq!(status, Some(5), "{args:?}: {said}");
        assert!(said.contains(&elsewhere), "{args:?}: {said}");
    }
    let (status, said) = told(home, endpoint, CHANGE).await;
    assert_eq!(status, Some(5), "{said}");
    assert!(said.contains(&format!("Change {entry} is under way: wait until it is done")), "{said}");

    kill(owner);
    assert_eq!(unfinished(home, endpoint).await, entry);
    let (status, said) =
        told(home, endpoint, &["journal", "resume", entry, "--way", "take-back", "--access", "operator"]).await;
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(limits(home, endpoint).await, before);
    let left: Vec<_> = std::fs::read_dir(home.join("data/changes")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Promote and remove the canary: two calls on one stage, the second building on the first.
const PROMOTION: &[&str] = &[
    "canary",
    "promote",
    "--api",
    "storefront",
    "--stage",
    "prod",
    "--remove-canary",
    "--yes",
    "--access",
    "operator",
];

/// Baseline and candidate of the shop's production stage, as AWS has them.
async fn release(home: &Path, endpoint: &str) -> (String, Option<String>) {
    let answer = json(home, endpoint, &["canary", "status", "--all"]).await;
    let of_shop = |line: &&Value| line["apiName"] == "storefront" && line["stage"] == "prod";
    let line = answer["items"].as_array().unwrap().iter().find(of_shop).unwrap();
    let text = |member: &str| line[member].as_str().map(str::to_owned);
    (text("baselineDeployment").unwrap(), text("candidateDeployment"))
}

/// One life of a promotion: killed at a call, then led on, or rolled back past the entry that holds the stage.
async fn promotion_killed_then(call: u32, executed: bool, way: &str) {
    let case = format!("promotion killed at call {call}, executed {executed}, then {way}");
    let (home, served) = (tempfile::tempdir().unwrap(), served().await);
    let (home, endpoint) = (home.path(), served.endpoint.as_str());
    let before = release(home, endpoint).await;
    let candidate = before.1.clone().unwrap();
    killed_at(home, &served, PROMOTION, call, executed).await;
    let entry = unfinished(home, endpoint).await;

    let rollback = ["canary", "rollback", "--api", "storefront", "--stage", "prod", "--yes", "--access", "operator"];
    let resume = ["journal", "resume", &entry, "--way", way, "--access", "operator"];
    let led = run(home, endpoint, if way == "rollback" { &rollback } else { &resume }).await;
    assert_eq!(led.status.code(), Some(0), "{case}: {}", String::from_utf8_lossy(&led.stderr));
    let expected = match way {
        "finish" => (candidate, None),
        "take-back" => before,
        // The deployment from before, and no canary.
        _ => (before.0, None),
    };
    assert_eq!(release(home, endpoint).await, expected, "{case}");
    assert_eq!(run(home, endpoint, &["journal", "verify"]).await.status.code(), Some(0), "{case}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promotion_that_was_killed_at_any_step_is_finished_taken_back_or_rolled_back() {
    let mut cases = tokio::task::JoinSet::new();
    for call in 0..2 {
        for executed in [false, true] {
            for way in ["finish", "take-back", "rollback"] {
                cases.spawn(promotion_killed_then(call, executed, way));
            }
        }
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

/// Share and variables of the canary, beside the deployments.
async fn canary(home: &Path, endpoint: &str) -> (String, Option<String>, f64) {
    let answer = json(home, endpoint, &["canary", "status", "--all"]).await;
    let of_shop = |line: &&Value| line["apiName"] == "storefront" && line["stage"] == "prod";
    let line = answer["items"].as_array().unwrap().iter().find(of_shop).unwrap();
    let text = |member: &str| line[member].as_str().map(str::to_owned);
    (text("baselineDeployment").unwrap(), text("candidateDeployment"), line["release"]["percent"].as_f64().unwrap())
}

/// One life of a change of the share, or of a rollback: one call, which happened or did not.
async fn one_call_killed_then(verb: &str, executed: bool, way: &str) {
    let case = format!("{verb} killed, executed {executed}, then {way}");
    let (home, served) = (tempfile::tempdir().unwrap(), served().await);
    let (home, endpoint) = (home.path(), served.endpoint.as_str());
    let before = canary(home, endpoint).await;
    let place = ["--api", "storefront", "--stage", "prod", "--yes", "--access", "operator"];
    let words: &[&str] = if verb == "set" { &["canary", "set", "--percent", "25"] } else { &["canary", "rollback"] };
    killed_at(home, &served, &[words, &place].concat(), 0, executed).await;
    let after = if verb == "set" { (before.0.clone(), before.1.clone(), 25.0) } else { (before.0.clone(), None, 0.0) };
    assert_eq!(canary(home, endpoint).await, if executed { after.clone() } else { before.clone() }, "{case}");
    let entry = unfinished(home, endpoint).await;
    let resume = ["journal", "resume", &entry, "--way", way, "--access", "operator"];
    let rollback = [&["canary", "rollback"][..], &place].concat();
    let led = run(home, endpoint, if way == "rollback" { &rollback } else { &resume }).await;
    assert_eq!(led.status.code(), Some(0), "{case}: {}", String::from_utf8_lossy(&led.stderr));
    let expected = match way {
        "finish" => after,
        "take-back" => before,
        _ => (before.0, None, 0.0),
    };
    assert_eq!(canary(home, endpoint).await, expected, "{case}");
    assert_eq!(run(home, endpoint, &["journal", "verify"]).await.status.code(), Some(0), "{case}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_or_a_rollback_that_was_killed_is_finished_or_taken_back() {
    let mut cases = tokio::task::JoinSet::new();
    for executed in [false, true] {
        for way in ["finish", "take-back", "rollback"] {
            cases.spawn(one_call_killed_then("set", executed, way));
        }
        for way in ["finish", "take-back"] {
            cases.spawn(one_call_killed_then("rollback", executed, way));
        }
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

/// Starting a canary is one call that makes something new: whether it happened only AWS knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_was_killed_is_seen_for_what_it_did() {
    let start: Vec<&str> =
        "canary start --api storefront --stage staging --percent 5 --yes --access operator --accept exposes"
            .split(' ')
            .collect();
    for executed in [false, true] {
        let (home, served) = (tempfile::tempdir().unwrap(), served().await);
        let (home, endpoint) = (home.path(), served.endpoint.as_str());
        let fault = Fault {
            operation: "CreateDeployment",
            times: Some(1),
            silent: true,
            after_executing: executed,
            ..Fault::default()
        };
        served.account.faults().fail(fault);
        let mut silenced = served.account.faults().silenced();
        let mut command = portcullis(home, endpoint, &start);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
        silenced.changed().await.unwrap();
        kill(child);
        served.account.faults().clear();
        let entry = unfinished(home, endpoint).await;
        let looked = json(home, endpoint, &["journal", "resume", &entry]).await;
        let done = looked["resumed"]["interrupted"]["steps"][0] == "done";
        assert_eq!(done, executed, "{looked:#}");
        let back =
            run(home, endpoint, &["journal", "resume", &entry, "--way", "take-back", "--access", "operator"]).await;
        assert_eq!(back.status.code(), Some(0), "executed {executed}: {}", String::from_utf8_lossy(&back.stderr));
        let answer = json(home, endpoint, &["canary", "status", "--all"]).await;
        let staging = answer["items"].as_array().unwrap().iter().find(|line| line["stage"] == "staging").unwrap();
        assert_eq!(staging["release"]["state"], "none", "executed {executed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollback_by_id_waits_for_no_reading() {
    let (home, served) = (tempfile::tempdir().unwrap(), served().await);
    let (home, endpoint) = (home.path(), served.endpoint.as_str());
    let answer = json(home, endpoint, &["canary", "status"]).await;
    let api = answer["items"][0]["apiId"].as_str().unwrap().to_owned();
    for operation in ["GetRestApis", "GetResources", "GetDeployments", "GetStages"] {
        served.account.faults().fail(Fault { operation, silent: true, ..Fault::default() });
    }
    let args = ["canary", "rollback", "--api", &api, "--stage", "prod", "--yes", "--access", "operator"];
    let done = run(home, endpoint, &args).await;
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    served.account.faults().clear();
    let answer = json(home, endpoint, &["canary", "status"]).await;
    assert_eq!(answer["items"].as_array().unwrap().len(), 0, "{answer:#}");
}
