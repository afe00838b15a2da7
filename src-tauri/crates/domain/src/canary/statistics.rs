//! The three tests of a verdict, each as the chance of what was seen if the candidate did no harm.

use statrs::distribution::{Binomial, ContinuousCDF as _, DiscreteCDF as _, Hypergeometric, Normal};

use super::sample::float;

/// Above so many requests in all the exact test gives way to the approximation, which then agrees to the third digit.
const EXACT_UP_TO: u64 = 2_000;
/// Below so many failures the normal approximation is not used, however many requests there are.
const RARE: u64 = 50;
/// In how many minutes of a hundred an equal candidate may have a percentile over the allowed ratio by chance: a bound for
/// the long tails of real latencies and few requests a minute (simulated in `judge/simulation.rs`).
const SLOW_BY_CHANCE: f64 = 0.25;

/// How likely at least so many failures are when each request fails with the ceiling's chance, 0 to 1.
pub(super) fn over_ceiling(failures: u64, requests: u64, ceiling: f64) -> f64 {
    if failures == 0 {
        return 1.0;
    }
    // Only parameters that are no probability are refused, and then nothing is said against the candidate.
    Binomial::new(ceiling.clamp(0.0, 1.0), requests).map_or(1.0, |law| law.sf(failures - 1))
}

/// How likely it is that the candidate is at least so much worse by chance alone: `(failures, requests)` each.
/// Fisher's exact test, one-sided, for small numbers and rare failures; the two-proportion z-test with pooled variance for
/// the rest.
pub(super) fn worse_by_chance(candidate: (u64, u64), baseline: (u64, u64)) -> f64 {
    let (failures, requests) = (candidate.0 + baseline.0, candidate.1 + baseline.1);
    if candidate.0 == 0 || failures == requests {
        return 1.0;
    }
    if requests <= EXACT_UP_TO || failures < RARE {
        return Hypergeometric::new(requests, failures, candidate.1).map_or(1.0, |law| law.sf(candidate.0 - 1));
    }
    let (rate_of_candidate, rate_of_baseline) =
        (float(candidate.0) / float(candidate.1), float(baseline.0) / float(baseline.1));
    let pooled = float(failures) / float(requests);
    let error = (pooled * (1.0 - pooled) * (1.0 / float(candidate.1) + 1.0 / float(baseline.1))).sqrt();
    Normal::standard().sf((rate_of_candidate - rate_of_baseline) / error)
}

/// How likely at least `slow` of `minutes` minutes are slow when the candidate is as fast as the stage: a sign test, which
/// needs no shape of the latencies.
pub(super) fn slow_by_chance(slow: u64, minutes: u64) -> f64 {
    over_ceiling(slow, minutes, SLOW_BY_CHANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_approximation_and_the_exact_test_agree_where_they_meet() {
        let (candidate, baseline) = ((30, 400), (60, 1_600));
        let exact = Hypergeometric::new(2_000, 90, 400).unwrap().sf(29);
        let approximate = worse_by_chance((candidate.0 * 2, candidate.1 * 2), (baseline.0 * 2, baseline.1 * 2));
        assert!((worse_by_chance(candidate, baseline) - exact).abs() < 1e-12);
        assert!(approximate < exact, "twice the evidence is more evidence");
    }

    /// By hand: 3 of 10 fail against 0 of 90; the chance that all three failures of 100 fall on those ten.
    #[test]
    fn the_exact_test_is_fishers() {
        let by_hand = (10.0 * 9.0 * 8.0) / (100.0 * 99.0 * 98.0);
        assert!((worse_by_chance((3, 10), (0, 90)) - by_hand).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_said_against_a_candidate_without_failures() {
        assert!((worse_by_chance((0, 10), (5, 10)) - 1.0).abs() < f64::EPSILON);
        assert!((over_ceiling(0, 10, 0.05) - 1.0).abs() < f64::EPSILON);
        assert!((slow_by_chance(0, 10) - 1.0).abs() < f64::EPSILON);
    }
}
