//! What a control found.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::control::{Scope, Severity};
use crate::audience::AudienceDecision;

/// What a control says of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It does not hold.
    Fail,
    /// The evidence could not be read: neither good nor bad news.
    Unknown,
    /// It holds.
    Pass,
    /// There is nothing to judge.
    NotApplicable,
}

impl Verdict {
    /// Every one, in order of urgency.
    pub const ALL: &'static [Self] = &[Self::Fail, Self::Unknown, Self::Pass, Self::NotApplicable];

    /// The name on the wire: `not-applicable`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// Where something was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// `apigateway:GetStages`.
    pub call: String,
    /// Which answer of several: page, deployment, plan; empty for the only one.
    pub of: String,
    /// JSON pointer (RFC 6901) into the answer.
    pub pointer: String,
    /// What stands there, as JSON, at most 300 characters; `not there` where nothing does.
    pub value: String,
    /// When it was read, RFC 3339.
    pub at: String,
}

/// What the finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// What it is.
    pub scope: Scope,
    /// AWS's id or name of it.
    pub id: String,
    /// For a person: `POST /v2/login`, `stage prod of storefront`.
    pub label: String,
    /// Its ARN, where AWS has one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub arn: Option<String>,
}

/// The route that a finding names: the one it is about, or of many the one whose audience weighs most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NamedRoute {
    /// [`crate::route::Route::id`].
    pub id: String,
    /// `POST`.
    pub method: String,
    /// `/v2/login`.
    pub path: String,
    /// How many routes it concerns, this one among them.
    pub count: u32,
    /// The first twenty of them, `METHOD /path`, in order of weight.
    pub others: Vec<String>,
}

/// An exception: somebody accepts a finding for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingException {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Until when, a day (`2026-06-30`); from the next day on it counts again.
    pub expires: String,
    /// Who entered it.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}

/// A change that this console can plan to put a finding right; its numbers are a beginning that a person may change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum SuggestedChange {
    /// `throttle_set` for the finding's route.
    RouteLimit {
        /// Requests per second.
        #[ts(optional = nullable)]
        rate: Option<f64>,
        /// Requests at once.
        #[ts(optional = nullable)]
        burst: Option<i32>,
    },
    /// `throttle_set` for every route of the finding's stage without a limit of its own.
    StageLimit {
        /// Requests per second.
        #[ts(optional = nullable)]
        rate: Option<f64>,
        /// Requests at once.
        #[ts(optional = nullable)]
        burst: Option<i32>,
    },
    /// `throttle_set` for each key of the usage plan that the finding is about.
    PlanLimit,
    /// `canary_rollback` of the finding's stage.
    CanaryRollback,
}

/// How a finding stands to the run before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Novelty {
    /// Not there in any run before.
    New,
    /// Was fixed once and is back.
    Returned,
    /// Was there in the last run.
    Known,
}

impl Novelty {
    /// The name on the wire: `returned`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Returned => "returned",
            Self::Known => "known",
        }
    }
}

/// A verdict with everything that a person needs to believe it and to act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Stable over runs: control and resource.
    pub id: String,
    /// The control's id.
    pub control: String,
    /// The control's title.
    pub title: String,
    /// What it says.
    pub verdict: Verdict,
    /// How bad it is for this audience.
    pub severity: Severity,
    /// The context's label.
    pub context: String,
    /// Twelve digits.
    pub account: String,
    /// Region.
    pub region: String,
    /// What it is about.
    pub resource: Resource,
    /// API id, where there is one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub api_id: Option<String>,
    /// API name.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub api_name: Option<String>,
    /// Stage.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub stage: Option<String>,
    /// The route; `None` only where no route is concerned (a key that opens nothing).
    #[serde(default)]
    #[ts(optional = nullable)]
    pub route: Option<NamedRoute>,
    /// Whose the route is, with what decided it.
    pub audience: AudienceDecision,
    /// What should be, a sentence without a full stop.
    pub expected: String,
    /// What is.
    pub actual: String,
    /// Where that was read.
    pub evidence: Vec<Evidence>,
    /// Commands that put it right.
    pub commands: Vec<String>,
    /// The same as a change of this console, where it can make it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub change: Option<SuggestedChange>,
    /// Who accepts it, if somebody does.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub exception: Option<FindingException>,
    /// Whether the exception is over.
    #[serde(default)]
    pub exception_expired: bool,
    /// How it stands to the run before; `None` before any run was kept, and for what is no failure.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub novelty: Option<Novelty>,
    /// In which run it was first seen, RFC 3339.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub first_seen: Option<String>,
}

impl Finding {
    /// Whether it counts: a failure that nobody accepts at this time.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.verdict == Verdict::Fail && (self.exception.is_none() || self.exception_expired)
    }
}
