//! `canary_difference`: what a candidate changes against the baseline of a stage, and what becomes weaker.

use std::sync::Arc;

use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    canary::{
        ApiContract, RouteChange, RouteDifference, contract_differences, drafted, exported, route_differences,
        with_contracts,
    },
    change::{Warning, WarningKind},
    inventory::{ApiInventory, LiveMethod, LiveSummary},
};
use portcullis_store::Answer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

/// Compares both deployments as AWS summarises them, and both definitions where they can be read.
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
    let mut notes = Vec::new();
    let baseline_id = Arc::clone(&baseline);
    let baseline = summary(&inventory, &reader, api_id, &baseline).await?;
    let candidate = match &request.deployment_id {
        Some(id) => summary(&inventory, &reader, api_id, id).await?,
        None => {
            notes.push("The draft is as it was last read: refresh before a release.".to_owned());
            draft(&inventory)
        }
    };
    let routes = route_differences(&baseline, &candidate);
    if request.deployment_id.as_deref() == Some(&*baseline_id) {
        return Ok(CanaryDifference { routes, notes });
    }
    let both = Definitions { host, reader: &reader, inventory: &inventory, request: &request }.both().await;
    let contracts = match both {
        Ok((before, after)) => {
            let (contracts, validators) = contract_differences(&before, &after);
            if !validators {
                notes.push(
                    "The exported definition names no request validators, so whether validation changes is not known."
                        .to_owned(),
                );
            }
            contracts
        }
        Err(why) => {
            notes.push(format!(
                "Only authorization types and API-key requirements are compared: other authorizers of the same type, scopes, validation, models and integrations may differ without being seen here. {why}"
            ));
            Vec::new()
        }
    };
    Ok(CanaryDifference { routes: with_contracts(routes, contracts), notes })
}

/// What both sides define. `GetExport` exports the deployment of a stage: the baseline's always, a candidate's when another
/// stage serves it, the draft's never; the draft is in the resources that were read.
struct Definitions<'a, 'r> {
    host: &'a Host,
    reader: &'a Reader<'r>,
    inventory: &'a ApiInventory,
    request: &'a CanaryDifferenceRequest,
}

impl Definitions<'_, '_> {
    /// # Errors
    /// Why one of them could not be read, a sentence.
    async fn both(&self) -> Result<(ApiContract, ApiContract), String> {
        let before = self.of_stage(&self.request.stage.stage).await?;
        let after = match &self.request.deployment_id {
            None => self.of_draft().await?,
            Some(id) => {
                let stages = self.inventory.stages.iter();
                let serving =
                    stages.filter(|stage| stage.deployment_id.as_deref() == Some(id)).map(|stage| &*stage.name);
                let stage = serving.min().ok_or_else(|| {
                    format!("AWS exports what a stage serves, and no stage serves deployment {id} as its own.")
                })?;
                self.of_stage(stage).await?
            }
        };
        Ok((before, after))
    }

    async fn of_stage(&self, stage: &str) -> Result<ApiContract, String> {
        let read = self.reader.stage_export(&self.inventory.api.id, stage).await;
        exported(&read.map_err(|error| error.message)?)
    }

    /// AWS's answers of the last reading. Those of a large API take a moment to unpack.
    async fn answers(&self, context: &str, api_id: &str) -> Result<Vec<Answer>, WireError> {
        let unsaved = self.host.open_context(context)?.state().answers.get(api_id).cloned();
        let (host, context, api_id) = (self.host.clone(), context.to_owned(), api_id.to_owned());
        let unpacked = tokio::task::spawn_blocking(move || match unsaved {
            Some(answers) => answers.unpack(),
            None => host.inner.store.answers(&context, &api_id),
        });
        Ok(unpacked.await.map_err(|error| WireError::internal("canary_difference", &error))??)
    }

    async fn of_draft(&self) -> Result<ApiContract, String> {
        let StageName { context, api_id, .. } = &self.request.stage;
        let models = self.reader.draft_models(api_id).await.map_err(|error| error.message)?;
        let answers = self.answers(context, api_id).await.map_err(|error| error.message)?;
        if !self.inventory.definitions_complete || answers.is_empty() {
            return Err("The draft was not read to the end: refresh.".to_owned());
        }
        // One that cannot be read back is no empty one: its routes would be told as removed.
        let items = |call: &str| -> Result<Vec<Value>, String> {
            let mut found = Vec::new();
            for answer in answers.iter().filter(|answer| answer.call == format!("apigateway:{call}")) {
                let document: Value = serde_json::from_str(&answer.json)
                    .map_err(|error| format!("What {call} answered cannot be read back ({error}): refresh."))?;
                let list = document.get("item").or_else(|| document.get("items")).and_then(Value::as_array);
                found.extend(list.into_iter().flatten().cloned());
            }
            Ok(found)
        };
        let (resources, authorizers, validators) =
            (items("GetResources")?, items("GetAuthorizers")?, items("GetRequestValidators")?);
        Ok(drafted(&resources, &authorizers, &validators, &models))
    }
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
    let contracts = difference.routes.iter().filter(|route| !route.contract.is_empty()).take(NAMED);
    warnings.extend(contracts.map(|route| Warning {
        kind: WarningKind::Note,
        message: format!("{} {}: {}.", route.method, route.path, route.contract.join("; ")),
    }));
    warnings.extend(difference.notes.iter().map(|note| Warning { kind: WarningKind::Note, message: note.clone() }));
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
