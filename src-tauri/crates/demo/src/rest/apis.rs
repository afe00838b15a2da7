//! APIs themselves.

use serde_json::{Map, Value, json};

use super::{
    Call, RestApi, RestApis,
    keys::with_tags,
    parts::default_models,
    patch::{Op, Patch, REST_API, apply, patches},
    state::{bad_request, copy, list, not_found, set, text},
};
use crate::services::{Around, Outcome, Refusal};

impl RestApis {
    pub(super) fn create_rest_api(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let body = call.body;
        if text(body, "name").is_empty() {
            return Err(bad_request("API name is required"));
        }
        if body.get("description").and_then(Value::as_str) == Some("") {
            return Err(bad_request("Description cannot be an empty string"));
        }
        check_address(body)?;
        let (id, root) = ((around.id)(10), (around.id)(10));
        let types = body.pointer("/endpointConfiguration/types").cloned().unwrap_or_else(|| json!(["EDGE"]));
        let private = types.as_array().is_some_and(|types| types.contains(&json!("PRIVATE")));
        let mut endpoint = json!({ "types": types, "ipAddressType": if private { "dualstack" } else { "ipv4" } });
        if let Some(given) = body.get("endpointConfiguration") {
            copy(given, &mut endpoint, &["vpcEndpointIds", "ipAddressType"]);
        }
        let mut document = json!({
            "id": id,
            "name": text(body, "name"),
            "createdDate": around.now.as_second(),
            "apiKeySource": "HEADER",
            "endpointConfiguration": endpoint,
            "disableExecuteApiEndpoint": false,
            "rootResourceId": root,
        });
        copy(
            body,
            &mut document,
            &[
                "description",
                "version",
                "binaryMediaTypes",
                "minimumCompressionSize",
                "apiKeySource",
                "policy",
                "disableExecuteApiEndpoint",
            ],
        );
        if let Some(tags) = body.get("tags").filter(|tags| tags.as_object().is_some_and(|tags| !tags.is_empty())) {
            set(&mut document, "tags", tags.clone());
        }
        let mut api = RestApi { document: document.clone(), ..RestApi::default() };
        api.resources.insert(root.clone(), json!({ "id": root, "path": "/" }));
        for model in default_models(&id) {
            api.models.insert(text(&model, "name").to_owned(), model);
        }
        self.apis.insert(id, api);
        Ok((201, document))
    }

    pub(super) fn get_rest_apis(&self, call: &Call<'_>) -> Outcome {
        let documents: Vec<&Value> = self.apis.values().map(|api| &api.document).collect();
        list(&documents, &call.query)
    }

    pub(super) fn update_rest_api(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        let list = patches("UpdateRestApi", call.body)?;
        list.iter().try_for_each(check_endpoint_patch)?;
        let before = types_of(&api.document);
        let mut patched = apply(&api.document, &list, &REST_API)?;
        let now_private = types_of(&patched).contains(&"PRIVATE".to_owned());
        if let Some(endpoint) = patched.get_mut("endpointConfiguration").filter(|_| now_private) {
            // A type that becomes private brings its own kind of address along: recorded.
            if !before.contains(&"PRIVATE".to_owned()) {
                set(endpoint, "ipAddressType", json!("dualstack"));
            } else if text(endpoint, "ipAddressType") != "dualstack" {
                return Err(bad_request(PRIVATE_ADDRESS));
            }
        }
        api.document = patched;
        Ok((200, with_tags(api.document.clone())))
    }

    /// Makes room for a definition: whatever it will bring is taken away first when it overwrites. Stages and deployments
    /// stay, as does the id of the root.
    pub(crate) fn prepare_import(&mut self, id: &str, overwrite: bool, described: &Map<String, Value>) {
        let Some(api) = self.apis.get_mut(id) else { return };
        if !overwrite {
            return;
        }
        api.resources.retain(|_, resource| text(resource, "path") == "/");
        api.resources.values_mut().for_each(|root| set(root, "resourceMethods", Value::Null));
        for documents in [&mut api.authorizers, &mut api.validators, &mut api.models, &mut api.gateway_responses] {
            documents.clear();
        }
        for (member, value) in described {
            if member != "endpointConfiguration" {
                set(&mut api.document, member, value.clone());
            }
        }
    }

    pub(super) fn delete_rest_api(&mut self, call: &Call<'_>) -> Outcome {
        let id = call.path("api").to_owned();
        self.api(&id)?;
        self.apis.shift_remove(&id);
        for plan in self.plans.values_mut() {
            if let Some(stages) = plan.get_mut("apiStages").and_then(Value::as_array_mut) {
                stages.retain(|stage| text(stage, "apiId") != id);
            }
        }
        Ok((202, Value::Null))
    }
}

const PRIVATE_ADDRESS: &str = "Only dualstack ipAddressType is supported for Private APIs.";

/// What a new API may say of its addresses.
fn check_address(body: &Value) -> Result<(), Refusal> {
    let Some(kind) = body.pointer("/endpointConfiguration/ipAddressType").and_then(Value::as_str) else {
        return Ok(());
    };
    if !matches!(kind, "ipv4" | "dualstack") {
        return Err(Refusal::new(
            400,
            "ValidationException",
            format!(
                "1 validation error detected: Value '{kind}' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy constraint: Member must satisfy enum value set: [ipv4, dualstack]"
            ),
        ));
    }
    if kind == "ipv4" && types_of(body).contains(&"PRIVATE".to_owned()) {
        return Err(bad_request(PRIVATE_ADDRESS));
    }
    Ok(())
}

/// Of the two members of an endpoint configuration AWS refuses in words of their own: recorded.
fn check_endpoint_patch(patch: &Patch) -> Result<(), Refusal> {
    let value = patch.value.as_deref().unwrap_or_default();
    if patch.path == "/endpointConfiguration/ipAddressType" {
        return match patch.op {
            Op::Replace if matches!(value, "ipv4" | "dualstack") => Ok(()),
            Op::Replace => Err(bad_request("ipAddressType must be either ipv4 or dualstack.")),
            _ => Err(bad_request("Invalid patch operation specified. Must be one of: [replace]")),
        };
    }
    if patch.path.starts_with("/endpointConfiguration/types") {
        return match patch.op {
            Op::Copy => Err(bad_request("Invalid patch operation specified. Must be 'add'|'remove'|'replace'")),
            Op::Remove => Ok(()),
            _ if matches!(value, "REGIONAL" | "EDGE" | "PRIVATE") => Ok(()),
            _ => Err(bad_request("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE")),
        };
    }
    Ok(())
}

fn types_of(document: &Value) -> Vec<String> {
    let types = document.pointer("/endpointConfiguration/types").and_then(Value::as_array);
    types.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

impl RestApi {
    pub(super) fn stage(&mut self, name: &str) -> Result<&mut Value, Refusal> {
        self.stages.get_mut(name).ok_or_else(|| not_found("Invalid stage identifier specified"))
    }
}
