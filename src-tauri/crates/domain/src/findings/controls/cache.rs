//! Responses kept by the gateway.

use super::{by_exposure, or_unknown};
use crate::{
    api::ApiKind,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Mappings, Rule, Scope},
        documents::route_settings,
    },
    route::Route,
};

/// Encryption of cached responses.
pub(in crate::findings) static CACHE_ENCRYPTED: Control = Control {
    id: "C9",
    title: "Cached responses are encrypted",
    scope: Scope::Stage,
    severity: by_exposure,
    why: "The cache holds what backends answered, other people's orders included. Scanners pass a stage as soon as one \
          cached method is encrypted, and fail stages that cache nothing.",
    logic: "Per stage of a REST API with cacheClusterEnabled: fail when any served route has cachingEnabled and not \
            cacheDataEncrypted; the finding names those routes. Not applicable without a cache.",
    remedy: "Encrypt the cache of all methods.",
    commands: &[
        "aws apigateway update-stage --rest-api-id {api} --stage-name {stage} --patch-operations op=replace,path=/*/*/caching/dataEncrypted,value=true --region {region}",
    ],
    operation: None,
    mappings: Mappings {
        security_hub: &["APIGateway.5"],
        pci: &["3.5.1", "8.3.2"],
        prowler: &["apigateway_restapi_cache_encrypted"],
    },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            if scene.inventory.api.kind != ApiKind::Rest {
                bench.stage(scene, &stage.name, &routes, Outcome::NotApplicable("only REST APIs cache"));
                continue;
            }
            let mut plain: Vec<&Route> = Vec::new();
            let outcome = scene.stage_part(&stage.name).map(|part| {
                if !part.get("cacheClusterEnabled").is_true() {
                    return Outcome::NotApplicable("nothing is cached");
                }
                let of = |route: &Route| route_settings(route.api_kind, &part, &route.method, &route.path);
                let cached: Vec<&Route> =
                    routes.iter().copied().filter(|route| of(route).get("cachingEnabled").is_true()).collect();
                plain = cached.iter().copied().filter(|route| !of(route).get("cacheDataEncrypted").is_true()).collect();
                let Some(first) = plain.first().or(cached.first()) else {
                    return Outcome::NotApplicable("no method is cached");
                };
                let actual = format!("{} of {} cached routes are not encrypted", plain.len(), cached.len());
                let facts =
                    Facts::new("every cached response encrypted", actual).cite(&of(first).get("cacheDataEncrypted"));
                Outcome::holds(plain.is_empty(), facts)
            });
            bench.stage(scene, &stage.name, if plain.is_empty() { &routes } else { &plain }, or_unknown(outcome));
        }
    }),
};

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::json;

    #[test]
    fn cached_responses() {
        let with = |cluster: bool, settings: serde_json::Value| {
            Kit::rest()
                .route("GET /a", "NONE")
                .route("GET /b", "NONE")
                .stage(json!({ "cacheClusterEnabled": cluster, "methodSettings": settings }))
        };
        let (open, closed) = (
            json!({ "cachingEnabled": true, "cacheDataEncrypted": false }),
            json!({ "cachingEnabled": true, "cacheDataEncrypted": true }),
        );
        table(
            "C9",
            vec![
                ("encrypted", with(true, json!({ "*/*": closed })), Pass),
                ("in the clear", with(true, json!({ "*/*": open })), Fail),
                (
                    "one encrypted method does not pass the other",
                    with(true, json!({ "~1a/GET": closed, "~1b/GET": open })),
                    Fail,
                ),
                ("no cache at all", with(false, json!({ "*/*": open })), NotApplicable),
                ("denied", with(true, json!({ "*/*": open })).denied("GetStages"), Unknown),
            ],
        );
    }
}
