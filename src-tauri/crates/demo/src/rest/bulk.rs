//! Puts a planned large account in place: the documents that the operations would have made, without one call per
//! route.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Deployment, RestApi, RestApis, day_number, stages::new_stage, state::set};
use crate::{
    ACCOUNT_ID,
    scale::{PlannedApi, PlannedGuard, PlannedRoute},
    scale_keys::{PLANS, PlannedKey},
    services::Around,
};

impl RestApis {
    /// Adds the planned APIs, each deployed to `prod`.
    pub(crate) fn place(&mut self, plan: &[PlannedApi], around: &mut Around<'_>) {
        for planned in plan {
            let api = placed(planned, around);
            let id = api.document["id"].as_str().unwrap_or_default().to_owned();
            self.apis.insert(id, api);
        }
    }
}

impl RestApis {
    /// Adds the planned keys, and the plans that they are in, which open the first API. Without keys, no plans either.
    pub(crate) fn place_keys(&mut self, keys: &[PlannedKey], around: &mut Around<'_>) {
        if keys.is_empty() {
            return;
        }
        let api = self.apis.keys().next().cloned().unwrap_or_default();
        let plans: Vec<String> = PLANS
            .iter()
            .map(|(name, rate, burst, limit, _)| {
                let id = (around.id)(6);
                let document = json!({
                    "id": id, "name": name, "apiStages": [{ "apiId": api, "stage": "prod" }],
                    "throttle": { "rateLimit": rate, "burstLimit": burst },
                    "quota": { "limit": limit, "period": "DAY", "offset": 0 },
                });
                self.plans.insert(id.clone(), document);
                id
            })
            .collect();
        let (now, today) = (around.now.as_second(), day_number(around.now.to_zoned(TimeZone::UTC).date()));
        for planned in keys {
            let (id, value) = ((around.id)(10), (around.id)(40));
            let created = now - planned.age_days * 86_400;
            let document = json!({
                "id": id, "value": value, "name": planned.name, "customerId": planned.customer, "enabled": planned.enabled,
                "createdDate": created, "lastUpdatedDate": created, "stageKeys": [],
                "tags": { "tenant": planned.customer },
            });
            self.keys.insert(id.clone(), document);
            let Some(plan) = plans.get(planned.plan) else { continue };
            self.plan_keys.entry(plan.clone()).or_default().push(id.clone());
            let days: BTreeMap<i64, i64> = (0..).map(|back| today - back).zip(planned.used.iter().copied()).collect();
            if !days.is_empty() {
                self.usage.insert((plan.clone(), id), days);
            }
        }
    }
}

fn placed(planned: &PlannedApi, around: &mut Around<'_>) -> RestApi {
    let (id, root, validator) = ((around.id)(10), (around.id)(10), (around.id)(6));
    let now = around.now.as_second();
    let mut api = RestApi {
        document: json!({
            "id": id, "name": planned.name, "createdDate": now, "apiKeySource": "HEADER",
            "endpointConfiguration": { "types": [planned.endpoint], "ipAddressType": if planned.endpoint == "PRIVATE" { "dualstack" } else { "ipv4" } },
            "disableExecuteApiEndpoint": false, "rootResourceId": root,
        }),
        ..RestApi::default()
    };
    api.resources.insert(root.clone(), json!({ "id": root, "path": "/" }));
    let mut ids = BTreeMap::from([(String::new(), root)]);
    let mut authorizers = BTreeMap::new();
    for route in &planned.routes {
        let resource = resource_of(&mut api, &mut ids, &route.path, around);
        let name = match route.guard {
            PlannedGuard::Customers => Some("customers"),
            PlannedGuard::Staff => Some("staff"),
            PlannedGuard::Open | PlannedGuard::Key | PlannedGuard::Iam => None,
        };
        let authorizer = name.map(|name| authorizers.entry(name).or_insert_with(|| (around.id)(6)).clone());
        let method = method_of(route, authorizer.as_deref(), &validator, &resource, around.region);
        if let Some(document) = api.resources.get_mut(&resource) {
            if document.get("resourceMethods").is_none() {
                set(document, "resourceMethods", json!({}));
            }
            if let Some(methods) = document.get_mut("resourceMethods") {
                set(methods, route.method, method);
            }
        }
    }
    for (name, id) in authorizers {
        let pool = format!("arn:aws:cognito-idp:{}:{ACCOUNT_ID}:userpool/{name}", around.region);
        let document = json!({ "id": id, "name": name, "type": "COGNITO_USER_POOLS", "authType": "cognito_user_pools", "providerARNs": [pool], "identitySource": "method.request.header.Authorization" });
        api.authorizers.insert(id, document);
    }
    if planned.routes.iter().any(|route| route.validated) {
        let document =
            json!({ "id": validator, "name": "body", "validateRequestBody": true, "validateRequestParameters": false });
        api.validators.insert(validator, document);
    }
    let deployment = (around.id)(6);
    let summary = api.summary();
    api.deployments.insert(
        deployment.clone(),
        Deployment { document: json!({ "id": deployment, "createdDate": now }), summary, frozen: None },
    );
    let stage = new_stage(&json!({ "stageName": "prod", "deploymentId": deployment }), around);
    api.stages.insert("prod".to_owned(), stage);
    api
}

/// The resource of a path, with its parents.
fn resource_of(api: &mut RestApi, ids: &mut BTreeMap<String, String>, path: &str, around: &mut Around<'_>) -> String {
    let path = path.trim_end_matches('/');
    if let Some(id) = ids.get(path) {
        return id.clone();
    }
    let (parent, part) = path.rsplit_once('/').unwrap_or(("", path));
    let parent_id = resource_of(api, ids, parent, around);
    let id = (around.id)(6);
    api.resources.insert(id.clone(), json!({ "id": id, "parentId": parent_id, "pathPart": part, "path": path }));
    ids.insert(path.to_owned(), id.clone());
    id
}

fn method_of(route: &PlannedRoute, authorizer: Option<&str>, validator: &str, resource: &str, region: &str) -> Value {
    let kind = match route.guard {
        PlannedGuard::Open | PlannedGuard::Key => "NONE",
        PlannedGuard::Iam => "AWS_IAM",
        PlannedGuard::Customers | PlannedGuard::Staff => "COGNITO_USER_POOLS",
    };
    let mut method = json!({ "httpMethod": route.method, "authorizationType": kind, "apiKeyRequired": route.guard == PlannedGuard::Key });
    if let Some(authorizer) = authorizer {
        set(&mut method, "authorizerId", json!(authorizer));
    }
    if route.validated {
        set(&mut method, "requestValidatorId", json!(validator));
    }
    let function = format!("arn:aws:lambda:{region}:{ACCOUNT_ID}:function:handler");
    set(
        &mut method,
        "methodIntegration",
        json!({
            "type": "AWS_PROXY", "httpMethod": "POST",
            "uri": format!("arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function}/invocations"),
            "passthroughBehavior": "WHEN_NO_MATCH", "timeoutInMillis": 29000, "cacheNamespace": resource, "cacheKeyParameters": []
        }),
    );
    method
}
