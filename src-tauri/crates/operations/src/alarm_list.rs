//! `alarm_list`: the alarms on API Gateway, in the order of what burns.

use portcullis_domain::{
    alarms::{AlarmLine, AlarmState},
    coverage::{CallCounts, Coverage},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    alarm_state::all_calls,
    error::{ErrorCode, WireError},
    host::Host,
};

/// Which alarms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AlarmListRequest {
    /// Only alarms in which every word of this occurs: name, what it watches, description, context.
    pub text: String,
    /// Only in this state.
    #[ts(optional = nullable)]
    pub state: Option<AlarmState>,
    /// Only those with which something is wrong.
    pub troubled: bool,
    /// Read them again, however young the last answer is.
    pub refresh: bool,
    /// Lines to skip.
    pub offset: u32,
    /// Lines of a page, 1 to 500.
    pub limit: u32,
}

/// A page of alarms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmList {
    /// Alarms on API Gateway.
    pub total: u32,
    /// Of them matching.
    pub matching: u32,
    /// Of all in ALARM.
    pub burning: u32,
    /// Of all with something wrong.
    pub troubled: u32,
    /// The page.
    pub items: Vec<AlarmLine>,
    /// When the oldest part of this was read, RFC 3339.
    #[ts(optional = nullable)]
    pub read_at: Option<String>,
    /// What could not be read.
    pub coverage: Coverage,
    /// Calls by service and operation.
    pub calls: CallCounts,
}

/// Lists them.
///
/// # Errors
/// `InvalidInput` for a page of no lines or of too many. What AWS did not give is coverage.
pub async fn alarm_list(host: &Host, request: AlarmListRequest) -> Result<AlarmList, WireError> {
    if request.limit == 0 || request.limit > 500 {
        return Err(WireError::new(ErrorCode::InvalidInput, "A page has 1 to 500 lines."));
    }
    let read = host.alarms(request.refresh).await;
    let mut all: Vec<AlarmLine> = read.iter().flat_map(|read| host.alarm_lines(read)).collect();
    // Each context's are in order; together they have to be sorted by what burns once more.
    all.sort_by_key(|line| line.alarm.state);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (total, burning) =
        (count(all.len()), count(all.iter().filter(|line| line.alarm.state == AlarmState::Alarm).count()));
    let troubled = count(all.iter().filter(|line| !line.troubles.is_empty()).count());
    let words: Vec<String> = request.text.split_whitespace().map(str::to_lowercase).collect();
    all.retain(|line| fits(line, &request, &words));
    let matching = count(all.len());
    let items = all.into_iter().skip(request.offset as usize).take(request.limit as usize).collect();
    Ok(AlarmList {
        total,
        matching,
        burning,
        troubled,
        items,
        read_at: read.iter().map(|read| read.at).min().map(|at| at.to_string()),
        coverage: Coverage::of(read.iter().flat_map(|read| read.gaps.clone()).collect()),
        calls: all_calls(&read),
    })
}

fn fits(line: &AlarmLine, request: &AlarmListRequest, words: &[String]) -> bool {
    let alarm = &line.alarm;
    let description = alarm.description.as_deref().unwrap_or_default();
    let places: Vec<String> = line
        .places
        .iter()
        .map(|place| format!("{} {}", place.label(), place.api_id.as_deref().unwrap_or_default()))
        .collect();
    let text =
        format!("{} {} {description} {} {}", alarm.name, line.watches, alarm.context, places.join(" ")).to_lowercase();
    words.iter().all(|word| text.contains(word))
        && request.state.is_none_or(|state| state == alarm.state)
        && (!request.troubled || !line.troubles.is_empty())
}
