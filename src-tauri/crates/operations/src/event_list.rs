//! `event_list`: the configuration changes that match, latest first, with who made them and whether it was this console.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::{
    coverage::Coverage,
    events::{
        ChangeEvent, CiPatterns, EVENT_SOURCES, EventFacets, EventFilter, EventOutcome, Interval, facets, holes,
        tell_befores,
    },
    journal::entries,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    events_state::{LAKE, lake_place},
    host::Host,
    inventory::OpenedContext,
};

/// How far back is looked when nobody says.
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Which events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct EventListRequest {
    /// What is asked.
    pub filter: EventFilter,
    /// From then on, RFC 3339; a week before `until` when not said.
    #[ts(optional = nullable)]
    pub since: Option<String>,
    /// Until then, RFC 3339; now when not said.
    #[ts(optional = nullable)]
    pub until: Option<String>,
    /// Lines to skip.
    pub offset: u32,
    /// Lines of a page, 1 to 500.
    pub limit: u32,
}

/// What of time is covered for one context: nothing is said about the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventCovered {
    /// The context's label.
    pub context: String,
    /// The account and region, or the event data store; none while nobody knows.
    #[ts(optional = nullable)]
    pub place: Option<String>,
    /// `apigateway.amazonaws.com`, or `CloudTrail Lake` for all of them.
    pub source: String,
    /// Everything that is known, oldest first; none when nothing was fetched yet.
    pub intervals: Vec<Interval>,
    /// What of the time that was asked for is not known, oldest first.
    pub holes: Vec<Interval>,
}

/// A page of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventList {
    /// The time that was asked for.
    pub interval: Interval,
    /// Events in it.
    pub total: u32,
    /// Events that match.
    pub matching: u32,
    /// The page.
    pub items: Vec<ChangeEvent>,
    /// What there is to filter by, over all events of the time that was asked for.
    pub facets: EventFacets,
    /// What of time is covered.
    pub covered: Vec<EventCovered>,
    /// What counts as CI.
    pub ci: CiPatterns,
    /// How many events came of a fetch under way; none when there is none.
    #[ts(optional = nullable)]
    pub fetching: Option<u32>,
    /// What the last fetch could not get.
    pub coverage: Coverage,
}

/// Lists a page of what was fetched; [`crate::event_refresh`] fetches.
///
/// # Errors
/// `InvalidInput` for a page of no lines or of too many and for a time that is none; the store's.
pub async fn event_list(host: &Host, request: EventListRequest) -> Result<EventList, WireError> {
    if request.limit == 0 || request.limit > 500 {
        return Err(WireError::new(ErrorCode::InvalidInput, "A page has 1 to 500 lines."));
    }
    let until = moment(request.until.as_deref(), "until")?.unwrap_or_else(|| host.inner.options.clock.now());
    let since = moment(request.since.as_deref(), "since")?.unwrap_or_else(|| until - WINDOW);
    // Events and what is covered are known to the second.
    let second = |moment: Timestamp| Timestamp::from_second(moment.as_second()).unwrap_or(moment);
    let interval = Interval { from: second(since.min(until)), to: second(until) };
    let mut events = known_events(host, interval)?;
    let covered = covered(host, interval)?;
    let ci = &host.inner.events.ci;
    let (total, facets) = (count(events.len()), facets(&events));
    events.retain(|event| request.filter.lets(event, ci));
    let matching = count(events.len());
    let items = events.into_iter().skip(request.offset as usize).take(request.limit as usize).collect();
    Ok(EventList {
        interval,
        total,
        matching,
        items,
        facets,
        covered,
        ci: ci.clone(),
        fetching: host.fetching().map(count),
        coverage: Coverage::of(host.event_gaps()),
    })
}

/// Where the events of an open context are kept.
pub(crate) struct EventPlace {
    context: Arc<OpenedContext>,
    /// Its name in the file of events.
    pub(crate) name: String,
    sources: Vec<&'static str>,
    /// Whether the context's changes are fetched there today.
    in_use: bool,
}

/// Those of every open context: its account and region, and the event data store where one was chosen.
///
/// # Errors
/// The store's.
pub(crate) fn places(host: &Host) -> Result<Vec<EventPlace>, WireError> {
    let contexts = host.contexts().clone();
    let mut places = Vec::new();
    for context in contexts {
        let lake = host.event_data_store(&context.label);
        if let Some(name) = host.events_place(&context)? {
            let context = Arc::clone(&context);
            places.push(EventPlace { context, name, sources: EVENT_SOURCES.to_vec(), in_use: lake.is_none() });
        }
        if let Some(store) = lake {
            places.push(EventPlace { context, name: lake_place(&store), sources: vec![LAKE], in_use: true });
        }
    }
    Ok(places)
}

/// Every change that is known of an interval, latest first, with what it was before and which of them are ours.
///
/// # Errors
/// The store's, the journal's.
pub(crate) fn known_events(host: &Host, interval: Interval) -> Result<Vec<ChangeEvent>, WireError> {
    let store = host.events_store()?;
    let made_here = made_here(host)?;
    let (mut events, mut baselines) = (Vec::new(), Vec::new());
    // Two contexts may be one account, and an event may be in the event history and in CloudTrail Lake.
    let (mut read, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for place in places(host)? {
        if !read.insert(place.name.clone()) {
            continue;
        }
        baselines.extend(store.baselines(&place.name)?);
        for kept in store.between(&place.name, interval.from, interval.to)? {
            let mut event = ChangeEvent::read(&place.context.label, &kept.envelope, &kept.record);
            let ours = event.account.clone();
            if event.read_only && event.outcome == EventOutcome::Succeeded || !seen.insert((event.id.clone(), ours)) {
                continue;
            }
            event.journal_entry = event.request_id.as_ref().and_then(|id| made_here.get(id)).cloned();
            name_api(host, &mut event);
            events.push(event);
        }
    }
    // Kept by id within a second: the order in which CloudTrail gave them stays.
    events.sort_by(|one, other| other.at.cmp(&one.at));
    tell_befores(&mut events, &baselines);
    Ok(events)
}

/// The records of an interval as CloudTrail has them, without secrets, one JSON document each, latest first. One that is cut
/// off is given as text.
///
/// # Errors
/// The store's.
pub(crate) fn known_records(host: &Host, interval: Interval) -> Result<Vec<serde_json::Value>, WireError> {
    let store = host.events_store()?;
    let (mut read, mut records) = (BTreeSet::new(), Vec::new());
    for place in places(host)? {
        if !read.insert(place.name.clone()) {
            continue;
        }
        for kept in store.between(&place.name, interval.from, interval.to)? {
            let cut = || serde_json::json!({ "eventID": kept.envelope.id, "cutOff": kept.record });
            records.push(serde_json::from_str(&kept.record).unwrap_or_else(|_| cut()));
        }
    }
    Ok(records)
}

/// The name of its API, where the inventory has it: nobody knows an API by its id. An event of another account (CloudTrail
/// Lake has them all) is its context's, where that is open.
fn name_api(host: &Host, event: &mut ChangeEvent) {
    let contexts = host.contexts().clone();
    let at = |context: &&Arc<OpenedContext>| {
        let state = context.state();
        state.identity.as_ref().is_some_and(|identity| *identity.account == *event.account)
            && state.region.as_deref() == Some(event.region.as_str())
    };
    let Some(context) = contexts.iter().find(at) else { return };
    if contexts.iter().all(|open| *open.label != *event.context || !at(&open)) {
        event.context = context.label.to_string();
    }
    let state = context.state();
    match (event.api_id.clone(), event.api_name.clone()) {
        (Some(id), None) => {
            if let Some(known) = state.apis.get(id.as_str()) {
                event.what = event.what.replace(&id, &known.api.name);
                event.api_name = Some(known.api.name.to_string());
            }
        }
        (None, Some(name)) => {
            event.api_id = state.apis.values().find(|api| *api.api.name == *name).map(|api| api.api.id.to_string());
        }
        _ => {}
    }
}

/// What of an interval is known, by context and source.
///
/// # Errors
/// The store's.
pub(crate) fn covered(host: &Host, interval: Interval) -> Result<Vec<EventCovered>, WireError> {
    let store = host.events_store()?;
    let places = places(host)?;
    let mut covered = Vec::new();
    for place in &places {
        for source in &place.sources {
            let intervals = store.covered(&place.name, source)?;
            if !place.in_use && intervals.is_empty() {
                continue;
            }
            covered.push(EventCovered {
                context: place.context.label.to_string(),
                place: Some(place.name.clone()),
                source: (*source).to_owned(),
                // What another way knows of the time is no hole of the one in use, and the other way round.
                holes: if place.in_use { holes(&intervals, interval.from, interval.to) } else { Vec::new() },
                intervals,
            });
        }
    }
    // A context whose account nobody knows yet has not been read at all.
    for context in host.contexts().iter() {
        if !places.iter().any(|place| place.context.label == context.label) {
            covered.extend(EVENT_SOURCES.iter().map(|source| EventCovered {
                context: context.label.to_string(),
                place: None,
                source: (*source).to_owned(),
                intervals: Vec::new(),
                holes: vec![interval],
            }));
        }
    }
    Ok(covered)
}

/// AWS's request ids of everything that this console changed, and the entries that they are of.
fn made_here(host: &Host) -> Result<HashMap<String, String>, WireError> {
    let records = host.journal()?.records()?;
    Ok(entries(&records)
        .iter()
        .flat_map(|entry| entry.request_ids().map(|id| (id.to_owned(), entry.id.clone())))
        .collect())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(crate) fn moment(text: Option<&str>, name: &str) -> Result<Option<Timestamp>, WireError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|error| {
        let message = format!("{name} is no time: {error}. Write it like 2026-03-02T10:00:00Z.");
        WireError::new(ErrorCode::InvalidInput, message)
    })
}
