//! `quota_extend`: plans how much of the running period's quota one key has left.

use portcullis_domain::{
    change::{AwsCall, Plan, PlanTarget, PlanWords, TouchedTenant, Warning, WarningKind},
    tenants::Ledger,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which key in which plan, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuotaExtendRequest {
    /// The context's label.
    pub context: String,
    /// Plan.
    pub usage_plan_id: String,
    /// Key id; never its value.
    pub key_id: String,
    /// Requests: `+5000` for so many more than are left, `5000` for so many in all. Text, as a person typed it.
    pub requests: String,
}

/// The most that a quota can be: AWS's own field is 32 bits wide.
const MOST: i64 = i32::MAX as i64;

/// Plans it.
///
/// # Errors
/// `InvalidInput` for what is no number and for a plan without a quota; `NotFound` for a key that is not in the plan;
/// AWS's.
pub async fn quota_extend(host: &Host, request: QuotaExtendRequest) -> Result<Plan, WireError> {
    let ledger = ledger_of(host, &request.context).await?;
    let target = place(&ledger, &request.usage_plan_id, &request.key_id)?;
    let quota = ledger.plan(&request.usage_plan_id).and_then(|plan| plan.quota).ok_or_else(|| {
        WireError::new(ErrorCode::InvalidInput, "This usage plan has no quota, so nothing of it can be extended.")
    })?;
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    if fields.is_empty() {
        return Err(not_in(&target));
    }
    let left = fields.get("remaining").and_then(serde_json::Value::as_i64);
    let remaining = wanted(&request.requests, left.unwrap_or(quota.limit))?;
    let mut warnings = Vec::new();
    let mut say = |kind, message: &str| warnings.push(Warning { kind, message: message.to_owned() });
    if remaining == 0 {
        say(WarningKind::Blocks, "With nothing left every request of this key is refused until the quota is reset.");
    }
    if left.is_none() {
        say(WarningKind::Note, "AWS has no number for this key yet: it made no request in the running period.");
    }
    say(
        WarningKind::Note,
        "This holds until the period ends; then the plan's own quota counts again. AWS enforces quotas as well as it can.",
    );
    let calls = if left == Some(remaining) {
        Vec::new()
    } else {
        let (usage_plan_id, key_id) = (request.usage_plan_id.clone(), request.key_id.clone());
        vec![AwsCall::UpdateUsage { usage_plan_id, key_id, remaining }]
    };
    let words = PlanWords {
        operation: "quota_extend".to_owned(),
        title: format!("Let {} have {remaining} requests left", target.label()),
        watched: vec!["remaining".to_owned()],
        tenants: tenants(&ledger, &request.key_id),
        warnings,
        ..PlanWords::default()
    };
    plan(host, words, vec![Draft { target, fields, calls, asked: vec!["remaining".to_owned()] }]).await
}

/// `+500` on top of what is left, `500` in all.
fn wanted(text: &str, left: i64) -> Result<i64, WireError> {
    let text = text.trim();
    let wrong = || {
        WireError::new(
            ErrorCode::InvalidInput,
            format!("Requests are a whole number from 0 to {MOST}, or +N for N more than are left; {text} is not."),
        )
    };
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let number: i64 = digits.parse().map_err(|_| wrong())?;
    let total = if text.starts_with('+') { number.saturating_add(left) } else { number };
    if total <= MOST { Ok(total) } else { Err(wrong()) }
}

/// Keys and plans of a context as they are now, read afresh when nothing was read yet.
pub(crate) async fn ledger_of(host: &Host, context: &str) -> Result<Ledger, WireError> {
    host.open_context(context)?;
    let ledgers = host.tenant_ledgers(false).await;
    let read = ledgers.iter().find(|read| read.ledger.context == context);
    read.map(|read| read.ledger.clone())
        .ok_or_else(|| WireError::new(ErrorCode::NotFound, format!("The context {context} is not open.")))
}

/// A key's place in a plan, with names for people.
pub(crate) fn place(ledger: &Ledger, plan_id: &str, key_id: &str) -> Result<PlanTarget, WireError> {
    let plan = ledger.plan(plan_id).ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no usage plan {plan_id} in {}.", ledger.context))
            .with_hint("Refresh.")
    })?;
    Ok(PlanTarget::PlanKey {
        context: ledger.context.clone(),
        usage_plan_id: plan_id.to_owned(),
        plan_name: plan.name.clone(),
        key_id: key_id.to_owned(),
        key_name: ledger.key(key_id).map(|key| key.name.clone()).unwrap_or_default(),
    })
}

pub(crate) fn not_in(target: &PlanTarget) -> WireError {
    WireError::new(ErrorCode::NotFound, format!("There is no {}.", target.label())).with_hint("Refresh the board.")
}

/// Whom a change touches.
pub(crate) fn tenants(ledger: &Ledger, key_id: &str) -> Vec<TouchedTenant> {
    let name = ledger.key(key_id).map(|key| key.name.clone()).unwrap_or_default();
    vec![TouchedTenant { key_id: key_id.to_owned(), name }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_and_in_all_are_told_apart_and_nonsense_is_refused() {
        assert_eq!(wanted("+500", 20).ok(), Some(520));
        assert_eq!(wanted(" 500 ", 20).ok(), Some(500));
        assert_eq!(wanted("0", 20).ok(), Some(0));
        for text in ["", "+", "-5", "5.5", "many", "99999999999", "+2147483647", "٣"] {
            assert_eq!(wanted(text, 20).unwrap_err().code, ErrorCode::InvalidInput, "{text}");
        }
    }
}
