//! CloudWatch: the account's traffic, metrics that were put, statistics over them, alarms and their history.
//!
//! Alarms are evaluated whenever somebody asks about them, for every minute since the last time. Of metric math there is
//! what alarms and charts of API Gateway use ([`math`]); the rest is refused by name rather than answered with nothing.

mod alarms;
mod evaluation;
mod math;
mod metrics;

use serde_json::Value;

use self::{alarms::Alarms, metrics::Metrics};
use super::{Around, Outcome, Refusal};
use crate::traffic::{Traffic, WafTraffic};

/// The service's state in one region.
#[derive(Debug, Default)]
pub(crate) struct CloudWatch {
    metrics: Metrics,
    alarms: Alarms,
}

/// Members that are moments: epoch seconds here and in JSON, tagged in CBOR.
pub(crate) const MOMENTS: &[&str] = &[
    "AlarmConfigurationUpdatedTimestamp",
    "EndTime",
    "StartTime",
    "StateTransitionedTimestamp",
    "StateUpdatedTimestamp",
    "Timestamp",
    "Timestamps",
];

fn missing(member: &str) -> Refusal {
    Refusal::new(400, "MissingParameter", format!("The parameter {member} is required."))
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationError", message)
}

/// The text of a member.
fn said<'a>(body: &'a Value, member: &str) -> Option<&'a str> {
    body.get(member).and_then(Value::as_str)
}

impl CloudWatch {
    /// Answers one operation.
    ///
    /// # Errors
    /// What AWS refuses, and operations that are not here.
    pub(crate) fn answer(
        &mut self,
        operation: &str,
        body: &Value,
        traffic: &dyn Fn() -> Traffic,
        acls: &WafTraffic,
        around: &Around<'_>,
    ) -> Outcome {
        match operation {
            "PutMetricData" => self.metrics.put(body, around.now),
            "ListMetrics" => self.metrics.list(body, &traffic()),
            "GetMetricData" => self.metrics.data(body, (&traffic(), acls)),
            "GetMetricStatistics" => self.metrics.statistics(body, (&traffic(), acls)),
            _ => {
                self.alarms.evaluate(&self.metrics, traffic, acls, around.now);
                self.alarms.answer(operation, body, around)
            }
        }
    }

    /// Everything that was put so far was put then: for a seed that has a past.
    pub(crate) fn settle(&mut self, then: jiff::Timestamp) {
        self.alarms.settle(then);
    }
}
