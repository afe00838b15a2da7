//! Metric and composite alarms as they were put, their state as it was evaluated or set, and the history of both.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    evaluation::{Judged, actions, compared, holds, judge, period, periods, state_of, triggering},
    invalid,
    metrics::Metrics,
    missing, said,
};
use crate::{
    ACCOUNT_ID,
    services::{Around, Outcome, Refusal, page},
    traffic::{Traffic, WafTraffic},
};

/// So far back an alarm is evaluated when nobody asked for long.
const LOOK_BACK: i64 = 60 * 60;
/// The last bound of an alarm's name.
const LONGEST_NAME: usize = 255;

/// The alarms of one region.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    /// By name; `AlarmRule` marks a composite one.
    all: IndexMap<String, Map<String, Value>>,
    /// Oldest first.
    history: Vec<Value>,
    tags: IndexMap<String, Vec<Value>>,
    /// Until when each was evaluated, seconds since the epoch.
    evaluated: IndexMap<String, i64>,
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit a double's 53 bits")]
fn epoch(moment: Timestamp) -> Value {
    json!(moment.as_millisecond() as f64 / 1000.0)
}

fn is_composite(alarm: &Map<String, Value>) -> bool {
    alarm.contains_key("AlarmRule")
}

fn kind(alarm: &Map<String, Value>) -> &'static str {
    if is_composite(alarm) { "CompositeAlarm" } else { "MetricAlarm" }
}

fn names(body: &Value, member: &str) -> Vec<String> {
    body.get(member)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

impl Alarms {
    pub(super) fn answer(&mut self, operation: &str, body: &Value, around: &Around<'_>) -> Outcome {
        let answer = match operation {
            "PutMetricAlarm" => {
                for member in ["EvaluationPeriods", "ComparisonOperator"] {
                    body.get(member).ok_or_else(|| missing(member))?;
                }
                let number = |member: &str| body.get(member).and_then(Value::as_i64);
                if number("DatapointsToAlarm").is_some_and(|some| Some(some) > number("EvaluationPeriods")) {
                    return Err(invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods"));
                }
                if body.get("MetricName").is_none() && body.get("Metrics").is_none() {
                    return Err(missing("MetricName"));
                }
                self.put(body, around)?
            }
            "PutCompositeAlarm" => {
                body.get("AlarmRule").ok_or_else(|| missing("AlarmRule"))?;
                self.put(body, around)?
            }
            "DescribeAlarms" => self.describe(body)?,
            "DescribeAlarmsForMetric" => {
                let found: Vec<&Map<String, Value>> = self
                    .all
                    .values()
                    .filter(|alarm| {
                        ["Namespace", "MetricName"].iter().all(|member| alarm.get(*member) == body.get(*member))
                    })
                    .collect();
                json!({ "MetricAlarms": found })
            }
            "DescribeAlarmHistory" => self.describe_history(body)?,
            "SetAlarmState" => self.set_state(body, around.now)?,
            "DeleteAlarms" => {
                let names = names(body, "AlarmNames");
                if names.iter().any(|name| !self.all.contains_key(name)) {
                    return Err(Refusal::new(404, "ResourceNotFound", "An alarm of this name does not exist."));
                }
                for name in names {
                    if let Some(alarm) = self.all.shift_remove(&name) {
                        self.evaluated.shift_remove(&name);
                        let data = json!({ "version": "1.0", "type": "Delete", "deletedAlarm": alarm });
                        let summary = format!("Alarm \"{name}\" deleted");
                        self.remember(&name, kind(&alarm), "ConfigurationUpdate", &summary, &data, around.now);
                    }
                }
                json!({})
            }
            "EnableAlarmActions" | "DisableAlarmActions" => {
                for name in names(body, "AlarmNames") {
                    if let Some(alarm) = self.all.get_mut(&name) {
                        alarm.insert("ActionsEnabled".to_owned(), (operation == "EnableAlarmActions").into());
                    }
                }
                json!({})
            }
            "ListTagsForResource" => {
                let arn = said(body, "ResourceARN").ok_or_else(|| missing("ResourceARN"))?;
                let tags = self.tags.get(arn);
                let tags =
                    tags.ok_or_else(|| Refusal::new(404, "ResourceNotFoundException", format!("Unknown {arn}")))?;
                json!({ "Tags": tags })
            }
            other => return Err(Refusal::not_implemented("cloudwatch", other)),
        };
        Ok((200, answer))
    }

    fn put(&mut self, body: &Value, around: &Around<'_>) -> Result<Value, Refusal> {
        let name = said(body, "AlarmName").filter(|name| !name.is_empty()).ok_or_else(|| missing("AlarmName"))?;
        if name.chars().count() > LONGEST_NAME || name.chars().any(|letter| letter.is_ascii_control()) {
            return Err(invalid(
                "1 validation error detected: Value at 'alarmName' failed to satisfy constraint: Member must have length less than or equal to 255",
            ));
        }
        let mut alarm = body.as_object().cloned().unwrap_or_default();
        let tags = alarm.remove("Tags").and_then(|tags| tags.as_array().cloned()).unwrap_or_default();
        let arn = format!("arn:aws:cloudwatch:{}:{ACCOUNT_ID}:alarm:{name}", around.region);
        let known = self.all.get(name);
        alarm.insert("AlarmArn".to_owned(), arn.clone().into());
        alarm.insert("AlarmConfigurationUpdatedTimestamp".to_owned(), epoch(around.now));
        for (member, value) in [
            ("ActionsEnabled", json!(true)),
            ("OKActions", json!([])),
            ("AlarmActions", json!([])),
            ("InsufficientDataActions", json!([])),
        ] {
            alarm.entry(member).or_insert(value);
        }
        if !alarm.contains_key("AlarmRule") && !alarm.contains_key("Metrics") {
            alarm.entry("Dimensions").or_insert_with(|| json!([]));
        }
        // An alarm that exists keeps its state; a new one has had no data.
        for (member, value) in [
            ("StateValue", json!("INSUFFICIENT_DATA")),
            ("StateReason", json!("Unchecked: Initial alarm creation")),
            ("StateUpdatedTimestamp", epoch(around.now)),
            ("StateTransitionedTimestamp", epoch(around.now)),
        ] {
            let value = known.and_then(|known| known.get(member)).cloned().unwrap_or(value);
            alarm.insert(member.to_owned(), value);
        }
        let (verb, data) = match known {
            Some(known) => (
                "updated",
                json!({ "version": "1.0", "type": "Update", "updatedAlarm": alarm, "originalAlarm": known }),
            ),
            None => ("created", json!({ "version": "1.0", "type": "Create", "createdAlarm": alarm })),
        };
        self.remember(
            name,
            kind(&alarm),
            "ConfigurationUpdate",
            &format!("Alarm \"{name}\" {verb}"),
            &data,
            around.now,
        );
        self.tags.entry(arn).or_insert(tags);
        self.all.insert(name.to_owned(), alarm);
        Ok(json!({}))
    }

    fn remember(&mut self, name: &str, kind: &str, item: &str, summary: &str, data: &Value, now: Timestamp) {
        self.history.push(json!({
            "AlarmName": name, "AlarmType": kind, "Timestamp": epoch(now), "HistoryItemType": item,
            "HistorySummary": summary, "HistoryData": data.to_string()
        }));
    }

    fn describe(&self, body: &Value) -> Result<Value, Refusal> {
        let (wanted, types) = (names(body, "AlarmNames"), names(body, "AlarmTypes"));
        let prefix = said(body, "AlarmNamePrefix").unwrap_or_default();
        let state = said(body, "StateValue");
        // Without AlarmTypes, AWS answers metric alarms only.
        let shown = |alarm: &Map<String, Value>| {
            if types.is_empty() { !is_composite(alarm) } else { types.iter().any(|known| known == kind(alarm)) }
        };
        let found: Vec<&Map<String, Value>> = self
            .all
            .iter()
            .filter(|(name, alarm)| {
                (wanted.is_empty() || wanted.contains(name))
                    && name.starts_with(prefix)
                    && shown(alarm)
                    && state.is_none_or(|state| alarm.get("StateValue").and_then(Value::as_str) == Some(state))
            })
            .map(|(_, alarm)| alarm)
            .collect();
        let (range, next) = cut(found.len(), body)?;
        let (composite, metric): (Vec<_>, Vec<_>) =
            found.get(range).unwrap_or_default().iter().copied().partition(|alarm| is_composite(alarm));
        Ok(with_token(json!({ "MetricAlarms": metric, "CompositeAlarms": composite }), next))
    }

    fn describe_history(&self, body: &Value) -> Result<Value, Refusal> {
        let moment = |member: &str| body.get(member).and_then(Value::as_f64);
        let (start, end) = (moment("StartDate"), moment("EndDate"));
        let mut found: Vec<&Value> = self
            .history
            .iter()
            .filter(|item| {
                let at = item.get("Timestamp").and_then(Value::as_f64).unwrap_or_default();
                said(body, "AlarmName").is_none_or(|name| said(item, "AlarmName") == Some(name))
                    && said(body, "HistoryItemType").is_none_or(|kind| said(item, "HistoryItemType") == Some(kind))
                    && start.is_none_or(|start| at >= start)
                    && end.is_none_or(|end| at <= end)
            })
            .collect();
        if said(body, "ScanBy") != Some("TimestampAscending") {
            found.reverse();
        }
        let (range, next) = cut(found.len(), body)?;
        Ok(with_token(json!({ "AlarmHistoryItems": found.get(range).unwrap_or_default() }), next))
    }

    fn set_state(&mut self, body: &Value, now: Timestamp) -> Result<Value, Refusal> {
        let name = said(body, "AlarmName").ok_or_else(|| missing("AlarmName"))?.to_owned();
        let state = said(body, "StateValue").ok_or_else(|| missing("StateValue"))?;
        if !matches!(state, "OK" | "ALARM" | "INSUFFICIENT_DATA") {
            return Err(invalid(format!("Value '{state}' at 'stateValue' failed to satisfy constraint")));
        }
        let reason = said(body, "StateReason").ok_or_else(|| missing("StateReason"))?;
        let alarm = self.all.get_mut(&name);
        let alarm =
            alarm.ok_or_else(|| Refusal::new(404, "ResourceNotFound", "An alarm of this name does not exist."))?;
        let judged = Judged { state: known_state(state), reason: reason.to_owned(), data: Value::Null };
        let alarm = alarm.clone();
        self.enter(&name, &alarm, judged, now, true);
        Ok(json!({}))
    }

    /// Gives an alarm its state; a change of state is remembered, and so are the actions that it sets off.
    fn enter(&mut self, name: &str, alarm: &Map<String, Value>, judged: Judged, now: Timestamp, always: bool) {
        let before = state_of(alarm);
        let changed = before != judged.state;
        if !changed && !always {
            return;
        }
        let told = |state: &str, reason: Value, data: Value| {
            let data = match data.as_str() {
                Some(text) => serde_json::from_str(text).unwrap_or(Value::Null),
                None => data,
            };
            let mut told = json!({ "stateValue": state, "stateReason": reason });
            if !data.is_null() {
                told["stateReasonData"] = data;
            }
            told
        };
        let member = |name: &str| alarm.get(name).cloned().unwrap_or(Value::Null);
        let data = json!({
            "version": "1.0",
            "oldState": told(&before, member("StateReason"), member("StateReasonData")),
            "newState": told(judged.state, json!(judged.reason), judged.data.clone()),
        });
        if let Some(kept) = self.all.get_mut(name) {
            kept.insert("StateValue".to_owned(), judged.state.into());
            kept.insert("StateReason".to_owned(), judged.reason.clone().into());
            kept.insert("StateUpdatedTimestamp".to_owned(), epoch(now));
            match judged.data {
                Value::Null => drop(kept.shift_remove("StateReasonData")),
                data => drop(kept.insert("StateReasonData".to_owned(), data.to_string().into())),
            }
            if changed {
                kept.insert("StateTransitionedTimestamp".to_owned(), epoch(now));
            }
        }
        if !changed {
            return;
        }
        let kind = kind(alarm);
        let summary = format!("Alarm updated from {before} to {}", judged.state);
        self.remember(name, kind, "StateUpdate", &summary, &data, now);
        for action in actions(alarm, judged.state) {
            let data = json!({ "actionState": "Succeeded", "stateUpdateTimestamp": now.as_millisecond(), "notificationResource": action, "publishedMessage": "", "error": Value::Null });
            self.remember(name, kind, "Action", &format!("Successfully executed action {action}"), &data, now);
        }
    }

    /// Evaluates every alarm for each minute since the last time: metric alarms, then those over them.
    pub(super) fn evaluate(
        &mut self,
        metrics: &Metrics,
        traffic: &dyn Fn() -> Traffic,
        acls: &WafTraffic,
        now: Timestamp,
    ) {
        let end = now.as_second().div_euclid(60) * 60;
        let mut due: Vec<(String, Map<String, Value>, i64)> = Vec::new();
        for (name, alarm) in &self.all {
            let configured =
                alarm.get("AlarmConfigurationUpdatedTimestamp").and_then(Value::as_f64).unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
            let since = self.evaluated.get(name).copied().unwrap_or(configured as i64).max(end - LOOK_BACK);
            let first = since.div_euclid(60) * 60 + 60;
            if first <= end {
                due.push((name.clone(), alarm.clone(), first));
            }
        }
        if due.is_empty() {
            return;
        }
        let traffic = traffic();
        let read: Vec<_> = due
            .iter()
            .map(|(_, alarm, first)| match is_composite(alarm) {
                true => None,
                false => compared(alarm, metrics, (&traffic, acls), first - (periods(alarm) + 1) * period(alarm), end),
            })
            .collect();
        let earliest = due.iter().map(|(_, _, first)| *first).min().unwrap_or(end);
        for at in (earliest..=end).step_by(60) {
            let Ok(moment) = Timestamp::from_second(at) else { continue };
            for ((name, _, first), read) in due.iter().zip(&read) {
                let (Some(read), Some(alarm)) = (read, self.all.get(name).cloned()) else { continue };
                if at >= *first {
                    let judged = judge(&alarm, read, at, &state_of(&alarm));
                    self.enter(name, &alarm, judged, moment, false);
                }
            }
            for (name, _, first) in &due {
                let Some(alarm) = self.all.get(name).cloned().filter(is_composite) else { continue };
                let Some(rule) = alarm.get("AlarmRule").and_then(Value::as_str).filter(|_| at >= *first) else {
                    continue;
                };
                let of = |name: &str| self.all.get(name).cloned();
                let state = if holds(rule, &|name| of(name).as_ref().map(state_of)) { "ALARM" } else { "OK" };
                let data = triggering(rule, &of);
                let reason = format!(
                    "{} transitioned to {state} at {}",
                    said(&Value::Object(alarm.clone()), "AlarmArn").unwrap_or(name),
                    moment.strftime("%A %d %B, %Y %H:%M:%S UTC")
                );
                self.enter(name, &alarm, Judged { state, reason, data }, moment, false);
            }
        }
        for (name, ..) in due {
            self.evaluated.insert(name, end);
        }
    }

    /// Everything so far was put then, and has been OK since shortly after.
    pub(super) fn settle(&mut self, then: Timestamp) {
        for item in &mut self.history {
            item["Timestamp"] = epoch(then);
        }
        let soon = then + jiff::SignedDuration::from_mins(3);
        let all: Vec<(String, Map<String, Value>)> =
            self.all.iter().map(|(name, alarm)| (name.clone(), alarm.clone())).collect();
        for (name, mut alarm) in all {
            for member in ["AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp"]
            {
                alarm.insert(member.to_owned(), epoch(then));
            }
            self.all.insert(name.clone(), alarm.clone());
            let missing = alarm.get("TreatMissingData").and_then(Value::as_str);
            let reason = "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].";
            if is_composite(&alarm) || missing == Some("notBreaching") {
                let judged = Judged { state: "OK", reason: reason.to_owned(), data: Value::Null };
                self.enter(&name, &alarm, judged, soon, false);
            }
        }
    }
}

fn known_state(state: &str) -> &'static str {
    match state {
        "ALARM" => "ALARM",
        "OK" => "OK",
        _ => "INSUFFICIENT_DATA",
    }
}

fn cut(length: usize, body: &Value) -> Result<(std::ops::Range<usize>, Option<String>), Refusal> {
    let size = match body.get("MaxRecords").map(Value::as_u64) {
        None => 50,
        Some(Some(size @ 1..=100)) => usize::try_from(size).unwrap_or(100),
        Some(_) => return Err(invalid("MaxRecords must be between 1 and 100")),
    };
    page(length, size, said(body, "NextToken"))
        .ok_or_else(|| Refusal::new(400, "InvalidNextToken", "The next token specified is invalid."))
}

fn with_token(mut answer: Value, next: Option<String>) -> Value {
    if let (Some(next), Value::Object(answer)) = (next, &mut answer) {
        answer.insert("NextToken".to_owned(), next.into());
    }
    answer
}
