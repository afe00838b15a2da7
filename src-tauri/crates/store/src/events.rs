//! CloudTrail's events as they were fetched, so that the history grows past the 90 days that AWS keeps, and which time
//! is covered. A file of its own: the command line adds to it too.
//!
//! Kept by place, which is an account in a region (or an event data store) and not a context: a name that is pointed at
//! another account must not show both.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use portcullis_domain::events::{Baseline, EventEnvelope, Interval, merged};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::{
    StoreError,
    error::{content, statement},
};

const SCHEMA: &str = "
    CREATE TABLE event (
        place TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL,
        user TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, resources TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (place, id)
    ) STRICT;
    CREATE INDEX event_at ON event (place, at);
    CREATE TABLE event_covered (
        place TEXT NOT NULL, source TEXT NOT NULL, from_second INTEGER NOT NULL, to_second INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE event_place (context TEXT PRIMARY KEY, place TEXT NOT NULL) STRICT;
    CREATE TABLE event_baseline (
        place TEXT NOT NULL, target TEXT NOT NULL, at TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (place, target, at)
    ) STRICT;
";
/// Version 1 kept events by the context's label. A record says which account and region it is of; of a label that had one
/// place only, everything is of that.
const FROM_1: &str = "
    DROP INDEX IF EXISTS event_at;
    ALTER TABLE event RENAME TO old_event;
    ALTER TABLE event_covered RENAME TO old_covered;
    CREATE TEMP TABLE told AS SELECT rowid AS number, context, CASE WHEN json_valid(record) THEN
        json_extract(record, '$.recipientAccountId') || '/' || json_extract(record, '$.awsRegion')
        || CASE instr(context, ' via ') WHEN 0 THEN '' ELSE substr(context, instr(context, ' via ')) END
        END AS place FROM old_event;
    CREATE TEMP TABLE sole AS SELECT context, min(place) AS place FROM told WHERE place IS NOT NULL
        GROUP BY context HAVING count(DISTINCT place) = 1;
";
const FROM_1_MOVE: &str = "
    INSERT OR IGNORE INTO event
        SELECT coalesce(told.place, sole.place), id, at, '', '', '', '', '', '[]', record
        FROM old_event JOIN told ON told.number = old_event.rowid LEFT JOIN sole ON sole.context = old_event.context
        WHERE coalesce(told.place, sole.place) IS NOT NULL;
    INSERT INTO event_covered SELECT sole.place, source, from_second, to_second
        FROM old_covered JOIN sole ON sole.context = old_covered.context;
    INSERT OR REPLACE INTO event_place SELECT context, place FROM sole;
    DROP TABLE old_event;
    DROP TABLE old_covered;
    DROP TABLE told;
    DROP TABLE sole;
";
/// The schema that this version writes.
const KNOWN: i64 = 2;
/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(5);

/// An event as it is kept: its secrets are taken out before it comes here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEvent {
    /// What CloudTrail says of it beside the record.
    pub envelope: EventEnvelope,
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
        let mut connection = Connection::open(path).map_err(|error| unusable(error.to_string()))?;
        connection.busy_timeout(PATIENCE).map_err(|error| unusable(error.to_string()))?;
        let found = migrate(&mut connection).map_err(|error| unusable(error.to_string()))?;
        if found > KNOWN {
            return Err(StoreError::TooNew { path: path.to_owned(), found, known: KNOWN });
        }
        Ok(Self(Mutex::new(connection)))
    }

    /// Adds events, each once however often it comes, and the time that their source is covered for with them.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub fn add(&self, place: &str, source: &str, events: &[KeptEvent], covered: Interval) -> Result<(), StoreError> {
        let failed = || statement("keeping events");
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed())?;
        for KeptEvent { envelope, at, record } in events {
            let resources = serde_json::to_string(&envelope.resources).map_err(content("event"))?;
            transaction
                .execute(
                    "INSERT OR IGNORE INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    params![
                        place,
                        envelope.id,
                        at.as_second(),
                        envelope.source,
                        envelope.name,
                        envelope.user,
                        envelope.account,
                        envelope.region,
                        resources,
                        record
                    ],
                )
                .map_err(failed())?;
        }
        let mut intervals = covered_in(&transaction, place, source).map_err(failed())?;
        intervals.push(covered);
        transaction
            .execute("DELETE FROM event_covered WHERE place = ?1 AND source = ?2", [place, source])
            .map_err(failed())?;
        for interval in merged(intervals) {
            transaction
                .execute(
                    "INSERT INTO event_covered VALUES (?1, ?2, ?3, ?4)",
                    params![place, source, interval.from.as_second(), interval.to.as_second()],
                )
                .map_err(failed())?;
        }
        transaction.commit().map_err(failed())
    }

    /// The events of a place from `from` to `to`, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn between(&self, place: &str, from: Timestamp, to: Timestamp) -> Result<Vec<KeptEvent>, StoreError> {
        let failed = || statement("reading events");
        let connection = self.connection();
        let mut query = connection
            .prepare_cached(
                "SELECT id, at, source, name, user, account, region, resources, record FROM event \
                 WHERE place = ?1 AND at BETWEEN ?2 AND ?3 ORDER BY at DESC, rowid",
            )
            .map_err(failed())?;
        let rows = query
            .query_map(params![place, from.as_second(), to.as_second()], |row| {
                let at = Timestamp::from_second(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
                let resources: String = row.get(7)?;
                let envelope = EventEnvelope {
                    id: row.get(0)?,
                    at: at.to_string(),
                    source: row.get(2)?,
                    name: row.get(3)?,
                    user: row.get(4)?,
                    account: row.get(5)?,
                    region: row.get(6)?,
                    resources: serde_json::from_str(&resources).unwrap_or_default(),
                };
                Ok(KeptEvent { envelope, at, record: row.get(8)? })
            })
            .map_err(failed())?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed())
    }

    /// What of time a source is covered for, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn covered(&self, place: &str, source: &str) -> Result<Vec<Interval>, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction().map_err(statement("reading events"))?;
        covered_in(&transaction, place, source).map_err(statement("reading events"))
    }

    /// Remembers which place a context is, for a start at which nobody was asked yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_place(&self, context: &str, place: &str) -> Result<(), StoreError> {
        let set = "INSERT OR REPLACE INTO event_place VALUES (?1, ?2)";
        self.connection().execute(set, [context, place]).map(drop).map_err(statement("keeping a context's account"))
    }

    /// Which place a context was when it was last asked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn place(&self, context: &str) -> Result<Option<String>, StoreError> {
        self.connection()
            .query_row("SELECT place FROM event_place WHERE context = ?1", [context], |row| row.get(0))
            .optional()
            .map_err(statement("reading a context's account"))
    }

    /// Keeps what was read of targets, where it is not what was read last.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is changed then.
    pub fn add_baselines(&self, place: &str, baselines: &[Baseline]) -> Result<(), StoreError> {
        let failed = || statement("keeping what was read");
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed())?;
        for Baseline { target, at, values } in baselines {
            let values = serde_json::to_string(values).map_err(content("baseline"))?;
            let last: Option<String> = transaction
                .prepare_cached(
                    "SELECT fields FROM event_baseline WHERE place = ?1 AND target = ?2 ORDER BY at DESC LIMIT 1",
                )
                .and_then(|mut query| query.query_row([place, target], |row| row.get(0)).optional())
                .map_err(failed())?;
            if last.as_ref() != Some(&values) {
                transaction
                    .execute(
                        "INSERT OR REPLACE INTO event_baseline VALUES (?1, ?2, ?3, ?4)",
                        [place, target, at, &values],
                    )
                    .map_err(failed())?;
            }
        }
        transaction.commit().map_err(failed())
    }

    /// What was read of the targets of a place, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn baselines(&self, place: &str) -> Result<Vec<Baseline>, StoreError> {
        let failed = || statement("reading what was read");
        let connection = self.connection();
        let mut query = connection
            .prepare_cached("SELECT target, at, fields FROM event_baseline WHERE place = ?1 ORDER BY at")
            .map_err(failed())?;
        let rows = query
            .query_map([place], |row| {
                let values: String = row.get(2)?;
                Ok(Baseline {
                    target: row.get(0)?,
                    at: row.get(1)?,
                    values: serde_json::from_str(&values).unwrap_or_default(),
                })
            })
            .map_err(failed())?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings a file to the schema of today, whole or not at all, and gives its version.
fn migrate(connection: &mut Connection) -> rusqlite::Result<i64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match found {
        0 => transaction.execute_batch(SCHEMA)?,
        1 => [FROM_1, SCHEMA, FROM_1_MOVE].iter().try_for_each(|step| transaction.execute_batch(step))?,
        _ => return Ok(found),
    }
    transaction.pragma_update(None, "user_version", KNOWN)?;
    transaction.commit()?;
    Ok(KNOWN)
}

fn covered_in(transaction: &Transaction<'_>, place: &str, source: &str) -> rusqlite::Result<Vec<Interval>> {
    let mut query = transaction.prepare(
        "SELECT from_second, to_second FROM event_covered WHERE place = ?1 AND source = ?2 ORDER BY from_second",
    )?;
    let moment = |second: i64| Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    let rows =
        query.query_map([place, source], |row| Ok(Interval { from: moment(row.get(0)?), to: moment(row.get(1)?) }))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn event(id: &str, second: i64) -> KeptEvent {
        let envelope = EventEnvelope {
            id: id.to_owned(),
            at: at(second).to_string(),
            name: "UpdateStage".to_owned(),
            resources: vec![("AWS::ApiGateway::Stage".to_owned(), "prod".to_owned())],
            ..EventEnvelope::default()
        };
        KeptEvent { envelope, at: at(second), record: "{}".to_owned() }
    }

    #[test]
    fn an_event_is_kept_once_and_time_grows_together() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("events.sqlite");
        let store = EventsStore::open(&path).unwrap();
        store.add("1/eu", "s", &[event("a", 10), event("b", 20)], Interval { from: at(0), to: at(30) }).unwrap();
        store.add("1/eu", "s", &[event("b", 20), event("c", 40)], Interval { from: at(15), to: at(50) }).unwrap();
        store.add("1/eu", "s", &[], Interval { from: at(90), to: at(99) }).unwrap();
        drop(store);
        let store = EventsStore::open(&path).unwrap();
        let ids = |from, to| -> Vec<String> {
            let found = store.between("1/eu", at(from), at(to)).unwrap();
            found.into_iter().map(|event| event.envelope.id).collect()
        };
        assert_eq!(ids(0, 100), ["c", "b", "a"]);
        assert_eq!(ids(15, 25), ["b"]);
        assert_eq!(store.between("1/eu", at(15), at(25)).unwrap(), [event("b", 20)], "as it came");
        assert_eq!(store.between("2/eu", at(0), at(100)).unwrap(), [], "places are apart");
        let covered = [Interval { from: at(0), to: at(50) }, Interval { from: at(90), to: at(99) }];
        assert_eq!(store.covered("1/eu", "s").unwrap(), covered);
    }

    #[test]
    fn what_was_read_is_kept_when_it_changed() {
        let directory = tempfile::tempdir().unwrap();
        let store = EventsStore::open(&directory.path().join("events.sqlite")).unwrap();
        let of = |at: &str, rate: &str| Baseline {
            target: "stage".to_owned(),
            at: at.to_owned(),
            values: [("*/*/rateLimit".to_owned(), rate.to_owned())].into(),
        };
        for (at, rate) in [("2026-03-01T10:00:00Z", "5"), ("2026-03-02T10:00:00Z", "5"), ("2026-03-03T10:00:00Z", "9")]
        {
            store.add_baselines("1/eu", &[of(at, rate)]).unwrap();
        }
        let kept = store.baselines("1/eu").unwrap();
        assert_eq!(kept, [of("2026-03-01T10:00:00Z", "5"), of("2026-03-03T10:00:00Z", "9")]);
        assert_eq!(store.baselines("2/eu").unwrap(), []);
    }

    #[test]
    fn events_that_were_kept_by_a_contexts_name_find_their_account() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("events.sqlite");
        let record = |account: &str| format!(r#"{{"recipientAccountId":"{account}","awsRegion":"eu-west-1"}}"#);
        Connection::open(&path)
            .unwrap()
            .execute_batch(&format!(
                "CREATE TABLE event (context TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, record TEXT NOT NULL,
                    PRIMARY KEY (context, id)) STRICT;
                 CREATE INDEX event_at ON event (context, at);
                 CREATE TABLE event_covered (context TEXT NOT NULL, source TEXT NOT NULL, from_second INTEGER NOT NULL,
                    to_second INTEGER NOT NULL) STRICT;
                 INSERT INTO event VALUES ('prod', 'a', 10, '{one}'), ('prod', 'cut', 11, '{{\"eventName\":'),
                    ('mixed', 'b', 12, '{one}'), ('mixed', 'c', 13, '{two}'), ('mixed', 'lost', 14, 'x');
                 INSERT INTO event_covered VALUES ('prod', 's', 0, 30), ('mixed', 's', 0, 30);
                 PRAGMA user_version = 1;",
                one = record("111122223333"),
                two = record("444455556666"),
            ))
            .unwrap();
        let store = EventsStore::open(&path).unwrap();
        let ids = |place: &str| -> Vec<String> {
            store.between(place, at(0), at(99)).unwrap().into_iter().map(|event| event.envelope.id).collect()
        };
        assert_eq!(ids("111122223333/eu-west-1"), ["b", "cut", "a"]);
        assert_eq!(ids("444455556666/eu-west-1"), ["c"]);
        assert_eq!(store.covered("111122223333/eu-west-1", "s").unwrap(), [Interval { from: at(0), to: at(30) }]);
        assert_eq!(store.covered("444455556666/eu-west-1", "s").unwrap(), [], "whose time that was is not known");
        assert_eq!(store.place("prod").unwrap().as_deref(), Some("111122223333/eu-west-1"));
        assert_eq!(store.place("mixed").unwrap(), None);
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("events.sqlite");
        EventsStore::open(&path).unwrap().connection().execute_batch("PRAGMA user_version = 9").unwrap();
        assert!(matches!(EventsStore::open(&path), Err(StoreError::TooNew { found: 9, .. })));
    }
}
