//! `inventory_cancel`: stops reading. What was read stays; what was not is a gap.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host, inventory_status::InventoryStatus};

/// Asks to stop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryCancelRequest {}

/// Stops reading.
///
/// # Errors
/// None.
pub async fn inventory_cancel(host: &Host, _: InventoryCancelRequest) -> Result<InventoryStatus, WireError> {
    host.stop_reading();
    Ok(host.status())
}
