//! What tests of controls stand on: an API written as AWS would answer it, and one control asked about it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    assess::{AccountInput, ApiInput, Measure, assess},
    documents::{Document, Documents},
    finding::{Finding, Verdict},
    policy::PosturePolicy,
    scene::KnownEvents,
};
use crate::{
    api::{Api, ApiKind, Authorizer, Canary, EndpointType, Integration, Stage, Validator},
    audience_rules::AudienceRules,
    coverage::{Gap, GapKind},
    events::{ChangeEvent, CiPatterns},
    inventory::{AccountInventory, ApiInventory, DomainMapping, RouteDefinition},
    route::Route,
    route_assembly::routes_of,
    route_place::Place,
    throttle::Limit,
};

pub(super) const AT: &str = "2026-03-02T10:00:00Z";

/// An account with one API on stage `prod`.
#[derive(Clone)]
pub(super) struct Kit {
    pub(super) inventory: ApiInventory,
    pub(super) account: AccountInventory,
    stage: Value,
    api: Value,
    resources: Vec<Value>,
    answers: Vec<Document>,
    account_answers: Vec<Document>,
    gaps: Vec<Gap>,
    unread: Vec<&'static str>,
    events: Option<KnownEvents>,
    pub(super) context: &'static str,
}

pub(super) fn document(call: &str, of: &str, json: Value) -> Document {
    Document { call: call.to_owned(), of: of.to_owned(), at: AT.to_owned(), json }
}

impl Kit {
    pub(super) fn new(kind: ApiKind) -> Self {
        let api = Api {
            id: "api0000001".into(),
            name: "storefront".into(),
            kind,
            endpoint_type: EndpointType::Regional,
            description: None,
            created: None,
            tags: BTreeMap::new(),
            execute_api_disabled: false,
            has_resource_policy: false,
            api_key_source: None,
            route_selection_expression: None,
        };
        let stage = Stage {
            name: "prod".into(),
            deployment_id: (kind == ApiKind::Rest).then(|| "dep001".into()),
            canary: None,
            web_acl_arn: None,
            limits: BTreeMap::new(),
            detailed_metrics: BTreeMap::default(),
            access_log_arn: None,
            auto_deploy: true,
            tags: BTreeMap::new(),
            last_updated: None,
        };
        Self {
            inventory: ApiInventory {
                api,
                stages: vec![stage],
                definitions_complete: true,
                definitions: Vec::new(),
                deployments: BTreeMap::new(),
                authorizers: Vec::new(),
                validators: Vec::new(),
            },
            account: AccountInventory {
                account_limit: Some(Limit { rate: Some(10_000.0), burst: Some(5_000) }),
                domains: Vec::new(),
                domains_complete: true,
                answers: Vec::new(),
            },
            stage: json!({ "stageName": "prod" }),
            api: json!({}),
            resources: Vec::new(),
            answers: Vec::new(),
            account_answers: Vec::new(),
            gaps: Vec::new(),
            unread: Vec::new(),
            events: None,
            context: "demo",
        }
    }

    pub(super) fn rest() -> Self {
        Self::new(ApiKind::Rest)
    }

    pub(super) fn http() -> Self {
        Self::new(ApiKind::Http)
    }

    pub(super) fn private(mut self) -> Self {
        self.inventory.api.endpoint_type = EndpointType::Private;
        self
    }

    /// Every route belongs to this audience.
    pub(super) fn audience(mut self, audience: &str) -> Self {
        self.inventory.api.tags.insert("portcullis:audience".to_owned(), audience.to_owned());
        self
    }

    /// `POST /login` with this authorization.
    pub(super) fn route(self, key: &str, authorization: &str) -> Self {
        self.method(key, authorization, json!({}))
    }

    /// A route with more members of AWS's answer about it (`apiKeyRequired`, `requestValidatorId`,
    /// `authorizerId`, `methodIntegration`…).
    pub(super) fn method(mut self, key: &str, authorization: &str, more: Value) -> Self {
        let (method, path) = key.split_once(' ').unwrap_or(("ANY", key));
        let text = |name: &str| more.get(name).and_then(Value::as_str);
        let rest = self.inventory.api.kind == ApiKind::Rest;
        let id = format!("r{}", self.resources.len());
        let integration = more.get("methodIntegration").map(|integration| Integration {
            kind: integration.get("type").and_then(Value::as_str).unwrap_or("AWS_PROXY").to_owned(),
            target: integration.get("uri").and_then(Value::as_str).map(str::to_owned),
            connection_type: integration.get("connectionType").and_then(Value::as_str).map(str::to_owned),
            timeout_ms: integration
                .get("timeoutInMillis")
                .and_then(Value::as_i64)
                .and_then(|ms| i32::try_from(ms).ok()),
            answers_cors: method == "OPTIONS",
        });
        self.inventory.definitions.push(RouteDefinition {
            method: method.into(),
            path: path.into(),
            resource_id: id.as_str().into(),
            authorization_type: authorization.into(),
            authorizer_id: text("authorizerId").map(Into::into),
            scopes: more
                .get("authorizationScopes")
                .and_then(Value::as_array)
                .map(|scopes| scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .unwrap_or_default(),
            api_key_required: more.get("apiKeyRequired").and_then(Value::as_bool).unwrap_or(false),
            validator_id: text("requestValidatorId").map(Into::into),
            integration,
            operation_name: None,
        });
        let mut own = more;
        own["authorizationType"] = authorization.into();
        if rest {
            self.resources.push(json!({ "id": id, "path": path, "resourceMethods": { method: own } }));
        } else {
            own["routeId"] = id.into();
            own["routeKey"] = key.into();
            own["target"] = own.get("target").cloned().unwrap_or_else(|| "integrations/i1".into());
            self.resources.push(own);
        }
        self
    }

    /// More members of the stage, which are also what the inventory makes of them.
    pub(super) fn stage(mut self, members: Value) -> Self {
        for (name, value) in members.as_object().into_iter().flatten() {
            self.stage[name] = value.clone();
        }
        let stage = &mut self.inventory.stages[0];
        stage.web_acl_arn = self.stage.get("webAclArn").and_then(Value::as_str).map(Into::into);
        stage.last_updated = self.stage.get("lastUpdatedDate").and_then(Value::as_str).map(str::to_owned);
        if let Some(canary) = self.stage.get("canarySettings") {
            stage.canary = Some(Canary {
                deployment_id: canary["deploymentId"].as_str().unwrap().into(),
                percent_traffic: canary["percentTraffic"].as_f64().unwrap(),
            });
        }
        let settings = self.stage.get("methodSettings").and_then(Value::as_object);
        for (key, setting) in settings.into_iter().flatten() {
            let limit = Limit {
                rate: setting.get("throttlingRateLimit").and_then(Value::as_f64),
                burst: setting
                    .get("throttlingBurstLimit")
                    .and_then(Value::as_i64)
                    .and_then(|burst| i32::try_from(burst).ok()),
            };
            let key = if key == "*/*" {
                key.clone()
            } else {
                let (path, method) = key.rsplit_once('/').unwrap();
                format!("{method} {}", path.replace("~1", "/"))
            };
            stage.limits.insert(key, limit);
        }
        self
    }

    /// More members of the API's own description.
    pub(super) fn api(mut self, members: Value) -> Self {
        for (name, value) in members.as_object().into_iter().flatten() {
            self.api[name] = value.clone();
        }
        let api = &mut self.inventory.api;
        api.execute_api_disabled = self.api.get("disableExecuteApiEndpoint").and_then(Value::as_bool).unwrap_or(false);
        api.has_resource_policy = self.api.get("policy").is_some();
        self
    }

    /// Another answer about the API.
    pub(super) fn answer(mut self, call: &str, of: &str, json: Value) -> Self {
        if call.ends_with(":GetAuthorizers") {
            for item in json.get("item").or_else(|| json.get("items")).and_then(Value::as_array).into_iter().flatten() {
                self.inventory.authorizers.push(Authorizer {
                    id: item.get("id").or_else(|| item.get("authorizerId")).and_then(Value::as_str).unwrap().into(),
                    name: item["name"].as_str().unwrap().into(),
                    kind: String::new(),
                    ttl_seconds: item
                        .get("authorizerResultTtlInSeconds")
                        .and_then(Value::as_i64)
                        .and_then(|ttl| i32::try_from(ttl).ok()),
                    targets: Vec::new(),
                });
            }
        }
        if call.ends_with(":GetRequestValidators") {
            for item in json["item"].as_array().unwrap() {
                self.inventory.validators.push(Validator {
                    id: item["id"].as_str().unwrap().into(),
                    name: item["name"].as_str().unwrap().into(),
                    validates_body: item["validateRequestBody"].as_bool().unwrap(),
                    validates_parameters: item["validateRequestParameters"].as_bool().unwrap(),
                });
            }
        }
        self.answers.push(document(call, of, json));
        self
    }

    /// An answer about the account.
    pub(super) fn account_answer(mut self, call: &str, of: &str, json: Value) -> Self {
        self.account_answers.push(document(call, of, json));
        self
    }

    /// The changes of the last days.
    pub(super) fn events(mut self, days: u32, events: Vec<ChangeEvent>) -> Self {
        self.events = Some(KnownEvents { events, days, ci: CiPatterns::default() });
        self
    }

    /// A custom domain that leads to `prod`.
    pub(super) fn domain(mut self, name: &str) -> Self {
        self.account.domains.push(DomainMapping {
            domain: name.into(),
            base_path: "".into(),
            api_id: Arc::clone(&self.inventory.api.id),
            stage: Some("prod".into()),
        });
        self
    }

    /// AWS denied this operation: nothing of it was read.
    pub(super) fn denied(mut self, operation: &'static str) -> Self {
        self.unread.push(operation);
        self.gaps.push(Gap {
            context: "demo".to_owned(),
            service: "apigateway".to_owned(),
            operation: operation.to_owned(),
            resource: "API storefront (api0000001)".to_owned(),
            kind: GapKind::Denied,
            code: "AccessDeniedException".to_owned(),
            message: format!("{operation} was denied"),
            request_id: None,
        });
        self
    }

    pub(super) fn place(&self) -> Place {
        Place { context: self.context.into(), account: "111122223333".into(), region: "eu-west-1".into() }
    }

    fn documents(&self) -> (Documents, Documents) {
        let rest = self.inventory.api.kind == ApiKind::Rest;
        let mut answers = match rest {
            true => vec![
                document("apigateway:GetRestApis", "/item/0", self.api.clone()),
                document("apigateway:GetStages", "", json!({ "item": [self.stage] })),
                document("apigateway:GetResources", "", json!({ "item": self.resources })),
            ],
            false => vec![
                document("apigatewayv2:GetApis", "/items/0", self.api.clone()),
                document("apigatewayv2:GetStages", "", json!({ "items": [self.stage] })),
                document("apigatewayv2:GetRoutes", "", json!({ "items": self.resources })),
            ],
        };
        answers.extend(self.answers.iter().cloned());
        let read = |document: &Document| {
            !self.unread.iter().any(|operation| document.call.ends_with(&format!(":{operation}")))
        };
        answers.retain(read);
        let account = self.account_answers.iter().filter(|document| read(document)).cloned().collect();
        (Documents::new(answers), Documents::new(account))
    }

    pub(super) fn routes(&self) -> Vec<Route> {
        routes_of(&self.place(), &self.inventory, &self.account, &AudienceRules::default())
    }

    /// What the control says, worst first; all verdicts but "not applicable".
    pub(super) fn ask(&self, control: &str) -> Vec<Finding> {
        ask_all(std::slice::from_ref(self), control)
    }

    /// The one verdict that the control gives about this account; "not applicable" when it gives none.
    pub(super) fn verdict(&self, control: &str) -> Verdict {
        self.ask(control).first().map_or(Verdict::NotApplicable, |finding| finding.verdict)
    }
}

/// Several accounts at once.
pub(super) fn ask_all(kits: &[Kit], control: &str) -> Vec<Finding> {
    let now: Timestamp = AT.parse().unwrap();
    let policy = PosturePolicy::default();
    let read: Vec<_> = kits.iter().map(|kit| (kit.place(), kit.routes(), kit.documents().1)).collect();
    let inputs: Vec<AccountInput<'_>> = kits
        .iter()
        .zip(&read)
        .map(|(kit, (place, routes, account_documents))| AccountInput {
            place,
            account: &kit.account,
            documents: account_documents,
            events: kit.events.as_ref(),
            gaps: &kit.gaps,
            apis: vec![ApiInput {
                inventory: &kit.inventory,
                routes: routes.iter().collect(),
                documents: Box::new(|| kit.documents().0),
            }],
        })
        .collect();
    let mut findings = assess(&inputs, Measure { policy: &policy, now, passes: true }).findings;
    findings.retain(|finding| finding.control == control);
    findings.sort_by_key(|finding| (finding.verdict, finding.severity));
    findings
}

/// A table of accounts and what a control must say of each.
pub(super) fn table(control: &str, rows: Vec<(&str, Kit, Verdict)>) {
    table_about(control, |_| true, rows);
}

/// The same of a control that judges several things: only those that are asked for here.
pub(super) fn table_about(control: &str, about: impl Fn(&Finding) -> bool, rows: Vec<(&str, Kit, Verdict)>) {
    for (name, kit, expected) in rows {
        let found: Vec<Finding> = kit.ask(control).into_iter().filter(&about).collect();
        let verdict = found.first().map_or(Verdict::NotApplicable, |finding| finding.verdict);
        assert_eq!(verdict, expected, "{control}, {name}: {found:#?}");
        for finding in found.iter().filter(|finding| finding.verdict == Verdict::Fail) {
            assert!(!finding.expected.is_empty() && !finding.actual.is_empty(), "{control}, {name}: {finding:#?}");
            assert!(!finding.evidence.is_empty(), "{control}, {name}: a failure without evidence");
        }
    }
}
