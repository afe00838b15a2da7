//! `inventory_refresh`: reads every open context again. Answers at once with the status; results stream.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for a fresh reading; a reading that is under way is left to finish.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InventoryRefreshRequest {}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn inventory_refresh(
    _host: &crate::host::Host,
    _request: InventoryRefreshRequest,
) -> Result<crate::inventory_status::InventoryStatus, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
