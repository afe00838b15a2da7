//! Answering a [`RouteQuery`] over many routes: one pass to match, one sort of indices, lines cut out on demand.

use std::{
    borrow::Cow,
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    api::{ApiKind, EndpointType},
    audience::Audience,
    audience_rules::organisation::{endpoint_name, kind_name},
    route::{Drift, Route},
    route_class::RouteClass,
    route_query::{
        FilterOperation, FilterOperator, FilterToken, GroupSignals, RouteFilter, RouteGroup, RouteGroupBy,
        RouteProperty, RouteQuery,
    },
    throttle::ThrottleSource,
};

/// Routes with their text in lower case beside them, so that a keystroke does not fold 50,000 rows again.
#[derive(Debug, Clone, Default)]
pub struct RouteIndex {
    routes: Vec<Route>,
    haystacks: Vec<String>,
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
    /// Indexes routes; their order (API, stage, path, method) is the order of equals.
    #[must_use]
    pub fn new(mut routes: Vec<Route>) -> Self {
        routes.sort_by(|left, right| order_key(left).cmp(&order_key(right)));
        let haystacks = routes.iter().map(haystack).collect();
        Self { routes, haystacks }
    }

    /// The routes in their order.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The route of this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.id == id)
    }

    /// Answers a query; rows of groups in `collapsed` are left out of the lines.
    #[must_use]
    pub fn lines(&self, query: &RouteQuery, collapsed: &BTreeSet<String>) -> RouteLines {
        let preflight = |route: &Route| route.class.class == RouteClass::Preflight;
        let matcher = Matcher::new(&query.filter);
        let mut answer = RouteLines::default();
        let mut matching: Vec<usize> = Vec::new();
        for (at, (route, haystack)) in self.routes.iter().zip(&self.haystacks).enumerate() {
            if preflight(route) {
                answer.preflights += 1;
                if !query.filter.include_preflight {
                    continue;
                }
            } else {
                answer.total += 1;
            }
            if matcher.matches(route, haystack) {
                matching.push(at);
            }
        }
        answer.matching = matching.len();
        if let Some(sort) = query.sort {
            matching.sort_by(|left, right| {
                let order = compare(sort.property, &self.routes[*left], &self.routes[*right], sort.descending);
                order.then_with(|| left.cmp(right))
            });
        }
        let Some(by) = query.group_by else {
            answer.lines = matching.into_iter().map(Line::Route).collect();
            return answer;
        };
        let mut groups: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
        for at in matching {
            groups.entry(group_key(by, &self.routes[at])).or_default().push(at);
        }
        for ((_, key), members) in groups {
            let first = &self.routes[members[0]];
            let mut signals = GroupSignals::default();
            members.iter().for_each(|at| add_signals(&mut signals, &self.routes[*at]));
            answer.lines.push(Line::Group(answer.groups.len()));
            if !collapsed.contains(&key) {
                answer.lines.extend(members.iter().copied().map(Line::Route));
            }
            let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
            answer.groups.push(RouteGroup { label: group_label(by, first), key, count, signals });
        }
        answer
    }

    /// The values that a property takes, most frequent first, those that contain `text`.
    #[must_use]
    pub fn values(&self, property: RouteProperty, text: &str, limit: usize) -> Vec<String> {
        let wanted = text.to_lowercase();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for route in &self.routes {
            let value = value_of(property, route);
            if !value.is_empty() && value.to_lowercase().contains(&wanted) {
                *counts.entry(value.into_owned()).or_default() += 1;
            }
        }
        let mut values: Vec<(String, usize)> = counts.into_iter().collect();
        values.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        values.into_iter().take(limit).map(|(value, _)| value).collect()
    }

    /// Routes whose text has every word of `text`, those that begin with it first.
    #[must_use]
    pub fn search(&self, text: &str, limit: usize) -> Vec<&Route> {
        let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let Some(first) = words.first() else { return Vec::new() };
        let mut found: Vec<(usize, usize, &Route)> = self
            .routes
            .iter()
            .zip(&self.haystacks)
            .filter(|(route, haystack)| {
                route.class.class != RouteClass::Preflight && words.iter().all(|word| haystack.contains(word))
            })
            .map(|(route, haystack)| (haystack.find(first.as_str()).unwrap_or(usize::MAX), route.path.len(), route))
            .collect();
        found.sort_by_key(|(at, length, _)| (*at, *length));
        found.into_iter().take(limit).map(|(_, _, route)| route).collect()
    }
}

fn order_key(route: &Route) -> (&str, &str, &str, &str, &str, &str) {
    (&route.context, &route.api_name, &route.api_id, &route.stage, &route.path, &route.method)
}

fn haystack(route: &Route) -> String {
    let authorizer = route.guard.authorizer.as_deref().unwrap_or_default();
    format!("{} {} {} {} {} {authorizer}", route.method, route.path, route.api_name, route.api_id, route.stage)
        .to_lowercase()
}

struct Matcher<'a> {
    operation: FilterOperation,
    tokens: Vec<(&'a FilterToken, String)>,
    words: Vec<String>,
}

impl<'a> Matcher<'a> {
    fn new(filter: &'a RouteFilter) -> Self {
        Self {
            operation: filter.operation,
            tokens: filter.tokens.iter().map(|token| (token, token.value.to_lowercase())).collect(),
            words: filter.text.to_lowercase().split_whitespace().map(str::to_owned).collect(),
        }
    }

    fn matches(&self, route: &Route, haystack: &str) -> bool {
        let mut tokens = self.tokens.iter().map(|(token, value)| token_matches(token, value, route, haystack));
        let tokens = match self.operation {
            FilterOperation::And => tokens.all(|matches| matches),
            FilterOperation::Or => self.tokens.is_empty() || tokens.any(|matches| matches),
        };
        tokens && self.words.iter().all(|word| haystack.contains(word.as_str()))
    }
}

fn token_matches(token: &FilterToken, wanted: &str, route: &Route, haystack: &str) -> bool {
    let Some(property) = token.property else {
        let contains = haystack.contains(wanted);
        return if matches!(token.operator, FilterOperator::NotContains | FilterOperator::NotEqual) {
            !contains
        } else {
            contains
        };
    };
    let value = value_of(property, route).to_lowercase();
    let also = property == RouteProperty::Api && route.api_id.eq_ignore_ascii_case(wanted);
    let number = || Some((number_of(property, route)?, wanted.parse::<f64>().ok()?));
    // 10 and 10.0 are the same limit.
    let equal = || also || value == wanted || number().is_some_and(|(value, wanted)| value.total_cmp(&wanted).is_eq());
    match token.operator {
        FilterOperator::Equal => equal(),
        FilterOperator::NotEqual => !equal(),
        FilterOperator::Contains => also || value.contains(wanted),
        FilterOperator::NotContains => !also && !value.contains(wanted),
        FilterOperator::StartsWith => value.starts_with(wanted),
        FilterOperator::Less => number().is_some_and(|(value, wanted)| value < wanted),
        FilterOperator::Greater => number().is_some_and(|(value, wanted)| value > wanted),
    }
}

/// A unit variant's name on the wire.
fn wire_name<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn audience_name(audience: Audience) -> &'static str {
    match audience {
        Audience::Admin => "admin",
        Audience::Checkout => "checkout",
        Audience::Customer => "customer",
        Audience::Partner => "partner",
        Audience::Webhook => "webhook",
        Audience::Internal => "internal",
        Audience::Public => "public",
        Audience::Unclassified => "unclassified",
    }
}

/// A property's value as text; empty when it has none.
#[must_use]
pub fn value_of(property: RouteProperty, route: &Route) -> Cow<'_, str> {
    let flag = |flag: bool| Cow::Borrowed(if flag { "true" } else { "false" });
    let optional = |text: Option<&'_ str>| Cow::Owned(text.unwrap_or_default().to_owned());
    match property {
        RouteProperty::Audience => audience_name(route.audience.audience).into(),
        RouteProperty::AudienceSource => wire_name(route.audience.source).into(),
        RouteProperty::RouteClass => wire_name(route.class.class).into(),
        RouteProperty::Method => Cow::Borrowed(&route.method),
        RouteProperty::Path => Cow::Borrowed(&route.path),
        RouteProperty::Api => Cow::Borrowed(&route.api_name),
        RouteProperty::ApiKind => kind_name(route.api_kind).into(),
        RouteProperty::Stage => Cow::Borrowed(&route.stage),
        RouteProperty::EndpointType => endpoint_name(route.endpoint_type).into(),
        RouteProperty::AuthorizationType => Cow::Borrowed(&route.guard.authorization_type),
        RouteProperty::Authorizer => optional(route.guard.authorizer.as_deref()),
        RouteProperty::ApiKeyRequired => flag(route.guard.api_key_required),
        RouteProperty::RateLimit | RouteProperty::BurstLimit | RouteProperty::TimeoutMs => {
            number_of(property, route).map(|number| number.to_string()).unwrap_or_default().into()
        }
        RouteProperty::ThrottleSource => wire_name(route.throttle.source).into(),
        RouteProperty::Validator => optional(route.validator.as_deref()),
        RouteProperty::IntegrationType => {
            optional(route.integration.as_ref().map(|integration| integration.kind.as_str()))
        }
        RouteProperty::WafAcl => optional(route.waf_acl.as_deref()),
        RouteProperty::Canary => flag(route.canary.is_some()),
        RouteProperty::Drift => wire_name(route.drift).into(),
        RouteProperty::Account => Cow::Borrowed(&route.account),
        RouteProperty::Region => Cow::Borrowed(&route.region),
        RouteProperty::Context => Cow::Borrowed(&route.context),
    }
}

fn number_of(property: RouteProperty, route: &Route) -> Option<f64> {
    match property {
        RouteProperty::RateLimit => route.throttle.limit.rate,
        RouteProperty::BurstLimit => route.throttle.limit.burst.map(f64::from),
        RouteProperty::TimeoutMs => route.integration.as_ref()?.timeout_ms.map(f64::from),
        _ => None,
    }
}

/// Numbers by value, text by text, audiences by their order; what has no value comes last either way.
fn compare(property: RouteProperty, left: &Route, right: &Route, descending: bool) -> Ordering {
    let directed = |order: Ordering| if descending { order.reverse() } else { order };
    match property {
        RouteProperty::Audience => directed(left.audience.audience.cmp(&right.audience.audience)),
        RouteProperty::RateLimit | RouteProperty::BurstLimit | RouteProperty::TimeoutMs => {
            match (number_of(property, left), number_of(property, right)) {
                (Some(left), Some(right)) => directed(left.total_cmp(&right)),
                (left, right) => right.is_some().cmp(&left.is_some()),
            }
        }
        _ => {
            let (left, right) = (value_of(property, left), value_of(property, right));
            match (left.is_empty(), right.is_empty()) {
                (false, false) => directed(left.cmp(&right)),
                (left, right) => left.cmp(&right),
            }
        }
    }
}

/// `(place in the order of groups, key)`.
fn group_key(by: RouteGroupBy, route: &Route) -> (usize, String) {
    match by {
        RouteGroupBy::Audience => (route.audience.audience as usize, audience_name(route.audience.audience).to_owned()),
        RouteGroupBy::Api => {
            (0, format!("{}/{}/{}/{}/{}", route.api_name, route.account, route.region, route.api_id, route.stage))
        }
        RouteGroupBy::RouteClass => (route.class.class as usize, wire_name(route.class.class)),
        RouteGroupBy::Context => (0, route.context.to_string()),
    }
}

fn group_label(by: RouteGroupBy, route: &Route) -> String {
    match by {
        RouteGroupBy::Audience => capitalised(audience_name(route.audience.audience)),
        RouteGroupBy::Api => format!("{} / {}", route.api_name, route.stage),
        RouteGroupBy::RouteClass => capitalised(&wire_name(route.class.class).replace('-', " ")),
        RouteGroupBy::Context => format!("{} ({}, {})", route.context, route.account, route.region),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Counts what a reviewer looks at first; preflights are no routes to guard.
fn add_signals(signals: &mut GroupSignals, route: &Route) {
    if route.class.class == RouteClass::Preflight {
        return;
    }
    let open = &*route.guard.authorization_type == "NONE" && !route.guard.api_key_required;
    let may_be_open = matches!(route.audience.audience, Audience::Public | Audience::Webhook | Audience::Unclassified)
        || matches!(
            route.class.class,
            // Somebody who signs in has no token yet.
            RouteClass::Login
                | RouteClass::SignUp
                | RouteClass::OneTimeCode
                | RouteClass::PasswordReset
                | RouteClass::Health
        );
    let from_the_internet = route.endpoint_type != EndpointType::Private;
    signals.open += u32::from(open && !may_be_open);
    // Only REST stages can have a web ACL.
    signals.uncovered += u32::from(route.api_kind == ApiKind::Rest && from_the_internet && route.waf_acl.is_none());
    signals.unthrottled += u32::from(route.throttle.source == ThrottleSource::Account);
    signals.drifted += u32::from(matches!(route.drift, Drift::Added | Drift::Removed | Drift::Changed));
    signals.canary += u32::from(route.canary.is_some());
}
