//! The calls that lead from one state of a target to another: how an undo is planned.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    AwsCall, Fields, HttpRouteLimit, PatchOperation, PlanTarget, StageMethodSetting, UsagePlanMethod,
    fields::{SETTING_MEMBERS, fields_after},
    release_fields::release_calls,
};
use crate::{
    throttle::Limit,
    waf::{LOCK_TOKEN, content, web_acl_document},
};

/// The calls, fewest first; empty when the states are equal; `None` when no sequence of calls is known that ends
/// exactly there (a default of an HTTP stage cannot be unset, a stage of a plan is not re-added here).
#[must_use]
pub fn calls_between(target: &PlanTarget, from: &Fields, to: &Fields) -> Option<Vec<AwsCall>> {
    // WAF gives a version of its own after every change: equal is what has equal content.
    if content(from) == content(to) {
        return Some(Vec::new());
    }
    let calls = match target {
        PlanTarget::RestStage { api_id, stage, .. } => {
            let mut calls = release_calls(api_id, stage, from, to);
            let patch_operations = stage_patches(from, to)?;
            if !patch_operations.is_empty() {
                let (api_id, stage_name) = (api_id.clone(), stage.clone());
                calls.push(AwsCall::UpdateStage { api_id, stage_name, patch_operations });
            }
            calls
        }
        PlanTarget::UsagePlan { usage_plan_id, .. } => vec![AwsCall::UpdateUsagePlan {
            usage_plan_id: usage_plan_id.clone(),
            patch_operations: plan_patches(from, to)?,
        }],
        PlanTarget::HttpStage { api_id, stage, .. } => http_calls(api_id, stage, from, to),
        PlanTarget::PlanKey { .. }
        | PlanTarget::ApiKey { .. }
        | PlanTarget::NewApiKey { .. }
        | PlanTarget::NewPlanKey { .. } => super::key_calls::key_calls_between(target, from, to)?,
        PlanTarget::WebAcl { arn, .. } => vec![AwsCall::UpdateWebAcl {
            arn: arn.clone(),
            lock_token: from.get(LOCK_TOKEN)?.as_str()?.to_owned(),
            document: web_acl_document(to)?,
        }],
        PlanTarget::Alarm { alarm_name, .. } => super::alarm_calls::alarm_calls_between(alarm_name, from, to)?,
    };
    // The prediction is the judge: whatever cannot be reached exactly is not offered as an undo.
    let reached = calls.iter().try_fold(from.clone(), |fields, call| fields_after(call, &fields))?;
    (content(&reached) == content(to)).then_some(calls)
}

/// Names of the entries below `prefix` in either state: everything up to the last slash.
fn entries<'a>(states: [&'a Fields; 2], prefix: &str) -> BTreeSet<&'a str> {
    states
        .into_iter()
        .flat_map(Fields::keys)
        .filter(|name| name.starts_with(prefix))
        .filter_map(|name| name.rsplit_once('/').map(|(entry, _)| entry))
        .collect()
}

fn exists(fields: &Fields, entry: &str) -> bool {
    let below = format!("{entry}/");
    fields.keys().any(|name| name.starts_with(&below))
}

fn stage_patches(from: &Fields, to: &Fields) -> Option<Vec<PatchOperation>> {
    let (mut removals, mut settings) = (Vec::new(), Vec::new());
    for entry in entries([from, to], "methodSettings/") {
        let key = entry.strip_prefix("methodSettings/")?;
        let setting = match key.split_once(' ') {
            Some((method, path)) => StageMethodSetting::Method { path, method },
            None => StageMethodSetting::Default,
        };
        if !exists(to, entry) {
            removals.push(PatchOperation::remove(setting.entry()));
            continue;
        }
        let new = !exists(from, entry);
        for (member, patch_path) in SETTING_MEMBERS {
            let name = format!("{entry}/{member}");
            // A new entry is born with copies of the default: every member is said, whatever it is born with.
            let Some(value) = to.get(&name).filter(|value| new || from.get(&name) != Some(value)) else { continue };
            settings.push(PatchOperation::replace(format!("{}/{patch_path}", setting.entry()), wire_text(value)));
        }
    }
    removals.extend(settings);
    Some(removals)
}

fn plan_patches(from: &Fields, to: &Fields) -> Option<Vec<PatchOperation>> {
    let mut patches = Vec::new();
    let throttles = entries([from, to], "throttle/").into_iter().chain(entries([from, to], "apiStages/"));
    for entry in throttles.filter(|entry| *entry != "apiStages") {
        let path = match entry.strip_prefix("apiStages/") {
            None => "/throttle".to_owned(),
            Some(rest) => {
                let (api_stage, route) = rest.split_once("/throttle/")?;
                let (api_id, stage) = api_stage.split_once(':')?;
                let (method, path) = route.split_once(' ')?;
                UsagePlanMethod { api_id, stage, path, method }.entry()
            }
        };
        if exists(from, entry) && !exists(to, entry) {
            patches.push(PatchOperation::remove(path));
            continue;
        }
        for member in ["rateLimit", "burstLimit"] {
            let name = format!("{entry}/{member}");
            let Some(value) = to.get(&name).filter(|value| from.get(&name) != Some(value)) else { continue };
            patches.push(PatchOperation::replace(format!("{path}/{member}"), wire_text(value)));
        }
    }
    if exists(from, "quota") && !exists(to, "quota") {
        patches.push(PatchOperation::remove("/quota"));
    }
    for (name, value) in to.iter().filter(|(name, _)| name.starts_with("quota/")) {
        if from.get(name) != Some(value) {
            patches.push(PatchOperation::replace(format!("/{name}"), wire_text(value)));
        }
    }
    Some(patches)
}

fn http_calls(api_id: &str, stage: &str, from: &Fields, to: &Fields) -> Vec<AwsCall> {
    let differing = |entry: &str| Limit {
        rate: to
            .get(&format!("{entry}/rateLimit"))
            .filter(|rate| from.get(&format!("{entry}/rateLimit")) != Some(rate))
            .and_then(Value::as_f64),
        burst: to
            .get(&format!("{entry}/burstLimit"))
            .filter(|burst| from.get(&format!("{entry}/burstLimit")) != Some(burst))
            .and_then(Value::as_i64)
            .and_then(|burst| i32::try_from(burst).ok()),
    };
    let (mut calls, mut route_limits, mut removed) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries([from, to], "routeSettings/") {
        let route_key = entry.trim_start_matches("routeSettings/").to_owned();
        match differing(entry) {
            _ if !exists(to, entry) => removed.push(route_key),
            limit if limit != Limit::default() => route_limits.push(HttpRouteLimit { route_key, limit }),
            _ => {}
        }
    }
    let default_limit = Some(differing("defaultRouteSettings")).filter(|limit| *limit != Limit::default());
    let deployment_id = to
        .get("deploymentId")
        .filter(|id| from.get("deploymentId") != Some(id))
        .and_then(|id| id.as_str().map(str::to_owned));
    if default_limit.is_some() || !route_limits.is_empty() || deployment_id.is_some() {
        let (api_id, stage_name) = (api_id.to_owned(), stage.to_owned());
        calls.push(AwsCall::UpdateHttpStage { api_id, stage_name, default_limit, route_limits, deployment_id });
    }
    calls.extend(removed.into_iter().map(|route_key| AwsCall::DeleteRouteSettings {
        api_id: api_id.to_owned(),
        stage_name: stage.to_owned(),
        route_key,
    }));
    calls
}

/// Numbers and booleans travel as strings.
fn wire_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn target(kind: usize) -> PlanTarget {
        let (context, api_id, api_name, stage) =
            ("demo".to_owned(), "a1".to_owned(), "shop".to_owned(), "prod".to_owned());
        match kind {
            0 => PlanTarget::RestStage { context, api_id, api_name, stage },
            1 => PlanTarget::HttpStage { context, api_id, api_name, stage },
            _ => PlanTarget::UsagePlan { context, usage_plan_id: "u1".to_owned(), plan_name: "small".to_owned() },
        }
    }

    /// A state as AWS gives it: whole method settings, limits in pairs.
    fn state(kind: usize) -> impl Strategy<Value = Fields> {
        let key = prop_oneof![Just("GET /a"), Just("POST /a/{id}"), Just("ANY /~b"), Just("*/*")];
        proptest::collection::btree_map(key, (0..1000_i32, 0..1000_i32, any::<bool>()), 0..4).prop_map(move |entries| {
            let mut fields = Fields::new();
            for (key, (rate, burst, flag)) in entries {
                let entry = match (kind, key) {
                    (0, _) => format!("methodSettings/{key}"),
                    (1, "*/*") => continue,
                    (1, _) => format!("routeSettings/{key}"),
                    (_, "*/*") => "throttle".to_owned(),
                    (_, _) => format!("apiStages/a1:prod/throttle/{key}"),
                };
                fields.insert(format!("{entry}/rateLimit"), json!(f64::from(rate)));
                fields.insert(format!("{entry}/burstLimit"), json!(burst));
                if kind == 0 {
                    for (member, value) in [
                        ("cacheDataEncrypted", json!(flag)),
                        ("cacheTtlInSeconds", json!(burst % 3600)),
                        ("cachingEnabled", json!(flag)),
                        ("dataTraceEnabled", json!(!flag)),
                        ("metricsEnabled", json!(flag)),
                        ("requireAuthorizationForCacheControl", json!(flag)),
                        ("unauthorizedCacheControlHeaderStrategy", json!("FAIL_WITH_403")),
                    ] {
                        fields.insert(format!("{entry}/{member}"), value);
                    }
                }
            }
            fields
        })
    }

    proptest! {
        #[test]
        fn there_is_a_way_back_from_every_state_of_limits(
            (kind, from, to) in (0..3_usize).prop_flat_map(|kind| (Just(kind), state(kind), state(kind)))
        ) {
            let calls = calls_between(&target(kind), &from, &to);
            prop_assert!(calls.is_some(), "from {:?} to {:?}", from, to);
            let reached = calls.unwrap().iter().try_fold(from, |fields, call| fields_after(call, &fields));
            prop_assert_eq!(reached, Some(to));
        }
    }

    #[test]
    fn a_removed_method_setting_comes_back_with_its_logging() {
        let to = Fields::from([
            ("methodSettings/GET /a/rateLimit".to_owned(), json!(5.0)),
            ("methodSettings/GET /a/burstLimit".to_owned(), json!(9)),
            ("methodSettings/GET /a/loggingLevel".to_owned(), json!("INFO")),
        ]);
        let whole = fields_after(&calls_for(&to), &Fields::new()).unwrap();
        assert_eq!(whole["methodSettings/GET /a/loggingLevel"], json!("INFO"));
    }

    fn calls_for(to: &Fields) -> AwsCall {
        AwsCall::UpdateStage {
            api_id: "a1".to_owned(),
            stage_name: "prod".to_owned(),
            patch_operations: stage_patches(&Fields::new(), to).unwrap(),
        }
    }

    #[test]
    fn an_http_stage_goes_back_to_the_deployment_from_before_with_its_limits() {
        let state = |id: &str, rate: f64| {
            Fields::from([
                ("deploymentId".to_owned(), json!(id)),
                ("defaultRouteSettings/rateLimit".to_owned(), json!(rate)),
            ])
        };
        let (from, to) = (state("d2", 5.0), state("d1", 9.0));
        let calls = calls_between(&target(1), &from, &to).unwrap();
        assert_eq!(calls.len(), 1, "one call: {calls:?}");
        assert_eq!(fields_after(&calls[0], &from), Some(to));
    }

    #[test]
    fn what_cannot_be_reached_is_not_offered() {
        let from = Fields::from([("defaultRouteSettings/rateLimit".to_owned(), json!(5.0))]);
        assert_eq!(calls_between(&target(1), &from, &Fields::new()), None);
    }
}
