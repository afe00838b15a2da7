//! Which events: what people ask of them, and what there is to choose from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChangeEvent, CiPatterns, EventClient, EventOutcome};

/// Whose changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EventMaker {
    /// Everybody's.
    #[default]
    Anybody,
    /// Those of this console's journal.
    Journal,
    /// Those that the journal does not have.
    Elsewhere,
}

/// What people ask. What one principal did, and what was before an alarm, are asked with
/// [`EventFilter::principals`] and an interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EventQuestion {
    /// What changed?
    #[default]
    Everything,
    /// What was denied?
    Denied,
    /// Who touched production outside a deployment?
    ProductionOutsideDeployment,
    /// What was changed outside CI?
    OutsideCi,
    /// What was done by hand in AWS's web console?
    ByHand,
}

/// Which events. A list that is empty lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct EventFilter {
    /// What is asked.
    pub question: EventQuestion,
    /// Only events in which every word of this occurs: who, principal, what, name, source address, API, stage, context.
    pub text: String,
    /// Ids or names of APIs.
    pub apis: Vec<String>,
    /// Stages.
    pub stages: Vec<String>,
    /// Parts of principals, in any case: an ARN, a role, a person.
    pub principals: Vec<String>,
    /// `apigateway.amazonaws.com`, or the part before the first dot.
    pub sources: Vec<String>,
    /// With what.
    pub clients: Vec<EventClient>,
    /// How it came out.
    pub outcomes: Vec<EventOutcome>,
    /// Labels of contexts.
    pub contexts: Vec<String>,
    /// Only by these.
    pub maker: EventMaker,
}

impl EventFilter {
    /// Whether an event passes.
    #[must_use]
    pub fn lets(&self, event: &ChangeEvent, ci: &CiPatterns) -> bool {
        fn any<T>(wanted: &[T], is: impl Fn(&T) -> bool) -> bool {
            wanted.is_empty() || wanted.iter().any(is)
        }
        let same =
            |one: &str, other: &Option<String>| other.as_ref().is_some_and(|other| other.eq_ignore_ascii_case(one));
        let asked = match self.question {
            EventQuestion::Everything => true,
            EventQuestion::Denied => event.outcome == EventOutcome::Denied,
            EventQuestion::ProductionOutsideDeployment => {
                event.outcome == EventOutcome::Succeeded && event.touches_production() && !event.is_deployment()
            }
            EventQuestion::OutsideCi => event.outcome == EventOutcome::Succeeded && !ci.made(event),
            EventQuestion::ByHand => event.client == EventClient::Console,
        };
        let by = match self.maker {
            EventMaker::Anybody => true,
            EventMaker::Journal => event.journal_entry.is_some(),
            EventMaker::Elsewhere => event.journal_entry.is_none(),
        };
        asked
            && by
            && any(&self.apis, |api| same(api, &event.api_id) || same(api, &event.api_name))
            && any(&self.stages, |stage| same(stage, &event.stage))
            && any(&self.principals, |wanted| {
                let wanted = wanted.to_lowercase();
                event.principal.to_lowercase().contains(&wanted) || event.who.to_lowercase().contains(&wanted)
            })
            && any(&self.sources, |wanted| *wanted == event.source || event.source.split('.').next() == Some(wanted))
            && any(&self.clients, |client| *client == event.client)
            && any(&self.outcomes, |outcome| *outcome == event.outcome)
            && any(&self.contexts, |context| *context == event.context)
            && self.says(event)
    }

    fn says(&self, event: &ChangeEvent) -> bool {
        if self.text.trim().is_empty() {
            return true;
        }
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let text = [
            &event.who,
            &event.principal,
            &event.what,
            &event.name,
            &event.source_ip,
            &event.context,
            &event.account,
            &event.region,
            &optional(&event.api_id),
            &optional(&event.api_name),
            &optional(&event.stage),
        ]
        .map(String::as_str)
        .join(" ")
        .to_lowercase();
        self.text.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// Something to choose, with how many events have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventFacet {
    /// What the filter takes.
    pub value: String,
    /// For people.
    pub label: String,
    /// How many events.
    pub count: u32,
}

/// What there is to choose from, the most frequent first, at most a hundred of each.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventFacets {
    /// APIs.
    pub apis: Vec<EventFacet>,
    /// Stages.
    pub stages: Vec<EventFacet>,
    /// Principals.
    pub principals: Vec<EventFacet>,
    /// Event sources.
    pub sources: Vec<EventFacet>,
    /// Contexts.
    pub contexts: Vec<EventFacet>,
}

const MOST: usize = 100;

/// Counts what these events have.
#[must_use]
pub fn facets(events: &[ChangeEvent]) -> EventFacets {
    let count = |of: &dyn Fn(&ChangeEvent) -> Option<(String, String)>| {
        let mut found: BTreeMap<String, (String, u32)> = BTreeMap::new();
        for (value, label) in events.iter().filter_map(of) {
            found.entry(value).or_insert((label, 0)).1 += 1;
        }
        let mut found: Vec<EventFacet> =
            found.into_iter().map(|(value, (label, count))| EventFacet { value, label, count }).collect();
        found.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.label.cmp(&other.label)));
        found.truncate(MOST);
        found
    };
    let some = |text: &str| (!text.is_empty()).then(|| (text.to_owned(), text.to_owned()));
    EventFacets {
        apis: count(&|event| {
            let id = event.api_id.clone().or_else(|| event.api_name.clone())?;
            Some((id.clone(), event.api_name.clone().unwrap_or(id)))
        }),
        stages: count(&|event| some(event.stage.as_deref()?)),
        principals: count(&|event| (!event.principal.is_empty()).then(|| (event.principal.clone(), event.who.clone()))),
        sources: count(&|event| some(&event.source)),
        contexts: count(&|event| some(&event.context)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::EventEnvelope;
    use serde_json::{Value, json};

    #[expect(clippy::needless_pass_by_value, reason = "tests write parameters where they use them")]
    fn event(name: &str, source: &str, parameters: Value, agent: &str) -> ChangeEvent {
        let record = json!({ "eventName": name, "eventSource": format!("{source}.amazonaws.com"), "userAgent": agent,
            "requestParameters": parameters,
            "userIdentity": { "type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/ops/Ana@shop.example" } });
        ChangeEvent::read("prod", &EventEnvelope::default(), &record.to_string())
    }

    fn stage(stage: &str, path: &str) -> Value {
        json!({ "restApiId": "a1", "stageName": stage, "updateStageInput": {
            "patchOperations": [{ "op": "replace", "path": path, "value": "1" }] } })
    }

    #[test]
    fn production_outside_a_deployment_is_what_acts_at_once() {
        let asked = EventFilter { question: EventQuestion::ProductionOutsideDeployment, ..EventFilter::default() };
        let cli = "aws-cli/2";
        for (name, event, expected) in [
            (
                "a limit on prod",
                event("UpdateStage", "apigateway", stage("prod", "/*/*/throttling/rateLimit"), cli),
                true,
            ),
            (
                "a limit on test",
                event("UpdateStage", "apigateway", stage("test", "/*/*/throttling/rateLimit"), cli),
                false,
            ),
            ("a release", event("UpdateStage", "apigateway", stage("prod", "/deploymentId"), cli), false),
            (
                "a canary's share",
                event("UpdateStage", "apigateway", stage("prod", "/canarySettings/percentTraffic"), cli),
                false,
            ),
            (
                "a deployment",
                event(
                    "CreateDeployment",
                    "apigateway",
                    json!({ "restApiId": "a1", "createDeploymentInput": { "stageName": "prod" } }),
                    cli,
                ),
                false,
            ),
            ("the draft", event("PutMethod", "apigateway", json!({ "restApiId": "a1" }), cli), false),
            ("a web ACL", event("UpdateWebACL", "wafv2", json!({ "name": "shield" }), cli), true),
            ("an alarm", event("PutMetricAlarm", "monitoring", json!({ "alarmName": "a" }), cli), false),
            ("a usage plan", event("UpdateUsagePlan", "apigateway", json!({ "usageplanId": "p1" }), cli), true),
        ] {
            assert_eq!(asked.lets(&event, &CiPatterns::default()), expected, "{name}");
        }
    }

    #[test]
    fn each_filter_lets_through_what_it_says() {
        let one = event("UpdateStage", "apigateway", stage("prod", "/description"), "Mozilla/5.0");
        let all = EventFilter::default;
        for (filter, expected) in [
            (all(), true),
            (EventFilter { apis: vec!["A1".to_owned()], ..all() }, true),
            (EventFilter { apis: vec!["a2".to_owned()], ..all() }, false),
            (EventFilter { stages: vec!["test".to_owned(), "prod".to_owned()], ..all() }, true),
            (EventFilter { principals: vec!["ana@SHOP".to_owned()], ..all() }, true),
            (EventFilter { principals: vec!["ben".to_owned()], ..all() }, false),
            (EventFilter { sources: vec!["apigateway".to_owned()], ..all() }, true),
            (EventFilter { sources: vec!["wafv2.amazonaws.com".to_owned()], ..all() }, false),
            (EventFilter { question: EventQuestion::ByHand, ..all() }, true),
            (EventFilter { question: EventQuestion::Denied, ..all() }, false),
            (EventFilter { question: EventQuestion::OutsideCi, ..all() }, true),
            (EventFilter { maker: EventMaker::Journal, ..all() }, false),
            (EventFilter { text: "description PROD".to_owned(), ..all() }, true),
        ] {
            assert_eq!(filter.lets(&one, &CiPatterns::default()), expected, "{filter:?}");
        }
        let found = facets(&[one.clone(), one]);
        assert_eq!((found.apis[0].value.as_str(), found.apis[0].count), ("a1", 2));
        assert_eq!(found.principals[0].label, "Ana@shop.example as role ops");
    }
}
