//! `api_list`: every API with its stages.

use portcullis_domain::{
    api::{Api, Stage},
    coverage::Coverage,
    route_class::RouteClass,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

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
    /// Account, or `unknown` where STS did not say whose it is.
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

/// Lists the APIs.
///
/// # Errors
/// None.
pub async fn api_list(host: &Host, _: ApiListRequest) -> Result<ApiList, WireError> {
    let mut routes = std::collections::HashMap::<(String, String), u32>::new();
    for route in host.shown().1.routes().iter().filter(|route| route.class.class != RouteClass::Preflight) {
        *routes.entry((route.context.to_string(), route.api_id.to_string())).or_default() += 1;
    }
    let mut items = Vec::new();
    for context in host.contexts().iter() {
        let state = context.state();
        let Some(place) = context.place(&state) else { continue };
        for inventory in state.apis.values() {
            items.push(ApiListItem {
                context: context.label.to_string(),
                account: place.account.to_string(),
                region: place.region.to_string(),
                api: inventory.api.clone(),
                stages: inventory.stages.clone(),
                routes: routes.get(&(context.label.to_string(), inventory.api.id.to_string())).copied().unwrap_or(0),
            });
        }
    }
    items.sort_by(|left, right| {
        (&left.context, &left.api.name, &left.api.id).cmp(&(&right.context, &right.api.name, &right.api.id))
    });
    Ok(ApiList { items, coverage: host.coverage() })
}
