//! API keys. Their values leave only where AWS lets them out.

use serde_json::{Value, json};

use super::{
    Call, RestApis,
    patch::{API_KEY, apply, patches},
    state::{bad_request, copy, list, not_found, set, text},
};
use crate::services::{Around, Outcome, Refusal};

impl RestApis {
    pub(super) fn key_operation(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let id = call.path("id").to_owned();
        match call.found.operation {
            "CreateApiKey" => self.create_api_key(call, around),
            "GetApiKeys" => {
                let (values, wanted) =
                    (call.query.is_true("includeValues"), call.query.get("name").unwrap_or_default());
                let customer = call.query.get("customerId");
                let keys: Vec<Value> = self
                    .keys
                    .values()
                    // The newest first, as recorded.
                    .rev()
                    .filter(|key| text(key, "name").starts_with(wanted))
                    .filter(|key| customer.is_none_or(|customer| text(key, "customerId") == customer))
                    .map(|key| shown(key, values))
                    .collect();
                list(&keys.iter().collect::<Vec<_>>(), &call.query)
            }
            operation => {
                let key = self.keys.get_mut(&id).ok_or_else(|| not_found("Invalid API Key identifier specified"))?;
                match operation {
                    "GetApiKey" => Ok((200, shown(key, call.query.is_true("includeValue")))),
                    "UpdateApiKey" => {
                        let mut patched = apply(key, &patches(operation, call.body)?, &API_KEY)?;
                        set(&mut patched, "lastUpdatedDate", json!(around.now.as_second()));
                        check_description(&patched)?;
                        *key = patched;
                        Ok((200, with_tags(shown(key, false))))
                    }
                    "DeleteApiKey" => {
                        self.keys.shift_remove(&id);
                        self.plan_keys.values_mut().for_each(|ids| ids.retain(|other| *other != id));
                        Ok((202, Value::Null))
                    }
                    _ => Err(Refusal::not_implemented("apigateway", operation)),
                }
            }
        }
    }

    fn create_api_key(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let body = call.body;
        if text(body, "name").chars().count() > 1024 {
            return Err(bad_request("Invalid API Key name, can be at most 1024 characters."));
        }
        check_description(body)?;
        let value = match text(body, "value") {
            "" => (around.id)(40),
            given if given.len() < 20 => return Err(bad_request("API Key value should be at least 20 characters")),
            given if given.len() > 128 => {
                return Err(bad_request("API Key value exceeds maximum size of 128 characters"));
            }
            given => given.to_owned(),
        };
        if self.keys.values().any(|key| text(key, "value") == value) {
            return Err(Refusal::new(409, "ConflictException", "API Key already exists"));
        }
        let (id, now) = ((around.id)(10), around.now.as_second());
        let mut key = json!({ "id": id, "value": value });
        copy(body, &mut key, &["name", "customerId", "description"]);
        set(&mut key, "enabled", json!(body.get("enabled").and_then(Value::as_bool).unwrap_or(false)));
        set(&mut key, "createdDate", json!(now));
        set(&mut key, "lastUpdatedDate", json!(now));
        set(&mut key, "stageKeys", json!([]));
        if let Some(tags) = body.get("tags").filter(|tags| tags.as_object().is_some_and(|tags| !tags.is_empty())) {
            set(&mut key, "tags", tags.clone());
        }
        self.keys.insert(id, key.clone());
        Ok((201, key))
    }
}

/// AWS's own bound is said nowhere; 125,000 characters are accepted and one more was recorded as refused.
fn check_description(key: &Value) -> Result<(), Refusal> {
    if text(key, "description").chars().count() > 125_000 {
        return Err(bad_request("Invalid API Key description specified."));
    }
    Ok(())
}

/// Answers of an update always have tags, if only an empty map: recorded.
pub(super) fn with_tags(mut document: Value) -> Value {
    if document.get("tags").is_none() {
        set(&mut document, "tags", json!({}));
    }
    document
}

fn shown(key: &Value, value: bool) -> Value {
    let mut key = key.clone();
    if !value {
        set(&mut key, "value", Value::Null);
    }
    key
}
