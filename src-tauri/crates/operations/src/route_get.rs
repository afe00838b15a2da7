//! `route_get`: everything about one route, with where its guard and limits come from and what AWS said.

use portcullis_domain::{
    api::{Api, Authorizer, Stage, Validator},
    route::Route,
    throttle::{Limit, ThrottleSource},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteGetRequest {
    /// [`Route::id`].
    pub id: String,
}

/// A layer of throttling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleLayer {
    /// Which.
    pub source: ThrottleSource,
    /// In words: `stage prod, method POST /login`.
    pub label: String,
    /// What is set there, if anything.
    pub limit: Limit,
    /// Whether the rate in effect comes from here.
    pub binds_rate: bool,
    /// Whether the burst in effect comes from here.
    pub binds_burst: bool,
}

/// What AWS answered, as far as it concerns the route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RawDocument {
    /// `Method`, `Stage`, `Deployment summary`, `Authorizer`…
    pub title: String,
    /// The call that it came from: `apigateway:GetResources`.
    pub call: String,
    /// JSON pointer into that call's answer.
    pub pointer: String,
    /// The JSON, pretty-printed.
    pub json: String,
}

/// Everything about one route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteDetail {
    /// The row.
    pub route: Route,
    /// Its API.
    pub api: Api,
    /// Its stage.
    pub stage: Stage,
    /// Its authorizer in full, if it has one that could be read.
    #[ts(optional = nullable)]
    pub authorizer: Option<Authorizer>,
    /// Its validator in full.
    #[ts(optional = nullable)]
    pub validator: Option<Validator>,
    /// Where the guard comes from, sentences: `deployment d1a2b3 of 2026-03-02 says CUSTOM; …`.
    pub guard_notes: Vec<String>,
    /// Layers of throttling, narrowest first.
    pub throttle_layers: Vec<ThrottleLayer>,
    /// The method's execute-api ARN (`arn:aws:execute-api:…`).
    pub arn: String,
    /// An `aws` command that shows the same.
    pub aws_command: String,
    /// The same thing in the AWS console.
    pub console_url: String,
    /// What AWS answered.
    pub raw: Vec<RawDocument>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn route_get(
    _host: &crate::host::Host,
    _request: RouteGetRequest,
) -> Result<RouteDetail, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
