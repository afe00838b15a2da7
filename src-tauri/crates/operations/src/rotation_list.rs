//! `rotation_list`: every key with its age, its last use and when it should be replaced, and where each rotation stands.

use std::{cmp::Ordering, sync::Arc};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use portcullis_domain::{
    coverage::{CallCounts, Coverage},
    rotation::{LastUse, Rotation, RotationPolicy, RotationStage, RotationState, Rotations},
    tenants::{Key, TenantMapping},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host, tenant_state::ReadLedger};

/// The most rows of a page.
const PAGE: usize = 500;

/// Which keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationQuery {
    /// Words; each must be in the tenant, key, customer, tags or plans. Case does not matter.
    #[serde(default)]
    pub text: String,
    /// Only this context.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub context: Option<String>,
    /// Only these keys, by id: old or new ones.
    #[serde(default)]
    pub key_ids: Vec<String>,
    /// Only these states; empty means all.
    #[serde(default)]
    pub states: Vec<RotationState>,
    /// Only keys that are so many days old or older.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub older_than_days: Option<u32>,
    /// Only keys with this tag, `team` or `team=billing`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub tag: Option<String>,
    /// Only keys in this plan, by id or name.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub usage_plan: Option<String>,
}

/// Which page of which keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationListRequest {
    /// Which keys.
    #[serde(default)]
    pub query: RotationQuery,
    /// The first row, from 0.
    #[serde(default)]
    pub offset: u32,
    /// Rows, at most 500; 0 means 500.
    #[serde(default)]
    pub limit: u32,
    /// Whether AWS is read again.
    #[serde(default)]
    pub afresh: bool,
}

/// The key that takes another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewKey {
    /// Id; never its value.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whether API Gateway accepts it.
    pub enabled: bool,
    /// When it was last used.
    pub last_use: LastUse,
}

/// A key, and the rotation that it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationRow {
    /// Name of the row: context and key.
    pub id: String,
    /// The context's label.
    pub context: String,
    /// Key id; never its value.
    pub key_id: String,
    /// Name.
    pub key_name: String,
    /// Whose key.
    pub tenant: String,
    /// Whether API Gateway accepts it.
    pub enabled: bool,
    /// Names of its plans; absent when they could not be read.
    #[ts(optional = nullable)]
    pub plans: Option<Vec<String>>,
    /// Age, whole days; absent where AWS gave no date.
    #[ts(optional = nullable, type = "number")]
    pub age_days: Option<i64>,
    /// When it should be replaced.
    #[ts(optional = nullable, type = "string")]
    pub due_on: Option<Date>,
    /// The same in days from today; negative when it is late.
    #[ts(optional = nullable, type = "number")]
    pub due_in_days: Option<i64>,
    /// When it was last used.
    pub last_use: LastUse,
    /// Where the rotation stands.
    pub state: RotationState,
    /// Whose turn it is.
    #[ts(optional = nullable)]
    pub next: Option<RotationStage>,
    /// What speaks against the next stage now.
    pub held: Vec<String>,
    /// What is wrong.
    #[ts(optional = nullable)]
    pub problem: Option<String>,
    /// The key that takes its place.
    #[ts(optional = nullable)]
    pub new_key: Option<NewKey>,
    /// Until when both keys shall work.
    #[ts(optional = nullable, type = "string")]
    pub overlap_until: Option<Date>,
    /// From when the disabled key may be deleted.
    #[ts(optional = nullable, type = "string")]
    pub delete_from: Option<Date>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationList {
    /// The rows: what a person should look at first, then what is due first.
    pub rows: Vec<RotationRow>,
    /// Rows that match.
    pub matching: u32,
    /// Matching rows of a rotation that is under way.
    pub under_way: u32,
    /// Matching keys that are late and have no rotation.
    pub late: u32,
    /// What the settings say.
    pub policy: RotationPolicy,
    /// When the oldest part was read, RFC 3339; absent when nothing was read yet.
    #[ts(optional = nullable)]
    pub read_at: Option<String>,
    /// What could not be read.
    pub coverage: Coverage,
    /// Calls made for it.
    #[ts(type = "Record<string, number>")]
    pub calls: CallCounts,
}

/// Lists them.
///
/// # Errors
/// `RulesInvalid` for a `tenants.toml` that is wrong. What AWS does not give is a gap of the answer.
pub async fn rotation_list(host: &Host, request: RotationListRequest) -> Result<RotationList, WireError> {
    let ledgers = host.tenant_ledgers(request.afresh).await;
    let policy = host.rotation_policy()?;
    let mut rows = rotation_rows(host, &ledgers, &request.query)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let under_way = rows.iter().filter(|row| row.state != RotationState::NotStarted).count();
    let late =
        |row: &&RotationRow| row.state == RotationState::NotStarted && row.due_in_days.is_some_and(|days| days < 0);
    let (matching, late) = (rows.len(), rows.iter().filter(late).count());
    let size = match request.limit as usize {
        0 => PAGE,
        limit => limit.min(PAGE),
    };
    let rows = rows.drain((request.offset as usize).min(matching)..).take(size).collect();
    let mut calls = CallCounts::new();
    for (call, number) in ledgers.iter().flat_map(|read| &read.calls) {
        *calls.entry(call.clone()).or_default() += number;
    }
    Ok(RotationList {
        rows,
        matching: count(matching),
        under_way: count(under_way),
        late: count(late),
        policy,
        read_at: ledgers.iter().map(|read| read.at.clone()).min(),
        coverage: host.tenant_coverage(&ledgers),
        calls,
    })
}

/// The rows that match, in order.
pub(crate) fn rotation_rows(
    host: &Host,
    ledgers: &[Arc<ReadLedger>],
    query: &RotationQuery,
) -> Result<Vec<RotationRow>, WireError> {
    let (policy, mapping, now) = (host.rotation_policy()?, host.tenant_rules()?.mapping, host.clock().now());
    let mut rows = Vec::new();
    for read in ledgers {
        let ledger = &read.ledger;
        if query.context.as_ref().is_some_and(|context| *context != ledger.context) {
            continue;
        }
        let rotations = Rotations::of(ledger);
        for key in ledger.keys.as_deref().unwrap_or_default() {
            // A new key stands in the row of the key whose place it takes.
            if rotations.predecessor(key).is_some() {
                continue;
            }
            let rotation = rotations.rotation(key, &policy, now);
            if matches(query, &rotations, &rotation, &mapping, now) {
                rows.push(row(&ledger.context, &rotations, &rotation, &mapping, &policy, now));
            }
        }
    }
    rows.sort_by(by_urgency);
    Ok(rows)
}

fn matches(
    query: &RotationQuery,
    rotations: &Rotations<'_>,
    rotation: &Rotation<'_>,
    mapping: &TenantMapping,
    now: Timestamp,
) -> bool {
    let old = rotation.old;
    let asked = |key: &Key| query.key_ids.contains(&key.id);
    let plans = rotations.plans_of(&old.id);
    let tagged = |wanted: &String| match wanted.split_once('=') {
        Some((name, value)) => old.tags.get(name).is_some_and(|tag| tag == value),
        None => old.tags.contains_key(wanted),
    };
    let old_enough = |days: u32| age_days(old, now).is_some_and(|age| age >= i64::from(days));
    (query.key_ids.is_empty() || asked(old) || rotation.new.is_some_and(asked))
        && (query.states.is_empty() || query.states.contains(&rotation.state))
        && query.older_than_days.is_none_or(old_enough)
        && query.tag.as_ref().is_none_or(tagged)
        && query.usage_plan.as_ref().is_none_or(|plan| plans.iter().any(|of| of.id == *plan || of.name == *plan))
        && words_match(query, rotations, rotation, mapping)
}

fn words_match(
    query: &RotationQuery,
    rotations: &Rotations<'_>,
    rotation: &Rotation<'_>,
    mapping: &TenantMapping,
) -> bool {
    let words: Vec<String> = query.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    if words.is_empty() {
        return true;
    }
    let mut all = String::new();
    for key in std::iter::once(rotation.old).chain(rotation.new) {
        for text in [&key.id, &key.name, &key.customer_id] {
            all += &format!("{text}\n").to_lowercase();
        }
        for (name, value) in &key.tags {
            all += &format!("{name}={value}\n").to_lowercase();
        }
    }
    all += &mapping.tenant_of(rotation.old).name.to_lowercase();
    for plan in rotations.plans_of(&rotation.old.id) {
        all += &format!("\n{}\n{}", plan.id, plan.name).to_lowercase();
    }
    words.iter().all(|word| all.contains(word))
}

fn age_days(key: &Key, now: Timestamp) -> Option<i64> {
    (key.created_at > 0).then(|| now.as_second().saturating_sub(key.created_at).max(0) / 86_400)
}

fn row(
    context: &str,
    rotations: &Rotations<'_>,
    rotation: &Rotation<'_>,
    mapping: &TenantMapping,
    policy: &RotationPolicy,
    now: Timestamp,
) -> RotationRow {
    let old = rotation.old;
    let age_days = age_days(old, now);
    let due_in_days = age_days.map(|age| policy.rotate_after_days.saturating_sub(age));
    let today = now.to_zoned(TimeZone::UTC).date();
    let readable = !matches!(&rotation.last_use, LastUse::Unknown { plans } if plans.is_empty());
    let names = || rotations.plans_of(&old.id).iter().map(|plan| plan.name.clone()).collect();
    RotationRow {
        id: format!("{context}/{}", old.id),
        context: context.to_owned(),
        key_id: old.id.clone(),
        key_name: old.name.clone(),
        tenant: mapping.tenant_of(old).name,
        enabled: old.enabled,
        plans: readable.then(names),
        age_days,
        due_on: due_in_days.map(|days| today.saturating_add(days.days())),
        due_in_days,
        last_use: rotation.last_use.clone(),
        state: rotation.state,
        next: rotation.next,
        held: rotation.held.clone(),
        problem: rotation.problem.clone(),
        new_key: rotation.new.map(|new| NewKey {
            id: new.id.clone(),
            name: new.name.clone(),
            enabled: new.enabled,
            last_use: rotations.last_use(&new.id),
        }),
        overlap_until: rotation.overlap_until,
        delete_from: rotation.delete_from,
    }
}

fn by_urgency(one: &RotationRow, other: &RotationRow) -> Ordering {
    // A disabled key that nobody replaces is due for nothing.
    let due = |row: &RotationRow| (!row.enabled, row.due_in_days.unwrap_or(i64::MAX));
    one.state
        .cmp(&other.state)
        .then_with(|| due(one).cmp(&due(other)))
        .then_with(|| one.tenant.to_lowercase().cmp(&other.tenant.to_lowercase()))
        .then_with(|| one.id.cmp(&other.id))
}
