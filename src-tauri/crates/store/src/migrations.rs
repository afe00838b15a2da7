//! The schema, as the list of steps that lead to it.

use rusqlite::{Connection, TransactionBehavior};

/// One step after the other; `user_version` counts those that were applied. A step that was released is never edited:
/// the next one is appended. Each names the file whose tables it makes.
const MIGRATIONS: &[&str] = &["
    -- snapshots.rs
    CREATE TABLE snapshot_context (
        context TEXT PRIMARY KEY, read_at TEXT NOT NULL, region TEXT NOT NULL, identity TEXT NOT NULL,
        account TEXT NOT NULL, coverage TEXT NOT NULL
    ) STRICT;
    CREATE TABLE snapshot_api (
        context TEXT NOT NULL, api_id TEXT NOT NULL, inventory BLOB NOT NULL, answers BLOB NOT NULL,
        PRIMARY KEY (context, api_id)
    ) STRICT;
    -- overrides.rs
    CREATE TABLE audience_override (
        route_id TEXT PRIMARY KEY, audience TEXT NOT NULL, reason TEXT NOT NULL, said_by TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT;
    -- settings.rs
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"];

/// The schema that this version of the program writes.
pub(crate) fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The schema of a file.
pub(crate) fn version_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings a file to [`known_version`]. Two programs that start at once do it once: the step's number is looked at
/// again under the write lock.
pub(crate) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    if version_of(connection)? >= known_version() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version = version_of(&transaction)?;
    for (migration, number) in MIGRATIONS.iter().zip(1_i64..).filter(|(_, number)| *number > version) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", number)?;
    }
    transaction.commit()
}
