//! Who changed a target last, from CloudTrail: for the person who meets a conflict.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{Lane, Reader, RecentEvent};
use portcullis_domain::{change::PlanTarget, waf::WebAclArn};
use tokio_util::sync::CancellationToken;

use crate::{error::WireError, host::Host};

/// How far back is looked.
const WINDOW: SignedDuration = SignedDuration::from_hours(2);

/// The most writers that are named: who was there last counts.
const NAMED: usize = 3;

/// A sentence about the last writing event of the target; `None` when CloudTrail has none (yet).
pub(crate) async fn last_writer(host: &Host, target: &PlanTarget) -> Result<Option<String>, WireError> {
    Ok(writers(host, target, None).await?.into_iter().next())
}

/// Sentences about the writing events of the target, the latest first, at most three: since a moment, or the last two hours.
/// Calls that AWS refused changed nothing.
pub(crate) async fn writers(
    host: &Host,
    target: &PlanTarget,
    since: Option<Timestamp>,
) -> Result<Vec<String>, WireError> {
    let session = host.open_context(target.context())?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let end = host.inner.options.clock.now();
    // CloudTrail tells whole seconds.
    let start = since.map_or(end - WINDOW, |since| Timestamp::from_second(since.as_second()).unwrap_or(since));
    let mut events = Vec::new();
    for name in written_by(target) {
        // An event of this very second is one too.
        let found = reader.recent_events(name, start, end + SignedDuration::from_secs(1)).await?;
        events.extend(found.into_iter().filter(|event| !event.refused && event.at >= start && is_about(event, target)));
    }
    // CloudTrail gives the newest first, and several may share a second: the first of them is the last writer.
    events.sort_by_key(|event| Reverse(event.at));
    let sentence =
        |event: RecentEvent| format!("{} sent {} at {} from {}.", event.who, event.name, event.at, event.client);
    Ok(events.into_iter().take(NAMED).map(sentence).collect())
}

/// The calls that change such a target.
fn written_by(target: &PlanTarget) -> &'static [&'static str] {
    match target {
        PlanTarget::RestStage { .. } => &["UpdateStage"],
        PlanTarget::HttpStage { .. } => &["UpdateStage", "DeleteRouteSettings"],
        PlanTarget::UsagePlan { .. } => &["UpdateUsagePlan"],
        PlanTarget::PlanKey { .. } => &["UpdateUsage"],
        PlanTarget::ApiKey { .. } => &["UpdateApiKey"],
        PlanTarget::NewApiKey { .. } => &["CreateApiKey"],
        PlanTarget::WebAcl { .. } => &["UpdateWebACL"],
        PlanTarget::NewPlanKey { .. } => &["CreateUsagePlanKey"],
        PlanTarget::Alarm { .. } => &["PutMetricAlarm"],
    }
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
