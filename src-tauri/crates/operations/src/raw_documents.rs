//! The parts of AWS's answers that concern one route.

use portcullis_domain::{api::Stage, route::Route};
use portcullis_store::Answer;
use serde_json::Value;

use crate::route_get::RawDocument;

/// Every part that is found. Secrets were taken out before the answers were kept: see [`crate::redaction`].
pub(crate) fn of(route: &Route, stage: &Stage, answers: &[Answer]) -> Vec<RawDocument> {
    let mut documents = Vec::new();
    let mut integration = None;
    for Answer { call, of, json } in answers {
        let Ok(answer) = serde_json::from_str::<Value>(json) else { continue };
        let operation = call.split(':').nth(1).unwrap_or_default();
        let list = answer.get("item").or_else(|| answer.get("items")).and_then(Value::as_array);
        let member = if answer.get("item").is_some() { "item" } else { "items" };
        let at = |matches: &dyn Fn(&Value) -> bool| {
            list.and_then(|list| list.iter().position(matches)).map(|index| format!("/{member}/{index}"))
        };
        let is = |value: &Value, name: &str, wanted: &str| value.get(name).and_then(Value::as_str) == Some(wanted);
        let (title, pointer) = match operation {
            "GetResources" => (
                "Method",
                at(&|resource| is(resource, "path", &route.path))
                    .map(|pointer| format!("{pointer}/resourceMethods/{}", route.method)),
            ),
            "GetRoutes" => {
                ("Route", at(&|found| route.resource_id.as_deref().is_some_and(|id| is(found, "routeId", id))))
            }
            // `GetRoutes` comes first: its `target` is `integrations/{integrationId}`.
            "GetIntegrations" => {
                ("Integration", integration.as_deref().and_then(|id: &str| at(&|found| is(found, "integrationId", id))))
            }
            "GetStages" => ("Stage", at(&|found| is(found, "stageName", &route.stage))),
            "GetDeployment" if stage.deployment_id.as_deref() == Some(of.as_str()) => {
                let path = route.path.replace('~', "~0").replace('/', "~1");
                ("Deployment summary", Some(format!("/apiSummary/{path}/{}", route.method)))
            }
            "GetDeployment" if stage.canary.as_ref().is_some_and(|canary| *canary.deployment_id == **of) => {
                let path = route.path.replace('~', "~0").replace('/', "~1");
                ("Canary deployment summary", Some(format!("/apiSummary/{path}/{}", route.method)))
            }
            "GetAuthorizers" => {
                ("Authorizer", route.guard.authorizer.as_deref().and_then(|name| at(&|found| is(found, "name", name))))
            }
            "GetRequestValidators" => {
                ("Request validator", route.validator.as_deref().and_then(|name| at(&|found| is(found, "name", name))))
            }
            _ => continue,
        };
        let Some(pointer) = pointer else { continue };
        let Some(found) = answer.pointer(&pointer) else { continue };
        if operation == "GetRoutes" {
            let target = found.get("target").and_then(Value::as_str);
            integration = target.and_then(|target| target.strip_prefix("integrations/")).map(str::to_owned);
        }
        let Ok(json) = serde_json::to_string_pretty(found) else { continue };
        documents.push(RawDocument { title: title.to_owned(), call: call.clone(), pointer, json });
    }
    documents
}
