//! `key_rotate`: plans one stage of replacing a key without an outage.

use portcullis_domain::{change::Plan, rotation::RotationStage};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::WireError,
    host::Host,
    rotation::{Scene, Wish, ledger_of_key},
};

/// Which key, which stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyRotateRequest {
    /// The context's label.
    pub context: String,
    /// The id of the old key, or of the new one once there is one; never a value.
    pub key_id: String,
    /// The stage; without it the one whose turn it is.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub stage: Option<RotationStage>,
    /// For `start`: how long both keys shall work, days; without it as the settings say.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub overlap_days: Option<u16>,
    /// For `disable` and `delete`: why it is done although the overlap lasts, the old key is still used, nobody knows whether
    /// it is, or it did not wait long enough. Stands in the plan, and so in the journal.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub override_reason: Option<String>,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` for a stage whose turn it is not, with what to do first; `ConfirmationNeeded` for one that is too early, with
/// what holds it; `NotFound`; AWS's.
pub async fn key_rotate(host: &Host, request: KeyRotateRequest) -> Result<Plan, WireError> {
    let ledger = ledger_of_key(host, &request.context, &request.key_id).await?;
    let wish = Wish {
        stage: request.stage,
        overlap_days: request.overlap_days,
        override_reason: request.override_reason.as_deref(),
    };
    Box::pin(Scene::new(host, &ledger)?.plan(&request.key_id, wish)).await
}
