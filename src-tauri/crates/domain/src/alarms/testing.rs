//! APIs for tests of alarms.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;

use serde_json::json;

use crate::{api::Api, inventory::ApiInventory, route::Route};

pub(crate) fn api(kind: &str, id: &str, name: &str) -> Api {
    serde_json::from_value(json!({ "id": id, "name": name, "kind": kind, "endpointType": "REGIONAL" })).unwrap()
}

/// With stage `prod`, on which `GET /a` and `POST /login` are served, and detailed metrics on for the latter.
pub(crate) fn inventory(kind: &str, id: &str, name: &str) -> Arc<ApiInventory> {
    let definition = |method: &str, path: &str| {
        json!({ "method": method, "path": path, "resource_id": path, "authorization_type": "NONE", "authorizer_id": null,
            "scopes": [], "api_key_required": false, "validator_id": null, "integration": null, "operation_name": null })
    };
    let live =
        |method: &str, path: &str| json!([path, method, { "authorization_type": "NONE", "api_key_required": false }]);
    let inventory = json!({
        "api": api(kind, id, name), "authorizers": [], "validators": [],
        "stages": [{ "name": "prod", "deploymentId": "d1", "detailedMetrics": { "*/*": false, "POST /login": true } }],
        "definitions": [definition("GET", "/a"), definition("POST", "/login")], "definitions_complete": true,
        "deployments": { "d1": [live("GET", "/a"), live("POST", "/login")] },
    });
    Arc::new(serde_json::from_value(inventory).unwrap())
}

/// A route of `shop`, stage `prod`.
pub(crate) fn route(method: &str, path: &str, class: &str) -> Route {
    let route = json!({
        "id": format!("1/eu-west-1/a1/prod/{method}{path}"), "context": "demo", "account": "1", "region": "eu-west-1",
        "apiId": "a1", "apiName": "shop", "apiKind": "REST", "endpointType": "REGIONAL", "stage": "prod",
        "method": method, "path": path, "audience": { "audience": "public", "source": "built-in", "reason": "" },
        "class": { "class": class, "reason": "" },
        "guard": { "authorizationType": "NONE", "scopes": [], "apiKeyRequired": false },
        "throttle": { "limit": {}, "source": "unknown", "burstSource": "unknown" }, "customUrls": [], "drift": "none",
    });
    serde_json::from_value(route).unwrap()
}
