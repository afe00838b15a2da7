//! Filtering, grouping and sorting routes: done here, in Rust, so that only the visible page crosses to the
//! window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a filter token or a sort looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RouteProperty {
    /// Audience.
    Audience,
    /// What decided the audience.
    AudienceSource,
    /// Class.
    RouteClass,
    /// HTTP method.
    Method,
    /// Path or route key.
    Path,
    /// API name; filtering also matches the id exactly.
    Api,
    /// REST, HTTP, WEBSOCKET.
    ApiKind,
    /// Stage.
    Stage,
    /// EDGE, REGIONAL, PRIVATE.
    EndpointType,
    /// Authorization type.
    AuthorizationType,
    /// Authorizer's name.
    Authorizer,
    /// `true` or `false`.
    ApiKeyRequired,
    /// Requests per second.
    RateLimit,
    /// Requests.
    BurstLimit,
    /// Which layer set the limit.
    ThrottleSource,
    /// Validator's name; empty for none.
    Validator,
    /// Integration kind.
    IntegrationType,
    /// Integration timeout, ms.
    TimeoutMs,
    /// Web ACL's name; empty for none.
    WafAcl,
    /// `true` or `false`.
    Canary,
    /// none, added, removed, changed, draft-only, live-only.
    Drift,
    /// Account.
    Account,
    /// Region.
    Region,
    /// Context's label.
    Context,
}

/// How a token compares; the signs of Cloudscape's property filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum FilterOperator {
    /// Equal, ignoring case.
    #[serde(rename = "=")]
    Equal,
    /// Not equal.
    #[serde(rename = "!=")]
    NotEqual,
    /// Contains, ignoring case.
    #[serde(rename = ":")]
    Contains,
    /// Does not contain.
    #[serde(rename = "!:")]
    NotContains,
    /// Starts with, ignoring case.
    #[serde(rename = "^")]
    StartsWith,
    /// Less than (numbers).
    #[serde(rename = "<")]
    Less,
    /// Greater than (numbers).
    #[serde(rename = ">")]
    Greater,
}

/// One condition. Without a property it is free text over method, path, API, stage and authorizer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FilterToken {
    /// What to look at.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub property: Option<RouteProperty>,
    /// How to compare.
    pub operator: FilterOperator,
    /// With what.
    pub value: String,
}

/// Whether all conditions must hold or one is enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum FilterOperation {
    /// All.
    #[default]
    And,
    /// Any.
    Or,
}

/// A filter: tokens and a text that is still being typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteFilter {
    /// How tokens combine.
    pub operation: FilterOperation,
    /// The conditions.
    pub tokens: Vec<FilterToken>,
    /// Text in the filter box: every word must occur somewhere in the row (always AND with the tokens).
    pub text: String,
    /// Whether CORS preflights, set aside by default, are listed.
    pub include_preflight: bool,
}

/// By what rows are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RouteGroupBy {
    /// Audience, in the order of [`crate::audience::Audience`].
    Audience,
    /// API and stage.
    Api,
    /// Route class.
    RouteClass,
    /// Account and region.
    Context,
}

/// One key of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteSort {
    /// By what.
    pub property: RouteProperty,
    /// Largest first.
    pub descending: bool,
}

/// The whole question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteQuery {
    /// Which rows.
    pub filter: RouteFilter,
    /// Grouped by what; `None` is a flat list.
    #[ts(optional = nullable)]
    pub group_by: Option<RouteGroupBy>,
    /// In which order, inside groups; equal rows keep API, stage, path, method order.
    pub sort: Option<RouteSort>,
}

/// The worst there is in a group, counted, so that a person sees where to look first. Preflights never count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GroupSignals {
    /// Routes that ask nobody who they are although somebody should be asked: authorization NONE, with or without an
    /// API key, on any endpoint, of an audience other than public and webhook. Not counted: signing in, signing up,
    /// one-time codes, password reset and health, which come before any token; WebSocket messages, which the
    /// authorizer of `$connect` let in.
    pub open: u32,
    /// Routes of stages with no web ACL, where one is possible (REST) and the internet reaches the endpoint (not
    /// private).
    pub uncovered: u32,
    /// Routes whose rate is limited by the account alone: no narrower limit was found.
    pub unthrottled: u32,
    /// Routes whose draft differs from what is live. Those that are only in the draft count here and nowhere else.
    pub drifted: u32,
    /// Routes on a stage with a canary.
    pub canary: u32,
}

/// A group's header line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteGroup {
    /// Stable key: the audience's or class's wire name, `account/region/apiId/stage`, the context's label.
    pub key: String,
    /// What a person reads.
    pub label: String,
    /// Rows in the group that match.
    pub count: u32,
    /// The worst of them.
    pub signals: GroupSignals,
}
