//! When a key was last used, as far as `GetUsage` tells: by the day, for keys in plans, up to 40 minutes late.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::tenants::{Ledger, UsagePlan};

/// The answer, or that there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LastUse {
    /// The last day with a request, UTC.
    Day {
        /// The day.
        #[ts(type = "string")]
        day: Date,
    },
    /// No request on any of the days that were read.
    Never,
    /// The key is in no plan, so AWS counts nothing, and it opens nothing that a plan guards.
    NoPlan,
    /// Usage could not be read: no news is not good news.
    Unknown {
        /// Names of the plans without numbers; empty when not even the plans could be read.
        plans: Vec<String>,
    },
}

impl LastUse {
    /// Whether the key was used on `since` or later; `None` when that is not known.
    #[must_use]
    pub fn is_since(&self, since: Date) -> Option<bool> {
        match self {
            Self::Day { day } => Some(*day >= since),
            Self::Never | Self::NoPlan => Some(false),
            Self::Unknown { .. } => None,
        }
    }
}

/// Looks through the usage of `key` in `plans`, which are all the plans that it is in; `None` when they could not be read.
#[must_use]
pub fn last_use(ledger: &Ledger, plans: Option<&[&UsagePlan]>, key: &str) -> LastUse {
    let Some(plans) = plans else { return LastUse::Unknown { plans: Vec::new() } };
    if plans.is_empty() {
        return LastUse::NoPlan;
    }
    let unread: Vec<String> =
        plans.iter().filter(|plan| !ledger.usage.contains_key(&plan.id)).map(|plan| plan.name.clone()).collect();
    if !unread.is_empty() {
        return LastUse::Unknown { plans: unread };
    }
    let days = plans.iter().flat_map(|plan| ledger.days(&plan.id, key)).filter(|day| day.used > 0);
    days.map(|day| day.day).max().map_or(LastUse::Never, |day| LastUse::Day { day })
}
