//! The canary's split from the stage's access log, where CloudWatch's metrics do not tell candidate and baseline apart: over
//! the real SDK on the demo account, whose log and metrics are drawn from the same traffic.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod common;

use common::rehearsal::{BAD, Rehearsal};
use portcullis_demo::Fault;
use portcullis_domain::canary::{CanaryState, CanaryVerdict, ReleaseMode, ReleaseState, ReleaseStep, ReleaseTerms};
use portcullis_operations::{
    canary_release_begin::{CanaryReleaseBeginRequest, canary_release_begin},
    canary_watch::{CanarySource, CanaryWatch},
    throttle_copy::StageName,
};
use serde_json::json;

const JSON: &str = r#"{"id":"$context.requestId","ip":"$context.identity.sourceIp","canary":"$context.isCanaryRequest","method":"$context.httpMethod","route":"$context.resourcePath","status":"$context.status","ms":"$context.responseLatency","integration":{"status":"$context.integration.status"}}"#;
const CLF: &str = r#"$context.identity.sourceIp [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLatency $context.requestId $context.isCanaryRequest "$context.identity.userAgent""#;
const CSV: &str = "$context.requestId,$context.isCanaryRequest,$context.status,$context.responseLatency";
const XML: &str = "<request id=\"$context.requestId\"><canary>$context.isCanaryRequest</canary><status>$context.status</status><ms>$context.responseLatency</ms></request>";
const GROUP: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:/shop/access";

/// The stage writes its access log like this.
async fn logs(rehearsal: &Rehearsal, stage: &StageName, destination: &str, format: &str) {
    let patch = |member: &str, value: &str| json!({ "op": "replace", "path": format!("/accessLogSettings/{member}"), "value": value });
    let body = json!({ "patchOperations": [patch("destinationArn", destination), patch("format", format)] });
    let request = http::Request::patch(format!("/restapis/{}/stages/{}", stage.api_id, stage.stage))
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=demo/20260302/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=0",
        )
        .body(bytes::Bytes::from(body.to_string()))
        .unwrap();
    let answer = rehearsal.bench.account.answer(request).await;
    assert!(answer.status().is_success(), "{:?}", answer.body());
}

/// An account in which CloudWatch has no series of the canary, and the shop's stage writes this log.
async fn unseen(destination: &str, format: &str) -> (Rehearsal, StageName) {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    logs(&rehearsal, &stage, destination, format).await;
    rehearsal.bench.account.hide_canary_series();
    (rehearsal, stage)
}

fn counts(seen: &CanaryWatch) -> Vec<(i64, [u64; 6])> {
    let minute = |minute: &portcullis_operations::canary_watch::CanaryMinute| {
        let (one, other) = (&minute.candidate, &minute.baseline);
        let counts = [
            one.requests,
            one.client_errors,
            one.server_errors,
            other.requests,
            other.client_errors,
            other.server_errors,
        ];
        (minute.minute, counts)
    };
    seen.minutes.iter().map(minute).collect()
}

#[tokio::test]
async fn the_log_counts_what_cloudwatch_counts_where_both_can_tell() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    logs(&rehearsal, &stage, GROUP, JSON).await;
    let by_metrics = rehearsal.watch(&stage).await;
    assert_eq!(by_metrics.source, CanarySource::StageCanaryDimension, "metrics come first");
    rehearsal.bench.account.hide_canary_series();
    let by_log = rehearsal.watch(&stage).await;
    assert_eq!(by_log.source, CanarySource::AccessLog, "{:?}", by_log.notes);
    assert_eq!(counts(&by_log), counts(&by_metrics));
    assert!(by_log.candidate.requests > 100 && by_log.minutes.len() == 30, "{:?}", by_log.candidate);
    // The same latencies, written as whole milliseconds.
    for (logged, counted) in [
        (by_log.candidate.latency_p50, by_metrics.candidate.latency_p50),
        (by_log.candidate.latency_p99, by_metrics.candidate.latency_p99),
        (by_log.candidate.latency_average, by_metrics.candidate.latency_average),
        (by_log.baseline.latency_average, by_metrics.baseline.latency_average),
    ] {
        let (logged, counted) = (logged.unwrap(), counted.unwrap());
        assert!((logged - counted).abs() <= 1.0, "{logged} ms in the log, {counted} ms in CloudWatch");
    }
    assert_eq!(by_log.judgement.verdict, CanaryVerdict::Healthy, "{:?}", by_log.judgement);
    assert!(by_log.source_words.contains("access log ($context.isCanaryRequest)"), "{}", by_log.source_words);
    assert!(
        by_log.notes.iter().any(|note| note.contains("/shop/access and /shop/access/Canary")),
        "{:?}",
        by_log.notes
    );
    assert!(by_log.coverage.complete);
    assert_eq!(serde_json::to_value(&by_log).unwrap()["source"], json!("access-log"), "what a pipeline reads");
}

#[tokio::test]
async fn json_xml_csv_and_clf_tell_the_same() {
    let (rehearsal, stage) = unseen(GROUP, JSON).await;
    let expected = rehearsal.watch(&stage).await;
    for format in [XML, CSV, CLF] {
        logs(&rehearsal, &stage, GROUP, format).await;
        let seen = rehearsal.watch(&stage).await;
        assert_eq!(seen.source, CanarySource::AccessLog, "{format}: {:?}", seen.notes);
        assert_eq!(counts(&seen), counts(&expected), "{format}");
        assert_eq!(seen.judgement.verdict, CanaryVerdict::Healthy, "{format}: {:?}", seen.judgement);
        let named = format == CLF;
        assert_eq!(seen.routes.is_empty(), !named, "{format}: only lines with method and resource tell of routes");
    }
}

#[tokio::test]
async fn a_log_that_cannot_tell_says_why_and_nothing_is_invented() {
    let rehearsal = Rehearsal::begin().await;
    let stage = rehearsal.prod().await;
    rehearsal.bench.account.hide_canary_series();
    let whole = rehearsal.watch(&stage).await;
    assert!(whole.notes.iter().any(|note| note.contains("writes no access log")), "{:?}", whole.notes);
    for (destination, format, says) in [
        (GROUP, r#"{"id":"$context.requestId","status":"$context.status"}"#, "has no $context.isCanaryRequest"),
        (GROUP, "$context.identity.userAgent $context.isCanaryRequest $context.error.message", "on both sides"),
        (
            "arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-shop",
            JSON,
            "not to CloudWatch Logs",
        ),
    ] {
        logs(&rehearsal, &stage, destination, format).await;
        let seen = rehearsal.watch(&stage).await;
        assert_eq!((seen.source, seen.candidate.requests), (CanarySource::WholeStage, 0), "{format}");
        assert!(seen.notes.iter().any(|note| note.contains(says)), "{says}: {:?}", seen.notes);
        assert_eq!(seen.judgement.verdict, CanaryVerdict::Inconclusive);
        assert!(seen.coverage.complete, "a log that cannot tell is no failure: {:?}", seen.coverage);
    }
}

#[tokio::test]
async fn what_the_lines_leave_out_keeps_the_candidate_from_being_healthy() {
    for (format, says) in [
        ("$context.requestId $context.isCanaryRequest $context.responseLatency", "nothing is known of errors"),
        ("$context.requestId $context.isCanaryRequest $context.status", "has no latency"),
        (
            "$context.requestId $context.isCanaryRequest $context.status $context.integrationLatency",
            "how long clients wait",
        ),
    ] {
        let (rehearsal, stage) = unseen(GROUP, format).await;
        let seen = rehearsal.watch(&stage).await;
        assert_eq!((seen.source, seen.judgement.verdict), (CanarySource::AccessLog, CanaryVerdict::Inconclusive));
        assert!(seen.judgement.reasons.iter().any(|reason| reason.contains(says)), "{:?}", seen.judgement);
    }
}

#[tokio::test]
async fn a_query_that_does_not_come_to_its_end_is_a_gap() {
    for status in ["Failed", "Timeout", "Cancelled"] {
        let (rehearsal, stage) = unseen(GROUP, JSON).await;
        rehearsal.bench.account.end_log_queries(status);
        let seen = rehearsal.watch(&stage).await;
        assert_eq!(
            (seen.source, seen.judgement.verdict),
            (CanarySource::WholeStage, CanaryVerdict::Inconclusive),
            "{status}"
        );
        assert_eq!(seen.candidate.requests, 0, "{status}: a part is not shown for the whole");
        let gap = seen.coverage.gaps.iter().find(|gap| gap.resource == "the access log of the stage");
        assert_eq!(gap.unwrap().service, "logs", "{status}");
    }
    for operation in ["DescribeLogGroups", "StartQuery", "GetQueryResults"] {
        let (rehearsal, stage) = unseen(GROUP, JSON).await;
        rehearsal.bench.account.faults().fail(Fault::denied("logs", operation));
        let seen = rehearsal.watch(&stage).await;
        assert_eq!(
            (seen.source, seen.judgement.verdict),
            (CanarySource::WholeStage, CanaryVerdict::Inconclusive),
            "{operation}"
        );
        assert!(seen.coverage.gaps.iter().any(|gap| gap.operation == operation), "{operation}: {:?}", seen.coverage);
    }
}

#[tokio::test]
async fn the_bad_candidate_is_found_in_the_log_by_its_route_and_taken_back() {
    let (rehearsal, stage) = unseen(GROUP, JSON).await;
    rehearsal.start(&stage, BAD).await;
    let terms = ReleaseTerms {
        mode: ReleaseMode::Automatic,
        steps: vec![ReleaseStep { percent: 10.0, minutes: 10 }, ReleaseStep { percent: 50.0, minutes: 10 }],
        ..ReleaseTerms::default()
    };
    let request = CanaryReleaseBeginRequest {
        stage,
        terms: Some(terms),
        template: None,
        reason: "release 4.2".to_owned(),
        confirmed: true,
        typed: Vec::new(),
    };
    canary_release_begin(&rehearsal.host, request).await.unwrap();
    rehearsal.minutes(5).await;
    let release = rehearsal.release().await;
    assert_eq!(release.state, ReleaseState::RolledBack, "{} {:?}", release.words, release.judgement);
    assert!(release.words.contains("coupon"), "{}", release.words);
    assert_eq!(rehearsal.live().await.0, CanaryState::None);
}
