//! `route_values`: the values that a property takes, for the filter's suggestions.

use portcullis_domain::route_query::RouteProperty;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for the values that a property takes, for the filter's suggestions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteValuesRequest {
    /// Which property.
    pub property: RouteProperty,
    /// Only values that contain this, ignoring case.
    #[serde(default)]
    pub text: String,
}

/// The values, most frequent first, 50 at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteValues {
    /// The values.
    pub values: Vec<String>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn route_values(
    _host: &crate::host::Host,
    _request: RouteValuesRequest,
) -> Result<RouteValues, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
