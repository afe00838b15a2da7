//! What can be wrong with a store, in the kinds that a person does something different for.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the store is not what it should be, or did not do what it was asked.
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
    /// Another program does not let go of the file.
    #[error("{path} is locked by another program; nothing is kept this time: close that program and start again", path = .path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The directory or file cannot be used.
    #[error("{path} cannot be used ({reason}); nothing is kept this time", path = .path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// No room is left.
    #[error("the disk is full: {action} failed, and what was kept before is still there")]
    Full {
        /// What was being done.
        action: &'static str,
        /// SQLite's words.
        #[source]
        source: rusqlite::Error,
    },
    /// Another program held the store for longer than this one waits.
    #[error("the store is busy: {action} failed because another program holds it")]
    Busy {
        /// What was being done.
        action: &'static str,
        /// SQLite's words.
        #[source]
        source: rusqlite::Error,
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

/// A statement's failure, by what SQLite says of it.
pub(crate) fn statement(action: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| match source.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { action, source },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { action, source },
        _ => StoreError::Statement { action, source },
    }
}

pub(crate) fn content(what: &'static str) -> impl Fn(serde_json::Error) -> StoreError {
    move |error| StoreError::Content { what, reason: error.to_string() }
}

pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

pub(crate) fn is_lock(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
