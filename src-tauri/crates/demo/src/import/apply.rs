//! Creates a definition in the account, through the account's own operations.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};

use super::{
    definition::{Definition, GuardDefinition, Product, RouteDefinition, StageDefinition},
    integration::stand_in,
    report::{ImportedApi, Report},
};
use crate::in_process::{InProcess, OwnCallError, segment};

/// An API as it was created: ids by the names that the definition used.
pub(crate) struct Applied {
    pub(crate) id: String,
    pub(crate) product: Product,
    /// REST: path → resource id.
    pub(crate) resources: BTreeMap<String, String>,
    pub(crate) authorizers: BTreeMap<String, String>,
    pub(crate) validators: BTreeMap<String, String>,
    /// Routes that are there now.
    pub(crate) routes: usize,
}

fn text(answer: &Value, member: &str) -> String {
    answer.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Creates and deploys; what the account refuses is in the report.
pub(crate) fn import(caller: &InProcess<'_>, definition: &Definition, report: &mut Report) -> Option<ImportedApi> {
    let applied = match create(caller, definition, report) {
        Ok(applied) => applied,
        Err(error) => {
            report.note(&definition.location, error.to_string());
            return None;
        }
    };
    let stage = if applied.routes == 0 {
        if !definition.routes.is_empty() {
            report.note(&definition.location, "nothing to deploy: every route was refused");
        }
        None
    } else {
        match deploy(caller, &applied, &definition.stage) {
            Ok(_) => Some(definition.stage.name.clone()),
            Err(error) => {
                report.note(&definition.location, error.to_string());
                None
            }
        }
    };
    let kind = match applied.product {
        Product::Rest => "REST",
        Product::Http => "HTTP",
        Product::WebSocket => "WEBSOCKET",
    };
    Some(ImportedApi { id: applied.id, name: definition.name().to_owned(), kind, stage, routes: applied.routes })
}

/// Creates the API with everything but stages.
///
/// # Errors
/// The API itself was refused; parts that were refused are in the report.
pub(crate) fn create(
    caller: &InProcess<'_>,
    definition: &Definition,
    report: &mut Report,
) -> Result<Applied, OwnCallError> {
    if definition.product == Product::Rest {
        rest(caller, definition, report)
    } else {
        http(caller, definition, report)
    }
}

fn rest(caller: &InProcess<'_>, definition: &Definition, report: &mut Report) -> Result<Applied, OwnCallError> {
    let api = caller.rest(&Method::POST, "/restapis", &Value::Object(definition.document.clone()))?;
    let id = text(&api, "id");
    let base = format!("/restapis/{id}");
    let mut root = text(&api, "rootResourceId");
    if root.is_empty() {
        let resources = caller.rest(&Method::GET, &format!("{base}/resources"), &Value::Null)?;
        root = resources.pointer("/item/0/id").and_then(Value::as_str).unwrap_or_default().to_owned();
    }
    let resources = BTreeMap::from([("/".to_owned(), root)]);
    Ok(fill(caller, id, resources, definition, report))
}

/// Gives a REST API what a definition has: everything but its own document and its stages.
/// Parts that were refused are in the report.
pub(crate) fn fill(
    caller: &InProcess<'_>,
    id: String,
    resources: BTreeMap<String, String>,
    definition: &Definition,
    report: &mut Report,
) -> Applied {
    let base = format!("/restapis/{id}");
    let mut applied = Applied {
        id,
        product: Product::Rest,
        resources,
        authorizers: BTreeMap::new(),
        validators: BTreeMap::new(),
        routes: 0,
    };
    let here = &definition.location;
    for authorizer in &definition.authorizers {
        let body = Value::Object(authorizer.document.clone());
        match caller.rest(&Method::POST, &format!("{base}/authorizers"), &body) {
            Ok(answer) => drop(applied.authorizers.insert(authorizer.name.clone(), text(&answer, "id"))),
            Err(error) => report.note(here, format!("authorizer {:?}: {error}", authorizer.name)),
        }
    }
    for (name, body) in &definition.validators {
        match caller.rest(&Method::POST, &format!("{base}/requestvalidators"), &Value::Object(body.clone())) {
            Ok(answer) => drop(applied.validators.insert(name.clone(), text(&answer, "id"))),
            Err(error) => report.note(here, format!("request validator {name:?}: {error}")),
        }
    }
    let mut models = Vec::new();
    for (name, schema) in &definition.models {
        let body = json!({ "name": name, "contentType": "application/json", "schema": schema.to_string() });
        match caller.rest(&Method::POST, &format!("{base}/models"), &body) {
            Ok(_) => models.push(name.as_str()),
            Err(error) => report.note(here, format!("model {name:?}: {error}")),
        }
    }
    for (kind, body) in &definition.gateway_responses {
        let path = format!("{base}/gatewayresponses/{}", segment(kind));
        if let Err(error) = caller.rest(&Method::PUT, &path, &Value::Object(body.clone())) {
            report.note(here, format!("gateway response {kind:?}: {error}"));
        }
    }
    for route in &definition.routes {
        match rest_route(caller, &mut applied, route, &models) {
            Ok(refused) => {
                applied.routes += 1;
                if let Some(error) = refused {
                    report.note(here, format!("{} {}: {error}; a mock stands in", route.method, route.path));
                }
            }
            Err(error) => report.note(here, format!("{} {}: {error}", route.method, route.path)),
        }
    }
    applied
}

/// The resource of a path, made with its parents where it is not there yet.
pub(crate) fn resource(caller: &InProcess<'_>, applied: &mut Applied, path: &str) -> Result<String, OwnCallError> {
    let mut parent = applied.resources.get("/").cloned().unwrap_or_default();
    let mut so_far = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        so_far.push('/');
        so_far.push_str(part);
        parent = match applied.resources.get(&so_far) {
            Some(id) => id.clone(),
            None => {
                let target = format!("/restapis/{}/resources/{parent}", applied.id);
                let answer = caller.rest(&Method::POST, &target, &json!({ "pathPart": part }))?;
                let id = text(&answer, "id");
                applied.resources.insert(so_far.clone(), id.clone());
                id
            }
        };
    }
    Ok(parent)
}

/// A method with its integration and responses. The answer is what was refused of the integration, for which a
/// mock then stands: the route and its guard are worth seeing without it.
///
/// # Errors
/// The method itself was refused, and is not there.
pub(crate) fn rest_route(
    caller: &InProcess<'_>,
    applied: &mut Applied,
    route: &RouteDefinition,
    models: &[&str],
) -> Result<Option<OwnCallError>, OwnCallError> {
    let resource = resource(caller, applied, &route.path)?;
    let base = format!("/restapis/{}/resources/{resource}/methods/{}", applied.id, segment(&route.method));
    let mut body = guard(&route.guard, applied);
    if let Some(name) = &route.operation_name {
        body.insert("operationName".to_owned(), name.clone().into());
    }
    if let Some(id) = route.validator.as_ref().and_then(|name| applied.validators.get(name)) {
        body.insert("requestValidatorId".to_owned(), id.clone().into());
    }
    if !route.request_parameters.is_empty() {
        body.insert("requestParameters".to_owned(), Value::Object(route.request_parameters.clone()));
    }
    let known: Map<String, Value> = route
        .request_models
        .iter()
        .filter(|(_, model)| model.as_str().is_some_and(|name| models.contains(&name)))
        .map(|(kind, model)| (kind.clone(), model.clone()))
        .collect();
    if !known.is_empty() {
        body.insert("requestModels".to_owned(), Value::Object(known));
    }
    caller.rest(&Method::PUT, &base, &Value::Object(body))?;
    for (status, body) in &route.method_responses {
        caller.rest(&Method::PUT, &format!("{base}/responses/{}", segment(status)), &Value::Object(body.clone()))?;
    }
    let refused = integrate(caller, &base, route).err();
    if refused.is_some() {
        let mock = Value::Object(stand_in(Product::Rest));
        caller.rest(&Method::PUT, &format!("{base}/integration"), &mock)?;
    }
    Ok(refused)
}

fn integrate(caller: &InProcess<'_>, base: &str, route: &RouteDefinition) -> Result<(), OwnCallError> {
    caller.rest(&Method::PUT, &format!("{base}/integration"), &Value::Object(route.integration.clone()))?;
    for (status, body) in &route.integration_responses {
        if !route.method_responses.iter().any(|(known, _)| known == status) {
            caller.rest(&Method::PUT, &format!("{base}/responses/{}", segment(status)), &json!({}))?;
        }
        let path = format!("{base}/integration/responses/{}", segment(status));
        caller.rest(&Method::PUT, &path, &Value::Object(body.clone()))?;
    }
    Ok(())
}

fn guard(guard: &GuardDefinition, applied: &Applied) -> Map<String, Value> {
    let mut body = Map::new();
    let authorizer = guard.authorizer.as_ref().and_then(|name| applied.authorizers.get(name));
    // An authorizer that was refused leaves the route open, and the report has said so.
    let refused = guard.authorizer.is_some() && authorizer.is_none();
    let kind = if refused { "NONE" } else { guard.authorization_type };
    body.insert("authorizationType".to_owned(), kind.into());
    body.insert("apiKeyRequired".to_owned(), guard.api_key_required.into());
    if let Some(id) = authorizer {
        body.insert("authorizerId".to_owned(), id.clone().into());
        if !guard.scopes.is_empty() {
            body.insert("authorizationScopes".to_owned(), json!(guard.scopes));
        }
    }
    body
}

fn http(caller: &InProcess<'_>, definition: &Definition, report: &mut Report) -> Result<Applied, OwnCallError> {
    let api = caller.rest(&Method::POST, "/v2/apis", &Value::Object(definition.document.clone()))?;
    let id = text(&api, "apiId");
    let base = format!("/v2/apis/{id}");
    let mut applied = Applied {
        id,
        product: definition.product,
        resources: BTreeMap::new(),
        authorizers: BTreeMap::new(),
        validators: BTreeMap::new(),
        routes: 0,
    };
    let here = &definition.location;
    for authorizer in &definition.authorizers {
        let body = Value::Object(authorizer.document.clone());
        match caller.rest(&Method::POST, &format!("{base}/authorizers"), &body) {
            Ok(answer) => drop(applied.authorizers.insert(authorizer.name.clone(), text(&answer, "authorizerId"))),
            Err(error) => report.note(here, format!("authorizer {:?}: {error}", authorizer.name)),
        }
    }
    // Routes with the same integration share it, as people define them.
    let mut integrations: Vec<(&Map<String, Value>, String)> = Vec::new();
    for route in &definition.routes {
        let known = integrations.iter().find(|(body, _)| *body == &route.integration).map(|(_, id)| id.clone());
        let target = match known {
            Some(id) => Ok(id),
            None => caller
                .rest(&Method::POST, &format!("{base}/integrations"), &Value::Object(route.integration.clone()))
                .map(|answer| text(&answer, "integrationId"))
                .inspect(|id| integrations.push((&route.integration, id.clone()))),
        };
        let created = target.and_then(|target| {
            let key = match (definition.product, route.path.as_str()) {
                (Product::WebSocket, key) | (_, key @ "$default") => key.to_owned(),
                (_, path) => format!("{} {path}", route.method),
            };
            let mut body = guard(&route.guard, &applied);
            body.insert("routeKey".to_owned(), key.into());
            body.insert("target".to_owned(), format!("integrations/{target}").into());
            if let Some(name) = &route.operation_name {
                let name: String = name.chars().take(64).collect();
                body.insert("operationName".to_owned(), name.into());
            }
            caller.rest(&Method::POST, &format!("{base}/routes"), &Value::Object(body))
        });
        match created {
            Ok(_) => applied.routes += 1,
            Err(error) => report.note(here, format!("{} {}: {error}", route.method, route.path)),
        }
    }
    Ok(applied)
}

/// Deploys to a stage, which is made or moved; the answer is the deployment's id.
///
/// # Errors
/// What the account refused.
pub(crate) fn deploy(
    caller: &InProcess<'_>,
    applied: &Applied,
    stage: &StageDefinition,
) -> Result<String, OwnCallError> {
    let name = segment(&stage.name);
    if applied.product == Product::Rest {
        let base = format!("/restapis/{}", applied.id);
        let mut body = json!({ "stageName": stage.name });
        if !stage.variables.is_empty() {
            body["variables"] = Value::Object(stage.variables.clone());
        }
        let deployment = caller.rest(&Method::POST, &format!("{base}/deployments"), &body)?;
        if !stage.settings.is_empty() {
            let patches: Vec<Value> = stage
                .settings
                .iter()
                .map(|(path, value)| json!({ "op": "replace", "path": path, "value": value }))
                .collect();
            let patch = json!({ "patchOperations": patches });
            caller.rest(&Method::PATCH, &format!("{base}/stages/{name}"), &patch)?;
        }
        return Ok(text(&deployment, "id"));
    }
    let base = format!("/v2/apis/{}", applied.id);
    let mut body = json!({ "stageName": stage.name, "autoDeploy": true });
    if !stage.variables.is_empty() {
        body["stageVariables"] = Value::Object(stage.variables.clone());
    }
    let answer = caller.rest(&Method::POST, &format!("{base}/stages"), &body)?;
    Ok(text(&answer, "deploymentId"))
}
