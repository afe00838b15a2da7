//! Filters as the command line takes them: `audience=public`, `path:login`, `rateLimit>100`.

use std::str::FromStr;

use crate::route_query::{FilterOperator, FilterToken, RouteProperty};

/// A filter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// No such property.
    #[error("there is no property {name}; there are {known}")]
    UnknownProperty {
        /// What was typed.
        name: String,
        /// All there are.
        known: String,
    },
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

impl FromStr for RouteProperty {
    type Err = FilterError;

    fn from_str(name: &str) -> Result<Self, FilterError> {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))
            .map(|(_, property)| *property)
            .ok_or_else(|| {
                let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
                FilterError::UnknownProperty { name: name.to_owned(), known: known.join(", ") }
            })
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
                Ok(Self { property, operator, value: text[at + sign.len()..].to_owned() })
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
        let error = "pth=login".parse::<FilterToken>().unwrap_err();
        assert!(error.to_string().starts_with("there is no property pth; there are account, api,"), "{error}");
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
