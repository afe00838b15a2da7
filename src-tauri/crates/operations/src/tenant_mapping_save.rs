//! `tenant_mapping_save`: checks a text of rules and writes it: every key is named by it from now on.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    tenant_mapping_get::{TenantMappingFile, TenantMappingGetRequest, tenant_mapping_get},
};

/// A text of rules. Answers with [`TenantMappingFile`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantMappingSaveRequest {
    /// TOML.
    pub text: String,
    /// The text that the edit began from: refused when the file has changed since.
    pub base: String,
}

/// Saves the file.
///
/// # Errors
/// `RulesInvalid` with line, column and field; `InvalidInput` when the file changed since the edit began.
pub async fn tenant_mapping_save(
    host: &Host,
    request: TenantMappingSaveRequest,
) -> Result<TenantMappingFile, WireError> {
    host.tenant_rules_of(&request.text)?;
    let path = host.mapping_path();
    let (now, _) = host.mapping_text()?;
    if now != request.base {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("{} was changed by somebody else since you began.", path.display()),
        )
        .with_hint("Copy your text, open the file again, and bring both together."));
    }
    crate::files::write_whole(&path, request.text).await?;
    host.changed();
    tenant_mapping_get(host, TenantMappingGetRequest {}).await
}
