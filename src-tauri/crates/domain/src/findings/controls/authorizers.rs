//! How authorizers decide: how long a decision is kept, and what they look at first.

use super::OURS;
use crate::{
    audience::Audience,
    findings::{
        assess::{About, Bench, Facts, Outcome},
        control::{Control, Rule, Scope, Severity, always},
        documents::Part,
        scene::ApiScene,
    },
    route::Route,
};

/// Cached decisions.
pub(in crate::findings) static TTL: Control = Control {
    id: "G18",
    title: "Authorizer decisions are kept neither too short nor too long",
    scope: Scope::Authorizer,
    severity: always!(Medium),
    why: "Kept for an hour, a decision lets a revoked token in for an hour. Not kept at all, every request pays for the \
          authorizer again and waits for it.",
    logic: "Per authorizer that served routes use: fail when authorizerResultTtlInSeconds is 0 on a REST API's Lambda \
            authorizer, or above 900 while a checkout or admin route uses it. 300 where nobody set it. JWT and IAM keep \
            nothing and do not apply.",
    remedy: "Set a TTL between 60 and 900 seconds; on checkout and admin the shorter end.",
    commands: &[
        "aws apigateway update-authorizer --rest-api-id {api} --authorizer-id {id} --patch-operations op=replace,path=/authorizerResultTtlInSeconds,value=300 --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        each(scene, bench, |part, routes, kind| {
            if !matches!(kind, "TOKEN" | "REQUEST" | "COGNITO_USER_POOLS") {
                return Outcome::NotApplicable("it keeps no decisions");
            }
            let member = part.get("authorizerResultTtlInSeconds");
            // HTTP APIs keep nothing unless somebody says so; REST APIs keep 300 seconds.
            let rest = part.get("authorizerId").value().is_none();
            let seconds = member.number().unwrap_or(if rest { 300.0 } else { 0.0 });
            #[expect(clippy::cast_precision_loss, reason = "seconds of a setting")]
            let most = scene.policy.authorizer_ttl_seconds as f64;
            let guarded =
                routes.iter().any(|route| matches!(route.audience.audience, Audience::Checkout | Audience::Admin));
            let facts = Facts::new(format!("decisions kept for 1 to {most} seconds"), format!("{seconds} seconds"))
                .cite(&member);
            let fails = (seconds == 0.0 && rest && kind != "COGNITO_USER_POOLS") || (seconds > most && guarded);
            Outcome::holds(!fails, facts)
        });
    }),
};

/// What is looked at before the authorizer is asked.
pub(in crate::findings) static IDENTITY: Control = Control {
    id: "G19",
    title: "Authorizers look at what they are shown",
    scope: Scope::Authorizer,
    severity: |audience| if audience == Audience::Admin { Severity::High } else { Severity::Medium },
    why: "A JWT authorizer without an audience lets in tokens that were issued for another application. A token \
          authorizer without a pattern is asked, and paid, for every piece of rubbish.",
    logic: "Per authorizer that served routes use: fail for TOKEN without identityValidationExpression, for JWT with an \
            empty audience, and for JWT and Cognito when an admin route that uses it has no scopes. REQUEST passes.",
    remedy: "Set a pattern, the audience, and scopes on admin routes.",
    commands: &[
        "aws apigateway update-authorizer --rest-api-id {api} --authorizer-id {id} --patch-operations op=replace,path=/identityValidationExpression,value=PATTERN --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        each(scene, bench, |part, routes, kind| {
            let bare: Vec<&&Route> = routes
                .iter()
                .filter(|route| route.audience.audience == Audience::Admin && route.guard.scopes.is_empty())
                .collect();
            match kind {
                "TOKEN" => {
                    let pattern = part.get("identityValidationExpression");
                    let actual = pattern.filled().map_or_else(|| "none".to_owned(), str::to_owned);
                    Outcome::holds(
                        pattern.filled().is_some(),
                        Facts::new("a pattern that tokens must match", actual).cite(&pattern),
                    )
                }
                "JWT" => {
                    let audience = part.get("jwtConfiguration").get("audience");
                    let count = audience.list().count();
                    let facts = |expected: &str, actual: String| Facts::new(expected, actual).cite(&audience);
                    match (count, bare.first()) {
                        (0, _) => Outcome::Fail(facts(
                            "the audience that tokens are issued for",
                            "none: any application's token is let in".to_owned(),
                        )),
                        (_, Some(route)) => Outcome::Fail(facts(
                            "scopes on admin routes",
                            format!("{} {} asks for none", route.method, route.path),
                        )),
                        _ => Outcome::Pass(facts(
                            "the audience that tokens are issued for",
                            format!("{count} audiences"),
                        )),
                    }
                }
                "COGNITO_USER_POOLS" => {
                    let cited = part.get("providerARNs");
                    match bare.first() {
                        Some(route) => Outcome::Fail(
                            Facts::new(
                                "scopes on admin routes",
                                format!("{} {} asks for none", route.method, route.path),
                            )
                            .cite(&cited),
                        ),
                        None => {
                            Outcome::Pass(Facts::new("scopes on admin routes", "there are none without").cite(&cited))
                        }
                    }
                }
                _ => Outcome::Pass(
                    Facts::new("sources of identity", "the whole request is shown").cite(&part.get("identitySource")),
                ),
            }
        });
    }),
};

/// Judges every authorizer that a served route uses.
fn each(scene: &ApiScene<'_>, bench: &mut Bench<'_>, judge: impl Fn(&Part<'_>, &[&Route], &str) -> Outcome) {
    let used: std::collections::BTreeSet<&str> =
        scene.inventory.definitions.iter().filter_map(|definition| definition.authorizer_id.as_deref()).collect();
    for id in used {
        let known = scene.inventory.authorizers.iter().find(|authorizer| *authorizer.id == *id);
        let name = known.map_or(id, |authorizer| &*authorizer.name);
        let routes: Vec<&Route> =
            scene.served().filter(|route| route.guard.authorizer.as_deref() == Some(name)).collect();
        let part = scene
            .documents
            .item("GetAuthorizers", "id", id)
            .or_else(|| scene.documents.item("GetAuthorizers", "authorizerId", id));
        let outcome = match &part {
            None => Outcome::Unknown(scene.unread("GetAuthorizers")),
            Some(part) => {
                let kind = part.get("type").text().or_else(|| part.get("authorizerType").text()).unwrap_or_default();
                judge(part, &routes, kind)
            }
        };
        let (api, label) = (&scene.inventory.api, format!("authorizer {name}"));
        let about = About { id, label: &label, routes: &routes, api: Some((&api.id, &api.name)), stage: None };
        bench.other(scene.place, Scope::Authorizer, about, outcome);
    }
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn rest(audience: &str, authorizer: Value) -> Kit {
        let mut item = json!({ "id": "a1", "name": "session" });
        for (name, value) in authorizer.as_object().unwrap() {
            item[name] = value.clone();
        }
        Kit::rest().audience(audience).method("POST /pay", "CUSTOM", json!({ "authorizerId": "a1" })).answer(
            "apigateway:GetAuthorizers",
            "",
            json!({ "item": [item] }),
        )
    }

    #[test]
    fn decisions_are_kept_for_a_while() {
        let ttl = |audience: &str, seconds: u32| {
            rest(audience, json!({ "type": "TOKEN", "authorizerResultTtlInSeconds": seconds }))
        };
        table(
            "G18",
            vec![
                ("five minutes", ttl("checkout", 300), Pass),
                ("nobody set it", rest("checkout", json!({ "type": "TOKEN" })), Pass),
                ("not at all", ttl("customer", 0), Fail),
                ("an hour at the checkout", ttl("checkout", 3_600), Fail),
                ("an hour elsewhere", ttl("customer", 3_600), Pass),
                ("denied", ttl("checkout", 300).denied("GetAuthorizers"), Unknown),
                ("none used", Kit::rest().route("GET /a", "NONE"), NotApplicable),
            ],
        );
    }

    #[test]
    fn they_look() {
        let jwt = |audience: &str, scopes: Value, accepted: Value| {
            Kit::http()
                .audience(audience)
                .method("POST /x", "JWT", json!({ "authorizerId": "a1", "authorizationScopes": scopes }))
                .answer("apigatewayv2:GetAuthorizers", "", json!({ "items": [{ "authorizerId": "a1", "name": "app", "authorizerType": "JWT", "jwtConfiguration": { "audience": accepted } }] }))
        };
        table(
            "G19",
            vec![
                ("a token without a pattern", rest("customer", json!({ "type": "TOKEN" })), Fail),
                (
                    "a token with one",
                    rest("customer", json!({ "type": "TOKEN", "identityValidationExpression": "^Bearer .+" })),
                    Pass,
                ),
                ("any application's token", jwt("customer", json!([]), json!([])), Fail),
                ("one application's", jwt("customer", json!([]), json!(["app"])), Pass),
                ("admin without scopes", jwt("admin", json!([]), json!(["app"])), Fail),
                ("admin with scopes", jwt("admin", json!(["admin/write"]), json!(["app"])), Pass),
                ("denied", rest("customer", json!({ "type": "TOKEN" })).denied("GetAuthorizers"), Unknown),
            ],
        );
    }
}
