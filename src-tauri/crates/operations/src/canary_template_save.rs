//! `canary_template_save`: keeps terms under a name, or forgets them.

use portcullis_domain::canary::ReleaseTerms;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_template_list::{CanaryTemplateList, CanaryTemplateListRequest, built_in, canary_template_list},
    error::{ErrorCode, WireError},
    host::Host,
};

/// The most letters of a name.
const LONGEST: usize = 60;

/// Which template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryTemplateSaveRequest {
    /// Its name.
    pub name: String,
    /// The terms; without them the template is forgotten.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub terms: Option<ReleaseTerms>,
}

/// Keeps it in place of one of the same name.
///
/// # Errors
/// `InvalidInput` for terms that make no sense, for a name that is none and for the names of the program's own, `NotFound` for
/// one to forget that is not there, the store's.
pub async fn canary_template_save(
    host: &Host,
    request: CanaryTemplateSaveRequest,
) -> Result<CanaryTemplateList, WireError> {
    let name = request.name.trim();
    let refused = |words: String| Err(WireError::new(ErrorCode::InvalidInput, words));
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
        return refused(format!("A template's name has 1 to {LONGEST} letters."));
    }
    if built_in().iter().any(|template| template.name == name) {
        return refused(format!("The template {name} comes with the program: choose another name."));
    }
    match &request.terms {
        Some(terms) => {
            if let Some(problem) = terms.problem() {
                return refused(problem);
            }
            let content = serde_json::to_string(terms).map_err(|error| WireError::internal("a template", &error))?;
            host.releases()?.set_template(name, Some(&content))?;
        }
        None => {
            if !host.has_releases() || !host.releases()?.set_template(name, None)? {
                return Err(WireError::new(ErrorCode::NotFound, format!("There is no template {name}.")));
            }
        }
    }
    host.changed();
    canary_template_list(host, CanaryTemplateListRequest {}).await
}
