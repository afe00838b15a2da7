//! What AWS answered about canaries when somebody recorded it, asked of the demo account.
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

#[tokio::test]
async fn a_first_patch_of_a_member_creates_the_canary_and_remove_ends_it() {
    let api = Api::new().await;
    let (_, stage) =
        api.patch(json!([{ "op": "replace", "path": "/canarySettings/deploymentId", "value": api.candidate }])).await;
    assert_eq!(
        stage["canarySettings"],
        json!({ "deploymentId": api.candidate, "percentTraffic": 0.0, "useStageCache": false })
    );
    let (_, stage) = api.patch(json!([{ "op": "remove", "path": "/canarySettings" }])).await;
    assert_eq!((stage.get("canarySettings"), &stage["deploymentId"]), (None, &json!(api.base)));
    let (_, stage) =
        api.patch(json!([{ "op": "replace", "path": "/canarySettings/percentTraffic", "value": "100.0" }])).await;
    assert_eq!(
        stage["canarySettings"],
        json!({ "deploymentId": api.base, "percentTraffic": 100.0, "useStageCache": false })
    );
}

#[tokio::test]
async fn what_aws_refuses_is_refused_in_the_same_words() {
    let api = Api::new().await;
    let no_setting = |entry: &str| {
        format!("Cannot remove method setting {entry} because there is no method setting for this method ")
    };
    let add = json!({ "op": "add", "path": "/canarySettings/deploymentId", "value": api.candidate });
    assert_eq!(api.refused(add).await, "Invalid add operation with path: /canarySettings/deploymentId");
    let unknown = json!({ "op": "replace", "path": "/canarySettings/deploymentId", "value": "deploy" });
    assert_eq!(api.refused(unknown).await, "Deployment id does not exist");
    let promote = json!({ "op": "copy", "path": "/deploymentId", "from": "/canarySettings/deploymentId" });
    assert_eq!(api.refused(promote).await, "Promotion not available. Canary does not exist.");
    let whole_map = json!({ "op": "remove", "path": "/canarySettings/stageVariableOverrides" });
    assert_eq!(api.refused(whole_map).await, no_setting("canarySettings/stageVariableOverrides"));
    let bad = api.refused(json!({ "op": "replace", "path": "/canarySettings", "value": "test" })).await;
    assert!(
        bad.starts_with("Invalid method setting path: /canarySettings. Must be one of: [/deploymentId, /description, "),
        "{bad}"
    );
    let reverse = json!({ "op": "copy", "path": "/canarySettings/stageVariableOverrides", "from": "/variables" });
    assert!(
        api.refused(reverse).await.starts_with(
            "Invalid copy operation with path: /canarySettings/stageVariableOverrides and from /variables."
        )
    );
    let deployment = json!({ "stageName": "non-existing", "canarySettings": { "percentTraffic": 50.0 } });
    let (status, answer) = call(&api.account, "POST", &format!("/restapis/{}/deployments", api.id), deployment).await;
    let text = "Invalid deployment content specified.Stage non-existing must already be created before making a canary release deployment";
    assert_eq!((status, answer["message"].as_str().unwrap()), (400, text));
}

#[tokio::test]
async fn promotion_merges_the_overrides_and_leaves_the_canary() {
    let api = Api::new().await;
    let attach = json!([
        { "op": "replace", "path": "/canarySettings/deploymentId", "value": api.candidate },
        { "op": "replace", "path": "/canarySettings/percentTraffic", "value": "50" },
        { "op": "replace", "path": "/canarySettings/stageVariableOverrides/testVar", "value": "override" },
    ]);
    assert_eq!(api.patch(attach).await.0, 200);
    let (status, stage) = api.patch(promotion()).await;
    assert_eq!((status, &stage["deploymentId"]), (200, &json!(api.candidate)));
    assert_eq!(stage["variables"], json!({ "testVar": "override", "testVar2": "test2" }));
    assert_eq!(stage["canarySettings"]["percentTraffic"], json!(0.0), "the canary stays until it is removed");
}

#[tokio::test]
async fn promotion_without_a_canary_creates_a_useless_one() {
    let api = Api::new().await;
    let (status, stage) = api.patch(promotion()).await;
    assert_eq!((status, &stage["deploymentId"]), (200, &json!(api.base)));
    assert_eq!(
        stage["canarySettings"],
        json!({ "deploymentId": api.base, "percentTraffic": 0.0, "useStageCache": false })
    );
    assert_eq!(stage["variables"], json!({ "testVar": "test", "testVar2": "test2" }));
}
