//! Releases under watch and the templates that they are begun from. A file of its own, which the window and the command line
//! share: what one of them began, the other goes on with.
//!
//! A release is looked at by one program at a time. It claims the release for a few minutes and renews the claim with every
//! look; when it is gone, the claim runs out and another takes over.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use crate::{
    StoreError,
    error::statement,
    open::{PATIENCE, connect, make_private},
};

/// The schema that this version writes.
const VERSION: i64 = 1;
/// One running release per stage, whichever program begins it.
const SCHEMA: &str = "
    CREATE TABLE release (
        id TEXT PRIMARY KEY, stage TEXT NOT NULL, running INTEGER NOT NULL, content TEXT NOT NULL,
        holder TEXT NOT NULL DEFAULT '', held_until INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE UNIQUE INDEX release_running ON release (stage) WHERE running = 1;
    CREATE TABLE release_template (name TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT;
    PRAGMA user_version = 1;
";
/// How long a claim holds without being renewed: three looks.
const CLAIM: SignedDuration = SignedDuration::from_mins(3);
/// So many releases that are over are kept.
const KEPT: u32 = 200;

/// A release as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRelease {
    /// Its name.
    pub id: String,
    /// JSON.
    pub content: String,
    /// Who looks at it, and until when that holds, seconds since the epoch.
    pub held: (String, i64),
}

/// Releases and templates.
#[derive(Debug)]
pub struct Releases(Mutex<Connection>);

impl Releases {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// [`StoreError`]; a file that cannot be used stays as it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let unusable = |reason: String| StoreError::Unusable { path: path.to_owned(), reason };
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(|error| unusable(error.to_string()))?;
        }
        make_private(path).map_err(|error| unusable(error.to_string()))?;
        let refused = |error: rusqlite::Error| unusable(error.to_string());
        let mut connection = connect(path, PATIENCE).map_err(refused)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(refused)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(refused)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(refused)?;
        match found {
            0 => transaction.execute_batch(SCHEMA).map_err(refused)?,
            VERSION => {}
            _ => return Err(StoreError::TooNew { path: path.to_owned(), found, known: VERSION }),
        }
        transaction.commit().map_err(refused)?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Keeps a new release, held by `holder`; `false` when the stage has one that is running.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin(
        &self,
        id: &str,
        stage: &str,
        content: &str,
        holder: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let until = (now + CLAIM).as_second();
        let connection = self.connection();
        let kept = connection
            .execute(
                "INSERT OR IGNORE INTO release VALUES (?1, ?2, 1, ?3, ?4, ?5)",
                params![id, stage, content, holder, until],
            )
            .map_err(statement("keeping a release"))?;
        connection
            .execute(
                "DELETE FROM release WHERE running = 0 AND rowid NOT IN
                 (SELECT rowid FROM release WHERE running = 0 ORDER BY rowid DESC LIMIT ?1)",
                [KEPT],
            )
            .map_err(statement("forgetting old releases"))?;
        Ok(kept == 1)
    }

    /// All of them, or those that run, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn list(&self, only_running: bool) -> Result<Vec<KeptRelease>, StoreError> {
        let failed = || statement("reading the releases");
        let connection = self.connection();
        let mut query = connection
            .prepare(
                "SELECT id, content, holder, held_until FROM release WHERE running = 1 OR NOT ?1
                 ORDER BY running DESC, rowid DESC",
            )
            .map_err(failed())?;
        let rows = query.query_map([only_running], kept).map_err(failed())?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed())
    }

    /// Claims a running release, or renews the claim: as it is kept now, or `None` when another program holds it or it is
    /// over. A claim that holds for longer than any claim can is of a clock that was set back since, and holds nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn claim(&self, id: &str, holder: &str, now: Timestamp) -> Result<Option<KeptRelease>, StoreError> {
        self.connection()
            .query_row(
                "UPDATE release SET holder = ?2, held_until = ?4
                 WHERE id = ?1 AND running = 1 AND (holder = ?2 OR held_until <= ?3 OR held_until > ?4)
                 RETURNING id, content, holder, held_until",
                params![id, holder, now.as_second(), (now + CLAIM).as_second()],
                kept,
            )
            .optional()
            .map_err(statement("claiming a release"))
    }

    /// Keeps a release that `holder` holds; `false` when it does not any more, or when it was ended meanwhile: nothing is kept
    /// then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save(&self, id: &str, holder: &str, content: &str, running: bool) -> Result<bool, StoreError> {
        self.connection()
            .execute(
                "UPDATE release SET content = ?3, running = ?4 WHERE id = ?1 AND holder = ?2 AND running = 1",
                params![id, holder, content, running],
            )
            .map(|kept| kept == 1)
            .map_err(statement("keeping a release"))
    }

    /// Ends a release, whoever holds it; `false` when it is over already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end(&self, id: &str, content: &str) -> Result<bool, StoreError> {
        self.connection()
            .execute("UPDATE release SET content = ?2, running = 0 WHERE id = ?1 AND running = 1", [id, content])
            .map(|kept| kept == 1)
            .map_err(statement("ending a release"))
    }

    /// Lets go of everything that `holder` holds, so that another program need not wait for the claims to run out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn let_go(&self, holder: &str) -> Result<(), StoreError> {
        self.connection()
            .execute("UPDATE release SET held_until = 0 WHERE holder = ?1", [holder])
            .map(drop)
            .map_err(statement("letting go of the releases"))
    }

    /// The templates by name: JSON.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn templates(&self) -> Result<Vec<(String, String)>, StoreError> {
        let failed = || statement("reading the templates");
        let connection = self.connection();
        let mut query =
            connection.prepare("SELECT name, content FROM release_template ORDER BY name").map_err(failed())?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed())?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed())
    }

    /// Keeps a template, or forgets it; `false` when there was none to forget.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_template(&self, name: &str, content: Option<&str>) -> Result<bool, StoreError> {
        let connection = self.connection();
        match content {
            Some(content) => connection.execute(
                "INSERT INTO release_template VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET content = excluded.content",
                [name, content],
            ),
            None => connection.execute("DELETE FROM release_template WHERE name = ?1", [name]),
        }
        .map(|changed| changed == 1)
        .map_err(statement("keeping a template"))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // SQLite rolls an unfinished transaction back, so a panic in between leaves the file whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kept(row: &rusqlite::Row<'_>) -> rusqlite::Result<KeptRelease> {
    Ok(KeptRelease { id: row.get(0)?, content: row.get(1)?, held: (row.get(2)?, row.get(3)?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn a_stage_has_one_running_release_whichever_program_begins_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data").join("releases.sqlite");
        let (window, terminal) = (Releases::open(&path).unwrap(), Releases::open(&path).unwrap());
        assert!(window.begin("r1", "demo/a1/prod", "{}", "window", at(0)).unwrap());
        assert!(!terminal.begin("r2", "demo/a1/prod", "{}", "terminal", at(0)).unwrap());
        assert!(terminal.begin("r3", "demo/a1/staging", "{}", "terminal", at(0)).unwrap());
        assert!(window.end("r1", "ended").unwrap());
        assert!(!window.end("r1", "again").unwrap(), "over is over");
        assert!(terminal.begin("r2", "demo/a1/prod", "{}", "terminal", at(1)).unwrap());
        let ids = |only| terminal.list(only).unwrap().into_iter().map(|kept| kept.id).collect::<Vec<_>>();
        assert_eq!(ids(true), ["r2", "r3"]);
        assert_eq!(ids(false), ["r2", "r3", "r1"], "those that run first");
    }

    #[test]
    fn one_program_acts_and_another_takes_over_when_it_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("releases.sqlite");
        let (one, other) = (Releases::open(&path).unwrap(), Releases::open(&path).unwrap());
        one.begin("r1", "stage", "begun", "one", at(0)).unwrap();
        assert_eq!(other.claim("r1", "other", at(2)).unwrap(), None, "one looks at it");
        assert!(!other.save("r1", "other", "stolen", true).unwrap());
        assert!(one.claim("r1", "one", at(2)).unwrap().is_some(), "renewed");
        assert_eq!(other.claim("r1", "other", at(4)).unwrap(), None);
        let taken = other.claim("r1", "other", at(5)).unwrap().unwrap();
        assert_eq!(taken.content, "begun");
        assert!(!one.save("r1", "one", "late", true).unwrap(), "whoever lost the claim keeps nothing");
        assert!(other.save("r1", "other", "looked", true).unwrap());
        assert!(one.claim("r1", "one", at(-60)).unwrap().is_some(), "the clock was set back");
        assert!(other.claim("r1", "other", at(5)).unwrap().is_some());
        other.let_go("other").unwrap();
        assert_eq!(one.claim("r1", "one", at(5)).unwrap().unwrap().content, "looked", "at once");
        other.end("r1", "stopped").unwrap();
        assert!(!one.save("r1", "one", "going on", true).unwrap(), "stopped by a person meanwhile");
    }

    #[test]
    fn templates_are_kept_replaced_and_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let releases = Releases::open(&directory.path().join("releases.sqlite")).unwrap();
        assert!(releases.set_template("careful'; DROP TABLE release; --", Some("1")).unwrap());
        releases.set_template("bold", Some("2")).unwrap();
        releases.set_template("bold", Some("3")).unwrap();
        let templates = releases.templates().unwrap();
        assert_eq!(templates.iter().map(|(_, content)| content.as_str()).collect::<Vec<_>>(), ["3", "1"]);
        assert!(releases.set_template("bold", None).unwrap());
        assert!(!releases.set_template("bold", None).unwrap());
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("releases.sqlite");
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 9).unwrap();
        assert!(matches!(Releases::open(&path), Err(StoreError::TooNew { found: 9, .. })));
    }
}
