//! Alarms against an account: places, what is wrong with them, the order, coverage. Shapes are those of published
//! templates and of recorded answers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{testing::inventory, *};
use crate::inventory::ApiInventory;

fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

fn dimensions(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
}

/// An average of more than 0.05, with an action.
fn plain(name: &str, metric: &str, of: &[(&str, &str)]) -> Value {
    json!({ "AlarmName": name, "Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": dimensions(of), "Statistic": "Average",
        "Period": 60, "EvaluationPeriods": 5, "Threshold": 0.05, "ComparisonOperator": "GreaterThanThreshold", "StateValue": "OK",
        "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:oncall"], "StateTransitionedTimestamp": "2026-03-02T09:00:00Z" })
}

fn read(alarms: &[Value]) -> Vec<Alarm> {
    alarms.iter().map(|alarm| Alarm::read("demo", alarm)).collect()
}

fn account() -> Vec<Arc<ApiInventory>> {
    vec![inventory("REST", "a1", "shop"), inventory("HTTP", "h1", "mobile")]
}

fn looked(alarms: &[Value]) -> Vec<AlarmLine> {
    lines(&read(alarms), &account(), true, now())
}

const STAGE: [(&str, &str); 2] = [("ApiName", "shop"), ("Stage", "prod")];

#[test]
fn what_can_never_go_off_is_said() {
    let route = |resource, method| [STAGE[0], STAGE[1], ("Resource", resource), ("Method", method)];
    for (metric, of, wrong) in [
        ("5XXError", &STAGE[..], ""),
        ("5XXError", &STAGE[..1], ""),
        ("5XXError", &[("ApiName", "shop"), ("Stage", "prod/Canary")], ""),
        ("4xx", &[("ApiId", "h1"), ("Stage", "prod")], ""),
        ("5XXError", &route("/login", "POST"), ""),
        ("5XXError", &[("ApiName", "shop-2019"), ("Stage", "prod")], "There is no API shop-2019"),
        ("5XXError", &[("ApiName", "shop"), ("Stage", "beta")], "has no stage beta"),
        ("5XXError", &route("/gone", "GET"), "serves no GET /gone"),
        ("5XXError", &route("/a", "GET"), "Detailed metrics are off for GET /a"),
        ("5xx", &STAGE[..], "REST APIs have no metric 5xx"),
        ("5XXError", &[("ApiId", "h1"), ("Stage", "prod")], "HTTP APIs have no metric 5XXError"),
        // Both from published templates.
        ("Latency", &[("FunctionName", "orders-api")], "publishes no Latency with FunctionName"),
        ("5XXError", &[("ApiName", "shop"), ("Stage", "prod"), ("Method", "GET")], "publishes no 5XXError with"),
        ("5XXError", &[], "no dimensions"),
    ] {
        let line = looked(&[plain("a", metric, of)]).pop().unwrap();
        let said: Vec<&str> = line.troubles.iter().map(|trouble| trouble.message.as_str()).collect();
        match wrong {
            "" => assert!(said.is_empty(), "{metric} {of:?}: {said:?}"),
            wrong => assert!(said.iter().any(|one| one.contains(wrong)), "{metric} {of:?}: {said:?}"),
        }
    }
    let unread =
        lines(&read(&[plain("a", "5XXError", &[("ApiName", "x"), ("Stage", "prod")])]), &account(), false, now());
    assert_eq!(unread[0].troubles[0].kind, AlarmTroubleKind::Unchecked, "what was not read is not gone");
}

#[test]
fn a_share_never_gets_past_one_and_nothing_is_below_zero() {
    for (comparison, threshold, never) in [
        ("GreaterThanThreshold", 1.0, true),
        ("GreaterThanThreshold", 0.99, false),
        ("GreaterThanOrEqualToThreshold", 1.0, false),
        ("LessThanThreshold", 0.0, true),
    ] {
        let mut alarm = plain("a", "5XXError", &STAGE);
        alarm["ComparisonOperator"] = json!(comparison);
        alarm["Threshold"] = json!(threshold);
        let troubles = looked(&[alarm]).pop().unwrap().troubles;
        assert_eq!(
            troubles.iter().any(|one| one.kind == AlarmTroubleKind::NeverFires),
            never,
            "{comparison} {threshold}"
        );
    }
}

#[test]
fn whether_anybody_is_told_counts_composite_alarms() {
    let mut silent = plain("silent", "5XXError", &STAGE);
    silent["AlarmActions"] = json!([]);
    let mut off = plain("off", "4XXError", &STAGE);
    off["ActionsEnabled"] = json!(false);
    let composite = json!({ "AlarmName": "pager", "AlarmRule": "ALARM(silent) OR OK(gone)", "StateValue": "ALARM",
        "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:oncall"] });
    let of = |lines: &[AlarmLine], name: &str| lines.iter().find(|line| line.alarm.name == name).unwrap().clone();
    let alone = looked(&[silent.clone(), off.clone()]);
    assert!(!of(&alone, "silent").tells && !of(&alone, "off").tells);
    assert!(of(&alone, "off").troubles[0].message.contains("switched off"));
    let together = looked(&[silent, off, composite]);
    assert!(of(&together, "silent").tells);
    assert_eq!(of(&together, "silent").parents, ["pager"]);
    let pager = of(&together, "pager");
    assert_eq!(pager.places[0].label(), "shop/prod", "a composite alarm is where its alarms are");
    assert!(pager.troubles[0].message.contains("alarm gone, which does not exist"));
    assert_eq!(together[0].alarm.name, "pager", "what burns comes first");
}

#[test]
fn alarms_of_a_stage_that_burn_are_found_through_math_and_rules() {
    let query = |id: &str, metric: &str| {
        json!({ "Id": id, "ReturnData": false, "MetricStat": { "Stat": "Sum", "Period": 60,
            "Metric": { "Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": dimensions(&STAGE) } } })
    };
    let math = json!({ "AlarmName": "math", "StateValue": "ALARM", "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold",
        "Metrics": [{ "Id": "e", "Expression": "m1/m2" }, query("m1", "5XXError"), query("m2", "Count")] });
    let rule = json!({ "AlarmName": "rule", "StateValue": "ALARM", "AlarmRule": "NOT OK(\"arn:aws:cloudwatch:r:1:alarm:fine\")" });
    let other = json!({ "AlarmName": "other", "StateValue": "ALARM", "AlarmRule": "ALARM(elsewhere)" });
    let all = read(&[
        math,
        rule,
        other,
        plain("fine", "5XXError", &STAGE),
        plain("elsewhere", "5XXError", &[("ApiName", "x")]),
    ]);
    let api = testing::api("REST", "a1", "shop");
    assert_eq!(burning_of_stage(&all, &api, "prod"), ["math", "rule"]);
    assert!(burning_of_stage(&all, &api, "test").is_empty());
}

#[test]
fn rules_in_a_circle_end() {
    let rule = |name: &str, of: &str| json!({ "AlarmName": name, "AlarmRule": format!("ALARM({of})") });
    assert!(looked(&[rule("a", "b"), rule("b", "a")]).is_empty());
}

#[test]
fn names_are_compared_as_cloudwatch_keeps_them() {
    assert_eq!(metric_api_name(&testing::api("REST", "a1", "Bücher-API")), "Bcher-API");
    assert_eq!(metric_api_name(&testing::api("REST", "a1", "店")), "a1");
    let apis = vec![inventory("REST", "a1", "shop"), inventory("REST", "a2", "shop")];
    let shared = lines(&read(&[plain("a", "5XXError", &STAGE)]), &apis, true, now());
    assert_eq!(shared[0].troubles[0].kind, AlarmTroubleKind::Shared);
    assert_eq!(shared[0].places.len(), 2);
}

#[test]
fn what_somebody_named_badly_is_still_a_line() {
    let hostile = "=cmd|' /C calc'!A0\u{202e}<script>";
    let line = looked(&[plain(hostile, "5XXError", &[("ApiName", hostile), ("Stage", "prod")])]).pop().unwrap();
    assert_eq!(line.alarm.name, hostile);
    assert_eq!(Alarm::read("demo", &json!({ "Threshold": "many" })).name, "(an alarm without a name)");
    let bare = Alarm::read("demo", &json!({ "AlarmName": "x", "Metrics": "?", "Dimensions": 3, "StateValue": "NEW" }));
    assert_eq!((bare.kind, bare.state), (AlarmKind::Query, AlarmState::Unknown));
}

#[test]
fn coverage_is_by_stage_and_by_sensitive_route() {
    let apis = account();
    let routes = [testing::route("POST", "/login", "login"), testing::route("GET", "/a", "browse")];
    let mut silent = plain("quiet", "4XXError", &STAGE);
    silent["AlarmActions"] = json!([]);
    let alarms = [
        plain("errors", "5XXError", &STAGE),
        silent,
        plain("api", "Latency", &STAGE[..1]),
        plain("login", "4XXError", &[STAGE[0], STAGE[1], ("Resource", "/login"), ("Method", "POST")]),
    ];
    let rows = coverage("demo", &apis[0], &routes, &looked(&alarms));
    let told = |row: &CoverRow| {
        let cells = row.cells.iter().map(|cell| format!("{:?} {:?}", cell.subject, cell.verdict));
        format!("{}: {}", row.route.as_deref().unwrap_or("stage"), cells.collect::<Vec<_>>().join(", "))
    };
    assert_eq!(
        rows.iter().map(told).collect::<Vec<_>>(),
        [
            "stage: ServerErrors Covered, ClientErrors Silent, Latency Wider",
            "POST /login: ServerErrors Wider, ClientErrors Covered, Latency Wider",
        ]
    );
    assert_eq!(rows[0].missing(), [AlarmSubject::Latency]);
    assert!(rows[1].missing().is_empty());
}

#[test]
fn the_recommended_alarm_is_the_documented_one() {
    let login = Some("POST /login");
    let rest = recommended(&testing::api("REST", "a1", "shop"), "prod", login, AlarmSubject::ServerErrors);
    assert_eq!(rest.name, "apigateway-shop-prod-POST /login-5xx");
    assert_eq!((rest.threshold, rest.datapoints_to_alarm, rest.statistic.as_str()), (0.05, 3, "Average"));
    assert_eq!(rest.dimensions.keys().collect::<Vec<_>>(), ["ApiName", "Method", "Resource", "Stage"]);
    let http = recommended(&testing::api("HTTP", "h1", "mobile"), "$default", login, AlarmSubject::Latency);
    assert_eq!(http.name, "apigateway-mobile-h1-$default-POST /login-latency");
    assert_eq!((http.dimensions["Route"].as_str(), http.threshold), ("POST /login", 2_500.0));
    let long = "x".repeat(400);
    let one = alarm_name(&testing::api("REST", "a1", &long), "prod", None, AlarmSubject::Latency);
    let two = alarm_name(&testing::api("REST", "a1", &long), "test", None, AlarmSubject::Latency);
    assert_eq!(one.chars().count(), 255);
    assert_ne!(one, two, "two stages never share a name");
}
