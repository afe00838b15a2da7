//! `route_values`: the values that a property takes, for the filter's suggestions.

use portcullis_domain::route_query::RouteProperty;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

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

/// Lists the values.
///
/// # Errors
/// None.
pub async fn route_values(host: &Host, request: RouteValuesRequest) -> Result<RouteValues, WireError> {
    Ok(RouteValues { values: host.shown().1.values(request.property, &request.text, 50) })
}
