//! Names on the command line -> things in the inventory.

use portcullis_domain::{change::route_key, route::Route, route_class::RouteClass};
use portcullis_operations::{
    api_list::{ApiListItem, ApiListRequest, api_list},
    host::Host,
    route_list::{RouteLine, RouteListRequest, route_list},
};

use crate::failure::Failure;

/// The one API of that id or name that has the stage.
///
/// # Errors
/// Wrong usage, with what there is, when there is none or more than one.
pub async fn api_with_stage(host: &Host, api: &str, stage: &str) -> Result<ApiListItem, Failure> {
    let all = api_list(host, ApiListRequest {}).await?.items;
    let named: Vec<ApiListItem> =
        all.into_iter().filter(|item| [&*item.api.id, &*item.api.name].contains(&api)).collect();
    if named.is_empty() {
        return Err(Failure::usage(format!("There is no API {api} in the contexts of this command.")));
    }
    let stages: Vec<String> =
        named.iter().flat_map(|item| item.stages.iter().map(|stage| stage.name.to_string())).collect();
    let mut found: Vec<ApiListItem> =
        named.into_iter().filter(|item| item.stages.iter().any(|known| &*known.name == stage)).collect();
    match (found.pop(), found.len()) {
        (Some(item), 0) => Ok(item),
        (None, _) => Err(Failure::usage(format!("API {api} has no stage {stage}; it has {}.", stages.join(", ")))),
        (Some(item), _) => {
            found.push(item);
            let ids: Vec<String> = found.iter().map(|item| format!("{} in {}", item.api.id, item.context)).collect();
            Err(Failure::usage(format!("{api} is the name of several APIs: name one by its id: {}.", ids.join(", "))))
        }
    }
}

/// The route of that method and path (or route key) on a stage.
///
/// # Errors
/// Wrong usage, with routes that are near.
pub async fn route_of(host: &Host, api: &ApiListItem, stage: &str, route: &str) -> Result<Route, Failure> {
    let of_stage: Vec<Route> = routes(host)
        .await?
        .into_iter()
        .filter(|candidate| {
            *candidate.context == *api.context && candidate.api_id == api.api.id && &*candidate.stage == stage
        })
        .collect();
    let wanted = route.split_whitespace().collect::<Vec<_>>().join(" ");
    let key = |candidate: &Route| route_key(candidate);
    if let Some(found) = of_stage.iter().find(|candidate| key(candidate).eq_ignore_ascii_case(&wanted)) {
        return Ok(found.clone());
    }
    let path = wanted.split_once(' ').map_or(wanted.as_str(), |(_, path)| path);
    let offered = |candidate: &&Route| candidate.class.class != RouteClass::Preflight;
    let mut near: Vec<String> =
        of_stage.iter().filter(offered).filter(|candidate| candidate.path.ends_with(path)).map(key).collect();
    if near.is_empty() {
        near = of_stage.iter().filter(offered).take(10).map(key).collect();
    }
    Err(Failure::usage(format!(
        "Stage {stage} of {} has no route {wanted}; it has {}.",
        api.api.name,
        if near.is_empty() { "none".to_owned() } else { near.join(", ") }
    )))
}

/// Every route that was read, preflights too.
async fn routes(host: &Host) -> Result<Vec<Route>, Failure> {
    let mut query = portcullis_domain::route_query::RouteQuery::default();
    query.filter.include_preflight = true;
    let mut routes = Vec::new();
    loop {
        let offset = u32::try_from(routes.len()).unwrap_or(u32::MAX);
        let request = RouteListRequest { query: query.clone(), collapsed: Vec::new(), offset, limit: 500 };
        let page = route_list(host, request).await?;
        let before = routes.len();
        routes.extend(page.lines.into_iter().filter_map(|line| match line {
            RouteLine::Route { route } => Some(*route),
            RouteLine::Group { .. } => None,
        }));
        if routes.len() == before || routes.len() >= page.line_count as usize {
            return Ok(routes);
        }
    }
}
