//! What an alarm watches, in a sentence: `5XX errors of shop/prod over 1 percent in 3 of 5 minutes`.

use super::{
    Alarm, AlarmCondition, AlarmKind, AlarmPlace, AlarmState, WatchedMetric,
    rule::{Piece, pieces},
};

/// The sentence. `places` are where the alarm's metrics are of.
pub(super) fn watches(alarm: &Alarm, places: &[AlarmPlace]) -> String {
    match (alarm.kind, &alarm.rule, &alarm.condition) {
        (AlarmKind::Composite, Some(rule), _) => in_words(rule),
        (AlarmKind::Query, _, _) => match &alarm.expression {
            Some(query) => format!("a query: {query}"),
            None => "something that this program cannot read".to_owned(),
        },
        (kind, _, Some(condition)) => {
            let mut labels: Vec<String> = places.iter().map(AlarmPlace::label).collect();
            labels.dedup();
            let mut of = if labels.is_empty() { dimensions(alarm) } else { labels.join(" and ") };
            if !of.is_empty() {
                of = format!(" of {of}");
            }
            let (what, how) = match kind {
                AlarmKind::MetricMath => (math(alarm), compared(condition, "", 1.0)),
                AlarmKind::AnomalyDetection => (subjects(alarm), band(condition)),
                _ => match alarm.metrics.first() {
                    Some(metric) => {
                        let (unit, factor) = unit(metric);
                        (subject(metric), compared(condition, unit, factor))
                    }
                    None => ("nothing".to_owned(), String::new()),
                },
            };
            let what = if kind == AlarmKind::MetricMath { what } else { capital(&what) };
            format!("{what}{of} {how} {}", periods(condition)).trim().to_owned()
        }
        _ => "something that this program cannot read".to_owned(),
    }
}

/// `p90` stays: AWS writes it so.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some('p'), Some('0'..='9')) | (None, _) => words.to_owned(),
        (Some(first), _) => first.to_uppercase().chain(letters).collect(),
    }
}

/// What the metrics of an alarm have as dimensions, where they name no place.
fn dimensions(alarm: &Alarm) -> String {
    let first = alarm.metrics.first().map(|metric| &metric.dimensions);
    first.into_iter().flatten().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

fn noun(metric: &str) -> String {
    match metric {
        "5XXError" | "5xx" => "5XX errors",
        "4XXError" | "4xx" => "4XX errors",
        "ExecutionError" => "execution errors",
        "IntegrationError" => "integration errors",
        "ClientError" => "client errors",
        "Latency" => "latency",
        "IntegrationLatency" => "integration latency",
        "Count" => "requests",
        "MessageCount" => "messages",
        "ConnectCount" => "connections",
        "CacheHitCount" => "cache hits",
        "CacheMissCount" => "cache misses",
        "DataProcessed" => "bytes processed",
        other => return other.to_owned(),
    }
    .to_owned()
}

/// Metrics that are 0 or 1 for each request: their average is a share.
pub(super) fn is_share(metric: &WatchedMetric) -> bool {
    let errors = ["5XXError", "5xx", "4XXError", "4xx", "ExecutionError", "IntegrationError", "ClientError"];
    metric.statistic == "Average" && errors.contains(&metric.metric.as_str())
}

fn subject(metric: &WatchedMetric) -> String {
    let noun = noun(&metric.metric);
    match metric.statistic.as_str() {
        "Average" if is_share(metric) => noun,
        "Sum" | "" => noun,
        // Every request is one sample of each metric.
        "SampleCount" => {
            if metric.metric == "Count" {
                noun
            } else {
                format!("samples of {noun}")
            }
        }
        "Average" => format!("average {noun}"),
        "Maximum" => format!("highest {noun}"),
        "Minimum" => format!("lowest {noun}"),
        other => format!("{other} {noun}"),
    }
}

fn subjects(alarm: &Alarm) -> String {
    let all: Vec<String> = alarm.metrics.iter().map(subject).collect();
    all.join(" and ")
}

fn unit(metric: &WatchedMetric) -> (&'static str, f64) {
    match metric.metric.as_str() {
        "Latency" | "IntegrationLatency" if metric.statistic != "SampleCount" => (" ms", 1.0),
        _ if is_share(metric) => (" percent", 100.0),
        _ => ("", 1.0),
    }
}

/// `m1/m2*100 (m1: 5XX errors, m2: requests)`, or the label that somebody gave it.
fn math(alarm: &Alarm) -> String {
    let expression = alarm.expression.clone().unwrap_or_default();
    let named: Vec<String> = alarm.metrics.iter().map(|metric| format!("{}: {}", metric.id, subject(metric))).collect();
    let what = format!("{expression} ({})", named.join(", "));
    alarm.label.as_ref().map_or_else(|| what.clone(), |label| format!("{label}, {what},"))
}

fn compared(condition: &AlarmCondition, unit: &str, factor: f64) -> String {
    let words = match condition.comparison.as_str() {
        "GreaterThanThreshold" => "over",
        "GreaterThanOrEqualToThreshold" => "at least",
        "LessThanThreshold" => "under",
        "LessThanOrEqualToThreshold" => "at most",
        other => other,
    };
    condition.threshold.map_or_else(|| words.to_owned(), |number| format!("{words} {}{unit}", shown(number * factor)))
}

fn band(condition: &AlarmCondition) -> String {
    match condition.comparison.as_str() {
        "GreaterThanUpperThreshold" => "above what CloudWatch expects",
        "LessThanLowerThreshold" => "below what CloudWatch expects",
        _ => "outside of what CloudWatch expects",
    }
    .to_owned()
}

/// `in 3 of 5 minutes`, `in 2 of 2 periods of 5 minutes`, `in one minute`.
fn periods(condition: &AlarmCondition) -> String {
    let (some, all) = (condition.datapoints_to_alarm, condition.evaluation_periods);
    let length = match condition.period {
        60 => "minutes".to_owned(),
        3_600 => "hours".to_owned(),
        86_400 => "days".to_owned(),
        0 => "periods".to_owned(),
        seconds if seconds % 3_600 == 0 => format!("periods of {} hours", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("periods of {} minutes", seconds / 60),
        seconds => format!("periods of {seconds} seconds"),
    };
    match (all, condition.period) {
        (1, 60) => "in one minute".to_owned(),
        (1, 3_600) => "in one hour".to_owned(),
        (1, _) => format!("in one of the {length}"),
        _ => format!("in {some} of {all} {length}"),
    }
}

/// `2,500`, `0.05`: at most four decimals.
pub(super) fn shown(number: f64) -> String {
    let text = format!("{number:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest}") }
}

/// A rule with its functions in words: `a is in ALARM and not (b is OK)`.
fn in_words(rule: &str) -> String {
    let mut words = String::new();
    for piece in pieces(rule) {
        match piece {
            Piece::AtLeast { text, .. } => words += &text,
            Piece::Child(child) => {
                let state = match child.state {
                    AlarmState::Alarm => "in ALARM",
                    AlarmState::Ok => "OK",
                    AlarmState::InsufficientData | AlarmState::Unknown => "without data",
                };
                match words.strip_suffix("not ").map(str::to_owned) {
                    Some(before) => words = format!("{before}{} is not {state}", child.name),
                    None => words += &format!("{} is {state}", child.name),
                }
            }
            Piece::Text(text) => {
                words += match text.to_ascii_uppercase().as_str() {
                    "AND" => "and",
                    "OR" => "or",
                    "NOT" => "not",
                    "TRUE" => "always",
                    "FALSE" => "never",
                    _ => &text,
                };
            }
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn told(alarm: &Value) -> String {
        let mut alarm = alarm.clone();
        alarm["AlarmName"] = json!("a");
        let alarm = Alarm::read("demo", &alarm);
        let places: Vec<AlarmPlace> =
            alarm.metrics.iter().flat_map(|metric| super::super::place::places(metric, &[])).collect();
        watches(&alarm, &places)
    }

    #[test]
    fn an_alarm_is_a_sentence() {
        let stage = json!([{ "Name": "ApiName", "Value": "shop" }, { "Name": "Stage", "Value": "prod" }]);
        let plain = |metric: &str, statistic: &str, operator: &str, threshold: f64, periods: [i32; 3]| {
            let [some, all, period] = periods;
            json!({ "Namespace": "AWS/ApiGateway", "MetricName": metric, "ExtendedStatistic": statistic, "Dimensions": stage,
                "ComparisonOperator": operator, "Threshold": threshold, "EvaluationPeriods": all, "DatapointsToAlarm": some, "Period": period })
        };
        let query = |id: &str, metric: &str| {
            json!({ "Id": id, "ReturnData": false, "MetricStat": { "Stat": "Sum", "Period": 300,
                "Metric": { "Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": stage } } })
        };
        let math = json!({ "Metrics": [{ "Id": "s1", "Expression": "m1/m2*100" }, query("m1", "4XXError"), query("m2", "Count")],
            "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.0, "EvaluationPeriods": 6, "DatapointsToAlarm": 1 });
        let anomaly = json!({ "ThresholdMetricId": "band", "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold", "EvaluationPeriods": 3,
            "Metrics": [query("m1", "Count"), { "Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)" }] });
        let told = [
            plain("5XXError", "Average", "GreaterThanThreshold", 0.01, [3, 5, 60]),
            plain("4XXError", "Sum", "GreaterThanOrEqualToThreshold", 1200.0, [1, 1, 300]),
            plain("Latency", "p90", "GreaterThanOrEqualToThreshold", 2500.0, [5, 5, 60]),
            plain("Count", "SampleCount", "LessThanThreshold", 10.0, [1, 1, 60]),
            math,
            anomaly,
            json!({ "AlarmRule": "(ALARM(\"a\") OR ALARM(b)) AND NOT ALARM(\"maintenance\")" }),
            json!({ "AlarmRule": "AT_LEAST(2, ALARM, (a, b))" }),
            json!({ "EvaluationCriteria": { "PromQLCriteria": { "Query": "up" } } }),
        ]
        .map(|alarm| told(&alarm));
        insta::assert_snapshot!(told.join("\n"), @r"
        5XX errors of shop/prod over 1 percent in 3 of 5 minutes
        4XX errors of shop/prod at least 1,200 in one of the periods of 5 minutes
        p90 latency of shop/prod at least 2,500 ms in 5 of 5 minutes
        Requests of shop/prod under 10 in one minute
        m1/m2*100 (m1: 4XX errors, m2: requests) of shop/prod over 1 in 1 of 6 periods of 5 minutes
        Requests of shop/prod outside of what CloudWatch expects in 3 of 3 periods of 5 minutes
        (a is in ALARM or b is in ALARM) and maintenance is not in ALARM
        AT_LEAST(2, ALARM, (a, b))
        a query: up
        ");
    }
}
