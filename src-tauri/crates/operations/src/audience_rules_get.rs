//! `audience_rules_get`: the organisation's rules file as it stands.

use portcullis_domain::audience_rules::organisation::EXAMPLE;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::host::Host;

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

/// Shows the file.
///
/// # Errors
/// None: a file that cannot be read is its own problem's text.
#[expect(clippy::unused_async, reason = "every operation has the same shape")]
pub async fn audience_rules_get(host: &Host, _: AudienceRulesGetRequest) -> Result<AudienceRulesFile, WireError> {
    host.load_rules();
    let path = host.rules_path();
    let text = std::fs::read_to_string(&path);
    let problem = host.inner.rules_problem.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    Ok(AudienceRulesFile {
        path: path.display().to_string(),
        exists: text.is_ok(),
        text: text.unwrap_or_else(|_| EXAMPLE.to_owned()),
        problem,
    })
}
