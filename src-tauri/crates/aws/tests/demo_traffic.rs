//! The account's traffic, asked for as any client asks for it.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use aws_sdk_cloudwatch::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    primitives::DateTime,
    types::{Dimension, Metric, MetricDataQuery, MetricStat},
};
use jiff::Timestamp;
use portcullis_demo::DemoAccount;
use portcullis_domain::FixedClock;

/// A Monday at four in the afternoon.
const NOW: i64 = 1_772_467_200;

fn client() -> Client {
    let account = DemoAccount::standard(Arc::new(FixedClock(Timestamp::from_second(NOW).unwrap()))).unwrap();
    let config = aws_sdk_cloudwatch::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIADEMO", "demo", None, None, "test"))
        .http_client(account.http_client())
        .build();
    Client::from_conf(config)
}

/// The sum of a series over the last `hours`.
async fn sum(client: &Client, metric: &str, dimensions: &[(&str, &str)], hours: i64) -> f64 {
    let dimensions =
        dimensions.iter().map(|(name, value)| Dimension::builder().name(*name).value(*value).build()).collect();
    let metric =
        Metric::builder().namespace("AWS/ApiGateway").metric_name(metric).set_dimensions(Some(dimensions)).build();
    let stat = MetricStat::builder().metric(metric).period(60).stat("Sum").build();
    let answer = client
        .get_metric_data()
        .metric_data_queries(MetricDataQuery::builder().id("q").metric_stat(stat).build())
        .start_time(DateTime::from_secs(NOW - hours * 3600))
        .end_time(DateTime::from_secs(NOW))
        .send()
        .await
        .unwrap();
    answer.metric_data_results()[0].values().iter().sum()
}

#[tokio::test]
async fn a_stage_has_the_requests_of_its_methods() {
    let client = client();
    let stage = sum(&client, "Count", &[("ApiName", "storefront"), ("Stage", "prod")], 1).await;
    let login = [("ApiName", "storefront"), ("Stage", "prod"), ("Resource", "/v2/login"), ("Method", "POST")];
    let login = sum(&client, "Count", &login, 1).await;
    assert!(login > 100.0 && stage > 10.0 * login, "{login} of {stage}");
    let errors = sum(&client, "5XXError", &[("ApiName", "storefront"), ("Stage", "prod")], 1).await;
    assert!(errors < stage / 100.0, "{errors} of {stage}");
}

#[tokio::test]
async fn what_does_not_exist_has_no_requests() {
    let client = client();
    for dimensions in [
        &[("ApiName", "nobody")][..],
        &[("ApiName", "storefront"), ("Stage", "nowhere")],
        &[("ApiName", "storefront"), ("Stage", "prod"), ("Resource", "/nowhere"), ("Method", "GET")],
        // Half a method is no dimension set of API Gateway's.
        &[("ApiName", "storefront"), ("Stage", "prod"), ("Resource", "/v2/login")],
        // Detailed metrics are off there.
        &[("ApiName", "storefront"), ("Stage", "staging"), ("Resource", "/v2/login"), ("Method", "POST")],
    ] {
        assert!(sum(&client, "Count", dimensions, 1).await.abs() < f64::EPSILON, "{dimensions:?}");
    }
}

#[tokio::test]
async fn a_canary_has_its_share_and_the_stage_contains_it() {
    let client = client();
    let stage = sum(&client, "Count", &[("ApiName", "storefront"), ("Stage", "prod")], 2).await;
    let canary = sum(&client, "Count", &[("ApiName", "storefront"), ("Stage", "prod/Canary")], 2).await;
    let share = canary / stage;
    assert!((0.08..0.12).contains(&share), "10 percent were said, {share} came");
    let listed = client.list_metrics().namespace("AWS/ApiGateway").metric_name("Count").send().await.unwrap();
    let of_canary = listed
        .metrics()
        .iter()
        .any(|metric| metric.dimensions().iter().any(|dimension| dimension.value() == Some("prod/Canary")));
    assert!(of_canary, "ListMetrics finds the canary's series");
}
