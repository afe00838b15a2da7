//! The nouns of API Gateway, as far as the console needs them, the same for REST, HTTP and WebSocket.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::throttle::Limit;

/// The three products that share a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum ApiKind {
    /// `apigateway`, version 1: plans, keys, validators, WAF, canary, private endpoints.
    Rest,
    /// `apigatewayv2` with `protocolType` HTTP: JWT authorizers; no WAF, plans, canary or validators.
    Http,
    /// `apigatewayv2` with `protocolType` WEBSOCKET: routes by message.
    WebSocket,
}

/// How clients reach an API's own endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum EndpointType {
    /// Through CloudFront (REST only; AWS's default).
    Edge,
    /// In the region.
    Regional,
    /// Only from VPC endpoints.
    Private,
}

/// An API: what `GetRestApis` or `GetApis` says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    /// AWS's id, ten characters.
    pub id: Arc<str>,
    /// The name, as somebody typed it: hostile until shown as data. Not unique.
    pub name: Arc<str>,
    /// Which product.
    pub kind: ApiKind,
    /// How it is reached.
    pub endpoint_type: EndpointType,
    /// The description, if any.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub description: Option<String>,
    /// `createdDate`, RFC 3339.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub created: Option<String>,
    /// Tags, the account's own words.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Whether `https://{id}.execute-api.…` is switched off.
    #[serde(default)]
    pub execute_api_disabled: bool,
    /// Whether a resource policy is set (REST).
    #[serde(default)]
    pub has_resource_policy: bool,
    /// `apiKeySource` of a REST API: `HEADER` or `AUTHORIZER`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub api_key_source: Option<String>,
    /// `routeSelectionExpression` of a WebSocket API.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub route_selection_expression: Option<String>,
}

/// A canary on a REST stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Canary {
    /// The candidate's deployment.
    pub deployment_id: Arc<str>,
    /// Share of requests, percent, 0.0 to 100.0.
    pub percent_traffic: f64,
}

/// A stage of an API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// The name; `$default` on HTTP APIs has no path segment.
    pub name: Arc<str>,
    /// The deployment that it serves; absent on an HTTP stage that was never deployed.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub deployment_id: Option<Arc<str>>,
    /// The canary, if there is one (REST).
    #[serde(default)]
    #[ts(optional = nullable)]
    pub canary: Option<Canary>,
    /// ARN of the web ACL (REST).
    #[serde(default)]
    #[ts(optional = nullable)]
    pub web_acl_arn: Option<Arc<str>>,
    /// Limits by normalised route key: `*/*` for the default, else `METHOD /path` (REST) or the route key
    /// (HTTP, WebSocket). See [`crate::throttle`].
    #[serde(default)]
    pub limits: BTreeMap<String, Limit>,
    /// Whether routes report metrics of their own, by the same keys; nothing said means that they do not.
    #[serde(default)]
    #[ts(skip)]
    pub detailed_metrics: BTreeMap<String, bool>,
    /// ARN of where its access log goes, a log group or a Firehose stream.
    #[serde(default)]
    #[ts(skip)]
    pub access_log_arn: Option<Arc<str>>,
    /// Whether every change goes live at once (HTTP, WebSocket).
    #[serde(default)]
    pub auto_deploy: bool,
    /// Tags.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// `lastUpdatedDate`, RFC 3339.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub last_updated: Option<String>,
}

/// An authorizer of an API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Authorizer {
    /// AWS's id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// `TOKEN`, `REQUEST`, `COGNITO_USER_POOLS` (REST) or `REQUEST`, `JWT` (HTTP).
    pub kind: String,
    /// How long a decision is cached, seconds; 0 means never.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub ttl_seconds: Option<i32>,
    /// What it asks: function ARN, user pools or issuer.
    #[serde(default)]
    pub targets: Vec<String>,
}

/// A request validator of a REST API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Validator {
    /// AWS's id.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Whether the body is checked against a model.
    pub validates_body: bool,
    /// Whether required parameters are checked.
    pub validates_parameters: bool,
}

/// Where a route's requests go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    /// `AWS`, `AWS_PROXY`, `HTTP`, `HTTP_PROXY`, `MOCK`.
    pub kind: String,
    /// URI, function ARN or VPC link target, as configured.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub target: Option<String>,
    /// `VPC_LINK` or `INTERNET`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub connection_type: Option<String>,
    /// `timeoutInMillis`, ms.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub timeout_ms: Option<i32>,
    /// Whether a mock answers `Access-Control-Allow-*` itself: with OPTIONS, that is a CORS preflight.
    #[serde(default)]
    pub answers_cors: bool,
}
