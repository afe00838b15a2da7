//! `tenant_move`: plans a key's way from one usage plan to another, with what is left of its quota.

use portcullis_domain::{
    change::{AwsCall, Plan, PlanWords, Warning, WarningKind},
    tenants::UsagePlan,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError},
    host::Host,
    quota_extend::{ledger_of, not_in, place, tenants},
};

/// Which key, from where to where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantMoveRequest {
    /// The context's label.
    pub context: String,
    /// Key id; never its value.
    pub key_id: String,
    /// The plan that it leaves.
    pub from: String,
    /// The plan that it joins.
    pub to: String,
    /// Whether what is left of the old quota is all that is left of the new one; otherwise it begins with the whole.
    #[serde(default)]
    pub keep_remaining: bool,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` when both are one plan or the key is in the other already; `NotFound`; AWS's.
pub async fn tenant_move(host: &Host, request: TenantMoveRequest) -> Result<Plan, WireError> {
    if request.from == request.to {
        return Err(WireError::new(ErrorCode::InvalidInput, "The key is in that plan already."));
    }
    let ledger = ledger_of(host, &request.context).await?;
    let leaves = place(&ledger, &request.from, &request.key_id)?;
    let joins = place(&ledger, &request.to, &request.key_id)?;
    let mut live = observe_all(host, &[leaves.clone(), joins.clone()]).await?;
    let (there, here) = (live.pop().unwrap_or_default(), live.pop().unwrap_or_default());
    if here.is_empty() {
        return Err(not_in(&leaves));
    }
    if !there.is_empty() {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("{} is there already.", joins.label())));
    }
    let quota = ledger.plan(&request.to).and_then(|plan| plan.quota).map(|quota| quota.limit);
    let left = here.get("remaining").and_then(serde_json::Value::as_i64);
    let (key_id, to) = (request.key_id.clone(), request.to.clone());
    let mut joining = vec![AwsCall::CreateUsagePlanKey { usage_plan_id: to.clone(), key_id: key_id.clone(), quota }];
    let mut warnings = Vec::new();
    let mut note = |message: String| warnings.push(Warning { kind: WarningKind::Note, message });
    match (request.keep_remaining, left, quota) {
        (true, Some(remaining), Some(quota)) => {
            let remaining = remaining.min(quota);
            joining.push(AwsCall::UpdateUsage { usage_plan_id: to, key_id: key_id.clone(), remaining });
        }
        (true, _, None) => note("The new plan has no quota, so there is nothing to carry over.".to_owned()),
        (true, None, _) => {
            note("AWS has no number for what is left, so the key begins with the new plan's whole quota.".to_owned());
        }
        (false, ..) => note("The key begins with the new plan's whole quota.".to_owned()),
    }
    let leave = AwsCall::DeleteUsagePlanKey { usage_plan_id: request.from.clone(), key_id };
    let asked = || vec!["member".to_owned(), "remaining".to_owned()];
    let title =
        format!("Move {} to {}", leaves.label(), ledger.plan(&request.to).map_or("", |plan| plan.name.as_str()));
    let leaving = Draft { target: leaves, fields: here, calls: vec![leave], asked: asked() };
    let joining = Draft { target: joins, fields: there, calls: joining, asked: asked() };
    let shared = ledger.plan(&request.from).zip(ledger.plan(&request.to)).is_some_and(|(from, to)| share(from, to));
    let drafts = if shared {
        note("Both plans open the same stage, and AWS lets a key be in one of them only: between the two calls, about a second, its requests are refused with 403.".to_owned());
        vec![leaving, joining]
    } else {
        vec![joining, leaving]
    };
    let words = PlanWords {
        operation: "tenant_move".to_owned(),
        title,
        watched: asked(),
        tenants: tenants(&ledger, &request.key_id),
        warnings,
        ..PlanWords::default()
    };
    plan(host, words, drafts).await
}

fn share(one: &UsagePlan, other: &UsagePlan) -> bool {
    one.stages
        .iter()
        .any(|stage| other.stages.iter().any(|theirs| (&theirs.api_id, &theirs.stage) == (&stage.api_id, &stage.stage)))
}
