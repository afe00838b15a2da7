//! An OpenAPI 3 or Swagger 2 definition with `x-amazon-apigateway-*` extensions, read as
//! `ImportRestApi` and `ImportApi` read it
//! (<https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html>).
//!
//! Not here: documentation parts, `basepath=prepend|split` (AWS's default `ignore` is what is done), and
//! checks of the JSON schemas, which API Gateway itself keeps as text.

use serde_json::{Map, Value, json};

use super::{
    definition::{Definition, GuardDefinition, Product, RouteDefinition, text, texts, truth},
    integration,
    report::Report,
    security::Schemes,
};

/// Operations of a path item and the methods that they become.
const METHODS: [(&str, &str); 8] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
    ("x-amazon-apigateway-any-method", "ANY"),
];

/// Extensions that are read somewhere in this module or say nothing that the account keeps.
const READ: [&str; 13] = [
    "x-amazon-apigateway-api-key-source",
    "x-amazon-apigateway-binary-media-types",
    "x-amazon-apigateway-cors",
    "x-amazon-apigateway-documentation",
    "x-amazon-apigateway-endpoint-access-mode",
    "x-amazon-apigateway-endpoint-configuration",
    "x-amazon-apigateway-gateway-responses",
    "x-amazon-apigateway-importexport-version",
    "x-amazon-apigateway-minimum-compression-size",
    "x-amazon-apigateway-policy",
    "x-amazon-apigateway-request-validator",
    "x-amazon-apigateway-request-validators",
    "x-amazon-apigateway-security-policy",
];

/// Whether the tree says that it is an OpenAPI or Swagger definition.
pub(crate) fn is_openapi(tree: &Value) -> bool {
    tree.get("openapi").is_some() || tree.get("swagger").is_some()
}

/// Which product a definition is for when nobody says: the extensions that only HTTP APIs know, unless there is one that
/// only REST APIs know. Swagger 2 is always REST, since `ImportApi` takes OpenAPI 3 only.
fn product_of(tree: &Value) -> Product {
    if tree.get("swagger").is_some() {
        return Product::Rest;
    }
    let operations =
        || members(tree.get("paths")).flat_map(|(_, item)| members(Some(item)).map(|(_, operation)| operation));
    let speaks_http = tree.get("x-amazon-apigateway-cors").is_some()
        || tree.pointer("/paths/$default").is_some()
        || members(tree.pointer("/components/securitySchemes")).any(|(_, scheme)| {
            scheme.get("x-amazon-apigateway-authorizer").is_some_and(|authorizer| {
                text(authorizer, "type") == Some("jwt") || authorizer.get("authorizerPayloadFormatVersion").is_some()
            })
        })
        || operations().any(|operation| {
            operation
                .get("x-amazon-apigateway-integration")
                .is_some_and(|integration| integration.get("payloadFormatVersion").is_some())
        });
    if speaks_http && !speaks_rest(tree) { Product::Http } else { Product::Rest }
}

/// Authorizers and integrations that HTTP APIs do not have.
fn speaks_rest(tree: &Value) -> bool {
    let schemes = members(tree.pointer("/components/securitySchemes"));
    let mut authorizers = schemes.filter_map(|(_, scheme)| scheme.get("x-amazon-apigateway-authorizer"));
    let mut operations = members(tree.get("paths")).flat_map(|(_, item)| members(Some(item)));
    let kind = |node: &Value| text(node, "type").map(str::to_lowercase);
    authorizers.any(|found| matches!(kind(found).as_deref(), Some("token" | "cognito_user_pools")))
        || operations.any(|(_, operation)| {
            let integration = operation.get("x-amazon-apigateway-integration");
            matches!(integration.and_then(kind).as_deref(), Some("mock" | "http" | "aws"))
        })
}

/// Reads a definition; `product` overrides what the definition itself suggests (a template's resource type).
pub(crate) fn read(
    tree: &Value,
    location: &str,
    fallback_name: &str,
    product: Option<Product>,
    report: &mut Report,
) -> Definition {
    let product = product.unwrap_or_else(|| product_of(tree));
    let name = tree.pointer("/info/title").and_then(Value::as_str).filter(|title| !title.is_empty());
    let mut definition = Definition::new(location, product, name.unwrap_or(fallback_name));
    let at = |inner: &str| if location.is_empty() { inner.to_owned() } else { format!("{location}.{inner}") };
    api(tree, &mut definition);
    named_extensions(tree, &at, report);
    let for_all = tree.get("security").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if for_all && product != Product::Rest {
        report.note(&at("security"), "security at the root is not applied to an HTTP API: each route says its own");
    }
    models(tree, &mut definition);
    validators(tree, &mut definition);
    let schemes = Schemes::read(tree, product, &at, report);
    definition.authorizers = schemes.authorizers();
    let reader = Reader { tree, schemes: &schemes, product };
    for (path, item) in members(tree.get("paths")) {
        let path_location = at(&format!("paths.{path}"));
        if product != Product::Http && !path.starts_with('/') || path.is_empty() {
            report.note(&path_location, "the path does not begin with a slash, and API Gateway refuses it");
            continue;
        }
        if !item.is_object() {
            report.note(&path_location, "the path has no operations");
            continue;
        }
        let item = follow(tree, item);
        if item.get("$ref").is_some() {
            report.note(&path_location, "the path refers to another file, which is not read");
            continue;
        }
        for (key, method) in METHODS {
            let Some(operation) = item.get(key) else { continue };
            let location = format!("{path_location}.{key}");
            let route = reader.route(path, method, item, operation, &location, report);
            definition.push(route, &location, report);
        }
        for (key, _) in members(Some(item)) {
            let known = METHODS.iter().any(|(method, _)| *method == key)
                || matches!(key, "parameters" | "summary" | "description" | "servers" | "$ref");
            if !known {
                report.note(&format!("{path_location}.{key}"), "API Gateway has no such method; it was left out");
            }
        }
    }
    if definition.routes.is_empty() {
        report.note(&at("paths"), "the definition has no routes");
    }
    definition
}

/// What of the document belongs to the API itself.
fn api(tree: &Value, definition: &mut Definition) {
    let document = &mut definition.document;
    for (pointer, key) in [("/info/description", "description"), ("/info/version", "version")] {
        match tree.pointer(pointer) {
            Some(Value::String(value)) if !value.is_empty() => {
                document.insert(key.to_owned(), Value::String(value.clone()));
            }
            Some(Value::Number(number)) => {
                document.insert(key.to_owned(), Value::String(number.to_string()));
            }
            _ => {}
        }
    }
    let endpoint = [
        tree.get("x-amazon-apigateway-endpoint-configuration"),
        tree.pointer("/servers/0/x-amazon-apigateway-endpoint-configuration"),
    ]
    .into_iter()
    .flatten()
    .next();
    if definition.product == Product::Rest {
        if let Some(source) = text(tree, "x-amazon-apigateway-api-key-source") {
            document.insert("apiKeySource".to_owned(), source.to_uppercase().into());
        }
        let types = tree.get("x-amazon-apigateway-binary-media-types").map(|types| texts(Some(types)));
        if let Some(types) = types.filter(|types| !types.is_empty()) {
            document.insert("binaryMediaTypes".to_owned(), json!(types));
        }
        if let Some(size) = tree.get("x-amazon-apigateway-minimum-compression-size").filter(|size| size.is_u64()) {
            document.insert("minimumCompressionSize".to_owned(), size.clone());
        }
        match tree.get("x-amazon-apigateway-policy") {
            Some(Value::String(policy)) => drop(document.insert("policy".to_owned(), policy.clone().into())),
            Some(policy @ Value::Object(_)) => drop(document.insert("policy".to_owned(), policy.to_string().into())),
            _ => {}
        }
        if let Some(endpoint) = endpoint {
            let mut configuration = Map::new();
            let endpoints = texts(endpoint.get("vpcEndpointIds"));
            let mut types: Vec<String> = texts(endpoint.get("types")).iter().map(|kind| kind.to_uppercase()).collect();
            if types.is_empty() && !endpoints.is_empty() {
                types.push("PRIVATE".to_owned());
            }
            if !types.is_empty() {
                configuration.insert("types".to_owned(), json!(types));
            }
            if !endpoints.is_empty() {
                configuration.insert("vpcEndpointIds".to_owned(), json!(endpoints));
            }
            if !configuration.is_empty() {
                document.insert("endpointConfiguration".to_owned(), Value::Object(configuration));
            }
        }
        definition.gateway_responses = members(tree.get("x-amazon-apigateway-gateway-responses"))
            .map(|(kind, body)| (kind.to_owned(), body.as_object().cloned().unwrap_or_default()))
            .map(|(kind, mut body)| {
                if let Some(Value::Number(status)) = body.get("statusCode").cloned() {
                    body.insert("statusCode".to_owned(), status.to_string().into());
                }
                (kind, body)
            })
            .collect();
    } else if let Some(cors) = tree.get("x-amazon-apigateway-cors").filter(|cors| cors.is_object()) {
        document.insert("corsConfiguration".to_owned(), cors.clone());
    }
    if let Some(disabled) = endpoint.and_then(|endpoint| truth(endpoint, "disableExecuteApiEndpoint")) {
        document.insert("disableExecuteApiEndpoint".to_owned(), disabled.into());
    }
}

/// Extensions at the top that nothing here reads.
fn named_extensions(tree: &Value, at: &dyn Fn(&str) -> String, report: &mut Report) {
    for (key, _) in members(Some(tree)) {
        if key.starts_with("x-amazon-apigateway-") && !READ.contains(&key) {
            report.note(&at(key), "this extension is not known to the demo account and was left out");
        }
    }
}

fn models(tree: &Value, definition: &mut Definition) {
    if definition.product == Product::Rest {
        definition.models = [tree.get("definitions"), tree.pointer("/components/schemas")]
            .into_iter()
            .flat_map(members)
            // AWS takes letters and digits in a model's name.
            .map(|(name, schema)| (model_name(name), schema.clone()))
            .collect();
    }
}

fn model_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn validators(tree: &Value, definition: &mut Definition) {
    if definition.product != Product::Rest {
        return;
    }
    definition.validators = members(tree.get("x-amazon-apigateway-request-validators"))
        .map(|(name, rules)| {
            let mut body = Map::new();
            body.insert("name".to_owned(), name.into());
            for key in ["validateRequestBody", "validateRequestParameters"] {
                body.insert(key.to_owned(), truth(rules, key).unwrap_or(false).into());
            }
            (name.to_owned(), body)
        })
        .collect();
}

/// What every operation is read against.
struct Reader<'a> {
    tree: &'a Value,
    schemes: &'a Schemes,
    product: Product,
}

impl Reader<'_> {
    fn route(
        &self,
        path: &str,
        method: &str,
        item: &Value,
        operation: &Value,
        location: &str,
        report: &mut Report,
    ) -> RouteDefinition {
        let parts = integration::read(self.tree, operation, self.product, location, report);
        let guard = self.schemes.guard(operation, location, report);
        let (request_parameters, request_models) = self.parameters(item, operation);
        RouteDefinition {
            method: method.to_owned(),
            path: path.to_owned(),
            guard,
            validator: self.validator(operation, location, report),
            operation_name: text(operation, "operationId").map(str::to_owned),
            request_parameters,
            request_models,
            integration: parts.integration,
            integration_responses: parts.responses,
            method_responses: method_responses(self.tree, operation),
        }
    }

    /// The operation's validator, else the API's.
    fn validator(&self, operation: &Value, location: &str, report: &mut Report) -> Option<String> {
        let key = "x-amazon-apigateway-request-validator";
        let name = text(operation, key).or_else(|| text(self.tree, key))?;
        if self.product != Product::Rest {
            report.note(location, "HTTP APIs validate no requests; the validator was left out");
            return None;
        }
        if self.tree.get("x-amazon-apigateway-request-validators").and_then(|all| all.get(name)).is_none() {
            report.note(location, format!("the request validator {name:?} is not defined"));
            return None;
        }
        Some(name.to_owned())
    }

    /// Request parameters and models of a REST method.
    fn parameters(&self, item: &Value, operation: &Value) -> (Map<String, Value>, Map<String, Value>) {
        let (mut parameters, mut models) = (Map::new(), Map::new());
        if self.product != Product::Rest {
            return (parameters, models);
        }
        for source in [item, operation] {
            for parameter in source.get("parameters").and_then(Value::as_array).into_iter().flatten() {
                let parameter = follow(self.tree, parameter);
                let Some(name) = text(parameter, "name") else { continue };
                let place = match text(parameter, "in") {
                    Some("query") => "querystring",
                    Some("header") => "header",
                    Some("path") => "path",
                    Some("body") => {
                        if let Some(model) = reference(parameter.get("schema")) {
                            models.insert("application/json".to_owned(), model.into());
                        }
                        continue;
                    }
                    _ => continue,
                };
                let required = truth(parameter, "required").unwrap_or(false);
                parameters.insert(format!("method.request.{place}.{name}"), required.into());
            }
        }
        let body = operation.get("requestBody").map(|body| follow(self.tree, body));
        for (content_type, media) in members(body.and_then(|body| body.get("content"))) {
            if let Some(model) = reference(media.get("schema")) {
                models.insert(content_type.to_owned(), model.into());
            }
        }
        (parameters, models)
    }
}

/// Model name of a schema that is a reference.
fn reference(schema: Option<&Value>) -> Option<String> {
    let name = text(schema?, "$ref")?.rsplit('/').next()?;
    Some(model_name(name)).filter(|name| !name.is_empty())
}

/// `PutMethodResponse` for every numeric status; `default` is no status of a method response.
fn method_responses(tree: &Value, operation: &Value) -> Vec<(String, Map<String, Value>)> {
    members(operation.get("responses"))
        .filter(|(status, _)| status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|(status, response)| {
            let response = follow(tree, response);
            let headers: Map<String, Value> = members(response.get("headers"))
                .map(|(name, _)| (format!("method.response.header.{name}"), Value::Bool(false)))
                .collect();
            let mut body = Map::new();
            if !headers.is_empty() {
                body.insert("responseParameters".to_owned(), Value::Object(headers));
            }
            let swagger = reference(response.get("schema")).map(|model| ("application/json".to_owned(), model.into()));
            let models: Map<String, Value> = members(response.get("content"))
                .filter_map(|(kind, media)| Some((kind.to_owned(), reference(media.get("schema"))?.into())))
                .chain(swagger)
                .collect();
            if !models.is_empty() {
                body.insert("responseModels".to_owned(), Value::Object(models));
            }
            (status.to_owned(), body)
        })
        .collect()
}

/// The members of an object; nothing for anything else.
pub(crate) fn members(tree: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    tree.and_then(Value::as_object).into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// Follows one `$ref` within the document (chains of up to eight; a circle ends there).
pub(crate) fn follow<'a>(tree: &'a Value, mut node: &'a Value) -> &'a Value {
    for _ in 0..8 {
        let Some(pointer) = text(node, "$ref").and_then(|reference| reference.strip_prefix('#')) else { break };
        match tree.pointer(pointer) {
            Some(target) => node = target,
            None => break,
        }
    }
    node
}

/// A route without guard and integration details, for the readers of templates.
pub(crate) fn bare_route(method: &str, path: &str, integration: Map<String, Value>) -> RouteDefinition {
    RouteDefinition {
        method: method.to_owned(),
        path: path.to_owned(),
        guard: GuardDefinition::open(),
        validator: None,
        operation_name: None,
        request_parameters: Map::new(),
        request_models: Map::new(),
        integration,
        integration_responses: Vec::new(),
        method_responses: Vec::new(),
    }
}
