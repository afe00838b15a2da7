//! What a property of a route is: as text, as a number, as something to sort by.

use std::{borrow::Cow, cmp::Ordering};

use crate::{
    audience_rules::organisation::{endpoint_name, kind_name},
    route::Route,
    route_query::RouteProperty,
};

/// A property's value as text; empty when it has none.
#[must_use]
pub fn value_of(property: RouteProperty, route: &Route) -> Cow<'_, str> {
    let flag = |flag: bool| if flag { "true" } else { "false" };
    Cow::Borrowed(match property {
        RouteProperty::Audience => route.audience.audience.name(),
        RouteProperty::AudienceSource => route.audience.source.name(),
        RouteProperty::RouteClass => route.class.class.name(),
        RouteProperty::Method => &route.method,
        RouteProperty::Path => &route.path,
        RouteProperty::Api => &route.api_name,
        RouteProperty::ApiKind => kind_name(route.api_kind),
        RouteProperty::Stage => &route.stage,
        RouteProperty::EndpointType => endpoint_name(route.endpoint_type),
        RouteProperty::AuthorizationType => &route.guard.authorization_type,
        RouteProperty::Authorizer => route.guard.authorizer.as_deref().unwrap_or_default(),
        RouteProperty::ApiKeyRequired => flag(route.guard.api_key_required),
        RouteProperty::RateLimit | RouteProperty::BurstLimit | RouteProperty::TimeoutMs => {
            return number_of(property, route).map(|number| number.to_string()).unwrap_or_default().into();
        }
        RouteProperty::ThrottleSource => route.throttle.source.name(),
        RouteProperty::Validator => route.validator.as_deref().unwrap_or_default(),
        RouteProperty::IntegrationType => {
            route.integration.as_ref().map(|integration| integration.kind.as_str()).unwrap_or_default()
        }
        RouteProperty::WafAcl => route.waf_acl.as_deref().unwrap_or_default(),
        RouteProperty::Canary => flag(route.canary.is_some()),
        RouteProperty::Drift => route.drift.name(),
        RouteProperty::Account => &route.account,
        RouteProperty::Region => &route.region,
        RouteProperty::Context => &route.context,
    })
}

/// Whether a property is a number, and `<` and `>` mean something.
#[must_use]
pub fn is_number(property: RouteProperty) -> bool {
    matches!(property, RouteProperty::RateLimit | RouteProperty::BurstLimit | RouteProperty::TimeoutMs)
}

/// A number's value; `None` when there is none or the property is text.
#[must_use]
pub fn number_of(property: RouteProperty, route: &Route) -> Option<f64> {
    match property {
        RouteProperty::RateLimit => route.throttle.limit.rate,
        RouteProperty::BurstLimit => route.throttle.limit.burst.map(f64::from),
        RouteProperty::TimeoutMs => route.integration.as_ref()?.timeout_ms.map(f64::from),
        _ => None,
    }
}

/// What rows are sorted by: made once per row, since a sort asks many times.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SortKey {
    Number(f64),
    Text(String),
    Nothing,
}

impl SortKey {
    pub(super) fn of(property: RouteProperty, route: &Route) -> Self {
        match property {
            // The order of groups, not of the alphabet.
            RouteProperty::Audience => Self::Number(f64::from(route.audience.audience as u8)),
            _ if is_number(property) => number_of(property, route).map_or(Self::Nothing, Self::Number),
            _ => match value_of(property, route) {
                text if text.is_empty() => Self::Nothing,
                text => Self::Text(text.to_lowercase()),
            },
        }
    }

    /// Numbers by value, text ignoring case; what has no value comes last either way.
    pub(super) fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Nothing, Self::Nothing) => return Ordering::Equal,
            (Self::Nothing, _) => return Ordering::Greater,
            (_, Self::Nothing) => return Ordering::Less,
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
        };
        if descending { order.reverse() } else { order }
    }
}
