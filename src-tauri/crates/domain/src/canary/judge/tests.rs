use proptest::prelude::*;

use super::*;

fn sample(requests: u64, client_errors: u64, server_errors: u64) -> CanarySample {
    CanarySample { requests, client_errors, server_errors, ..CanarySample::default() }
}

fn evidence(candidate: CanarySample, baseline: Option<CanarySample>) -> CanaryEvidence<'static> {
    CanaryEvidence { candidate, baseline, ..CanaryEvidence::default() }
}

fn verdict(candidate: CanarySample, baseline: Option<CanarySample>) -> CanaryVerdict {
    judge(&CanaryCriteria::default(), &evidence(candidate, baseline)).verdict
}

#[test]
fn what_is_missing_is_never_healthy() {
    let baseline = sample(10_000, 100, 10);
    for (candidate, baseline) in [
        (sample(0, 0, 0), Some(baseline)),
        (sample(49, 0, 0), Some(baseline)),
        (sample(500, 0, 0), None),
        (sample(500, 0, 0), Some(sample(0, 0, 0))),
    ] {
        assert_eq!(verdict(candidate, baseline), CanaryVerdict::Inconclusive, "{candidate:?} {baseline:?}");
    }
    assert_eq!(verdict(sample(500, 5, 0), Some(baseline)), CanaryVerdict::Healthy);
    let unread = ["The stage's alarms could not be read.".to_owned()];
    let with_gap = CanaryEvidence { missing: &unread, ..evidence(sample(500, 5, 0), Some(baseline)) };
    let judged = judge(&CanaryCriteria::default(), &with_gap);
    assert_eq!((judged.verdict, judged.reasons.as_slice()), (CanaryVerdict::Inconclusive, unread.as_slice()));
    let harmed = CanaryEvidence { candidate: sample(500, 5, 60), ..with_gap };
    assert_eq!(judge(&CanaryCriteria::default(), &harmed).verdict, CanaryVerdict::Breached, "a gap hides no harm");
}

#[test]
fn signs_of_harm_are_not_healthy_long_before_they_are_a_breach() {
    let judged = judge(&CanaryCriteria::default(), &evidence(sample(100, 0, 3), Some(sample(900, 0, 4))));
    assert_eq!(judged.verdict, CanaryVerdict::Inconclusive);
    assert_eq!(
        judged.reasons,
        [
            "The candidate answers 3.0 % of its requests with 5XX, the baseline 0.4 %: too few requests to tell harm from chance."
        ]
    );
}

#[test]
fn harm_is_seen_in_each_number_and_named() {
    let criteria = CanaryCriteria { client_errors_ceiling: Some(40.0), ..CanaryCriteria::default() };
    let baseline = sample(9_000, 90, 9);
    for (candidate, says) in [
        (sample(1_000, 10, 60), "6.0 % of its requests with 5XX, the baseline 0.1 %"),
        (sample(1_000, 80, 1), "8.0 % of its requests with 4XX, the baseline 1.0 %"),
        (sample(200, 0, 40), "40 of 200 requests to the candidate failed with 5XX (20.0 %), over the ceiling of 5 %"),
        (sample(200, 140, 0), "failed with 4XX (70.0 %), over the ceiling of 40 %"),
    ] {
        let judged = judge(&criteria, &evidence(candidate, Some(baseline)));
        assert_eq!(judged.verdict, CanaryVerdict::Breached, "{candidate:?}");
        assert!(judged.reasons.iter().any(|reason| reason.contains(says)), "{:?}", judged.reasons);
    }
    let alarms = ["checkout-5xx".to_owned()];
    let alarmed = judge(&criteria, &CanaryEvidence { alarms: &alarms, ..CanaryEvidence::default() });
    assert_eq!(alarmed.verdict, CanaryVerdict::Breached, "an alarm needs no sample");
    assert!(alarmed.reasons[0].contains("checkout-5xx"));
}

fn timed(p90: f64, p99: f64) -> CanarySample {
    CanarySample { requests: 100, latency_p90: Some(p90), latency_p99: Some(p99), ..CanarySample::default() }
}

#[test]
fn p90_and_p99_are_each_compared_over_the_minutes() {
    let criteria = CanaryCriteria::default();
    let judged = |minutes: &[(CanarySample, CanarySample)], share: u64| {
        let candidate =
            CanarySample { requests: share * 10, ..CanarySample::total(minutes.iter().map(|(one, _)| one)) };
        let baseline = sample((100 - share) * 10, 0, 0);
        judge(&criteria, &CanaryEvidence { minutes, ..evidence(candidate, Some(baseline)) })
    };
    let stage = timed(100.0, 300.0);
    for (candidate, says) in [
        (timed(190.0, 300.0), "p90 latency was over 1.5 times the stage's (typically 190 ms against 100 ms)"),
        (timed(100.0, 900.0), "p99 latency was over 1.5 times the stage's (typically 900 ms against 300 ms)"),
    ] {
        let reasons = judged(&[(candidate, stage); 10], 10);
        assert_eq!(reasons.verdict, CanaryVerdict::Breached);
        assert_eq!(reasons.reasons.len(), 1, "{:?}", reasons.reasons);
        assert!(reasons.reasons[0].contains(says), "{:?}", reasons.reasons);
        assert_ne!(judged(&[(candidate, stage); 3], 10).verdict, CanaryVerdict::Breached, "three minutes are chance");
        assert_ne!(
            judged(&[(candidate, stage); 10], 80).verdict,
            CanaryVerdict::Breached,
            "at 80 % the stage's percentiles are the candidate's own"
        );
    }
    assert_eq!(judged(&[(timed(140.0, 440.0), stage); 30], 10).verdict, CanaryVerdict::Healthy);
    let ceiling = CanaryCriteria { latency_ceiling: Some(250.0), ..criteria };
    let slow = [(timed(100.0, 300.0), stage); 10];
    let held =
        judge(&ceiling, &CanaryEvidence { minutes: &slow, ..evidence(sample(500, 0, 0), Some(sample(4_500, 0, 0))) });
    assert_eq!(held.reasons, ["In 10 of 10 minutes the candidate's p99 latency was over the ceiling of 250 ms."]);
}

#[test]
fn a_small_route_that_fails_is_seen_although_the_stage_looks_well() {
    let route = |route: &str, candidate, baseline| RouteEvidence { route: route.to_owned(), candidate, baseline };
    let routes = [
        route("GET /search", sample(40_000, 0, 30), sample(360_000, 0, 280)),
        route("POST /coupons", sample(150, 0, 50), sample(1_400, 0, 1)),
        route("GET /quiet", sample(0, 0, 0), sample(3, 0, 0)),
    ];
    let whole = evidence(sample(40_150, 0, 80), Some(sample(361_403, 0, 281)));
    let criteria = CanaryCriteria::default();
    assert_eq!(judge(&criteria, &whole).verdict, CanaryVerdict::Healthy, "in the sum it drowns");
    let judged = judge(&criteria, &CanaryEvidence { routes: &routes, ..whole });
    assert_eq!(
        (judged.verdict, judged.reasons),
        (
            CanaryVerdict::Breached,
            vec![
                "POST /coupons: the candidate answers 33.3 % of 150 requests with 5XX, the baseline 0.1 %.".to_owned()
            ]
        )
    );
}

proptest! {
    #[test]
    fn a_better_candidate_is_never_breached(requests in 50_u64..100_000, errors in 0_u64..1_000, times in 1_u64..20) {
        let errors = errors.min(requests / 100);
        let baseline = sample(requests * times, 0, errors * times);
        prop_assert_ne!(verdict(sample(requests, 0, errors / 2), Some(baseline)), CanaryVerdict::Breached);
    }

    #[test]
    fn a_verdict_always_has_a_reason(requests in 0_u64..5_000, errors in 0_u64..5_000, base in 0_u64..5_000) {
        let judged = judge(
            &CanaryCriteria::default(),
            &evidence(sample(requests, 0, errors.min(requests)), Some(sample(base, 0, 0))),
        );
        prop_assert!(!judged.reasons.is_empty());
    }
}
