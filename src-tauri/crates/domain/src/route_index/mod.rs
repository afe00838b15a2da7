//! Answering a [`RouteQuery`] over many routes: one pass to match, one sort of indices, lines cut out on demand.
//!
//! Sized for 50,000 rows and a keystroke (`benches/route_query.rs` measures it): rows keep their text in lower case
//! beside them, sort keys are made once per row, and nothing is allocated per row that does not match.

mod groups;
mod matcher;
mod rows;
mod search;
#[cfg(test)]
mod tests;
mod value;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

pub use self::rows::{IndexedRoute, Routes};
pub use self::value::{is_number, number_of, value_of};
use self::{
    groups::{GroupId, add_signals, group_id, group_key, group_label},
    matcher::Matcher,
    value::SortKey,
};
use crate::{
    route::Route,
    route_class::RouteClass,
    route_query::{GroupSignals, RouteGroup, RouteGroupBy, RouteProperty, RouteQuery, RouteSort},
};

/// Routes in order, to be asked.
#[derive(Debug, Clone, Default)]
pub struct RouteIndex {
    rows: Vec<Arc<IndexedRoute>>,
    /// Made when first asked for: while routes still arrive, most indices never are.
    by_id: OnceLock<HashMap<String, usize>>,
}

/// A line of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Header of the group at this index of [`RouteLines::groups`].
    Group(usize),
    /// The route at this index.
    Route(usize),
}

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct RouteLines {
    /// Routes in all, preflights not counted.
    pub total: usize,
    /// Routes that match.
    pub matching: usize,
    /// Preflights that were set aside.
    pub preflights: usize,
    /// Groups in order; empty for a flat list.
    pub groups: Vec<RouteGroup>,
    lines: Vec<Line>,
}

impl RouteLines {
    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines `offset .. offset + limit`, as far as there are any.
    #[must_use]
    pub fn page(&self, offset: usize, limit: usize) -> &[Line] {
        let start = offset.min(self.lines.len());
        let end = start.saturating_add(limit).min(self.lines.len());
        self.lines.get(start..end).unwrap_or_default()
    }
}

impl RouteIndex {
    /// Indexes routes; their order (context, API, stage, path, method) is the order of equals.
    #[must_use]
    pub fn new(routes: Vec<Route>) -> Self {
        Self::of(routes.into_iter().map(|route| Arc::new(IndexedRoute::new(route))).collect())
    }

    /// The same of rows that are there already.
    #[must_use]
    pub fn of(mut rows: Vec<Arc<IndexedRoute>>) -> Self {
        rows.sort_by(|left, right| order_key(left).cmp(&order_key(right)));
        Self { rows, by_id: OnceLock::new() }
    }

    /// The routes in their order.
    #[must_use]
    pub fn routes(&self) -> Routes<'_> {
        Routes(&self.rows)
    }

    /// The route of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Route> {
        // Two contexts of one account and region hold the same routes; the first stands for both.
        let rows = || self.rows.iter().enumerate().rev().map(|(at, row)| (row.id.clone(), at)).collect();
        self.by_id.get_or_init(rows).get(id).and_then(|at| self.routes().get(*at))
    }

    /// Answers a query; rows of groups in `collapsed` are left out of the lines.
    #[must_use]
    pub fn lines(&self, query: &RouteQuery, collapsed: &BTreeSet<String>) -> RouteLines {
        let mut matcher = Matcher::new(&query.filter);
        let mut answer = RouteLines::default();
        let mut matching: Vec<usize> = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let route: &Route = row;
            if route.class.class == RouteClass::Preflight {
                answer.preflights += 1;
                if !query.filter.include_preflight {
                    continue;
                }
            } else {
                answer.total += 1;
            }
            if matcher.matches(route, &row.haystack) {
                matching.push(at);
            }
        }
        answer.matching = matching.len();
        if let Some(sort) = query.sort {
            matching = self.sorted(matching, sort);
        }
        match query.group_by {
            Some(by) => self.group(by, &matching, collapsed, &mut answer),
            None => answer.lines = matching.into_iter().map(Line::Route).collect(),
        }
        answer
    }

    fn sorted(&self, matching: Vec<usize>, sort: RouteSort) -> Vec<usize> {
        let mut keyed: Vec<(SortKey, usize)> =
            matching.into_iter().map(|at| (SortKey::of(sort.property, &self.rows[at]), at)).collect();
        // Stable, so that equal rows keep the index's order in both directions.
        keyed.sort_by(|(left, _), (right, _)| left.compare(right, sort.descending));
        keyed.into_iter().map(|(_, at)| at).collect()
    }

    fn group(&self, by: RouteGroupBy, matching: &[usize], collapsed: &BTreeSet<String>, answer: &mut RouteLines) {
        let mut numbers: HashMap<GroupId<'_>, usize> = HashMap::new();
        let mut groups: Vec<(GroupId<'_>, Vec<usize>, GroupSignals)> = Vec::new();
        let mut last: Option<(GroupId<'_>, usize)> = None;
        for at in matching {
            let route: &Route = &self.rows[*at];
            let id = group_id(by, route);
            // Neighbours are mostly of one group: the map is asked only where it changes.
            let number = match last {
                Some((last, number)) if last == id => number,
                _ => *numbers.entry(id).or_insert_with(|| {
                    groups.push((id, Vec::new(), GroupSignals::default()));
                    groups.len() - 1
                }),
            };
            last = Some((id, number));
            let (_, members, signals) = &mut groups[number];
            members.push(*at);
            add_signals(signals, route);
        }
        groups.sort_by_key(|(id, _, _)| *id);
        for (_, members, signals) in groups {
            let Some(first) = members.first().and_then(|at| self.routes().get(*at)) else { continue };
            let key = group_key(by, first);
            answer.lines.push(Line::Group(answer.groups.len()));
            let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
            if !collapsed.contains(&key) {
                answer.lines.extend(members.into_iter().map(Line::Route));
            }
            answer.groups.push(RouteGroup { label: group_label(by, first), key, count, signals });
        }
    }

    /// The values that a property takes, most frequent first, those that contain `text`. Preflights, which are not
    /// listed, suggest nothing.
    #[must_use]
    pub fn values(&self, property: RouteProperty, text: &str, limit: usize) -> Vec<String> {
        let wanted = text.to_lowercase();
        let mut counts = HashMap::new();
        for route in self.routes().iter().filter(|route| route.class.class != RouteClass::Preflight) {
            *counts.entry(value_of(property, route)).or_insert(0_usize) += 1;
        }
        counts.retain(|value, _| !value.is_empty() && value.to_lowercase().contains(&wanted));
        let mut values: Vec<_> = counts.into_iter().collect();
        values.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        values.into_iter().take(limit).map(|(value, _)| value.into_owned()).collect()
    }
}

fn order_key(route: &Route) -> (&str, &str, &str, &str, &str, &str) {
    (&route.context, &route.api_name, &route.api_id, &route.stage, &route.path, &route.method)
}
