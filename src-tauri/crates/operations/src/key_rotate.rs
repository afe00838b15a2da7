//! `key_rotate`: plans the next stage of replacing a key without an outage.
//!
//! Where a rotation stands is read from AWS and kept nowhere else: the new key says by a tag whose place it takes, its
//! plans and whether the old one is enabled say the rest. So it can be gone on with from any machine, after any time.

use std::collections::BTreeMap;

use portcullis_domain::{
    change::{AwsCall, PatchOperation, Plan, PlanTarget, PlanWords, ROTATES_TAG, Warning, WarningKind, rotated_name},
    tenants::{Key, Ledger},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError},
    host::Host,
    quota_extend::{ledger_of, place, tenants},
};

/// A stage of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RotationStage {
    /// Make the new key.
    Create,
    /// Put it into the plans of the old one, with what is left of its quota. Both work from then on.
    Attach,
    /// Disable the old key: its holder must have the new one by now.
    Disable,
    /// Enable the old key again: the way back from `Disable`.
    Enable,
    /// Delete the old key, for good.
    Delete,
    /// Delete the new key, for good: the way back from `Create` and `Attach`.
    Abandon,
}

/// Which key, which stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyRotateRequest {
    /// The context's label.
    pub context: String,
    /// The old key's id; never its value.
    pub key_id: String,
    /// The stage.
    pub stage: RotationStage,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` for a stage whose turn it is not, with what to do first; `NotFound`; AWS's.
pub async fn key_rotate(host: &Host, request: KeyRotateRequest) -> Result<Plan, WireError> {
    // What stands in AWS decides: somebody else may have gone on with it.
    host.forget_tenants(&request.context);
    let ledger = ledger_of(host, &request.context).await?;
    let old = ledger.key(&request.key_id).cloned().ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no key {} in {}.", request.key_id, request.context))
            .with_hint("It may have been deleted. Refresh the board.")
    })?;
    let new = successor(&ledger, &old.id).cloned();
    let first = |message: &str, hint: &str| Err(WireError::new(ErrorCode::InvalidInput, message).with_hint(hint));
    match (request.stage, new) {
        (RotationStage::Create, None) => create(host, &ledger, &old).await,
        (RotationStage::Create, Some(new)) => {
            let message = format!("Key {} ({}) takes the place of {} already.", new.name, new.id, old.name);
            Err(WireError::new(ErrorCode::InvalidInput, message).with_hint("Go on with the next stage."))
        }
        (RotationStage::Enable, _) => set_enabled(host, &ledger, &old, true, Vec::new()).await,
        (_, None) => first("There is no new key for this one.", "Create it first."),
        (RotationStage::Attach, Some(new)) => attach(host, &ledger, &old, &new).await,
        (RotationStage::Disable, Some(new)) => {
            if !new.enabled || !has_all_plans(&ledger, &old, &new) {
                return first(
                    "The new key does not open yet what the old one opens, so the tenant would stand without a key.",
                    "Attach the new key, and see that it is enabled.",
                );
            }
            let quiet = last_used(&ledger, &old.id);
            let used =
                format!("The old key was last used on {quiet}. Whoever still uses it is refused with 403 from now on.");
            let warnings = vec![Warning { kind: WarningKind::Note, message: used }];
            set_enabled(host, &ledger, &old, false, warnings).await
        }
        (RotationStage::Delete, Some(new)) => {
            if old.enabled {
                return first("The old key is enabled.", "Disable it first, and wait: a disabled key can come back.");
            }
            if !new.enabled || !has_all_plans(&ledger, &old, &new) {
                return first(
                    "The new key does not open what the old one opens.",
                    "Attach and enable the new key first.",
                );
            }
            delete(host, &ledger, &old).await
        }
        (RotationStage::Abandon, Some(new)) => {
            if !old.enabled {
                return first(
                    "The old key is disabled, so the tenant would stand without a key.",
                    "Enable the old key first.",
                );
            }
            delete(host, &ledger, &new).await
        }
    }
}

/// The key that takes this one's place.
pub(crate) fn successor<'a>(ledger: &'a Ledger, old: &str) -> Option<&'a Key> {
    ledger.keys.as_deref()?.iter().find(|key| key.tags.get(ROTATES_TAG).is_some_and(|rotates| rotates == old))
}

/// Whether the new key is in every plan of the old one.
pub(crate) fn has_all_plans(ledger: &Ledger, old: &Key, new: &Key) -> bool {
    let of_new: Vec<&str> = ledger.plans_of(&new.id).map(|plan| plan.id.as_str()).collect();
    let readable = ledger.plans.as_ref().is_some_and(|plans| plans.iter().all(|plan| plan.keys.is_some()));
    readable && ledger.plans_of(&old.id).all(|plan| of_new.contains(&plan.id.as_str()))
}

/// The last day with a request, in words.
fn last_used(ledger: &Ledger, key: &str) -> String {
    let days = ledger.plans_of(key).flat_map(|plan| ledger.days(&plan.id, key)).filter(|day| day.used > 0);
    days.map(|day| day.day).max().map_or_else(|| "no day of the last 35".to_owned(), |day| day.to_string())
}

fn key_target(ledger: &Ledger, key: &Key) -> PlanTarget {
    PlanTarget::ApiKey { context: ledger.context.clone(), key_id: key.id.clone(), key_name: key.name.clone() }
}

async fn create(host: &Host, ledger: &Ledger, old: &Key) -> Result<Plan, WireError> {
    let day = host.now().chars().take(10).collect::<String>();
    let name = rotated_name(&old.name, &day);
    let target = PlanTarget::NewApiKey { context: ledger.context.clone(), key_name: name.clone() };
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    if !fields.is_empty() {
        let message = format!("There is a key named {name} already, and it takes the place of another.");
        return Err(WireError::new(ErrorCode::InvalidInput, message).with_hint("Rename or delete that key first."));
    }
    let mut tags: BTreeMap<String, String> = old
        .tags
        .iter()
        .filter(|(name, _)| !name.starts_with("aws:"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    tags.insert(ROTATES_TAG.to_owned(), old.id.clone());
    let asked =
        tags.keys().map(|tag| format!("tags/{tag}")).chain(["exists".to_owned(), "enabled".to_owned()]).collect();
    let calls = vec![AwsCall::CreateApiKey {
        name,
        description: old.description.clone(),
        customer_id: old.customer_id.clone(),
        tags,
    }];
    let words = PlanWords {
        operation: "key_rotate".to_owned(),
        title: format!("Make a new key in place of {} ({})", old.name, old.id),
        watched: vec!["exists".to_owned(), "enabled".to_owned(), "tags/".to_owned()],
        tenants: tenants(ledger, &old.id),
        ..PlanWords::default()
    };
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

async fn attach(host: &Host, ledger: &Ledger, old: &Key, new: &Key) -> Result<Plan, WireError> {
    let of_old: Vec<_> = ledger.plans_of(&old.id).collect();
    let mut targets = Vec::new();
    for plan in &of_old {
        targets.push(place(ledger, &plan.id, &old.id)?);
        targets.push(place(ledger, &plan.id, &new.id)?);
    }
    let mut live = observe_all(host, &targets).await?.into_iter();
    let (mut drafts, mut warnings) = (Vec::new(), Vec::new());
    for (plan, pair) in of_old.iter().zip(targets.chunks(2)) {
        let (olds, news) = (live.next().unwrap_or_default(), live.next().unwrap_or_default());
        if !news.is_empty() {
            continue;
        }
        let Some(target) = pair.get(1).cloned() else { continue };
        let (usage_plan_id, key_id) = (plan.id.clone(), new.id.clone());
        let quota = plan.quota.map(|quota| quota.limit);
        let mut calls =
            vec![AwsCall::CreateUsagePlanKey { usage_plan_id: usage_plan_id.clone(), key_id: key_id.clone(), quota }];
        let left = olds.get("remaining").and_then(serde_json::Value::as_i64);
        if let (Some(remaining), Some(_)) = (left, quota) {
            calls.push(AwsCall::UpdateUsage { usage_plan_id, key_id, remaining });
            warnings.push(Warning {
                kind: WarningKind::Note,
                message: format!(
                    "Quotas count by key: until the old key is disabled both have {remaining} requests left in {}, until the period ends.",
                    plan.name
                ),
            });
        }
        drafts.push(Draft { target, fields: news, calls, asked: vec!["member".to_owned(), "remaining".to_owned()] });
    }
    let words = PlanWords {
        operation: "key_rotate".to_owned(),
        title: format!("Put {} into the plans of {}", new.name, old.name),
        watched: vec!["member".to_owned(), "remaining".to_owned()],
        tenants: tenants(ledger, &new.id),
        warnings,
        ..PlanWords::default()
    };
    plan(host, words, drafts).await
}

async fn set_enabled(
    host: &Host,
    ledger: &Ledger,
    key: &Key,
    enabled: bool,
    warnings: Vec<Warning>,
) -> Result<Plan, WireError> {
    let target = key_target(ledger, key);
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
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
        tenants: tenants(ledger, &key.id),
        warnings,
        ..PlanWords::default()
    };
    plan(host, words, vec![Draft { target, fields, calls, asked: vec!["enabled".to_owned()] }]).await
}

async fn delete(host: &Host, ledger: &Ledger, key: &Key) -> Result<Plan, WireError> {
    let target = key_target(ledger, key);
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let message =
        "A deleted key does not come back: AWS gives a new one another value. This cannot be undone.".to_owned();
    let words = PlanWords {
        operation: "key_rotate".to_owned(),
        title: format!("Delete key {} ({})", key.name, key.id),
        watched: vec!["exists".to_owned(), "enabled".to_owned()],
        tenants: tenants(ledger, &key.id),
        warnings: vec![Warning { kind: WarningKind::Blocks, message }],
        ..PlanWords::default()
    };
    let calls = vec![AwsCall::DeleteApiKey { key_id: key.id.clone() }];
    plan(host, words, vec![Draft { target, fields, calls, asked: vec!["exists".to_owned(), "enabled".to_owned()] }])
        .await
}
