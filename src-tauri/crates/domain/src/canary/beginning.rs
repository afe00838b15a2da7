//! When a canary began, from whoever knows: minutes before it are another candidate's, and no evidence.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    change::PlanTarget,
    journal::{JournalEvent, JournalRecord, Outcome, entries},
};

/// Who says when a canary began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CanaryBeginningSource {
    /// Whoever asked.
    Request,
    /// This console's journal: it started the canary.
    Journal,
    /// CloudTrail's event of the call that attached the candidate.
    CloudTrail,
    /// `lastUpdatedDate` of the stage: the canary began then or earlier.
    StageChange,
    /// Nobody: the stage has no canary, or no date.
    Unknown,
}

/// When a canary began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryBeginning {
    /// RFC 3339; absent when nobody knows.
    #[ts(optional = nullable)]
    pub at: Option<Timestamp>,
    /// Who says so.
    pub source: CanaryBeginningSource,
    /// The same in a sentence.
    pub words: String,
}

const DEPLOYMENT: &str = "canarySettings/deploymentId";

/// When this console attached `candidate` to the stage: the end of the last change of the stage's candidate in the
/// journal, if `candidate` is what that change left.
#[must_use]
pub fn begun_by_journal(records: &[JournalRecord], stage: &PlanTarget, candidate: &str) -> Option<Timestamp> {
    let key = stage.key();
    let last = entries(records).into_iter().rev().find_map(|entry| {
        let plan = entry.plan.as_deref()?;
        let target = plan.targets.iter().position(|target| target.key() == key)?;
        let changes = plan.changes.iter().any(|change| change.target == target && change.field == DEPLOYMENT);
        // A change that was refused or taken back left the candidate that was there.
        let done = matches!(entry.outcome, Some(Outcome::Applied | Outcome::Mismatch));
        if !changes || !done {
            return None;
        }
        let seen = records.iter().rev().find_map(|record| match &record.event {
            JournalEvent::Observed { fields } if record.entry == entry.id => fields.get(target)?.as_ref(),
            _ => None,
        });
        let fields = seen.or_else(|| plan.fields_expected(target));
        let left = fields.and_then(|fields| fields.get(DEPLOYMENT)).and_then(Value::as_str).map(str::to_owned);
        Some((left, entry.closed_at?))
    });
    let (left, at) = last?;
    if left.as_deref() == Some(candidate) { at.parse().ok() } else { None }
}

/// Whether a call of CloudTrail, by its name and parameters, gave the stage's canary its deployment; the deployment where the
/// call names it (`CreateDeployment` makes a new one, whose id is in the answer only).
#[must_use]
pub fn begun_by_event(name: &str, parameters: &Value, api_id: &str, stage: &str) -> Option<Option<String>> {
    let said = |pointer: &str| parameters.pointer(pointer).and_then(Value::as_str);
    if said("/restApiId") != Some(api_id) {
        return None;
    }
    match name {
        "CreateDeployment" => {
            let input = "/createDeploymentInput";
            let of_stage = said(&format!("{input}/stageName")) == Some(stage);
            (of_stage && parameters.pointer(&format!("{input}/canarySettings")).is_some()).then_some(None)
        }
        "UpdateStage" if said("/stageName") == Some(stage) => {
            let patches = parameters.pointer("/updateStageInput/patchOperations").and_then(Value::as_array)?;
            let patch = patches.iter().rev().find(|patch| patch["path"] == "/canarySettings/deploymentId")?;
            Some(patch["value"].as_str().map(str::to_owned))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        change::{AwsCall, CommandContext, NewCanary, PatchOperation, PlanWords, TargetCalls, TargetPlace, assemble},
        journal::{Actor, ChainHead},
    };
    use serde_json::json;
    use std::collections::BTreeMap;

    fn stage() -> PlanTarget {
        PlanTarget::RestStage {
            context: "demo".into(),
            api_id: "a1".into(),
            api_name: "shop".into(),
            stage: "prod".into(),
        }
    }

    /// A journal in which each change is applied, with what was seen after it, a minute after the other.
    fn journal(changes: &[(AwsCall, Value, Outcome)]) -> Vec<JournalRecord> {
        let mut records: Vec<JournalRecord> = Vec::new();
        let mut fields: crate::change::Fields = BTreeMap::from([("deploymentId".to_owned(), json!("d1"))]);
        for (number, (call, seen, outcome)) in changes.iter().enumerate() {
            let words =
                PlanWords { watched: vec!["canarySettings/".into(), "deploymentId".into()], ..PlanWords::default() };
            let target = TargetCalls {
                target: stage(),
                fields: fields.clone(),
                calls: vec![call.clone()],
                asked: vec![DEPLOYMENT.to_owned()],
                place: TargetPlace {
                    partition: "aws",
                    command: CommandContext { profile: None, region: "eu-west-1", endpoint_url: None },
                },
            };
            let plan = assemble(words, vec![target]).unwrap();
            let actor = Actor { caller_arn: "arn".into(), local_user: "ana".into() };
            let observed = seen.as_object().map(|seen| seen.clone().into_iter().collect::<BTreeMap<_, _>>());
            if let Some(observed) = &observed {
                fields.clone_from(observed);
            }
            for event in [
                JournalEvent::Opened { actor, reason: String::new(), plan: Box::new(plan), follows: None },
                JournalEvent::Observed { fields: vec![observed] },
                JournalEvent::Closed { outcome: *outcome, message: String::new() },
            ] {
                let head = records.last().map(JournalRecord::head).unwrap_or_default();
                let at = format!("2026-03-02T10:{number:02}:00Z");
                records.push(ChainHead::append(&head, at, format!("e{number}"), event).unwrap());
            }
        }
        records
    }

    fn create() -> AwsCall {
        let canary =
            NewCanary { percent_traffic: 10.0, stage_variable_overrides: BTreeMap::new(), use_stage_cache: false };
        AwsCall::CreateDeployment { api_id: "a1".into(), stage_name: "prod".into(), description: None, canary }
    }

    fn patch(operation: PatchOperation) -> AwsCall {
        AwsCall::UpdateStage { api_id: "a1".into(), stage_name: "prod".into(), patch_operations: vec![operation] }
    }

    fn with(candidate: &str) -> Value {
        json!({ "deploymentId": "d1", DEPLOYMENT: candidate, "canarySettings/percentTraffic": 10.0 })
    }

    #[test]
    fn the_journal_knows_what_it_attached_and_when() {
        let wider = patch(PatchOperation::replace("/canarySettings/percentTraffic", "25.0"));
        let started = (create(), with("d2"), Outcome::Applied);
        let records = journal(&[started.clone(), (wider, with("d2"), Outcome::Applied)]);
        let begun = begun_by_journal(&records, &stage(), "d2");
        assert_eq!(begun, "2026-03-02T10:00:00Z".parse().ok(), "widening is no beginning");
        assert_eq!(begun_by_journal(&records, &stage(), "d3"), None, "somebody else attached another");

        let removed = patch(PatchOperation::remove("/canarySettings"));
        let records = journal(&[started.clone(), (removed, json!({ "deploymentId": "d1" }), Outcome::Applied)]);
        assert_eq!(
            begun_by_journal(&records, &stage(), "d2"),
            None,
            "it was removed: whoever attached it again is not here"
        );

        let again = (create(), with("d2"), Outcome::Refused);
        assert_eq!(begun_by_journal(&journal(&[started, again]), &stage(), "d2"), "2026-03-02T10:00:00Z".parse().ok());
    }

    #[test]
    fn cloudtrail_tells_who_attached_a_candidate() {
        let of = |name: &str, parameters: Value| begun_by_event(name, &parameters, "a1", "prod");
        let deployed = |stage: &str| json!({ "restApiId": "a1", "createDeploymentInput": { "stageName": stage, "canarySettings": { "percentTraffic": 5 } } });
        assert_eq!(of("CreateDeployment", deployed("prod")), Some(None));
        assert_eq!(of("CreateDeployment", deployed("staging")), None);
        let plain = json!({ "restApiId": "a1", "createDeploymentInput": { "stageName": "prod" } });
        assert_eq!(of("CreateDeployment", plain), None);
        let patched = |path: &str| {
            let patches = json!([{ "op": "replace", "path": path, "value": "d2" }]);
            json!({ "restApiId": "a1", "stageName": "prod", "updateStageInput": { "patchOperations": patches } })
        };
        assert_eq!(of("UpdateStage", patched("/canarySettings/deploymentId")), Some(Some("d2".to_owned())));
        assert_eq!(of("UpdateStage", patched("/canarySettings/percentTraffic")), None);
        assert_eq!(of("UpdateStage", Value::Null), None);
    }
}
