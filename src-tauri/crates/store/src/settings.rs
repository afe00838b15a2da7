//! Settings: names and JSON texts.

use rusqlite::OptionalExtension as _;

use crate::{Store, StoreError, error::statement};

impl Store {
    /// A setting's text.
    ///
    /// # Errors
    /// [`StoreError::Statement`].
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.reading()
            .query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0))
            .optional()
            .map_err(statement("reading a setting"))
    }

    /// Sets it.
    ///
    /// # Errors
    /// [`StoreError::Statement`].
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.writing()
            .execute(
                "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                [name, value],
            )
            .map(drop)
            .map_err(statement("writing a setting"))
    }
}
