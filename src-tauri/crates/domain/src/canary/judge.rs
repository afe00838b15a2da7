//! Does the candidate do harm? A verdict with its reasons, from counts.
//!
//! Error rates are compared by a one-sided test: for small numbers Fisher's exact test, for large ones the two-proportion
//! z-test with pooled variance. A release is looked at many times, and every look is a chance to be wrong, so the level
//! of one look is the release's level divided by the number of looks (Bonferroni): over a whole release a healthy
//! candidate is called breached at most as often as the level says. What is missing is never good news: too few
//! requests, or none, is inconclusive.

use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, ContinuousCDF as _, DiscreteCDF as _, Hypergeometric, Normal};
use ts_rs::TS;

/// Above so many requests in all the exact test gives way to the approximation, which then agrees to the third digit.
const EXACT_UP_TO: u64 = 2_000;

/// What a candidate is held to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct CanaryCriteria {
    /// The candidate's requests below which there is no verdict.
    #[ts(type = "number")]
    pub least_requests: u64,
    /// The most 5XX answers, percent of requests, whatever the baseline has.
    pub server_errors_ceiling: f64,
    /// How much higher than the baseline's an error rate has to be to matter, percentage points.
    pub margin: f64,
    /// The most that the candidate's p90 latency may be of the baseline's; 1.5 is half as long again.
    pub latency_ratio: f64,
    /// How often a healthy candidate may be called breached over a whole release, percent.
    pub false_alarms: f64,
    /// How long the release is watched, minutes.
    pub minutes: u32,
}

impl Default for CanaryCriteria {
    fn default() -> Self {
        Self {
            least_requests: 50,
            server_errors_ceiling: 5.0,
            margin: 0.5,
            latency_ratio: 1.5,
            false_alarms: 1.0,
            minutes: 30,
        }
    }
}

/// What one side did since the release began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
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
    /// p90 latency, ms, where it is known.
    #[ts(optional = nullable)]
    pub latency_p90: Option<f64>,
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
}

/// The word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CanaryVerdict {
    /// As good as the baseline, as far as the numbers tell.
    Healthy,
    /// It does harm.
    Breached,
    /// Too little is known.
    Inconclusive,
}

/// The word and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// The word.
    pub verdict: CanaryVerdict,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

/// Judges. `alarms` are the names of the stage's alarms that are in ALARM; a baseline that is `None` could not be told
/// apart from the candidate.
#[must_use]
pub fn judge(
    criteria: &CanaryCriteria,
    candidate: &CanarySample,
    baseline: Option<&CanarySample>,
    alarms: &[String],
) -> Judgement {
    let level = criteria.false_alarms / 100.0 / f64::from(criteria.minutes.max(1)) / 3.0;
    let mut breaches: Vec<String> = alarms.iter().map(|name| format!("The alarm {name} is in ALARM.")).collect();
    if over_ceiling(candidate.server_errors, candidate.requests, criteria.server_errors_ceiling / 100.0) < level {
        breaches.push(format!(
            "{} of {} requests to the candidate failed with 5XX ({:.1} %), over the ceiling of {} %.",
            candidate.server_errors,
            candidate.requests,
            candidate.server_error_rate(),
            criteria.server_errors_ceiling
        ));
    }
    if let Some(baseline) = baseline.filter(|baseline| baseline.requests > 0 && candidate.requests > 0) {
        let kinds = [
            ("5XX", candidate.server_errors, baseline.server_errors),
            ("4XX", candidate.client_errors, baseline.client_errors),
        ];
        for (kind, of_candidate, of_baseline) in kinds {
            let (worse, usual) = (percent(of_candidate, candidate.requests), percent(of_baseline, baseline.requests));
            if worse - usual > criteria.margin
                && worse_by_chance((of_candidate, candidate.requests), (of_baseline, baseline.requests)) < level
            {
                breaches.push(format!(
                    "The candidate answers {worse:.1} % of its requests with {kind}, the baseline {usual:.1} %: too much for chance."
                ));
            }
        }
        if let (Some(worse), Some(usual)) = (candidate.latency_p90, baseline.latency_p90)
            && candidate.requests >= criteria.least_requests * 4
            && usual > 0.0
            && worse / usual > criteria.latency_ratio
        {
            breaches.push(format!(
                "The candidate's p90 latency is {worse:.0} ms, the baseline's {usual:.0} ms: {:.1} times as long.",
                worse / usual
            ));
        }
    }
    if !breaches.is_empty() {
        return Judgement { verdict: CanaryVerdict::Breached, reasons: breaches };
    }
    let missing = if candidate.requests < criteria.least_requests {
        Some(format!(
            "The candidate had {} requests, and {} are needed for a verdict.",
            candidate.requests, criteria.least_requests
        ))
    } else if baseline.is_none_or(|baseline| baseline.requests == 0) {
        Some("There are no requests to the baseline to compare with.".to_owned())
    } else {
        None
    };
    match missing {
        Some(reason) => Judgement { verdict: CanaryVerdict::Inconclusive, reasons: vec![reason] },
        None => Judgement {
            verdict: CanaryVerdict::Healthy,
            reasons: vec![format!(
                "{} requests to the candidate show no more errors and no longer answers than the baseline's.",
                candidate.requests
            )],
        },
    }
}

/// The routes on which the candidate does harm that the whole stage's numbers hide: a route with little traffic can fail
/// altogether while the stage looks well. `(route, candidate, baseline)`; the level is shared among the routes.
#[must_use]
pub fn breached_routes(criteria: &CanaryCriteria, routes: &[(String, CanarySample, CanarySample)]) -> Vec<String> {
    let looks = f64::from(criteria.minutes.max(1)) * float(routes.len().max(1) as u64);
    let level = criteria.false_alarms / 100.0 / looks;
    routes
        .iter()
        .filter(|(_, candidate, baseline)| {
            candidate.requests > 0
                && baseline.requests > 0
                && candidate.server_error_rate() - baseline.server_error_rate() > criteria.margin
                && worse_by_chance(
                    (candidate.server_errors, candidate.requests),
                    (baseline.server_errors, baseline.requests),
                ) < level
        })
        .map(|(route, candidate, baseline)| {
            format!(
                "{route}: the candidate answers {:.1} % of {} requests with 5XX, the baseline {:.1} %.",
                candidate.server_error_rate(),
                candidate.requests,
                baseline.server_error_rate()
            )
        })
        .collect()
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { float(part) / float(whole) * 100.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
fn float(count: u64) -> f64 {
    count as f64
}

/// How likely at least so many failures are when each request fails with the ceiling's chance.
fn over_ceiling(failures: u64, requests: u64, ceiling: f64) -> f64 {
    if failures == 0 {
        return 1.0;
    }
    // Only parameters that are no probability are refused, and then nothing is said against the candidate.
    Binomial::new(ceiling.clamp(0.0, 1.0), requests).map_or(1.0, |law| law.sf(failures - 1))
}

/// How likely it is that the candidate is at least so much worse by chance alone: `(failures, requests)` each.
fn worse_by_chance(candidate: (u64, u64), baseline: (u64, u64)) -> f64 {
    let (failures, requests) = (candidate.0 + baseline.0, candidate.1 + baseline.1);
    if candidate.0 == 0 || failures == requests {
        return 1.0;
    }
    // The normal approximation needs failures on both sides of it; rare errors are counted exactly however many requests.
    if requests <= EXACT_UP_TO || failures < 50 {
        return Hypergeometric::new(requests, failures, candidate.1).map_or(1.0, |law| law.sf(candidate.0 - 1));
    }
    let (rate_of_candidate, rate_of_baseline) =
        (float(candidate.0) / float(candidate.1), float(baseline.0) / float(baseline.1));
    let pooled = float(failures) / float(requests);
    let error = (pooled * (1.0 - pooled) * (1.0 / float(candidate.1) + 1.0 / float(baseline.1))).sqrt();
    Normal::standard().sf((rate_of_candidate - rate_of_baseline) / error)
}

#[cfg(test)]
mod tests;
