//! Canary releases of a REST stage: what state one is in, what a candidate changes, and whether it does harm.
//!
//! API Gateway splits a stage's requests between two deployments and leaves the rest to the operator. Deliberately not
//! here: metrics and time; they are handed over.

mod beginning;
mod contract;
mod criteria;
mod difference;
mod judge;
mod log_format;
mod log_split;
mod release;
mod rollback;
mod sample;
mod state;
mod statistics;

pub use beginning::{CanaryBeginning, CanaryBeginningSource, begun_by_event, begun_by_journal};
pub use contract::{ApiContract, ContractDifference, RouteContract, contract_differences, drafted, exported};
pub use criteria::CanaryCriteria;
pub use difference::{RouteChange, RouteDifference, route_differences, with_contracts};
pub use judge::{CanaryEvidence, CanaryVerdict, Judgement, RouteEvidence, judge};
pub use log_format::{AccessLog, LogQuestion, log_question};
pub use log_split::{LogSplit, log_minutes, log_routes};
pub use release::{
    LOOK_EVERY, Release, ReleaseDecision, ReleaseGap, ReleaseIntent, ReleaseMode, ReleaseState, ReleaseStep,
    ReleaseTerms, decide, minutes_left, what_comes_next,
};
pub use rollback::{Promotion, RollbackWay, rollback_way};
pub use sample::CanarySample;
pub use state::{CanaryAround, CanaryState, StageRelease, stage_release};
