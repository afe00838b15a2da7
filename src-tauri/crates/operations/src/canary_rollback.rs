//! `canary_rollback`: plans to take a release back: one call, in the lane that waits for nobody.

use portcullis_aws::Lane;
use portcullis_domain::{
    change::{AwsCall, Fields, PatchOperation, Plan, PlanTarget, PlanWords, calls_between},
    journal::{Outcome, entries},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_start::{WATCHED, rest_stage},
    change::{Draft, observe_in, plan, watched},
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
};

/// Which release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryRollbackRequest {
    /// The stage.
    pub stage: StageName,
}

/// Plans it: a canary is removed; after a promotion the stage goes back to the deployment and variables from before it,
/// as the journal has them.
///
/// # Errors
/// `InvalidInput` when there is neither a canary nor a promotion in the journal.
pub async fn canary_rollback(host: &Host, request: CanaryRollbackRequest) -> Result<Plan, WireError> {
    let target = rest_stage(host, &request.stage)?;
    let fields = observe_in(host, std::slice::from_ref(&target), Lane::Rollback).await?.pop().unwrap_or_default();
    let candidate = fields.get("canarySettings/deploymentId");
    let promoted = promotion(host, &target)?;
    let at_baseline = candidate.is_some() && candidate != fields.get("deploymentId");
    let (calls, title, undoes) = match (at_baseline, promoted) {
        (true, _) => {
            let calls = vec![AwsCall::UpdateStage {
                api_id: request.stage.api_id.clone(),
                stage_name: request.stage.stage.clone(),
                patch_operations: vec![PatchOperation::remove("/canarySettings")],
            }];
            (calls, format!("Roll back: remove the canary of {}", target.label()), None)
        }
        (false, Some((entry, before))) => {
            let now = watched(&fields, &WATCHED.map(str::to_owned));
            let mut wanted = before;
            wanted.retain(|name, _| !name.starts_with("canarySettings/"));
            let calls = calls_between(&target, &now, &wanted).ok_or_else(|| {
                WireError::new(ErrorCode::InvalidInput, format!("No call leads {} back.", target.label()))
            })?;
            (calls, format!("Roll back the promotion on {}", target.label()), Some(entry))
        }
        (false, None) => {
            return Err(WireError::new(
                ErrorCode::InvalidInput,
                format!(
                    "{} has no canary, and no promotion of it is in the journal: there is nothing to roll back.",
                    target.label()
                ),
            ));
        }
    };
    let asked = fields.keys().filter(|name| WATCHED.iter().any(|prefix| name.starts_with(prefix))).cloned().collect();
    let words = PlanWords {
        operation: "canary_rollback".to_owned(),
        title,
        watched: WATCHED.map(str::to_owned).to_vec(),
        undoes,
        ..PlanWords::default()
    };
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

/// The last promotion of this stage that was applied and not undone: its entry, and the stage before it.
fn promotion(host: &Host, target: &PlanTarget) -> Result<Option<(String, Fields)>, WireError> {
    let records = host.journal()?.records()?;
    let found = entries(&records).into_iter().rev().find(|entry| {
        let of_target = |plan: &Plan| {
            plan.operation == "canary_promote" && plan.targets.iter().any(|one| one.key() == target.key())
        };
        entry.outcome == Some(Outcome::Applied)
            && entry.undone_by.is_empty()
            && entry.plan.as_deref().is_some_and(of_target)
    });
    Ok(found.and_then(|entry| Some((entry.id.clone(), entry.plan?.fields_before.first()?.clone()))))
}
