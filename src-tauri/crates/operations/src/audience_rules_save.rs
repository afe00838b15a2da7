//! `audience_rules_save`: checks a text of rules, writes it, and classifies every route again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A text of rules; refused with line and field when it is wrong. Answers with
/// [`crate::audience_rules_get::AudienceRulesFile`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceRulesSaveRequest {
    /// TOML.
    pub text: String,
    /// The text that the edit began from: refused when the file has changed since.
    pub base: String,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn audience_rules_save(
    _host: &crate::host::Host,
    _request: AudienceRulesSaveRequest,
) -> Result<crate::audience_rules_get::AudienceRulesFile, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
