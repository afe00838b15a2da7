//! REST APIs (`apigateway`, version 1): documents as AWS sends them, one patch engine, AWS's codes and texts.
//!
//! Deliberately not here: the data plane. Nothing is invoked; what traffic there is comes from the account's generator.

mod apis;
mod bulk;
mod deployments;
mod domains;
mod export;
mod gateway_responses;
mod integration_uri;
mod keys;
mod methods;
mod parts;
mod patch;
mod plans;
mod resources;
mod responses;
mod stage_patch;
mod stages;
mod state;
mod tags;
mod uris;
mod usage;

use serde_json::{Value, json};

pub(crate) use self::state::{Deployment, Query, RestApi, RestApis};
pub(crate) use self::uris::{Found, ROOTS, find};
pub(crate) use self::usage::{day_number, period_begin};
use crate::services::{Around, Outcome, Refusal};

/// A call of one operation.
pub(crate) struct Call<'a> {
    pub(crate) found: &'a Found,
    pub(crate) query: Query<'a>,
    pub(crate) body: &'a Value,
    /// ARN of a stage's web ACL, by the stage's ARN: WAF keeps the association, stages show it.
    pub(crate) web_acl_of: &'a dyn Fn(&str) -> Option<String>,
    /// Whether the account itself asks, for its seed or an import: a definition is there to be looked at as it is
    /// written, with placeholders in its URIs that AWS would refuse.
    pub(crate) as_written: bool,
}

impl Call<'_> {
    /// A value of the path.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.found.captures.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }
}

impl RestApis {
    /// Answers an operation.
    ///
    /// # Errors
    /// AWS's refusals, and 501 for what the demo account does not have.
    pub(crate) fn answer(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let outcome = match call.found.operation {
            "GetAccount" => Ok((200, self.account_document())),
            "CreateRestApi" => self.create_rest_api(call, around),
            "GetRestApis" => self.get_rest_apis(call),
            "GetRestApi" => self.api(call.path("api")).map(|api| (200, api.document.clone())),
            "UpdateRestApi" => self.update_rest_api(call),
            "DeleteRestApi" => self.delete_rest_api(call),
            "GetResources" => self.get_resources(call),
            "CreateResource" => self.create_resource(call, around),
            "GetResource" => self.get_resource(call),
            "UpdateResource" => self.update_resource(call),
            "DeleteResource" => self.delete_resource(call),
            "CreateDeployment" => self.create_deployment(call, around),
            "GetDeployments" => self.get_deployments(call),
            "GetDeployment" => self.get_deployment(call),
            "UpdateDeployment" => self.update_deployment(call),
            "DeleteDeployment" => self.delete_deployment(call),
            "CreateStage" => self.create_stage(call, around),
            "GetExport" => self.get_export(call, around),
            "GetStages" => self.get_stages(call, around),
            "GetStage" => self.get_stage(call, around),
            "UpdateStage" => self.update_stage(call, around),
            "DeleteStage" => self.delete_stage(call),
            "FlushStageCache" | "FlushStageAuthorizersCache" => {
                self.api(call.path("api"))?.stage(call.path("stage")).map(|_| (202, Value::Null))
            }
            "GetClientCertificates" | "GetVpcLinks" => Ok((200, json!({ "item": [] }))),
            operation if operation.ends_with("UsagePlanKey") || operation.ends_with("UsagePlanKeys") => {
                self.plan_key_operation(call)
            }
            operation if operation.contains("UsagePlan") => self.plan_operation(call, around),
            operation if operation.ends_with("Usage") => self.usage_operation(call, around),
            operation if operation.contains("ApiKey") => self.key_operation(call, around),
            operation if operation.contains("DomainName") || operation.contains("BasePathMapping") => {
                self.domain_operation(call)
            }
            "GetTags" | "TagResource" | "UntagResource" => self.tag_operation(call),
            operation if operation.contains("GatewayResponse") => self.gateway_response_operation(call),
            operation if operation.contains("Method") || operation.contains("Integration") => {
                self.method_operation(call)
            }
            operation if ["Authorizer", "RequestValidator", "Model"].iter().any(|noun| operation.contains(noun)) => {
                self.part_operation(call, around)
            }
            operation => Err(Refusal::not_implemented("apigateway", operation)),
        };
        outcome.map(|(status, body)| (if status == 200 { call.found.status } else { status }, body))
    }

    fn account_document(&self) -> Value {
        let mut document = json!({
            "throttleSettings": { "burstLimit": 5000, "rateLimit": 10000.0 },
            "features": ["UsagePlans"],
            "apiKeyVersion": "4"
        });
        for (member, value) in &self.account {
            state::set(&mut document, member, value.clone());
        }
        document
    }
}
