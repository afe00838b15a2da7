//! Configuration changes over the demo account's CloudTrail: who, what, and whether this console made them.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Bench, demo_in, routes, select};
use portcullis_demo::Fault;
use portcullis_domain::{
    context::{AccessMode, ContextAccess},
    coverage::GapKind,
    events::{EventClient, EventFilter, EventMaker, EventQuestion},
};
use portcullis_operations::{
    context_access_set::{ContextAccessSetRequest, context_access_set},
    event_cancel::{EventCancelRequest, event_cancel},
    event_get::{EventGetRequest, event_get},
    event_list::{EventList, EventListRequest, event_list},
    event_moment_list::{EventMomentListRequest, event_moment_list},
    event_refresh::{EventRefresh, EventRefreshRequest, event_refresh},
    event_source_set::{EventSourceSetRequest, event_source_set},
    host::Host,
    journal_get::{JournalGetRequest, journal_get},
    journal_trail::{StepTrail, TrailState},
    plan_apply::{PlanApplyRequest, plan_apply},
    throttle_set::{ThrottleSelection, ThrottleSetRequest, throttle_set},
};

async fn refresh(host: &Host) -> EventRefresh {
    event_refresh(host, EventRefreshRequest::default()).await.unwrap()
}

async fn listed(host: &Host, filter: EventFilter) -> EventList {
    event_list(host, EventListRequest { filter, limit: 500, ..EventListRequest::default() }).await.unwrap()
}

fn all() -> EventFilter {
    EventFilter::default()
}

/// Sets the limit of `POST /v2/login`, and gives the journal's entry.
async fn limit(host: &Host, rate: &str) -> String {
    limit_of(host, "/v2/login", rate).await
}

/// Sets the limit of a route of the storefront, and gives the journal's entry.
async fn limit_of(host: &Host, path: &str, rate: &str) -> String {
    let access = ContextAccess { mode: AccessMode::Operator, protected: false };
    context_access_set(host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
    let login = routes(host)
        .await
        .into_iter()
        .find(|route| &*route.stage == "prod" && &*route.path == path && &*route.api_name == "storefront");
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
    let ours = listed(&host, EventFilter { maker: EventMaker::Journal, ..all() }).await;
    let entries: Vec<&str> = ours.items.iter().filter_map(|event| event.journal_entry.as_deref()).collect();
    assert_eq!(entries, [second.as_str(), first.as_str()]);
    let rate = ours.items[0].patches.iter().find(|patch| patch.path.ends_with("rateLimit")).unwrap();
    assert_eq!((rate.label.as_str(), rate.after.as_deref()), ("the rate limit of POST /v2/login", Some("3.0")));
    assert_eq!(rate.before.as_deref(), Some("4.0"));
    assert!(
        ours.items[0].what.starts_with("Lowered the rate limit of POST /v2/login from 4 to 3"),
        "{}",
        ours.items[0].what
    );
    assert_eq!(ours.items[0].client, EventClient::Portcullis);
    let elsewhere = listed(&host, EventFilter { maker: EventMaker::Elsewhere, ..all() }).await;
    assert!(!elsewhere.items.is_empty() && elsewhere.items.iter().all(|event| event.journal_entry.is_none()));
    assert_eq!(ours.matching + elsewhere.matching, ours.total);
}

/// What CloudTrail has of the one call of an entry.
async fn trail(host: &Host, entry: &str) -> StepTrail {
    let detail = journal_get(host, JournalGetRequest { entry: entry.to_owned() }).await.unwrap();
    assert_eq!(detail.trail.len(), detail.entry.steps.len());
    detail.trail.into_iter().next().unwrap()
}

#[tokio::test]
async fn the_journal_shows_cloudtrails_event_once_it_is_there_and_says_why_not_before() {
    let bench = Bench::new();
    let host = bench.read().await;
    let entry = limit(&host, "4").await;
    let at_once = trail(&host, &entry).await;
    assert_eq!(at_once.state, TrailState::NotArrived);
    assert_eq!(at_once.sentence, "Not yet arrived: CloudTrail delivers up to 15 minutes later.");
    let later = trail(&bench.host_at("2026-03-02T12:00:00Z"), &entry).await;
    assert_eq!(later.state, TrailState::NotCovered);
    assert!(later.sentence.starts_with("Outside the covered time"), "{}", later.sentence);
    refresh(&host).await;
    let known = trail(&host, &entry).await;
    assert_eq!(known.state, TrailState::Matched);
    let event = known.event.unwrap();
    assert_eq!((event.name.as_str(), event.client), ("UpdateStage", EventClient::Portcullis));
    assert!(known.sentence.contains("UpdateStage by ana@shop.example"), "{}", known.sentence);
}

#[tokio::test]
async fn what_was_fetched_is_kept_once_and_is_there_after_a_restart() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let before = listed(&host, all()).await;
    assert!(before.total > 5);
    refresh(&host).await;
    assert_eq!(listed(&host, all()).await.total, before.total, "nothing comes twice");
    drop(host);
    let host = bench.host();
    select(&host, &[portcullis_domain::context::ContextSpec::demo()]).await;
    let after = listed(&host, all()).await;
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
    let list = listed(&host, all()).await;
    assert!(!list.coverage.complete && list.items.is_empty());
    assert!(list.covered.iter().all(|covered| covered.intervals.is_empty()));
}

#[tokio::test]
async fn what_was_fetched_for_one_context_is_not_shown_for_another() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    assert!(listed(&host, all()).await.total > 5);
    select(&host, &[demo_in("us-east-1")]).await;
    refresh(&host).await;
    let list = listed(&host, all()).await;
    assert!(list.items.iter().all(|event| event.context != "demo"));
}

#[tokio::test]
async fn the_record_is_there_without_secrets_and_bad_times_are_said() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let list = listed(&host, EventFilter { text: "api key".to_owned(), ..all() }).await;
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

#[tokio::test]
async fn a_name_that_is_pointed_at_another_account_does_not_show_both() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let before = listed(&host, all()).await.total;
    drop(host);
    // The same label, `demo`, is another account now.
    let store = rusqlite::Connection::open(bench.data("events.sqlite")).unwrap();
    store
        .execute_batch(
            "UPDATE event SET place = '999988887777/eu-west-1'; UPDATE event_covered SET place = '999988887777/eu-west-1'",
        )
        .unwrap();
    let host = bench.read().await;
    let list = listed(&host, all()).await;
    assert_eq!(list.total, 0, "what was fetched from the account before is not this one's");
    assert!(list.covered.iter().all(|covered| covered.intervals.is_empty() && !covered.holes.is_empty()));
    refresh(&host).await;
    let list = listed(&host, all()).await;
    assert!(list.total >= before && list.items.iter().all(|event| event.account == "111122223333"));
}

#[tokio::test]
async fn the_questions_are_answered() {
    let bench = Bench::new();
    let host = bench.read().await;
    refresh(&host).await;
    let told = async |filter: EventFilter| -> Vec<String> {
        listed(&host, filter).await.items.iter().map(|event| format!("{}: {}", event.who, event.what)).collect()
    };
    let outside = told(EventFilter { question: EventQuestion::ProductionOutsideDeployment, ..all() }).await;
    for expected in ["Changed web ACL shop-shield", "POST /v2/coupons/redeem", "the quota's limit"] {
        assert!(outside.iter().any(|line| line.contains(expected)), "{expected}: {outside:?}");
    }
    assert!(
        !outside.iter().any(|line| line.contains("Disabled the actions") || line.contains("deployment")),
        "{outside:?}"
    );
    let not_ci = told(EventFilter { question: EventQuestion::OutsideCi, ..all() }).await;
    assert!(not_ci.iter().any(|line| line.starts_with("dina as role support")), "{not_ci:?}");
    assert!(not_ci.iter().all(|line| !line.contains("terraform") && !line.contains("deploy-pipeline")), "{not_ci:?}");
    let denied = told(EventFilter { question: EventQuestion::Denied, ..all() }).await;
    assert_eq!(denied.len(), 1, "{denied:?}");
    let ben = told(EventFilter { principals: vec!["ben@shop.example".to_owned()], ..all() }).await;
    assert!(ben.len() >= 4 && ben.iter().all(|line| line.starts_with("ben@shop.example")), "{ben:?}");
    let alarms = told(EventFilter { sources: vec!["monitoring".to_owned()], ..all() }).await;
    assert!(
        alarms.iter().any(|line| line.ends_with("Set alarm storefront-prod-5xx on prod of storefront")),
        "{alarms:?}"
    );

    let list = listed(&host, all()).await;
    assert!(list.facets.apis.iter().any(|facet| facet.label == "storefront"), "{:?}", list.facets.apis);
    assert!(list.covered.iter().all(|covered| covered.holes.is_empty()), "{:?}", list.covered);
    let moments = event_moment_list(&host, EventMomentListRequest {}).await.unwrap();
    assert!(moments.items.iter().any(|moment| moment.alarm == "storefront-prod-5xx"), "{:?}", moments.items);
}

#[tokio::test]
async fn what_counts_as_ci_is_the_organisations() {
    let bench = Bench::new();
    bench.write_config("settings.toml", "[ci]\nuser-agents = []\nprincipals = [\"*/support/*\"]\n");
    let host = bench.read().await;
    refresh(&host).await;
    let list = listed(&host, EventFilter { question: EventQuestion::OutsideCi, ..all() }).await;
    assert!(list.items.iter().all(|event| !event.who.contains("role support")), "{:?}", list.items);
    assert!(list.items.iter().any(|event| event.who.contains("terraform")));
    assert_eq!(list.ci.principals, ["*/support/*"]);
}

#[tokio::test]
async fn what_was_read_of_a_stage_tells_what_was_before_its_first_event() {
    let bench = Bench::new();
    let earlier = bench.host_at("2026-03-02T09:00:00Z");
    select(&earlier, &[portcullis_domain::context::ContextSpec::demo()]).await;
    earlier.wait_until_read().await;
    drop(earlier);
    let host = bench.read().await;
    limit_of(&host, "/v2/cart/items", "4").await;
    refresh(&host).await;
    let ours = listed(&host, EventFilter { maker: EventMaker::Journal, ..all() }).await;
    let rate = ours.items[0].patches.iter().find(|patch| patch.path.ends_with("rateLimit")).unwrap();
    assert_eq!(rate.before.as_deref(), Some("not set"), "{:?}", ours.items[0]);
}

#[tokio::test]
async fn a_fetch_can_be_stopped_and_what_came_stands() {
    let bench = Bench::new();
    let host = bench.read().await;
    let silent = Fault { service: "cloudtrail", operation: "LookupEvents", silent: true, skip: 1, ..Fault::default() };
    bench.account.faults().fail(silent);
    let mut silenced = bench.account.faults().silenced();
    let fetching = tokio::spawn({
        let host = host.clone();
        async move { refresh(&host).await }
    });
    silenced.changed().await.unwrap();
    let meanwhile = listed(&host, all()).await;
    assert!(meanwhile.fetching.is_some_and(|came| came > 0) && meanwhile.total > 0, "what came is there at once");
    event_cancel(&host, EventCancelRequest {}).await.unwrap();
    let brought = fetching.await.unwrap();
    assert!(brought.coverage.gaps.iter().any(|gap| gap.kind == GapKind::Cancelled), "{:?}", brought.coverage);
    assert_eq!(listed(&host, all()).await.fetching, None);
}

const LAKE: &str = "11112222-3333-4444-5555-666677778888";

async fn from_lake(host: &Host) {
    let request = EventSourceSetRequest { context: "demo".to_owned(), event_data_store: Some(LAKE.to_owned()) };
    let list = event_source_set(host, request).await.unwrap();
    assert_eq!(list.open[0].event_data_store.as_deref(), Some(LAKE));
}

#[tokio::test]
async fn cloudtrail_lake_has_every_account_and_region_in_one_timeline() {
    let bench = Bench::new();
    let host = bench.read().await;
    from_lake(&host).await;
    let brought = refresh(&host).await;
    assert!(brought.coverage.complete, "{:?}", brought.coverage);
    assert_eq!(brought.calls["cloudtrail:StartQuery"], 1);
    assert!(!brought.calls.contains_key("cloudtrail:LookupEvents"));
    let list = listed(&host, all()).await;
    let places: std::collections::BTreeSet<(&str, &str)> =
        list.items.iter().map(|event| (event.account.as_str(), event.region.as_str())).collect();
    assert!(
        places.contains(&("111122223333", "eu-west-1")) && places.contains(&("444455556666", "us-east-1")),
        "{places:?}"
    );
    assert!(list.items.iter().any(|event| event.what.starts_with("Lowered the rate limit of POST /v2/login")));
    assert!(list.covered.iter().all(|covered| covered.source == "CloudTrail Lake" && covered.holes.is_empty()));
    refresh(&host).await;
    assert_eq!(listed(&host, all()).await.total, list.total, "nothing comes twice");
    drop(host);
    let host = bench.read().await;
    assert_eq!(listed(&host, all()).await.total, list.total, "the choice and the events are there after a restart");
}

#[tokio::test]
async fn a_query_that_ends_without_rows_is_a_gap() {
    for (status, code) in [("FAILED", "QueryFailed"), ("CANCELLED", "QueryCancelled"), ("TIMED_OUT", "QueryTimedOut")] {
        let bench = Bench::new();
        let host = bench.read().await;
        from_lake(&host).await;
        bench.account.end_lake_queries(status, "Query exhausted resources");
        let brought = refresh(&host).await;
        assert_eq!(brought.coverage.gaps[0].code, code);
        assert!(brought.coverage.gaps[0].message.contains("Query exhausted resources"));
        let list = listed(&host, all()).await;
        assert!(list.items.is_empty() && list.covered[0].intervals.is_empty(), "{status}: nothing is known");
    }
    let bench = Bench::new();
    let host = bench.read().await;
    let request = EventSourceSetRequest { context: "demo".to_owned(), event_data_store: Some("x' OR 1=1".to_owned()) };
    assert!(event_source_set(&host, request).await.unwrap_err().message.contains("no event data store"));
}
