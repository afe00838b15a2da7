//! The first stage: the new key, its places in the plans, and what is left of the quota, as one change.
//!
//! One change, so that what is interrupted or refused in its middle is finished or taken back as a whole: the new key is
//! deleted again, which nobody has been given yet, and the old one was never touched.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use portcullis_domain::{
    change::{
        AwsCall, Fields, GuardWhen, NEW_KEY, OVERLAP_TAG, Plan, PlanTarget, PlanWords, ROTATES_TAG, rotated_name,
    },
    rotation::Rotation,
    tenants::UsagePlan,
};

use super::{Scene, note, places, refused};
use crate::{
    change::{Draft, observe_all, plan},
    error::WireError,
};

/// The most tags that AWS allows on a resource.
const TAGS: usize = 50;

pub(super) async fn start(
    scene: &Scene<'_>,
    rotation: &Rotation<'_>,
    overlap_days: Option<u16>,
) -> Result<Plan, WireError> {
    let old = rotation.old;
    if let Some(new) = rotation.new {
        let message = format!("Key {} ({}) takes the place of {} already.", new.name, new.id, old.name);
        return Err(refused(&message, "Go on with the next stage."));
    }
    if let Some(problem) = &rotation.problem {
        return Err(refused(problem, "Nothing was changed."));
    }
    if !old.enabled {
        let message = format!("Key {} ({}) is disabled: a new one would open what was closed.", old.name, old.id);
        return Err(refused(&message, "Enable it first, if its holder shall have access."));
    }
    let context = scene.ledger.context.clone();
    let base = if old.name.trim().is_empty() { &old.id } else { &old.name };
    let (key_name, rotates) = (rotated_name(base, &scene.today.to_string()), old.id.clone());
    let target =
        PlanTarget::NewApiKey { context: context.clone(), key_name: key_name.clone(), rotates: rotates.clone() };
    let fields = observe_all(scene.host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    if !fields.is_empty() {
        let message = format!("A key named {key_name} takes the place of {} already.", old.name);
        return Err(refused(&message, "Somebody began this rotation just now. Go on with the next stage."));
    }
    let tags = tags(scene, rotation, overlap_days)?;
    let asked = tags.keys().map(|tag| format!("tags/{tag}")).chain(["exists", "enabled"].map(str::to_owned)).collect();
    let call = AwsCall::CreateApiKey {
        name: key_name.clone(),
        description: old.description.clone(),
        customer_id: old.customer_id.clone(),
        tags,
    };
    let mut drafts = vec![Draft { target, fields, calls: vec![call], asked }];
    let plans = scene.rotations.plans_of(&old.id);
    let mut warnings = vec![note(format!("{NEW_KEY} stands for the id that AWS will give to the new key."))];
    if plans.is_empty() {
        warnings.push(note("The old key is in no usage plan, so the new one joins none.".to_owned()));
    }
    for usage_plan in plans {
        let target = PlanTarget::NewPlanKey {
            context: context.clone(),
            usage_plan_id: usage_plan.id.clone(),
            plan_name: usage_plan.name.clone(),
            key_name: key_name.clone(),
            rotates: rotates.clone(),
        };
        let (calls, said) = joining(scene, rotation, usage_plan)?;
        warnings.extend(said.map(note));
        let asked = vec!["member".to_owned(), "remaining".to_owned()];
        drafts.push(Draft { target, fields: Fields::new(), calls, asked });
    }
    let words = PlanWords {
        operation: "key_rotate".to_owned(),
        title: format!("Make a new key in place of {} ({}), in the same plans", old.name, old.id),
        watched: ["exists", "enabled", "id", "tags/", "member", "remaining"].map(str::to_owned).to_vec(),
        tenants: scene.tenants(old),
        warnings,
        guards: vec![scene.works(old, plans, true, GuardWhen::Both)],
        ..PlanWords::default()
    };
    plan(scene.host, words, drafts).await
}

/// The old key's own tags, and the two by which the rotation is known.
fn tags(
    scene: &Scene<'_>,
    rotation: &Rotation<'_>,
    overlap_days: Option<u16>,
) -> Result<BTreeMap<String, String>, WireError> {
    let old = rotation.old;
    // AWS keeps names that begin with `aws:` to itself.
    let own = old.tags.iter().filter(|(name, _)| !name.starts_with("aws:"));
    let mut tags: BTreeMap<String, String> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    let days = overlap_days.map_or(scene.policy.overlap_days, i64::from);
    tags.insert(ROTATES_TAG.to_owned(), old.id.clone());
    tags.insert(OVERLAP_TAG.to_owned(), scene.today.saturating_add(days.days()).to_string());
    if tags.len() > TAGS {
        let message = format!(
            "The new key would have {} tags and AWS allows {TAGS}: the two that say whose place it takes find no room.",
            tags.len()
        );
        return Err(refused(&message, "Take tags off the old key first."));
    }
    Ok(tags)
}

/// The calls for one plan, and what to say of its quota.
fn joining(
    scene: &Scene<'_>,
    rotation: &Rotation<'_>,
    usage_plan: &UsagePlan,
) -> Result<(Vec<AwsCall>, Option<String>), WireError> {
    let (usage_plan_id, key_id) = (usage_plan.id.clone(), NEW_KEY.to_owned());
    let quota = usage_plan.quota.map(|quota| quota.limit);
    let mut calls =
        vec![AwsCall::CreateUsagePlanKey { usage_plan_id: usage_plan_id.clone(), key_id: key_id.clone(), quota }];
    let Some(limit) = quota else { return Ok((calls, None)) };
    let remaining = places::left_of_old(scene, usage_plan, &rotation.old.id)?;
    if remaining != limit {
        calls.push(AwsCall::UpdateUsage { usage_plan_id, key_id, remaining });
    }
    Ok((calls, Some(places::overlap_words(&usage_plan.name, remaining))))
}
