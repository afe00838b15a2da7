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

/// The latest stretch between `since` and the end of what is covered that is not covered.
#[must_use]
pub fn newest_hole(covered: &[Interval], since: Timestamp) -> Option<Interval> {
    let covered = merged(covered.to_vec());
    let between = covered.windows(2).rev().map(|pair| Interval { from: pair[0].to, to: pair[1].from });
    let before = covered.first().map(|first| Interval { from: since, to: first.from });
    between.chain(before).map(|hole| Interval { from: hole.from.max(since), ..hole }).find(|hole| hole.from < hole.to)
}

/// What of the time from `since` to `until` is not covered, oldest first.
#[must_use]
pub fn holes(covered: &[Interval], since: Timestamp, until: Timestamp) -> Vec<Interval> {
    let (mut holes, mut from) = (Vec::new(), since);
    for known in merged(covered.to_vec()) {
        if known.from > from && from < until {
            holes.push(Interval { from, to: known.from.min(until) });
        }
        from = from.max(known.to);
    }
    if from < until {
        holes.push(Interval { from, to: until });
    }
    holes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_newest_hole_comes_first_and_none_before_the_beginning() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let of = |from, to| Interval { from: at(from), to: at(to) };
        assert_eq!(newest_hole(&[of(10, 20), of(30, 40), of(50, 60)], at(0)), Some(of(40, 50)));
        assert_eq!(newest_hole(&[of(10, 20), of(20, 60)], at(0)), Some(of(0, 10)));
        assert_eq!(newest_hole(&[of(10, 60)], at(10)), None);
        assert_eq!(newest_hole(&[of(10, 20), of(30, 40)], at(35)), None);
        assert_eq!(newest_hole(&[], at(0)), None, "nothing is known of what is covered");
    }

    #[test]
    fn what_is_asked_for_and_not_covered_is_told() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let of = |from, to| Interval { from: at(from), to: at(to) };
        assert_eq!(holes(&[of(10, 20), of(30, 40)], at(0), at(50)), [of(0, 10), of(20, 30), of(40, 50)]);
        assert_eq!(holes(&[of(10, 20), of(30, 40)], at(12), at(35)), [of(20, 30)]);
        assert_eq!(holes(&[of(0, 90)], at(10), at(50)), []);
        assert_eq!(holes(&[of(60, 90)], at(10), at(50)), [of(10, 50)]);
        assert_eq!(holes(&[], at(10), at(50)), [of(10, 50)]);
    }

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
