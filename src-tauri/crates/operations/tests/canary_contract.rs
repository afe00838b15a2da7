//! What a candidate changes beyond what AWS's summaries of deployments know: validation, models, authorizers, integrations,
//! from the stage's export and the draft's documents.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::Bench;
use portcullis_demo::Fault;
use portcullis_domain::{canary::RouteChange, context::ContextSpec};
use portcullis_operations::{
    canary_difference::{CanaryDifference, CanaryDifferenceRequest, canary_difference},
    canary_list::{CanaryListRequest, canary_list},
    canary_start::{CanaryStartRequest, canary_start},
    host::Host,
    throttle_copy::StageName,
};
use serde_json::{Value, json};

async fn aws(bench: &Bench, method: &str, path: &str, body: Value) -> Value {
    let bytes = if body.is_null() { bytes::Bytes::new() } else { bytes::Bytes::from(body.to_string()) };
    let request = http::Request::builder().method(method).uri(path).body(bytes).unwrap();
    let answer = bench.account.answer(request).await;
    assert!(answer.status().is_success(), "{method} {path}: {:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
}

async fn api(bench: &Bench) -> String {
    let apis = aws(bench, "GET", "/restapis", Value::Null).await;
    let found = apis["item"].as_array().unwrap().iter().find(|api| api["name"] == "storefront").unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// The method of the draft, and where it is.
async fn method(bench: &Bench, api: &str, path: &str, name: &str) -> String {
    let resources = aws(bench, "GET", &format!("/restapis/{api}/resources?limit=500"), Value::Null).await;
    let items = resources["item"].as_array().unwrap().clone();
    let found = items.iter().find(|resource| resource["path"] == path).unwrap();
    format!("/restapis/{api}/resources/{}/methods/{name}", found["id"].as_str().unwrap())
}

async fn read(bench: &Bench) -> (Host, StageName) {
    let host = bench.host();
    common::select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    let all = canary_list(&host, CanaryListRequest { every_stage: true }).await.unwrap().items;
    let line = all.into_iter().find(|line| line.api_name == "storefront" && line.stage == "prod").unwrap();
    (host, StageName { context: line.context, api_id: line.api_id, stage: line.stage })
}

async fn difference(host: &Host, stage: &StageName, deployment: Option<&str>) -> CanaryDifference {
    let request = CanaryDifferenceRequest { stage: stage.clone(), deployment_id: deployment.map(str::to_owned) };
    canary_difference(host, request).await.unwrap()
}

/// The draft as somebody left it: a login without validation, sent elsewhere and given up sooner.
async fn changed() -> Bench {
    let bench = Bench::new();
    let api = api(&bench).await;
    let login = method(&bench, &api, "/v2/login", "POST").await;
    let replace =
        |path: &str, value: &str| json!({ "patchOperations": [{ "op": "replace", "path": path, "value": value }] });
    aws(&bench, "PATCH", &login, replace("/requestValidatorId", "")).await;
    aws(&bench, "PATCH", &format!("{login}/integration"), replace("/timeoutInMillis", "3000")).await;
    bench
}

fn of<'a>(found: &'a CanaryDifference, route: &str) -> Option<&'a portcullis_domain::canary::RouteDifference> {
    found.routes.iter().find(|one| format!("{} {}", one.method, one.path) == route)
}

#[tokio::test]
async fn what_the_summaries_do_not_carry_is_found_in_the_definitions() {
    let bench = Bench::new();
    let (host, stage) = read(&bench).await;
    let before = difference(&host, &stage, None).await;
    // The seed's draft takes the authorizer from one route, and changes nothing else that a summary does not carry.
    let differing: Vec<&str> =
        before.routes.iter().filter(|route| !route.contract.is_empty()).map(|route| &*route.path).collect();
    assert_eq!(differing, ["/v2/orders/{orderId}/invoice"], "{:?}", before.routes);
    assert!(of(&before, "POST /v2/login").is_none());
    let bench = changed().await;
    let (host, stage) = read(&bench).await;
    let found = difference(&host, &stage, None).await;
    let login = of(&found, "POST /v2/login").unwrap_or_else(|| panic!("{:?}", found.routes));
    assert_eq!((login.change, login.security.as_deref()), (RouteChange::Changed, None));
    assert!(login.contract.iter().any(|change| change.contains("ms → 3000 ms")), "{:?}", login.contract);
    assert!(
        login.contract.iter().any(|change| change.ends_with("→ nothing") && change.starts_with("validation")),
        "{:?}",
        login.contract
    );
    assert_eq!(found.routes.iter().filter(|route| !route.contract.is_empty()).count(), 2);
    assert!(!found.notes.iter().any(|note| note.contains("Only authorization types")), "{:?}", found.notes);
    // The plan of a start says it too.
    let start = CanaryStartRequest {
        stage,
        deployment_id: None,
        percent: "5".to_owned(),
        overrides: std::collections::BTreeMap::new(),
        use_stage_cache: false,
        description: None,
    };
    let plan = canary_start(&host, start).await.unwrap();
    assert!(plan.warnings.iter().any(|warning| warning.message.starts_with("POST /v2/login: ")), "{:?}", plan.warnings);
}

#[tokio::test]
async fn a_definition_that_cannot_be_read_is_said_and_the_summaries_still_speak() {
    let bench = changed().await;
    let (host, stage) = read(&bench).await;
    for operation in ["GetExport", "GetModels"] {
        bench.account.faults().fail(Fault::denied("apigateway", operation));
        let found = difference(&host, &stage, None).await;
        bench.account.faults().clear();
        let note = found.notes.iter().find(|note| note.contains("Only authorization types")).unwrap();
        assert!(note.contains("not authorized") || note.contains("denied"), "{operation}: {note}");
        assert!(of(&found, "POST /v2/login").is_none(), "{operation}: nothing is guessed");
        assert!(found.routes.iter().any(|route| route.security.is_some()), "{operation}: what is known is said");
    }
}

#[tokio::test]
async fn a_candidate_that_no_stage_serves_cannot_be_exported_and_one_that_a_stage_serves_can() {
    let bench = changed().await;
    let api = api(&bench).await;
    let deployed = aws(&bench, "POST", &format!("/restapis/{api}/deployments"), json!({})).await;
    let id = deployed["id"].as_str().unwrap().to_owned();
    let (host, stage) = read(&bench).await;
    let found = difference(&host, &stage, Some(&id)).await;
    assert!(
        found.notes.iter().any(|note| note.contains(&format!("no stage serves deployment {id}"))),
        "{:?}",
        found.notes
    );
    let to = json!({ "patchOperations": [{ "op": "replace", "path": "/deploymentId", "value": id }] });
    aws(&bench, "PATCH", &format!("/restapis/{api}/stages/staging"), to).await;
    let (host, stage) = read(&bench).await;
    let found = difference(&host, &stage, Some(&id)).await;
    let login = of(&found, "POST /v2/login").unwrap_or_else(|| panic!("{:?} {:?}", found.routes, found.notes));
    assert!(login.contract.iter().any(|change| change.contains("3000 ms")), "{:?}", login.contract);
}
