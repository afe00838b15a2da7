//! `audience_rules_save`: checks a text of rules, writes it, and classifies every route again.

use portcullis_domain::audience_rules::organisation::OrganisationRules;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    audience_rules_get::AudienceRulesFile,
    error::{ErrorCode, WireError},
    host::Host,
};

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

/// Saves the rules and classifies every route again.
///
/// # Errors
/// `RulesInvalid` with line, column and field; `InvalidInput` when the file changed since the edit began.
pub async fn audience_rules_save(
    host: &Host,
    request: AudienceRulesSaveRequest,
) -> Result<AudienceRulesFile, WireError> {
    let path = host.rules_path();
    OrganisationRules::parse(&request.text).map_err(|error| WireError::rules(&path, &error))?;
    let (now, _) = host.rules_text()?;
    if now != request.base {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("{} was changed by somebody else since you began.", path.display()),
        )
        .with_hint("Copy your text, reload the file, and bring both together."));
    }
    crate::files::write_whole(&path, request.text).await?;
    crate::audience_rules_get::audience_rules_get(host, crate::audience_rules_get::AudienceRulesGetRequest {}).await
}
