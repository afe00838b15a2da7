//! `change_status`: how far a change under way is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Asks for the changes under way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeStatusRequest {}

/// A change under way in this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunningChange {
    /// The journal's entry, which is the plan's id.
    pub entry: String,
    /// Calls that are done.
    pub done: u32,
    /// Calls of the plan.
    pub total: u32,
    /// Whether it was asked to stop after the call that is being sent.
    pub stopping: bool,
}

/// The changes under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeStatus {
    /// By entry.
    pub running: Vec<RunningChange>,
}

/// Says how far each change is.
///
/// # Errors
/// None.
pub async fn change_status(host: &Host, _: ChangeStatusRequest) -> Result<ChangeStatus, WireError> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut running: Vec<RunningChange> = host
        .running()
        .iter()
        .map(|(entry, running)| RunningChange {
            entry: entry.clone(),
            done: count(running.done),
            total: count(running.total),
            stopping: running.cancel.is_cancelled(),
        })
        .collect();
    running.sort_by(|one, other| one.entry.cmp(&other.entry));
    Ok(ChangeStatus { running })
}
