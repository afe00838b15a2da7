//! Limits: whether there are any, and whether they suit what the route does.

use super::{OURS, counted, or_unknown};
use crate::{
    api::ApiKind,
    audience::Audience,
    findings::{
        assess::{About, Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, always},
        documents::{Part, route_settings},
        finding::SuggestedChange,
        scene::ApiScene,
    },
    route::Route,
    route_class::RouteClass,
    throttle::{Limit, ThrottleSource},
};

const COMMAND: &[&str] = &[
    "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/{path}/{method}/throttling/rateLimit,value=10 op=replace,path=/{path}/{method}/throttling/burstLimit,value=20 --region {region}",
];

/// A default for every method.
pub(in crate::findings) static DEFAULT: Control = Control {
    id: "C22",
    title: "Every stage has a limit of its own",
    scope: Scope::Stage,
    severity: always!(Medium),
    why: "Without one, a single client of a single API uses up what the account allows all of them.",
    logic: "Per stage: pass when the setting for all methods (*/* or defaultRouteSettings) has a rate and a burst below \
            the account's. AWS writes its own default (10,000 a second, 5,000 at once) beside any other setting; that \
            limits nobody and fails.",
    remedy: "Set a rate and a burst for all methods of the stage.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/*/*/throttling/rateLimit,value=500 op=replace,path=/*/*/throttling/burstLimit,value=1000 --region {region}",
    ],
    operation: Some("throttle_set"),
    mappings: Mappings { security_hub: &[], pci: &["6.4.1"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let outcome = scene.stage_part(&stage.name).map(|part| {
                let own = default_limit(stage.limits.get("*/*").copied());
                let account = scene.account.account_limit.unwrap_or_default();
                let below = |own: Option<f64>, account: Option<f64>| {
                    own.is_some_and(|own| account.is_none_or(|account| own < account))
                };
                let holds =
                    below(own.rate, account.rate) && below(own.burst.map(f64::from), account.burst.map(f64::from));
                let cited = default_part(scene, &part).get("throttlingRateLimit");
                let facts = Facts::new("a rate and a burst below the account's", words(own)).cite(&cited);
                // What the command beside it says.
                Outcome::holds(
                    holds,
                    facts.suggest(SuggestedChange::StageLimit { rate: Some(500.0), burst: Some(1_000) }),
                )
            });
            bench.stage(scene, &stage.name, &routes, or_unknown(outcome));
        }
    }),
};

/// The ceiling of a class.
pub(in crate::findings) static CEILING: Control = Control {
    id: "G5",
    title: "The limit suits what the route does",
    scope: Scope::Route,
    severity: always!(High),
    why: "A login that lets thousands of guesses a second through is a password list away from a breach. Who checks only \
          that a limit is there passes it.",
    logic: "Per served route of login, sign-up, one-time code, password reset, gift card or coupon: fail when the \
            effective rate is above 10 requests per second or the burst above 20; checkout above 100; admin above 50 \
            (posture.toml changes the numbers). Effective is the lowest of stage method, stage default and account. \
            Unknown where no layer could be read.",
    remedy: "Set a limit for the method that suits its class.",
    commands: COMMAND,
    operation: Some("throttle_set"),
    mappings: Mappings { security_hub: &[], pci: &["8.3.4"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for route in scene.served() {
            let Some((ceiling, why)) = scene.policy.ceiling(route.class.class, route.audience.audience) else {
                bench.route(scene, route, Outcome::NotApplicable("its class has no ceiling"));
                continue;
            };
            let outcome = scene.stage_part(&route.stage).map(|part| {
                let actual = route.throttle.limit;
                if route.throttle.source == ThrottleSource::Unknown {
                    return Outcome::Unknown("no layer of its limit could be read".to_owned());
                }
                let over = |actual: Option<f64>, ceiling: Option<f64>| {
                    ceiling.is_some_and(|ceiling| actual.is_none_or(|actual| actual > ceiling))
                };
                let fails =
                    over(actual.rate, ceiling.rate) || over(actual.burst.map(f64::from), ceiling.burst.map(f64::from));
                let facts = Facts::new(
                    format!("at most {} for {why}", words(ceiling)),
                    format!("{}, from {}", words(actual), source_words(route.throttle.source)),
                );
                let suggested = SuggestedChange::RouteLimit { rate: ceiling.rate, burst: ceiling.burst };
                let facts = facts.cite(&setting(&part, route).get("throttlingRateLimit"));
                Outcome::holds(!fails, facts.suggest(suggested))
            });
            bench.route(scene, route, or_unknown(outcome));
        }
    }),
};

/// A limit of its own.
pub(in crate::findings) static OWN_LIMIT: Control = Control {
    id: "G6",
    title: "What attackers hammer has a limit of its own",
    scope: Scope::Route,
    severity: always!(Medium),
    why: "The stage's limit is sized for the catalogue. Login, codes, coupons, refunds and webhooks need their own, so \
          that guessing at one of them does not drown in the rest.",
    logic: "Per served route whose class or path says login, sign-in, token, one-time code, password, coupon, promotion, \
            gift card, redeem, refund or webhook: fail when the stage has no throttle entry for that method.",
    remedy: "Set a limit for the method.",
    commands: COMMAND,
    operation: Some("throttle_set"),
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for route in scene.served() {
            if !is_sensitive(route) {
                bench.route(scene, route, Outcome::NotApplicable("nobody hammers it"));
                continue;
            }
            let outcome = scene.stage_part(&route.stage).map(|part| {
                let stage = scene.inventory.stages.iter().find(|stage| stage.name == route.stage);
                let key = crate::route_limits::limit_key(route.api_kind, &route.method, &route.path);
                let own =
                    stage.and_then(|stage| stage.limits.get(&key)).copied().map(|limit| default_limit(Some(limit)));
                let has = own.is_some_and(|limit| limit.rate.is_some());
                let actual = own.filter(|_| has).map_or_else(|| "none: the stage's rules".to_owned(), words);
                let cited = setting(&part, route).get("throttlingRateLimit");
                let policy = scene.policy;
                let suggested = SuggestedChange::RouteLimit {
                    rate: Some(policy.hammered_rate),
                    burst: Some(policy.hammered_burst),
                };
                Outcome::holds(has, Facts::new("a limit of its own", actual).cite(&cited).suggest(suggested))
            });
            bench.route(scene, route, or_unknown(outcome));
        }
    }),
};

/// The account's limit.
pub(in crate::findings) static OVERSUBSCRIBED: Control = Control {
    id: "G7",
    title: "The stages' limits fit into the account's",
    scope: Scope::Account,
    severity: always!(Medium),
    why: "All APIs of an account and region share one limit. Where one stage may take nearly all of it, a rush on the \
          shop is an outage of the clinic.",
    logic: "Per account and region: fail when the default rates of all stages together are above the account's rate, \
            or one stage's is at least 80 percent of it. A stage without a default counts with the account's whole \
            rate. Unknown where GetAccount could not be read.",
    remedy: "Set limits on the stages that have none and lower the largest, or ask AWS for a higher account limit.",
    commands: &[
        "aws service-quotas get-service-quota --service-code apigateway --quota-code L-8A5B8E43 --region {region}",
    ],
    operation: Some("throttle_set"),
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        let about =
            |routes| About { id: "throttle", label: "the account's rate limit", routes, api: None, stage: None };
        let Some(account) = scene.account.account_limit.and_then(|limit| limit.rate) else {
            return bench.other(scene.place, Scope::Account, about(&[]), Outcome::Unknown(scene.unread("GetAccount")));
        };
        let mut stages: Vec<(f64, String, Vec<&Route>)> = scene
            .apis
            .iter()
            .flat_map(|api| {
                api.stages().map(move |(stage, routes)| {
                    let own = default_limit(stage.limits.get("*/*").copied()).rate;
                    (own.unwrap_or(account).min(account), format!("{} {}", api.inventory.api.name, stage.name), routes)
                })
            })
            .filter(|(_, _, routes)| !routes.is_empty())
            .collect();
        if stages.is_empty() {
            return bench.other(scene.place, Scope::Account, about(&[]), Outcome::NotApplicable("there are no stages"));
        }
        stages.sort_by(|one, other| other.0.total_cmp(&one.0));
        let sum: f64 = stages.iter().map(|(rate, ..)| rate).sum();
        let (largest, name, routes) = &stages[0];
        let share = largest / account * 100.0;
        let limit = scene.policy.stage_share_percent;
        let actual = format!(
            "{sum} requests per second over {}, of {account}; the largest, {name}, may take {share:.0} percent",
            counted(stages.len(), "stage")
        );
        let facts =
            Facts::new(format!("together at most {account} requests per second, each below {limit} percent"), actual)
                .cite_some(
                    scene
                        .documents
                        .answer("GetAccount", None)
                        .map(|answer| answer.get("throttleSettings").get("rateLimit"))
                        .as_ref(),
                );
        bench.other(scene.place, Scope::Account, about(routes), Outcome::holds(sum <= account && share < limit, facts));
    }),
};

fn default_limit(limit: Option<Limit>) -> Limit {
    let limit = limit.unwrap_or_default();
    Limit { rate: limit.rate.filter(|rate| *rate >= 0.0), burst: limit.burst.filter(|burst| *burst >= 0) }
}

fn default_part<'a>(scene: &ApiScene<'_>, stage: &Part<'a>) -> Part<'a> {
    match scene.inventory.api.kind {
        ApiKind::Rest => stage.get("methodSettings").get("*/*"),
        ApiKind::Http | ApiKind::WebSocket => stage.get("defaultRouteSettings"),
    }
}

fn setting<'a>(stage: &Part<'a>, route: &Route) -> Part<'a> {
    route_settings(route.api_kind, stage, &route.method, &route.path)
}

fn is_sensitive(route: &Route) -> bool {
    const WORDS: &[&str] = &[
        "login", "signin", "sign-in", "token", "otp", "password", "coupon", "promo", "gift", "redeem", "refund",
        "webhook",
    ];
    let path = route.path.to_ascii_lowercase();
    let reads = matches!(&*route.method, "GET" | "HEAD") && !route.class.class.is_hammered();
    route.class.class.is_hammered()
        || (route.class.class == RouteClass::Webhook && route.audience.audience == Audience::Webhook)
        || (!reads && WORDS.iter().any(|word| path.contains(word)))
}

fn words(limit: Limit) -> String {
    match (limit.rate, limit.burst) {
        (Some(rate), Some(burst)) => format!("{rate} requests per second, burst {burst}"),
        (Some(rate), None) => format!("{rate} requests per second"),
        (None, Some(burst)) => format!("burst {burst} and no rate"),
        (None, None) => "no limit".to_owned(),
    }
}

fn source_words(source: ThrottleSource) -> &'static str {
    match source {
        ThrottleSource::StageMethod => "the method's own limit",
        ThrottleSource::StageDefault => "the stage's default",
        ThrottleSource::Account => "the account's limit",
        ThrottleSource::Unknown => "an unknown layer",
    }
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn limits(rate: f64, burst: i32) -> Value {
        json!({ "throttlingRateLimit": rate, "throttlingBurstLimit": burst })
    }

    fn login(settings: Value) -> Kit {
        Kit::rest().audience("customer").route("POST /login", "NONE").stage(json!({ "methodSettings": settings }))
    }

    #[test]
    fn a_default_for_every_method() {
        table(
            "C22",
            vec![
                ("set", login(json!({ "*/*": limits(100.0, 200) })), Pass),
                ("what AWS writes by itself", login(json!({ "*/*": limits(10_000.0, 5_000) })), Fail),
                ("-1", login(json!({ "*/*": limits(-1.0, -1) })), Fail),
                ("none", login(json!({})), Fail),
                ("denied", login(json!({})).denied("GetStages"), Unknown),
            ],
        );
    }

    #[test]
    fn ceilings_of_classes() {
        let mut unknown = login(json!({}));
        unknown.account.account_limit = None;
        table(
            "G5",
            vec![
                ("a strict login", login(json!({ "~1login/POST": limits(5.0, 10) })), Pass),
                ("at the ceiling", login(json!({ "~1login/POST": limits(10.0, 20) })), Pass),
                ("a burst too large", login(json!({ "~1login/POST": limits(5.0, 21) })), Fail),
                ("the stage's default", login(json!({ "*/*": limits(500.0, 1_000) })), Fail),
                ("only the account's", login(json!({})), Fail),
                ("nothing is known", unknown, Unknown),
                ("the catalogue", Kit::rest().audience("public").route("GET /products", "NONE"), NotApplicable),
                (
                    "admin",
                    Kit::rest()
                        .audience("admin")
                        .route("POST /orders", "CUSTOM")
                        .stage(json!({ "methodSettings": { "*/*": limits(50.0, 100) } })),
                    Pass,
                ),
            ],
        );
    }

    #[test]
    fn a_limit_of_its_own() {
        table(
            "G6",
            vec![
                ("its own", login(json!({ "~1login/POST": limits(5.0, 10) })), Pass),
                ("the stage's", login(json!({ "*/*": limits(5.0, 10) })), Fail),
                ("a refund", Kit::rest().audience("admin").route("POST /orders/{id}/refund", "CUSTOM"), Fail),
                (
                    "a list of coupons' terms",
                    Kit::rest().audience("public").route("GET /products", "NONE"),
                    NotApplicable,
                ),
                ("denied", login(json!({})).denied("GetStages"), Unknown),
            ],
        );
    }

    #[test]
    fn stages_share_the_account() {
        let mut unknown = login(json!({ "*/*": limits(100.0, 200) }));
        unknown.account.account_limit = None;
        let account = json!({ "throttleSettings": { "rateLimit": 10_000.0, "burstLimit": 5_000 } });
        let with = |settings| login(settings).account_answer("apigateway:GetAccount", "", account.clone());
        table(
            "G7",
            vec![
                ("a small share", with(json!({ "*/*": limits(100.0, 200) })), Pass),
                ("nearly all", with(json!({ "*/*": limits(8_000.0, 200) })), Fail),
                ("no limit is all of it", with(json!({})), Fail),
                ("not read", unknown, Unknown),
            ],
        );
    }
}
