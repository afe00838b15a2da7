//! `audience_override_set`: a person says whose a route is, against every rule; or takes that back.

use portcullis_domain::audience::Audience;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whose the route is. Answers with [`crate::route_get::RouteDetail`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceOverrideSetRequest {
    /// [`portcullis_domain::route::Route::id`].
    pub route_id: String,
    /// The audience; `None` takes the override back.
    #[ts(optional = nullable)]
    pub audience: Option<Audience>,
    /// Why, in the person's words; required with an audience.
    #[serde(default)]
    pub reason: String,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn audience_override_set(
    _host: &crate::host::Host,
    _request: AudienceOverrideSetRequest,
) -> Result<crate::route_get::RouteDetail, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
