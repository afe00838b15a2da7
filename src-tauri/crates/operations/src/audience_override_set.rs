//! `audience_override_set`: a person says whose a route is, against every rule; or takes that back.

use portcullis_domain::{audience::Audience, audience_rules::AudienceOverride};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    route_get::RouteDetail,
};

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

/// Says it, or takes it back.
///
/// # Errors
/// `InvalidInput` without a reason, `NotFound` for a route that is not there, the store's.
pub async fn audience_override_set(host: &Host, request: AudienceOverrideSetRequest) -> Result<RouteDetail, WireError> {
    let (_, index) = host.shown();
    let Some(route) = index.find(&request.route_id) else {
        return Err(WireError::new(ErrorCode::NotFound, format!("There is no route {} any more.", request.route_id))
            .with_hint("Refresh."));
    };
    let said = match request.audience {
        Some(_) if request.reason.trim().is_empty() => {
            return Err(WireError::new(
                ErrorCode::InvalidInput,
                "Say why: the reason is shown to whoever reviews this route.".to_owned(),
            ));
        }
        Some(audience) => {
            let arn = host
                .contexts()
                .iter()
                .find(|context| context.label == route.context)
                .and_then(|context| context.state().identity.as_ref().map(|identity| identity.arn.clone()));
            let user = crate::host::local_user();
            let by = arn.map_or(user.clone(), |arn| format!("{user} ({arn})"));
            Some(AudienceOverride { audience, reason: request.reason.trim().to_owned(), by, at: host.now() })
        }
        None => None,
    };
    host.inner.store.set_override(&request.route_id, said.as_ref())?;
    host.change_overrides(|overrides| {
        match said {
            Some(said) => overrides.insert(request.route_id.clone(), said),
            None => overrides.remove(&request.route_id),
        };
    });
    host.classify_again();
    crate::route_get::route_get(host, crate::route_get::RouteGetRequest { id: request.route_id }).await
}
