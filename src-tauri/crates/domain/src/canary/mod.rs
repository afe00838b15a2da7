//! Canary releases of a REST stage: what state one is in, what a candidate changes, and whether it does harm.
//!
//! API Gateway splits a stage's requests between two deployments and leaves the rest to the operator. Deliberately not
//! here: metrics and time; they are handed over.

mod difference;
mod judge;
mod state;

pub use difference::{RouteChange, RouteDifference, route_differences};
pub use judge::{CanaryCriteria, CanarySample, CanaryVerdict, Judgement, breached_routes, judge};
pub use state::{CanaryState, StageRelease, stage_release};
