//! `alarm_history`: what happened to one alarm, from CloudWatch, which keeps 30 days.

use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{Lane, Reader};
use portcullis_domain::alarms::AlarmHistoryItem;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// Pages of 100 that are read at most.
const PAGES: usize = 5;
/// As long as CloudWatch remembers.
const LONGEST_DAYS: u32 = 30;

/// Which alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmHistoryRequest {
    /// The context's label.
    pub context: String,
    /// The alarm's name; it may be deleted.
    pub name: String,
    /// How many days back, 1 to 30.
    pub days: u32,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmHistoryAnswer {
    /// The latest first.
    pub items: Vec<AlarmHistoryItem>,
    /// Whether there is more than was read.
    pub more: bool,
    /// From then, RFC 3339.
    pub from: String,
    /// Until then, RFC 3339.
    pub to: String,
}

/// Reads it.
///
/// # Errors
/// `InvalidInput` for a number of days that CloudWatch does not keep, `NotFound` for a context that is not open, AWS's.
pub async fn alarm_history(host: &Host, request: AlarmHistoryRequest) -> Result<AlarmHistoryAnswer, WireError> {
    if request.days == 0 || request.days > LONGEST_DAYS {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("CloudWatch keeps the history of 1 to {LONGEST_DAYS} days."),
        ));
    }
    let session = host.open_context(&request.context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let to: Timestamp = host.inner.options.clock.now();
    let from = to - SignedDuration::from_hours(i64::from(request.days) * 24);
    let history = reader.alarm_history(Some(&request.name), from, to, PAGES).await?;
    Ok(AlarmHistoryAnswer { items: history.items, more: history.more, from: from.to_string(), to: to.to_string() })
}
