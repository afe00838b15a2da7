use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use super::*;

fn sample(requests: u64, client_errors: u64, server_errors: u64) -> CanarySample {
    CanarySample { requests, client_errors, server_errors, latency_p90: None }
}

fn verdict(candidate: &CanarySample, baseline: Option<&CanarySample>) -> CanaryVerdict {
    judge(&CanaryCriteria::default(), candidate, baseline, &[]).verdict
}

#[test]
fn what_is_missing_is_never_healthy() {
    let baseline = sample(10_000, 100, 10);
    for (candidate, baseline) in [
        (sample(0, 0, 0), Some(&baseline)),
        (sample(49, 0, 0), Some(&baseline)),
        (sample(500, 0, 0), None),
        (sample(500, 0, 0), Some(&sample(0, 0, 0))),
    ] {
        assert_eq!(verdict(&candidate, baseline), CanaryVerdict::Inconclusive, "{candidate:?} {baseline:?}");
    }
    assert_eq!(verdict(&sample(500, 5, 0), Some(&baseline)), CanaryVerdict::Healthy);
}

#[test]
fn harm_is_seen_in_each_number_and_named() {
    let criteria = CanaryCriteria::default();
    let baseline = CanarySample { latency_p90: Some(100.0), ..sample(9_000, 90, 9) };
    for (candidate, says) in [
        (CanarySample { latency_p90: Some(100.0), ..sample(1_000, 10, 60) }, "with 5XX, the baseline 0.1 %"),
        (CanarySample { latency_p90: Some(100.0), ..sample(1_000, 80, 1) }, "with 4XX, the baseline 1.0 %"),
        (CanarySample { latency_p90: Some(190.0), ..sample(1_000, 10, 1) }, "190 ms, the baseline's 100 ms: 1.9 times"),
        (sample(200, 0, 40), "over the ceiling of 5 %"),
    ] {
        let judged = judge(&criteria, &candidate, Some(&baseline), &[]);
        assert_eq!(judged.verdict, CanaryVerdict::Breached, "{candidate:?}");
        assert!(judged.reasons.iter().any(|reason| reason.contains(says)), "{:?}", judged.reasons);
    }
    let alarmed = judge(&criteria, &sample(0, 0, 0), None, &["checkout-5xx".to_owned()]);
    assert_eq!(alarmed.verdict, CanaryVerdict::Breached, "an alarm needs no sample");
    assert!(alarmed.reasons[0].contains("checkout-5xx"));
}

#[test]
fn the_approximation_and_the_exact_test_agree_where_they_meet() {
    let (candidate, baseline) = ((30, 400), (60, 1_600));
    let exact = Hypergeometric::new(2_000, 90, 400).unwrap().sf(29);
    let approximate = worse_by_chance((candidate.0 * 2, candidate.1 * 2), (baseline.0 * 2, baseline.1 * 2));
    assert!((worse_by_chance(candidate, baseline) - exact).abs() < 1e-12);
    assert!(approximate < exact, "twice the evidence is more evidence");
}

#[test]
fn a_small_route_that_fails_is_seen_although_the_stage_looks_well() {
    let routes = [
        ("GET /search".to_owned(), sample(40_000, 0, 30), sample(360_000, 0, 280)),
        ("POST /coupons".to_owned(), sample(150, 0, 50), sample(1_400, 0, 1)),
        ("GET /quiet".to_owned(), sample(0, 0, 0), sample(3, 0, 0)),
    ];
    let (candidate, baseline) = (sample(40_150, 0, 80), sample(361_403, 0, 281));
    assert_eq!(verdict(&candidate, Some(&baseline)), CanaryVerdict::Healthy, "in the sum it drowns");
    let breached = breached_routes(&CanaryCriteria::default(), &routes);
    assert_eq!(breached, ["POST /coupons: the candidate answers 33.3 % of 150 requests with 5XX, the baseline 0.1 %."]);
}

proptest! {
    #[test]
    fn a_better_candidate_is_never_breached(requests in 50_u64..100_000, errors in 0_u64..1_000, times in 1_u64..20) {
        let errors = errors.min(requests / 100);
        let baseline = sample(requests * times, 0, errors * times);
        let candidate = sample(requests, 0, errors / 2);
        prop_assert_ne!(verdict(&candidate, Some(&baseline)), CanaryVerdict::Breached);
    }

    #[test]
    fn a_verdict_always_has_a_reason(requests in 0_u64..5_000, errors in 0_u64..5_000, base in 0_u64..5_000) {
        let judged = judge(&CanaryCriteria::default(), &sample(requests, 0, errors.min(requests)), Some(&sample(base, 0, 0)), &[]);
        prop_assert!(!judged.reasons.is_empty());
    }
}

/// How many of `requests` fail.
fn failing(random: &mut ChaCha8Rng, requests: u64, rate: f64) -> u64 {
    (0..requests).filter(|_| random.random::<f64>() < rate).count() as u64
}

/// The first minute in which the candidate is called breached, over a release of the default length.
fn breached_after(random: &mut ChaCha8Rng, per_minute: u64, candidate_rate: f64, baseline_rate: f64) -> Option<u32> {
    let criteria = CanaryCriteria::default();
    let (mut candidate, mut baseline) = (sample(0, 0, 0), sample(0, 0, 0));
    for minute in 1..=criteria.minutes {
        // One request in ten meets the candidate: which, is chance.
        let to_candidate = (0..per_minute).filter(|_| random.random::<f64>() < 0.1).count() as u64;
        candidate.requests += to_candidate;
        baseline.requests += per_minute - to_candidate;
        candidate.server_errors += failing(random, to_candidate, candidate_rate);
        baseline.server_errors += failing(random, per_minute - to_candidate, baseline_rate);
        if judge(&criteria, &candidate, Some(&baseline), &[]).verdict == CanaryVerdict::Breached {
            return Some(minute);
        }
    }
    None
}

#[test]
fn a_healthy_candidate_is_called_breached_in_less_than_one_release_of_a_hundred() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let releases = 10_000;
    let breached = (0..releases).filter(|_| breached_after(&mut random, 100, 0.005, 0.005).is_some()).count();
    assert!(breached <= releases / 100, "{breached} of {releases}");
}

#[test]
fn ten_times_the_errors_are_caught_the_sooner_the_more_traffic_there_is() {
    let mut random = ChaCha8Rng::seed_from_u64(8);
    let mut median = |per_minute: u64| {
        let mut minutes: Vec<u32> =
            (0..200).map(|_| breached_after(&mut random, per_minute, 0.05, 0.005).unwrap_or(u32::MAX)).collect();
        minutes.sort_unstable();
        minutes[100]
    };
    let (busy, usual) = (median(1_000), median(100));
    assert!(busy <= 5, "{busy} minutes at 1,000 requests a minute");
    assert!(usual > busy, "{usual} minutes at 100 requests a minute");
}
