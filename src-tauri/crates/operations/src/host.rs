//! What operations stand on: clock, store, AWS sessions, rules, and the inventory in memory.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use jiff::Timestamp;
use portcullis_aws::{BudgetLimits, SessionDeps};
use portcullis_demo::{DemoAccount, Scale};
use portcullis_domain::{
    Clock,
    audience_rules::{AudienceRules, organisation::OrganisationRules},
    context::{ContextSpec, CredentialSource},
    route_index::RouteIndex,
};
use portcullis_store::Store;
use tokio::sync::watch;

use crate::{
    error::{ErrorCode, WireError},
    inventory::OpenedContext,
    settings::Settings,
};

/// The system's clock: the one place that reads it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the clock that is passed in everywhere else")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// How a host is set up.
#[derive(Clone)]
pub struct HostOptions {
    /// Where the store is.
    pub data_dir: PathBuf,
    /// Where rules and settings are.
    pub config_dir: PathBuf,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// A large demo account instead of the shop.
    pub scale: Option<Scale>,
    /// Nothing is kept between runs (the command line's reading commands).
    pub in_memory: bool,
}

impl HostOptions {
    /// The user's own directories, or those that `PORTCULLIS_DATA_DIR` and `PORTCULLIS_CONFIG_DIR` name.
    #[must_use]
    pub fn from_environment() -> Self {
        let project = directories::ProjectDirs::from("", "", "portcullis");
        let directory = |name: &str, default: Option<&Path>| {
            std::env::var_os(name)
                .map(PathBuf::from)
                .or_else(|| default.map(Path::to_owned))
                .unwrap_or_else(|| PathBuf::from(".portcullis"))
        };
        Self {
            data_dir: directory("PORTCULLIS_DATA_DIR", project.as_ref().map(directories::ProjectDirs::data_dir)),
            config_dir: directory("PORTCULLIS_CONFIG_DIR", project.as_ref().map(directories::ProjectDirs::config_dir)),
            clock: Arc::new(SystemClock),
            scale: None,
            in_memory: false,
        }
    }
}

/// The program's state behind every operation. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Host {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) options: HostOptions,
    pub(crate) store: Store,
    pub(crate) deps: SessionDeps,
    pub(crate) contexts: Mutex<Vec<Arc<OpenedContext>>>,
    pub(crate) rules: RwLock<AudienceRules>,
    pub(crate) rules_problem: Mutex<Option<WireError>>,
    pub(crate) index: RwLock<Arc<RouteIndex>>,
    pub(crate) revision: watch::Sender<u64>,
    /// What a person should know since the start: a store set aside, a settings file that is wrong.
    pub(crate) warnings: Vec<WireError>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Host").field("data_dir", &self.inner.options.data_dir).finish_non_exhaustive()
    }
}

impl Host {
    /// Opens store, settings, rules and the demo account. Nothing is sent anywhere.
    ///
    /// # Errors
    /// When not even a store in memory can be had, or the demo account refuses its own seed.
    pub fn open(options: HostOptions) -> Result<Self, WireError> {
        let mut warnings = Vec::new();
        let (settings, problem) = Settings::read(&options.config_dir.join("settings.toml"));
        warnings.extend(problem);
        let store = if options.in_memory {
            Store::in_memory()?
        } else {
            let opened = Store::open(&options.data_dir.join("store.sqlite"))?;
            warnings.extend(opened.warning.map(WireError::from));
            opened.store
        };
        let demo = demo_account(&options)?;
        let limits = settings.budget.map_or_else(BudgetLimits::default, |budget| BudgetLimits {
            rate: budget.rate,
            burst: f64::from(budget.burst),
        });
        let overrides = store.overrides()?;
        let host = Self {
            inner: Arc::new(Inner {
                store,
                deps: SessionDeps::new(Some(demo.http_client()), limits),
                contexts: Mutex::new(Vec::new()),
                rules: RwLock::new(AudienceRules { organisation: OrganisationRules::default(), overrides }),
                rules_problem: Mutex::new(None),
                index: RwLock::new(Arc::new(RouteIndex::default())),
                revision: watch::Sender::new(0),
                warnings,
                options,
            }),
        };
        host.load_rules();
        Ok(host)
    }

    /// What went wrong at the start without stopping it.
    #[must_use]
    pub fn warnings(&self) -> &[WireError] {
        &self.inner.warnings
    }

    /// Grows with every change of the inventory: what the window listens to.
    #[must_use]
    pub fn revisions(&self) -> watch::Receiver<u64> {
        self.inner.revision.subscribe()
    }

    /// Now, RFC 3339.
    #[must_use]
    pub fn now(&self) -> String {
        self.inner.options.clock.now().to_string()
    }

    /// The contexts to begin with: those of last time, else AWS's default chain where it has something to try, else
    /// none.
    pub async fn initial_contexts(&self) -> Vec<ContextSpec> {
        let stored = self
            .inner
            .store
            .setting("contexts")
            .ok()
            .flatten()
            .and_then(|text| serde_json::from_str::<Vec<ContextSpec>>(&text).ok());
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

    pub(crate) fn index(&self) -> Arc<RouteIndex> {
        Arc::clone(&self.inner.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn contexts(&self) -> MutexGuard<'_, Vec<Arc<OpenedContext>>> {
        self.inner.contexts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn rules(&self) -> AudienceRules {
        self.inner.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where the organisation's rules are.
    pub(crate) fn rules_path(&self) -> PathBuf {
        self.inner.options.config_dir.join("audience.toml")
    }

    /// Reads the rules file; a file that is wrong leaves the rules in force and is remembered as a problem.
    pub(crate) fn load_rules(&self) {
        let path = self.rules_path();
        let outcome = match std::fs::read_to_string(&path) {
            Ok(text) => OrganisationRules::parse(&text).map_err(|error| WireError::rules(&path, &error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(OrganisationRules::default()),
            Err(error) => {
                Err(WireError::new(ErrorCode::RulesInvalid, format!("{} cannot be read: {error}.", path.display())))
            }
        };
        let mut problem = self.inner.rules_problem.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(rules) => {
                *problem = None;
                self.inner.rules.write().unwrap_or_else(PoisonError::into_inner).organisation = rules;
            }
            Err(error) => *problem = Some(error),
        }
    }
}

/// The demo account of this process, with the definitions that were imported into it.
fn demo_account(options: &HostOptions) -> Result<DemoAccount, WireError> {
    let clock = Arc::clone(&options.clock);
    if let Some(scale) = options.scale {
        return Ok(DemoAccount::scaled(scale, 1, clock));
    }
    let account = DemoAccount::standard(clock).map_err(|error| {
        WireError::new(ErrorCode::Internal, format!("The demo account cannot be laid out: {error}."))
    })?;
    for file in crate::demo_imports::files(&options.data_dir) {
        if let Ok(text) = std::fs::read_to_string(&file) {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            account.import(&name, &text);
        }
    }
    Ok(account)
}

impl Host {
    /// Opens contexts without reading them.
    pub fn open_only(&self, contexts: Vec<ContextSpec>) {
        self.open_contexts(contexts);
    }
}
