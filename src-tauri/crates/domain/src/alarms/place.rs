//! Which API, stage and route an alarm's metrics are of.
//!
//! REST metrics carry the API's name without its non-ASCII letters (the id when nothing is left), HTTP and WebSocket ones
//! the id. ("Amazon API Gateway dimensions and metrics".)

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::WatchedMetric;
use crate::{
    api::{Api, ApiKind, Stage},
    inventory::ApiInventory,
    route_limits::limit_key,
};

/// Where an alarm looks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmPlace {
    /// The API's id; none when there is no such API.
    #[ts(optional = nullable)]
    pub api_id: Option<String>,
    /// Its name, or what the alarm says.
    pub api_name: String,
    /// The stage; none for the API as a whole.
    #[ts(optional = nullable)]
    pub stage: Option<String>,
    /// `POST /login`; none for the stage as a whole.
    #[ts(optional = nullable)]
    pub route: Option<String>,
}

impl AlarmPlace {
    /// `storefront/prod POST /login`.
    #[must_use]
    pub fn label(&self) -> String {
        let stage = self.stage.as_ref().map(|stage| format!("/{stage}")).unwrap_or_default();
        let route = self.route.as_ref().map(|route| format!(" {route}")).unwrap_or_default();
        format!("{}{stage}{route}", self.api_name)
    }
}

/// The name under which CloudWatch has a REST API's metrics.
#[must_use]
pub fn metric_api_name(api: &Api) -> String {
    let ascii: String = api.name.chars().filter(char::is_ascii).collect();
    if ascii.is_empty() { api.id.to_string() } else { ascii }
}

/// What the dimensions of a metric say, unchecked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said<'a> {
    pub(super) api: &'a str,
    /// Whether `api` is a name, of a REST API.
    pub(super) by_name: bool,
    pub(super) stage: Option<&'a str>,
    pub(super) route: Option<String>,
}

/// Reads the dimensions; none for a set that API Gateway publishes nothing under.
pub(super) fn said(metric: &WatchedMetric) -> Option<Said<'_>> {
    let of = |name: &str| metric.dimensions.get(name).map(String::as_str);
    let (name, id, stage) = (of("ApiName"), of("ApiId"), of("Stage"));
    let (resource, method, key) = (of("Resource"), of("Method"), of("Route"));
    let known = [name, id, stage, resource, method, key].iter().flatten().count();
    if known != metric.dimensions.len() {
        return None;
    }
    let route = match (resource, method, key) {
        (None, None, None) => None,
        // HTTP routes are documented with Route; other programs know them by Resource and Method.
        (Some(resource), Some(method), None) => Some(format!("{method} {resource}")),
        (None, None, Some(key)) if id.is_some() => Some(key.to_owned()),
        _ => return None,
    };
    if route.is_some() && stage.is_none() {
        return None;
    }
    match (name, id) {
        (Some(api), None) => Some(Said { api, by_name: true, stage, route }),
        (None, Some(api)) => Some(Said { api, by_name: false, stage, route }),
        _ => None,
    }
}

/// The APIs whose metrics these are; several when they share a name.
pub(super) fn apis_of<'a>(said: &Said<'_>, apis: &'a [Arc<ApiInventory>]) -> Vec<&'a ApiInventory> {
    let is = |api: &Api| match said.by_name {
        true => api.kind == ApiKind::Rest && metric_api_name(api) == said.api,
        false => api.kind != ApiKind::Rest && *api.id == *said.api,
    };
    apis.iter().map(|api| &**api).filter(|inventory| is(&inventory.api)).collect()
}

/// The stage that is meant: a canary's metrics are its stage's, under `prod/Canary`.
pub(super) fn stage_of<'a>(inventory: &'a ApiInventory, name: &str) -> Option<&'a Stage> {
    let name = name.strip_suffix("/Canary").unwrap_or(name);
    inventory.stages.iter().find(|stage| *stage.name == *name)
}

/// Whether a stage serves a route; none when that is not known.
pub(super) fn serves(inventory: &ApiInventory, stage: &Stage, route: &str) -> Option<bool> {
    let (method, path) = route.split_once(' ').unwrap_or(("", route));
    let live = stage.deployment_id.as_ref().and_then(|deployment| inventory.deployments.get(deployment));
    if let Some(live) = live {
        return Some(live.keys().any(|(of, name)| **of == *path && (**name == *method || &**name == "ANY")));
    }
    let kind = inventory.api.kind;
    let defined = inventory.definitions.iter().any(|definition| {
        limit_key(kind, &definition.method, &definition.path) == route
            || (*definition.path == *path && &*definition.method == "ANY")
    });
    if defined {
        return Some(true);
    }
    (kind != ApiKind::Rest && inventory.definitions_complete).then_some(false)
}

/// Whether a route reports metrics of its own: its setting, else the stage's.
#[must_use]
pub fn is_detailed(stage: &Stage, route: &str) -> bool {
    let of = |key: &str| stage.detailed_metrics.get(key).copied();
    of(route).or_else(|| of("*/*")).unwrap_or(false)
}

/// Where a metric is of, as far as is known.
pub(super) fn places(metric: &WatchedMetric, apis: &[Arc<ApiInventory>]) -> Vec<AlarmPlace> {
    let Some(said) = said(metric) else { return Vec::new() };
    let place = |api: Option<&Api>| AlarmPlace {
        api_id: api.map(|api| api.id.to_string()),
        api_name: api.map_or_else(|| said.api.to_owned(), |api| api.name.to_string()),
        stage: said.stage.map(str::to_owned),
        route: said.route.clone(),
    };
    match apis_of(&said, apis).as_slice() {
        [] => vec![place(None)],
        found => found.iter().map(|inventory| place(Some(&inventory.api))).collect(),
    }
}
