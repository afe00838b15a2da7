//! Execution logs, access logs, tracing and metrics of stages.

use super::{PCI_LOGGING, by_trail, or_unknown};
use crate::{
    api::ApiKind,
    findings::{
        assess::{Bench, Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, always},
        documents::{Part, route_settings},
        scene::ApiScene,
    },
    route::Route,
};

/// Execution logs.
pub(in crate::findings) static EXECUTION: Control = Control {
    id: "C1",
    title: "Execution logs are on for every method",
    scope: Scope::Stage,
    severity: by_trail,
    why: "Without them a 5XX at the gateway (a mapping that fails, an authorizer that times out) leaves no trace of \
          its cause. Scanners pass a stage as soon as one method is logged.",
    logic: "Per stage of a REST or WebSocket API: fail when the settings that rule any served route have a \
            loggingLevel other than ERROR and INFO; the finding names those routes. OFF is off. Not applicable to HTTP \
            APIs, which have no execution logs.",
    remedy: "Set the log level of all methods to ERROR, and give the account a role that may write logs.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/*/*/logging/loglevel,value=ERROR --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["APIGateway.1"],
        pci: PCI_LOGGING,
        prowler: &["apigateway_restapi_logging_enabled"],
    },
    rule: Rule::Api(|scene, bench| {
        if scene.inventory.api.kind == ApiKind::Http {
            return none(scene, bench, "HTTP APIs have no execution logs");
        }
        let logged = |part: &Part<'_>| matches!(part.get("loggingLevel").text(), Some("ERROR" | "INFO"));
        settings(scene, bench, "loggingLevel", "ERROR or INFO for every method", logged);
    }),
};

/// Access logs.
pub(in crate::findings) static ACCESS: Control = Control {
    id: "C2",
    title: "Every request leaves a line in an access log",
    scope: Scope::Stage,
    severity: by_trail,
    why: "Who called what, when, with which outcome: without access logs an incident cannot be told from a rumour.",
    logic: "Per stage: fail when accessLogSettings has no destinationArn or no format. A log group and a Firehose \
            stream both pass.",
    remedy: "Send access logs to a log group, as JSON without tokens or personal data.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/accessLogSettings/destinationArn,value=LOG_GROUP_ARN op=replace,path=/accessLogSettings/format,value=FORMAT --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["APIGateway.9"],
        pci: PCI_LOGGING,
        prowler: &["apigatewayv2_api_access_logging_enabled"],
    },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let outcome = scene.stage_part(&stage.name).map(|part| {
                let settings = part.get("accessLogSettings");
                let (destination, format) = (settings.get("destinationArn"), settings.get("format"));
                let (actual, cited) = match (destination.filled(), format.filled()) {
                    (None, _) => ("none".to_owned(), &destination),
                    (Some(arn), None) => (format!("they go to {arn} without a format: nothing is written"), &format),
                    (Some(arn), Some(_)) => (format!("they go to {arn}"), &destination),
                };
                let holds = destination.filled().is_some() && format.filled().is_some();
                Outcome::holds(holds, Facts::new("access logs", actual).cite(cited))
            });
            bench.stage(scene, &stage.name, &routes, or_unknown(outcome));
        }
    }),
};

/// Tracing.
pub(in crate::findings) static TRACING: Control = Control {
    id: "C4",
    title: "Requests are traced with X-Ray",
    scope: Scope::Stage,
    severity: always!(Low),
    why: "A trace shows which of gateway, authorizer and backend was slow.",
    logic: "Per stage of a REST API: fail when tracingEnabled is not true. HTTP and WebSocket APIs have no tracing.",
    remedy: "Switch tracing on for the stage.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/tracingEnabled,value=true --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["APIGateway.3"],
        pci: &["10.4.1", "10.4.1.1", "10.4.2", "10.7.1", "10.7.2", "A3.3.1", "A3.5.1"],
        prowler: &["apigateway_restapi_tracing_enabled"],
    },
    rule: Rule::Api(|scene, bench| {
        if scene.inventory.api.kind != ApiKind::Rest {
            return none(scene, bench, "only REST APIs are traced");
        }
        for (stage, routes) in scene.stages() {
            let outcome = scene.stage_part(&stage.name).map(|part| {
                let tracing = part.get("tracingEnabled");
                let actual = if tracing.is_true() { "on" } else { "off" };
                Outcome::holds(tracing.is_true(), Facts::new("tracing on", actual).cite(&tracing))
            });
            bench.stage(scene, &stage.name, &routes, or_unknown(outcome));
        }
    }),
};

/// Metrics per method.
pub(in crate::findings) static METRICS: Control = Control {
    id: "C20",
    title: "Metrics are kept per method",
    scope: Scope::Stage,
    severity: always!(Low),
    why: "Without detailed metrics the payment that fails disappears in the average of the catalogue.",
    logic: "Per stage: fail when the settings that rule any served route have metricsEnabled (HTTP and WebSocket: \
            detailedMetricsEnabled) other than true; the finding names those routes.",
    remedy: "Switch detailed metrics on for all methods; CloudWatch charges for each metric.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/*/*/metrics/enabled,value=true --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["10.4.1", "10.7.2"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        let member = match scene.inventory.api.kind {
            ApiKind::Rest => "metricsEnabled",
            ApiKind::Http | ApiKind::WebSocket => "detailedMetricsEnabled",
        };
        settings(scene, bench, member, "detailed metrics for every method", |part| part.get(member).is_true());
    }),
};

fn none(scene: &ApiScene<'_>, bench: &mut Bench<'_>, why: &'static str) {
    for (stage, routes) in scene.stages() {
        bench.stage(scene, &stage.name, &routes, Outcome::NotApplicable(why));
    }
}

/// Judges the settings that rule each route of a stage: `holds` of each, cited at `member`.
fn settings(
    scene: &ApiScene<'_>,
    bench: &mut Bench<'_>,
    member: &str,
    expected: &str,
    holds: impl Fn(&Part<'_>) -> bool,
) {
    for (stage, routes) in scene.stages() {
        let part = match scene.stage_part(&stage.name) {
            Ok(part) => part,
            Err(reason) => {
                bench.stage(scene, &stage.name, &routes, Outcome::Unknown(reason));
                continue;
            }
        };
        let of = |route: &Route| route_settings(route.api_kind, &part, &route.method, &route.path);
        let bare: Vec<&Route> = routes.iter().copied().filter(|route| !holds(&of(route))).collect();
        let cited = bare.first().or(routes.first()).map(|route| of(route).get(member));
        let actual = match (bare.len(), cited.as_ref().and_then(Part::value)) {
            (0, _) => format!("so it is, for {}", super::counted(routes.len(), "route")),
            (count, value) => {
                let value = value.map_or_else(|| "not set".to_owned(), ToString::to_string);
                format!("{count} of {} routes have {member} {value}", routes.len())
            }
        };
        let facts = Facts::new(expected, actual).cite_some(cited.as_ref());
        let outcome = match routes.is_empty() {
            true => Outcome::NotApplicable("the stage serves no routes"),
            false => Outcome::holds(bare.is_empty(), facts),
        };
        bench.stage(scene, &stage.name, if bare.is_empty() { &routes } else { &bare }, outcome);
    }
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::json;

    fn with(settings: serde_json::Value) -> Kit {
        Kit::rest().route("GET /a", "NONE").route("POST /b", "NONE").stage(json!({ "methodSettings": settings }))
    }

    #[test]
    fn execution_logs() {
        table(
            "C1",
            vec![
                ("all", with(json!({ "*/*": { "loggingLevel": "ERROR" } })), Pass),
                ("OFF is off", with(json!({ "*/*": { "loggingLevel": "OFF" } })), Fail),
                ("one method is not all", with(json!({ "~1a/GET": { "loggingLevel": "INFO" } })), Fail),
                (
                    "one method was left out",
                    with(json!({ "*/*": { "loggingLevel": "INFO" }, "~1b/POST": { "loggingLevel": "OFF" } })),
                    Fail,
                ),
                ("denied", with(json!({})).denied("GetStages"), Unknown),
                ("HTTP has none", Kit::http().route("GET /a", "NONE"), NotApplicable),
            ],
        );
        let found = with(json!({ "*/*": { "loggingLevel": "INFO" }, "~1b/POST": { "loggingLevel": "OFF" } })).ask("C1");
        assert_eq!(found[0].route.as_ref().unwrap().others, ["POST /b"]);
        assert_eq!(found[0].evidence[0].pointer, "/item/0/methodSettings/~01b~1POST/loggingLevel");
    }

    #[test]
    fn access_logs() {
        let to = |arn: &str| {
            with(json!({})).stage(json!({ "accessLogSettings": { "destinationArn": arn, "format": "{}" } }))
        };
        table(
            "C2",
            vec![
                ("a log group", to("arn:aws:logs:eu-west-1:111122223333:log-group:shop"), Pass),
                (
                    "a Firehose stream",
                    to("arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-shop"),
                    Pass,
                ),
                ("empty", to(""), Fail),
                ("none", with(json!({})), Fail),
                ("none on HTTP", Kit::http().route("GET /a", "NONE"), Fail),
                ("denied", with(json!({})).denied("GetStages"), Unknown),
            ],
        );
    }

    #[test]
    fn tracing_and_metrics() {
        table(
            "C4",
            vec![
                ("on", with(json!({})).stage(json!({ "tracingEnabled": true })), Pass),
                ("off", with(json!({})).stage(json!({ "tracingEnabled": false })), Fail),
                ("denied", with(json!({})).denied("GetStages"), Unknown),
                ("HTTP", Kit::http().route("GET /a", "NONE"), NotApplicable),
            ],
        );
        table("C20", vec![
            ("on", with(json!({ "*/*": { "metricsEnabled": true } })), Pass),
            ("off", with(json!({})), Fail),
            ("HTTP", Kit::http().route("GET /a", "NONE").stage(json!({ "defaultRouteSettings": { "detailedMetricsEnabled": true } })), Pass),
            ("HTTP, one route is not", Kit::http().route("GET /a", "NONE").stage(json!({
                "defaultRouteSettings": { "detailedMetricsEnabled": true }, "routeSettings": { "GET /a": { "detailedMetricsEnabled": false } }
            })), Fail),
            ("denied", with(json!({})).denied("GetStages"), Unknown),
        ]);
    }
}
