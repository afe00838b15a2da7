//! What the timeline of changes stands on: the file of events, whose events a context's are, and a fetch under way.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use portcullis_domain::{coverage::Gap, events::CiPatterns};
use portcullis_store::{EventsStore, Store};
use tokio_util::sync::CancellationToken;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    inventory::OpenedContext,
};

/// Under this name the store keeps the event data stores that were chosen, by the context's label.
const CHOSEN: &str = "event-data-stores";
/// What covers the time of an event data store, which has every source in one.
pub(crate) const LAKE: &str = "CloudTrail Lake";

/// The state. Behind every host one.
#[derive(Default)]
pub(crate) struct EventState {
    store: OnceLock<Result<EventsStore, WireError>>,
    gaps: Mutex<Vec<Gap>>,
    /// By the context's label.
    chosen: RwLock<BTreeMap<String, String>>,
    pub(crate) ci: CiPatterns,
    /// Stops whatever is fetched.
    cancel: Mutex<CancellationToken>,
    running: AtomicUsize,
    fetched: AtomicUsize,
}

/// A fetch under way, as long as it is held.
pub(crate) struct Fetching<'h> {
    host: &'h Host,
    pub(crate) cancel: CancellationToken,
}

impl Drop for Fetching<'_> {
    fn drop(&mut self) {
        self.host.inner.events.running.fetch_sub(1, Ordering::AcqRel);
    }
}

impl EventState {
    /// With what the store keeps of contexts' event data stores, and these patterns of CI.
    pub(crate) fn kept_in(store: Option<&Store>, ci: Option<CiPatterns>, notices: &mut Vec<WireError>) -> Self {
        let kept = store.map(|store| store.setting(CHOSEN)).transpose().map_err(WireError::from);
        let chosen = kept.and_then(|text| match text.flatten() {
            Some(text) => serde_json::from_str(&text).map_err(|error| {
                let message = format!("Which event data stores contexts use cannot be read: {error}.");
                WireError::new(ErrorCode::StoreCorrupted, message)
            }),
            None => Ok(BTreeMap::new()),
        });
        let chosen = chosen.unwrap_or_else(|error| {
            notices.push(error);
            BTreeMap::new()
        });
        Self { chosen: RwLock::new(chosen), ci: ci.unwrap_or_default(), ..Self::default() }
    }
}

/// An account in a region, as the file of events keeps it. An emulator's account is not AWS's of the same number.
fn place_of(account: &str, region: &str, endpoint: Option<&str>) -> String {
    match endpoint {
        Some(endpoint) => format!("{account}/{region} via {endpoint}"),
        None => format!("{account}/{region}"),
    }
}

/// The events of an event data store.
pub(crate) fn lake_place(store: &str) -> String {
    format!("{LAKE} {store}")
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
        self.inner.events.gaps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says what a fetch could not get.
    pub(crate) fn set_event_gaps(&self, gaps: Vec<Gap>) {
        *self.inner.events.gaps.lock().unwrap_or_else(PoisonError::into_inner) = gaps;
    }

    /// The event data store that a context's changes come from; `None` for CloudTrail's event history.
    #[must_use]
    pub fn event_data_store(&self, label: &str) -> Option<String> {
        self.inner.events.chosen.read().unwrap_or_else(PoisonError::into_inner).get(label).cloned()
    }

    /// Chooses it, for as long as the program runs; `keep` remembers it.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn choose_event_data_store(
        &self,
        label: &str,
        store: Option<&str>,
        keep: bool,
    ) -> Result<(), WireError> {
        let text = {
            let mut chosen = self.inner.events.chosen.write().unwrap_or_else(PoisonError::into_inner);
            match store {
                Some(store) => chosen.insert(label.to_owned(), store.to_owned()),
                None => chosen.remove(label),
            };
            serde_json::to_string(&*chosen).map_err(|error| WireError::internal("event_source_set", &error))?
        };
        if keep {
            self.inner.store.set_setting(CHOSEN, &text)?;
        }
        self.changed();
        Ok(())
    }

    /// Takes the event data store of every open context to be this one, for as long as the program runs.
    ///
    /// # Errors
    /// `InvalidInput` for what is no ARN and no id of one.
    pub fn use_event_data_store(&self, store: &str) -> Result<(), WireError> {
        crate::event_source_set::check(store)?;
        let labels: Vec<String> = self.contexts().iter().map(|context| context.label.to_string()).collect();
        labels.iter().try_for_each(|label| self.choose_event_data_store(label, Some(store), false))
    }

    /// Whose events a context's are; `None` while nobody knows: not by its name, which may have been pointed elsewhere.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn events_place(&self, context: &OpenedContext) -> Result<Option<String>, WireError> {
        let known = {
            let state = context.state();
            match (&state.identity, &state.region) {
                (Some(identity), Some(region)) => Some(place_of(&identity.account, region, state.endpoint.as_deref())),
                _ => None,
            }
        };
        match known {
            Some(place) => Ok(Some(place)),
            None => Ok(self.events_store()?.place(&context.label)?),
        }
    }

    /// The same, asked of AWS where it is not known, and remembered.
    ///
    /// # Errors
    /// No session, refused credentials, the store's.
    pub(crate) async fn asked_events_place(
        &self,
        context: &OpenedContext,
        session: &portcullis_aws::Session,
    ) -> Result<Result<String, WireError>, portcullis_aws::AwsError> {
        let identity = session.identity().await?;
        let place = place_of(&identity.account, session.region(), session.endpoint());
        let kept =
            self.events_store().and_then(|store| store.set_place(&context.label, &place).map_err(WireError::from));
        Ok(kept.map(|()| place))
    }

    /// A fetch begins.
    pub(crate) fn begin_fetching(&self) -> Fetching<'_> {
        let state = &self.inner.events;
        if state.running.fetch_add(1, Ordering::AcqRel) == 0 {
            state.fetched.store(0, Ordering::Release);
        }
        let cancel = state.cancel.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Fetching { host: self, cancel }
    }

    /// Counts events that came.
    pub(crate) fn events_came(&self, count: usize) {
        self.inner.events.fetched.fetch_add(count, Ordering::AcqRel);
        self.changed();
    }

    /// How many events came of a fetch under way; `None` when there is none.
    pub(crate) fn fetching(&self) -> Option<usize> {
        let state = &self.inner.events;
        (state.running.load(Ordering::Acquire) > 0).then(|| state.fetched.load(Ordering::Acquire))
    }

    /// Stops whatever is fetched; what came stands.
    pub(crate) fn stop_fetching(&self) {
        let mut cancel = self.inner.events.cancel.lock().unwrap_or_else(PoisonError::into_inner);
        cancel.cancel();
        *cancel = CancellationToken::new();
    }
}
