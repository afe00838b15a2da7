//! Opening the file, and what happens when it is damaged, newer than this program, or held by another.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Connection;

use crate::{
    StoreError,
    error::{is_damage, is_lock, statement},
    migrations::{known_version, migrate, version_of},
};

/// How long a statement waits for another program's write. A snapshot of 50,000 routes takes a fraction of it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// The store. Two connections, so that keeping a snapshot does not hold up what is read for the screen: SQLite's
/// write-ahead log lets one writer and any number of readers work at the same time
/// (<https://www.sqlite.org/wal.html>).
#[derive(Debug)]
pub struct Store {
    writer: Mutex<Connection>,
    /// `None` in memory, where a second connection would be a second database.
    reader: Option<Mutex<Connection>>,
}

/// A store, and what a person should know about how it was opened.
#[derive(Debug)]
pub struct Opened {
    /// The store: in memory when the file could not be used.
    pub store: Store,
    /// Why it is not the file that it should be.
    pub warning: Option<StoreError>,
}

impl Store {
    /// A store that lives as long as the program.
    ///
    /// # Errors
    /// When SQLite itself cannot work.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory().map_err(statement("opening a store in memory"))?;
        migrate(&mut connection).map_err(statement("creating the tables"))?;
        Ok(Self { writer: Mutex::new(connection), reader: None })
    }

    /// Opens the file, makes it where there is none, and never gives up: a damaged file is set aside, one that cannot
    /// be used is replaced by memory, and the warning says so.
    ///
    /// # Errors
    /// Only when not even a store in memory can be had.
    pub fn open(path: &Path) -> Result<Opened, StoreError> {
        Self::open_patiently(path, PATIENCE)
    }

    fn open_patiently(path: &Path, patience: Duration) -> Result<Opened, StoreError> {
        let warning = match Self::open_file(path, patience) {
            Ok(store) => return Ok(Opened { store, warning: None }),
            Err(StoreError::Corrupted { path, aside }) => {
                let begun = set_aside(&path, &aside)
                    .map_err(|error| StoreError::Unusable { path: path.clone(), reason: error.to_string() })
                    .and_then(|()| Self::open_file(&path, patience));
                match begun {
                    Ok(store) => {
                        return Ok(Opened { store, warning: Some(StoreError::Corrupted { path, aside }) });
                    }
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        Ok(Opened { store: Self::in_memory()?, warning: Some(warning) })
    }

    fn open_file(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        let failed = |error: rusqlite::Error| match error {
            error if is_damage(&error) => StoreError::Corrupted { path: path.to_owned(), aside: free_name(path) },
            error if is_lock(&error) => StoreError::Locked { path: path.to_owned() },
            error => StoreError::Unusable { path: path.to_owned(), reason: error.to_string() },
        };
        let unusable =
            |error: std::io::Error| StoreError::Unusable { path: path.to_owned(), reason: error.to_string() };
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(unusable)?;
        }
        make_private(path).map_err(unusable)?;
        let mut writer = connect(path, patience).map_err(failed)?;
        let found = version_of(&writer).map_err(failed)?;
        if found > known_version() {
            return Err(StoreError::TooNew { path: path.to_owned(), found, known: known_version() });
        }
        prepare(&mut writer).map_err(failed)?;
        let reader = connect(path, patience).map_err(failed)?;
        reader.pragma_update(None, "query_only", true).map_err(failed)?;
        Ok(Self { writer: Mutex::new(writer), reader: Some(Mutex::new(reader)) })
    }

    /// For statements that change something.
    pub(crate) fn writing(&self) -> MutexGuard<'_, Connection> {
        // SQLite rolls an unfinished transaction back, so a panic in between leaves it whole.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For statements that change nothing.
    pub(crate) fn reading(&self) -> MutexGuard<'_, Connection> {
        self.reader.as_ref().unwrap_or(&self.writer).lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn connect(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(patience)?;
    Ok(connection)
}

fn prepare(writer: &mut Connection) -> rusqlite::Result<()> {
    let answer: String = writer.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer != "ok" {
        let corrupt = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return Err(rusqlite::Error::SqliteFailure(corrupt, Some(answer)));
    }
    writer.pragma_update(None, "journal_mode", "WAL")?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    migrate(writer)
}

/// Beside the file, under a name that nobody has yet.
fn free_name(path: &Path) -> PathBuf {
    let name = |number: u32| with_suffix(path, &format!(".damaged-{number}"));
    (1..).map(name).find(|candidate| !candidate.exists()).unwrap_or_else(|| name(0))
}

/// Moves the file and its log: a log that stays behind would be played back into the new file
/// (<https://www.sqlite.org/howtocorrupt.html>, section 1.4).
fn set_aside(path: &Path, aside: &Path) -> std::io::Result<()> {
    for suffix in ["-wal", "-shm"] {
        match std::fs::rename(with_suffix(path, suffix), with_suffix(aside, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(path, aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Readable by the user only, from before the first byte is in it: an account's configuration is nobody else's
/// business. SQLite gives its log the same mode.
#[cfg(unix)]
pub(crate) fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
pub(crate) fn make_private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
