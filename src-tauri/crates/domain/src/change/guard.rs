//! What must be so of things that a plan does not change, for the plan or for its way back to do no harm.
//!
//! A key may be disabled only while the key that takes its place works: the second key is no target of that change, and
//! yet somebody who disables or deletes it in the meantime turns the change into an outage.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Fields, PlanTarget};

/// When a guard is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum GuardWhen {
    /// Right before the first call.
    Forward,
    /// Before anything is taken back: by an undo, after a failure, after an interruption.
    Back,
    /// Before both.
    Both,
}

/// A condition on something else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanGuard {
    /// On what.
    pub target: PlanTarget,
    /// Prefixes of the fields that are compared.
    pub watched: Vec<String>,
    /// What these fields must be; a field that is not named here must not be set.
    #[ts(type = "Record<string, unknown>")]
    pub fields: Fields,
    /// When.
    pub when: GuardWhen,
    /// What would happen otherwise, a sentence.
    pub why: String,
}

impl PlanGuard {
    /// Whether it is looked at before the calls of the plan.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        matches!(self.when, GuardWhen::Forward | GuardWhen::Both)
    }

    /// Whether it is looked at before something is taken back.
    #[must_use]
    pub fn is_back(&self) -> bool {
        matches!(self.when, GuardWhen::Back | GuardWhen::Both)
    }

    /// The same for the plan that undoes this one.
    #[must_use]
    pub fn turned(&self) -> Self {
        let when = match self.when {
            GuardWhen::Forward => GuardWhen::Back,
            GuardWhen::Back => GuardWhen::Forward,
            GuardWhen::Both => GuardWhen::Both,
        };
        Self { when, ..self.clone() }
    }
}
