//! The words that the seed's tables are written in.

use serde_json::{Map, Value, json};

use crate::{
    ACCOUNT_ID,
    import::{AuthorizerDefinition, Definition, GuardDefinition, Product, RouteDefinition},
};

/// One method of an API, as a line of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// `GET /v2/products`, or a WebSocket route key.
    line: &'static str,
    /// Name of the Lambda function behind it; `vpc:orders` for a service behind a VPC link.
    target: &'static str,
    authorizer: Option<&'static str>,
    scope: Option<&'static str>,
    iam: bool,
    key: bool,
    validator: Option<&'static str>,
    timeout_ms: Option<u32>,
}

/// A route that nothing guards.
pub(super) const fn row(line: &'static str, target: &'static str) -> Row {
    Row { line, target, authorizer: None, scope: None, iam: false, key: false, validator: None, timeout_ms: None }
}

impl Row {
    /// Guarded by an authorizer of the API.
    pub(super) const fn by(mut self, authorizer: &'static str) -> Self {
        self.authorizer = Some(authorizer);
        self
    }

    /// The token must carry this scope.
    pub(super) const fn scope(mut self, scope: &'static str) -> Self {
        self.scope = Some(scope);
        self
    }

    /// Signed with IAM credentials.
    pub(super) const fn iam(mut self) -> Self {
        self.iam = true;
        self
    }

    /// An API key is required.
    pub(super) const fn key(mut self) -> Self {
        self.key = true;
        self
    }

    /// Checked by a request validator of the API.
    pub(super) const fn checked(mut self, validator: &'static str) -> Self {
        self.validator = Some(validator);
        self
    }

    /// Integration timeout, ms.
    pub(super) const fn timeout(mut self, ms: u32) -> Self {
        self.timeout_ms = Some(ms);
        self
    }
}

/// The members of a JSON object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// ARN of a Lambda function of the account.
pub(super) fn function(region: &str, name: &str) -> String {
    format!("arn:aws:lambda:{region}:{ACCOUNT_ID}:function:{name}")
}

/// The URI with which API Gateway invokes it.
fn invocation(region: &str, name: &str) -> String {
    format!("arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{}/invocations", function(region, name))
}

/// A definition from its table.
pub(super) fn definition(product: Product, document: Value, region: &str, rows: &[Row]) -> Definition {
    let mut definition = Definition::new("seed", product, "");
    definition.document.extend(object(document));
    if product == Product::Rest {
        definition.validators =
            [("body", true, false), ("parameters", false, true), ("body-and-parameters", true, true)]
                .into_iter()
                .filter(|(name, ..)| rows.iter().any(|row| row.validator == Some(name)))
                .map(|(name, body, parameters)| {
                    let rules =
                        json!({ "name": name, "validateRequestBody": body, "validateRequestParameters": parameters });
                    (name.to_owned(), object(rules))
                })
                .collect();
    }
    definition.routes = rows.iter().map(|row| route(product, region, row)).collect();
    definition
}

/// Sets the authorization type of each route that names an authorizer, and adds the authorizer.
pub(super) fn authorizer(definition: &mut Definition, name: &str, kind: &'static str, document: Value) {
    for route in &mut definition.routes {
        if route.guard.authorizer.as_deref() == Some(name) {
            route.guard.authorization_type = kind;
        }
    }
    let mut document = object(document);
    document.insert("name".to_owned(), name.into());
    definition.authorizers.push(AuthorizerDefinition { name: name.to_owned(), authorization_type: kind, document });
}

/// A Cognito user pool as the authorizer of a REST API.
pub(super) fn cognito(definition: &mut Definition, name: &str, region: &str, pool: &str, ttl: u32) {
    let arn = format!("arn:aws:cognito-idp:{region}:{ACCOUNT_ID}:userpool/{region}_{pool}");
    let document = json!({
        "type": "COGNITO_USER_POOLS", "providerARNs": [arn], "authorizerResultTtlInSeconds": ttl,
        "identitySource": "method.request.header.Authorization"
    });
    authorizer(definition, name, "COGNITO_USER_POOLS", document);
}

/// A Lambda authorizer of a REST API: `TOKEN` or `REQUEST`.
pub(super) fn lambda(definition: &mut Definition, name: &str, region: &str, kind: &str, ttl: u32) {
    let document = json!({
        "type": kind, "authorizerUri": invocation(region, name), "authorizerResultTtlInSeconds": ttl,
        "identitySource": "method.request.header.Authorization"
    });
    authorizer(definition, name, "CUSTOM", document);
}

fn route(product: Product, region: &str, row: &Row) -> RouteDefinition {
    let (method, path) = match row.line.split_once(' ') {
        Some((method, path)) => (method, path),
        None if product == Product::WebSocket => ("MESSAGE", row.line),
        None => ("ANY", row.line),
    };
    let guard = GuardDefinition {
        authorization_type: if row.iam { "AWS_IAM" } else { "NONE" },
        authorizer: row.authorizer.map(str::to_owned),
        scopes: row.scope.map(str::to_owned).into_iter().collect(),
        api_key_required: row.key,
    };
    let mut integration = object(match (product, row.target.strip_prefix("vpc:")) {
        (Product::Rest, Some(service)) => json!({
            "type": "HTTP_PROXY", "httpMethod": method, "connectionType": "VPC_LINK", "connectionId": "vl0001",
            "uri": format!("https://{service}.services.internal{path}")
        }),
        (Product::Rest, None) => {
            json!({ "type": "AWS_PROXY", "httpMethod": "POST", "uri": invocation(region, row.target) })
        }
        (Product::Http, _) => json!({
            "integrationType": "AWS_PROXY", "integrationUri": function(region, row.target),
            "integrationMethod": "POST", "payloadFormatVersion": "2.0"
        }),
        (Product::WebSocket, _) => json!({
            "integrationType": "AWS_PROXY", "integrationUri": invocation(region, row.target),
            "integrationMethod": "POST"
        }),
    });
    if let Some(timeout) = row.timeout_ms {
        integration.insert("timeoutInMillis".to_owned(), timeout.into());
    }
    let path_parameters: Map<String, Value> = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| (format!("method.request.path.{}", name.trim_end_matches('+')), Value::Bool(true)))
        .collect();
    RouteDefinition {
        method: method.to_owned(),
        path: path.to_owned(),
        guard,
        validator: row.validator.map(str::to_owned),
        operation_name: None,
        request_parameters: if product == Product::Rest { path_parameters } else { Map::new() },
        request_models: Map::new(),
        integration,
        integration_responses: Vec::new(),
        method_responses: Vec::new(),
    }
}

/// A CORS preflight on each of `paths`, as the console's "Enable CORS" makes it.
pub(super) fn preflights(definition: &mut Definition, paths: &[&str], origin: &str) {
    for path in paths {
        let mut route = route(Product::Rest, "", &row("OPTIONS /", ""));
        (*path).clone_into(&mut route.path);
        route.integration = object(json!({
            "type": "MOCK", "requestTemplates": { "application/json": "{\"statusCode\": 200}" }
        }));
        let header = |name: &str| format!("method.response.header.Access-Control-Allow-{name}");
        let names = [header("Origin"), header("Methods"), header("Headers")];
        let declared: Map<String, Value> = names.iter().map(|name| (name.clone(), Value::Bool(false))).collect();
        let answered = json!({
            (header("Origin")): format!("'{origin}'"),
            (header("Methods")): "'GET,POST,PUT,PATCH,DELETE,OPTIONS'",
            (header("Headers")): "'Content-Type,Authorization,X-Api-Key'"
        });
        route.method_responses = vec![("200".to_owned(), object(json!({ "responseParameters": declared })))];
        route.integration_responses = vec![("200".to_owned(), object(json!({ "responseParameters": answered })))];
        definition.routes.push(route);
    }
}
