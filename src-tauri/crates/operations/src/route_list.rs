//! `route_list`: the visible page of the routes that match.

use portcullis_domain::{
    coverage::Coverage,
    route::Route,
    route_query::{RouteGroup, RouteQuery},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which lines of which list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteListRequest {
    /// Filter, grouping, sort.
    #[serde(default)]
    pub query: RouteQuery,
    /// Keys of groups that are folded: their header is a line, their rows are not.
    #[serde(default)]
    pub collapsed: Vec<String>,
    /// First line, from 0.
    pub offset: u32,
    /// How many lines at most, 1 to 500.
    pub limit: u32,
}

/// A line of the list: a group's header or a route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "line", rename_all = "camelCase")]
pub enum RouteLine {
    /// A header.
    Group {
        /// The group.
        group: RouteGroup,
        /// Whether it is folded.
        collapsed: bool,
    },
    /// A row.
    Route {
        /// The route.
        route: Box<Route>,
    },
}

/// The page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteList {
    /// The inventory's revision that this was made from.
    #[ts(type = "number")]
    pub revision: u64,
    /// Routes in all open contexts, preflights not counted.
    pub total: u32,
    /// Routes that match.
    pub matching: u32,
    /// Preflights that were set aside.
    pub preflights: u32,
    /// Lines of the whole list (headers and rows of unfolded groups).
    pub line_count: u32,
    /// Every group, whether its header is on this page or not.
    pub groups: Vec<RouteGroup>,
    /// The lines `offset .. offset + limit`.
    pub lines: Vec<RouteLine>,
    /// What could not be read.
    pub coverage: Coverage,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn route_list(
    _host: &crate::host::Host,
    _request: RouteListRequest,
) -> Result<RouteList, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
