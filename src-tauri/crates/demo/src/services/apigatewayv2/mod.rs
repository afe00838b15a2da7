//! API Gateway version 2: HTTP and WebSocket APIs, restJson1 under `/v2`, held as the JSON documents that the
//! wire carries. Texts of errors are AWS's own where they are known.
//!
//! Not here: portals, routing rules, models' templates and exports, which answer "not implemented".

mod documents;
mod operations;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use self::documents::{API_MEMBERS, Kind, defaults, kind, take};
pub(crate) use self::operations::operation;
use super::{Around, Outcome, Refusal, page};

type Documents = IndexMap<String, Map<String, Value>>;

/// The service's state in one region.
#[derive(Debug, Default)]
pub(crate) struct HttpApis {
    apis: Documents,
    domains: Documents,
    vpc_links: Documents,
    /// By the collection's path: `apis/{id}/routes`, `apis/{id}/routes/{id}/routeresponses`,
    /// `domainnames/{name}/apimappings`.
    collections: IndexMap<String, Documents>,
}

/// A request, taken apart.
pub(crate) struct Call<'a> {
    /// After `/v2`, percent-decoded.
    pub(crate) segments: &'a [String],
    /// Query parameters, decoded.
    pub(crate) query: &'a [(String, String)],
    /// The JSON body; empty when there is none.
    pub(crate) body: &'a Map<String, Value>,
}

impl Call<'_> {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn segment(&self, index: usize) -> &str {
        self.segments.get(index).map_or("", String::as_str)
    }
}

fn not_found(noun: &str, id: &str) -> Refusal {
    Refusal::new(404, "NotFoundException", format!("Invalid {noun} identifier specified 111122223333:{id}"))
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "BadRequestException", message)
}

impl HttpApis {
    /// Answers one operation.
    ///
    /// # Errors
    /// What AWS refuses, and operations that are not here.
    pub(crate) fn answer(&mut self, operation: &str, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        match operation {
            "CreateApi" => self.create_api(call.body, around),
            "GetApis" => list(&self.apis, call),
            "GetApi" => self.api(call.segment(1)).map(|api| (200, Value::Object(api.clone()))),
            "UpdateApi" => self.update_api(call, around),
            "DeleteApi" => self.delete_api(call.segment(1)),
            "DeleteCorsConfiguration" => {
                self.api_mut(call.segment(1))?.remove("corsConfiguration");
                self.redeploy(call.segment(1), around);
                Ok((204, Value::Null))
            }
            "DeleteRouteSettings" => self.delete_route_settings(call),
            "DeleteAccessLogSettings" => {
                self.child_mut(call)?.remove("accessLogSettings");
                Ok((204, Value::Null))
            }
            "DeleteRouteRequestParameter" => {
                let key = call.segment(5).to_owned();
                if let Some(Value::Object(all)) = self.child_mut(call)?.get_mut("requestParameters") {
                    all.remove(&key);
                }
                Ok((204, Value::Null))
            }
            "ResetAuthorizersCache" => {
                self.child_mut(call)?;
                Ok((204, Value::Null))
            }
            "CreateDomainName" => self.create_domain(call.body, around),
            "GetDomainNames" => list(&self.domains, call),
            "GetDomainName" => found(self.domains.get(call.segment(1)), "domain name", call.segment(1)),
            "UpdateDomainName" => {
                let name = call.segment(1);
                let domain = self.domains.get_mut(name).ok_or_else(|| not_found("domain name", name))?;
                take(domain, call.body, &["domainNameConfigurations", "mutualTlsAuthentication", "routingMode"]);
                Ok((200, Value::Object(domain.clone())))
            }
            "DeleteDomainName" => {
                let name = call.segment(1);
                self.domains.shift_remove(name).ok_or_else(|| not_found("domain name", name))?;
                self.collections.shift_remove(&format!("domainnames/{name}/apimappings"));
                Ok((204, Value::Null))
            }
            "CreateVpcLink" => {
                let id = (around.id)(6);
                let mut link = object(json!({
                    "vpcLinkId": id, "createdDate": around.now.to_string(), "vpcLinkStatus": "AVAILABLE",
                    "vpcLinkVersion": "V2", "tags": {}, "securityGroupIds": []
                }));
                take(&mut link, call.body, &["name", "subnetIds", "securityGroupIds", "tags"]);
                self.vpc_links.insert(id, link.clone());
                Ok((201, Value::Object(link)))
            }
            "GetVpcLinks" => list(&self.vpc_links, call),
            "GetVpcLink" => found(self.vpc_links.get(call.segment(1)), "VpcLink", call.segment(1)),
            "GetTags" => Ok((200, json!({ "tags": self.tagged(call.segment(1))?.get("tags").unwrap_or(&json!({})) }))),
            "TagResource" => {
                let tags = call.body.get("tags").and_then(Value::as_object).cloned().unwrap_or_default();
                let target = self.tagged(call.segment(1))?;
                let known = target.entry("tags").or_insert_with(|| json!({}));
                if let Value::Object(known) = known {
                    known.extend(tags);
                }
                Ok((201, json!({})))
            }
            "UntagResource" => {
                if let Some(Value::Object(known)) = self.tagged(call.segment(1))?.get_mut("tags") {
                    known.retain(|key, _| !call.query.iter().any(|(name, value)| name == "tagKeys" && value == key));
                }
                Ok((204, Value::Null))
            }
            _ => self.collection(operation, call, around),
        }
    }

    /// An API's document.
    pub(crate) fn api(&self, id: &str) -> Result<&Map<String, Value>, Refusal> {
        self.apis.get(id).ok_or_else(|| not_found("API", id))
    }

    fn api_mut(&mut self, id: &str) -> Result<&mut Map<String, Value>, Refusal> {
        self.apis.get_mut(id).ok_or_else(|| not_found("API", id))
    }

    /// Puts a whole API in place, for accounts that are built rather than called: the document, and its
    /// children by collection segment.
    pub(crate) fn insert(&mut self, id: &str, document: Map<String, Value>, children: Vec<(&str, Documents)>) {
        self.apis.insert(id.to_owned(), document);
        for (segment, documents) in children {
            self.collections.insert(format!("apis/{id}/{segment}"), documents);
        }
    }

    fn create_api(&mut self, body: &Map<String, Value>, around: &mut Around<'_>) -> Outcome {
        let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() || name.chars().count() > 128 {
            return Err(bad_request("Name must be between 1 and 128 characters"));
        }
        let protocol = body.get("protocolType").and_then(Value::as_str).unwrap_or_default();
        let selection = match protocol {
            "HTTP" => "$request.method $request.path",
            "WEBSOCKET" if body.contains_key("routeSelectionExpression") => "",
            "WEBSOCKET" => return Err(bad_request("Route selection expression is required for WEBSOCKET protocol")),
            _ => return Err(bad_request("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]")),
        };
        let id = (around.id)(10);
        let scheme = if protocol == "HTTP" { "https" } else { "wss" };
        let mut api = object(json!({
            "apiEndpoint": format!("{scheme}://{id}.execute-api.{}.amazonaws.com", around.region),
            "apiId": id,
            "apiKeySelectionExpression": "$request.header.x-api-key",
            "createdDate": around.now.to_string(),
            "disableExecuteApiEndpoint": false,
            "ipAddressType": "ipv4",
            "routeSelectionExpression": selection,
            "tags": {}
        }));
        take(&mut api, body, API_MEMBERS);
        self.apis.insert(id.clone(), api.clone());
        if let Some(target) = body.get("target").and_then(Value::as_str) {
            self.quick_create(&id, target, body.get("routeKey").and_then(Value::as_str), around)?;
        }
        Ok((201, Value::Object(api)))
    }

    /// Quick create: an integration, the route, and a `$default` stage that deploys by itself.
    fn quick_create(&mut self, id: &str, target: &str, key: Option<&str>, around: &mut Around<'_>) -> Outcome {
        let kind = if target.starts_with("arn:") { "AWS_PROXY" } else { "HTTP_PROXY" };
        let integration = self.create_at(
            &format!("apis/{id}/integrations"),
            &object(json!({ "integrationType": kind, "integrationUri": target, "payloadFormatVersion": "2.0" })),
            around,
        )?;
        let integration = integration.get("integrationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let route = object(json!({
            "routeKey": key.unwrap_or("$default"), "target": format!("integrations/{integration}")
        }));
        self.create_at(&format!("apis/{id}/routes"), &route, around)?;
        self.create_at(
            &format!("apis/{id}/stages"),
            &object(json!({ "stageName": "$default", "autoDeploy": true })),
            around,
        )?;
        for segment in ["integrations", "routes", "stages"] {
            let managed = self.collections.get_mut(&format!("apis/{id}/{segment}"));
            for document in managed.into_iter().flat_map(Documents::values_mut) {
                document.insert("apiGatewayManaged".to_owned(), true.into());
            }
        }
        Ok((201, Value::Null))
    }

    fn update_api(&mut self, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
        let allowed: Vec<&str> =
            API_MEMBERS.iter().copied().filter(|key| !matches!(*key, "tags" | "protocolType")).collect();
        let api = self.api_mut(call.segment(1))?;
        take(api, call.body, &allowed);
        let answer = Value::Object(api.clone());
        self.redeploy(call.segment(1), around);
        Ok((200, answer))
    }

    fn delete_api(&mut self, id: &str) -> Outcome {
        self.apis.shift_remove(id).ok_or_else(|| not_found("API", id))?;
        let prefix = format!("apis/{id}/");
        self.collections.retain(|path, _| !path.starts_with(&prefix));
        Ok((204, Value::Null))
    }

    fn create_domain(&mut self, body: &Map<String, Value>, around: &Around<'_>) -> Outcome {
        let name = body.get("domainName").and_then(Value::as_str).unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err(bad_request("Domain name must be specified"));
        }
        if self.domains.contains_key(&name) {
            return Err(Refusal::new(409, "ConflictException", "The domain name you provided already exists."));
        }
        let mut domain = object(json!({
            "domainName": name, "apiMappingSelectionExpression": "$request.basepath", "tags": {},
            "routingMode": "API_MAPPING_ONLY"
        }));
        take(&mut domain, body, &["domainNameConfigurations", "mutualTlsAuthentication", "routingMode", "tags"]);
        let regional = format!("d-{}.execute-api.{}.amazonaws.com", name.len(), around.region);
        for configuration in
            domain.get_mut("domainNameConfigurations").and_then(Value::as_array_mut).into_iter().flatten()
        {
            if let Value::Object(configuration) = configuration {
                configuration.entry("domainNameStatus").or_insert_with(|| "AVAILABLE".into());
                configuration.entry("apiGatewayDomainName").or_insert_with(|| regional.clone().into());
                configuration.entry("endpointType").or_insert_with(|| "REGIONAL".into());
                configuration.entry("securityPolicy").or_insert_with(|| "TLS_1_2".into());
            }
        }
        self.domains.insert(name, domain.clone());
        Ok((201, Value::Object(domain)))
    }

    /// The document that a path of an odd tail (`…/stages/{name}/accesslogsettings`) belongs to.
    fn child_mut(&mut self, call: &Call<'_>) -> Result<&mut Map<String, Value>, Refusal> {
        let (api, segment, id) = (call.segment(1), call.segment(2), call.segment(3));
        self.api(api)?;
        let noun = kind(segment).map_or("resource", |kind| kind.noun);
        self.collections
            .get_mut(&format!("apis/{api}/{segment}"))
            .and_then(|all| all.get_mut(id))
            .ok_or_else(|| not_found(noun, id))
    }

    fn delete_route_settings(&mut self, call: &Call<'_>) -> Outcome {
        let key = call.segment(5).to_owned();
        let stage = self.child_mut(call)?;
        let removed = match stage.get_mut("routeSettings") {
            Some(Value::Object(all)) => all.remove(&key).is_some(),
            _ => false,
        };
        if removed { Ok((204, Value::Null)) } else { Err(not_found("RouteSettings", &key)) }
    }

    /// Create, read, update and delete of everything that lives in a collection.
    fn collection(&mut self, operation: &str, call: &Call<'_>, around: &mut Around<'_>) -> Outcome {
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

    fn create_at(
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
    fn redeploy(&mut self, api: &str, around: &mut Around<'_>) {
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

    /// The tagged document of an ARN: `arn:aws:apigateway:eu-west-1::/apis/a1/stages/prod`.
    fn tagged(&mut self, arn: &str) -> Result<&mut Map<String, Value>, Refusal> {
        let missing = || Refusal::new(404, "NotFoundException", format!("Invalid resource ARN specified {arn}"));
        let path = arn.split_once("::/").map(|(_, path)| path).ok_or_else(missing)?;
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["apis", id] => self.apis.get_mut(*id),
            ["domainnames", name] => self.domains.get_mut(*name),
            ["vpclinks", id] => self.vpc_links.get_mut(*id),
            ["apis", id, "stages", name] => {
                self.collections.get_mut(&format!("apis/{id}/stages")).and_then(|all| all.get_mut(*name))
            }
            _ => None,
        }
        .ok_or_else(missing)
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Lets a stage serve a deployment.
fn point(stage: &mut Map<String, Value>, deployment: &str) {
    stage.insert("deploymentId".to_owned(), deployment.into());
    let message = format!("Successfully deployed stage with deployment ID '{deployment}'");
    stage.insert("lastDeploymentStatusMessage".to_owned(), message.into());
}

fn found(document: Option<&Map<String, Value>>, noun: &str, id: &str) -> Outcome {
    document.map(|document| (200, Value::Object(document.clone()))).ok_or_else(|| not_found(noun, id))
}

fn list(documents: &Documents, call: &Call<'_>) -> Outcome {
    let size = match call.parameter("maxResults") {
        None => 500,
        Some(size) => match size.parse::<usize>() {
            Ok(size @ 1..) => size.min(500),
            _ => return Err(bad_request(format!("Invalid maxResults value specified: {size}"))),
        },
    };
    let (range, next) = page(documents.len(), size, call.parameter("nextToken"))
        .ok_or_else(|| bad_request("Invalid nextToken specified"))?;
    let items: Vec<Value> =
        documents.values().skip(range.start).take(range.len()).map(|item| Value::Object(item.clone())).collect();
    let mut answer = json!({ "items": items });
    if let (Some(next), Value::Object(answer)) = (next, &mut answer) {
        answer.insert("nextToken".to_owned(), next.into());
    }
    Ok((200, answer))
}
