//! What is left of a quota that two keys used, so that a tenant neither loses nor doubles it.
//!
//! Quotas count by key (developer guide, "Usage plans and API keys"): while both keys of a rotation work, each has what was
//! left, together twice that. One key would have what is left of the old one less what the new one used: that holds
//! whenever it is worked out, in the period of the rotation and in every later one.

use jiff::civil::Date;

use crate::tenants::{Ledger, QuotaStanding, UsagePlan, standing};

/// How a key stands in a plan with a quota; `None` when the plan's usage could not be read.
#[must_use]
pub fn quota_left(ledger: &Ledger, plan: &UsagePlan, key: &str, today: Date) -> Option<QuotaStanding> {
    ledger.usage.get(&plan.id)?;
    Some(standing(plan.quota, Some(ledger.days(&plan.id, key)), true, today, 0.0))
}

/// What the tenant would have left with one key; `None` for a plan without a quota. Best effort, as AWS's numbers are.
#[must_use]
pub fn left_of_both(old: &QuotaStanding, new: &QuotaStanding) -> Option<i64> {
    old.remaining.map(|left| left.saturating_sub(new.used).max(0))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        tenants::{DayUse, Quota, QuotaPeriod},
        throttle::Limit,
    };

    fn ledger(old: (i64, i64), new: (i64, i64)) -> (Ledger, UsagePlan) {
        let plan = UsagePlan {
            id: "p".to_owned(),
            name: "small".to_owned(),
            description: String::new(),
            throttle: Limit::default(),
            quota: Some(Quota::of(10_000, QuotaPeriod::Month)),
            stages: Vec::new(),
            keys: None,
        };
        let day = |(used, remaining)| vec![DayUse { day: date(2026, 3, 2), used, remaining: Some(remaining) }];
        let usage = BTreeMap::from([("old".to_owned(), day(old)), ("new".to_owned(), day(new))]);
        (Ledger { usage: BTreeMap::from([("p".to_owned(), usage)]), ..Ledger::default() }, plan)
    }

    proptest! {
        #[test]
        fn a_tenant_with_two_keys_has_what_one_key_would_have_left(before in 0..5_000_i64, old in 0..3_000_i64, new in 0..3_000_i64) {
            // `before` on the old key, then both work with what was left.
            let carried = 10_000 - before;
            let (ledger, plan) = ledger((before + old, carried - old), (new, carried - new));
            let today = date(2026, 3, 2);
            let both = quota_left(&ledger, &plan, "old", today).zip(quota_left(&ledger, &plan, "new", today));
            let (old_key, new_key) = both.unwrap();
            prop_assert_eq!(left_of_both(&old_key, &new_key), Some((10_000 - before - old - new).max(0)));
        }
    }

    #[test]
    fn usage_that_was_not_read_is_not_a_whole_quota() {
        let (_, plan) = ledger((0, 0), (0, 0));
        assert_eq!(quota_left(&Ledger::default(), &plan, "old", date(2026, 3, 2)), None);
    }
}
