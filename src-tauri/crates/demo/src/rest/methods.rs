//! Methods with their integrations; both live inside the resource's document.

use serde_json::{Value, json};

use super::{
    Call, RestApi, RestApis, integration_uri,
    patch::{INTEGRATION, METHOD, apply, patches},
    responses::{check_status, integration_response, method_response},
    state::{bad_request, copy, not_found, set, text},
};
use crate::services::{Outcome, Refusal};

const METHOD_TEXT: &str = "Invalid Method identifier specified";
const NO_INTEGRATION: &str = "Invalid Integration identifier specified";

impl RestApis {
    pub(super) fn method_operation(&mut self, call: &Call<'_>) -> Outcome {
        if call.found.operation.ends_with("Response") {
            check_status(call.path("status"))?;
        }
        // Below an API that is not there, AWS misses the resource: recorded.
        let api = self.api(call.path("api")).map_err(|_| not_found("Invalid Resource identifier specified"))?;
        let name = call.path("method").to_owned();
        if call.found.operation == "PutMethod" {
            return put_method(api, call, &name);
        }
        if call.found.operation == "UpdateMethod" {
            return update_method(api, call, &name);
        }
        let resource = api.resource(call.path("resource"))?;
        if call.found.operation == "DeleteMethod" {
            let methods = resource.get_mut("resourceMethods").and_then(Value::as_object_mut);
            let removed = methods.and_then(|methods| methods.shift_remove(&name));
            return removed.map(|_| (204, Value::Null)).ok_or_else(|| not_found(METHOD_TEXT));
        }
        // Of a response that is to be deleted, AWS misses the integration and not the method: recorded.
        let missing = if call.found.operation == "DeleteIntegrationResponse" { NO_INTEGRATION } else { METHOD_TEXT };
        let method = resource.pointer_mut(&format!("/resourceMethods/{name}")).ok_or_else(|| not_found(missing))?;
        match call.found.operation {
            operation if operation.ends_with("MethodResponse") => method_response(method, call),
            "GetMethod" => Ok((200, method.clone())),
            "PutIntegration" => put_integration(method, call),
            operation => {
                let integration = method.get_mut("methodIntegration").ok_or_else(|| not_found(NO_INTEGRATION))?;
                match operation {
                    operation if operation.ends_with("Response") => integration_response(integration, call),
                    "GetIntegration" => Ok((200, integration.clone())),
                    "UpdateIntegration" => {
                        *integration = apply(integration, &patches(operation, call.body)?, &INTEGRATION)?;
                        Ok((200, integration.clone()))
                    }
                    "DeleteIntegration" => {
                        set(method, "methodIntegration", Value::Null);
                        Ok((204, Value::Null))
                    }
                    _ => Err(Refusal::not_implemented("apigateway", operation)),
                }
            }
        }
    }
}

fn put_method(api: &mut RestApi, call: &Call<'_>, name: &str) -> Outcome {
    const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"];
    if !METHODS.contains(&name) {
        return Err(bad_request(
            "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
        ));
    }
    let body = call.body;
    let mut method = json!({
        "httpMethod": name,
        "authorizationType": body.get("authorizationType").cloned().unwrap_or_else(|| json!("NONE")),
        "apiKeyRequired": body.get("apiKeyRequired").and_then(Value::as_bool).unwrap_or(false),
    });
    copy(
        body,
        &mut method,
        &[
            "authorizerId",
            "operationName",
            "requestParameters",
            "requestModels",
            "requestValidatorId",
            "authorizationScopes",
        ],
    );
    check_parameters(&method)?;
    check_authorizer(api, &method)?;
    check_validator(api, &method)?;
    let resource = api.resource(call.path("resource"))?;
    if resource.pointer(&format!("/resourceMethods/{name}")).is_some() {
        return Err(Refusal::new(409, "ConflictException", "Method already exists for this resource"));
    }
    if !resource.get("resourceMethods").is_some_and(Value::is_object) {
        set(resource, "resourceMethods", json!({}));
    }
    if let Some(methods) = resource.get_mut("resourceMethods") {
        set(methods, name, method.clone());
    }
    Ok((201, method))
}

/// `method.request.header.id` and `method.request.querystring.id` would both be `id`.
fn check_parameters(method: &Value) -> Result<(), Refusal> {
    let parameters = method.get("requestParameters").and_then(Value::as_object);
    let mut names = std::collections::BTreeSet::new();
    if parameters.into_iter().flatten().all(|(path, _)| names.insert(path.rsplit('.').next().unwrap_or(path))) {
        return Ok(());
    }
    Err(bad_request("Parameter names must be unique across querystring, header and path"))
}

fn update_method(api: &mut RestApi, call: &Call<'_>, name: &str) -> Outcome {
    let pointer = format!("/resourceMethods/{name}");
    let method =
        api.resource(call.path("resource"))?.pointer(&pointer).cloned().ok_or_else(|| not_found(METHOD_TEXT))?;
    let mut patched = apply(&method, &patches("UpdateMethod", call.body)?, &METHOD)?;
    check_authorizer(api, &patched)?;
    check_validator(api, &patched)?;
    if !matches!(text(&patched, "authorizationType"), "CUSTOM" | "COGNITO_USER_POOLS") {
        set(&mut patched, "authorizerId", Value::Null);
    }
    if let Some(slot) = api.resource(call.path("resource"))?.pointer_mut(&pointer) {
        *slot = patched.clone();
    }
    Ok((200, patched))
}

fn check_authorizer(api: &RestApi, method: &Value) -> Result<(), Refusal> {
    let needs = matches!(text(method, "authorizationType"), "CUSTOM" | "COGNITO_USER_POOLS");
    if needs && !api.authorizers.contains_key(text(method, "authorizerId")) {
        return Err(bad_request(
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
        ));
    }
    Ok(())
}

fn check_validator(api: &RestApi, method: &Value) -> Result<(), Refusal> {
    let id = text(method, "requestValidatorId");
    if !id.is_empty() && !api.validators.contains_key(id) {
        return Err(bad_request("Invalid Request Validator identifier specified"));
    }
    Ok(())
}

fn put_integration(method: &mut Value, call: &Call<'_>) -> Outcome {
    const TYPES: &[&str] = &["HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"];
    let body = call.body;
    let kind = text(body, "type");
    if !TYPES.contains(&kind) {
        return Err(Refusal::new(
            400,
            "ValidationException",
            format!(
                "1 validation error detected: Value '{kind}' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]"
            ),
        ));
    }
    if !call.as_written {
        integration_uri::check(body)?;
    }
    let mut integration = json!({ "type": kind });
    if kind != "MOCK" {
        copy(body, &mut integration, &["uri"]);
    }
    copy(
        body,
        &mut integration,
        &["connectionType", "connectionId", "credentials", "requestParameters", "requestTemplates"],
    );
    if kind.starts_with("HTTP") && text(&integration, "connectionType").is_empty() {
        set(&mut integration, "connectionType", json!("INTERNET"));
    }
    for member in ["integrationHttpMethod", "httpMethod"] {
        if let Some(value) = body.get(member) {
            set(&mut integration, "httpMethod", value.clone());
        }
    }
    let or = |member: &str, default: Value| body.get(member).cloned().unwrap_or(default);
    set(&mut integration, "passthroughBehavior", or("passthroughBehavior", json!("WHEN_NO_MATCH")));
    copy(body, &mut integration, &["contentHandling"]);
    set(&mut integration, "timeoutInMillis", or("timeoutInMillis", json!(29000)));
    set(&mut integration, "cacheNamespace", or("cacheNamespace", json!(call.path("resource"))));
    set(&mut integration, "cacheKeyParameters", or("cacheKeyParameters", json!([])));
    set(method, "methodIntegration", integration.clone());
    Ok((201, integration))
}
