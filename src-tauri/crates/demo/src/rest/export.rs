//! `GetExport`: what a stage's deployment froze, as Swagger. AWS was recorded to write integrations' types and behaviours
//! small, to leave default timeouts out, and a stage's path as `basePath`
//! (`test_apigateway_extended`, `test_export_swagger_openapi`).

use serde_json::{Map, Value, json};

use super::{
    Call, RestApi, RestApis,
    state::{Documents, Frozen, bad_request, not_found, text},
};
use crate::services::{Around, Outcome, Refusal};

impl RestApis {
    pub(super) fn get_export(&mut self, call: &Call<'_>, around: &Around<'_>) -> Outcome {
        let api_id = call.path("api").to_owned();
        let kind = call.path("kind");
        if kind != "swagger" {
            return Err(Refusal::not_implemented("apigateway", &format!("GetExport of type {kind}")));
        }
        let extensions = match call.query.get("extensions") {
            None => "",
            Some(wanted @ ("apigateway" | "integrations" | "authorizers" | "integrations,authorizers")) => wanted,
            Some(other) => return Err(bad_request(format!("Unsupported export extension {other}"))),
        };
        let api = self.api(&api_id)?;
        let name = call.path("stage").to_owned();
        let stage = api.stages.get(&name).ok_or_else(|| not_found("Invalid stage identifier specified"))?;
        let frozen =
            api.deployments.get(text(stage, "deploymentId")).and_then(|deployment| deployment.frozen.as_deref());
        // The large accounts keep summaries only.
        let frozen = frozen.ok_or_else(|| Refusal::not_implemented("apigateway", "GetExport of this deployment"))?;
        let host = format!("{api_id}.execute-api.{}.amazonaws.com", around.region);
        Ok((200, document(api, frozen, &host, &name, extensions)))
    }
}

fn document(api: &RestApi, frozen: &Frozen, host: &str, stage: &str, extensions: &str) -> Value {
    let all = extensions == "apigateway";
    let mut paths = Map::new();
    for resource in frozen.resources.values() {
        let mut operations = Map::new();
        for (method, document) in resource["resourceMethods"].as_object().into_iter().flatten() {
            let name =
                if method == "ANY" { "x-amazon-apigateway-any-method".to_owned() } else { method.to_lowercase() };
            operations.insert(name, operation(frozen, document, all || extensions.contains("integrations"), all));
        }
        if !operations.is_empty() {
            paths.insert(text(resource, "path").to_owned(), Value::Object(operations));
        }
    }
    let mut tree = json!({
        "swagger": "2.0", "info": { "version": api.document["version"], "title": api.document["name"] },
        "host": host, "basePath": format!("/{stage}"), "schemes": ["https"], "paths": paths
    });
    if !frozen.authorizers.is_empty() {
        tree["securityDefinitions"] = schemes(&frozen.authorizers, all || extensions.contains("authorizers"));
    }
    let definitions: Map<String, Value> = frozen
        .models
        .values()
        .filter_map(|model| {
            let schema: Value = serde_json::from_str(text(model, "schema")).ok()?;
            Some((text(model, "name").to_owned(), plain(&schema)))
        })
        .collect();
    if !definitions.is_empty() {
        tree["definitions"] = Value::Object(definitions);
    }
    if all && !frozen.validators.is_empty() {
        let of = |validator: &Value| {
            let checks = json!({
                "validateRequestParameters": validator["validateRequestParameters"],
                "validateRequestBody": validator["validateRequestBody"]
            });
            (text(validator, "name").to_owned(), checks)
        };
        tree["x-amazon-apigateway-request-validators"] =
            frozen.validators.values().map(of).collect::<Map<_, _>>().into();
    }
    tree
}

fn operation(frozen: &Frozen, method: &Value, integrations: bool, all: bool) -> Value {
    let mut operation = json!({});
    if let Some(name) = method.get("operationName") {
        operation["operationId"] = name.clone();
    }
    let mut parameters: Vec<Value> = Vec::new();
    for (name, required) in method["requestParameters"].as_object().into_iter().flatten() {
        let Some((place, name)) = name.strip_prefix("method.request.").and_then(|name| name.split_once('.')) else {
            continue;
        };
        let place = if place == "querystring" { "query" } else { place };
        parameters.push(json!({ "name": name, "in": place, "required": required, "type": "string" }));
    }
    if let Some(model) = method["requestModels"].as_object().and_then(|models| models.values().next()?.as_str()) {
        let schema = json!({ "$ref": format!("#/definitions/{model}") });
        parameters.push(json!({ "in": "body", "name": model, "required": true, "schema": schema }));
    }
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    let mut responses = Map::new();
    for status in method["methodResponses"].as_object().into_iter().flat_map(Map::keys) {
        responses.insert(status.clone(), json!({ "description": format!("{status} response") }));
    }
    operation["responses"] = Value::Object(responses);
    let mut security: Vec<Value> = Vec::new();
    if let Some(authorizer) = frozen.authorizers.get(text(method, "authorizerId")) {
        let scopes = method.get("authorizationScopes").cloned().unwrap_or_else(|| json!([]));
        security.push(json!({ text(authorizer, "name"): scopes }));
    }
    if method["apiKeyRequired"] == json!(true) {
        security.push(json!({ "api_key": [] }));
    }
    if !security.is_empty() {
        operation["security"] = json!(security);
    }
    if all && let Some(validator) = frozen.validators.get(text(method, "requestValidatorId")) {
        operation["x-amazon-apigateway-request-validator"] = validator["name"].clone();
    }
    if integrations && let Some(integration) = method["methodIntegration"].as_object() {
        operation["x-amazon-apigateway-integration"] = exported_integration(integration);
    }
    operation
}

fn exported_integration(integration: &Map<String, Value>) -> Value {
    let mut exported = json!({});
    for (member, value) in integration {
        match member.as_str() {
            "type" | "passthroughBehavior" => {
                exported[member] = json!(value.as_str().unwrap_or_default().to_lowercase());
            }
            "timeoutInMillis" if *value == json!(29_000) => {}
            "connectionType" if *value == json!("INTERNET") => {}
            "cacheNamespace" | "cacheKeyParameters" => {}
            "integrationResponses" => {
                let responses = value.as_object().into_iter().flatten();
                exported["responses"] = responses
                    .map(|(status, response)| {
                        let pattern = response["selectionPattern"].as_str().unwrap_or("default");
                        (pattern.to_owned(), json!({ "statusCode": status }))
                    })
                    .collect::<Map<_, _>>()
                    .into();
            }
            _ => exported[member] = value.clone(),
        }
    }
    exported
}

fn schemes(authorizers: &Documents, extensions: bool) -> Value {
    let scheme = |authorizer: &Value| {
        let kind = text(authorizer, "type").to_lowercase();
        let mut scheme = json!({ "type": "apiKey", "name": "Authorization", "in": "header" });
        if extensions {
            let mut own = authorizer.clone();
            if let Some(own) = own.as_object_mut() {
                own.retain(|member, _| !["id", "name", "authType"].contains(&member.as_str()));
                own.insert("type".to_owned(), json!(kind));
            }
            scheme["x-amazon-apigateway-authtype"] = json!(if kind == "cognito_user_pools" { &kind } else { "custom" });
            scheme["x-amazon-apigateway-authorizer"] = own;
        }
        (text(authorizer, "name").to_owned(), scheme)
    };
    authorizers.values().map(scheme).collect::<Map<_, _>>().into()
}

/// References to models by URL become references within the document; what only describes the schema goes.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "$schema")
            .map(|(name, value)| match (name.as_str(), value.as_str()) {
                ("$ref", Some(url)) => {
                    let model = url.rsplit('/').next().unwrap_or_default();
                    (name.clone(), json!(format!("#/definitions/{model}")))
                }
                _ => (name.clone(), plain(value)),
            })
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}
