//! Candidate against baseline on the demo account, over the real SDK and by a clock that is turned: where evidence begins,
//! what it is made of, and what happens when part of it cannot be read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::{
    Bench,
    rehearsal::{AFTERNOON, Rehearsal},
    select,
};
use portcullis_demo::Fault;
use portcullis_domain::{
    canary::{CanaryBeginningSource, CanaryCriteria, CanaryVerdict},
    context::ContextSpec,
};
use portcullis_operations::{
    canary_watch::{CanarySource, CanaryWatchRequest, canary_watch},
    error::ErrorCode,
    host::{Host, HostOptions},
};

#[tokio::test]
async fn minutes_before_the_candidate_existed_are_no_evidence() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("storefront", "prod").await;
    let before = rehearsal.watch(&stage).await;
    assert_eq!(before.minutes.len(), 30, "the canary that was there is days old");
    assert_eq!(before.beginning.source, CanaryBeginningSource::CloudTrail, "{}", before.beginning.words);
    assert!(before.beginning.words.contains("deploy-pipeline"), "{}", before.beginning.words);

    rehearsal.clock.turn(jiff::SignedDuration::from_secs(20));
    rehearsal.start(&stage, "release 4.2").await;
    let at_once = rehearsal.watch(&stage).await;
    assert_eq!((at_once.minutes.len(), at_once.candidate.requests), (0, 0));
    assert_eq!(at_once.judgement.verdict, CanaryVerdict::Inconclusive);
    assert_eq!(at_once.beginning.source, CanaryBeginningSource::Journal);
    assert!(at_once.judgement.reasons[0].contains("No whole minute has passed"), "{:?}", at_once.judgement);

    rehearsal.clock.turn_minutes(5);
    let later = rehearsal.watch(&stage).await;
    assert_eq!((later.from.as_str(), later.minutes.len()), ("2026-03-02T15:01:00Z", 4), "whole minutes only");
}

#[tokio::test]
async fn a_canary_that_somebody_else_started_begins_where_cloudtrail_or_the_stage_says() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("storefront", "prod").await;
    // Another program, with a journal of its own.
    let other = Bench::on(rehearsal.bench.account.clone());
    let host = Host::open(HostOptions { clock: rehearsal.clock.clone(), ..other.options(AFTERNOON) }).unwrap();
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    rehearsal.clock.turn_minutes(1);
    rehearsal.start(&stage, "release 4.2").await;
    rehearsal.clock.turn_minutes(3);
    rehearsal.bench.account.faults().fail(Fault::denied("cloudtrail", "LookupEvents"));
    let blind = canary_watch(&host, CanaryWatchRequest::of(stage.clone())).await.unwrap();
    assert_eq!((blind.beginning.source, blind.minutes.len()), (CanaryBeginningSource::StageChange, 3));
    assert!(blind.beginning.words.contains("CloudTrail could not be asked"), "{}", blind.beginning.words);
    rehearsal.bench.account.faults().clear();
    let seen = canary_watch(&host, CanaryWatchRequest::of(stage)).await.unwrap();
    assert_eq!((seen.beginning.source, seen.minutes.len()), (CanaryBeginningSource::CloudTrail, 3));
}

#[tokio::test]
async fn the_good_candidate_is_healthy_and_the_bad_one_is_caught_by_its_route() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("storefront", "prod").await;
    let good = rehearsal.watch(&stage).await;
    assert_eq!(good.source, CanarySource::StageCanaryDimension);
    assert_eq!(good.judgement.verdict, CanaryVerdict::Healthy, "{:?}", good.judgement);
    let share = good.candidate.requests as f64 / (good.candidate.requests + good.baseline.requests) as f64;
    assert!((0.08..0.12).contains(&share), "{share}");
    for sample in [&good.candidate, &good.baseline] {
        let percentiles = [sample.latency_p50, sample.latency_p90, sample.latency_p99].map(Option::unwrap);
        assert!(percentiles.is_sorted() && sample.latency_average.unwrap() > 0.0, "{sample:?}");
    }
    assert!(good.source_words.contains("cannot be had by subtraction"), "{}", good.source_words);
    assert!(good.coverage.complete);

    rehearsal.start(&stage, "The coupon engine, rewritten").await;
    rehearsal.clock.turn_minutes(5);
    let bad = rehearsal.watch(&stage).await;
    assert_eq!(bad.judgement.verdict, CanaryVerdict::Breached, "{:?} {:?}", bad.judgement, bad.candidate);
    assert!(bad.judgement.reasons.iter().any(|reason| reason.contains("coupon")), "{:?}", bad.judgement.reasons);
    assert!(bad.routes[0].route.contains("coupon"), "{:?}", bad.routes[0]);
}

#[tokio::test]
async fn without_a_canary_or_series_of_its_own_nothing_is_invented() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("clinic-portal", "prod").await;
    let seen = rehearsal.watch(&stage).await;
    assert_eq!((seen.source, seen.judgement.verdict), (CanarySource::WholeStage, CanaryVerdict::Inconclusive));
    assert_eq!(seen.candidate.requests, 0);
    assert!(seen.source_words.contains("does not tell candidate and baseline apart"));
}

#[tokio::test]
async fn a_part_that_cannot_be_read_is_a_gap_and_never_healthy() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("storefront", "prod").await;
    for (service, operation, resource) in [
        ("monitoring", "GetMetricData", "the metrics of the stage"),
        ("monitoring", "DescribeAlarms", "the alarms of the stage"),
        ("apigateway", "GetStage", "stage prod of API storefront"),
    ] {
        rehearsal.bench.account.faults().fail(Fault::denied(service, operation));
        let seen = rehearsal.watch(&stage).await;
        rehearsal.bench.account.faults().clear();
        assert_eq!(seen.judgement.verdict, CanaryVerdict::Inconclusive, "{operation}: {:?}", seen.judgement);
        assert!(seen.coverage.gaps.iter().any(|gap| gap.resource.contains(resource)), "{:?}", seen.coverage);
    }
    assert_eq!(rehearsal.watch(&stage).await.judgement.verdict, CanaryVerdict::Healthy);
}

#[tokio::test]
async fn alarms_of_the_stage_breach_whatever_they_are_made_of_and_others_do_not() {
    let metric = |stage: &str| {
        serde_json::json!({ "Namespace": "AWS/ApiGateway", "MetricName": "5XXError", "Dimensions": [
            { "Name": "ApiName", "Value": "storefront" }, { "Name": "Stage", "Value": stage }
        ] })
    };
    let with = |name: &str, metric: serde_json::Value| {
        let mut alarm = serde_json::json!({
            "AlarmName": name, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.0
        });
        alarm.as_object_mut().unwrap().extend(metric.as_object().unwrap().clone());
        alarm
    };
    let math = |stage: &str| {
        serde_json::json!({ "Metrics": [
            { "Id": "e", "Expression": "m/100" },
            { "Id": "m", "ReturnData": false, "MetricStat": { "Metric": metric(stage), "Period": 60, "Stat": "Sum" } }
        ] })
    };
    let rule = |name: &str, rule: &str| serde_json::json!({ "AlarmName": name, "AlarmRule": rule });
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("storefront", "prod").await;
    rehearsal.alarm("PutMetricAlarm", with("other", metric("staging"))).await;
    rehearsal.alarm("PutCompositeAlarm", rule("other-composite", "ALARM(other)")).await;
    let seen = rehearsal.watch(&stage).await;
    assert_eq!((seen.alarms.len(), seen.judgement.verdict), (0, CanaryVerdict::Healthy), "{:?}", seen.alarms);
    rehearsal.alarm("PutMetricAlarm", with("a-metric", metric("prod"))).await;
    rehearsal.alarm("PutMetricAlarm", with("b-math", math("prod"))).await;
    rehearsal.alarm("PutMetricAlarm", with("c-canary", metric("prod/Canary"))).await;
    rehearsal.alarm("PutCompositeAlarm", rule("d-composite", r#"ALARM("b-math") AND NOT OK(other)"#)).await;
    rehearsal.alarm("PutCompositeAlarm", rule("e-composite-of-composite", "ALARM(d-composite)")).await;
    let seen = rehearsal.watch(&stage).await;
    assert_eq!(seen.alarms, ["a-metric", "b-math", "c-canary", "d-composite", "e-composite-of-composite"]);
    assert_eq!(seen.judgement.verdict, CanaryVerdict::Breached);
    // What can be read speaks although the rest is dark.
    rehearsal.bench.account.faults().fail(Fault::denied("monitoring", "GetMetricData"));
    assert_eq!(rehearsal.watch(&stage).await.judgement.verdict, CanaryVerdict::Breached);
}

#[tokio::test]
async fn criteria_and_times_that_make_no_sense_are_refused() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.stage("storefront", "prod").await;
    let criteria = CanaryCriteria { latency_ratio: 0.5, ..CanaryCriteria::default() };
    for request in [
        CanaryWatchRequest { criteria, ..CanaryWatchRequest::of(stage.clone()) },
        CanaryWatchRequest { since: Some("yesterday".to_owned()), ..CanaryWatchRequest::of(stage.clone()) },
    ] {
        assert_eq!(canary_watch(&rehearsal.host, request).await.unwrap_err().code, ErrorCode::InvalidInput);
    }
}
