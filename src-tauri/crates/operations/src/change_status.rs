//! `change_status`: how far a change under way is, and how long it waits for its turn.

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
    /// The plan's title.
    pub title: String,
    /// Calls that are done.
    pub done: u32,
    /// Calls of the plan.
    pub total: u32,
    /// Whether it was asked to stop after the call that is being sent.
    pub stopping: bool,
    /// How it waits for its turn; absent when it does not.
    #[ts(optional = nullable)]
    pub waiting: Option<ChangeWait>,
}

/// A call in a queue: AWS takes some of them rarely (UpdateUsagePlan once in 20 seconds).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeWait {
    /// Changes that go before it.
    pub ahead: u32,
    /// Seconds that are left, if nothing more urgent comes.
    pub seconds_left: u32,
    /// The same as a sentence.
    pub sentence: String,
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
    let under_way = host.running().clone();
    let mut running: Vec<RunningChange> = under_way
        .iter()
        .map(|(entry, running)| RunningChange {
            entry: entry.clone(),
            title: running.title.clone(),
            done: count(running.done),
            total: count(running.total),
            stopping: running.cancel.is_cancelled(),
            waiting: running.contexts.iter().find_map(|context| wait_in(host, context, entry)),
        })
        .collect();
    running.sort_by(|one, other| one.entry.cmp(&other.entry));
    Ok(ChangeStatus { running })
}

/// How an entry's call waits in the budget of a context.
fn wait_in(host: &Host, context: &str, entry: &str) -> Option<ChangeWait> {
    let budget = host.context(context)?.opened_session()?.budget();
    let wait = budget.wait_of(entry)?;
    // What takes no time a person would notice is not worth a word.
    let seconds_left = u32::try_from(wait.left.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
    let operation = wait.operation.filter(|_| seconds_left > 0)?;
    let before = match wait.ahead {
        0 => "it is next".to_owned(),
        1 => "1 call goes before it".to_owned(),
        more => format!("{more} calls go before it"),
    };
    let sentence = format!(
        "Waits for its turn: AWS takes one {operation} in {} seconds; {before}, {seconds_left} s left.",
        wait.every.as_secs_f64().round()
    );
    Some(ChangeWait { ahead: wait.ahead, seconds_left, sentence })
}
