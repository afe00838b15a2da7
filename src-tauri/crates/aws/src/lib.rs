//! The only crate that names the AWS SDK: credentials and regions by AWS's conventions, one rate budget per account
//! and region, collectors (SDK -> domain), and the mapping of errors.
//!
//! Deliberately not here: what an operator may do, where things are kept, what a person sees.

mod budget;
mod collect;
mod doctor;
mod error;
mod profiles;
mod raw;
mod reader;
mod session;

pub use budget::{Budget, BudgetLimits, BudgetState, Budgets, Lane};
pub use collect::{InventoryEvent, ReadApi, collect_inventory};
pub use doctor::{Check, CheckOutcome, diagnose};
pub use error::{AwsError, ErrorKind};
pub use profiles::{Profile, Profiles, ProfilesError, profiles};
pub use raw::RawAnswer;
pub use reader::Reader;
pub use session::{Session, SessionDeps};
