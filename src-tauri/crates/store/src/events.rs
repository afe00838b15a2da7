//! CloudTrail's events as they were fetched, so that the history grows past the 90 days that AWS keeps, and which time
//! is covered. A file of its own: the command line adds to it too.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use portcullis_domain::events::{Interval, merged};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::{StoreError, error::statement};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS event (
        context TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (context, id)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS event_at ON event (context, at);
    CREATE TABLE IF NOT EXISTS event_covered (
        context TEXT NOT NULL, source TEXT NOT NULL, from_second INTEGER NOT NULL, to_second INTEGER NOT NULL
    ) STRICT;
    PRAGMA user_version = 1;
";
/// The schema that this version writes.
const KNOWN: i64 = 1;
/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// An event as it is kept: its secrets are taken out before it comes here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEvent {
    /// CloudTrail's id.
    pub id: String,
    /// When, to the second.
    pub at: Timestamp,
    /// The record, JSON.
    pub record: String,
}

/// Events and what of time they cover.
#[derive(Debug)]
pub struct EventsStore(Mutex<Connection>);

impl EventsStore {
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
        Ok(Self(Mutex::new(connection)))
    }

    /// Adds events, each once however often it comes, and the time that their source is covered for with them.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub fn add(&self, context: &str, source: &str, events: &[KeptEvent], covered: Interval) -> Result<(), StoreError> {
        let failed = || statement("keeping events");
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed())?;
        for event in events {
            transaction
                .execute(
                    "INSERT OR IGNORE INTO event VALUES (?1, ?2, ?3, ?4)",
                    params![context, event.id, event.at.as_second(), event.record],
                )
                .map_err(failed())?;
        }
        let mut intervals = covered_in(&transaction, context, source).map_err(failed())?;
        intervals.push(covered);
        transaction
            .execute("DELETE FROM event_covered WHERE context = ?1 AND source = ?2", [context, source])
            .map_err(failed())?;
        for interval in merged(intervals) {
            transaction
                .execute(
                    "INSERT INTO event_covered VALUES (?1, ?2, ?3, ?4)",
                    params![context, source, interval.from.as_second(), interval.to.as_second()],
                )
                .map_err(failed())?;
        }
        transaction.commit().map_err(failed())
    }

    /// The events of a context from `from` to `to`, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn between(&self, context: &str, from: Timestamp, to: Timestamp) -> Result<Vec<KeptEvent>, StoreError> {
        let failed = || statement("reading events");
        let connection = self.connection();
        let mut query = connection
            .prepare(
                "SELECT id, at, record FROM event WHERE context = ?1 AND at BETWEEN ?2 AND ?3 ORDER BY at DESC, rowid",
            )
            .map_err(failed())?;
        let rows = query
            .query_map(params![context, from.as_second(), to.as_second()], |row| {
                let at = Timestamp::from_second(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
                Ok(KeptEvent { id: row.get(0)?, at, record: row.get(2)? })
            })
            .map_err(failed())?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed())
    }

    /// What of time a source is covered for, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn covered(&self, context: &str, source: &str) -> Result<Vec<Interval>, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(statement("reading events"))?;
        covered_in(&transaction, context, source).map_err(statement("reading events"))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn covered_in(transaction: &Transaction<'_>, context: &str, source: &str) -> rusqlite::Result<Vec<Interval>> {
    let mut query = transaction.prepare(
        "SELECT from_second, to_second FROM event_covered WHERE context = ?1 AND source = ?2 ORDER BY from_second",
    )?;
    let moment = |second: i64| Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    let rows = query
        .query_map([context, source], |row| Ok(Interval { from: moment(row.get(0)?), to: moment(row.get(1)?) }))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_kept_once_and_time_grows_together() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("events.sqlite");
        let at = |second| Timestamp::from_second(second).unwrap();
        let event = |id: &str, second| KeptEvent { id: id.to_owned(), at: at(second), record: "{}".to_owned() };
        let store = EventsStore::open(&path).unwrap();
        store.add("prod", "s", &[event("a", 10), event("b", 20)], Interval { from: at(0), to: at(30) }).unwrap();
        store.add("prod", "s", &[event("b", 20), event("c", 40)], Interval { from: at(15), to: at(50) }).unwrap();
        store.add("prod", "s", &[], Interval { from: at(90), to: at(99) }).unwrap();
        drop(store);
        let store = EventsStore::open(&path).unwrap();
        let ids = |from, to| -> Vec<String> {
            store.between("prod", at(from), at(to)).unwrap().into_iter().map(|event| event.id).collect()
        };
        assert_eq!(ids(0, 100), ["c", "b", "a"]);
        assert_eq!(ids(15, 25), ["b"]);
        assert_eq!(store.between("test", at(0), at(100)).unwrap(), [], "contexts are apart");
        let covered = [Interval { from: at(0), to: at(50) }, Interval { from: at(90), to: at(99) }];
        assert_eq!(store.covered("prod", "s").unwrap(), covered);
    }
}
