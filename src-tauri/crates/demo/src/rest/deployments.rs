//! Deployments: what the draft was when somebody deployed it.

use serde_json::{Map, Value, json};

use super::{
    Call, Deployment, RestApi, RestApis,
    patch::{DEPLOYMENT, apply, patches},
    stages::new_stage,
    state::{Frozen, bad_request, copy, list, not_found, set, text},
};
use crate::services::{Around, Outcome};

impl RestApis {
    pub(super) fn create_deployment(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let body = call.body;
        let api = self.api(call.path("api"))?;
        let stage_name = body.get("stageName").and_then(Value::as_str);
        let canary = body.get("canarySettings");
        // The three texts are as recorded, the missing space after the first full stop included.
        if canary.is_some() {
            match stage_name {
                None | Some("") => {
                    let provided = stage_name.map_or("null", |name| name);
                    return Err(bad_request(format!(
                        "Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is {provided}"
                    )));
                }
                Some(name) if !api.stages.contains_key(name) => {
                    return Err(bad_request(format!(
                        "Invalid deployment content specified.Stage {name} must already be created before making a canary release deployment"
                    )));
                }
                Some(_) => {}
            }
        }
        let summary = api.summary();
        if summary.as_object().is_none_or(Map::is_empty) {
            return Err(bad_request("The REST API doesn't contain any methods"));
        }
        let missing = api.method_without_integration();
        if missing {
            return Err(bad_request("No integration defined for method"));
        }
        let id = (around.id)(6);
        let mut document = json!({ "id": id, "createdDate": around.now.as_second() });
        copy(body, &mut document, &["description"]);
        let frozen = Frozen {
            resources: api.resources.clone(),
            authorizers: api.authorizers.clone(),
            validators: api.validators.clone(),
            models: api.models.clone(),
        };
        let frozen = Some(Box::new(frozen));
        api.deployments.insert(id.clone(), Deployment { document: document.clone(), summary, frozen });
        let Some(name) = stage_name.filter(|name| !name.is_empty()) else { return Ok((201, document)) };
        match (canary, api.stages.contains_key(name)) {
            (Some(settings), _) => {
                let mut attached = json!({
                    "deploymentId": id,
                    "percentTraffic": settings.get("percentTraffic").and_then(Value::as_f64).unwrap_or(0.0),
                    "useStageCache": settings.get("useStageCache").and_then(Value::as_bool).unwrap_or(false),
                });
                copy(settings, &mut attached, &["stageVariableOverrides"]);
                let stage = api.stage(name)?;
                set(stage, "canarySettings", attached);
                set(stage, "lastUpdatedDate", json!(around.now.as_second()));
            }
            (None, true) => {
                let stage = api.stage(name)?;
                set(stage, "deploymentId", json!(id));
                set(stage, "lastUpdatedDate", json!(around.now.as_second()));
            }
            (None, false) => {
                let mut given = json!({ "stageName": name, "deploymentId": id });
                copy(body, &mut given, &["variables", "tracingEnabled", "cacheClusterEnabled", "cacheClusterSize"]);
                if let Some(description) = body.get("stageDescription") {
                    set(&mut given, "description", description.clone());
                }
                api.stages.insert(name.to_owned(), new_stage(&given, around));
            }
        }
        Ok((201, document))
    }

    pub(super) fn get_deployments(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        list(&api.deployments.values().map(|deployment| &deployment.document).collect::<Vec<_>>(), &call.query)
    }

    pub(super) fn get_deployment(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        let deployment = api.deployments.get(call.path("id")).ok_or_else(unknown)?;
        let mut document = deployment.document.clone();
        if call.query.all("embed").any(|embed| embed == "apisummary") {
            set(&mut document, "apiSummary", deployment.summary.clone());
        }
        Ok((200, document))
    }

    pub(super) fn update_deployment(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        let deployment = api.deployments.get_mut(call.path("id")).ok_or_else(unknown)?;
        deployment.document = apply(&deployment.document, &patches("UpdateDeployment", call.body)?, &DEPLOYMENT)?;
        Ok((200, deployment.document.clone()))
    }

    pub(super) fn delete_deployment(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        let id = call.path("id");
        if !api.deployments.contains_key(id) {
            return Err(unknown());
        }
        let used = api.stages.values().any(|stage| {
            text(stage, "deploymentId") == id
                || stage.pointer("/canarySettings/deploymentId").and_then(Value::as_str) == Some(id)
        });
        if used {
            return Err(bad_request("Active stages pointing to this deployment must be moved or deleted"));
        }
        api.deployments.shift_remove(id);
        Ok((202, Value::Null))
    }
}

fn unknown() -> crate::services::Refusal {
    not_found("Invalid Deployment identifier specified")
}

impl RestApi {
    /// `apiSummary` of the draft as it is now.
    pub(crate) fn summary(&self) -> Value {
        let mut paths = Map::new();
        for resource in self.resources.values() {
            let Some(methods) = resource.get("resourceMethods").and_then(Value::as_object) else { continue };
            let summary: Map<String, Value> = methods
                .iter()
                .map(|(name, method)| {
                    let mut summary = json!({});
                    copy(method, &mut summary, &["authorizationType", "apiKeyRequired"]);
                    (name.clone(), summary)
                })
                .collect();
            if !summary.is_empty() {
                paths.insert(text(resource, "path").to_owned(), Value::Object(summary));
            }
        }
        Value::Object(paths)
    }

    fn method_without_integration(&self) -> bool {
        self.resources
            .values()
            .filter_map(|resource| resource.get("resourceMethods")?.as_object())
            .flat_map(Map::values)
            .any(|method| method.get("methodIntegration").is_none())
    }
}
