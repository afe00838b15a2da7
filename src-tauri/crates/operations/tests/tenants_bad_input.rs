//! What accounts hold that nobody planned: each with an answer that a person understands.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Bench, somebody};
use portcullis_domain::tenants::{BoardQuery, PlanFindingKind, QuotaPeriod, QuotaState};
use portcullis_operations::{
    catalogue::call,
    error::ErrorCode,
    host::Host,
    tenant_explain::{TenantExplainRequest, tenant_explain},
    tenant_get::{Tenant, TenantGetRequest, tenant_get},
    tenant_list::{TenantListRequest, tenant_list},
    usage_plan_list::{UsagePlanLine, UsagePlanListRequest, usage_plan_list},
};
use serde_json::{Value, json};

async fn tenant(host: &Host, name: &str) -> Tenant {
    tenant_list(host, TenantListRequest { afresh: true, ..TenantListRequest::default() }).await.unwrap();
    tenant_get(host, TenantGetRequest { context: None, tenant: name.to_owned() }).await.unwrap()
}

async fn plan(host: &Host, name: &str) -> UsagePlanLine {
    let list = usage_plan_list(host, UsagePlanListRequest { afresh: true }).await.unwrap();
    list.items.into_iter().find(|plan| plan.name == name).unwrap()
}

/// Changes a plan with another tool.
async fn patch(bench: &Bench, plan: &str, operations: Value) {
    somebody(bench, "PATCH", &format!("/usageplans/{plan}"), json!({ "patchOperations": operations })).await;
}

async fn refused(host: &Host, tenant: &str) -> String {
    let routes = common::routes(host).await;
    let route_id = common::route(&routes, "partner", "GET", "/partner/v1/referrals").id.clone();
    let request = TenantExplainRequest { tenant: tenant.to_owned(), route_id };
    tenant_explain(host, request).await.unwrap().keys.remove(0).sentences.remove(0)
}

#[tokio::test]
async fn a_key_in_ten_plans_is_one_tenant_with_ten_rows() {
    let bench = Bench::new();
    let host = bench.read().await;
    let body = json!({ "name": "Everywhere", "enabled": true, "customerId": "everywhere" });
    let key = somebody(&bench, "POST", "/apikeys", body).await["id"].as_str().unwrap().to_owned();
    for number in 1..=10 {
        let body = json!({ "name": format!("plan {number}"), "quota": { "limit": number * 100, "period": "DAY" } });
        let plan = somebody(&bench, "POST", "/usageplans", body).await;
        let path = format!("/usageplans/{}/keys", plan["id"].as_str().unwrap());
        somebody(&bench, "POST", &path, json!({ "keyId": key, "keyType": "API_KEY" })).await;
    }
    let tenant = tenant(&host, "everywhere").await;
    let mut quotas: Vec<i64> = tenant.plans.iter().map(|plan| plan.quota.unwrap().limit).collect();
    quotas.sort_unstable();
    assert_eq!(quotas, (1..=10).map(|number| number * 100).collect::<Vec<_>>());
    assert!(
        refused(&host, "everywhere").await.contains("is in no usage plan that opens"),
        "and none of them counts here"
    );
}

#[tokio::test]
async fn a_plan_whose_api_was_deleted_says_so_and_its_tenants_stay_on_the_board() {
    let bench = Bench::new();
    let host = bench.read().await;
    let before = plan(&host, "practices-small").await;
    let api = before.stages[0].api_id.clone();
    somebody(&bench, "DELETE", &format!("/restapis/{api}"), Value::Null).await;
    call(&host, "inventory_refresh", json!({})).await.unwrap();
    host.wait_until_read().await;
    // As the plan was read before: AWS itself takes the stage out of it some time.
    let list = usage_plan_list(&host, UsagePlanListRequest { afresh: false }).await.unwrap();
    let gone = list.items.into_iter().find(|plan| plan.name == "practices-small").unwrap();
    let said =
        |plan: &UsagePlanLine, kind| plan.findings.iter().find(|one| one.kind == kind).map(|one| one.message.clone());
    let message = said(&gone, PlanFindingKind::StageGone).unwrap();
    assert!(message.contains(&api) && message.contains("is gone"), "{message}");
    assert_eq!(gone.stages[0].api_name, None);
    let emptied = plan(&host, "practices-small").await;
    assert_eq!(said(&emptied, PlanFindingKind::NoStages).unwrap(), "It has no stage: its keys open nothing.");
    let tenant = tenant(&host, "practice-a").await;
    assert_eq!(tenant.plans[0].row.standing.state, QuotaState::Over);
    assert!(tenant.routes.is_empty(), "they open nothing: {:?}", tenant.routes);
}

#[tokio::test]
async fn a_quota_of_nothing_refuses_everything_and_is_told_as_such() {
    let bench = Bench::new();
    let host = bench.read().await;
    let small = plan(&host, "practices-small").await.id;
    patch(&bench, &small, json!([{ "op": "replace", "path": "/quota/limit", "value": "0" }])).await;
    let row = tenant(&host, "practice-d").await.plans.remove(0).row;
    assert_eq!(
        (row.standing.state, row.standing.remaining, row.standing.percent.is_some()),
        (QuotaState::Over, Some(0), true)
    );
    let unused =
        somebody(&bench, "POST", "/apikeys", json!({ "name": "n", "enabled": true, "customerId": "newcomer" })).await;
    let member = json!({ "keyId": unused["id"], "keyType": "API_KEY" });
    somebody(&bench, "POST", &format!("/usageplans/{small}/keys"), member).await;
    let standing = tenant(&host, "newcomer").await.plans.remove(0).row.standing;
    assert_eq!(
        (standing.state, standing.limit, standing.percent),
        (QuotaState::Over, Some(0), None),
        "no part of nothing"
    );
    assert!(refused(&host, "newcomer").await.contains("allows newcomer no request in this period"));
}

#[tokio::test]
async fn without_a_quota_nothing_runs_out_and_nothing_is_extended() {
    let bench = Bench::new();
    let host = bench.read().await;
    let small = plan(&host, "practices-small").await.id;
    patch(&bench, &small, json!([{ "op": "remove", "path": "/quota" }])).await;
    let row = tenant(&host, "practice-d").await.plans.remove(0).row;
    let standing = &row.standing;
    assert_eq!((standing.state, standing.limit, standing.remaining), (QuotaState::NoQuota, None, None));
    assert_eq!((standing.exhausted_on, standing.resets_on), (None, None));
    assert!(refused(&host, "practice-d").await.contains("has no quota, so no quota refused practice-d"));
    let request = json!({ "context": "demo", "usagePlanId": small, "keyId": row.key_id, "requests": "+5" });
    let error = call(&host, "quota_extend", request).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
    assert!(error.message.contains("no quota"), "{}", error.message);
}

#[tokio::test]
async fn a_period_that_changes_in_the_middle_of_a_month_is_counted_by_the_new_one() {
    let bench = Bench::new();
    let host = bench.read().await;
    let daily = tenant(&host, "practice-d").await.plans.remove(0);
    let monday = daily.days.last().unwrap().used;
    let sunday = daily.days[daily.days.len() - 2].used;
    assert_eq!(
        (daily.row.standing.used, daily.row.standing.resets_on.unwrap().to_string().as_str()),
        (monday, "2026-03-03")
    );
    let small = daily.row.usage_plan_id.clone().unwrap();
    patch(&bench, &small, json!([{ "op": "replace", "path": "/quota/period", "value": "MONTH" }])).await;
    let monthly = tenant(&host, "practice-d").await.plans.remove(0);
    let standing = &monthly.row.standing;
    assert_eq!(monthly.row.period, Some(QuotaPeriod::Month));
    assert_eq!(standing.used, sunday + monday, "March began yesterday");
    assert_eq!(standing.resets_on.unwrap().to_string(), "2026-04-01");
    assert_eq!(standing.limit, Some(standing.used + standing.remaining.unwrap()));
}

#[tokio::test]
async fn an_offset_is_shown_beside_the_quota() {
    let bench = Bench::new();
    let host = bench.read().await;
    let small = plan(&host, "practices-small").await.id;
    patch(&bench, &small, json!([{ "op": "replace", "path": "/quota/offset", "value": "1200" }])).await;
    assert_eq!(plan(&host, "practices-small").await.quota.unwrap().offset, 1_200);
    let quota = tenant(&host, "practice-d").await.plans.remove(0).quota.unwrap();
    assert_eq!((quota.limit, quota.offset), (5_000, 1_200));
}

#[tokio::test]
async fn keys_of_one_name_and_one_customer_are_one_tenant_and_told_apart_by_their_ids() {
    let bench = Bench::new();
    let host = bench.read().await;
    for _ in 0..2 {
        somebody(&bench, "POST", "/apikeys", json!({ "name": "same", "enabled": true, "customerId": "twin" })).await;
    }
    let twin = tenant(&host, "twin").await;
    let (one, other) = (&twin.plans[0].row, &twin.plans[1].row);
    assert_eq!((twin.plans.len(), &one.key_name), (2, &other.key_name));
    assert_ne!(one.key_id, other.key_id);
    assert_eq!(one.standing.state, QuotaState::NoPlan);
    let query = BoardQuery { text: one.key_id.clone(), ..BoardQuery::default() };
    let found = tenant_list(&host, TenantListRequest { query, ..TenantListRequest::default() }).await.unwrap();
    assert_eq!(found.matching, 1);
}
