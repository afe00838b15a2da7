//! Reading the demo account over the real SDK: what is shown when, and what failures cost.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use std::collections::BTreeSet;

use common::{Bench, NOW, clock, demo_in, list, phase, routes, select, status_of, until};
use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::{
    context::ContextSpec,
    coverage::{Coverage, GapKind},
    inventory::{AccountInventory, Identity},
};
use portcullis_operations::{
    canary_list::{CanaryListRequest, canary_list},
    inventory_cancel::{InventoryCancelRequest, inventory_cancel},
    inventory_refresh::{InventoryRefreshRequest, inventory_refresh},
    inventory_status::InventoryPhase,
};
use portcullis_store::{SnapshotHead, Store};

async fn refresh(host: &portcullis_operations::host::Host) {
    inventory_refresh(host, InventoryRefreshRequest {}).await.unwrap();
    host.wait_until_read().await;
}

fn silent(service: &'static str, operation: &'static str, times: Option<u32>) -> Fault {
    Fault { service, operation, times, silent: true, ..Fault::default() }
}

#[tokio::test]
async fn everything_is_read_and_counted() {
    let bench = Bench::new();
    let host = bench.read().await;
    let status = status_of(&host, "demo");
    assert_eq!(status.phase, InventoryPhase::Done);
    assert_eq!(status.coverage, Coverage::of(Vec::new()));
    assert_eq!(status.apis_total, Some(status.apis_done));
    assert_eq!((status.read_at.as_deref(), status.from_snapshot), (Some(NOW), false));
    assert_eq!(status.calls["apigateway:GetRestApis"], 1);
    let list = list(&host).await;
    assert_eq!(list.revision, host.status().revision);
    assert_eq!(status.routes, list.total + list.preflights);
    let apis: BTreeSet<String> = routes(&host).await.iter().map(|route| route.api_name.to_string()).collect();
    assert!(apis.contains("storefront") && apis.len() >= 6, "{apis:?}");
}

#[tokio::test]
async fn the_first_api_is_on_screen_while_another_is_still_being_read() {
    let bench = Bench::new();
    // One API's stages never come.
    bench.account.faults().fail(silent("apigateway", "GetStages", Some(1)));
    let host = bench.host();
    select(&host, &[ContextSpec::demo()]).await;
    until(&host, async |host| list(host).await.total > 0).await;
    let status = status_of(&host, "demo");
    assert_eq!(status.phase, InventoryPhase::Reading);
    assert!(status.apis_total.is_none_or(|total| status.apis_done < total), "{status:?}");

    inventory_cancel(&host, InventoryCancelRequest {}).await.unwrap();
    host.wait_until_read().await;
    let status = status_of(&host, "demo");
    assert_eq!(status.phase, InventoryPhase::Cancelled);
    assert!(list(&host).await.total > 0, "what was read stays");
    let gaps = &status.coverage.gaps;
    assert_eq!(gaps.len(), 1, "one sentence for everything that was stopped: {gaps:?}");
    assert_eq!(gaps[0].kind, GapKind::Cancelled);
    assert!(gaps[0].message.contains("was stopped"), "{}", gaps[0].message);
}

#[tokio::test]
async fn a_reading_that_was_stopped_is_read_again_when_asked() {
    let bench = Bench::new();
    bench.account.faults().fail(silent("sts", "", Some(1)));
    let host = bench.host();
    select(&host, &[ContextSpec::demo()]).await;
    until(&host, async |host| status_of(host, "demo").calls.contains_key("sts:GetCallerIdentity")).await;
    inventory_cancel(&host, InventoryCancelRequest {}).await.unwrap();
    // Before the reading that was stopped has wound up.
    refresh(&host).await;
    assert_eq!(phase(&host, "demo"), InventoryPhase::Done);
    assert!(list(&host).await.coverage.complete);
}

#[tokio::test]
async fn the_next_start_shows_the_last_snapshot_at_once_with_its_age() {
    let bench = Bench::new();
    let before = routes(&bench.read().await).await;
    bench.account.faults().fail(silent("", "", None));
    let host = bench.host_at("2026-03-04T08:00:00Z");
    select(&host, &[ContextSpec::demo()]).await;
    assert_eq!(routes(&host).await, before, "although nothing answers");
    let status = status_of(&host, "demo");
    assert_eq!((status.phase, status.from_snapshot), (InventoryPhase::Reading, true));
    assert_eq!(status.read_at.as_deref(), Some(NOW));
    inventory_cancel(&host, InventoryCancelRequest {}).await.unwrap();
    host.wait_until_read().await;
    assert_eq!(routes(&host).await, before);
    assert!(!list(&host).await.coverage.complete);

    bench.account.faults().clear();
    refresh(&host).await;
    let status = status_of(&host, "demo");
    assert_eq!((status.read_at.as_deref(), status.from_snapshot), (Some("2026-03-04T08:00:00Z"), false));
    assert_eq!(routes(&host).await, before);
}

#[tokio::test]
async fn the_selection_of_last_time_is_the_one_to_begin_with() {
    let bench = Bench::new();
    let chosen = [ContextSpec::demo(), demo_in("us-east-1")];
    let host = bench.host();
    select(&host, &chosen).await;
    host.wait_until_read().await;
    drop(host);
    assert_eq!(bench.host().initial_contexts().await, chosen);
}

#[tokio::test]
async fn an_api_that_vanished_disappears_unless_the_list_could_not_be_read() {
    let mut bench = Bench::new();
    let before = list(&bench.read().await).await.total;
    bench.account = DemoAccount::empty(clock(NOW), 7);
    bench.account.faults().fail(Fault { times: Some(1), ..Fault::denied("apigateway", "GetRestApis") });
    let host = bench.host();
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    let partial = list(&host).await;
    assert!(
        partial.total > 0 && partial.total < before,
        "HTTP APIs are gone, REST APIs nobody knows: {}",
        partial.total
    );
    assert!(routes(&host).await.iter().all(|route| route.api_kind == portcullis_domain::api::ApiKind::Rest));
    assert!(!partial.coverage.complete);
    assert!(status_of(&host, "demo").from_snapshot);

    refresh(&host).await;
    assert_eq!(list(&host).await.total, 0);
    drop(host);
    let host = bench.host();
    host.open_only(vec![ContextSpec::demo()]);
    assert_eq!(list(&host).await.total, 0, "nor does it come back from the store");
}

#[tokio::test]
async fn an_api_whose_reading_fails_stays_as_it_was_and_the_gap_says_so() {
    let bench = Bench::new();
    let before = routes(&bench.read().await).await;
    bench.account.faults().fail(Fault::denied("apigateway", "GetResources"));
    let host = bench.host_at("2026-03-04T08:00:00Z");
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    assert_eq!(routes(&host).await, before);
    let status = status_of(&host, "demo");
    assert!(status.from_snapshot, "a part of what is shown is older");
    assert!(!status.coverage.gaps.is_empty());
    for gap in &status.coverage.gaps {
        assert_eq!((gap.operation.as_str(), gap.kind), ("GetResources", GapKind::Denied));
        assert!(gap.request_id.is_some());
    }
    drop(host);
    let host = bench.host();
    host.open_only(vec![ContextSpec::demo()]);
    assert_eq!(routes(&host).await, before, "the older data is still in the store");
    assert!(!list(&host).await.coverage.complete, "and so is what was missing");
}

#[tokio::test]
async fn while_it_is_read_again_what_was_missing_is_still_said() {
    let bench = Bench::new();
    bench.account.faults().fail(Fault::denied("apigateway", "GetAuthorizers"));
    let host = bench.read().await;
    let missing = list(&host).await.coverage;
    assert!(!missing.complete);
    bench.account.faults().clear();
    bench.account.faults().fail(silent("apigateway", "GetRestApis", Some(1)));
    inventory_refresh(&host, InventoryRefreshRequest {}).await.unwrap();
    until(&host, async |host| status_of(host, "demo").calls.contains_key("apigateway:GetRestApis")).await;
    assert_eq!(phase(&host, "demo"), InventoryPhase::Reading);
    assert_eq!(list(&host).await.coverage, missing);
    inventory_cancel(&host, InventoryCancelRequest {}).await.unwrap();
    host.wait_until_read().await;
}

#[tokio::test]
async fn a_denied_call_in_one_region_of_three_costs_only_that() {
    let bench = Bench::new();
    bench.account.faults().fail(Fault { region: Some("us-east-1"), ..Fault::denied("apigateway", "GetRestApis") });
    let host = bench.host();
    select(&host, &[demo_in("eu-west-1"), demo_in("us-east-1"), demo_in("eu-central-1")]).await;
    host.wait_until_read().await;
    for (context, complete) in [("demo@eu-west-1", true), ("demo@us-east-1", false), ("demo@eu-central-1", true)] {
        let status = status_of(&host, context);
        assert_eq!((status.phase, status.coverage.complete), (InventoryPhase::Done, complete), "{context}: {status:?}");
    }
    assert!(routes(&host).await.iter().any(|route| &*route.region == "eu-west-1"));
    let gaps = list(&host).await.coverage.gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].context.as_str(), gaps[0].operation.as_str()), ("demo@us-east-1", "GetRestApis"));
}

#[tokio::test]
async fn credentials_refused_in_one_region_do_not_blank_the_others() {
    let bench = Bench::new();
    let expired = Fault {
        region: Some("us-east-1"),
        status: 403,
        code: "ExpiredToken",
        message: "The security token included in the request is expired".to_owned(),
        ..Fault::default()
    };
    bench.account.faults().fail(expired);
    let host = bench.host();
    select(&host, &[demo_in("us-east-1"), demo_in("eu-west-1")]).await;
    host.wait_until_read().await;
    let failed = status_of(&host, "demo@us-east-1");
    assert_eq!(failed.phase, InventoryPhase::Failed);
    assert_eq!(failed.coverage.gaps[0].kind, GapKind::Credentials);
    assert_eq!(phase(&host, "demo@eu-west-1"), InventoryPhase::Done);
    assert!(list(&host).await.total > 0);
}

#[tokio::test]
async fn an_account_that_is_open_twice_is_read_once_and_that_is_said() {
    let bench = Bench::new();
    let host = bench.host();
    select(&host, &[ContextSpec::demo(), demo_in("us-east-1"), demo_in("eu-west-1")]).await;
    host.wait_until_read().await;
    let open = |host: &portcullis_operations::host::Host| {
        host.status().contexts.into_iter().map(|context| context.context).collect::<Vec<_>>()
    };
    assert_eq!(open(&host), ["demo", "demo@us-east-1"]);
    let ids: Vec<String> = routes(&host).await.into_iter().map(|route| route.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let told = host.notices();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].message.contains("demo@eu-west-1 is account 111122223333 in eu-west-1"), "{}", told[0].message);
    assert!(told[0].hint.as_deref().is_some_and(|hint| hint.contains("open demo@eu-west-1 alone")), "{told:?}");
    select(&host, &[demo_in("eu-west-1")]).await;
    host.wait_until_read().await;
    assert_eq!((open(&host), host.notices()), (vec!["demo@eu-west-1".to_owned()], Vec::new()));
    assert!(list(&host).await.total > 0);
}

#[tokio::test]
async fn where_sts_is_blocked_the_rest_is_read_and_the_account_is_said_to_be_unknown() {
    let bench = Bench::new();
    let before = routes(&bench.read().await).await;
    bench.account.faults().fail(Fault::denied("sts", "GetCallerIdentity"));
    let host = bench.host();
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    let status = status_of(&host, "demo");
    assert_eq!(status.phase, InventoryPhase::Done);
    let gaps: Vec<&str> = status.coverage.gaps.iter().map(|gap| gap.operation.as_str()).collect();
    assert_eq!(gaps, ["GetCallerIdentity"], "{:?}", status.coverage.gaps);
    let now = routes(&host).await;
    assert_eq!(now.len(), before.len());
    assert!(now.iter().all(|route| &*route.account == "unknown"));
    let canaries = canary_list(&host, CanaryListRequest::default()).await.unwrap().items;
    assert_eq!(canaries.iter().map(|line| line.account.as_str()).collect::<Vec<_>>(), ["unknown"]);
    let item = portcullis_operations::envelope::route_item(&now[0]);
    assert_eq!(item["account"], serde_json::Value::Null);
    drop(host);
    bench.account.faults().clear();
    let host = bench.host();
    host.open_only(vec![ContextSpec::demo()]);
    assert_eq!(routes(&host).await, before, "what is kept is what was read while the account was known");
}

#[tokio::test]
async fn another_accounts_snapshot_is_never_shown_as_this_ones() {
    let bench = Bench::new();
    drop(bench.read().await);
    {
        // The same context's credentials were another account's when it was last read.
        let store = Store::open(&bench.data("store.sqlite")).unwrap().store;
        let theirs = store.snapshot("demo").unwrap().unwrap();
        let identity = Identity { account: "999999999999".into(), arn: "arn:aws:iam::999999999999:user/x".to_owned() };
        let head = SnapshotHead { identity, account: AccountInventory::default(), ..theirs.head };
        let keep: Vec<String> = theirs.apis.iter().map(|api| api.api.id.to_string()).collect();
        store.save_snapshot("demo", &head, &[], &keep).unwrap();
    }
    bench.account.faults().fail(Fault::denied("apigateway", "GetRestApis"));
    let host = bench.host();
    host.open_only(vec![ContextSpec::demo()]);
    assert!(routes(&host).await.iter().all(|route| &*route.account == "999999999999"));
    refresh(&host).await;
    let after = routes(&host).await;
    assert!(!after.is_empty() && after.iter().all(|route| &*route.account == "111122223333"), "{}", after.len());
    assert!(after.iter().all(|route| route.api_kind != portcullis_domain::api::ApiKind::Rest));
}

#[tokio::test(start_paused = true)]
async fn the_window_is_told_at_most_five_times_a_second_and_of_the_end() {
    let bench = Bench::new();
    let host = bench.host();
    let mut changes = host.subscribe();
    select(&host, &[ContextSpec::demo()]).await;
    let mut told = Vec::new();
    loop {
        let status = changes.next().await.unwrap();
        told.push(tokio::time::Instant::now());
        if status.contexts.iter().any(|context| context.phase == InventoryPhase::Done) {
            break;
        }
    }
    for pair in told.windows(2) {
        assert!((pair[1] - pair[0]).as_millis() >= 200, "{told:?}");
    }
}

#[tokio::test]
async fn a_damaged_store_and_one_of_a_later_version_are_said_and_cost_only_what_they_kept() {
    let garbage = b"no database, however long it is read ".repeat(200);
    for later in [false, true] {
        let bench = Bench::new();
        let path = bench.data("store.sqlite");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        if later {
            drop(bench.read().await);
            let connection = rusqlite::Connection::open(&path).unwrap();
            connection.pragma_update(None, "user_version", 9_999).unwrap();
        } else {
            std::fs::write(&path, &garbage).unwrap();
        }
        let host = bench.read().await;
        let told = host.status().notices;
        assert!(told.iter().any(|notice| notice.message.contains("store.sqlite")), "{told:?}");
        assert!(routes(&host).await.len() > 20, "everything is read all the same");
        // By what it says and not by its bytes: SQLite may fold its log into the file at any time.
        let is_what_was_there = |file: &std::path::Path| {
            if !later {
                return std::fs::read(file).is_ok_and(|now| now == garbage);
            }
            let version = rusqlite::Connection::open(file)
                .and_then(|store| store.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)));
            version == Ok(9_999)
        };
        let mut files = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path());
        let kept = files.any(|file| is_what_was_there(&file));
        assert!(kept, "what was there is not written over");
    }
}

#[tokio::test]
async fn an_api_with_nothing_in_it_is_listed_and_has_no_routes() {
    let bench = Bench::on(DemoAccount::empty(clock(NOW), 7));
    let created = http::Request::builder()
        .method("POST")
        .uri("https://apigateway.eu-west-1.amazonaws.com/restapis")
        .body(bytes::Bytes::from_static(br#"{"name":"hollow"}"#))
        .unwrap();
    assert_eq!(bench.account.answer(created).await.status(), 201);
    let host = bench.read().await;
    assert_eq!(routes(&host).await, []);
    let apis = portcullis_operations::api_list::api_list(&host, portcullis_operations::api_list::ApiListRequest {})
        .await
        .unwrap();
    assert_eq!(apis.items.iter().map(|api| &*api.api.name).collect::<Vec<_>>(), ["hollow"]);
    assert!(host.status().contexts[0].coverage.gaps.is_empty(), "nothing is missing");
}
