//! The live state of a target: one call, its answer as fields.

use portcullis_domain::{
    change::{Fields, PlanTarget, http_stage_fields, rest_stage_fields, usage_plan_fields},
    waf::web_acl_fields,
};
use serde_json::Value;

use crate::{AwsError, Reader, raw::Capture};

impl Reader<'_> {
    /// Reads what a change of this target would change, as it is now.
    ///
    /// # Errors
    /// As every read; `NotFound` when the target is gone.
    pub async fn observe(&self, target: &PlanTarget) -> Result<Fields, AwsError> {
        let (what, capture) = (target.label(), Capture::default());
        match target {
            PlanTarget::RestStage { api_id, stage, .. } => {
                let client = self.session.rest();
                self.read("apigateway", "GetStage", &what, || {
                    let call = client.get_stage().rest_api_id(api_id).stage_name(stage);
                    call.customize().interceptor(capture.clone()).send()
                })
                .await?;
                Ok(rest_stage_fields(&answer(&capture, "GetStage", &what)?))
            }
            PlanTarget::HttpStage { api_id, stage, .. } => {
                let client = self.session.http();
                self.read("apigatewayv2", "GetStage", &what, || {
                    let call = client.get_stage().api_id(api_id).stage_name(stage);
                    call.customize().interceptor(capture.clone()).send()
                })
                .await?;
                Ok(http_stage_fields(&answer(&capture, "GetStage", &what)?))
            }
            PlanTarget::UsagePlan { usage_plan_id, .. } => {
                let client = self.session.rest();
                self.read("apigateway", "GetUsagePlan", &what, || {
                    let call = client.get_usage_plan().usage_plan_id(usage_plan_id);
                    call.customize().interceptor(capture.clone()).send()
                })
                .await?;
                Ok(usage_plan_fields(&answer(&capture, "GetUsagePlan", &what)?))
            }
            PlanTarget::PlanKey { usage_plan_id, key_id, .. } => {
                Box::pin(self.place_in_plan(usage_plan_id, key_id)).await
            }
            PlanTarget::ApiKey { key_id, .. } => Box::pin(self.key_fields(key_id)).await,
            PlanTarget::NewApiKey { key_name, rotates, .. } => Box::pin(self.named_key_fields(key_name, rotates)).await,
            PlanTarget::NewPlanKey { usage_plan_id, key_name, rotates, .. } => {
                // Boxed, as whatever goes through several calls: the futures of the operations would nest too deep.
                Box::pin(self.place_of_new_key(usage_plan_id, key_name, rotates)).await
            }
            PlanTarget::WebAcl { arn, .. } => Ok(web_acl_fields(&self.web_acl(arn).await?)),
            PlanTarget::Alarm { alarm_name, .. } => self.alarm_fields(alarm_name).await,
        }
    }
}

pub(crate) fn answer(capture: &Capture, operation: &str, what: &str) -> Result<Value, AwsError> {
    serde_json::from_slice(&capture.take()).map_err(|error| {
        AwsError::not_understood(
            "apigateway",
            operation,
            format!("The answer of {operation} for {what} is no JSON: {error}."),
        )
    })
}
