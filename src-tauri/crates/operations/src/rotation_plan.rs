//! `rotation_plan`: plans the same stage for many keys, for one confirmation. Each key stays a change of its own: what stops
//! in the middle leaves every key either as it was or with its stage done.

use portcullis_domain::{change::Plan, rotation::RotationStage};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    rotation::{Scene, Wish},
    rotation_list::{RotationQuery, RotationRow, rotation_rows},
};

/// The most keys of a batch: at AWS's five new keys a second, less than two minutes of making keys.
const KEYS: usize = 500;
/// What AWS allows of `CreateApiKey`, and of `DeleteApiKey`, per second ("Amazon API Gateway quotas").
const KEYS_PER_SECOND: usize = 5;
/// What AWS allows of all calls together, per second.
const CALLS_PER_SECOND: usize = 10;

/// Which keys, which stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationPlanRequest {
    /// The context's label.
    pub context: String,
    /// Which keys: by id, age, tag, plan, words.
    #[serde(default)]
    pub query: RotationQuery,
    /// `start`, `attach`, `disable`, `settle` or `delete`.
    pub stage: RotationStage,
    /// For `start`: how long both keys shall work, days.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub overlap_days: Option<u16>,
}

/// One key's part of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyPlan {
    /// The old key's id.
    pub key_id: String,
    /// Its name.
    pub key_name: String,
    /// The change, which is applied, kept in the journal and undone by itself.
    pub plan: Plan,
}

/// A key that matches and is not part of the batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The old key's id.
    pub key_id: String,
    /// Its name.
    pub key_name: String,
    /// Why, a sentence.
    pub why: String,
}

/// What one confirmation will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationBatch {
    /// Name for applying it.
    pub id: String,
    /// One sentence.
    pub title: String,
    /// The context's label.
    pub context: String,
    /// A plan for each key, in the order in which they are applied.
    pub plans: Vec<KeyPlan>,
    /// Keys that match and are left out.
    pub left_out: Vec<LeftOut>,
    /// Calls that change something.
    pub calls: u32,
    /// How long AWS's limits make it take, seconds, at least.
    pub seconds: u32,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` for a stage that is taken key by key only, and for more than 500 keys; AWS's.
pub async fn rotation_plan(host: &Host, request: RotationPlanRequest) -> Result<RotationBatch, WireError> {
    let stage = request.stage;
    let several = [
        RotationStage::Start,
        RotationStage::Attach,
        RotationStage::Disable,
        RotationStage::Settle,
        RotationStage::Delete,
    ];
    if !several.contains(&stage) {
        return Err(
            WireError::new(ErrorCode::InvalidInput, "This stage is taken key by key.").with_hint("Open the key's row.")
        );
    }
    host.open_context(&request.context)?;
    host.forget_tenants(&request.context);
    let ledgers = host.tenant_ledgers(false).await;
    let query = RotationQuery { context: Some(request.context.clone()), ..request.query.clone() };
    let rows = rotation_rows(host, &ledgers, &query)?;
    let (turn, others): (Vec<&RotationRow>, Vec<&RotationRow>) = rows.iter().partition(|row| is_its_turn(row, stage));
    if turn.len() > KEYS {
        let message = format!("{} keys match, and a batch has at most {KEYS}.", turn.len());
        return Err(WireError::new(ErrorCode::InvalidInput, message).with_hint("Choose fewer: by tag, plan or age."));
    }
    let mut left_out: Vec<LeftOut> = others.into_iter().map(|row| left(row, why_not(row))).collect();
    let unknown = query.key_ids.iter().filter(|id| {
        !rows.iter().any(|row| row.key_id == **id || row.new_key.as_ref().is_some_and(|new| new.id == **id))
    });
    left_out.extend(unknown.map(|id| LeftOut {
        key_id: id.clone(),
        key_name: String::new(),
        why: format!("There is no key {id} in {}.", request.context),
    }));
    let mut plans = Vec::new();
    if let Some(read) = ledgers.iter().find(|read| read.ledger.context == request.context) {
        let scene = Scene::new(host, &read.ledger)?;
        let wish = Wish { stage: Some(stage), overlap_days: request.overlap_days, override_reason: None };
        for row in turn {
            match Box::pin(scene.plan(&row.key_id, wish)).await {
                Ok(plan) if plan.is_empty() => left_out.push(left(row, "There is nothing to do.".to_owned())),
                Ok(plan) => {
                    plans.push(KeyPlan { key_id: row.key_id.clone(), key_name: row.key_name.clone(), plan });
                }
                Err(error) => left_out.push(left(row, error.message)),
            }
        }
    }
    let calls: usize = plans.iter().map(|key| key.plan.steps.len()).sum();
    let slow = if matches!(stage, RotationStage::Start | RotationStage::Delete) { plans.len() } else { 0 };
    let seconds = slow.div_ceil(KEYS_PER_SECOND).max(calls.div_ceil(CALLS_PER_SECOND));
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let batch = RotationBatch {
        id: host.plan_id(),
        title: title(stage, plans.len()),
        context: request.context,
        plans,
        left_out,
        calls: count(calls),
        seconds: count(seconds),
    };
    Ok((*host.inner.rotations.keep(batch)).clone())
}

fn is_its_turn(row: &RotationRow, stage: RotationStage) -> bool {
    // Settling has no turn of its own: wherever two keys share a quota.
    (row.next == Some(stage) && row.held.is_empty()) || stage == RotationStage::Settle && row.new_key.is_some()
}

fn why_not(row: &RotationRow) -> String {
    match (&row.problem, row.held.first()) {
        (Some(problem), _) => problem.clone(),
        (None, Some(held)) => held.clone(),
        (None, None) if !row.enabled && row.new_key.is_none() => "The key is disabled.".to_owned(),
        (None, None) => "It is the turn of another stage.".to_owned(),
    }
}

fn left(row: &RotationRow, why: String) -> LeftOut {
    LeftOut { key_id: row.key_id.clone(), key_name: row.key_name.clone(), why }
}

fn title(stage: RotationStage, keys: usize) -> String {
    let keys = if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") };
    match stage {
        RotationStage::Start => format!("Make new keys in place of {keys}, in the same plans"),
        RotationStage::Attach => format!("Put the new keys of {keys} into the plans that they miss"),
        RotationStage::Disable => format!("Disable {keys}"),
        RotationStage::Settle => format!("Settle the quotas of {keys}"),
        RotationStage::Delete => format!("Delete {keys}, for good"),
        RotationStage::Enable | RotationStage::EnableNew | RotationStage::Abandon => keys,
    }
}
