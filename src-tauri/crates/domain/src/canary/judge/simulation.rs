//! The judge against simulated traffic: how often it is wrong about a healthy candidate, and how soon it is right about a
//! bad one. `cargo test --workspace simulated -- --nocapture` prints the table of `docs/decisions/0010`.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::canary::sample::float;

const RELEASES: usize = 10_000;
/// One request in ten meets the candidate.
const SHARE: f64 = 0.1;

/// How many of `trials` come out, each with the chance `rate`: by inversion, one random number for all of them.
fn binomial(random: &mut ChaCha8Rng, trials: u64, rate: f64) -> u64 {
    if trials == 0 || rate <= 0.0 {
        return 0;
    }
    let odds = rate / (1.0 - rate);
    let mut chance = (1.0 - rate).powf(float(trials));
    let (mut left, mut count) = (random.random::<f64>(), 0);
    while left > chance && count < trials {
        left -= chance;
        count += 1;
        chance *= odds * float(trials - count + 1) / float(count);
    }
    count
}

/// How a release of the default length goes: the minute in which the candidate is called breached, and the word at the
/// end.
fn release(random: &mut ChaCha8Rng, per_minute: u64, rate: f64) -> (Option<u32>, CanaryVerdict) {
    const BASELINE: f64 = 0.005;
    let criteria = CanaryCriteria::default();
    let (mut candidate, mut baseline) = (CanarySample::default(), CanarySample::default());
    let mut last = CanaryVerdict::Inconclusive;
    for minute in 1..=criteria.minutes {
        let to_candidate = binomial(random, per_minute, SHARE);
        candidate.requests += to_candidate;
        baseline.requests += per_minute - to_candidate;
        candidate.server_errors += binomial(random, to_candidate, rate);
        baseline.server_errors += binomial(random, per_minute - to_candidate, BASELINE);
        // 4XX are a second comparison and a second chance to be wrong.
        candidate.client_errors += binomial(random, to_candidate, 0.02);
        baseline.client_errors += binomial(random, per_minute - to_candidate, 0.02);
        let evidence = CanaryEvidence { candidate, baseline: Some(baseline), ..CanaryEvidence::default() };
        last = judge(&criteria, &evidence).verdict;
        if last == CanaryVerdict::Breached {
            return (Some(minute), last);
        }
    }
    (None, last)
}

#[test]
fn simulated_releases_of_healthy_candidates_are_called_breached_in_less_than_one_of_a_hundred() {
    for per_minute in [10, 100, 1_000] {
        let mut random = ChaCha8Rng::seed_from_u64(per_minute);
        let mut count = [0_usize; 3];
        for _ in 0..RELEASES {
            count[release(&mut random, per_minute, 0.005).1 as usize] += 1;
        }
        let [healthy, breached, inconclusive] = count;
        println!(
            "{per_minute} a minute, healthy candidate: {breached} breached, {healthy} healthy, {inconclusive} inconclusive of {RELEASES}"
        );
        assert!(breached <= RELEASES / 100, "{breached} of {RELEASES} at {per_minute} a minute");
        if per_minute == 10 {
            assert!(inconclusive > RELEASES * 9 / 10, "30 requests are no verdict: {inconclusive}");
        } else {
            assert!(healthy > RELEASES * 9 / 10, "{healthy} at {per_minute} a minute");
        }
    }
}

#[test]
fn simulated_releases_of_bad_candidates_are_caught_the_sooner_the_more_traffic_there_is() {
    // (requests a minute, least share caught in the release, latest median minute)
    for (per_minute, least, latest) in [(10, 0.0, 30), (100, 0.9, 20), (1_000, 1.0, 4)] {
        let mut random = ChaCha8Rng::seed_from_u64(per_minute);
        let (mut caught, mut healthy) = (Vec::new(), 0);
        for _ in 0..RELEASES {
            let (minute, word) = release(&mut random, per_minute, 0.05);
            caught.extend(minute);
            healthy += usize::from(word == CanaryVerdict::Healthy);
        }
        caught.sort_unstable();
        let at = |part: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
            let index = (part * RELEASES as f64) as usize;
            caught.get(index).map_or_else(|| "not".to_owned(), |minute| format!("in minute {minute}"))
        };
        println!(
            "{per_minute} a minute, 5 % against 0.5 %: {} of {RELEASES} caught; half {}, nine of ten {}; {healthy} called healthy at the end",
            caught.len(),
            at(0.5),
            at(0.9)
        );
        assert!(healthy < RELEASES / 100, "{healthy} bad candidates were called healthy");
        assert!(caught.len() as f64 >= least * RELEASES as f64, "{} at {per_minute} a minute", caught.len());
        if least > 0.5 {
            assert!(caught[RELEASES / 2] <= latest, "half of them in minute {}", caught[RELEASES / 2]);
        }
    }
}

/// The percentiles of a minute with so many requests, log-normal with a long tail; `slower` stretches them.
fn minute(random: &mut ChaCha8Rng, requests: u64, slower: f64) -> CanarySample {
    let mut all: Vec<f64> = (0..requests)
        .map(|_| {
            let (one, other): (f64, f64) = (1.0 - random.random::<f64>(), random.random());
            let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
            80.0 * slower * normal.exp()
        })
        .collect();
    all.sort_by(f64::total_cmp);
    let at = |part: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let index = (part * all.len() as f64).ceil() as usize;
        all.get(index.saturating_sub(1)).copied()
    };
    CanarySample { requests, latency_p90: at(0.9), latency_p99: at(0.99), ..CanarySample::default() }
}

/// The first minute in which the latency alone is called a breach.
fn slow_after(random: &mut ChaCha8Rng, per_minute: u64, slower: f64) -> Option<u32> {
    let criteria = CanaryCriteria::default();
    let mut minutes = Vec::new();
    let (mut candidate, mut baseline) = (CanarySample::default(), CanarySample::default());
    for at in 1..=criteria.minutes {
        let to_candidate = binomial(random, per_minute, SHARE);
        minutes.push((minute(random, to_candidate, slower), minute(random, per_minute, 1.0)));
        candidate.requests += to_candidate;
        baseline.requests += per_minute - to_candidate;
        let evidence =
            CanaryEvidence { candidate, baseline: Some(baseline), minutes: &minutes, ..CanaryEvidence::default() };
        if judge(&criteria, &evidence).verdict == CanaryVerdict::Breached {
            return Some(at);
        }
    }
    None
}

#[test]
fn simulated_latencies_with_a_long_tail_raise_no_alarm_and_three_times_as_long_does() {
    for (per_minute, releases) in [(10, 2_000), (100, 400), (1_000, 40)] {
        let mut random = ChaCha8Rng::seed_from_u64(per_minute);
        let wrong = (0..releases).filter(|_| slow_after(&mut random, per_minute, 1.0).is_some()).count();
        assert!(wrong <= releases / 100, "{wrong} of {releases} at {per_minute} a minute");
        if per_minute == 1_000 {
            let caught = (0..releases).filter(|_| slow_after(&mut random, per_minute, 3.0).is_some()).count();
            assert_eq!(caught, releases, "three times as long is seen");
        }
    }
}
