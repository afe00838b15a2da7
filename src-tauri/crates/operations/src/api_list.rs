//! `api_list`: every API with its stages.

use portcullis_domain::{
    api::{Api, Stage},
    coverage::Coverage,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for the APIs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApiListRequest {}

/// An API in its context.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApiListItem {
    /// The context's label.
    pub context: String,
    /// Account.
    pub account: String,
    /// Region.
    pub region: String,
    /// The API.
    pub api: Api,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// Routes over all stages, preflights not counted.
    pub routes: u32,
}

/// The APIs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApiList {
    /// By context, name and id.
    pub items: Vec<ApiListItem>,
    /// What could not be read.
    pub coverage: Coverage,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn api_list(_host: &crate::host::Host, _request: ApiListRequest) -> Result<ApiList, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
