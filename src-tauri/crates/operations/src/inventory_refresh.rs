//! `inventory_refresh`: reads every open context again. Answers at once with the status; results stream.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host, inventory_status::InventoryStatus};

/// Asks for a fresh reading; a reading that is under way is left to finish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryRefreshRequest {}

/// Starts reading.
///
/// # Errors
/// None.
pub async fn inventory_refresh(host: &Host, _: InventoryRefreshRequest) -> Result<InventoryStatus, WireError> {
    host.start_reading();
    Ok(host.status())
}
