//! CloudFormation and SAM templates: the APIs that they define, from a definition in the template
//! (`Body`, `DefinitionBody`), from `AWS::ApiGateway(V2)::*` resources, or from the events of functions.
//!
//! Not here: definitions that lie elsewhere (`BodyS3Location`, `DefinitionUri`, `AWS::Include`), which are
//! named in the report, and everything of a template that is no API.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    definition::{AuthorizerDefinition, Definition, GuardDefinition, Product, text, texts, truth},
    integration,
    intrinsics::{Intrinsics, plain},
    openapi::{self, bare_route, members},
    report::Report,
    sam,
};

/// Whether the tree is a template.
pub(crate) fn is_template(tree: &Value) -> bool {
    tree.get("Resources").is_some_and(Value::is_object)
}

/// A template with its functions resolved.
pub(crate) struct Template {
    pub(crate) resources: Value,
    pub(crate) globals: Value,
    pub(crate) region: String,
}

impl Template {
    fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> + 'a {
        static NOTHING: Value = Value::Null;
        members(Some(&self.resources))
            .filter(move |(_, resource)| text(resource, "Type") == Some(kind))
            .map(|(id, resource)| (id, resource.get("Properties").unwrap_or(&NOTHING)))
    }

    pub(crate) fn resources_of<'a>(&'a self, kind: &'a str) -> Vec<(&'a str, &'a Value)> {
        self.of_type(kind).collect()
    }
}

/// Every API of a template.
pub(crate) fn read(tree: &Value, stem: &str, region: &str, report: &mut Report) -> Vec<Definition> {
    let intrinsics = Intrinsics::new(tree, region);
    let template = Template {
        resources: tree.get("Resources").map_or(Value::Null, |resources| intrinsics.resolve(resources)),
        globals: tree.get("Globals").map_or(Value::Null, |globals| intrinsics.resolve(globals)),
        region: region.to_owned(),
    };
    let mut definitions: BTreeMap<String, Definition> = BTreeMap::new();
    for (kind, product) in [("AWS::ApiGateway::RestApi", Product::Rest), ("AWS::ApiGatewayV2::Api", Product::Http)] {
        for (id, properties) in template.of_type(kind) {
            let product = match text(properties, "ProtocolType") {
                Some("WEBSOCKET") => Product::WebSocket,
                _ => product,
            };
            definitions.insert(id.to_owned(), api(id, properties, product, report));
        }
    }
    rest_methods(&template, &mut definitions, report);
    http_routes(&template, &mut definitions, report);
    sam::read(&template, stem, &mut definitions, report);
    stages(&template, &mut definitions);
    if definitions.is_empty() {
        report.note("Resources", "the template defines no API");
    }
    for definition in definitions.values() {
        if definition.routes.is_empty() {
            report.note(&definition.location, "no route of this API is in the template");
        }
    }
    definitions.into_values().collect()
}

/// An API resource, from its body if it has one.
fn api(id: &str, properties: &Value, product: Product, report: &mut Report) -> Definition {
    let location = format!("Resources.{id}.Properties");
    let mut definition = match properties.get("Body") {
        Some(body) if body.get("paths").is_some() => {
            openapi::read(body, &format!("{location}.Body"), id, Some(product), report)
        }
        Some(_) => {
            report.note(&format!("{location}.Body"), "the definition lies elsewhere or is computed; not read");
            Definition::new(location.as_str(), product, id)
        }
        None => Definition::new(location.as_str(), product, id),
    };
    if properties.get("BodyS3Location").is_some() {
        report.note(&format!("{location}.BodyS3Location"), "the definition lies in S3, which is not read");
    }
    overlay(&mut definition, properties);
    definition
}

/// What the resource's properties say over its body.
pub(crate) fn overlay(definition: &mut Definition, properties: &Value) {
    let document = &mut definition.document;
    for (property, key) in [
        ("Name", "name"),
        ("Description", "description"),
        ("ApiKeySourceType", "apiKeySource"),
        ("RouteSelectionExpression", "routeSelectionExpression"),
    ] {
        if let Some(value) = text(properties, property).filter(|value| !value.is_empty()) {
            document.insert(key.to_owned(), value.into());
        }
    }
    if let Some(policy @ Value::Object(_)) = properties.get("Policy") {
        document.insert("policy".to_owned(), policy.to_string().into());
    }
    let media = texts(properties.get("BinaryMediaTypes"));
    if !media.is_empty() {
        document.insert("binaryMediaTypes".to_owned(), json!(media));
    }
    if let Some(disabled) = truth(properties, "DisableExecuteApiEndpoint") {
        document.insert("disableExecuteApiEndpoint".to_owned(), disabled.into());
    }
    if definition.product == Product::Rest {
        endpoint(document, properties.get("EndpointConfiguration"));
    }
    if definition.product == Product::WebSocket {
        document.entry("routeSelectionExpression").or_insert_with(|| Value::String("$request.body.action".to_owned()));
    }
}

/// `EndpointConfiguration`: an object, or in SAM a word.
fn endpoint(document: &mut Map<String, Value>, configuration: Option<&Value>) {
    let Some(configuration) = configuration else { return };
    let mut types = match configuration {
        Value::String(kind) => vec![kind.clone()],
        other => texts(other.get("Types").or_else(|| other.get("Type"))),
    };
    let endpoints = texts(configuration.get("VpcEndpointIds").or_else(|| configuration.get("VPCEndpointIds")));
    types.retain(|kind| matches!(kind.as_str(), "EDGE" | "REGIONAL" | "PRIVATE"));
    let mut out = Map::new();
    if !types.is_empty() {
        out.insert("types".to_owned(), json!(types));
    }
    if !endpoints.is_empty() {
        out.insert("vpcEndpointIds".to_owned(), json!(endpoints));
    }
    if !out.is_empty() {
        document.insert("endpointConfiguration".to_owned(), Value::Object(out));
    }
}

/// Authorizers and methods of REST APIs.
fn rest_methods(template: &Template, definitions: &mut BTreeMap<String, Definition>, report: &mut Report) {
    for (id, properties) in template.of_type("AWS::ApiGateway::Authorizer") {
        let Some(definition) = owner(definitions, properties, "RestApiId", id, report) else { continue };
        let kind = text(properties, "Type").unwrap_or("TOKEN").to_uppercase();
        let authorization_type = if kind == "COGNITO_USER_POOLS" { "COGNITO_USER_POOLS" } else { "CUSTOM" };
        let mut document = Map::new();
        document.insert("name".to_owned(), id.into());
        document.insert("type".to_owned(), kind.into());
        let ttl = properties.get("AuthorizerResultTtlInSeconds").filter(|ttl| ttl.is_u64()).cloned();
        document.insert("authorizerResultTtlInSeconds".to_owned(), ttl.unwrap_or_else(|| json!(300)));
        let source = text(properties, "IdentitySource").unwrap_or("method.request.header.Authorization");
        document.insert("identitySource".to_owned(), source.into());
        if let Some(uri) = text(properties, "AuthorizerUri") {
            document.insert("authorizerUri".to_owned(), uri.into());
        }
        let pools = texts(properties.get("ProviderARNs"));
        if !pools.is_empty() {
            document.insert("providerARNs".to_owned(), json!(pools));
        }
        definition.authorizers.push(AuthorizerDefinition { name: id.to_owned(), authorization_type, document });
    }
    for (id, properties) in template.of_type("AWS::ApiGateway::RequestValidator") {
        let Some(definition) = owner(definitions, properties, "RestApiId", id, report) else { continue };
        let mut body = Map::new();
        body.insert("name".to_owned(), id.into());
        for (property, key) in
            [("ValidateRequestBody", "validateRequestBody"), ("ValidateRequestParameters", "validateRequestParameters")]
        {
            body.insert(key.to_owned(), truth(properties, property).unwrap_or(false).into());
        }
        definition.validators.push((id.to_owned(), body));
    }
    let paths = rest_paths(template);
    for (id, properties) in template.of_type("AWS::ApiGateway::Method") {
        let location = format!("Resources.{id}");
        let Some(definition) = owner(definitions, properties, "RestApiId", id, report) else { continue };
        let resource = text(properties, "ResourceId").unwrap_or_default();
        let path = match resource.strip_suffix(".RootResourceId") {
            Some(_) => "/".to_owned(),
            None => match paths.get(resource) {
                Some(path) => path.clone(),
                None => {
                    report.note(&location, format!("its resource {resource:?} is not in the template; left out"));
                    continue;
                }
            },
        };
        let method = text(properties, "HttpMethod").unwrap_or("ANY").to_uppercase();
        let mut found = properties.get("Integration").map_or_else(Map::new, rest_integration);
        if !found.contains_key("type") {
            report.note(&location, "there is no integration; a mock stands in");
            found = integration::stand_in(Product::Rest);
        }
        let mut route = bare_route(&method, &path, found);
        route.guard = guard(properties, definition);
        route.validator = text(properties, "RequestValidatorId")
            .filter(|name| definition.validators.iter().any(|(known, _)| known == name))
            .map(str::to_owned);
        route.integration_responses = rest_responses(properties.pointer("/Integration/IntegrationResponses"));
        definition.push(route, &location, report);
    }
}

/// The definition that a resource belongs to.
fn owner<'a>(
    definitions: &'a mut BTreeMap<String, Definition>,
    properties: &Value,
    key: &str,
    id: &str,
    report: &mut Report,
) -> Option<&'a mut Definition> {
    let api = text(properties, key).unwrap_or_default();
    let found = definitions.get_mut(api);
    if found.is_none() {
        report.note(&format!("Resources.{id}"), format!("its API {api:?} is not in the template; left out"));
    }
    found
}

/// Paths of `AWS::ApiGateway::Resource` by logical id.
fn rest_paths(template: &Template) -> BTreeMap<String, String> {
    let parents: BTreeMap<&str, (&str, &str)> = template
        .of_type("AWS::ApiGateway::Resource")
        .map(|(id, properties)| {
            (id, (text(properties, "ParentId").unwrap_or_default(), text(properties, "PathPart").unwrap_or_default()))
        })
        .collect();
    let mut paths = BTreeMap::new();
    for &id in parents.keys() {
        let (mut parts, mut next) = (Vec::new(), id);
        // A circle of parents ends at AWS's own bound of depth.
        while let Some((parent, part)) = parents.get(next).filter(|_| parts.len() < 30) {
            parts.push(*part);
            next = parent;
        }
        parts.reverse();
        paths.insert(id.to_owned(), format!("/{}", parts.join("/")));
    }
    paths
}

fn guard(properties: &Value, definition: &Definition) -> GuardDefinition {
    let mut guard = GuardDefinition::open();
    guard.api_key_required = truth(properties, "ApiKeyRequired").unwrap_or(false);
    guard.scopes = texts(properties.get("AuthorizationScopes"));
    let authorizer = text(properties, "AuthorizerId");
    let known = definition.authorizers.iter().find(|known| Some(known.name.as_str()) == authorizer);
    guard.authorizer = known.map(|known| known.name.clone());
    guard.authorization_type = match (text(properties, "AuthorizationType"), known) {
        (Some("AWS_IAM"), _) => "AWS_IAM",
        (_, Some(known)) => known.authorization_type,
        _ => "NONE",
    };
    guard
}

/// `Type` → `type`; CloudFormation's `IntegrationHttpMethod` is the wire's `httpMethod`.
fn rest_integration(found: &Value) -> Map<String, Value> {
    members(Some(found))
        .filter(|(key, _)| !matches!(*key, "IntegrationResponses"))
        .map(|(key, value)| {
            let name = match key {
                "IntegrationHttpMethod" => "httpMethod".to_owned(),
                other => lower_first(other),
            };
            let value = match name.as_str() {
                "timeoutInMillis" => plain(value).parse::<u32>().map_or(Value::Null, |value| json!(value)),
                _ => value.clone(),
            };
            (name, value)
        })
        .filter(|(_, value)| !value.is_null())
        .collect()
}

fn rest_responses(found: Option<&Value>) -> Vec<(String, Map<String, Value>)> {
    let responses = found.and_then(Value::as_array).into_iter().flatten();
    responses
        .filter_map(|response| {
            let status = plain(response.get("StatusCode")?);
            let body = ["SelectionPattern", "ResponseParameters", "ResponseTemplates"]
                .into_iter()
                .filter_map(|key| Some((lower_first(key), response.get(key)?.clone())))
                .collect();
            Some((status, body))
        })
        .collect()
}

/// `AuthorizerUri` → `authorizerUri`.
pub(crate) fn lower_first(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// Authorizers, routes and quick-create targets of HTTP and WebSocket APIs.
fn http_routes(template: &Template, definitions: &mut BTreeMap<String, Definition>, report: &mut Report) {
    for (id, properties) in template.of_type("AWS::ApiGatewayV2::Authorizer") {
        let Some(definition) = owner(definitions, properties, "ApiId", id, report) else { continue };
        let authorization_type = if text(properties, "AuthorizerType") == Some("JWT") { "JWT" } else { "CUSTOM" };
        let mut document = camel(properties);
        document.remove("apiId");
        document.insert("name".to_owned(), id.into());
        document.insert("identitySource".to_owned(), json!(texts(properties.get("IdentitySource"))));
        definition.authorizers.push(AuthorizerDefinition { name: id.to_owned(), authorization_type, document });
    }
    let integrations: BTreeMap<&str, Map<String, Value>> = template
        .of_type("AWS::ApiGatewayV2::Integration")
        .map(|(id, properties)| {
            let mut body = camel(properties);
            body.remove("apiId");
            (id, body)
        })
        .collect();
    for (id, properties) in template.of_type("AWS::ApiGatewayV2::Route") {
        let location = format!("Resources.{id}");
        let Some(definition) = owner(definitions, properties, "ApiId", id, report) else { continue };
        let target = text(properties, "Target").and_then(|target| target.rsplit('/').next()).unwrap_or_default();
        let found = integrations.get(target).cloned().unwrap_or_else(|| {
            report.note(&location, "its integration is not in the template; one that leads nowhere stands in");
            integration::stand_in(definition.product)
        });
        let key = text(properties, "RouteKey").unwrap_or("$default");
        let (method, path) = route_key(definition.product, key);
        let mut route = bare_route(&method, &path, found);
        route.guard = guard(properties, definition);
        definition.push(route, &location, report);
    }
    for (id, properties) in template.of_type("AWS::ApiGatewayV2::Api") {
        let Some(definition) = definitions.get_mut(id) else { continue };
        if let Some(cors) = properties.get("CorsConfiguration").filter(|cors| cors.is_object()) {
            definition.document.insert("corsConfiguration".to_owned(), Value::Object(camel(cors)));
        }
        if let Some(target) = text(properties, "Target") {
            let (method, path) = route_key(definition.product, text(properties, "RouteKey").unwrap_or("$default"));
            let found = if target.starts_with("http") {
                let mut found = integration::stand_in(Product::Http);
                found.insert("integrationUri".to_owned(), target.into());
                found
            } else {
                integration::lambda(definition.product, target, &template.region)
            };
            let route = bare_route(&method, &path, found);
            definition.push(route, &format!("Resources.{id}.Properties.Target"), report);
        }
    }
}

/// `GET /pets` → `(GET, /pets)`; `$default` and WebSocket keys stand in the path.
pub(crate) fn route_key(product: Product, key: &str) -> (String, String) {
    match key.split_once(' ') {
        _ if product == Product::WebSocket => ("MESSAGE".to_owned(), key.to_owned()),
        Some((method, path)) => (method.to_uppercase(), path.to_owned()),
        None => ("ANY".to_owned(), key.to_owned()),
    }
}

/// The members with AWS's own spelling, of an object and of the objects in it.
fn camel(tree: &Value) -> Map<String, Value> {
    members(Some(tree))
        .map(|(key, value)| {
            let value = match (key, value) {
                ("JwtConfiguration", Value::Object(_)) => Value::Object(camel(value)),
                _ => value.clone(),
            };
            (lower_first(key), value)
        })
        .collect()
}

/// Stages: the first of each API gives the stage's name, variables and throttles.
fn stages(template: &Template, definitions: &mut BTreeMap<String, Definition>) {
    for (kind, key) in [
        ("AWS::ApiGateway::Stage", "RestApiId"),
        ("AWS::ApiGateway::Deployment", "RestApiId"),
        ("AWS::ApiGatewayV2::Stage", "ApiId"),
    ] {
        for (_, properties) in template.of_type(kind) {
            let api = text(properties, key).unwrap_or_default();
            let Some(definition) = definitions.get_mut(api) else { continue };
            let default = if definition.product == Product::Http { "$default" } else { "prod" };
            let name = text(properties, "StageName").filter(|name| is_stage_name(name));
            if let Some(name) = name.filter(|_| definition.stage.name == default) {
                definition.stage.name = name.to_owned();
                let variables = properties.get("Variables").or_else(|| properties.get("StageVariables"));
                definition.stage.variables = variables.and_then(Value::as_object).cloned().unwrap_or_default();
                definition.stage.settings = method_settings(properties.get("MethodSettings"));
            }
        }
    }
}

/// API Gateway's rule for stage names.
pub(crate) fn is_stage_name(name: &str) -> bool {
    name == "$default"
        || (!name.is_empty()
            && name.len() <= 128
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'))
}

/// `MethodSettings` as patches of `UpdateStage`.
pub(crate) fn method_settings(found: Option<&Value>) -> Vec<(String, String)> {
    let mut patches = Vec::new();
    for setting in found.and_then(Value::as_array).into_iter().flatten() {
        let path = text(setting, "ResourcePath").unwrap_or("/*");
        let method = text(setting, "HttpMethod").unwrap_or("*");
        let key = if path == "/*" || path == "*" { "*".to_owned() } else { path.replace("~1", "/").replace('/', "~1") };
        for (property, field) in [
            ("ThrottlingRateLimit", "throttling/rateLimit"),
            ("ThrottlingBurstLimit", "throttling/burstLimit"),
            ("LoggingLevel", "logging/loglevel"),
            ("MetricsEnabled", "metrics/enabled"),
            ("DataTraceEnabled", "logging/dataTrace"),
        ] {
            if let Some(value) = setting.get(property) {
                patches.push((format!("/{key}/{method}/{field}"), plain(value)));
            }
        }
    }
    patches
}
