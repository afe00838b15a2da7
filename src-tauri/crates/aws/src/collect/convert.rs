//! SDK -> domain, for data: one function per noun.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use aws_sdk_apigateway::types as rest;
use aws_sdk_apigatewayv2::types as http;
use portcullis_domain::{
    api::{Api, ApiKind, Authorizer, Canary, EndpointType, Integration, Stage, Validator},
    inventory::{LiveMethod, LiveSummary, RouteDefinition},
    throttle::Limit,
};

fn text(value: Option<&str>) -> Arc<str> {
    value.unwrap_or_default().into()
}

fn tags(tags: Option<&HashMap<String, String>>) -> BTreeMap<String, String> {
    tags.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn date(date: Option<&aws_smithy_types::DateTime>) -> Option<String> {
    date.and_then(|date| date.fmt(aws_smithy_types::date_time::Format::DateTime).ok())
}

pub(super) fn rest_api(api: &rest::RestApi) -> Api {
    let types = api.endpoint_configuration().map(|endpoint| endpoint.types()).unwrap_or_default();
    let endpoint_type = match types.first() {
        Some(rest::EndpointType::Regional) => EndpointType::Regional,
        Some(rest::EndpointType::Private) => EndpointType::Private,
        _ => EndpointType::Edge,
    };
    Api {
        id: text(api.id()),
        name: text(api.name()),
        kind: ApiKind::Rest,
        endpoint_type,
        description: api.description().map(str::to_owned),
        created: date(api.created_date()),
        tags: tags(api.tags()),
        execute_api_disabled: api.disable_execute_api_endpoint(),
        has_resource_policy: api.policy().is_some_and(|policy| !policy.is_empty()),
        api_key_source: api.api_key_source().map(|source| source.as_str().to_owned()),
        route_selection_expression: None,
    }
}

/// The limits that `GetStages` really sent: the SDK gives 0 both for a limit of 0, which lets nothing through, and for
/// one that is not there.
#[derive(Debug, Default)]
pub(super) struct SentLimits(serde_json::Value);

impl SentLimits {
    /// Of an answer's body; one that is no JSON sent none.
    pub(super) fn of(body: &[u8]) -> Self {
        Self(serde_json::from_slice(body).unwrap_or_default())
    }

    fn has(&self, stage: &str, key: &str, member: &str) -> bool {
        let stages = self.0["item"].as_array().into_iter().flatten();
        stages.filter(|item| item["stageName"] == stage).any(|item| item["methodSettings"][key].get(member).is_some())
    }
}

pub(super) fn rest_stage(stage: &rest::Stage, sent: &SentLimits) -> Stage {
    let name = stage.stage_name().unwrap_or_default();
    let limits = stage
        .method_settings()
        .into_iter()
        .flatten()
        .map(|(key, setting)| {
            let limit = Limit {
                rate: sent.has(name, key, "throttlingRateLimit").then(|| setting.throttling_rate_limit()),
                burst: sent.has(name, key, "throttlingBurstLimit").then(|| setting.throttling_burst_limit()),
            };
            (setting_key(key), limit)
        })
        .filter(|(_, limit)| *limit != Limit::default())
        .collect();
    Stage {
        name: text(stage.stage_name()),
        deployment_id: stage.deployment_id().map(Into::into),
        canary: stage.canary_settings().map(|canary| Canary {
            deployment_id: text(canary.deployment_id()),
            percent_traffic: canary.percent_traffic(),
        }),
        web_acl_arn: stage.web_acl_arn().map(Into::into),
        limits,
        detailed_metrics: stage
            .method_settings()
            .into_iter()
            .flatten()
            .map(|(key, setting)| (setting_key(key), setting.metrics_enabled()))
            .collect(),
        access_log_arn: stage.access_log_settings().and_then(|log| log.destination_arn()).map(Into::into),
        auto_deploy: false,
        tags: tags(stage.tags()),
        last_updated: date(stage.last_updated_date()),
    }
}

/// `~1pets~1{id}/GET`, `test/GET` and `/pets/GET` all mean `GET /pets…`: callers patched with and without escapes, and
/// AWS gives back what it got.
fn setting_key(key: &str) -> String {
    if key.trim_start_matches('/') == "*/*" {
        return "*/*".to_owned();
    }
    let (path, method) = key.rsplit_once('/').unwrap_or(("", key));
    let path = path.replace("~1", "/").replace("~0", "~");
    format!("{method} /{}", path.trim_start_matches('/'))
}

pub(super) fn rest_definitions(resource: &rest::Resource) -> impl Iterator<Item = RouteDefinition> + '_ {
    let (path, id) = (text(resource.path()), text(resource.id()));
    resource.resource_methods().into_iter().flatten().map(move |(name, method)| RouteDefinition {
        method: name.as_str().into(),
        path: Arc::clone(&path),
        resource_id: Arc::clone(&id),
        authorization_type: method.authorization_type().unwrap_or("NONE").into(),
        authorizer_id: method.authorizer_id().map(Into::into),
        scopes: method.authorization_scopes().to_vec(),
        api_key_required: method.api_key_required().unwrap_or(false),
        validator_id: method.request_validator_id().map(Into::into),
        integration: method.method_integration().map(rest_integration),
        operation_name: method.operation_name().map(str::to_owned),
    })
}

fn rest_integration(integration: &rest::Integration) -> Integration {
    let kind = integration.r#type().map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    let allows_origins = |response: &rest::IntegrationResponse| {
        response.response_parameters().is_some_and(|parameters| {
            parameters
                .keys()
                .any(|name| name.to_ascii_lowercase().starts_with("method.response.header.access-control-allow-"))
        })
    };
    let answers_cors = kind == "MOCK"
        && integration.integration_responses().is_some_and(|responses| responses.values().any(allows_origins));
    Integration {
        target: integration.uri().map(function_of),
        connection_type: integration.connection_type().map(|kind| kind.as_str().to_owned()),
        timeout_ms: Some(integration.timeout_in_millis()).filter(|timeout| *timeout > 0),
        answers_cors,
        kind,
    }
}

/// `arn:…:lambda:path/…/functions/{function ARN}/invocations` -> the function's ARN; anything else as it is.
fn function_of(uri: &str) -> String {
    uri.split_once("/functions/").and_then(|(_, rest)| rest.strip_suffix("/invocations")).unwrap_or(uri).to_owned()
}

pub(crate) fn live_summary(summary: &HashMap<String, HashMap<String, rest::MethodSnapshot>>) -> LiveSummary {
    summary
        .iter()
        .flat_map(|(path, methods)| {
            let path: Arc<str> = path.as_str().into();
            methods.iter().map(move |(method, snapshot)| {
                let live = LiveMethod {
                    authorization_type: snapshot.authorization_type().unwrap_or("NONE").into(),
                    api_key_required: snapshot.api_key_required(),
                };
                ((Arc::clone(&path), method.as_str().into()), live)
            })
        })
        .collect()
}

pub(super) fn rest_authorizer(authorizer: &rest::Authorizer) -> Authorizer {
    let mut targets: Vec<String> = authorizer.provider_arns().to_vec();
    targets.extend(authorizer.authorizer_uri().map(function_of));
    Authorizer {
        id: text(authorizer.id()),
        name: text(authorizer.name()),
        kind: authorizer.r#type().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        ttl_seconds: authorizer.authorizer_result_ttl_in_seconds(),
        targets,
    }
}

pub(super) fn validator(validator: &rest::RequestValidator) -> Validator {
    Validator {
        id: text(validator.id()),
        name: text(validator.name()),
        validates_body: validator.validate_request_body(),
        validates_parameters: validator.validate_request_parameters(),
    }
}

pub(super) fn http_api(api: &http::Api) -> Api {
    let kind =
        if api.protocol_type() == Some(&http::ProtocolType::Websocket) { ApiKind::WebSocket } else { ApiKind::Http };
    Api {
        id: text(api.api_id()),
        name: text(api.name()),
        kind,
        endpoint_type: EndpointType::Regional,
        description: api.description().map(str::to_owned),
        created: date(api.created_date()),
        tags: tags(api.tags()),
        execute_api_disabled: api.disable_execute_api_endpoint().unwrap_or(false),
        has_resource_policy: false,
        api_key_source: None,
        route_selection_expression: api.route_selection_expression().map(str::to_owned),
    }
}

pub(super) fn http_stage(stage: &http::Stage) -> Stage {
    let limit = |settings: &http::RouteSettings| Limit {
        rate: settings.throttling_rate_limit(),
        burst: settings.throttling_burst_limit(),
    };
    let mut limits: BTreeMap<String, Limit> =
        stage.route_settings().into_iter().flatten().map(|(key, settings)| (key.clone(), limit(settings))).collect();
    if let Some(settings) = stage.default_route_settings() {
        limits.insert("*/*".to_owned(), limit(settings));
    }
    limits.retain(|_, limit| *limit != Limit::default());
    let defaults = stage.default_route_settings().map(|settings| ("*/*".to_owned(), settings));
    let own = stage.route_settings().into_iter().flatten().map(|(key, settings)| (key.clone(), settings));
    let detailed_metrics =
        own.chain(defaults).filter_map(|(key, settings)| Some((key, settings.detailed_metrics_enabled()?))).collect();
    Stage {
        name: text(stage.stage_name()),
        deployment_id: stage.deployment_id().map(Into::into),
        canary: None,
        web_acl_arn: None,
        limits,
        detailed_metrics,
        access_log_arn: stage.access_log_settings().and_then(|log| log.destination_arn()).map(Into::into),
        auto_deploy: stage.auto_deploy().unwrap_or(false),
        tags: tags(stage.tags()),
        last_updated: date(stage.last_updated_date()),
    }
}

pub(super) fn http_integration(integration: &http::Integration) -> Option<(String, Integration)> {
    let domain = Integration {
        kind: integration.integration_type().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        target: integration.integration_uri().map(function_of),
        connection_type: integration.connection_type().map(|kind| kind.as_str().to_owned()),
        timeout_ms: integration.timeout_in_millis(),
        answers_cors: false,
    };
    Some((integration.integration_id()?.to_owned(), domain))
}

pub(super) fn http_authorizer(authorizer: &http::Authorizer) -> Authorizer {
    let issuer = authorizer.jwt_configuration().and_then(|jwt| jwt.issuer()).map(str::to_owned);
    Authorizer {
        id: text(authorizer.authorizer_id()),
        name: text(authorizer.name()),
        kind: authorizer.authorizer_type().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        ttl_seconds: authorizer.authorizer_result_ttl_in_seconds(),
        targets: issuer.into_iter().chain(authorizer.authorizer_uri().map(function_of)).collect(),
    }
}

/// `GET /pets` is a method and a path; `$default` takes any method; a WebSocket's key is a message.
pub(super) fn http_definition(
    route: &http::Route,
    websocket: bool,
    integrations: &BTreeMap<String, Integration>,
) -> RouteDefinition {
    let key = route.route_key().unwrap_or_default();
    let (method, path) = match key.split_once(' ') {
        Some((method, path)) if path.starts_with('/') => (method, path),
        _ if websocket => ("MESSAGE", key),
        _ => ("ANY", key),
    };
    let integration =
        route.target().and_then(|target| integrations.get(target.strip_prefix("integrations/")?)).cloned();
    RouteDefinition {
        method: method.into(),
        path: path.into(),
        resource_id: text(route.route_id()),
        authorization_type: route.authorization_type().map_or("NONE", |kind| kind.as_str()).into(),
        authorizer_id: route.authorizer_id().map(Into::into),
        scopes: route.authorization_scopes().to_vec(),
        api_key_required: route.api_key_required().unwrap_or(false),
        validator_id: None,
        integration,
        operation_name: route.operation_name().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn method_settings_keys_of_every_caller_mean_the_same() {
        for key in ["~1pets~1{id}/GET", "/~1pets~1{id}/GET", "pets/{id}/GET", "/pets/{id}/GET"] {
            assert_eq!(setting_key(key), "GET /pets/{id}", "{key}");
        }
        assert_eq!(setting_key("*/*"), "*/*");
        assert_eq!(setting_key("/*/*"), "*/*");
        assert_eq!(setting_key("~1/GET"), "GET /");
        assert_eq!(setting_key("~1~0me/POST"), "POST /~me");
    }

    #[test]
    fn a_setting_without_a_limit_has_none_and_a_limit_of_zero_is_one() {
        let body = br#"{"item":[{"stageName":"prod","methodSettings":{
            "*/*":{"metricsEnabled":true},
            "~1login/POST":{"throttlingRateLimit":0.0,"throttlingBurstLimit":0},
            "~1cart/GET":{"throttlingRateLimit":5.0}}}]}"#;
        let setting = |rate, burst| {
            rest::MethodSetting::builder().throttling_rate_limit(rate).throttling_burst_limit(burst).build()
        };
        let stage = rest::Stage::builder()
            .stage_name("prod")
            .method_settings("*/*", rest::MethodSetting::builder().metrics_enabled(true).build())
            .method_settings("~1login/POST", setting(0.0, 0))
            .method_settings("~1cart/GET", setting(5.0, 0))
            .build();
        let limits = rest_stage(&stage, &SentLimits::of(body)).limits;
        assert_eq!(limits.get("*/*"), None);
        assert_eq!(limits["POST /login"], Limit { rate: Some(0.0), burst: Some(0) });
        assert_eq!(limits["GET /cart"], Limit { rate: Some(5.0), burst: None });
    }

    #[test]
    fn a_lambda_integration_names_its_function() {
        let uri = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:cart:${stageVariables.alias}/invocations";
        assert_eq!(function_of(uri), "arn:aws:lambda:eu-west-1:111122223333:function:cart:${stageVariables.alias}");
        assert_eq!(function_of("https://backend.example.com/x"), "https://backend.example.com/x");
    }
}
