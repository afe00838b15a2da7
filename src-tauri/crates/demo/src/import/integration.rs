//! `x-amazon-apigateway-integration` of an operation, as `PutIntegration` and `CreateIntegration` take it.

use serde_json::{Map, Value, json};

use super::{
    definition::{Product, text},
    openapi::{follow, members},
    report::Report,
};

/// An integration and, for REST, its responses by status.
pub(crate) struct IntegrationParts {
    pub(crate) integration: Map<String, Value>,
    pub(crate) responses: Vec<(String, Map<String, Value>)>,
}

/// Members that go over as they are, with the name that the request has for them (REST, HTTP).
const MEMBERS: [(&str, Option<&str>, Option<&str>); 13] = [
    ("httpMethod", Some("httpMethod"), Some("integrationMethod")),
    ("uri", Some("uri"), Some("integrationUri")),
    ("connectionType", Some("connectionType"), Some("connectionType")),
    ("connectionId", Some("connectionId"), Some("connectionId")),
    ("credentials", Some("credentials"), Some("credentialsArn")),
    ("requestParameters", Some("requestParameters"), Some("requestParameters")),
    ("requestTemplates", Some("requestTemplates"), None),
    ("cacheNamespace", Some("cacheNamespace"), None),
    ("cacheKeyParameters", Some("cacheKeyParameters"), None),
    ("tlsConfig", Some("tlsConfig"), Some("tlsConfig")),
    ("integrationTarget", Some("integrationTarget"), None),
    ("responseTransferMode", Some("responseTransferMode"), None),
    ("subtype", None, Some("integrationSubtype")),
];

/// Reads the integration of `operation`; where there is none, a mock stands in and the report says so, since
/// API Gateway deploys no method without one.
pub(crate) fn read(
    tree: &Value,
    operation: &Value,
    product: Product,
    location: &str,
    report: &mut Report,
) -> IntegrationParts {
    let here = operation.get("x-amazon-apigateway-integration").map(|found| follow(tree, found));
    let Some(found) = here.filter(|found| found.is_object()) else {
        report.note(location, "there is no integration, and API Gateway would not deploy it; a mock stands in");
        return IntegrationParts { integration: stand_in(product), responses: Vec::new() };
    };
    let mut integration = Map::new();
    let kind = text(found, "type").map(str::to_uppercase);
    let known = ["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"];
    match kind {
        Some(kind) if known.contains(&kind.as_str()) => {
            integration.insert(kind_key(product).to_owned(), kind.into());
        }
        other => {
            let said = other.map_or_else(|| "no type".to_owned(), |kind| format!("the unknown type {kind:?}"));
            report.note(location, format!("the integration has {said}; a mock stands in"));
            return IntegrationParts { integration: stand_in(product), responses: Vec::new() };
        }
    }
    for (name, rest, http) in MEMBERS {
        let target = if product == Product::Rest { rest } else { http };
        if let (Some(value), Some(target)) = (found.get(name).filter(|value| !value.is_null()), target) {
            integration.insert(target.to_owned(), value.clone());
        }
    }
    if product == Product::Rest {
        for (name, target) in [("passthroughBehavior", "passthroughBehavior"), ("contentHandling", "contentHandling")] {
            if let Some(value) = text(found, name) {
                integration.insert(target.to_owned(), value.to_uppercase().into());
            }
        }
    } else {
        let version = found.get("payloadFormatVersion").map_or("1.0".to_owned(), version_text);
        integration.insert("payloadFormatVersion".to_owned(), version.into());
    }
    match found.get("timeoutInMillis") {
        Some(timeout) if timeout.is_u64() => drop(integration.insert("timeoutInMillis".to_owned(), timeout.clone())),
        Some(Value::String(timeout)) if timeout.parse::<u32>().is_ok() => {
            integration.insert("timeoutInMillis".to_owned(), json!(timeout.parse::<u32>().unwrap_or_default()));
        }
        Some(_) => report.note(location, "the integration's timeoutInMillis is no number and was left out"),
        None => {}
    }
    let responses = if product == Product::Rest { responses(found) } else { Vec::new() };
    IntegrationParts { integration, responses }
}

/// `1.0` in YAML is a number.
fn version_text(version: &Value) -> String {
    match version {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |number| format!("{number:.1}")),
        other => other.to_string(),
    }
}

const fn kind_key(product: Product) -> &'static str {
    match product {
        Product::Rest => "type",
        Product::Http | Product::WebSocket => "integrationType",
    }
}

/// What answers when the definition names nothing.
pub(crate) fn stand_in(product: Product) -> Map<String, Value> {
    let body = match product {
        Product::Rest => {
            json!({ "type": "MOCK", "requestTemplates": { "application/json": "{\"statusCode\": 200}" } })
        }
        Product::WebSocket => json!({ "integrationType": "MOCK" }),
        Product::Http => json!({
            "integrationType": "HTTP_PROXY", "integrationMethod": "ANY",
            "integrationUri": "https://not-in-the-definition.example", "payloadFormatVersion": "1.0"
        }),
    };
    body.as_object().cloned().unwrap_or_default()
}

/// The pattern is the key, `default` has none; several patterns may lead to one status, the last stays.
fn responses(found: &Value) -> Vec<(String, Map<String, Value>)> {
    let mut all: Vec<(String, Map<String, Value>)> = Vec::new();
    for (pattern, response) in members(found.get("responses")) {
        let status = match response.get("statusCode") {
            Some(Value::String(status)) => status.clone(),
            Some(Value::Number(status)) => status.to_string(),
            _ => continue,
        };
        let mut body = Map::new();
        if pattern != "default" {
            body.insert("selectionPattern".to_owned(), pattern.into());
        }
        for name in ["responseParameters", "responseTemplates"] {
            if let Some(value) = response.get(name).filter(|value| value.is_object()) {
                body.insert(name.to_owned(), value.clone());
            }
        }
        if let Some(handling) = text(response, "contentHandling") {
            body.insert("contentHandling".to_owned(), handling.to_uppercase().into());
        }
        all.retain(|(known, _)| *known != status);
        all.push((status, body));
    }
    all
}

/// The integration of a Lambda function by its ARN or by a name that stands for it.
pub(crate) fn lambda(product: Product, function: &str, region: &str) -> Map<String, Value> {
    let arn = if function.starts_with("arn:") {
        function.to_owned()
    } else {
        format!("arn:aws:lambda:{region}:{}:function:{function}", crate::ACCOUNT_ID)
    };
    let uri = format!("arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations");
    let body = match product {
        Product::Rest => json!({ "type": "AWS_PROXY", "httpMethod": "POST", "uri": uri }),
        Product::Http => {
            json!({ "integrationType": "AWS_PROXY", "integrationUri": arn, "payloadFormatVersion": "2.0" })
        }
        Product::WebSocket => json!({ "integrationType": "AWS_PROXY", "integrationUri": uri }),
    };
    body.as_object().cloned().unwrap_or_default()
}
