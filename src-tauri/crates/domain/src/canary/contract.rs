//! What a route asks of a request and where it sends it, beyond what AWS's summary of a deployment knows: validation, models,
//! parameters, the authorizer and its scopes, the integration.
//!
//! Of what a stage serves it is read from `GetExport`, which exports the deployment of a stage and nothing else; of the
//! draft from the resources with their methods, authorizers, validators and models. Both are brought to the same words, so
//! that only a difference is one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// `integrationTimeout` where none is said, ms ("Integration", default 29 seconds).
const TIMEOUT: i64 = 29_000;

/// A part of a contract: what a person reads, and what is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    words: String,
    whole: String,
}

impl Part {
    fn said(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { whole: words.clone(), words }
    }

    /// Compared as a whole, and too long to be shown.
    fn document(words: &str, value: &Value) -> Self {
        Self { words: words.to_owned(), whole: canonical(value).to_string() }
    }
}

/// One route's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RouteContract {
    parts: BTreeMap<String, Part>,
    scopes: BTreeSet<String>,
}

/// An API's, by path and method.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiContract {
    routes: BTreeMap<(String, String), RouteContract>,
    /// Whether request validators are told: an export without any may have none, or leave them out.
    validators: bool,
}

/// A route whose contract differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractDifference {
    /// `/pets/{id}`.
    pub path: String,
    /// `GET`.
    pub method: String,
    /// What differs, a sentence each.
    pub changes: Vec<String>,
    /// What becomes weaker, a sentence; absent when nothing does.
    pub security: Option<String>,
}

const VALIDATION: &str = "validation";

/// The routes that both have and whose contracts differ; and whether validation could be compared.
#[must_use]
pub fn contract_differences(baseline: &ApiContract, candidate: &ApiContract) -> (Vec<ContractDifference>, bool) {
    let validators = baseline.validators && candidate.validators;
    let differs = |(key, before): (&(String, String), &RouteContract)| {
        let after = candidate.routes.get(key)?;
        let label = format!("{} {}", key.1, key.0);
        let mut names: Vec<&String> = before.parts.keys().chain(after.parts.keys()).collect();
        names.sort();
        names.dedup();
        let changes: Vec<String> = names
            .into_iter()
            .filter(|name| validators || *name != VALIDATION)
            .filter_map(|name| changed(name, before.parts.get(name), after.parts.get(name)))
            .collect();
        let dropped: Vec<&str> = before.scopes.difference(&after.scopes).map(String::as_str).collect();
        let weaker = !dropped.is_empty() && after.scopes.is_empty();
        let security = weaker.then(|| format!("{label} no longer asks for a scope ({}).", dropped.join(", ")));
        (!changes.is_empty()).then(|| ContractDifference {
            path: key.0.clone(),
            method: key.1.clone(),
            changes,
            security,
        })
    };
    (baseline.routes.iter().filter_map(differs).collect(), validators)
}

fn changed(name: &str, before: Option<&Part>, after: Option<&Part>) -> Option<String> {
    let whole = |part: Option<&Part>| part.map(|part| part.whole.clone());
    if whole(before) == whole(after) {
        return None;
    }
    let words = |part: Option<&Part>| part.map_or_else(|| "nothing".to_owned(), |part| part.words.clone());
    let (before, after) = (words(before), words(after));
    Some(if before == after { format!("{name}: {before}, changed") } else { format!("{name}: {before} → {after}") })
}

/// Reads an export of `exportType=swagger` with the extensions of API Gateway.
///
/// # Errors
/// A sentence when it is none.
pub fn exported(document: &Value) -> Result<ApiContract, String> {
    let paths = document["paths"].as_object().ok_or("The export has no paths.")?;
    let validators = document["x-amazon-apigateway-request-validators"].as_object();
    let schemes = &document["securityDefinitions"];
    let models = |name: &str| document["definitions"].get(name).cloned();
    let mut routes = BTreeMap::new();
    for (path, operations) in paths {
        for (name, operation) in operations.as_object().into_iter().flatten() {
            let method = match name.as_str() {
                "x-amazon-apigateway-any-method" => "ANY".to_owned(),
                name if name.starts_with("x-") || name == "parameters" => continue,
                name => name.to_ascii_uppercase(),
            };
            let mut contract = RouteContract::default();
            let validator = operation["x-amazon-apigateway-request-validator"].as_str();
            let validator = validator.and_then(|name| validators?.get(name));
            contract.put(VALIDATION, validation(validator));
            let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
            let required = parameters.iter().filter(|parameter| parameter["required"] == json!(true));
            contract.parameters(required.filter_map(|parameter| {
                let (place, name) = (parameter["in"].as_str()?, parameter["name"].as_str()?);
                // A path parameter is always required, and a body is a model.
                (place != "body" && place != "path").then(|| format!("{place} {name}"))
            }));
            let body = parameters.iter().find(|parameter| parameter["in"] == "body").map(|body| &body["schema"]);
            let schema = body.map(|schema| resolved(schema, &models, 0));
            contract.put("model of the body", schema.map(|schema| Part::document("a model", &schema)));
            for requirement in operation["security"].as_array().into_iter().flatten() {
                for (name, scopes) in requirement.as_object().into_iter().flatten() {
                    let scheme = &schemes[name];
                    let authorizer = &scheme["x-amazon-apigateway-authorizer"];
                    if authorizer.is_object() {
                        contract.put("authorizer", Some(authorizer_words(name, authorizer)));
                    }
                    contract.scoped(scopes);
                }
            }
            contract.integration(&operation["x-amazon-apigateway-integration"]);
            routes.insert((path.clone(), method), contract);
        }
    }
    Ok(ApiContract { routes, validators: validators.is_some() })
}

/// Reads the draft: the items of `GetResources` with embedded methods, `GetAuthorizers`, `GetRequestValidators`, `GetModels`.
#[must_use]
pub fn drafted(resources: &[Value], authorizers: &[Value], validators: &[Value], models: &[Value]) -> ApiContract {
    let by =
        |list: &[Value], member: &str, id: &Value| list.iter().find(|one| one[member] == *id && !id.is_null()).cloned();
    let schema = schema_of(models);
    let mut routes = BTreeMap::new();
    for resource in resources {
        let path = resource["path"].as_str().unwrap_or_default();
        for (method, document) in resource["resourceMethods"].as_object().into_iter().flatten() {
            let mut contract = RouteContract::default();
            let validator = by(validators, "id", &document["requestValidatorId"]);
            contract.put(VALIDATION, validation(validator.as_ref()));
            let parameters = document["requestParameters"].as_object().into_iter().flatten();
            let required = parameters.filter(|(_, required)| **required == json!(true));
            contract.parameters(required.filter_map(|(name, _)| {
                let (place, name) = name.strip_prefix("method.request.")?.split_once('.')?;
                let place = if place == "querystring" { "query" } else { place };
                (place != "path").then(|| format!("{place} {name}"))
            }));
            // An export shows one model, whatever the content type is called.
            let named = document["requestModels"].as_object().and_then(|all| all.values().next()?.as_str());
            let model = named.map(|name| {
                let schema_document = schema(name).unwrap_or_else(|| json!({ "model": name }));
                Part::document("a model", &resolved(&schema_document, &schema, 0))
            });
            contract.put("model of the body", model);
            if let Some(authorizer) = by(authorizers, "id", &document["authorizerId"]) {
                let name = authorizer["name"].as_str().unwrap_or_default().to_owned();
                contract.put("authorizer", Some(authorizer_words(&name, &authorizer)));
            }
            contract.scoped(&document["authorizationScopes"]);
            contract.integration(&document["methodIntegration"]);
            routes.insert((path.to_owned(), method.clone()), contract);
        }
    }
    ApiContract { routes, validators: true }
}

fn schema_of(models: &[Value]) -> impl Fn(&str) -> Option<Value> {
    |name| {
        let model = models.iter().find(|model| model["name"] == name)?;
        serde_json::from_str(model["schema"].as_str()?).ok()
    }
}

impl RouteContract {
    fn put(&mut self, name: &str, part: Option<Part>) {
        if let Some(part) = part {
            self.parts.insert(name.to_owned(), part);
        }
    }

    fn parameters(&mut self, required: impl Iterator<Item = String>) {
        let required: BTreeSet<String> = required.collect();
        let words = required.into_iter().collect::<Vec<_>>().join(", ");
        self.put("required parameters", (!words.is_empty()).then(|| Part::said(words)));
    }

    fn scoped(&mut self, scopes: &Value) {
        let scopes = scopes.as_array().into_iter().flatten();
        self.scopes.extend(scopes.filter_map(|scope| scope.as_str().map(str::to_owned)));
        let words = self.scopes.iter().cloned().collect::<Vec<_>>().join(", ");
        self.put("scopes", (!words.is_empty()).then(|| Part::said(words)));
    }

    /// An export writes types and behaviours small, the API's own documents large.
    fn integration(&mut self, integration: &Value) {
        let text = |member: &str| integration[member].as_str().filter(|text| !text.is_empty());
        let Some(kind) = text("type") else { return };
        let kind = kind.to_ascii_uppercase();
        let target = text("uri").map(|uri| format!(" {}", target(uri))).unwrap_or_default();
        // A proxy to a function is always called with POST.
        let method = text("httpMethod").filter(|_| kind.starts_with("HTTP")).map(|method| format!(" {method}"));
        self.put("integration", Some(Part::said(format!("{kind}{}{target}", method.unwrap_or_default()))));
        let connection = text("connectionType").filter(|kind| *kind != "INTERNET");
        let connection =
            connection.map(|kind| Part::said(format!("{kind} {}", text("connectionId").unwrap_or_default())));
        self.put("connection", connection);
        let timeout = integration["timeoutInMillis"].as_i64().filter(|timeout| *timeout > 0).unwrap_or(TIMEOUT);
        self.put("timeout", Some(Part::said(format!("{timeout} ms"))));
        self.put("credentials", text("credentials").map(Part::said));
        let mapping = json!([integration["requestParameters"], integration["requestTemplates"]]);
        let mapping = (mapping != json!([null, null])).then(|| Part::document("mapping", &mapping));
        self.put("request mapping", mapping);
    }
}

fn validation(validator: Option<&Value>) -> Option<Part> {
    let of = |member: &str| validator.is_some_and(|validator| validator[member] == json!(true));
    match (of("validateRequestBody"), of("validateRequestParameters")) {
        (true, true) => Some(Part::said("body and parameters")),
        (true, false) => Some(Part::said("body")),
        (false, true) => Some(Part::said("parameters")),
        (false, false) => None,
    }
}

/// Name, kind and what is asked; how long it remembers belongs to it.
fn authorizer_words(name: &str, authorizer: &Value) -> Part {
    let pools = authorizer["providerARNs"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let asked: Vec<String> =
        authorizer["authorizerUri"].as_str().map(target).into_iter().chain(pools.map(str::to_owned)).collect();
    let ttl = authorizer["authorizerResultTtlInSeconds"].as_i64().unwrap_or(300);
    let words = format!("{name} ({}), decisions kept for {ttl} s", asked.join(", "));
    Part::said(words)
}

/// `arn:…:lambda:path/…/functions/{ARN}/invocations` is the function's ARN.
fn target(uri: &str) -> String {
    let function = uri.split_once("/functions/").and_then(|(_, rest)| rest.strip_suffix("/invocations"));
    function.unwrap_or(uri).to_owned()
}

/// A schema with the models that it refers to in their places: `#/definitions/Pet`, or a model's URL.
fn resolved(schema: &Value, models: &impl Fn(&str) -> Option<Value>, depth: u32) -> Value {
    // Models may refer to themselves.
    if depth > 8 {
        return Value::Null;
    }
    match schema {
        Value::Object(members) => {
            if let Some(model) = members.get("$ref").and_then(Value::as_str) {
                let name = model.rsplit('/').next().unwrap_or_default();
                return models(name)
                    .map_or_else(|| json!({ "model": name }), |found| resolved(&found, models, depth + 1));
            }
            // What describes and does not constrain.
            let kept = members.iter().filter(|(name, _)| !["$schema", "title", "description"].contains(&name.as_str()));
            kept.map(|(name, member)| (name.clone(), resolved(member, models, depth)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(|item| resolved(item, models, depth)).collect(),
        other => other.clone(),
    }
}

/// Members in the order of their names.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<String, Value> =
                members.iter().map(|(name, member)| (name.clone(), canonical(member))).collect();
            sorted.into_iter().collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As AWS was recorded to export an API with a model, a scheme and a validator.
    fn export() -> Value {
        json!({
            "swagger": "2.0",
            "paths": { "/pets": { "post": {
                "operationId": "CreatePet", "consumes": ["application/json"],
                "parameters": [
                    { "in": "body", "name": "NewPet", "required": true, "schema": { "$ref": "#/definitions/NewPet" } },
                    { "name": "trace", "in": "query", "required": true, "type": "string" },
                    { "name": "X-Shop", "in": "header", "required": false, "type": "string" }
                ],
                "security": [{ "customers": ["pets/write"] }],
                "x-amazon-apigateway-request-validator": "body",
                "x-amazon-apigateway-integration": {
                    "type": "http", "httpMethod": "POST", "uri": "http://pets.example.com/pets",
                    "responses": { "default": { "statusCode": "200" } }, "passthroughBehavior": "when_no_match"
                }
            } } },
            "definitions": {
                "NewPet": { "type": "object", "properties": { "type": { "$ref": "#/definitions/PetType" } } },
                "PetType": { "type": "string", "enum": ["dog", "cat"] }
            },
            "securityDefinitions": { "customers": {
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": { "type": "cognito_user_pools", "providerARNs": ["arn:pool"] }
            } },
            "x-amazon-apigateway-request-validators": {
                "body": { "validateRequestBody": true, "validateRequestParameters": false }
            }
        })
    }

    fn models() -> Vec<Value> {
        let model =
            |name: &str, schema: &str| json!({ "name": name, "contentType": "application/json", "schema": schema });
        let url = "https://apigateway.amazonaws.com/restapis/a1/models/PetType";
        vec![
            model(
                "NewPet",
                &format!(r#"{{"$schema":"x","title":"t","type":"object","properties":{{"type":{{"$ref":"{url}"}}}}}}"#),
            ),
            model("PetType", r#"{"enum":["dog","cat"],"type":"string"}"#),
        ]
    }

    /// The same API as its own documents say it, with a change made to the method.
    fn draft(change: impl Fn(&mut Value)) -> ApiContract {
        let mut method = json!({
            "httpMethod": "POST", "authorizationType": "COGNITO_USER_POOLS", "authorizerId": "z1",
            "authorizationScopes": ["pets/write"], "requestValidatorId": "v1",
            "requestParameters": { "method.request.querystring.trace": true, "method.request.header.X-Shop": false },
            "requestModels": { "application/json": "NewPet" },
            "methodIntegration": {
                "type": "HTTP", "httpMethod": "POST", "uri": "http://pets.example.com/pets", "timeoutInMillis": 29000,
                "connectionType": "INTERNET", "passthroughBehavior": "WHEN_NO_MATCH", "cacheNamespace": "x"
            }
        });
        change(&mut method);
        let authorizers = [
            json!({ "id": "z1", "name": "customers", "type": "COGNITO_USER_POOLS", "providerARNs": ["arn:pool"] }),
            json!({ "id": "z2", "name": "staff", "type": "COGNITO_USER_POOLS", "providerARNs": ["arn:staff"] }),
        ];
        let validators =
            [json!({ "id": "v1", "name": "body", "validateRequestBody": true, "validateRequestParameters": false })];
        let resources = [json!({ "id": "r", "path": "/pets", "resourceMethods": { "POST": method } })];
        drafted(&resources, &authorizers, &validators, &models())
    }

    #[test]
    fn an_export_and_the_documents_of_the_same_api_say_the_same() {
        let (differences, validators) = contract_differences(&exported(&export()).unwrap(), &draft(|_| {}));
        assert_eq!(differences, []);
        assert!(validators);
    }

    #[test]
    fn each_part_that_differs_is_said() {
        type Case = (fn(&mut Value), &'static str);
        let cases: [Case; 9] = [
            (|method| method["requestValidatorId"] = Value::Null, "validation: body → nothing"),
            (
                |method| method["requestModels"] = json!({ "application/json": "PetType" }),
                "model of the body: a model, changed",
            ),
            (
                |method| method["requestParameters"]["method.request.header.X-Shop"] = json!(true),
                "required parameters: query trace → header X-Shop, query trace",
            ),
            (
                |method| method["authorizerId"] = json!("z2"),
                "authorizer: customers (arn:pool), decisions kept for 300 s → staff (arn:staff), decisions kept for 300 s",
            ),
            (|method| method["authorizationScopes"] = json!([]), "scopes: pets/write → nothing"),
            (
                |method| method["methodIntegration"]["uri"] = json!("http://new.example.com"),
                "integration: HTTP POST http://pets.example.com/pets → HTTP POST http://new.example.com",
            ),
            (|method| method["methodIntegration"]["timeoutInMillis"] = json!(3000), "timeout: 29000 ms → 3000 ms"),
            (
                |method| method["methodIntegration"]["connectionType"] = json!("VPC_LINK"),
                "connection: nothing → VPC_LINK ",
            ),
            (
                |method| method["methodIntegration"]["requestTemplates"] = json!({ "application/json": "{}" }),
                "request mapping: nothing → mapping",
            ),
        ];
        for (change, says) in cases {
            let (differences, _) = contract_differences(&exported(&export()).unwrap(), &draft(change));
            assert_eq!(differences.len(), 1, "{says}");
            assert_eq!(differences[0].changes, [says]);
            let weaker = differences[0].security.clone();
            assert_eq!(weaker.is_some(), says.starts_with("scopes"), "{weaker:?}");
        }
    }

    #[test]
    fn validators_that_an_export_does_not_tell_are_not_compared() {
        let mut silent = export();
        silent.as_object_mut().unwrap().remove("x-amazon-apigateway-request-validators");
        let (differences, validators) = contract_differences(&exported(&silent).unwrap(), &draft(|_| {}));
        assert_eq!((differences, validators), (Vec::new(), false));
        assert!(exported(&json!({ "openapi": "3.0.1" })).is_err());
    }

    #[test]
    fn a_model_that_refers_to_itself_comes_to_an_end() {
        let models = [json!({ "name": "A", "schema": r##"{"items":{"$ref":"#/definitions/A"}}"## })];
        let resources =
            [json!({ "path": "/", "resourceMethods": { "GET": { "requestModels": { "application/json": "A" } } } })];
        assert_eq!(drafted(&resources, &[], &[], &models).routes.len(), 1);
    }
}
