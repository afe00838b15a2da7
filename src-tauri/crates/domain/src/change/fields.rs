//! What a call does to the fields of its target: the pure prediction that a plan shows, that reading back is
//! compared with, and by which an interrupted change finds out which of its steps happened.
//!
//! Names of fields, one grammar for all targets (`METHOD /path` is the normalised route key, `*/*` the default):
//!
//! | target | field |
//! | --- | --- |
//! | REST stage | `methodSettings/POST /login/rateLimit`, `…/burstLimit`, `…/loggingLevel`… |
//! | HTTP stage | `defaultRouteSettings/rateLimit`, `routeSettings/GET /pets/rateLimit` |
//! | web ACL | see [`crate::waf::web_acl_fields`] |
//! | usage plan | `throttle/rateLimit`, `apiStages/a1b2:prod`, `apiStages/a1b2:prod/throttle/GET /pets/rateLimit` |

use serde_json::{Value, json};

use super::{
    AwsCall, Fields, PatchOp, PatchOperation,
    release_fields::{canary_deployment, release_patch},
};
use crate::{
    throttle::Limit,
    waf::{NEW_LOCK_TOKEN, document_fields},
};

/// A member of a method setting and the end of its patch path ("Patch operations", UpdateStage). The names differ, and
/// `loglevel` has its lower-case L.
pub(super) const SETTING_MEMBERS: &[(&str, &str)] = &[
    ("burstLimit", "throttling/burstLimit"),
    ("cacheDataEncrypted", "caching/dataEncrypted"),
    ("cacheTtlInSeconds", "caching/ttlInSeconds"),
    ("cachingEnabled", "caching/enabled"),
    ("dataTraceEnabled", "logging/dataTrace"),
    ("loggingLevel", "logging/loglevel"),
    ("metricsEnabled", "metrics/enabled"),
    ("rateLimit", "throttling/rateLimit"),
    ("requireAuthorizationForCacheControl", "caching/requireAuthorizationForCacheControl"),
    ("unauthorizedCacheControlHeaderStrategy", "caching/unauthorizedCacheControlHeaderStrategy"),
];

/// What API Gateway writes into a method setting that is created by a patch of one of its members while the stage has
/// no `*/*` entry to copy from: recorded from AWS.
fn materialised() -> [(&'static str, Value); 9] {
    [
        ("burstLimit", json!(5000)),
        ("cacheDataEncrypted", json!(false)),
        ("cacheTtlInSeconds", json!(300)),
        ("cachingEnabled", json!(false)),
        ("dataTraceEnabled", json!(false)),
        ("metricsEnabled", json!(false)),
        ("rateLimit", json!(10000.0)),
        ("requireAuthorizationForCacheControl", json!(true)),
        ("unauthorizedCacheControlHeaderStrategy", json!("SUCCEED_WITH_RESPONSE_HEADER")),
    ]
}

/// The fields after the call; `None` when the call has a part that is not predicted here.
#[must_use]
pub fn fields_after(call: &AwsCall, before: &Fields) -> Option<Fields> {
    let mut fields = before.clone();
    match call {
        AwsCall::UpdateStage { patch_operations, .. } => {
            for operation in patch_operations {
                stage_patch(&mut fields, operation)?;
            }
        }
        AwsCall::CreateDeployment { canary, .. } => {
            canary_deployment(&mut fields, canary.percent_traffic, &canary.overrides(), canary.use_stage_cache);
        }
        AwsCall::UpdateUsagePlan { patch_operations, .. } => {
            for operation in patch_operations {
                usage_plan_patch(&mut fields, operation)?;
            }
        }
        AwsCall::UpdateHttpStage { default_limit, route_limits, deployment_id, .. } => {
            // AWS refuses it on a stage that deploys by itself.
            if let Some(id) = deployment_id {
                if fields.get("autoDeploy") == Some(&json!(true)) {
                    return None;
                }
                fields.insert("deploymentId".to_owned(), json!(id));
            }
            if let Some(limit) = default_limit {
                set_limit(&mut fields, "defaultRouteSettings", limit);
            }
            for route in route_limits {
                set_limit(&mut fields, &format!("routeSettings/{}", route.route_key), &route.limit);
            }
        }
        AwsCall::DeleteRouteSettings { route_key, .. } => {
            remove_below(&mut fields, &format!("routeSettings/{route_key}"));
        }
        AwsCall::UpdateWebAcl { document, .. } => fields = document_fields(document, NEW_LOCK_TOKEN).ok()?,
        AwsCall::PutMetricAlarm { alarm } => fields = alarm.fields(),
        AwsCall::DeleteAlarms { .. } => fields.clear(),
        _ => super::key_calls::key_fields_after(call, &mut fields)?,
    }
    Some(fields)
}

fn set_limit(fields: &mut Fields, prefix: &str, limit: &Limit) {
    if let Some(rate) = limit.rate {
        fields.insert(format!("{prefix}/rateLimit"), json!(rate));
    }
    if let Some(burst) = limit.burst {
        fields.insert(format!("{prefix}/burstLimit"), json!(burst));
    }
}

fn remove_below(fields: &mut Fields, prefix: &str) {
    let below = format!("{prefix}/");
    fields.retain(|name, _| name != prefix && !name.starts_with(&below));
}

/// `/~1pets/GET/throttling/rateLimit` on the fields of a REST stage.
fn stage_patch(fields: &mut Fields, operation: &PatchOperation) -> Option<()> {
    if ["/deploymentId", "/variables", "/canarySettings"].iter().any(|path| operation.path.starts_with(path)) {
        return release_patch(fields, operation);
    }
    let mut tokens = operation.path.strip_prefix('/')?.split('/');
    let (path, method) = (unescaped(tokens.next()?), tokens.next()?);
    let entry = match (path.as_str(), method) {
        ("*", "*") => "methodSettings/*/*".to_owned(),
        _ => format!("methodSettings/{method} {path}"),
    };
    let member_path = tokens.collect::<Vec<_>>().join("/");
    match (operation.op, member_path.as_str(), &operation.value) {
        (PatchOp::Remove, "", _) => remove_below(fields, &entry),
        (PatchOp::Replace, _, Some(value)) => {
            let (member, _) = SETTING_MEMBERS.iter().find(|(_, path)| *path == member_path)?;
            let value = setting_value(member, value)?;
            materialise(fields, &entry);
            fields.insert(format!("{entry}/{member}"), value);
        }
        _ => return None,
    }
    Some(())
}

/// A method setting that does not exist yet is born whole: a copy of `*/*`, or AWS's defaults.
fn materialise(fields: &mut Fields, entry: &str) {
    let below = format!("{entry}/");
    if fields.keys().any(|name| name.starts_with(&below)) {
        return;
    }
    let default = "methodSettings/*/*/";
    let copied: Vec<(String, Value)> = fields
        .iter()
        .filter_map(|(name, value)| Some((format!("{below}{}", name.strip_prefix(default)?), value.clone())))
        .collect();
    if copied.is_empty() {
        fields.extend(materialised().map(|(member, value)| (format!("{below}{member}"), value)));
    } else {
        fields.extend(copied);
    }
}

/// `/throttle/rateLimit`, `/apiStages/a1b2:prod/throttle/~1pets/GET/burstLimit` on the fields of a usage plan.
fn usage_plan_patch(fields: &mut Fields, operation: &PatchOperation) -> Option<()> {
    let tokens: Vec<&str> = operation.path.strip_prefix('/')?.split('/').collect();
    match (operation.op, tokens.as_slice(), &operation.value) {
        (PatchOp::Remove, ["throttle"], _) => remove_below(fields, "throttle"),
        (PatchOp::Remove, ["quota"], _) => remove_below(fields, "quota"),
        (PatchOp::Add | PatchOp::Replace, ["quota", "period"], Some(value)) => {
            fields.insert("quota/period".to_owned(), json!(value));
        }
        (PatchOp::Add | PatchOp::Replace, ["quota", member @ ("limit" | "offset")], Some(value)) => {
            fields.insert(format!("quota/{member}"), json!(value.parse::<i64>().ok()?));
        }
        (PatchOp::Remove, ["apiStages", stage, "throttle", path, method], _) => {
            remove_below(fields, &format!("apiStages/{stage}/throttle/{method} {}", unescaped(path)));
        }
        (PatchOp::Add | PatchOp::Replace, ["throttle", member], Some(value)) => {
            fields.insert(format!("throttle/{member}"), number(member, value)?);
        }
        (PatchOp::Add | PatchOp::Replace, ["apiStages", stage, "throttle", path, method, member], Some(value)) => {
            let name = format!("apiStages/{stage}/throttle/{method} {}/{member}", unescaped(path));
            fields.insert(name, number(member, value)?);
        }
        _ => return None,
    }
    Some(())
}

/// A member's value as `methodSettings` gives it back.
fn setting_value(member: &str, value: &str) -> Option<Value> {
    match member {
        "rateLimit" | "burstLimit" => number(member, value),
        "cacheTtlInSeconds" => value.parse::<i64>().ok().map(|seconds| json!(seconds)),
        "loggingLevel" | "unauthorizedCacheControlHeaderStrategy" => Some(json!(value)),
        // AWS takes anything that is not a boolean for `false`, silently: not something to plan with.
        _ => value.parse::<bool>().ok().map(|flag| json!(flag)),
    }
}

fn number(member: &str, value: &str) -> Option<Value> {
    match member {
        "rateLimit" => value.parse::<f64>().ok().map(|rate| json!(rate)),
        "burstLimit" => value.parse::<i64>().ok().map(|burst| json!(burst)),
        _ => None,
    }
}

/// `~1` first here: `~01` is `~1` and not `/`.
fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::StageMethodSetting;

    fn fields(pairs: &[(&str, Value)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn patched(before: &Fields, operations: Vec<PatchOperation>) -> Option<Fields> {
        let call =
            AwsCall::UpdateStage { api_id: "a".to_owned(), stage_name: "s".to_owned(), patch_operations: operations };
        fields_after(&call, before)
    }

    #[test]
    fn the_first_limit_of_a_stage_brings_the_whole_entry() {
        let after = patched(&Fields::new(), vec![PatchOperation::replace("/*/*/throttling/rateLimit", "25")]).unwrap();
        assert_eq!(after["methodSettings/*/*/rateLimit"], json!(25.0));
        assert_eq!(after["methodSettings/*/*/burstLimit"], json!(5000), "nobody asked for it: AWS writes its default");
        assert_eq!(after["methodSettings/*/*/requireAuthorizationForCacheControl"], json!(true));
        assert_eq!(after.len(), 9);
    }

    #[test]
    fn a_new_method_copies_the_stages_default_and_keeps_it() {
        let stage =
            fields(&[("methodSettings/*/*/rateLimit", json!(50.0)), ("methodSettings/*/*/burstLimit", json!(7))]);
        let login = StageMethodSetting::Method { path: "/login", method: "POST" };
        let after = patched(&stage, vec![PatchOperation::replace(login.rate_limit(), "5.0")]).unwrap();
        assert_eq!(after["methodSettings/POST /login/burstLimit"], json!(7));
        let later = patched(&after, vec![PatchOperation::replace("/*/*/throttling/burstLimit", "9")]).unwrap();
        assert_eq!(later["methodSettings/POST /login/burstLimit"], json!(7), "copied at creation, not inherited");
    }

    #[test]
    fn removing_an_entry_takes_all_of_it_and_nothing_else() {
        let before = fields(&[
            ("methodSettings/GET /a/rateLimit", json!(1.0)),
            ("methodSettings/GET /a/loggingLevel", json!("INFO")),
            ("methodSettings/GET /ab/rateLimit", json!(2.0)),
        ]);
        let after = patched(&before, vec![PatchOperation::remove("/~1a/GET")]).unwrap();
        assert_eq!(after.keys().collect::<Vec<_>>(), ["methodSettings/GET /ab/rateLimit"]);
    }

    #[test]
    fn what_cannot_be_predicted_is_not_guessed() {
        assert_eq!(patched(&Fields::new(), vec![PatchOperation::replace("/tracingEnabled", "true")]), None);
        assert_eq!(patched(&Fields::new(), vec![PatchOperation::replace("/*/*/throttling/rateLimit", "ten")]), None);
    }
}
