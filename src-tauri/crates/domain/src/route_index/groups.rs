//! Groups of rows: their order, their names, and the worst there is in each.

use crate::{
    api::{ApiKind, EndpointType},
    audience::Audience,
    route::{Drift, Route},
    route_class::RouteClass,
    route_query::{GroupSignals, RouteGroupBy},
    throttle::ThrottleSource,
};

/// Which group a row is in, without allocating: equal for rows of one group, and in the order of groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum GroupId<'a> {
    /// Place of an audience or a class in its own order.
    Place(u8),
    /// Names, most significant first.
    Names([&'a str; 5]),
}

pub(super) fn group_id(by: RouteGroupBy, route: &Route) -> GroupId<'_> {
    match by {
        RouteGroupBy::Audience => GroupId::Place(route.audience.audience as u8),
        RouteGroupBy::RouteClass => GroupId::Place(route.class.class as u8),
        RouteGroupBy::Api => {
            GroupId::Names([&route.api_name, &route.account, &route.region, &route.api_id, &route.stage])
        }
        RouteGroupBy::Context => GroupId::Names([&route.context, "", "", "", ""]),
    }
}

/// The group's stable key.
pub(super) fn group_key(by: RouteGroupBy, route: &Route) -> String {
    match by {
        RouteGroupBy::Audience => route.audience.audience.name().to_owned(),
        RouteGroupBy::RouteClass => route.class.class.name().to_owned(),
        RouteGroupBy::Api => format!("{}/{}/{}/{}", route.account, route.region, route.api_id, route.stage),
        RouteGroupBy::Context => route.context.to_string(),
    }
}

/// What a person reads.
pub(super) fn group_label(by: RouteGroupBy, route: &Route) -> String {
    match by {
        RouteGroupBy::Audience => capitalised(route.audience.audience.name()),
        RouteGroupBy::RouteClass => capitalised(&route.class.class.name().replace('-', " ")),
        RouteGroupBy::Api => format!("{} / {}", route.api_name, route.stage),
        RouteGroupBy::Context => format!("{} ({}, {})", route.context, route.account, route.region),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Counts what a reviewer looks at first. Preflights are no routes to guard; what is only in the draft is served to
/// nobody yet, and counts as drift alone.
pub(super) fn add_signals(signals: &mut GroupSignals, route: &Route) {
    if route.class.class == RouteClass::Preflight {
        return;
    }
    signals.drifted += u32::from(matches!(route.drift, Drift::Added | Drift::Removed | Drift::Changed));
    if route.drift == Drift::Added {
        return;
    }
    signals.open += u32::from(is_open(route));
    // HTTP and WebSocket APIs cannot have a web ACL; a private endpoint is not reached from the internet.
    let from_the_internet = route.endpoint_type != EndpointType::Private;
    signals.uncovered += u32::from(route.api_kind == ApiKind::Rest && from_the_internet && route.waf_acl.is_none());
    // When the account's limit could not be read, no narrower one was found either.
    signals.unthrottled +=
        u32::from(matches!(route.throttle.source, ThrottleSource::Account | ThrottleSource::Unknown));
    signals.canary += u32::from(route.canary.is_some());
}

/// Whether nobody is asked who they are although somebody should be. An API key is no answer to that, and neither is a
/// private endpoint: network location is not identity.
fn is_open(route: &Route) -> bool {
    let nobody_is_asked = &*route.guard.authorization_type == "NONE";
    let anybody_may = matches!(route.audience.audience, Audience::Public | Audience::Webhook);
    // Who signs in, signs up or lost the password has no token yet; a prober has none ever.
    let before_a_token = matches!(
        route.class.class,
        RouteClass::Login
            | RouteClass::SignUp
            | RouteClass::OneTimeCode
            | RouteClass::PasswordReset
            | RouteClass::Health
    );
    // WebSocket APIs authorize once, at $connect.
    let on_a_connection = route.api_kind == ApiKind::WebSocket && &*route.path != "$connect";
    nobody_is_asked && !anybody_may && !before_a_token && !on_a_connection
}
