//! Whether a row matches a filter.

use super::value::{number_of, value_of};
use crate::{
    route::Route,
    route_query::{FilterOperation, FilterOperator, FilterToken, RouteFilter, RouteProperty},
};

/// A filter, read once for many rows.
pub(super) struct Matcher {
    operation: FilterOperation,
    tokens: Vec<Token>,
    words: Vec<String>,
    /// Lower case of the value at hand: one buffer instead of one allocation per row.
    folded: String,
}

struct Token {
    property: Option<RouteProperty>,
    operator: FilterOperator,
    wanted: String,
    number: Option<f64>,
}

impl Token {
    fn new(token: &FilterToken) -> Self {
        Self {
            property: token.property,
            operator: token.operator,
            wanted: token.value.to_lowercase(),
            number: token.value.trim().parse().ok(),
        }
    }
}

impl Matcher {
    pub(super) fn new(filter: &RouteFilter) -> Self {
        Self {
            operation: filter.operation,
            tokens: filter.tokens.iter().map(Token::new).collect(),
            words: filter.text.to_lowercase().split_whitespace().map(str::to_owned).collect(),
            folded: String::new(),
        }
    }

    /// `haystack` is the row's text in lower case.
    pub(super) fn matches(&mut self, route: &Route, haystack: &str) -> bool {
        // The typed words first: they are what changes from keystroke to keystroke, and the cheapest to refuse by.
        if !self.words.iter().all(|word| haystack.contains(word.as_str())) {
            return false;
        }
        let folded = &mut self.folded;
        let mut tokens = self.tokens.iter().map(|token| token.matches(route, haystack, folded));
        match self.operation {
            FilterOperation::And => tokens.all(|matches| matches),
            FilterOperation::Or => self.tokens.is_empty() || tokens.any(|matches| matches),
        }
    }
}

impl Token {
    fn matches(&self, route: &Route, haystack: &str, folded: &mut String) -> bool {
        let wanted = self.wanted.as_str();
        let Some(property) = self.property else {
            return match self.operator {
                FilterOperator::NotContains | FilterOperator::NotEqual => !haystack.contains(wanted),
                FilterOperator::Equal | FilterOperator::Contains => haystack.contains(wanted),
                FilterOperator::StartsWith => haystack.starts_with(wanted),
                FilterOperator::Less | FilterOperator::Greater => false,
            };
        };
        let numbers = || Some((number_of(property, route)?, self.number?));
        match self.operator {
            FilterOperator::Less => return numbers().is_some_and(|(value, wanted)| value < wanted),
            FilterOperator::Greater => return numbers().is_some_and(|(value, wanted)| value > wanted),
            _ => {}
        }
        let value = fold(&value_of(property, route), folded);
        let by_id = property == RouteProperty::Api && route.api_id.eq_ignore_ascii_case(wanted);
        // 10 and 10.0 are the same limit.
        let equal =
            || by_id || value == wanted || numbers().is_some_and(|(value, wanted)| value.total_cmp(&wanted).is_eq());
        match self.operator {
            FilterOperator::Equal => equal(),
            FilterOperator::NotEqual => !equal(),
            FilterOperator::Contains => by_id || value.contains(wanted),
            FilterOperator::NotContains => !(by_id || value.contains(wanted)),
            FilterOperator::StartsWith => value.starts_with(wanted),
            FilterOperator::Less | FilterOperator::Greater => false,
        }
    }
}

/// Lower case in a buffer that is used again.
fn fold<'a>(text: &str, buffer: &'a mut String) -> &'a str {
    buffer.clear();
    if text.is_ascii() {
        buffer.push_str(text);
        buffer.make_ascii_lowercase();
    } else {
        // As `str::to_lowercase`, which the filter's own values went through: final sigma depends on its neighbours.
        buffer.push_str(&text.to_lowercase());
    }
    buffer
}
