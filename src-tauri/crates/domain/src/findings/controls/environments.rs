//! The same API in two environments.

use std::collections::{BTreeSet, HashMap};

use super::OURS;
use crate::{
    audience::Audience,
    events::is_production as is_production_name,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Rule, Scope, Severity},
        documents::Part,
        scene::ApiScene,
    },
    route::Route,
    throttle::ThrottleSource,
};

/// Production is not weaker.
pub(in crate::findings) static DRIFT: Control = Control {
    id: "G30",
    title: "Production is guarded as well as test",
    scope: Scope::Route,
    severity: |audience| {
        if matches!(audience, Audience::Admin | Audience::Checkout) { Severity::High } else { Severity::Medium }
    },
    why: "What was tested is not what is running: an authorizer, a key, a validator or a web ACL that test has and \
          production lacks was forgotten on the way.",
    logic: "Over all open contexts, per served route of a production stage whose API has the same name and whose method \
            and path are the same on another stage or in another context: fail when the other asks for authorization, \
            an API key or a body that validates, has a web ACL, a limit of its own for this method, an access log, or a \
            variable in its access log, and production has not. Production is a stage or context whose name has prod, \
            production, prd or live as a part. Not applicable without a counterpart; unknown where its evidence could \
            not be read.",
    remedy: "Bring production up to what was tested.",
    commands: &[],
    operation: None,
    mappings: OURS,
    rule: Rule::Contexts(|contexts, bench| {
        type Key<'k> = (&'k str, &'k str, &'k str);
        let mut tested: HashMap<Key<'_>, Vec<(&ApiScene<'_>, &Route)>> = HashMap::new();
        let apis = || contexts.iter().flat_map(|context| context.apis);
        for scene in apis() {
            for route in scene.served().filter(|route| !is_production(route)) {
                tested.entry((&route.api_name, &route.method, &route.path)).or_default().push((scene, route));
            }
        }
        for scene in apis() {
            for route in scene.served().filter(|route| is_production(route)) {
                let key: Key<'_> = (&route.api_name, &route.method, &route.path);
                let Some(others) = tested.get(&key) else {
                    bench.route(scene, route, Outcome::NotApplicable("no other environment has it"));
                    continue;
                };
                let weaker: Vec<String> = others.iter().flat_map(|other| weaker((scene, route), *other)).collect();
                let outcome = super::or_unknown(scene.guard_part(route).map(|part: Part<'_>| {
                    let actual = if weaker.is_empty() { "as well as in test".to_owned() } else { weaker.join("; ") };
                    Outcome::holds(
                        weaker.is_empty(),
                        Facts::new("at least the guards of test", actual).cite(&part.get("authorizationType")),
                    )
                }));
                bench.route(scene, route, outcome);
            }
        }
    }),
};

fn is_production(route: &Route) -> bool {
    is_production_name(&route.stage)
        || (is_production_name(&route.context)
            && !["staging", "test", "qa", "int", "dev"].contains(&route.stage.to_ascii_lowercase().as_str()))
}

/// In which ways `production` asks for less, or tells less.
fn weaker((live, production): (&ApiScene<'_>, &Route), (test, tested): (&ApiScene<'_>, &Route)) -> Vec<String> {
    let place = format!("{} {}", tested.context, tested.stage);
    let mut found = Vec::new();
    let mut less = |is: bool, what: &str| {
        if is {
            found.push(format!("{place} has {what}, production has not"));
        }
    };
    let open = |route: &Route| &*route.guard.authorization_type == "NONE";
    less(open(production) && !open(tested), &format!("authorization {}", tested.guard.authorization_type));
    less(!production.guard.api_key_required && tested.guard.api_key_required, "an API key");
    less(production.validator.is_none() && tested.validator.is_some(), "request validation");
    less(production.waf_acl.is_none() && tested.waf_acl.is_some(), "a web ACL");
    let own = |route: &Route| route.throttle.source == ThrottleSource::StageMethod;
    less(!own(production) && own(tested), "a limit of its own for this method");
    // A stage that could not be read says nothing here: C2 is unknown then.
    if let (Some(ours), Some(theirs)) = (log_format(live, production), log_format(test, tested)) {
        match (ours.is_empty(), theirs.is_empty()) {
            (true, false) => less(true, "an access log"),
            (false, false) => {
                let missing: Vec<&str> = theirs.difference(&ours).map(String::as_str).collect();
                less(!missing.is_empty(), &format!("{} in its access log", missing.join(", ")));
            }
            (_, true) => {}
        }
    }
    found
}

/// The variables of the stage's access log; none without one. `None` where the stage could not be read.
fn log_format(scene: &ApiScene<'_>, route: &Route) -> Option<BTreeSet<String>> {
    let settings = scene.documents.stage(&route.stage)?.get("accessLogSettings");
    let format = settings.get("destinationArn").filled().and(settings.get("format").filled()).unwrap_or_default();
    let variables = format.split("$context.").skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '_' | '-'));
        format!("$context.{}", rest[..end.unwrap_or(rest.len())].trim_end_matches('.'))
    });
    Some(variables.collect())
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, ask_all},
    };

    fn named(kit: Kit, context: &'static str, stage: &str) -> Kit {
        let mut kit = kit;
        kit.context = context;
        kit.inventory.stages[0].name = stage.into();
        kit
    }

    #[test]
    fn production_is_not_weaker() {
        let route = |authorization: &str| Kit::rest().route("GET /orders-7", authorization);
        let pair = |test: &str, prod: &str| [named(route(test), "test", "qa"), named(route(prod), "live", "prod")];
        for (name, kits, expected) in [
            ("the same", pair("CUSTOM", "CUSTOM"), Pass),
            ("forgotten", pair("CUSTOM", "NONE"), Fail),
            ("stronger", pair("NONE", "CUSTOM"), Pass),
            (
                "denied",
                [named(route("CUSTOM"), "test", "qa"), named(route("CUSTOM"), "live", "prod").denied("GetResources")],
                Unknown,
            ),
        ] {
            let found = ask_all(&kits, "G30");
            assert_eq!(found[0].verdict, expected, "{name}: {found:?}");
            assert_eq!(found[0].context, "live", "{name}");
        }
        assert_eq!(named(route("NONE"), "live", "prod").verdict("G30"), NotApplicable);
    }
}
