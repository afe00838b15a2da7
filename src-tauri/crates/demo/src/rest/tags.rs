//! Tags, by the ARN of what carries them.

use serde_json::{Value, json};

use super::{
    Call, RestApis,
    state::{not_found, set},
};
use crate::services::{Outcome, Refusal};

impl RestApis {
    pub(super) fn tag_operation(&mut self, call: &Call<'_>) -> Outcome {
        let arn = call.path("arn").to_owned();
        let document = self.tagged(&arn)?;
        let mut tags = document.get("tags").cloned().unwrap_or_else(|| json!({}));
        match call.found.operation {
            "GetTags" => return Ok((200, json!({ "tags": tags }))),
            "TagResource" => {
                for (key, value) in call.body.get("tags").and_then(Value::as_object).into_iter().flatten() {
                    set(&mut tags, key, value.clone());
                }
            }
            _ => call.query.all("tagKeys").for_each(|key| set(&mut tags, key, Value::Null)),
        }
        let empty = tags.as_object().is_none_or(serde_json::Map::is_empty);
        set(document, "tags", if empty { Value::Null } else { tags });
        Ok((204, Value::Null))
    }

    fn tagged(&mut self, arn: &str) -> Result<&mut Value, Refusal> {
        let missing = || not_found(format!("Invalid resource ARN specified: {arn}"));
        let parts: Vec<&str> = arn.split("::/").nth(1).unwrap_or_default().split('/').collect();
        match parts.as_slice() {
            ["restapis", api] => self.apis.get_mut(*api).map(|api| &mut api.document).ok_or_else(missing),
            ["restapis", api, "stages", stage] => {
                self.apis.get_mut(*api).and_then(|api| api.stages.get_mut(*stage)).ok_or_else(missing)
            }
            ["usageplans", plan] => self.plans.get_mut(*plan).ok_or_else(missing),
            ["apikeys", key] => self.keys.get_mut(*key).ok_or_else(missing),
            ["domainnames", domain] => {
                self.domains.get_mut(*domain).map(|domain| &mut domain.document).ok_or_else(missing)
            }
            _ => Err(missing()),
        }
    }
}
