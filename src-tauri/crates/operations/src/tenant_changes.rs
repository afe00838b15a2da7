//! What was changed of a tenant's keys and plans lately: by this console, and as far as CloudTrail's events were fetched by
//! anybody. The first question on the phone is whether something was changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use portcullis_domain::{
    change::PlanTarget,
    events::{EventOutcome, Interval},
    journal::{JournalEntry, entries},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{
    error::WireError,
    event_list::{EventCovered, covered, known_events, places},
    host::Host,
    journal_list::{JournalState, line},
};

/// How far back is looked.
const WINDOW: SignedDuration = SignedDuration::from_hours(35 * 24);
/// The most changes that are told.
const MOST: usize = 50;
/// The source of every change of keys and plans.
const SOURCE: &str = "apigateway.amazonaws.com";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantChange {
    /// When, RFC 3339.
    pub at: String,
    /// Who, for a person.
    pub who: String,
    /// What, a sentence.
    pub what: String,
    /// Why, where this console's journal says.
    pub reason: String,
    /// Whether it was done, in part at least; what was refused or taken back explains nothing. One that was undone later
    /// was done, and its undoing is a change of its own.
    pub done: bool,
    /// The entry of this console's journal; none for a change that was made elsewhere.
    #[ts(optional = nullable)]
    pub journal_entry: Option<String>,
    /// CloudTrail's event; none for a change that is known from the journal alone.
    #[ts(optional = nullable)]
    pub event_id: Option<String>,
}

/// The changes, and how much of the time they are known for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantChanges {
    /// The time that was looked at.
    pub interval: Interval,
    /// Latest first, at most 50.
    pub items: Vec<TenantChange>,
    /// Changes in all.
    pub total: u32,
    /// What of the time CloudTrail's events are not known for, oldest first: changes elsewhere would not be told.
    pub holes: Vec<Interval>,
    /// Why there is nothing to tell, where the journal or the file of events could not be read.
    pub unread: Vec<String>,
}

/// Whom and what the changes must concern.
pub(crate) struct Concerned<'a> {
    pub(crate) context: &'a str,
    pub(crate) keys: BTreeSet<&'a str>,
    pub(crate) plans: BTreeSet<&'a str>,
}

impl Concerned<'_> {
    fn by_target(&self, target: &PlanTarget) -> bool {
        if target.context() != self.context {
            return false;
        }
        match target {
            PlanTarget::UsagePlan { usage_plan_id, .. } => self.plans.contains(usage_plan_id.as_str()),
            PlanTarget::PlanKey { key_id, .. } | PlanTarget::ApiKey { key_id, .. } => {
                self.keys.contains(key_id.as_str())
            }
            PlanTarget::NewApiKey { rotates, .. } | PlanTarget::NewPlanKey { rotates, .. } => {
                self.keys.contains(rotates.as_str())
            }
            PlanTarget::RestStage { .. }
            | PlanTarget::HttpStage { .. }
            | PlanTarget::WebAcl { .. }
            | PlanTarget::Alarm { .. } => false,
        }
    }

    /// Which of the keys an event names; none of them where it changes one of the plans itself. Nothing for any other event:
    /// what happens to somebody else's key in a plan is no change of this tenant.
    fn by_record(&self, record: &str) -> Option<BTreeSet<&str>> {
        let record = serde_json::from_str::<Value>(record).ok()?;
        let asked = &record["requestParameters"];
        let plan = ["usageplanId", "usagePlanId"].iter().find_map(|name| asked[name].as_str());
        let of_plan = plan.is_some_and(|plan| self.plans.contains(plan))
            && matches!(record["eventName"].as_str(), Some("UpdateUsagePlan" | "DeleteUsagePlan"));
        let mut keys = BTreeSet::new();
        self.named(asked, &mut keys);
        // The id of a key that was made is in the answer alone.
        self.named(&record["responseElements"]["id"], &mut keys);
        (of_plan || !keys.is_empty()).then_some(keys)
    }

    /// Adds the keys whose id is a text in this document, or the last part of one
    /// (`arn:aws:apigateway:eu-west-1::/apikeys/ID`).
    fn named<'k>(&'k self, document: &Value, found: &mut BTreeSet<&'k str>) {
        match document {
            Value::String(text) => found.extend(self.keys.get(text.rsplit('/').next().unwrap_or_default()).copied()),
            Value::Array(items) => items.iter().for_each(|item| self.named(item, found)),
            Value::Object(members) => members.values().for_each(|member| self.named(member, found)),
            _ => {}
        }
    }
}

/// Looks them up. A journal or a file of events that cannot be read is said, and costs its own part of the answer.
pub(crate) fn tenant_changes(host: &Host, concerned: &Concerned<'_>) -> TenantChanges {
    let now = host.inner.options.clock.now();
    let interval = Interval { from: now - WINDOW, to: now };
    let mut found = TenantChanges { interval, items: Vec::new(), total: 0, holes: Vec::new(), unread: Vec::new() };
    match of_journal(host, concerned, interval) {
        Ok(items) => found.items.extend(items),
        Err(error) => found.unread.push(error.message),
    }
    match of_events(host, concerned, interval) {
        Ok((items, holes)) => {
            // What the journal tells with its reason is not told again as the calls that it sent.
            let told: BTreeSet<String> = found.items.iter().filter_map(|item| item.journal_entry.clone()).collect();
            let elsewhere =
                items.into_iter().filter(|item| item.journal_entry.as_ref().is_none_or(|id| !told.contains(id)));
            found.items.extend(elsewhere);
            found.holes = holes;
        }
        Err(error) => found.unread.push(error.message),
    }
    found.items.sort_by(|one, other| other.at.cmp(&one.at));
    found.total = u32::try_from(found.items.len()).unwrap_or(u32::MAX);
    found.items.truncate(MOST);
    found
}

fn of_journal(host: &Host, concerned: &Concerned<'_>, interval: Interval) -> Result<Vec<TenantChange>, WireError> {
    let records = host.journal()?.records()?;
    let about = |entry: &JournalEntry| {
        let plan = entry.plan.as_deref();
        plan.is_some_and(|plan| plan.targets.iter().any(|target| concerned.by_target(target)))
            && entry.opened_at.parse::<jiff::Timestamp>().is_ok_and(|at| at >= interval.from)
    };
    let told = |entry: JournalEntry| {
        let line = line(host, entry);
        let who = if line.actor.caller_arn.is_empty() { &line.actor.local_user } else { &line.actor.caller_arn };
        TenantChange {
            at: line.opened_at.clone(),
            who: who.clone(),
            done: matches!(
                line.state,
                JournalState::Applied | JournalState::Undone | JournalState::Partial | JournalState::Mismatch
            ),
            what: line.title,
            reason: line.reason,
            journal_entry: Some(line.id),
            event_id: None,
        }
    };
    Ok(entries(&records).into_iter().filter(about).map(told).collect())
}

type Events = (Vec<TenantChange>, Vec<Interval>);

fn of_events(host: &Host, concerned: &Concerned<'_>, interval: Interval) -> Result<Events, WireError> {
    let store = host.events_store()?;
    let mut about = BTreeMap::new();
    for place in places(host)? {
        for kept in store.between(&place.name, interval.from, interval.to)? {
            if let Some(keys) = concerned.by_record(&kept.record) {
                about.insert(kept.envelope.id, keys);
            }
        }
    }
    let told = known_events(host, interval)?.into_iter().filter(|event| event.context == concerned.context).filter_map(
        |event| {
            // A sentence about a key does not say of which.
            let keys: String = about.get(&event.id)?.iter().map(|key| format!(", key {key}")).collect();
            Some(TenantChange {
                at: event.at,
                who: event.who,
                what: event.what + &keys,
                reason: String::new(),
                done: event.outcome == EventOutcome::Succeeded,
                journal_entry: event.journal_entry,
                event_id: Some(event.id),
            })
        },
    );
    let of_context = |known: &EventCovered| known.context == concerned.context && known.source != "wafv2.amazonaws.com";
    let keeps_keys = |known: &EventCovered| known.source == SOURCE || known.source == crate::events_state::LAKE;
    let holes =
        covered(host, interval)?.into_iter().filter(of_context).filter(keeps_keys).flat_map(|known| known.holes);
    Ok((told.collect(), holes.collect()))
}
