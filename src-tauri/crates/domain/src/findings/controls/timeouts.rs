//! Backends: how long they are waited for, and over which wire they are reached.

use super::{OURS, or_unknown};
use crate::{
    api::ApiKind,
    audience::Audience,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, always},
        documents::Part,
        scene::ApiScene,
    },
    route::Route,
    route_class::RouteClass,
};

/// What API Gateway waits where nobody said otherwise, ms (REST; HTTP APIs 30,000).
const DEFAULT_MS: i32 = 29_000;

/// How long.
pub(in crate::findings) static TIMEOUT: Control = Control {
    id: "G17",
    title: "Login and checkout fail fast",
    scope: Scope::Route,
    severity: always!(Medium),
    why: "A customer who waits 29 seconds for a payment pays twice. A Lambda function that runs on is billed and books \
          after its client got a 504. More than 29 seconds was bought with a lower account throttle.",
    logic: "Per served route of the classes login, one-time code and checkout, or of audience checkout: fail when \
            timeoutInMillis is 29,000 or more, or not set. The functions' own timeouts are not read.",
    remedy: "Lower the timeout to what a person waits for; answer 202 for long work and let clients poll.",
    commands: &[
        "aws apigateway update-integration --rest-api-id {api} --resource-id {resource} --http-method {method} --patch-operations op=replace,path=/timeoutInMillis,value=10000 --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for route in scene.served() {
            let waits = matches!(route.class.class, RouteClass::Login | RouteClass::OneTimeCode | RouteClass::Checkout)
                || (route.audience.audience == Audience::Checkout && &*route.method != "GET");
            if !waits || route.integration.as_ref().is_some_and(|integration| integration.kind == "MOCK") {
                bench.route(scene, route, Outcome::NotApplicable("nobody waits at the till for it"));
                continue;
            }
            let outcome = integration(scene, route).map(|part| {
                let member = part.get("timeoutInMillis");
                let timeout = route.integration.as_ref().and_then(|integration| integration.timeout_ms);
                let actual = match timeout {
                    Some(ms) if ms > DEFAULT_MS && route.api_kind == ApiKind::Rest => {
                        format!("{ms} ms, bought with a lower limit of the account")
                    }
                    Some(ms) => format!("{ms} ms"),
                    None => format!("not set: {DEFAULT_MS} ms"),
                };
                Outcome::holds(
                    timeout.is_some_and(|ms| ms < DEFAULT_MS),
                    Facts::new(format!("less than {DEFAULT_MS} ms"), actual).cite(&member),
                )
            });
            bench.route(scene, route, or_unknown(outcome));
        }
    }),
};

/// Over which wire.
pub(in crate::findings) static PRIVATE_TLS: Control = Control {
    id: "C18",
    title: "Private integrations speak TLS",
    scope: Scope::Route,
    severity: always!(Medium),
    why: "Inside the VPC the wire is shared with everything else that runs there.",
    logic: "Per served route of an HTTP API whose integration goes through a VPC link: fail when the integration has no \
            tlsConfig. Not applicable to other integrations.",
    remedy: "Set the name that the backend's certificate must have.",
    commands: &[
        "aws apigatewayv2 update-integration --api-id {api} --integration-id INTEGRATION --tls-config ServerNameToVerify=backend.example.com --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &["APIGateway.10"], pci: &["4.2.1"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for route in scene.served() {
            let linked = route
                .integration
                .as_ref()
                .is_some_and(|integration| integration.connection_type.as_deref() == Some("VPC_LINK"));
            if route.api_kind == ApiKind::Rest || !linked {
                bench.route(scene, route, Outcome::NotApplicable("it goes through no VPC link of an HTTP API"));
                continue;
            }
            let outcome = integration(scene, route).map(|part| {
                let tls = part.get("tlsConfig");
                let actual = if tls.value().is_some() { "TLS" } else { "in the clear" };
                Outcome::holds(tls.value().is_some(), Facts::new("TLS to the backend", actual).cite(&tls))
            });
            bench.route(scene, route, or_unknown(outcome));
        }
    }),
};

/// Where a route's integration was read.
fn integration<'a>(scene: &ApiScene<'a>, route: &Route) -> Result<Part<'a>, String> {
    let part = scene.definition_part(route)?;
    if route.api_kind == ApiKind::Rest {
        return Ok(part.get("methodIntegration"));
    }
    let target = part.get("target");
    let id = target.text().and_then(|target| target.strip_prefix("integrations/"));
    id.and_then(|id| scene.documents.item("GetIntegrations", "integrationId", id))
        .ok_or_else(|| scene.unread("GetIntegrations"))
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    #[test]
    fn they_fail_fast() {
        let pay = |ms: Value| {
            Kit::rest().audience("checkout").method(
                "POST /payments",
                "CUSTOM",
                json!({ "methodIntegration": { "type": "AWS_PROXY", "timeoutInMillis": ms } }),
            )
        };
        table(
            "G17",
            vec![
                ("ten seconds", pay(json!(10_000)), Pass),
                ("the default", pay(json!(29_000)), Fail),
                ("not set", pay(json!(null)), Fail),
                ("the catalogue", Kit::rest().audience("public").route("GET /products", "NONE"), NotApplicable),
                ("denied", pay(json!(29_000)).denied("GetResources"), Unknown),
            ],
        );
    }

    #[test]
    fn private_integrations() {
        let linked = |tls: Value| {
            Kit::http()
                .method(
                    "GET /stock",
                    "AWS_IAM",
                    json!({ "methodIntegration": { "type": "HTTP_PROXY", "connectionType": "VPC_LINK" } }),
                )
                .answer(
                    "apigatewayv2:GetIntegrations",
                    "",
                    json!({ "items": [{ "integrationId": "i1", "connectionType": "VPC_LINK", "tlsConfig": tls }] }),
                )
        };
        table(
            "C18",
            vec![
                ("TLS", linked(json!({ "serverNameToVerify": "stock.example.com" })), Pass),
                ("in the clear", linked(json!(null)), Fail),
                ("no link", Kit::http().route("GET /a", "NONE"), NotApplicable),
                ("denied", linked(json!({})).denied("GetIntegrations"), Unknown),
            ],
        );
    }
}
