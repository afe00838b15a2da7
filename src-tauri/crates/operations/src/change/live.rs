//! The engine's seams on the real things: AWS through the contexts' sessions, the journal through its file.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use futures::future::{BoxFuture, FutureExt as _};
use portcullis_aws::{AwsError, Lane, Reader, Session};
use portcullis_domain::{
    change::{AwsCall, Fields, PlanTarget},
    coverage::GapKind,
    journal::{JournalEvent, JournalRecord},
};
use portcullis_store::{Journal, JournalError};
use tokio_util::sync::CancellationToken;

use super::{CallFailure, Certainty, Gateway, Ledger, LedgerFailure, Sent};
use crate::host::Host;

/// AWS, reached through the contexts that are open.
pub(crate) struct LiveGateway<'a> {
    host: &'a Host,
    lane: Lane,
    /// The journal's entry: under its name calls wait for their turn.
    entry: &'a str,
    /// What was last seen of each target.
    seen: Mutex<BTreeMap<PlanTarget, Fields>>,
}

impl<'a> LiveGateway<'a> {
    pub(crate) fn new(host: &'a Host, lane: Lane, entry: &'a str) -> Self {
        Self { host, lane, entry, seen: Mutex::default() }
    }

    /// Each target as it was when it was last looked at.
    pub(crate) fn seen(&self) -> BTreeMap<PlanTarget, Fields> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn session(&self, target: &PlanTarget) -> Result<Arc<Session>, CallFailure> {
        let label = target.context();
        let missing = || CallFailure {
            certainty: Certainty::Refused,
            code: "ContextClosed".to_owned(),
            message: format!("The context {label} is not open. Open it, then try again."),
            request_id: None,
        };
        let context = self.host.context(label).ok_or_else(missing)?;
        context.session(self.host).await.map_err(|error| failure(error, Certainty::Refused))
    }

    fn reader<'s>(&self, session: &'s Session, stop: &CancellationToken) -> Reader<'s> {
        let now = self.host.inner.options.clock.now();
        Reader::new(session, self.lane, stop.clone()).on_behalf_of(self.entry).at(now)
    }
}

fn failure(error: AwsError, certainty: Certainty) -> CallFailure {
    CallFailure { certainty, code: error.code, message: error.message, request_id: error.request_id }
}

impl Gateway for LiveGateway<'_> {
    fn observe<'a>(&'a self, target: &'a PlanTarget) -> BoxFuture<'a, Result<Fields, CallFailure>> {
        async move {
            let session = self.session(target).await?;
            // Reading is never stopped: what is live has to be known, most of all when a person stopped the change.
            let fields = self.reader(&session, &CancellationToken::new()).observe(target).await;
            let fields = fields.map_err(|error| failure(error, Certainty::Refused))?;
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(target.clone(), fields.clone());
            Ok(fields)
        }
        .boxed()
    }

    fn send<'a>(
        &'a self,
        target: &'a PlanTarget,
        call: &'a AwsCall,
        stop: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Sent, CallFailure>> {
        async move {
            let session = self.session(target).await?;
            let sent = self.reader(&session, stop).send(target, call).await;
            let request_id = sent.map_err(|error| {
                let certainty = match error.error.kind {
                    GapKind::Cancelled => Certainty::Stopped,
                    _ if error.refused => Certainty::Refused,
                    _ => Certainty::Unknown,
                };
                failure(error.error, certainty)
            })?;
            Ok(Sent { request_id })
        }
        .boxed()
    }
}

/// The journal's file, at the host's time.
pub(crate) struct JournalLedger {
    pub(crate) journal: Arc<Journal>,
    pub(crate) host: Host,
    /// Waits for no other change of the same target.
    pub(crate) urgent: bool,
}

impl Ledger for JournalLedger {
    fn append(&self, entry: &str, event: JournalEvent) -> Result<JournalRecord, LedgerFailure> {
        self.journal.append(&self.host.now(), entry, event, self.urgent).map_err(|error| match error {
            JournalError::Unfinished { entry } => LedgerFailure::Unfinished { entry },
            JournalError::Exists { entry } => LedgerFailure::Exists { entry },
            JournalError::Store(error) => LedgerFailure::Unavailable(crate::error::in_words(&error)),
        })
    }
}
