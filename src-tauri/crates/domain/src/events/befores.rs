//! What a value was before an event changed it: from the event before it, or from what was read of the target meanwhile.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ChangeEvent, EventOutcome, EventPatch, words::told};
use crate::{
    api::Stage,
    change::{Fields, method_setting_key, usage_plan_fields},
};

/// What was read of a stage or a usage plan at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Which: [`Baseline::of_stage`] and [`Baseline::of_plan`] name it.
    pub target: String,
    /// When it was read, RFC 3339.
    pub at: String,
    /// Values by [`field`].
    pub values: BTreeMap<String, String>,
}

impl Baseline {
    /// A stage's limits, deployment and canary. `place` is account and region.
    #[must_use]
    pub fn of_stage(place: &str, api_id: &str, stage: &Stage, at: &str) -> Self {
        let mut values = BTreeMap::new();
        for (key, limit) in &stage.limits {
            let halves =
                [("rateLimit", limit.rate.map(decimal)), ("burstLimit", limit.burst.map(|burst| burst.to_string()))];
            for (half, value) in halves {
                values.extend(value.map(|value| (format!("{key}/{half}"), value)));
            }
        }
        values.extend(stage.deployment_id.as_ref().map(|id| ("deploymentId".to_owned(), id.to_string())));
        if let Some(canary) = &stage.canary {
            values.insert("canarySettings/deploymentId".to_owned(), canary.deployment_id.to_string());
            values.insert("canarySettings/percentTraffic".to_owned(), decimal(canary.percent_traffic));
        }
        Self { target: stage_target(place, api_id, &stage.name), at: at.to_owned(), values }
    }

    /// A usage plan's limits and quota, from an item of `GetUsagePlans`; `None` where it has no id.
    #[must_use]
    pub fn of_plan(place: &str, item: &serde_json::Value, at: &str) -> Option<Self> {
        let id = item["id"].as_str()?;
        let fields: Fields = usage_plan_fields(item);
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let values = fields.iter().filter(|(name, _)| !name.starts_with("tags/"));
        let values = values.map(|(name, value)| (name.clone(), text(value))).collect();
        Some(Self { target: plan_target(place, id), at: at.to_owned(), values })
    }
}

fn decimal(number: f64) -> String {
    serde_json::Value::from(number).to_string()
}

fn stage_target(place: &str, api: &str, stage: &str) -> String {
    format!("{place} stage {api}/{stage}")
}

fn plan_target(place: &str, plan: &str) -> String {
    format!("{place} plan {plan}")
}

/// What the patches of an event are of.
fn target(event: &ChangeEvent) -> Option<String> {
    let place = format!("{}/{}", event.account, event.region);
    match (&event.usage_plan_id, &event.api_id, &event.stage) {
        (Some(plan), _, _) => Some(plan_target(&place, plan)),
        (None, Some(api), Some(stage)) => Some(stage_target(&place, api, stage)),
        _ => None,
    }
}

/// The name under which a baseline has what a patch sets; `None` for what baselines do not keep.
fn field(path: &str) -> Option<String> {
    let (entry, last) = path.rsplit_once('/')?;
    let half = match last {
        "rateLimit" | "throttlingRateLimit" => Some("rateLimit"),
        "burstLimit" | "throttlingBurstLimit" => Some("burstLimit"),
        _ => None,
    };
    if let (Some(settings), Some(half)) = (entry.strip_suffix("/throttling"), half) {
        return Some(format!("{}/{half}", method_setting_key(settings)));
    }
    let known = ["/deploymentId", "/canarySettings/deploymentId", "/canarySettings/percentTraffic"];
    if known.contains(&path) || entry == "/quota" || entry == "/throttle" {
        return Some(path.trim_start_matches('/').to_owned());
    }
    match (entry.split_once("/throttle/"), entry.strip_prefix("/routeSettings/"), half) {
        (Some((stage, method)), _, Some(half)) => {
            Some(format!("{}/throttle/{}/{half}", stage.trim_start_matches('/'), method_setting_key(method)))
        }
        (None, Some(key), Some(half)) => Some(format!("{}/{half}", key.replace("~1", "/").replace("~0", "~"))),
        (None, None, Some(half)) if entry == "/defaultRouteSettings" => Some(format!("*/*/{half}")),
        _ => None,
    }
}

/// Says of every patch what the value was before: what an earlier event of the same target left there, or what was read
/// of it in between. Newest first in, and newest first out.
pub fn tell_befores(events: &mut [ChangeEvent], baselines: &[Baseline]) {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    let mut read: HashMap<&str, Vec<(Timestamp, &Baseline)>> = HashMap::new();
    for baseline in baselines {
        if let Some(at) = time(&baseline.at) {
            read.entry(&baseline.target).or_default().push((at, baseline));
        }
    }
    let mut left = HashMap::<(String, String), (Option<Timestamp>, Option<String>)>::new();
    let mut deleted = HashMap::<String, Timestamp>::new();
    for event in events.iter_mut().rev() {
        if event.outcome != EventOutcome::Succeeded {
            continue;
        }
        let Some(target) = target(event) else { continue };
        let at = time(&event.at);
        if matches!(event.name.as_str(), "DeleteStage" | "DeleteUsagePlan") {
            // What is made under the name afterwards has nothing of it.
            left.retain(|(of, _), _| *of != target);
            deleted.extend(at.map(|at| (target.clone(), at)));
        }
        let newest =
            read.get(target.as_str()).into_iter().flatten().filter(|(when, _)| {
                at.is_some_and(|at| *when < at) && deleted.get(&target).is_none_or(|gone| when > gone)
            });
        let newest = newest.max_by_key(|(when, _)| *when);
        for patch in &mut event.patches {
            // What a copy left there is not known, nor what AWS keeps back (`***`).
            let now = patch.after.clone().filter(|after| patch.op != "copy" && !is_kept_back(after));
            let known = left.insert((target.clone(), patch.path.clone()), (at, now));
            let by_event = known.as_ref().and_then(|(when, value)| Some((*when, value.clone()?)));
            let by_reading = newest.and_then(|(when, baseline)| Some((Some(*when), value_of(baseline, &patch.path)?)));
            patch.before = match (by_event, by_reading) {
                (Some((changed, _)), Some((seen, value))) if seen > changed => Some(value),
                // An event whose value is not known came after the reading.
                (None, Some((seen, value))) => known.is_none_or(|(when, _)| seen > when).then_some(value),
                (Some((_, value)), _) => Some(value),
                (None, None) => None,
            };
        }
        if let Some(first) = event.patches.first() {
            event.what = with_direction(&event.what, first);
        }
    }
}

/// CloudTrail writes stars for what it must not tell.
fn is_kept_back(value: &str) -> bool {
    value.len() >= 3 && value.bytes().all(|letter| letter == b'*')
}

fn value_of(baseline: &Baseline, path: &str) -> Option<String> {
    let field = field(path)?;
    Some(baseline.values.get(&field).cloned().unwrap_or_else(|| "not set".to_owned()))
}

/// `Set the rate limit … to 10` -> `Lowered the rate limit … from 50 to 10`, where both are numbers.
fn with_direction(what: &str, patch: &EventPatch) -> String {
    let number = |text: &Option<String>| text.as_ref()?.parse::<f64>().ok();
    let (Some(before), Some(after)) = (&patch.before, &patch.after) else { return what.to_owned() };
    let (Some(was), Some(is)) = (number(&patch.before), number(&patch.after)) else { return what.to_owned() };
    let verb = if is < was {
        "Lowered"
    } else if is > was {
        "Raised"
    } else {
        return what.to_owned();
    };
    let (before, after) = (told(before), told(after));
    match what.strip_prefix(&format!("Set {} to {after}", patch.label)) {
        Some(rest) => format!("{verb} {} from {before} to {after}{rest}", patch.label),
        None => what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{events::EventEnvelope, throttle::Limit};
    use serde_json::{Value, json};

    #[expect(clippy::needless_pass_by_value, reason = "tests write parameters where they use them")]
    fn event(at: &str, parameters: Value) -> ChangeEvent {
        let record = json!({
            "eventName": if parameters["usageplanId"].is_null() { "UpdateStage" } else { "UpdateUsagePlan" },
            "recipientAccountId": "111122223333", "awsRegion": "eu-west-1", "requestParameters": parameters,
        });
        ChangeEvent::read("prod", &EventEnvelope { at: at.to_owned(), ..EventEnvelope::default() }, &record.to_string())
    }

    fn login(at: &str, rate: &str) -> ChangeEvent {
        let patch = json!({ "op": "replace", "path": "/~1login/POST/throttling/rateLimit", "value": rate });
        event(at, json!({ "restApiId": "a1", "stageName": "prod", "updateStageInput": { "patchOperations": [patch] } }))
    }

    fn stage(at: &str, key: &str, rate: f64) -> Baseline {
        let limits = [(key.to_owned(), Limit { rate: Some(rate), burst: None })].into();
        let stage: Stage = serde_json::from_value(json!({ "name": "prod" })).unwrap();
        Baseline::of_stage("111122223333/eu-west-1", "a1", &Stage { limits, ..stage }, at)
    }

    #[test]
    fn a_reading_tells_what_no_event_does_and_the_newer_of_both_counts() {
        let read = "2026-03-01T10:00:00Z";
        for (name, events, readings, expected) in [
            (
                "only a reading",
                vec![login("2026-03-02T10:00:00Z", "5")],
                vec![stage(read, "POST /login", 50.0)],
                Some("50.0"),
            ),
            (
                "the event came after the reading",
                vec![login("2026-03-02T10:00:00Z", "5"), login("2026-03-01T11:00:00Z", "20")],
                vec![stage(read, "POST /login", 50.0)],
                Some("20"),
            ),
            (
                "somebody changed it unseen, and the reading saw it",
                vec![login("2026-03-02T10:00:00Z", "5"), login("2026-02-01T11:00:00Z", "20")],
                vec![stage(read, "POST /login", 50.0)],
                Some("50.0"),
            ),
            (
                "the reading came later",
                vec![login("2026-02-02T10:00:00Z", "5")],
                vec![stage(read, "POST /login", 5.0)],
                None,
            ),
            (
                "it had no limit of its own",
                vec![login("2026-03-02T10:00:00Z", "5")],
                vec![stage(read, "*/*", 50.0)],
                Some("not set"),
            ),
            ("nothing", vec![login("2026-03-02T10:00:00Z", "5")], vec![], None),
        ] {
            let mut events = events;
            tell_befores(&mut events, &readings);
            assert_eq!(events[0].patches[0].before.as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_usage_plan_has_befores_too() {
        let item = json!({ "id": "p1", "name": "small", "throttle": { "rateLimit": 10.0, "burstLimit": 20 },
            "quota": { "limit": 1000, "period": "MONTH" },
            "apiStages": [{ "apiId": "a1", "stage": "prod", "throttle": { "/login/POST": { "rateLimit": 2.0 } } }] });
        let baseline = Baseline::of_plan("111122223333/eu-west-1", &item, "2026-03-01T10:00:00Z").unwrap();
        for (path, expected) in [
            ("/throttle/rateLimit", "10.0"),
            ("/quota/limit", "1000"),
            ("/apiStages/a1:prod/throttle/~1login/POST/rateLimit", "2.0"),
            ("/apiStages/a1:prod/throttle/~1login/POST/burstLimit", "not set"),
        ] {
            let patch = json!({ "op": "replace", "path": path, "value": "5" });
            let parameters = json!({ "usageplanId": "p1", "updateUsagePlanInput": { "patchOperations": [patch] } });
            let mut events = [event("2026-03-02T10:00:00Z", parameters)];
            tell_befores(&mut events, std::slice::from_ref(&baseline));
            assert_eq!(events[0].patches[0].before.as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn fields_of_version_two_are_found() {
        for (path, expected) in [
            ("/defaultRouteSettings/throttlingRateLimit", Some("*/*/rateLimit")),
            ("/routeSettings/GET ~1pets/throttlingBurstLimit", Some("GET /pets/burstLimit")),
            ("/*/*/throttling/rateLimit", Some("*/*/rateLimit")),
            ("/*/*/logging/loglevel", None),
            ("/variables/password", None),
        ] {
            assert_eq!(field(path).as_deref(), expected, "{path}");
        }
    }
}
