//! Whole requests and responses in the execution log.

use super::{counted, or_unknown};
use crate::{
    api::ApiKind,
    audience::Audience,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, Severity},
        documents::route_settings,
    },
    route::Route,
};

/// Data trace.
pub(in crate::findings) static DATA_TRACE: Control = Control {
    id: "G13",
    title: "Bodies and headers stay out of the execution log",
    scope: Scope::Stage,
    severity: |audience| match audience {
        Audience::Customer | Audience::Checkout | Audience::Admin => Severity::High,
        _ => Severity::Medium,
    },
    why: "Data trace writes bodies, headers and tokens of every request into the log: card and health data in a place \
          that nobody guards like a database. Only a scanner of templates looks for it (also known as C21).",
    logic: "Per stage of a REST or WebSocket API: fail when dataTraceEnabled is true in the settings that rule any \
            served route; the finding names those routes, and its severity is that of the most sensitive audience \
            among them.",
    remedy: "Switch data trace off; keep the log level at ERROR. What is in the log already has to be deleted by hand.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/*/*/logging/dataTrace,value=false --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["3.3.1", "3.5.1"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            if scene.inventory.api.kind == ApiKind::Http {
                bench.stage(scene, &stage.name, &routes, Outcome::NotApplicable("HTTP APIs have no data trace"));
                continue;
            }
            let mut traced: Vec<&Route> = Vec::new();
            let outcome = scene.stage_part(&stage.name).map(|part| {
                let of = |route: &Route| {
                    route_settings(route.api_kind, &part, &route.method, &route.path).get("dataTraceEnabled")
                };
                traced = routes.iter().copied().filter(|route| of(route).is_true()).collect();
                let cited = traced.first().or(routes.first()).map(|route| of(route));
                let actual = match traced.len() {
                    0 => "off for every route".to_owned(),
                    count => format!("on for {} of {}", count, counted(routes.len(), "route")),
                };
                Outcome::holds(traced.is_empty(), Facts::new("data trace off", actual).cite_some(cited.as_ref()))
            });
            bench.stage(scene, &stage.name, if traced.is_empty() { &routes } else { &traced }, or_unknown(outcome));
        }
    }),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::json;

    #[test]
    fn bodies_stay_out() {
        let with = |on: bool| {
            Kit::rest()
                .audience("checkout")
                .route("POST /pay", "CUSTOM")
                .stage(json!({ "methodSettings": { "*/*": { "dataTraceEnabled": on } } }))
        };
        table(
            "G13",
            vec![
                ("off", with(false), Pass),
                ("on", with(true), Fail),
                ("never set", Kit::rest().route("GET /a", "NONE"), Pass),
                ("denied", with(true).denied("GetStages"), Unknown),
                ("HTTP", Kit::http().route("GET /a", "NONE"), NotApplicable),
            ],
        );
        assert_eq!(with(true).ask("G13")[0].severity, Severity::High);
    }
}
