//! Where a web ACL's requests are logged, and without what.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::field::Field;

/// A logging configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclLogging {
    /// ARNs of where logs go; their names begin with `aws-waf-logs-`.
    pub destinations: Vec<String>,
    /// What is left out of the logs, in words: `the header authorization`.
    pub redacted: Vec<String>,
    /// Whether a filter keeps only some requests.
    pub filtered: bool,
}

impl WebAclLogging {
    /// Reads `LoggingConfiguration`; `None` for one without a destination.
    #[must_use]
    pub fn read(json: &Value) -> Option<Self> {
        let destinations: Vec<String> = json["LogDestinationConfigs"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|arn| arn.as_str().map(str::to_owned))
            .collect();
        let redacted = json["RedactedFields"].as_array().into_iter().flatten();
        (!destinations.is_empty()).then(|| Self {
            destinations,
            redacted: redacted.map(|field| Field::read(field).words()).collect(),
            filtered: json["LoggingFilter"].is_object(),
        })
    }
}
