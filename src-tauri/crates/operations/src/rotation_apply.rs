//! `rotation_apply`: applies a batch of rotations that a person has read and confirmed, one key after the other.

use std::sync::Arc;

use portcullis_aws::Lane;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::{Host, Running},
    plan_apply::{PlanApplyRequest, confirmed, run},
    rotation_plan::{KeyPlan, RotationBatch},
};

/// Which batch, and the person's word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationApplyRequest {
    /// [`RotationBatch::id`]. While it runs, `change_status` shows the keys that are done under this name, and
    /// `change_cancel` stops it between two keys.
    pub batch_id: String,
    /// Why, in the person's words; kept in the journal of every key.
    #[serde(default)]
    pub reason: String,
    /// The name of the protected context, as the person typed it.
    #[serde(default)]
    pub typed: Vec<String>,
    /// Whether the warnings were acknowledged.
    #[serde(default)]
    pub acknowledged: bool,
}

/// How one key of a batch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum KeyOutcome {
    /// Its stage is done and was read back.
    Done,
    /// It failed: the error says what the account is like.
    Failed,
    /// Nothing of it was sent.
    NotBegun,
}

/// One key of a batch, afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyResult {
    /// The old key's id.
    pub key_id: String,
    /// Its name.
    pub key_name: String,
    /// How it ended.
    pub outcome: KeyOutcome,
    /// The journal's entry, where one was opened.
    #[ts(optional = nullable)]
    pub entry: Option<String>,
    /// Why it failed.
    #[ts(optional = nullable)]
    pub error: Option<WireError>,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationApplied {
    /// Every key of the batch, in its order.
    pub keys: Vec<KeyResult>,
    /// Why it ended before the last key, a sentence.
    #[ts(optional = nullable)]
    pub stopped: Option<String>,
}

/// Applies it. A key that somebody changed meanwhile is passed over; any other failure ends the batch, because the next key
/// would meet it too (a limit of keys, a permission).
///
/// # Errors
/// `NotFound` for a batch that was never made or was applied, `ReadOnly`, `ConfirmationNeeded`. A key that fails is no
/// error of the batch: see its result.
pub async fn rotation_apply(host: &Host, request: RotationApplyRequest) -> Result<RotationApplied, WireError> {
    let gone = || {
        WireError::new(ErrorCode::NotFound, format!("There is no batch {}, or it was applied.", request.batch_id))
            .with_hint("Look at the worklist, and make the plan again.")
    };
    let batch = host.inner.rotations.find(&request.batch_id).ok_or_else(gone)?;
    for key in &batch.plans {
        let asked = PlanApplyRequest {
            plan_id: key.plan.id.clone(),
            reason: request.reason.clone(),
            typed: request.typed.clone(),
            acknowledged: request.acknowledged,
            ..PlanApplyRequest::default()
        };
        confirmed(host, &key.plan, &asked)?;
    }
    if !host.inner.rotations.take(&batch.id) {
        return Err(gone());
    }
    let cancel = CancellationToken::new();
    let running = Running {
        title: batch.title.clone(),
        contexts: vec![batch.context.clone()],
        done: 0,
        total: batch.plans.len(),
        cancel: cancel.clone(),
    };
    host.running().insert(batch.id.clone(), running);
    // Applying goes on when the window that asked for it is closed.
    let of_task = host.clone();
    let applied = tokio::spawn(async move {
        let applied = apply(&of_task, &batch, &request.reason, &cancel).await;
        of_task.running().remove(&batch.id);
        of_task.changed();
        applied
    });
    applied.await.map_err(|error| WireError::internal("rotation_apply", &error))
}

async fn apply(host: &Host, batch: &Arc<RotationBatch>, reason: &str, cancel: &CancellationToken) -> RotationApplied {
    let (mut keys, mut stopped) = (Vec::new(), None::<String>);
    for (index, key) in batch.plans.iter().enumerate() {
        if stopped.is_none() && cancel.is_cancelled() {
            stopped = Some("It was stopped between two keys.".to_owned());
        }
        if stopped.is_some() {
            keys.push(result(key, KeyOutcome::NotBegun, None, None));
            continue;
        }
        // A key is never stopped within: it is done, or taken back.
        match run(host, &key.plan, reason.to_owned(), CancellationToken::new(), Lane::Change).await {
            Ok(applied) => keys.push(result(key, KeyOutcome::Done, Some(applied.entry), None)),
            Err(error) => {
                if error.code != ErrorCode::Conflict {
                    stopped = Some(format!("{} failed, and the others would meet the same.", key.key_name));
                }
                keys.push(result(key, KeyOutcome::Failed, error.entry.clone(), Some(error)));
            }
        }
        if let Some(running) = host.running().get_mut(&batch.id) {
            running.done = index + 1;
        }
        host.changed();
        // Whoever watches has a turn between two keys, and may stop here.
        tokio::task::yield_now().await;
    }
    RotationApplied { keys, stopped }
}

fn result(key: &KeyPlan, outcome: KeyOutcome, entry: Option<String>, error: Option<WireError>) -> KeyResult {
    KeyResult { key_id: key.key_id.clone(), key_name: key.key_name.clone(), outcome, entry, error }
}
