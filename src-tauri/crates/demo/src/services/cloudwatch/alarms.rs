//! Metric and composite alarms as they were put, their state as it was set, and the history of both.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{invalid, missing, said};
use crate::{
    ACCOUNT_ID,
    services::{Around, Outcome, Refusal, page},
};

/// The alarms of one region.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    /// By name; `AlarmRule` marks a composite one.
    all: IndexMap<String, Map<String, Value>>,
    /// Oldest first.
    history: Vec<Value>,
    tags: IndexMap<String, Vec<Value>>,
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
                    self.all.shift_remove(&name);
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
        let (verb, created) = if known.is_some() { ("updated", "Update") } else { ("created", "Create") };
        let data = json!({ "version": "1.0", "type": created });
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
        let before = alarm.get("StateValue").and_then(Value::as_str).unwrap_or_default().to_owned();
        alarm.insert("StateValue".to_owned(), state.into());
        alarm.insert("StateReason".to_owned(), reason.into());
        alarm.insert("StateUpdatedTimestamp".to_owned(), epoch(now));
        if before != state {
            alarm.insert("StateTransitionedTimestamp".to_owned(), epoch(now));
            let kind = kind(alarm);
            let data = json!({
                "version": "1.0",
                "oldState": { "stateValue": before },
                "newState": { "stateValue": state, "stateReason": reason }
            });
            let summary = format!("Alarm updated from {before} to {state}");
            self.remember(&name, kind, "StateUpdate", &summary, &data, now);
        }
        Ok(json!({}))
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
