//! The demo account: AWS's wire protocols served from memory, in process or on loopback.
//!
//! It is faithful where it matters, and the measure is what AWS answered when somebody recorded it. Deliberately not
//! here: the data plane, and any operation that the console does not stand on; those answer 501 and say so.

mod account;
mod client;
mod faults;
mod import;
mod in_process;
mod recorder;
mod rest;
mod scale;
mod scale_keys;
mod seed;
mod serve;
mod services;
mod traffic;

pub use account::DemoAccount;
pub use faults::{Fault, Faults};
pub use import::{ImportItem, ImportReport, ImportedApi};
pub use scale::{Scale, ScaleError};
pub use seed::SeedError;
pub use serve::{ServeError, serve};

/// The value of Practice A's key: whoever finds it anywhere but where a person asked for it has found a leak.
pub const DEMO_KEY_VALUE: &str = "demoPracticeAKeyValueThatNobodyMaySee01";
/// The account's number, one of those that AWS's documentation uses.
pub(crate) const ACCOUNT_ID: &str = "111122223333";
/// Where the shop is.
pub(crate) const HOME_REGION: &str = "eu-west-1";
