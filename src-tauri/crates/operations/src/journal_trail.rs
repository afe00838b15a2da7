//! A change of the journal beside CloudTrail's events of the same request ids: what AWS itself says that happened.

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::{
    change::Plan,
    events::{ChangeEvent, Interval},
    journal::{JournalEntry, JournalStep, JournalStepState},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::WireError,
    events_state::{LAKE, lake_place},
    host::Host,
};

/// CloudTrail delivers most events within five minutes, and says fifteen ("How CloudTrail works").
const DELIVERY: SignedDuration = SignedDuration::from_mins(15);
/// Clocks of this machine and of AWS may differ by this much (beyond five minutes AWS refuses signatures).
const CLOCKS: SignedDuration = SignedDuration::from_mins(5);

/// Whether CloudTrail's event of a call is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TrailState {
    /// It is, by its request id.
    Matched,
    /// Not yet: CloudTrail delivers up to 15 minutes later.
    NotArrived,
    /// The time of the change is outside of what was fetched.
    NotCovered,
    /// The time was fetched, and there is no event of this request: somebody should look into that.
    Missing,
    /// AWS gave no request id for the call, so that there is nothing to match by.
    NoRequestId,
    /// The call was not sent.
    NotSent,
}

/// What CloudTrail has of one call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepTrail {
    /// Whether the event is known.
    pub state: TrailState,
    /// The same as a sentence.
    pub sentence: String,
    /// The event, when it is.
    #[ts(optional = nullable)]
    pub event: Option<ChangeEvent>,
}

/// Matches each step of an entry with what was fetched.
///
/// # Errors
/// The store's.
pub(crate) fn trail_of(host: &Host, entry: &JournalEntry) -> Result<Vec<StepTrail>, WireError> {
    let Some(plan) = entry.plan.as_deref() else { return Ok(Vec::new()) };
    let moment = |text: &str| text.parse::<Timestamp>().ok();
    let now = host.inner.options.clock.now();
    let from = moment(&entry.opened_at).unwrap_or(now);
    let to = entry.closed_at.as_deref().and_then(moment).unwrap_or(now);
    let of = |(number, step): (usize, &JournalStep)| trail_of_step(host, plan, number, step, Interval { from, to });
    entry.steps.iter().enumerate().map(of).collect()
}

fn trail_of_step(
    host: &Host,
    plan: &Plan,
    number: usize,
    step: &JournalStep,
    during: Interval,
) -> Result<StepTrail, WireError> {
    let without = |state, sentence: &str| StepTrail { state, sentence: sentence.to_owned(), event: None };
    if step.state == JournalStepState::NotStarted {
        return Ok(without(TrailState::NotSent, "The call was not sent."));
    }
    let (Some(id), Some(planned)) = (step.request_id.as_deref(), plan.steps.get(number)) else {
        return Ok(without(
            TrailState::NoRequestId,
            "AWS gave no request id, so no event of CloudTrail can be matched.",
        ));
    };
    let context =
        plan.targets.get(planned.target).map(portcullis_domain::change::PlanTarget::context).unwrap_or_default();
    let store = host.events_store()?;
    let mut covered = Vec::new();
    for (place, source) in kept_at(host, context, source_of(planned.call.service()))? {
        let kept = store.between(&place, during.from - CLOCKS, during.to + CLOCKS)?;
        let event = kept
            .iter()
            .map(|kept| ChangeEvent::read(context, &kept.envelope, &kept.record))
            .find(|event| event.request_id.as_deref() == Some(id));
        if let Some(event) = event {
            let sentence = format!("CloudTrail has it: {} by {} at {}.", event.name, event.who, event.at);
            return Ok(StepTrail { state: TrailState::Matched, sentence, event: Some(event) });
        }
        covered.extend(store.covered(&place, source)?);
    }
    let (state, sentence) = unmatched(&covered, during.to, host.inner.options.clock.now());
    Ok(without(state, &sentence))
}

/// Where the events of a context are kept, and under which source: its account and region, and the event data store that
/// it uses. A context that is closed keeps its place.
fn kept_at(host: &Host, label: &str, source: &'static str) -> Result<Vec<(String, &'static str)>, WireError> {
    let account = match host.context(label) {
        Some(context) => host.events_place(&context)?,
        None => host.events_store()?.place(label)?,
    };
    let lake = host.event_data_store(label).map(|store| (lake_place(&store), LAKE));
    Ok(account.map(|place| (place, source)).into_iter().chain(lake).collect())
}

/// Why there is no event of a change that ended at `at`.
fn unmatched(covered: &[Interval], at: Timestamp, now: Timestamp) -> (TrailState, String) {
    let around = covered.iter().find(|interval| interval.from <= at && at <= interval.to);
    match around {
        // What was fetched so soon after the change may have come too early.
        Some(interval) if interval.to.duration_since(at) >= DELIVERY => (
            TrailState::Missing,
            "CloudTrail was read for that time and has no event with this request id. Look whether its trail of \
             management events is complete."
                .to_owned(),
        ),
        _ if now.duration_since(at) < DELIVERY => {
            (TrailState::NotArrived, "Not yet arrived: CloudTrail delivers up to 15 minutes later.".to_owned())
        }
        Some(_) => {
            (TrailState::NotArrived, "Not yet arrived when changes were last fetched: fetch them again.".to_owned())
        }
        None => (
            TrailState::NotCovered,
            "Outside the covered time: changes of that time were not fetched from CloudTrail.".to_owned(),
        ),
    }
}

/// The source that CloudTrail names for a service.
fn source_of(service: &str) -> &'static str {
    match service {
        "wafv2" => "wafv2.amazonaws.com",
        "cloudwatch" => "monitoring.amazonaws.com",
        // Versions 1 and 2 alike.
        _ => "apigateway.amazonaws.com",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_not_there_has_its_reason() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (change, hour) = (at("2026-03-02T10:00:00Z"), at("2026-03-02T11:00:00Z"));
        let until = |to: Timestamp| [Interval { from: at("2026-03-02T09:00:00Z"), to }];
        for (covered, now, state) in [
            (&[][..], at("2026-03-02T10:05:00Z"), TrailState::NotArrived),
            (&[], hour, TrailState::NotCovered),
            (&until(at("2026-03-02T09:30:00Z")), hour, TrailState::NotCovered),
            (&until(at("2026-03-02T10:01:00Z")), at("2026-03-02T10:02:00Z"), TrailState::NotArrived),
            (&until(at("2026-03-02T10:01:00Z")), hour, TrailState::NotArrived),
            (&until(hour), hour, TrailState::Missing),
        ] {
            assert_eq!(unmatched(covered, change, now).0, state, "{covered:?} at {now}");
        }
    }
}
