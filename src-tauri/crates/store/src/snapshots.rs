//! The last reading of each context, so that the next start has something to show at once.

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use portcullis_domain::{
    coverage::Coverage,
    inventory::{AccountInventory, ApiInventory, Identity},
};
use rusqlite::{OptionalExtension as _, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Store, StoreError, open::statement};

/// What is kept of a context.
#[derive(Debug, Clone, PartialEq)]
pub struct ContextSnapshot {
    /// When it was read to the end, RFC 3339.
    pub read_at: String,
    /// Who asked.
    pub identity: Identity,
    /// What belongs to the account.
    pub account: AccountInventory,
    /// What was missing.
    pub coverage: Coverage,
    /// Its APIs.
    pub apis: Vec<ApiInventory>,
}

/// What is kept of an API besides the inventory: AWS's own answers, `(call, of, JSON)`.
pub type ApiSnapshot<'a> = (&'a ApiInventory, &'a [(String, String, String)]);

impl Store {
    /// Keeps a reading. APIs in `keep` stay as they are in the store (their reading failed); others that are not in
    /// `apis` are gone from the account and from here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_snapshot(
        &self,
        context: &str,
        snapshot: &ContextSnapshot,
        raws: &[ApiSnapshot<'_>],
        keep: &[String],
    ) -> Result<(), StoreError> {
        let text = |value: &dyn erased::Json| value.json().map_err(content("snapshot"));
        let (identity, account, coverage) =
            (text(&snapshot.identity)?, text(&snapshot.account)?, text(&snapshot.coverage)?);
        let packed: Vec<(&str, Vec<u8>, Vec<u8>)> = raws
            .iter()
            .map(|(api, raw)| Ok((&*api.api.id, pack(api)?, pack(raw)?)))
            .collect::<Result<_, StoreError>>()?;
        let mut connection = self.connection();
        let action = "keeping a snapshot";
        let transaction = connection.transaction().map_err(statement(action))?;
        {
            let mut kept: Vec<String> = keep.to_vec();
            kept.extend(packed.iter().map(|(id, _, _)| (*id).to_owned()));
            let list = serde_json::to_string(&kept).map_err(content("snapshot"))?;
            transaction
                .execute(
                    "DELETE FROM snapshot_api WHERE context = ?1 AND api_id NOT IN (SELECT value FROM json_each(?2))",
                    params![context, list],
                )
                .map_err(statement(action))?;
            let mut insert = transaction
                .prepare("INSERT OR REPLACE INTO snapshot_api VALUES (?1, ?2, ?3, ?4)")
                .map_err(statement(action))?;
            for (id, inventory, raw) in &packed {
                insert.execute(params![context, id, inventory, raw]).map_err(statement(action))?;
            }
            transaction
                .execute(
                    "INSERT OR REPLACE INTO snapshot_context VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![context, snapshot.read_at, identity, account, coverage],
                )
                .map_err(statement(action))?;
        }
        transaction.commit().map_err(statement(action))
    }

    /// The last reading of a context.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn snapshot(&self, context: &str) -> Result<Option<ContextSnapshot>, StoreError> {
        let connection = self.connection();
        let action = "reading a snapshot";
        let head: Option<(String, String, String, String)> = connection
            .query_row(
                "SELECT read_at, identity, account, coverage FROM snapshot_context WHERE context = ?1",
                [context],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .optional()
            .map_err(statement(action))?;
        let Some((read_at, identity, account, coverage)) = head else { return Ok(None) };
        let mut query =
            connection.prepare("SELECT inventory FROM snapshot_api WHERE context = ?1").map_err(statement(action))?;
        let blobs = query.query_map([context], |row| row.get::<_, Vec<u8>>(0)).map_err(statement(action))?;
        let mut apis = Vec::new();
        for blob in blobs {
            apis.push(unpack(&blob.map_err(statement(action))?)?);
        }
        Ok(Some(ContextSnapshot {
            read_at,
            identity: serde_json::from_str(&identity).map_err(content("snapshot"))?,
            account: serde_json::from_str(&account).map_err(content("snapshot"))?,
            coverage: serde_json::from_str(&coverage).map_err(content("snapshot"))?,
            apis,
        }))
    }

    /// What AWS answered about an API: `(call, of, JSON)`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn raw_answers(&self, context: &str, api_id: &str) -> Result<Vec<(String, String, String)>, StoreError> {
        let blob: Option<Vec<u8>> = self
            .connection()
            .query_row("SELECT raw FROM snapshot_api WHERE context = ?1 AND api_id = ?2", [context, api_id], |row| {
                row.get(0)
            })
            .optional()
            .map_err(statement("reading AWS's answers"))?;
        blob.map_or(Ok(Vec::new()), |blob| unpack(&blob))
    }
}

fn content(what: &'static str) -> impl Fn(serde_json::Error) -> StoreError {
    move |error| StoreError::Content { what, reason: error.to_string() }
}

fn pack<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, StoreError> {
    let json = serde_json::to_vec(value).map_err(content("snapshot"))?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    let failed = |error: std::io::Error| StoreError::Content { what: "snapshot", reason: error.to_string() };
    encoder.write_all(&json).map_err(failed)?;
    encoder.finish().map_err(failed)
}

fn unpack<T: DeserializeOwned>(blob: &[u8]) -> Result<T, StoreError> {
    let mut json = Vec::new();
    DeflateDecoder::new(blob)
        .read_to_end(&mut json)
        .map_err(|error| StoreError::Content { what: "snapshot", reason: error.to_string() })?;
    serde_json::from_slice(&json).map_err(content("snapshot"))
}

/// Serialising several types through one closure.
mod erased {
    pub(super) trait Json {
        fn json(&self) -> Result<String, serde_json::Error>;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> Result<String, serde_json::Error> {
            serde_json::to_string(self)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_domain::api::{Api, ApiKind, EndpointType};
    use proptest::prelude::*;

    fn api(id: &str, name: &str) -> ApiInventory {
        ApiInventory {
            api: Api {
                id: id.into(),
                name: name.into(),
                kind: ApiKind::Rest,
                endpoint_type: EndpointType::Edge,
                description: None,
                created: None,
                tags: [("k".to_owned(), name.to_owned())].into(),
                execute_api_disabled: false,
                has_resource_policy: false,
                api_key_source: None,
                route_selection_expression: None,
            },
            stages: vec![],
            definitions: vec![],
            deployments: [(
                "d1".into(),
                [(
                    ("/".into(), "GET".into()),
                    portcullis_domain::inventory::LiveMethod {
                        authorization_type: "NONE".into(),
                        api_key_required: true,
                    },
                )]
                .into(),
            )]
            .into(),
            authorizers: vec![],
            validators: vec![],
        }
    }

    fn snapshot(apis: &[ApiInventory]) -> ContextSnapshot {
        ContextSnapshot {
            read_at: "2026-03-02T10:00:00Z".to_owned(),
            identity: Identity { account: "111122223333".into(), arn: "arn".to_owned() },
            account: AccountInventory::default(),
            coverage: Coverage::of(vec![]),
            apis: apis.to_vec(),
        }
    }

    #[test]
    fn an_api_whose_reading_failed_keeps_its_last_snapshot_and_one_that_is_gone_does_not() {
        let store = Store::in_memory().unwrap();
        let (one, two, three) = (api("one", "1"), api("two", "2"), api("three", "3"));
        let raw = [("apigateway:GetStages".to_owned(), String::new(), "{}".to_owned())];
        store.save_snapshot("demo", &snapshot(&[]), &[(&one, &raw), (&two, &raw), (&three, &raw)], &[]).unwrap();
        store.save_snapshot("demo", &snapshot(&[]), &[(&one, &raw)], &["two".to_owned()]).unwrap();
        let mut ids: Vec<String> =
            store.snapshot("demo").unwrap().unwrap().apis.iter().map(|api| api.api.id.to_string()).collect();
        ids.sort();
        assert_eq!(ids, ["one", "two"]);
        assert_eq!(store.raw_answers("demo", "two").unwrap(), raw);
        assert_eq!(store.snapshot("other").unwrap(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_is_kept_comes_back(names in proptest::collection::vec(".{0,30}", 0..5)) {
            let store = Store::in_memory().unwrap();
            let apis: Vec<ApiInventory> = names.iter().enumerate().map(|(at, name)| api(&at.to_string(), name)).collect();
            let raws: Vec<ApiSnapshot<'_>> = apis.iter().map(|api| (api, [].as_slice())).collect();
            store.save_snapshot("c", &snapshot(&apis), &raws, &[]).unwrap();
            prop_assert_eq!(store.snapshot("c").unwrap().unwrap(), snapshot(&apis));
        }
    }
}
