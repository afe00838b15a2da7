//! What a client of HTTP APIs would notice.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Call, HttpApis, operation};
use crate::services::{Around, Refusal};

/// A region with a counter for ids.
#[derive(Default)]
struct Region {
    service: HttpApis,
    ids: usize,
}

impl Region {
    #[expect(clippy::needless_pass_by_value, reason = "tests pass literals")]
    fn call(&mut self, method: &str, path: &str, body: Value) -> Result<Value, Refusal> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        let query = crate::services::wire::pairs(query);
        let operation = operation(method, &segments).expect("the path is one of the service's");
        let ids = &mut self.ids;
        let mut id = |length: usize| {
            *ids += 1;
            format!("{ids:0>length$}")
        };
        let now = Timestamp::from_second(1_790_000_000).unwrap();
        let mut around = Around { now, region: "eu-west-1", id: &mut id };
        let call = Call { segments: &segments, query: &query, body: body.as_object().unwrap() };
        self.service.answer(operation, &call, &mut around).map(|(_, answer)| answer)
    }

    fn id(&mut self, path: &str, member: &str, body: Value) -> String {
        self.call("POST", path, body).unwrap()[member].as_str().unwrap().to_owned()
    }
}

fn with_route() -> (Region, String) {
    let mut region = Region::default();
    let api = region.id("apis", "apiId", json!({ "name": "a", "protocolType": "HTTP" }));
    let integration = json!({ "integrationType": "HTTP_PROXY", "integrationUri": "https://example.com" });
    let integration = region.id(&format!("apis/{api}/integrations"), "integrationId", integration);
    let route = json!({ "routeKey": "GET /a", "target": format!("integrations/{integration}") });
    region.id(&format!("apis/{api}/routes"), "routeId", route);
    (region, api)
}

#[test]
fn a_stage_that_deploys_by_itself_follows_every_change() {
    let (mut region, api) = with_route();
    let stages = format!("apis/{api}/stages");
    region.call("POST", &stages, json!({ "stageName": "auto", "autoDeploy": true })).unwrap();
    region.call("POST", &stages, json!({ "stageName": "manual" })).unwrap();
    let before = region.call("GET", &format!("{stages}/auto"), json!({})).unwrap()["deploymentId"].clone();
    region.call("POST", &format!("apis/{api}/routes"), json!({ "routeKey": "GET /b" })).unwrap();
    let after = region.call("GET", &format!("{stages}/auto"), json!({})).unwrap()["deploymentId"].clone();
    assert!(before.is_string() && after.is_string() && before != after);
    let manual = region.call("GET", &format!("{stages}/manual"), json!({})).unwrap();
    assert!(manual.get("deploymentId").is_none(), "a stage that nobody deployed to serves nothing");
    let moved = region.call("PATCH", &format!("{stages}/auto"), json!({ "deploymentId": before }));
    assert_eq!(moved.unwrap_err().code, "BadRequestException");
}

#[test]
fn route_settings_are_set_and_removed_one_by_one() {
    let (mut region, api) = with_route();
    region.call("POST", &format!("apis/{api}/stages"), json!({ "stageName": "prod" })).unwrap();
    let stage = format!("apis/{api}/stages/prod");
    for (key, rate) in [("GET a", 5.0), ("GET b", 7.0)] {
        let settings = json!({ "routeSettings": { key: { "throttlingRateLimit": rate } } });
        region.call("PATCH", &stage, settings).unwrap();
    }
    region.call("DELETE", &format!("{stage}/routesettings/GET a"), json!({})).unwrap();
    let settings = region.call("GET", &stage, json!({})).unwrap()["routeSettings"].clone();
    assert_eq!(settings, json!({ "GET b": { "throttlingRateLimit": 7.0 } }));
    let again = region.call("DELETE", &format!("{stage}/routesettings/GET a"), json!({}));
    assert_eq!(again.unwrap_err().status, 404);
}

#[test]
fn what_does_not_fit_is_refused() {
    let (mut region, api) = with_route();
    for (method, path, body, status) in [
        ("GET", "apis/nobody".to_owned(), json!({}), 404),
        ("POST", "apis".to_owned(), json!({ "name": "", "protocolType": "HTTP" }), 400),
        ("POST", "apis".to_owned(), json!({ "name": "w", "protocolType": "WEBSOCKET" }), 400),
        ("POST", "apis/nobody/routes".to_owned(), json!({ "routeKey": "GET /" }), 404),
        ("POST", format!("apis/{api}/routes"), json!({ "routeKey": "GET /a" }), 409),
        ("POST", format!("apis/{api}/routes"), json!({ "routeKey": "GET /c", "target": "integrations/none" }), 400),
        ("POST", format!("apis/{api}/routes"), json!({ "routeKey": "GET /c", "authorizationType": "JWT" }), 400),
        ("POST", format!("apis/{api}/stages"), json!({ "stageName": "p", "deploymentId": "none" }), 404),
        ("GET", format!("apis/{api}/routes?maxResults=0"), json!({}), 400),
        ("GET", format!("apis/{api}/routes?nextToken=x"), json!({}), 400),
        ("PUT", "apis".to_owned(), json!({}), 501),
        ("GET", format!("apis/{api}/exports/OAS30"), json!({}), 501),
        ("GET", format!("apis/{api}/models/m/template"), json!({}), 501),
    ] {
        let outcome = region.call(method, &path, body.clone());
        assert_eq!(outcome.map_err(|refusal| refusal.status), Err(status), "{method} {path} {body}");
    }
}

#[test]
fn every_route_is_on_exactly_one_page() {
    let (mut region, api) = with_route();
    for index in 0..10 {
        let route = json!({ "routeKey": format!("GET /r{index}") });
        region.call("POST", &format!("apis/{api}/routes"), route).unwrap();
    }
    let (mut token, mut seen) = (String::new(), Vec::new());
    loop {
        let page = region.call("GET", &format!("apis/{api}/routes?maxResults=4{token}"), json!({})).unwrap();
        seen.extend(page["items"].as_array().unwrap().iter().map(|route| route["routeKey"].clone()));
        match page["nextToken"].as_str() {
            Some(next) => token = format!("&nextToken={next}"),
            None => break,
        }
    }
    seen.sort_by_key(Value::to_string);
    let all = seen.len();
    seen.dedup();
    assert_eq!((all, seen.len()), (11, 11));
}
