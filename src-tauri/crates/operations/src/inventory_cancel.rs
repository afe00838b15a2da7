//! `inventory_cancel`: stops reading. What was read stays; what was not is a gap.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks to stop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryCancelRequest {}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn inventory_cancel(
    _host: &crate::host::Host,
    _request: InventoryCancelRequest,
) -> Result<crate::inventory_status::InventoryStatus, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
