//! Which stretches of time are covered: nothing is said about the others.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// From one moment to another, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Interval {
    /// RFC 3339.
    #[ts(type = "string")]
    pub from: Timestamp,
    /// RFC 3339.
    #[ts(type = "string")]
    pub to: Timestamp,
}

/// The same time in as few intervals as possible, oldest first.
#[must_use]
pub fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_by_key(|interval| (interval.from, interval.to));
    let mut merged: Vec<Interval> = Vec::new();
    for next in intervals {
        match merged.last_mut() {
            Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
            _ => merged.push(next),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_same_moments_are_covered(raw in prop::collection::vec((0_i64..100, 0_i64..20), 0..12), probe in 0_i64..130) {
            let at = |second| Timestamp::from_second(second).unwrap();
            let given: Vec<Interval> =
                raw.iter().map(|(from, length)| Interval { from: at(*from), to: at(from + length) }).collect();
            let result = merged(given.clone());
            let covers = |list: &[Interval]| list.iter().any(|one| one.from <= at(probe) && at(probe) <= one.to);
            prop_assert_eq!(covers(&given), covers(&result));
            prop_assert!(result.windows(2).all(|pair| pair[0].to < pair[1].from));
        }
    }
}
