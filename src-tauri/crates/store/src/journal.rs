//! The journal of changes: a file of its own, append-only, durable before [`Journal::append`] returns.
//!
//! Apart from the store, because a damaged store is set aside and begun anew, and a journal never is: whatever is wrong
//! with its file, no change is made until a person has looked at it.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use portcullis_domain::journal::{ChainFault, ChainHead, JournalEvent, JournalRecord, verify};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use crate::{
    StoreError,
    error::{content, statement},
    open::{PATIENCE, connect, make_private},
};

/// The schema that this version writes.
const VERSION: i64 = 1;

/// `journal_open` is an index and no part of the record: which target an unfinished change holds.
const SCHEMA: &str = "
    CREATE TABLE journal_record (
        sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, entry TEXT NOT NULL, event TEXT NOT NULL,
        previous TEXT NOT NULL, hash TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal_record
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER journal_holds BEFORE DELETE ON journal_record
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TABLE journal_head (
        only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL, hash TEXT NOT NULL
    ) STRICT;
    CREATE TABLE journal_open (target TEXT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (target, entry)) STRICT;
    PRAGMA user_version = 1;
";

/// Why a record was not kept.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another change of the same target is under way, or was interrupted.
    #[error("another change of the same target is not finished: entry {entry}")]
    Unfinished {
        /// Its entry.
        entry: String,
    },
    /// An entry of that id was opened before: this is the second of two clicks.
    #[error("entry {entry} is already in the journal")]
    Exists {
        /// The entry.
        entry: String,
    },
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The journal.
#[derive(Debug)]
pub struct Journal {
    connection: Mutex<Connection>,
    path: Option<PathBuf>,
}

impl Journal {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// [`StoreError`]; unlike the store's, a damaged file stays where it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let unusable = |reason: String| StoreError::Unusable { path: path.to_owned(), reason };
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(|error| unusable(error.to_string()))?;
        }
        make_private(path).map_err(|error| unusable(error.to_string()))?;
        let mut connection = connect(path, PATIENCE).map_err(|error| unusable(error.to_string()))?;
        prepare(&mut connection, path)?;
        Ok(Self { connection: Mutex::new(connection), path: Some(path.to_owned()) })
    }

    /// One that lives as long as the program, for the demo account and for tests.
    ///
    /// # Errors
    /// When SQLite itself cannot work.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory().map_err(statement("opening a journal in memory"))?;
        prepare(&mut connection, Path::new(":memory:"))?;
        Ok(Self { connection: Mutex::new(connection), path: None })
    }

    /// Where it is kept.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Appends a record. When this returns it is on the disk. An `Opened` of a target that an unfinished change holds is
    /// refused, unless it is `urgent`: taking a bad release back waits for nobody.
    ///
    /// # Errors
    /// [`JournalError`]; nothing was kept then.
    pub fn append(
        &self,
        at: &str,
        entry: &str,
        event: JournalEvent,
        urgent: bool,
    ) -> Result<JournalRecord, JournalError> {
        let mut connection = self.connection();
        let failed = statement("writing the journal");
        // Immediate: the head is read and continued by one writer at a time, whichever process it is in.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&failed)?;
        if let JournalEvent::Opened { plan, .. } = &event {
            open(&transaction, entry, plan.targets.iter().map(|target| target.key()), urgent)?;
        }
        if matches!(event, JournalEvent::Closed { .. }) {
            transaction.execute("DELETE FROM journal_open WHERE entry = ?1", [entry]).map_err(&failed)?;
        }
        let head = head(&transaction).map_err(&failed)?;
        let record = head.append(at.to_owned(), entry.to_owned(), event).map_err(content("journal"))?;
        transaction
            .execute(
                "INSERT INTO journal_record VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                (record.sequence, &record.at, &record.entry, record.text(), &record.previous, &record.hash),
            )
            .map_err(&failed)?;
        transaction
            .execute("INSERT OR REPLACE INTO journal_head VALUES (1, ?1, ?2)", (record.sequence, &record.hash))
            .map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok(record)
    }

    /// Every record, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn records(&self) -> Result<Vec<JournalRecord>, StoreError> {
        Ok(self.read(None)?.0)
    }

    /// The records of one entry, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn records_of(&self, entry: &str) -> Result<Vec<JournalRecord>, StoreError> {
        Ok(self.read(Some(entry))?.0)
    }

    /// Checks the whole chain; the number of records when it holds.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be read; the first fault of the chain is the answer, not an error.
    pub fn verify(&self) -> Result<Result<u64, ChainFault>, StoreError> {
        let (records, head) = self.read(None)?;
        Ok(verify(&records, &head))
    }

    /// Records and head of one moment.
    fn read(&self, entry: Option<&str>) -> Result<(Vec<JournalRecord>, ChainHead), StoreError> {
        let mut connection = self.connection();
        let failed = statement("reading the journal");
        let transaction = connection.transaction().map_err(&failed)?;
        let mut records = Vec::new();
        {
            let mut query = transaction
                .prepare(
                    "SELECT sequence, at, entry, event, previous, hash FROM journal_record
                     WHERE ?1 IS NULL OR entry = ?1 ORDER BY sequence",
                )
                .map_err(&failed)?;
            let mut rows = query.query([entry]).map_err(&failed)?;
            while let Some(row) = rows.next().map_err(&failed)? {
                let part = |index| row.get::<_, String>(index).map_err(&failed);
                let sequence = row.get(0).map_err(&failed)?;
                let record = JournalRecord::kept(sequence, part(1)?, part(2)?, part(3)?, part(4)?, part(5)?);
                records.push(record.map_err(content("journal"))?);
            }
        }
        let head = head(&transaction).map_err(&failed)?;
        Ok((records, head))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // SQLite rolls an unfinished transaction back, so a panic in between leaves the journal whole.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn prepare(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let unusable = |error: rusqlite::Error| StoreError::Unusable { path: path.to_owned(), reason: error.to_string() };
    connection.pragma_update(None, "journal_mode", "WAL").map_err(unusable)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(unusable)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unusable)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(unusable)?;
    match found {
        0 => transaction.execute_batch(SCHEMA).map_err(unusable)?,
        VERSION => {}
        _ => return Err(StoreError::TooNew { path: path.to_owned(), found, known: VERSION }),
    }
    transaction.commit().map_err(unusable)
}

fn head(transaction: &Transaction<'_>) -> rusqlite::Result<ChainHead> {
    let kept = transaction
        .query_row("SELECT sequence, hash FROM journal_head", [], |row| {
            Ok(ChainHead { sequence: row.get(0)?, hash: row.get(1)? })
        })
        .optional()?;
    Ok(kept.unwrap_or_default())
}

fn open(
    transaction: &Transaction<'_>,
    entry: &str,
    targets: impl Iterator<Item = String>,
    urgent: bool,
) -> Result<(), JournalError> {
    let failed = statement("opening an entry of the journal");
    let known: i64 = transaction
        .query_row("SELECT count(*) FROM journal_record WHERE entry = ?1", [entry], |row| row.get(0))
        .map_err(&failed)?;
    if known > 0 {
        return Err(JournalError::Exists { entry: entry.to_owned() });
    }
    for target in targets {
        let holder: Option<String> = transaction
            .query_row("SELECT entry FROM journal_open WHERE target = ?1", [&target], |row| row.get(0))
            .optional()
            .map_err(&failed)?;
        if let Some(entry) = holder.filter(|_| !urgent) {
            return Err(JournalError::Unfinished { entry });
        }
        transaction.execute("INSERT OR IGNORE INTO journal_open VALUES (?1, ?2)", [&target, entry]).map_err(&failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
