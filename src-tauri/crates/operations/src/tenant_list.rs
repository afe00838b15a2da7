//! `tenant_list`: the quota board, filtered, sorted and paged.

use std::collections::BTreeMap;

use portcullis_domain::{
    coverage::{CallCounts, Coverage},
    tenants::{BoardQuery, BoardRow, QuotaState, matching},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// The most rows of an answer.
const MOST: usize = 500;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantListRequest {
    /// Which rows, in which order.
    #[serde(default)]
    pub query: BoardQuery,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u32,
    /// Rows to give, at most 500; 0 means 500.
    #[serde(default)]
    pub limit: u32,
    /// Read AWS again instead of showing what was read.
    #[serde(default)]
    pub afresh: bool,
}

/// A page of the board.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantList {
    /// Rows in all.
    pub total: u32,
    /// Rows that match.
    pub matching: u32,
    /// Rows by state, of all.
    pub states: Vec<(QuotaState, u32)>,
    /// The page.
    pub rows: Vec<BoardRow>,
    /// When it was read, RFC 3339: the oldest of the contexts. AWS's own numbers were up to 40 minutes old then.
    #[ts(optional = nullable)]
    pub read_at: Option<String>,
    /// What reading keys, plans and usage cost.
    #[ts(type = "Record<string, number>")]
    pub calls: CallCounts,
    /// What is missing.
    pub coverage: Coverage,
}

/// Shows the board.
///
/// # Errors
/// `RulesInvalid` when the organisation's mapping is wrong. What AWS did not give is coverage, not an error.
pub async fn tenant_list(host: &Host, request: TenantListRequest) -> Result<TenantList, WireError> {
    let ledgers = host.tenant_ledgers(request.afresh).await;
    let rows = host.tenant_rows(&ledgers)?;
    let found = matching(&rows, &request.query);
    let mut states: BTreeMap<QuotaState, u32> = BTreeMap::new();
    for row in &rows {
        *states.entry(row.standing.state).or_default() += 1;
    }
    let mut calls = CallCounts::new();
    for (call, count) in ledgers.iter().flat_map(|read| &read.calls) {
        *calls.entry(call.clone()).or_default() += count;
    }
    let limit = match request.limit as usize {
        0 => MOST,
        limit => limit.min(MOST),
    };
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(TenantList {
        total: count(rows.len()),
        matching: count(found.len()),
        states: states.into_iter().collect(),
        rows: found.iter().skip(request.offset as usize).take(limit).filter_map(|at| rows.get(*at).cloned()).collect(),
        read_at: ledgers.iter().map(|read| read.at.clone()).min(),
        calls,
        coverage: host.tenant_coverage(&ledgers),
    })
}
