//! HTTP and WebSocket APIs: `pages(APIs) + Σ (routes + stages + [authorizers] + integrations)` calls.

use std::collections::BTreeMap;

use aws_sdk_apigatewayv2::types::Api;
use portcullis_domain::{
    api::{ApiKind, Integration},
    inventory::ApiInventory,
};

use super::{Collector, ReadApi, convert, parts::parts};
use crate::{RawAnswer, raw::Capture};

const SERVICE: &str = "apigatewayv2";
/// A string on the wire; API Gateway gives no more than it likes and says where to go on.
const PAGE: &str = "500";

/// Reads all pages of a list: `pages!(one, capture-able request, operation, what)`.
macro_rules! pages {
    ($collector:expr, $operation:literal, $what:expr, $request:expr, $answers:expr) => {{
        let (mut items, mut token) = (Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            let page = $collector
                .reader
                .read(SERVICE, $operation, $what, || {
                    $request
                        .max_results(PAGE)
                        .set_next_token(token.clone())
                        .customize()
                        .interceptor(capture.clone())
                        .send()
                })
                .await;
            let Some(page) = $collector.or_gap($what, page).await else { break None };
            items.extend(page.items().iter().cloned());
            $answers.push(RawAnswer {
                call: format!("{SERVICE}:{}", $operation),
                of: token.unwrap_or_default(),
                body: capture.take(),
            });
            token = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if token.is_none() {
                break Some(items);
            }
        }
    }};
}

/// Every HTTP and WebSocket API with its part of the answer.
pub(super) async fn list(collector: &Collector<'_>) -> Vec<(Api, RawAnswer)> {
    let client = collector.reader.session.http();
    let mut pages = Vec::new();
    let found = pages!(collector, "GetApis", "the list of HTTP and WebSocket APIs", client.get_apis(), pages);
    let answers = pages.iter().flat_map(|page| parts(&page.call, &page.body));
    found.unwrap_or_default().into_iter().zip(answers).collect()
}

/// Everything of one API.
pub(super) async fn read(collector: &Collector<'_>, (api, listed): (Api, RawAnswer)) -> ReadApi {
    let client = collector.reader.session.http();
    let api = convert::http_api(&api);
    let (id, name) = (api.id.to_string(), format!("API {} ({})", api.name, api.id));
    let mut raw = vec![listed];
    let mut complete = true;

    let what = format!("the stages of {name}");
    let stages = pages!(collector, "GetStages", &what, client.get_stages().api_id(&id), raw);
    complete &= stages.is_some();
    let stages = stages.unwrap_or_default().iter().map(convert::http_stage).collect();

    let what = format!("the routes of {name}");
    let routes = pages!(collector, "GetRoutes", &what, client.get_routes().api_id(&id), raw);
    let complete_routes = routes.is_some();
    complete &= complete_routes;
    let routes = routes.unwrap_or_default();

    let mut integrations: BTreeMap<String, Integration> = BTreeMap::new();
    if routes.iter().any(|route| route.target().is_some()) {
        let what = format!("the integrations of {name}");
        let found = pages!(collector, "GetIntegrations", &what, client.get_integrations().api_id(&id), raw);
        complete &= found.is_some();
        integrations = found.unwrap_or_default().iter().filter_map(convert::http_integration).collect();
    }
    let mut authorizers = Vec::new();
    if routes.iter().any(|route| route.authorizer_id().is_some()) {
        let what = format!("the authorizers of {name}");
        let found = pages!(collector, "GetAuthorizers", &what, client.get_authorizers().api_id(&id), raw);
        complete &= found.is_some();
        authorizers = found.unwrap_or_default().iter().map(convert::http_authorizer).collect();
    }
    let websocket = api.kind == ApiKind::WebSocket;
    let definitions = routes.iter().map(|route| convert::http_definition(route, websocket, &integrations)).collect();
    let inventory = ApiInventory {
        api,
        stages,
        definitions,
        deployments: BTreeMap::new(),
        authorizers,
        validators: Vec::new(),
        definitions_complete: complete_routes,
    };
    ReadApi { inventory, raw, complete }
}
