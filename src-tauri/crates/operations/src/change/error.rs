//! Why a change did not happen, or not as planned.

use portcullis_domain::journal::Outcome;

use super::{CallFailure, Difference};

/// A change that is not simply done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// The plan has no steps: the live state is what was asked for.
    #[error("there is nothing to do: the live state is already as asked for")]
    NothingToDo,
    /// The journal took no record, so nothing was sent.
    #[error("the journal cannot be written ({reason}); nothing was changed")]
    JournalUnavailable {
        /// Why.
        reason: String,
    },
    /// Somebody changed the target since the plan was made; nothing was sent.
    #[error("{} changed since the plan was made; nothing was sent", places(.differences))]
    Conflict {
        /// The journal's entry.
        entry: String,
        /// What is live now against what the plan was made from.
        differences: Vec<Difference>,
    },
    /// The target could not be read before the first call; nothing was sent.
    #[error("the live state could not be read before the change; nothing was sent")]
    Unreadable {
        /// The journal's entry.
        entry: String,
        /// Why.
        #[source]
        source: CallFailure,
    },
    /// A step failed.
    #[error("{summary}")]
    Failed {
        /// The journal's entry.
        entry: String,
        /// `Refused`, `RolledBack` or `Partial`.
        outcome: Outcome,
        /// Exactly which steps are done and what to do.
        summary: String,
        /// The failure, unless the person stopped the change.
        #[source]
        source: Option<CallFailure>,
    },
    /// Every call was accepted, and what is live is not what was planned.
    #[error("every call was accepted, and {} differs from the plan: look at it before doing more", places(.differences))]
    Mismatch {
        /// The journal's entry.
        entry: String,
        /// What is live against what was planned.
        differences: Vec<Difference>,
    },
}

fn places(differences: &[Difference]) -> String {
    match differences {
        [] => "the target".to_owned(),
        [one] => one.field.clone(),
        [first, rest @ ..] => format!("{} and {} more", first.field, rest.len()),
    }
}
