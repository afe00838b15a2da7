//! What one side of a release did.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What one side did in a span of time: counts, and latencies where they are known.
///
/// Counts and averages of the baseline are the stage's without the candidate's. A percentile cannot be taken out of
/// another (only counts can), so the percentiles of a baseline are those of the whole stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct CanarySample {
    /// Requests.
    #[ts(type = "number")]
    pub requests: u64,
    /// Answered with 4XX.
    #[ts(type = "number")]
    pub client_errors: u64,
    /// Answered with 5XX.
    #[ts(type = "number")]
    pub server_errors: u64,
    /// Average latency, ms, where it is known.
    #[ts(optional = nullable)]
    pub latency_average: Option<f64>,
    /// p50 latency, ms, where it is known.
    #[ts(optional = nullable)]
    pub latency_p50: Option<f64>,
    /// p90 latency, ms, where it is known.
    #[ts(optional = nullable)]
    pub latency_p90: Option<f64>,
    /// p99 latency, ms, where it is known.
    #[ts(optional = nullable)]
    pub latency_p99: Option<f64>,
}

impl CanarySample {
    /// Share of requests answered with 5XX, percent; 0 without requests.
    #[must_use]
    pub fn server_error_rate(&self) -> f64 {
        percent(self.server_errors, self.requests)
    }

    /// Share of requests answered with 4XX, percent; 0 without requests.
    #[must_use]
    pub fn client_error_rate(&self) -> f64 {
        percent(self.client_errors, self.requests)
    }

    /// The stage without this candidate, when the stage's series contain the candidate's. The percentiles stay the whole
    /// stage's.
    #[must_use]
    pub fn baseline_of(whole: &Self, candidate: &Self) -> Self {
        let requests = whole.requests.saturating_sub(candidate.requests);
        let average = match (whole.latency_average, candidate.latency_average) {
            (Some(all), Some(part)) if requests > 0 => {
                let rest = all * float(whole.requests) - part * float(candidate.requests);
                Some((rest / float(requests)).max(0.0))
            }
            (all, None) if candidate.requests == 0 => all,
            _ => None,
        };
        Self {
            requests,
            client_errors: whole.client_errors.saturating_sub(candidate.client_errors),
            server_errors: whole.server_errors.saturating_sub(candidate.server_errors),
            latency_average: average,
            ..*whole
        }
    }

    /// Several minutes together: sums, averages by requests, and of each percentile the median of the minutes', since the
    /// percentile of a whole cannot be had from its parts.
    #[must_use]
    pub fn total<'a>(minutes: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let mut sum = Self::default();
        let (mut milliseconds, mut timed) = (0.0, 0_u64);
        for minute in minutes.clone() {
            sum.requests += minute.requests;
            sum.client_errors += minute.client_errors;
            sum.server_errors += minute.server_errors;
            if let Some(average) = minute.latency_average {
                milliseconds += average * float(minute.requests);
                timed += minute.requests;
            }
        }
        sum.latency_average = (timed > 0).then(|| milliseconds / float(timed));
        sum.latency_p50 = median(minutes.clone().filter_map(|minute| minute.latency_p50));
        sum.latency_p90 = median(minutes.clone().filter_map(|minute| minute.latency_p90));
        sum.latency_p99 = median(minutes.filter_map(|minute| minute.latency_p99));
        sum
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

pub(super) fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) * 100.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_averages_are_taken_apart_and_percentiles_are_not() {
        let whole = CanarySample {
            requests: 100,
            client_errors: 9,
            server_errors: 5,
            latency_average: Some(100.0),
            latency_p50: Some(80.0),
            latency_p90: Some(150.0),
            latency_p99: Some(300.0),
        };
        let candidate = CanarySample {
            requests: 10,
            client_errors: 1,
            server_errors: 5,
            latency_average: Some(190.0),
            latency_p99: Some(900.0),
            ..CanarySample::default()
        };
        let baseline = CanarySample::baseline_of(&whole, &candidate);
        assert_eq!((baseline.requests, baseline.client_errors, baseline.server_errors), (90, 8, 0));
        assert!((baseline.latency_average.unwrap() - 90.0).abs() < 1e-9);
        assert_eq!(baseline.latency_p99, Some(300.0), "the whole stage's");
        let untimed = CanarySample { latency_average: None, ..candidate };
        assert_eq!(CanarySample::baseline_of(&whole, &untimed).latency_average, None, "not known, not guessed");
    }

    #[test]
    fn a_total_weighs_averages_by_requests() {
        let minute = |requests, average, p90| CanarySample {
            requests,
            latency_average: average,
            latency_p90: p90,
            ..CanarySample::default()
        };
        let minutes =
            [minute(90, Some(100.0), Some(10.0)), minute(10, Some(200.0), Some(90.0)), minute(5, None, Some(20.0))];
        let total = CanarySample::total(minutes.iter());
        assert_eq!(total.requests, 105);
        assert!((total.latency_average.unwrap() - 110.0).abs() < 1e-9);
        assert_eq!(total.latency_p90, Some(20.0));
        assert_eq!(total.latency_p99, None);
    }
}
