//! What is charted of a stage or route, at which period, and what happened meanwhile.
//!
//! Values are CloudWatch's own statistics: the average of an error metric is the share of requests that failed, a period
//! without requests has no value, and no value is drawn as a gap and never as zero.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{alarms::AlarmSubject, api::ApiKind};

/// The longest window, hours: CloudWatch keeps minutes for 15 days.
pub const LONGEST_HOURS: u32 = 14 * 24;
/// About as many points as a chart has pixels for.
const POINTS: u32 = 400;

/// The length of a period for a window of so many hours, seconds: the shortest of a minute, 5 and 15 minutes and an hour
/// that gives no more points than can be told apart.
#[must_use]
pub fn period_of(hours: u32) -> u32 {
    [60, 300, 900].into_iter().find(|period| hours * 3_600 / period <= POINTS).unwrap_or(3_600)
}

/// In what a chart counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum MetricUnit {
    /// Requests (messages) in a period.
    Requests,
    /// Percent of them.
    Percent,
    /// Milliseconds.
    Milliseconds,
}

/// One line of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MetricLineOf {
    /// For a person: `5XX`, `p90`.
    pub title: &'static str,
    /// CloudWatch's name.
    pub metric: &'static str,
    /// `Sum`, `Average`, `p90`.
    pub statistic: &'static str,
    /// What its values are multiplied with: 100 makes percent of a share.
    pub factor: f64,
}

/// One chart.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricChartOf {
    /// For a person.
    pub title: &'static str,
    /// In what it counts.
    pub unit: MetricUnit,
    /// Its lines.
    pub lines: Vec<MetricLineOf>,
}

/// The charts of an API of this kind: requests, error rates, latency.
#[must_use]
pub fn charts(kind: ApiKind) -> Vec<MetricChartOf> {
    let first = |subject: AlarmSubject| subject.metrics(kind).first().copied().unwrap_or_default();
    let line = |title, metric, statistic, factor| MetricLineOf { title, metric, statistic, factor };
    let (requests, title) = match kind {
        ApiKind::Rest | ApiKind::Http => ("Count", "Requests"),
        ApiKind::WebSocket => ("MessageCount", "Messages"),
    };
    let latency = first(AlarmSubject::Latency);
    let errors = match kind {
        ApiKind::WebSocket => ["Client errors", "Execution errors"],
        ApiKind::Rest | ApiKind::Http => ["4XX", "5XX"],
    };
    vec![
        MetricChartOf { title, unit: MetricUnit::Requests, lines: vec![line(title, requests, "Sum", 1.0)] },
        MetricChartOf {
            title: "Error rate",
            unit: MetricUnit::Percent,
            lines: vec![
                line(errors[0], first(AlarmSubject::ClientErrors), "Average", 100.0),
                line(errors[1], first(AlarmSubject::ServerErrors), "Average", 100.0),
            ],
        },
        MetricChartOf {
            title: if kind == ApiKind::WebSocket { "Integration latency" } else { "Latency" },
            unit: MetricUnit::Milliseconds,
            lines: vec![
                line("average", latency, "Average", 1.0),
                line("p50", latency, "p50", 1.0),
                line("p90", latency, "p90", 1.0),
                line("p99", latency, "p99", 1.0),
            ],
        },
    ]
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// Other code or definitions went live.
    Deployment,
    /// Another configuration.
    Change,
    /// An alarm changed its state.
    Alarm,
}

/// Something that happened in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MetricMark {
    /// RFC 3339.
    pub at: String,
    /// What kind.
    pub kind: MarkKind,
    /// A sentence.
    pub what: String,
    /// Who, where that is known.
    #[ts(optional = nullable)]
    pub who: Option<String>,
    /// The entry of this console's journal.
    #[ts(optional = nullable)]
    pub journal_entry: Option<String>,
    /// The alarm whose state changed.
    #[ts(optional = nullable)]
    pub alarm: Option<String>,
    /// Whether it is bad news: an alarm that went off.
    pub burns: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_as_many_points_as_can_be_told_apart() {
        for (hours, period) in [(1, 60), (3, 60), (6, 60), (12, 300), (24, 300), (72, 900), (168, 3_600), (336, 3_600)]
        {
            assert_eq!(period_of(hours), period, "{hours} hours");
            assert!(hours * 3_600 / period <= POINTS);
        }
    }

    #[test]
    fn each_product_has_its_own_metrics() {
        let told = |kind| {
            let lines = charts(kind).into_iter().flat_map(|chart| chart.lines);
            lines.map(|line| format!("{} {}", line.metric, line.statistic)).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(
            told(ApiKind::Http),
            "Count Sum, 4xx Average, 5xx Average, Latency Average, Latency p50, Latency p90, Latency p99"
        );
        assert!(told(ApiKind::WebSocket).starts_with("MessageCount Sum, ClientError Average, ExecutionError Average"));
        assert!(told(ApiKind::Rest).contains("4XXError Average, 5XXError Average"));
    }
}
