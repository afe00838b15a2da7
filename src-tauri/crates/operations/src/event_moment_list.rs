//! `event_moment_list`: the moments that people ask about: alarms, and since when they are in their state.

use std::cmp::Reverse;

use portcullis_domain::{alarms::AlarmState, coverage::Coverage};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventMomentListRequest {}

/// A moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventMoment {
    /// The context's label.
    pub context: String,
    /// The alarm's name.
    pub alarm: String,
    /// Whether it is in the state ALARM.
    pub burning: bool,
    /// Since when it is in its state, RFC 3339.
    pub at: String,
}

/// The moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventMomentList {
    /// Burning ones first, then the latest.
    pub items: Vec<EventMoment>,
    /// What could not be read.
    pub coverage: Coverage,
}

/// Lists them: the alarms that the Alarms view shows.
///
/// # Errors
/// None: what AWS did not give is coverage.
pub async fn event_moment_list(host: &Host, _: EventMomentListRequest) -> Result<EventMomentList, WireError> {
    let read = host.alarms(false).await;
    let lines = read.iter().flat_map(|read| host.alarm_lines(read));
    let mut items: Vec<EventMoment> = lines
        .filter_map(|line| {
            Some(EventMoment {
                at: line.alarm.since?,
                context: line.alarm.context,
                alarm: line.alarm.name,
                burning: line.alarm.state == AlarmState::Alarm,
            })
        })
        .collect();
    items.sort_by_key(|moment| (!moment.burning, Reverse(moment.at.clone())));
    Ok(EventMomentList { items, coverage: Coverage::of(read.iter().flat_map(|read| read.gaps.clone()).collect()) })
}
