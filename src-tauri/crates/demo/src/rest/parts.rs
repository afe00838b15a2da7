//! What methods refer to by id or name: authorizers, request validators, models.

use serde_json::{Value, json};

use super::{
    Call, RestApi, RestApis,
    patch::{AUTHORIZER, MODEL, Patch, VALIDATOR, apply, patches},
    state::{Documents, bad_request, copy, list, not_found, set, text},
};
use crate::services::{Around, Outcome, Refusal};

impl RestApis {
    /// Authorizers, validators and models: create, list, get, update, delete.
    pub(super) fn part_operation(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let operation = call.found.operation;
        let id = call.path("id").to_owned();
        let missing = || match operation {
            _ if operation.contains("Authorizer") => not_found("Invalid Authorizer identifier specified"),
            _ if operation.contains("RequestValidator") => not_found("Invalid Request Validator identifier specified"),
            _ => not_found(format!("Invalid model name specified: {id}")),
        };
        // Of one validator or model, AWS misses that and not the API: recorded.
        let of_one = !id.is_empty() && !operation.contains("Authorizer");
        let api = self.api(call.path("api")).map_err(|refusal| if of_one { missing() } else { refusal })?;
        if operation == "DeleteModel" {
            check_unused(api, call.path("id"))?;
        }
        let documents: &mut Documents = match operation {
            _ if operation.contains("Authorizer") => &mut api.authorizers,
            _ if operation.contains("RequestValidator") => &mut api.validators,
            _ => &mut api.models,
        };
        if operation.starts_with("Create") {
            let document = created(operation, call, around)?;
            let key = if operation == "CreateModel" { "name" } else { "id" };
            documents.insert(text(&document, key).to_owned(), document.clone());
            return Ok((201, document));
        }
        if operation.starts_with("Get") && operation.ends_with('s') {
            return list(&documents.values().collect::<Vec<_>>(), &call.query);
        }
        let document = documents.get_mut(&id).ok_or_else(&missing)?;
        match operation {
            "UpdateAuthorizer" => *document = apply(document, &patches(operation, call.body)?, &AUTHORIZER)?,
            "UpdateModel" => *document = updated_model(document, &patches(operation, call.body)?)?,
            "UpdateRequestValidator" => *document = apply(document, &patches(operation, call.body)?, &VALIDATOR)?,
            _ if operation.starts_with("Delete") => {
                documents.shift_remove(&id);
                return Ok((202, Value::Null));
            }
            _ => {}
        }
        Ok((200, document.clone()))
    }
}

fn created(operation: &str, call: &Call<'_>, around: &mut Around<'_>) -> Result<Value, Refusal> {
    let body = call.body;
    Ok(match operation {
        "CreateAuthorizer" => {
            if text(body, "type").is_empty() {
                return Err(bad_request("Authorizer type is required"));
            }
            let mut document = json!({ "id": (around.id)(6), "name": text(body, "name"), "type": text(body, "type") });
            copy(
                body,
                &mut document,
                &[
                    "providerARNs",
                    "authorizerUri",
                    "authorizerCredentials",
                    "identitySource",
                    "identityValidationExpression",
                    "authorizerResultTtlInSeconds",
                ],
            );
            let default_type = if text(body, "type") == "COGNITO_USER_POOLS" { "cognito_user_pools" } else { "custom" };
            set(&mut document, "authType", body.get("authType").cloned().unwrap_or_else(|| json!(default_type)));
            document
        }
        "CreateRequestValidator" => json!({
            "id": (around.id)(6),
            "name": text(body, "name"),
            "validateRequestBody": body.get("validateRequestBody").and_then(Value::as_bool).unwrap_or(false),
            "validateRequestParameters": body.get("validateRequestParameters").and_then(Value::as_bool).unwrap_or(false),
        }),
        _ => {
            let mut document =
                json!({ "id": (around.id)(6), "name": text(body, "name"), "contentType": text(body, "contentType") });
            copy(body, &mut document, &["description", "schema"]);
            without_empty_description(document)
        }
    })
}

/// A model that a method's request refers to stays.
fn check_unused(api: &RestApi, model: &str) -> Result<(), Refusal> {
    // The newest first: of two that refer to it, that one was named.
    for resource in api.resources.values().rev() {
        let methods = resource.get("resourceMethods").and_then(Value::as_object);
        for (method, document) in methods.into_iter().flatten() {
            let models = document.get("requestModels").and_then(Value::as_object);
            if models.is_some_and(|models| models.values().any(|used| used == model)) {
                let path = text(resource, "path");
                let message =
                    format!("Cannot delete model '{model}', is referenced in method request: {path}/{method}");
                return Err(Refusal::new(409, "ConflictException", message));
            }
        }
    }
    Ok(())
}

fn updated_model(document: &Value, list: &[Patch]) -> Result<Value, Refusal> {
    let patched = apply(document, list, &MODEL)?;
    let schema = text(&patched, "schema").trim();
    if schema.is_empty() || schema == "{}" {
        return Err(bad_request("Model schema must have at least 1 property or array items defined"));
    }
    Ok(without_empty_description(patched))
}

fn without_empty_description(mut model: Value) -> Value {
    if text(&model, "description").is_empty() {
        set(&mut model, "description", Value::Null);
    }
    model
}

/// The two models that every API is born with. Their ids are made from the API's.
pub(super) fn default_models(api: &str) -> [Value; 2] {
    let properties = json!({ "message": { "type": "string" } });
    let id = |from: usize| api.get(from..from + 6).unwrap_or(api).to_owned();
    let models = [("Empty", "empty", id(0), Value::Null), ("Error", "error", id(4), properties)];
    models.map(|(name, what, id, properties)| {
        let mut schema = json!({
            "$schema": "http://json-schema.org/draft-04/schema#", "title": format!("{name} Schema"), "type": "object"
        });
        set(&mut schema, "properties", properties);
        json!({
            "id": id, "name": name, "contentType": "application/json",
            "description": format!("This is a default {what} schema model"), "schema": schema.to_string(),
        })
    })
}
