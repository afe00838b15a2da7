//! `throttle_set`: plans a limit for a route, a selection, a stage or a usage plan.

use std::collections::BTreeMap;

use portcullis_domain::{
    api::ApiKind,
    change::{
        Fields, Plan, PlanTarget, PlanWords, ThrottleEdit, ThrottleEditError, ThrottlePlace, parse_burst, parse_rate,
        throttle_calls,
    },
    route::{Drift, Route},
    route_query::{RouteFilter, RouteQuery},
    throttle::Limit,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{Draft, observe_all, plan, watched},
    error::{ErrorCode, WireError},
    host::Host,
};

/// What gets the limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ThrottleSelection {
    /// These routes, each with a limit of its own.
    Routes {
        /// [`Route::id`]s.
        route_ids: Vec<String>,
    },
    /// Every route that matches: "all login routes".
    Matching {
        /// The filter of the Routes view.
        filter: RouteFilter,
    },
    /// The default of a stage: every route without a limit of its own.
    Stage {
        /// The context's label.
        context: String,
        /// API.
        api_id: String,
        /// Stage.
        stage: String,
    },
    /// One method of a stage, whether it is served (any more) or not: what is left of a route that is gone is taken away
    /// like this.
    StageMethod {
        /// The context's label.
        context: String,
        /// API.
        api_id: String,
        /// Stage.
        stage: String,
        /// `POST`; on HTTP and WebSocket APIs any for a key that is no path (`$default`).
        method: String,
        /// `/login`.
        path: String,
    },
    /// A usage plan's limit for each of its keys.
    UsagePlan {
        /// The context's label.
        context: String,
        /// Plan.
        usage_plan_id: String,
    },
    /// A usage plan's limit for one method of one of its stages.
    UsagePlanMethod {
        /// The context's label.
        context: String,
        /// Plan.
        usage_plan_id: String,
        /// API.
        api_id: String,
        /// Stage.
        stage: String,
        /// `POST`.
        method: String,
        /// `/login`.
        path: String,
    },
}

/// Which limit for what. Numbers are text, as a person typed them, so that one place says what is wrong with them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleSetRequest {
    /// What gets the limit.
    pub selection: ThrottleSelection,
    /// Requests per second; absent leaves the rate as it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub rate: Option<String>,
    /// Requests at once; absent leaves the burst as it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub burst: Option<String>,
    /// Takes the limit away instead, so that the next wider one applies.
    #[serde(default)]
    pub remove: bool,
}

/// Plans the change; nothing is sent but reading.
///
/// # Errors
/// `InvalidInput` for limits that are none and selections that are empty; `NotFound` for a route, stage or plan that is
/// gone; AWS's.
pub async fn throttle_set(host: &Host, request: ThrottleSetRequest) -> Result<Plan, WireError> {
    let limit = limit(&request)?;
    let edits = edits(host, &request.selection, limit)?;
    let places: usize = edits.values().map(Vec::len).sum();
    let title = title(&edits, places, limit);
    throttle_plan(host, "throttle_set", title, edits.into_iter().collect()).await
}

/// Edits -> plan, for every operation that changes limits.
pub(crate) async fn throttle_plan(
    host: &Host,
    operation: &str,
    mut title: String,
    edits: Vec<(PlanTarget, Vec<ThrottleEdit>)>,
) -> Result<Plan, WireError> {
    let targets: Vec<PlanTarget> = edits.iter().map(|(target, _)| target.clone()).collect();
    let live = observe_all(host, &targets).await?;
    let (mut drafts, mut all_watched) = (Vec::new(), Vec::new());
    for ((mut target, edits), fields) in edits.into_iter().zip(live) {
        let by_id = target.label();
        if let (PlanTarget::UsagePlan { plan_name, .. }, Some(name)) =
            (&mut target, fields.get("name").and_then(serde_json::Value::as_str))
        {
            name.clone_into(plan_name);
            // What a person is asked about has the name that they know.
            title = title.replace(&by_id, &target.label());
        }
        check_stages(&target, &edits, &fields)?;
        let mut asked = Vec::new();
        let mut prefixes = Vec::new();
        for edit in &edits {
            let Some(prefix) = edit.place.field_prefix(&target) else { continue };
            asked.extend(["rateLimit", "burstLimit"].map(|half| format!("{prefix}/{half}")));
            prefixes.push(format!("{prefix}/"));
        }
        if matches!(target, PlanTarget::RestStage { .. }) {
            // A new method setting is born as a copy of the default.
            prefixes.push("methodSettings/*/*/".to_owned());
        }
        let calls = throttle_calls(&target, &watched(&fields, &prefixes), &edits).map_err(|error| invalid(&error))?;
        all_watched.extend(prefixes);
        drafts.push(Draft { target, fields, calls, asked });
    }
    all_watched.sort();
    all_watched.dedup();
    let words = PlanWords { operation: operation.to_owned(), title, watched: all_watched, ..PlanWords::default() };
    plan(host, words, drafts).await
}

/// A plan's limit for a method of a stage that the plan does not have would be refused by AWS.
fn check_stages(target: &PlanTarget, edits: &[ThrottleEdit], fields: &Fields) -> Result<(), WireError> {
    for edit in edits {
        if let ThrottlePlace::PlanMethod { api_id, stage, .. } = &edit.place
            && !fields.contains_key(&format!("apiStages/{api_id}:{stage}"))
        {
            return Err(WireError::new(
                ErrorCode::InvalidInput,
                format!(
                    "{} does not have stage {stage} of API {api_id}, so it cannot limit its methods.",
                    target.label()
                ),
            )
            .with_hint("Add the stage to the usage plan first."));
        }
    }
    Ok(())
}

fn invalid(error: &ThrottleEditError) -> WireError {
    WireError::new(ErrorCode::InvalidInput, format!("{}.", crate::error::capitalised(&error.to_string())))
}

fn limit(request: &ThrottleSetRequest) -> Result<Option<Limit>, WireError> {
    let rate = request.rate.as_deref().map(parse_rate).transpose().map_err(|error| invalid(&error))?;
    let burst = request.burst.as_deref().map(parse_burst).transpose().map_err(|error| invalid(&error))?;
    match (request.remove, rate, burst) {
        (true, None, None) => Ok(None),
        (true, ..) => Err(WireError::new(ErrorCode::InvalidInput, "Either set a limit or remove it, not both.")),
        (false, None, None) => {
            Err(WireError::new(ErrorCode::InvalidInput, "Give a rate limit, a burst limit, or both."))
        }
        (false, rate, burst) => Ok(Some(Limit { rate, burst })),
    }
}

type Edits = BTreeMap<PlanTarget, Vec<ThrottleEdit>>;

fn edits(host: &Host, selection: &ThrottleSelection, limit: Option<Limit>) -> Result<Edits, WireError> {
    let one = |target: PlanTarget, place: ThrottlePlace| Edits::from([(target, vec![ThrottleEdit { place, limit }])]);
    match selection {
        ThrottleSelection::Routes { route_ids } => {
            let (_, index) = host.shown();
            let routes: Vec<&Route> = route_ids
                .iter()
                .map(|id| {
                    index.find(id).ok_or_else(|| {
                        WireError::new(ErrorCode::NotFound, format!("There is no route {id} any more."))
                            .with_hint("Refresh.")
                    })
                })
                .collect::<Result<_, _>>()?;
            of_routes(&routes, limit)
        }
        ThrottleSelection::Matching { filter } => {
            let (_, index) = host.shown();
            let query = RouteQuery { filter: filter.clone(), group_by: None, sort: None };
            let lines = index.lines(&query, &std::collections::BTreeSet::new());
            let routes: Vec<&Route> = lines
                .page(0, usize::MAX)
                .iter()
                .filter_map(|line| match line {
                    portcullis_domain::route_index::Line::Route(at) => index.routes().get(*at),
                    portcullis_domain::route_index::Line::Group(_) => None,
                })
                .filter(|route| is_served(route))
                .collect();
            of_routes(&routes, limit)
        }
        ThrottleSelection::Stage { context, api_id, stage } => {
            Ok(one(stage_target(host, context, api_id, stage)?, ThrottlePlace::Default))
        }
        ThrottleSelection::StageMethod { context, api_id, stage, method, path } => {
            let place = ThrottlePlace::Method { method: method.clone(), path: path.clone() };
            Ok(one(stage_target(host, context, api_id, stage)?, place))
        }
        ThrottleSelection::UsagePlan { context, usage_plan_id } => {
            Ok(one(usage_plan_target(host, context, usage_plan_id)?, ThrottlePlace::Default))
        }
        ThrottleSelection::UsagePlanMethod { context, usage_plan_id, api_id, stage, method, path } => {
            let place = ThrottlePlace::PlanMethod {
                api_id: api_id.clone(),
                stage: stage.clone(),
                method: method.clone(),
                path: path.clone(),
            };
            Ok(one(usage_plan_target(host, context, usage_plan_id)?, place))
        }
    }
}

fn is_served(route: &Route) -> bool {
    route.drift != Drift::Added
}

fn of_routes(routes: &[&Route], limit: Option<Limit>) -> Result<Edits, WireError> {
    if routes.is_empty() {
        return Err(WireError::new(ErrorCode::InvalidInput, "No route was chosen, so there is nothing to limit."));
    }
    let mut edits = Edits::new();
    for route in routes {
        if !is_served(route) {
            return Err(WireError::new(
                ErrorCode::InvalidInput,
                format!(
                    "{} {} is not served by stage {} of {} yet: it is in the draft only.",
                    route.method, route.path, route.stage, route.api_name
                ),
            )
            .with_hint("Deploy the API first."));
        }
        let place = ThrottlePlace::Method { method: route.method.to_string(), path: route.path.to_string() };
        edits.entry(target_of(route)).or_default().push(ThrottleEdit { place, limit });
    }
    Ok(edits)
}

fn target_of(route: &Route) -> PlanTarget {
    target(route.api_kind, &route.context, &route.api_id, &route.api_name, &route.stage)
}

fn target(kind: ApiKind, context: &str, api_id: &str, api_name: &str, stage: &str) -> PlanTarget {
    let (context, api_id, api_name, stage) =
        (context.to_owned(), api_id.to_owned(), api_name.to_owned(), stage.to_owned());
    match kind {
        ApiKind::Rest => PlanTarget::RestStage { context, api_id, api_name, stage },
        ApiKind::Http | ApiKind::WebSocket => PlanTarget::HttpStage { context, api_id, api_name, stage },
    }
}

/// The stage as a target of changes.
pub(crate) fn stage_target(host: &Host, context: &str, api_id: &str, stage: &str) -> Result<PlanTarget, WireError> {
    let opened = host.open_context(context)?;
    let state = opened.state();
    let found = state.apis.get(api_id).filter(|api| api.stages.iter().any(|known| &*known.name == stage));
    let api = found.map(|inventory| &inventory.api).ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no stage {stage} of API {api_id} in {context}."))
            .with_hint("Refresh.")
    })?;
    Ok(target(api.kind, context, api_id, &api.name, stage))
}

fn usage_plan_target(host: &Host, context: &str, usage_plan_id: &str) -> Result<PlanTarget, WireError> {
    host.open_context(context)?;
    Ok(PlanTarget::UsagePlan {
        context: context.to_owned(),
        usage_plan_id: usage_plan_id.to_owned(),
        plan_name: usage_plan_id.to_owned(),
    })
}

fn title(edits: &Edits, places: usize, limit: Option<Limit>) -> String {
    let what = match edits.iter().next() {
        Some((target, one)) if places == 1 => {
            let place = one.first().map(|edit| edit.place.label()).unwrap_or_default();
            format!("{place} on {}", target.label())
        }
        _ => format!("{places} routes on {} stages", edits.len()),
    };
    match limit {
        None => format!("Remove the limit of {what}"),
        Some(Limit { rate: Some(rate), burst: Some(burst) }) => {
            format!("Limit {what} to {rate} requests per second, burst {burst}")
        }
        Some(Limit { rate: Some(rate), burst: None }) => format!("Limit {what} to {rate} requests per second"),
        Some(Limit { burst, .. }) => format!("Limit {what} to a burst of {}", burst.unwrap_or_default()),
    }
}
