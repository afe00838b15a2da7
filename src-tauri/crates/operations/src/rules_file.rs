//! `audience.toml`: the organisation's rules, as a file and in force.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
};

use portcullis_domain::audience_rules::{
    AudienceRules, Overrides,
    organisation::{EXAMPLE, OrganisationRules},
};
use portcullis_store::Store;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// Under this name the store keeps the last text that was good, so that a file that is wrong at the start does not
/// move every route.
const LAST_GOOD: &str = "audience rules in force";

/// The rules in force, and what is wrong with the file that they should come from.
#[derive(Default)]
pub(crate) struct RulesInForce {
    pub(crate) rules: Arc<AudienceRules>,
    /// The text that `rules` were made of; empty where there is no file.
    text: String,
    pub(crate) problem: Option<WireError>,
}

impl RulesInForce {
    /// What holds before the file was looked at: what persons said, and the last text that was good.
    pub(crate) fn kept_in(store: &Store, notices: &mut Vec<WireError>) -> Self {
        let overrides = store.overrides().unwrap_or_else(|error| {
            notices.push(WireError::from(error).with_hint("What persons said about audiences is not in force."));
            Overrides::new()
        });
        let kept = store.setting(LAST_GOOD).ok().flatten().unwrap_or_default();
        let (text, organisation) = match OrganisationRules::parse(&kept) {
            Ok(rules) => (kept, rules),
            // Good for an older version of the program.
            Err(_) => (String::new(), OrganisationRules::default()),
        };
        Self { rules: Arc::new(AudienceRules { organisation, overrides }), text, problem: None }
    }
}

impl Host {
    /// The rules in force.
    pub(crate) fn rules(&self) -> Arc<AudienceRules> {
        Arc::clone(&self.inner.rules.read().unwrap_or_else(PoisonError::into_inner).rules)
    }

    /// What is wrong with the file, if anything.
    pub(crate) fn rules_problem(&self) -> Option<WireError> {
        self.inner.rules.read().unwrap_or_else(PoisonError::into_inner).problem.clone()
    }

    /// Where the organisation's rules are.
    pub(crate) fn rules_path(&self) -> PathBuf {
        self.inner.options.config_dir.join("audience.toml")
    }

    /// The file's text, or the commented example where there is none; and whether there is one.
    ///
    /// # Errors
    /// `RulesInvalid` for a file that is there and cannot be read.
    pub(crate) fn rules_text(&self) -> Result<(String, bool), WireError> {
        let path = self.rules_path();
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok((text, true)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((EXAMPLE.to_owned(), false)),
            Err(error) => {
                Err(WireError::new(ErrorCode::RulesInvalid, format!("{} cannot be read: {error}.", path.display())))
            }
        }
    }

    /// Looks at the file again; says whether other rules are in force than before. A file that is wrong leaves the last
    /// good rules in force and is remembered as a problem.
    pub(crate) fn reload_rules(&self) -> bool {
        let found = self.rules_text();
        let mut held = self.inner.rules.write().unwrap_or_else(PoisonError::into_inner);
        let outcome = found.and_then(|(text, exists)| {
            let text = if exists { text } else { String::new() };
            let rules =
                OrganisationRules::parse(&text).map_err(|error| WireError::rules(&self.rules_path(), &error))?;
            Ok((text, rules))
        });
        let (text, organisation) = match outcome {
            Ok(good) => good,
            Err(problem) => {
                held.problem = Some(problem);
                return false;
            }
        };
        held.problem = None;
        if held.text == text {
            return false;
        }
        held.rules = Arc::new(AudienceRules { organisation, overrides: held.rules.overrides.clone() });
        held.text.clone_from(&text);
        drop(held);
        if let Err(error) = self.inner.store.set_setting(LAST_GOOD, &text) {
            tracing::warn!(%error, "the rules in force cannot be kept for the next start");
        }
        true
    }

    /// Other overrides than before.
    pub(crate) fn change_overrides(&self, change: impl FnOnce(&mut Overrides)) {
        let mut held = self.inner.rules.write().unwrap_or_else(PoisonError::into_inner);
        let mut rules = (*held.rules).clone();
        change(&mut rules.overrides);
        held.rules = Arc::new(rules);
    }
}
