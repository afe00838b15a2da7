//! How much of a quota is used, how fast, and when it will be gone.

use jiff::{
    ToSpan as _,
    civil::{Date, Weekday},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DayUse, Quota, QuotaPeriod};

/// How a key stands in a plan, worst first: the order of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaState {
    /// Nothing is left: requests get 429 `Limit Exceeded`.
    Over,
    /// 90 % or more.
    At90,
    /// 75 % or more.
    At75,
    /// Less.
    Fine,
    /// The plan has no quota: there is nothing to use up.
    NoQuota,
    /// Usage could not be read.
    Unknown,
    /// In no plan: it opens nothing that a plan guards.
    NoPlan,
    /// No request in the days that were read.
    Unused,
    /// The key is disabled: requests get 403.
    Disabled,
}

impl QuotaState {
    /// The name on the wire: `at90`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::At90 => "at90",
            Self::At75 => "at75",
            Self::Fine => "fine",
            Self::NoQuota => "no-quota",
            Self::Unknown => "unknown",
            Self::NoPlan => "no-plan",
            Self::Unused => "unused",
            Self::Disabled => "disabled",
        }
    }
}

/// Where a key stands in its quota's running period. Numbers are AWS's, best effort and up to 40 minutes old.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuotaStanding {
    /// In words.
    pub state: QuotaState,
    /// Requests of the running period; without a quota, of today.
    #[ts(type = "number")]
    pub used: i64,
    /// What the period allows, extensions included: used and remaining together.
    #[ts(optional = nullable, type = "number")]
    pub limit: Option<i64>,
    /// What AWS says is left; best effort.
    #[ts(optional = nullable, type = "number")]
    pub remaining: Option<i64>,
    /// Of the limit, 0 to 100; absent without a quota and for a quota of 0.
    #[ts(optional = nullable)]
    pub percent: Option<f64>,
    /// Requests per day: the median of the last seven whole days.
    #[ts(optional = nullable)]
    pub burn_per_day: Option<f64>,
    /// The day on which the quota will be gone at this pace; absent when it lasts until it is reset.
    #[ts(optional = nullable, type = "string")]
    pub exhausted_on: Option<Date>,
    /// The day on which AWS counts afresh.
    #[ts(optional = nullable, type = "string")]
    pub resets_on: Option<Date>,
    /// The last day with a request, of those that were read.
    #[ts(optional = nullable, type = "string")]
    pub last_used_on: Option<Date>,
}

/// The first day of the period that `day` is in.
#[must_use]
pub fn period_begin(period: QuotaPeriod, day: Date) -> Date {
    match period {
        QuotaPeriod::Day => day,
        QuotaPeriod::Week => day.saturating_sub(i64::from(day.weekday().since(Weekday::Sunday)).days()),
        QuotaPeriod::Month => day.first_of_month(),
    }
}

/// The first day of the next period.
#[must_use]
pub fn resets_on(period: QuotaPeriod, day: Date) -> Date {
    match period {
        QuotaPeriod::Day => day.saturating_add(1.day()),
        QuotaPeriod::Week => period_begin(period, day).saturating_add(7.days()),
        QuotaPeriod::Month => day.last_of_month().saturating_add(1.day()),
    }
}

/// Works it out. `days` are oldest first; `gone` is the part of today that is over, 0 to 1. A plan whose usage could not
/// be read has `days` `None`.
#[must_use]
pub fn standing(quota: Option<Quota>, days: Option<&[DayUse]>, enabled: bool, today: Date, gone: f64) -> QuotaStanding {
    let known = days.unwrap_or_default();
    let begin = quota.map_or(today, |quota| period_begin(quota.period, today));
    let used = known.iter().filter(|day| day.day >= begin && day.day <= today).map(|day| day.used).sum::<i64>();
    // AWS counts extensions in `remaining`; before the first request of a period there may be no pair to read.
    let told = known.iter().rev().find(|day| day.day >= begin && day.day <= today).and_then(|day| day.remaining);
    let remaining = quota.map(|quota| told.unwrap_or_else(|| quota.limit.saturating_sub(used)).max(0));
    let limit = remaining.map(|remaining| used.saturating_add(remaining));
    let percent = limit.filter(|limit| *limit > 0).map(|limit| float(used) / float(limit) * 100.0);
    let burn_per_day = burn(known, today);
    let resets = quota.map(|quota| resets_on(quota.period, today));
    let exhausted_on = remaining.zip(resets).and_then(|(left, resets)| exhaustion(known, left, today, gone, resets));
    let last_used_on = known.iter().rev().find(|day| day.used > 0).map(|day| day.day);
    let state = match (quota, percent) {
        _ if !enabled => QuotaState::Disabled,
        _ if days.is_none() => QuotaState::Unknown,
        (Some(_), _) if remaining == Some(0) => QuotaState::Over,
        _ if last_used_on.is_none() => QuotaState::Unused,
        (None, _) => QuotaState::NoQuota,
        (Some(_), Some(percent)) if percent >= 90.0 => QuotaState::At90,
        (Some(_), Some(percent)) if percent >= 75.0 => QuotaState::At75,
        (Some(_), _) => QuotaState::Fine,
    };
    QuotaStanding {
        state,
        used,
        limit,
        remaining,
        percent,
        burn_per_day,
        exhausted_on,
        resets_on: resets,
        last_used_on,
    }
}

/// The median of the last seven whole days.
fn burn(days: &[DayUse], today: Date) -> Option<f64> {
    let mut last: Vec<i64> = whole(days, today).rev().take(7).map(|day| day.used).collect();
    last.sort_unstable();
    let middle = last.len() / 2;
    match last.len() {
        0 => None,
        count if count % 2 == 1 => last.get(middle).map(|used| float(*used)),
        _ => last.get(middle - 1).zip(last.get(middle)).map(|(one, other)| float(one + other) / 2.0),
    }
}

fn whole(days: &[DayUse], today: Date) -> impl DoubleEndedIterator<Item = &DayUse> {
    days.iter().filter(move |day| day.day < today)
}

/// The weekday's part of an average day: 1 when there are less than two weeks to see a shape in.
fn shape(days: &[DayUse], today: Date, weekday: Weekday) -> f64 {
    let recent: Vec<&DayUse> = whole(days, today).rev().take(28).collect();
    let mean = |days: &[&&DayUse]| float(days.iter().map(|day| day.used).sum()) / float_of(days.len());
    let all: Vec<&&DayUse> = recent.iter().collect();
    let same: Vec<&&DayUse> = recent.iter().filter(|day| day.day.weekday() == weekday).collect();
    if recent.len() < 14 || same.is_empty() || mean(&all) <= 0.0 {
        return 1.0;
    }
    mean(&same) / mean(&all)
}

/// The day on which what is left will be used up, at the usual pace with the week's shape.
fn exhaustion(days: &[DayUse], left: i64, today: Date, gone: f64, resets: Date) -> Option<Date> {
    if left <= 0 {
        return Some(today);
    }
    let pace = burn(days, today)?;
    let used_today = days.iter().find(|day| day.day == today).map_or(0, |day| day.used);
    let mut left = float(left);
    let mut day = today;
    while day < resets {
        let expected = pace * shape(days, today, day.weekday());
        // Today's own pace counts where it is above the usual one: an attack does not wait for the median.
        let of_day = if day == today {
            let by_pace = if gone > 0.05 { float(used_today) / gone } else { 0.0 };
            (expected.max(by_pace) - float(used_today)).max(0.0)
        } else {
            expected
        };
        left -= of_day;
        if left <= 0.0 && of_day > 0.0 {
            return Some(day);
        }
        day = day.tomorrow().ok()?;
    }
    None
}

#[expect(clippy::cast_precision_loss, reason = "requests: far below 2^53")]
fn float(number: i64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "days: a few")]
fn float_of(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    /// A Monday.
    const TODAY: Date = date(2026, 3, 2);

    fn daily(limit: i64) -> Option<Quota> {
        Some(Quota::of(limit, QuotaPeriod::Day))
    }

    /// Days up to today; the last one is today's.
    fn days(used: &[i64], remaining: Option<i64>) -> Vec<DayUse> {
        let count = i64::try_from(used.len()).unwrap();
        let day = |(index, used): (usize, &i64)| DayUse {
            day: TODAY.saturating_sub((count - 1 - i64::try_from(index).unwrap()).days()),
            used: *used,
            remaining: None,
        };
        let mut made: Vec<DayUse> = used.iter().enumerate().map(day).collect();
        if let Some(last) = made.last_mut() {
            last.remaining = remaining;
        }
        made
    }

    #[test]
    fn states_by_what_is_left() {
        let week = [10, 10, 10, 10, 10, 10, 10];
        let with = |today: i64| [&week[..], &[today]].concat();
        let rows = [
            ("half", daily(100), Some(days(&with(50), Some(50))), true, QuotaState::Fine),
            ("three quarters", daily(100), Some(days(&with(75), Some(25))), true, QuotaState::At75),
            ("nine tenths", daily(100), Some(days(&with(90), Some(10))), true, QuotaState::At90),
            ("all", daily(100), Some(days(&with(100), Some(0))), true, QuotaState::Over),
            ("extended", daily(100), Some(days(&with(100), Some(100))), true, QuotaState::Fine),
            ("lowered", daily(5000), Some(days(&with(1), Some(0))), true, QuotaState::Over),
            (
                "the first period, 40 less",
                Some(Quota { offset: 40, ..Quota::of(100, QuotaPeriod::Day) }),
                Some(days(&with(50), Some(10))),
                true,
                QuotaState::At75,
            ),
            ("a quota of nothing", daily(0), Some(days(&[], None)), true, QuotaState::Over),
            ("never used", daily(100), Some(days(&[0, 0, 0], Some(100))), true, QuotaState::Unused),
            ("no quota", None, Some(days(&with(7), None)), true, QuotaState::NoQuota),
            ("disabled and over", daily(100), Some(days(&with(100), Some(0))), false, QuotaState::Disabled),
            ("not read", daily(100), None, true, QuotaState::Unknown),
        ];
        for (name, quota, days, enabled, state) in rows {
            let found = standing(quota, days.as_deref(), enabled, TODAY, 0.5);
            assert_eq!(found.state, state, "{name}: {found:?}");
        }
    }

    #[test]
    fn periods_begin_and_are_reset() {
        for (period, day, begin, reset) in [
            (QuotaPeriod::Day, date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 3)),
            (QuotaPeriod::Week, date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 8)),
            (QuotaPeriod::Week, date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 8)),
            (QuotaPeriod::Week, date(2026, 2, 28), date(2026, 2, 22), date(2026, 3, 1)),
            (QuotaPeriod::Month, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
            (QuotaPeriod::Month, date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1)),
        ] {
            assert_eq!((period_begin(period, day), resets_on(period, day)), (begin, reset), "{period:?} {day}");
        }
    }

    #[test]
    fn the_forecast_is_a_day_or_none_before_the_reset() {
        let month = Some(Quota::of(1_000_000, QuotaPeriod::Month));
        let usual = [1_000; 14];
        let of = |today: i64, left: i64| {
            standing(month, Some(&days(&[&usual[..], &[today]].concat(), Some(left))), true, TODAY, 0.5)
        };
        assert_eq!(of(1_000, 500).exhausted_on, Some(TODAY), "today's pace uses another thousand before midnight");
        assert_eq!(of(500, 1_500).exhausted_on, Some(date(2026, 3, 3)), "tomorrow");
        assert_eq!(of(500, 900_000).exhausted_on, None, "lasts until it is reset");
        assert_eq!(of(500, 0).exhausted_on, Some(TODAY), "gone");
        assert_eq!(of(500, 900_000).resets_on, Some(date(2026, 4, 1)));
    }

    #[test]
    fn one_wild_day_does_not_move_the_burn_but_a_weekend_has_its_shape() {
        let found = standing(daily(9_999), Some(&days(&[10, 10, 10, 5_000, 10, 10, 10, 3], None)), true, TODAY, 0.5);
        assert_eq!(found.burn_per_day, Some(10.0));
        // Four weeks that end yesterday, a Sunday: workdays 100, weekends 0.
        let weeks: Vec<i64> = (0..28).map(|day| if day % 7 < 5 { 100 } else { 0 }).collect();
        let used = days(&[&weeks[..], &[0]].concat(), None);
        assert!(shape(&used, TODAY, Weekday::Sunday) < 0.01);
        assert!(shape(&used, TODAY, Weekday::Monday) > 1.3);
    }

    proptest! {
        #[test]
        fn numbers_agree_with_each_other(
            used in proptest::collection::vec(0..10_000_i64, 0..40),
            limit in 0..100_000_i64,
            told in proptest::option::of(0..100_000_i64),
            kind in 0..3_usize,
            gone in 0.0..1.0_f64,
        ) {
            let period = [QuotaPeriod::Day, QuotaPeriod::Week, QuotaPeriod::Month][kind];
            let found = standing(Some(Quota::of(limit, period)), Some(&days(&used, told)), true, TODAY, gone);
            prop_assert_eq!(found.limit, found.remaining.map(|left| left + found.used));
            if let Some(percent) = found.percent {
                prop_assert!((0.0..=100.0).contains(&percent));
            }
            if let Some(day) = found.exhausted_on {
                prop_assert!(day >= TODAY && day < found.resets_on.unwrap());
            }
            prop_assert_eq!(found.state == QuotaState::Over, found.remaining == Some(0));
        }

        #[test]
        fn less_left_never_lasts_longer(left in 1..50_000_i64, less in 0..50_000_i64) {
            let month = Some(Quota::of(1_000_000, QuotaPeriod::Month));
            let of = |left: i64| {
                let used = days(&[700, 900, 1_000, 1_100, 800, 200, 100, 400], Some(left));
                standing(month, Some(&used), true, TODAY, 0.4).exhausted_on
            };
            let (more, fewer) = (of(left), of(left.min(less)));
            if let Some(day) = more {
                prop_assert!(fewer.is_some_and(|other| other <= day));
            }
        }
    }
}
