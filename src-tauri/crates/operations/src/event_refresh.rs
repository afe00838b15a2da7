//! `event_refresh`: fetches the configuration changes since the last time, of every open context, from CloudTrail's event
//! history or from the event data store that was chosen for it.

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{AwsError, FetchedEvent, Lane, Reader};
use portcullis_domain::{
    coverage::{CallCounts, Coverage, Gap, GapKind},
    events::{EVENT_SOURCES, Interval, lake_event, lake_statement, newest_hole, shown_record},
};
use portcullis_store::{EventsStore, KeptEvent};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::WireError,
    event_list::moment,
    events_state::{LAKE, lake_place},
    host::Host,
    inventory::OpenedContext,
};

/// CloudTrail delivers within about 15 minutes; what came late is asked for again.
const LATE: SignedDuration = SignedDuration::from_mins(20);
/// How far back a fetch looks when nobody says.
const FIRST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far back CloudTrail's event history goes.
const HISTORY: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Pages of 50 that one fetch of one source reads at most: at two calls a second, ten seconds.
const PAGES: usize = 20;

/// How far back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct EventRefreshRequest {
    /// Since then, RFC 3339, what is not known yet; a week back when not said. CloudTrail's event history has 90 days.
    #[ts(optional = nullable)]
    pub since: Option<String>,
}

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

/// Fetches. What came before it was stopped, or before something failed, stands.
///
/// # Errors
/// `InvalidInput` for a time that is none; the store's. What AWS did not give is coverage, not an error.
pub async fn event_refresh(host: &Host, request: EventRefreshRequest) -> Result<EventRefresh, WireError> {
    let end = host.inner.options.clock.now();
    let since = moment(request.since.as_deref(), "since")?.unwrap_or(end - FIRST).min(end);
    let store = host.events_store()?;
    let contexts = host.contexts().clone();
    let fetching = host.begin_fetching();
    let fetches = contexts.iter().map(|context| {
        let fetch = Fetch { host, store, context, cancel: fetching.cancel.clone(), since, end };
        fetch.run()
    });
    let (mut fetched, mut gaps, mut calls) = (0, Vec::new(), CallCounts::new());
    for outcome in join_all(fetches).await {
        let brought = outcome?;
        fetched += brought.events;
        gaps.extend(brought.gaps);
        for (call, count) in brought.calls {
            *calls.entry(call).or_default() += count;
        }
    }
    host.set_event_gaps(gaps.clone());
    drop(fetching);
    host.changed();
    Ok(EventRefresh { fetched: u32::try_from(fetched).unwrap_or(u32::MAX), calls, coverage: Coverage::of(gaps) })
}

/// Of one context.
#[derive(Default)]
pub(crate) struct Brought {
    events: usize,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) calls: CallCounts,
}

impl Brought {
    /// Nothing, since the file of events cannot be used.
    pub(crate) fn not_kept(context: &str, error: &WireError) -> Self {
        let gap = Gap {
            context: context.to_owned(),
            service: "cloudtrail".to_owned(),
            operation: "LookupEvents".to_owned(),
            resource: "configuration changes".to_owned(),
            kind: GapKind::Failed,
            code: "NotKept".to_owned(),
            message: error.message.clone(),
            request_id: None,
        };
        Self { gaps: vec![gap], ..Self::default() }
    }
}

/// What is new in one context, for whoever judges changes.
///
/// # Errors
/// The store's.
pub(crate) async fn fetch_new(host: &Host, context: &OpenedContext) -> Result<Brought, WireError> {
    let end = host.inner.options.clock.now();
    let store = host.events_store()?;
    let fetching = host.begin_fetching();
    let fetch = Fetch { host, store, context, cancel: fetching.cancel.clone(), since: end - FIRST, end };
    fetch.run().await
}

/// A fetch of one context.
struct Fetch<'h> {
    host: &'h Host,
    store: &'h EventsStore,
    context: &'h OpenedContext,
    cancel: CancellationToken,
    since: Timestamp,
    end: Timestamp,
}

/// Why a fetch of a source ended before its end.
enum Ended {
    Aws(AwsError),
    Ours(WireError),
}

impl From<AwsError> for Ended {
    fn from(error: AwsError) -> Self {
        Self::Aws(error)
    }
}

impl From<portcullis_store::StoreError> for Ended {
    fn from(error: portcullis_store::StoreError) -> Self {
        Self::Ours(error.into())
    }
}

impl Fetch<'_> {
    async fn run(self) -> Result<Brought, WireError> {
        let mut brought = Brought::default();
        let gap = |error: &AwsError| error.to_gap(&self.context.label, "configuration changes");
        let asked = async {
            let session = self.context.session(self.host).await?;
            let place = self.host.asked_events_place(self.context, &session).await?;
            Ok::<_, AwsError>((session, place))
        };
        let (session, place) = match asked.await {
            Ok((session, place)) => (session, place?),
            Err(error) => {
                brought.gaps.push(gap(&error));
                return Ok(brought);
            }
        };
        let reader = Reader::new(&session, Lane::OnScreen, self.cancel.clone());
        match self.host.event_data_store(&self.context.label) {
            Some(store) => {
                let outcome = self.read_lake(&reader, &store, &mut brought.events).await;
                self.note(outcome, "configuration changes in CloudTrail Lake", &mut brought)?;
            }
            None => {
                for source in EVENT_SOURCES {
                    let outcome = self.read_history(&reader, &place, source, &mut brought.events).await;
                    self.note(outcome, &format!("configuration changes of {source}"), &mut brought)?;
                }
            }
        }
        brought.calls = reader.counts();
        Ok(brought)
    }

    /// What is not known after all becomes a gap.
    fn note(
        &self,
        outcome: Result<Option<Interval>, Ended>,
        resource: &str,
        brought: &mut Brought,
    ) -> Result<(), WireError> {
        match outcome {
            Ok(None) => {}
            Ok(Some(hole)) => brought.gaps.push(not_reached(&self.context.label, resource.to_owned(), hole)),
            Err(Ended::Aws(error)) => brought.gaps.push(error.to_gap(&self.context.label, resource)),
            Err(Ended::Ours(error)) => return Err(error),
        }
        Ok(())
    }

    /// What is new, and then what earlier fetches did not reach; gives the latest stretch that is left.
    async fn read_history(
        &self,
        reader: &Reader<'_>,
        place: &str,
        source: &str,
        events: &mut usize,
    ) -> Result<Option<Interval>, Ended> {
        let since = self.since.max(self.end - HISTORY);
        let mut next = Some(self.new_stretch(&self.store.covered(place, source)?, since));
        let mut left = PAGES;
        while let Some(wanted) = next.filter(|_| left > 0) {
            let mut pages = reader.change_events(source, wanted)?;
            while left > 0
                && let Some(page) = pages.next().await?
            {
                left -= 1;
                let covered = Interval { from: page.seen_from.min(wanted.to), to: wanted.to };
                *events += self.keep(place, source, page.events, covered)?;
            }
            next = newest_hole(&self.store.covered(place, source)?, since);
        }
        Ok(next)
    }

    async fn read_lake(&self, reader: &Reader<'_>, store: &str, events: &mut usize) -> Result<Option<Interval>, Ended> {
        let place = lake_place(store);
        let mut next = Some(self.new_stretch(&self.store.covered(&place, LAKE)?, self.since));
        // A stretch is one statement, which is paid for by what it scans: the new one, and one older.
        for _ in 0..2 {
            let Some(wanted) = next else { break };
            let Some(statement) = lake_statement(store, wanted) else { break };
            let mut query = reader.lake_query(&statement).await?;
            let mut oldest = wanted.to;
            while let Some(rows) = query.next().await? {
                let rows = rows.iter().filter_map(lake_event);
                let found: Vec<FetchedEvent> =
                    rows.map(|(envelope, at, record)| FetchedEvent { envelope, at, record }).collect();
                oldest = found.iter().map(|event| event.at).fold(oldest, Timestamp::min);
                let from = (oldest + SignedDuration::from_secs(1)).min(wanted.to);
                *events += self.keep(&place, LAKE, found, Interval { from, to: wanted.to })?;
            }
            self.store.add(&place, LAKE, &[], wanted)?;
            next = newest_hole(&self.store.covered(&place, LAKE)?, self.since);
        }
        Ok(next)
    }

    fn keep(
        &self,
        place: &str,
        source: &str,
        events: Vec<FetchedEvent>,
        covered: Interval,
    ) -> Result<usize, portcullis_store::StoreError> {
        let kept: Vec<KeptEvent> = events
            .into_iter()
            .map(|event| KeptEvent { envelope: event.envelope, at: event.at, record: shown_record(&event.record) })
            .collect();
        self.store.add(place, source, &kept, covered)?;
        self.host.events_came(kept.len());
        Ok(kept.len())
    }

    /// From a little before where the last fetch ended; as far back as asked when there was none.
    fn new_stretch(&self, covered: &[Interval], since: Timestamp) -> Interval {
        let from = covered.last().map_or(since, |last| (last.to - LATE).max(last.from).min(self.end));
        Interval { from, to: self.end }
    }
}

/// More events than one fetch reads: most of them reads, of which CloudTrail keeps every one.
fn not_reached(context: &str, resource: String, hole: Interval) -> Gap {
    Gap {
        context: context.to_owned(),
        service: "cloudtrail".to_owned(),
        operation: "LookupEvents".to_owned(),
        message: format!(
            "There are more events than one fetch reads: the {resource} from {} to {} are not known yet. Fetch again to \
             go on.",
            hole.from, hole.to
        ),
        resource,
        kind: GapKind::Failed,
        code: "MoreEvents".to_owned(),
        request_id: None,
    }
}
