//! UpdateStage, as recorded: any path that is not one of the stage's own is read as a method setting, a first patch
//! creates what it belongs to, and a copy works only out of a canary.

use serde_json::{Value, json};

use super::{
    patch::{Op, Patch, unescape},
    state::{bad_request, set, text},
};
use crate::services::Refusal;

/// The list that AWS prints with an unknown path. It has no canary path, though those work.
const PATHS: &str = "[/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled]";

/// A method setting's patch path and its member.
const SETTINGS: &[(&str, &str)] = &[
    ("throttling/burstLimit", "throttlingBurstLimit"),
    ("throttling/rateLimit", "throttlingRateLimit"),
    ("metrics/enabled", "metricsEnabled"),
    ("logging/dataTrace", "dataTraceEnabled"),
    ("logging/loglevel", "loggingLevel"),
    ("caching/enabled", "cachingEnabled"),
    ("caching/ttlInSeconds", "cacheTtlInSeconds"),
    ("caching/dataEncrypted", "cacheDataEncrypted"),
    ("caching/requireAuthorizationForCacheControl", "requireAuthorizationForCacheControl"),
    ("caching/unauthorizedCacheControlHeaderStrategy", "unauthorizedCacheControlHeaderStrategy"),
];

/// Applies a list: all of it or nothing.
///
/// # Errors
/// AWS's recorded texts.
pub(super) fn apply(stage: &Value, list: &[Patch], deployment_exists: &dyn Fn(&str) -> bool) -> Result<Value, Refusal> {
    let mut stage = stage.clone();
    for patch in list {
        one(&mut stage, patch, deployment_exists)?;
    }
    Ok(stage)
}

fn one(stage: &mut Value, patch: &Patch, deployment_exists: &dyn Fn(&str) -> bool) -> Result<(), Refusal> {
    if patch.op == Op::Copy {
        return promote(stage, patch);
    }
    let path = patch.path.trim_start_matches('/').to_owned();
    let value = patch.value.clone().unwrap_or_default();
    let tokens: Vec<&str> = path.split('/').collect();
    match (patch.op, tokens.as_slice()) {
        (Op::Replace, ["deploymentId"]) => {
            known(deployment_exists, &value)?;
            set(stage, "deploymentId", json!(value));
        }
        (Op::Replace, [member @ ("description" | "clientCertificateId" | "cacheClusterSize")]) => {
            set(stage, member, json!(value));
        }
        (Op::Replace, [member @ ("tracingEnabled" | "cacheClusterEnabled")]) => {
            set(stage, member, json!(value == "true"));
            if *member == "cacheClusterEnabled" {
                set(
                    stage,
                    "cacheClusterStatus",
                    json!(if value == "true" { "CREATE_IN_PROGRESS" } else { "NOT_AVAILABLE" }),
                );
            }
        }
        (op, ["variables", name]) if op != Op::Add => {
            set_in(stage, "variables", &unescape(name), (op == Op::Replace).then_some(json!(value)));
        }
        (Op::Remove, ["variables"]) => set(stage, "variables", Value::Null),
        (Op::Remove, ["accessLogSettings"]) => set(stage, "accessLogSettings", Value::Null),
        (Op::Add | Op::Replace, ["accessLogSettings", member @ ("destinationArn" | "format")]) => {
            if value.is_empty() {
                return Err(bad_request("Access Log value must not be empty"));
            }
            set_in(stage, "accessLogSettings", member, Some(json!(value)));
        }
        (Op::Remove, ["canarySettings"]) => {
            if stage.get("canarySettings").is_none() {
                return Err(no_setting("canarySettings"));
            }
            set(stage, "canarySettings", Value::Null);
        }
        (op, ["canarySettings", rest @ ..]) => canary(stage, op, rest, &value, patch, deployment_exists)?,
        (op, _) => method_setting(stage, op, &path, &value, patch)?,
    }
    Ok(())
}

fn known(deployment_exists: &dyn Fn(&str) -> bool, id: &str) -> Result<(), Refusal> {
    if deployment_exists(id) { Ok(()) } else { Err(bad_request("Deployment id does not exist")) }
}

fn set_in(document: &mut Value, member: &str, key: &str, value: Option<Value>) {
    if !document.get(member).is_some_and(Value::is_object) {
        set(document, member, json!({}));
    }
    if let Some(map) = document.get_mut(member) {
        set(map, key, value.unwrap_or(Value::Null));
    }
}

/// The text ends in a space: recorded.
fn no_setting(entry: &str) -> Refusal {
    bad_request(format!("Cannot remove method setting {entry} because there is no method setting for this method "))
}

fn unknown_path(path: &str) -> Refusal {
    bad_request(format!("Invalid method setting path: {path}. Must be one of: {PATHS}"))
}

fn canary(
    stage: &mut Value,
    op: Op,
    rest: &[&str],
    value: &str,
    patch: &Patch,
    deployment_exists: &dyn Fn(&str) -> bool,
) -> Result<(), Refusal> {
    match (op, rest) {
        (Op::Replace, ["deploymentId"]) => {
            known(deployment_exists, value)?;
            attach(stage);
            set_in(stage, "canarySettings", "deploymentId", Some(json!(value)));
        }
        (Op::Replace, ["percentTraffic"]) => {
            let percent =
                value.parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent)).ok_or_else(|| {
                    bad_request("Invalid canary percent traffic value: must be between 0.0 and 100.0")
                })?;
            attach(stage);
            set_in(stage, "canarySettings", "percentTraffic", Some(json!(percent)));
        }
        (Op::Replace, ["useStageCache"]) => {
            attach(stage);
            set_in(stage, "canarySettings", "useStageCache", Some(json!(value == "true")));
        }
        (Op::Replace | Op::Remove, ["stageVariableOverrides", name]) => {
            attach(stage);
            if let Some(settings) = stage.get_mut("canarySettings") {
                set_in(
                    settings,
                    "stageVariableOverrides",
                    &unescape(name),
                    (op == Op::Replace).then_some(json!(value)),
                );
            }
        }
        (Op::Remove, _) => return Err(no_setting(patch.path.trim_start_matches('/'))),
        (Op::Add, ["deploymentId" | "percentTraffic" | "useStageCache"]) => {
            return Err(bad_request(format!("Invalid add operation with path: {}", patch.path)));
        }
        _ => return Err(unknown_path(&patch.path)),
    }
    Ok(())
}

/// The first patch of a canary's member creates the canary on the stage's own deployment, at 0 %.
fn attach(stage: &mut Value) {
    if stage.get("canarySettings").is_none() {
        let settings =
            json!({ "deploymentId": text(stage, "deploymentId"), "percentTraffic": 0.0, "useStageCache": false });
        set(stage, "canarySettings", settings);
    }
}

fn promote(stage: &mut Value, patch: &Patch) -> Result<(), Refusal> {
    let from = patch.from.clone().unwrap_or_default();
    let legal = matches!(
        (from.as_str(), patch.path.as_str()),
        ("/canarySettings/deploymentId", "/deploymentId") | ("/canarySettings/stageVariableOverrides", "/variables")
    );
    if !legal {
        return Err(bad_request(format!(
            "Invalid copy operation with path: {} and from {from}. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]",
            patch.path
        )));
    }
    let Some(settings) = stage.get("canarySettings").cloned() else {
        return Err(bad_request("Promotion not available. Canary does not exist."));
    };
    if patch.path == "/deploymentId" {
        set(stage, "deploymentId", settings.get("deploymentId").cloned().unwrap_or_default());
    } else if let Some(overrides) = settings.get("stageVariableOverrides").and_then(Value::as_object) {
        // Merged: variables that the canary does not override stay.
        for (name, value) in overrides {
            set_in(stage, "variables", name, Some(value.clone()));
        }
    }
    Ok(())
}

fn method_setting(stage: &mut Value, op: Op, path: &str, value: &str, patch: &Patch) -> Result<(), Refusal> {
    if op == Op::Remove {
        let settings = stage.get_mut("methodSettings").and_then(Value::as_object_mut);
        return settings.and_then(|settings| settings.shift_remove(path)).map(drop).ok_or_else(|| no_setting(path));
    }
    let found =
        SETTINGS.iter().find_map(|(suffix, member)| Some((path.strip_suffix(suffix)?.strip_suffix('/')?, *member)));
    let Some((entry, member)) = found.filter(|(entry, _)| op == Op::Replace && entry.contains('/')) else {
        return Err(unknown_path(&patch.path));
    };
    let value = match member {
        "throttlingRateLimit" => number::<f64>(value, patch)?.into(),
        "throttlingBurstLimit" | "cacheTtlInSeconds" => number::<i64>(value, patch)?.into(),
        "loggingLevel" if !["OFF", "ERROR", "INFO"].contains(&value) => return Err(invalid(value, patch)),
        "loggingLevel" | "unauthorizedCacheControlHeaderStrategy" => json!(value),
        _ => json!(value == "true"),
    };
    let settings = stage.get("methodSettings").cloned().unwrap_or_else(|| json!({}));
    let mut setting = settings.get(entry).or_else(|| settings.get("*/*")).cloned().unwrap_or_else(defaults);
    set(&mut setting, member, value);
    set_in(stage, "methodSettings", entry, Some(setting));
    Ok(())
}

fn number<N: std::str::FromStr>(value: &str, patch: &Patch) -> Result<N, Refusal> {
    value.parse().map_err(|_| invalid(value, patch))
}

fn invalid(value: &str, patch: &Patch) -> Refusal {
    bad_request(format!("Invalid value for {}: {value}", patch.path))
}

/// What a setting is born with where there is no `*/*` to copy: recorded.
fn defaults() -> Value {
    json!({
        "metricsEnabled": false,
        "dataTraceEnabled": false,
        "throttlingBurstLimit": 5000,
        "throttlingRateLimit": 10000.0,
        "cachingEnabled": false,
        "cacheTtlInSeconds": 300,
        "cacheDataEncrypted": false,
        "requireAuthorizationForCacheControl": true,
        "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER"
    })
}
