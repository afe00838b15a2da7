//! Which routes a change of limits touches.

use super::{FieldChange, PlanTarget, TouchedRoute};
use crate::{api::ApiKind, route::Route, throttle::ThrottleSource};

/// The routes of `routes` whose limits these changes of `target` decide, in their order. A change of a default touches
/// the routes that have no limit of their own; a change of a whole usage plan touches the routes of its stages that ask
/// for a key (the others never meet the plan). `plan_stages` are the plan's stages as `api:stage`.
#[must_use]
pub fn touched_routes<'a>(
    target: &PlanTarget,
    changes: &[FieldChange],
    plan_stages: &[String],
    routes: impl IntoIterator<Item = &'a Route>,
) -> Vec<&'a Route> {
    let entries: Vec<&str> = changes.iter().filter_map(|change| Some(change.field.rsplit_once('/')?.0)).collect();
    let touched = |route: &Route| match target {
        PlanTarget::RestStage { context, api_id, stage, .. } | PlanTarget::HttpStage { context, api_id, stage, .. } => {
            *route.context == **context
                && *route.api_id == **api_id
                && *route.stage == **stage
                && entries.iter().any(|entry| stage_entry_covers(entry, route))
        }
        PlanTarget::UsagePlan { context, .. } => {
            *route.context == **context && entries.iter().any(|entry| plan_entry_covers(entry, plan_stages, route))
        }
        // One tenant's quota or key is no limit of a route.
        // Whom a web ACL's rules meet is judged where it is known: `waf::web_acl_warnings`.
        PlanTarget::WebAcl { .. } => false,
        // An alarm watches routes and changes nothing of them.
        PlanTarget::PlanKey { .. }
        | PlanTarget::ApiKey { .. }
        | PlanTarget::NewApiKey { .. }
        | PlanTarget::NewPlanKey { .. }
        | PlanTarget::Alarm { .. } => false,
    };
    routes.into_iter().filter(|route| touched(route)).collect()
}

fn stage_entry_covers(entry: &str, route: &Route) -> bool {
    match entry.strip_prefix("methodSettings/").or_else(|| entry.strip_prefix("routeSettings/")) {
        Some("*/*") => route.throttle.source != ThrottleSource::StageMethod,
        Some(key) => key == route_key(route),
        None => entry == "defaultRouteSettings" && route.throttle.source != ThrottleSource::StageMethod,
    }
}

fn plan_entry_covers(entry: &str, plan_stages: &[String], route: &Route) -> bool {
    let stage = format!("{}:{}", route.api_id, route.stage);
    if !route.guard.api_key_required || !plan_stages.contains(&stage) {
        return false;
    }
    match entry.strip_prefix("apiStages/").and_then(|rest| rest.split_once("/throttle/")) {
        Some((of, key)) => of == stage && key == route_key(route),
        None => entry == "throttle",
    }
}

/// The key of a route's own limits: `POST /login`, on WebSocket APIs the route key.
#[must_use]
pub fn route_key(route: &Route) -> String {
    if route.api_kind == ApiKind::WebSocket || !route.path.starts_with('/') {
        return route.path.to_string();
    }
    format!("{} {}", route.method, route.path)
}

impl TouchedRoute {
    /// A route of a plan, without its traffic.
    #[must_use]
    pub fn of(route: &Route) -> Self {
        Self {
            route_id: route.id.clone(),
            label: format!("{} of {}, {}", route_key(route), route.api_name, route.stage),
            audience: route.audience.audience,
            class: route.class.class,
            requests_last_day: None,
        }
    }
}
