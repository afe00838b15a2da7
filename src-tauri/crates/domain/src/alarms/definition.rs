//! An alarm that is to be: AWS's recommended one for a subject, its name, and its fields in a plan.
//!
//! Thresholds are those of "Recommended alarms", Amazon API Gateway, in the CloudWatch user guide: 4XX average over 0.05
//! in 5 of 5 minutes, 5XX over 0.05 in 3 of 3, p90 latency at least 2,500 ms (WebSocket: integration latency 2,000 ms) in
//! 5 of 5.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use ts_rs::TS;

use super::{Alarm, AlarmKind, AlarmSubject, NAMESPACE, metric_api_name};
use crate::{
    api::{Api, ApiKind},
    change::Fields,
};

/// AWS's limit of an alarm's name, characters.
const LONGEST: usize = 255;

/// A metric alarm as `PutMetricAlarm` takes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmDefinition {
    /// Its name.
    pub name: String,
    /// For whoever is woken by it.
    pub description: String,
    /// `AWS/ApiGateway`.
    pub namespace: String,
    /// `5XXError`.
    pub metric: String,
    /// By name.
    pub dimensions: BTreeMap<String, String>,
    /// `Average`, `p90`.
    pub statistic: String,
    /// Seconds.
    pub period: i32,
    /// Periods that are looked at.
    pub evaluation_periods: i32,
    /// Of them breaching.
    pub datapoints_to_alarm: i32,
    /// The number.
    pub threshold: f64,
    /// AWS's operator.
    pub comparison: String,
    /// What a period without data counts as.
    pub missing_data: String,
    /// ARNs, on ALARM.
    pub alarm_actions: Vec<String>,
    /// ARNs, on OK.
    pub ok_actions: Vec<String>,
}

/// The alarm that AWS recommends. `route` is a route's key; REST routes are known by resource and method.
#[must_use]
pub fn recommended(api: &Api, stage: &str, route: Option<&str>, subject: AlarmSubject) -> AlarmDefinition {
    let (statistic, threshold, comparison, periods) = match subject {
        AlarmSubject::ServerErrors => ("Average", 0.05, "GreaterThanThreshold", 3),
        AlarmSubject::ClientErrors => ("Average", 0.05, "GreaterThanThreshold", 5),
        AlarmSubject::Latency if api.kind == ApiKind::WebSocket => ("p90", 2_000.0, "GreaterThanOrEqualToThreshold", 5),
        AlarmSubject::Latency => ("p90", 2_500.0, "GreaterThanOrEqualToThreshold", 5),
    };
    let mut dimensions = BTreeMap::from([("Stage".to_owned(), stage.to_owned())]);
    match api.kind {
        ApiKind::Rest => dimensions.insert("ApiName".to_owned(), metric_api_name(api)),
        ApiKind::Http | ApiKind::WebSocket => dimensions.insert("ApiId".to_owned(), api.id.to_string()),
    };
    if let Some(route) = route {
        match (api.kind, route.split_once(' ')) {
            (ApiKind::Rest, Some((method, resource))) => {
                dimensions.insert("Method".to_owned(), method.to_owned());
                dimensions.insert("Resource".to_owned(), resource.to_owned());
            }
            _ => drop(dimensions.insert("Route".to_owned(), route.to_owned())),
        }
    }
    let metric = subject.metrics(api.kind).first().copied().unwrap_or_default();
    let of = route.map(|route| format!(" {route}")).unwrap_or_default();
    AlarmDefinition {
        name: alarm_name(api, stage, route, subject),
        description: format!("Alarm on {} of {}/{stage}{of}, as AWS recommends.", subject.words(api.kind), api.name),
        namespace: NAMESPACE.to_owned(),
        metric: metric.to_owned(),
        dimensions,
        statistic: statistic.to_owned(),
        period: 60,
        evaluation_periods: periods,
        datapoints_to_alarm: periods,
        threshold,
        comparison: comparison.to_owned(),
        // A minute without requests has no data: that is no reason to wake anybody, nor to be unable to tell.
        missing_data: "notBreaching".to_owned(),
        alarm_actions: Vec::new(),
        ok_actions: Vec::new(),
    }
}

/// The same name for the same place and subject, so that making it twice is noticed: `apigateway-shop-prod-5xx`. HTTP and
/// WebSocket APIs have metrics by id, so theirs have it too. One that is too long for AWS ends in a hash.
#[must_use]
pub fn alarm_name(api: &Api, stage: &str, route: Option<&str>, subject: AlarmSubject) -> String {
    let subject = match subject {
        AlarmSubject::ServerErrors => "5xx",
        AlarmSubject::ClientErrors => "4xx",
        AlarmSubject::Latency => "latency",
    };
    let id = if api.kind == ApiKind::Rest { String::new() } else { format!("-{}", api.id) };
    let route = route.map(|route| format!("-{route}")).unwrap_or_default();
    // AWS refuses control characters.
    let whole: String = format!("apigateway-{}{id}-{stage}{route}-{subject}", api.name)
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    if whole.chars().count() <= LONGEST {
        return whole;
    }
    let hash: String = Sha256::digest(&whole).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let tail = format!("-{hash}-{subject}");
    whole.chars().take(LONGEST - tail.len()).chain(tail.chars()).collect()
}

impl AlarmDefinition {
    /// As fields of a plan's target.
    #[must_use]
    pub fn fields(&self) -> Fields {
        let members = [
            ("exists", json!(true)),
            ("description", json!(self.description)),
            ("namespace", json!(self.namespace)),
            ("metric", json!(self.metric)),
            ("dimensions", json!(self.dimensions)),
            ("statistic", json!(self.statistic)),
            ("period", json!(self.period)),
            ("evaluationPeriods", json!(self.evaluation_periods)),
            ("datapointsToAlarm", json!(self.datapoints_to_alarm)),
            ("threshold", json!(self.threshold)),
            ("comparison", json!(self.comparison)),
            ("missingData", json!(self.missing_data)),
            ("alarmActions", json!(self.alarm_actions)),
            ("okActions", json!(self.ok_actions)),
        ];
        members.into_iter().map(|(name, value)| (format!("alarm/{name}"), value)).collect()
    }

    /// From fields; none when they are not a plain metric alarm's.
    #[must_use]
    pub fn of_fields(name: &str, fields: &Fields) -> Option<Self> {
        let mut members: serde_json::Map<String, Value> = fields
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix("alarm/")?.to_owned(), value.clone())))
            .filter(|(name, _)| name != "exists")
            .collect();
        members.insert("name".to_owned(), json!(name));
        serde_json::from_value(Value::Object(members)).ok().filter(|alarm: &Self| alarm.fields() == *fields)
    }
}

impl Alarm {
    /// The fields of a live alarm: a plan compares them. What a plain alarm of ours has not (other actions, switched off,
    /// metric math, a rule) is a field too, so that it is noticed.
    #[must_use]
    pub fn fields(&self) -> Fields {
        let extra = |fields: &mut Fields, name: &str, value: Value| drop(fields.insert(format!("alarm/{name}"), value));
        let (Some(metric), Some(condition), AlarmKind::Metric) = (self.metrics.first(), &self.condition, self.kind)
        else {
            let mut fields = Fields::from([("alarm/exists".to_owned(), json!(true))]);
            extra(&mut fields, "kind", json!(self.kind));
            return fields;
        };
        let mut fields = AlarmDefinition {
            name: self.name.clone(),
            description: self.description.clone().unwrap_or_default(),
            namespace: metric.namespace.clone(),
            metric: metric.metric.clone(),
            dimensions: metric.dimensions.clone(),
            statistic: metric.statistic.clone(),
            period: condition.period,
            evaluation_periods: condition.evaluation_periods,
            datapoints_to_alarm: condition.datapoints_to_alarm,
            threshold: condition.threshold.unwrap_or_default(),
            comparison: condition.comparison.clone(),
            missing_data: condition.missing_data.clone(),
            alarm_actions: self.alarm_actions.clone(),
            ok_actions: self.ok_actions.clone(),
        }
        .fields();
        if !self.actions_enabled {
            extra(&mut fields, "actionsEnabled", json!(false));
        }
        if !self.insufficient_data_actions.is_empty() {
            extra(&mut fields, "insufficientDataActions", json!(self.insufficient_data_actions));
        }
        fields
    }
}
