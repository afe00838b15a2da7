//! REST APIs: `pages(APIs) + Σ (pages(resources) + stages + [authorizers] + [validators] + distinct deployments)` calls.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_apigateway::types::RestApi;
use portcullis_domain::inventory::ApiInventory;

use super::{Collector, ReadApi, convert, parts::parts};
use crate::{RawAnswer, raw::Capture};

const SERVICE: &str = "apigateway";
/// The most that API Gateway gives in a page ("limit": 500).
const PAGE: i32 = 500;

/// Every REST API with its part of the answer; those of pages that failed are gaps.
pub(super) async fn list(collector: &Collector<'_>) -> Vec<(RestApi, RawAnswer)> {
    let client = collector.reader.session.rest();
    let (mut apis, mut position) = (Vec::new(), None::<String>);
    loop {
        let capture = Capture::default();
        let page = collector
            .reader
            .read(SERVICE, "GetRestApis", "the list of REST APIs", || {
                client
                    .get_rest_apis()
                    .limit(PAGE)
                    .set_position(position.clone())
                    .customize()
                    .interceptor(capture.clone())
                    .send()
            })
            .await;
        let Some(page) = collector.or_gap("the list of REST APIs", page).await else { return apis };
        apis.extend(page.items().iter().cloned().zip(parts(&format!("{SERVICE}:GetRestApis"), &capture.take())));
        position = page.position().map(str::to_owned);
        if position.is_none() {
            return apis;
        }
    }
}

/// Everything of one API.
pub(super) async fn read(collector: &Collector<'_>, (api, listed): (RestApi, RawAnswer)) -> ReadApi {
    let api = convert::rest_api(&api);
    let one = One { collector, id: api.id.to_string(), resource: format!("API {} ({})", api.name, api.id) };
    let mut raw = vec![listed];
    let (stages, definitions) = futures::join!(one.stages(), one.resources());
    let (definitions, resource_answers, definitions_complete) = definitions;
    let mut complete = stages.is_some() && definitions_complete;
    let (stages, stage_answers) = stages.unwrap_or_default();
    raw.extend(stage_answers);
    raw.extend(resource_answers);

    let wanted: BTreeSet<&str> = stages
        .iter()
        .flat_map(|stage| {
            stage.deployment_id.as_deref().into_iter().chain(stage.canary.as_ref().map(|canary| &*canary.deployment_id))
        })
        .collect();
    let mut deployments = BTreeMap::new();
    for id in wanted {
        match one.summary(id).await {
            Some((Some(summary), answer)) => {
                deployments.insert(id.into(), summary);
                raw.push(answer);
            }
            Some((None, answer)) => raw.push(answer),
            None => complete = false,
        }
    }
    let mut authorizers = Vec::new();
    if definitions.iter().any(|route| route.authorizer_id.is_some()) {
        match one.authorizers().await {
            Some((found, answers)) => {
                authorizers = found;
                raw.extend(answers);
            }
            None => complete = false,
        }
    }
    let mut validators = Vec::new();
    if definitions.iter().any(|route| route.validator_id.is_some()) {
        match one.validators().await {
            Some((found, answers)) => {
                validators = found;
                raw.extend(answers);
            }
            None => complete = false,
        }
    }
    ReadApi {
        inventory: ApiInventory {
            api,
            stages,
            definitions,
            definitions_complete,
            deployments,
            authorizers,
            validators,
        },
        raw,
        complete,
    }
}

struct One<'a, 'b> {
    collector: &'a Collector<'b>,
    id: String,
    resource: String,
}

type WithRaw<T> = Option<(T, Vec<RawAnswer>)>;

impl One<'_, '_> {
    async fn stages(&self) -> WithRaw<Vec<portcullis_domain::api::Stage>> {
        let client = self.collector.reader.session.rest();
        let what = format!("the stages of {}", self.resource);
        let capture = Capture::default();
        let answer = self
            .collector
            .reader
            .read(SERVICE, "GetStages", &what, || {
                client.get_stages().rest_api_id(&self.id).customize().interceptor(capture.clone()).send()
            })
            .await;
        let answer = self.collector.or_gap(&what, answer).await?;
        let answered = raw("GetStages", "", &capture);
        let sent = convert::SentLimits::of(&answered.body);
        let stages = answer.item().iter().map(|stage| convert::rest_stage(stage, &sent)).collect();
        Some((stages, vec![answered]))
    }

    /// What could be read, and whether that is all: a page that fails ends it, and the pages before it stand.
    async fn resources(&self) -> (Vec<portcullis_domain::inventory::RouteDefinition>, Vec<RawAnswer>, bool) {
        let client = self.collector.reader.session.rest();
        let what = format!("the resources of {}", self.resource);
        let (mut definitions, mut answers, mut position) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            let page = self
                .collector
                .reader
                .read(SERVICE, "GetResources", &what, || {
                    client
                        .get_resources()
                        .rest_api_id(&self.id)
                        .limit(PAGE)
                        .embed("methods")
                        .set_position(position.clone())
                        .customize()
                        .interceptor(capture.clone())
                        .send()
                })
                .await;
            let Some(page) = self.collector.or_gap(&what, page).await else { return (definitions, answers, false) };
            definitions.extend(page.items().iter().flat_map(convert::rest_definitions));
            answers.push(raw("GetResources", position.as_deref().unwrap_or_default(), &capture));
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return (definitions, answers, true);
            }
        }
    }

    /// The live summary; an answer without one is not a gap: the stage shows its draft, and says so.
    async fn summary(
        &self,
        deployment: &str,
    ) -> Option<(Option<portcullis_domain::inventory::LiveSummary>, RawAnswer)> {
        let client = self.collector.reader.session.rest();
        let what = format!("deployment {deployment} of {}", self.resource);
        let capture = Capture::default();
        let answer = self
            .collector
            .reader
            .read(SERVICE, "GetDeployment", &what, || {
                client
                    .get_deployment()
                    .rest_api_id(&self.id)
                    .deployment_id(deployment)
                    .embed("apisummary")
                    .customize()
                    .interceptor(capture.clone())
                    .send()
            })
            .await;
        let answer = self.collector.or_gap(&what, answer).await?;
        Some((answer.api_summary().map(convert::live_summary), raw("GetDeployment", deployment, &capture)))
    }

    async fn authorizers(&self) -> WithRaw<Vec<portcullis_domain::api::Authorizer>> {
        let client = self.collector.reader.session.rest();
        let what = format!("the authorizers of {}", self.resource);
        let (mut found, mut answers, mut position) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            let page = self
                .collector
                .reader
                .read(SERVICE, "GetAuthorizers", &what, || {
                    client
                        .get_authorizers()
                        .rest_api_id(&self.id)
                        .limit(PAGE)
                        .set_position(position.clone())
                        .customize()
                        .interceptor(capture.clone())
                        .send()
                })
                .await;
            let page = self.collector.or_gap(&what, page).await?;
            found.extend(page.items().iter().map(convert::rest_authorizer));
            answers.push(raw("GetAuthorizers", position.as_deref().unwrap_or_default(), &capture));
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Some((found, answers));
            }
        }
    }

    async fn validators(&self) -> WithRaw<Vec<portcullis_domain::api::Validator>> {
        let client = self.collector.reader.session.rest();
        let what = format!("the request validators of {}", self.resource);
        let (mut found, mut answers, mut position) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            let page = self
                .collector
                .reader
                .read(SERVICE, "GetRequestValidators", &what, || {
                    client
                        .get_request_validators()
                        .rest_api_id(&self.id)
                        .limit(PAGE)
                        .set_position(position.clone())
                        .customize()
                        .interceptor(capture.clone())
                        .send()
                })
                .await;
            let page = self.collector.or_gap(&what, page).await?;
            found.extend(page.items().iter().map(convert::validator));
            answers.push(raw("GetRequestValidators", position.as_deref().unwrap_or_default(), &capture));
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Some((found, answers));
            }
        }
    }
}

fn raw(operation: &str, of: &str, capture: &Capture) -> RawAnswer {
    RawAnswer { call: format!("{SERVICE}:{operation}"), of: of.to_owned(), body: capture.take() }
}
