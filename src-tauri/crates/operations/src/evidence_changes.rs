//! The changes of a period for an evidence pack: in words, as records, and summed up for the report.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use portcullis_domain::{
    events::{ChangeEvent, EventOutcome, Interval},
    findings::report::ReportChanges,
};
use serde::Serialize;

use crate::{
    error::WireError,
    event_list::{EventCovered, covered, known_events, known_records},
    events_csv::events_csv,
    host::Host,
};

/// What was extracted.
pub(crate) struct Extract {
    pub(crate) json: String,
    pub(crate) csv: String,
    pub(crate) records: String,
    pub(crate) report: ReportChanges,
}

/// `changes.json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changes<'a> {
    interval: Interval,
    covered: &'a [EventCovered],
    items: &'a [ChangeEvent],
}

/// Extracts what is kept; fetches nothing.
///
/// # Errors
/// The store's, the journal's.
pub(crate) fn extract(host: &Host, interval: Interval) -> Result<Extract, WireError> {
    let events = known_events(host, interval)?;
    let covered = covered(host, interval)?;
    let failed = |error: &dyn std::error::Error| WireError::internal("evidence_pack_write", error);
    let changes = Changes { interval, covered: &covered, items: &events };
    let json = serde_json::to_string_pretty(&changes).map_err(|error| failed(&error))? + "\n";
    let mut records = String::new();
    for record in known_records(host, interval)? {
        records.push_str(&record.to_string());
        records.push('\n');
    }
    Ok(Extract { json, csv: events_csv(&events)?, records, report: report(&events, &covered, interval) })
}

/// The longest period that is drawn day by day.
const DAYS: usize = 400;

fn report(events: &[ChangeEvent], covered: &[EventCovered], interval: Interval) -> ReportChanges {
    let day = |moment: jiff::Timestamp| moment.to_zoned(TimeZone::UTC).date();
    let mut days: BTreeMap<Date, (u32, u32)> = BTreeMap::new();
    let mut at = day(interval.from);
    while at <= day(interval.to) && days.len() < DAYS {
        days.insert(at, (0, 0));
        at = at.saturating_add(1.day());
    }
    let mut actors: BTreeMap<&str, u32> = BTreeMap::new();
    for event in events {
        *actors.entry(&event.who).or_default() += 1;
        let counted = event.at.parse().ok().and_then(|moment| days.get_mut(&day(moment)));
        if let Some((done, refused)) = counted {
            *(if event.outcome == EventOutcome::Succeeded { done } else { refused }) += 1;
        }
    }
    let mut actors: Vec<(String, u32)> = actors.into_iter().map(|(who, count)| (who.to_owned(), count)).collect();
    actors.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let mut known = vec![format!("{} changes from {} to {}.", events.len(), interval.from, interval.to)];
    known.extend(covered.iter().filter(|one| !one.holes.is_empty()).map(|one| {
        let place = one.place.as_deref().unwrap_or(&one.context);
        let holes: Vec<String> = one.holes.iter().map(|hole| format!("{} to {}", hole.from, hole.to)).collect();
        format!("Not known of {} in {place}: {}.", one.source, holes.join(", "))
    }));
    ReportChanges {
        known,
        days: days.into_iter().map(|(day, (done, refused))| (day.to_string(), done, refused)).collect(),
        actors,
        ours: u32::try_from(events.iter().filter(|event| event.journal_entry.is_some()).count()).unwrap_or(u32::MAX),
    }
}
