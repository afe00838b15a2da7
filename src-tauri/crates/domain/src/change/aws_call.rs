//! The AWS calls that change something, as data: operation, parameters, IAM action, resource.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{alarms::AlarmDefinition, throttle::Limit, waf::WebAclArn};

/// The operations of a patch list that API Gateway supports at all; `move` and `test` it never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PatchOp {
    /// Adds a member.
    Add,
    /// Sets a member.
    Replace,
    /// Takes a member away.
    Remove,
    /// Copies a member (from a canary, on UpdateStage).
    Copy,
}

/// One patch operation. Numbers and booleans travel as strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PatchOperation {
    /// What to do.
    pub op: PatchOp,
    /// Where.
    pub path: String,
    /// With what; absent on `remove` and `copy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub value: Option<String>,
    /// From where, on `copy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional = nullable)]
    pub from: Option<String>,
}

impl PatchOperation {
    /// `replace path value`.
    #[must_use]
    pub fn replace(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self { op: PatchOp::Replace, path: path.into(), value: Some(value.into()), from: None }
    }

    /// `remove path`.
    #[must_use]
    pub fn remove(path: impl Into<String>) -> Self {
        Self { op: PatchOp::Remove, path: path.into(), value: None, from: None }
    }
}

/// Limits of one HTTP or WebSocket route, as `RouteSettings` has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HttpRouteLimit {
    /// `GET /pets`, `$default`, `$connect`.
    pub route_key: String,
    /// What to set; a half that is absent is left alone.
    pub limit: Limit,
}

/// The canary of a new deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewCanary {
    /// Share of requests, percent, 0.0 to 100.0.
    pub percent_traffic: f64,
    /// Variables that differ for the candidate.
    #[serde(default)]
    pub stage_variable_overrides: BTreeMap<String, String>,
    /// Whether the candidate uses the stage's cache.
    #[serde(default)]
    pub use_stage_cache: bool,
}

impl NewCanary {
    pub(super) fn overrides(&self) -> Vec<(String, String)> {
        self.stage_variable_overrides.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// One call that changes something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "operation", rename_all_fields = "camelCase")]
pub enum AwsCall {
    /// `apigateway:UpdateStage`.
    UpdateStage {
        /// API.
        api_id: String,
        /// Stage.
        stage_name: String,
        /// All at once: AWS applies the list or refuses it.
        patch_operations: Vec<PatchOperation>,
    },
    /// `apigateway:CreateDeployment` with canary settings: the draft becomes the stage's candidate.
    CreateDeployment {
        /// API.
        api_id: String,
        /// Stage; it must exist.
        stage_name: String,
        /// The deployment's description.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional = nullable)]
        description: Option<String>,
        /// The canary.
        canary: NewCanary,
    },
    /// `apigateway:UpdateUsagePlan`: one call in 20 seconds for the account and region.
    UpdateUsagePlan {
        /// Plan.
        usage_plan_id: String,
        /// All at once.
        patch_operations: Vec<PatchOperation>,
    },
    /// `apigatewayv2:UpdateStage`.
    UpdateHttpStage {
        /// API.
        api_id: String,
        /// Stage.
        stage_name: String,
        /// Limits of routes without settings of their own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional = nullable)]
        default_limit: Option<Limit>,
        /// Limits of single routes.
        #[serde(default)]
        route_limits: Vec<HttpRouteLimit>,
        /// Another deployment; only where the stage does not deploy by itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional = nullable)]
        deployment_id: Option<String>,
    },
    /// `apigatewayv2:DeleteRouteSettings`.
    DeleteRouteSettings {
        /// API.
        api_id: String,
        /// Stage.
        stage_name: String,
        /// Route.
        route_key: String,
    },
    /// `apigateway:UpdateUsage`, `replace /remaining`: the one patch that it knows (recorded).
    UpdateUsage {
        /// Plan.
        usage_plan_id: String,
        /// Key.
        key_id: String,
        /// Requests that are left of the running period.
        #[ts(type = "number")]
        remaining: i64,
    },
    /// `apigateway:CreateUsagePlanKey`.
    CreateUsagePlanKey {
        /// Plan.
        usage_plan_id: String,
        /// Key.
        key_id: String,
        /// What is left in the moment that it joins, where the plan has a quota. Not sent: for the prediction.
        #[ts(optional = nullable, type = "number")]
        quota: Option<i64>,
    },
    /// `apigateway:DeleteUsagePlanKey`.
    DeleteUsagePlanKey {
        /// Plan.
        usage_plan_id: String,
        /// Key.
        key_id: String,
    },
    /// `apigateway:UpdateApiKey`.
    UpdateApiKey {
        /// Key.
        key_id: String,
        /// All at once.
        patch_operations: Vec<PatchOperation>,
    },
    /// `apigateway:CreateApiKey`, enabled; AWS makes the value, which the answer has and nothing here keeps.
    CreateApiKey {
        /// Name.
        name: String,
        /// Free text.
        description: String,
        /// The customer in another system; may be empty.
        customer_id: String,
        /// Tags.
        tags: BTreeMap<String, String>,
    },
    /// `apigateway:DeleteApiKey`.
    DeleteApiKey {
        /// Key.
        key_id: String,
    },
    /// `wafv2:UpdateWebACL`: replaces the whole web ACL, so that it carries all of it.
    UpdateWebAcl {
        /// ARN; it has scope, name and id.
        arn: String,
        /// WAF's version that this replaces; AWS refuses when it is no longer that.
        lock_token: String,
        /// Everything that an update takes, as AWS's JSON: what is newer than this program goes back as it came.
        #[ts(type = "Record<string, unknown>")]
        document: serde_json::Value,
    },
    /// `cloudwatch:PutMetricAlarm`; it writes over an alarm of the same name, so it is planned only where there is none.
    PutMetricAlarm {
        /// The alarm.
        alarm: Box<AlarmDefinition>,
    },
    /// `cloudwatch:DeleteAlarms`.
    DeleteAlarms {
        /// Its name.
        alarm_name: String,
    },
}

impl AwsCall {
    /// The name of the operation in AWS's model.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::UpdateStage { .. } | Self::UpdateHttpStage { .. } => "UpdateStage",
            Self::CreateDeployment { .. } => "CreateDeployment",
            Self::UpdateUsagePlan { .. } => "UpdateUsagePlan",
            Self::DeleteRouteSettings { .. } => "DeleteRouteSettings",
            Self::UpdateUsage { .. } => "UpdateUsage",
            Self::CreateUsagePlanKey { .. } => "CreateUsagePlanKey",
            Self::DeleteUsagePlanKey { .. } => "DeleteUsagePlanKey",
            Self::UpdateApiKey { .. } => "UpdateApiKey",
            Self::CreateApiKey { .. } => "CreateApiKey",
            Self::DeleteApiKey { .. } => "DeleteApiKey",
            Self::UpdateWebAcl { .. } => "UpdateWebACL",
            Self::PutMetricAlarm { .. } => "PutMetricAlarm",
            Self::DeleteAlarms { .. } => "DeleteAlarms",
        }
    }

    /// The service as the `aws` command line names it.
    #[must_use]
    pub fn service(&self) -> &'static str {
        match self {
            Self::UpdateStage { .. }
            | Self::CreateDeployment { .. }
            | Self::UpdateUsagePlan { .. }
            | Self::UpdateUsage { .. }
            | Self::CreateUsagePlanKey { .. }
            | Self::DeleteUsagePlanKey { .. }
            | Self::UpdateApiKey { .. }
            | Self::CreateApiKey { .. }
            | Self::DeleteApiKey { .. } => "apigateway",
            Self::UpdateHttpStage { .. } | Self::DeleteRouteSettings { .. } => "apigatewayv2",
            Self::UpdateWebAcl { .. } => "wafv2",
            Self::PutMetricAlarm { .. } | Self::DeleteAlarms { .. } => "cloudwatch",
        }
    }

    /// The IAM action: API Gateway's are HTTP verbs (developer guide, "Actions, resources, and condition keys").
    #[must_use]
    pub fn iam_action(&self) -> &'static str {
        match self {
            Self::UpdateStage { .. }
            | Self::UpdateUsagePlan { .. }
            | Self::UpdateHttpStage { .. }
            | Self::UpdateUsage { .. }
            | Self::UpdateApiKey { .. } => "apigateway:PATCH",
            Self::CreateDeployment { .. } | Self::CreateUsagePlanKey { .. } | Self::CreateApiKey { .. } => {
                "apigateway:POST"
            }
            Self::DeleteRouteSettings { .. } | Self::DeleteUsagePlanKey { .. } | Self::DeleteApiKey { .. } => {
                "apigateway:DELETE"
            }
            Self::UpdateWebAcl { .. } => "wafv2:UpdateWebACL",
            Self::PutMetricAlarm { .. } => "cloudwatch:PutMetricAlarm",
            Self::DeleteAlarms { .. } => "cloudwatch:DeleteAlarms",
        }
    }

    /// The ARN of what is changed; API Gateway's have no account id, and an alarm's is left open.
    #[must_use]
    pub fn resource_arn(&self, partition: &str, region: &str) -> String {
        let path = match self {
            Self::UpdateStage { api_id, stage_name, .. } => format!("/restapis/{api_id}/stages/{stage_name}"),
            Self::CreateDeployment { api_id, .. } => format!("/restapis/{api_id}/deployments"),
            Self::UpdateUsagePlan { usage_plan_id, .. } => format!("/usageplans/{usage_plan_id}"),
            Self::UpdateHttpStage { api_id, stage_name, .. } => format!("/apis/{api_id}/stages/{stage_name}"),
            Self::DeleteRouteSettings { api_id, stage_name, route_key } => {
                format!("/apis/{api_id}/stages/{stage_name}/routesettings/{route_key}")
            }
            Self::UpdateUsage { usage_plan_id, key_id, .. } => {
                format!("/usageplans/{usage_plan_id}/keys/{key_id}/usage")
            }
            Self::CreateUsagePlanKey { usage_plan_id, .. } => format!("/usageplans/{usage_plan_id}/keys"),
            Self::DeleteUsagePlanKey { usage_plan_id, key_id } => format!("/usageplans/{usage_plan_id}/keys/{key_id}"),
            Self::UpdateApiKey { key_id, .. } | Self::DeleteApiKey { key_id } => format!("/apikeys/{key_id}"),
            Self::CreateApiKey { .. } => "/apikeys".to_owned(),
            Self::UpdateWebAcl { arn, .. } => return arn.clone(),
            Self::PutMetricAlarm { alarm } => {
                return format!("arn:{partition}:cloudwatch:{region}:*:alarm:{}", alarm.name);
            }
            Self::DeleteAlarms { alarm_name } => {
                return format!("arn:{partition}:cloudwatch:{region}:*:alarm:{alarm_name}");
            }
        };
        format!("arn:{partition}:apigateway:{region}::{path}")
    }

    /// Whether sending it twice has the effect of sending it once, so that it may be sent again when the answer was
    /// lost. Patches that only replace are; a `remove` fails the second time, which is harmless but not the same.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        match self {
            Self::UpdateStage { patch_operations, .. } | Self::UpdateUsagePlan { patch_operations, .. } => {
                patch_operations.iter().all(|operation| operation.op == PatchOp::Replace)
            }
            Self::UpdateApiKey { patch_operations, .. } => {
                patch_operations.iter().all(|operation| operation.op == PatchOp::Replace)
            }
            Self::UpdateHttpStage { .. } | Self::UpdateUsage { .. } | Self::PutMetricAlarm { .. } => true,
            // A second CreateApiKey makes a second key.
            // A second deployment would replace the first as the candidate: the same content, and another id.
            Self::CreateDeployment { .. }
            | Self::DeleteRouteSettings { .. }
            | Self::CreateUsagePlanKey { .. }
            | Self::DeleteUsagePlanKey { .. }
            | Self::CreateApiKey { .. }
            | Self::DeleteApiKey { .. }
            | Self::DeleteAlarms { .. } => false,
            // The lock token holds for one update: a second one is refused.
            Self::UpdateWebAcl { .. } => true,
        }
    }

    /// The parameters as the `aws` command line takes them: `(flag, value)`.
    pub(crate) fn cli_parameters(&self) -> Vec<(&'static str, String)> {
        let json = |value: &serde_json::Value| value.to_string();
        match self {
            Self::UpdateStage { api_id, stage_name, patch_operations } => vec![
                ("--rest-api-id", api_id.clone()),
                ("--stage-name", stage_name.clone()),
                ("--patch-operations", json(&serde_json::json!(patch_operations))),
            ],
            Self::CreateDeployment { api_id, stage_name, description, canary } => {
                let mut settings = serde_json::json!({ "percentTraffic": canary.percent_traffic, "useStageCache": canary.use_stage_cache });
                if !canary.stage_variable_overrides.is_empty() {
                    settings["stageVariableOverrides"] = serde_json::json!(canary.stage_variable_overrides);
                }
                let mut parameters = vec![("--rest-api-id", api_id.clone()), ("--stage-name", stage_name.clone())];
                parameters.extend(description.clone().map(|description| ("--description", description)));
                parameters.push(("--canary-settings", json(&settings)));
                parameters
            }
            Self::UpdateUsagePlan { usage_plan_id, patch_operations } => vec![
                ("--usage-plan-id", usage_plan_id.clone()),
                ("--patch-operations", json(&serde_json::json!(patch_operations))),
            ],
            Self::UpdateHttpStage { api_id, stage_name, default_limit, route_limits, deployment_id } => {
                let mut parameters = vec![("--api-id", api_id.clone()), ("--stage-name", stage_name.clone())];
                parameters.extend(deployment_id.clone().map(|id| ("--deployment-id", id)));
                if let Some(limit) = default_limit {
                    parameters.push(("--default-route-settings", json(&route_settings(limit))));
                }
                if !route_limits.is_empty() {
                    let settings: BTreeMap<_, _> =
                        route_limits.iter().map(|route| (&route.route_key, route_settings(&route.limit))).collect();
                    parameters.push(("--route-settings", json(&serde_json::json!(settings))));
                }
                parameters
            }
            Self::DeleteRouteSettings { api_id, stage_name, route_key } => vec![
                ("--api-id", api_id.clone()),
                ("--stage-name", stage_name.clone()),
                ("--route-key", route_key.clone()),
            ],
            Self::UpdateUsage { usage_plan_id, key_id, remaining } => vec![
                ("--usage-plan-id", usage_plan_id.clone()),
                ("--key-id", key_id.clone()),
                (
                    "--patch-operations",
                    json(&serde_json::json!([PatchOperation::replace("/remaining", remaining.to_string())])),
                ),
            ],
            Self::CreateUsagePlanKey { usage_plan_id, key_id, .. } => vec![
                ("--usage-plan-id", usage_plan_id.clone()),
                ("--key-id", key_id.clone()),
                ("--key-type", "API_KEY".to_owned()),
            ],
            Self::DeleteUsagePlanKey { usage_plan_id, key_id } => {
                vec![("--usage-plan-id", usage_plan_id.clone()), ("--key-id", key_id.clone())]
            }
            Self::UpdateApiKey { key_id, patch_operations } => {
                vec![("--api-key", key_id.clone()), ("--patch-operations", json(&serde_json::json!(patch_operations)))]
            }
            Self::CreateApiKey { name, description, customer_id, tags } => {
                // The answer has the value: the query prints the id alone.
                let mut parameters =
                    vec![("--name", name.clone()), ("--enabled", String::new()), ("--query", "id".to_owned())];
                if !description.is_empty() {
                    parameters.push(("--description", description.clone()));
                }
                if !customer_id.is_empty() {
                    parameters.push(("--customer-id", customer_id.clone()));
                }
                if !tags.is_empty() {
                    parameters.push(("--tags", json(&serde_json::json!(tags))));
                }
                parameters
            }
            Self::DeleteApiKey { key_id } => vec![("--api-key", key_id.clone())],
            Self::UpdateWebAcl { arn, lock_token, document } => {
                vec![("--cli-input-json", json(&update_web_acl_input(arn, lock_token, document)))]
            }
            Self::PutMetricAlarm { alarm } => super::alarm_calls::put_parameters(alarm),
            Self::DeleteAlarms { alarm_name } => {
                vec![("--alarm-names", serde_json::json!([alarm_name]).to_string())]
            }
        }
    }
}

/// The whole request of `UpdateWebACL`, as it goes to AWS.
#[must_use]
pub fn update_web_acl_input(arn: &str, lock_token: &str, document: &serde_json::Value) -> serde_json::Value {
    let named = WebAclArn::read(arn);
    let mut input = document.clone();
    input["Name"] = named.as_ref().map(|named| named.name.clone()).into();
    input["Scope"] = named.as_ref().map(|named| named.scope.name()).into();
    input["Id"] = named.map(|named| named.id).into();
    input["LockToken"] = lock_token.into();
    input
}

/// `RouteSettings` of API Gateway V2, only the halves that are set.
fn route_settings(limit: &Limit) -> serde_json::Value {
    let mut settings = serde_json::Map::new();
    if let Some(rate) = limit.rate {
        settings.insert("ThrottlingRateLimit".to_owned(), rate.into());
    }
    if let Some(burst) = limit.burst {
        settings.insert("ThrottlingBurstLimit".to_owned(), burst.into());
    }
    settings.into()
}
