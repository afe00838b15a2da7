//! `inventory_status`: how far reading is, what it cost, what is missing. Also the payload of the
//! `inventory` event that the window listens to.

use portcullis_domain::coverage::{CallCounts, Coverage};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Asks for the status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryStatusRequest {}

/// How far a context is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum InventoryPhase {
    /// Nothing was read yet.
    Idle,
    /// Being read.
    Reading,
    /// Read to the end (perhaps with gaps).
    Done,
    /// Could not even begin: see the gaps.
    Failed,
    /// Stopped by the person.
    Cancelled,
}

/// The rate budget of an account and region at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BudgetStatus {
    /// Calls per second that we allow ourselves.
    pub rate: f64,
    /// Calls that may go at once.
    pub burst: u32,
    /// Calls that could go right now.
    pub available: f64,
    /// Calls that wait.
    pub waiting: u32,
}

/// One context's reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextInventoryStatus {
    /// The context's label.
    pub context: String,
    /// How far.
    pub phase: InventoryPhase,
    /// APIs read.
    pub apis_done: u32,
    /// APIs there are, once the lists are read.
    #[ts(optional = nullable)]
    pub apis_total: Option<u32>,
    /// Routes known now.
    pub routes: u32,
    /// Calls made in this reading.
    pub calls: CallCounts,
    /// The budget.
    #[ts(optional = nullable)]
    pub budget: Option<BudgetStatus>,
    /// When what is shown was read, RFC 3339: older than this session when it comes from the store.
    #[ts(optional = nullable)]
    pub read_at: Option<String>,
    /// Whether what is shown (or a part of it) still comes from the last snapshot.
    pub from_snapshot: bool,
    /// What is missing.
    pub coverage: Coverage,
}

/// Everything about reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryStatus {
    /// Grows whenever a route may have changed, so that the window knows when to ask again.
    #[ts(type = "number")]
    pub revision: u64,
    /// One per open context.
    pub contexts: Vec<ContextInventoryStatus>,
    /// What a person should know and no context says: a store that was set aside, settings or rules that are wrong, a
    /// snapshot that could not be kept.
    pub notices: Vec<WireError>,
}

/// Says how far reading is.
///
/// # Errors
/// None.
pub async fn inventory_status(host: &Host, _: InventoryStatusRequest) -> Result<InventoryStatus, WireError> {
    Ok(host.status())
}
