//! What lives in a collection of an API or a domain: routes, integrations, authorizers, stages, deployments,
//! models, mappings. One way to create, read, update and delete them all, with AWS's checks of references,
//! and the deployments that a stage with `autoDeploy` makes by itself.

use serde_json::{Map, Value, json};

use super::{
    Around, Call, Documents, HttpApis, Outcome, Refusal, bad_request,
    documents::{Kind, defaults, kind, take},
    found, list, not_found, object, point,
};

impl HttpApis {
    /// Create, read, update and delete of everything that lives in a collection.
    pub(super) fn collection(&mut self, operation: &str, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let depth = call.segments.len();
        // Odd: the collection itself; even: one of its members.
        let owner_depth = if depth % 2 == 1 { depth } else { depth - 1 };
        let path = call.segments.get(..owner_depth).unwrap_or_default().join("/");
        let Some(kind) = kind(call.segment(owner_depth.saturating_sub(1))) else {
            return Err(Refusal::not_implemented("apigatewayv2", operation));
        };
        self.owner(call)?;
        if operation.starts_with("Create") {
            let created = self.create_at(&path, call.body, around)?;
            return Ok((201, Value::Object(created)));
        }
        let empty = Documents::new();
        if operation.starts_with("Get") && depth % 2 == 1 {
            return list(self.collections.get(&path).unwrap_or(&empty), call);
        }
        let id = call.segment(depth - 1).to_owned();
        if operation.starts_with("Get") && depth == owner_depth + 1 {
            return found(self.collections.get(&path).and_then(|all| all.get(&id)), kind.noun, &id);
        }
        if operation.starts_with("Update") {
            return self.update_at(&path, &id, kind, call, around);
        }
        if operation.starts_with("Delete") {
            return self.delete_at(&path, &id, kind, call, around);
        }
        Err(Refusal::not_implemented("apigatewayv2", operation))
    }

    /// The API or domain of a collection, and the route or integration of a nested one, must exist.
    fn owner(&self, call: &Call<'_>) -> Result<(), Refusal> {
        if call.segment(0) == "domainnames" {
            let name = call.segment(1);
            return self.domains.get(name).map(drop).ok_or_else(|| not_found("domain name", name));
        }
        let api = call.segment(1);
        self.api(api)?;
        if call.segments.len() >= 5 {
            let (segment, id) = (call.segment(2), call.segment(3));
            let known = self.collections.get(&format!("apis/{api}/{segment}")).is_some_and(|all| all.contains_key(id));
            if !known {
                return Err(not_found(kind(segment).map_or("resource", |kind| kind.noun), id));
            }
        }
        Ok(())
    }

    fn protocol(&self, path: &str) -> String {
        let api = path.split('/').nth(1).and_then(|id| self.apis.get(id));
        api.and_then(|api| api.get("protocolType")).and_then(Value::as_str).unwrap_or("HTTP").to_owned()
    }

    pub(super) fn create_at(
        &mut self,
        path: &str,
        body: &Map<String, Value>,
        around: &mut Around<'_>,
    ) -> Result<Map<String, Value>, Refusal> {
        let segment = path.rsplit('/').next().unwrap_or_default();
        let kind = kind(segment).ok_or_else(|| Refusal::not_implemented("apigatewayv2", segment))?;
        for required in kind.required {
            if body.get(*required).is_none_or(|value| value.as_str() == Some("")) {
                return Err(bad_request(format!("{required} must be specified")));
            }
        }
        let protocol = self.protocol(path);
        let mut document = Map::new();
        take(&mut document, body, kind.members);
        defaults(segment, &protocol, &mut document);
        let id = match kind.id_length {
            Some(length) => (around.id)(length),
            None => document.get(kind.id).and_then(Value::as_str).unwrap_or_default().to_owned(),
        };
        document.insert(kind.id.to_owned(), id.clone().into());
        let api = path.split('/').nth(1).unwrap_or_default().to_owned();
        self.check(kind, &api, path, &document, None)?;
        match segment {
            "deployments" => {
                document.insert("autoDeployed".to_owned(), false.into());
                document.insert("createdDate".to_owned(), around.now.to_string().into());
                document.insert("deploymentStatus".to_owned(), "DEPLOYED".into());
            }
            "stages" => {
                document.insert("createdDate".to_owned(), around.now.to_string().into());
                document.insert("lastUpdatedDate".to_owned(), around.now.to_string().into());
                if document.get("autoDeploy") == Some(&Value::Bool(true)) {
                    let deployment = self.automatic(&api, around);
                    point(&mut document, &deployment);
                }
            }
            _ => {}
        }
        self.collections.entry(path.to_owned()).or_default().insert(id.clone(), document.clone());
        match segment {
            "deployments" => {
                if let Some(stage) = body.get("stageName").and_then(Value::as_str) {
                    let stages = self.collections.get_mut(&format!("apis/{api}/stages"));
                    let found = stages.and_then(|all| all.get_mut(stage));
                    point(found.ok_or_else(|| not_found("Stage", stage))?, &id);
                }
            }
            "stages" | "apimappings" => {}
            _ => self.redeploy(&api, around),
        }
        Ok(document)
    }

    /// References and uniqueness, as AWS checks them.
    fn check(
        &self,
        kind: &Kind,
        api: &str,
        path: &str,
        document: &Map<String, Value>,
        own: Option<&str>,
    ) -> Result<(), Refusal> {
        let said = |key: &str| document.get(key).and_then(Value::as_str);
        let known = |segment: &str, id: &str| {
            self.collections.get(&format!("apis/{api}/{segment}")).is_some_and(|all| all.contains_key(id))
        };
        let siblings = || self.collections.get(path).into_iter().flatten();
        match kind.segment {
            "routes" => {
                let key = said("routeKey").unwrap_or_default();
                if siblings().any(|(id, route)| {
                    Some(id.as_str()) != own && route.get("routeKey").and_then(Value::as_str) == Some(key)
                }) {
                    return Err(Refusal::new(
                        409,
                        "ConflictException",
                        format!("Route with key {key} already exists for this API"),
                    ));
                }
                if let Some(target) = said("target") {
                    let id = target.strip_prefix("integrations/").unwrap_or_default();
                    if !known("integrations", id) {
                        return Err(bad_request(format!("Invalid target {target} specified")));
                    }
                }
                match (said("authorizationType"), said("authorizerId")) {
                    (Some("JWT" | "CUSTOM"), None) => {
                        return Err(bad_request("Authorizer ID must be specified for this authorization type"));
                    }
                    (Some("JWT" | "CUSTOM"), Some(id)) if !known("authorizers", id) => {
                        return Err(bad_request(format!("Invalid authorizer ID specified {id}")));
                    }
                    _ => {}
                }
            }
            "stages" => {
                let name = said("stageName").unwrap_or_default();
                if own.is_none() && known("stages", name) {
                    return Err(Refusal::new(409, "ConflictException", "Stage already exists"));
                }
                if let Some(id) = said("deploymentId").filter(|id| !known("deployments", id)) {
                    return Err(not_found("Deployment", id));
                }
            }
            "apimappings" => {
                let (api, stage) = (said("apiId").unwrap_or_default(), said("stage").unwrap_or_default());
                self.api(api)?;
                let stages = self.collections.get(&format!("apis/{api}/stages"));
                if !stages.is_some_and(|all| all.contains_key(stage)) {
                    return Err(bad_request(format!("Invalid stage identifier specified {stage}")));
                }
                let key = said("apiMappingKey").unwrap_or_default();
                if siblings().any(|(id, mapping)| {
                    Some(id.as_str()) != own
                        && mapping.get("apiMappingKey").and_then(Value::as_str).unwrap_or_default() == key
                }) {
                    return Err(Refusal::new(
                        409,
                        "ConflictException",
                        "ApiMapping key already exists for this domain name",
                    ));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn update_at(&mut self, path: &str, id: &str, kind: &Kind, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let current = self.collections.get(path).and_then(|all| all.get(id)).ok_or_else(|| not_found(kind.noun, id))?;
        let mut next = current.clone();
        let managed = next.get("apiGatewayManaged") == Some(&Value::Bool(true));
        if managed && kind.segment == "stages" {
            return Err(bad_request(format!("Cannot update stage {id}: it is managed by API Gateway")));
        }
        let automatic = next.get("autoDeploy") == Some(&Value::Bool(true));
        if kind.segment == "stages" && automatic && call.body.contains_key("deploymentId") {
            return Err(bad_request("Deployment ID cannot be set on a stage with AutoDeploy enabled"));
        }
        let settings = next.get("routeSettings").cloned();
        let allowed: Vec<&str> = kind.members.iter().copied().filter(|key| *key != kind.id && *key != "tags").collect();
        take(&mut next, call.body, &allowed);
        if kind.segment == "stages" {
            // Settings of the routes that the request does not name stay: each key is replaced on its own.
            if let (Some(Value::Object(mut known)), Some(Value::Object(given))) =
                (settings, call.body.get("routeSettings").cloned())
            {
                known.extend(given);
                next.insert("routeSettings".to_owned(), Value::Object(known));
            }
            next.insert("lastUpdatedDate".to_owned(), around.now.to_string().into());
        }
        let api = path.split('/').nth(1).unwrap_or_default().to_owned();
        self.check(kind, &api, path, &next, Some(id))?;
        if kind.segment == "stages" && !automatic && next.get("autoDeploy") == Some(&Value::Bool(true)) {
            let deployment = self.automatic(&api, around);
            point(&mut next, &deployment);
        }
        if let Some(all) = self.collections.get_mut(path) {
            all.insert(id.to_owned(), next.clone());
        }
        if !matches!(kind.segment, "stages" | "deployments" | "apimappings") {
            self.redeploy(&api, around);
        }
        Ok((200, Value::Object(next)))
    }

    fn delete_at(&mut self, path: &str, id: &str, kind: &Kind, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let api = call.segment(1).to_owned();
        let used = |segment: &str, key: &str, wanted: &str| {
            self.collections
                .get(&format!("apis/{api}/{segment}"))
                .into_iter()
                .flat_map(Documents::values)
                .any(|document| document.get(key).and_then(Value::as_str) == Some(wanted))
        };
        let refusal = match kind.segment {
            "deployments" if used("stages", "deploymentId", id) => {
                Some("Active stages pointing to this deployment must be moved or deleted".to_owned())
            }
            "integrations" if used("routes", "target", &format!("integrations/{id}")) => {
                Some(format!("Cannot delete Integration {id} because it is referenced by a Route"))
            }
            "authorizers" if used("routes", "authorizerId", id) => {
                Some(format!("Cannot delete Authorizer {id} because it is referenced by a Route"))
            }
            _ => None,
        };
        if let Some(message) = refusal {
            let status = if kind.segment == "deployments" { 400 } else { 409 };
            let code = if status == 400 { "BadRequestException" } else { "ConflictException" };
            return Err(Refusal::new(status, code, message));
        }
        let all = self.collections.get_mut(path).ok_or_else(|| not_found(kind.noun, id))?;
        all.shift_remove(id).ok_or_else(|| not_found(kind.noun, id))?;
        let below = format!("{path}/{id}/");
        self.collections.retain(|path, _| !path.starts_with(&below));
        if !matches!(kind.segment, "stages" | "deployments" | "apimappings") {
            self.redeploy(&api, around);
        }
        Ok((204, Value::Null))
    }

    /// A deployment that nobody asked for: every change of an API with `autoDeploy` makes one.
    fn automatic(&mut self, api: &str, around: &mut Around<'_>) -> String {
        let id = (around.id)(6);
        let deployment = object(json!({
            "autoDeployed": true,
            "createdDate": around.now.to_string(),
            "deploymentId": id,
            "deploymentStatus": "DEPLOYED",
            "description": "Automatic deployment triggered by changes to the Api configuration"
        }));
        self.collections.entry(format!("apis/{api}/deployments")).or_default().insert(id.clone(), deployment);
        id
    }

    /// Moves the stages that deploy by themselves to a new deployment. AWS keeps the ones before; here only
    /// the last automatic one stays, since nothing can be read from them.
    pub(super) fn redeploy(&mut self, api: &str, around: &mut Around<'_>) {
        let path = format!("apis/{api}/stages");
        let automatic = |stage: &Map<String, Value>| stage.get("autoDeploy") == Some(&Value::Bool(true));
        if !self.collections.get(&path).is_some_and(|all| all.values().any(automatic)) {
            return;
        }
        let deployment = self.automatic(api, around);
        let mut left = Vec::new();
        for stage in self.collections.get_mut(&path).into_iter().flat_map(Documents::values_mut) {
            if automatic(stage) {
                left.extend(stage.get("deploymentId").and_then(Value::as_str).map(str::to_owned));
                point(stage, &deployment);
            }
        }
        if let Some(all) = self.collections.get_mut(&format!("apis/{api}/deployments")) {
            all.retain(|id, document| !(left.contains(id) && document.get("autoDeployed") == Some(&Value::Bool(true))));
        }
    }
}
