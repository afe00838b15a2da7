//! API Gateway version 2: HTTP and WebSocket APIs, restJson1 under `/v2`, held as the JSON documents that the
//! wire carries. Texts of errors are AWS's own where they are known.
//!
//! Not here: portals, routing rules, models' templates and exports, which answer "not implemented".

mod collections;
mod documents;
mod operations;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use self::documents::{API_MEMBERS, kind, take};
pub(crate) use self::operations::operation;
use super::{Around, Outcome, Refusal, page};
use crate::ACCOUNT_ID;

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

/// A route as a stage serves it.
pub(crate) struct LiveRoute {
    pub(crate) api_id: String,
    pub(crate) stage: String,
    /// `GET /pets`, `$default`.
    pub(crate) route_key: String,
    /// Whether it reports metrics of its own.
    pub(crate) detailed: bool,
    pub(crate) websocket: bool,
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
    Refusal::new(404, "NotFoundException", format!("Invalid {noun} identifier specified {ACCOUNT_ID}:{id}"))
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "BadRequestException", message)
}

impl HttpApis {
    /// Every route of every stage.
    pub(crate) fn live_routes(&self) -> Vec<LiveRoute> {
        let mut live = Vec::new();
        let text = |document: &Map<String, Value>, name: &str| {
            document.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        for (id, api) in &self.apis {
            let all = |segment: &str| self.collections.get(&format!("apis/{id}/{segment}"));
            for stage in all("stages").into_iter().flat_map(IndexMap::values) {
                let enabled = |settings: Option<&Value>| settings?.get("detailedMetricsEnabled")?.as_bool();
                for route in all("routes").into_iter().flat_map(IndexMap::values) {
                    let route_key = text(route, "routeKey");
                    let own = enabled(stage.get("routeSettings").and_then(|settings| settings.get(&route_key)));
                    live.push(LiveRoute {
                        api_id: id.clone(),
                        stage: text(stage, "stageName"),
                        detailed: own.or_else(|| enabled(stage.get("defaultRouteSettings"))).unwrap_or(false),
                        websocket: text(api, "protocolType") == "WEBSOCKET",
                        route_key,
                    });
                }
            }
        }
        live
    }

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

#[cfg(test)]
mod tests;
