//! Who changed a target last, from CloudTrail: for the person who meets a conflict.

use std::cmp::Reverse;

use jiff::SignedDuration;
use portcullis_aws::{Lane, Reader, RecentEvent};
use portcullis_domain::{change::PlanTarget, waf::WebAclArn};
use tokio_util::sync::CancellationToken;

use crate::{error::WireError, host::Host};

/// How far back is looked.
const WINDOW: SignedDuration = SignedDuration::from_hours(2);

/// A sentence about the last writing event of the target; `None` when CloudTrail has none (yet).
pub(crate) async fn last_writer(host: &Host, target: &PlanTarget) -> Result<Option<String>, WireError> {
    let session = host.open_context(target.context())?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let end = host.inner.options.clock.now();
    let name = match target {
        PlanTarget::RestStage { .. } | PlanTarget::HttpStage { .. } => "UpdateStage",
        PlanTarget::UsagePlan { .. } => "UpdateUsagePlan",
        PlanTarget::PlanKey { .. } => "UpdateUsage",
        PlanTarget::ApiKey { .. } => "UpdateApiKey",
        PlanTarget::NewApiKey { .. } => "CreateApiKey",
        PlanTarget::WebAcl { .. } => "UpdateWebACL",
        PlanTarget::NewPlanKey { .. } => "CreateUsagePlanKey",
        PlanTarget::Alarm { .. } => "PutMetricAlarm",
    };
    let events = reader.recent_events(name, end - WINDOW, end).await?;
    // CloudTrail gives the newest first, and several may share a second: the first of them is the last writer.
    let last = events.into_iter().filter(|event| is_about(event, target)).min_by_key(|event| Reverse(event.at));
    Ok(last.map(|event| format!("{} sent {} at {} from {}.", event.who, event.name, event.at, event.client)))
}

fn is_about(event: &RecentEvent, target: &PlanTarget) -> bool {
    let said = |name: &str| event.request_parameters[name].as_str().unwrap_or_default();
    match target {
        PlanTarget::RestStage { api_id, stage, .. } => said("restApiId") == api_id && said("stageName") == stage,
        PlanTarget::HttpStage { api_id, stage, .. } => said("apiId") == api_id && said("stageName") == stage,
        PlanTarget::UsagePlan { usage_plan_id, .. } => {
            said("usageplanId") == usage_plan_id || said("usagePlanId") == usage_plan_id
        }
        PlanTarget::PlanKey { usage_plan_id, key_id, .. } => {
            (said("usageplanId") == usage_plan_id || said("usagePlanId") == usage_plan_id) && said("keyId") == key_id
        }
        PlanTarget::ApiKey { key_id, .. } => said("apiKey") == key_id,
        PlanTarget::WebAcl { arn, .. } => WebAclArn::read(arn).is_some_and(|arn| said("id") == arn.id),
        PlanTarget::Alarm { alarm_name, .. } => said("alarmName") == alarm_name,
        PlanTarget::NewApiKey { key_name, .. } => event.request_parameters["createApiKeyInput"]["name"] == **key_name,
        PlanTarget::NewPlanKey { usage_plan_id, .. } => {
            said("usageplanId") == usage_plan_id || said("usagePlanId") == usage_plan_id
        }
    }
}
