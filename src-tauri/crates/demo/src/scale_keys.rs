//! The API keys of a large account: who holds them, in which plan, what they used. The same for the same seed.

use rand::{RngExt as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

/// A usage plan of a large account: name, rate, burst, requests a day. The keys are spread over them by their weight, the
/// last member.
pub(crate) const PLANS: [(&str, f64, u32, i64, u32); 3] = [
    ("practices-small", 5.0, 10, 5_000, 80),
    ("practices-large", 50.0, 100, 50_000, 18),
    ("practices-enterprise", 500.0, 1_000, 500_000, 2),
];

const KINDS: &[&str] = &["Practice", "Clinic", "Pharmacy", "Laboratory", "Hospital", "Surgery", "Dentist", "Insurer"];
const PLACES: &[&str] = &[
    "North", "South", "Harbour", "Market", "Station", "Park", "Castle", "River", "Mill", "Garden", "Bridge", "Tower",
    "Forest", "Hill", "Lake", "Church",
];

/// A planned key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedKey {
    /// No two are the same.
    pub(crate) name: String,
    pub(crate) customer: String,
    /// Index into [`PLANS`].
    pub(crate) plan: usize,
    pub(crate) enabled: bool,
    /// Age in days, 1 to 700.
    pub(crate) age_days: i64,
    /// Requests of the last days, today first; none for a key that was never used.
    pub(crate) used: Vec<i64>,
}

/// Exactly `count` keys, repeatable under `seed`.
pub(crate) fn plan(count: usize, seed: u64) -> Vec<PlannedKey> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|index| planned(index, &mut random)).collect()
}

fn planned(index: usize, random: &mut ChaCha8Rng) -> PlannedKey {
    let kind = KINDS.choose(random).unwrap_or(&"Practice");
    let place = PLACES.choose(random).unwrap_or(&"North");
    let mut dice = random.random_range(0..100);
    let plan = PLANS.iter().position(|(.., weight)| {
        let here = dice < *weight;
        dice = dice.saturating_sub(*weight);
        here
    });
    let plan = plan.unwrap_or(0);
    let limit = PLANS.get(plan).map_or(0, |(_, _, _, limit, _)| *limit);
    // Of a hundred: three never used, two over, three near the limit, two disabled; the rest uses less than two thirds.
    let fate = random.random_range(0..100);
    let today = match fate {
        0..=2 => None,
        3 | 4 => Some(limit),
        5..=7 => Some(random.random_range(limit * 76 / 100..limit * 99 / 100)),
        _ => Some(random.random_range(limit / 100..limit * 2 / 3)),
    };
    let used = today.map(|today| {
        let before = (1..7).map(|_| random.random_range(limit / 100..limit * 2 / 3)).collect::<Vec<_>>();
        std::iter::once(today).chain(before).collect()
    });
    PlannedKey {
        name: format!("{kind} {place} {index:05}"),
        customer: format!("customer-{index:05}"),
        plan,
        enabled: !matches!(fate, 8 | 9),
        age_days: random.random_range(1..=700),
        used: used.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_are_as_many_as_asked_for_of_every_fate_and_repeat() {
        let keys = plan(2_000, 1);
        assert_eq!(keys.iter().map(|key| &key.name).collect::<HashSet<_>>().len(), 2_000);
        assert_eq!(keys.iter().map(|key| key.plan).collect::<HashSet<_>>().len(), PLANS.len());
        let limit = |key: &PlannedKey| PLANS[key.plan].3;
        assert!(keys.iter().any(|key| key.used.first() == Some(&limit(key))), "somebody is over");
        assert!(keys.iter().any(|key| key.used.is_empty()) && keys.iter().any(|key| !key.enabled));
        assert_eq!(keys, plan(2_000, 1));
        assert_ne!(keys, plan(2_000, 2));
    }
}
