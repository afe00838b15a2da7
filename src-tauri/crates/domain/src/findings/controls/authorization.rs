//! Who may call: every method and route is judged by itself, never its API. An authorizer that is defined and attached
//! to nothing guards nothing, and routes signed with IAM need none.

use super::{OURS, or_unknown};
use crate::{
    api::{ApiKind, EndpointType},
    audience::Audience,
    findings::{
        assess::{Bench, Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, Severity, always},
        documents::Part,
        scene::ApiScene,
    },
    route::Route,
};

/// Open routes of HTTP APIs whose audience has no rule of its own.
pub(in crate::findings) static HTTP_ROUTES: Control = Control {
    id: "C11",
    title: "HTTP API routes ask who is calling",
    scope: Scope::Route,
    severity: open_severity,
    why: "A route without authorization serves everybody who finds it. Where the audience is public that is meant; \
          where nobody has said whose the route is, it is more often forgotten.",
    logic: "Per route of an HTTP or WebSocket API ($connect): pass when authorizationType is AWS_IAM, CUSTOM or JWT, \
            and when it is NONE and the audience is public or the route is a webhook or where people sign in. Fail for \
            NONE on any other route. Routes of admin, internal, customer, checkout and partner audiences are judged by \
            G1.",
    remedy: "Attach an authorizer to the route, or say that the route is public.",
    commands: &[
        "aws apigatewayv2 update-route --api-id {api} --route-id {resource} --authorization-type JWT --authorizer-id AUTHORIZER --region {region}",
    ],
    operation: Some("audience_override_set"),
    mappings: Mappings {
        security_hub: &["APIGateway.8"],
        pci: &["7.2.1", "7.2.2", "8.2.1"],
        prowler: &["apigatewayv2_api_authorizers_enabled"],
    },
    rule: Rule::Api(|scene, bench| {
        if scene.inventory.api.kind != ApiKind::Rest {
            open_routes(scene, bench);
        }
    }),
};

/// The same of REST APIs, for which AWS has no control at all.
pub(in crate::findings) static REST_METHODS: Control = Control {
    id: "C12",
    title: "REST API methods ask who is calling",
    scope: Scope::Route,
    severity: open_severity,
    why: "AWS Security Hub has no control for methods of REST APIs, and scanners pass an API as soon as it has any \
          authorizer, attached or not.",
    logic: "Per method that a stage serves, CORS preflights left out: pass when authorizationType is not NONE, and \
            when it is NONE and the audience is public or the route is a webhook or where people sign in. Fail for \
            NONE on any other route. Routes of admin, internal, customer, checkout and partner audiences are judged by \
            G1.",
    remedy: "Attach an authorizer to the method and deploy, or say that the route is public.",
    commands: &[
        "aws apigateway update-method --rest-api-id {api} --resource-id {resource} --http-method {method} --patch-operations op=replace,path=/authorizationType,value=AWS_IAM --region {region}",
        "aws apigateway create-deployment --rest-api-id {api} --stage-name {stage} --region {region}",
    ],
    operation: Some("audience_override_set"),
    mappings: Mappings {
        security_hub: &[],
        pci: &["7.2.1", "7.2.2", "8.2.1"],
        prowler: &["apigateway_restapi_authorizers_enabled", "apigateway_restapi_public_with_authorizer"],
    },
    rule: Rule::Api(|scene, bench| {
        if scene.inventory.api.kind == ApiKind::Rest {
            open_routes(scene, bench);
        }
    }),
};

fn open_severity(audience: Audience) -> Severity {
    if audience == Audience::Unclassified { Severity::Medium } else { Severity::Low }
}

fn open_routes(scene: &ApiScene<'_>, bench: &mut Bench<'_>) {
    for route in asked(scene) {
        let outcome = match route.audience.audience {
            Audience::Admin | Audience::Internal | Audience::Customer | Audience::Checkout | Audience::Partner
                if is_open(route) && !may_be_open(route) =>
            {
                Outcome::NotApplicable("G1 judges it by its audience")
            }
            _ => judged(scene, route, |facts| Outcome::holds(!is_open(route) || may_be_open(route), facts), open_words),
        };
        bench.route(scene, route, outcome);
    }
}

/// Every audience gets the guard that its blast radius asks for.
pub(in crate::findings) static AUDIENCE: Control = Control {
    id: "G1",
    title: "The guard fits the audience",
    scope: Scope::Route,
    severity: |audience| match audience {
        Audience::Admin | Audience::Internal => Severity::Critical,
        _ => Severity::High,
    },
    why: "Refunds, price overrides and other people's orders are a request away from anybody when a route of theirs \
          asks for nothing. An API key is no guard: AWS says not to use one for authentication.",
    logic: "Per route that a stage serves. Admin, internal: fail when authorizationType is NONE, with or without an API \
            key. Customer, checkout: fail when NONE, except where people sign in, sign up or get a code. Partner: fail \
            when NONE and neither an API key nor mutual TLS on a custom domain stands before it. A health check that \
            tells nothing passes. Public, webhook, unclassified: not judged here.",
    remedy: "Attach an authorizer that fits the audience, then deploy. Close the route in the web ACL until then.",
    commands: &[
        "aws apigateway update-method --rest-api-id {api} --resource-id {resource} --http-method {method} --patch-operations op=replace,path=/authorizationType,value=CUSTOM op=replace,path=/authorizerId,value=AUTHORIZER --region {region}",
        "aws apigateway create-deployment --rest-api-id {api} --stage-name {stage} --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["APIGateway.8"],
        pci: &["7.2.1", "7.2.2", "7.2.5", "8.2.1"],
        prowler: &["apigateway_restapi_authorizers_enabled", "apigatewayv2_api_authorizers_enabled"],
    },
    rule: Rule::Api(|scene, bench| {
        for route in asked(scene) {
            let key = route.guard.api_key_required;
            let fails = is_open(route)
                && match route.audience.audience {
                    Audience::Admin | Audience::Internal => !is_health(route),
                    Audience::Customer | Audience::Checkout => !may_be_open(route),
                    Audience::Partner => !key && !is_health(route) && !behind_mutual_tls(scene, route),
                    _ => {
                        bench.route(scene, route, Outcome::NotApplicable("its audience may come without a login"));
                        continue;
                    }
                };
            bench.route(scene, route, judged(scene, route, |facts| Outcome::holds(!fails, facts), audience_words));
        }
    }),
};

/// A key instead of a guard.
pub(in crate::findings) static KEY_ONLY: Control = Control {
    id: "G2",
    title: "An API key is not the only guard",
    scope: Scope::Route,
    severity: always!(High),
    why: "API keys say whose quota is used. They travel in headers and logs, open every API of their plan and never \
          expire; AWS: do not use API keys for authentication or authorization. Scanners take them for a guard.",
    logic: "Per route that a stage serves: fail when authorizationType is NONE, an API key is required and the \
            audience is not public. Pass with any other authorizationType. Admin and internal routes are judged by G1; \
            a route without a key is not judged here.",
    remedy: "Keep the key for the plan and attach an authorizer beside it.",
    commands: AUDIENCE.commands,
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for route in asked(scene).filter(|route| route.guard.api_key_required) {
            let outcome = match route.audience.audience {
                Audience::Admin | Audience::Internal if is_open(route) => {
                    Outcome::NotApplicable("G1 judges it by its audience")
                }
                Audience::Public if is_open(route) => Outcome::NotApplicable("a public route may be metered by a key"),
                _ => judged(
                    scene,
                    route,
                    |facts| Outcome::holds(!is_open(route), facts),
                    |route| ("authorization beside the API key".to_owned(), guard_words(route)),
                ),
            };
            bench.route(scene, route, outcome);
        }
    }),
};

/// The network is not an identity.
pub(in crate::findings) static PRIVATE: Control = Control {
    id: "G3",
    title: "A private API asks who is calling",
    scope: Scope::Stage,
    severity: always!(High),
    why: "A private endpoint says where a request comes from, not who sends it. Whatever runs in the VPC, a compromised \
          container included, calls it.",
    logic: "Per stage of an API whose endpoint type is PRIVATE: fail when any method that is no CORS preflight and no \
            health check has authorizationType NONE; the finding names them. Not applicable to other endpoint types.",
    remedy: "Sign callers with IAM (AWS_IAM) or attach an authorizer.",
    commands: REST_METHODS.commands,
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        let private = scene.inventory.api.endpoint_type == EndpointType::Private;
        for (stage, routes) in scene.stages() {
            if !private {
                bench.stage(scene, &stage.name, &routes, Outcome::NotApplicable("the endpoint is not private"));
                continue;
            }
            let open: Vec<&Route> =
                routes.iter().copied().filter(|route| is_open(route) && !is_health(route)).collect();
            let named = if open.is_empty() { &routes } else { &open };
            let outcome = or_unknown(match named.first() {
                None => Ok(Outcome::NotApplicable("the stage serves no methods")),
                Some(first) => scene.guard_part(first).map(|part| {
                    let actual = match open.len() {
                        0 => format!("every one of {} methods asks", routes.len()),
                        count => format!("{count} of {} methods ask nobody", routes.len()),
                    };
                    let facts =
                        Facts::new("authorization on every method", actual).cite(&part.get("authorizationType"));
                    Outcome::holds(open.is_empty(), facts)
                }),
            });
            bench.stage(scene, &stage.name, named, outcome);
        }
    }),
};

/// Routes at which somebody can be asked: a WebSocket API asks at `$connect`.
fn asked<'a>(scene: &ApiScene<'a>) -> impl Iterator<Item = &'a Route> {
    let websocket = scene.inventory.api.kind == ApiKind::WebSocket;
    scene.served().filter(move |route| !websocket || &*route.path == "$connect")
}

fn is_open(route: &Route) -> bool {
    &*route.guard.authorization_type == "NONE"
}

fn is_health(route: &Route) -> bool {
    route.class.class == crate::route_class::RouteClass::Health
}

/// Nobody has logged in yet where people log in; a webhook cannot; a public route need not.
fn may_be_open(route: &Route) -> bool {
    use crate::route_class::RouteClass::{Health, Login, OneTimeCode, PasswordReset, SignUp, Webhook};
    matches!(route.audience.audience, Audience::Public | Audience::Webhook)
        || matches!(route.class.class, Health | Login | OneTimeCode | PasswordReset | SignUp | Webhook)
}

fn behind_mutual_tls(scene: &ApiScene<'_>, route: &Route) -> bool {
    let domains: Vec<&str> = super::domains::of_stage(scene, &route.stage).collect();
    let guarded = |name: &&str| super::domains::has_mutual_tls(scene.account_documents, name);
    scene.inventory.api.execute_api_disabled && !domains.is_empty() && domains.iter().all(guarded)
}

fn guard_words(route: &Route) -> String {
    let key = if route.guard.api_key_required { "an API key" } else { "no API key" };
    format!("authorizationType {}, {key} required", route.guard.authorization_type)
}

fn open_words(route: &Route) -> (String, String) {
    let expected = match may_be_open(route) {
        true => format!(
            "anything: it may be open, since its audience is {} and it is {}",
            route.audience.audience.name(),
            route.class.class.name()
        ),
        false => "authorization, or an audience that may come without".to_owned(),
    };
    (expected, guard_words(route))
}

fn audience_words(route: &Route) -> (String, String) {
    let expected = match route.audience.audience {
        Audience::Partner => "an authorizer, or at least an API key or mutual TLS, for partner",
        Audience::Admin => "authorization of staff for admin",
        Audience::Internal => "IAM or an authorizer for internal",
        Audience::Checkout => "a customer's token for checkout",
        _ => "a customer's token for customer",
    };
    (expected.to_owned(), guard_words(route))
}

fn judged(
    scene: &ApiScene<'_>,
    route: &Route,
    outcome: impl FnOnce(Facts) -> Outcome,
    words: fn(&Route) -> (String, String),
) -> Outcome {
    or_unknown(scene.guard_part(route).map(|part: Part<'_>| {
        let (expected, actual) = words(route);
        let facts = Facts::new(expected, actual).cite(&part.get("authorizationType")).cite(&part.get("apiKeyRequired"));
        outcome(facts)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{
        finding::Verdict::{self, Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::json;

    fn keyed() -> serde_json::Value {
        json!({ "apiKeyRequired": true })
    }

    #[test]
    fn http_routes_ask() {
        let http = |audience: &str| Kit::http().audience(audience);
        table(
            "C11",
            vec![
                ("a token", http("unclassified").route("GET /things", "JWT"), Pass),
                ("IAM without any authorizer", http("unclassified").route("GET /things", "AWS_IAM"), Pass),
                ("nobody said whose it is", Kit::http().route("GET /things-7", "NONE"), Fail),
                ("public by its tag", http("public").route("GET /things", "NONE"), Pass),
                ("admin is G1's", http("admin").route("GET /things", "NONE"), NotApplicable),
                ("the routes were denied", Kit::http().route("GET /things-7", "NONE").denied("GetRoutes"), Unknown),
                ("REST is C12's", Kit::rest().route("GET /things-7", "NONE"), NotApplicable),
            ],
        );
    }

    #[test]
    fn rest_methods_ask() {
        table(
            "C12",
            vec![
                ("IAM", Kit::rest().route("GET /things-7", "AWS_IAM"), Pass),
                ("open, nobody said whose", Kit::rest().route("GET /things-7", "NONE"), Fail),
                (
                    "an authorizer that is attached to nothing does not help",
                    Kit::rest().route("GET /things-7", "NONE").answer(
                        "apigateway:GetAuthorizers",
                        "",
                        json!({ "item": [{ "id": "a", "name": "unused" }] }),
                    ),
                    Fail,
                ),
                (
                    "preflights are left out",
                    Kit::rest().method("OPTIONS /things-7", "NONE", json!({ "methodIntegration": { "type": "MOCK" } })),
                    NotApplicable,
                ),
                (
                    "the resources were denied",
                    Kit::rest().route("GET /things-7", "NONE").denied("GetResources"),
                    Unknown,
                ),
            ],
        );
    }

    #[test]
    fn the_guard_fits_the_audience() {
        let rest = |audience: &str| Kit::rest().audience(audience);
        table(
            "G1",
            vec![
                ("admin, open", rest("admin").route("POST /refunds", "NONE"), Fail),
                ("admin, a key alone", rest("admin").method("POST /refunds", "NONE", keyed()), Fail),
                ("admin, an authorizer", rest("admin").route("POST /refunds", "CUSTOM"), Pass),
                ("checkout, open", rest("checkout").route("POST /pay", "NONE"), Fail),
                ("customers log in without a token", rest("customer").route("POST /login", "NONE"), Pass),
                ("a partner's key is a guard of sorts", rest("partner").method("GET /claims", "NONE", keyed()), Pass),
                ("a partner, open", rest("partner").route("GET /claims", "NONE"), Fail),
                ("public may be open", rest("public").route("GET /products", "NONE"), NotApplicable),
                ("denied", rest("admin").route("POST /refunds", "NONE").denied("GetResources"), Unknown),
            ],
        );
    }

    #[test]
    fn a_partner_behind_mutual_tls_alone_passes() {
        let domains = |trust: serde_json::Value| {
            Kit::rest()
                .audience("partner")
                .route("GET /claims", "NONE")
                .api(json!({ "disableExecuteApiEndpoint": true }))
                .domain("partners.example.com")
                .account_answer(
                    "apigateway:GetDomainNames",
                    "",
                    json!({ "item": [{ "domainName": "partners.example.com", "mutualTlsAuthentication": trust }] }),
                )
        };
        assert_eq!(domains(json!({ "truststoreUri": "s3://trust/ca.pem" })).verdict("G1"), Pass);
        assert_eq!(domains(json!(null)).verdict("G1"), Fail);
    }

    #[test]
    fn severity_follows_the_audience() {
        let of = |audience: &str| Kit::rest().audience(audience).route("POST /things", "NONE").ask("G1")[0].severity;
        assert_eq!(of("admin"), Severity::Critical);
        assert_eq!(of("checkout"), Severity::High);
    }

    #[test]
    fn a_key_is_no_guard() {
        table(
            "G2",
            vec![
                ("a key alone", Kit::rest().audience("partner").method("GET /x", "NONE", keyed()), Fail),
                ("a key and an authorizer", Kit::rest().audience("partner").method("GET /x", "CUSTOM", keyed()), Pass),
                ("no key at all", Kit::rest().audience("partner").route("GET /x", "NONE"), NotApplicable),
                ("public is metered", Kit::rest().audience("public").method("GET /x", "NONE", keyed()), NotApplicable),
                (
                    "denied",
                    Kit::rest().audience("partner").method("GET /x", "NONE", keyed()).denied("GetResources"),
                    Unknown,
                ),
            ],
        );
    }

    #[test]
    fn where_from_is_not_who() {
        let rows: Vec<(&str, Kit, Verdict)> = vec![
            ("open", Kit::rest().private().route("GET /reports", "NONE"), Fail),
            ("signed", Kit::rest().private().route("GET /reports", "AWS_IAM"), Pass),
            ("not private", Kit::rest().route("GET /reports", "NONE"), NotApplicable),
            ("denied", Kit::rest().private().route("GET /reports", "NONE").denied("GetResources"), Unknown),
        ];
        table("G3", rows);
        let found = Kit::rest().private().route("GET /a", "NONE").route("GET /b", "AWS_IAM").ask("G3");
        let route = found[0].route.as_ref().unwrap();
        assert_eq!((route.count, route.path.as_str()), (1, "/a"));
    }
}
