//! What a limit would have done to the traffic that really came: past requests per minute, sent through the
//! proposed token bucket.
//!
//! CloudWatch says how many requests a minute had and not when inside it they came, so one number would be a
//! guess. Two are exact: spread evenly over the minute, which refuses the fewest, and all within one second, which
//! refuses the most. The truth lies between. Each bucket starts full, as after a quiet time.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Seconds in a period of the `Count` metric that a replay is made from.
const PERIOD_SECONDS: f64 = 60.0;

/// Requests of one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MinuteCount {
    /// Start of the minute, seconds since the epoch.
    #[ts(type = "number")]
    pub minute: i64,
    /// Requests in it.
    #[ts(type = "number")]
    pub requests: u64,
}

/// What the limit would have done in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReplayedMinute {
    /// Start of the minute, seconds since the epoch.
    #[ts(type = "number")]
    pub minute: i64,
    /// Requests that came.
    #[ts(type = "number")]
    pub requests: u64,
    /// Refused if they came evenly: the least.
    pub refused_even: f64,
    /// Refused if they all came within a second: the most.
    pub refused_at_once: f64,
}

/// What the limit would have done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Replay {
    /// Minute by minute; minutes without requests are not in the list and have refilled the bucket.
    pub minutes: Vec<ReplayedMinute>,
    /// All requests.
    #[ts(type = "number")]
    pub requests: u64,
    /// Refused in total if requests came evenly.
    pub refused_even: f64,
    /// Refused in total if each minute's requests came within a second.
    pub refused_at_once: f64,
}

impl Replay {
    /// Share of requests refused, percent: `(least, most)`; `(0, 0)` when no request came.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
    pub fn percent(&self) -> (f64, f64) {
        if self.requests == 0 {
            return (0.0, 0.0);
        }
        let share = |refused: f64| refused / self.requests as f64 * 100.0;
        (share(self.refused_even), share(self.refused_at_once))
    }
}

/// Sends `traffic`, in order of time, through a bucket of `burst` requests that refills at `rate` requests per
/// second.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
pub fn replay(traffic: &[MinuteCount], rate: f64, burst: f64) -> Replay {
    let (mut even, mut at_once) = (Bucket::full(rate, burst), Bucket::full(rate, burst));
    let mut minutes = Vec::with_capacity(traffic.len());
    let mut before: Option<i64> = None;
    for count in traffic {
        if let Some(before) = before {
            let idle = (count.minute - before) as f64 - PERIOD_SECONDS;
            even.refill(idle.max(0.0));
            at_once.refill(idle.max(0.0));
        }
        before = Some(count.minute);
        let requests = count.requests as f64;
        let refused_even = even.take_evenly(requests, PERIOD_SECONDS);
        let refused_at_once = at_once.take_evenly(requests, 1.0);
        at_once.refill(PERIOD_SECONDS - 1.0);
        minutes.push(ReplayedMinute {
            minute: count.minute,
            requests: count.requests,
            refused_even,
            // Evenly over the minute is the least by definition; buckets that differ in level after a burst may
            // cross by a fraction of a request.
            refused_at_once: refused_at_once.max(refused_even),
        });
    }
    Replay {
        requests: traffic.iter().map(|count| count.requests).sum(),
        refused_even: minutes.iter().map(|minute| minute.refused_even).sum(),
        refused_at_once: minutes.iter().map(|minute| minute.refused_at_once).sum(),
        minutes,
    }
}

/// A token bucket in continuous time.
struct Bucket {
    rate: f64,
    burst: f64,
    level: f64,
}

impl Bucket {
    fn full(rate: f64, burst: f64) -> Self {
        Self { rate, burst, level: burst }
    }

    fn refill(&mut self, seconds: f64) {
        self.level = (self.level + self.rate * seconds).min(self.burst);
    }

    /// Takes `requests` spread evenly over `seconds`; answers how many are refused.
    fn take_evenly(&mut self, requests: f64, seconds: f64) -> f64 {
        let drain = requests / seconds - self.rate;
        if drain <= 0.0 {
            self.level = (self.level - drain * seconds).min(self.burst);
            return 0.0;
        }
        let lasts = self.level / drain;
        if lasts >= seconds {
            self.level -= drain * seconds;
            return 0.0;
        }
        self.level = 0.0;
        (drain * (seconds - lasts)).min(requests)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minutes(counts: &[u64]) -> Vec<MinuteCount> {
        (0..).zip(counts).map(|(at, &requests)| MinuteCount { minute: at * 60, requests }).collect()
    }

    #[test]
    fn bounds_are_what_a_person_works_out_by_hand() {
        // 600 requests in a minute are 10 a second. A limit of 5 with an empty-able bucket of 60 loses 300 - 60.
        let replayed = replay(&minutes(&[600]), 5.0, 60.0);
        assert!((replayed.refused_even - 240.0).abs() < 1e-9);
        // All in one second: the bucket's 60 and the 5 of that second pass.
        assert!((replayed.refused_at_once - 535.0).abs() < 1e-9);
    }

    #[test]
    fn a_quiet_minute_refills_the_bucket() {
        let busy_then_busy = replay(&minutes(&[660, 660]), 10.0, 60.0);
        let mut apart = minutes(&[660, 660]);
        apart[1].minute = 120;
        assert!((busy_then_busy.refused_even - 60.0).abs() < 1e-9, "60 extra a minute, 60 in the bucket");
        assert!(replay(&apart, 10.0, 60.0).refused_even.abs() < 1e-9);
    }

    #[test]
    fn zero_refuses_everything_and_plenty_refuses_nothing() {
        let traffic = minutes(&[10, 0, 3]);
        assert_eq!(replay(&traffic, 0.0, 0.0).percent(), (100.0, 100.0));
        assert_eq!(replay(&traffic, 0.0, 13.0).percent(), (0.0, 0.0));
        assert_eq!(replay(&[], 1.0, 1.0).percent(), (0.0, 0.0));
    }

    proptest! {
        #[test]
        fn refusals_stay_between_nothing_and_all_of_a_minute(
            counts in proptest::collection::vec(0_u64..100_000, 0..50),
            rate in 0.0..2_000.0_f64,
            burst in 0.0..5_000.0_f64,
        ) {
            for minute in replay(&minutes(&counts), rate, burst).minutes {
                prop_assert!(minute.refused_even >= 0.0);
                prop_assert!(minute.refused_even <= minute.refused_at_once + 1e-6);
                prop_assert!(minute.refused_at_once <= minute.requests as f64 + 1e-6);
            }
        }

        #[test]
        fn a_wider_limit_never_refuses_more(
            counts in proptest::collection::vec(0_u64..10_000, 0..50),
            rate in 0.0..200.0_f64,
            burst in 0.0..500.0_f64,
            more in 0.0..100.0_f64,
        ) {
            let (narrow, wide) = (replay(&minutes(&counts), rate, burst), replay(&minutes(&counts), rate + more, burst + more));
            prop_assert!(wide.refused_even <= narrow.refused_even + 1e-6);
            prop_assert!(wide.refused_at_once <= narrow.refused_at_once + 1e-6);
        }
    }
}
