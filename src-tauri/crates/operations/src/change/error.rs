//! Why a change did not happen, or not as planned.

use portcullis_domain::{change::PlanTarget, journal::Outcome};

use super::{CallFailure, Difference, LedgerFailure};

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
    /// Another change holds the target; nothing was sent.
    #[error("change {entry} of the same target is not finished; nothing was changed")]
    Unfinished {
        /// The other change's entry.
        entry: String,
    },
    /// This plan was applied before; nothing was sent again.
    #[error("this plan was applied before, as change {entry}")]
    Exists {
        /// Its entry.
        entry: String,
    },
    /// Somebody changed the target since the plan was made; nothing was sent.
    #[error("{} changed since the plan was made; nothing was sent", places(.differences))]
    Conflict {
        /// The journal's entry.
        entry: String,
        /// What is live now against what the plan was made from.
        differences: Vec<Difference>,
    },
    /// Something that the change does not touch is not as it must be for the change to do no harm; nothing was sent.
    #[error("nothing was sent: {why}")]
    Guarded {
        /// The journal's entry.
        entry: String,
        /// What it is about.
        target: Box<PlanTarget>,
        /// What would have happened.
        why: String,
        /// What is live now against what must be.
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

impl From<LedgerFailure> for ChangeError {
    fn from(failure: LedgerFailure) -> Self {
        match failure {
            LedgerFailure::Unfinished { entry } => Self::Unfinished { entry },
            LedgerFailure::Exists { entry } => Self::Exists { entry },
            LedgerFailure::Unavailable(reason) => Self::JournalUnavailable { reason },
        }
    }
}

fn places(differences: &[Difference]) -> String {
    match differences {
        [] => "the target".to_owned(),
        [one] => one.field.clone(),
        [first, rest @ ..] => format!("{} and {} more", first.field, rest.len()),
    }
}
