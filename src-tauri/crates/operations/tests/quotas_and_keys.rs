//! Extending quotas, moving tenants, rotating keys and revealing a value, over the real SDK; then the search for a value
//! in everything that was kept or said.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use common::{Bench, somebody};
use portcullis_demo::DEMO_KEY_VALUE;
use portcullis_domain::{change::Plan, tenants::QuotaState};
use portcullis_operations::{
    catalogue::call,
    error::{ErrorCode, WireError},
    host::Host,
    tenant_get::{Tenant, TenantGetRequest, tenant_get},
};
use serde_json::{Value, json};

async fn tenant(host: &Host, name: &str) -> Tenant {
    tenant_get(host, TenantGetRequest { context: None, tenant: name.to_owned() }).await.unwrap()
}

async fn allow(host: &Host) {
    let access = json!({ "context": "demo", "access": { "mode": "operator", "protected": false } });
    call(host, "context_access_set", access).await.unwrap();
}

async fn apply(host: &Host, plan: &Value) -> Result<Value, WireError> {
    call(host, "plan_apply", json!({ "planId": plan["id"], "reason": "support asked", "acknowledged": true })).await
}

async fn rotate(host: &Host, key: &str, stage: &str) -> Result<Value, WireError> {
    let plan = call(host, "key_rotate", json!({ "context": "demo", "keyId": key, "stage": stage })).await?;
    apply(host, &plan).await
}

#[tokio::test]
async fn an_extended_quota_lets_them_go_on_and_undo_takes_it_back() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host).await;
    let row = tenant(&host, "practice-a").await.plans.remove(0).row;
    let request = |requests: &str| json!({ "context": "demo", "usagePlanId": row.usage_plan_id, "keyId": row.key_id, "requests": requests });
    let plan = call(&host, "quota_extend", request("+1500")).await.unwrap();
    let typed: Plan = serde_json::from_value(plan.clone()).unwrap();
    let change = &typed.changes[0];
    assert_eq!((change.before.clone(), change.after.clone()), (Some(json!(0)), Some(json!(1_500))));
    assert_eq!(typed.tenants[0].name, "Practice A");
    let applied = apply(&host, &plan).await.unwrap();
    let now = tenant(&host, "practice-a").await.plans.remove(0).row.standing;
    assert_eq!((now.remaining, now.limit, now.state), (Some(1_500), Some(6_500), QuotaState::At75));
    let undo = call(&host, "change_undo", json!({ "entry": applied["entry"] })).await.unwrap();
    apply(&host, &undo).await.unwrap();
    assert_eq!(tenant(&host, "practice-a").await.plans[0].row.standing.state, QuotaState::Over);
    let error = call(&host, "quota_extend", request("many")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn recent_changes_are_the_journals_and_what_others_did() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host).await;
    let row = tenant(&host, "practice-a").await.plans.remove(0).row;
    let request =
        json!({ "context": "demo", "usagePlanId": row.usage_plan_id, "keyId": row.key_id, "requests": "+1500" });
    let plan = call(&host, "quota_extend", request).await.unwrap();
    apply(&host, &plan).await.unwrap();
    let patch = json!({ "patchOperations": [{ "op": "replace", "path": "/enabled", "value": "false" }] });
    somebody(&bench, "PATCH", &format!("/apikeys/{}", row.key_id), patch).await;

    // The journal alone: what others did is not known, and that is said.
    let known = tenant(&host, "practice-a").await.changes;
    let told: Vec<(&str, &str, bool)> =
        known.items.iter().map(|change| (change.what.as_str(), change.reason.as_str(), change.done)).collect();
    assert_eq!(told, [(plan["title"].as_str().unwrap(), "support asked", true)]);
    assert!(!known.holes.is_empty() && known.unread.is_empty(), "{known:?}");

    // With CloudTrail's events: the other's change once, ours not twice, and nobody else's.
    call(&host, "event_refresh", json!({ "since": "2026-01-01T00:00:00Z" })).await.unwrap();
    let known = tenant(&host, "practice-a").await.changes;
    assert!(known.holes.is_empty(), "{:?}", known.holes);
    let others: Vec<_> = known.items.iter().filter(|change| change.journal_entry.is_none()).collect();
    let wanted = format!("Set whether it is enabled to false, key {}", row.key_id);
    assert!(others.iter().any(|change| change.what == wanted && change.done), "{others:#?}");
    assert_eq!(known.items.iter().filter(|change| change.journal_entry.is_some()).count(), 1, "{known:#?}");
    let other = tenant(&host, "hospital-group").await.changes;
    assert!(other.items.iter().all(|change| !change.what.contains(&row.key_id)), "{other:#?}");
}

#[tokio::test]
async fn a_read_only_context_changes_nothing_and_shows_no_value() {
    let bench = Bench::new();
    let host = bench.read().await;
    let row = tenant(&host, "practice-a").await.plans.remove(0).row;
    let request = json!({ "context": "demo", "usagePlanId": row.usage_plan_id, "keyId": row.key_id, "requests": "+1" });
    let plan = call(&host, "quota_extend", request).await.unwrap();
    assert_eq!(apply(&host, &plan).await.unwrap_err().code, ErrorCode::ReadOnly);
    let reveal = json!({ "context": "demo", "keyId": row.key_id });
    assert_eq!(call(&host, "key_reveal", reveal).await.unwrap_err().code, ErrorCode::ReadOnly);
}

#[tokio::test]
async fn a_protected_context_shows_no_value_until_its_name_is_typed() {
    let bench = Bench::new();
    let host = bench.read().await;
    let access = json!({ "context": "demo", "access": { "mode": "operator", "protected": true } });
    call(&host, "context_access_set", access).await.unwrap();
    let key = tenant(&host, "practice-a").await.plans.remove(0).row.key_id;
    for typed in [Value::Null, json!(""), json!("Demo")] {
        let request = json!({ "context": "demo", "keyId": key, "typed": typed });
        let refused = call(&host, "key_reveal", request).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ConfirmationNeeded);
        assert!(refused.hint.unwrap_or_default().contains("demo"));
    }
    let shown = call(&host, "key_reveal", json!({ "context": "demo", "keyId": key, "typed": "demo" })).await.unwrap();
    assert_eq!(shown["value"], DEMO_KEY_VALUE);
}

#[tokio::test]
async fn a_tenant_moves_with_what_is_left_and_comes_back() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host).await;
    let row = tenant(&host, "practice-c").await.plans.remove(0).row;
    let large = tenant(&host, "clinic-harbour").await.plans.remove(0).row.usage_plan_id;
    let request = json!({
        "context": "demo", "keyId": row.key_id, "from": row.usage_plan_id, "to": large, "keepRemaining": true
    });
    let plan = call(&host, "tenant_move", request).await.unwrap();
    assert!(plan["warnings"].to_string().contains("refused with 403"), "one plan per stage: {}", plan["warnings"]);
    let applied = apply(&host, &plan).await.unwrap();
    let moved = tenant(&host, "practice-c").await.plans.remove(0).row;
    assert_eq!(moved.plan_name.as_deref(), Some("practices-large"));
    assert_eq!(moved.standing.remaining, row.standing.remaining, "neither lost nor doubled");
    let undo = call(&host, "change_undo", json!({ "entry": applied["entry"] })).await.unwrap();
    apply(&host, &undo).await.unwrap();
    let back = tenant(&host, "practice-c").await.plans.remove(0).row;
    assert_eq!((back.plan_name, back.standing.remaining), (row.plan_name, row.standing.remaining));
}

#[tokio::test]
async fn a_plans_quota_is_set_removed_and_undone() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host).await;
    let id = tenant(&host, "practice-d").await.plans.remove(0).row.usage_plan_id;
    let request = |limit: Value| json!({ "context": "demo", "usagePlanId": id, "limit": limit, "period": "WEEK" });
    let plan = call(&host, "quota_set", request(json!("60000"))).await.unwrap();
    assert!(plan["warnings"].to_string().contains("period changes in its middle"));
    let applied = apply(&host, &plan).await.unwrap();
    assert_eq!(tenant(&host, "practice-d").await.plans[0].quota.unwrap().limit, 60_000);
    let undo = call(&host, "change_undo", json!({ "entry": applied["entry"] })).await.unwrap();
    apply(&host, &undo).await.unwrap();
    assert_eq!(tenant(&host, "practice-d").await.plans[0].quota.unwrap().limit, 5_000);
    apply(&host, &call(&host, "quota_set", request(Value::Null)).await.unwrap()).await.unwrap();
    assert_eq!(tenant(&host, "practice-d").await.plans[0].quota, None);
    let error = call(&host, "quota_set", request(json!("-1"))).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn a_value_is_only_where_a_person_asked_for_it() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host).await;
    let row = tenant(&host, "practice-a").await.plans.remove(0).row;
    let (key, plan) = (row.key_id.as_str(), row.usage_plan_id.clone().unwrap());
    let shown = call(&host, "key_reveal", json!({ "context": "demo", "keyId": key, "reason": "lost" })).await.unwrap();
    assert_eq!(shown["value"], DEMO_KEY_VALUE, "the value is in the account, or this test finds nothing");
    let file = bench.config("handed-over.txt");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let to_file = json!({ "context": "demo", "keyId": key, "path": file });
    let saved = call(&host, "key_reveal", to_file.clone()).await.unwrap();
    assert_eq!(saved["value"], Value::Null);
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), DEMO_KEY_VALUE);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600);
    let again = call(&host, "key_reveal", to_file).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::InvalidInput, "nothing is overwritten");
    std::fs::remove_file(&file).unwrap();

    // Everything else, and what it says.
    let route = tenant(&host, "practice-a").await.routes.remove(0).route_id;
    let mut said = format!("{again:?}{shown:?}").replace(DEMO_KEY_VALUE, "shown on purpose");
    let extend = json!({ "context": "demo", "usagePlanId": plan, "keyId": key, "requests": "+5" });
    let export = bench.config("journal.csv");
    for (name, request) in [
        ("tenant_list", json!({ "afresh": true })),
        ("tenant_get", json!({ "tenant": "practice-a" })),
        ("tenant_find", json!({ "value": DEMO_KEY_VALUE })),
        ("tenant_find", json!({ "value": "tooShort" })),
        ("tenant_explain", json!({ "tenant": "practice-a", "routeId": route })),
        ("usage_plan_list", json!({ "afresh": true })),
        ("posture_refresh", json!({})),
        ("finding_list", json!({})),
        ("quota_extend", extend),
        ("key_rotate", json!({ "context": "demo", "keyId": key, "stage": "start" })),
        ("journal_list", json!({})),
        ("journal_export", json!({ "format": "csv", "path": export })),
    ] {
        let answer = call(&host, name, request).await;
        let answer = answer.map_or_else(|error| format!("{error:?} {error}"), |answer| answer.to_string());
        assert!(!answer.contains(DEMO_KEY_VALUE), "{name}");
        said += &answer;
    }
    rotate(&host, key, "start").await.unwrap();
    let rotations = call(&host, "rotation_list", json!({})).await.unwrap();
    assert!(!rotations.to_string().contains(DEMO_KEY_VALUE));
    assert!(!said.contains(DEMO_KEY_VALUE));
    // Files: the store, the journal, their logs, exports.
    let mut searched = 0;
    for directory in [bench.data("").parent().unwrap().to_owned(), bench.data(""), bench.config("")] {
        for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let bytes = std::fs::read(entry.path()).unwrap();
            let found = bytes.windows(DEMO_KEY_VALUE.len()).any(|window| window == DEMO_KEY_VALUE.as_bytes());
            assert!(!found, "{}", entry.path().display());
            searched += 1;
        }
    }
    assert!(searched >= 3, "store, journal and export");
}
