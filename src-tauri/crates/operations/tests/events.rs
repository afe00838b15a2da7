//! Configuration changes over the demo account's CloudTrail: who, what, and whether this console made them.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Bench, demo_in, routes, select};
use portcullis_demo::Fault;
use portcullis_domain::{
    context::{AccessMode, ContextAccess},
    coverage::GapKind,
    events::EventClient,
};
use portcullis_operations::{
    context_access_set::{ContextAccessSetRequest, context_access_set},
    event_get::{EventGetRequest, event_get},
    event_list::{EventList, EventListRequest, EventMaker, event_list},
    event_refresh::{EventRefresh, EventRefreshRequest, event_refresh},
    host::Host,
    plan_apply::{PlanApplyRequest, plan_apply},
    throttle_set::{ThrottleSelection, ThrottleSetRequest, throttle_set},
};

async fn refresh(host: &Host) -> EventRefresh {
    event_refresh(host, EventRefreshRequest {}).await.unwrap()
}

async fn listed(host: &Host, request: EventListRequest) -> EventList {
    event_list(host, EventListRequest { limit: 500, ..request }).await.unwrap()
}

/// Sets the limit of `POST /v2/login`, and gives the journal's entry.
async fn limit(host: &Host, rate: &str) -> String {
    let access = ContextAccess { mode: AccessMode::Operator, protected: false };
    context_access_set(host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
    let login = routes(host)
        .await
        .into_iter()
        .find(|route| &*route.stage == "prod" && &*route.path == "/v2/login" && &*route.api_name == "storefront");
    let selection = ThrottleSelection::Routes { route_ids: vec![login.unwrap().id] };
    let request =
        ThrottleSetRequest { selection, rate: Some(rate.to_owned()), burst: Some("10".to_owned()), remove: false };
    let plan = throttle_set(host, request).await.unwrap();
    let request = PlanApplyRequest {
        plan_id: plan.id,
        reason: "credential stuffing".to_owned(),
        acknowledged: true,
        ..PlanApplyRequest::default()
    };
    plan_apply(host, request).await.unwrap().entry
}

#[tokio::test]
async fn a_change_of_this_console_is_known_by_the_journal_and_says_what_was_before() {
    let bench = Bench::new();
    let host = bench.read().await;
    let first = limit(&host, "4").await;
    let second = limit(&host, "3").await;
    refresh(&host).await;
    let ours = listed(&host, EventListRequest { maker: EventMaker::Journal, ..EventListRequest::default() }).await;
    let entries: Vec<&str> = ours.items.iter().filter_map(|event| event.journal_entry.as_deref()).collect();
    assert_eq!(entries, [second.as_str(), first.as_str()]);
    let rate = ours.items[0].patches.iter().find(|patch| patch.path.ends_with("rateLimit")).unwrap();
    assert_eq!((rate.label.as_str(), rate.after.as_deref()), ("the rate limit of POST /v2/login", Some("3.0")));
    assert_eq!(rate.before.as_deref(), Some("4.0"));
    assert!(
        ours.items[0].what.starts_with("Lowered the rate limit of POST /v2/login from 4.0 to 3.0"),
        "{}",
        ours.items[0].what
    );
    assert_eq!(ours.items[0].client, EventClient::Portcullis);
    let elsewhere =
        listed(&host, EventListRequest { maker: EventMaker::Elsewhere, ..EventListRequest::default() }).await;
    assert!(!elsewhere.items.is_empty() && elsewhere.items.iter().all(|event| event.journal_entry.is_none()));
    assert_eq!(ours.matching + elsewhere.matching, ours.total);
}

#[tokio::test]
async fn what_was_fetched_is_kept_once_and_is_there_after_a_restart() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let before = listed(&host, EventListRequest::default()).await;
    assert!(before.total > 5);
    refresh(&host).await;
    assert_eq!(listed(&host, EventListRequest::default()).await.total, before.total, "nothing comes twice");
    drop(host);
    let host = bench.host();
    select(&host, &[portcullis_domain::context::ContextSpec::demo()]).await;
    let after = listed(&host, EventListRequest::default()).await;
    assert_eq!(after.items, before.items);
    assert!(after.covered.iter().all(|covered| covered.intervals.len() == 1), "{:?}", after.covered);
}

#[tokio::test]
async fn a_trail_that_may_not_be_read_is_a_gap_and_covers_nothing() {
    let bench = Bench::new();
    bench.account.faults().fail(Fault::denied("cloudtrail", "LookupEvents"));
    let host = bench.read().await;
    let brought = refresh(&host).await;
    assert_eq!(brought.coverage.gaps.len(), 3, "one of each source");
    assert!(brought.coverage.gaps.iter().all(|gap| gap.kind == GapKind::Denied && gap.request_id.is_some()));
    let list = listed(&host, EventListRequest::default()).await;
    assert!(!list.coverage.complete && list.items.is_empty());
    assert!(list.covered.iter().all(|covered| covered.intervals.is_empty()));
}

#[tokio::test]
async fn what_was_fetched_for_one_context_is_not_shown_for_another() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    assert!(listed(&host, EventListRequest::default()).await.total > 5);
    select(&host, &[demo_in("us-east-1")]).await;
    refresh(&host).await;
    let list = listed(&host, EventListRequest::default()).await;
    assert!(list.items.iter().all(|event| event.context != "demo"));
}

#[tokio::test]
async fn the_record_is_there_without_secrets_and_bad_times_are_said() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let list = listed(&host, EventListRequest { text: "api key".to_owned(), ..EventListRequest::default() }).await;
    let event = &list.items[0];
    let request = EventGetRequest { context: event.context.clone(), id: event.id.clone(), at: event.at.clone() };
    let record = event_get(&host, request).await.unwrap().record;
    assert!(record.contains(&event.id) && record.contains("userIdentity"), "{record}");
    assert!(!record.contains("\"value\": \"") || record.contains("[redacted]"), "{record}");

    let request = EventListRequest { since: Some("yesterday".to_owned()), limit: 10, ..EventListRequest::default() };
    let error = event_list(&host, request).await.unwrap_err();
    assert!(error.message.contains("since is no time") && error.message.contains("2026-03-02T10:00:00Z"));
    let error = event_list(&host, EventListRequest::default()).await.unwrap_err();
    assert!(error.message.contains("1 to 500"), "{}", error.message);
}
