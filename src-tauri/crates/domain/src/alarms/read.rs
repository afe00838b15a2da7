//! `DescribeAlarms` -> [`Alarm`], from AWS's own words in JSON: the collector and the evidence of findings keep those.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Alarm, AlarmCondition, AlarmKind, AlarmState, WatchedMetric, rule::name_of};

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn number(value: &Value, name: &str) -> Option<i32> {
    value[name].as_i64().and_then(|number| i32::try_from(number).ok())
}

fn list(value: &Value, name: &str) -> Vec<String> {
    value[name].as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

fn dimensions(value: &Value) -> BTreeMap<String, String> {
    let of = |dimension: &Value| Some((text(dimension, "Name")?, text(dimension, "Value").unwrap_or_default()));
    value["Dimensions"].as_array().into_iter().flatten().filter_map(of).collect()
}

impl Alarm {
    /// Reads one element of `MetricAlarms` or of `CompositeAlarms`, as far as it can be.
    #[must_use]
    pub fn read(context: &str, alarm: &Value) -> Self {
        let metrics = metrics(alarm);
        let compared = compared(alarm);
        let expression = compared.and_then(|query| text(query, "Expression")).or_else(|| query_of(alarm));
        let rule = text(alarm, "AlarmRule");
        let kind = kind(alarm, &metrics, expression.as_deref(), rule.as_deref());
        let condition = rule.is_none().then(|| condition(alarm, &metrics, compared));
        let arn = text(alarm, "AlarmArn").unwrap_or_default();
        let named = text(alarm, "AlarmName").unwrap_or_else(|| name_of(&arn));
        Self {
            context: context.to_owned(),
            // AWS always sends one; without it the alarm is still there.
            name: if named.is_empty() { "(an alarm without a name)".to_owned() } else { named },
            arn,
            description: text(alarm, "AlarmDescription"),
            kind,
            state: AlarmState::read(alarm["StateValue"].as_str().unwrap_or_default()),
            since: text(alarm, "StateTransitionedTimestamp").or_else(|| text(alarm, "StateUpdatedTimestamp")),
            reason: text(alarm, "StateReason").unwrap_or_default(),
            evaluation: text(alarm, "EvaluationState"),
            metrics,
            expression,
            label: compared.and_then(|query| text(query, "Label")),
            condition,
            rule,
            suppressor: text(alarm, "ActionsSuppressor"),
            // AWS's default is that they are.
            actions_enabled: alarm["ActionsEnabled"].as_bool().unwrap_or(true),
            alarm_actions: list(alarm, "AlarmActions"),
            ok_actions: list(alarm, "OKActions"),
            insufficient_data_actions: list(alarm, "InsufficientDataActions"),
        }
    }
}

fn kind(alarm: &Value, metrics: &[WatchedMetric], expression: Option<&str>, rule: Option<&str>) -> AlarmKind {
    if rule.is_some() {
        return AlarmKind::Composite;
    }
    if text(alarm, "ThresholdMetricId").is_some() || expression.is_some_and(|it| it.contains("ANOMALY_DETECTION_BAND"))
    {
        return AlarmKind::AnomalyDetection;
    }
    match (metrics.is_empty(), expression.is_some()) {
        (true, _) => AlarmKind::Query,
        (false, true) => AlarmKind::MetricMath,
        (false, false) => AlarmKind::Metric,
    }
}

/// The metric of a plain alarm, or those of its expression.
fn metrics(alarm: &Value) -> Vec<WatchedMetric> {
    let statistic = |of: &Value| text(of, "Statistic").or_else(|| text(of, "ExtendedStatistic")).unwrap_or_default();
    if let Some(metric) = text(alarm, "MetricName") {
        return vec![WatchedMetric {
            id: String::new(),
            namespace: text(alarm, "Namespace").unwrap_or_default(),
            metric,
            statistic: statistic(alarm),
            period: number(alarm, "Period"),
            dimensions: dimensions(alarm),
        }];
    }
    let of_query = |query: &Value| {
        let stat = &query["MetricStat"];
        let metric = &stat["Metric"];
        Some(WatchedMetric {
            id: text(query, "Id").unwrap_or_default(),
            namespace: text(metric, "Namespace").unwrap_or_default(),
            metric: text(metric, "MetricName")?,
            statistic: text(stat, "Stat").unwrap_or_default(),
            period: number(stat, "Period"),
            dimensions: dimensions(metric),
        })
    };
    alarm["Metrics"].as_array().into_iter().flatten().filter_map(of_query).collect()
}

/// The query whose values are compared: the one whose data is returned. Of an anomaly alarm that is the metric; its band
/// is `ThresholdMetricId`.
fn compared(alarm: &Value) -> Option<&Value> {
    let queries = alarm["Metrics"].as_array()?;
    if let Some(band) = text(alarm, "ThresholdMetricId") {
        return queries.iter().find(|query| query["Id"] == *band);
    }
    // `ReturnData` is true where it is not said.
    queries.iter().find(|query| query["ReturnData"].as_bool().unwrap_or(true))
}

/// The query of an alarm that has neither metric nor expression.
fn query_of(alarm: &Value) -> Option<String> {
    let criteria = &alarm["EvaluationCriteria"];
    (!criteria.is_null()).then(|| {
        text(criteria, "Query")
            .or_else(|| text(&criteria["PromQLCriteria"], "Query"))
            .unwrap_or_else(|| criteria.to_string())
    })
}

fn condition(alarm: &Value, metrics: &[WatchedMetric], compared: Option<&Value>) -> AlarmCondition {
    let evaluation_periods = number(alarm, "EvaluationPeriods").unwrap_or(1);
    let period = number(alarm, "Period")
        .or_else(|| {
            compared.and_then(|query| number(query, "Period").or_else(|| number(&query["MetricStat"], "Period")))
        })
        .or_else(|| metrics.iter().find_map(|metric| metric.period));
    AlarmCondition {
        comparison: text(alarm, "ComparisonOperator").unwrap_or_default(),
        threshold: alarm["Threshold"].as_f64().filter(|_| text(alarm, "ThresholdMetricId").is_none()),
        evaluation_periods,
        datapoints_to_alarm: number(alarm, "DatapointsToAlarm").unwrap_or(evaluation_periods),
        period: period.unwrap_or_default(),
        missing_data: text(alarm, "TreatMissingData").unwrap_or_else(|| "missing".to_owned()),
    }
}
