//! A context that is open, and what is known of it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use portcullis_aws::{AwsError, Session};
use portcullis_domain::{
    audience_rules::AudienceRules,
    context::ContextSpec,
    coverage::{CallCounts, Gap},
    inventory::{AccountInventory, ApiInventory, Identity},
    route::Route,
    route_assembly::routes_of,
    route_index::{IndexedRoute, RouteIndex},
    route_place::{Place, UNKNOWN_ACCOUNT},
};
use portcullis_store::PackedAnswers;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::{host::Host, inventory_status::InventoryPhase};

/// A context that is open.
pub(crate) struct OpenedContext {
    pub(crate) spec: ContextSpec,
    pub(crate) label: Arc<str>,
    pub(super) session: OnceCell<Arc<Session>>,
    state: Mutex<State>,
}

/// What is known of it.
pub(crate) struct State {
    pub(crate) phase: InventoryPhase,
    pub(crate) identity: Option<Identity>,
    /// Whether there are answers of an account of which STS does not say whose it is.
    pub(super) unidentified: bool,
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) account: AccountInventory,
    pub(crate) apis: BTreeMap<Arc<str>, Arc<ApiInventory>>,
    /// AWS's answers of this reading, by API, until they are in the store.
    pub(crate) answers: BTreeMap<Arc<str>, Arc<PackedAnswers>>,
    /// What the last reading that came to its end left out. It stays until another one does: a list that is half old
    /// must not look complete.
    pub(super) old_gaps: Vec<Gap>,
    /// What the reading under way, or one that failed or was stopped, left out.
    pub(super) new_gaps: Vec<Gap>,
    pub(super) read_at: Option<String>,
    pub(super) from_snapshot: bool,
    pub(super) routes: BTreeMap<Arc<str>, Vec<Arc<IndexedRoute>>>,
    pub(super) done: u32,
    pub(super) total: Option<u32>,
    pub(super) counts: CallCounts,
    pub(super) cancel: CancellationToken,
    /// Asked for again while a reading that was stopped still winds up.
    pub(super) again: bool,
}

impl State {
    /// What is missing from what is shown, each thing once.
    pub(crate) fn gaps(&self) -> Vec<Gap> {
        let mut gaps = self.old_gaps.clone();
        let same = |one: &Gap, other: &Gap| {
            (&one.operation, &one.resource, one.kind, &one.code)
                == (&other.operation, &other.resource, other.kind, &other.code)
        };
        for gap in &self.new_gaps {
            if !self.old_gaps.iter().any(|old| same(old, gap)) {
                gaps.push(gap.clone());
            }
        }
        gaps
    }

    /// When what is shown was read, RFC 3339.
    pub(crate) fn read_at(&self) -> Option<String> {
        self.read_at.clone()
    }

    /// The routes of an API, shared.
    pub(crate) fn routes_of(&self, api: &str) -> Vec<Arc<IndexedRoute>> {
        self.routes.get(api).cloned().unwrap_or_default()
    }

    /// A reading came to its end; one that was asked for meanwhile follows without a pause in between.
    pub(super) fn end(&mut self, phase: InventoryPhase) {
        self.phase = if self.again { InventoryPhase::Reading } else { phase };
    }

    /// Everything that was read, as before the first reading.
    pub(super) fn forget(&mut self) {
        self.apis.clear();
        self.routes.clear();
        self.answers.clear();
        self.account = AccountInventory::default();
        self.old_gaps.clear();
        self.read_at = None;
        self.from_snapshot = false;
    }
}

impl OpenedContext {
    pub(crate) fn new(spec: ContextSpec) -> Self {
        let label = spec.label().into();
        let state = State {
            phase: InventoryPhase::Idle,
            identity: None,
            unidentified: false,
            region: None,
            endpoint: None,
            account: AccountInventory::default(),
            apis: BTreeMap::new(),
            answers: BTreeMap::new(),
            old_gaps: Vec::new(),
            new_gaps: Vec::new(),
            read_at: None,
            from_snapshot: false,
            routes: BTreeMap::new(),
            done: 0,
            total: None,
            counts: CallCounts::new(),
            cancel: CancellationToken::new(),
            again: false,
        };
        Self { spec, label, session: OnceCell::new(), state: Mutex::new(state) }
    }

    /// The session, when there is one already.
    pub(crate) fn opened_session(&self) -> Option<&Arc<Session>> {
        self.session.get()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // Every change of the state is whole before the lock is let go, or is made good by the next reading.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session, opened when first needed; a failure is not kept, so that signing in and refreshing is enough.
    pub(crate) async fn session(&self, host: &Host) -> Result<Arc<Session>, AwsError> {
        let open = || async {
            let deps = host.session_deps(&self.spec).await?;
            Session::open(&self.spec, &deps).await.map(Arc::new)
        };
        let session = Arc::clone(self.session.get_or_try_init(open).await?);
        let mut state = self.state();
        if state.region.as_deref().is_some_and(|region| region != session.region()) {
            // The profile's region was changed since: what is kept is another region's.
            state.forget();
        }
        state.region = Some(session.region().to_owned());
        state.endpoint = session.endpoint().map(str::to_owned);
        drop(state);
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

    pub(crate) fn place(&self, state: &State) -> Option<Place> {
        let known = state.identity.as_ref().map(|identity| Arc::clone(&identity.account));
        let account = known.or_else(|| state.unidentified.then(|| UNKNOWN_ACCOUNT.into()))?;
        Some(Place { context: Arc::clone(&self.label), account, region: state.region.clone()?.into() })
    }

    /// Makes every route of the context again: rules, overrides or the account's own limits changed.
    pub(super) fn assemble(&self, rules: &AudienceRules) {
        let mut state = self.state();
        let Some(place) = self.place(&state) else { return };
        state.routes =
            state.apis.iter().map(|(id, api)| (Arc::clone(id), rows_of(&place, api, &state.account, rules))).collect();
    }
}

/// The rows of an API.
pub(super) fn rows_of(
    place: &Place,
    inventory: &ApiInventory,
    account: &AccountInventory,
    rules: &AudienceRules,
) -> Vec<Arc<IndexedRoute>> {
    routes_of(place, inventory, account, rules).into_iter().map(|route| Arc::new(IndexedRoute::new(route))).collect()
}
