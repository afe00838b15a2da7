//! `route_list`: the visible page of the routes that match.

use std::collections::BTreeSet;

use portcullis_domain::{
    coverage::Coverage,
    route::Route,
    route_index::Line,
    route_query::{RouteGroup, RouteQuery},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

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

/// The most lines that one page may have.
const MAX_LINES: u32 = 500;

/// Lists the visible page.
///
/// # Errors
/// `InvalidInput` for a page of no lines or of too many.
pub async fn route_list(host: &Host, request: RouteListRequest) -> Result<RouteList, WireError> {
    if request.limit == 0 || request.limit > MAX_LINES {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("A page has 1 to {MAX_LINES} lines, not {}.", request.limit),
        ));
    }
    let (revision, index) = host.shown();
    let collapsed: BTreeSet<String> = request.collapsed.into_iter().collect();
    let answer = index.lines(&request.query, &collapsed);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let lines = answer
        .page(request.offset as usize, request.limit as usize)
        .iter()
        .filter_map(|line| match line {
            Line::Group(at) => {
                let group = answer.groups.get(*at)?.clone();
                Some(RouteLine::Group { collapsed: collapsed.contains(&group.key), group })
            }
            Line::Route(at) => Some(RouteLine::Route { route: Box::new(index.routes().get(*at)?.clone()) }),
        })
        .collect();
    Ok(RouteList {
        revision,
        total: count(answer.total),
        matching: count(answer.matching),
        preflights: count(answer.preflights),
        line_count: count(answer.len()),
        groups: answer.groups,
        lines,
        coverage: host.coverage(),
    })
}
