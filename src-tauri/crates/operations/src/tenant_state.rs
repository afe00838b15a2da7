//! What is known of keys, plans and usage, in memory only: read when first asked for and when asked to read again.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::future::join_all;
use jiff::tz::TimeZone;
use portcullis_aws::{Lane, Reader};
use portcullis_domain::{
    coverage::{CallCounts, Coverage, Gap},
    tenants::{BoardRow, CsvRow, Ledger, MAPPING_EXAMPLE, MappingFile, TenantMapping, board},
};
use tokio_util::sync::CancellationToken;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    inventory::OpenedContext,
};

/// Days of usage that are read: a whole month and four weekdays of each for the shape of a week.
const USAGE_DAYS: i64 = 35;
/// When a key should have been replaced, unless the organisation says otherwise.
const ROTATE_AFTER_DAYS: i64 = 90;

/// The state. Behind every host one.
#[derive(Default)]
pub(crate) struct TenantState {
    /// By the context's label.
    read: Mutex<BTreeMap<String, Arc<ReadLedger>>>,
    /// Held while reading, so that two views that open at once read once.
    reading: tokio::sync::Mutex<()>,
}

/// One context's.
#[derive(Debug)]
pub(crate) struct ReadLedger {
    pub(crate) ledger: Ledger,
    pub(crate) gaps: Vec<Gap>,
    /// RFC 3339.
    pub(crate) at: String,
    pub(crate) calls: CallCounts,
}

/// What the file says.
pub(crate) struct TenantRules {
    pub(crate) mapping: TenantMapping,
    pub(crate) rotate_after_days: i64,
}

impl Host {
    fn ledgers(&self) -> MutexGuard<'_, BTreeMap<String, Arc<ReadLedger>>> {
        self.inner.tenants.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keys, plans and usage of every open context; `afresh` reads what was read before too.
    pub(crate) async fn tenant_ledgers(&self, afresh: bool) -> Vec<Arc<ReadLedger>> {
        let contexts = self.contexts().clone();
        let _turn = self.inner.tenants.reading.lock().await;
        if afresh {
            self.ledgers().clear();
        }
        join_all(contexts.iter().map(|context| self.tenant_ledger(context))).await
    }

    async fn tenant_ledger(&self, context: &OpenedContext) -> Arc<ReadLedger> {
        if let Some(read) = self.ledgers().get(&*context.label) {
            return Arc::clone(read);
        }
        let read = Arc::new(self.read_ledger(context).await);
        self.ledgers().insert(context.label.to_string(), Arc::clone(&read));
        read
    }

    async fn read_ledger(&self, context: &OpenedContext) -> ReadLedger {
        let (at, label) = (self.now(), context.label.to_string());
        let session = match context.session(self).await {
            Ok(session) => session,
            Err(error) => {
                let gaps = vec![error.to_gap(&label, "keys, usage plans and usage")];
                let ledger = Ledger { context: label, ..Ledger::default() };
                return ReadLedger { ledger, gaps, at, calls: CallCounts::new() };
            }
        };
        let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
        let today = self.inner.options.clock.now().to_zoned(TimeZone::UTC).date();
        let (ledger, gaps) = reader.ledger(today, USAGE_DAYS).await;
        ReadLedger { ledger: Ledger { context: label, ..ledger }, gaps, at, calls: reader.counts() }
    }

    /// Forgets what a change has made untrue; it is read again when next asked for.
    pub(crate) fn forget_tenants(&self, context: &str) {
        self.ledgers().remove(context);
    }

    /// What is missing, inventory included: the names of APIs and the routes that need a key come from there.
    pub(crate) fn tenant_coverage(&self, ledgers: &[Arc<ReadLedger>]) -> Coverage {
        let mut coverage = self.coverage();
        coverage.gaps.extend(ledgers.iter().flat_map(|read| read.gaps.clone()));
        coverage.complete = coverage.complete && coverage.gaps.is_empty();
        coverage
    }

    /// Where the organisation says whose keys are whose.
    pub(crate) fn mapping_path(&self) -> std::path::PathBuf {
        self.inner.options.config_dir.join("tenants.toml")
    }

    /// The file's text, or the commented example where there is none; and whether there is one.
    ///
    /// # Errors
    /// `RulesInvalid` for a file that is there and cannot be read.
    pub(crate) fn mapping_text(&self) -> Result<(String, bool), WireError> {
        let path = self.mapping_path();
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok((text, true)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((MAPPING_EXAMPLE.to_owned(), false)),
            Err(error) => {
                Err(WireError::new(ErrorCode::RulesInvalid, format!("{} cannot be read: {error}.", path.display())))
            }
        }
    }

    /// The organisation's rules, in force.
    ///
    /// # Errors
    /// `RulesInvalid` for a file that is wrong: whose key is whose must not be guessed.
    pub(crate) fn tenant_rules(&self) -> Result<TenantRules, WireError> {
        let (text, exists) = self.mapping_text()?;
        let path = self.mapping_path().display().to_string();
        self.tenant_rules_of(if exists { &text } else { "" })
            .map_err(|error| WireError { message: format!("{path}: {}", error.message), ..error })
            .map_err(|error| error.with_hint("Mend the file; no tenant is named until then."))
    }

    /// What a text of rules would say.
    ///
    /// # Errors
    /// `RulesInvalid` with line and field: of the text, or of the list beside it.
    pub(crate) fn tenant_rules_of(&self, text: &str) -> Result<TenantRules, WireError> {
        let file = MappingFile::parse(text).map_err(|error| WireError::rules_text(&error))?;
        let rotate_after_days = file.rotate_after_days.map_or(ROTATE_AFTER_DAYS, i64::from);
        if file.rules.is_empty() {
            return Ok(TenantRules { mapping: TenantMapping::default(), rotate_after_days });
        }
        let mut unreadable = None;
        let rows = |name: &str| match csv_rows(&self.inner.options.config_dir.join(name)) {
            Ok(rows) => rows,
            Err(reason) => {
                unreadable = Some(format!("{name} cannot be used: {reason}."));
                Vec::new()
            }
        };
        let wrong = |message: String| WireError::new(ErrorCode::RulesInvalid, message);
        let mapping = TenantMapping::new(file.rules, rows)
            .map_err(|error| wrong(format!("{}.", crate::error::capitalised(&error.to_string()))))?;
        unreadable.map_or(Ok(TenantRules { mapping, rotate_after_days }), |message| Err(wrong(message)))
    }

    /// The rows of every context, not yet filtered.
    pub(crate) fn tenant_rows(&self, ledgers: &[Arc<ReadLedger>]) -> Result<Vec<BoardRow>, WireError> {
        let rules = self.tenant_rules()?;
        let now = self.inner.options.clock.now();
        let mut rows = Vec::new();
        for read in ledgers {
            let context = self.context(&read.ledger.context);
            let names: BTreeMap<String, String> = context
                .map(|context| {
                    let state = context.state();
                    state.apis.iter().map(|(id, api)| (id.to_string(), api.api.name.to_string())).collect()
                })
                .unwrap_or_default();
            let name = |id: &str| names.get(id).cloned();
            rows.extend(board(&read.ledger, &rules.mapping, now, rules.rotate_after_days, &name));
        }
        Ok(rows)
    }
}

/// `keyId,tenant`, with that heading.
///
/// # Errors
/// Why the list cannot be used, without a full stop.
fn csv_rows(path: &Path) -> Result<Vec<CsvRow>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heading: Vec<String> = reader
        .headers()
        .map_err(|error| error.to_string())?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    if heading.iter().map(String::as_str).take(2).collect::<Vec<_>>() != ["keyId", "tenant"] {
        return Err(format!("line 1 must be the heading keyId,tenant and is {}", heading.join(",")));
    }
    let cell = |record: &csv::StringRecord, at: usize| record.get(at).unwrap_or_default().to_owned();
    let row = |record: csv::Result<csv::StringRecord>| {
        let record = record.map_err(|error| error.to_string())?;
        // A record begins where the one before ended: empty lines that follow there are not counted yet.
        let line = record.position().map_or(0, |begins| {
            let rest = usize::try_from(begins.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
            let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n');
            empty.fold(begins.line(), |line, _| line + 1)
        });
        Ok(CsvRow { line, key_id: cell(&record, 0), tenant: cell(&record, 1) })
    };
    reader.records().map(row).collect()
}
