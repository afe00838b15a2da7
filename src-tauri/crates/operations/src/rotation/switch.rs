//! Enabling, disabling and deleting the keys of a rotation, each only while the other one works.

use portcullis_domain::{
    change::{AwsCall, GuardWhen, PatchOperation, Plan, PlanGuard, PlanWords, Warning, WarningKind},
    rotation::{LastUse, Rotation},
    tenants::Key,
};

use super::{Scene, note, refused};
use crate::{
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError},
};

/// Disables the old key: the new one must work in every plan of it.
pub(super) async fn disable(
    scene: &Scene<'_>,
    rotation: &Rotation<'_>,
    new: &Key,
    reason: Option<&str>,
) -> Result<Plan, WireError> {
    let old = rotation.old;
    let plans = scene.rotations.plans_of(&old.id);
    new_key_works(rotation, new)?;
    let mut warnings = overridden(&rotation.held, reason)?;
    if rotation.last_use == LastUse::Never {
        warnings.push(note(
            "No request with the old key in the last 35 days. AWS's numbers are up to 40 minutes late.".to_owned(),
        ));
    }
    if let LastUse::Day { day } = rotation.last_use {
        warnings.push(note(format!("The old key was last used on {day}. AWS's numbers are up to 40 minutes late.")));
    }
    warnings.push(note(
        "Whoever still uses the old key is refused with 403 from now on. Enabling it again brings it back.".to_owned(),
    ));
    let guards = vec![scene.works(new, plans, false, GuardWhen::Forward), scene.in_plans(old, plans)];
    set_enabled(scene, old, false, warnings, guards).await
}

/// Enables the old key again; that, undone, disables it, which is safe only while the new one works.
pub(super) async fn enable(scene: &Scene<'_>, rotation: &Rotation<'_>) -> Result<Plan, WireError> {
    let plans = scene.rotations.plans_of(&rotation.old.id);
    let guards = rotation.new.map(|new| scene.works(new, plans, false, GuardWhen::Back)).into_iter().collect();
    set_enabled(scene, rotation.old, true, Vec::new(), guards).await
}

/// Enables the new key; that, undone, disables it, which is safe only while the old one works.
pub(super) async fn enable_new(scene: &Scene<'_>, rotation: &Rotation<'_>, new: &Key) -> Result<Plan, WireError> {
    let plans = scene.rotations.plans_of(&new.id);
    let guards = vec![scene.works(rotation.old, plans, false, GuardWhen::Back)];
    set_enabled(scene, new, true, Vec::new(), guards).await
}

/// Deletes the old key, which is disabled, for good.
pub(super) async fn delete(
    scene: &Scene<'_>,
    rotation: &Rotation<'_>,
    new: &Key,
    reason: Option<&str>,
) -> Result<Plan, WireError> {
    let old = rotation.old;
    if old.enabled {
        return Err(refused("The old key is enabled.", "Disable it first, and wait: a disabled key can come back."));
    }
    new_key_works(rotation, new)?;
    let warnings = overridden(&rotation.held, reason)?;
    let plans = scene.rotations.plans_of(&old.id);
    let guards = vec![scene.works(new, plans, false, GuardWhen::Forward), scene.in_plans(old, plans)];
    remove(scene, old, warnings, guards).await
}

/// Deletes the new key, for good: the old one must work wherever the new one does.
pub(super) async fn abandon(scene: &Scene<'_>, rotation: &Rotation<'_>, new: &Key) -> Result<Plan, WireError> {
    if !rotation.old.enabled {
        return Err(refused(
            "The old key is disabled, so the tenant would stand without a key.",
            "Enable the old key first.",
        ));
    }
    let plans = scene.rotations.plans_of(&new.id);
    let guards = vec![scene.works(rotation.old, plans, false, GuardWhen::Forward), scene.in_plans(new, plans)];
    remove(scene, new, Vec::new(), guards).await
}

fn new_key_works(rotation: &Rotation<'_>, new: &Key) -> Result<(), WireError> {
    if new.enabled && rotation.missing.is_empty() {
        return Ok(());
    }
    Err(refused(
        "The new key does not open what the old one opens, so the tenant would stand without a key.",
        "Attach the new key, and see that it is enabled.",
    ))
}

/// What speaks against the stage, overridden by a person with a reason: the journal keeps both.
fn overridden(held: &[String], reason: Option<&str>) -> Result<Vec<Warning>, WireError> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    match (held, reason) {
        ([], _) => Ok(Vec::new()),
        // Not wrong input: the same request is right next week, or today with a reason.
        (held, None) => Err(WireError {
            details: held.to_vec(),
            ..WireError::new(ErrorCode::ConfirmationNeeded, "It is too early for this stage.")
                .with_hint("Wait, or override that with a reason (--override TEXT).")
        }),
        (held, Some(reason)) => Ok(held
            .iter()
            .map(|held| Warning { kind: WarningKind::Blocks, message: format!("{held} Overridden: {reason}") })
            .collect()),
    }
}

async fn set_enabled(
    scene: &Scene<'_>,
    key: &Key,
    enabled: bool,
    warnings: Vec<Warning>,
    guards: Vec<PlanGuard>,
) -> Result<Plan, WireError> {
    let target = scene.key_target(key);
    let fields = observe_all(scene.host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let calls = if fields.get("enabled") == Some(&enabled.into()) {
        Vec::new()
    } else {
        let patch_operations = vec![PatchOperation::replace("/enabled", enabled.to_string())];
        vec![AwsCall::UpdateApiKey { key_id: key.id.clone(), patch_operations }]
    };
    let words = PlanWords {
        operation: "key_rotate".to_owned(),
        title: format!("{} key {} ({})", if enabled { "Enable" } else { "Disable" }, key.name, key.id),
        watched: vec!["exists".to_owned(), "enabled".to_owned()],
        tenants: scene.tenants(key),
        warnings,
        guards,
        ..PlanWords::default()
    };
    plan(scene.host, words, vec![Draft { target, fields, calls, asked: vec!["enabled".to_owned()] }]).await
}

async fn remove(
    scene: &Scene<'_>,
    key: &Key,
    mut warnings: Vec<Warning>,
    guards: Vec<PlanGuard>,
) -> Result<Plan, WireError> {
    let target = scene.key_target(key);
    let fields = observe_all(scene.host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let message =
        "A deleted key does not come back: AWS gives a new one another value. This cannot be undone.".to_owned();
    warnings.push(Warning { kind: WarningKind::Blocks, message });
    let words = PlanWords {
        operation: "key_rotate".to_owned(),
        title: format!("Delete key {} ({})", key.name, key.id),
        watched: vec!["exists".to_owned(), "enabled".to_owned()],
        tenants: scene.tenants(key),
        warnings,
        guards,
        ..PlanWords::default()
    };
    let calls = vec![AwsCall::DeleteApiKey { key_id: key.id.clone() }];
    plan(
        scene.host,
        words,
        vec![Draft { target, fields, calls, asked: vec!["exists".to_owned(), "enabled".to_owned()] }],
    )
    .await
}
