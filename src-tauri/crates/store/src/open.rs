//! Opening the file: migrations, and what happens when it is damaged or newer than this program.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode};

/// The store. One connection; writers elsewhere wait for it a few seconds.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
}

/// A store, and what a person should know about how it was opened.
#[derive(Debug)]
pub struct Opened {
    /// The store: in memory when the file could not be used.
    pub store: Store,
    /// Why it is not the file that it should be.
    pub warning: Option<StoreError>,
}

/// Why the store is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A newer version of the program wrote it.
    #[error("{path} was written by a newer version of Portcullis (schema {found}, this version knows {known}); it is left alone, and nothing is kept until you update", path = .path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The file is no database, or damaged.
    #[error("{path} is damaged; it was set aside as {aside}, and a new store was begun", path = .path.display(), aside = .aside.display())]
    Corrupted {
        /// The file.
        path: PathBuf,
        /// Where it is now.
        aside: PathBuf,
    },
    /// The directory or file cannot be used.
    #[error("{path} cannot be used ({reason}); nothing is kept this time", path = .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A statement failed.
    #[error("the store refused {action}")]
    Statement {
        /// What was being done.
        action: &'static str,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// What is stored cannot be read back.
    #[error("the store's {what} cannot be read back: {reason}")]
    Content {
        /// What.
        what: &'static str,
        /// Why.
        reason: String,
    },
}

/// One schema after the other; `user_version` counts those that were applied. Never edit one that was released: append.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE snapshot_context (
        context TEXT PRIMARY KEY, read_at TEXT NOT NULL, identity TEXT NOT NULL, account TEXT NOT NULL, coverage TEXT NOT NULL
    ) STRICT;
    CREATE TABLE snapshot_api (
        context TEXT NOT NULL, api_id TEXT NOT NULL, inventory BLOB NOT NULL, raw BLOB NOT NULL,
        PRIMARY KEY (context, api_id)
    ) STRICT;
    CREATE TABLE audience_override (
        route_id TEXT PRIMARY KEY, audience TEXT NOT NULL, reason TEXT NOT NULL, said_by TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"];

impl Store {
    /// A store that lives as long as the program.
    ///
    /// # Errors
    /// When SQLite itself cannot work.
    pub fn in_memory() -> Result<Self, StoreError> {
        let connection = Connection::open_in_memory().map_err(statement("opening a store in memory"))?;
        migrate(&connection).map_err(statement("creating the tables"))?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Opens the file, makes it where there is none, and never gives up: a damaged file is set aside, one that cannot
    /// be used is replaced by memory, and the warning says so.
    ///
    /// # Errors
    /// Only when not even a store in memory can be had.
    pub fn open(path: &Path) -> Result<Opened, StoreError> {
        match Self::open_file(path) {
            Ok(store) => Ok(Opened { store, warning: None }),
            Err(StoreError::Corrupted { path, aside }) => match std::fs::rename(&path, &aside)
                .map_err(|error| error.to_string())
                .and_then(|()| Self::open_file(&path).map_err(|error| error.to_string()))
            {
                Ok(store) => Ok(Opened { store, warning: Some(StoreError::Corrupted { path, aside }) }),
                Err(reason) => {
                    Ok(Opened { store: Self::in_memory()?, warning: Some(StoreError::Unusable { path, reason }) })
                }
            },
            Err(warning) => Ok(Opened { store: Self::in_memory()?, warning: Some(warning) }),
        }
    }

    fn open_file(path: &Path) -> Result<Self, StoreError> {
        let unusable = |reason: String| StoreError::Unusable { path: path.to_owned(), reason };
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(|error| unusable(error.to_string()))?;
        }
        let connection = Connection::open(path).map_err(|error| unusable(error.to_string()))?;
        connection.busy_timeout(Duration::from_secs(5)).map_err(statement("setting the timeout"))?;
        let outcome = check(&connection).and_then(|version| {
            if version <= known_version() {
                connection.pragma_update(None, "journal_mode", "WAL")?;
                connection.pragma_update(None, "synchronous", "FULL")?;
                migrate(&connection)?;
            }
            Ok(version)
        });
        match outcome {
            Ok(found) if found > known_version() => {
                Err(StoreError::TooNew { path: path.to_owned(), found, known: known_version() })
            }
            Ok(_) => {
                restrict(path);
                Ok(Self { connection: Mutex::new(connection) })
            }
            Err(error) if is_damage(&error) => Err(StoreError::Corrupted { path: path.to_owned(), aside: aside(path) }),
            Err(error) => Err(unusable(error.to_string())),
        }
    }

    pub(crate) fn connection(&self) -> MutexGuard<'_, Connection> {
        // SQLite rolls an unfinished transaction back, so a panic in between leaves it whole.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn statement(action: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| StoreError::Statement { action, source }
}

fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn check(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)).and_then(|answer| {
        if answer == "ok" {
            Ok(())
        } else {
            Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), Some(answer)))
        }
    })?;
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for (migration, number) in MIGRATIONS.iter().zip(1_i64..).filter(|(_, number)| *number > version) {
        connection.execute_batch(&format!("BEGIN IMMEDIATE; {migration} PRAGMA user_version = {number}; COMMIT;"))?;
    }
    Ok(())
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn aside(path: &Path) -> PathBuf {
    let free = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        PathBuf::from(name)
    };
    (1..).map(free).find(|candidate| !candidate.exists()).unwrap_or_else(|| free(0))
}

/// Readable by the user only: an account's configuration is nobody else's business.
#[cfg(unix)]
fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if let Err(error) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)) {
        // A file system without permissions is not a reason to keep nothing.
        let _ = error;
    }
}

#[cfg(not(unix))]
fn restrict(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_damaged_file_is_set_aside_and_nothing_else_is_lost() {
        let directory = directory();
        let path = directory.path().join("store.sqlite");
        std::fs::write(&path, "this is no database, and long enough to have a header of its own").unwrap();
        let opened = Store::open(&path).unwrap();
        let Some(StoreError::Corrupted { aside, .. }) = &opened.warning else { panic!("{:?}", opened.warning) };
        assert!(std::fs::read_to_string(aside).unwrap().starts_with("this is no database"));
        opened.store.set_setting("a", "1").unwrap();
        drop(opened);
        assert_eq!(Store::open(&path).unwrap().store.setting("a").unwrap().as_deref(), Some("1"));
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let directory = directory();
        let path = directory.path().join("store.sqlite");
        drop(Store::open(&path).unwrap());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let before = std::fs::read(&path).unwrap();
        let opened = Store::open(&path).unwrap();
        assert!(matches!(opened.warning, Some(StoreError::TooNew { found: 99, .. })), "{:?}", opened.warning);
        opened.store.set_setting("a", "1").unwrap();
        drop(opened);
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_place_that_cannot_be_written_costs_memory_only() {
        let directory = directory();
        let file = directory.path().join("file");
        std::fs::write(&file, "x").unwrap();
        let opened = Store::open(&file.join("store.sqlite")).unwrap();
        assert!(matches!(opened.warning, Some(StoreError::Unusable { .. })), "{:?}", opened.warning);
    }

    #[test]
    fn two_programs_share_the_file() {
        let directory = directory();
        let path = directory.path().join("store.sqlite");
        let (first, second) = (Store::open(&path).unwrap().store, Store::open(&path).unwrap().store);
        first.set_setting("a", "1").unwrap();
        second.set_setting("a", "2").unwrap();
        assert_eq!(first.setting("a").unwrap().as_deref(), Some("2"));
    }
}
