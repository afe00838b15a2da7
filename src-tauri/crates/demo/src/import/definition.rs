//! What a definition says, in API Gateway's words, whatever it was written in: the middle of an import.
//! `openapi`, `template` and `framework` make it, `apply` creates it in the account.

use serde_json::{Map, Value};

use super::report::Report;

/// Which product the definition asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    Rest,
    Http,
    WebSocket,
}

/// An authorizer, as `CreateAuthorizer` of the product takes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuthorizerDefinition {
    /// The name that routes refer to.
    pub(crate) name: String,
    /// `CUSTOM`, `COGNITO_USER_POOLS` or `JWT`: the authorization type of routes that use it.
    pub(crate) authorization_type: &'static str,
    /// The request body.
    pub(crate) document: Map<String, Value>,
}

/// What guards a route.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GuardDefinition {
    /// `NONE`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS`, `JWT`.
    pub(crate) authorization_type: &'static str,
    /// Name of one of the definition's authorizers.
    pub(crate) authorizer: Option<String>,
    /// OAuth scopes.
    pub(crate) scopes: Vec<String>,
    /// Whether an API key is required.
    pub(crate) api_key_required: bool,
}

impl GuardDefinition {
    /// Open to everybody.
    pub(crate) const fn open() -> Self {
        Self { authorization_type: "NONE", authorizer: None, scopes: Vec::new(), api_key_required: false }
    }
}

/// A method on a path, or a route.
#[derive(Debug, Clone)]
pub(crate) struct RouteDefinition {
    /// `GET`, `ANY`…; `MESSAGE` for a WebSocket route, whose key stands in `path`.
    pub(crate) method: String,
    /// `/pets/{id}`.
    pub(crate) path: String,
    pub(crate) guard: GuardDefinition,
    /// Name of one of the definition's validators.
    pub(crate) validator: Option<String>,
    pub(crate) operation_name: Option<String>,
    /// `method.request.querystring.q` → required.
    pub(crate) request_parameters: Map<String, Value>,
    /// Content type → model name.
    pub(crate) request_models: Map<String, Value>,
    /// The body of `PutIntegration` or `CreateIntegration`.
    pub(crate) integration: Map<String, Value>,
    /// Status → body of `PutIntegrationResponse`.
    pub(crate) integration_responses: Vec<(String, Map<String, Value>)>,
    /// Status → body of `PutMethodResponse`.
    pub(crate) method_responses: Vec<(String, Map<String, Value>)>,
}

/// A stage with what the definition says of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct StageDefinition {
    pub(crate) name: String,
    pub(crate) variables: Map<String, Value>,
    /// `(path or "/*", method or "*", field path, value)`, as patches of `UpdateStage`.
    pub(crate) settings: Vec<(String, String)>,
}

/// One API.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    /// Where in the file it stands, for the report.
    pub(crate) location: String,
    pub(crate) product: Product,
    /// The body of `CreateRestApi` or `CreateApi`.
    pub(crate) document: Map<String, Value>,
    pub(crate) authorizers: Vec<AuthorizerDefinition>,
    /// Body of `CreateRequestValidator`, by name.
    pub(crate) validators: Vec<(String, Map<String, Value>)>,
    /// `name → schema`.
    pub(crate) models: Vec<(String, Value)>,
    /// `responseType → body of PutGatewayResponse`.
    pub(crate) gateway_responses: Vec<(String, Map<String, Value>)>,
    pub(crate) routes: Vec<RouteDefinition>,
    pub(crate) stage: StageDefinition,
}

impl Definition {
    /// An API without routes.
    pub(crate) fn new(location: impl Into<String>, product: Product, name: &str) -> Self {
        let mut document = Map::new();
        document.insert("name".to_owned(), Value::String(name.to_owned()));
        if product != Product::Rest {
            let protocol = if product == Product::Http { "HTTP" } else { "WEBSOCKET" };
            document.insert("protocolType".to_owned(), protocol.into());
        }
        let stage = if product == Product::Http { "$default" } else { "prod" };
        Self {
            location: location.into(),
            product,
            document,
            authorizers: Vec::new(),
            validators: Vec::new(),
            models: Vec::new(),
            gateway_responses: Vec::new(),
            routes: Vec::new(),
            stage: StageDefinition { name: stage.to_owned(), ..StageDefinition::default() },
        }
    }

    /// The API's name.
    pub(crate) fn name(&self) -> &str {
        self.document.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// Adds a route unless it is there already, which is reported: AWS takes the last one silently in a
    /// template and refuses it in a call, the console must not show it twice.
    pub(crate) fn push(&mut self, route: RouteDefinition, location: &str, report: &mut Report) {
        if self.routes.iter().any(|known| known.method == route.method && known.path == route.path) {
            report.note(location, format!("{} {} is defined twice; the first stays", route.method, route.path));
        } else {
            self.routes.push(route);
        }
    }
}

/// Text of a member, if it is text.
pub(crate) fn text<'a>(tree: &'a Value, key: &str) -> Option<&'a str> {
    tree.get(key).and_then(Value::as_str)
}

/// Truth of a member: definitions write `true` and `"true"`.
pub(crate) fn truth(tree: &Value, key: &str) -> Option<bool> {
    match tree.get(key)? {
        Value::Bool(value) => Some(*value),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The texts of a list, or of a single text.
pub(crate) fn texts(tree: Option<&Value>) -> Vec<String> {
    match tree {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}
