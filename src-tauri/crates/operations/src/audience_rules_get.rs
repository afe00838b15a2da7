//! `audience_rules_get`: the organisation's rules file as it stands.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

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

/// Shows the file as it is now; when somebody else changed it, the new rules are in force from now on.
///
/// # Errors
/// None: a file that cannot be read is its own problem's text.
pub async fn audience_rules_get(host: &Host, _: AudienceRulesGetRequest) -> Result<AudienceRulesFile, WireError> {
    if host.reload_rules() {
        host.classify_again();
    }
    let path = host.rules_path().display().to_string();
    let problem = host.rules_problem();
    Ok(match host.rules_text() {
        Ok((text, exists)) => AudienceRulesFile { path, text, exists, problem },
        Err(unreadable) => {
            AudienceRulesFile { path, text: String::new(), exists: true, problem: problem.or(Some(unreadable)) }
        }
    })
}
