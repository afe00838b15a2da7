//! `tenant_mapping_get`: the organisation's file of whose keys are whose, as it stands.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Asks for the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantMappingGetRequest {}

/// `tenants.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantMappingFile {
    /// Where it is (or will be).
    pub path: String,
    /// Its text; a commented example when there is no file yet.
    pub text: String,
    /// Whether the file exists.
    pub exists: bool,
    /// What is wrong with it, if anything: while it is wrong no tenant is named.
    #[ts(optional = nullable)]
    pub problem: Option<WireError>,
}

/// Shows the file.
///
/// # Errors
/// None: a file that cannot be read is its own problem's text.
pub async fn tenant_mapping_get(host: &Host, _: TenantMappingGetRequest) -> Result<TenantMappingFile, WireError> {
    let path = host.mapping_path().display().to_string();
    Ok(match host.mapping_text() {
        Ok((text, exists)) => {
            let problem = host.tenant_rules_of(&text).err().filter(|_| exists);
            TenantMappingFile { path, text, exists, problem }
        }
        Err(unreadable) => TenantMappingFile { path, text: String::new(), exists: true, problem: Some(unreadable) },
    })
}
