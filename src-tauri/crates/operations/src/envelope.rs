//! The shapes that scripts rely on: one JSON envelope for every read, one flat row per route.

use portcullis_domain::{
    coverage::{CallCounts, Coverage},
    route::Route,
    route_index::value_of,
    route_place::UNKNOWN_ACCOUNT,
    route_query::RouteProperty,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{context_list::OpenContext, csv_text::csv_text, error::WireError, host::Host};

/// The envelope of every read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    /// When, RFC 3339.
    pub generated_at: String,
    /// From where.
    pub contexts: Vec<OpenContext>,
    /// What is missing.
    pub coverage: Coverage,
    /// What it cost, by `service:Operation`.
    pub calls: CallCounts,
    /// The answer.
    pub items: Vec<T>,
}

impl Host {
    /// Puts items into the envelope, as pretty-printed JSON.
    ///
    /// # Errors
    /// `Internal` for an item that cannot be written.
    pub fn envelope<T: Serialize>(&self, items: Vec<T>) -> Result<String, WireError> {
        let mut calls = CallCounts::new();
        for context in self.status().contexts {
            for (call, count) in context.calls {
                *calls.entry(call).or_default() += count;
            }
        }
        self.envelope_of(items, self.coverage(), calls)
    }

    /// The same for an answer that stands on more than the inventory: with its own coverage and calls.
    ///
    /// # Errors
    /// As [`Self::envelope`].
    pub fn envelope_of<T: Serialize>(
        &self,
        items: Vec<T>,
        coverage: Coverage,
        calls: CallCounts,
    ) -> Result<String, WireError> {
        let envelope = Envelope { generated_at: self.now(), contexts: self.open_list(), coverage, calls, items };
        serde_json::to_string_pretty(&envelope)
            .map(|text| text + "\n")
            .map_err(|error| WireError::internal("the envelope", &error))
    }

    /// What could not be read.
    #[must_use]
    pub fn gaps(&self) -> Coverage {
        self.coverage()
    }
}

/// Columns of a route, in the order of the CSV; names are those of the JSON.
const COLUMNS: &[(&str, RouteProperty)] = &[
    ("account", RouteProperty::Account),
    ("region", RouteProperty::Region),
    ("apiName", RouteProperty::Api),
    ("apiKind", RouteProperty::ApiKind),
    ("endpointType", RouteProperty::EndpointType),
    ("stage", RouteProperty::Stage),
    ("method", RouteProperty::Method),
    ("path", RouteProperty::Path),
    ("audience", RouteProperty::Audience),
    ("audienceSource", RouteProperty::AudienceSource),
    ("routeClass", RouteProperty::RouteClass),
    ("authorizationType", RouteProperty::AuthorizationType),
    ("authorizer", RouteProperty::Authorizer),
    ("apiKeyRequired", RouteProperty::ApiKeyRequired),
    ("rateLimit", RouteProperty::RateLimit),
    ("burstLimit", RouteProperty::BurstLimit),
    ("throttleSource", RouteProperty::ThrottleSource),
    ("validator", RouteProperty::Validator),
    ("integrationType", RouteProperty::IntegrationType),
    ("timeoutMs", RouteProperty::TimeoutMs),
    ("wafAcl", RouteProperty::WafAcl),
    ("canary", RouteProperty::Canary),
    ("drift", RouteProperty::Drift),
];

/// A route as scripts get it: flat, every field always there, null where there is nothing.
#[must_use]
pub fn route_item(route: &Route) -> Value {
    let text = |property| value_of(property, route).into_owned();
    json!({
        "context": route.context,
        "account": (&*route.account != UNKNOWN_ACCOUNT).then_some(&route.account),
        "region": route.region,
        "apiId": route.api_id,
        "apiName": route.api_name,
        "apiKind": text(RouteProperty::ApiKind),
        "endpointType": text(RouteProperty::EndpointType),
        "stage": route.stage,
        "method": route.method,
        "path": route.path,
        "audience": text(RouteProperty::Audience),
        "audienceSource": text(RouteProperty::AudienceSource),
        "audienceReason": route.audience.reason,
        "routeClass": text(RouteProperty::RouteClass),
        "authorizationType": route.guard.authorization_type,
        "authorizer": route.guard.authorizer,
        "scopes": route.guard.scopes,
        "apiKeyRequired": route.guard.api_key_required,
        "rateLimit": route.throttle.limit.rate,
        "burstLimit": route.throttle.limit.burst,
        "throttleSource": text(RouteProperty::ThrottleSource),
        "validator": route.validator,
        "integrationType": route.integration.as_ref().map(|integration| &integration.kind),
        "integrationTarget": route.integration.as_ref().and_then(|integration| integration.target.as_ref()),
        "timeoutMs": route.integration.as_ref().and_then(|integration| integration.timeout_ms),
        "wafAcl": route.waf_acl,
        "canary": route.canary,
        "drift": text(RouteProperty::Drift),
        "driftDetail": route.drift_detail,
        "invokeUrl": route.invoke_url,
        "customUrls": route.custom_urls,
    })
}

/// Routes as JSON.
///
/// # Errors
/// As [`Host::envelope`].
pub fn routes_json(host: &Host, routes: &[&Route]) -> Result<String, WireError> {
    host.envelope(routes.iter().map(|route| route_item(route)).collect())
}

/// Routes as CSV.
///
/// # Errors
/// As [`csv_text`].
pub fn routes_csv(routes: &[&Route]) -> Result<String, WireError> {
    let mut names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    names.insert(2, "apiId");
    csv_text(
        names,
        routes.iter().map(|route| {
            let mut cells: Vec<String> =
                COLUMNS.iter().map(|(_, property)| value_of(*property, route).into_owned()).collect();
            cells.insert(2, route.api_id.to_string());
            cells
        }),
    )
}
