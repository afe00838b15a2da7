//! `canary_template_list`: the terms that releases are begun on, by name.

use portcullis_domain::canary::{CanaryCriteria, ReleaseMode, ReleaseStep, ReleaseTerms};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryTemplateListRequest {}

/// Terms with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryTemplate {
    /// Its name.
    pub name: String,
    /// The terms.
    pub terms: ReleaseTerms,
    /// What they mean, a sentence or two.
    pub words: String,
    /// Whether it comes with the program, and cannot be changed.
    pub built_in: bool,
}

/// The templates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryTemplateList {
    /// Those of the program first, then by name.
    pub templates: Vec<CanaryTemplate>,
}

/// Those that come with the program.
pub(crate) fn built_in() -> Vec<CanaryTemplate> {
    let steps = [5.0, 10.0, 25.0, 50.0].map(|percent| ReleaseStep { percent, minutes: 10 }).to_vec();
    let of = |mode, steps| ReleaseTerms { criteria: CanaryCriteria::default(), mode, steps };
    [
        ("watch", of(ReleaseMode::Recommend, Vec::new())),
        ("guard", of(ReleaseMode::Automatic, Vec::new())),
        ("steps", of(ReleaseMode::Automatic, steps)),
    ]
    .map(|(name, terms)| CanaryTemplate { name: name.to_owned(), words: terms.words(), terms, built_in: true })
    .to_vec()
}

/// Lists them.
///
/// # Errors
/// The store's.
pub async fn canary_template_list(
    host: &Host,
    _request: CanaryTemplateListRequest,
) -> Result<CanaryTemplateList, WireError> {
    let mut templates = built_in();
    if host.has_releases() {
        for (name, content) in host.releases()?.templates()? {
            match serde_json::from_str::<ReleaseTerms>(&content) {
                Ok(terms) => templates.push(CanaryTemplate { name, words: terms.words(), terms, built_in: false }),
                Err(error) => host.notice(unreadable(&name, &error)),
            }
        }
    }
    Ok(CanaryTemplateList { templates })
}

fn unreadable(name: &str, error: &serde_json::Error) -> WireError {
    WireError::new(ErrorCode::StoreCorrupted, format!("The template {name} cannot be read back: {error}."))
        .with_hint("Save it again under its name.")
}

/// The terms of a template.
pub(crate) fn terms_of(host: &Host, name: &str) -> Result<ReleaseTerms, WireError> {
    if let Some(template) = built_in().into_iter().find(|template| template.name == name) {
        return Ok(template.terms);
    }
    let kept = if host.has_releases() { host.releases()?.templates()? } else { Vec::new() };
    if let Some((_, content)) = kept.iter().find(|(known, _)| known == name) {
        return serde_json::from_str(content).map_err(|error| unreadable(name, &error));
    }
    let names: Vec<String> =
        built_in().into_iter().map(|template| template.name).chain(kept.into_iter().map(|(name, _)| name)).collect();
    Err(WireError::new(ErrorCode::NotFound, format!("There is no template {name}; there are {}.", names.join(", "))))
}
