//! What is known of alarms, in memory only, for a minute: their states change by themselves.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::future::join_all;
use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    alarms::{Alarm, AlarmLine, lines},
    coverage::{CallCounts, Gap},
    inventory::ApiInventory,
};
use tokio_util::sync::CancellationToken;

use crate::{error::WireError, host::Host, inventory::OpenedContext};

/// How long an answer stands.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// What the existence of APIs and stages is known from: when one of these failed, what is not there is not gone.
const EXISTENCE: [&str; 4] = ["GetRestApis", "GetApis", "GetStages", "GetCallerIdentity"];

/// The state. Behind every host one.
#[derive(Default)]
pub(crate) struct AlarmsKept {
    /// By the context's label.
    read: Mutex<BTreeMap<String, Arc<ReadAlarms>>>,
    /// Held while reading, so that two views that open at once read once.
    reading: tokio::sync::Mutex<()>,
}

/// One context's.
#[derive(Debug, Clone)]
pub(crate) struct ReadAlarms {
    pub(crate) context: String,
    /// Every alarm of the account and region.
    pub(crate) alarms: Vec<Alarm>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) at: Timestamp,
    pub(crate) calls: CallCounts,
}

impl Host {
    /// Every open context's alarms; read again when asked to, or when the last answer is older than a minute.
    pub(crate) async fn alarms(&self, refresh: bool) -> Vec<Arc<ReadAlarms>> {
        let contexts = self.contexts().clone();
        let _one = self.inner.alarms.reading.lock().await;
        join_all(contexts.iter().map(|context| self.alarms_read(context, refresh))).await
    }

    /// One context's, as [`Self::alarms`].
    ///
    /// # Errors
    /// `NotFound` when the context is not open.
    pub(crate) async fn alarms_of(&self, label: &str, refresh: bool) -> Result<Arc<ReadAlarms>, WireError> {
        let context = self.open_context(label)?;
        let _one = self.inner.alarms.reading.lock().await;
        Ok(self.alarms_read(&context, refresh).await)
    }

    async fn alarms_read(&self, context: &OpenedContext, refresh: bool) -> Arc<ReadAlarms> {
        let now = self.inner.options.clock.now();
        if !refresh
            && let Some(known) = self.alarms_known(&context.label)
            && now.duration_since(known.at) < FRESH
        {
            return known;
        }
        let label = context.label.to_string();
        let mut read = ReadAlarms {
            context: label.clone(),
            alarms: Vec::new(),
            gaps: Vec::new(),
            at: now,
            calls: CallCounts::new(),
        };
        match context.session(self).await {
            Err(error) => read.gaps.push(error.to_gap(&label, "the alarms")),
            Ok(session) => {
                let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
                match reader.alarms().await {
                    Ok(alarms) => read.alarms = alarms,
                    Err(error) => read.gaps.push(error.to_gap(&label, "the alarms")),
                }
                read.calls = reader.counts();
            }
        }
        let read = Arc::new(read);
        self.kept_alarms().insert(label, Arc::clone(&read));
        read
    }

    fn kept_alarms(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<ReadAlarms>>> {
        self.inner.alarms.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alarms_known(&self, label: &str) -> Option<Arc<ReadAlarms>> {
        self.kept_alarms().get(label).cloned()
    }

    /// After a change: the next view reads them again.
    pub(crate) fn forget_alarms(&self, label: &str) {
        self.kept_alarms().remove(label);
        self.changed();
    }

    /// The context's APIs, and whether they are all there are.
    pub(crate) fn known_apis(&self, label: &str) -> (Vec<Arc<ApiInventory>>, bool) {
        let Some(context) = self.context(label) else { return (Vec::new(), false) };
        let state = context.state();
        let unread = state.gaps().iter().any(|gap| EXISTENCE.contains(&gap.operation.as_str()));
        let whole = state.read_at().is_some() && !unread && self.inner.options.only_api.is_none();
        (state.apis.values().cloned().collect(), whole)
    }

    /// The alarms on API Gateway of one context, what burns first.
    pub(crate) fn alarm_lines(&self, read: &ReadAlarms) -> Vec<AlarmLine> {
        let (apis, whole) = self.known_apis(&read.context);
        lines(&read.alarms, &apis, whole, self.inner.options.clock.now())
    }
}

/// Sums of calls.
pub(crate) fn all_calls(read: &[Arc<ReadAlarms>]) -> CallCounts {
    let mut calls = CallCounts::new();
    for (call, count) in read.iter().flat_map(|read| &read.calls) {
        *calls.entry(call.clone()).or_default() += count;
    }
    calls
}
