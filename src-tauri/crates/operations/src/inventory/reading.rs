//! Reading a context in the background: each API replaces what was shown of it as soon as it is read.

use std::{
    collections::BTreeMap,
    sync::{Arc, MutexGuard},
    time::Duration,
};

use portcullis_aws::{AwsError, InventoryEvent, Lane, RawAnswer, ReadApi, Reader, collect_inventory};
use portcullis_domain::{
    api::ApiKind,
    coverage::{CallCounts, Gap, GapKind},
    inventory::{AccountAnswer, AccountInventory, Identity},
};
use portcullis_store::{Answer, PackedAnswers};
use tokio::{sync::mpsc, task::JoinError};
use tokio_util::sync::CancellationToken;

use super::{OpenedContext, State, opened::rows_of};
use crate::{host::Host, inventory_status::InventoryPhase, redaction};

/// How often call counts and the budget are looked at while nothing else happens.
const TICK: Duration = Duration::from_millis(200);

impl Host {
    /// Starts reading every open context that is not being read. One whose reading was stopped and still winds up is
    /// read again afterwards.
    pub(crate) fn start_reading(&self) {
        if self.reload_rules() {
            self.classify_again();
        }
        for context in self.contexts().iter() {
            let mut state = context.state();
            if state.phase == InventoryPhase::Reading {
                state.again |= state.cancel.is_cancelled();
                continue;
            }
            self.begin(context, &mut state);
        }
        self.changed();
    }

    fn begin(&self, context: &Arc<OpenedContext>, state: &mut MutexGuard<'_, State>) {
        let cancel = CancellationToken::new();
        state.phase = InventoryPhase::Reading;
        state.again = false;
        state.cancel = cancel.clone();
        (state.done, state.total, state.counts) = (0, None, CallCounts::new());
        state.new_gaps.clear();
        let (host, context) = (self.clone(), Arc::clone(context));
        tokio::spawn(async move {
            let reading = tokio::spawn(host.clone().read_context(Arc::clone(&context), cancel));
            if let Err(error) = reading.await {
                host.failed(&context, broken(&context, &error));
            }
            let mut state = context.state();
            if state.again {
                host.begin(&context, &mut state);
            }
            drop(state);
            host.changed();
        });
    }

    /// Reads every open context to the end. For the command line, which shows progress by [`Host::revisions`].
    pub async fn read_all(&self) {
        self.start_reading();
        self.wait_until_read().await;
    }

    /// Waits until no context is being read.
    pub async fn wait_until_read(&self) {
        let mut revisions = self.revisions();
        let reading = || self.contexts().iter().any(|context| context.state().phase == InventoryPhase::Reading);
        while reading() {
            if revisions.changed().await.is_err() {
                return;
            }
        }
    }

    /// Stops every reading.
    pub(crate) fn stop_reading(&self) {
        for context in self.contexts().iter() {
            let mut state = context.state();
            state.cancel.cancel();
            state.again = false;
        }
    }

    async fn read_context(self, context: Arc<OpenedContext>, cancel: CancellationToken) {
        let everything = format!("everything of {}", context.label);
        let opened = tokio::select! {
            biased;
            () = cancel.cancelled() => return self.stopped_early(&context),
            opened = context.session(&self) => opened,
        };
        let session = match opened {
            Ok(session) => session,
            Err(error) => return self.failed(&context, error.to_gap(&context.label, &everything)),
        };
        let (sender, mut events) = mpsc::channel(32);
        // On a task of its own, so that answers are made into routes on one core while the next come in on another.
        let collecting = {
            let (host, context, cancel) = (self.clone(), Arc::clone(&context), cancel.clone());
            tokio::spawn(async move {
                let reader = Reader::new(&session, Lane::OnScreen, cancel);
                let only = host.inner.options.only_api.as_deref();
                let outcome = host.counting(&context, &reader, collect_inventory(&reader, only, sender)).await;
                context.state().counts = reader.counts();
                outcome
            })
        };
        let mut reading = Reading::default();
        while let Some(event) = events.recv().await {
            reading.take(&self, &context, event);
        }
        match collecting.await {
            Err(error) => self.failed(&context, broken(&context, &error)),
            Ok(Err(_)) if cancel.is_cancelled() => self.stopped_early(&context),
            Ok(Err(error)) => self.failed(&context, error.to_gap(&context.label, &everything)),
            Ok(Ok(())) => self.finished(&context, reading, cancel.is_cancelled()).await,
        }
    }

    async fn counting(
        &self,
        context: &OpenedContext,
        reader: &Reader<'_>,
        collecting: impl Future<Output = Result<(), AwsError>>,
    ) -> Result<(), AwsError> {
        let mut tick = tokio::time::interval(TICK);
        tokio::pin!(collecting);
        loop {
            tokio::select! {
                outcome = &mut collecting => return outcome,
                _ = tick.tick() => {
                    context.state().counts = reader.counts();
                    self.changed();
                }
            }
        }
    }

    /// Nothing could be read: what is shown stays, and the gap says how old it is worth.
    fn failed(&self, context: &OpenedContext, gap: Gap) {
        let mut state = context.state();
        state.end(InventoryPhase::Failed);
        state.new_gaps = vec![gap];
        drop(state);
        self.show_now();
    }

    /// Stopped before anything was asked.
    fn stopped_early(&self, context: &OpenedContext) {
        let mut state = context.state();
        state.end(InventoryPhase::Cancelled);
        state.new_gaps = vec![stopped(context, "Nothing was read yet")];
        drop(state);
        self.show_now();
    }

    async fn finished(&self, context: &Arc<OpenedContext>, reading: Reading, cancelled: bool) {
        {
            let mut state = context.state();
            if cancelled {
                // One sentence for what was stopped, whatever number of calls it would have taken.
                let read = reading.seen.len();
                let total = state.total.map(|total| format!(" of {total}")).unwrap_or_default();
                state.new_gaps.retain(|gap| gap.kind != GapKind::Cancelled);
                state.new_gaps.push(stopped(context, &format!("{read}{total} APIs were read")));
            } else {
                let listed = |kind: ApiKind| reading.has_list_of(kind);
                state.apis.retain(|id, api| reading.seen.contains_key(id) || !listed(api.api.kind));
                let State { apis, routes, .. } = &mut *state;
                routes.retain(|id, _| apis.contains_key(id));
                state.read_at = Some(self.now());
                state.new_gaps.clear();
                state.old_gaps = reading.gaps;
            }
            state.from_snapshot &= state.apis.keys().any(|id| reading.seen.get(id) != Some(&true));
        }
        self.show_now();
        self.keep(context, reading.seen).await;
        context.state().end(if cancelled { InventoryPhase::Cancelled } else { InventoryPhase::Done });
        self.changed();
    }
}

/// A defect of the program, as a gap: a context that stopped being read without a word would look complete.
fn broken(context: &OpenedContext, error: &JoinError) -> Gap {
    Gap {
        kind: GapKind::Failed,
        code: "Internal".to_owned(),
        message: format!("Reading {} broke off by a fault of the program ({error}). Refresh.", context.label),
        ..gap_of_everything(context)
    }
}

fn stopped(context: &OpenedContext, so_far: &str) -> Gap {
    Gap {
        kind: GapKind::Cancelled,
        code: "Cancelled".to_owned(),
        message: format!("Reading {} was stopped. {so_far}. Refresh to read the rest.", context.label),
        ..gap_of_everything(context)
    }
}

fn gap_of_everything(context: &OpenedContext) -> Gap {
    Gap {
        context: context.label.to_string(),
        service: "apigateway".to_owned(),
        operation: "GetRestApis".to_owned(),
        resource: format!("everything of {}", context.label),
        kind: GapKind::Failed,
        code: String::new(),
        message: String::new(),
        request_id: None,
    }
}

/// One reading under way.
#[derive(Default)]
struct Reading {
    /// APIs that came, and whether what is shown of them is from this reading.
    seen: BTreeMap<Arc<str>, bool>,
    gaps: Vec<Gap>,
}

impl Reading {
    /// Whether every API of this kind was listed: only then is one that was not seen gone.
    fn has_list_of(&self, kind: ApiKind) -> bool {
        let operation = if kind == ApiKind::Rest { "GetRestApis" } else { "GetApis" };
        !self.gaps.iter().any(|gap| gap.operation == operation)
    }

    fn take(&mut self, host: &Host, context: &OpenedContext, event: InventoryEvent) {
        match event {
            InventoryEvent::Identity(identity) => self.identified(host, context, identity),
            InventoryEvent::Total(total) => context.state().total = Some(total),
            InventoryEvent::Account(account) => {
                self.account(context, account);
                context.assemble(&host.rules());
                host.show_soon();
            }
            InventoryEvent::Gap(gap) => {
                let mut state = context.state();
                state.new_gaps.push(gap.clone());
                self.gaps.push(gap);
            }
            InventoryEvent::Api(read) => {
                self.api(host, context, *read);
                host.show_soon();
            }
        }
        host.changed();
    }

    /// Credentials that are somebody else's by now, or may be, must not be shown the other account's routes.
    fn identified(&mut self, host: &Host, context: &OpenedContext, identity: Option<Identity>) {
        let mut state = context.state();
        let now = identity.as_ref().map(|identity| &identity.account);
        let other = state.identity.as_ref().is_some_and(|before| Some(&before.account) != now);
        if other {
            state.forget();
        }
        state.unidentified = identity.is_none();
        state.identity = identity;
        drop(state);
        if other {
            host.show_soon();
        }
        host.close_doubles();
    }

    /// What could not be read this time stays as it was; its gap says so.
    fn account(&mut self, context: &OpenedContext, mut account: AccountInventory) {
        let mut state = context.state();
        if account.account_limit.is_none() {
            account.account_limit = state.account.account_limit;
        }
        if !account.domains_complete && account.domains.len() < state.account.domains.len() {
            account.domains = std::mem::take(&mut state.account.domains);
        }
        let missing = |answer: &AccountAnswer| !account.answers.iter().any(|new| new.call == answer.call);
        let old: Vec<AccountAnswer> = state.account.answers.iter().filter(|answer| missing(answer)).cloned().collect();
        account.answers.extend(old);
        state.account = account;
    }

    fn api(&mut self, host: &Host, context: &OpenedContext, read: ReadApi) {
        let id = Arc::clone(&read.inventory.api.id);
        // Before the lock: it takes longer than everything else.
        let answers = packed(read.raw);
        let mut state = context.state();
        if !read.complete && state.cancel.is_cancelled() {
            return;
        }
        state.done += 1;
        // A reading with holes does not overwrite a whole one.
        let taken = read.complete || !state.apis.contains_key(&id);
        self.seen.insert(Arc::clone(&id), taken);
        let Some(place) = context.place(&state).filter(|_| taken) else { return };
        // Under the lock, as is classifying again: rules that change meanwhile do not leave one API behind.
        let routes = rows_of(&place, &read.inventory, &state.account, &host.rules());
        state.routes.insert(Arc::clone(&id), routes);
        match answers {
            Ok(answers) => {
                state.answers.insert(Arc::clone(&id), Arc::new(answers));
            }
            Err(error) => tracing::error!(api = %id, %error, "AWS's answers cannot be packed"),
        }
        state.apis.insert(id, Arc::new(read.inventory));
    }
}

fn packed(raw: Vec<RawAnswer>) -> Result<PackedAnswers, portcullis_store::StoreError> {
    let answers: Vec<Answer> = raw
        .into_iter()
        .map(|RawAnswer { call, of, body }| Answer { json: redaction::without_secrets(&call, body), call, of })
        .collect();
    PackedAnswers::pack(&answers)
}
