//! The certificate by which a backend recognises the gateway.

use super::{by_trail, or_unknown};
use crate::{
    api::ApiKind,
    findings::{
        assess::{About, Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, Severity, always},
    },
    route::Route,
};
use jiff::{Timestamp, ToSpan as _};

/// Presence.
pub(in crate::findings) static BACKEND: Control = Control {
    id: "C5",
    title: "HTTP backends can recognise the gateway",
    scope: Scope::Stage,
    severity: by_trail,
    why: "A backend on the internet that cannot tell the gateway from anybody else is open beside it. Scanners ask it of \
          Lambda functions too, which have no use for it.",
    logic: "Per stage of a REST API that serves a route with an HTTP or HTTP_PROXY integration on the internet: fail \
            when clientCertificateId is missing. Not applicable where every integration is AWS, Lambda, a mock or \
            through a VPC link.",
    remedy: "Generate a client certificate, let the backend require it, set it on the stage.",
    commands: &[
        "aws apigateway generate-client-certificate --region {region}",
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/clientCertificateId,value=CERTIFICATE_ID --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["APIGateway.2"],
        pci: &["4.2.1", "8.3.2"],
        prowler: &["apigateway_restapi_client_certificate_enabled"],
    },
    rule: Rule::Api(|scene, bench| {
        let http = |route: &&Route| {
            route.integration.as_ref().is_some_and(|integration| {
                matches!(integration.kind.as_str(), "HTTP" | "HTTP_PROXY")
                    && integration.connection_type.as_deref() != Some("VPC_LINK")
            })
        };
        for (stage, routes) in scene.stages() {
            let calling: Vec<&Route> = routes.iter().copied().filter(http).collect();
            let outcome = match (scene.inventory.api.kind, calling.is_empty()) {
                (ApiKind::Rest, false) => or_unknown(scene.stage_part(&stage.name).map(|part| {
                    let certificate = part.get("clientCertificateId");
                    let actual =
                        certificate.filled().map_or_else(|| "none".to_owned(), |id| format!("certificate {id}"));
                    Outcome::holds(
                        certificate.filled().is_some(),
                        Facts::new("a client certificate", actual).cite(&certificate),
                    )
                })),
                (ApiKind::Rest, true) => Outcome::NotApplicable("no integration calls an HTTP backend on the internet"),
                _ => Outcome::NotApplicable("only REST APIs have client certificates"),
            };
            bench.stage(scene, &stage.name, if calling.is_empty() { &routes } else { &calling }, outcome);
        }
    }),
};

/// Expiry.
pub(in crate::findings) static EXPIRY: Control = Control {
    id: "C6",
    title: "Client certificates are renewed before they end",
    scope: Scope::ClientCertificate,
    severity: always!(High),
    why: "On the day that it ends, every backend that requires it refuses the gateway.",
    logic: "Per client certificate: fail when expirationDate is less than 30 days away (certificate-days of the \
            policy).",
    remedy: "Generate a new certificate, let backends trust both, set it on the stages, delete the old one.",
    commands: &["aws apigateway generate-client-certificate --region {region}"],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["4.2.1.1"], prowler: &[] },
    rule: Rule::Account(|scene, bench| {
        let about = |id| About { id, label: id, routes: &[], api: None, stage: None };
        if !scene.documents.has("GetClientCertificates") {
            let outcome = Outcome::Unknown(scene.unread("GetClientCertificates"));
            return bench.other(scene.place, Scope::ClientCertificate, about("client certificates"), outcome);
        }
        for certificate in scene.documents.items("GetClientCertificates") {
            let Some(id) = certificate.get("clientCertificateId").text() else { continue };
            let part = certificate.get("expirationDate");
            let days = scene.policy.certificate_days;
            let outcome = match moment(&part) {
                None => Outcome::Unknown("its expiration date cannot be read".to_owned()),
                Some(end) => {
                    let left = (end.as_second() - scene.now.as_second()).div_euclid(86_400);
                    let expected = format!("at least {days} days left");
                    let actual =
                        if left < 0 { format!("it ended on {end}") } else { format!("{left} days, until {end}") };
                    let facts = Facts::new(expected, actual).cite(&part);
                    let facts = if left < 0 { facts.severity(Severity::Critical) } else { facts };
                    let soon = scene.now.checked_add((days * 24).hours()).is_ok_and(|limit| end < limit);
                    Outcome::holds(!soon, facts)
                }
            };
            // The routes of the stages that show it.
            let shows = |route: &&Route| {
                scene.apis.iter().any(|api| {
                    api.inventory.api.id == route.api_id
                        && api
                            .documents
                            .stage(&route.stage)
                            .is_some_and(|stage| stage.get("clientCertificateId").text() == Some(id))
                })
            };
            let routes: Vec<&Route> =
                scene.apis.iter().flat_map(super::super::scene::ApiScene::served).filter(shows).collect();
            let label = format!("client certificate {id}");
            bench.other(
                scene.place,
                Scope::ClientCertificate,
                About { id, label: &label, routes: &routes, api: None, stage: None },
                outcome,
            );
        }
    }),
};

/// A date of AWS: seconds since 1970 as API Gateway's version 1 writes it, or RFC 3339.
pub(super) fn moment(part: &crate::findings::documents::Part<'_>) -> Option<Timestamp> {
    if let Some(text) = part.text()
        && let Ok(at) = text.parse()
    {
        return Some(at);
    }
    #[expect(clippy::cast_possible_truncation, reason = "seconds of a date")]
    part.number().and_then(|seconds| Timestamp::from_second(seconds as i64).ok())
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::json;

    #[test]
    fn backends_recognise_the_gateway() {
        let http = || {
            Kit::rest().method(
                "GET /a",
                "NONE",
                json!({ "methodIntegration": { "type": "HTTP_PROXY", "uri": "https://orders.example.com" } }),
            )
        };
        table(
            "C5",
            vec![
                ("a certificate", http().stage(json!({ "clientCertificateId": "abc" })), Pass),
                ("none", http(), Fail),
                (
                    "Lambda has no use for it",
                    Kit::rest().method("GET /a", "NONE", json!({ "methodIntegration": { "type": "AWS_PROXY" } })),
                    NotApplicable,
                ),
                ("denied", http().denied("GetStages"), Unknown),
            ],
        );
    }

    #[test]
    fn certificates_end() {
        let ending = |date: serde_json::Value| {
            Kit::rest().account_answer(
                "apigateway:GetClientCertificates",
                "",
                json!({ "item": [{ "clientCertificateId": "abc", "expirationDate": date }] }),
            )
        };
        table(
            "C6",
            vec![
                ("in a year", ending(json!("2027-03-02T00:00:00Z")), Pass),
                ("in ten days, as a number", ending(json!(1_773_324_000)), Fail),
                ("over", ending(json!("2026-01-01T00:00:00Z")), Fail),
                ("a date that is none", ending(json!("soon")), Unknown),
                ("denied", Kit::rest().denied("GetClientCertificates"), Unknown),
            ],
        );
    }
}
