//! Responses of methods and of their integrations, by status code; they live inside the method's document.

use serde_json::{Value, json};

use super::{
    Call,
    patch::{INTEGRATION_RESPONSE, METHOD_RESPONSE, Table, apply, patches},
    state::{bad_request, copy, not_found, set},
};
use crate::services::{Outcome, Refusal};

const MISSING: &str = "Invalid Response status code specified";

/// Three digits, the first of them 1 to 5.
pub(super) fn check_status(status: &str) -> Result<(), Refusal> {
    let valid = status.len() == 3
        && status.bytes().all(|byte| byte.is_ascii_digit())
        && status.bytes().next().is_some_and(|byte| (b'1'..=b'5').contains(&byte));
    if valid {
        return Ok(());
    }
    Err(Refusal::new(
        400,
        "ValidationException",
        format!(
            "1 validation error detected: Value '{status}' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d"
        ),
    ))
}

/// Put, get, update or delete a response of a method.
pub(super) fn method_response(method: &mut Value, call: &Call<'_>) -> Outcome {
    response(method, "methodResponses", &["responseParameters", "responseModels"], &METHOD_RESPONSE, call)
}

/// Put, get, update or delete a response of an integration.
pub(super) fn integration_response(integration: &mut Value, call: &Call<'_>) -> Outcome {
    const MEMBERS: &[&str] = &["selectionPattern", "responseParameters", "responseTemplates", "contentHandling"];
    response(integration, "integrationResponses", MEMBERS, &INTEGRATION_RESPONSE, call)
}

fn response(document: &mut Value, member: &str, members: &[&str], table: &Table, call: &Call<'_>) -> Outcome {
    let (operation, status) = (call.found.operation, call.path("status"));
    if operation.starts_with("Put") {
        let mut made = json!({ "statusCode": status });
        copy(call.body, &mut made, members);
        check_templates(&mut made)?;
        if !document.get(member).is_some_and(Value::is_object) {
            set(document, member, json!({}));
        }
        if let Some(map) = document.get_mut(member) {
            set(map, status, made.clone());
        }
        return Ok((201, made));
    }
    let map = document.get_mut(member).and_then(Value::as_object_mut).ok_or_else(|| not_found(MISSING))?;
    if operation.starts_with("Delete") {
        return map.shift_remove(status).map(|_| (204, Value::Null)).ok_or_else(|| not_found(MISSING));
    }
    let found = map.get_mut(status).ok_or_else(|| not_found(MISSING))?;
    if operation.starts_with("Update") {
        *found = apply(found, &patches(operation, call.body)?, table)?;
    }
    Ok((200, found.clone()))
}

/// Templates are text by content type; an empty one is kept as none.
fn check_templates(response: &mut Value) -> Result<(), Refusal> {
    let templates = response.get_mut("responseTemplates").and_then(Value::as_object_mut);
    for (kind, template) in templates.into_iter().flatten() {
        if !template.is_string() && !template.is_null() {
            let message =
                "class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String";
            return Err(Refusal::new(400, "SerializationException", message));
        }
        if !kind.contains('/') {
            let message =
                format!("Validation Result: warnings : [], errors : [Invalid content type specified: {kind}]");
            return Err(bad_request(message));
        }
        if template.as_str() == Some("") {
            *template = Value::Null;
        }
    }
    Ok(())
}
