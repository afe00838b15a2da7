//! The parts of AWS's answers that concern one route.

use portcullis_domain::{api::Stage, route::Route};
use serde_json::Value;

use crate::route_get::RawDocument;

type Answers = [(String, String, String)];

/// Every part that is found. Values of stage variables are not shown: people keep secrets in them.
pub(crate) fn of(route: &Route, stage: &Stage, answers: &Answers) -> Vec<RawDocument> {
    let mut documents = Vec::new();
    for (call, of, text) in answers {
        let Ok(answer) = serde_json::from_str::<Value>(text) else { continue };
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
        let Some(mut found) = answer.pointer(&pointer).cloned() else { continue };
        hide_variables(&mut found);
        let Ok(json) = serde_json::to_string_pretty(&found) else { continue };
        documents.push(RawDocument { title: title.to_owned(), call: call.clone(), pointer, json });
    }
    documents
}

fn hide_variables(document: &mut Value) {
    for pointer in ["/variables", "/stageVariables", "/canarySettings/stageVariableOverrides"] {
        if let Some(variables) = document.pointer_mut(pointer).and_then(Value::as_object_mut) {
            variables.values_mut().for_each(|value| *value = Value::String("[redacted]".to_owned()));
        }
    }
}
