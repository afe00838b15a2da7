//! A release rehearsed on the demo account: account and hosts go by one clock, which the test turns.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "helpers of tests; each file uses its part")]

use std::sync::Arc;

use jiff::SignedDuration;
use portcullis_demo::DemoAccount;
use portcullis_domain::{
    canary::{CanaryState, Release},
    change::WarningKind,
    context::{AccessMode, ContextAccess, ContextSpec},
    journal::JournalEntry,
};
use portcullis_operations::{
    canary_list::{CanaryLine, CanaryListRequest, canary_list},
    canary_release_list::{CanaryReleaseListRequest, ReleaseLine, canary_release_list},
    canary_start::{CanaryStartRequest, canary_start},
    canary_watch::{CanaryWatch, CanaryWatchRequest, canary_watch},
    context_access_set::{ContextAccessSetRequest, context_access_set},
    host::{Host, HostOptions},
    journal_get::{JournalGetRequest, journal_get},
    journal_list::{JournalListRequest, journal_list},
    plan_apply::{PlanApplyRequest, plan_apply},
    throttle_copy::StageName,
};

use super::{Bench, TurnedClock, select};

/// A Monday afternoon: there is traffic.
pub const AFTERNOON: &str = "2026-03-02T15:00:00Z";
/// A deployment of this description breaks coupons as soon as requests come.
pub const BAD: &str = "The coupon engine, rewritten";
pub const GOOD: &str = "Search, second try";

pub struct Rehearsal {
    pub bench: Bench,
    pub clock: Arc<TurnedClock>,
    pub host: Host,
}

impl Rehearsal {
    pub async fn begin() -> Self {
        let clock = TurnedClock::at(AFTERNOON);
        let bench = Bench::on(DemoAccount::standard(clock.clone()).unwrap());
        let host = open(&bench, &clock).await;
        Self { bench, clock, host }
    }

    /// Another program on the same directories.
    pub async fn another(&self) -> Host {
        open(&self.bench, &self.clock).await
    }

    /// The program, started again.
    pub async fn reopen(bench: &Bench, clock: &Arc<TurnedClock>) -> Host {
        open(bench, clock).await
    }

    /// A program of somebody else, with a journal of its own, on the same account.
    pub async fn somebody_else(&self) -> (Bench, Host) {
        let bench = Bench::on(self.bench.account.clone());
        let host = open(&bench, &self.clock).await;
        (bench, host)
    }

    pub async fn line(&self, api: &str, stage: &str) -> CanaryLine {
        let all = canary_list(&self.host, CanaryListRequest { every_stage: true }).await.unwrap().items;
        all.into_iter().find(|line| line.api_name == api && line.stage == stage).unwrap()
    }

    pub async fn stage(&self, api: &str, stage: &str) -> StageName {
        let line = self.line(api, stage).await;
        StageName { context: line.context, api_id: line.api_id, stage: line.stage }
    }

    /// The shop's production.
    pub async fn prod(&self) -> StageName {
        self.stage("storefront", "prod").await
    }

    pub async fn start(&self, stage: &StageName, description: &str) {
        let request = CanaryStartRequest {
            stage: stage.clone(),
            deployment_id: None,
            percent: "10".to_owned(),
            overrides: std::collections::BTreeMap::new(),
            use_stage_cache: false,
            description: Some(description.to_owned()),
        };
        let plan = canary_start(&self.host, request).await.unwrap();
        let request = PlanApplyRequest {
            plan_id: plan.id,
            acknowledged: true,
            accepted: vec![WarningKind::Exposes],
            ..PlanApplyRequest::default()
        };
        plan_apply(&self.host, request).await.unwrap();
    }

    pub async fn watch(&self, stage: &StageName) -> CanaryWatch {
        canary_watch(&self.host, CanaryWatchRequest::of(stage.clone())).await.unwrap()
    }

    /// Minute by minute, with a look each.
    pub async fn minutes(&self, minutes: i64) {
        for _ in 0..minutes {
            self.clock.turn(SignedDuration::from_mins(1));
            self.host.look_at_releases().await.unwrap();
        }
    }

    pub async fn release(&self) -> Release {
        release_in(&self.host).await.release
    }

    /// State and share of production's canary as AWS has it.
    pub async fn live(&self) -> (CanaryState, f64) {
        let stage = self.prod().await;
        let release = self.watch(&stage).await.release;
        (release.state, release.percent)
    }

    /// The journal's entries, oldest first.
    pub async fn journal(&self) -> Vec<JournalEntry> {
        let list = JournalListRequest { offset: 0, limit: 100, ..JournalListRequest::default() };
        let mut entries = Vec::new();
        for line in journal_list(&self.host, list).await.unwrap().lines {
            entries.push(journal_get(&self.host, JournalGetRequest { entry: line.id }).await.unwrap().entry);
        }
        entries.reverse();
        entries
    }

    /// Any operation of CloudWatch, as any AWS client would send it.
    pub async fn cloudwatch(&self, operation: &str, body: &serde_json::Value) {
        let request = http::Request::post("/")
            .header("x-amz-target", format!("GraniteServiceVersion20100801.{operation}"))
            .header("content-type", "application/x-amz-json-1.0")
            .header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=demo/20260302/eu-west-1/monitoring/aws4_request, SignedHeaders=host, Signature=0",
            )
            .body(bytes::Bytes::from(body.to_string()))
            .unwrap();
        let answer = self.bench.account.answer(request).await;
        assert!(answer.status().is_success(), "{operation}: {:?}", answer.body());
    }

    /// An alarm that is put and set to ALARM.
    pub async fn alarm(&self, operation: &str, body: serde_json::Value) {
        let name = body["AlarmName"].clone();
        self.cloudwatch(operation, &body).await;
        let burning = serde_json::json!({ "AlarmName": name, "StateValue": "ALARM", "StateReason": "test" });
        self.cloudwatch("SetAlarmState", &burning).await;
    }
}

async fn open(bench: &Bench, clock: &Arc<TurnedClock>) -> Host {
    let host = Host::open(HostOptions { clock: clock.clone(), ..bench.options(AFTERNOON) }).unwrap();
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    may_change(&host, AccessMode::Operator, false).await;
    host
}

pub async fn may_change(host: &Host, mode: AccessMode, protected: bool) {
    let access = ContextAccess { mode, protected };
    context_access_set(host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
}

/// The one release that there is.
pub async fn release_in(host: &Host) -> ReleaseLine {
    let list = canary_release_list(host, CanaryReleaseListRequest::default()).await.unwrap();
    assert_eq!(list.releases.len(), 1);
    list.releases.into_iter().next().unwrap()
}
