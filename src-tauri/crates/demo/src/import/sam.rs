//! SAM's own resources: `AWS::Serverless::Api`, `HttpApi`, and the `Api` and `HttpApi` events of functions
//! and state machines, with the implicit APIs that SAM makes for events that name none.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    definition::{AuthorizerDefinition, Definition, GuardDefinition, Product, text, texts, truth},
    integration,
    openapi::{self, bare_route, members},
    report::Report,
    template::{Template, is_stage_name, lower_first, method_settings, overlay, route_key},
};

/// Adds what the template's SAM resources define.
pub(crate) fn read(
    template: &Template,
    stem: &str,
    definitions: &mut BTreeMap<String, Definition>,
    report: &mut Report,
) {
    for (kind, product) in [("AWS::Serverless::Api", Product::Rest), ("AWS::Serverless::HttpApi", Product::Http)] {
        for (id, properties) in template.resources_of(kind) {
            definitions.insert(id.to_owned(), api(template, id, properties, product, report));
        }
    }
    for kind in ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"] {
        for (id, properties) in template.resources_of(kind) {
            for (name, event) in members(properties.get("Events")) {
                let location = format!("Resources.{id}.Properties.Events.{name}");
                let product = match text(event, "Type") {
                    Some("Api") => Product::Rest,
                    Some("HttpApi") => Product::Http,
                    _ => continue,
                };
                let properties = event.get("Properties").unwrap_or(&Value::Null);
                let function = (id, kind == "AWS::Serverless::Function");
                add_event(template, stem, product, function, properties, &location, definitions, report);
            }
        }
    }
}

fn global<'a>(template: &'a Template, product: Product, key: &str) -> Option<&'a Value> {
    let section = if product == Product::Rest { "Api" } else { "HttpApi" };
    template.globals.get(section)?.get(key)
}

fn api(template: &Template, id: &str, properties: &Value, product: Product, report: &mut Report) -> Definition {
    let location = format!("Resources.{id}.Properties");
    let mut definition = match properties.get("DefinitionBody") {
        Some(body) if body.get("paths").is_some() => {
            openapi::read(body, &format!("{location}.DefinitionBody"), id, Some(product), report)
        }
        Some(_) => {
            report
                .note(&format!("{location}.DefinitionBody"), "the definition lies in another file, which is not read");
            Definition::new(location.as_str(), product, id)
        }
        None => Definition::new(location.as_str(), product, id),
    };
    if properties.get("DefinitionUri").is_some() {
        report.note(&format!("{location}.DefinitionUri"), "the definition lies in another file; import that file");
    }
    configure(template, &mut definition, properties, &location, report);
    definition
}

/// Properties of the API, or of `Globals` where the API is silent.
fn configure(
    template: &Template,
    definition: &mut Definition,
    properties: &Value,
    location: &str,
    report: &mut Report,
) {
    let product = definition.product;
    let mut merged = properties.as_object().cloned().unwrap_or_default();
    for key in ["EndpointConfiguration", "Auth", "Cors", "MethodSettings", "BinaryMediaTypes", "Variables"] {
        if let Some(value) = global(template, product, key).filter(|_| !merged.contains_key(key)) {
            merged.insert(key.to_owned(), value.clone());
        }
    }
    let merged = Value::Object(merged);
    overlay(definition, &merged);
    let default = if product == Product::Http { "$default" } else { "Prod" };
    let stage = text(&merged, "StageName").filter(|name| is_stage_name(name)).unwrap_or(default);
    stage.clone_into(&mut definition.stage.name);
    definition.stage.variables = merged.get("Variables").and_then(Value::as_object).cloned().unwrap_or_default();
    definition.stage.settings = method_settings(merged.get("MethodSettings"));
    let auth = merged.get("Auth").unwrap_or(&Value::Null);
    for (name, authorizer) in members(auth.get("Authorizers")) {
        let location = format!("{location}.Auth.Authorizers.{name}");
        match authorizer_definition(name, authorizer, product, &template.region) {
            Some(found) => definition.authorizers.push(found),
            None => report.note(&location, "the authorizer names neither a function nor a pool; left out"),
        }
    }
    if let Some(policy) = auth.get("ResourcePolicy").filter(|_| product == Product::Rest) {
        definition.document.insert("policy".to_owned(), resource_policy(policy).to_string().into());
    }
    if let Some(cors) = merged.get("Cors").filter(|_| product == Product::Rest) {
        preflights(definition, cors);
    } else if let Some(cors) = merged.get("CorsConfiguration").filter(|cors| cors.is_object()) {
        let cors: Map<String, Value> =
            members(Some(cors)).map(|(key, value)| (lower_first(key), value.clone())).collect();
        definition.document.insert("corsConfiguration".to_owned(), Value::Object(cors));
    }
    let default_guard = default_guard(definition, auth);
    for route in &mut definition.routes {
        if route.guard == GuardDefinition::open() && route.method != "OPTIONS" {
            route.guard.clone_from(&default_guard);
        }
    }
}

fn default_guard(definition: &Definition, auth: &Value) -> GuardDefinition {
    let mut guard = named_guard(definition, text(auth, "DefaultAuthorizer"));
    guard.api_key_required = truth(auth, "ApiKeyRequired").unwrap_or(false);
    guard
}

fn named_guard(definition: &Definition, name: Option<&str>) -> GuardDefinition {
    let mut guard = GuardDefinition::open();
    match name {
        Some("AWS_IAM") => guard.authorization_type = "AWS_IAM",
        Some(name) => {
            if let Some(known) = definition.authorizers.iter().find(|known| known.name == name) {
                guard.authorization_type = known.authorization_type;
                guard.authorizer = Some(known.name.clone());
            }
        }
        None => {}
    }
    guard
}

fn authorizer_definition(name: &str, found: &Value, product: Product, region: &str) -> Option<AuthorizerDefinition> {
    let mut document = Map::new();
    document.insert("name".to_owned(), name.into());
    if product == Product::Http {
        if let Some(settings) = found.get("JwtConfiguration") {
            document.insert("authorizerType".to_owned(), "JWT".into());
            let source = text(found, "IdentitySource").unwrap_or("$request.header.Authorization");
            document.insert("identitySource".to_owned(), json!([source]));
            let settings: Map<String, Value> =
                members(Some(settings)).map(|(key, value)| (lower_first(key), value.clone())).collect();
            document.insert("jwtConfiguration".to_owned(), Value::Object(settings));
            return Some(AuthorizerDefinition { name: name.to_owned(), authorization_type: "JWT", document });
        }
        let function = text(found, "FunctionArn")?;
        document.insert("authorizerType".to_owned(), "REQUEST".into());
        document.insert("authorizerUri".to_owned(), invocation(function, region).into());
        document.insert("authorizerPayloadFormatVersion".to_owned(), "2.0".into());
        return Some(AuthorizerDefinition { name: name.to_owned(), authorization_type: "CUSTOM", document });
    }
    let pools = texts(found.get("UserPoolArn"));
    let header = found.pointer("/Identity/Header").and_then(Value::as_str).unwrap_or("Authorization");
    document.insert("identitySource".to_owned(), format!("method.request.header.{header}").into());
    if let Some(ttl) = found.pointer("/Identity/ReauthorizeEvery").filter(|ttl| ttl.is_u64()) {
        document.insert("authorizerResultTtlInSeconds".to_owned(), ttl.clone());
    }
    if !pools.is_empty() {
        document.insert("type".to_owned(), "COGNITO_USER_POOLS".into());
        document.insert("providerARNs".to_owned(), json!(pools));
        let authorization_type = "COGNITO_USER_POOLS";
        return Some(AuthorizerDefinition { name: name.to_owned(), authorization_type, document });
    }
    let function = text(found, "FunctionArn")?;
    let kind = text(found, "FunctionPayloadType").unwrap_or("TOKEN").to_uppercase();
    document.insert("type".to_owned(), kind.into());
    document.insert("authorizerUri".to_owned(), invocation(function, region).into());
    Some(AuthorizerDefinition { name: name.to_owned(), authorization_type: "CUSTOM", document })
}

fn invocation(function: &str, region: &str) -> String {
    format!("arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function}/invocations")
}

/// SAM's shorthands (`IpRangeWhitelist`, `SourceVpcBlacklist`…) stay readable in the policy's statements.
fn resource_policy(found: &Value) -> Value {
    let mut statements = found.get("CustomStatements").and_then(Value::as_array).cloned().unwrap_or_default();
    statements.push(json!({
        "Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"
    }));
    for (key, operator, condition) in [
        ("IpRangeWhitelist", "NotIpAddress", "aws:SourceIp"),
        ("IpRangeBlacklist", "IpAddress", "aws:SourceIp"),
        ("SourceVpcWhitelist", "StringNotEquals", "aws:SourceVpc"),
        ("SourceVpcBlacklist", "StringEquals", "aws:SourceVpc"),
    ] {
        let values = texts(found.get(key));
        if !values.is_empty() {
            statements.push(json!({
                "Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
                "Condition": { operator: { condition: values } }
            }));
        }
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// SAM adds a preflight to every path of an API with `Cors`.
fn preflights(definition: &mut Definition, cors: &Value) {
    let origin = match cors {
        Value::String(origin) => origin.as_str(),
        other => text(other, "AllowOrigin").unwrap_or("'*'"),
    };
    let mut paths: Vec<String> = definition.routes.iter().map(|route| route.path.clone()).collect();
    paths.sort();
    paths.dedup();
    for path in paths {
        if !definition.routes.iter().any(|route| route.path == path && route.method == "OPTIONS") {
            let mut route = bare_route("OPTIONS", &path, integration::stand_in(Product::Rest));
            let header = "method.response.header.Access-Control-Allow-Origin";
            route.integration_responses =
                vec![("200".to_owned(), object(json!({ "responseParameters": { header: origin } })))];
            route.method_responses =
                vec![("200".to_owned(), object(json!({ "responseParameters": { header: false } })))];
            definition.routes.push(route);
        }
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A function's event: a route of the API that it names, or of the implicit one.
#[expect(clippy::too_many_arguments, reason = "an event is read against everything around it, once")]
fn add_event(
    template: &Template,
    stem: &str,
    product: Product,
    (id, is_function): (&str, bool),
    properties: &Value,
    location: &str,
    definitions: &mut BTreeMap<String, Definition>,
    report: &mut Report,
) {
    let (reference, implicit) = match product {
        Product::Rest => ("RestApiId", "ServerlessRestApi"),
        _ => ("ApiId", "ServerlessHttpApi"),
    };
    let api = text(properties, reference).unwrap_or(implicit);
    if api == implicit && !definitions.contains_key(api) {
        let mut made = Definition::new("", product, stem);
        configure(template, &mut made, &json!({}), "Globals", report);
        definitions.insert(api.to_owned(), made);
    }
    let Some(definition) = definitions.get_mut(api) else {
        report.note(location, format!("its API {api:?} is not in the template; left out"));
        return;
    };
    let method = text(properties, "Method").unwrap_or("ANY").to_uppercase();
    let method = if method == "X-AMAZON-APIGATEWAY-ANY-METHOD" || method == "*" { "ANY".to_owned() } else { method };
    let path = text(properties, "Path").unwrap_or("$default");
    let (method, path) = if path == "$default" { route_key(product, path) } else { (method, path.to_owned()) };
    if definition.routes.iter().any(|route| route.method == method && route.path == path) {
        return;
    }
    let found = if is_function {
        integration::lambda(product, id, &template.region)
    } else {
        object(json!({
            "type": "AWS", "httpMethod": "POST",
            "uri": format!("arn:aws:apigateway:{}:states:action/StartExecution", template.region)
        }))
    };
    let mut route = bare_route(&method, &path, found);
    let section = if product == Product::Rest { "AWS::Serverless::Api" } else { "AWS::Serverless::HttpApi" };
    let own = template.resources_of(section).into_iter().find(|(known, _)| *known == api);
    let auth = own.and_then(|(_, properties)| properties.get("Auth")).or_else(|| global(template, product, "Auth"));
    route.guard = event_guard(definition, auth.unwrap_or(&Value::Null), properties.get("Auth").unwrap_or(&Value::Null));
    definition.push(route, location, report);
    let cors = own.and_then(|(_, properties)| properties.get("Cors")).or_else(|| global(template, product, "Cors"));
    if let Some(cors) = cors.filter(|_| product == Product::Rest) {
        preflights(definition, cors);
    }
}

fn event_guard(definition: &Definition, api: &Value, event: &Value) -> GuardDefinition {
    let mut guard = match text(event, "Authorizer") {
        Some("NONE") => GuardDefinition::open(),
        Some(name) => named_guard(definition, Some(name)),
        None => named_guard(definition, text(api, "DefaultAuthorizer")),
    };
    guard.api_key_required = truth(event, "ApiKeyRequired").or_else(|| truth(api, "ApiKeyRequired")).unwrap_or(false);
    guard.scopes = texts(event.get("AuthorizationScopes"));
    guard
}
