//! Taking secrets out of what AWS answered, before it is kept or shown.
//!
//! API Gateway has two places where people put them although it encrypts neither: stage variables, and values that an
//! integration sends to the backend with every request
//! (<https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html>, static values).

use portcullis_domain::findings::{SECRET_MARK, secret_shapes::shape_of};
use serde_json::Value;

const REDACTED: &str = "[redacted]";

/// Headers that are sent with a fixed value in most APIs and tell nothing.
const HARMLESS: &[&str] = &["accept", "content-type", "x-amz-invocation-type", "x-amz-target"];

/// The answer of this call as text, its secrets replaced by `[redacted]`. What cannot be read as JSON is left out whole:
/// nobody could say what is in it.
pub(crate) fn without_secrets(call: &str, body: Vec<u8>) -> String {
    let operation = call.rsplit(':').next().unwrap_or_default();
    let text = match String::from_utf8(body) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    let suspicious = match operation {
        "GetStages" | "GetIntegrations" => true,
        // Most APIs have none, and their resources are the largest answers there are.
        "GetResources" => sends_fixed_values(&text),
        _ => false,
    };
    if !suspicious {
        return text;
    }
    let Ok(mut answer) = serde_json::from_str::<Value>(&text) else { return format!("\"{REDACTED}\"") };
    clean(&mut answer);
    answer.to_string()
}

/// Whether a fixed value, which is written in single quotes, is mapped to a request parameter anywhere.
fn sends_fixed_values(text: &str) -> bool {
    text.contains("integration.request.") && text.contains("\"'")
}

fn clean(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("variables" | "stageVariables" | "stageVariableOverrides", Value::Object(variables)) => {
                        variables.values_mut().for_each(|value| *value = redacted(value).into());
                    }
                    ("requestParameters", Value::Object(parameters)) => {
                        parameters.iter_mut().filter(|(name, value)| is_fixed(name, value)).for_each(|(_, value)| {
                            *value = format!("'{REDACTED}'").into();
                        });
                    }
                    (_, member) => clean(member),
                }
            }
        }
        _ => {}
    }
}

/// What stands in place of a variable's value: for one that has the shape of a secret, which; that much a reviewer must
/// know.
fn redacted(value: &Value) -> String {
    match value.as_str().and_then(shape_of) {
        Some(shape) => format!("{SECRET_MARK}{shape}]"),
        None => REDACTED.to_owned(),
    }
}

/// A fixed value other than those that tell nothing. HTTP APIs write them without quotes and mark what is taken from
/// the request or its context by `$`.
fn is_fixed(name: &str, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let header = name.rsplit(['.', ':']).next().unwrap_or_default().to_ascii_lowercase();
    let fixed = if name.starts_with("integration.request.") { text.starts_with('\'') } else { !text.contains('$') };
    fixed && !HARMLESS.contains(&header.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cleaned(call: &str, answer: &Value) -> Value {
        serde_json::from_str(&without_secrets(call, answer.to_string().into_bytes())).unwrap()
    }

    #[test]
    fn stage_variables_are_named_and_their_values_are_not_told() {
        let answer = json!({"item": [{
            "stageName": "prod",
            "variables": {"backend": "https://orders.example.com", "password": "hunter2"},
            "canarySettings": {"percentTraffic": 5.0, "stageVariableOverrides": {"password": "hunter3"}},
        }]});
        let shown = cleaned("apigateway:GetStages", &answer);
        assert!(!shown.to_string().contains("hunter"), "{shown}");
        assert_eq!(shown["item"][0]["variables"], json!({"backend": "[redacted]", "password": "[redacted]"}));
        assert_eq!(shown["item"][0]["canarySettings"]["percentTraffic"], 5.0);
    }

    #[test]
    fn a_variable_with_the_shape_of_a_secret_is_told_by_its_shape() {
        let answer = json!({"item": [{"variables": {"queue": "AKIAIOSFODNN7EXAMPLE"}}]});
        let shown = cleaned("apigateway:GetStages", &answer);
        assert_eq!(shown["item"][0]["variables"]["queue"], "[redacted: an AWS access key id]");
    }

    #[test]
    fn fixed_values_that_a_backend_gets_are_not_told() {
        let rest = json!({"item": [{"path": "/orders", "resourceMethods": {"POST": {
            "requestParameters": {"method.request.header.Authorization": true},
            "methodIntegration": {"requestParameters": {
                "integration.request.header.x-api-key": "'s3cret'",
                "integration.request.header.Content-Type": "'application/json'",
                "integration.request.path.id": "method.request.path.id",
            }},
        }}}]});
        let integration = &cleaned("apigateway:GetResources", &rest)["item"][0]["resourceMethods"]["POST"];
        assert_eq!(integration["requestParameters"], json!({"method.request.header.Authorization": true}));
        assert_eq!(
            integration["methodIntegration"]["requestParameters"],
            json!({
                "integration.request.header.x-api-key": "'[redacted]'",
                "integration.request.header.Content-Type": "'application/json'",
                "integration.request.path.id": "method.request.path.id",
            })
        );
    }

    #[test]
    fn http_apis_write_fixed_values_without_quotes() {
        let http = json!({"items": [{"requestParameters": {
            "overwrite:header.x-api-key": "s3cret",
            "append:header.who": "$context.authorizer.claims.sub",
        }}]});
        let shown = cleaned("apigatewayv2:GetIntegrations", &http);
        assert!(!shown.to_string().contains("s3cret"), "{shown}");
        assert_eq!(shown["items"][0]["requestParameters"]["append:header.who"], "$context.authorizer.claims.sub");
    }

    #[test]
    fn an_answer_that_is_no_json_is_left_out_where_it_could_hold_secrets() {
        assert_eq!(
            without_secrets("apigateway:GetStages", b"{\"variables\": {\"a\": \"hunter2\"".to_vec()),
            "\"[redacted]\""
        );
        assert_eq!(without_secrets("apigateway:GetDeployment", b"<html>".to_vec()), "<html>");
    }
}
