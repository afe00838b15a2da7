//! Rows of the index: shared with whoever assembled them, so that 50,000 of them are held once.

use std::{ops::Deref, sync::Arc};

use crate::route::Route;

/// A route with its text in lower case beside it, so that neither a keystroke nor another index folds it again.
#[derive(Debug, Clone)]
pub struct IndexedRoute {
    route: Route,
    pub(super) haystack: String,
}

impl IndexedRoute {
    /// The row of a route.
    #[must_use]
    pub fn new(route: Route) -> Self {
        Self { haystack: haystack(&route), route }
    }
}

impl Deref for IndexedRoute {
    type Target = Route;

    fn deref(&self) -> &Route {
        &self.route
    }
}

/// The routes of an index, in its order.
#[derive(Debug, Clone, Copy)]
pub struct Routes<'a>(pub(super) &'a [Arc<IndexedRoute>]);

impl<'a> Routes<'a> {
    /// One after another.
    pub fn iter(self) -> impl ExactSizeIterator<Item = &'a Route> + DoubleEndedIterator + Clone {
        self.0.iter().map(|row| &***row)
    }

    /// The route at this place, as [`super::Line::Route`] says it.
    #[must_use]
    pub fn get(self, at: usize) -> Option<&'a Route> {
        self.0.get(at).map(|row| &***row)
    }

    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for Routes<'a> {
    type Item = &'a Route;
    type IntoIter = std::iter::Map<std::slice::Iter<'a, Arc<IndexedRoute>>, fn(&'a Arc<IndexedRoute>) -> &'a Route>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|row| row)
    }
}

/// What free text is looked for in: method, path, API, stage, authorizer.
fn haystack(route: &Route) -> String {
    let authorizer = route.guard.authorizer.as_deref().unwrap_or_default();
    let parts = [&*route.method, &*route.path, &*route.api_name, &*route.api_id, &*route.stage, authorizer];
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for part in parts {
        text.push_str(part);
        text.push(' ');
    }
    if text.is_ascii() {
        text.make_ascii_lowercase();
        return text;
    }
    text.to_lowercase()
}
