//! Single answers that somebody recorded from AWS, over the years, through the SDK into the domain: nothing that the
//! console shows is lost or made up on the way.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test")]

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use portcullis_aws::{BudgetLimits, InventoryEvent, Lane, Reader, Session, SessionDeps, collect_inventory};
use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::{
    FixedClock,
    api::{Api, ApiKind, EndpointType, Stage},
    context::ContextSpec,
    coverage::{Gap, GapKind},
    inventory::AccountInventory,
};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How a product writes members and dates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wire {
    /// `deploymentId`, seconds since the epoch.
    Rest,
    /// `DeploymentId` in the recording, `deploymentId` on the wire; RFC 3339.
    Version2,
}

/// The recorded answers of an operation: file, status, body as it was on the wire.
fn recorded(operation: &str, wire: Wire) -> Vec<(String, u16, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus/recorded");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: what AWS answered is not at {}", folder.display());
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("custodian") || !name.contains(&format!("__apigateway.{operation}_")) {
            continue;
        }
        let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let status = u16::try_from(file["status_code"].as_u64().unwrap()).unwrap();
        let version2 = file["data"].get("Items").is_some();
        if version2 == (wire == Wire::Version2) {
            found.push((name, status, on_the_wire(&file["data"], wire)));
        }
    }
    assert!(!found.is_empty(), "no recording of {operation}");
    found
}

fn on_the_wire(value: &Value, wire: Wire) -> Value {
    match value {
        Value::Object(members) if members.contains_key("__class__") => moment(members, wire),
        Value::Object(members) => {
            let renamed = members.iter().filter(|(name, _)| *name != "ResponseMetadata").map(|(name, member)| {
                let lower = wire == Wire::Version2 && !name.contains(['-', ':', '/', ' ']);
                let name = if lower { format!("{}{}", name[..1].to_lowercase(), &name[1..]) } else { name.clone() };
                (name, on_the_wire(member, wire))
            });
            Value::Object(renamed.collect())
        }
        Value::Array(items) => items.iter().map(|item| on_the_wire(item, wire)).collect(),
        other => other.clone(),
    }
}

fn moment(members: &Map<String, Value>, wire: Wire) -> Value {
    let part = |name: &str| members[name].as_u64().unwrap();
    let text = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        part("year"),
        part("month"),
        part("day"),
        part("hour"),
        part("minute"),
        part("second")
    );
    match wire {
        Wire::Rest => json!(text.parse::<Timestamp>().unwrap().as_second()),
        Wire::Version2 => json!(text),
    }
}

#[derive(Default)]
struct Read {
    apis: Vec<Api>,
    stages: Vec<Stage>,
    account: AccountInventory,
    gaps: Vec<Gap>,
}

/// This instead of an operation's own answer.
fn instead(operation: &'static str, status: u16, body: &Value) -> Fault {
    Fault { operation, status, html: Some(body.to_string()), ..Fault::default() }
}

/// Reads an account with one API in which an operation answers otherwise.
async fn read(answer: Fault, path: &str, api: &Value) -> Read {
    let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
    let account = DemoAccount::empty(Arc::new(FixedClock(now)), 7);
    let create = Request::builder().method("POST").uri(format!("https://apigateway.eu-west-1.amazonaws.com{path}"));
    let created = account.answer(create.body(Bytes::from(api.to_string())).unwrap()).await;
    assert_eq!(created.status(), 201);
    account.faults().fail(answer);
    let deps = SessionDeps::new(Some(account.http_client()), BudgetLimits::unlimited());
    let session = Session::open(&ContextSpec::demo(), &deps).await.unwrap();
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let (sender, mut events) = mpsc::channel(16);
    let mut read = Read::default();
    let gather = async {
        while let Some(event) = events.recv().await {
            match event {
                InventoryEvent::Api(one) => {
                    read.stages.extend(one.inventory.stages);
                    read.apis.push(one.inventory.api);
                }
                InventoryEvent::Gap(gap) => read.gaps.push(gap),
                InventoryEvent::Account(found) => read.account = found,
                InventoryEvent::Total(_) | InventoryEvent::Identity(_) => {}
            }
        }
    };
    let (outcome, ()) = tokio::join!(collect_inventory(&reader, None, sender), gather);
    outcome.unwrap();
    read
}

fn text<'a>(document: &'a Value, member: &str) -> Option<&'a str> {
    document[member].as_str()
}

fn same_tags(document: &Value, tags: &std::collections::BTreeMap<String, String>) -> bool {
    let recorded = document["tags"].as_object().cloned().unwrap_or_default();
    recorded.len() == tags.len()
        && recorded.iter().all(|(key, value)| tags.get(key).map(String::as_str) == value.as_str())
}

#[tokio::test]
async fn stages_of_rest_apis() {
    for (file, status, body) in recorded("GetStages", Wire::Rest) {
        let read = read(instead("GetStages", status, &body), "/restapis", &json!({ "name": "recorded" })).await;
        let stages = body["item"].as_array().unwrap();
        assert_eq!(read.stages.len(), stages.len(), "{file}: {:?}", read.gaps);
        for (recorded, stage) in stages.iter().zip(&read.stages) {
            assert_eq!(text(recorded, "stageName"), Some(&*stage.name), "{file}");
            assert_eq!(text(recorded, "deploymentId"), stage.deployment_id.as_deref(), "{file}");
            assert_eq!(text(recorded, "webAclArn"), stage.web_acl_arn.as_deref(), "{file}");
            assert!(same_tags(recorded, &stage.tags), "{file}");
            assert_eq!(recorded.get("canarySettings").is_some(), stage.canary.is_some(), "{file}");
            let settings = recorded["methodSettings"].as_object().cloned().unwrap_or_default();
            let limited = settings.values().filter(|setting| setting.get("throttlingRateLimit").is_some()).count();
            assert_eq!(limited, stage.limits.len(), "{file}: {:?}", stage.limits);
            if let Some(every) = settings.get("*/*") {
                let limit = stage.limits["*/*"];
                assert_eq!(every["throttlingRateLimit"].as_f64(), limit.rate, "{file}");
                assert_eq!(every["throttlingBurstLimit"].as_i64(), limit.burst.map(i64::from), "{file}");
            }
            let updated = recorded["lastUpdatedDate"].as_i64();
            assert_eq!(updated, stage.last_updated.as_ref().map(|at| at.parse::<Timestamp>().unwrap().as_second()));
        }
    }
}

#[tokio::test]
async fn stages_of_http_apis() {
    let api = json!({ "name": "recorded", "protocolType": "HTTP" });
    for (file, status, body) in recorded("GetStages", Wire::Version2) {
        let read = read(instead("GetStages", status, &body), "/v2/apis", &api).await;
        let stages = body["items"].as_array().unwrap();
        assert_eq!(read.stages.len(), stages.len(), "{file}: {:?}", read.gaps);
        for (recorded, stage) in stages.iter().zip(&read.stages) {
            assert_eq!(text(recorded, "stageName"), Some(&*stage.name), "{file}");
            assert_eq!(text(recorded, "deploymentId"), stage.deployment_id.as_deref(), "{file}");
            assert_eq!(recorded["autoDeploy"].as_bool().unwrap_or(false), stage.auto_deploy, "{file}");
            assert!(same_tags(recorded, &stage.tags), "{file}");
            let limit = recorded["defaultRouteSettings"].get("throttlingRateLimit");
            assert_eq!(limit.is_some(), !stage.limits.is_empty(), "{file}: {:?}", stage.limits);
        }
    }
}

#[tokio::test]
async fn apis_of_both_versions() {
    let lists = [("GetRestApis", Wire::Rest, "id", "/restapis"), ("GetApis", Wire::Version2, "apiId", "/v2/apis")];
    for (operation, wire, id, path) in lists {
        for (file, status, body) in recorded(operation, wire) {
            let api = json!({ "name": "recorded", "protocolType": "HTTP" });
            // The recorder's SDK calls version 1's `item` by another name.
            let sent = if wire == Wire::Rest { json!({ "item": body["items"] }) } else { body.clone() };
            let read = read(instead(operation, status, &sent), path, &api).await;
            for recorded in body["items"].as_array().unwrap() {
                let found = read.apis.iter().find(|api| text(recorded, id) == Some(&*api.id));
                let api = found.unwrap_or_else(|| panic!("{file}: {recorded} is not among {:?}", read.apis));
                assert_eq!(text(recorded, "name"), Some(&*api.name), "{file}");
                assert_eq!(text(recorded, "description"), api.description.as_deref(), "{file}");
                assert!(same_tags(recorded, &api.tags), "{file}");
                assert_eq!(recorded["disableExecuteApiEndpoint"].as_bool().unwrap_or(false), api.execute_api_disabled);
                if operation == "GetRestApis" {
                    let kind = match recorded["endpointConfiguration"]["types"][0].as_str() {
                        Some("REGIONAL") => EndpointType::Regional,
                        Some("PRIVATE") => EndpointType::Private,
                        _ => EndpointType::Edge,
                    };
                    assert_eq!(api.endpoint_type, kind, "{file}");
                    assert_eq!(recorded.get("policy").is_some(), api.has_resource_policy, "{file}");
                } else {
                    let kind = if api.kind == ApiKind::Http { "HTTP" } else { "WEBSOCKET" };
                    assert_eq!(text(recorded, "protocolType"), Some(kind), "{file}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_accounts_limits_and_refusals() {
    for (file, status, body) in recorded("GetAccount", Wire::Rest) {
        let (code, kind) = match body["Error"]["Code"].as_str() {
            None => ("", None),
            Some("AccessDeniedException") => ("AccessDeniedException", Some(GapKind::Denied)),
            Some("NotFoundException") => ("NotFoundException", Some(GapKind::NotFound)),
            // One refused for rate is asked again until it is answered: that has tests of its own.
            Some(_) => continue,
        };
        let message = body["Error"]["Message"].as_str().unwrap_or_default().to_owned();
        let refused = Fault { operation: "GetAccount", status, code, message, ..Fault::default() };
        let answer = if kind.is_none() { instead("GetAccount", status, &body) } else { refused };
        let read = read(answer, "/restapis", &json!({ "name": "recorded" })).await;
        let limit = read.account.account_limit.unwrap_or_default();
        assert_eq!(body["throttleSettings"]["rateLimit"].as_f64(), limit.rate, "{file}");
        assert_eq!(body["throttleSettings"]["burstLimit"].as_i64(), limit.burst.map(i64::from), "{file}");
        let gap = read.gaps.iter().find(|gap| gap.operation == "GetAccount").map(|gap| gap.kind);
        assert_eq!(gap, kind, "{file}");
    }
}
