//! What deployments, variables and canaries of a REST stage become by a call: as AWS was recorded to do it.
//!
//! | field | what it is |
//! | --- | --- |
//! | `deploymentId`, `variables/NAME` | the baseline |
//! | `canarySettings/deploymentId`, `…/percentTraffic`, `…/useStageCache` | the canary; absent when there is none |
//! | `canarySettings/stageVariableOverrides/NAME` | the canary's own values of variables |

use serde_json::{Value, json};

use super::{AwsCall, Fields, PatchOp, PatchOperation};

/// Stands for the id of a deployment that does not exist yet.
pub const NEW_DEPLOYMENT: &str = "(the new deployment)";

const CANARY: &str = "canarySettings/";
const DEPLOYMENT: &str = "canarySettings/deploymentId";
const PERCENT: &str = "canarySettings/percentTraffic";
const CACHE: &str = "canarySettings/useStageCache";
const OVERRIDES: &str = "canarySettings/stageVariableOverrides/";

/// One patch of deployment, variables or canary; `None` for other paths and for what AWS refuses.
pub(super) fn release_patch(fields: &mut Fields, operation: &PatchOperation) -> Option<()> {
    let PatchOperation { op, path, value, from } = operation;
    let name = path.strip_prefix('/')?;
    match (op, name, value.as_deref(), from.as_deref()) {
        (PatchOp::Replace, "deploymentId", Some(id), _) => {
            fields.insert("deploymentId".to_owned(), json!(id));
        }
        (PatchOp::Replace, "canarySettings/percentTraffic", Some(percent), _) => {
            // A string on the wire, a float in the answer. Without a canary it makes one of the stage's own deployment.
            let percent = percent.parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent))?;
            let own = fields.get("deploymentId").cloned()?;
            exists(fields, own);
            fields.insert(PERCENT.to_owned(), json!(percent));
        }
        (PatchOp::Replace, "canarySettings/deploymentId", Some(id), _) => {
            exists(fields, json!(id));
            fields.insert(DEPLOYMENT.to_owned(), json!(id));
        }
        (PatchOp::Replace, "canarySettings/useStageCache", Some(value), _) if fields.contains_key(DEPLOYMENT) => {
            fields.insert(CACHE.to_owned(), json!(value.parse::<bool>().ok()?));
        }
        (PatchOp::Remove, "canarySettings", _, _) if fields.contains_key(DEPLOYMENT) => {
            fields.retain(|name, _| !name.starts_with(CANARY));
        }
        (PatchOp::Copy, "deploymentId", _, Some("/canarySettings/deploymentId")) => {
            let candidate = fields.get(DEPLOYMENT).cloned()?;
            fields.insert("deploymentId".to_owned(), candidate);
        }
        (PatchOp::Copy, "variables", _, Some("/canarySettings/stageVariableOverrides"))
            if fields.contains_key(DEPLOYMENT) =>
        {
            // Merged: variables that the canary does not override stay.
            let merged: Vec<(String, Value)> = fields
                .iter()
                .filter_map(|(name, value)| {
                    Some((format!("variables/{}", name.strip_prefix(OVERRIDES)?), value.clone()))
                })
                .collect();
            fields.extend(merged);
        }
        (PatchOp::Replace, _, Some(value), _) if name.starts_with(OVERRIDES) && fields.contains_key(DEPLOYMENT) => {
            fields.insert(name.to_owned(), json!(value));
        }
        (PatchOp::Replace, _, Some(value), _) if name.starts_with("variables/") => {
            fields.insert(name.to_owned(), json!(value));
        }
        (PatchOp::Remove, _, _, _) if name.starts_with("variables/") => {
            fields.remove(name)?;
        }
        _ => return None,
    }
    Some(())
}

fn exists(fields: &mut Fields, deployment: Value) {
    if !fields.contains_key(DEPLOYMENT) {
        fields.insert(DEPLOYMENT.to_owned(), deployment);
        fields.insert(PERCENT.to_owned(), json!(0.0));
        fields.insert(CACHE.to_owned(), json!(false));
    }
}

/// A new deployment of the draft as a stage's canary: whatever canary there was is replaced, the baseline stays.
pub(super) fn canary_deployment(
    fields: &mut Fields,
    percent: f64,
    overrides: &[(String, String)],
    use_stage_cache: bool,
) {
    fields.retain(|name, _| !name.starts_with(CANARY));
    fields.insert(DEPLOYMENT.to_owned(), json!(NEW_DEPLOYMENT));
    fields.insert(PERCENT.to_owned(), json!(percent));
    fields.insert(CACHE.to_owned(), json!(use_stage_cache));
    fields.extend(overrides.iter().map(|(name, value)| (format!("{OVERRIDES}{name}"), json!(value))));
}

/// The calls that lead a stage's release from one state to another, without its method settings.
pub(super) fn release_calls(api_id: &str, stage: &str, from: &Fields, to: &Fields) -> Vec<AwsCall> {
    let release = |fields: &Fields| -> Fields {
        let ours = |name: &str| name == "deploymentId" || name.starts_with(CANARY) || name.starts_with("variables/");
        fields.iter().filter(|(name, _)| ours(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let (from, to) = (release(from), release(to));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut calls = Vec::new();
    let mut call = |patch_operations: Vec<PatchOperation>| {
        if !patch_operations.is_empty() {
            let (api_id, stage_name) = (api_id.to_owned(), stage.to_owned());
            calls.push(AwsCall::UpdateStage { api_id, stage_name, patch_operations });
        }
    };
    let lost_override = from.keys().any(|name| name.starts_with(OVERRIDES) && !to.contains_key(name));
    let had = from.contains_key(DEPLOYMENT);
    // A single override cannot be taken away as far as AWS was recorded, the whole canary can.
    let removed = had && (!to.contains_key(DEPLOYMENT) || lost_override);
    if removed {
        call(vec![PatchOperation::remove("/canarySettings")]);
    }
    let mut patches = Vec::new();
    let differs = |name: &str| from.get(name) != to.get(name);
    if let Some(deployment) = to.get("deploymentId").filter(|_| differs("deploymentId")) {
        patches.push(PatchOperation::replace("/deploymentId", text(deployment)));
    }
    for (name, value) in to.iter().filter(|(name, _)| name.starts_with("variables/") && differs(name)) {
        patches.push(PatchOperation::replace(format!("/{name}"), text(value)));
    }
    for name in from.keys().filter(|name| name.starts_with("variables/") && !to.contains_key(*name)) {
        patches.push(PatchOperation::remove(format!("/{name}")));
    }
    let fresh = !had || removed;
    for name in [DEPLOYMENT, PERCENT] {
        if let Some(value) = to.get(name).filter(|_| fresh || differs(name)) {
            patches.push(PatchOperation::replace(format!("/{name}"), text(value)));
        }
    }
    if let Some(cache) = to.get(CACHE).filter(|cache| if fresh { **cache != json!(false) } else { differs(CACHE) }) {
        patches.push(PatchOperation::replace(format!("/{CACHE}"), text(cache)));
    }
    for (name, value) in to.iter().filter(|(name, _)| name.starts_with(OVERRIDES) && (fresh || differs(name))) {
        patches.push(PatchOperation::replace(format!("/{name}"), text(value)));
    }
    call(patches);
    calls
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{PlanTarget, calls_between, fields_after};
    use proptest::prelude::*;

    type Candidate<'a> = (&'a str, f64, &'a [(&'a str, &'a str)]);

    fn stage(canary: Option<Candidate<'_>>) -> Fields {
        let mut fields = Fields::from([
            ("deploymentId".to_owned(), json!("d1")),
            ("variables/testVar".to_owned(), json!("test")),
            ("variables/testVar2".to_owned(), json!("test2")),
        ]);
        if let Some((deployment, percent, overrides)) = canary {
            fields.insert(DEPLOYMENT.to_owned(), json!(deployment));
            fields.insert(PERCENT.to_owned(), json!(percent));
            fields.insert(CACHE.to_owned(), json!(false));
            fields.extend(overrides.iter().map(|(name, value)| (format!("{OVERRIDES}{name}"), json!(value))));
        }
        fields
    }

    fn patched(before: &Fields, operations: &[PatchOperation]) -> Option<Fields> {
        let mut fields = before.clone();
        operations.iter().try_for_each(|operation| release_patch(&mut fields, operation))?;
        Some(fields)
    }

    fn copy(path: &str, from: &str) -> PatchOperation {
        PatchOperation { op: PatchOp::Copy, path: path.to_owned(), value: None, from: Some(from.to_owned()) }
    }

    #[test]
    fn a_first_patch_makes_the_canary_as_recorded() {
        let percent =
            patched(&stage(None), &[PatchOperation::replace("/canarySettings/percentTraffic", "50")]).unwrap();
        assert_eq!(percent, stage(Some(("d1", 50.0, &[]))), "of the stage's own deployment");
        let deployment =
            patched(&stage(None), &[PatchOperation::replace("/canarySettings/deploymentId", "d2")]).unwrap();
        assert_eq!(deployment, stage(Some(("d2", 0.0, &[]))));
    }

    #[test]
    fn promotion_merges_the_overrides_and_leaves_the_canary() {
        let before = stage(Some(("d2", 50.0, &[("testVar", "override")])));
        let after = patched(
            &before,
            &[
                PatchOperation::replace("/canarySettings/percentTraffic", "0.0"),
                copy("/deploymentId", "/canarySettings/deploymentId"),
                copy("/variables", "/canarySettings/stageVariableOverrides"),
            ],
        )
        .unwrap();
        let mut expected = stage(Some(("d2", 0.0, &[("testVar", "override")])));
        expected.insert("deploymentId".to_owned(), json!("d2"));
        expected.insert("variables/testVar".to_owned(), json!("override"));
        assert_eq!(after, expected);
    }

    #[test]
    fn what_aws_refuses_is_not_planned() {
        let with = stage(Some(("d2", 50.0, &[("testVar", "override")])));
        for operation in [
            PatchOperation::remove("/canarySettings/stageVariableOverrides"),
            copy("/canarySettings/stageVariableOverrides", "/variables"),
            PatchOperation::replace("/canarySettings", "test"),
            PatchOperation::replace("/canarySettings/percentTraffic", "100.1"),
            PatchOperation::replace("/canarySettings/percentTraffic", "ten"),
            PatchOperation { op: PatchOp::Add, ..PatchOperation::replace("/canarySettings/deploymentId", "d3") },
        ] {
            assert_eq!(patched(&with, std::slice::from_ref(&operation)), None, "{operation:?}");
        }
        for operation in
            [copy("/deploymentId", "/canarySettings/deploymentId"), PatchOperation::remove("/canarySettings")]
        {
            assert_eq!(patched(&stage(None), std::slice::from_ref(&operation)), None, "no canary: {operation:?}");
        }
    }

    fn any_release() -> impl Strategy<Value = Fields> {
        let canary = proptest::option::of((
            prop_oneof![Just("d1"), Just("d2"), Just("d3")],
            (0_u8..=100).prop_map(f64::from),
            proptest::sample::subsequence(vec![("testVar", "a"), ("testVar2", "b"), ("other", "c")], 0..3),
        ));
        (prop_oneof![Just("d1"), Just("d2")], canary).prop_map(|(deployment, canary)| {
            let canary = canary.as_ref().map(|(id, percent, overrides)| (*id, *percent, overrides.as_slice()));
            let mut fields = stage(canary);
            fields.insert("deploymentId".to_owned(), json!(deployment));
            fields
        })
    }

    proptest! {
        #[test]
        fn every_release_leads_to_every_other(from in any_release(), to in any_release()) {
            let target = PlanTarget::RestStage {
                context: "demo".into(), api_id: "a1".into(), api_name: "shop".into(), stage: "prod".into(),
            };
            let calls = calls_between(&target, &from, &to).expect("there is a way");
            let reached = calls.iter().try_fold(from, |fields, call| fields_after(call, &fields));
            prop_assert_eq!(reached, Some(to));
        }
    }
}
