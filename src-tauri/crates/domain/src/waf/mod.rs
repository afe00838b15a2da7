//! Web ACLs of AWS WAF: what each rule does, in words, which requests it can meet, and what of it is changed here.
//!
//! Everything is read from AWS's JSON and not from the SDK's types: those drop what is newer than they are, and an
//! update that dropped it would delete it (`UpdateWebACL` replaces the whole web ACL). A statement that is not known is
//! kept as it came and shown as such; what depends on it is not known either.

mod action;
mod arn;
mod contents;
mod cover;
mod edit;
mod field;
mod fields;
mod logging;
mod path_shape;
mod reach;
mod rule;
mod sample;
mod statement;
mod tree;
mod warnings;
mod web_acl;
mod words;

pub use action::{ActionKind, RuleAction};
pub use arn::{WafPartArn, WafScope, WebAclArn};
pub use contents::{WafPartKind, WafSet, waf_references};
pub use cover::{CoverVerdict, RouteCover, RuleMeeting, cover_verdict, route_cover};
pub use edit::{RATE_LIMITS, RATE_WINDOWS, RuleSwitch, WafEditError, edited, rate_limit_edited, rule_action_edited};
pub use fields::{
    LOCK_TOKEN, NEW_LOCK_TOKEN, NOT_EDITABLE, content, web_acl_document, web_acl_fields, web_acl_of_fields,
};
pub use logging::WebAclLogging;
pub use path_shape::{RouteAddress, route_addresses};
pub use reach::{CanMatch, Reach};
pub use rule::{RateLimit, Rule, RuleEffect, RuleOverride};
pub use sample::{SampledHeader, SampledRequest, sampled_requests};
pub use statement::{Statement, StatementKind};
pub use tree::StatementNode;
pub use warnings::{RouteBehind, WebAclDifference, web_acl_warnings};
pub use web_acl::WebAcl;

pub(crate) use fields::document_fields;
