//! APIs, their resources, and the simple parts below them: authorizers, validators, models, gateway responses.

use serde_json::{Value, json};

use super::{
    Call, RestApi, RestApis,
    keys::with_tags,
    patch::{AUTHORIZER, REST_API, VALIDATOR, apply, patches},
    state::{Documents, bad_request, copy, list, not_found, set, text},
};
use crate::services::{Around, Outcome, Refusal};

impl RestApis {
    pub(super) fn create_rest_api(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let body = call.body;
        if text(body, "name").is_empty() {
            return Err(bad_request("API name is required"));
        }
        if body.get("description").and_then(Value::as_str) == Some("") {
            return Err(bad_request("Description cannot be an empty string"));
        }
        let (id, root) = ((around.id)(10), (around.id)(10));
        let types = body.pointer("/endpointConfiguration/types").cloned().unwrap_or_else(|| json!(["EDGE"]));
        let private = types.as_array().is_some_and(|types| types.contains(&json!("PRIVATE")));
        let mut endpoint = json!({ "types": types, "ipAddressType": if private { "dualstack" } else { "ipv4" } });
        if let Some(given) = body.get("endpointConfiguration") {
            copy(given, &mut endpoint, &["vpcEndpointIds", "ipAddressType"]);
        }
        let mut document = json!({
            "id": id,
            "name": text(body, "name"),
            "createdDate": around.now.as_second(),
            "apiKeySource": "HEADER",
            "endpointConfiguration": endpoint,
            "disableExecuteApiEndpoint": false,
            "rootResourceId": root,
        });
        copy(
            body,
            &mut document,
            &[
                "description",
                "version",
                "binaryMediaTypes",
                "minimumCompressionSize",
                "apiKeySource",
                "policy",
                "disableExecuteApiEndpoint",
            ],
        );
        if let Some(tags) = body.get("tags").filter(|tags| tags.as_object().is_some_and(|tags| !tags.is_empty())) {
            set(&mut document, "tags", tags.clone());
        }
        let mut api = RestApi { document: document.clone(), ..RestApi::default() };
        api.resources.insert(root.clone(), json!({ "id": root, "path": "/" }));
        self.apis.insert(id, api);
        Ok((201, document))
    }

    pub(super) fn get_rest_apis(&self, call: &Call<'_>) -> Outcome {
        let documents: Vec<&Value> = self.apis.values().map(|api| &api.document).collect();
        list(&documents, &call.query)
    }

    pub(super) fn update_rest_api(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        api.document = apply(&api.document, &patches("UpdateRestApi", call.body)?, REST_API)?;
        Ok((200, with_tags(api.document.clone())))
    }

    pub(super) fn delete_rest_api(&mut self, call: &Call<'_>) -> Outcome {
        let id = call.path("api").to_owned();
        self.api(&id)?;
        self.apis.shift_remove(&id);
        for plan in self.plans.values_mut() {
            if let Some(stages) = plan.get_mut("apiStages").and_then(Value::as_array_mut) {
                stages.retain(|stage| text(stage, "apiId") != id);
            }
        }
        Ok((202, Value::Null))
    }

    pub(super) fn get_resources(&mut self, call: &Call<'_>) -> Outcome {
        let embed = call.query.all("embed").any(|embed| embed == "methods");
        let api = self.api(call.path("api"))?;
        let documents: Vec<&Value> = api.resources.values().collect();
        let (status, mut answer) = list(&documents, &call.query)?;
        if !embed && let Some(items) = answer.get_mut("item").and_then(Value::as_array_mut) {
            items.iter_mut().for_each(hide_methods);
        }
        Ok((status, answer))
    }

    pub(super) fn get_resource(&mut self, call: &Call<'_>) -> Outcome {
        let embed = call.query.all("embed").any(|embed| embed == "methods");
        let mut resource = self.api(call.path("api"))?.resource(call.path("resource"))?.clone();
        if !embed {
            hide_methods(&mut resource);
        }
        Ok((200, resource))
    }

    pub(super) fn create_resource(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let part = text(call.body, "pathPart").to_owned();
        let api = self.api(call.path("api"))?;
        let parent = api.resource(call.path("parent"))?;
        let parameter = part.starts_with('{') && part.ends_with('}');
        let plain = |text: &str| {
            !text.is_empty()
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-:~$@,+".contains(letter))
        };
        if !(plain(&part) || parameter && plain(part.trim_matches(['{', '}']))) {
            return Err(bad_request(
                "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
            ));
        }
        let path = format!("{}/{part}", text(parent, "path").trim_end_matches('/'));
        let parent_id = text(parent, "id").to_owned();
        if api.resources.values().any(|resource| text(resource, "path") == path) {
            return Err(Refusal::new(
                409,
                "ConflictException",
                format!("Another resource with the same parent already has this name: {part}"),
            ));
        }
        let id = (around.id)(6);
        let document = json!({ "id": id, "parentId": parent_id, "pathPart": part, "path": path });
        api.resources.insert(id, document.clone());
        Ok((201, document))
    }

    pub(super) fn delete_resource(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        let path = text(api.resource(call.path("resource"))?, "path").to_owned();
        if path == "/" {
            return Err(bad_request("The root resource cannot be deleted."));
        }
        let below = format!("{path}/");
        api.resources
            .retain(|_, resource| text(resource, "path") != path && !text(resource, "path").starts_with(&below));
        Ok((202, Value::Null))
    }

    /// Authorizers, validators, models and gateway responses: create, list, get, update, delete.
    pub(super) fn part_operation(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let operation = call.found.operation;
        // Of one part, AWS misses the part and not the API: recorded.
        let of_one = !call.path("id").is_empty() && operation.contains("RequestValidator");
        let unknown =
            |refusal| if of_one { not_found("Invalid Request Validator identifier specified") } else { refusal };
        let api = self.api(call.path("api")).map_err(unknown)?;
        if operation == "DeleteModel" {
            check_unused(api, call.path("id"))?;
        }
        let (documents, noun): (&mut Documents, &str) = match operation {
            _ if operation.contains("Authorizer") => (&mut api.authorizers, "Authorizer"),
            _ if operation.contains("RequestValidator") => (&mut api.validators, "Request Validator"),
            _ if operation.contains("Model") => (&mut api.models, "model name"),
            _ => (&mut api.gateway_responses, "Gateway Response"),
        };
        let id = call.path("id").to_owned();
        let missing = || not_found(format!("Invalid {noun} identifier specified"));
        if operation.starts_with("Create") || operation == "PutGatewayResponse" {
            let document = created(operation, call, around)?;
            let key = match operation {
                "PutGatewayResponse" => id,
                "CreateModel" => text(&document, "name").to_owned(),
                _ => text(&document, "id").to_owned(),
            };
            documents.insert(key, document.clone());
            return Ok((201, document));
        }
        if operation.starts_with("Get") && operation.ends_with('s') {
            return list(&documents.values().collect::<Vec<_>>(), &call.query);
        }
        let document = documents.get_mut(&id).ok_or_else(missing)?;
        match operation {
            "UpdateAuthorizer" => *document = apply(document, &patches(operation, call.body)?, AUTHORIZER)?,
            "UpdateRequestValidator" => *document = apply(document, &patches(operation, call.body)?, VALIDATOR)?,
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
        "CreateModel" => {
            let mut document =
                json!({ "id": (around.id)(6), "name": text(body, "name"), "contentType": text(body, "contentType") });
            copy(body, &mut document, &["description", "schema"]);
            if text(&document, "description").is_empty() {
                set(&mut document, "description", Value::Null);
            }
            document
        }
        _ => {
            let mut document = json!({ "responseType": call.path("id"), "defaultResponse": false, "responseParameters": {}, "responseTemplates": {} });
            copy(body, &mut document, &["statusCode", "responseParameters", "responseTemplates"]);
            document
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

/// Without `embed=methods` a resource only names its methods.
fn hide_methods(resource: &mut Value) {
    if let Some(methods) = resource.get_mut("resourceMethods").and_then(Value::as_object_mut) {
        methods.values_mut().for_each(|method| *method = json!({}));
    }
}

impl RestApi {
    pub(super) fn resource(&mut self, id: &str) -> Result<&mut Value, Refusal> {
        self.resources.get_mut(id).ok_or_else(|| not_found("Invalid Resource identifier specified"))
    }

    pub(super) fn stage(&mut self, name: &str) -> Result<&mut Value, Refusal> {
        self.stages.get_mut(name).ok_or_else(|| not_found("Invalid stage identifier specified"))
    }
}
