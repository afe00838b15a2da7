//! What could not be read. Missing data is never good news: a call that failed becomes a [`Gap`] that every
//! view shows and that makes the command line exit with 3.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a call brought nothing, in the few kinds that somebody acts on differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// The caller's policies do not allow it: ask for the permission.
    Denied,
    /// AWS kept refusing for rate: wait, or lower the budget.
    Throttled,
    /// Credentials are missing, expired or wrong: sign in again.
    Credentials,
    /// No answer: network, DNS, TLS, timeout.
    Unreachable,
    /// An answer that is not AWS's protocol (an HTML page of a proxy, say).
    NotAws,
    /// The endpoint does not know this operation (an emulator).
    NotImplemented,
    /// The thing was gone by the time that it was read.
    NotFound,
    /// The person stopped the reading.
    Cancelled,
    /// Any other refusal of AWS.
    Failed,
}

/// One call that did not bring its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The context's label ([`crate::context::ContextSpec::label`]).
    pub context: String,
    /// AWS's service prefix as in IAM: `apigateway`, `wafv2`, `sts`…
    pub service: String,
    /// The operation: `GetResources`.
    pub operation: String,
    /// What was being read, for a person: `stage prod of API storefront (a1b2c3d4e5)`.
    pub resource: String,
    /// Which kind of failure.
    pub kind: GapKind,
    /// AWS's error code, or ours where AWS gave none (`Timeout`, `NotJson`).
    pub code: String,
    /// A sentence: what failed, on which resource, what to do next.
    pub message: String,
    /// `x-amzn-requestid`, if an answer came.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub request_id: Option<String>,
}

/// Everything that is missing from an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Whether every call brought its data; `false` as soon as there is one gap.
    pub complete: bool,
    /// The calls that failed, in the order in which they did.
    pub gaps: Vec<Gap>,
}

impl Coverage {
    /// Coverage with these gaps; complete when there are none.
    #[must_use]
    pub fn of(gaps: Vec<Gap>) -> Self {
        Self { complete: gaps.is_empty(), gaps }
    }
}

/// How many calls were made, by `service:Operation` (`apigateway:GetResources`). Retries count: they cost
/// the account's budget too.
pub type CallCounts = BTreeMap<String, u32>;
