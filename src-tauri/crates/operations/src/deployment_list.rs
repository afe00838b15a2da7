//! `deployment_list`: the deployments of a stage's API, newest first, and which stage serves which.

use jiff::Timestamp;
use portcullis_aws::{Deployment, Lane, Reader};
use portcullis_domain::api::{ApiKind, Stage};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{canary_difference::api_of, error::WireError, host::Host, throttle_copy::StageName};

/// Of which stage's API. Answers with [`DeploymentList`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentListRequest {
    /// The stage.
    pub stage: StageName,
}

/// One deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentLine {
    /// AWS's id.
    pub id: String,
    /// As somebody typed it: hostile until shown as data.
    #[ts(optional = nullable)]
    pub description: Option<String>,
    /// `createdDate`, RFC 3339.
    #[ts(optional = nullable)]
    pub created: Option<String>,
    /// Made by a stage that deploys by itself.
    pub automatic: bool,
    /// It is what the stage of the request serves.
    pub current: bool,
    /// Stages that serve it, the one of the request among them.
    pub stages: Vec<String>,
    /// Stages whose canary it is.
    pub canary_of: Vec<String>,
}

/// The deployments of an API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentList {
    /// Product.
    pub api_kind: ApiKind,
    /// Newest first.
    pub items: Vec<DeploymentLine>,
    /// Why the stage cannot be moved to another one, a sentence; absent when it can.
    #[ts(optional = nullable)]
    pub fixed: Option<String>,
}

/// Lists them: one call, and what was read of the stages.
///
/// # Errors
/// `NotFound`, AWS's.
pub async fn deployment_list(host: &Host, request: DeploymentListRequest) -> Result<DeploymentList, WireError> {
    let StageName { context, api_id, stage } = &request.stage;
    let inventory = api_of(host, &request.stage)?;
    let kind = inventory.api.kind;
    let session = host.open_context(context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let deployments = match kind {
        ApiKind::Rest => reader.deployments(api_id).await?,
        ApiKind::Http | ApiKind::WebSocket => reader.http_deployments(api_id).await?,
    };
    let names = |holds: &dyn Fn(&Stage) -> bool| -> Vec<String> {
        inventory.stages.iter().filter(|stage| holds(stage)).map(|stage| stage.name.to_string()).collect()
    };
    let line = |deployment: Deployment| {
        let stages = names(&|stage| stage.deployment_id.as_ref() == Some(&deployment.id));
        DeploymentLine {
            current: stages.contains(stage),
            canary_of: names(&|stage| {
                stage.canary.as_ref().is_some_and(|canary| canary.deployment_id == deployment.id)
            }),
            stages,
            id: deployment.id.to_string(),
            description: deployment.description,
            created: deployment.created.and_then(|at| Timestamp::from_second(at).ok()).map(|at| at.to_string()),
            automatic: deployment.automatic,
        }
    };
    let of_request = inventory.stages.iter().find(|known| &*known.name == stage);
    Ok(DeploymentList {
        api_kind: kind,
        items: deployments.into_iter().map(line).collect(),
        fixed: of_request.and_then(|stage| fixed(stage.auto_deploy, stage.canary.is_some())),
    })
}

/// Why a stage cannot be moved, as AWS has it: one that deploys by itself refuses a deployment id, and while a canary is
/// attached a stage takes no other deployment (developer guide, "Canary release deployments").
pub(crate) fn fixed(auto_deploy: bool, has_canary: bool) -> Option<String> {
    match (auto_deploy, has_canary) {
        (true, _) => Some("The stage deploys every change by itself (autoDeploy), so AWS refuses to move it to another deployment. Switch autoDeploy off first.".to_owned()),
        (false, true) => Some("A canary is attached, and a stage with a canary takes no other deployment: promote it or roll it back first.".to_owned()),
        (false, false) => None,
    }
}
