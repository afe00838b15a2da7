//! `audience_rules_get`: the organisation's rules file as it stands.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::WireError;

/// Asks for the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceRulesGetRequest {}

/// The rules file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceRulesFile {
    /// Where it is (or will be).
    pub path: String,
    /// Its text; a commented example when there is no file yet.
    pub text: String,
    /// Whether the file exists.
    pub exists: bool,
    /// What is wrong with it, if anything: while it is wrong, the last good rules stay in force.
    #[ts(optional = nullable)]
    pub problem: Option<WireError>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn audience_rules_get(
    _host: &crate::host::Host,
    _request: AudienceRulesGetRequest,
) -> Result<AudienceRulesFile, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
