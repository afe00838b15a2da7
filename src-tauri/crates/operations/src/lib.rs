//! What an operator can do with the gateway: one catalogue, one file per operation.
//!
//! The window and the command line are two faces of this crate. Deliberately not here: Tauri, terminals,
//! `aws_sdk_*`.

pub mod api_list;
pub mod audience_override_set;
pub mod audience_rules_get;
pub mod audience_rules_preview;
pub mod audience_rules_save;
pub mod bindings;
pub mod catalogue;
pub mod change;
pub mod change_cancel;
pub mod change_resume;
pub mod change_status;
pub mod change_undo;
pub mod context_access_set;
pub mod context_diagnose;
pub mod context_list;
pub mod context_select;
pub mod demo_imports;
pub mod envelope;
pub mod error;
pub mod evidence_pack_write;
mod files;
pub mod finding_exception_set;
pub mod finding_list;
pub mod finding_texts;
pub mod host;
pub mod iam_policy;
mod inventory;
pub mod inventory_cancel;
pub mod inventory_refresh;
pub mod inventory_status;
pub mod journal_export;
pub mod journal_get;
pub mod journal_list;
pub mod journal_verify;
pub mod palette_search;
pub mod plan_apply;
pub mod posture_overview;
pub mod posture_refresh;
mod posture_state;
mod raw_documents;
mod recent_events;
mod redaction;
pub mod route_export;
pub mod route_get;
pub mod route_list;
pub mod route_values;
mod rules_file;
mod settings;
pub mod throttle_copy;
pub mod throttle_explain;
pub mod throttle_replay;
pub mod throttle_set;
mod traffic;
