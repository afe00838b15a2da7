//! Tenants of the demo account, over the real SDK.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Bench, somebody};
use portcullis_demo::{DEMO_KEY_VALUE, DemoAccount, Scale};
use portcullis_domain::tenants::{BoardQuery, BoardRow, PlanFindingKind, QuotaState};
use portcullis_operations::{
    catalogue::call,
    error::ErrorCode,
    host::Host,
    tenant_explain::{TenantExplainRequest, tenant_explain},
    tenant_find::{TenantFindRequest, tenant_find},
    tenant_get::{TenantGetRequest, tenant_get},
    tenant_list::{TenantList, TenantListRequest, tenant_list},
    usage_plan_list::{UsagePlanListRequest, usage_plan_list},
};
use serde_json::Value;

async fn board(host: &Host, query: BoardQuery) -> TenantList {
    tenant_list(host, TenantListRequest { query, ..TenantListRequest::default() }).await.unwrap()
}

fn of<'a>(list: &'a TenantList, tenant: &str) -> &'a BoardRow {
    list.rows.iter().find(|row| row.tenant.name == tenant && row.standing.limit.is_some()).unwrap()
}

#[tokio::test]
async fn the_board_shows_who_needs_help_first() {
    let bench = Bench::new();
    let host = bench.read().await;
    let list = board(&host, BoardQuery::default()).await;
    assert!(list.coverage.complete, "{:?}", list.coverage.gaps);
    assert_eq!(list.total, 13, "twelve keys, one of them in two plans");
    let first = &list.rows[0];
    assert_eq!((first.tenant.name.as_str(), first.standing.state), ("practice-a", QuotaState::Over));
    assert_eq!(first.tenant.reason, "tag tenant");
    assert_eq!((first.standing.used, first.standing.remaining), (5_000, Some(0)));
    assert_eq!(of(&list, "practice-c").standing.state, QuotaState::At90);
    assert_eq!(of(&list, "practice-b").standing.state, QuotaState::At75);
    assert_eq!(of(&list, "practice-e").standing.state, QuotaState::Disabled);
    assert_eq!(of(&list, "insurer-one").standing.state, QuotaState::Unused);
    assert_eq!(of(&list, "hospital-group").age_days, Some(400));
    let telemed = &of(&list, "telemed").standing;
    assert_eq!(telemed.exhausted_on.map(|day| day.to_string()).as_deref(), Some("2026-03-03"), "tomorrow: {telemed:?}");
    let in_two = list.rows.iter().filter(|row| row.tenant.name == "clinic-north").count();
    assert_eq!(in_two, 2);
}

#[tokio::test]
async fn the_board_is_searched_paged_and_read_once() {
    let bench = Bench::new();
    let host = bench.read().await;
    let found = board(&host, BoardQuery { text: "size=large harbour".to_owned(), ..BoardQuery::default() }).await;
    assert_eq!(found.rows.iter().map(|row| row.tenant.name.as_str()).collect::<Vec<_>>(), ["clinic-harbour"]);
    let request = TenantListRequest { offset: 12, limit: 5, ..TenantListRequest::default() };
    let last = tenant_list(&host, request).await.unwrap();
    assert_eq!((last.matching, last.rows.len()), (13, 1));
    // Four plans: one page of plans and of keys, and for each plan one of its keys and one of its usage.
    let calls: Vec<(String, u32)> = last.calls.into_iter().collect();
    let expected = [("GetApiKeys", 1), ("GetUsage", 4), ("GetUsagePlanKeys", 4), ("GetUsagePlans", 1)];
    assert_eq!(calls, expected.map(|(call, count)| (format!("apigateway:{call}"), count)));
}

#[tokio::test]
async fn ten_thousand_keys_are_read_by_pages_and_shown_by_pages_worst_first() {
    const KEYS: usize = 10_000;
    const SHOWN: usize = 500;
    let scale = Scale { apis: 1, routes: 5, keys: KEYS };
    let bench = Bench::on(DemoAccount::scaled(scale, 1, common::clock(common::NOW)));
    let host = bench.read().await;
    let plans = somebody(&bench, "GET", "/usageplans?limit=500", Value::Null).await;

    let mut rows: Vec<BoardRow> = Vec::new();
    let page = |offset: usize| TenantListRequest {
        offset: u32::try_from(offset).unwrap(),
        limit: u32::try_from(SHOWN).unwrap(),
        ..TenantListRequest::default()
    };
    for offset in (0..KEYS).step_by(SHOWN) {
        let list = tenant_list(&host, page(offset)).await.unwrap();
        assert!(list.coverage.complete, "{:?}", list.coverage.gaps);
        assert_eq!((list.total as usize, list.matching as usize, list.rows.len()), (KEYS, KEYS, SHOWN), "at {offset}");
        rows.extend(list.rows);
    }
    let keys: std::collections::HashSet<&str> = rows.iter().map(|row| row.key_id.as_str()).collect();
    assert_eq!(keys.len(), KEYS, "each key on one page");
    // Who is refused now stands at the top, who never asked below all others.
    let states: Vec<QuotaState> = rows.iter().map(|row| row.standing.state).collect();
    assert!(
        rows[..50].iter().all(|row| row.standing.remaining == Some(0) && row.enabled == Some(true)),
        "{:?}",
        rows[0]
    );
    let after = |state: QuotaState| states.iter().position(|other| *other == state).unwrap();
    let order = [QuotaState::Over, QuotaState::At90, QuotaState::At75, QuotaState::Fine, QuotaState::Unused];
    assert!(order.windows(2).all(|pair| after(pair[0]) < after(pair[1])), "{order:?}");
    assert!(states.is_sorted_by_key(|state| order.iter().position(|other| other == state).unwrap_or(order.len())));

    // AWS gives at most 500 a page: of keys in all, and of each plan its keys and their usage; looking cost no further call.
    let pages = |keys: usize| u32::try_from(keys.div_ceil(500)).unwrap();
    let plans: Vec<&str> = plans["item"].as_array().unwrap().iter().map(|plan| plan["id"].as_str().unwrap()).collect();
    let of_plan = |plan: &str| rows.iter().filter(|row| row.usage_plan_id.as_deref() == Some(plan)).count();
    let by_plan: u32 = plans.iter().map(|plan| pages(of_plan(plan))).sum();
    let calls: Vec<(String, u32)> = tenant_list(&host, page(0)).await.unwrap().calls.into_iter().collect();
    let expected =
        [("GetApiKeys", pages(KEYS)), ("GetUsage", by_plan), ("GetUsagePlanKeys", by_plan), ("GetUsagePlans", 1)];
    assert_eq!(calls, expected.map(|(call, count)| (format!("apigateway:{call}"), count)));
    assert!(by_plan <= pages(KEYS) + u32::try_from(plans.len()).unwrap());
}

#[tokio::test]
async fn one_tenant_with_keys_plans_days_and_routes() {
    let bench = Bench::new();
    let host = bench.read().await;
    let get = |tenant: &str| TenantGetRequest { context: None, tenant: tenant.to_owned() };
    let north = tenant_get(&host, get("clinic-north")).await.unwrap();
    let mut plans: Vec<_> = north.plans.iter().filter_map(|plan| plan.row.plan_name.as_deref()).collect();
    plans.sort_unstable();
    assert_eq!(plans, ["practices-large", "practices-legacy-trial"]);
    let large = north.plans.iter().find(|plan| plan.quota.is_some()).unwrap();
    assert_eq!(large.days.len(), 35);
    let day = large.days.last().unwrap();
    assert_eq!(day.day.to_string(), "2026-03-02");
    assert!(north.routes.iter().any(|route| route.requires_key && route.label.contains("/partner/v1/referrals")));
    let by_key = tenant_get(&host, get(&large.row.key_id)).await.unwrap();
    assert_eq!(by_key.name.name, "clinic-north");
    let error = tenant_get(&host, get("nobody")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
}

#[tokio::test]
async fn which_limit_refused_them_is_a_sentence() {
    let bench = Bench::new();
    let host = bench.read().await;
    let routes = common::routes(&host).await;
    let explain = async |tenant: &str, method: &str, path: &str| {
        let route_id = common::route(&routes, "partner", method, path).id.clone();
        let request = TenantExplainRequest { tenant: tenant.to_owned(), route_id };
        tenant_explain(&host, request).await.unwrap().keys.remove(0).sentences
    };
    let over = explain("practice-a", "GET", "/partner/v1/referrals").await;
    assert!(over[0].starts_with("practice-a has used today's quota of plan practices-small: 5000 of 5000"), "{over:?}");
    assert!(over[1].contains("5 requests per second with 10 at once, for this key alone"), "{over:?}");
    let disabled = explain("practice-e", "GET", "/partner/v1/referrals").await;
    assert!(disabled[0].contains("key is disabled"), "{disabled:?}");
    let free = explain("practice-a", "GET", "/partner/v1/status").await;
    assert!(free[0].contains("does not ask for an API key"), "{free:?}");
}

#[tokio::test]
async fn a_pasted_value_finds_its_tenant_and_stays_nowhere() {
    let bench = Bench::new();
    let host = bench.read().await;
    let find = |value: &str| TenantFindRequest { value: value.to_owned() };
    let found = tenant_find(&host, find(&format!(" {DEMO_KEY_VALUE}\n"))).await.unwrap();
    assert_eq!(found.rows.iter().map(|row| row.tenant.name.as_str()).collect::<Vec<_>>(), ["practice-a"]);
    let none = tenant_find(&host, find("aValueThatNobodyHas000")).await.unwrap();
    assert!(none.rows.is_empty() && none.coverage.complete);
    assert_eq!(tenant_find(&host, find("short")).await.unwrap_err().code, ErrorCode::InvalidInput);
    assert!(!format!("{:?}", find(DEMO_KEY_VALUE)).contains(DEMO_KEY_VALUE));
}

#[tokio::test]
async fn plans_say_what_is_wrong_with_them() {
    let bench = Bench::new();
    let host = bench.read().await;
    let list = usage_plan_list(&host, UsagePlanListRequest::default()).await.unwrap();
    let kinds = |name: &str| -> Vec<PlanFindingKind> {
        let plan = list.items.iter().find(|plan| plan.name == name).unwrap();
        plan.findings.iter().map(|finding| finding.kind).collect()
    };
    assert!(kinds("practices-small").contains(&PlanFindingKind::MethodsWithoutKey));
    assert!(kinds("practices-enterprise").contains(&PlanFindingKind::SpansAudiences));
    assert!(kinds("practices-legacy-trial").contains(&PlanFindingKind::NoQuota));
}

#[tokio::test]
async fn an_organisations_mapping_is_in_force_and_a_wrong_one_is_said() {
    let bench = Bench::new();
    bench.write_config("tenants.toml", "[[mapping]]\nby = \"name\"\npattern = \"Practice {tenant}\"\n");
    let host = bench.read().await;
    let list = board(&host, BoardQuery { text: "practices-small".to_owned(), ..BoardQuery::default() }).await;
    let named: Vec<&str> = list.rows.iter().map(|row| row.tenant.name.as_str()).collect();
    assert!(named.contains(&"A") && named.contains(&"Praxis am Markt"), "{named:?}");
    bench.write_config("tenants.toml", "[[mapping]]\nby = \"name\"\npattern = \"Practice\"\n");
    let error = tenant_list(&host, TenantListRequest::default()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::RulesInvalid);
    assert!(error.message.contains("must have {tenant} exactly once"), "{}", error.message);
}

#[tokio::test]
async fn what_could_not_be_read_is_a_gap_and_never_nobody() {
    let bench = Bench::new();
    let host = bench.read().await;
    bench.account.faults().fail(portcullis_demo::Fault::denied("apigateway", "GetApiKeys"));
    let list = board(&host, BoardQuery::default()).await;
    assert!(!list.coverage.complete);
    assert!(list.rows.iter().all(|row| row.enabled.is_none() && row.tenant.reason.contains("could not be listed")));
    assert_eq!(list.rows[0].standing.state, QuotaState::Over, "usage is told by key id");
}

#[tokio::test]
async fn no_answer_of_reading_has_a_value_in_it() {
    let bench = Bench::new();
    let host = bench.read().await;
    for (name, payload) in [
        ("tenant_list", serde_json::json!({})),
        ("tenant_get", serde_json::json!({ "tenant": "practice-a" })),
        ("tenant_find", serde_json::json!({ "value": DEMO_KEY_VALUE })),
        ("usage_plan_list", serde_json::json!({ "afresh": true })),
        ("posture_refresh", serde_json::json!({})),
    ] {
        let answer = call(&host, name, payload).await.unwrap().to_string();
        assert!(!answer.contains(DEMO_KEY_VALUE), "{name}");
    }
}
