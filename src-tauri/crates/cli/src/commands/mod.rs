//! One command, one file: its doc comment is its help, its struct is its grammar, its function runs it.

pub mod alarms;
pub mod apis;
pub mod canary;
mod canary_watch;
pub mod completions;
pub mod contexts;
pub mod demo_import;
pub mod demo_rehearse;
pub mod demo_serve;
pub mod doctor;
pub mod events;
pub mod iam_policy;
pub mod journal;
pub mod key;
pub mod metrics;
pub mod plans;
pub mod posture;
pub mod quota;
pub mod rotation;
pub mod rotation_batch;
pub mod routes;
pub mod stage;
pub mod tenants;
pub mod throttle;
pub mod waf;
