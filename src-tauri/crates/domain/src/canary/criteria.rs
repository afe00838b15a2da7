//! What a candidate is held to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a candidate is held to: absolute ceilings, and the comparison with the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryCriteria {
    /// The candidate's requests below which there is no verdict.
    #[ts(type = "number")]
    pub least_requests: u64,
    /// The most 5XX answers, percent of requests, whatever the baseline has.
    pub server_errors_ceiling: f64,
    /// The most 4XX answers, percent of requests; without it they are only compared with the baseline.
    #[ts(optional = nullable)]
    pub client_errors_ceiling: Option<f64>,
    /// The longest p99 latency, ms; without it latency is only compared with the stage's.
    #[ts(optional = nullable)]
    pub latency_ceiling: Option<f64>,
    /// How much higher than the baseline's an error rate has to be to matter, percentage points.
    pub margin: f64,
    /// The most that the candidate's p90 and p99 latency may be of the stage's; 1.5 is half as long again.
    pub latency_ratio: f64,
    /// How often a healthy candidate may be called breached over a whole release, percent.
    pub false_alarms: f64,
    /// How long the release is watched, minutes, with a look every minute.
    pub minutes: u32,
}

impl Default for CanaryCriteria {
    fn default() -> Self {
        Self {
            least_requests: 50,
            server_errors_ceiling: 5.0,
            client_errors_ceiling: None,
            latency_ceiling: None,
            margin: 0.5,
            latency_ratio: 1.5,
            false_alarms: 1.0,
            minutes: 30,
        }
    }
}

impl CanaryCriteria {
    /// What is wrong with them, a sentence; `None` when they can be used.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let percent = |value: f64| (0.0..=100.0).contains(&value);
        let said = |what: &str| Some(what.to_owned());
        if self.least_requests == 0 {
            return said("At least one request is needed for a verdict.");
        }
        if !percent(self.server_errors_ceiling) || self.client_errors_ceiling.is_some_and(|value| !percent(value)) {
            return said("A ceiling of an error rate is 0 to 100 percent.");
        }
        if self.latency_ceiling.is_some_and(|value| !(value.is_finite() && value > 0.0)) {
            return said("A ceiling of the latency is a number of milliseconds over 0.");
        }
        if !percent(self.margin) {
            return said("The margin between two error rates is 0 to 100 percentage points.");
        }
        if !(self.latency_ratio.is_finite() && self.latency_ratio >= 1.0) {
            return said("The candidate's latency may be 1 time the stage's or more.");
        }
        if !(self.false_alarms > 0.0 && self.false_alarms <= 50.0) {
            return said(
                "Healthy candidates may be called breached in more than 0 and at most 50 percent of the releases.",
            );
        }
        if !(1..=1440).contains(&self.minutes) {
            return said("A release is watched for 1 to 1440 minutes.");
        }
        None
    }

    /// The level of one of `tests` tests in one of the release's looks: the chance of a false alarm that each of them may
    /// have, so that all of them together over the whole release have what [`Self::false_alarms`] says (Bonferroni). Half
    /// is for the whole stage, half for its routes.
    #[must_use]
    pub(super) fn level(&self, tests: usize) -> f64 {
        let tests = u32::try_from(tests.max(1)).unwrap_or(u32::MAX);
        self.false_alarms / 100.0 / 2.0 / f64::from(self.minutes.max(1)) / f64::from(tests)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_that_make_no_sense_say_which() {
        let usual = CanaryCriteria::default();
        assert_eq!(usual.problem(), None);
        for (criteria, says) in [
            (CanaryCriteria { least_requests: 0, ..usual }, "one request"),
            (CanaryCriteria { server_errors_ceiling: f64::NAN, ..usual }, "ceiling of an error rate"),
            (CanaryCriteria { client_errors_ceiling: Some(101.0), ..usual }, "ceiling of an error rate"),
            (CanaryCriteria { latency_ceiling: Some(0.0), ..usual }, "milliseconds over 0"),
            (CanaryCriteria { margin: -0.1, ..usual }, "margin"),
            (CanaryCriteria { latency_ratio: 0.9, ..usual }, "1 time"),
            (CanaryCriteria { false_alarms: 0.0, ..usual }, "more than 0"),
            (CanaryCriteria { minutes: 0, ..usual }, "1 to 1440"),
        ] {
            let problem = criteria.problem().unwrap();
            assert!(problem.contains(says), "{problem}");
        }
    }
}
