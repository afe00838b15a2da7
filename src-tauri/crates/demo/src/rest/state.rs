//! What a region holds of REST APIs: AWS's own documents, kept as they go over the wire.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::services::{Outcome, Refusal};

/// Documents by id, in order of creation.
pub(crate) type Documents = IndexMap<String, Value>;

/// Everything of one region.
#[derive(Debug, Default)]
pub(crate) struct RestApis {
    pub(crate) apis: IndexMap<String, RestApi>,
    pub(crate) keys: Documents,
    pub(crate) plans: Documents,
    /// Keys of a plan, by plan id.
    pub(crate) plan_keys: BTreeMap<String, Vec<String>>,
    /// Requests used per day (days since the epoch), by plan and key.
    pub(crate) usage: BTreeMap<(String, String), BTreeMap<i64, i64>>,
    /// Quota granted on top in the running period, by plan and key, from UpdateUsage.
    pub(crate) granted: BTreeMap<(String, String), i64>,
    pub(crate) domains: IndexMap<String, Domain>,
    pub(crate) account: Map<String, Value>,
}

/// One API with everything below it.
#[derive(Debug, Default)]
pub(crate) struct RestApi {
    pub(crate) document: Value,
    /// Resources with their methods inside (`resourceMethods`).
    pub(crate) resources: Documents,
    pub(crate) authorizers: Documents,
    pub(crate) validators: Documents,
    pub(crate) models: Documents,
    pub(crate) gateway_responses: Documents,
    pub(crate) deployments: IndexMap<String, Deployment>,
    pub(crate) stages: Documents,
}

/// A deployment and what it froze.
#[derive(Debug)]
pub(crate) struct Deployment {
    pub(crate) document: Value,
    /// `apiSummary`: path -> METHOD -> authorizationType, apiKeyRequired.
    pub(crate) summary: Value,
    /// The rest of the draft as it was; the large accounts do without.
    pub(crate) frozen: Option<Box<Frozen>>,
}

/// A draft as it was when it was deployed.
#[derive(Debug)]
pub(crate) struct Frozen {
    pub(crate) resources: Documents,
    pub(crate) authorizers: Documents,
    pub(crate) validators: Documents,
    pub(crate) models: Documents,
}

/// A custom domain name with its mappings.
#[derive(Debug, Default)]
pub(crate) struct Domain {
    pub(crate) document: Value,
    pub(crate) mappings: Documents,
}

/// A `NotFoundException` with AWS's text.
pub(crate) fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new(404, "NotFoundException", message)
}

/// A `BadRequestException` with AWS's text.
pub(crate) fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "BadRequestException", message)
}

impl RestApis {
    pub(crate) fn api(&mut self, id: &str) -> Result<&mut RestApi, Refusal> {
        self.apis.get_mut(id).ok_or_else(|| not_found(format!("Invalid API identifier specified 111122223333:{id}")))
    }

    /// The id of the API of this name.
    pub(crate) fn id_of(&self, name: &str) -> Option<String> {
        self.apis.iter().find(|(_, api)| text(&api.document, "name") == name).map(|(id, _)| id.clone())
    }

    /// Whether an ARN is a stage of this region.
    pub(crate) fn stage_exists(&self, arn: &str) -> bool {
        let mut parts = arn.split('/').skip(1);
        let (Some("restapis"), Some(api), Some("stages"), Some(stage)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return false;
        };
        self.apis.get(api).is_some_and(|api| api.stages.contains_key(stage))
    }
}

/// A list answer: `item`, and `position` when there is more. `limit` is 25 by default and 500 at most.
pub(crate) fn list(items: &[&Value], query: &Query<'_>) -> Outcome {
    let size = match query.get("limit") {
        None => 25,
        Some(text) => text
            .parse::<i64>()
            .map_err(|_| bad_request("Invalid limit value"))
            // A limit below one is answered as if there were none: recorded for API keys. Of other lists AWS's model says no
            // more (`integer`, 25 by default, 500 at most), and no recording asks.
            .map(|size| usize::try_from(size).ok().filter(|size| *size >= 1).unwrap_or(25))?
            .min(500),
    };
    let start = match query.get("position") {
        None | Some("") => 0,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|start| *start <= items.len())
            .ok_or_else(|| bad_request("Invalid position parameter"))?,
    };
    let end = start.saturating_add(size).min(items.len());
    let page: Vec<&Value> = items.get(start..end).unwrap_or_default().to_vec();
    let mut answer = json!({ "item": page });
    if end < items.len() {
        set(&mut answer, "position", json!(end.to_string()));
    }
    Ok((200, answer))
}

/// The query of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a>(pub(crate) &'a [(String, String)]);

impl<'a> Query<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_owned();
        self.0.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }
}

/// A member as text; empty when absent.
pub(crate) fn text<'a>(document: &'a Value, member: &str) -> &'a str {
    document.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// Sets a member of an object; a null is no member.
pub(crate) fn set(document: &mut Value, member: &str, value: Value) {
    let Some(object) = document.as_object_mut() else { return };
    if value.is_null() {
        object.shift_remove(member);
    } else {
        object.insert(member.to_owned(), value);
    }
}

/// Copies members of a request into a document, those that are there.
pub(crate) fn copy(from: &Value, into: &mut Value, members: &[&str]) {
    for member in members {
        if let Some(value) = from.get(*member) {
            set(into, member, value.clone());
        }
    }
}
