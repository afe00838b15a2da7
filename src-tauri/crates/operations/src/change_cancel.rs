//! `change_cancel`: stops a change between two of its calls.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change_resume::under_way,
    change_status::{ChangeStatus, ChangeStatusRequest, change_status},
    error::{ErrorCode, WireError},
    host::{Host, Where},
};

/// Which change. Answers with [`crate::change_status::ChangeStatus`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeCancelRequest {
    /// The journal's entry.
    pub entry: String,
}

/// Stops it: the call that is being sent is waited for, what is done stays, and the entry says so.
///
/// # Errors
/// `NotFound` when no such change is under way, `Conflict` when another program makes it: only that one can stop it.
pub async fn change_cancel(host: &Host, request: ChangeCancelRequest) -> Result<ChangeStatus, WireError> {
    let cancel = host.running().get(&request.entry).map(|running| running.cancel.clone());
    let Some(cancel) = cancel else {
        if host.under_way(&request.entry) == Some(Where::Elsewhere) {
            return Err(under_way(host, &request.entry));
        }
        return Err(WireError::new(ErrorCode::NotFound, format!("No change {} is under way.", request.entry)));
    };
    cancel.cancel();
    change_status(host, ChangeStatusRequest {}).await
}
