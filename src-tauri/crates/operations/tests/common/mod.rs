//! A host on a demo account in directories of its own.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "helpers of tests; each file uses its part")]

pub mod rehearsal;

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;
use portcullis_aws::BudgetLimits;
use portcullis_demo::DemoAccount;
use portcullis_domain::{
    FixedClock,
    context::{ContextSpec, CredentialSource},
    route::Route,
    route_query::RouteQuery,
};
use portcullis_operations::{
    context_list::ContextList,
    context_select::{ContextSelectRequest, context_select},
    host::{Host, HostOptions},
    inventory_status::{ContextInventoryStatus, InventoryPhase},
    route_list::{RouteLine, RouteList, RouteListRequest, route_list},
};
use serde_json::Value;

pub const NOW: &str = "2026-03-02T10:00:00Z";

/// The directories and the account; hosts come and go on them.
pub struct Bench {
    directory: tempfile::TempDir,
    pub account: DemoAccount,
}

pub fn clock(now: &str) -> Arc<FixedClock> {
    Arc::new(FixedClock(now.parse::<Timestamp>().unwrap()))
}

impl Bench {
    pub fn new() -> Self {
        Self::on(DemoAccount::standard(clock(NOW)).unwrap())
    }

    pub fn on(account: DemoAccount) -> Self {
        Self { directory: tempfile::tempdir().unwrap(), account }
    }

    pub fn data(&self, name: &str) -> PathBuf {
        self.directory.path().join("data").join(name)
    }

    /// A file in the configuration directory.
    pub fn config(&self, name: &str) -> PathBuf {
        self.directory.path().join("config").join(name)
    }

    pub fn write_config(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.config(name).parent().unwrap()).unwrap();
        std::fs::write(self.config(name), text).unwrap();
    }

    pub fn options(&self, now: &str) -> HostOptions {
        HostOptions {
            demo: Some(self.account.clone()),
            budget: Some(BudgetLimits::unlimited()),
            ..HostOptions::new(self.directory.path().join("data"), self.directory.path().join("config"), clock(now))
        }
    }

    pub fn host(&self) -> Host {
        self.host_at(NOW)
    }

    pub fn host_at(&self, now: &str) -> Host {
        Host::open(self.options(now)).unwrap()
    }

    /// A host that has read the demo account to the end.
    pub async fn read(&self) -> Host {
        let host = self.host();
        select(&host, &[ContextSpec::demo()]).await;
        host.wait_until_read().await;
        host
    }
}

/// Somebody else, with another tool.
pub async fn somebody(bench: &Bench, method: &str, path: &str, body: Value) -> Value {
    let scope = "AKIASOMEBODY/20260302/eu-west-1/apigateway/aws4_request";
    let request = http::Request::builder()
        .method(method)
        .uri(format!("https://apigateway.eu-west-1.amazonaws.com{path}"))
        .header("authorization", format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"))
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .body(if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) })
        .unwrap();
    let answer = bench.account.answer(request).await;
    assert!(answer.status().is_success(), "{path}: {:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
}

pub fn demo_in(region: &str) -> ContextSpec {
    ContextSpec { source: CredentialSource::Demo, region: Some(region.to_owned()), endpoint_url: None }
}

pub async fn select(host: &Host, contexts: &[ContextSpec]) -> ContextList {
    context_select(host, ContextSelectRequest { contexts: contexts.to_vec() }).await.unwrap()
}

pub async fn list(host: &Host) -> RouteList {
    let query = RouteQuery { group_by: None, ..RouteQuery::default() };
    let request = |offset| RouteListRequest { query: query.clone(), collapsed: Vec::new(), offset, limit: 500 };
    let mut all = route_list(host, request(0)).await.unwrap();
    while all.lines.len() < all.line_count as usize {
        let next = route_list(host, request(u32::try_from(all.lines.len()).unwrap())).await.unwrap();
        all.lines.extend(next.lines);
    }
    all
}

pub async fn routes(host: &Host) -> Vec<Route> {
    let line = |line| match line {
        RouteLine::Route { route } => *route,
        RouteLine::Group { group, .. } => panic!("{group:?} in a flat list"),
    };
    list(host).await.lines.into_iter().map(line).collect()
}

pub fn route<'a>(routes: &'a [Route], api: &str, method: &str, path: &str) -> &'a Route {
    let found = |route: &&Route| (&*route.api_name, &*route.method, &*route.path) == (api, method, path);
    routes.iter().find(found).unwrap_or_else(|| panic!("no {method} {path} of {api}"))
}

pub fn status_of(host: &Host, context: &str) -> ContextInventoryStatus {
    host.status().contexts.into_iter().find(|status| status.context == context).unwrap()
}

/// Waits, by the host's own notice of changes, until this holds.
pub async fn until(host: &Host, holds: impl AsyncFn(&Host) -> bool) {
    let mut revisions = host.revisions();
    while !holds(host).await {
        revisions.changed().await.unwrap();
    }
}

pub fn phase(host: &Host, context: &str) -> InventoryPhase {
    status_of(host, context).phase
}

/// A clock that a test turns; account and host go by the same one.
#[derive(Debug)]
pub struct TurnedClock(std::sync::Mutex<Timestamp>);

impl TurnedClock {
    pub fn at(now: &str) -> Arc<Self> {
        Arc::new(Self(std::sync::Mutex::new(now.parse().unwrap())))
    }

    pub fn turn(&self, by: jiff::SignedDuration) {
        let mut now = self.0.lock().unwrap();
        *now += by;
    }

    pub fn turn_minutes(&self, minutes: i64) {
        self.turn(jiff::SignedDuration::from_mins(minutes));
    }
}

impl portcullis_domain::Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
