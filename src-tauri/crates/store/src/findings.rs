//! What the checking of posture remembers: accepted findings and the runs of each context. A file of its own, since the
//! command line keeps it too, where it keeps nothing else.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use portcullis_domain::findings::{finding::FindingException, run::RunHistory};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};

use crate::{
    StoreError,
    error::{content, statement},
};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS finding_exception (
        finding_id TEXT PRIMARY KEY, reason TEXT NOT NULL, owner TEXT NOT NULL, expires TEXT NOT NULL,
        said_by TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS finding_runs (context TEXT PRIMARY KEY, history TEXT NOT NULL) STRICT;
";
/// The schema that this version writes. Version 1 had the runs under the context's label, version 2 has them under the
/// account and region, which the findings' ids begin with.
const KNOWN: i64 = 2;
/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// Exceptions and runs.
#[derive(Debug)]
pub struct FindingsStore(Mutex<Connection>);

impl FindingsStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// [`StoreError`]; the file stays as it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let unusable = |reason: String| StoreError::Unusable { path: path.to_owned(), reason };
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(|error| unusable(error.to_string()))?;
        }
        let connection = Connection::open(path).map_err(|error| unusable(error.to_string()))?;
        connection.busy_timeout(PATIENCE).map_err(|error| unusable(error.to_string()))?;
        let found: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(|error| unusable(error.to_string()))?;
        if found > KNOWN {
            return Err(StoreError::TooNew { path: path.to_owned(), found, known: KNOWN });
        }
        connection.execute_batch(SCHEMA).map_err(|error| unusable(error.to_string()))?;
        let store = Self(Mutex::new(connection));
        if found < KNOWN {
            store.runs_by_place()?;
        }
        Ok(store)
    }

    /// Brings runs that were kept under a context's label to the accounts and regions of their findings.
    fn runs_by_place(&self) -> Result<(), StoreError> {
        let action = "moving the runs";
        let mut connection = self.connection();
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(statement(action))?;
        let found: Vec<(String, String)> = {
            let mut query =
                transaction.prepare("SELECT context, history FROM finding_runs").map_err(statement(action))?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(statement(action))?;
            rows.collect::<rusqlite::Result<_>>().map_err(statement(action))?
        };
        for (label, text) in found {
            let whole: RunHistory = serde_json::from_str(&text).map_err(content("runs"))?;
            let endpoint = label.find(" via ").map(|at| &label[at..]).unwrap_or_default();
            let mut places: BTreeMap<String, RunHistory> = BTreeMap::new();
            for (id, seen) in whole.seen {
                // `G1 111122223333/eu-west-1/…`
                let Some((account, rest)) = id.split_once(' ').and_then(|(_, place)| place.split_once('/')) else {
                    continue;
                };
                let region = rest.split('/').next().unwrap_or_default();
                let place = places.entry(format!("{account}/{region}{endpoint}")).or_default();
                (place.last, place.before) = (whole.last.clone(), whole.before.clone());
                place.seen.insert(id, seen);
            }
            transaction.execute("DELETE FROM finding_runs WHERE context = ?1", [&label]).map_err(statement(action))?;
            for (place, runs) in places {
                let text = serde_json::to_string(&runs).map_err(content("runs"))?;
                transaction
                    .execute("INSERT OR REPLACE INTO finding_runs VALUES (?1, ?2)", [&place, &text])
                    .map_err(statement(action))?;
            }
        }
        transaction.pragma_update(None, "user_version", KNOWN).map_err(statement(action))?;
        transaction.commit().map_err(statement(action))
    }

    /// Every exception by finding id, over or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn exceptions(&self) -> Result<BTreeMap<String, FindingException>, StoreError> {
        let action = "reading exceptions";
        let connection = self.connection();
        let mut query = connection
            .prepare("SELECT finding_id, reason, owner, expires, said_by, at FROM finding_exception")
            .map_err(statement(action))?;
        let rows = query
            .query_map([], |row| {
                let exception = FindingException {
                    reason: row.get(1)?,
                    owner: row.get(2)?,
                    expires: row.get(3)?,
                    by: row.get(4)?,
                    at: row.get(5)?,
                };
                Ok((row.get::<_, String>(0)?, exception))
            })
            .map_err(statement(action))?;
        rows.collect::<rusqlite::Result<_>>().map_err(statement(action))
    }

    /// Accepts a finding, or takes that back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_exception(&self, finding: &str, said: Option<&FindingException>) -> Result<(), StoreError> {
        let connection = self.connection();
        match said {
            None => connection
                .execute("DELETE FROM finding_exception WHERE finding_id = ?1", [finding])
                .map(drop)
                .map_err(statement("taking an exception back")),
            Some(said) => connection
                .execute(
                    "INSERT OR REPLACE INTO finding_exception VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    [finding, &said.reason, &said.owner, &said.expires, &said.by, &said.at],
                )
                .map(drop)
                .map_err(statement("keeping an exception")),
        }
    }

    /// What the runs of an account and region remember.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn runs(&self, place: &str) -> Result<RunHistory, StoreError> {
        let text = history(&self.connection(), place).map_err(statement("reading the runs"))?;
        text.map_or_else(|| Ok(RunHistory::default()), |text| serde_json::from_str(&text).map_err(content("runs")))
    }

    /// Changes what the runs of an account and region remember; two programs do it one after the other.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub fn record_run(&self, place: &str, change: impl FnOnce(&mut RunHistory)) -> Result<RunHistory, StoreError> {
        let action = "keeping a run";
        let mut connection = self.connection();
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(statement(action))?;
        let mut runs: RunHistory = match history(&transaction, place).map_err(statement(action))? {
            Some(text) => serde_json::from_str(&text).map_err(content("runs"))?,
            None => RunHistory::default(),
        };
        change(&mut runs);
        let text = serde_json::to_string(&runs).map_err(content("runs"))?;
        transaction
            .execute("INSERT OR REPLACE INTO finding_runs VALUES (?1, ?2)", [place, &text])
            .map_err(statement(action))?;
        transaction.commit().map_err(statement(action))?;
        Ok(runs)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn history(connection: &Connection, context: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT history FROM finding_runs WHERE context = ?1", [context], |row| row.get(0)).optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(reason: &str) -> FindingException {
        FindingException {
            reason: reason.to_owned(),
            owner: "payments".to_owned(),
            expires: "2026-06-30".to_owned(),
            by: "ines".to_owned(),
            at: "2026-03-02T10:00:00Z".to_owned(),
        }
    }

    #[test]
    fn exceptions_and_runs_outlive_the_program() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data/posture.sqlite");
        let id = "G1 111122223333/eu-west-1/a/prod/GET/x'; DROP TABLE finding_runs; --";
        {
            let store = FindingsStore::open(&path).unwrap();
            store.set_exception(id, Some(&said("the \"old\" one"))).unwrap();
            store.set_exception(id, Some(&said("=1+1"))).unwrap();
            store.set_exception("other", Some(&said("x"))).unwrap();
            store.set_exception("other", None).unwrap();
            store.record_run("demo", |runs| runs.record(&[], true, "1")).unwrap();
        }
        let store = FindingsStore::open(&path).unwrap();
        assert_eq!(store.exceptions().unwrap(), BTreeMap::from([(id.to_owned(), said("=1+1"))]));
        let runs = store.record_run("demo", |runs| runs.record(&[], true, "2")).unwrap();
        assert_eq!((runs.before.as_deref(), runs.last.as_deref()), (Some("1"), Some("2")));
        assert_eq!(store.runs("demo").unwrap(), runs);
        assert_eq!(store.runs("prod").unwrap(), RunHistory::default());
    }

    #[test]
    fn runs_that_were_kept_by_a_contexts_name_find_their_account() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("posture.sqlite");
        let seen = r#"{"firstSeen":"1","control":"G1","title":"t","severity":"high","label":"l"}"#;
        let history = format!(
            r#"{{"last":"2","before":"1","seen":{{"G1 111122223333/eu-west-1/a/prod/GET/x":{seen},"G1 444455556666/eu-west-1/b":{seen}}}}}"#
        );
        let store = FindingsStore::open(&path).unwrap();
        store
            .connection()
            .execute_batch(&format!("INSERT INTO finding_runs VALUES ('prod', '{history}'); PRAGMA user_version = 1"))
            .unwrap();
        drop(store);
        let store = FindingsStore::open(&path).unwrap();
        for (place, id) in [
            ("111122223333/eu-west-1", "G1 111122223333/eu-west-1/a/prod/GET/x"),
            ("444455556666/eu-west-1", "G1 444455556666/eu-west-1/b"),
        ] {
            let runs = store.runs(place).unwrap();
            assert_eq!(
                (runs.last.as_deref(), runs.seen.keys().map(String::as_str).collect::<Vec<_>>()),
                (Some("2"), vec![id])
            );
        }
        assert_eq!(store.runs("prod").unwrap(), RunHistory::default());
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("posture.sqlite");
        FindingsStore::open(&path).unwrap().connection().execute_batch("PRAGMA user_version = 9").unwrap();
        assert!(matches!(FindingsStore::open(&path), Err(StoreError::TooNew { found: 9, .. })));
    }
}
