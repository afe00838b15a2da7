//! What AWS answered of a target -> its fields, in the grammar of [`super::fields`].
//!
//! From the JSON as it came and not from the SDK's types: those make 0 of a limit that is not set.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Fields, fields::SETTING_MEMBERS};
use crate::{
    api::{Canary, Stage},
    throttle::Limit,
};

/// Members of an answer's method setting whose names differ from the field's.
const RENAMED: &[(&str, &str)] = &[("throttlingRateLimit", "rateLimit"), ("throttlingBurstLimit", "burstLimit")];

/// `~1pets~1{id}/GET`, `test/GET` and `/pets/GET` all mean `GET /pets…`: callers patched with and without escapes, and
/// AWS gives back what it got (recorded).
#[must_use]
pub fn method_setting_key(key: &str) -> String {
    if key.trim_start_matches('/') == "*/*" {
        return "*/*".to_owned();
    }
    let (path, method) = key.rsplit_once('/').unwrap_or(("", key));
    let path = path.trim_start_matches('/').replace("~1", "/").replace("~0", "~");
    format!("{method} /{}", path.trim_start_matches('/'))
}

/// The fields of a REST stage from `GetStage`: method settings, deployment, variables, canary, web ACL and tags.
#[must_use]
pub fn rest_stage_fields(answer: &Value) -> Fields {
    let mut fields = Fields::new();
    for (key, setting) in members(answer, "methodSettings") {
        let entry = format!("methodSettings/{}", method_setting_key(key));
        for (member, value) in setting.as_object().into_iter().flatten() {
            let renamed = RENAMED.iter().find(|(theirs, _)| theirs == member).map_or(member.as_str(), |(_, ours)| ours);
            if SETTING_MEMBERS.iter().any(|(known, _)| *known == renamed) {
                put(&mut fields, format!("{entry}/{renamed}"), value);
            }
        }
    }
    for member in ["deploymentId", "webAclArn", "description"] {
        put(&mut fields, member.to_owned(), &answer[member]);
    }
    map(&mut fields, "variables", &answer["variables"]);
    for member in ["deploymentId", "percentTraffic", "useStageCache"] {
        put(&mut fields, format!("canarySettings/{member}"), &answer["canarySettings"][member]);
    }
    map(&mut fields, "canarySettings/stageVariableOverrides", &answer["canarySettings"]["stageVariableOverrides"]);
    map(&mut fields, "tags", &answer["tags"]);
    fields
}

/// The fields of an HTTP or WebSocket stage from `GetStage` of version 2: limits, deployment, variables and tags.
#[must_use]
pub fn http_stage_fields(answer: &Value) -> Fields {
    let mut fields = Fields::new();
    route_settings(&mut fields, "defaultRouteSettings", &answer["defaultRouteSettings"]);
    for (route_key, settings) in members(answer, "routeSettings") {
        route_settings(&mut fields, &format!("routeSettings/{route_key}"), settings);
    }
    put(&mut fields, "deploymentId".to_owned(), &answer["deploymentId"]);
    put(&mut fields, "autoDeploy".to_owned(), &answer["autoDeploy"]);
    map(&mut fields, "stageVariables", &answer["stageVariables"]);
    map(&mut fields, "tags", &answer["tags"]);
    fields
}

/// The fields of a usage plan from `GetUsagePlan`: throttle, quota, stages with their per-method limits, and tags.
#[must_use]
pub fn usage_plan_fields(answer: &Value) -> Fields {
    let mut fields = Fields::new();
    put(&mut fields, "name".to_owned(), &answer["name"]);
    map(&mut fields, "throttle", &answer["throttle"]);
    map(&mut fields, "quota", &answer["quota"]);
    for stage in answer["apiStages"].as_array().into_iter().flatten() {
        let (Some(api), Some(name)) = (stage["apiId"].as_str(), stage["stage"].as_str()) else { continue };
        let entry = format!("apiStages/{api}:{name}");
        fields.insert(entry.clone(), Value::Bool(true));
        for (key, limit) in members(stage, "throttle") {
            map(&mut fields, &format!("{entry}/throttle/{}", plan_method_key(key)), limit);
        }
    }
    map(&mut fields, "tags", &answer["tags"]);
    fields
}

/// Brings a stage of the inventory to what its fields say: limits, deployment and canary.
pub fn stage_after(stage: &mut Stage, fields: &Fields) {
    let mut limits: BTreeMap<String, Limit> = BTreeMap::new();
    for (name, value) in fields {
        let key = name.strip_prefix("methodSettings/").or_else(|| name.strip_prefix("routeSettings/"));
        let key = key.or_else(|| name.starts_with("defaultRouteSettings/").then_some(name));
        let Some((key, half)) = key.and_then(|key| key.rsplit_once('/')) else { continue };
        let key = if key == "defaultRouteSettings" { "*/*" } else { key };
        match half {
            "rateLimit" => limits.entry(key.to_owned()).or_default().rate = value.as_f64(),
            "burstLimit" => {
                limits.entry(key.to_owned()).or_default().burst =
                    value.as_i64().and_then(|burst| i32::try_from(burst).ok());
            }
            _ => {}
        }
    }
    stage.limits = limits;
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    stage.deployment_id = text("deploymentId").map(Into::into);
    let percent = fields.get("canarySettings/percentTraffic").and_then(Value::as_f64);
    stage.canary = text("canarySettings/deploymentId")
        .map(|deployment| Canary { deployment_id: deployment.into(), percent_traffic: percent.unwrap_or_default() });
}

/// `/pets/{id}/GET` of a plan's `throttle` -> `GET /pets/{id}`.
fn plan_method_key(key: &str) -> String {
    let (path, method) = key.rsplit_once('/').unwrap_or(("", key));
    format!("{method} {}", if path.is_empty() { "/" } else { path })
}

fn route_settings(fields: &mut Fields, entry: &str, settings: &Value) {
    for (member, field) in RENAMED {
        put(fields, format!("{entry}/{field}"), &settings[*member]);
    }
}

fn members<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    answer[name].as_object().into_iter().flat_map(Map::iter)
}

fn map(fields: &mut Fields, entry: &str, object: &Value) {
    for (name, value) in object.as_object().into_iter().flatten() {
        put(fields, format!("{entry}/{name}"), value);
    }
}

fn put(fields: &mut Fields, name: String, value: &Value) {
    if !value.is_null() {
        fields.insert(name, value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn method_settings_keys_of_every_caller_mean_the_same() {
        for key in ["~1pets~1{id}/GET", "/~1pets~1{id}/GET", "pets/{id}/GET", "/pets/{id}/GET"] {
            assert_eq!(method_setting_key(key), "GET /pets/{id}", "{key}");
        }
        assert_eq!(method_setting_key("*/*"), "*/*");
        assert_eq!(method_setting_key("/*/*"), "*/*");
        assert_eq!(method_setting_key("~1/GET"), "GET /");
        assert_eq!(method_setting_key("~1~0me/POST"), "POST /~me");
    }

    #[test]
    fn a_limit_that_is_not_set_is_no_zero() {
        let fields = rest_stage_fields(&json!({
            "methodSettings": { "~1login/POST": { "metricsEnabled": true }, "*/*": { "throttlingRateLimit": 0.0 } },
        }));
        assert!(!fields.contains_key("methodSettings/POST /login/rateLimit"));
        assert_eq!(fields["methodSettings/POST /login/metricsEnabled"], json!(true));
        assert_eq!(fields["methodSettings/*/*/rateLimit"], json!(0.0), "a zero that is set refuses everything");
    }

    #[test]
    fn a_stage_of_version_two_has_its_limits_by_route_key() {
        let fields = http_stage_fields(&json!({
            "defaultRouteSettings": { "detailedMetricsEnabled": false, "throttlingBurstLimit": 20 },
            "routeSettings": { "GET /pets": { "throttlingRateLimit": 5.0 }, "$connect": {} },
        }));
        assert_eq!(
            fields.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>(),
            ["defaultRouteSettings/burstLimit=20", "routeSettings/GET /pets/rateLimit=5.0"]
        );
    }

    #[test]
    fn a_plan_has_its_stages_and_their_methods() {
        let fields = usage_plan_fields(&json!({
            "throttle": { "rateLimit": 50.0, "burstLimit": 100 },
            "quota": { "limit": 1000, "period": "DAY", "offset": 0 },
            "apiStages": [
                { "apiId": "a1", "stage": "prod", "throttle": { "/login/POST": { "rateLimit": 1.0, "burstLimit": 2 } } },
                { "apiId": "b2", "stage": "test" },
            ],
        }));
        assert_eq!(fields["apiStages/a1:prod/throttle/POST /login/burstLimit"], json!(2));
        assert_eq!(fields["apiStages/b2:test"], json!(true));
        assert_eq!(fields["quota/period"], json!("DAY"));
        assert_eq!(fields["throttle/rateLimit"], json!(50.0));
    }
}
