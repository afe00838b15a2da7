//! CloudWatch alarms on API Gateway: what each watches, of which stage or route, whether anybody is told, and where an
//! alarm is missing.
//!
//! An alarm is read as far as it can be: one that is newer than this program, or on an API that is gone, is still a line.
//! Deliberately not here: the values of metrics ([`crate::metrics`]), and CloudWatch itself.

mod coverage;
mod definition;
mod goes_off;
mod history;
mod line;
mod place;
mod read;
mod rule;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod trouble;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use coverage::{
    AlarmCoverVerdict, AlarmScope, AlarmSubject, CoverAlarm, CoverCell, CoverRow, coverage, is_sensitive, subject_of,
};
pub use definition::{AlarmDefinition, alarm_name, recommended};
pub use goes_off::AlarmRule;
pub use history::{AlarmHistoryItem, AlarmHistoryKind};
pub use line::{AlarmLine, burning_of_stage, lines};
pub use place::{AlarmPlace, is_detailed, metric_api_name};
pub use rule::{RuleChild, children};
pub use trouble::{AlarmTrouble, AlarmTroubleKind};

/// The namespace of API Gateway's metrics.
pub const NAMESPACE: &str = "AWS/ApiGateway";

/// The state of an alarm, what burns first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmState {
    /// `ALARM`.
    Alarm,
    /// `INSUFFICIENT_DATA`: it cannot tell.
    InsufficientData,
    /// A state that this program does not know.
    Unknown,
    /// `OK`.
    Ok,
}

impl AlarmState {
    /// From AWS's word.
    #[must_use]
    pub fn read(word: &str) -> Self {
        match word {
            "ALARM" => Self::Alarm,
            "OK" => Self::Ok,
            "INSUFFICIENT_DATA" => Self::InsufficientData,
            _ => Self::Unknown,
        }
    }
}

/// How an alarm decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmKind {
    /// One metric against a number.
    Metric,
    /// An expression over metrics against a number.
    MetricMath,
    /// A metric against the band that CloudWatch expects.
    AnomalyDetection,
    /// A rule over other alarms.
    Composite,
    /// A query (PromQL, Metrics Insights) or something newer.
    Query,
}

/// A metric that an alarm looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WatchedMetric {
    /// Its id in an expression; empty where there is none.
    pub id: String,
    /// `AWS/ApiGateway`.
    pub namespace: String,
    /// `5XXError`.
    pub metric: String,
    /// `Average`, `Sum`, `p90`; empty where AWS gave none.
    pub statistic: String,
    /// Seconds.
    #[ts(optional = nullable)]
    pub period: Option<i32>,
    /// By name.
    pub dimensions: BTreeMap<String, String>,
}

/// When a metric alarm goes off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmCondition {
    /// AWS's operator, `GreaterThanThreshold`.
    pub comparison: String,
    /// The number; none for an anomaly band.
    #[ts(optional = nullable)]
    pub threshold: Option<f64>,
    /// Periods that are looked at.
    pub evaluation_periods: i32,
    /// Of them breaching.
    pub datapoints_to_alarm: i32,
    /// Length of one, seconds; 0 where AWS gave none.
    pub period: i32,
    /// `missing`, `ignore`, `breaching`, `notBreaching`; AWS's default is `missing`.
    pub missing_data: String,
}

/// An alarm as AWS described it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    /// The context's label.
    pub context: String,
    /// Its name, unique in account and region.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What somebody wrote.
    #[ts(optional = nullable)]
    pub description: Option<String>,
    /// How it decides.
    pub kind: AlarmKind,
    /// Its state.
    pub state: AlarmState,
    /// Since when it has that state (`StateTransitionedTimestamp`), RFC 3339.
    #[ts(optional = nullable)]
    pub since: Option<String>,
    /// Why, in AWS's words.
    pub reason: String,
    /// `PARTIAL_DATA`, `EVALUATION_FAILURE`, `EVALUATION_ERROR`: AWS could not evaluate it as usual.
    #[ts(optional = nullable)]
    pub evaluation: Option<String>,
    /// The metrics.
    pub metrics: Vec<WatchedMetric>,
    /// The expression that is compared, of metric math and anomaly detection.
    #[ts(optional = nullable)]
    pub expression: Option<String>,
    /// The expression's label.
    #[ts(optional = nullable)]
    pub label: Option<String>,
    /// When it goes off; none for a composite one.
    #[ts(optional = nullable)]
    pub condition: Option<AlarmCondition>,
    /// The rule of a composite alarm.
    #[ts(optional = nullable)]
    pub rule: Option<String>,
    /// The alarm whose ALARM keeps a composite one's actions back: name or ARN.
    #[ts(optional = nullable)]
    pub suppressor: Option<String>,
    /// Whether actions are carried out at all.
    pub actions_enabled: bool,
    /// ARNs, on ALARM.
    pub alarm_actions: Vec<String>,
    /// ARNs, on OK.
    pub ok_actions: Vec<String>,
    /// ARNs, on INSUFFICIENT_DATA.
    pub insufficient_data_actions: Vec<String>,
}

impl Alarm {
    /// Whether going off by itself tells anybody.
    #[must_use]
    pub fn speaks(&self) -> bool {
        self.actions_enabled && !self.alarm_actions.is_empty()
    }

    /// Whether it is about API Gateway: by a metric's namespace. A composite alarm has no metric: see [`lines`].
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.metrics.iter().any(|metric| metric.namespace == NAMESPACE)
            || (self.kind == AlarmKind::Query
                && self.expression.as_deref().is_some_and(|query| {
                    query.to_ascii_lowercase().replace(['/', '.', '_'], "").contains("apigateway")
                }))
    }
}
