//! The last reading of each context, so that the next start has something to show at once.

use portcullis_domain::{
    coverage::Coverage,
    inventory::{AccountInventory, ApiInventory, Identity},
};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::{
    Answer, PackedAnswers, Store, StoreError,
    error::{content, statement},
    packed::{pack, unpack},
};

/// What is kept of a context besides its APIs.
#[derive(Debug, Clone, PartialEq)]
pub struct SnapshotHead {
    /// When it was read to the end, RFC 3339.
    pub read_at: String,
    /// The region that was read.
    pub region: String,
    /// Who asked.
    pub identity: Identity,
    /// What belongs to the account.
    pub account: AccountInventory,
    /// What was missing.
    pub coverage: Coverage,
}

/// The last reading of a context.
#[derive(Debug, Clone, PartialEq)]
pub struct ContextSnapshot {
    /// Everything but the APIs.
    pub head: SnapshotHead,
    /// Its APIs, by id.
    pub apis: Vec<ApiInventory>,
}

/// An API that is to be kept.
#[derive(Debug, Clone, Copy)]
pub struct KeptApi<'a> {
    /// What was made of the answers.
    pub inventory: &'a ApiInventory,
    /// The answers.
    pub answers: &'a PackedAnswers,
}

impl Store {
    /// Keeps a reading. APIs in `keep` stay as they are in the store (their reading failed); others that are not in
    /// `apis` are gone from the account and from here.
    ///
    /// # Errors
    /// [`StoreError`]; what was kept before is then still there.
    pub fn save_snapshot(
        &self,
        context: &str,
        head: &SnapshotHead,
        apis: &[KeptApi<'_>],
        keep: &[String],
    ) -> Result<(), StoreError> {
        let action = "keeping a snapshot";
        let text = |value: serde_json::Result<String>| value.map_err(content("snapshot"));
        let identity = text(serde_json::to_string(&head.identity))?;
        let account = text(serde_json::to_string(&head.account))?;
        let coverage = text(serde_json::to_string(&head.coverage))?;
        let staying: Vec<&str> =
            keep.iter().map(String::as_str).chain(apis.iter().map(|api| &*api.inventory.api.id)).collect();
        let staying = text(serde_json::to_string(&staying))?;
        // Before the lock is taken: compressing takes longer than writing.
        let inventories = apis.iter().map(|api| pack(api.inventory)).collect::<Result<Vec<_>, _>>()?;

        let mut connection = self.writing();
        let transaction = connection.transaction().map_err(statement(action))?;
        transaction
            .execute(
                "DELETE FROM snapshot_api WHERE context = ?1 AND api_id NOT IN (SELECT value FROM json_each(?2))",
                params![context, staying],
            )
            .map_err(statement(action))?;
        {
            let mut insert = transaction
                .prepare("INSERT OR REPLACE INTO snapshot_api VALUES (?1, ?2, ?3, ?4)")
                .map_err(statement(action))?;
            for (api, inventory) in apis.iter().zip(&inventories) {
                insert
                    .execute(params![context, &*api.inventory.api.id, inventory, api.answers.0])
                    .map_err(statement(action))?;
            }
        }
        transaction
            .execute(
                "INSERT OR REPLACE INTO snapshot_context VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![context, head.read_at, head.region, identity, account, coverage],
            )
            .map_err(statement(action))?;
        transaction.commit().map_err(statement(action))
    }

    /// The last reading of a context.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn snapshot(&self, context: &str) -> Result<Option<ContextSnapshot>, StoreError> {
        let action = "reading a snapshot";
        let mut connection = self.reading();
        // Head and APIs of the same reading, whatever another program writes in between.
        let transaction = connection.transaction().map_err(statement(action))?;
        let head = transaction
            .query_row(
                "SELECT read_at, region, identity, account, coverage FROM snapshot_context WHERE context = ?1",
                [context],
                |row: &Row<'_>| {
                    let text = |at| row.get::<_, String>(at);
                    Ok([text(0)?, text(1)?, text(2)?, text(3)?, text(4)?])
                },
            )
            .optional()
            .map_err(statement(action))?;
        let Some([read_at, region, identity, account, coverage]) = head else { return Ok(None) };
        let blobs = {
            let mut query = transaction
                .prepare("SELECT inventory FROM snapshot_api WHERE context = ?1 ORDER BY api_id")
                .map_err(statement(action))?;
            let rows = query.query_map([context], |row| row.get::<_, Vec<u8>>(0)).map_err(statement(action))?;
            rows.collect::<rusqlite::Result<Vec<_>>>().map_err(statement(action))?
        };
        drop(transaction);
        drop(connection);
        Ok(Some(ContextSnapshot {
            head: SnapshotHead {
                read_at,
                region,
                identity: serde_json::from_str(&identity).map_err(content("snapshot"))?,
                account: serde_json::from_str(&account).map_err(content("snapshot"))?,
                coverage: serde_json::from_str(&coverage).map_err(content("snapshot"))?,
            },
            apis: blobs.iter().map(|blob| unpack(blob)).collect::<Result<_, _>>()?,
        }))
    }

    /// What AWS answered about an API; nothing when it was never kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn answers(&self, context: &str, api_id: &str) -> Result<Vec<Answer>, StoreError> {
        let blob: Option<Vec<u8>> = self
            .reading()
            .query_row(
                "SELECT answers FROM snapshot_api WHERE context = ?1 AND api_id = ?2",
                [context, api_id],
                |row| row.get(0),
            )
            .optional()
            .map_err(statement("reading AWS's answers"))?;
        blob.map_or(Ok(Vec::new()), |blob| unpack(&blob))
    }
}

#[cfg(test)]
pub(crate) mod tests;
