//! `event_refresh`: fetches the configuration changes since the last time, of every open context.

use std::sync::OnceLock;

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    coverage::{CallCounts, Coverage, Gap, GapKind},
    events::{EVENT_SOURCES, Interval, newest_hole, shown_record},
};
use portcullis_store::{EventsStore, KeptEvent};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{error::WireError, host::Host, inventory::OpenedContext};

/// CloudTrail delivers within about 15 minutes; what came late is asked for again.
const LATE: SignedDuration = SignedDuration::from_mins(20);
/// How far back the first fetch looks.
const FIRST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Pages of 50 that one fetch of one source reads at most: at two calls a second, ten seconds.
const PAGES: usize = 20;

/// Nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventRefreshRequest {}

/// What a fetch brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventRefresh {
    /// Events that came, those that were there already included.
    pub fetched: u32,
    /// Calls by service and operation.
    pub calls: CallCounts,
    /// What could not be fetched.
    pub coverage: Coverage,
}

/// The file of events, opened when first needed, and what the last fetch could not get.
#[derive(Default)]
pub(crate) struct EventState {
    store: OnceLock<Result<EventsStore, WireError>>,
    gaps: std::sync::Mutex<Vec<Gap>>,
}

impl Host {
    /// The file of events.
    ///
    /// # Errors
    /// The store's, each time that it is asked.
    pub(crate) fn events_store(&self) -> Result<&EventsStore, WireError> {
        let path = self.inner.options.data_dir.join("events.sqlite");
        let opened = self.inner.events.store.get_or_init(|| EventsStore::open(&path).map_err(WireError::from));
        opened.as_ref().map_err(Clone::clone)
    }

    /// What the last fetch could not get.
    pub(crate) fn event_gaps(&self) -> Vec<Gap> {
        self.inner.events.gaps.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

/// Fetches.
///
/// # Errors
/// The store's. What AWS did not give is coverage, not an error.
pub async fn event_refresh(host: &Host, _: EventRefreshRequest) -> Result<EventRefresh, WireError> {
    let store = host.events_store()?;
    let contexts = host.contexts().clone();
    let mut fetched = 0;
    let mut gaps = Vec::new();
    let mut calls = CallCounts::new();
    for outcome in join_all(contexts.iter().map(|context| fetch(host, store, context))).await {
        let brought = outcome?;
        fetched += brought.events;
        gaps.extend(brought.gaps);
        for (call, count) in brought.calls {
            *calls.entry(call).or_default() += count;
        }
    }
    *host.inner.events.gaps.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = gaps.clone();
    host.changed();
    Ok(EventRefresh { fetched: u32::try_from(fetched).unwrap_or(u32::MAX), calls, coverage: Coverage::of(gaps) })
}

/// Of one context.
#[derive(Default)]
struct Brought {
    events: usize,
    gaps: Vec<Gap>,
    calls: CallCounts,
}

async fn fetch(host: &Host, store: &EventsStore, context: &OpenedContext) -> Result<Brought, WireError> {
    let session = match context.session(host).await {
        Ok(session) => session,
        Err(error) => {
            let gaps = vec![error.to_gap(&context.label, "configuration changes")];
            return Ok(Brought { gaps, ..Brought::default() });
        }
    };
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let end = host.inner.options.clock.now();
    let mut brought = Brought::default();
    for source in EVENT_SOURCES {
        let resource = format!("configuration changes of {source}");
        let new = Interval { from: start_of(&store.covered(&context.label, source)?, end), to: end };
        // What is new, and then the latest stretch that an earlier fetch did not reach.
        let mut next = Some(new);
        for _ in 0..2 {
            let Some(wanted) = next else { break };
            match reader.change_events(source, wanted.from, wanted.to, PAGES).await {
                Err(error) => {
                    brought.gaps.push(error.to_gap(&context.label, &resource));
                    break;
                }
                Ok(fetched) => {
                    let failed = fetched.ended.map(|error| error.to_gap(&context.label, &resource));
                    let kept: Vec<KeptEvent> = fetched
                        .events
                        .into_iter()
                        .map(|event| KeptEvent { id: event.id, at: event.at, record: shown_record(&event.record) })
                        .collect();
                    brought.events += kept.len();
                    let covered = Interval { from: fetched.complete_from.min(wanted.to), to: wanted.to };
                    store.add(&context.label, source, &kept, covered)?;
                    if let Some(gap) = failed {
                        brought.gaps.push(gap);
                        break;
                    }
                }
            }
            next = newest_hole(&store.covered(&context.label, source)?, end - FIRST);
        }
        let hole = newest_hole(&store.covered(&context.label, source)?, end - FIRST);
        if let Some(hole) = hole.filter(|_| !brought.gaps.iter().any(|gap| gap.resource == resource)) {
            brought.gaps.push(not_reached(&context.label, resource, hole));
        }
    }
    brought.calls = reader.counts();
    Ok(brought)
}

/// From a little before where the last fetch ended; a week back when there was none.
fn start_of(covered: &[Interval], end: Timestamp) -> Timestamp {
    covered.last().map_or_else(|| end - FIRST, |last| (last.to - LATE).max(last.from).min(end))
}

/// More events than one fetch reads: most of them reads, of which CloudTrail keeps every one.
fn not_reached(context: &str, resource: String, hole: Interval) -> Gap {
    Gap {
        context: context.to_owned(),
        service: "cloudtrail".to_owned(),
        operation: "LookupEvents".to_owned(),
        message: format!(
            "There are more events than one fetch reads ({} pages): the {resource} from {} to {} are not known yet. Fetch \
             again to go on.",
            PAGES, hole.from, hole.to
        ),
        resource,
        kind: GapKind::Failed,
        code: "MoreEvents".to_owned(),
        request_id: None,
    }
}
