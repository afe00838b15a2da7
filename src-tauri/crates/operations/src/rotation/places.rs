//! The new key's places in the plans of the old one, and what is left of their quotas.

use portcullis_domain::{
    change::{AwsCall, GuardWhen, Plan, PlanTarget, PlanWords, WarningKind},
    rotation::{Rotation, left_of_both, quota_left},
    tenants::{Key, UsagePlan},
};
use serde_json::Value;

use super::{Scene, note, refused};
use crate::{
    change::{Draft, observe_all, plan},
    error::WireError,
    quota_extend::place,
};

/// What the old key has left in a plan with a quota.
///
/// # Errors
/// When usage could not be read: a whole quota is no guess that may be made.
pub(super) fn left_of_old(scene: &Scene<'_>, usage_plan: &UsagePlan, old: &str) -> Result<i64, WireError> {
    let standing = quota_left(scene.ledger, usage_plan, old, scene.today);
    standing.and_then(|standing| standing.remaining).ok_or_else(|| {
        let message = format!(
            "What key {old} has left of its quota in {} could not be read, so it cannot be carried over.",
            usage_plan.name
        );
        refused(&message, "Try again; the role needs apigateway:GET on /usageplans/*/usage.")
    })
}

/// What happens to a quota while both keys work.
pub(super) fn overlap_words(plan: &str, remaining: i64) -> String {
    format!(
        "Quotas count by key: the new key begins in {plan} with the {remaining} requests that the old one had left, and \
         until the old one is disabled both count by themselves, together up to twice that. The stage settle then takes \
         off the new key what both used. AWS's numbers are up to 40 minutes late and enforced as well as it can: no promise."
    )
}

/// Puts the new key into the plans that it misses; what is left of their quotas goes with it, also where an attempt before
/// stopped between the two calls.
pub(super) async fn attach(scene: &Scene<'_>, rotation: &Rotation<'_>, new: &Key) -> Result<Plan, WireError> {
    let of_old = scene.rotations.plans_of(&rotation.old.id);
    adjust(scene, rotation, new, of_old, format!("Put {} into the plans of {}", new.name, rotation.old.name)).await
}

/// Takes off the new key's quota what both keys used.
pub(super) async fn settle(scene: &Scene<'_>, rotation: &Rotation<'_>, new: &Key) -> Result<Plan, WireError> {
    let (of_old, of_new) = (scene.rotations.plans_of(&rotation.old.id), scene.rotations.plans_of(&new.id));
    let shared: Vec<&UsagePlan> =
        of_old.iter().filter(|plan| of_new.iter().any(|other| other.id == plan.id)).copied().collect();
    let title = format!("Count what {} used against the quota of {}", rotation.old.name, new.name);
    adjust(scene, rotation, new, &shared, title).await
}

async fn adjust(
    scene: &Scene<'_>,
    rotation: &Rotation<'_>,
    new: &Key,
    plans: &[&UsagePlan],
    title: String,
) -> Result<Plan, WireError> {
    let old = rotation.old;
    let targets: Vec<PlanTarget> =
        plans.iter().map(|plan| place(scene.ledger, &plan.id, &new.id)).collect::<Result<_, _>>()?;
    let live = observe_all(scene.host, &targets).await?;
    let (mut drafts, mut warnings) = (Vec::new(), Vec::new());
    for ((usage_plan, target), fields) in plans.iter().zip(targets).zip(live) {
        let (usage_plan_id, key_id) = (usage_plan.id.clone(), new.id.clone());
        let quota = usage_plan.quota.map(|quota| quota.limit);
        let member = !fields.is_empty();
        let mut calls = Vec::new();
        if !member {
            let (usage_plan_id, key_id) = (usage_plan_id.clone(), key_id.clone());
            calls.push(AwsCall::CreateUsagePlanKey { usage_plan_id, key_id, quota });
        }
        if let Some(limit) = quota {
            let remaining = left(scene, usage_plan, &old.id, &new.id)?;
            // Today may have no number yet where earlier days of the period have one.
            let counted = || quota_left(scene.ledger, usage_plan, &new.id, scene.today)?.remaining;
            let now = fields.get("remaining").and_then(Value::as_i64).or_else(counted);
            let has = now.filter(|_| member).unwrap_or(limit);
            // A member is only ever set lower: what somebody granted the new key beyond that shows in the plan.
            if remaining < has || !member && remaining != has {
                calls.push(AwsCall::UpdateUsage { usage_plan_id, key_id, remaining });
                warnings.push(note(if member {
                    settled_words(&usage_plan.name, has, remaining)
                } else {
                    overlap_words(&usage_plan.name, remaining)
                }));
            }
            if remaining == 0 && has > 0 {
                let message = format!(
                    "Both keys together used the whole quota of {}: with nothing left, the new key is refused with 429 until the period ends.",
                    usage_plan.name
                );
                warnings.push(portcullis_domain::change::Warning { kind: WarningKind::Blocks, message });
            }
        }
        drafts.push(Draft { target, fields, calls, asked: vec!["member".to_owned(), "remaining".to_owned()] });
    }
    let words = PlanWords {
        operation: "key_rotate".to_owned(),
        title,
        watched: vec!["member".to_owned(), "remaining".to_owned()],
        tenants: scene.tenants(new),
        warnings,
        // Taking the new key out of a plan is safe only while the old one works there.
        guards: vec![scene.works(old, plans, false, GuardWhen::Back)],
        ..PlanWords::default()
    };
    plan(scene.host, words, drafts).await
}

fn left(scene: &Scene<'_>, usage_plan: &UsagePlan, old: &str, new: &str) -> Result<i64, WireError> {
    let of_old = left_of_old(scene, usage_plan, old)?;
    let both = quota_left(scene.ledger, usage_plan, old, scene.today).zip(quota_left(
        scene.ledger,
        usage_plan,
        new,
        scene.today,
    ));
    Ok(both.and_then(|(of_old, of_new)| left_of_both(&of_old, &of_new)).unwrap_or(of_old))
}

fn settled_words(plan: &str, has: i64, remaining: i64) -> String {
    format!(
        "Quotas count by key: in {plan} the new key has {has} requests left, and one key would have {remaining} after what \
         both used in this period. AWS's numbers are up to 40 minutes late and enforced as well as it can: no promise."
    )
}
