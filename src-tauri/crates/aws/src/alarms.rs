//! CloudWatch alarms: all of them, their history, and the SNS topics that they can tell.

use aws_sdk_cloudwatch::{
    primitives::{DateTime, DateTimeFormat},
    types::{
        AlarmType, CompositeAlarm, Dimension, EvaluationCriteria, HistoryItemType, MetricAlarm, MetricDataQuery,
        ScanBy, StateValue,
    },
};
use jiff::Timestamp;
use portcullis_domain::{
    alarms::{Alarm, AlarmHistoryItem, burning_of_stage, children},
    api::Api,
};
use serde_json::{Value, json};

use crate::{AwsError, Reader};

/// The most that `DescribeAlarms` and `DescribeAlarmHistory` give in a page, and that they take as names.
const PAGE: i32 = 100;

/// What happened to alarms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmHistory {
    /// The latest first.
    pub items: Vec<AlarmHistoryItem>,
    /// Whether there is more than was read.
    pub more: bool,
}

/// Which alarms.
#[derive(Debug, Clone, Default)]
struct Wanted {
    /// At most 100; all when empty.
    names: Vec<String>,
    state: Option<StateValue>,
}

impl Reader<'_> {
    /// Every alarm of the account and region, in AWS's own words: CloudWatch does not speak JSON to every client.
    ///
    /// # Errors
    /// As every read.
    pub async fn alarms_json(&self) -> Result<Vec<Value>, AwsError> {
        self.described(&Wanted::default(), "the alarms").await
    }

    /// The same, read.
    ///
    /// # Errors
    /// As every read.
    pub async fn alarms(&self) -> Result<Vec<Alarm>, AwsError> {
        Ok(self.read_alarms(&self.alarms_json().await?))
    }

    /// The alarm of this name.
    ///
    /// # Errors
    /// As every read; no alarm is no error.
    pub async fn alarm(&self, name: &str) -> Result<Option<Alarm>, AwsError> {
        let wanted = Wanted { names: vec![name.to_owned()], state: None };
        let found = self.described(&wanted, &format!("alarm {name}")).await?;
        Ok(self.read_alarms(&found).into_iter().find(|alarm| alarm.name == name))
    }

    /// Names of the alarms of a stage that are in ALARM: metric, metric math, anomaly and composite ones. One call, and one
    /// more for every hundred alarms that the rules of burning composite alarms ask for.
    ///
    /// # Errors
    /// As every read.
    pub async fn stage_alarms(&self, api: &Api, stage: &str) -> Result<Vec<String>, AwsError> {
        let burning = Wanted { names: Vec::new(), state: Some(StateValue::Alarm) };
        let mut all = self.read_alarms(&self.described(&burning, "the alarms in ALARM").await?);
        // A rule's alarms need not burn themselves: `NOT OK(a)`, and rules over rules.
        for _ in 0..4 {
            let rules = all.iter().filter_map(|alarm| alarm.rule.as_deref());
            let mut asked: Vec<String> = rules.flat_map(children).map(|child| child.name).collect();
            asked.retain(|name| !all.iter().any(|known| known.name == *name));
            asked.sort();
            asked.dedup();
            let before = all.len();
            for names in asked.chunks(100) {
                let wanted = Wanted { names: names.to_vec(), state: None };
                all.extend(self.read_alarms(&self.described(&wanted, "the alarms of a rule").await?));
            }
            if all.len() == before {
                break;
            }
        }
        Ok(burning_of_stage(&all, api, stage))
    }

    fn read_alarms(&self, json: &[Value]) -> Vec<Alarm> {
        let context = self.session.spec().label();
        json.iter().map(|alarm| Alarm::read(&context, alarm)).collect()
    }

    async fn described(&self, wanted: &Wanted, what: &str) -> Result<Vec<Value>, AwsError> {
        let client = self.session.cloudwatch();
        let (mut found, mut token) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read("cloudwatch", "DescribeAlarms", what, || {
                    // Without the types, AWS answers metric alarms only.
                    client
                        .describe_alarms()
                        .alarm_types(AlarmType::MetricAlarm)
                        .alarm_types(AlarmType::CompositeAlarm)
                        .set_alarm_names((!wanted.names.is_empty()).then(|| wanted.names.clone()))
                        .set_state_value(wanted.state.clone())
                        .max_records(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            found.extend(page.metric_alarms().iter().map(metric_alarm));
            found.extend(page.composite_alarms().iter().map(composite_alarm));
            let next = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            // The same token twice would never end.
            if next.is_none() || next == token {
                return Ok(found);
            }
            token = next;
        }
    }

    /// What happened to one alarm, or changes of state of all of them, between two moments; at most `pages` pages of 100.
    ///
    /// # Errors
    /// As every read.
    pub async fn alarm_history(
        &self,
        alarm: Option<&str>,
        start: Timestamp,
        end: Timestamp,
        pages: usize,
    ) -> Result<AlarmHistory, AwsError> {
        let client = self.session.cloudwatch();
        let what =
            alarm.map_or_else(|| "the history of the alarms".to_owned(), |name| format!("the history of alarm {name}"));
        let (mut items, mut token) = (Vec::new(), None::<String>);
        for _ in 0..pages {
            let page = self
                .read("cloudwatch", "DescribeAlarmHistory", &what, || {
                    client
                        .describe_alarm_history()
                        .set_alarm_name(alarm.map(str::to_owned))
                        .alarm_types(AlarmType::MetricAlarm)
                        .alarm_types(AlarmType::CompositeAlarm)
                        .set_history_item_type(alarm.is_none().then_some(HistoryItemType::StateUpdate))
                        .start_date(DateTime::from_secs(start.as_second()))
                        .end_date(DateTime::from_secs(end.as_second()))
                        .scan_by(ScanBy::TimestampDescending)
                        .max_records(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            items.extend(page.alarm_history_items().iter().map(|item| {
                AlarmHistoryItem::read(
                    item.alarm_name().unwrap_or_default(),
                    &moment(item.timestamp()).unwrap_or_default(),
                    item.history_item_type().map(HistoryItemType::as_str).unwrap_or_default(),
                    item.history_summary().unwrap_or_default(),
                    item.history_data().unwrap_or_default(),
                )
            }));
            token = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if token.is_none() {
                return Ok(AlarmHistory { items, more: false });
            }
        }
        Ok(AlarmHistory { items, more: true })
    }

    /// ARNs of the SNS topics of the account and region, 100 a page.
    ///
    /// # Errors
    /// As every read.
    pub async fn topics(&self) -> Result<Vec<String>, AwsError> {
        let client = aws_sdk_sns::Client::new(self.session.config());
        let (mut found, mut token) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read("sns", "ListTopics", "the SNS topics", || {
                    client.list_topics().set_next_token(token.clone()).send()
                })
                .await?;
            found.extend(page.topics().iter().filter_map(|topic| topic.topic_arn().map(str::to_owned)));
            let next = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if next.is_none() || next == token {
                return Ok(found);
            }
            token = next;
        }
    }
}

fn moment(at: Option<&DateTime>) -> Option<String> {
    at.and_then(|at| at.fmt(DateTimeFormat::DateTime).ok())
}

fn dimensions(dimensions: &[Dimension]) -> Vec<Value> {
    dimensions.iter().map(|one| json!({ "Name": one.name(), "Value": one.value() })).collect()
}

/// Without members that AWS did not send.
fn sent(mut alarm: Value) -> Value {
    if let Value::Object(members) = &mut alarm {
        members.retain(|_, value| !value.is_null());
    }
    alarm
}

fn metric_alarm(alarm: &MetricAlarm) -> Value {
    let metrics: Vec<Value> = alarm.metrics().iter().map(query).collect();
    let criteria = alarm.evaluation_criteria().map(|criteria| match criteria {
        EvaluationCriteria::PromQlCriteria(criteria) => json!({ "Query": criteria.query() }),
        _ => json!({}),
    });
    sent(json!({
        "AlarmName": alarm.alarm_name(),
        "AlarmArn": alarm.alarm_arn(),
        "AlarmDescription": alarm.alarm_description(),
        "Namespace": alarm.namespace(),
        "MetricName": alarm.metric_name(),
        "Dimensions": dimensions(alarm.dimensions()),
        "Statistic": alarm.statistic().map(|statistic| statistic.as_str()),
        "ExtendedStatistic": alarm.extended_statistic(),
        "Period": alarm.period(),
        "EvaluationPeriods": alarm.evaluation_periods(),
        "DatapointsToAlarm": alarm.datapoints_to_alarm(),
        "Threshold": alarm.threshold(),
        "ComparisonOperator": alarm.comparison_operator().map(|operator| operator.as_str()),
        "TreatMissingData": alarm.treat_missing_data(),
        "Metrics": metrics,
        "ThresholdMetricId": alarm.threshold_metric_id(),
        "EvaluationCriteria": criteria,
        "EvaluationState": alarm.evaluation_state().map(|state| state.as_str()),
        "ActionsEnabled": alarm.actions_enabled(),
        "AlarmActions": alarm.alarm_actions(),
        "OKActions": alarm.ok_actions(),
        "InsufficientDataActions": alarm.insufficient_data_actions(),
        "StateValue": alarm.state_value().map(StateValue::as_str),
        "StateReason": alarm.state_reason(),
        "StateUpdatedTimestamp": moment(alarm.state_updated_timestamp()),
        "StateTransitionedTimestamp": moment(alarm.state_transitioned_timestamp()),
    }))
}

fn query(query: &MetricDataQuery) -> Value {
    let stat = query.metric_stat().map(|stat| {
        let metric = stat.metric().map(|metric| {
            json!({ "Namespace": metric.namespace(), "MetricName": metric.metric_name(), "Dimensions": dimensions(metric.dimensions()) })
        });
        json!({ "Metric": metric, "Stat": stat.stat(), "Period": stat.period() })
    });
    sent(json!({
        "Id": query.id(),
        "MetricStat": stat,
        "Expression": query.expression(),
        "Label": query.label(),
        "ReturnData": query.return_data(),
        "Period": query.period(),
    }))
}

fn composite_alarm(alarm: &CompositeAlarm) -> Value {
    sent(json!({
        "AlarmName": alarm.alarm_name(),
        "AlarmArn": alarm.alarm_arn(),
        "AlarmDescription": alarm.alarm_description(),
        "AlarmRule": alarm.alarm_rule(),
        "ActionsSuppressor": alarm.actions_suppressor(),
        "ActionsEnabled": alarm.actions_enabled(),
        "AlarmActions": alarm.alarm_actions(),
        "OKActions": alarm.ok_actions(),
        "InsufficientDataActions": alarm.insufficient_data_actions(),
        "StateValue": alarm.state_value().map(StateValue::as_str),
        "StateReason": alarm.state_reason(),
        "StateUpdatedTimestamp": moment(alarm.state_updated_timestamp()),
        "StateTransitionedTimestamp": moment(alarm.state_transitioned_timestamp()),
    }))
}
