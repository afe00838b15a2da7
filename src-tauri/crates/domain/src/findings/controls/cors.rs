//! Which websites may call with a visitor's browser.

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
            the value it answers. Not applicable without CORS. Gateway responses are not read.",
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
        ApiKind::Rest => preflights(scene, bench),
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
        Kit::rest().method("OPTIONS /checkout", "NONE", json!({ "methodIntegration": { "type": "MOCK", "integrationResponses": { "200": { "responseParameters": parameters } } } }))
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
