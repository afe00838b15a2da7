//! What the gateway itself answers, by type: AWS's defaults until somebody says otherwise.

use serde_json::{Value, json};

use super::{
    Call, RestApi, RestApis,
    patch::{GATEWAY_RESPONSE, apply, patches},
    state::{copy, not_found, set},
};
use crate::services::{Outcome, Refusal};

/// What a response says that nobody has written.
const TEMPLATE: &str = "{\"message\":$context.error.messageString}";

/// `(type, status)` in the order of AWS's list; the two defaults have no status of their own.
const TYPES: &[(&str, Option<u16>)] = &[
    ("ACCESS_DENIED", Some(403)),
    ("API_CONFIGURATION_ERROR", Some(500)),
    ("AUTHORIZER_CONFIGURATION_ERROR", Some(500)),
    ("AUTHORIZER_FAILURE", Some(500)),
    ("BAD_REQUEST_BODY", Some(400)),
    ("BAD_REQUEST_PARAMETERS", Some(400)),
    ("DEFAULT_4XX", None),
    ("DEFAULT_5XX", None),
    ("EXPIRED_TOKEN", Some(403)),
    ("INTEGRATION_FAILURE", Some(504)),
    ("INTEGRATION_TIMEOUT", Some(504)),
    ("INVALID_API_KEY", Some(403)),
    ("INVALID_SIGNATURE", Some(403)),
    ("MISSING_AUTHENTICATION_TOKEN", Some(403)),
    ("QUOTA_EXCEEDED", Some(429)),
    ("REQUEST_TOO_LARGE", Some(413)),
    ("RESOURCE_NOT_FOUND", Some(404)),
    ("THROTTLED", Some(429)),
    ("UNAUTHORIZED", Some(401)),
    ("UNSUPPORTED_MEDIA_TYPE", Some(415)),
    ("WAF_FILTERED", Some(403)),
];

/// The types in the order in which AWS lists them to somebody who names another.
const ENUMERATED: &str = "REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN";

impl RestApis {
    /// List, get, put, update, delete.
    pub(super) fn gateway_response_operation(&mut self, call: &Call<'_>) -> Outcome {
        let (operation, id) = (call.found.operation, call.path("id"));
        if operation == "GetGatewayResponses" {
            let api = self.api(call.path("api"))?;
            let all: Vec<Value> = TYPES.iter().map(|(kind, status)| in_effect(api, kind, *status)).collect();
            return Ok((200, json!({ "item": all })));
        }
        let Some((kind, status)) = TYPES.iter().find(|(kind, _)| *kind == id) else {
            return Err(Refusal::new(
                400,
                "ValidationException",
                format!(
                    "1 validation error detected: Value '{id}' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [{ENUMERATED}]"
                ),
            ));
        };
        let api = self.api(call.path("api"))?;
        match operation {
            "GetGatewayResponse" => Ok((200, in_effect(api, kind, *status))),
            "DeleteGatewayResponse" => api
                .gateway_responses
                .shift_remove(*kind)
                .map(|_| (202, Value::Null))
                .ok_or_else(|| not_found("Gateway response type not defined on api")),
            "PutGatewayResponse" => {
                let mut document = unset(kind, *status);
                copy(call.body, &mut document, &["statusCode", "responseParameters", "responseTemplates"]);
                Ok((201, said(api, kind, document)))
            }
            _ => {
                let document =
                    apply(&in_effect(api, kind, *status), &patches(operation, call.body)?, &GATEWAY_RESPONSE)?;
                Ok((200, said(api, kind, document)))
            }
        }
    }
}

fn said(api: &mut RestApi, kind: &str, mut document: Value) -> Value {
    set(&mut document, "defaultResponse", json!(false));
    api.gateway_responses.insert(kind.to_owned(), document.clone());
    document
}

/// As AWS has it where nobody said anything.
fn unset(kind: &str, status: Option<u16>) -> Value {
    let mut document = json!({
        "defaultResponse": true,
        "responseParameters": {},
        "responseTemplates": { "application/json": TEMPLATE },
        "responseType": kind,
    });
    set(&mut document, "statusCode", status.map_or(Value::Null, |status| json!(status.to_string())));
    document
}

/// What was said of it, else what was said of all of its kind, else AWS's default.
fn in_effect(api: &RestApi, kind: &str, status: Option<u16>) -> Value {
    if let Some(said) = api.gateway_responses.get(kind) {
        return said.clone();
    }
    let mut document = unset(kind, status);
    let all = status.map(|status| if status < 500 { "DEFAULT_4XX" } else { "DEFAULT_5XX" });
    if let Some(said) = all.and_then(|all| api.gateway_responses.get(all)) {
        copy(said, &mut document, &["statusCode", "responseParameters", "responseTemplates"]);
    }
    document
}
