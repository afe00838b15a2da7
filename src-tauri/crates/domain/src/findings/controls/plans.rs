//! Usage plans and what they meter.

use super::{OURS, counted};
use crate::{
    api::ApiKind,
    audience::Audience,
    findings::{
        assess::{About, Bench, Facts, Outcome},
        control::{Control, Rule, Scope, Severity, always},
        documents::Part,
        finding::SuggestedChange,
        scene::{AccountScene, ApiScene},
    },
    route::Route,
};

/// Routes of partners that no plan meters.
pub(in crate::findings) static KEY_REQUIRED: Control = Control {
    id: "C14",
    title: "Partners' routes require their API key",
    scope: Scope::Route,
    severity: always!(Medium),
    why: "A method without API key required bypasses the usage plan: no quota, no rate, no way to tell one tenant from \
          another.",
    logic: "Per served route of a REST API whose audience is partner: fail when apiKeyRequired is false. Health checks \
            and other audiences do not apply.",
    remedy: "Require the API key on the method, then deploy.",
    commands: &[
        "aws apigateway update-method --rest-api-id {api} --resource-id {resource} --http-method {method} --patch-operations op=replace,path=/apiKeyRequired,value=true --region {region}",
        "aws apigateway create-deployment --rest-api-id {api} --stage-name {stage} --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for route in scene.served() {
            let health = route.class.class == crate::route_class::RouteClass::Health;
            if route.audience.audience != Audience::Partner || route.api_kind != ApiKind::Rest || health {
                bench.route(scene, route, Outcome::NotApplicable("no usage plan is expected to meter it"));
                continue;
            }
            let outcome = super::or_unknown(scene.guard_part(route).map(|part| {
                let key = route.guard.api_key_required;
                let actual = if key { "required" } else { "not required: the plan is bypassed" };
                Outcome::holds(key, Facts::new("an API key", actual).cite(&part.get("apiKeyRequired")))
            }));
            bench.route(scene, route, outcome);
        }
    }),
};

/// Stages whose keys open nothing.
pub(in crate::findings) static PLAN_BOUND: Control = Control {
    id: "C15",
    title: "A usage plan stands behind every stage that requires keys",
    scope: Scope::Stage,
    severity: always!(Medium),
    why: "Where a method requires a key and no plan lists its stage, every caller gets 403, however valid their key is.",
    logic: "Per stage that serves a route with apiKeyRequired: fail when no usage plan lists API and stage. Unknown \
            where the plans could not be read.",
    remedy: "Add the stage to a usage plan.",
    commands: &[
        "aws apigateway update-usage-plan --usage-plan-id PLAN --patch-operations op=add,path=/apiStages,value={api}:{stage} --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let keyed: Vec<&Route> = routes.iter().copied().filter(|route| route.guard.api_key_required).collect();
            let outcome = match (keyed.first(), scene.account_documents.has("GetUsagePlans")) {
                (None, _) => Outcome::NotApplicable("no route requires a key"),
                (Some(_), false) => Outcome::Unknown(scene.unread("GetUsagePlans")),
                (Some(first), true) => {
                    let plan = scene.account_documents.items("GetUsagePlans").find(|plan| {
                        plan.get("apiStages").list().any(|place| {
                            place.get("apiId").text() == Some(&scene.inventory.api.id)
                                && place.get("stage").text() == Some(&stage.name)
                        })
                    });
                    let actual = match &plan {
                        Some(plan) => format!("plan {}", plan.get("name").text().unwrap_or("without a name")),
                        None => format!("none, and {} a key", counted(keyed.len(), "route") + " require"),
                    };
                    let facts = Facts::new("a usage plan with this stage", actual);
                    match (plan, scene.guard_part(first)) {
                        (Some(plan), _) => Outcome::Pass(facts.cite(&plan.get("apiStages"))),
                        (None, Ok(part)) => Outcome::Fail(facts.cite(&part.get("apiKeyRequired"))),
                        (None, Err(reason)) => Outcome::Unknown(reason),
                    }
                }
            };
            bench.stage(scene, &stage.name, if keyed.is_empty() { &routes } else { &keyed }, outcome);
        }
    }),
};

/// Plans without an end.
pub(in crate::findings) static LIMITED: Control = Control {
    id: "G8",
    title: "Usage plans have a rate and a quota",
    scope: Scope::UsagePlan,
    severity: always!(Medium),
    why: "A plan without limits meters and stops nobody. Deployment tools drop the throttle silently when the quota is \
          missing.",
    logic: "Per usage plan that lists a stage: fail when throttle.rateLimit or quota.limit is missing. Plans whose \
            stages serve internal routes only, and plans without a stage, do not apply.",
    remedy: "Set a rate, a burst and a quota.",
    commands: &[
        "aws apigateway update-usage-plan --usage-plan-id {id} --patch-operations op=replace,path=/throttle/rateLimit,value=10 op=replace,path=/quota/limit,value=100000 op=replace,path=/quota/period,value=MONTH --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        each(scene, bench, |plan, routes| {
            if plan.get("apiStages").list().next().is_none() {
                return Outcome::NotApplicable("it lists no stage");
            }
            if !routes.is_empty() && routes.iter().all(|route| route.audience.audience == Audience::Internal) {
                return Outcome::NotApplicable("internal routes only");
            }
            let (rate, quota) = (plan.get("throttle").get("rateLimit"), plan.get("quota").get("limit"));
            let mut wrong = Vec::new();
            if rate.number().is_none() {
                wrong.push("no rate");
            }
            if quota.number().is_none() {
                wrong.push("no quota");
            }
            let actual = if wrong.is_empty() { "both".to_owned() } else { wrong.join(", ") };
            let facts = Facts::new("a rate and a quota", actual).cite(&rate).cite(&quota);
            let facts = if rate.number().is_none() { facts.suggest(SuggestedChange::PlanLimit) } else { facts };
            Outcome::holds(wrong.is_empty(), facts)
        });
    }),
};

/// One key for two doors.
pub(in crate::findings) static ONE_AUDIENCE: Control = Control {
    id: "G9",
    title: "A usage plan opens the APIs of one audience",
    scope: Scope::UsagePlan,
    severity: always!(High),
    why: "AWS: a key that is valid for one API of a plan is valid for all of them. A partner's key in a plan with the \
          patients' portal opens the portal's routes that ask for a key.",
    logic: "Per usage plan: fail when its stages are of more than one API and serve routes that require a key for more \
            than one audience; the finding names those routes.",
    remedy: "One plan for each audience; move keys to the plan that they are meant for.",
    commands: &[
        "aws apigateway update-usage-plan --usage-plan-id {id} --patch-operations op=remove,path=/apiStages,value=API:STAGE --region {region}",
    ],
    operation: None,
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        each(scene, bench, |plan, routes| {
            let mut audiences: Vec<&str> = routes.iter().map(|route| route.audience.audience.name()).collect();
            audiences.sort_unstable();
            audiences.dedup();
            let mut apis: Vec<&str> =
                plan.get("apiStages").list().filter_map(|place| place.get("apiId").text()).collect();
            apis.sort_unstable();
            apis.dedup();
            let actual = format!(
                "{} for {}",
                counted(apis.len(), "API"),
                if audiences.is_empty() { "nobody".to_owned() } else { audiences.join(" and ") }
            );
            let facts = Facts::new("the routes of one audience", actual).cite(&plan.get("apiStages"));
            Outcome::holds(apis.len() < 2 || audiences.len() < 2, facts.severity(Severity::High))
        });
    }),
};

/// Judges every usage plan with the routes that its keys open.
pub(super) fn each(scene: &AccountScene<'_>, bench: &mut Bench<'_>, judge: impl Fn(&Part<'_>, &[&Route]) -> Outcome) {
    if !scene.documents.has("GetUsagePlans") {
        let about = About { id: "usage plans", label: "usage plans", routes: &[], api: None, stage: None };
        return bench.other(scene.place, Scope::UsagePlan, about, Outcome::Unknown(scene.unread("GetUsagePlans")));
    }
    for plan in scene.documents.items("GetUsagePlans") {
        let Some(id) = plan.get("id").text() else { continue };
        let routes = keyed_routes(scene, &plan);
        let label = format!("usage plan {}", plan.get("name").text().unwrap_or(id));
        let about = About { id, label: &label, routes: &routes, api: None, stage: None };
        bench.other(scene.place, Scope::UsagePlan, about, judge(&plan, &routes));
    }
}

/// The routes that require a key on the plan's stages.
pub(super) fn keyed_routes<'a>(scene: &AccountScene<'a>, plan: &Part<'_>) -> Vec<&'a Route> {
    let places: Vec<(&str, &str)> = plan
        .get("apiStages")
        .list()
        .filter_map(|place| Some((place.get("apiId").text()?, place.get("stage").text()?)))
        .collect();
    scene
        .apis
        .iter()
        .flat_map(ApiScene::served)
        .filter(|route| route.guard.api_key_required && places.contains(&(&*route.api_id, &*route.stage)))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn keyed() -> Kit {
        Kit::rest().audience("partner").method("GET /claims", "CUSTOM", json!({ "apiKeyRequired": true }))
    }

    fn plan(more: Value) -> Kit {
        let mut item =
            json!({ "id": "p1", "name": "practices", "apiStages": [{ "apiId": "api0000001", "stage": "prod" }] });
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
        keyed().account_answer("apigateway:GetUsagePlans", "", json!({ "item": [item] }))
    }

    #[test]
    fn partners_show_their_key() {
        table(
            "C14",
            vec![
                ("a key", keyed(), Pass),
                ("none", Kit::rest().audience("partner").route("GET /claims", "CUSTOM"), Fail),
                ("health", Kit::rest().audience("partner").route("GET /health", "NONE"), NotApplicable),
                ("the shop", Kit::rest().audience("public").route("GET /a", "NONE"), NotApplicable),
                ("denied", keyed().denied("GetResources"), Unknown),
            ],
        );
    }

    #[test]
    fn keys_open_something() {
        table(
            "C15",
            vec![
                ("a plan", plan(json!({})), Pass),
                (
                    "a plan for another stage",
                    plan(json!({ "apiStages": [{ "apiId": "api0000001", "stage": "test" }] })),
                    Fail,
                ),
                ("no keys", Kit::rest().route("GET /a", "NONE"), NotApplicable),
                ("denied", plan(json!({})).denied("GetUsagePlans"), Unknown),
            ],
        );
    }

    #[test]
    fn plans_end_somewhere() {
        let rate = json!({ "rateLimit": 5.0, "burstLimit": 10 });
        table(
            "G8",
            vec![
                ("both", plan(json!({ "throttle": rate, "quota": { "limit": 100, "period": "DAY" } })), Pass),
                ("no quota", plan(json!({ "throttle": rate })), Fail),
                ("neither", plan(json!({})), Fail),
                ("no stages", plan(json!({ "apiStages": [] })), NotApplicable),
                ("denied", keyed().denied("GetUsagePlans"), Unknown),
            ],
        );
    }

    #[test]
    fn one_key_opens_one_audience() {
        let both =
            json!({ "apiStages": [{ "apiId": "api0000001", "stage": "prod" }, { "apiId": "other", "stage": "prod" }] });
        table(
            "G9",
            vec![
                ("one API", plan(json!({})), Pass),
                ("two APIs of one audience", plan(both.clone()), Pass),
                ("denied", keyed().denied("GetUsagePlans"), Unknown),
            ],
        );
        // Two audiences on one API: by class of path, without the tag.
        let mixed = Kit::rest()
            .method("GET /partner/claims", "CUSTOM", json!({ "apiKeyRequired": true }))
            .method("POST /admin/refunds", "CUSTOM", json!({ "apiKeyRequired": true }))
            .account_answer(
                "apigateway:GetUsagePlans",
                "",
                json!({ "item": [{ "id": "p1", "name": "all", "apiStages": both["apiStages"] }] }),
            );
        assert_eq!(mixed.verdict("G9"), Fail, "{:#?}", mixed.ask("G9"));
    }
}
