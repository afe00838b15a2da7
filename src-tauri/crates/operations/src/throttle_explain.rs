//! `throttle_explain`: which limit applies to a route, and optionally to one tenant's key there.

use futures::future::try_join_all;
use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    change::{Fields, PlanTarget, route_key},
    route::Route,
    route_limits::layers,
    throttle::Limit,
    throttle_explain::{EffectiveLimit, LayerLimit, LimitLayer, explain, region_layer},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which route, and whose key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleExplainRequest {
    /// [`Route::id`].
    pub route_id: String,
    /// Id of an API key; never its value.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub key_id: Option<String>,
}

/// What applies, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleExplanation {
    /// The route.
    pub route_id: String,
    /// `POST /login of storefront, prod`.
    pub label: String,
    /// What applies, and every layer.
    pub effective: EffectiveLimit,
    /// The usage plan that the key meets here; absent without a key, and when none of its plans has this stage.
    #[ts(optional = nullable)]
    pub usage_plan: Option<String>,
    /// Sentences to read aloud: which limit binds, and what does not count.
    pub sentences: Vec<String>,
}

/// Works it out from the inventory; with a key, its plans are read from AWS.
///
/// # Errors
/// `NotFound` for a route that is gone; AWS's when the key's plans cannot be read.
pub async fn throttle_explain(host: &Host, request: ThrottleExplainRequest) -> Result<ThrottleExplanation, WireError> {
    let missing = || {
        WireError::new(ErrorCode::NotFound, format!("There is no route {} any more.", request.route_id))
            .with_hint("Refresh.")
    };
    let (_, index) = host.shown();
    let route = index.find(&request.route_id).ok_or_else(missing)?.clone();
    let context = host.open_context(&route.context)?;
    let (stage, account) = {
        let state = context.state();
        let api = state.apis.get(&route.api_id).ok_or_else(missing)?;
        let stage = api.stages.iter().find(|stage| stage.name == route.stage).cloned().ok_or_else(missing)?;
        (stage, state.account.account_limit)
    };
    let mut all: Vec<LayerLimit> = layers(route.api_kind, &stage, &route.method, &route.path, account)
        .layers
        .into_iter()
        .map(|layer| layer.limit)
        .chain([region_layer(&route.region)])
        .collect();
    let mut sentences = Vec::new();
    let mut usage_plan = None;
    if let Some(key) = &request.key_id {
        match plan_of_key(host, &route, key).await? {
            Some((name, fields)) => {
                if route.guard.api_key_required {
                    all.extend(plan_layers(&name, &fields, &route));
                } else {
                    sentences.push(format!(
                        "{} does not ask for an API key, so usage plan {name} does not count here.",
                        route_key(&route)
                    ));
                }
                usage_plan = Some(name);
            }
            None => sentences.push(format!(
                "Key {key} is in no usage plan with stage {} of {}{}.",
                route.stage,
                route.api_name,
                if route.guard.api_key_required { ": its requests are refused with 403" } else { "" }
            )),
        }
    }
    let account_known = account.is_some();
    let effective = explain(all);
    sentences.splice(0..0, binding(&effective));
    if !account_known {
        sentences.push("The account's own limit could not be read: it may be another than AWS's default.".to_owned());
    }
    sentences.push("AWS applies limits on a best-effort basis: they are targets and not ceilings.".to_owned());
    let label = format!("{} of {}, {}", route_key(&route), route.api_name, route.stage);
    Ok(ThrottleExplanation { route_id: route.id, label, effective, usage_plan, sentences })
}

/// The one plan of the key that has this stage: AWS allows a key only one per stage.
async fn plan_of_key(host: &Host, route: &Route, key: &str) -> Result<Option<(String, Fields)>, WireError> {
    let session = host.open_context(&route.context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let plans = reader.usage_plans_of_key(key).await?;
    let fields = try_join_all(plans.iter().map(|(id, name)| {
        let target = PlanTarget::UsagePlan {
            context: route.context.to_string(),
            usage_plan_id: id.clone(),
            plan_name: name.clone(),
        };
        let reader = reader.clone();
        async move { reader.observe(&target).await }
    }))
    .await?;
    let stage = format!("apiStages/{}:{}", route.api_id, route.stage);
    let mut found = plans.into_iter().zip(fields).filter(|(_, fields)| fields.contains_key(&stage));
    Ok(found.next().map(|((_, name), fields)| (name, fields)))
}

fn plan_layers(name: &str, fields: &Fields, route: &Route) -> [LayerLimit; 2] {
    let limit = |entry: &str| Limit {
        rate: fields.get(&format!("{entry}/rateLimit")).and_then(serde_json::Value::as_f64),
        burst: fields
            .get(&format!("{entry}/burstLimit"))
            .and_then(serde_json::Value::as_i64)
            .and_then(|burst| i32::try_from(burst).ok()),
    };
    let key = route_key(route);
    [
        LayerLimit {
            layer: LimitLayer::UsagePlanMethod,
            place: format!("usage plan {name}, {key}"),
            limit: limit(&format!("apiStages/{}:{}/throttle/{key}", route.api_id, route.stage)),
        },
        LayerLimit { layer: LimitLayer::UsagePlan, place: format!("usage plan {name}"), limit: limit("throttle") },
    ]
}

fn binding(effective: &EffectiveLimit) -> Vec<String> {
    let place = |binds: fn(&portcullis_domain::throttle_explain::ExplainedLayer) -> bool| {
        effective.layers.iter().find(|layer| binds(layer)).map(|layer| layer.limit.place.clone())
    };
    let rate = effective.limit.rate.zip(place(|layer| layer.binds_rate));
    let burst = effective.limit.burst.zip(place(|layer| layer.binds_burst));
    match (rate, burst) {
        (Some((rate, place)), Some((burst, other))) if place == other => {
            vec![format!("{rate} requests per second with a burst of {burst} apply, set by {place}.")]
        }
        (rate, burst) => {
            let rate = rate.map(|(rate, place)| format!("{rate} requests per second apply, set by {place}."));
            let burst = burst.map(|(burst, place)| format!("A burst of {burst} applies, set by {place}."));
            rate.into_iter().chain(burst).collect()
        }
    }
}
