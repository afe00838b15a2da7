//! Types and rules of the console: what a route, an audience, a limit and a gap are, and what follows
//! from them.
//!
//! Deliberately not here: the AWS SDK, Tauri, an async runtime, a clock, files, the network. Everything in
//! this crate is a pure function of its arguments, so that a rule can be read, tested and argued about alone.

pub mod alarms;
pub mod api;
pub mod audience;
pub mod audience_rules;
pub mod canary;
pub mod change;
pub mod context;
pub mod coverage;
pub mod events;
pub mod findings;
pub mod guard_notes;
pub mod hostile_text;
pub mod inventory;
pub mod journal;
pub mod log_groups;
pub mod metrics;
pub mod rotation;
pub mod route;
pub mod route_assembly;
pub mod route_class;
pub mod route_filter;
pub mod route_index;
pub mod route_limits;
pub mod route_place;
pub mod route_query;
pub mod tenants;
pub mod throttle;
pub mod throttle_explain;
pub mod throttle_replay;
mod time;
pub mod waf;

pub use time::{Clock, FixedClock};
