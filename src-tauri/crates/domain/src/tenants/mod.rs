//! Tenants: API keys and whom they belong to, how much of their quota is used, and when it will run out.
//!
//! Quota and throttle of a usage plan hold for each key by itself, over all stages of the plan (developer guide, "Usage
//! plans and API keys"). `GetUsage` gives one pair of used and remaining per key and day and lags by up to 40 minutes;
//! AWS enforces both on a best-effort basis. Deliberately not here: key values. No type of this module has room for one.

mod board;
mod mapping;
mod mapping_file;
mod plan_findings;
mod quota;
mod refusal;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::throttle::Limit;

pub use board::{BoardQuery, BoardRow, BoardSort, board, matching};
pub use mapping::{CsvRow, MappingFileError, MappingRule, TenantMapping, TenantName};
pub use mapping_file::{MAPPING_EXAMPLE, MappingFile};
pub use plan_findings::{PlanFinding, PlanFindingKind, PlanMethods, findings_of_plan, keys_in_no_plan};
pub use quota::{QuotaStanding, QuotaState, period_begin, resets_on, standing};
pub use refusal::{KeyAtRoute, refusal_sentences};

/// An API key as everything but revealing knows it: without its value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    /// Id; not the value.
    pub id: String,
    /// Name; may be empty, and need not be unique.
    pub name: String,
    /// Free text.
    pub description: String,
    /// The customer in another system (AWS Marketplace or the organisation's own); may be empty.
    pub customer_id: String,
    /// Whether API Gateway accepts it.
    pub enabled: bool,
    /// Seconds since the epoch; 0 where AWS gave none.
    pub created_at: i64,
    /// When it was last changed, enabled or disabled; seconds since the epoch, 0 where AWS gave none.
    pub updated_at: i64,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// The period that a quota is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum QuotaPeriod {
    /// A day, UTC.
    Day,
    /// A week; AWS's documentation does not say where it begins, Sunday is what is assumed.
    Week,
    /// A calendar month.
    Month,
}

/// Requests per period, for each key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Quota {
    /// Requests; 0 refuses everything.
    #[ts(type = "number")]
    pub limit: i64,
    /// Per what.
    pub period: QuotaPeriod,
    /// Requests that the first period of a key allows less, 0 for none (API reference, `QuotaSettings`). What AWS says is
    /// left counts it already; where AWS says nothing yet, the whole limit is what is told.
    #[serde(default)]
    #[ts(type = "number")]
    pub offset: i64,
}

impl Quota {
    /// So many requests in every period.
    #[must_use]
    pub const fn of(limit: i64, period: QuotaPeriod) -> Self {
        Self { limit, period, offset: 0 }
    }
}

/// A stage that a plan opens.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanStage {
    /// API.
    pub api_id: String,
    /// Stage.
    pub stage: String,
    /// Limits of single methods, by `GET /pets`.
    pub methods: BTreeMap<String, Limit>,
}

/// A usage plan.
#[derive(Debug, Clone, PartialEq)]
pub struct UsagePlan {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// For each key.
    pub throttle: Limit,
    /// For each key; `None` when the plan has none.
    pub quota: Option<Quota>,
    /// What it opens.
    pub stages: Vec<PlanStage>,
    /// Ids of its keys; `None` when they could not be read.
    pub keys: Option<Vec<String>>,
}

/// What a key used on one day, as `GetUsage` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DayUse {
    /// The day, UTC.
    #[ts(type = "string")]
    pub day: Date,
    /// Requests.
    #[ts(type = "number")]
    pub used: i64,
    /// What AWS says is left of the period after that day; best effort, extensions included.
    #[ts(optional = nullable, type = "number")]
    pub remaining: Option<i64>,
}

/// Everything about the keys and plans of one account and region.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// The context's label.
    pub context: String,
    /// Keys; `None` when they could not be listed (a role that may read usage but no keys).
    pub keys: Option<Vec<Key>>,
    /// Plans; `None` when they could not be listed.
    pub plans: Option<Vec<UsagePlan>>,
    /// Days, oldest first, by plan id and key id. A plan that is absent could not be read.
    pub usage: BTreeMap<String, BTreeMap<String, Vec<DayUse>>>,
}

impl Ledger {
    /// A key.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&Key> {
        self.keys.as_deref()?.iter().find(|key| key.id == id)
    }

    /// A plan.
    #[must_use]
    pub fn plan(&self, id: &str) -> Option<&UsagePlan> {
        self.plans.as_deref()?.iter().find(|plan| plan.id == id)
    }

    /// The plans that a key is in.
    pub fn plans_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a UsagePlan> + use<'a> {
        let plans = self.plans.as_deref().unwrap_or_default().iter();
        plans.filter(move |plan| plan.keys.as_deref().is_some_and(|keys| keys.iter().any(|id| id == key)))
    }

    /// What a key used of a plan, day by day, oldest first.
    #[must_use]
    pub fn days(&self, plan: &str, key: &str) -> &[DayUse] {
        self.usage.get(plan).and_then(|keys| keys.get(key)).map_or(&[], Vec::as_slice)
    }
}
