//! Calls that change something, domain -> SDK.

use std::collections::HashMap;

use aws_sdk_apigateway::types::{DeploymentCanarySettings, Op, PatchOperation as SdkPatch};
use aws_sdk_apigatewayv2::types::RouteSettings;
use aws_types::request_id::RequestId as _;
use portcullis_domain::{
    change::{AwsCall, PatchOp, PatchOperation, PlanTarget},
    throttle::Limit,
};

use crate::{Reader, WriteError, error::Called};

impl Reader<'_> {
    /// Sends one call, once, and gives AWS's request id.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn send(&self, target: &PlanTarget, call: &AwsCall) -> Result<Option<String>, WriteError> {
        let resource = target.label();
        let called = Called {
            service: call.service(),
            operation: call.operation(),
            resource: &resource,
            endpoint: self.session.endpoint_of(call.service()),
            profile: self.session.profile(),
            write: Some(call.iam_action()),
        };
        let (rest, http) = (self.session.rest(), self.session.http());
        let id = match call {
            AwsCall::UpdateStage { api_id, stage_name, patch_operations } => {
                let call = rest.update_stage().rest_api_id(api_id).stage_name(stage_name);
                let call = call.set_patch_operations(Some(patches(patch_operations)));
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::CreateDeployment { api_id, stage_name, description, canary } => {
                let settings = DeploymentCanarySettings::builder()
                    .percent_traffic(canary.percent_traffic)
                    .use_stage_cache(canary.use_stage_cache)
                    .set_stage_variable_overrides(
                        (!canary.stage_variable_overrides.is_empty())
                            .then(|| canary.stage_variable_overrides.clone().into_iter().collect()),
                    )
                    .build();
                let call = rest
                    .create_deployment()
                    .rest_api_id(api_id)
                    .stage_name(stage_name)
                    .set_description(description.clone())
                    .canary_settings(settings);
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::UpdateUsagePlan { usage_plan_id, patch_operations } => {
                let call = rest.update_usage_plan().usage_plan_id(usage_plan_id);
                let call = call.set_patch_operations(Some(patches(patch_operations)));
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::UpdateHttpStage { api_id, stage_name, default_limit, route_limits, deployment_id } => {
                let routes: HashMap<String, RouteSettings> =
                    route_limits.iter().map(|route| (route.route_key.clone(), route_settings(&route.limit))).collect();
                let call = http
                    .update_stage()
                    .api_id(api_id)
                    .stage_name(stage_name)
                    .set_default_route_settings(default_limit.as_ref().map(route_settings))
                    .set_route_settings((!routes.is_empty()).then_some(routes))
                    .set_deployment_id(deployment_id.clone());
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::DeleteRouteSettings { api_id, stage_name, route_key } => {
                let call = http.delete_route_settings().api_id(api_id).stage_name(stage_name).route_key(route_key);
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::UpdateWebAcl { arn, lock_token, document } => {
                self.update_web_acl(called, arn, lock_token, document).await?
            }
            call @ (AwsCall::PutMetricAlarm { .. } | AwsCall::DeleteAlarms { .. }) => {
                self.send_about_alarms(called, call).await?
            }
            call => self.send_about_keys(called, target, call).await?,
        };
        Ok(id)
    }
}

pub(super) fn patches(operations: &[PatchOperation]) -> Vec<SdkPatch> {
    operations
        .iter()
        .map(|operation| {
            SdkPatch::builder()
                .op(match operation.op {
                    PatchOp::Add => Op::Add,
                    PatchOp::Replace => Op::Replace,
                    PatchOp::Remove => Op::Remove,
                    PatchOp::Copy => Op::Copy,
                })
                .path(&operation.path)
                .set_value(operation.value.clone())
                .set_from(operation.from.clone())
                .build()
        })
        .collect()
}

/// Only the halves that are set: the other half stays as it is.
fn route_settings(limit: &Limit) -> RouteSettings {
    RouteSettings::builder().set_throttling_rate_limit(limit.rate).set_throttling_burst_limit(limit.burst).build()
}
