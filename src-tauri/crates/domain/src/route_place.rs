//! Where a route is: URLs, ARNs, the same thing in AWS's console and on its command line.

use std::sync::Arc;

use crate::{
    api::{Api, ApiKind, EndpointType, Stage},
    change::{CommandContext, shell_quoted},
    inventory::DomainMapping,
    route::Route,
};

/// Stands for the account where STS did not say whose it is.
pub const UNKNOWN_ACCOUNT: &str = "unknown";

/// The context's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The context's label.
    pub context: Arc<str>,
    /// Twelve digits, or [`UNKNOWN_ACCOUNT`].
    pub account: Arc<str>,
    /// Region.
    pub region: Arc<str>,
}

/// The partition of a region.
#[must_use]
pub fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ if region.starts_with("us-iso-") => "aws-iso",
        _ if region.starts_with("us-isob-") => "aws-iso-b",
        _ if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}

/// The domain of a partition's endpoints (`dnsSuffix` of AWS's partition data).
fn dns_suffix(region: &str) -> &'static str {
    match partition(region) {
        "aws-cn" => "amazonaws.com.cn",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}

/// The URL on API Gateway's own host; `None` where that host is switched off and for private endpoints, whose name
/// depends on the VPC endpoint.
pub(crate) fn invoke_url(place: &Place, api: &Api, stage: &str, path: &str) -> Option<String> {
    if api.execute_api_disabled || api.endpoint_type == EndpointType::Private {
        return None;
    }
    let suffix = dns_suffix(&place.region);
    let scheme = if api.kind == ApiKind::WebSocket { "wss" } else { "https" };
    let host = format!("{scheme}://{}.execute-api.{}.{suffix}", api.id, place.region);
    Some(format!("{host}{}{}", stage_segment(stage), url_path(api, path)))
}

/// `$default` has no segment of its own.
fn stage_segment(stage: &str) -> String {
    if stage == "$default" { String::new() } else { format!("/{stage}") }
}

/// Messages of a WebSocket API have no path; `$default` of an HTTP API takes any.
fn url_path<'a>(api: &Api, path: &'a str) -> &'a str {
    if api.kind == ApiKind::WebSocket || path == "$default" { "" } else { path }
}

/// URLs on custom domains that lead to the stage.
pub(crate) fn custom_urls(api: &Api, stage: &str, path: &str, domains: &[DomainMapping]) -> Vec<String> {
    let scheme = if api.kind == ApiKind::WebSocket { "wss" } else { "https" };
    domains
        .iter()
        .filter(|mapping| mapping.api_id == api.id && mapping.stage.as_deref().is_none_or(|mapped| mapped == stage))
        .map(|mapping| {
            let base = if mapping.base_path.is_empty() { String::new() } else { format!("/{}", mapping.base_path) };
            // Without a stage in the mapping the first segment of the path chooses it.
            let stage = if mapping.stage.is_none() { stage_segment(stage) } else { String::new() };
            format!("{scheme}://{}{base}{stage}{}", mapping.domain, url_path(api, path))
        })
        .collect()
}

/// The name inside `…/webacl/NAME/ID` (WAFV2) or the whole ARN where it has another shape.
pub(crate) fn web_acl_name(arn: &str) -> Arc<str> {
    arn.split("/webacl/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(arn).into()
}

/// The ARN that policies name the method by (`execute-api`). Policies are matched against the path that a client asks
/// for, so that a path parameter is a `*` in it, as is an account that is not known.
#[must_use]
pub fn execute_api_arn(route: &Route) -> String {
    let (partition, region, api) = (partition(&route.region), &route.region, &route.api_id);
    let account = if &*route.account == UNKNOWN_ACCOUNT { "*" } else { &*route.account };
    let method = if &*route.method == "ANY" { "*" } else { &*route.method };
    match route.api_kind {
        ApiKind::WebSocket => {
            format!("arn:{partition}:execute-api:{region}:{account}:{api}/{}/{}", route.stage, route.path)
        }
        ApiKind::Rest | ApiKind::Http => {
            let segment = |segment| if str::starts_with(segment, '{') { "*" } else { segment };
            let path = if route.path.starts_with('/') {
                route.path.split('/').map(segment).collect::<Vec<_>>().join("/")
            } else {
                "/*".to_owned()
            };
            format!("arn:{partition}:execute-api:{region}:{account}:{api}/{}/{method}{path}", route.stage)
        }
    }
}

/// An `aws` command that shows the route, to be pasted into a POSIX shell. What is no longer in the draft is seen in the
/// summary of the deployment that still serves it.
#[must_use]
pub fn aws_command(route: &Route, stage: &Stage, context: &CommandContext<'_>) -> String {
    let api = ("--rest-api-id", &*route.api_id);
    let (command, mut flags) = match (route.api_kind, route.resource_id.as_deref(), stage.deployment_id.as_deref()) {
        (ApiKind::Rest, Some(resource), _) => {
            ("apigateway get-method", vec![api, ("--resource-id", resource), ("--http-method", &*route.method)])
        }
        (ApiKind::Rest, None, Some(deployment)) => {
            ("apigateway get-deployment", vec![api, ("--deployment-id", deployment), ("--embed", "apisummary")])
        }
        (ApiKind::Rest, None, None) => ("apigateway get-stage", vec![api, ("--stage-name", &*route.stage)]),
        (ApiKind::Http | ApiKind::WebSocket, Some(id), _) => {
            ("apigatewayv2 get-route", vec![("--api-id", &*route.api_id), ("--route-id", id)])
        }
        (ApiKind::Http | ApiKind::WebSocket, None, _) => {
            ("apigatewayv2 get-routes", vec![("--api-id", &*route.api_id)])
        }
    };
    flags.extend(context.profile.map(|profile| ("--profile", profile)));
    flags.push(("--region", context.region));
    flags.extend(context.endpoint_url.map(|url| ("--endpoint-url", url)));
    let flags = flags.into_iter().map(|(flag, value)| format!(" {flag} {}", shell_quoted(value)));
    format!("aws {command}{}", flags.collect::<String>())
}

/// The API's resources or routes in the AWS console.
#[must_use]
pub fn console_url(route: &Route) -> String {
    let host = match partition(&route.region) {
        "aws-cn" => "console.amazonaws.cn".to_owned(),
        "aws-us-gov" => "console.amazonaws-us-gov.com".to_owned(),
        _ => format!("{}.console.aws.amazon.com", route.region),
    };
    let (region, api) = (&route.region, &route.api_id);
    let home = format!("https://{host}/apigateway/main");
    match route.api_kind {
        ApiKind::Rest => format!("{home}/apis/{api}/resources?api={api}&region={region}"),
        ApiKind::Http | ApiKind::WebSocket => format!("{home}/develop/routes?api={api}&region={region}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn api(kind: ApiKind, endpoint_type: EndpointType, disabled: bool) -> Api {
        Api {
            id: "a1b2".into(),
            name: "shop".into(),
            kind,
            endpoint_type,
            description: None,
            created: None,
            tags: BTreeMap::new(),
            execute_api_disabled: disabled,
            has_resource_policy: false,
            api_key_source: None,
            route_selection_expression: None,
        }
    }

    #[test]
    fn urls_are_what_a_client_calls() {
        use ApiKind::{Http, Rest, WebSocket};
        use EndpointType::{Private, Regional};
        let place = |region: &str| Place { context: "x".into(), account: "1".into(), region: region.into() };
        let url = |kind, endpoint, disabled, region, stage, path| {
            invoke_url(&place(region), &api(kind, endpoint, disabled), stage, path)
        };
        assert_eq!(
            url(Rest, Regional, false, "eu-west-1", "prod", "/pets/{id}").unwrap(),
            "https://a1b2.execute-api.eu-west-1.amazonaws.com/prod/pets/{id}"
        );
        assert_eq!(
            url(Http, Regional, false, "eu-west-1", "$default", "/pets").unwrap(),
            "https://a1b2.execute-api.eu-west-1.amazonaws.com/pets"
        );
        assert_eq!(
            url(WebSocket, Regional, false, "cn-north-1", "prod", "$connect").unwrap(),
            "wss://a1b2.execute-api.cn-north-1.amazonaws.com.cn/prod"
        );
        assert_eq!(
            url(Rest, Regional, false, "us-gov-west-1", "prod", "/").unwrap(),
            "https://a1b2.execute-api.us-gov-west-1.amazonaws.com/prod/"
        );
        assert_eq!(
            url(Http, Regional, false, "eusc-de-east-1", "$default", "$default").unwrap(),
            "https://a1b2.execute-api.eusc-de-east-1.amazonaws.eu"
        );
        assert_eq!(url(Rest, Private, false, "eu-west-1", "prod", "/"), None);
        assert_eq!(url(Rest, Regional, true, "eu-west-1", "prod", "/"), None);
        let mapping = |stage: Option<&str>| DomainMapping {
            domain: "api.example.com".into(),
            base_path: "v1".into(),
            api_id: "a1b2".into(),
            stage: stage.map(Into::into),
        };
        assert_eq!(
            custom_urls(
                &api(Rest, Regional, true),
                "prod",
                "/pets",
                &[mapping(Some("prod")), mapping(Some("test")), mapping(None)]
            ),
            ["https://api.example.com/v1/pets", "https://api.example.com/v1/prod/pets"]
        );
    }
}
