//! `canary_rollback`: plans to take a release back: one call, in the lane that waits for nobody.

use portcullis_aws::Lane;
use portcullis_domain::{
    canary::{Promotion, RollbackWay, rollback_way},
    change::{
        AwsCall, Fields, PatchOperation, Plan, PlanTarget, PlanWords, Warning, WarningKind, calls_between, field_label,
    },
    journal::{JournalEntry, Outcome, entries},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// Go back to before the promotion even though somebody changed the stage since; the plan says what of theirs it
    /// takes back.
    #[serde(default)]
    pub overwrite: bool,
}

impl CanaryRollbackRequest {
    /// Takes the release of a stage back, unless somebody changed the stage since.
    #[must_use]
    pub fn of(stage: StageName) -> Self {
        Self { stage, overwrite: false }
    }
}

/// Plans it: a canary is removed, whoever attached it; after a promotion the stage goes back to the deployment and
/// variables from before it, as the journal has them.
///
/// # Errors
/// `InvalidInput` when there is neither a canary nor a promotion in the journal; `Conflict`, with the fields, when the
/// stage is not what the promotion left.
pub async fn canary_rollback(host: &Host, request: CanaryRollbackRequest) -> Result<Plan, WireError> {
    let target = stage_to_roll_back(host, &request.stage)?;
    let fields = observe_in(host, std::slice::from_ref(&target), Lane::Rollback).await?.pop().unwrap_or_default();
    // Most rollbacks need no journal to be planned, and a journal that cannot be read must not be in their way.
    let mut way = rollback_way(&fields, None);
    let promotion;
    if fields.get("canarySettings/deploymentId").is_none_or(|id| Some(id) == fields.get("deploymentId")) {
        promotion = last_promotion(host, &target)?;
        way = rollback_way(&fields, promotion.as_ref());
    }
    let (calls, title, undoes, warnings) = match way {
        RollbackWay::RemoveCanary => {
            let patch = vec![PatchOperation::remove("/canarySettings")];
            (
                vec![patched(&request.stage, patch)],
                format!("Roll back: remove the canary of {}", target.label()),
                None,
                Vec::new(),
            )
        }
        RollbackWay::UndoPromotion(promotion) => {
            let calls = way_back(&request.stage, &target, &fields, promotion)?;
            (calls, format!("Roll back the promotion on {}", target.label()), Some(promotion.entry.clone()), Vec::new())
        }
        RollbackWay::ChangedSince { promotion, differences } => {
            let lines: Vec<String> = differences.iter().map(|(field, left, live)| line(field, left, live)).collect();
            if !request.overwrite {
                return Err(WireError {
                    details: lines,
                    ..WireError::new(
                        ErrorCode::Conflict,
                        format!(
                            "Somebody changed {} after the promotion (entry {}): rolling back would take that away too, so nothing is planned.",
                            target.label(),
                            promotion.entry
                        ),
                    )
                    .with_hint("Move the stage to the deployment that you mean, or roll back over the change (--overwrite on the command line).")
                });
            }
            let warning = |message: String| Warning { kind: WarningKind::Overwrites, message };
            let calls = way_back(&request.stage, &target, &fields, promotion)?;
            let warnings = lines.into_iter().map(warning).collect();
            let title = format!("Roll back the promotion on {}, over what was changed since", target.label());
            (calls, title, Some(promotion.entry.clone()), warnings)
        }
        RollbackWay::Nothing => {
            return Err(WireError::new(
                ErrorCode::InvalidInput,
                format!(
                    "{} has no canary, and no promotion of it stands in the journal: there is nothing to roll back.",
                    target.label()
                ),
            )
            .with_hint("If it was promoted elsewhere, move the stage to the deployment from before."));
        }
    };
    let asked = fields.keys().filter(|name| WATCHED.iter().any(|prefix| name.starts_with(prefix))).cloned().collect();
    let words = PlanWords {
        operation: "canary_rollback".to_owned(),
        title,
        warnings,
        watched: WATCHED.map(str::to_owned).to_vec(),
        undoes,
        ..PlanWords::default()
    };
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

/// The stage, also when its API has not been read yet: a rollback does not wait for the inventory, AWS says whether the
/// stage is there.
fn stage_to_roll_back(host: &Host, stage: &StageName) -> Result<PlanTarget, WireError> {
    match rest_stage(host, stage) {
        Err(error) if error.code == ErrorCode::NotFound && host.context(&stage.context).is_some() => {
            Ok(PlanTarget::RestStage {
                context: stage.context.clone(),
                api_id: stage.api_id.clone(),
                api_name: stage.api_id.clone(),
                stage: stage.stage.clone(),
            })
        }
        found => found,
    }
}

fn patched(stage: &StageName, patch_operations: Vec<PatchOperation>) -> AwsCall {
    AwsCall::UpdateStage { api_id: stage.api_id.clone(), stage_name: stage.stage.clone(), patch_operations }
}

/// Back to before the promotion, without its canary: in one call, which AWS applies whole or refuses.
fn way_back(
    stage: &StageName,
    target: &PlanTarget,
    fields: &Fields,
    promotion: &Promotion,
) -> Result<Vec<AwsCall>, WireError> {
    let mut wanted = promotion.before.clone();
    wanted.retain(|name, _| !name.starts_with("canarySettings/"));
    let now = watched(fields, &WATCHED.map(str::to_owned));
    let calls = calls_between(target, &now, &wanted)
        .ok_or_else(|| WireError::new(ErrorCode::InvalidInput, format!("No call leads {} back.", target.label())))?;
    let patches = calls.into_iter().flat_map(|call| match call {
        AwsCall::UpdateStage { patch_operations, .. } => patch_operations,
        _ => Vec::new(),
    });
    Ok(vec![patched(stage, patches.collect())])
}

fn line(field: &str, left: &Option<Value>, live: &Option<Value>) -> String {
    let words = |value: &Option<Value>| match value {
        None => "not set".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    format!("{} is {}, the promotion left {}", field_label(field), words(live), words(left))
}

/// The last promotion of this stage that changed it.
fn last_promotion(host: &Host, target: &PlanTarget) -> Result<Option<Promotion>, WireError> {
    let records = host.journal()?.records()?;
    Ok(entries(&records).into_iter().rev().find_map(|entry| promotion_of(entry, target)))
}

fn promotion_of(entry: JournalEntry, target: &PlanTarget) -> Option<Promotion> {
    // One that was interrupted may have had its effect: what is live decides.
    let changed = matches!(entry.outcome, None | Some(Outcome::Applied | Outcome::Partial | Outcome::Mismatch));
    let plan = entry.plan.filter(|plan| changed && plan.operation == "canary_promote")?;
    let at = plan.targets.iter().position(|one| one.key() == target.key() && one.context() == target.context())?;
    Some(Promotion {
        entry: entry.id,
        taken_back: !entry.undone_by.is_empty(),
        before: plan.fields_before.get(at)?.clone(),
        left: plan.steps.into_iter().filter(|step| step.target == at).map(|step| step.fields_after).collect(),
    })
}
