//! `quota_set`: plans the quota of a usage plan, for each of its keys.

use portcullis_domain::{
    change::{AwsCall, PatchOperation, Plan, PlanTarget, PlanWords, Warning, WarningKind},
    tenants::QuotaPeriod,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which plan, which quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuotaSetRequest {
    /// The context's label.
    pub context: String,
    /// Plan.
    pub usage_plan_id: String,
    /// Requests per period, as a person typed it; absent removes the quota.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub limit: Option<String>,
    /// Per what; absent leaves it, and means a day where there was no quota.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub period: Option<QuotaPeriod>,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` for a limit that is none; `NotFound` for a plan that is gone; AWS's.
pub async fn quota_set(host: &Host, request: QuotaSetRequest) -> Result<Plan, WireError> {
    host.open_context(&request.context)?;
    let (context, usage_plan_id) = (request.context.clone(), request.usage_plan_id.clone());
    let target = PlanTarget::UsagePlan { context, plan_name: usage_plan_id.clone(), usage_plan_id };
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    let name = fields.get("name").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let PlanTarget::UsagePlan { context, usage_plan_id, .. } = target else { return Err(gone(&request)) };
    let had_period = fields.get("quota/period").and_then(serde_json::Value::as_str).map(str::to_owned);
    let had_limit = fields.get("quota/limit").and_then(serde_json::Value::as_i64);
    let mut warnings = Vec::new();
    let mut say = |kind, message: &str| warnings.push(Warning { kind, message: message.to_owned() });
    let (operations, title) = match &request.limit {
        None => {
            say(WarningKind::Loosens, "Without a quota a key of this plan may make any number of requests.");
            let remove = had_limit.map(|_| PatchOperation::remove("/quota"));
            (remove.into_iter().collect::<Vec<_>>(), format!("Remove the quota of usage plan {name}"))
        }
        Some(text) => {
            let limit = text.trim().parse::<i32>().ok().filter(|limit| *limit >= 0).ok_or_else(|| {
                let message = format!("A quota is a whole number of requests from 0 to {}; {text} is not.", i32::MAX);
                WireError::new(ErrorCode::InvalidInput, message)
            })?;
            let period = request.period.map(wire).or(had_period.as_deref()).unwrap_or("DAY").to_owned();
            if limit == 0 {
                say(WarningKind::Blocks, "A quota of 0 refuses every request of every key in this plan.");
            }
            if had_limit.is_some_and(|had| i64::from(limit) > had) {
                say(WarningKind::Loosens, "This raises the quota for every key of the plan.");
            }
            if had_period.as_ref().is_some_and(|had| *had != period) {
                say(
                    WarningKind::Note,
                    "The period changes in its middle: AWS does not say how what was used until now is counted.",
                );
            }
            let mut operations = Vec::new();
            if had_limit != Some(i64::from(limit)) {
                operations.push(PatchOperation::replace("/quota/limit", limit.to_string()));
            }
            if had_period.as_deref() != Some(period.as_str()) {
                operations.push(PatchOperation::replace("/quota/period", period.clone()));
            }
            (operations, format!("Give each key of usage plan {name} {limit} requests per {period}"))
        }
    };
    let calls = if operations.is_empty() {
        Vec::new()
    } else {
        vec![AwsCall::UpdateUsagePlan { usage_plan_id: usage_plan_id.clone(), patch_operations: operations }]
    };
    let target = PlanTarget::UsagePlan { context, usage_plan_id, plan_name: name };
    let asked = vec!["quota/limit".to_owned(), "quota/period".to_owned()];
    let watched = vec!["quota/limit".to_owned(), "quota/period".to_owned()];
    let words = PlanWords { operation: "quota_set".to_owned(), title, watched, warnings, ..PlanWords::default() };
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

fn gone(request: &QuotaSetRequest) -> WireError {
    WireError::new(ErrorCode::NotFound, format!("There is no usage plan {}.", request.usage_plan_id))
}

fn wire(period: QuotaPeriod) -> &'static str {
    match period {
        QuotaPeriod::Day => "DAY",
        QuotaPeriod::Week => "WEEK",
        QuotaPeriod::Month => "MONTH",
    }
}
