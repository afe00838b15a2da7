//! Finding a route by a few letters, for the command palette.

use super::RouteIndex;
use crate::{route::Route, route_class::RouteClass};

/// How well a row fits; smaller is better.
type Rank = (u32, usize, usize);

impl RouteIndex {
    /// Routes by a few letters, best first: those whose text has every word of `text`, and after them, as long as there
    /// is room, those whose path has the letters in this order (`ordref` finds `/orders/{id}/refund`).
    #[must_use]
    pub fn search(&self, text: &str, limit: usize) -> Vec<&Route> {
        let text = text.to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        let rows = || {
            let rows = self.rows.iter().enumerate();
            rows.filter(|(_, row)| row.class.class != RouteClass::Preflight)
        };
        let mut found: Vec<Rank> = rows()
            .filter(|(_, row)| words.iter().all(|word| row.haystack.contains(word)))
            .map(|(at, row)| (words.iter().map(|word| distance(row, word)).sum(), row.path.len(), at))
            .collect();
        found.sort_unstable();
        if found.len() < limit && words.len() == 1 {
            let mut loose: Vec<Rank> = rows()
                .filter(|(_, row)| !row.haystack.contains(words[0]))
                .filter_map(|(at, row)| Some((spread(&row.path, words[0])?, row.path.len(), at)))
                .collect();
            loose.sort_unstable();
            found.extend(loose);
        }
        found.into_iter().take(limit).filter_map(|(_, _, at)| self.routes().get(at)).collect()
    }
}

/// Where a word stands: the whole of something, the beginning of a segment, a segment's middle, not in the path at all.
fn distance(route: &Route, word: &str) -> u32 {
    let path = route.path.to_lowercase();
    if path == word || path.trim_start_matches('/') == word || route.method.eq_ignore_ascii_case(word) {
        return 0;
    }
    let segments = || path.split('/').filter(|segment| !segment.is_empty());
    if segments().any(|segment| segment == word) {
        return 1;
    }
    if segments().any(|segment| segment.starts_with(word)) || path.starts_with(word) {
        return 2;
    }
    if path.contains(word) { 3 } else { 4 }
}

/// How far apart the letters stand that follow each other in `path`, or `None` when they do not all occur in order.
fn spread(path: &str, letters: &str) -> Option<u32> {
    let mut at = path.chars().flat_map(char::to_lowercase);
    let mut gaps = 0_u32;
    for letter in letters.chars() {
        gaps = gaps.saturating_add(u32::try_from(at.position(|found| found == letter)?).unwrap_or(u32::MAX));
    }
    Some(gaps)
}
