//! Inventory -> routes: one row per stage, method and path as the stage serves it.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    api::{Api, ApiKind, Stage},
    audience_rules::{AudienceRules, organisation::Subject},
    inventory::{AccountInventory, ApiInventory, LiveMethod, RouteDefinition},
    route::{Drift, Guard, Route},
    route_limits::effective,
    route_place::{Place, custom_urls, invoke_url, web_acl_name},
};

/// The rows of one API.
#[must_use]
pub fn routes_of(
    place: &Place,
    inventory: &ApiInventory,
    account: &AccountInventory,
    rules: &AudienceRules,
) -> Vec<Route> {
    let definitions: BTreeMap<(&str, &str), &RouteDefinition> =
        inventory.definitions.iter().map(|definition| ((&*definition.path, &*definition.method), definition)).collect();
    let one = One { place, inventory, account, rules };
    inventory.stages.iter().flat_map(|stage| one.stage(stage, &definitions)).collect()
}

struct One<'a> {
    place: &'a Place,
    inventory: &'a ApiInventory,
    account: &'a AccountInventory,
    rules: &'a AudienceRules,
}

type Definitions<'a> = BTreeMap<(&'a str, &'a str), &'a RouteDefinition>;

impl One<'_> {
    fn stage(&self, stage: &Stage, definitions: &Definitions<'_>) -> Vec<Route> {
        let summary = stage.deployment_id.as_ref().and_then(|id| self.inventory.deployments.get(id));
        let Some(summary) = summary else {
            let (drift, detail) = drift_without_summary(self.inventory.api.kind, stage);
            let row = |definition: &&RouteDefinition| Route {
                drift_detail: detail.map(str::to_owned),
                ..self.row(stage, definition, drift, None)
            };
            return definitions.values().map(row).collect();
        };
        let mut rows = Vec::with_capacity(summary.len());
        for ((path, method), live) in summary {
            rows.push(match definitions.get(&(&**path, &**method)) {
                Some(definition) => {
                    let detail = difference(live, definition);
                    let drift = if detail.is_some() { Drift::Changed } else { Drift::None };
                    let mut row = self.row(stage, definition, drift, Some(live));
                    row.drift_detail = detail;
                    row
                }
                None if self.inventory.definitions_complete => {
                    self.row(stage, &gone(path, method, live), Drift::Removed, Some(live))
                }
                None => Route {
                    drift_detail: Some("the API's resources could not all be read".to_owned()),
                    ..self.row(stage, &gone(path, method, live), Drift::LiveOnly, Some(live))
                },
            });
        }
        let undeployed = definitions.values().filter(|definition| {
            !summary.contains_key(&(Arc::clone(&definition.path), Arc::clone(&definition.method)))
        });
        rows.extend(undeployed.map(|definition| self.row(stage, definition, Drift::Added, None)));
        rows
    }

    fn row(&self, stage: &Stage, definition: &RouteDefinition, drift: Drift, live: Option<&LiveMethod>) -> Route {
        let api = &self.inventory.api;
        let authorization_type = live.map_or(&definition.authorization_type, |live| &live.authorization_type);
        let id = format!(
            "{}/{}/{}/{}/{}{}",
            self.place.account,
            self.place.region,
            api.id,
            stage.name,
            definition.method,
            if definition.path.starts_with('/') {
                definition.path.to_string()
            } else {
                format!("/{}", definition.path)
            }
        );
        let preflight = &*definition.method == "OPTIONS"
            && definition.integration.as_ref().is_some_and(|integration| integration.answers_cors);
        let classified = self.rules.classify(&id, &self.subject(api, stage, definition), authorization_type, preflight);
        let custom_urls = custom_urls(api, &stage.name, &definition.path, &self.account.domains);
        Route {
            context: Arc::clone(&self.place.context),
            account: Arc::clone(&self.place.account),
            region: Arc::clone(&self.place.region),
            api_id: Arc::clone(&api.id),
            api_name: Arc::clone(&api.name),
            api_kind: api.kind,
            endpoint_type: api.endpoint_type,
            stage: Arc::clone(&stage.name),
            method: Arc::clone(&definition.method),
            path: Arc::clone(&definition.path),
            resource_id: (!matches!(drift, Drift::Removed | Drift::LiveOnly))
                .then(|| Arc::clone(&definition.resource_id)),
            audience: classified.audience,
            class: classified.class,
            guard: self.guard(definition, authorization_type, live),
            throttle: effective(api.kind, stage, &definition.method, &definition.path, self.account.account_limit),
            validator: definition.validator_id.as_ref().map(|id| {
                let named = self.inventory.validators.iter().find(|validator| validator.id == *id);
                named.map_or_else(|| Arc::clone(id), |validator| Arc::clone(&validator.name))
            }),
            integration: definition.integration.clone(),
            invoke_url: invoke_url(self.place, api, &stage.name, &definition.path)
                .or_else(|| custom_urls.first().cloned()),
            custom_urls,
            waf_acl: stage.web_acl_arn.as_deref().map(web_acl_name),
            canary: stage.canary.clone(),
            drift,
            drift_detail: None,
            id,
        }
    }

    fn subject<'s>(&'s self, api: &'s Api, stage: &'s Stage, definition: &'s RouteDefinition) -> Subject<'s> {
        Subject {
            api: &api.name,
            api_id: &api.id,
            api_kind: api.kind,
            stage: &stage.name,
            path: &definition.path,
            method: &definition.method,
            endpoint_type: api.endpoint_type,
            account: &self.place.account,
            region: &self.place.region,
            api_tags: &api.tags,
            stage_tags: &stage.tags,
        }
    }

    /// The summary knows only type and key. The draft's authorizer is named when the type is the same; else naming it
    /// would be a guess.
    fn guard(&self, definition: &RouteDefinition, authorization_type: &Arc<str>, live: Option<&LiveMethod>) -> Guard {
        let same = *authorization_type == definition.authorization_type;
        let authorizer = definition.authorizer_id.as_ref().filter(|_| same).map(|id| {
            let named = self.inventory.authorizers.iter().find(|authorizer| authorizer.id == *id);
            named.map_or_else(|| Arc::clone(id), |authorizer| Arc::clone(&authorizer.name))
        });
        Guard {
            authorization_type: Arc::clone(authorization_type),
            authorizer,
            scopes: if same { definition.scopes.clone() } else { Vec::new() },
            api_key_required: live.map_or(definition.api_key_required, |live| live.api_key_required),
        }
    }
}

/// Without a summary the draft is all there is. A stage that deploys by itself serves it; one without a deployment
/// serves nothing; of any other it is not known.
fn drift_without_summary(kind: ApiKind, stage: &Stage) -> (Drift, Option<&'static str>) {
    match (kind, stage.auto_deploy, &stage.deployment_id) {
        (ApiKind::Http | ApiKind::WebSocket, true, _) => (Drift::None, None),
        (_, _, None) => (Drift::Added, Some("the stage has no deployment: nothing is live")),
        (ApiKind::Http | ApiKind::WebSocket, false, Some(_)) => (
            Drift::DraftOnly,
            Some("the stage does not deploy by itself, and AWS does not tell what its deployment holds"),
        ),
        (ApiKind::Rest, _, Some(_)) => (Drift::DraftOnly, Some("the deployment's summary could not be had")),
    }
}

/// What the draft says differently, a sentence.
fn difference(live: &LiveMethod, definition: &RouteDefinition) -> Option<String> {
    let mut parts = Vec::new();
    if live.authorization_type != definition.authorization_type {
        parts.push(format!("live is {}, the draft {}", live.authorization_type, definition.authorization_type));
    }
    if live.api_key_required != definition.api_key_required {
        let key = |required| if required { "requires an API key" } else { "requires no API key" };
        parts.push(format!("live {}, the draft {}", key(live.api_key_required), key(definition.api_key_required)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// A route that only the deployment knows any more.
fn gone(path: &Arc<str>, method: &Arc<str>, live: &LiveMethod) -> RouteDefinition {
    RouteDefinition {
        method: Arc::clone(method),
        path: Arc::clone(path),
        resource_id: "".into(),
        authorization_type: Arc::clone(&live.authorization_type),
        authorizer_id: None,
        scopes: Vec::new(),
        api_key_required: live.api_key_required,
        validator_id: None,
        integration: None,
        operation_name: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::{Authorizer, Canary, EndpointType, Integration},
        audience::{Audience, AudienceSource},
        change::CommandContext,
        guard_notes::guard_notes,
        inventory::DomainMapping,
        route_class::RouteClass,
        route_place::{aws_command, console_url, execute_api_arn},
        throttle::{EffectiveThrottle, Limit, ThrottleSource},
    };

    fn definition(method: &str, path: &str, kind: &str) -> RouteDefinition {
        let live = LiveMethod { authorization_type: kind.into(), api_key_required: false };
        RouteDefinition { resource_id: "r1".into(), ..gone(&path.into(), &method.into(), &live) }
    }

    fn inventory() -> ApiInventory {
        let live = |kind: &str| LiveMethod { authorization_type: kind.into(), api_key_required: false };
        let mut mock = definition("OPTIONS", "/cart", "NONE");
        mock.integration = Some(Integration { kind: "MOCK".into(), answers_cors: true, ..Integration::default() });
        ApiInventory {
            api: Api {
                id: "a1".into(),
                name: "shop".into(),
                kind: ApiKind::Rest,
                endpoint_type: EndpointType::Regional,
                description: None,
                created: None,
                tags: BTreeMap::new(),
                execute_api_disabled: false,
                has_resource_policy: false,
                api_key_source: None,
                route_selection_expression: None,
            },
            stages: vec![Stage {
                name: "prod".into(),
                deployment_id: Some("d1".into()),
                canary: Some(Canary { deployment_id: "d2".into(), percent_traffic: 10.0 }),
                web_acl_arn: Some("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shield/0".into()),
                limits: BTreeMap::from([
                    ("*/*".to_owned(), Limit { rate: Some(20_000.0), burst: Some(100) }),
                    ("POST /login".to_owned(), Limit { rate: Some(5.0), burst: Some(10) }),
                ]),
                detailed_metrics: BTreeMap::default(),
                access_log_arn: None,
                auto_deploy: false,
                tags: BTreeMap::new(),
                last_updated: None,
            }],
            definitions_complete: true,
            definitions: vec![
                definition("GET", "/cart", "NONE"),
                definition("POST", "/login", "NONE"),
                definition("GET", "/new", "NONE"),
                mock,
            ],
            deployments: BTreeMap::from([(
                "d1".into(),
                BTreeMap::from([
                    (("/cart".into(), "GET".into()), live("CUSTOM")),
                    (("/cart".into(), "OPTIONS".into()), live("NONE")),
                    (("/login".into(), "POST".into()), live("NONE")),
                    (("/old".into(), "GET".into()), live("NONE")),
                ]),
            )]),
            authorizers: vec![],
            validators: vec![],
        }
    }

    fn place() -> Place {
        Place { context: "demo".into(), account: "111122223333".into(), region: "eu-west-1".into() }
    }

    fn rows(inventory: &ApiInventory) -> Vec<Route> {
        let account = AccountInventory {
            account_limit: Some(Limit { rate: Some(10_000.0), burst: Some(5_000) }),
            ..AccountInventory::default()
        };
        routes_of(&place(), inventory, &account, &AudienceRules::default())
    }

    #[test]
    fn a_row_is_what_the_stage_serves() {
        let rows = rows(&inventory());
        let of =
            |method: &str, path: &str| rows.iter().find(|row| &*row.method == method && &*row.path == path).unwrap();
        assert_eq!(rows.len(), 5);
        let cart = of("GET", "/cart");
        assert_eq!((&*cart.guard.authorization_type, cart.drift), ("CUSTOM", Drift::Changed), "the deployment wins");
        assert_eq!(cart.drift_detail.as_deref(), Some("live is CUSTOM, the draft NONE"));
        assert_eq!(of("GET", "/old").drift, Drift::Removed);
        assert_eq!(of("GET", "/old").resource_id, None);
        assert_eq!(of("GET", "/new").drift, Drift::Added);
        assert_eq!(of("OPTIONS", "/cart").class.class, RouteClass::Preflight);
        assert_eq!(cart.waf_acl.as_deref(), Some("shield"));
        assert_eq!(cart.id, "111122223333/eu-west-1/a1/prod/GET/cart");
    }

    #[test]
    fn the_lowest_limit_that_applies_is_shown_with_its_layer() {
        let rows = rows(&inventory());
        let throttle = |path: &str| rows.iter().find(|row| &*row.path == path).unwrap().throttle;
        assert_eq!(
            throttle("/login"),
            EffectiveThrottle {
                limit: Limit { rate: Some(5.0), burst: Some(10) },
                source: ThrottleSource::StageMethod,
                burst_source: ThrottleSource::StageMethod,
            }
        );
        // 20,000 a second on the stage is worth the account's 10,000.
        assert_eq!(
            throttle("/old"),
            EffectiveThrottle {
                limit: Limit { rate: Some(10_000.0), burst: Some(100) },
                source: ThrottleSource::Account,
                burst_source: ThrottleSource::StageDefault,
            }
        );
    }

    #[test]
    fn without_a_summary_the_draft_is_marked() {
        let mut inventory = inventory();
        inventory.deployments.clear();
        let rows = rows(&inventory);
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().all(|row| row.drift == Drift::DraftOnly));
    }

    #[test]
    fn a_stage_without_a_summary_says_what_is_known() {
        use ApiKind::{Http, Rest, WebSocket};
        let rows_of = |kind: ApiKind, auto_deploy: bool, deployment: Option<&str>| {
            let mut inventory = inventory();
            inventory.deployments.clear();
            inventory.api.kind = kind;
            inventory.stages[0].auto_deploy = auto_deploy;
            inventory.stages[0].deployment_id = deployment.map(Into::into);
            let row = rows(&inventory).remove(0);
            (row.drift, row.drift_detail.is_some())
        };
        assert_eq!(rows_of(Http, true, Some("d1")), (Drift::None, false));
        assert_eq!(rows_of(WebSocket, true, None), (Drift::None, false));
        assert_eq!(rows_of(Http, false, Some("d1")), (Drift::DraftOnly, true));
        assert_eq!(rows_of(Http, false, None), (Drift::Added, true));
        assert_eq!(rows_of(Rest, false, Some("d1")), (Drift::DraftOnly, true));
        assert_eq!(rows_of(Rest, false, None), (Drift::Added, true));
    }

    #[test]
    fn notes_say_where_a_guard_comes_from() {
        let mut inventory = inventory();
        let jwt = Authorizer {
            id: "z1".into(),
            name: "sessions".into(),
            kind: "TOKEN".to_owned(),
            ttl_seconds: Some(300),
            targets: vec![],
        };
        inventory.definitions[1].authorization_type = "CUSTOM".into();
        inventory.definitions[1].authorizer_id = Some("z1".into());
        inventory.authorizers.push(jwt.clone());
        let all_rows = rows;
        let rows = rows(&inventory);
        let notes = |path: &str, authorizer: Option<&Authorizer>| {
            let row = rows.iter().find(|row| &*row.path == path).unwrap();
            guard_notes(row, &inventory.stages[0], authorizer).join("\n")
        };
        insta::assert_snapshot!(notes("/cart", None), @r"
        Deployment d1, which the stage serves, says CUSTOM, and no API key is required.
        The draft differs: live is CUSTOM, the draft NONE.
        Which authorizer is asked is not known: the draft has none for this type.
        ");
        insta::assert_snapshot!(notes("/new", None), @r"
        The draft says NONE, and no API key is required. Deployment d1, which the stage serves, does not have this method: it is not live.
        Nobody is asked who they are.
        ");
        // The draft's authorizer is not in force: it is not named.
        insta::assert_snapshot!(notes("/login", None), @r"
        Deployment d1, which the stage serves, says NONE, and no API key is required.
        The draft differs: live is NONE, the draft CUSTOM.
        Nobody is asked who they are.
        ");
        insta::assert_snapshot!(notes("/old", None), @r"
        Deployment d1, which the stage serves, says NONE, and no API key is required.
        The draft has this route no more: the next deployment ends it.
        Nobody is asked who they are.
        ");
        inventory.deployments.clear();
        let draft = all_rows(&inventory);
        let login = draft.iter().find(|row| &*row.path == "/login").unwrap();
        insta::assert_snapshot!(guard_notes(login, &inventory.stages[0], Some(&jwt)).join("\n"), @r"
        The draft says CUSTOM, and no API key is required. Whether the stage serves it like this is not known.
        The authorizer is sessions, as the draft has it; a deployment's summary does not name authorizers.
        Its decisions are cached for 300 s: a token that is revoked is let in until then.
        ");
    }

    #[test]
    fn a_route_can_be_pasted_elsewhere() {
        let mut inventory = inventory();
        let hostile = "/it's; rm -rf/{id}/x/{proxy+}";
        inventory.definitions = vec![definition("ANY", hostile, "NONE")];
        inventory.definitions[0].resource_id = "r'1".into();
        let all = rows(&inventory);
        let stage = &inventory.stages[0];
        let context = CommandContext {
            profile: Some("shop prod"),
            region: "eu-west-1",
            endpoint_url: Some("http://127.0.0.1:5000"),
        };
        let row = all.iter().find(|row| &*row.path == hostile).unwrap();
        insta::assert_snapshot!(execute_api_arn(row), @"arn:aws:execute-api:eu-west-1:111122223333:a1/prod/*/it's; rm -rf/*/x/*");
        insta::assert_snapshot!(aws_command(row, stage, &context), @r"aws apigateway get-method --rest-api-id a1 --resource-id 'r'\''1' --http-method ANY --profile 'shop prod' --region eu-west-1 --endpoint-url http://127.0.0.1:5000");
        insta::assert_snapshot!(console_url(row), @"https://eu-west-1.console.aws.amazon.com/apigateway/main/apis/a1/resources?api=a1&region=eu-west-1");
        let gone = all.iter().find(|row| &*row.path == "/old").unwrap();
        let plain = CommandContext { region: "eu-west-1", ..CommandContext::default() };
        insta::assert_snapshot!(aws_command(gone, stage, &plain), @"aws apigateway get-deployment --rest-api-id a1 --deployment-id d1 --embed apisummary --region eu-west-1");
    }

    #[test]
    fn a_switched_off_host_leaves_the_custom_domain() {
        let mut inventory = inventory();
        inventory.api.execute_api_disabled = true;
        let domains = vec![DomainMapping {
            domain: "shop.example.com".into(),
            base_path: "".into(),
            api_id: "a1".into(),
            stage: Some("prod".into()),
        }];
        let urls = |domains: Vec<DomainMapping>| {
            let account = AccountInventory { domains, ..AccountInventory::default() };
            let row = routes_of(&place(), &inventory, &account, &AudienceRules::default()).remove(0);
            row.invoke_url
        };
        assert_eq!(urls(domains).as_deref(), Some("https://shop.example.com/cart"));
        assert_eq!(urls(vec![]), None);
    }

    #[test]
    fn a_tag_decides_over_words_and_a_person_over_both() {
        let mut inventory = inventory();
        inventory.stages[0].tags.insert("portcullis:audience".to_owned(), "Partner".to_owned());
        let first = rows(&inventory).remove(0);
        assert_eq!((first.audience.audience, first.audience.source), (Audience::Partner, AudienceSource::Tag));
        inventory.stages[0].tags.insert("portcullis:audience".to_owned(), "everybody".to_owned());
        let first = rows(&inventory).remove(0);
        assert_eq!(first.audience.source, AudienceSource::BuiltIn);
        assert!(
            first.audience.reason.ends_with("the stage's tag names no audience: everybody"),
            "{}",
            first.audience.reason
        );
    }
}
