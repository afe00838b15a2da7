//! What a limit would have done to an HTTP API's route: its requests are found under either of the two sets of dimensions
//! that are written about, and totals of the stage are never taken for the route's.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use bytes::Bytes;
use common::{Bench, NOW, route, routes};
use http::Request;
use jiff::Timestamp;
use portcullis_domain::route::Route;
use portcullis_operations::{catalogue::call, error::ErrorCode, host::Host};
use serde_json::{Value, json};

async fn replayed(host: &Host, route: &Route, rate: Option<&str>, burst: Option<&str>) -> Value {
    let request = json!({ "routeId": route.id, "rate": rate, "burst": burst });
    call(host, "throttle_replay", request).await.unwrap()
}

/// Detailed metrics of the mobile API's stage, which is where routes get metrics of their own.
async fn detailed(bench: &Bench, route: &Route, on: bool) {
    let body = json!({ "defaultRouteSettings": { "detailedMetricsEnabled": on } }).to_string();
    let uri = format!("/v2/apis/{}/stages/{}", route.api_id, route.stage);
    let answer = bench.account.answer(Request::patch(uri).body(Bytes::from(body)).unwrap()).await;
    assert_eq!(answer.status(), 200);
}

/// Requests of single minutes before now, under these dimensions.
async fn put(bench: &Bench, dimensions: &[(&str, &str)], minutes: &[(i64, f64)]) {
    let now = NOW.parse::<Timestamp>().unwrap().as_second();
    let dimensions: Vec<Value> =
        dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
    let data: Vec<Value> = minutes
        .iter()
        .map(|(ago, requests)| {
            let at = now - ago * 60;
            json!({ "MetricName": "Count", "Dimensions": dimensions, "Timestamp": at, "Values": [1.0], "Counts": [requests] })
        })
        .collect();
    let body = json!({ "Namespace": "AWS/ApiGateway", "MetricData": data }).to_string();
    let request = Request::post("/")
        .header("x-amz-target", "GraniteServiceVersion20100801.PutMetricData")
        .header("content-type", "application/x-amz-json-1.0")
        .body(Bytes::from(body))
        .unwrap();
    let answer = bench.account.answer(request).await;
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
}

#[tokio::test]
async fn requests_of_an_http_route_are_found_by_either_form_and_a_stages_totals_are_said_to_be_its() {
    let bench = Bench::new();
    let host = bench.read().await;
    let all = routes(&host).await;
    let login = route(&all, "mobile", "POST", "/login");

    // The documented form: `Route`. The demo account's traffic comes under it.
    let documented = replayed(&host, login, Some("3"), Some("6")).await;
    assert_eq!(documented["source"], "route");
    let requests = documented["replay"]["requests"].as_u64().unwrap();
    assert!(requests > 1_000, "{requests}");
    assert!(!documented["verdict"].as_str().unwrap().contains("stage"), "{}", documented["verdict"]);

    // No metric of the route: the stage's totals, said to be no more than that.
    detailed(&bench, login, false).await;
    let of_stage = replayed(&host, login, Some("3"), Some("6")).await;
    assert_eq!(of_stage["source"], "stage");
    assert!(of_stage["replay"]["requests"].as_u64().unwrap() > requests);
    let verdict = of_stage["verdict"].as_str().unwrap();
    assert!(verdict.contains("These are the whole stage's requests: the route has no metric of its own"), "{verdict}");

    // The other form, `Method` and `Resource`: 600 requests in one minute and 60 an hour later.
    let of = [("ApiId", &*login.api_id), ("Stage", &*login.stage), ("Method", "POST"), ("Resource", "/login")];
    put(&bench, &of, &[(180, 600.0), (120, 60.0)]).await;
    let other = replayed(&host, login, Some("5"), Some("60")).await;
    assert_eq!((&other["source"], &other["replay"]["requests"]), (&json!("route"), &json!(660)));
    // By hand: 10 a second against 5 with 60 to spare lose 300 - 60 of the minute; at once 60 + 5 pass.
    assert!((other["replay"]["refusedEven"].as_f64().unwrap() - 240.0).abs() < 1e-6, "{other:#}");
    assert!((other["replay"]["refusedAtOnce"].as_f64().unwrap() - 535.0).abs() < 1e-6, "{other:#}");

    // An account that has both counts each request once.
    detailed(&bench, login, true).await;
    let both = replayed(&host, login, Some("3"), Some("6")).await;
    assert_eq!(both["replay"]["requests"], requests);
}

#[tokio::test]
async fn what_is_not_said_of_a_limit_is_what_applies_now() {
    let bench = Bench::new();
    let host = bench.read().await;
    let all = routes(&host).await;
    let login = route(&all, "mobile", "POST", "/login");
    let now = login.throttle.limit;
    let (rate, burst) = (now.rate.unwrap().to_string(), now.burst.unwrap().to_string());
    let spelled = replayed(&host, login, Some("1"), Some(&burst)).await;
    assert_eq!(replayed(&host, login, Some("1"), None).await["replay"], spelled["replay"]);
    let spelled = replayed(&host, login, Some(&rate), Some("2")).await;
    assert_eq!(replayed(&host, login, None, Some("2")).await["replay"], spelled["replay"]);
    let wrong = json!({ "routeId": login.id, "rate": "ten" });
    assert_eq!(call(&host, "throttle_replay", wrong).await.unwrap_err().code, ErrorCode::InvalidInput);
}
