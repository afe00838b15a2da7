//! `tenant_find`: whose key a pasted value is. The value is compared in memory and goes nowhere.

use std::fmt;

use futures::future::join_all;
use portcullis_aws::{Lane, Reader};
use portcullis_domain::{coverage::Coverage, tenants::BoardRow};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// The shortest value that API Gateway takes (recorded).
const SHORTEST: usize = 20;

/// A value that somebody read out or pasted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantFindRequest {
    /// The value.
    pub value: String,
}

impl fmt::Debug for TenantFindRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TenantFindRequest { value: [redacted] }")
    }
}

/// Whose it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantFound {
    /// The key's rows; empty when no key has this value.
    pub rows: Vec<BoardRow>,
    /// What could not be searched: nobody found is good news only when this is complete.
    pub coverage: Coverage,
}

/// Finds it.
///
/// # Errors
/// `InvalidInput` for a text that cannot be a value.
pub async fn tenant_find(host: &Host, request: TenantFindRequest) -> Result<TenantFound, WireError> {
    let value = request.value.trim();
    if value.len() < SHORTEST {
        let message = format!("An API key's value has at least {SHORTEST} characters.");
        return Err(WireError::new(ErrorCode::InvalidInput, message).with_hint("Paste the whole value."));
    }
    let ledgers = host.tenant_ledgers(false).await;
    let contexts = host.contexts().clone();
    let searched = join_all(contexts.iter().map(|context| async {
        let label = context.label.to_string();
        let found = match context.session(host).await {
            Ok(session) => Reader::new(&session, Lane::OnScreen, CancellationToken::new()).keys_with_value(value).await,
            Err(error) => Err(error),
        };
        (label, found)
    }))
    .await;
    let mut coverage = host.tenant_coverage(&ledgers);
    let rows = host.tenant_rows(&ledgers)?;
    let mut found = Vec::new();
    for (label, outcome) in searched {
        match outcome {
            Ok(ids) => {
                found.extend(rows.iter().filter(|row| row.context == label && ids.contains(&row.key_id)).cloned());
            }
            Err(error) => {
                coverage.complete = false;
                coverage.gaps.push(error.to_gap(&label, "whose key the value is"));
            }
        }
    }
    Ok(TenantFound { rows: found, coverage })
}
