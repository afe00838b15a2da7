//! Whether requests are looked at before the backend sees them.

use super::{OURS, counted, or_unknown};
use crate::{
    api::ApiKind,
    audience::Audience,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, Severity},
    },
    route::Route,
};

/// Validators anywhere.
pub(in crate::findings) static VALIDATORS: Control = Control {
    id: "C16",
    title: "Methods have request validators",
    scope: Scope::Stage,
    severity: |_| Severity::Low,
    why: "What the gateway refuses costs nothing and hurts nobody. One validator that an API owns and no method uses \
          satisfies a scanner and validates nothing.",
    logic: "Per stage of a REST API: fail when served methods with a body or with a path or query parameter have no \
            requestValidatorId; the finding names them. Writing methods are judged one by one, and harder, by G16. \
            HTTP and WebSocket APIs cannot validate.",
    remedy: "Attach a validator for parameters.",
    commands: &[
        "aws apigateway update-method --rest-api-id {api} --resource-id {resource} --http-method {method} --patch-operations op=replace,path=/requestValidatorId,value=VALIDATOR --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["6.2.4"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            if scene.inventory.api.kind != ApiKind::Rest {
                bench.stage(scene, &stage.name, &routes, Outcome::NotApplicable("only REST APIs validate requests"));
                continue;
            }
            let reading: Vec<&Route> = routes
                .iter()
                .copied()
                .filter(|route| !writes(route) && route.resource_id.is_some())
                .filter(|route| {
                    let declared = scene.documents.method(&route.path, &route.method);
                    route.path.contains('{')
                        || declared.is_some_and(|part| part.get("requestParameters").members().next().is_some())
                })
                .collect();
            let bare: Vec<&Route> = reading.iter().copied().filter(|route| route.validator.is_none()).collect();
            let outcome = match bare.first().or(reading.first()) {
                None => Outcome::NotApplicable("no reading method takes parameters"),
                Some(first) => or_unknown(scene.definition_part(first).map(|part| {
                    let actual = format!("{} of {} have none", bare.len(), counted(reading.len(), "method"));
                    Outcome::holds(
                        bare.is_empty(),
                        Facts::new("a validator on methods that take parameters", actual)
                            .cite(&part.get("requestValidatorId")),
                    )
                })),
            };
            bench.stage(scene, &stage.name, if bare.is_empty() { &routes } else { &bare }, outcome);
        }
    }),
};

/// Bodies.
pub(in crate::findings) static BODIES: Control = Control {
    id: "G16",
    title: "Bodies that change something are validated",
    scope: Scope::Route,
    severity: |audience| if audience == Audience::Checkout { Severity::High } else { Severity::Medium },
    why: "A payment whose body nobody checked reaches the payment service as whatever the sender made it.",
    logic: "Per served POST, PUT or PATCH of a REST API whose audience is not internal: fail without \
            requestValidatorId, when the validator has validateRequestBody false, or when the method names no request \
            model, which is one step less severe. HTTP and WebSocket APIs cannot validate and do not apply.",
    remedy: "Give the method a model and a validator that checks bodies, then deploy.",
    commands: VALIDATORS.commands,
    operation: None,
    mappings: Mappings { security_hub: OURS.security_hub, pci: &["6.2.4"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for route in scene.served() {
            if route.api_kind != ApiKind::Rest || !writes(route) || route.audience.audience == Audience::Internal {
                bench.route(scene, route, Outcome::NotApplicable("it takes no body that the gateway could check"));
                continue;
            }
            let outcome = scene.definition_part(route).and_then(|part| {
                let member = part.get("requestValidatorId");
                let expected = "a validator that checks the body against a model";
                let Some(id) = member.filled() else {
                    return Ok(Outcome::Fail(Facts::new(expected, "no validator").cite(&member)));
                };
                let validator = scene
                    .documents
                    .item("GetRequestValidators", "id", id)
                    .ok_or_else(|| scene.unread("GetRequestValidators"))?;
                let body = validator.get("validateRequestBody");
                let models = part.get("requestModels");
                let modelled = models.members().next().is_some();
                let actual = match (body.is_true(), modelled) {
                    (false, _) => "the validator leaves the body alone",
                    (true, false) => "the method names no model: any JSON passes",
                    (true, true) => "validated",
                };
                let facts = Facts::new(expected, actual).cite(&body).cite(&models);
                // Half of the work is done: the validator waits for a model.
                let lower =
                    if route.audience.audience == Audience::Checkout { Severity::Medium } else { Severity::Low };
                let facts = if body.is_true() { facts.severity(lower) } else { facts };
                Ok(Outcome::holds(body.is_true() && modelled, facts))
            });
            bench.route(scene, route, or_unknown(outcome));
        }
    }),
};

fn writes(route: &Route) -> bool {
    matches!(&*route.method, "POST" | "PUT" | "PATCH")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn validators(body: bool) -> Value {
        json!({ "item": [{ "id": "v1", "name": "all", "validateRequestBody": body, "validateRequestParameters": true }] })
    }

    #[test]
    fn bodies() {
        let with = |body: bool, method: Value| {
            Kit::rest().audience("checkout").method("POST /pay", "CUSTOM", method).answer(
                "apigateway:GetRequestValidators",
                "",
                validators(body),
            )
        };
        let full = || json!({ "requestValidatorId": "v1", "requestModels": { "application/json": "Payment" } });
        table(
            "G16",
            vec![
                ("validated", with(true, full()), Pass),
                ("no validator", with(true, json!({})), Fail),
                ("parameters only", with(false, full()), Fail),
                ("no model", with(true, json!({ "requestValidatorId": "v1" })), Fail),
                ("the validators were denied", with(true, full()).denied("GetRequestValidators"), Unknown),
                ("reads", Kit::rest().route("GET /a", "NONE"), NotApplicable),
                ("HTTP cannot", Kit::http().route("POST /a", "JWT"), NotApplicable),
            ],
        );
        assert_eq!(with(true, json!({})).ask("G16")[0].severity, Severity::High);
    }

    #[test]
    fn parameters() {
        let get = |more: Value| {
            Kit::rest().method("GET /orders/{id}", "CUSTOM", more).answer(
                "apigateway:GetRequestValidators",
                "",
                validators(true),
            )
        };
        table(
            "C16",
            vec![
                ("a validator", get(json!({ "requestValidatorId": "v1" })), Pass),
                ("none", get(json!({})), Fail),
                ("nothing to check", Kit::rest().route("GET /orders", "CUSTOM"), NotApplicable),
                ("denied", get(json!({})).denied("GetResources"), Unknown),
            ],
        );
    }
}
