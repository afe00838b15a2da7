//! Stages: create, list, read, delete. Their patches are in `stage_patch`.

use serde_json::{Value, json};

use super::{
    Call, RestApi, RestApis,
    patch::patches,
    stage_patch,
    state::{bad_request, copy, set, text},
};
use crate::services::{Around, Outcome, Refusal};

/// A stage as AWS gives it back right after it was created.
pub(super) fn new_stage(given: &Value, around: &Around<'_>) -> Value {
    let now = around.now.as_second();
    let mut stage = json!({ "deploymentId": text(given, "deploymentId") });
    copy(given, &mut stage, &["clientCertificateId"]);
    set(&mut stage, "stageName", json!(text(given, "stageName")));
    copy(given, &mut stage, &["description"]);
    let cache = given.get("cacheClusterEnabled").and_then(Value::as_bool).unwrap_or(false);
    set(&mut stage, "cacheClusterEnabled", json!(cache));
    copy(given, &mut stage, &["cacheClusterSize"]);
    set(&mut stage, "cacheClusterStatus", json!(if cache { "CREATE_IN_PROGRESS" } else { "NOT_AVAILABLE" }));
    set(&mut stage, "methodSettings", json!({}));
    copy(given, &mut stage, &["variables", "documentationVersion", "canarySettings"]);
    set(&mut stage, "tracingEnabled", json!(given.get("tracingEnabled").and_then(Value::as_bool).unwrap_or(false)));
    if let Some(tags) = given.get("tags").filter(|tags| tags.as_object().is_some_and(|tags| !tags.is_empty())) {
        set(&mut stage, "tags", tags.clone());
    }
    if let Some(canary) = stage.get_mut("canarySettings") {
        let cache = canary.get("useStageCache").and_then(Value::as_bool).unwrap_or(false);
        let percent = canary.get("percentTraffic").and_then(Value::as_f64).unwrap_or(0.0);
        set(canary, "useStageCache", json!(cache));
        set(canary, "percentTraffic", json!(percent));
        // CloudFormation's stages may leave it out; AWS was seen to fill in the stage's own.
        if canary.get("deploymentId").is_none() {
            set(canary, "deploymentId", json!(text(given, "deploymentId")));
        }
    }
    set(&mut stage, "createdDate", json!(now));
    set(&mut stage, "lastUpdatedDate", json!(now));
    stage
}

impl RestApis {
    pub(super) fn create_stage(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let body = call.body;
        let name = text(body, "stageName").to_owned();
        let api = self.api(call.path("api"))?;
        if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter)) {
            return Err(bad_request("Stage name only allows a-zA-Z0-9_-"));
        }
        api.deployment_exists(text(body, "deploymentId"))?;
        if let Some(id) = body.pointer("/canarySettings/deploymentId").and_then(Value::as_str) {
            api.deployment_exists(id)?;
        }
        if api.stages.contains_key(&name) {
            return Err(Refusal::new(409, "ConflictException", "Stage already exists"));
        }
        let stage = new_stage(body, around);
        api.stages.insert(name, stage.clone());
        Ok((201, stage))
    }

    pub(super) fn get_stages(&mut self, call: &Call<'_>, around: &Around<'_>) -> Outcome {
        let api_id = call.path("api").to_owned();
        let wanted = call.query.get("deploymentId");
        let api = self.api(&api_id)?;
        let stages: Vec<Value> = api
            .stages
            .values()
            .filter(|stage| wanted.is_none_or(|id| text(stage, "deploymentId") == id))
            .map(|stage| shown(stage, &api_id, call, around))
            .collect();
        Ok((200, json!({ "item": stages })))
    }

    pub(super) fn get_stage(&mut self, call: &Call<'_>, around: &Around<'_>) -> Outcome {
        let api_id = call.path("api").to_owned();
        let stage = self.api(&api_id)?.stage(call.path("stage"))?;
        Ok((200, shown(stage, &api_id, call, around)))
    }

    pub(super) fn update_stage(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let list = patches("UpdateStage", call.body)?;
        let api_id = call.path("api").to_owned();
        let api = self.api(&api_id)?;
        let before = api.stage(call.path("stage"))?.clone();
        let mut after = stage_patch::apply(&before, &list, &|id| api.deployments.contains_key(id))?;
        set(&mut after, "lastUpdatedDate", json!(around.now.as_second()));
        let stage = api.stage(call.path("stage"))?;
        *stage = after;
        Ok((200, shown(stage, &api_id, call, around)))
    }

    pub(super) fn delete_stage(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        api.stage(call.path("stage"))?;
        api.stages.shift_remove(call.path("stage"));
        Ok((202, Value::Null))
    }
}

/// A stage with its web ACL, which WAF knows and the stage only shows.
fn shown(stage: &Value, api_id: &str, call: &Call<'_>, around: &Around<'_>) -> Value {
    let mut stage = stage.clone();
    let arn = format!("arn:aws:apigateway:{}::/restapis/{api_id}/stages/{}", around.region, text(&stage, "stageName"));
    if let Some(acl) = (call.web_acl_of)(&arn) {
        set(&mut stage, "webAclArn", json!(acl));
    }
    stage
}

impl RestApi {
    pub(super) fn deployment_exists(&self, id: &str) -> Result<(), Refusal> {
        if self.deployments.contains_key(id) { Ok(()) } else { Err(bad_request("Deployment id does not exist")) }
    }
}
