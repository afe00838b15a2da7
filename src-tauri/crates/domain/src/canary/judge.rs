//! Does the candidate do harm? A verdict with its reasons, from counts and latencies.
//!
//! Error rates are held to ceilings and compared with the baseline by a one-sided test (exact for small numbers);
//! latencies by how many minutes the candidate's p90 and p99 were over the allowed ratio. A release is looked at many
//! times, and every look is a chance to be wrong, so the level of one test of one look is the release's level divided by
//! their number ([`CanaryCriteria::level`]). What is missing is never good news: too few requests, or a number that could
//! not be read, is inconclusive, and harm that shows all the same is a breach.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    CanaryCriteria, CanarySample,
    sample::percent,
    statistics::{over_ceiling, slow_by_chance, worse_by_chance},
};

/// Over so much of the stage's requests the candidate's latencies are the stage's, and comparing the two says nothing.
const SHARE_TO_COMPARE: f64 = 50.0;
/// A candidate whose higher error rate has a smaller chance than this is not called healthy, long before it is called
/// breached.
const DOUBT: f64 = 0.05;

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

/// What a route had.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteEvidence {
    /// `POST /coupons`.
    pub route: String,
    /// The candidate's.
    pub candidate: CanarySample,
    /// The baseline's.
    pub baseline: CanarySample,
}

/// Everything that a verdict is made from.
#[derive(Debug, Clone, Copy, Default)]
pub struct CanaryEvidence<'a> {
    /// The candidate since the beginning.
    pub candidate: CanarySample,
    /// The baseline since the beginning; `None` when the two cannot be told apart.
    pub baseline: Option<CanarySample>,
    /// Minute by minute: the candidate, and the stage with the percentiles that the candidate's are compared with.
    pub minutes: &'a [(CanarySample, CanarySample)],
    /// Whether those percentiles are the baseline's own: then the two compare whatever share the candidate has.
    pub own_percentiles: bool,
    /// Routes that have series of their own.
    pub routes: &'a [RouteEvidence],
    /// The stage's alarms that are in ALARM.
    pub alarms: &'a [String],
    /// What should be here and could not be read, a sentence each.
    pub missing: &'a [String],
}

/// Judges.
#[must_use]
pub fn judge(criteria: &CanaryCriteria, evidence: &CanaryEvidence<'_>) -> Judgement {
    let mut breaches: Vec<String> =
        evidence.alarms.iter().map(|name| format!("The alarm {name} is in ALARM.")).collect();
    breaches.extend(over_ceilings(criteria, evidence));
    breaches.extend(more_errors(criteria, evidence));
    breaches.extend(slower(criteria, evidence));
    breaches.extend(breached_routes(criteria, evidence.routes));
    if !breaches.is_empty() {
        return Judgement { verdict: CanaryVerdict::Breached, reasons: breaches };
    }
    let missing = not_known(criteria, evidence);
    if missing.is_empty() {
        let reason = format!(
            "{} requests to the candidate show no more errors and no longer answers than the baseline's.",
            evidence.candidate.requests
        );
        Judgement { verdict: CanaryVerdict::Healthy, reasons: vec![reason] }
    } else {
        Judgement { verdict: CanaryVerdict::Inconclusive, reasons: missing }
    }
}

/// How many tests a look makes of the whole stage: those in force share the level.
fn tests(criteria: &CanaryCriteria) -> usize {
    // 5XX ceiling, 5XX and 4XX compared, p90 and p99 compared.
    5 + usize::from(criteria.client_errors_ceiling.is_some()) + usize::from(criteria.latency_ceiling.is_some())
}

fn over_ceilings(criteria: &CanaryCriteria, evidence: &CanaryEvidence<'_>) -> Vec<String> {
    let (candidate, level) = (&evidence.candidate, criteria.level(tests(criteria)));
    let ceilings = [
        ("5XX", candidate.server_errors, Some(criteria.server_errors_ceiling)),
        ("4XX", candidate.client_errors, criteria.client_errors_ceiling),
    ];
    let mut found: Vec<String> = ceilings
        .into_iter()
        .filter_map(|(kind, errors, ceiling)| Some((kind, errors, ceiling?)))
        .filter(|(_, errors, ceiling)| over_ceiling(*errors, candidate.requests, ceiling / 100.0) < level)
        .map(|(kind, errors, ceiling)| {
            format!(
                "{errors} of {} requests to the candidate failed with {kind} ({:.1} %), over the ceiling of {ceiling} %.",
                candidate.requests,
                percent(errors, candidate.requests),
            )
        })
        .collect();
    if let Some(ceiling) = criteria.latency_ceiling {
        let known: Vec<f64> = evidence.minutes.iter().filter_map(|(candidate, _)| candidate.latency_p99).collect();
        let over = known.iter().filter(|p99| **p99 > ceiling).count();
        if slow_by_chance(over as u64, known.len() as u64) < level {
            found.push(format!(
                "In {over} of {} minutes the candidate's p99 latency was over the ceiling of {ceiling} ms.",
                known.len()
            ));
        }
    }
    found
}

fn more_errors(criteria: &CanaryCriteria, evidence: &CanaryEvidence<'_>) -> Vec<String> {
    let candidate = &evidence.candidate;
    let Some(baseline) = evidence.baseline.filter(|baseline| baseline.requests > 0 && candidate.requests > 0) else {
        return Vec::new();
    };
    let level = criteria.level(tests(criteria));
    compared(candidate, &baseline)
        .into_iter()
        .filter(|of| of.worse - of.usual > criteria.margin && of.chance < level)
        .map(|Compared { kind, worse, usual, .. }| {
            format!("The candidate answers {worse:.1} % of its requests with {kind}, the baseline {usual:.1} %: too much for chance.")
        })
        .collect()
}

/// Whether the stage's percentiles are still somebody else's than the candidate's.
fn latencies_compare(evidence: &CanaryEvidence<'_>) -> bool {
    if evidence.own_percentiles {
        return true;
    }
    let all = evidence.candidate.requests + evidence.baseline.map_or(0, |baseline| baseline.requests);
    percent(evidence.candidate.requests, all) <= SHARE_TO_COMPARE
}

fn slower(criteria: &CanaryCriteria, evidence: &CanaryEvidence<'_>) -> Vec<String> {
    if evidence.baseline.is_none() || !latencies_compare(evidence) {
        return Vec::new();
    }
    let percentile = |name: &str, of: fn(&CanarySample) -> Option<f64>| {
        let pairs = evidence.minutes.iter().filter_map(|(candidate, stage)| Some((of(candidate)?, of(stage)?)));
        let ratios: Vec<f64> = pairs.filter(|(_, usual)| *usual > 0.0).map(|(worse, usual)| worse / usual).collect();
        let slow = ratios.iter().filter(|ratio| **ratio > criteria.latency_ratio).count();
        (slow_by_chance(slow as u64, ratios.len() as u64) < criteria.level(tests(criteria))).then(|| {
            let told = |sample: Option<f64>| sample.map_or_else(|| "not known".to_owned(), |ms| format!("{ms:.0} ms"));
            let whose = if evidence.own_percentiles { "baseline" } else { "stage" };
            let stage = CanarySample::total(evidence.minutes.iter().map(|(_, stage)| stage));
            format!(
                "In {slow} of {} minutes the candidate's {name} latency was over {} times the {whose}'s (typically {} against {}).",
                ratios.len(),
                criteria.latency_ratio,
                told(of(&evidence.candidate)),
                told(of(&stage)),
            )
        })
    };
    [percentile("p90", |sample| sample.latency_p90), percentile("p99", |sample| sample.latency_p99)]
        .into_iter()
        .flatten()
        .collect()
}

/// The routes on which the candidate does harm that the whole stage's numbers hide: a route with little traffic can fail
/// altogether while the stage looks well. The level is shared among the routes.
fn breached_routes(criteria: &CanaryCriteria, routes: &[RouteEvidence]) -> Vec<String> {
    let level = criteria.level(routes.len() * 2);
    let mut found = Vec::new();
    for RouteEvidence { route, candidate, baseline } in routes {
        if candidate.requests == 0 || baseline.requests == 0 {
            continue;
        }
        let harm = compared(candidate, baseline).into_iter();
        let harm = harm.filter(|of| of.worse - of.usual > criteria.margin && of.chance < level);
        found.extend(harm.map(|Compared { kind, worse, usual, .. }| {
            format!(
                "{route}: the candidate answers {worse:.1} % of {} requests with {kind}, the baseline {usual:.1} %.",
                candidate.requests
            )
        }));
    }
    found
}

/// What keeps a candidate that shows no harm from being healthy.
fn not_known(criteria: &CanaryCriteria, evidence: &CanaryEvidence<'_>) -> Vec<String> {
    let mut missing = evidence.missing.to_vec();
    let requests = evidence.candidate.requests;
    let Some(baseline) = evidence.baseline else {
        missing.push(
            "Candidate and baseline cannot be told apart, so only alarms of the whole stage can speak.".to_owned(),
        );
        return missing;
    };
    if requests < criteria.least_requests {
        missing.push(format!(
            "The candidate had {requests} requests, and {} are needed for a verdict.",
            criteria.least_requests
        ));
    } else if baseline.requests == 0 {
        missing.push("There are no requests to the baseline to compare with.".to_owned());
    } else {
        missing.extend(doubts(criteria, &evidence.candidate, &baseline));
    }
    missing
}

/// Signs of harm that are not strong enough for a breach.
fn doubts(criteria: &CanaryCriteria, candidate: &CanarySample, baseline: &CanarySample) -> Vec<String> {
    compared(candidate, baseline)
        .into_iter()
        .filter(|of| of.worse - of.usual > criteria.margin && of.chance < DOUBT)
        .map(|Compared { kind, worse, usual, .. }| {
            format!(
                "The candidate answers {worse:.1} % of its requests with {kind}, the baseline {usual:.1} %: too few requests to tell harm from chance."
            )
        })
        .collect()
}

/// One kind of error on both sides: percent each, and how likely the difference is by chance.
struct Compared {
    kind: &'static str,
    worse: f64,
    usual: f64,
    chance: f64,
}

fn compared(candidate: &CanarySample, baseline: &CanarySample) -> [Compared; 2] {
    [("5XX", candidate.server_errors, baseline.server_errors), ("4XX", candidate.client_errors, baseline.client_errors)]
        .map(|(kind, of_candidate, of_baseline)| {
            let (worse, usual) = (percent(of_candidate, candidate.requests), percent(of_baseline, baseline.requests));
            // The tests cost time, and nothing is said against a candidate that is not worse.
            let chance = if worse > usual {
                worse_by_chance((of_candidate, candidate.requests), (of_baseline, baseline.requests))
            } else {
                1.0
            };
            Compared { kind, worse, usual, chance }
        })
}

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;
