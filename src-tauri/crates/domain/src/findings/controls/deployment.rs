//! What is deployed: canaries that nobody ended, drafts that differ, versions that nobody closed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{OURS, by_trail, counted, or_unknown};
use crate::{
    api::ApiKind,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Rule, Scope, Severity, always},
        finding::SuggestedChange,
    },
    route::{Drift, Route},
};

/// Canaries.
pub(in crate::findings) static STALE_CANARY: Control = Control {
    id: "G24",
    title: "Canaries are promoted or rolled back",
    scope: Scope::Stage,
    severity: always!(High),
    why: "A forgotten canary serves a share of the customers another version, and blocks every ordinary deployment of \
          the stage: AWS answers 400, Non canary deployment not supported.",
    logic: "Per stage with a canary: fail when percentTraffic is 0, when it serves the stage's own deployment, or when \
            the stage was last changed more than 24 hours ago. Not applicable without a canary.",
    remedy: "Judge it, then promote it or remove it.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=remove,path=/canarySettings --region {region}",
    ],
    operation: Some("canary_rollback"),
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let outcome = match &stage.canary {
                None => match scene.documents.has("GetStages") {
                    true => Outcome::NotApplicable("there is no canary"),
                    false => Outcome::Unknown(scene.unread("GetStages")),
                },
                Some(canary) => or_unknown(scene.stage_part(&stage.name).map(|part| {
                    let settings = part.get("canarySettings");
                    let hours = stage
                        .last_updated
                        .as_deref()
                        .and_then(|at| at.parse::<Timestamp>().ok())
                        .map(|at| (scene.now.as_second() - at.as_second()) / 3_600);
                    let most = scene.policy.canary_hours;
                    let stale = match (canary.percent_traffic, hours) {
                        (percent, _) if percent <= 0.0 => {
                            Some(("it gets no traffic".to_owned(), settings.get("percentTraffic")))
                        }
                        _ if stage.deployment_id.as_deref() == Some(&*canary.deployment_id) => Some((
                            "it serves the same deployment as the stage".to_owned(),
                            settings.get("deploymentId"),
                        )),
                        (percent, Some(hours)) if hours > most => Some((
                            format!("it takes {percent} percent, and nobody touched it for {hours} hours"),
                            part.get("lastUpdatedDate"),
                        )),
                        _ => None,
                    };
                    let expected = format!("a decision within {most} hours");
                    match (stale, hours) {
                        (Some((actual, cited)), _) => {
                            let facts = Facts::new(expected, actual).cite(&cited);
                            Outcome::Fail(facts.suggest(SuggestedChange::CanaryRollback))
                        }
                        (None, None) => Outcome::Unknown("since when the canary runs is not told".to_owned()),
                        (None, Some(hours)) => Outcome::Pass(
                            Facts::new(expected, format!("{hours} hours")).cite(&part.get("lastUpdatedDate")),
                        ),
                    }
                })),
            };
            bench.stage(scene, &stage.name, &routes, outcome);
        }
    }),
};

/// Drafts.
pub(in crate::findings) static DRIFT: Control = Control {
    id: "G25",
    title: "What is live is what the draft says",
    scope: Scope::Stage,
    severity: |audience| if by_trail(audience) == Severity::Low { Severity::Medium } else { Severity::High },
    why: "AWS's console shows the draft as if it were live. The authorizer that was taken off in the draft goes live with \
          the next deployment of somebody else's change; the one that was put on is not there yet.",
    logic: "Per stage of a REST API, by the summary of the deployment that it serves: fail when routes were added, \
            removed, or changed in authorization or key requirement; the finding names them. Unknown where the summary \
            could not be read; what a summary does not tell (integrations, validators) is not compared. Stages that \
            deploy by themselves do not drift.",
    remedy: "Deploy the draft on purpose, or put it back.",
    commands: &["aws apigateway create-deployment --rest-api-id {api} --stage-name {stage} --region {region}"],
    operation: Some("canary_start"),
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for stage in &scene.inventory.stages {
            let all: Vec<&Route> = scene.routes.iter().copied().filter(|route| route.stage == stage.name).collect();
            let drifted: Vec<&Route> = all
                .iter()
                .copied()
                .filter(|route| matches!(route.drift, Drift::Added | Drift::Removed | Drift::Changed))
                .collect();
            let outcome = if scene.inventory.api.kind != ApiKind::Rest && stage.auto_deploy {
                Outcome::NotApplicable("every change goes live at once")
            } else if all.iter().any(|route| matches!(route.drift, Drift::DraftOnly | Drift::LiveOnly)) {
                Outcome::Unknown(scene.unread(if scene.inventory.definitions_complete {
                    "GetDeployment"
                } else {
                    "GetResources"
                }))
            } else if stage.deployment_id.is_none() {
                Outcome::NotApplicable("nothing is deployed")
            } else {
                let count = |kind| drifted.iter().filter(|route| route.drift == kind).count();
                let actual = match drifted.is_empty() {
                    true => "the same".to_owned(),
                    false => format!(
                        "{} added, {} removed, {} changed",
                        count(Drift::Added),
                        count(Drift::Removed),
                        count(Drift::Changed)
                    ),
                };
                let cited =
                    stage.deployment_id.as_deref().and_then(|id| scene.documents.answer("GetDeployment", Some(id)));
                let first = drifted.iter().find(|route| route.drift == Drift::Changed).or(drifted.first());
                let facts = Facts::new("draft and deployment agree", actual).cite_some(
                    cited
                        .map(|answer| match first {
                            Some(route) => answer.get("apiSummary").get(&route.path).get(&route.method),
                            None => answer.get("apiSummary"),
                        })
                        .as_ref(),
                );
                Outcome::holds(drifted.is_empty(), facts)
            };
            bench.stage(scene, &stage.name, if drifted.is_empty() { &all } else { &drifted }, outcome);
        }
    }),
};

/// Versions.
pub(in crate::findings) static OLD_VERSION: Control = Control {
    id: "G26",
    title: "Old versions are closed",
    scope: Scope::Stage,
    severity: always!(Medium),
    why: "/v1 keeps its old mistakes open for as long as it is there: its login has no limit of its own, its orders ask \
          for nothing, and nobody looks.",
    logic: "Per stage whose served paths carry versions (/v1/…): fail for the routes of versions below the newest; the \
            finding names them. Which clients still call them is not read here.",
    remedy: "See who still calls it, tell them, answer 410 Gone after the announced day, then remove it.",
    commands: &[],
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let mut versions: BTreeMap<u32, Vec<&Route>> = BTreeMap::new();
            for route in &routes {
                if let Some(version) = version_of(&route.path) {
                    versions.entry(version).or_default().push(route);
                }
            }
            let Some((newest, _)) = versions.pop_last() else {
                bench.stage(scene, &stage.name, &routes, Outcome::NotApplicable("its paths carry no versions"));
                continue;
            };
            let old: Vec<&Route> = versions.values().flatten().copied().collect();
            let outcome = match old.first() {
                None => match routes.first().map(|route| scene.guard_part(route)) {
                    Some(Ok(part)) => Outcome::Pass(Facts::new("one version", format!("v{newest} alone")).cite(&part)),
                    Some(Err(reason)) => Outcome::Unknown(reason),
                    None => Outcome::NotApplicable("the stage serves no routes"),
                },
                Some(first) => or_unknown(scene.guard_part(first).map(|part| {
                    let names: Vec<String> = versions.keys().map(|version| format!("v{version}")).collect();
                    let actual =
                        format!("{} open beside v{newest}, {}", names.join(" and "), counted(old.len(), "route"));
                    Outcome::Fail(Facts::new(format!("v{newest} alone, or an announced end"), actual).cite(&part))
                })),
            };
            bench.stage(scene, &stage.name, if old.is_empty() { &routes } else { &old }, outcome);
        }
    }),
};

/// `/v2/orders` -> 2, `/partner/v1/claims` -> 1.
fn version_of(path: &str) -> Option<u32> {
    path.split('/').find_map(|part| part.strip_prefix('v')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use crate::{
        findings::{
            finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
            testing::{Kit, table},
        },
        inventory::LiveMethod,
    };
    use serde_json::json;

    #[test]
    fn canaries_end() {
        let canary = |deployment: &str, percent: f64, updated: &str| {
            Kit::rest().route("GET /a", "NONE").stage(json!({
                "canarySettings": { "deploymentId": deployment, "percentTraffic": percent }, "lastUpdatedDate": updated
            }))
        };
        table(
            "G24",
            vec![
                ("an hour old", canary("dep002", 10.0, "2026-03-02T09:00:00Z"), Pass),
                ("three days old", canary("dep002", 10.0, "2026-02-27T09:00:00Z"), Fail),
                ("no traffic", canary("dep002", 0.0, "2026-03-02T09:00:00Z"), Fail),
                ("the same deployment", canary("dep001", 10.0, "2026-03-02T09:00:00Z"), Fail),
                ("since when is not told", canary("dep002", 10.0, ""), Unknown),
                ("none", Kit::rest().route("GET /a", "NONE"), NotApplicable),
            ],
        );
    }

    fn deployed(authorization: &str) -> Kit {
        let mut kit = Kit::rest().route("GET /a", "CUSTOM").answer(
            "apigateway:GetDeployment", "dep001",
            json!({ "id": "dep001", "apiSummary": { "/a": { "GET": { "authorizationType": authorization, "apiKeyRequired": false } } } }),
        );
        let live = LiveMethod { authorization_type: authorization.into(), api_key_required: false };
        kit.inventory.deployments.insert("dep001".into(), [(("/a".into(), "GET".into()), live)].into());
        kit
    }

    #[test]
    fn drafts_agree() {
        table(
            "G25",
            vec![
                ("the same", deployed("CUSTOM"), Pass),
                ("the draft took it off", deployed("NONE"), Fail),
                ("no summary", Kit::rest().route("GET /a", "NONE").denied("GetDeployment"), Unknown),
                ("deploys by itself", Kit::http().route("GET /a", "NONE"), NotApplicable),
            ],
        );
        let found = deployed("NONE").ask("G25");
        assert_eq!(found[0].evidence[0].pointer, "/apiSummary/~1a/GET");
    }

    #[test]
    fn versions_end() {
        table(
            "G26",
            vec![
                ("two", Kit::rest().route("GET /v1/a", "NONE").route("GET /v2/a", "NONE"), Fail),
                ("one", Kit::rest().route("GET /v2/a", "NONE").route("GET /v2/b", "NONE"), Pass),
                ("none", Kit::rest().route("GET /a", "NONE"), NotApplicable),
                (
                    "denied",
                    Kit::rest().route("GET /v1/a", "NONE").route("GET /v2/a", "NONE").denied("GetResources"),
                    Unknown,
                ),
            ],
        );
    }
}
