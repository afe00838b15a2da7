//! Configuration changes as CloudTrail records them, made readable: who, what in a sentence, with which client, and how
//! it came out.
//!
//! A record is shown as far as it can be read. What is missing, cut off or newer than this program costs its own part of
//! the line and nothing else; the record itself stays beside it, without the values of API keys and stage variables.
//! Deliberately not here: asking CloudTrail or CloudTrail Lake, and keeping what they answer.

mod befores;
mod ci;
mod filter;
mod identity;
mod interval;
mod lake;
mod record;
mod words;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use befores::{Baseline, tell_befores};
pub use ci::CiPatterns;
pub use filter::{EventFacet, EventFacets, EventFilter, EventMaker, EventQuestion, facets};
pub use interval::{Interval, holes, merged, newest_hole};
pub use lake::{lake_event, lake_statement};
pub use record::shown_record;

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

/// What CloudTrail says of an event beside its record: all that is known of one whose record is cut off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventEnvelope {
    /// CloudTrail's id.
    pub id: String,
    /// RFC 3339.
    pub at: String,
    /// `apigateway.amazonaws.com`.
    pub source: String,
    /// `UpdateStage`.
    pub name: String,
    /// `Username`: of an assumed role the session's name.
    pub user: String,
    /// Twelve digits: whose account it was in.
    pub account: String,
    /// In which region.
    pub region: String,
    /// `Resources`: type (`AWS::ApiGateway::RestApi`) and name, which for API Gateway is the id.
    pub resources: Vec<(String, String)>,
}

/// A call that changed something, or tried to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeEvent {
    /// CloudTrail's id.
    pub id: String,
    /// The context's label.
    pub context: String,
    /// Twelve digits; empty where nothing tells.
    pub account: String,
    /// `eu-west-1`; empty where nothing tells.
    pub region: String,
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
    /// Its name, where the event has it or the inventory.
    #[ts(optional = nullable)]
    pub api_name: Option<String>,
    /// The stage, where one is named.
    #[ts(optional = nullable)]
    pub stage: Option<String>,
    /// The usage plan, where one is named.
    #[ts(optional = nullable)]
    pub usage_plan_id: Option<String>,
    /// What a patch set.
    pub patches: Vec<EventPatch>,
    /// How it came out.
    pub outcome: EventOutcome,
    /// AWS's code and message when it did not succeed.
    #[ts(optional = nullable)]
    pub error: Option<String>,
    /// Whether it only read.
    pub read_only: bool,
    /// Whether its record is all there: of one that is cut off, what stands in the rest is not known.
    pub whole: bool,
    /// AWS's request id.
    #[ts(optional = nullable)]
    pub request_id: Option<String>,
    /// The entry of this console's journal that made it; none for a change that was made elsewhere.
    #[ts(optional = nullable)]
    pub journal_entry: Option<String>,
}

impl ChangeEvent {
    /// Reads a record, as far as it is there; what it does not say, the envelope may.
    #[must_use]
    pub fn read(context: &str, envelope: &EventEnvelope, record: &str) -> Self {
        let (record, whole) = record::read(record);
        let text = |name: &str| record[name].as_str().unwrap_or_default();
        let or = |name: &str, other: &str| Some(text(name)).filter(|text| !text.is_empty()).unwrap_or(other).to_owned();
        let (source, name) = (or("eventSource", &envelope.source), or("eventName", &envelope.name));
        let who = identity::who(&record["userIdentity"], &envelope.user);
        let parameters = &record["requestParameters"];
        let patches = words::patches(&name, parameters);
        let place = words::Place::of(parameters, &envelope.resources);
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
        let user_agent = text("userAgent");
        let mut what = if !whole && name.is_empty() {
            "An event whose record cannot be read".to_owned()
        } else {
            let what = words::what(&source, &name, parameters, &patches, &place);
            // A sentence that stands alone must not say that it was done.
            match outcome {
                EventOutcome::Succeeded => what,
                EventOutcome::Denied => format!("Denied, not done: {}", small(&what)),
                EventOutcome::Failed => format!("Failed, not done: {}", small(&what)),
            }
        };
        if !whole && !name.is_empty() {
            what.push_str(" (its record is cut off)");
        }
        Self {
            id: envelope.id.clone(),
            context: context.to_owned(),
            account: or("recipientAccountId", &envelope.account),
            region: or("awsRegion", &envelope.region),
            at: envelope.at.clone(),
            what,
            read_only: is_read(&record, &name),
            source,
            name,
            root: who.root,
            who: who.words,
            principal: who.principal,
            source_ip: text("sourceIPAddress").to_owned(),
            client: identity::client(user_agent, text("sourceIPAddress"), &record),
            user_agent: user_agent.to_owned(),
            usage_plan_id: words::member(parameters, &["usagePlanId"]).map(str::to_owned),
            api_id: place.api_id,
            api_name: place.api_name,
            stage: place.stage,
            patches,
            outcome,
            error,
            whole,
            request_id: record["requestID"].as_str().map(str::to_owned),
            journal_entry: None,
        }
    }

    /// Whether it is a release: a deployment, a stage that was pointed at another one, or a canary's share.
    #[must_use]
    pub fn is_deployment(&self) -> bool {
        let releases = |path: &str| path == "/deploymentId" || path.starts_with("/canarySettings");
        match self.name.as_str() {
            "CreateDeployment" | "UpdateDeployment" => true,
            "UpdateStage" => !self.patches.is_empty() && self.patches.iter().all(|patch| releases(&patch.path)),
            _ => false,
        }
    }

    /// Whether what it changed is in force at once for whoever calls: not a draft, and not an alarm.
    #[must_use]
    pub fn acts_at_once(&self) -> bool {
        if self.source.starts_with("wafv2.") {
            return true;
        }
        let by_itself = [
            "Stage",
            "UsagePlan",
            "Usage",
            "ApiKey",
            "DomainName",
            "BasePathMapping",
            "ApiMapping",
            "Deployment",
            "RouteSettings",
            "ClientCertificate",
            "VpcLink",
            "UpdateAccount",
            "DeleteRestApi",
            "DeleteApi",
        ];
        self.source.starts_with("apigateway.") && by_itself.iter().any(|noun| self.name.contains(noun))
    }

    /// Whether it touched what production serves: at once, and on a stage or in a context that is called so.
    #[must_use]
    pub fn touches_production(&self) -> bool {
        let somewhere = match &self.stage {
            Some(stage) => is_production(stage),
            None => self.usage_plan_id.is_some() || self.source.starts_with("wafv2.") || is_production(&self.context),
        };
        self.acts_at_once() && somewhere
    }
}

/// Whether people call it production: a part of the name is `prod`, `production`, `prd` or `live`.
#[must_use]
pub fn is_production(name: &str) -> bool {
    name.split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|part| ["prod", "production", "prd", "live"].iter().any(|word| part.eq_ignore_ascii_case(word)))
}

/// `readOnly` is a member of new records; of old ones the verb tells.
fn is_read(record: &Value, name: &str) -> bool {
    let by_verb = ["Get", "List", "Describe", "Lookup", "Export", "Test", "Check", "BatchGet"];
    record["readOnly"].as_bool().unwrap_or_else(|| by_verb.iter().any(|verb| name.starts_with(verb)))
}

fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
