//! A plan: everything that a change will do, before it does it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AwsCall, PlanGuard};
use crate::{audience::Audience, route_class::RouteClass};

/// What is changed: the unit that is read before, compared, written and read back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PlanTarget {
    /// A stage of a REST API.
    RestStage {
        /// The context's label.
        context: String,
        /// API.
        api_id: String,
        /// Its name, for people.
        api_name: String,
        /// Stage.
        stage: String,
    },
    /// A stage of an HTTP or WebSocket API.
    HttpStage {
        /// The context's label.
        context: String,
        /// API.
        api_id: String,
        /// Its name, for people.
        api_name: String,
        /// Stage.
        stage: String,
    },
    /// A usage plan.
    UsagePlan {
        /// The context's label.
        context: String,
        /// Plan.
        usage_plan_id: String,
        /// Its name, for people.
        plan_name: String,
    },
    /// A key's place in a usage plan, with what is left of its quota.
    PlanKey {
        /// The context's label.
        context: String,
        /// Plan.
        usage_plan_id: String,
        /// Its name, for people.
        plan_name: String,
        /// Key; never its value.
        key_id: String,
        /// Its name, for people.
        key_name: String,
    },
    /// An API key.
    ApiKey {
        /// The context's label.
        context: String,
        /// Key; never its value.
        key_id: String,
        /// Its name, for people.
        key_name: String,
    },
    /// An API key that is to be: it is known by its name and by whose place it takes.
    NewApiKey {
        /// The context's label.
        context: String,
        /// The name.
        key_name: String,
        /// The id of the key whose place it takes, as its tag says; names need not be unique.
        #[serde(default)]
        rotates: String,
    },
    /// The place in a usage plan of a key that the same change makes.
    NewPlanKey {
        /// The context's label.
        context: String,
        /// Plan.
        usage_plan_id: String,
        /// Its name, for people.
        plan_name: String,
        /// The new key's name.
        key_name: String,
        /// The id of the key whose place it takes.
        rotates: String,
    },
    /// A web ACL of AWS WAF.
    WebAcl {
        /// The context's label.
        context: String,
        /// ARN; it has scope, name and id.
        arn: String,
        /// Its name, for people.
        name: String,
    },
    /// A CloudWatch alarm, known by its name, whether it exists or not.
    Alarm {
        /// The context's label.
        context: String,
        /// The name.
        alarm_name: String,
    },
}

impl PlanTarget {
    /// The label of the context that the target is in.
    #[must_use]
    pub fn context(&self) -> &str {
        match self {
            Self::RestStage { context, .. }
            | Self::HttpStage { context, .. }
            | Self::UsagePlan { context, .. }
            | Self::PlanKey { context, .. }
            | Self::ApiKey { context, .. }
            | Self::NewApiKey { context, .. }
            | Self::WebAcl { context, .. }
            | Self::NewPlanKey { context, .. }
            | Self::Alarm { context, .. } => context,
        }
    }

    /// Names the thing itself, whoever's context it was reached from: two contexts of one account change one stage.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::RestStage { api_id, stage, .. } => format!("/restapis/{api_id}/stages/{stage}"),
            Self::HttpStage { api_id, stage, .. } => format!("/apis/{api_id}/stages/{stage}"),
            Self::UsagePlan { usage_plan_id, .. } => format!("/usageplans/{usage_plan_id}"),
            Self::PlanKey { usage_plan_id, key_id, .. } => format!("/usageplans/{usage_plan_id}/keys/{key_id}"),
            Self::ApiKey { key_id, .. } => format!("/apikeys/{key_id}"),
            Self::NewApiKey { key_name, rotates, .. } if rotates.is_empty() => format!("/apikeys?name={key_name}"),
            // Whatever its name: one key is replaced once.
            Self::NewApiKey { rotates, .. } => format!("/apikeys?rotates={rotates}"),
            Self::NewPlanKey { usage_plan_id, rotates, .. } => {
                format!("/usageplans/{usage_plan_id}/keys?rotates={rotates}")
            }
            Self::WebAcl { arn, .. } => arn.clone(),
            Self::Alarm { alarm_name, .. } => format!("alarm:{alarm_name}"),
        }
    }

    /// For a person: `stage prod of API storefront (a1b2c3)`, `usage plan clinics-small (u1v2w3)`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::RestStage { api_id, api_name, stage, .. } | Self::HttpStage { api_id, api_name, stage, .. } => {
                format!("stage {stage} of API {api_name} ({api_id})")
            }
            Self::UsagePlan { usage_plan_id, plan_name, .. } => format!("usage plan {plan_name} ({usage_plan_id})"),
            Self::PlanKey { plan_name, key_name, key_id, .. } => {
                format!("key {key_name} ({key_id}) in usage plan {plan_name}")
            }
            Self::ApiKey { key_name, key_id, .. } => format!("key {key_name} ({key_id})"),
            Self::NewApiKey { key_name, .. } => format!("new key {key_name}"),
            Self::WebAcl { name, .. } => format!("web ACL {name}"),
            Self::NewPlanKey { plan_name, key_name, .. } => format!("new key {key_name} in usage plan {plan_name}"),
            Self::Alarm { alarm_name, .. } => format!("alarm {alarm_name}"),
        }
    }
}

/// The live state of a target, as far as changes look at it: field name -> value. What a target's fields are is
/// decided where it is read; equal maps mean equal state.
pub type Fields = BTreeMap<String, serde_json::Value>;

/// One field's before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldChange {
    /// Index into [`Plan::targets`].
    pub target: usize,
    /// The field: `methodSettings/POST /login/rateLimit`.
    pub field: String,
    /// The same for a person: `POST /login: rate limit (requests per second)`.
    #[serde(default)]
    pub label: String,
    /// Live now; `None` when it is not set.
    #[ts(optional = nullable)]
    pub before: Option<serde_json::Value>,
    /// After; `None` when it will not be set.
    #[ts(optional = nullable)]
    pub after: Option<serde_json::Value>,
    /// Set by AWS as a consequence and not asked for (a first patch of one limit creates the whole entry).
    pub consequence: bool,
}

/// One call of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanStep {
    /// Index into [`Plan::targets`].
    pub target: usize,
    /// The call.
    pub call: AwsCall,
    /// The same as an `aws` command.
    pub command: String,
    /// The IAM action that it needs.
    pub iam_action: String,
    /// On this resource.
    pub resource_arn: String,
    /// The target's fields when this step is done.
    #[ts(type = "Record<string, unknown>")]
    pub fields_after: Fields,
}

/// What kind of warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WarningKind {
    /// Worth knowing.
    Note,
    /// Something becomes looser for an audience that should be tight.
    Loosens,
    /// The resource belongs to a template and will drift from it.
    Drifts,
    /// All traffic would be refused.
    Blocks,
    /// A route becomes reachable by more people: it opens, or loses an authorizer or its API-key requirement.
    Exposes,
    /// It takes back what somebody else did in the meantime.
    Overwrites,
}

impl WarningKind {
    /// Whether a person must say that it was read before the plan is applied.
    #[must_use]
    pub fn is_serious(self) -> bool {
        matches!(self, Self::Loosens | Self::Blocks)
    }

    /// Whether it is accepted by itself: a yes to the plan and its other warnings is not yet a yes to this.
    #[must_use]
    pub fn is_accepted_apart(self) -> bool {
        matches!(self, Self::Exposes | Self::Overwrites)
    }
}

/// A sentence to read before confirming.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// What kind.
    pub kind: WarningKind,
    /// The sentence.
    pub message: String,
}

/// A route whose behaviour the change touches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TouchedRoute {
    /// [`crate::route::Route::id`].
    pub route_id: String,
    /// `POST /login of storefront, prod`.
    pub label: String,
    /// For whom.
    pub audience: Audience,
    /// What it does.
    pub class: RouteClass,
    /// Requests in the last 24 hours, where the metric exists.
    #[ts(optional = nullable, type = "number")]
    pub requests_last_day: Option<u64>,
}

/// A tenant whose limits the change touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TouchedTenant {
    /// API key id; never its value.
    pub key_id: String,
    /// The key's name.
    pub name: String,
}

/// Everything that a change will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Name for applying it; made when the plan is.
    pub id: String,
    /// The operation that made it: `throttle_set`.
    pub operation: String,
    /// One sentence.
    pub title: String,
    /// What is changed.
    pub targets: Vec<PlanTarget>,
    /// Field by field; empty when there is nothing to do.
    pub changes: Vec<FieldChange>,
    /// The calls, in order.
    pub steps: Vec<PlanStep>,
    /// What to read first.
    pub warnings: Vec<Warning>,
    /// Routes that it touches.
    pub routes: Vec<TouchedRoute>,
    /// Tenants that it touches.
    pub tenants: Vec<TouchedTenant>,
    /// The journal's entry that this plan undoes, if it does.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub undoes: Option<String>,
    /// How it is undone, a sentence.
    pub undo: String,
    /// Prefixes of the fields that the plan depends on: only these are compared before and after.
    pub watched: Vec<String>,
    /// The live state of each target that the plan was made from, watched fields only.
    #[ts(type = "Record<string, unknown>[]")]
    pub fields_before: Vec<Fields>,
    /// SHA-256 over `fields_before`, hexadecimal.
    pub fingerprint: String,
    /// What must be so of things that the plan does not change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<PlanGuard>>")]
    pub guards: Vec<PlanGuard>,
    /// When it was made, RFC 3339.
    pub made_at: String,
}

impl Plan {
    /// Whether there is nothing to do: the live state is what was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What the plan expects a target to be when all is done.
    #[must_use]
    pub fn fields_expected(&self, target: usize) -> Option<&Fields> {
        let last = self.steps.iter().rev().find(|step| step.target == target).map(|step| &step.fields_after);
        last.or_else(|| self.fields_before.get(target))
    }
}
