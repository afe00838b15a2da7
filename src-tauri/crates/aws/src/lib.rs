//! The only crate that names the AWS SDK: credentials and regions by AWS's conventions, one rate budget per account
//! and region, collectors (SDK -> domain), and the mapping of errors.
//!
//! Deliberately not here: what an operator may do, where things are kept, what a person sees.

mod alarms;
mod budget;
mod change;
mod change_events;
mod collect;
mod deployments;
mod doctor;
mod error;
mod export;
mod key_values;
mod keys_plans;
mod lake_events;
mod logs;
mod metric_series;
mod profiles;
mod raw;
mod reader;
mod recent_events;
mod request_counts;
mod rotation;
mod session;
mod stage_release;
mod tenants;
mod web_acl_metrics;
mod web_acls;

pub use alarms::AlarmHistory;
pub use budget::{Budget, BudgetLimits, BudgetState, Budgets, Lane, Wait};
pub use change_events::{EventPage, EventPages, FetchedEvent};
pub use collect::{InventoryEvent, PostureEvidence, ReadApi, collect_inventory, collect_posture};
pub use deployments::Deployment;
pub use doctor::{Check, CheckOutcome, diagnose};
pub use error::{AwsError, ErrorKind};
pub use lake_events::{LakeQuery, LakeRows};
pub use logs::{LogGroup, LogRow};
pub use metric_series::{MetricPoint, MetricSeries};
pub use profiles::{Profile, Profiles, ProfilesError, profiles};
pub use raw::RawAnswer;
pub use reader::{Reader, WriteError};
pub use recent_events::RecentEvent;
pub use request_counts::CountSeries;
pub use session::{Session, SessionDeps};
pub use stage_release::StageNow;
pub use tenants::KeyValue;
pub use web_acl_metrics::WAF_METRICS;
pub use web_acls::{ReadWebAcl, ReadWebAcls};
