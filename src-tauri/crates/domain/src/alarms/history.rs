//! `DescribeAlarmHistory`: `HistoryData` is JSON in a string, of a shape for each type of item (recorded).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::AlarmState;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmHistoryKind {
    /// Its state changed.
    State,
    /// Somebody made, changed or deleted it.
    Configuration,
    /// An action was carried out, or failed.
    Action,
    /// Something newer.
    Other,
}

/// Something that happened to an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmHistoryItem {
    /// The alarm's name.
    pub alarm: String,
    /// RFC 3339.
    pub at: String,
    /// What kind.
    pub kind: AlarmHistoryKind,
    /// AWS's words.
    pub summary: String,
    /// The state before, of a change of state.
    #[ts(optional = nullable)]
    pub from: Option<AlarmState>,
    /// The state after.
    #[ts(optional = nullable)]
    pub to: Option<AlarmState>,
    /// Why, in AWS's words.
    #[ts(optional = nullable)]
    pub reason: Option<String>,
    /// `HistoryData` as it came.
    pub data: String,
}

impl AlarmHistoryItem {
    /// Reads an item; data that is no JSON, or cut off, leaves what the summary says.
    #[must_use]
    pub fn read(alarm: &str, at: &str, item_type: &str, summary: &str, data: &str) -> Self {
        let kind = match item_type {
            "StateUpdate" => AlarmHistoryKind::State,
            "ConfigurationUpdate" => AlarmHistoryKind::Configuration,
            "Action" => AlarmHistoryKind::Action,
            _ => AlarmHistoryKind::Other,
        };
        let read: Value = serde_json::from_str(data).unwrap_or(Value::Null);
        let state = |name: &str| read[name]["stateValue"].as_str().map(AlarmState::read);
        let told = summary.strip_prefix("Alarm updated from ").and_then(|rest| rest.split_once(" to "));
        let (mut from, mut to) = (state("oldState"), state("newState"));
        if let (Some((old, new)), AlarmHistoryKind::State) = (told, kind) {
            let word = |text: &str| AlarmState::read(text.trim().trim_end_matches('.'));
            from = from.or_else(|| Some(word(old)));
            to = to.or_else(|| Some(word(new)));
        }
        let reason = read["newState"]["stateReason"].as_str().or_else(|| read["error"].as_str());
        Self {
            alarm: alarm.to_owned(),
            at: at.to_owned(),
            kind,
            summary: summary.to_owned(),
            from,
            to,
            reason: reason.map(str::to_owned),
            data: data.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_state_is_read_from_its_data_and_else_from_its_summary() {
        let data = r#"{"version":"1.0","oldState":{"stateValue":"ALARM","stateReason":"testing purposes"},"newState":{"stateValue":"OK","stateReason":"Threshold Crossed"}}"#;
        let whole = AlarmHistoryItem::read("a", "t", "StateUpdate", "Alarm updated from ALARM to OK", data);
        assert_eq!((whole.from, whole.to), (Some(AlarmState::Alarm), Some(AlarmState::Ok)));
        assert_eq!(whole.reason.as_deref(), Some("Threshold Crossed"));
        let cut = AlarmHistoryItem::read(
            "a",
            "t",
            "StateUpdate",
            "Alarm updated from INSUFFICIENT_DATA to ALARM",
            &data[..40],
        );
        assert_eq!((cut.from, cut.to), (Some(AlarmState::InsufficientData), Some(AlarmState::Alarm)));
        assert_eq!(cut.reason, None);
        let action = AlarmHistoryItem::read(
            "a",
            "t",
            "Action",
            "Failed to execute action x",
            r#"{"actionState":"Failed","error":"No authorization"}"#,
        );
        assert_eq!((action.kind, action.reason.as_deref()), (AlarmHistoryKind::Action, Some("No authorization")));
        assert_eq!(
            AlarmHistoryItem::read("a", "t", "AlarmContributorStateUpdate", "", "").kind,
            AlarmHistoryKind::Other
        );
    }
}
