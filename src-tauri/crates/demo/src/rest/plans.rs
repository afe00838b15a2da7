//! Usage plans and their keys.

use serde_json::{Value, json};

use super::{
    Call, RestApis,
    patch::{Op, Patch, patches, unescape},
    state::{bad_request, copy, list, not_found, set, text},
};
use crate::services::{Around, Outcome, Refusal};

const UNKNOWN_PLAN: &str = "Invalid Usage Plan ID specified";

impl RestApis {
    pub(super) fn plan_operation(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let id = call.path("plan").to_owned();
        match call.found.operation {
            "CreateUsagePlan" => self.create_usage_plan(call, around),
            "GetUsagePlans" => {
                let key = call.query.get("keyId");
                let holds = |plan: &str| {
                    key.is_none_or(|key| {
                        self.plan_keys.get(plan).is_some_and(|keys| keys.iter().any(|other| other == key))
                    })
                };
                let plans: Vec<&Value> = self.plans.iter().filter(|(id, _)| holds(id)).map(|(_, plan)| plan).collect();
                list(&plans, &call.query)
            }
            "GetUsagePlan" => self.plan(&id).map(|plan| (200, with_tags(plan))),
            "UpdateUsagePlan" => {
                let list = patches("UpdateUsagePlan", call.body)?;
                let mut plan = self.plan(&id)?.clone();
                for patch in &list {
                    self.patch_plan(&id, &mut plan, patch)?;
                }
                self.plans.insert(id, plan.clone());
                Ok((200, with_tags(&plan)))
            }
            "DeleteUsagePlan" => {
                let plan = self.plan(&id)?;
                if plan.get("apiStages").and_then(Value::as_array).is_some_and(|stages| !stages.is_empty()) {
                    let message = format!("Cannot delete Usage Plan {id} because it has associated API stages");
                    return Err(bad_request(message));
                }
                self.plans.shift_remove(&id);
                self.plan_keys.remove(&id);
                Ok((202, Value::Null))
            }
            operation => Err(Refusal::not_implemented("apigateway", operation)),
        }
    }

    fn create_usage_plan(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let body = call.body;
        if text(body, "name").is_empty() {
            return Err(bad_request("Usage Plan name is required"));
        }
        let id = (around.id)(6);
        let mut plan = json!({ "id": id, "name": text(body, "name") });
        copy(body, &mut plan, &["description"]);
        set(&mut plan, "apiStages", json!([]));
        let stages = body.get("apiStages").and_then(Value::as_array).cloned().unwrap_or_default();
        for stage in stages {
            let name = format!("{}:{}", text(&stage, "apiId"), text(&stage, "stage"));
            self.check_stage(&id, &name)?;
            push_stage(&mut plan, &stage);
        }
        copy(body, &mut plan, &["throttle", "quota", "productCode"]);
        if let Some(quota) = plan.get_mut("quota")
            && quota.get("offset").is_none()
        {
            set(quota, "offset", json!(0));
        }
        if let Some(tags) = body.get("tags").filter(|tags| tags.as_object().is_some_and(|tags| !tags.is_empty())) {
            set(&mut plan, "tags", tags.clone());
        }
        self.plans.insert(id, plan.clone());
        Ok((201, plan))
    }

    pub(super) fn plan(&self, id: &str) -> Result<&Value, Refusal> {
        self.plans.get(id).ok_or_else(|| not_found(UNKNOWN_PLAN))
    }

    fn check_stage(&self, plan: &str, name: &str) -> Result<(), Refusal> {
        let (api, stage) = name.split_once(':').ok_or_else(|| bad_request("Invalid API Stage specified"))?;
        if self.apis.get(api).is_some_and(|api| api.stages.contains_key(stage)) {
            return Ok(());
        }
        Err(not_found(format!("Invalid API Stage {{api: {api}, stage: {stage}}} specified for usageplan {plan}")))
    }

    fn patch_plan(&self, id: &str, plan: &mut Value, patch: &Patch) -> Result<(), Refusal> {
        let tokens: Vec<&str> = patch.path.trim_start_matches('/').split('/').collect();
        let value = patch.value.clone().unwrap_or_default();
        let refused = || bad_request(format!("Invalid patch path {}", patch.path));
        match (patch.op, tokens.as_slice()) {
            (Op::Replace, [member @ ("name" | "description" | "productCode")]) => set(plan, member, json!(value)),
            (Op::Remove, [member @ ("throttle" | "quota" | "productCode")]) => set(plan, member, Value::Null),
            (Op::Add | Op::Replace, ["throttle", member]) => {
                set_limit(plan, "throttle", member, &value).ok_or_else(refused)?;
            }
            (Op::Add | Op::Replace, ["quota", member @ ("limit" | "offset")]) => {
                let number = value.parse::<i64>().map_err(|_| refused())?;
                member_of(plan, "quota", member, json!(number));
                default_offset(plan);
            }
            (Op::Add | Op::Replace, ["quota", "period"]) => {
                if !["DAY", "WEEK", "MONTH"].contains(&value.as_str()) {
                    return Err(bad_request("Invalid Quota Period specified"));
                }
                member_of(plan, "quota", "period", json!(value));
                default_offset(plan);
            }
            (Op::Add, ["apiStages"]) => {
                self.check_stage(id, &value)?;
                let (api, stage) = value.split_once(':').unwrap_or_default();
                let taken = stages(plan).any(|other| text(other, "apiId") == api && text(other, "stage") == stage);
                if !taken {
                    push_stage(plan, &json!({ "apiId": api, "stage": stage }));
                }
            }
            (Op::Remove, ["apiStages"]) => {
                if value.is_empty() {
                    return Err(bad_request("Invalid API Stage specified"));
                }
                stage_of(plan, id, &value)?;
                if let Some(list) = plan.get_mut("apiStages").and_then(Value::as_array_mut) {
                    list.retain(|stage| format!("{}:{}", text(stage, "apiId"), text(stage, "stage")) != value);
                }
            }
            (op, ["apiStages", name, "throttle", rest @ ..]) => {
                let stage = stage_of(plan, id, name)?;
                method_throttle(stage, op, rest, &value).ok_or_else(refused)?;
            }
            _ => return Err(refused()),
        }
        Ok(())
    }

    pub(super) fn plan_key_operation(&mut self, call: &Call<'_>) -> Outcome {
        let plan = call.path("plan").to_owned();
        match call.found.operation {
            // An unknown plan has no keys, and no error: recorded.
            "GetUsagePlanKeys" => {
                let ids = self.plan_keys.get(&plan).cloned().unwrap_or_default();
                let wanted = call.query.get("name").unwrap_or_default();
                let keys: Vec<Value> = ids
                    .iter()
                    .filter_map(|id| self.keys.get(id))
                    .filter(|key| text(key, "name").starts_with(wanted))
                    .map(plan_key)
                    .collect();
                list(&keys.iter().collect::<Vec<_>>(), &call.query)
            }
            "CreateUsagePlanKey" => {
                self.plan(&plan)?;
                let id = text(call.body, "keyId").to_owned();
                let key = self.keys.get(&id).ok_or_else(|| not_found("Invalid API Key identifier specified"))?;
                let document = plan_key(key);
                self.one_plan_per_stage(&plan, &id)?;
                let ids = self.plan_keys.entry(plan).or_default();
                if ids.contains(&id) {
                    return Err(Refusal::new(409, "ConflictException", "Usage Plan Key already exists"));
                }
                ids.push(id);
                Ok((201, document))
            }
            operation => {
                let id = call.path("key").to_owned();
                let held = self.plan_keys.get(&plan).is_some_and(|ids| ids.contains(&id));
                let key = self
                    .keys
                    .get(&id)
                    .filter(|_| held)
                    .ok_or_else(|| not_found("Invalid Usage Plan Key identifier specified"))?;
                if operation == "GetUsagePlanKey" {
                    return Ok((200, plan_key(key)));
                }
                if let Some(ids) = self.plan_keys.get_mut(&plan) {
                    ids.retain(|other| *other != id);
                }
                Ok((202, Value::Null))
            }
        }
    }

    /// A key may be in several plans, but for one stage only in one.
    fn one_plan_per_stage(&self, plan: &str, key: &str) -> Result<(), Refusal> {
        let names = |plan: &str| -> Vec<String> {
            let stages =
                self.plans.get(plan).and_then(|plan| plan.get("apiStages")?.as_array().cloned()).unwrap_or_default();
            stages.iter().map(|stage| format!("{}:{}", text(stage, "apiId"), text(stage, "stage"))).collect()
        };
        let wanted = names(plan);
        let others = self.plan_keys.iter().filter(|(other, keys)| *other != plan && keys.iter().any(|id| id == key));
        for (other, _) in others {
            if names(other).iter().any(|stage| wanted.contains(stage)) {
                return Err(Refusal::new(
                    409,
                    "ConflictException",
                    format!("Key {key} is already subscribed to a usage plan for one of the stages of {plan}"),
                ));
            }
        }
        Ok(())
    }
}

/// GetUsagePlanKeys always gives the value: recorded.
fn plan_key(key: &Value) -> Value {
    let mut document = json!({ "id": text(key, "id"), "type": "API_KEY" });
    copy(key, &mut document, &["value", "name"]);
    document
}

/// Create and list answers have no `tags` when there are none; get and update have an empty map: recorded.
fn with_tags(plan: &Value) -> Value {
    let mut plan = plan.clone();
    if plan.get("tags").is_none() {
        set(&mut plan, "tags", json!({}));
    }
    plan
}

fn stages(plan: &Value) -> impl Iterator<Item = &Value> {
    plan.get("apiStages").and_then(Value::as_array).into_iter().flatten()
}

fn push_stage(plan: &mut Value, stage: &Value) {
    if let Some(list) = plan.get_mut("apiStages").and_then(Value::as_array_mut) {
        list.push(stage.clone());
    }
}

fn stage_of<'a>(plan: &'a mut Value, id: &str, name: &str) -> Result<&'a mut Value, Refusal> {
    let (api, stage) = name.split_once(':').ok_or_else(|| bad_request("Invalid API Stage specified"))?;
    plan.get_mut("apiStages")
        .and_then(Value::as_array_mut)
        .and_then(|list| list.iter_mut().find(|other| text(other, "apiId") == api && text(other, "stage") == stage))
        .ok_or_else(|| {
            not_found(format!("Invalid API Stage {{api: {api}, stage: {stage}}} specified for usageplan {id}"))
        })
}

fn member_of(document: &mut Value, member: &str, key: &str, value: Value) {
    if !document.get(member).is_some_and(Value::is_object) {
        set(document, member, json!({}));
    }
    if let Some(map) = document.get_mut(member) {
        set(map, key, value);
    }
}

fn set_limit(document: &mut Value, member: &str, half: &str, value: &str) -> Option<()> {
    let number = match half {
        "rateLimit" => json!(value.parse::<f64>().ok()?),
        "burstLimit" => json!(value.parse::<i64>().ok()?),
        _ => return None,
    };
    member_of(document, member, half, number);
    Some(())
}

/// `throttle`, `throttle/{path}/{METHOD}`, `throttle/{path}/{METHOD}/rateLimit` of a plan's stage. The path is one
/// escaped token, or raw as Terraform sends it.
fn method_throttle(stage: &mut Value, op: Op, rest: &[&str], value: &str) -> Option<()> {
    match (op, rest) {
        (Op::Remove, []) => set(stage, "throttle", Value::Null),
        (Op::Add | Op::Replace, []) => {
            let map: Value = serde_json::from_str(value).ok().filter(Value::is_object)?;
            set(stage, "throttle", map);
        }
        (op, [path @ .., last]) => {
            let (path, method, half) = match *last {
                "rateLimit" | "burstLimit" => (&path[..path.len().checked_sub(1)?], *path.last()?, Some(*last)),
                method => (path, method, None),
            };
            let path = match path {
                [token] if token.contains("~1") || !token.contains('/') && !token.is_empty() => unescape(token),
                raw => raw.join("/"),
            };
            let key = format!("/{}/{method}", path.trim_start_matches('/'));
            if !stage.get("throttle").is_some_and(Value::is_object) {
                set(stage, "throttle", json!({}));
            }
            let throttle = stage.get_mut("throttle")?;
            match (op, half) {
                (Op::Remove, None) => {
                    throttle.as_object_mut()?.shift_remove(&key)?;
                }
                (Op::Add | Op::Replace, Some(half)) => set_limit(throttle, &key, half, value)?,
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(())
}

/// A quota always has an offset in AWS's answers.
fn default_offset(plan: &mut Value) {
    if let Some(quota) = plan.get_mut("quota")
        && quota.get("offset").is_none()
    {
        set(quota, "offset", json!(0));
    }
}
