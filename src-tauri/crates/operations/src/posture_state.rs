//! What checking posture stands on: the evidence beyond the inventory, the assessment made of both, and the file that
//! remembers exceptions and runs.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::{SignedDuration, tz::TimeZone};
use portcullis_aws::PostureEvidence;
use portcullis_domain::{
    coverage::{CallCounts, Coverage, Gap},
    events::Interval,
    findings::{
        assess::{AccountInput, ApiInput, Assessment, Measure, Tallies, assess},
        documents::{Document, Documents},
        finding::Finding,
        policy::PosturePolicy,
        run::{RunHistory, SeenFinding},
        scene::KnownEvents,
    },
    inventory::{AccountInventory, ApiInventory},
    route_index::IndexedRoute,
    route_place::Place,
};
use portcullis_store::{FindingsStore, PackedAnswers};

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    inventory::OpenedContext,
    inventory_status::InventoryPhase,
};

/// How far back changes are judged.
const MONTH_DAYS: i64 = 30;

/// The state. Behind every host one.
#[derive(Default)]
pub(crate) struct PostureState {
    store: OnceLock<Result<FindingsStore, WireError>>,
    /// By the context's label.
    read: Mutex<BTreeMap<String, ReadEvidence>>,
    /// Grows with every reading of evidence.
    evidence: AtomicU64,
    /// Grows with every exception and run.
    remembered: AtomicU64,
    /// Held while something is judged: two views that ask at once wait for one assessment instead of making two.
    shown: Mutex<Option<(ShownKey, Arc<Posture>)>>,
}

/// The revision of the routes, of the evidence, and whether passes are kept.
type AssessedKey = (u64, u64, bool);
/// The same and the revision of what is remembered.
type ShownKey = (AssessedKey, u64);

/// Evidence of one context.
#[derive(Clone)]
pub(crate) struct ReadEvidence {
    pub(crate) evidence: PostureEvidence,
    pub(crate) at: String,
    pub(crate) calls: CallCounts,
}

/// What was found, with what is remembered of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Posture {
    /// Those with everything that is remembered of them.
    pub(crate) findings: Vec<Finding>,
    /// Counts of every verdict by context and control id.
    pub(crate) tallies: Tallies,
    /// What the last run of any open context found fixed, by finding id.
    pub(crate) fixed: Vec<(String, SeenFinding)>,
    /// When the last run was, RFC 3339: the oldest over all open contexts, `None` when one had none.
    pub(crate) last_run: Option<String>,
}

/// A context as it is assessed: taken out of the state, so that nothing is locked meanwhile.
struct Taken {
    place: Place,
    account: AccountInventory,
    apis: Vec<TakenApi>,
    gaps: Vec<Gap>,
    at: String,
    documents: Documents,
    events: Option<KnownEvents>,
}

struct TakenApi {
    inventory: Arc<ApiInventory>,
    routes: Vec<Arc<IndexedRoute>>,
    /// AWS's answers while they are not in the store.
    unsaved: Option<Arc<PackedAnswers>>,
}

impl Host {
    /// The file that remembers exceptions and runs.
    ///
    /// # Errors
    /// The store's, each time that it is asked: what cannot be kept must not look kept.
    pub(crate) fn findings_store(&self) -> Result<&FindingsStore, WireError> {
        let path = self.inner.options.data_dir.join("posture.sqlite");
        let opened = self.inner.posture.store.get_or_init(|| FindingsStore::open(&path).map_err(WireError::from));
        opened.as_ref().map_err(Clone::clone)
    }

    /// Keeps evidence that was read.
    pub(crate) fn keep_evidence(&self, context: &str, read: ReadEvidence) {
        self.keep_plan_baselines(context, &read);
        let posture = &self.inner.posture;
        posture.read.lock().unwrap_or_else(PoisonError::into_inner).insert(context.to_owned(), read);
        posture.evidence.fetch_add(1, Ordering::AcqRel);
    }

    /// Says that exceptions or runs changed.
    pub(crate) fn findings_remembered(&self) {
        self.inner.posture.remembered.fetch_add(1, Ordering::AcqRel);
        self.changed();
    }

    /// The evidence of open contexts, by label.
    pub(crate) fn evidence(&self) -> BTreeMap<String, ReadEvidence> {
        let read = self.inner.posture.read.lock().unwrap_or_else(PoisonError::into_inner);
        let contexts = self.contexts();
        contexts
            .iter()
            .filter_map(|context| Some((context.label.to_string(), read.get(&*context.label)?.clone())))
            .collect()
    }

    /// What could not be read of inventory and evidence.
    pub(crate) fn posture_coverage(&self) -> Coverage {
        let mut gaps = self.coverage().gaps;
        gaps.extend(self.evidence_coverage().gaps);
        Coverage::of(gaps)
    }

    /// What could not be read of the evidence; the inventory says its own gaps.
    pub(crate) fn evidence_coverage(&self) -> Coverage {
        Coverage::of(self.evidence().into_values().flat_map(|read| read.evidence.gaps).collect())
    }

    /// Everything that was found, assessed again only when something was read since.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn posture(&self, passes: bool) -> Result<Arc<Posture>, WireError> {
        let mut assessed: AssessedKey = (self.shown().0, self.inner.posture.evidence.load(Ordering::Acquire), passes);
        // While APIs arrive the last assessment stays, else a large account would be judged again for each of them.
        if self.is_reading()
            && let Ok(shown) = self.inner.posture.shown.try_lock()
            && let Some(((known, _), _)) = shown.as_ref().filter(|((known, _), _)| known.2 == passes)
        {
            assessed = *known;
        }
        let host = self.clone();
        let made = tokio::task::spawn_blocking(move || host.judged(assessed));
        made.await.map_err(|error| WireError::internal("finding_list", &error))?
    }

    fn is_reading(&self) -> bool {
        self.contexts().iter().any(|context| context.state().phase == InventoryPhase::Reading)
    }

    /// What was found of this revision. When only what is remembered changed, nothing is judged again, and the findings
    /// are taken over: of a large account there would not be room for two copies.
    fn judged(&self, assessed: AssessedKey) -> Result<Arc<Posture>, WireError> {
        let mut shown = self.inner.posture.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let key: ShownKey = (assessed, self.inner.posture.remembered.load(Ordering::Acquire));
        if let Some((_, posture)) = shown.as_ref().filter(|(known, _)| *known == key) {
            return Ok(Arc::clone(posture));
        }
        let before = shown.take().filter(|((known, _), _)| *known == assessed).map(|(_, posture)| posture);
        let (findings, tallies) = match before.map(Arc::try_unwrap) {
            Some(Ok(posture)) => (posture.findings, posture.tallies),
            Some(Err(used)) => (used.findings.clone(), used.tallies.clone()),
            None => {
                let assessment = self.assessment(assessed.2)?;
                (assessment.findings, assessment.tallies)
            }
        };
        let posture = Arc::new(self.remembered_of(findings, tallies)?);
        *shown = Some((key, Arc::clone(&posture)));
        Ok(posture)
    }

    fn assessment(&self, passes: bool) -> Result<Assessment, WireError> {
        let policy = self.posture_policy();
        let contexts = self.contexts().clone();
        let evidence = self.evidence();
        let taken: Vec<Taken> =
            contexts.iter().filter_map(|context| self.take(context, evidence.get(&*context.label))).collect();
        let failed = Mutex::new(None);
        let inputs: Vec<AccountInput<'_>> = taken.iter().map(|context| self.input(context, &failed)).collect();
        let measure = Measure { policy: &policy, now: self.inner.options.clock.now(), passes };
        let assessment = assess(&inputs, measure);
        drop(inputs);
        match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(assessment),
        }
    }

    /// A context as controls look at it. The first API whose answers cannot be read is kept in `failed`.
    fn input<'a>(&'a self, context: &'a Taken, failed: &'a Mutex<Option<WireError>>) -> AccountInput<'a> {
        let api = |api: &'a TakenApi| ApiInput {
            inventory: &api.inventory,
            routes: api.routes.iter().map(|row| &***row).collect(),
            documents: Box::new(move || {
                let read =
                    self.documents_of(&context.place.context, &api.inventory, api.unsaved.as_deref(), &context.at);
                read.unwrap_or_else(|error| {
                    failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                    Documents::default()
                })
            }),
        };
        AccountInput {
            place: &context.place,
            account: &context.account,
            documents: &context.documents,
            events: context.events.as_ref(),
            gaps: &context.gaps,
            apis: context.apis.iter().map(api).collect(),
        }
    }

    fn take(&self, context: &OpenedContext, evidence: Option<&ReadEvidence>) -> Option<Taken> {
        let (place, account, gaps, at, apis, answers) = {
            let state = context.state();
            let place = context.place(&state)?;
            let at = state.read_at().unwrap_or_else(|| self.now());
            let apis: Vec<_> = state
                .apis
                .iter()
                .map(|(id, api)| (Arc::clone(api), state.routes_of(id), state.answers.get(id).cloned()))
                .collect();
            let answers = state.account.answers.clone();
            (place, state.account.clone(), state.gaps(), at, apis, answers)
        };
        let account_documents = answers
            .into_iter()
            .map(|answer| (answer, at.as_str()))
            .chain(
                evidence
                    .into_iter()
                    .flat_map(|read| read.evidence.answers.iter().cloned().map(|answer| (answer, read.at.as_str()))),
            )
            .map(|(answer, at)| Document { call: answer.call, of: answer.of, at: at.to_owned(), json: answer.json })
            .collect();
        let mut taken = Taken {
            place,
            account,
            apis: Vec::with_capacity(apis.len()),
            gaps,
            at,
            documents: Documents::new(account_documents),
            events: self.events_of_month(context).unwrap_or_else(|error| {
                self.notice(error);
                None
            }),
        };
        taken.gaps.extend(evidence.into_iter().flat_map(|read| read.evidence.gaps.clone()));
        taken.apis.extend(apis.into_iter().map(|(inventory, routes, unsaved)| TakenApi { inventory, routes, unsaved }));
        Some(taken)
    }

    /// The changes of the last 30 days in the account and region of a context, and how many of these days are known.
    fn events_of_month(&self, context: &OpenedContext) -> Result<Option<KnownEvents>, WireError> {
        let now = self.inner.options.clock.now();
        let month = Interval { from: now - SignedDuration::from_hours(MONTH_DAYS * 24), to: now };
        let covered = crate::event_list::covered(self, month)?;
        // Of the source that is known least.
        let known = covered.iter().filter(|covered| *covered.context == *context.label).map(|covered| {
            let missing: i64 = covered.holes.iter().map(|hole| hole.to.as_second() - hole.from.as_second()).sum();
            (MONTH_DAYS * 86_400 - missing) / 86_400
        });
        let Some(days) = known.min().filter(|days| *days > 0) else { return Ok(None) };
        let place = {
            let state = context.state();
            let account = state.identity.as_ref().map(|identity| identity.account.to_string()).unwrap_or_default();
            (account, state.region.clone().unwrap_or_default())
        };
        let events = crate::event_list::known_events(self, month)?;
        let events =
            events.into_iter().filter(|event| (&event.account, &event.region) == (&place.0, &place.1)).collect();
        let days = u32::try_from(days).unwrap_or_default();
        Ok(Some(KnownEvents { events, days, ci: self.inner.events.ci.clone() }))
    }

    fn documents_of(
        &self,
        context: &str,
        inventory: &ApiInventory,
        unsaved: Option<&PackedAnswers>,
        at: &str,
    ) -> Result<Documents, WireError> {
        let answers = match unsaved {
            Some(answers) => answers.unpack(),
            None => self.inner.store.answers(context, &inventory.api.id),
        }?;
        // What is no JSON was left out when it was kept; a control that needs it says that it does not know.
        let document = |answer: portcullis_store::Answer| {
            let json = serde_json::from_str(&answer.json).ok()?;
            Some(Document { call: answer.call, of: answer.of, at: at.to_owned(), json })
        };
        Ok(Documents::new(answers.into_iter().filter_map(document).collect()))
    }

    fn remembered_of(&self, mut findings: Vec<Finding>, tallies: Tallies) -> Result<Posture, WireError> {
        let store = self.findings_store()?;
        let exceptions = store.exceptions()?;
        let today = self.inner.options.clock.now().to_zoned(TimeZone::UTC).date().to_string();
        let mut runs: BTreeMap<String, RunHistory> = BTreeMap::new();
        for context in self.contexts().iter() {
            if let Some(place) = self.events_place(context)? {
                runs.insert(context.label.to_string(), store.runs(&place)?);
            }
        }
        for finding in &mut findings {
            finding.exception = exceptions.get(&finding.id).cloned();
            finding.exception_expired = finding.exception.as_ref().is_some_and(|exception| exception.expires < today);
            if let Some(runs) = runs.get(&finding.context) {
                finding.novelty = runs.novelty(&finding.id);
                finding.first_seen = runs.seen.get(&finding.id).map(|seen| seen.first_seen.clone());
            }
        }
        let fixed = runs.values().flat_map(RunHistory::fixed).map(|(id, seen)| (id.to_owned(), seen.clone())).collect();
        let every = self.contexts().len() == runs.len();
        let last_run = runs.values().map(|runs| runs.last.clone()).min().flatten().filter(|_| every);
        Ok(Posture { findings, tallies, fixed, last_run })
    }

    /// The organisation's numbers (`posture.toml` in the configuration directory), else the defaults.
    fn posture_policy(&self) -> PosturePolicy {
        let path = self.inner.options.config_dir.join("posture.toml");
        let problem = |reason: String| {
            let message =
                format!("{} is not in force: {reason}. The defaults hold until it is mended.", path.display());
            self.notice(WireError::new(ErrorCode::InvalidInput, message));
            PosturePolicy::default()
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).unwrap_or_else(|error| problem(error.to_string().trim_end().replace('\n', " ")))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => PosturePolicy::default(),
            Err(error) => problem(error.to_string()),
        }
    }
}
