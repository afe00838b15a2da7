//! The tree of an API's resources.

use serde_json::{Value, json};

use super::{
    Call, RestApi, RestApis,
    patch::{RESOURCE, apply, patches},
    state::{bad_request, list, not_found, set, text},
};
use crate::services::{Around, Outcome, Refusal};

impl RestApis {
    pub(super) fn get_resources(&mut self, call: &Call<'_>) -> Outcome {
        let embed = call.query.all("embed").any(|embed| embed == "methods");
        let api = self.api(call.path("api"))?;
        let documents: Vec<&Value> = api.resources.values().collect();
        let (status, mut answer) = list(&documents, &call.query)?;
        if !embed && let Some(items) = answer.get_mut("item").and_then(Value::as_array_mut) {
            items.iter_mut().for_each(hide_methods);
        }
        Ok((status, answer))
    }

    pub(super) fn get_resource(&mut self, call: &Call<'_>) -> Outcome {
        let embed = call.query.all("embed").any(|embed| embed == "methods");
        let mut resource = self.api(call.path("api"))?.resource(call.path("resource"))?.clone();
        if !embed {
            hide_methods(&mut resource);
        }
        Ok((200, resource))
    }

    pub(super) fn create_resource(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let part = text(call.body, "pathPart").to_owned();
        let api = self.api(call.path("api"))?;
        let parent = api.resource(call.path("parent"))?;
        check_part(&part)?;
        let path = path_below(text(parent, "path"), &part);
        let parent_id = text(parent, "id").to_owned();
        check_free(api, &path, &part)?;
        let id = (around.id)(6);
        let document = json!({ "id": id, "parentId": parent_id, "pathPart": part, "path": path });
        api.resources.insert(id, document.clone());
        Ok((201, document))
    }

    pub(super) fn delete_resource(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        let path = text(api.resource(call.path("resource"))?, "path").to_owned();
        if path == "/" {
            return Err(bad_request("The root resource cannot be deleted."));
        }
        let below = format!("{path}/");
        api.resources
            .retain(|_, resource| text(resource, "path") != path && !text(resource, "path").starts_with(&below));
        Ok((202, Value::Null))
    }

    /// Another name, another parent, or both; what is below moves along.
    pub(super) fn update_resource(&mut self, call: &Call<'_>) -> Outcome {
        let api = self.api(call.path("api"))?;
        let before = api.resource(call.path("resource"))?.clone();
        let mut after = apply(&before, &patches("UpdateResource", call.body)?, &RESOURCE)?;
        let (old, part) = (text(&before, "path").to_owned(), text(&after, "pathPart").to_owned());
        check_part(&part)?;
        let parent = text(api.resource(text(&after, "parentId"))?, "path").to_owned();
        let path = path_below(&parent, &part);
        if parent == old || parent.starts_with(&format!("{old}/")) {
            return Err(bad_request("Resources cannot be cyclical."));
        }
        if path != old {
            check_free(api, &path, &part)?;
        }
        set(&mut after, "path", json!(path));
        for resource in api.resources.values_mut() {
            if let Some(below) = text(resource, "path").strip_prefix(&format!("{old}/")) {
                let moved = path_below(&path, below);
                set(resource, "path", json!(moved));
            }
        }
        *api.resource(call.path("resource"))? = after.clone();
        hide_methods(&mut after);
        Ok((200, after))
    }
}

fn check_part(part: &str) -> Result<(), Refusal> {
    let parameter = part.starts_with('{') && part.ends_with('}');
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-:~$@,+".contains(letter))
    };
    if plain(part) || parameter && plain(part.trim_matches(['{', '}'])) {
        return Ok(());
    }
    Err(bad_request(
        "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    ))
}

fn path_below(parent: &str, part: &str) -> String {
    format!("{}/{part}", parent.trim_end_matches('/'))
}

fn check_free(api: &RestApi, path: &str, part: &str) -> Result<(), Refusal> {
    if api.resources.values().all(|resource| text(resource, "path") != path) {
        return Ok(());
    }
    let message = format!("Another resource with the same parent already has this name: {part}");
    Err(Refusal::new(409, "ConflictException", message))
}

/// Without `embed=methods` a resource only names its methods.
fn hide_methods(resource: &mut Value) {
    if let Some(methods) = resource.get_mut("resourceMethods").and_then(Value::as_object_mut) {
        methods.values_mut().for_each(|method| *method = json!({}));
    }
}

impl RestApi {
    pub(super) fn resource(&mut self, id: &str) -> Result<&mut Value, Refusal> {
        self.resources.get_mut(id).ok_or_else(|| not_found("Invalid Resource identifier specified"))
    }
}
