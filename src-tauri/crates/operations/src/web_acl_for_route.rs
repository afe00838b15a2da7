//! `web_acl_for_route`: which web ACL stands before a route, and which of its rules can match there.

use portcullis_domain::{coverage::Coverage, waf::RouteCover};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    waf_routes::{addresses, cover, stage_acls},
};

/// Which route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclForRouteRequest {
    /// [`portcullis_domain::route::Route::id`].
    pub route_id: String,
}

/// What stands before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclForRoute {
    /// `POST /login of storefront, prod`.
    pub label: String,
    /// The context's label.
    pub context: String,
    /// ARN of the web ACL.
    #[ts(optional = nullable)]
    pub arn: Option<String>,
    /// Its name.
    #[ts(optional = nullable)]
    pub name: Option<String>,
    /// The paths that WAF sees: `/prod/login (execute-api)`.
    pub addresses: Vec<String>,
    /// What it does there.
    pub cover: RouteCover,
    /// What is missing.
    pub coverage: Coverage,
}

/// Says it.
///
/// # Errors
/// `NotFound` when the route is not there any more.
pub async fn web_acl_for_route(host: &Host, request: WebAclForRouteRequest) -> Result<WebAclForRoute, WireError> {
    let (_, index) = host.shown();
    let route = index.find(&request.route_id).cloned().ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no route {} any more.", request.route_id))
            .with_hint("Refresh.")
    })?;
    let context = host.open_context(&route.context)?;
    let known = host.web_acls(false).await;
    let read = known.iter().find(|read| read.context == *route.context);
    let (acl, cover) = cover(&context, read.map(|read| &**read), &stage_acls(&context), &route);
    let (arn, name) = acl.unzip();
    let seen = addresses(&context, &route).into_iter().map(|one| format!("{} ({})", one.path, one.host));
    Ok(WebAclForRoute {
        label: portcullis_domain::change::TouchedRoute::of(&route).label,
        context: route.context.to_string(),
        addresses: if arn.is_some() { seen.collect() } else { Vec::new() },
        arn,
        name,
        cover,
        coverage: host.waf_coverage(&known),
    })
}
