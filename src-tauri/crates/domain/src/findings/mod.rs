//! Posture: what is wrong with the gateway, judged against the audience of each route, and how it is known.
//!
//! A control reads the parts of AWS's own answers and cites what it read, so that a verdict and its evidence cannot
//! part. Deliberately not here: reading AWS, keeping exceptions and runs, the shapes of files for other programs' sake
//! beyond their pure making ([`ocsf`], [`sarif`]).

#![cfg_attr(test, allow(clippy::needless_pass_by_value, reason = "tests write accounts where they use them"))]

pub mod access_log;
pub mod assess;
pub mod catalogue;
pub mod control;
mod controls;
#[cfg(test)]
mod corpus_tests;
pub mod documents;
pub mod finding;
pub mod ocsf;
pub mod policy;
pub mod query;
pub mod report;
pub mod run;
pub mod sarif;
pub mod scene;
pub mod secret_shapes;
#[cfg(test)]
mod testing;

pub use controls::variables::SECRET_MARK;
