//! `tenant_mapping_preview`: which keys a text of rules would give to whom, before it is saved.

use portcullis_domain::tenants::TenantName;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// The most moves that are listed.
const MOVES: usize = 200;

/// A text of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantMappingPreviewRequest {
    /// TOML.
    pub text: String,
}

/// A key that would be another's, or the same one's for another reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantMappingMove {
    /// The context's label.
    pub context: String,
    /// Key id; never its value.
    pub key_id: String,
    /// The key's name.
    pub key_name: String,
    /// Whose it is now; absent while the file is wrong, since nobody is named then.
    #[ts(optional = nullable)]
    pub before: Option<TenantName>,
    /// Whose it would be.
    pub after: TenantName,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantMappingPreview {
    /// Keys that were looked at.
    pub keys: u32,
    /// Keys that would be named otherwise.
    pub moving: u32,
    /// The first 200 of them.
    pub moves: Vec<TenantMappingMove>,
}

/// Shows what would move, of the keys that were read.
///
/// # Errors
/// `RulesInvalid` with line, column and field.
pub async fn tenant_mapping_preview(
    host: &Host,
    request: TenantMappingPreviewRequest,
) -> Result<TenantMappingPreview, WireError> {
    let rules = host.tenant_rules_of(&request.text)?;
    let now = host.tenant_rules().ok();
    let ledgers = host.tenant_ledgers(false).await;
    let (mut keys, mut moving, mut moves) = (0_u32, 0_u32, Vec::new());
    for read in &ledgers {
        for key in read.ledger.keys.iter().flatten() {
            keys += 1;
            let before = now.as_ref().map(|now| now.mapping.tenant_of(key));
            let after = rules.mapping.tenant_of(key);
            if before.as_ref() == Some(&after) {
                continue;
            }
            moving += 1;
            if moves.len() < MOVES {
                let (context, key_id, key_name) = (read.ledger.context.clone(), key.id.clone(), key.name.clone());
                moves.push(TenantMappingMove { context, key_id, key_name, before, after });
            }
        }
    }
    Ok(TenantMappingPreview { keys, moving, moves })
}
