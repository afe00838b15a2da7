//! `event_cancel`: stops a fetch of configuration changes; what came stands.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Nothing to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventCancelRequest {}

/// Stops it. A query of CloudTrail Lake is cancelled at AWS too.
///
/// # Errors
/// None.
pub async fn event_cancel(host: &Host, _: EventCancelRequest) -> Result<(), WireError> {
    host.stop_fetching();
    Ok(())
}
