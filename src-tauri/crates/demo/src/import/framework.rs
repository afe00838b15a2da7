//! A `serverless.yaml` of the Serverless Framework: the `http` and `httpApi` events of its functions.

use serde_json::Value;

use super::{
    definition::{AuthorizerDefinition, Definition, Product, text, truth},
    integration,
    openapi::{bare_route, members},
    report::Report,
    template::route_key,
};

/// Whether the tree is such a file.
pub(crate) fn is_framework(tree: &Value) -> bool {
    tree.get("functions").is_some_and(Value::is_object) && tree.get("service").is_some()
}

/// The REST API and the HTTP API that the functions' events add up to.
pub(crate) fn read(tree: &Value, stem: &str, region: &str, report: &mut Report) -> Vec<Definition> {
    let name = text(tree, "service").unwrap_or(stem);
    let mut rest = Definition::new("", Product::Rest, name);
    let mut http = Definition::new("", Product::Http, name);
    for (function, body) in members(tree.get("functions")) {
        let events = body.get("events").and_then(Value::as_array);
        for (index, event) in events.into_iter().flatten().enumerate() {
            let location = format!("functions.{function}.events.{index}");
            for (kind, product) in [("http", Product::Rest), ("httpApi", Product::Http)] {
                let Some(found) = event.get(kind) else { continue };
                let definition = if product == Product::Rest { &mut rest } else { &mut http };
                let (method, path) = match found {
                    Value::String(line) => route_key(product, line),
                    other => (
                        text(other, "method").unwrap_or("ANY").to_uppercase(),
                        text(other, "path").unwrap_or_default().to_owned(),
                    ),
                };
                let path = if path.starts_with('/') || path == "$default" { path } else { format!("/{path}") };
                let mut route = bare_route(&method, &path, integration::lambda(product, function, region));
                route.guard.api_key_required = truth(found, "private").unwrap_or(false);
                guard(definition, &mut route, found, &location, report);
                definition.push(route, &location, report);
            }
        }
    }
    if rest.routes.is_empty() && http.routes.is_empty() {
        report.note("functions", "no function has an http or httpApi event");
    }
    [rest, http].into_iter().filter(|definition| !definition.routes.is_empty()).collect()
}

fn guard(
    definition: &mut Definition,
    route: &mut super::definition::RouteDefinition,
    event: &Value,
    location: &str,
    report: &mut Report,
) {
    let Some(found) = event.get("authorizer") else { return };
    let kind = text(found, "type").unwrap_or_default();
    if found.as_str().is_some_and(|name| name.eq_ignore_ascii_case("aws_iam")) || kind.eq_ignore_ascii_case("aws_iam") {
        route.guard.authorization_type = "AWS_IAM";
        return;
    }
    let pool = kind.eq_ignore_ascii_case("COGNITO_USER_POOLS");
    if !pool || definition.product != Product::Rest {
        report.note(location, "an authorizer of this kind is not read; the route is shown open");
        return;
    }
    // The pool's id is computed by the framework: the name says which variable or reference it was.
    let name = "cognito".to_owned();
    if !definition.authorizers.iter().any(|known| known.name == name) {
        let document = serde_json::json!({
            "name": name, "type": "COGNITO_USER_POOLS", "identitySource": "method.request.header.Authorization",
            "providerARNs": ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/not-in-the-definition"]
        });
        definition.authorizers.push(AuthorizerDefinition {
            name: name.clone(),
            authorization_type: "COGNITO_USER_POOLS",
            document: document.as_object().cloned().unwrap_or_default(),
        });
    }
    route.guard.authorization_type = "COGNITO_USER_POOLS";
    route.guard.authorizer = Some(name);
}
