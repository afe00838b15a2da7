//! Filters as the command line takes them: `audience=public`, `path:login`, `rateLimit>100`.

use std::str::FromStr;

use crate::{
    audience::{Audience, AudienceSource},
    audience_rules::organisation::distance,
    route::Drift,
    route_class::RouteClass,
    route_index::is_number,
    route_query::{FilterOperator, FilterToken, RouteProperty},
    throttle::ThrottleSource,
};

/// A filter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// No such property.
    #[error("there is no property {name}{}; there are {known}", did_you_mean(suggestion.as_deref()))]
    UnknownProperty {
        /// What was typed.
        name: String,
        /// The nearest that there is.
        suggestion: Option<String>,
        /// All there are.
        known: String,
    },
    /// No such value of a property that has few: the filter could never match.
    #[error("{property} is never {value}{}; it is one of {known}", did_you_mean(suggestion.as_deref()))]
    UnknownValue {
        /// The property.
        property: &'static str,
        /// What was typed.
        value: String,
        /// The nearest that there is.
        suggestion: Option<String>,
        /// All there are.
        known: String,
    },
    /// `<` or `>` of a property that is text.
    #[error("{property} is text: < and > compare rateLimit, burstLimit and timeoutMs")]
    NotComparable {
        /// The property.
        property: &'static str,
    },
    /// `<` or `>` with something that is no number.
    #[error("{property} is compared with a number, and \"{value}\" is none")]
    NotANumber {
        /// The property.
        property: &'static str,
        /// What was typed.
        value: String,
    },
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|suggestion| format!(" (did you mean {suggestion}?)")).unwrap_or_default()
}

/// The name that a typing error probably meant: at most two edits away.
fn nearest(typed: &str, known: &[&str]) -> Option<String> {
    let typed = typed.to_lowercase();
    let nearest = known.iter().map(|name| (distance(&typed, &name.to_lowercase()), *name)).min()?;
    (nearest.0 <= 2).then(|| nearest.1.to_owned())
}

/// Every property by its name in the JSON output, with the names that people type.
const NAMES: &[(&str, RouteProperty)] = &[
    ("account", RouteProperty::Account),
    ("api", RouteProperty::Api),
    ("apiKeyRequired", RouteProperty::ApiKeyRequired),
    ("apiKind", RouteProperty::ApiKind),
    ("audience", RouteProperty::Audience),
    ("audienceSource", RouteProperty::AudienceSource),
    ("authorizationType", RouteProperty::AuthorizationType),
    ("authorizer", RouteProperty::Authorizer),
    ("burstLimit", RouteProperty::BurstLimit),
    ("canary", RouteProperty::Canary),
    ("context", RouteProperty::Context),
    ("drift", RouteProperty::Drift),
    ("endpointType", RouteProperty::EndpointType),
    ("integrationType", RouteProperty::IntegrationType),
    ("method", RouteProperty::Method),
    ("path", RouteProperty::Path),
    ("rateLimit", RouteProperty::RateLimit),
    ("region", RouteProperty::Region),
    ("routeClass", RouteProperty::RouteClass),
    ("stage", RouteProperty::Stage),
    ("throttleSource", RouteProperty::ThrottleSource),
    ("timeoutMs", RouteProperty::TimeoutMs),
    ("validator", RouteProperty::Validator),
    ("wafAcl", RouteProperty::WafAcl),
];

/// Signs, longest first, so that `!=` is not read as `=` of a property that ends in `!`.
const SIGNS: &[(&str, FilterOperator)] = &[
    ("!=", FilterOperator::NotEqual),
    ("!:", FilterOperator::NotContains),
    ("=", FilterOperator::Equal),
    (":", FilterOperator::Contains),
    ("^", FilterOperator::StartsWith),
    ("<", FilterOperator::Less),
    (">", FilterOperator::Greater),
];

/// Shorter names that people type.
const ALIASES: &[(&str, RouteProperty)] = &[
    ("apiName", RouteProperty::Api),
    ("auth", RouteProperty::AuthorizationType),
    ("burst", RouteProperty::BurstLimit),
    ("class", RouteProperty::RouteClass),
    ("endpoint", RouteProperty::EndpointType),
    ("integration", RouteProperty::IntegrationType),
    ("key", RouteProperty::ApiKeyRequired),
    ("kind", RouteProperty::ApiKind),
    ("rate", RouteProperty::RateLimit),
    ("timeout", RouteProperty::TimeoutMs),
    ("waf", RouteProperty::WafAcl),
];

impl FromStr for RouteProperty {
    type Err = FilterError;

    fn from_str(name: &str) -> Result<Self, FilterError> {
        NAMES
            .iter()
            .chain(ALIASES)
            .find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))
            .map(|(_, property)| *property)
            .ok_or_else(|| {
                let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
                let suggestion = nearest(name, &known);
                FilterError::UnknownProperty { name: name.to_owned(), suggestion, known: known.join(", ") }
            })
    }
}

/// Every value that a property can take, for those with few.
fn closed_values(property: RouteProperty) -> Option<Vec<&'static str>> {
    Some(match property {
        RouteProperty::Audience => Audience::ALL.iter().map(|value| value.name()).collect(),
        RouteProperty::AudienceSource => AudienceSource::ALL.iter().map(|value| value.name()).collect(),
        RouteProperty::RouteClass => RouteClass::ALL.iter().map(|value| value.name()).collect(),
        RouteProperty::ThrottleSource => ThrottleSource::ALL.iter().map(|value| value.name()).collect(),
        RouteProperty::Drift => Drift::ALL.iter().map(|value| value.name()).collect(),
        RouteProperty::ApiKind => vec!["REST", "HTTP", "WEBSOCKET"],
        RouteProperty::EndpointType => vec!["EDGE", "REGIONAL", "PRIVATE"],
        RouteProperty::ApiKeyRequired | RouteProperty::Canary => vec!["true", "false"],
        _ => return None,
    })
}

/// Refuses what could never match: a typing error must not read as "there are none".
fn check(token: FilterToken) -> Result<FilterToken, FilterError> {
    let Some(property) = token.property else { return Ok(token) };
    let name = NAMES.iter().find(|(_, known)| *known == property).map_or("the property", |(name, _)| *name);
    match token.operator {
        FilterOperator::Less | FilterOperator::Greater if !is_number(property) => {
            Err(FilterError::NotComparable { property: name })
        }
        FilterOperator::Less | FilterOperator::Greater if token.value.trim().parse::<f64>().is_err() => {
            Err(FilterError::NotANumber { property: name, value: token.value })
        }
        FilterOperator::Equal | FilterOperator::NotEqual => match closed_values(property) {
            Some(known) if !known.iter().any(|known| known.eq_ignore_ascii_case(&token.value)) => {
                let suggestion = nearest(&token.value, &known);
                Err(FilterError::UnknownValue {
                    property: name,
                    value: token.value,
                    suggestion,
                    known: known.join(", "),
                })
            }
            _ => Ok(token),
        },
        _ => Ok(token),
    }
}

impl FromStr for FilterToken {
    type Err = FilterError;

    /// Reads one filter; a text without a sign is free text, and so is one whose first sign follows a slash or a space:
    /// a path may hold any of the signs.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        let first = SIGNS
            .iter()
            .filter_map(|(sign, operator)| Some((text.find(sign)?, sign, *operator)))
            .min_by_key(|(at, sign, _)| (*at, usize::MAX - sign.len()));
        match first {
            Some((at, sign, operator)) if at > 0 && text[..at].chars().all(|letter| letter.is_ascii_alphanumeric()) => {
                let property = Some(text[..at].parse()?);
                check(Self { property, operator, value: text[at + sign.len()..].to_owned() })
            }
            _ => Ok(Self { property: None, operator: FilterOperator::Contains, value: text.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn filters_are_read_as_people_write_them() {
        let read = |text: &str| text.parse::<FilterToken>().unwrap();
        let token = |property, operator, value: &str| FilterToken { property, operator, value: value.to_owned() };
        assert_eq!(read("audience=public"), token(Some(RouteProperty::Audience), FilterOperator::Equal, "public"));
        assert_eq!(read("method!=GET"), token(Some(RouteProperty::Method), FilterOperator::NotEqual, "GET"));
        assert_eq!(read("path!:a=b"), token(Some(RouteProperty::Path), FilterOperator::NotContains, "a=b"));
        assert_eq!(read("ratelimit>100"), token(Some(RouteProperty::RateLimit), FilterOperator::Greater, "100"));
        assert_eq!(read("/orders:batch"), token(None, FilterOperator::Contains, "/orders:batch"));
        assert_eq!(read("login"), token(None, FilterOperator::Contains, "login"));
        assert_eq!(read("class=one-time-code").property, Some(RouteProperty::RouteClass));
        assert_eq!(read("wafAcl="), token(Some(RouteProperty::WafAcl), FilterOperator::Equal, ""));
    }

    #[test]
    fn what_could_never_match_is_refused() {
        let refused = |text: &str| text.parse::<FilterToken>().unwrap_err().to_string();
        let property = refused("pth=login");
        assert!(
            property.starts_with("there is no property pth (did you mean path?); there are account, api,"),
            "{property}"
        );
        assert_eq!(
            refused("audience=pubic"),
            "audience is never pubic (did you mean public?); it is one of admin, checkout, customer, partner, webhook, \
             internal, public, unclassified"
        );
        assert_eq!(refused("apiKind!=graphql"), "apiKind is never graphql; it is one of REST, HTTP, WEBSOCKET");
        assert_eq!(refused("rate>many"), "rateLimit is compared with a number, and \"many\" is none");
        assert_eq!(refused("path>1"), "path is text: < and > compare rateLimit, burstLimit and timeoutMs");
    }

    proptest! {
        #[test]
        fn every_property_is_found_by_its_name(at in 0..NAMES.len()) {
            prop_assert_eq!(NAMES[at].0.parse::<RouteProperty>(), Ok(NAMES[at].1));
            // The name is the one that the JSON of a query uses, so that scripts and the window speak alike.
            let wire = serde_json::to_value(NAMES[at].1).unwrap();
            prop_assert_eq!(wire.as_str(), Some(NAMES[at].0));
        }
    }
}
