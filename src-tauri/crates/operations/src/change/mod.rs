//! The one way in which anything is changed: plan, confirm, apply, verify, journal, undo.
//!
//! Operations make [`portcullis_domain::change::Plan`]s; this module applies them. It knows neither AWS nor SQLite:
//! calls go through a [`Gateway`], records through a [`Ledger`], so that every failure can be rehearsed.

mod apply;
mod compare;
mod error;
mod guards;
mod live;
mod planning;
mod resume;
mod seams;
#[cfg(test)]
mod tests;
mod told;

pub use apply::{Applied, Apply, apply};
pub use compare::{Difference, differences, differences_asked, differences_in_content, differences_known, watched};
pub use error::ChangeError;
pub(crate) use live::{JournalLedger, LiveGateway};
pub(crate) use planning::{Draft, observe_all, observe_in, plan};
pub use resume::{Interrupted, StepState, finish, inspect, take_back};
pub use seams::{CallFailure, Certainty, Gateway, Ledger, LedgerFailure, Seams, Sent};
pub(crate) use told::{told, told_value};
