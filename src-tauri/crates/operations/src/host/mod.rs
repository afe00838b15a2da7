//! What operations stand on: clock, store, AWS sessions, rules, and the inventory in memory.

mod changes;
mod demo;
mod demo_clock;
mod options;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock},
};

use portcullis_aws::{BudgetLimits, SessionDeps};
use portcullis_demo::DemoAccount;
use portcullis_domain::{
    canary::CanaryBeginning,
    context::{ContextSpec, CredentialSource},
};
use portcullis_store::Store;
use tokio::sync::watch;

pub use crate::inventory::StatusChanges;
pub(crate) use changes::{Running, Where, local_user};
pub use demo_clock::{DemoClock, FASTEST};
pub use options::{HostOptions, SystemClock};

use crate::{
    error::WireError,
    events_state::EventState,
    inventory::{OpenedContext, Pace, Shown},
    rules_file::RulesInForce,
    settings::Settings,
    throttle_copy::StageName,
};

/// Under this name the store keeps which contexts were open.
const CONTEXTS: &str = "contexts";

/// The program's state behind every operation. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Host {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) options: HostOptions,
    pub(crate) store: Store,
    deps: SessionDeps,
    demo: OnceLock<Result<DemoAccount, String>>,
    contexts: Mutex<Vec<Arc<OpenedContext>>>,
    pub(crate) rules: RwLock<RulesInForce>,
    pub(crate) shown: RwLock<Shown>,
    /// Held while an index is made; counts them.
    pub(crate) gathering: Mutex<u64>,
    pub(crate) pace: Pace,
    pub(crate) changes: watch::Sender<u64>,
    pub(crate) changing: changes::Changes,
    pub(crate) alarms: crate::alarm_state::AlarmsKept,
    pub(crate) posture: crate::posture_state::PostureState,
    pub(crate) events: EventState,
    pub(crate) tenants: crate::tenant_state::TenantState,
    /// When candidates began, as journal or CloudTrail said: asked once for each.
    pub(crate) beginnings: Mutex<HashMap<(StageName, String), CanaryBeginning>>,
    /// After how many days without a change a canary counts as forgotten.
    pub(crate) canary_stale_after_days: u16,
    pub(crate) waf: crate::waf_state::WafState,
    pub(crate) releasing: crate::release::ReleaseState,
    pub(crate) rotations: crate::rotation::RotationBatches,
    /// What a person should know and nothing else says: a store set aside, settings that are wrong, a full disk.
    notices: Mutex<Vec<WireError>>,
    /// Of contexts that were closed because another is the same; until others are opened.
    doubles: Mutex<Vec<WireError>>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Host").field("options", &self.inner.options).finish_non_exhaustive()
    }
}

impl Host {
    /// Opens store, settings and rules. Nothing is sent anywhere, and what is wrong with a file costs that file only:
    /// see [`Self::notices`].
    ///
    /// # Errors
    /// When not even a store in memory can be had.
    pub fn open(options: HostOptions) -> Result<Self, WireError> {
        let (settings, problem) = Settings::read(&options.config_dir.join("settings.toml"));
        let mut notices: Vec<WireError> = problem.into_iter().collect();
        let path = options.data_dir.join("store.sqlite");
        let ci = settings.ci.clone();
        let (store, held, changing, events) = if options.in_memory {
            let (mut held, mut changing) = (RulesInForce::default(), changes::Changes::default());
            let mut events = EventState::kept_in(None, ci.clone(), &mut notices);
            if path.exists() {
                let opened = Store::open(&path)?;
                notices.extend(opened.warning.map(WireError::from));
                held = RulesInForce::kept_in(&opened.store, &mut notices);
                changing = changes::Changes::kept_in(&opened.store, &mut notices);
                events = EventState::kept_in(Some(&opened.store), ci, &mut notices);
            }
            (Store::in_memory()?, held, changing, events)
        } else {
            let opened = Store::open(&path)?;
            notices.extend(opened.warning.map(WireError::from));
            let held = RulesInForce::kept_in(&opened.store, &mut notices);
            let changing = changes::Changes::kept_in(&opened.store, &mut notices);
            let events = EventState::kept_in(Some(&opened.store), ci, &mut notices);
            (opened.store, held, changing, events)
        };
        let limits = options.budget.unwrap_or_else(|| {
            settings.budget.map_or_else(BudgetLimits::default, |budget| BudgetLimits {
                rate: budget.rate,
                burst: f64::from(budget.burst),
            })
        });
        let host = Self {
            inner: Arc::new(Inner {
                store,
                deps: SessionDeps::new(None, limits),
                demo: OnceLock::new(),
                contexts: Mutex::new(Vec::new()),
                rules: RwLock::new(held),
                shown: RwLock::new(Shown::default()),
                gathering: Mutex::new(0),
                pace: Pace::default(),
                changes: watch::Sender::new(0),
                changing,
                alarms: crate::alarm_state::AlarmsKept::default(),
                posture: crate::posture_state::PostureState::default(),
                events,
                tenants: crate::tenant_state::TenantState::default(),
                beginnings: Mutex::default(),
                canary_stale_after_days: settings.canary.unwrap_or_default().stale_after_days,
                waf: crate::waf_state::WafState::default(),
                releasing: crate::release::ReleaseState::default(),
                rotations: crate::rotation::RotationBatches::new(settings.rotation.policy()),
                notices: Mutex::new(notices),
                doubles: Mutex::new(Vec::new()),
                options,
            }),
        };
        host.reload_rules();
        Ok(host)
    }

    /// What a person should know and nothing else says: a store that was set aside, settings or rules that are wrong, a
    /// snapshot that could not be kept. Oldest first.
    #[must_use]
    pub fn notices(&self) -> Vec<WireError> {
        let mut notices = self.inner.notices.lock().unwrap_or_else(PoisonError::into_inner).clone();
        notices.extend(self.doubles().iter().cloned());
        notices.extend(self.rules_problem());
        notices
    }

    /// Adds one that is not there yet.
    pub(crate) fn notice(&self, told: WireError) {
        tracing::warn!(message = %told.message, "notice");
        let mut notices = self.inner.notices.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&told) {
            notices.push(told);
        }
        drop(notices);
        self.changed();
    }

    /// Grows with every change of the inventory. [`Self::subscribe`] is the same for a window: fewer, and with the status.
    #[must_use]
    pub fn revisions(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    /// The clock that this host goes by.
    #[must_use]
    pub fn clock(&self) -> &dyn portcullis_domain::Clock {
        &*self.inner.options.clock
    }

    /// Now, RFC 3339.
    #[must_use]
    pub fn now(&self) -> String {
        self.inner.options.clock.now().to_string()
    }

    /// The contexts to begin with: those of last time, else AWS's default chain where it has something to try, else
    /// none.
    pub async fn initial_contexts(&self) -> Vec<ContextSpec> {
        let stored = self.inner.store.setting(CONTEXTS).map_err(|error| self.notice(WireError::from(error)));
        let stored = stored.ok().flatten().and_then(|text| serde_json::from_str::<Vec<ContextSpec>>(&text).ok());
        if let Some(contexts) = stored {
            return contexts;
        }
        match portcullis_aws::profiles().await {
            Ok(found) if found.default_chain => {
                vec![ContextSpec { source: CredentialSource::DefaultChain, region: None, endpoint_url: None }]
            }
            _ => Vec::new(),
        }
    }

    /// Remembers them for the next start.
    pub(crate) fn keep_contexts(&self, contexts: &[ContextSpec]) {
        let kept = serde_json::to_string(contexts)
            .map_err(|error| WireError::internal("context_select", &error))
            .and_then(|text| self.inner.store.set_setting(CONTEXTS, &text).map_err(WireError::from));
        if let Err(error) = kept {
            self.notice(error);
        }
    }

    /// Opens contexts without reading them and without remembering them; what the store has of them is shown.
    pub fn open_only(&self, contexts: Vec<ContextSpec>) {
        self.open_contexts(contexts);
    }

    pub(crate) fn doubles(&self) -> MutexGuard<'_, Vec<WireError>> {
        self.inner.doubles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn contexts(&self) -> MutexGuard<'_, Vec<Arc<OpenedContext>>> {
        self.inner.contexts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
