//! What AWS answered about canaries when somebody recorded it, asked of the demo account: a test for each row of the
//! recording (LocalStack's snapshots of commit 8b9a79f, validated against AWS on 2025-05-30).
//!
//! Of what the data plane serves, the split is here: which requests `$context.isCanaryRequest` is true for, in the access
//! log. Which stage variables an invocation sees is not: the account invokes nothing, so nothing could see them.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use portcullis_demo::DemoAccount;
use portcullis_domain::FixedClock;
use serde_json::{Value, json};

/// An API with two deployments; the stage `dev` serves the first.
struct Api {
    account: DemoAccount,
    id: String,
    base: String,
    candidate: String,
}

async fn call(account: &DemoAccount, method: &str, path: &str, body: Value) -> (u16, Value) {
    let bytes = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let uri = format!("https://apigateway.eu-west-1.amazonaws.com{path}");
    let response = account.answer(Request::builder().method(method).uri(uri).body(bytes).unwrap()).await;
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or(Value::Null))
}

impl Api {
    async fn new() -> Self {
        let account = DemoAccount::empty(Arc::new(FixedClock("2026-03-02T10:00:00Z".parse().unwrap())), 7);
        let api = call(&account, "POST", "/restapis", json!({ "name": "canary" })).await.1;
        let (id, root) = (api["id"].as_str().unwrap().to_owned(), api["rootResourceId"].as_str().unwrap().to_owned());
        let method = format!("/restapis/{id}/resources/{root}/methods/GET");
        assert_eq!(call(&account, "PUT", &method, json!({ "authorizationType": "NONE" })).await.0, 201);
        assert_eq!(call(&account, "PUT", &format!("{method}/integration"), json!({ "type": "MOCK" })).await.0, 201);
        let deployments = format!("/restapis/{id}/deployments");
        let deploy = || call(&account, "POST", &deployments, json!({}));
        let base = deploy().await.1["id"].as_str().unwrap().to_owned();
        let candidate = deploy().await.1["id"].as_str().unwrap().to_owned();
        let stage = json!({ "stageName": "dev", "deploymentId": base, "variables": { "testVar": "test", "testVar2": "test2" } });
        assert_eq!(call(&account, "POST", &format!("/restapis/{id}/stages"), stage).await.0, 201);
        Self { account, id, base, candidate }
    }

    async fn patch(&self, operations: Value) -> (u16, Value) {
        let path = format!("/restapis/{}/stages/dev", self.id);
        call(&self.account, "PATCH", &path, json!({ "patchOperations": operations })).await
    }

    async fn stage(&self) -> Value {
        call(&self.account, "GET", &format!("/restapis/{}/stages/dev", self.id), Value::Null).await.1
    }

    /// `replace`, alone.
    async fn replaced(&self, path: &str, value: &str) -> (u16, Value) {
        self.patch(json!([{ "op": "replace", "path": path, "value": value }])).await
    }

    /// A canary of the candidate: half of the requests, one variable of its own.
    async fn with_canary() -> Self {
        let api = Self::new().await;
        let attach = json!([
            { "op": "replace", "path": "/canarySettings/deploymentId", "value": api.candidate },
            { "op": "replace", "path": "/canarySettings/percentTraffic", "value": "50" },
            { "op": "replace", "path": "/canarySettings/stageVariableOverrides/testVar", "value": "override" },
        ]);
        assert_eq!(api.patch(attach).await.0, 200);
        api
    }

    async fn create_stage(&self, canary: Value) -> (u16, Value) {
        let body = json!({
            "stageName": "other", "deploymentId": self.base, "variables": { "testVar": "test" }, "canarySettings": canary
        });
        call(&self.account, "POST", &format!("/restapis/{}/stages", self.id), body).await
    }

    async fn deploy(&self, body: Value) -> (u16, Value) {
        call(&self.account, "POST", &format!("/restapis/{}/deployments", self.id), body).await
    }

    async fn refused(&self, operation: Value) -> String {
        let (status, body) = self.patch(json!([operation])).await;
        assert_eq!(status, 400, "{body}");
        body["message"].as_str().unwrap().to_owned()
    }
}

fn promotion() -> Value {
    json!([
        { "op": "replace", "path": "/canarySettings/percentTraffic", "value": "0.0" },
        { "op": "copy", "path": "/deploymentId", "from": "/canarySettings/deploymentId" },
        { "op": "copy", "path": "/variables", "from": "/canarySettings/stageVariableOverrides" },
    ])
}

fn overrides(value: &str) -> Value {
    json!({ "testVar": value })
}

fn no_setting(entry: &str) -> String {
    format!("Cannot remove method setting {entry} because there is no method setting for this method ")
}

// State.

#[tokio::test]
async fn a_stage_without_a_canary_has_no_key_for_it() {
    let stage = Api::new().await.stage().await;
    assert_eq!(stage.get("canarySettings"), None, "neither null nor empty: {stage}");
}

#[tokio::test]
async fn overrides_that_were_never_set_are_absent_and_the_cache_is_always_said() {
    let api = Api::new().await;
    let (_, stage) = api.replaced("/canarySettings/deploymentId", &api.candidate).await;
    assert_eq!(stage["canarySettings"].get("stageVariableOverrides"), None);
    assert_eq!(stage["canarySettings"]["useStageCache"], json!(false));
}

#[tokio::test]
async fn the_canarys_deployment_and_variables_are_not_the_stages() {
    let api = Api::with_canary().await;
    let stage = api.stage().await;
    assert_eq!(stage["deploymentId"], json!(api.base));
    assert_eq!(stage["variables"], json!({ "testVar": "test", "testVar2": "test2" }));
}

// Creating.

#[tokio::test]
async fn create_stage_takes_a_canary_beside_its_own_deployment() {
    let api = Api::new().await;
    let canary =
        json!({ "deploymentId": api.candidate, "percentTraffic": 50.0, "stageVariableOverrides": overrides("x") });
    let (status, stage) = api.create_stage(canary).await;
    assert_eq!((status, &stage["deploymentId"]), (201, &json!(api.base)));
    assert_eq!(
        stage["canarySettings"],
        json!({ "deploymentId": api.candidate, "percentTraffic": 50.0, "stageVariableOverrides": overrides("x"), "useStageCache": false })
    );
}

#[tokio::test]
async fn create_stage_takes_a_canary_of_its_own_deployment() {
    let api = Api::new().await;
    let (status, stage) = api.create_stage(json!({ "deploymentId": api.base, "percentTraffic": 50.0 })).await;
    assert_eq!((status, &stage["canarySettings"]["deploymentId"]), (201, &json!(api.base)));
}

#[tokio::test]
async fn create_stage_refuses_a_canary_of_an_unknown_deployment() {
    let api = Api::new().await;
    let (status, answer) = api.create_stage(json!({ "deploymentId": "deploy", "percentTraffic": 50.0 })).await;
    assert_eq!((status, answer["message"].as_str()), (400, Some("Deployment id does not exist")));
}

#[tokio::test]
async fn create_stage_fills_in_its_own_deployment_for_a_canary_without_one() {
    let api = Api::new().await;
    let (status, stage) = api.create_stage(json!({ "percentTraffic": 50.0 })).await;
    assert_eq!((status, &stage["canarySettings"]["deploymentId"]), (201, &json!(api.base)));
}

#[tokio::test]
async fn create_deployment_with_a_canary_leaves_the_stage_what_it_was() {
    let api = Api::new().await;
    let settings = json!({ "percentTraffic": 50.0, "stageVariableOverrides": overrides("canary") });
    let (status, answer) = api.deploy(json!({ "stageName": "dev", "canarySettings": settings })).await;
    let names: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((status, names), (201, vec!["id", "createdDate"]), "nothing else in the answer: {answer}");
    let stage = api.stage().await;
    assert_eq!(stage["deploymentId"], json!(api.base));
    assert_eq!(stage["variables"], json!({ "testVar": "test", "testVar2": "test2" }));
    assert_eq!(
        stage["canarySettings"],
        json!({ "deploymentId": answer["id"], "percentTraffic": 50.0, "stageVariableOverrides": overrides("canary"), "useStageCache": false })
    );
}

#[tokio::test]
async fn a_second_create_deployment_replaces_the_whole_canary() {
    let api = Api::new().await;
    for (percent, value) in [(40.0, "canary1"), (50.0, "canary2")] {
        let settings = json!({ "percentTraffic": percent, "stageVariableOverrides": overrides(value) });
        let (status, answer) = api.deploy(json!({ "stageName": "dev", "canarySettings": settings })).await;
        assert_eq!(status, 201);
        let stage = api.stage().await;
        assert_eq!(stage["deploymentId"], json!(api.base), "the baseline is untouched");
        assert_eq!(
            stage["canarySettings"],
            json!({ "deploymentId": answer["id"], "percentTraffic": percent, "stageVariableOverrides": overrides(value), "useStageCache": false })
        );
    }
}

#[tokio::test]
async fn create_deployment_with_a_canary_needs_the_name_of_a_stage() {
    let api = Api::new().await;
    let settings = json!({ "percentTraffic": 50.0 });
    let must = "Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is";
    let (status, answer) = api.deploy(json!({ "canarySettings": settings })).await;
    assert_eq!((status, answer["message"].as_str().unwrap()), (400, format!("{must} null").as_str()));
    let (status, answer) = api.deploy(json!({ "stageName": "", "canarySettings": settings })).await;
    assert_eq!((status, answer["message"].as_str().unwrap()), (400, format!("{must} ").as_str()), "it ends in a space");
}

#[tokio::test]
async fn create_deployment_with_a_canary_needs_a_stage_that_exists() {
    let api = Api::new().await;
    let body = json!({ "stageName": "non-existing", "canarySettings": { "percentTraffic": 50.0 } });
    let (status, answer) = api.deploy(body).await;
    let text = "Invalid deployment content specified.Stage non-existing must already be created before making a canary release deployment";
    assert_eq!((status, answer["message"].as_str()), (400, Some(text)));
}

// Patches.

#[tokio::test]
async fn a_first_patch_of_the_deployment_makes_a_canary_at_nothing() {
    let api = Api::new().await;
    let (status, stage) = api.replaced("/canarySettings/deploymentId", &api.candidate).await;
    let made = json!({ "deploymentId": api.candidate, "percentTraffic": 0.0, "useStageCache": false });
    assert_eq!((status, &stage["canarySettings"]), (200, &made));
}

#[tokio::test]
async fn a_first_patch_of_the_share_makes_a_canary_of_the_stages_own_deployment() {
    let api = Api::new().await;
    let (status, stage) = api.replaced("/canarySettings/percentTraffic", "50").await;
    let made = json!({ "deploymentId": api.base, "percentTraffic": 50.0, "useStageCache": false });
    assert_eq!((status, &stage["canarySettings"]), (200, &made));
}

#[tokio::test]
async fn a_share_travels_as_a_string_and_comes_back_as_a_number() {
    let api = Api::with_canary().await;
    let (_, stage) = api.replaced("/canarySettings/percentTraffic", "100.0").await;
    assert_eq!(stage["canarySettings"]["percentTraffic"], json!(100.0));
    assert!(stage["canarySettings"]["percentTraffic"].is_f64());
}

#[tokio::test]
async fn a_patch_of_one_override_changes_that_one() {
    let api = Api::with_canary().await;
    api.replaced("/canarySettings/stageVariableOverrides/other", "kept").await;
    let (_, stage) = api.replaced("/canarySettings/stageVariableOverrides/testVar", "updated").await;
    assert_eq!(stage["canarySettings"]["stageVariableOverrides"], json!({ "testVar": "updated", "other": "kept" }));
}

#[tokio::test]
async fn removing_the_canary_leaves_the_baseline() {
    let api = Api::with_canary().await;
    let (status, stage) = api.patch(json!([{ "op": "remove", "path": "/canarySettings" }])).await;
    assert_eq!((status, stage.get("canarySettings")), (200, None));
    assert_eq!(stage["deploymentId"], json!(api.base));
    assert_eq!(stage["variables"], json!({ "testVar": "test", "testVar2": "test2" }));
}

#[tokio::test]
async fn the_whole_map_of_overrides_cannot_be_removed() {
    let api = Api::with_canary().await;
    let text = api.refused(json!({ "op": "remove", "path": "/canarySettings/stageVariableOverrides" })).await;
    assert_eq!(text, no_setting("canarySettings/stageVariableOverrides"));
}

#[tokio::test]
async fn a_member_that_there_is_not_cannot_be_removed() {
    let text = Api::with_canary().await.refused(json!({ "op": "remove", "path": "/canarySettings/badPath" })).await;
    assert_eq!(text, no_setting("canarySettings/badPath"));
}

#[tokio::test]
async fn the_canary_as_a_whole_cannot_be_replaced() {
    let text = Api::new().await.refused(json!({ "op": "replace", "path": "/canarySettings", "value": "test" })).await;
    let list = "Invalid method setting path: /canarySettings. Must be one of: [/deploymentId, /description, ";
    assert!(text.starts_with(list) && text.ends_with("/tracingEnabled]"), "{text}");
    assert!(!text.contains("/canarySettings/"), "AWS's list has no canary path: {text}");
}

#[tokio::test]
async fn a_member_that_there_is_not_cannot_be_replaced() {
    let patch = json!({ "op": "replace", "path": "/canarySettings/badPath", "value": "badPath" });
    let text = Api::new().await.refused(patch).await;
    assert!(text.starts_with("Invalid method setting path: /canarySettings/badPath. Must be one of: ["), "{text}");
}

#[tokio::test]
async fn canary_paths_are_replaced_and_never_added() {
    let api = Api::new().await;
    let add = json!({ "op": "add", "path": "/canarySettings/deploymentId", "value": api.candidate });
    assert_eq!(api.refused(add).await, "Invalid add operation with path: /canarySettings/deploymentId");
}

#[tokio::test]
async fn a_deployment_that_there_is_not_cannot_be_the_canarys() {
    let patch = json!({ "op": "replace", "path": "/canarySettings/deploymentId", "value": "deploy" });
    assert_eq!(Api::new().await.refused(patch).await, "Deployment id does not exist");
}

// Promotion.

#[tokio::test]
async fn a_copy_from_the_stage_to_the_canary_is_refused() {
    let reverse = json!({ "op": "copy", "path": "/canarySettings/stageVariableOverrides", "from": "/variables" });
    assert_eq!(
        Api::with_canary().await.refused(reverse).await,
        "Invalid copy operation with path: /canarySettings/stageVariableOverrides and from /variables. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]"
    );
}

#[tokio::test]
async fn a_copy_alone_without_a_canary_is_refused() {
    let promote = json!({ "op": "copy", "path": "/deploymentId", "from": "/canarySettings/deploymentId" });
    assert_eq!(Api::new().await.refused(promote).await, "Promotion not available. Canary does not exist.");
}

#[tokio::test]
async fn the_documented_promotion_without_a_canary_makes_a_useless_one() {
    let api = Api::new().await;
    let (status, stage) = api.patch(promotion()).await;
    assert_eq!((status, &stage["deploymentId"]), (200, &json!(api.base)));
    assert_eq!(
        stage["canarySettings"],
        json!({ "deploymentId": api.base, "percentTraffic": 0.0, "useStageCache": false })
    );
    assert_eq!(stage["variables"], json!({ "testVar": "test", "testVar2": "test2" }));
}

#[tokio::test]
async fn promotion_merges_the_overrides_and_leaves_the_canary() {
    let api = Api::with_canary().await;
    let (status, stage) = api.patch(promotion()).await;
    assert_eq!((status, &stage["deploymentId"]), (200, &json!(api.candidate)));
    assert_eq!(stage["variables"], json!({ "testVar": "override", "testVar2": "test2" }));
    assert_eq!(
        stage["canarySettings"],
        json!({ "deploymentId": api.candidate, "percentTraffic": 0.0, "stageVariableOverrides": overrides("override"), "useStageCache": false }),
        "until it is removed"
    );
}

// Serving.

/// How many requests each value of `$context.isCanaryRequest` had in twelve hours, by the log group.
async fn served(api: &Api) -> std::collections::BTreeMap<(String, String), u64> {
    let logs = async |operation: &str, body: Value| {
        let request = Request::post("https://logs.eu-west-1.amazonaws.com/")
            .header("x-amz-target", format!("Logs_20140328.{operation}"))
            .body(Bytes::from(body.to_string()))
            .unwrap();
        let answer = api.account.answer(request).await;
        assert!(answer.status().is_success(), "{operation}: {:?}", answer.body());
        serde_json::from_slice::<Value>(answer.body()).unwrap()
    };
    let groups = logs("DescribeLogGroups", json!({ "logGroupNamePrefix": "access" })).await;
    let names: Vec<&Value> =
        groups["logGroups"].as_array().unwrap().iter().map(|group| &group["logGroupName"]).collect();
    let query = r"parse @message /^\S+ (?<side>true|false)$/ | stats count(*) as n by @log, side";
    let now = 1_772_445_600;
    let started = json!({ "logGroupNames": names, "queryString": query, "startTime": now - 43_200, "endTime": now });
    let id = logs("StartQuery", started).await["queryId"].clone();
    loop {
        let answer = logs("GetQueryResults", json!({ "queryId": id })).await;
        if answer["status"] != "Complete" {
            continue;
        }
        let row = |row: &Value| {
            let of = |name: &str| {
                let field = row.as_array().unwrap().iter().find(|field| field["field"] == name);
                field.unwrap()["value"].as_str().unwrap().to_owned()
            };
            let group = of("@log").split_once(':').unwrap().1.to_owned();
            ((group, of("side")), of("n").parse().unwrap())
        };
        return answer["results"].as_array().unwrap().iter().map(row).collect();
    }
}

async fn served_at(percent: &str) -> std::collections::BTreeMap<(String, String), u64> {
    let api = Api::with_canary().await;
    let log = json!([
        { "op": "replace", "path": "/accessLogSettings/destinationArn", "value": "arn:aws:logs:eu-west-1:111122223333:log-group:access" },
        { "op": "replace", "path": "/accessLogSettings/format", "value": "$context.requestId $context.isCanaryRequest" },
        { "op": "replace", "path": "/canarySettings/percentTraffic", "value": percent },
    ]);
    assert_eq!(api.patch(log).await.0, 200);
    served(&api).await
}

fn side(group: &str, side: &str) -> (String, String) {
    (group.to_owned(), side.to_owned())
}

#[tokio::test]
async fn at_nothing_every_request_is_the_baselines_and_at_all_every_one_the_candidates() {
    let none = served_at("0.0").await;
    assert_eq!(none.keys().collect::<Vec<_>>(), [&side("access", "false")]);
    let all = served_at("100.0").await;
    assert_eq!(all.keys().collect::<Vec<_>>(), [&side("access", "true"), &side("access/Canary", "true")]);
    assert_eq!(
        all[&side("access", "true")],
        none[&side("access", "false")],
        "the same requests, answered by the other"
    );
}

#[tokio::test]
async fn a_canarys_requests_stand_in_the_stages_log_and_in_one_of_their_own() {
    let half = served_at("50.0").await;
    let (candidate, baseline) = (half[&side("access", "true")], half[&side("access", "false")]);
    assert_eq!(half[&side("access/Canary", "true")], candidate);
    assert!(!half.contains_key(&side("access/Canary", "false")));
    assert!(candidate > 0 && baseline > 0 && candidate.abs_diff(baseline) < (candidate + baseline) / 2, "{half:?}");
}
