//! What changes stand on: plans that wait for a person's word, changes under way, who may change what, the journal.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use portcullis_domain::{
    change::Plan,
    context::{AccessMode, ContextAccess},
    journal::Actor,
};
use portcullis_store::{Journal, Lease, Store};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::Host;
use crate::{
    error::{ErrorCode, WireError},
    inventory::OpenedContext,
};

/// Under this name the store keeps who may change what.
const ACCESS: &str = "access";
/// Plans that nobody applied are forgotten, oldest first.
const PLANS: usize = 100;

/// Plans made by this process.
static MADE: AtomicU64 = AtomicU64::new(0);

/// See the module.
#[derive(Default)]
pub(crate) struct Changes {
    plans: Mutex<VecDeque<Arc<Plan>>>,
    running: Mutex<HashMap<String, Running>>,
    journal: Mutex<Option<Arc<Journal>>>,
    access: RwLock<BTreeMap<String, ContextAccess>>,
}

/// A change under way.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    /// The plan's title.
    pub(crate) title: String,
    /// The labels of the contexts that it changes.
    pub(crate) contexts: Vec<String>,
    pub(crate) done: usize,
    pub(crate) total: usize,
    pub(crate) cancel: CancellationToken,
}

impl Running {
    /// A change that begins.
    pub(crate) fn of(plan: &Plan, cancel: CancellationToken) -> Self {
        let mut contexts: Vec<String> = plan.targets.iter().map(|target| target.context().to_owned()).collect();
        contexts.sort();
        contexts.dedup();
        Self { title: plan.title.clone(), contexts, done: 0, total: plan.steps.len(), cancel }
    }
}

impl Changes {
    /// With what the store keeps of access; a store that cannot be read means: read-only everywhere.
    pub(crate) fn kept_in(store: &Store, notices: &mut Vec<WireError>) -> Self {
        let kept = store.setting(ACCESS).map_err(|error| notices.push(WireError::from(error)));
        let kept = kept.ok().flatten().map(|text| serde_json::from_str(&text));
        let access = match kept {
            Some(Ok(access)) => access,
            Some(Err(error)) => {
                notices.push(WireError::new(
                    ErrorCode::StoreCorrupted,
                    format!("Which contexts may change something cannot be read ({error}): all are read-only."),
                ));
                BTreeMap::new()
            }
            None => BTreeMap::new(),
        };
        Self { access: RwLock::new(access), ..Self::default() }
    }
}

impl Host {
    /// The context of that label, if it is open.
    pub(crate) fn context(&self, label: &str) -> Option<Arc<OpenedContext>> {
        self.contexts().iter().find(|context| &*context.label == label).cloned()
    }

    /// The same, or what to say.
    pub(crate) fn open_context(&self, label: &str) -> Result<Arc<OpenedContext>, WireError> {
        self.context(label).ok_or_else(|| {
            WireError::new(ErrorCode::NotFound, format!("The context {label} is not open."))
                .with_hint("Open it in the context switcher.")
        })
    }

    /// What may be done in a context.
    #[must_use]
    pub fn access(&self, label: &str) -> ContextAccess {
        let access = self.inner.changing.access.read().unwrap_or_else(PoisonError::into_inner);
        access.get(label).copied().unwrap_or_default()
    }

    /// Says what may be done in a context, for as long as the program runs; `keep` remembers it.
    pub(crate) fn set_access(&self, label: &str, said: ContextAccess, keep: bool) -> Result<(), WireError> {
        let text = {
            let mut access = self.inner.changing.access.write().unwrap_or_else(PoisonError::into_inner);
            access.insert(label.to_owned(), said);
            serde_json::to_string(&*access).map_err(|error| WireError::internal("context_access_set", &error))?
        };
        if keep {
            self.inner.store.set_setting(ACCESS, &text)?;
        }
        self.changed();
        Ok(())
    }

    /// Lets every open context be changed while this program runs: the command line's `--access operator`. A protected
    /// context stays protected.
    pub fn allow_changes(&self) -> Result<(), WireError> {
        let labels: Vec<Arc<str>> = self.contexts().iter().map(|context| Arc::clone(&context.label)).collect();
        for label in labels {
            let said = ContextAccess { mode: AccessMode::Operator, ..self.access(&label) };
            self.set_access(&label, said, false)?;
        }
        Ok(())
    }

    /// Refuses where nothing may be changed.
    pub(crate) fn check_access(&self, label: &str) -> Result<ContextAccess, WireError> {
        let access = self.access(label);
        if access.mode == AccessMode::Operator {
            return Ok(access);
        }
        Err(WireError::new(ErrorCode::ReadOnly, format!("The context {label} is read-only: nothing was changed."))
            .with_hint("Let it be changed in the context switcher, or with --access operator."))
    }

    /// A name for a new plan: the second it was made in and four letters, short enough to be read out on the phone.
    pub(crate) fn plan_id(&self) -> String {
        let now = self.inner.options.clock.now();
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let digest = Sha256::digest(format!("{} {} {number}", std::process::id(), now.as_nanosecond()));
        let letters: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{letters}", now.strftime("%Y%m%d-%H%M%S"))
    }

    /// Keeps a plan until somebody applies it.
    pub(crate) fn keep_plan(&self, plan: Plan) -> Plan {
        let mut plans = self.inner.changing.plans.lock().unwrap_or_else(PoisonError::into_inner);
        plans.push_back(Arc::new(plan.clone()));
        while plans.len() > PLANS {
            plans.pop_front();
        }
        plan
    }

    /// A plan that was made.
    pub(crate) fn plan(&self, id: &str) -> Result<Arc<Plan>, WireError> {
        let plans = self.inner.changing.plans.lock().unwrap_or_else(PoisonError::into_inner);
        plans.iter().find(|plan| plan.id == id).cloned().ok_or_else(|| {
            WireError::new(ErrorCode::NotFound, format!("There is no plan {id}.")).with_hint("Make the plan again.")
        })
    }

    /// The changes under way, by entry.
    pub(crate) fn running(&self) -> std::sync::MutexGuard<'_, HashMap<String, Running>> {
        self.inner.changing.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a journal: looking into one must not make one.
    pub(crate) fn has_journal(&self) -> bool {
        self.inner.options.data_dir.join("journal.sqlite").exists()
    }

    /// Takes a change for this program, unless it is under way already, here or in another program: `None` then.
    ///
    /// # Errors
    /// `JournalUnusable` when nobody can tell whether another program makes it.
    pub(crate) fn begin_change(
        &self,
        entry: &str,
        plan: &Plan,
        cancel: CancellationToken,
    ) -> Result<Option<Begun>, WireError> {
        if self.running().contains_key(entry) {
            return Ok(None);
        }
        // Of two who come here at once one gets the lease.
        let lease = Lease::take(&self.leases(), entry).map_err(|error| {
            WireError::new(
                ErrorCode::JournalUnusable,
                format!("Nothing was changed: {}.", crate::error::in_words(&error)),
            )
            .with_hint("Mend the directory, or choose another with PORTCULLIS_DATA_DIR.")
        })?;
        let Some(lease) = lease else { return Ok(None) };
        self.running().insert(entry.to_owned(), Running::of(plan, cancel));
        Ok(Some(Begun { host: self.clone(), entry: entry.to_owned(), _lease: lease }))
    }

    /// Whether a change is under way, and where.
    pub(crate) fn under_way(&self, entry: &str) -> Option<Where> {
        if self.running().contains_key(entry) {
            return Some(Where::Here);
        }
        match Lease::is_held(&self.leases(), entry) {
            Ok(true) => Some(Where::Elsewhere),
            Ok(false) => None,
            Err(error) => {
                // Whoever wants to go on with it takes the lease first, and hears of this then.
                tracing::warn!(entry, %error, "whether another program makes a change is not known");
                None
            }
        }
    }

    /// Beside the journal: who shares the one shares the other.
    fn leases(&self) -> PathBuf {
        self.inner.options.data_dir.join("changes")
    }

    /// The journal, opened when first needed; a failure is not kept, so that making room on the disk is enough.
    pub(crate) fn journal(&self) -> Result<Arc<Journal>, WireError> {
        let mut journal = self.inner.changing.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(journal) = &*journal {
            return Ok(Arc::clone(journal));
        }
        let path = self.inner.options.data_dir.join("journal.sqlite");
        let opened = Journal::open(&path).map_err(|error| {
            WireError::new(ErrorCode::JournalUnusable, format!("The journal cannot be used: {}.", crate::error::in_words(&error)))
                .with_hint("Nothing is changed without a journal. Mend the file, or choose another directory with PORTCULLIS_DATA_DIR.")
        })?;
        Ok(Arc::clone(journal.insert(Arc::new(opened))))
    }

    /// Who changes something in this context.
    pub(crate) fn actor(&self, label: &str) -> Actor {
        let arn = self
            .context(label)
            .and_then(|context| context.state().identity.as_ref().map(|identity| identity.arn.clone()));
        Actor { caller_arn: arn.unwrap_or_else(|| "not known".to_owned()), local_user: local_user() }
    }
}

/// Which program makes a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// This one.
    Here,
    /// Another that shares the journal: a second window, a command line.
    Elsewhere,
}

/// A change that is under way until this is dropped.
pub(crate) struct Begun {
    host: Host,
    entry: String,
    _lease: Lease,
}

impl Begun {
    /// So many of its calls are done.
    pub(crate) fn done(&self, done: usize) {
        if let Some(running) = self.host.running().get_mut(&self.entry) {
            running.done = done;
        }
        self.host.changed();
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.host.running().remove(&self.entry);
    }
}

/// The user of this machine, as the operating system knows it: the environment can say anything.
pub(crate) fn local_user() -> String {
    whoami::username().unwrap_or_else(|error| {
        tracing::warn!(%error, "the operating system does not name the user");
        "an unnamed user".to_owned()
    })
}
