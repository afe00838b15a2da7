//! Configuration changes as CloudTrail records them, made readable: who, what in a sentence, with which client, and how
//! it came out.
//!
//! A record is shown as far as it can be read. What is missing, cut off or newer than this program costs its own part of
//! the line and nothing else; the record itself stays beside it, without the values of API keys and stage variables.
//! Deliberately not here: CloudTrail Lake, which is another service with other calls.

mod identity;
mod interval;
mod words;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use interval::{Interval, merged, newest_hole};

/// The sources that are followed: API Gateway, WAF and the alarms of CloudWatch.
pub const EVENT_SOURCES: &[&str] = &["apigateway.amazonaws.com", "wafv2.amazonaws.com", "monitoring.amazonaws.com"];

/// With what somebody called AWS, as far as the user agent tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EventClient {
    /// AWS's web console.
    Console,
    /// The `aws` command.
    Cli,
    /// Terraform or OpenTofu.
    Terraform,
    /// CloudFormation, and so CDK, SAM and the Serverless Framework.
    CloudFormation,
    /// This program.
    Portcullis,
    /// A program with one of AWS's SDKs.
    Sdk,
    /// An AWS service on its own account.
    Service,
    /// Nothing that is recognised.
    Unknown,
}

/// How a call came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum EventOutcome {
    /// Done.
    Succeeded,
    /// Refused for want of a permission.
    Denied,
    /// Refused for another reason.
    Failed,
}

/// One patch operation of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventPatch {
    /// `replace`, `add`, `remove`, `copy`.
    pub op: String,
    /// As AWS has it: `/~1login/POST/throttling/rateLimit`.
    pub path: String,
    /// What the path means, in words.
    pub label: String,
    /// The value before, where an earlier event tells.
    #[ts(optional = nullable)]
    pub before: Option<String>,
    /// The new value; none for a removal.
    #[ts(optional = nullable)]
    pub after: Option<String>,
}

/// A call that changed something, or tried to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEvent {
    /// CloudTrail's id.
    pub id: String,
    /// The context's label.
    pub context: String,
    /// RFC 3339.
    pub at: String,
    /// `apigateway.amazonaws.com`.
    pub source: String,
    /// `UpdateStage`.
    pub name: String,
    /// Who, for a person: `ana@shop.example as role ops-deployer`.
    pub who: String,
    /// Who, for a machine: an ARN, or what there is instead.
    pub principal: String,
    /// Whether it was the account's root user, which no daily work needs.
    pub root: bool,
    /// Where from: an address, or a service's name.
    pub source_ip: String,
    /// With what.
    pub client: EventClient,
    /// The user agent as it came.
    pub user_agent: String,
    /// What was done, a sentence without the who.
    pub what: String,
    /// The API, where one is named.
    #[ts(optional = nullable)]
    pub api_id: Option<String>,
    /// The stage, where one is named.
    #[ts(optional = nullable)]
    pub stage: Option<String>,
    /// What a patch set.
    pub patches: Vec<EventPatch>,
    /// How it came out.
    pub outcome: EventOutcome,
    /// AWS's code and message when it did not succeed.
    #[ts(optional = nullable)]
    pub error: Option<String>,
    /// Whether it only read.
    pub read_only: bool,
    /// AWS's request id.
    #[ts(optional = nullable)]
    pub request_id: Option<String>,
    /// The entry of this console's journal that made it; none for a change that was made elsewhere.
    #[ts(optional = nullable)]
    pub journal_entry: Option<String>,
}

impl ChangeEvent {
    /// Reads a record. `id` and `at` are what `LookupEvents` says of it beside the record.
    #[must_use]
    pub fn read(context: &str, id: &str, at: &str, record: &str) -> Self {
        let record: Value = serde_json::from_str(record).unwrap_or(Value::Null);
        let text = |name: &str| record[name].as_str().unwrap_or_default();
        let (source, name) = (text("eventSource"), text("eventName"));
        let who = identity::who(&record["userIdentity"]);
        let parameters = &record["requestParameters"];
        let patches = words::patches(parameters);
        let code = record["errorCode"].as_str();
        let outcome = match code {
            None => EventOutcome::Succeeded,
            Some(code) if code.contains("AccessDenied") || code.contains("Unauthorized") => EventOutcome::Denied,
            Some(_) => EventOutcome::Failed,
        };
        let error = code.map(|code| match record["errorMessage"].as_str() {
            Some(message) => format!("{code}: {message}"),
            None => code.to_owned(),
        });
        let named = |names: &[&str]| words::member(parameters, names).map(str::to_owned);
        let user_agent = text("userAgent");
        Self {
            id: id.to_owned(),
            context: context.to_owned(),
            at: at.to_owned(),
            what: if record.is_null() {
                "An event whose record cannot be read".to_owned()
            } else {
                let what = words::what(source, name, parameters, &patches);
                // A sentence that stands alone must not say that it was done.
                match outcome {
                    EventOutcome::Succeeded => what,
                    EventOutcome::Denied => format!("Denied, not done: {}", small(&what)),
                    EventOutcome::Failed => format!("Failed, not done: {}", small(&what)),
                }
            },
            source: source.to_owned(),
            name: name.to_owned(),
            root: who.root,
            who: who.words,
            principal: who.principal,
            source_ip: text("sourceIPAddress").to_owned(),
            client: identity::client(user_agent, text("sourceIPAddress"), &record),
            user_agent: user_agent.to_owned(),
            api_id: named(&["restApiId", "apiId"]),
            stage: named(&["stageName"]),
            patches,
            outcome,
            error,
            read_only: is_read(&record, name),
            request_id: record["requestID"].as_str().map(str::to_owned),
            journal_entry: None,
        }
    }
}

/// `readOnly` is a member of new records; of old ones the verb tells.
fn is_read(record: &Value, name: &str) -> bool {
    let by_verb = ["Get", "List", "Describe", "Lookup", "Export", "Test", "Check", "BatchGet"];
    record["readOnly"].as_bool().unwrap_or_else(|| by_verb.iter().any(|verb| name.starts_with(verb)))
}

/// The record for a person to look at: values of API keys, of stage variables and of tokens taken out, whether AWS hid
/// them or not.
#[must_use]
pub fn shown_record(record: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(record) else { return cut_before_secrets(record) };
    redact(&mut value);
    serde_json::to_string_pretty(&value).unwrap_or_else(|_| record.to_owned())
}

/// A record that is not whole cannot be searched member by member: it is shown as far as no member whose value may be
/// secret has begun.
fn cut_before_secrets(record: &str) -> String {
    let folded = record.to_ascii_lowercase();
    let secret = ["\"value\"", "variables\"", "stagevariableoverrides\"", "token\"", "variables/", "\"/variables"];
    match secret.iter().filter_map(|name| folded.find(name)).min() {
        Some(at) => format!("{}… [the record is not whole, and what follows may be secret]", &record[..at]),
        None => record.to_owned(),
    }
}

fn redact(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(redact),
        Value::Object(members) => {
            let is_patch = members.contains_key("op");
            let of_variable = members.get("path").and_then(Value::as_str).is_some_and(words::is_variable);
            for (name, member) in members {
                let hidden = match name.as_str() {
                    "value" => !is_patch || of_variable,
                    "variables" | "stageVariables" | "stageVariableOverrides" => true,
                    name => name.to_lowercase().contains("token") && member.is_string(),
                };
                match member {
                    Value::String(text) if hidden => "[redacted]".clone_into(text),
                    Value::Object(inner) if hidden => {
                        inner.values_mut().for_each(|value| *value = Value::from("[redacted]"));
                    }
                    member => redact(member),
                }
            }
        }
        _ => {}
    }
}

/// Says of every patch what the value was before, where an earlier event of the same target set it. Newest first in, and
/// newest first out.
pub fn tell_befores(events: &mut [ChangeEvent]) {
    let mut last = std::collections::HashMap::<(String, String, String, String), Option<String>>::new();
    for event in events.iter_mut().rev() {
        if event.outcome != EventOutcome::Succeeded {
            continue;
        }
        let (Some(api), Some(stage)) = (&event.api_id, &event.stage) else { continue };
        if event.name == "DeleteStage" {
            // What is made under the name afterwards has nothing of it.
            last.retain(|(context, of_api, of_stage, _), _| {
                (context, of_api, of_stage) != (&event.context, api, stage)
            });
        }
        for patch in &mut event.patches {
            let key = (event.context.clone(), api.clone(), stage.clone(), patch.path.clone());
            // What a copy left there is not known.
            let left = patch.after.clone().filter(|_| patch.op != "copy");
            patch.before = last.insert(key, left).flatten();
        }
        if let Some(first) = event.patches.first() {
            event.what = with_direction(&event.what, first);
        }
    }
}

/// `Set the rate limit … to 10` -> `Lowered the rate limit … from 50 to 10`, where both are numbers.
fn with_direction(what: &str, patch: &EventPatch) -> String {
    let number = |text: &Option<String>| text.as_ref()?.parse::<f64>().ok();
    let (Some(before), Some(after)) = (&patch.before, &patch.after) else { return what.to_owned() };
    let (Some(was), Some(is)) = (number(&patch.before), number(&patch.after)) else { return what.to_owned() };
    let verb = if is < was {
        "Lowered"
    } else if is > was {
        "Raised"
    } else {
        return what.to_owned();
    };
    match what.strip_prefix(&format!("Set {} to {after}", patch.label)) {
        Some(rest) => format!("{verb} {} from {before} to {after}{rest}", patch.label),
        None => what.to_owned(),
    }
}

fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
