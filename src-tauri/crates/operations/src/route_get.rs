//! `route_get`: everything about one route, with where its guard and limits come from and what AWS said.

use portcullis_domain::{
    api::{Api, Authorizer, Stage, Validator},
    change::CommandContext,
    context::CredentialSource,
    guard_notes::guard_notes,
    route::Route,
    route_limits::layers,
    route_place::{aws_command, console_url, execute_api_arn},
    throttle::{Limit, ThrottleSource},
    throttle_explain::{LimitLayer, explain, region_layer},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteGetRequest {
    /// [`Route::id`].
    pub id: String,
}

/// A layer of throttling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleLayer {
    /// Which.
    pub source: ThrottleSource,
    /// In words: `stage prod, method POST /login`.
    pub label: String,
    /// What is set there, if anything.
    pub limit: Limit,
    /// Whether the rate in effect comes from here.
    pub binds_rate: bool,
    /// Whether the burst in effect comes from here.
    pub binds_burst: bool,
    /// Whether a narrower layer stands in its place.
    pub replaced: bool,
}

/// What AWS answered, as far as it concerns the route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RawDocument {
    /// `Method`, `Stage`, `Deployment summary`, `Authorizer`…
    pub title: String,
    /// The call that it came from: `apigateway:GetResources`.
    pub call: String,
    /// JSON pointer into that call's answer.
    pub pointer: String,
    /// The JSON, pretty-printed.
    pub json: String,
}

/// Everything about one route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteDetail {
    /// The row.
    pub route: Route,
    /// Its API.
    pub api: Api,
    /// Its stage.
    pub stage: Stage,
    /// Its authorizer in full, if it has one that could be read.
    #[ts(optional = nullable)]
    pub authorizer: Option<Authorizer>,
    /// Its validator in full.
    #[ts(optional = nullable)]
    pub validator: Option<Validator>,
    /// Where the guard comes from, sentences: `deployment d1a2b3 of 2026-03-02 says CUSTOM; …`.
    pub guard_notes: Vec<String>,
    /// Layers of throttling, narrowest first.
    pub throttle_layers: Vec<ThrottleLayer>,
    /// The method's execute-api ARN (`arn:aws:execute-api:…`).
    pub arn: String,
    /// An `aws` command that shows the same.
    pub aws_command: String,
    /// The same thing in the AWS console.
    pub console_url: String,
    /// What AWS answered.
    pub raw: Vec<RawDocument>,
}

/// Shows one route.
///
/// # Errors
/// `NotFound` when it is not there any more; the store's.
pub async fn route_get(host: &Host, request: RouteGetRequest) -> Result<RouteDetail, WireError> {
    let missing = || {
        WireError::new(ErrorCode::NotFound, format!("There is no route {} any more.", request.id)).with_hint("Refresh.")
    };
    let (_, index) = host.shown();
    let route = index.find(&request.id).ok_or_else(missing)?.clone();
    let context = host.contexts().iter().find(|context| context.label == route.context).cloned().ok_or_else(missing)?;
    let (inventory, account_limit, unsaved) = {
        let state = context.state();
        let inventory = state.apis.get(&route.api_id).cloned().ok_or_else(missing)?;
        (inventory, state.account.account_limit, state.answers.get(&route.api_id).cloned())
    };
    let stage = inventory.stages.iter().find(|stage| stage.name == route.stage).cloned().ok_or_else(missing)?;
    let definition = inventory
        .definitions
        .iter()
        .find(|definition| definition.method == route.method && definition.path == route.path);
    let raw = {
        let (host, route, stage) = (host.clone(), route.clone(), stage.clone());
        // The answers of a large API take a moment to unpack.
        tokio::task::spawn_blocking(move || {
            let answers = match unsaved {
                Some(answers) => answers.unpack(),
                None => host.inner.store.answers(&route.context, &route.api_id),
            };
            answers.map(|answers| crate::raw_documents::of(&route, &stage, &answers))
        })
        .await
        .map_err(|error| WireError::internal("route_get", &error))??
    };
    let profile = match &context.spec.source {
        CredentialSource::Profile { name } => Some(name.as_str()),
        CredentialSource::Demo | CredentialSource::DefaultChain => None,
    };
    let command = CommandContext { profile, region: &route.region, endpoint_url: context.spec.endpoint_url.as_deref() };
    // An authorizer that only the draft names guards nothing.
    let authorizer = definition
        .filter(|_| route.guard.authorizer.is_some())
        .and_then(|definition| definition.authorizer_id.as_ref())
        .and_then(|id| inventory.authorizers.iter().find(|authorizer| authorizer.id == *id))
        .cloned();
    Ok(RouteDetail {
        validator: definition
            .and_then(|definition| definition.validator_id.as_ref())
            .and_then(|id| inventory.validators.iter().find(|validator| validator.id == *id))
            .cloned(),
        guard_notes: guard_notes(&route, &stage, authorizer.as_ref()),
        throttle_layers: throttle_layers(&route, &stage, account_limit),
        authorizer,
        arn: execute_api_arn(&route),
        aws_command: aws_command(&route, &stage, &command),
        console_url: console_url(&route),
        raw,
        api: inventory.api.clone(),
        stage,
        route,
    })
}

/// Narrowest first, as far as they could be read.
fn throttle_layers(route: &Route, stage: &Stage, account: Option<Limit>) -> Vec<ThrottleLayer> {
    let own = layers(route.api_kind, stage, &route.method, &route.path, account).layers;
    let all = own.into_iter().map(|layer| layer.limit).chain([region_layer(&route.region)]).collect();
    explain(all)
        .layers
        .into_iter()
        .map(|explained| ThrottleLayer {
            source: match explained.limit.layer {
                LimitLayer::StageMethod => ThrottleSource::StageMethod,
                LimitLayer::StageDefault => ThrottleSource::StageDefault,
                LimitLayer::Account => ThrottleSource::Account,
                LimitLayer::UsagePlan | LimitLayer::UsagePlanMethod | LimitLayer::Region => ThrottleSource::Unknown,
            },
            label: explained.limit.place,
            limit: explained.limit.limit,
            binds_rate: explained.binds_rate,
            binds_burst: explained.binds_burst,
            replaced: explained.replaced,
        })
        .collect()
}
