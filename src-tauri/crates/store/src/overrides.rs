//! What persons said about the audience of single routes.

use portcullis_domain::audience_rules::{AudienceOverride, Overrides};

use crate::{Store, StoreError, error::statement};

impl Store {
    /// All of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn overrides(&self) -> Result<Overrides, StoreError> {
        let connection = self.reading();
        let mut query = connection
            .prepare("SELECT route_id, audience, reason, said_by, at FROM audience_override")
            .map_err(statement("reading the overrides"))?;
        let rows = query
            .query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
            .map_err(statement("reading the overrides"))?;
        let mut overrides = Overrides::new();
        for row in rows {
            let (route_id, audience, reason, by, at) = row.map_err(statement("reading the overrides"))?;
            let audience = serde_json::from_value(serde_json::Value::String(audience))
                .map_err(|error| StoreError::Content { what: "override", reason: error.to_string() })?;
            overrides.insert(route_id, AudienceOverride { audience, reason, by, at });
        }
        Ok(overrides)
    }

    /// Says it, or takes it back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_override(&self, route_id: &str, said: Option<&AudienceOverride>) -> Result<(), StoreError> {
        let connection = self.writing();
        let Some(said) = said else {
            return connection
                .execute("DELETE FROM audience_override WHERE route_id = ?1", [route_id])
                .map(drop)
                .map_err(statement("taking an override back"));
        };
        let audience = serde_json::to_value(said.audience)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .ok_or_else(|| StoreError::Content { what: "override", reason: "an audience without a name".to_owned() })?;
        connection
            .execute(
                "INSERT OR REPLACE INTO audience_override VALUES (?1, ?2, ?3, ?4, ?5)",
                [route_id, &audience, &said.reason, &said.by, &said.at],
            )
            .map(drop)
            .map_err(statement("keeping an override"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_domain::audience::Audience;

    #[test]
    fn a_persons_word_is_kept_replaced_and_taken_back() {
        let store = Store::in_memory().unwrap();
        let said = |audience, reason: &str| AudienceOverride {
            audience,
            reason: reason.to_owned(),
            by: "ines (arn:aws:iam::111122223333:user/ines)".to_owned(),
            at: "2026-03-02T10:00:00Z".to_owned(),
        };
        let (one, two) = ("a/prod/GET /x'; DROP TABLE setting; --", "b/prod/GET /y");
        store.set_override(one, Some(&said(Audience::Partner, "the \"mobile\" shop\n=1+1"))).unwrap();
        store.set_override(two, Some(&said(Audience::Admin, "back office"))).unwrap();
        store.set_override(one, Some(&said(Audience::Internal, "moved"))).unwrap();
        let kept = store.overrides().unwrap();
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[one], said(Audience::Internal, "moved"));
        store.set_override(two, None).unwrap();
        assert_eq!(store.overrides().unwrap().keys().collect::<Vec<_>>(), [one]);
    }
}
