//! Every file of the corpus of alarms (templates, snapshots, documentation): each alarm in it is a line, as far as it can
//! be read, nothing lost, nothing breaks.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use portcullis_domain::alarms::{Alarm, AlarmHistoryItem, AlarmTroubleKind, lines};
use serde_json::{Value, json};

fn files() -> Option<BTreeMap<String, String>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus/alarms");
    if !folder.is_dir() {
        println!("skipped: the corpus of alarms is not on this machine ({})", folder.display());
        return None;
    }
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    Some(
        entries
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                (name, String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
            })
            .collect(),
    )
}

/// Every JSON object of a text, those in prose too.
fn objects(text: &str) -> Vec<Value> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find('{') {
        let mut stream = serde_json::Deserializer::from_str(&rest[at..]).into_iter::<Value>();
        match stream.next() {
            Some(Ok(value)) => {
                rest = &rest[at + stream.byte_offset()..];
                found.push(value);
            }
            _ => rest = &rest[at + 1..],
        }
    }
    found
}

/// Alarms, wherever they stand: a template's have its own words (`Fn::Sub`, `Ref`) where AWS has texts.
fn alarms(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            let is_alarm = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"]
                .iter()
                .any(|wanted| members.get("Type").and_then(Value::as_str) == Some(wanted));
            match members.get("Properties") {
                Some(properties) if is_alarm => found.push(properties.clone()),
                _ => members.values().for_each(|member| alarms(member, found)),
            }
        }
        Value::Array(items) => items.iter().for_each(|item| alarms(item, found)),
        _ => {}
    }
}

fn history(value: &Value) -> Vec<&Value> {
    value["AlarmHistoryItems"].as_array().into_iter().flatten().collect()
}

/// What is none of CloudWatch's members is left to a template: the metrics whose names are texts are those that count.
fn gateway_metrics(alarm: &Value) -> usize {
    let own = (alarm["Namespace"] == "AWS/ApiGateway" && alarm["MetricName"].is_string()).into();
    let of_query = |query: &Value| {
        let metric = &query["MetricStat"]["Metric"];
        metric["Namespace"] == "AWS/ApiGateway" && metric["MetricName"].is_string()
    };
    let queries = alarm["Metrics"].as_array().into_iter().flatten().filter(|query| of_query(query)).count();
    if alarm["MetricName"].is_string() { own } else { queries }
}

#[test]
fn every_alarm_of_every_file_is_a_line_as_far_as_it_can_be_read() {
    let Some(files) = files() else { return };
    let now = "2026-03-02T10:00:00Z".parse().unwrap();
    let (mut all, mut on_gateway, mut gone, mut items) = (0, 0, 0, 0);
    for (name, text) in &files {
        let (mut found, documents) = (Vec::new(), objects(text));
        documents.iter().for_each(|document| alarms(document, &mut found));
        let read: Vec<Alarm> = found.iter().map(|alarm| Alarm::read("demo", alarm)).collect();
        for (json, alarm) in found.iter().zip(&read) {
            assert!(!alarm.name.is_empty(), "{name} {json}");
            let metrics = alarm.metrics.iter().filter(|metric| metric.namespace == "AWS/ApiGateway").count();
            assert_eq!(metrics, gateway_metrics(json), "{name} {}", alarm.name);
        }
        // The account has none of these APIs: each is still shown, with what is wrong with it.
        let shown = lines(&read, &[], true, now);
        let ours = read.iter().filter(|alarm| alarm.is_ours()).count();
        assert!(shown.len() >= ours, "{name}: {} lines of {ours} alarms on API Gateway", shown.len());
        for line in &shown {
            assert!(!line.watches.is_empty(), "{name} {}", line.alarm.name);
            assert!(!line.troubles.is_empty(), "{name} {}: an alarm on an API that is not there", line.alarm.name);
            gone += usize::from(line.troubles.iter().any(|trouble| trouble.kind == AlarmTroubleKind::Gone));
        }
        for item in documents.iter().flat_map(history) {
            let text = |member: &str| item[member].as_str().unwrap_or_default();
            let [alarm, at, kind, summary, data] =
                ["AlarmName", "Timestamp", "HistoryItemType", "HistorySummary", "HistoryData"].map(text);
            let read = AlarmHistoryItem::read(alarm, at, kind, summary, data);
            assert!(read.from.is_some() && read.to.is_some() && read.reason.is_some(), "{name} {item}");
            items += 1;
        }
        all += read.len();
        on_gateway += ours;
    }
    println!(
        "{} files, {all} alarms, {on_gateway} on API Gateway, {gone} on APIs that are gone, {items} of history",
        files.len()
    );
    // Counted with `grep -c`, so that a reader that finds none of them is noticed.
    let there = |wanted: &str| files.values().map(|text| text.matches(wanted).count()).sum::<usize>();
    assert_eq!(all, there("\"AWS::CloudWatch::Alarm\"") + there("\"AWS::CloudWatch::CompositeAlarm\""));
    assert_eq!(items, 2);
    assert!(on_gateway >= 20 && gone >= 20, "{on_gateway} alarms on API Gateway, {gone} on APIs that are gone");
}

#[test]
fn an_alarm_of_a_shape_that_nobody_expects_is_still_a_line() {
    for alarm in [
        json!(null),
        json!("an alarm"),
        json!({}),
        json!({ "AlarmName": { "Fn::Sub": "x" }, "Namespace": "AWS/ApiGateway", "MetricName": "5XXError", "Threshold": "many" }),
        json!({ "AlarmName": "\u{1b}[31m<img src=x>", "Metrics": [null, 7, { "MetricStat": "none" }] }),
        json!({ "AlarmName": "n", "AlarmRule": { "Fn::Join": ["", []] }, "StateValue": "ON_FIRE", "Dimensions": "?" }),
        json!({ "AlarmName": "n", "AlarmRule": "ALARM(\"cut" }),
        json!({ "AlarmArn": "arn:aws:cloudwatch:eu-west-1:1:alarm:by-arn", "MetricName": "4xx", "Namespace": "AWS/ApiGateway" }),
    ] {
        let read = Alarm::read("demo", &alarm);
        assert!(!read.name.is_empty(), "{alarm}");
        let shown = lines(std::slice::from_ref(&read), &[], false, "2026-03-02T10:00:00Z".parse().unwrap());
        assert_eq!(shown.len(), usize::from(read.is_ours()), "{alarm}");
        assert!(shown.iter().all(|line| !line.watches.is_empty()), "{alarm}");
    }
    let by_arn = json!({ "AlarmArn": "arn:aws:cloudwatch:eu-west-1:1:alarm:by-arn" });
    assert_eq!(Alarm::read("demo", &by_arn).name, "by-arn");
}
