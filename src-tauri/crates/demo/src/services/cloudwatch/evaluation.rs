//! Alarms change their state with the metrics, minute by minute on the account's clock ("Using Amazon CloudWatch alarms",
//! evaluating an alarm): as many breaching periods as `DatapointsToAlarm` of the last `EvaluationPeriods` are ALARM.
//!
//! Missing periods count as `TreatMissingData` says; nothing but missing ones is INSUFFICIENT_DATA. AWS looks at a few
//! more periods than that, which is not done here.

use jiff::{Timestamp, tz::TimeZone};
use portcullis_domain::alarms::{AlarmState, children};
use serde_json::{Map, Value, json};

use super::{
    math::{self, Series},
    metrics::{Live, Metrics},
};

/// A state and why.
pub(super) struct Judged {
    pub(super) state: &'static str,
    pub(super) reason: String,
    /// `StateReasonData`.
    pub(super) data: Value,
}

/// What an alarm compares, over a stretch of time.
pub(super) struct Compared {
    values: Series,
    /// Bounds, of an anomaly alarm.
    band: Option<(Series, Series)>,
    period: i64,
}

fn number(alarm: &Map<String, Value>, name: &str) -> Option<i64> {
    alarm.get(name).and_then(Value::as_i64)
}

fn text<'a>(alarm: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    alarm.get(name).and_then(Value::as_str)
}

/// How many periods an alarm looks at.
pub(super) fn periods(alarm: &Map<String, Value>) -> i64 {
    number(alarm, "EvaluationPeriods").unwrap_or(1).max(1)
}

/// Length of one, seconds.
pub(super) fn period(alarm: &Map<String, Value>) -> i64 {
    let of_query =
        |query: &Value| query.pointer("/MetricStat/Period").or_else(|| query.get("Period")).and_then(Value::as_i64);
    let queries = alarm.get("Metrics").and_then(Value::as_array);
    let own = number(alarm, "Period").or_else(|| queries?.iter().find_map(of_query));
    own.filter(|period| *period > 0).unwrap_or(60)
}

/// The values of an alarm between two moments; none when its expression is not understood.
pub(super) fn compared(
    alarm: &Map<String, Value>,
    metrics: &Metrics,
    live: Live<'_>,
    start: i64,
    end: i64,
) -> Option<Compared> {
    let period = period(alarm);
    let Some(queries) = alarm.get("Metrics").and_then(Value::as_array) else {
        let statistic = text(alarm, "Statistic").or_else(|| text(alarm, "ExtendedStatistic"))?;
        let metric = json!({ "Namespace": alarm.get("Namespace"), "MetricName": alarm.get("MetricName"), "Dimensions": alarm.get("Dimensions") });
        let query = json!({ "Id": "m", "MetricStat": { "Metric": metric, "Period": period, "Stat": statistic } });
        let values = metrics.values(&query, &[], live, start, end).ok()?;
        return Some(Compared { values: series(values)?, band: None, period });
    };
    if let Some(band) = text(alarm, "ThresholdMetricId") {
        // The band knows more than the alarm looks at.
        let query = queries.iter().find(|query| query["Id"] == *band)?;
        let math::Value::Band(lower, upper) = metrics.values(query, queries, live, start - 3_600, end).ok()? else {
            return None;
        };
        let metric = queries.iter().find(|query| query.get("MetricStat").is_some())?;
        let values = series(metrics.values(metric, queries, live, start, end).ok()?)?;
        return Some(Compared { values, band: Some((lower, upper)), period });
    }
    let shown = queries.iter().find(|query| query.get("ReturnData") != Some(&Value::Bool(false)))?;
    let values = series(metrics.values(shown, queries, live, start, end).ok()?)?;
    Some(Compared { values, band: None, period })
}

fn series(value: math::Value) -> Option<Series> {
    match value {
        math::Value::Series(series) => Some(series),
        math::Value::Number(_) | math::Value::Band(..) => None,
    }
}

/// The state at a moment: of the last whole periods before it.
pub(super) fn judge(alarm: &Map<String, Value>, compared: &Compared, at: i64, before: &str) -> Judged {
    let (periods, length) = (periods(alarm), compared.period);
    let wanted = number(alarm, "DatapointsToAlarm").unwrap_or(periods);
    let operator = text(alarm, "ComparisonOperator").unwrap_or_default();
    let threshold = alarm.get("Threshold").and_then(Value::as_f64).unwrap_or_default();
    let missing = text(alarm, "TreatMissingData").unwrap_or("missing");
    let last = at.div_euclid(length);
    // The latest first, as AWS lists them.
    let starts: Vec<i64> = (1..=periods).map(|back| (last - back) * length).collect();
    let points: Vec<(i64, f64)> =
        starts.iter().filter_map(|start| Some((*start, *compared.values.get(start)?))).collect();
    let breaches = |(start, value): &(i64, f64)| match (operator, &compared.band) {
        ("GreaterThanThreshold", _) => *value > threshold,
        ("GreaterThanOrEqualToThreshold", _) => *value >= threshold,
        ("LessThanThreshold", _) => *value < threshold,
        ("LessThanOrEqualToThreshold", _) => *value <= threshold,
        (other, Some((lower, upper))) => {
            let above = upper.get(start).is_some_and(|bound| value > bound);
            let below = lower.get(start).is_some_and(|bound| value < bound);
            (above && other != "LessThanLowerThreshold") || (below && other != "GreaterThanUpperThreshold")
        }
        _ => false,
    };
    let absent = periods - i64::try_from(points.len()).unwrap_or(periods);
    let breaching: Vec<(i64, f64)> = points.iter().copied().filter(|point| breaches(point)).collect();
    let counted = i64::try_from(breaching.len()).unwrap_or_default() + if missing == "breaching" { absent } else { 0 };
    let state = match (counted >= wanted, points.is_empty(), missing) {
        (true, _, _) => "ALARM",
        (false, true, "ignore") => return Judged { state: known(before), reason: String::new(), data: Value::Null },
        (false, true, "missing") => "INSUFFICIENT_DATA",
        _ => "OK",
    };
    let data = json!({
        "version": "1.0", "queryDate": stamp(at), "statistic": text(alarm, "Statistic").or_else(|| text(alarm, "ExtendedStatistic")),
        "period": length, "threshold": threshold,
        "startDate": starts.last().map(|start| stamp(*start)),
        "recentDatapoints": points.iter().rev().map(|(_, value)| *value).collect::<Vec<_>>(),
        "evaluatedDatapoints": starts.iter().map(|start| {
            let value = compared.values.get(start);
            value.map_or_else(|| json!({ "timestamp": stamp(*start) }), |value| json!({ "timestamp": stamp(*start), "value": value }))
        }).collect::<Vec<_>>(),
    });
    Judged { state, reason: reason(state, periods, absent, missing, &points, &breaching, operator, threshold), data }
}

fn known(state: &str) -> &'static str {
    match state {
        "ALARM" => "ALARM",
        "OK" => "OK",
        _ => "INSUFFICIENT_DATA",
    }
}

#[expect(clippy::too_many_arguments, reason = "AWS's sentence names them all")]
fn reason(
    state: &str,
    periods: i64,
    absent: i64,
    missing: &str,
    points: &[(i64, f64)],
    breaching: &[(i64, f64)],
    operator: &str,
    threshold: f64,
) -> String {
    if state == "INSUFFICIENT_DATA" {
        return format!(
            "Insufficient Data: {periods} datapoint{} unknown.",
            if periods == 1 { " was" } else { "s were" }
        );
    }
    if points.is_empty() {
        let treated = if missing == "breaching" { "Breaching" } else { "NonBreaching" };
        return format!(
            "Threshold Crossed: no datapoints were received for {periods} period{} and {absent} missing datapoint{} treated as [{treated}].",
            if periods == 1 { "" } else { "s" },
            if absent == 1 { " was" } else { "s were" },
        );
    }
    let words = match operator {
        "GreaterThanThreshold" => "greater than",
        "GreaterThanOrEqualToThreshold" => "greater than or equal to",
        "LessThanThreshold" => "less than",
        "LessThanOrEqualToThreshold" => "less than or equal to",
        _ => "outside",
    };
    let shown = if state == "ALARM" { breaching } else { points };
    let list: Vec<String> = shown.iter().map(|(start, value)| format!("{value} ({})", minute(*start))).collect();
    let (count, not) = (shown.len(), if state == "ALARM" { "" } else { "not " });
    let (noun, verb) = if count == 1 { ("datapoint", "was") } else { ("datapoints", "were") };
    let of =
        if state == "ALARM" { format!("{count} out of the last {periods} {noun}") } else { format!("{count} {noun}") };
    let bound = if words == "outside" { "the band".to_owned() } else { format!("the threshold ({threshold})") };
    format!("Threshold Crossed: {of} [{}] {verb} {not}{words} {bound}.", list.join(", "))
}

fn minute(at: i64) -> String {
    let at = Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    at.strftime("%d/%m/%y %H:%M:%S").to_string()
}

/// `2026-03-02T10:00:00.000+0000`, as AWS writes moments inside of its texts.
pub(super) fn stamp(at: i64) -> String {
    let at = Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC);
    at.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
}

/// Whether a composite alarm's rule holds; `state` gives the state of an alarm. A rule of `AND`, `OR`, `NOT`, parentheses
/// and the three functions; anything else does not hold.
pub(super) fn holds(rule: &str, state: &dyn Fn(&str) -> Option<String>) -> bool {
    let mut rest = rule.trim();
    either(&mut rest, state).unwrap_or(false)
}

type States<'a> = &'a dyn Fn(&str) -> Option<String>;

fn take(rest: &mut &str, word: &str) -> bool {
    let taken = rest.strip_prefix(word).map(str::trim_start);
    if let Some(left) = taken {
        *rest = left;
    }
    taken.is_some()
}

fn either(rest: &mut &str, state: States<'_>) -> Option<bool> {
    let mut value = every(rest, state)?;
    while take(rest, "OR") {
        let next = every(rest, state)?;
        value = value || next;
    }
    Some(value)
}

fn every(rest: &mut &str, state: States<'_>) -> Option<bool> {
    let mut value = one(rest, state)?;
    while take(rest, "AND") {
        let next = one(rest, state)?;
        value = value && next;
    }
    Some(value)
}

fn one(rest: &mut &str, state: States<'_>) -> Option<bool> {
    if take(rest, "NOT") {
        return one(rest, state).map(|value| !value);
    }
    if take(rest, "TRUE") {
        return Some(true);
    }
    if take(rest, "FALSE") {
        return Some(false);
    }
    if take(rest, "(") {
        let value = either(rest, state)?;
        return take(rest, ")").then_some(value);
    }
    let end = rest.find(')')?;
    let (call, left) = rest.split_at(end + 1);
    *rest = left.trim_start();
    let child = children(call).pop()?;
    let wanted = match child.state {
        AlarmState::Alarm => "ALARM",
        AlarmState::Ok => "OK",
        AlarmState::InsufficientData | AlarmState::Unknown => "INSUFFICIENT_DATA",
    };
    Some(state(&child.name).as_deref() == Some(wanted))
}

/// The alarms of a rule that are in the state that it asks for, as `StateReasonData` names them.
pub(super) fn triggering(rule: &str, all: &dyn Fn(&str) -> Option<Map<String, Value>>) -> Value {
    let of = |name: &str| {
        let alarm = all(name)?;
        Some(
            json!({ "arn": alarm.get("AlarmArn"), "state": { "value": alarm.get("StateValue"), "timestamp": alarm.get("StateTransitionedTimestamp") } }),
        )
    };
    let names: Vec<Value> = children(rule).iter().filter_map(|child| of(&child.name)).collect();
    json!({ "triggeringAlarms": names })
}

/// The text of a member, of an alarm.
pub(super) fn state_of(alarm: &Map<String, Value>) -> String {
    text(alarm, "StateValue").unwrap_or("INSUFFICIENT_DATA").to_owned()
}

/// Whether actions are carried out, and which on this state.
pub(super) fn actions(alarm: &Map<String, Value>, state: &str) -> Vec<String> {
    let list = match state {
        "ALARM" => "AlarmActions",
        "OK" => "OKActions",
        _ => "InsufficientDataActions",
    };
    let enabled = alarm.get("ActionsEnabled").and_then(Value::as_bool).unwrap_or(true);
    let all = alarm.get(list).and_then(Value::as_array).into_iter().flatten();
    all.filter(|_| enabled).filter_map(|arn| arn.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_holds_with_the_states_of_its_alarms() {
        let state = |name: &str| Some(if name == "on" { "ALARM" } else { "OK" }.to_owned());
        for (rule, expected) in [
            ("ALARM(on)", true),
            ("ALARM(\"off\") OR ALARM(\"arn:aws:cloudwatch:eu-west-1:1:alarm:on\")", true),
            ("ALARM(on) AND NOT ALARM(off)", true),
            ("ALARM(on) AND (ALARM(off) OR NOT OK(off))", false),
            ("NOT (ALARM(on))", false),
            ("INSUFFICIENT_DATA(on)", false),
            ("FALSE", false),
            ("ALARM(on", false),
            ("nonsense", false),
        ] {
            assert_eq!(holds(rule, &state), expected, "{rule}");
        }
    }

    #[test]
    fn as_many_breaching_periods_as_wanted_are_an_alarm() {
        let alarm = |missing: &str| {
            let alarm = json!({ "EvaluationPeriods": 5, "DatapointsToAlarm": 3, "Period": 60, "Threshold": 1.0,
                "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": missing, "Statistic": "Average" });
            alarm.as_object().cloned().unwrap_or_default()
        };
        let of = |values: &[(i64, f64)]| Compared { values: values.iter().copied().collect(), band: None, period: 60 };
        for (values, missing, expected) in [
            (&[(0, 2.0), (60, 2.0), (120, 0.0), (180, 2.0), (240, 0.0)][..], "missing", "ALARM"),
            (&[(0, 2.0), (60, 2.0), (120, 0.0), (180, 0.0), (240, 0.0)], "missing", "OK"),
            (&[], "missing", "INSUFFICIENT_DATA"),
            (&[], "notBreaching", "OK"),
            (&[], "breaching", "ALARM"),
            (&[], "ignore", "OK"),
            (&[(240, 2.0)], "breaching", "ALARM"),
            // The running minute is not over.
            (&[(300, 9.0)], "missing", "INSUFFICIENT_DATA"),
        ] {
            assert_eq!(judge(&alarm(missing), &of(values), 301, "OK").state, expected, "{values:?} {missing}");
        }
        let told = judge(&alarm("missing"), &of(&[(60, 2.0), (120, 2.0), (240, 3.0)]), 300, "OK");
        assert_eq!(
            told.reason,
            "Threshold Crossed: 3 out of the last 5 datapoints [3 (01/01/70 00:04:00), 2 (01/01/70 00:02:00), 2 (01/01/70 00:01:00)] were greater than the threshold (1)."
        );
        let none = judge(&alarm("notBreaching"), &of(&[]), 300, "OK").reason;
        assert_eq!(
            none,
            "Threshold Crossed: no datapoints were received for 5 periods and 5 missing datapoints were treated as [NonBreaching]."
        );
    }
}
