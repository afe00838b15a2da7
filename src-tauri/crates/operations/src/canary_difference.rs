//! `canary_difference`: what a candidate changes against the baseline of a stage, and what becomes weaker.

use std::sync::Arc;

use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    canary::{RouteChange, RouteDifference, route_differences},
    change::{Warning, WarningKind},
    inventory::{ApiInventory, LiveMethod, LiveSummary},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
};

/// Which stage, and which candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryDifferenceRequest {
    /// The stage.
    pub stage: StageName,
    /// The candidate's deployment; the API's draft without it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub deployment_id: Option<String>,
}

/// What the candidate changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryDifference {
    /// Route by route.
    pub routes: Vec<RouteDifference>,
    /// What the comparison cannot see, sentences.
    pub notes: Vec<String>,
}

/// Compares both deployments as AWS summarises them.
///
/// # Errors
/// `NotFound` for a stage that is gone, `InvalidInput` when a summary is missing, AWS's.
pub async fn canary_difference(host: &Host, request: CanaryDifferenceRequest) -> Result<CanaryDifference, WireError> {
    let StageName { context, api_id, stage } = &request.stage;
    let inventory = api_of(host, &request.stage)?;
    let opened = host.open_context(context)?;
    let session = opened.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let known = inventory.stages.iter().find(|known| &*known.name == stage);
    let baseline = known.and_then(|stage| stage.deployment_id.clone()).ok_or_else(|| {
        WireError::new(ErrorCode::InvalidInput, format!("Stage {stage} has no deployment to compare with."))
    })?;
    let mut notes = vec![
        "AWS's summary knows authorization types and API-key requirements: other authorizers of the same type, scopes, validation and integrations may differ without being seen here.".to_owned(),
    ];
    let baseline = summary(&inventory, &reader, api_id, &baseline).await?;
    let candidate = match &request.deployment_id {
        Some(id) => summary(&inventory, &reader, api_id, id).await?,
        None => {
            notes.push("The draft is as it was last read: refresh before a release.".to_owned());
            draft(&inventory)
        }
    };
    Ok(CanaryDifference { routes: route_differences(&baseline, &candidate), notes })
}

/// The difference as a plan's warnings: each route that more people can reach, and the count of the rest.
pub(crate) fn difference_warnings(difference: &CanaryDifference) -> Vec<Warning> {
    let exposes = |message: String| Warning { kind: WarningKind::Exposes, message };
    let mut warnings: Vec<Warning> =
        difference.routes.iter().filter_map(|route| route.security.clone()).map(exposes).collect();
    let count = |change| difference.routes.iter().filter(|route| route.change == change).count();
    let (added, removed, changed) =
        (count(RouteChange::Added), count(RouteChange::Removed), count(RouteChange::Changed));
    let message = match added + removed + changed {
        0 => "No route is added, removed or guarded otherwise than by what the stage serves now.".to_owned(),
        _ => format!(
            "Against what the stage serves now it adds {added} routes, removes {removed} and changes {changed}."
        ),
    };
    warnings.push(Warning { kind: WarningKind::Note, message });
    let named: Vec<String> = difference
        .routes
        .iter()
        .take(NAMED)
        .map(|route| format!("{} {} ({})", route.method, route.path, route.change.name()))
        .collect();
    if !named.is_empty() {
        let more = match difference.routes.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        warnings.push(Warning {
            kind: WarningKind::Note,
            message: format!("Routes that differ: {}{more}.", named.join(", ")),
        });
    }
    warnings
}

/// The most routes that a plan names; the difference has them all.
const NAMED: usize = 20;

async fn summary(
    inventory: &ApiInventory,
    reader: &Reader<'_>,
    api_id: &str,
    deployment: &str,
) -> Result<LiveSummary, WireError> {
    if let Some(summary) = inventory.deployments.get(deployment) {
        return Ok(summary.clone());
    }
    reader.deployment_summary(api_id, deployment).await?.ok_or_else(|| {
        WireError::new(
            ErrorCode::InvalidInput,
            format!("AWS gives no summary of deployment {deployment}, so what it changes is not known."),
        )
    })
}

fn draft(inventory: &ApiInventory) -> LiveSummary {
    let live = |definition: &portcullis_domain::inventory::RouteDefinition| LiveMethod {
        authorization_type: Arc::clone(&definition.authorization_type),
        api_key_required: definition.api_key_required,
    };
    inventory
        .definitions
        .iter()
        .map(|definition| ((Arc::clone(&definition.path), Arc::clone(&definition.method)), live(definition)))
        .collect()
}

/// The API of a stage, as it was read.
pub(crate) fn api_of(host: &Host, stage: &StageName) -> Result<Arc<ApiInventory>, WireError> {
    let context = host.open_context(&stage.context)?;
    let state = context.state();
    let found =
        state.apis.get(stage.api_id.as_str()).filter(|api| api.stages.iter().any(|known| *known.name == *stage.stage));
    found.cloned().ok_or_else(|| {
        WireError::new(
            ErrorCode::NotFound,
            format!("There is no stage {} of API {} in {}.", stage.stage, stage.api_id, stage.context),
        )
        .with_hint("Refresh.")
    })
}
