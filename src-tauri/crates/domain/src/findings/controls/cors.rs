//! Which websites may call with a visitor's browser.

use std::collections::BTreeSet;

use super::OURS;
use crate::{
    api::ApiKind,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Rule, Scope, Severity, always},
        documents::Part,
        scene::ApiScene,
    },
    route::{Drift, Route},
};

/// Origins.
pub(in crate::findings) static ORIGINS: Control = Control {
    id: "G15",
    title: "Only known websites may call from a browser",
    scope: Scope::Api,
    severity: always!(Medium),
    why: "With credentials allowed for every origin, any page that a customer visits acts in their name. A wildcard \
          without credentials still opens everything that is kept out by the network alone. An origin over http can be \
          forged by whoever holds the wire.",
    logic: "HTTP API, once: corsConfiguration.allowOrigins with *, http://…, https://* or null fails; high with \
            allowCredentials or http. REST API, per OPTIONS mock that answers Access-Control-Allow-Origin: the same on \
            the value it answers; and once per API on what the gateway responses DEFAULT_4XX, DEFAULT_5XX and the others \
            answer (GetGatewayResponses). Informational: a path without OPTIONS beside paths that have it. Not \
            applicable without CORS.",
    remedy: "List the websites' origins, each with https.",
    commands: &[
        "aws apigatewayv2 update-api --api-id {api} --cors-configuration AllowOrigins=https://shop.example.com --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| match scene.inventory.api.kind {
        ApiKind::Http => {
            let routes: Vec<&Route> = scene.served().collect();
            let outcome = match scene.documents.api() {
                None => Outcome::Unknown(scene.unread("GetApis")),
                Some(part) => http(&part.get("corsConfiguration")),
            };
            bench.api(scene, &routes, outcome);
        }
        ApiKind::WebSocket => bench.api(scene, &[], Outcome::NotApplicable("WebSocket APIs have no CORS")),
        ApiKind::Rest => {
            preflights(scene, bench);
            without_preflight(scene, bench);
            let routes: Vec<&Route> = scene.served().collect();
            bench.api(scene, &routes, gateway_responses(scene));
        }
    }),
};

fn http(cors: &Part<'_>) -> Outcome {
    if cors.value().is_none() {
        return Outcome::NotApplicable("CORS is not configured");
    }
    let origins = cors.get("allowOrigins");
    let names: Vec<&str> = origins.list().filter_map(|origin| origin.text()).collect();
    judge(&names, cors.get("allowCredentials").is_true(), &origins)
}

fn preflights(scene: &ApiScene<'_>, bench: &mut crate::findings::assess::Bench<'_>) {
    let options =
        scene.routes.iter().copied().filter(|route| &*route.method == "OPTIONS" && route.drift != Drift::Added);
    for route in options {
        let Ok(part) = scene.definition_part(route) else {
            bench.route(scene, route, Outcome::Unknown(scene.unread("GetResources")));
            continue;
        };
        let responses = part.get("methodIntegration").get("integrationResponses");
        let header = |name: &'static str| {
            responses.members().find_map(|(_, response)| {
                response
                    .get("responseParameters")
                    .members()
                    .find(|(key, _)| key.to_ascii_lowercase().ends_with(name))
                    .map(|(_, part)| part)
            })
        };
        let outcome = match header(".access-control-allow-origin") {
            None => Outcome::NotApplicable("it answers no Access-Control-Allow-Origin"),
            Some(origin) => {
                let value = origin.text().unwrap_or_default().trim_matches('\'').to_owned();
                let credentials = header(".access-control-allow-credentials").is_some_and(|part| {
                    part.text().unwrap_or_default().trim_matches('\'').eq_ignore_ascii_case("true")
                });
                judge(&[&value], credentials, &origin)
            }
        };
        bench.route(scene, route, outcome);
    }
}

/// Paths without a preflight beside paths that have one: browsers refuse to call them from another website.
fn without_preflight(scene: &ApiScene<'_>, bench: &mut crate::findings::assess::Bench<'_>) {
    for (_, routes) in scene.stages() {
        let Some(stage) = routes.first().map(|route| &route.stage) else { continue };
        let of_stage = scene.routes.iter().filter(|route| route.stage == *stage && route.drift != Drift::Added);
        let with: BTreeSet<&str> =
            of_stage.filter(|route| matches!(&*route.method, "OPTIONS" | "ANY")).map(|route| &*route.path).collect();
        let mut told = BTreeSet::new();
        for route in routes.iter().filter(|route| !with.contains(&*route.path)) {
            let sibling = with.iter().find(|path| parent(path) == parent(&route.path));
            let (Some(sibling), true) = (sibling, told.insert(&*route.path)) else { continue };
            let Ok(part) = scene.definition_part(route) else { continue };
            let actual = format!("{} has no OPTIONS method, {sibling} has", route.path);
            let facts =
                Facts::new("OPTIONS on every path that a browser calls, as on its siblings", actual).cite(&part);
            bench.route(scene, route, Outcome::Fail(facts.severity(Severity::Informational)));
        }
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// What the gateway answers by itself: a wildcard there opens every refusal and error to any page.
fn gateway_responses(scene: &ApiScene<'_>) -> Outcome {
    let Some(answer) = scene.account_documents.answer("GetGatewayResponses", Some(&scene.inventory.api.id)) else {
        return Outcome::Unknown(scene.unread("GetGatewayResponses"));
    };
    let (mut wrong, mut right, mut high) = (Vec::new(), Vec::new(), false);
    let items = answer.get("item");
    for response in items.list() {
        let header = |name: &str| {
            let wanted = format!("gatewayresponse.header.{name}");
            let parameters = response.get("responseParameters");
            parameters.members().find(|(key, _)| key.eq_ignore_ascii_case(&wanted)).map(|(_, part)| part)
        };
        let Some(origin) = header("Access-Control-Allow-Origin") else { continue };
        let value = origin.text().unwrap_or_default().trim_matches('\'').to_owned();
        let credentials = header("Access-Control-Allow-Credentials")
            .is_some_and(|part| part.text().unwrap_or_default().trim_matches('\'').eq_ignore_ascii_case("true"));
        let kind = response.get("responseType").text().unwrap_or_default();
        match judge(&[&value], credentials, &origin) {
            Outcome::Fail(facts) => {
                high |= facts.is(Severity::High);
                wrong.push((format!("{kind}: {}", facts.actual()), origin));
            }
            _ => right.push((format!("{kind}: {value}"), origin)),
        }
    }
    let expected = "a list of origins with https in gateway responses";
    let (told, fails) = if wrong.is_empty() { (&right, false) } else { (&wrong, true) };
    let Some((_, first)) = told.first() else {
        return Outcome::NotApplicable("no gateway response answers Access-Control-Allow-Origin");
    };
    let said: Vec<&str> = told.iter().map(|(said, _)| said.as_str()).collect();
    let facts = Facts::new(expected, said.join("; ")).cite(first);
    let facts = told.iter().skip(1).fold(facts, |facts, (_, part)| facts.cite(part));
    Outcome::holds(!fails, if high { facts.severity(Severity::High) } else { facts })
}

fn judge(origins: &[&str], credentials: bool, cited: &Part<'_>) -> Outcome {
    let wide: Vec<&str> =
        origins.iter().copied().filter(|origin| matches!(*origin, "*" | "https://*" | "http://*" | "null")).collect();
    let plain: Vec<&str> = origins.iter().copied().filter(|origin| origin.starts_with("http://")).collect();
    let mut said = Vec::new();
    if !wide.is_empty() {
        said.push(format!("{} is let in{}", wide.join(" and "), if credentials { ", with credentials" } else { "" }));
    }
    if !plain.is_empty() {
        said.push(format!("{} without TLS", plain.join(" and ")));
    }
    let actual = if said.is_empty() { origins.join(", ") } else { said.join("; ") };
    let facts = Facts::new("a list of origins with https", actual).cite(cited);
    let high = !plain.is_empty() || wide.contains(&"null") || (credentials && !wide.is_empty());
    Outcome::holds(said.is_empty(), if high { facts.severity(Severity::High) } else { facts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn preflight(origin: &str, credentials: bool) -> Kit {
        let mut parameters = json!({ "method.response.header.Access-Control-Allow-Origin": format!("'{origin}'") });
        if credentials {
            parameters["method.response.header.Access-Control-Allow-Credentials"] = "'true'".into();
        }
        let read = Kit::rest().account_answer("apigateway:GetGatewayResponses", "api0000001", json!({ "item": [] }));
        read.method("OPTIONS /checkout", "NONE", json!({ "methodIntegration": { "type": "MOCK", "integrationResponses": { "200": { "responseParameters": parameters } } } }))
    }

    fn answering(kind: &str, origin: &str, credentials: &str) -> Kit {
        let parameters = json!({
            "gatewayresponse.header.Access-Control-Allow-Origin": format!("'{origin}'"),
            "gatewayresponse.header.Access-Control-Allow-Credentials": format!("'{credentials}'")
        });
        let item = json!([{ "responseType": "THROTTLED" }, { "responseType": kind, "responseParameters": parameters }]);
        Kit::rest().route("GET /a", "NONE").account_answer(
            "apigateway:GetGatewayResponses",
            "api0000001",
            json!({ "item": item }),
        )
    }

    #[test]
    fn what_the_gateway_answers_by_itself() {
        table(
            "G15",
            vec![
                ("everybody sees errors", answering("DEFAULT_4XX", "*", "false"), Fail),
                ("everybody sees failures", answering("DEFAULT_5XX", "*", "false"), Fail),
                ("one website", answering("DEFAULT_4XX", "https://shop.example.com", "true"), Pass),
                ("without TLS", answering("DEFAULT_4XX", "http://shop.example.com", "false"), Fail),
                ("not read", Kit::rest().route("GET /a", "NONE"), Unknown),
            ],
        );
        let severity = |kit: Kit| kit.ask("G15")[0].severity;
        assert_eq!(severity(answering("DEFAULT_4XX", "*", "false")), Severity::Medium);
        assert_eq!(severity(answering("DEFAULT_4XX", "*", "true")), Severity::High);
        let told = &answering("DEFAULT_4XX", "*", "true").ask("G15")[0];
        assert_eq!(told.actual, "DEFAULT_4XX: * is let in, with credentials");
        assert_eq!(told.evidence[0].call, "apigateway:GetGatewayResponses");
    }

    #[test]
    fn a_path_without_a_preflight_beside_one_that_has_it_is_told() {
        let beside = |path: &str| preflight("https://shop.example.com", false).route(&format!("GET {path}"), "NONE");
        let told = |kit: Kit| -> Vec<(Severity, String)> {
            let failing = kit.ask("G15").into_iter().filter(|finding| finding.verdict == Fail);
            failing.map(|finding| (finding.severity, finding.actual)).collect()
        };
        assert_eq!(
            told(beside("/cart")),
            [(Severity::Informational, "/cart has no OPTIONS method, /checkout has".to_owned())]
        );
        assert_eq!(told(beside("/checkout")), [], "it has one");
        assert_eq!(told(beside("/v1/cart")), [], "no sibling");
    }

    fn http(cors: Value) -> Kit {
        Kit::http().route("GET /a", "JWT").api(json!({ "corsConfiguration": cors }))
    }

    #[test]
    fn origins() {
        table(
            "G15",
            vec![
                ("a list", http(json!({ "allowOrigins": ["https://shop.example.com"] })), Pass),
                ("everybody", http(json!({ "allowOrigins": ["*"] })), Fail),
                ("every secure origin", http(json!({ "allowOrigins": ["https://*"], "allowCredentials": true })), Fail),
                ("no CORS", Kit::http().route("GET /a", "JWT"), NotApplicable),
                ("denied", http(json!({ "allowOrigins": ["*"] })).denied("GetApis"), Unknown),
                ("REST, a list", preflight("https://shop.example.com", true), Pass),
                ("REST, everybody", preflight("*", false), Fail),
                ("REST, over http", preflight("http://shop.example.com", false), Fail),
                ("REST, denied", preflight("*", false).denied("GetResources"), Unknown),
            ],
        );
        let severity = |kit: Kit| kit.ask("G15")[0].severity;
        assert_eq!(severity(preflight("*", false)), Severity::Medium);
        assert_eq!(severity(preflight("*", true)), Severity::High);
        assert_eq!(severity(http(json!({ "allowOrigins": ["https://*"], "allowCredentials": true }))), Severity::High);
    }
}
