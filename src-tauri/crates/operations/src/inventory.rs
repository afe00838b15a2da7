//! The inventory in memory: one per open context, read in the background, shown as it arrives.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use portcullis_aws::{AwsError, InventoryEvent, Lane, RawAnswer, Reader, Session, collect_inventory};
use portcullis_domain::{
    audience_rules::AudienceRules,
    context::ContextSpec,
    coverage::{CallCounts, Coverage, Gap},
    inventory::{AccountInventory, ApiInventory, Identity},
    route::Route,
    route_assembly::routes_of,
    route_index::RouteIndex,
    route_place::Place,
};
use portcullis_store::ContextSnapshot;
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::CancellationToken;

use crate::{
    host::Host,
    inventory_status::{BudgetStatus, ContextInventoryStatus, InventoryPhase, InventoryStatus},
};

/// A context that is open.
pub(crate) struct OpenedContext {
    pub(crate) spec: ContextSpec,
    pub(crate) label: Arc<str>,
    session: OnceCell<Arc<Session>>,
    state: Mutex<State>,
}

/// What is known of it.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    pub(crate) identity: Option<Identity>,
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) account: AccountInventory,
    pub(crate) apis: BTreeMap<Arc<str>, Arc<ApiInventory>>,
    /// AWS's answers of this reading, by API, until they are in the store.
    pub(crate) raws: BTreeMap<Arc<str>, Vec<(String, String, String)>>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) read_at: Option<String>,
    from_snapshot: bool,
    routes: BTreeMap<Arc<str>, Vec<Route>>,
    done: u32,
    total: Option<u32>,
    counts: CallCounts,
    cancel: CancellationToken,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Idle,
    Reading,
    Done,
    Failed,
    Cancelled,
}

impl OpenedContext {
    pub(crate) fn new(spec: ContextSpec) -> Self {
        let label = spec.label().into();
        Self { spec, label, session: OnceCell::new(), state: Mutex::new(State::default()) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session, opened when first needed; a failure is not kept, so that signing in and refreshing is enough.
    pub(crate) async fn session(&self, host: &Host) -> Result<Arc<Session>, AwsError> {
        let open = || async { Session::open(&self.spec, &host.inner.deps).await.map(Arc::new) };
        let session = Arc::clone(self.session.get_or_try_init(open).await?);
        let mut state = self.state();
        state.region = Some(session.region().to_owned());
        state.endpoint = session.endpoint().map(str::to_owned);
        Ok(session)
    }

    /// Every route as it is and as other rules would have it, with the number of the organisation's rule that matches.
    pub(crate) fn reclassified(&self, rules: &AudienceRules, index: &RouteIndex) -> Vec<(Route, Route, Option<usize>)> {
        let state = self.state();
        let Some(place) = self.place(&state) else { return Vec::new() };
        let mut moved = Vec::new();
        let before: HashMap<&str, &Route> = index
            .routes()
            .iter()
            .filter(|route| route.context == self.label)
            .map(|route| (route.id.as_str(), route))
            .collect();
        for inventory in state.apis.values() {
            for after in routes_of(&place, inventory, &state.account, rules) {
                let matched = rules.rule_of(&after, inventory);
                if let Some(route) = before.get(after.id.as_str()) {
                    moved.push(((*route).clone(), after, matched));
                }
            }
        }
        moved
    }

    fn place(&self, state: &State) -> Option<Place> {
        let account = state.identity.as_ref().map(|identity| Arc::clone(&identity.account))?;
        Some(Place { context: Arc::clone(&self.label), account, region: state.region.clone()?.into() })
    }
}

impl Host {
    /// Opens these contexts and shows what the store has of them.
    pub(crate) fn open_contexts(&self, specs: Vec<ContextSpec>) {
        let mut contexts = self.contexts();
        for context in contexts.iter().filter(|context| !specs.contains(&context.spec)) {
            context.state().cancel.cancel();
        }
        let opened: Vec<Arc<OpenedContext>> = specs
            .into_iter()
            .map(|spec| {
                let kept = contexts.iter().find(|context| context.spec == spec).map(Arc::clone);
                kept.unwrap_or_else(|| {
                    let context = OpenedContext::new(spec);
                    self.restore(&context);
                    Arc::new(context)
                })
            })
            .collect();
        *contexts = opened;
        drop(contexts);
        self.reindex();
    }

    fn restore(&self, context: &OpenedContext) {
        match self.inner.store.snapshot(&context.label) {
            Ok(Some(snapshot)) => {
                let mut state = context.state();
                state.region = context
                    .spec
                    .region
                    .clone()
                    .or_else(|| self.inner.store.setting(&format!("region of {}", context.label)).ok().flatten());
                state.identity = Some(snapshot.identity);
                state.account = snapshot.account;
                state.gaps = snapshot.coverage.gaps;
                state.read_at = Some(snapshot.read_at);
                state.from_snapshot = true;
                state.apis = snapshot.apis.into_iter().map(|api| (Arc::clone(&api.api.id), Arc::new(api))).collect();
                drop(state);
                self.assemble(context);
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(context = %context.label, %error, "the last snapshot cannot be read"),
        }
    }

    /// Starts reading every open context that is not being read.
    pub(crate) fn start_reading(&self) {
        for context in self.contexts().iter() {
            let cancel = CancellationToken::new();
            {
                let mut state = context.state();
                if state.phase == Phase::Reading {
                    continue;
                }
                state.phase = Phase::Reading;
                state.cancel = cancel.clone();
                (state.done, state.total, state.counts) = (0, None, CallCounts::new());
                state.gaps.clear();
            }
            let (host, context) = (self.clone(), Arc::clone(context));
            tokio::spawn(async move { host.read_context(&context, cancel).await });
        }
        self.changed();
    }

    /// Reads every open context to the end. For the command line.
    pub async fn read_all(&self) {
        self.start_reading();
        let mut revisions = self.revisions();
        while self.contexts().iter().any(|context| context.state().phase == Phase::Reading) {
            if revisions.changed().await.is_err() {
                return;
            }
        }
    }

    async fn read_context(&self, context: &OpenedContext, cancel: CancellationToken) {
        let session = match context.session(self).await {
            Ok(session) => session,
            Err(error) => return self.failed(context, &error),
        };
        let reader = Reader::new(&session, Lane::OnScreen, cancel.clone());
        let (sender, mut events) = mpsc::channel(32);
        let mut reading = Reading::default();
        let gather = async {
            while let Some(event) = events.recv().await {
                reading.take(self, context, event);
                context.state().counts = reader.counts();
                self.changed();
            }
        };
        let (outcome, ()) = tokio::join!(collect_inventory(&reader, sender), gather);
        context.state().counts = reader.counts();
        match outcome {
            Err(error) => self.failed(context, &error),
            Ok(()) => self.finished(context, reading, cancel.is_cancelled()),
        }
    }

    fn failed(&self, context: &OpenedContext, error: &AwsError) {
        {
            let mut state = context.state();
            state.phase = Phase::Failed;
            state.gaps = vec![error.to_gap(&context.label, &format!("everything of {}", context.label))];
        }
        self.reindex();
    }

    /// Keeps what was read, then says that it is done: whoever sees "done" may close the program.
    fn finished(&self, context: &OpenedContext, reading: Reading, cancelled: bool) {
        let snapshot = {
            let mut state = context.state();
            // What was not seen although the lists were read to the end is gone; with gaps in the lists nobody knows.
            if reading.lists_complete() && !cancelled {
                state.apis.retain(|id, _| reading.seen.contains_key(id));
                state.routes.retain(|id, _| reading.seen.contains_key(id));
            }
            state.gaps = reading.gaps;
            if !cancelled {
                state.read_at = Some(self.now());
            }
            state.identity.clone().map(|identity| ContextSnapshot {
                read_at: state.read_at.clone().unwrap_or_else(|| self.now()),
                identity,
                account: state.account.clone(),
                coverage: Coverage::of(state.gaps.clone()),
                apis: Vec::new(),
            })
        };
        if let Some(snapshot) = snapshot {
            self.keep(context, &snapshot, &reading.seen);
        }
        {
            let mut state = context.state();
            state.phase = if cancelled { Phase::Cancelled } else { Phase::Done };
            state.from_snapshot = cancelled && state.from_snapshot;
        }
        self.reindex();
    }

    fn keep(&self, context: &OpenedContext, snapshot: &ContextSnapshot, seen: &BTreeMap<Arc<str>, bool>) {
        let (apis, raws, keep) = {
            let mut state = context.state();
            let complete: Vec<Arc<ApiInventory>> = state
                .apis
                .iter()
                .filter(|(id, _)| seen.get(*id) == Some(&true))
                .map(|(_, api)| Arc::clone(api))
                .collect();
            let keep: Vec<String> =
                state.apis.keys().filter(|id| seen.get(*id) != Some(&true)).map(ToString::to_string).collect();
            (complete, std::mem::take(&mut state.raws), keep)
        };
        let rows: Vec<portcullis_store::ApiSnapshot<'_>> =
            apis.iter().map(|api| (&**api, raws.get(&api.api.id).map(Vec::as_slice).unwrap_or_default())).collect();
        let kept = self.inner.store.save_snapshot(&context.label, snapshot, &rows, &keep).and_then(|()| {
            let region = context.state().region.clone().unwrap_or_default();
            self.inner.store.set_setting(&format!("region of {}", context.label), &region)
        });
        if let Err(error) = kept {
            tracing::warn!(context = %context.label, %error, "the snapshot cannot be kept");
        }
    }

    /// Makes every route of a context again: rules, overrides or the account's own limits changed.
    pub(crate) fn assemble(&self, context: &OpenedContext) {
        let rules = self.rules();
        let mut state = context.state();
        let Some(place) = context.place(&state) else { return };
        state.routes = state
            .apis
            .iter()
            .map(|(id, api)| (Arc::clone(id), routes_of(&place, api, &state.account, &rules)))
            .collect();
    }

    /// Makes the index again from every context's routes.
    pub(crate) fn reindex(&self) {
        let routes: Vec<Route> = self
            .contexts()
            .iter()
            .flat_map(|context| context.state().routes.values().flatten().cloned().collect::<Vec<_>>())
            .collect();
        *self.inner.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(RouteIndex::new(routes));
        self.changed();
    }

    fn changed(&self) {
        self.inner.revision.send_modify(|revision| *revision += 1);
    }

    pub(crate) fn coverage(&self) -> Coverage {
        Coverage::of(self.contexts().iter().flat_map(|context| context.state().gaps.clone()).collect())
    }

    /// Stops every reading.
    pub(crate) fn stop_reading(&self) {
        self.contexts().iter().for_each(|context| context.state().cancel.cancel());
    }

    /// Classifies every route again.
    pub(crate) fn classify_again(&self) {
        let contexts: Vec<Arc<OpenedContext>> = self.contexts().iter().map(Arc::clone).collect();
        contexts.iter().for_each(|context| self.assemble(context));
        self.reindex();
    }

    pub(crate) fn status_revision(&self) -> u64 {
        *self.inner.revision.borrow()
    }

    /// How far reading is.
    #[must_use]
    pub fn status(&self) -> InventoryStatus {
        let contexts = self.contexts().iter().map(|context| status_of(context)).collect();
        InventoryStatus { revision: *self.inner.revision.borrow(), contexts }
    }
}

fn status_of(context: &OpenedContext) -> ContextInventoryStatus {
    let state = context.state();
    let budget =
        context.session.get().map(|session| session.budget().now()).filter(|budget| budget.limits.rate.is_finite());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a burst is a small whole number")]
    let budget = budget.map(|budget| BudgetStatus {
        rate: budget.limits.rate,
        burst: budget.limits.burst as u32,
        available: budget.available,
        waiting: budget.waiting,
    });
    ContextInventoryStatus {
        context: context.label.to_string(),
        phase: match state.phase {
            Phase::Idle => InventoryPhase::Idle,
            Phase::Reading => InventoryPhase::Reading,
            Phase::Done => InventoryPhase::Done,
            Phase::Failed => InventoryPhase::Failed,
            Phase::Cancelled => InventoryPhase::Cancelled,
        },
        apis_done: state.done,
        apis_total: state.total,
        routes: u32::try_from(state.routes.values().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX),
        calls: state.counts.clone(),
        budget,
        read_at: state.read_at.clone(),
        from_snapshot: state.from_snapshot,
        coverage: Coverage::of(state.gaps.clone()),
    }
}

/// One reading under way.
#[derive(Default)]
struct Reading {
    /// APIs that came, and whether whole.
    seen: BTreeMap<Arc<str>, bool>,
    gaps: Vec<Gap>,
}

impl Reading {
    fn lists_complete(&self) -> bool {
        !self.gaps.iter().any(|gap| matches!(gap.operation.as_str(), "GetRestApis" | "GetApis"))
    }

    fn take(&mut self, host: &Host, context: &OpenedContext, event: InventoryEvent) {
        match event {
            InventoryEvent::Identity(identity) => context.state().identity = Some(identity),
            InventoryEvent::Total(total) => context.state().total = Some(total),
            InventoryEvent::Account(account) => {
                context.state().account = account;
                host.assemble(context);
                host.reindex();
            }
            InventoryEvent::Gap(gap) => {
                context.state().gaps.push(gap.clone());
                self.gaps.push(gap);
            }
            InventoryEvent::Api(read) => {
                let id = Arc::clone(&read.inventory.api.id);
                self.seen.insert(Arc::clone(&id), read.complete);
                let rules = host.rules();
                let last = {
                    let mut state = context.state();
                    state.done += 1;
                    // A reading with holes does not overwrite a whole one.
                    let known = state.apis.contains_key(&id);
                    if read.complete || !known {
                        if let Some(place) = context.place(&state) {
                            let routes = routes_of(&place, &read.inventory, &state.account, &rules);
                            state.routes.insert(Arc::clone(&id), routes);
                        }
                        state.raws.insert(Arc::clone(&id), read.raw.into_iter().map(raw_text).collect());
                        state.apis.insert(id, Arc::new(read.inventory));
                    }
                    state.total.is_some_and(|total| state.done >= total)
                };
                // Indexing is a sort of everything: often enough to see routes arrive, not once per API of a thousand.
                let done = self.seen.len();
                if done <= 8 || done.is_multiple_of(25) || last {
                    host.reindex();
                }
            }
        }
    }
}

fn raw_text(raw: RawAnswer) -> (String, String, String) {
    (raw.call, raw.of, String::from_utf8_lossy(&raw.body).into_owned())
}
