//! `canary_list`: every stage's release, those that need attention first.

use portcullis_domain::{
    api::{ApiKind, Stage},
    canary::{CanaryAround, CanaryState, CanaryVerdict, StageRelease, stage_release},
    coverage::Coverage,
    route_place::UNKNOWN_ACCOUNT,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host, throttle_copy::StageName};

/// Which stages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryListRequest {
    /// Stages without a canary too, and those that cannot have one.
    #[serde(default)]
    pub every_stage: bool,
}

/// A stage and its release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryLine {
    /// The context's label.
    pub context: String,
    /// Account; `unknown` while AWS does not say who asks.
    pub account: String,
    /// Region.
    pub region: String,
    /// API.
    pub api_id: String,
    /// Its name.
    pub api_name: String,
    /// Product: only REST has canaries.
    pub api_kind: ApiKind,
    /// Stage.
    pub stage: String,
    /// The baseline.
    #[ts(optional = nullable)]
    pub baseline_deployment: Option<String>,
    /// The candidate.
    #[ts(optional = nullable)]
    pub candidate_deployment: Option<String>,
    /// What the canary is doing.
    pub release: StageRelease,
    /// `lastUpdatedDate` of the stage, RFC 3339.
    #[ts(optional = nullable)]
    pub last_updated: Option<String>,
}

/// The releases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryList {
    /// Those that need attention first.
    pub items: Vec<CanaryLine>,
    /// What could not be read.
    pub coverage: Coverage,
}

/// What a stage's canary is doing, with what is known of it here.
pub(crate) fn release_of(host: &Host, stage: &Stage, watched: Option<CanaryVerdict>) -> StageRelease {
    let around = CanaryAround {
        now: host.inner.options.clock.now(),
        stale_after_days: host.inner.canary_stale_after_days,
        watched,
    };
    stage_release(stage, &around)
}

/// Lists them, from what was read.
///
/// # Errors
/// None.
pub async fn canary_list(host: &Host, request: CanaryListRequest) -> Result<CanaryList, WireError> {
    let mut items = Vec::new();
    let watched = host.watched_verdicts();
    for context in host.contexts().iter() {
        let state = context.state();
        for inventory in state.apis.values() {
            for stage in &inventory.stages {
                let name = StageName {
                    context: context.label.to_string(),
                    api_id: inventory.api.id.to_string(),
                    stage: stage.name.to_string(),
                };
                let mut release = release_of(host, stage, watched.get(&name).copied());
                if inventory.api.kind != ApiKind::Rest {
                    release.notes = vec![
                        "HTTP and WebSocket APIs have no canary: move the stage to another deployment instead."
                            .to_owned(),
                    ];
                }
                if release.state == CanaryState::None && !request.every_stage {
                    continue;
                }
                items.push(CanaryLine {
                    context: context.label.to_string(),
                    // A blocked STS says nothing of the stages: they are listed, with what every view calls it.
                    account: state
                        .identity
                        .as_ref()
                        .map_or_else(|| UNKNOWN_ACCOUNT.to_owned(), |identity| identity.account.to_string()),
                    region: state.region.clone().unwrap_or_default(),
                    api_id: inventory.api.id.to_string(),
                    api_name: inventory.api.name.to_string(),
                    api_kind: inventory.api.kind,
                    stage: stage.name.to_string(),
                    baseline_deployment: stage.deployment_id.as_ref().map(ToString::to_string),
                    candidate_deployment: stage.canary.as_ref().map(|canary| canary.deployment_id.to_string()),
                    release,
                    last_updated: stage.last_updated.clone(),
                });
            }
        }
    }
    items.sort_by(|one, other| {
        let key =
            |line: &CanaryLine| (line.release.state, line.context.clone(), line.api_name.clone(), line.stage.clone());
        key(one).cmp(&key(other))
    });
    Ok(CanaryList { items, coverage: host.coverage() })
}
