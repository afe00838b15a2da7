//! Rotating keys over the real SDK: the stages, and what may go wrong in each. In every case the tenant has a working key.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use common::{Bench, NOW, somebody};
use portcullis_demo::Fault;
use portcullis_domain::{
    change::{Plan, WarningKind},
    rotation::RotationState,
};
use portcullis_operations::{
    catalogue::call,
    error::{ErrorCode, WireError},
    host::Host,
    rotation_list::{RotationListRequest, RotationQuery, RotationRow, rotation_list},
};
use serde_json::{Value, json};

/// When the overlap is long over and the old key has been quiet since.
const LATER: &str = "2026-03-20T10:00:00Z";

/// A host at this time that may change things.
async fn at(bench: &Bench, now: &str) -> Host {
    let host = bench.host_at(now);
    common::select(&host, &[portcullis_domain::context::ContextSpec::demo()]).await;
    host.wait_until_read().await;
    let access = json!({ "context": "demo", "access": { "mode": "operator", "protected": false } });
    call(&host, "context_access_set", access).await.unwrap();
    host
}

async fn rows(host: &Host, text: &str) -> Vec<RotationRow> {
    let query = RotationQuery { text: text.to_owned(), ..RotationQuery::default() };
    rotation_list(host, RotationListRequest { query, afresh: true, ..RotationListRequest::default() })
        .await
        .unwrap()
        .rows
}

async fn row(host: &Host, text: &str) -> RotationRow {
    let mut rows = rows(host, text).await;
    assert_eq!(rows.len(), 1, "{rows:#?}");
    rows.remove(0)
}

async fn planned(host: &Host, key: &str, stage: &str) -> Result<Plan, WireError> {
    overridden(host, key, stage, None).await
}

async fn overridden(host: &Host, key: &str, stage: &str, reason: Option<&str>) -> Result<Plan, WireError> {
    let request = json!({ "context": "demo", "keyId": key, "stage": stage, "overrideReason": reason });
    Ok(serde_json::from_value(call(host, "key_rotate", request).await?).unwrap())
}

async fn apply(host: &Host, plan: &Plan) -> Result<Value, WireError> {
    call(host, "plan_apply", json!({ "planId": plan.id, "reason": "a test", "acknowledged": true })).await
}

async fn stage(host: &Host, key: &str, stage: &str) -> Result<Value, WireError> {
    apply(host, &planned(host, key, stage).await?).await
}

async fn undo(host: &Host, entry: &Value) -> Result<Plan, WireError> {
    Ok(serde_json::from_value(call(host, "change_undo", json!({ "entry": entry })).await?).unwrap())
}

async fn disable(bench: &Bench, key: &str) {
    let patch = json!({ "patchOperations": [{ "op": "replace", "path": "/enabled", "value": "false" }] });
    somebody(bench, "PATCH", &format!("/apikeys/{key}"), patch).await;
}

/// What is left in the plan that has a quota, by key.
async fn left(bench: &Bench, plan: &str, key: &str) -> i64 {
    let path = format!("/usageplans/{plan}/usage?startDate=2026-03-02&endDate=2026-03-02&keyId={key}");
    let usage = somebody(bench, "GET", &path, Value::Null).await;
    usage["values"][key][0][1].as_i64().unwrap()
}

/// The plans of a key, by id.
async fn plans_of(bench: &Bench, key: &str) -> Vec<String> {
    let plans = somebody(bench, "GET", &format!("/usageplans?keyId={key}"), Value::Null).await;
    plans["item"].as_array().unwrap().iter().map(|plan| plan["id"].as_str().unwrap().to_owned()).collect()
}

/// The tenant's word: some key of this rotation is enabled and in these plans.
async fn works(bench: &Bench, keys: &[&str], plans: &[String]) {
    for plan in plans {
        let mut working = false;
        for key in keys {
            let all = somebody(bench, "GET", "/apikeys?limit=500", Value::Null).await;
            let found = all["item"].as_array().unwrap().iter().any(|one| one["id"] == **key && one["enabled"] == true);
            working |= found && plans_of(bench, key).await.contains(plan);
        }
        assert!(working, "no key of {keys:?} works in {plan}");
    }
}

fn fault(operation: &'static str, status: u16, code: &'static str, message: &str) -> Fault {
    Fault { service: "apigateway", operation, status, code, message: message.to_owned(), ..Fault::default() }
}

#[tokio::test]
async fn a_key_is_rotated_stage_by_stage_by_different_people_and_machines() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "hospital-group").await;
    assert_eq!((old.state, old.age_days, old.due_in_days), (RotationState::NotStarted, Some(400), Some(-310)));
    let early = planned(&host, &old.key_id, "disable").await.unwrap_err();
    assert_eq!(early.message, "There is no new key for this one.");
    let plans = plans_of(&bench, &old.key_id).await;
    let had = left(&bench, &plans[0], &old.key_id).await;

    let plan = planned(&host, &old.key_id, "start").await.unwrap();
    let commands: Vec<&str> = plan.steps.iter().map(|step| step.call.operation()).collect();
    assert_eq!(commands, ["CreateApiKey", "CreateUsagePlanKey", "UpdateUsage"]);
    apply(&host, &plan).await.unwrap();
    let both = row(&host, "hospital-group").await;
    let new = both.new_key.clone().unwrap();
    assert_eq!(new.name, "St. Agnes Hospital Group rotated 2026-03-02");
    assert_eq!(
        (both.state, both.overlap_until.unwrap().to_string()),
        (RotationState::Overlap, "2026-03-09".to_owned())
    );
    assert_eq!(plans_of(&bench, &new.id).await, plans);
    assert_eq!(left(&bench, &plans[0], &new.id).await, had, "carried over, neither lost nor whole again");
    assert_eq!(planned(&host, &old.key_id, "start").await.unwrap_err().code, ErrorCode::InvalidInput);

    // Both are in use: it is too early, and a person who knows better says why.
    let early = planned(&host, &old.key_id, "disable").await.unwrap_err();
    assert_eq!(early.details.len(), 2, "{early:?}");
    assert!(early.details[0].contains("2026-03-09") && early.details[1].contains("403"), "{early:?}");
    let forced = overridden(&host, &old.key_id, "disable", Some("the key leaked")).await.unwrap();
    let serious = forced.warnings.iter().filter(|warning| warning.kind == WarningKind::Blocks);
    assert!(serious.clone().count() == 2 && serious.clone().all(|one| one.message.contains("the key leaked")));

    // Weeks later, another process: everything that is needed is in AWS.
    drop(host);
    let host = at(&bench, LATER).await;
    assert_eq!(row(&host, "hospital-group").await.state, RotationState::ReadyToDisable);
    let early = planned(&host, &old.key_id, "delete").await.unwrap_err();
    assert_eq!(early.message, "The old key is enabled.");
    let disabled = stage(&host, &new.id, "disable").await.unwrap();
    works(&bench, &[&new.id], &plans).await;
    let back = undo(&host, &disabled["entry"]).await.unwrap();
    apply(&host, &back).await.unwrap();
    assert_eq!(row(&host, "hospital-group").await.state, RotationState::ReadyToDisable);
    stage(&host, &old.key_id, "disable").await.unwrap();
    let early = planned(&host, &old.key_id, "abandon").await.unwrap_err();
    assert!(early.message.contains("without a key"), "{}", early.message);

    // The account's own clock says since when it is disabled.
    let host = at(&bench, "2026-03-05T10:00:00Z").await;
    let waiting = row(&host, "hospital-group").await;
    assert_eq!(
        (waiting.state, waiting.delete_from.unwrap().to_string()),
        (RotationState::Waiting, "2026-03-09".to_owned())
    );
    assert_eq!(planned(&host, &old.key_id, "delete").await.unwrap_err().message, "It is too early for this stage.");
    let host = at(&bench, LATER).await;
    assert_eq!(row(&host, "hospital-group").await.state, RotationState::ReadyToDelete);
    let gone = call(&host, "key_rotate", json!({ "context": "demo", "keyId": old.key_id })).await.unwrap();
    assert!(gone["title"].as_str().unwrap().starts_with("Delete key"), "the next stage without naming it");
    apply(&host, &serde_json::from_value(gone).unwrap()).await.unwrap();
    works(&bench, &[&new.id], &plans).await;
    let done = row(&host, "hospital-group").await;
    assert_eq!((done.key_id, done.state), (new.id, RotationState::NotStarted));
    assert_eq!(planned(&host, &old.key_id, "delete").await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn beginning_is_undone_only_while_the_old_key_works() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "clinic-north").await;
    let plans = plans_of(&bench, &old.key_id).await;
    assert_eq!(plans.len(), 2, "one key in two plans");
    let begun = stage(&host, &old.key_id, "start").await.unwrap();
    let new = row(&host, "clinic-north").await.new_key.unwrap();
    assert_eq!(plans_of(&bench, &new.id).await.len(), 2);

    // Somebody disabled the old key: undoing would leave the tenant without any.
    disable(&bench, &old.key_id).await;
    let refused = undo(&host, &begun["entry"]).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(refused.message.contains("without a working key"), "{}", refused.message);
    works(&bench, &[&new.id], &plans).await;

    // It comes back, the undo is planned, and then it is disabled again: the plan does not go through.
    stage(&host, &old.key_id, "enable").await.unwrap();
    let back = undo(&host, &begun["entry"]).await.unwrap();
    disable(&bench, &old.key_id).await;
    let conflict = apply(&host, &back).await.unwrap_err();
    assert_eq!(conflict.code, ErrorCode::Conflict);
    assert!(conflict.details[0].contains("enabled is false, expected true"), "{conflict:?}");
    works(&bench, &[&new.id], &plans).await;

    stage(&host, &old.key_id, "enable").await.unwrap();
    let back = undo(&host, &begun["entry"]).await.unwrap();
    apply(&host, &back).await.unwrap();
    assert_eq!(row(&host, "clinic-north").await.state, RotationState::NotStarted, "the new key is gone");
    works(&bench, &[&old.key_id], &plans).await;
}

#[tokio::test]
async fn a_new_key_that_is_disabled_deleted_or_moved_behind_our_back_keeps_the_old_one_working() {
    for (what, state) in [
        ("disabled", RotationState::Broken),
        ("deleted", RotationState::NotStarted),
        ("taken out of a plan", RotationState::Attach),
    ] {
        let bench = Bench::new();
        let host = at(&bench, NOW).await;
        let old = row(&host, "clinic-north").await;
        stage(&host, &old.key_id, "start").await.unwrap();
        let new = row(&host, "clinic-north").await.new_key.unwrap();
        let plans = plans_of(&bench, &old.key_id).await;
        let host = at(&bench, LATER).await;
        let plan = planned(&host, &old.key_id, "disable").await.unwrap();
        match what {
            "disabled" => disable(&bench, &new.id).await,
            "deleted" => drop(somebody(&bench, "DELETE", &format!("/apikeys/{}", new.id), Value::Null).await),
            _ => {
                let path = format!("/usageplans/{}/keys/{}", plans[1], new.id);
                drop(somebody(&bench, "DELETE", &path, Value::Null).await);
            }
        }
        let conflict = apply(&host, &plan).await.unwrap_err();
        assert_eq!(conflict.code, ErrorCode::Conflict, "{what}: {conflict:?}");
        assert!(conflict.message.contains("without a working key"), "{what}: {}", conflict.message);
        works(&bench, &[&old.key_id], &plans).await;
        let refused = planned(&host, &old.key_id, "disable").await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput, "{what}");
        assert_eq!(row(&host, "clinic-north").await.state, state, "{what}");
    }
}

#[tokio::test]
async fn an_old_key_that_is_put_into_a_further_plan_meanwhile_is_not_disabled() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "hospital-group").await;
    stage(&host, &old.key_id, "start").await.unwrap();
    let host = at(&bench, LATER).await;
    let plan = planned(&host, &old.key_id, "disable").await.unwrap();
    let further = somebody(&bench, "POST", "/usageplans", json!({ "name": "further" })).await;
    let further = further["id"].as_str().unwrap().to_owned();
    let member = json!({ "keyId": old.key_id, "keyType": "API_KEY" });
    somebody(&bench, "POST", &format!("/usageplans/{further}/keys"), member).await;
    let conflict = apply(&host, &plan).await.unwrap_err();
    assert!(conflict.message.contains("usage plans of key"), "{}", conflict.message);
    assert_eq!(row(&host, "hospital-group").await.state, RotationState::Attach);
    // The next stage, without naming it, puts the new key there too.
    let attach = call(&host, "key_rotate", json!({ "context": "demo", "keyId": old.key_id })).await.unwrap();
    apply(&host, &serde_json::from_value(attach).unwrap()).await.unwrap();
    assert_eq!(row(&host, "hospital-group").await.state, RotationState::ReadyToDisable);
}

#[tokio::test]
async fn old_key_disabled_by_somebody_in_the_middle_is_told_and_attaching_helps() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "clinic-north").await;
    stage(&host, &old.key_id, "start").await.unwrap();
    let new = row(&host, "clinic-north").await.new_key.unwrap();
    let plans = plans_of(&bench, &old.key_id).await;
    somebody(&bench, "DELETE", &format!("/usageplans/{}/keys/{}", plans[0], new.id), Value::Null).await;
    disable(&bench, &old.key_id).await;
    let broken = row(&host, "clinic-north").await;
    assert_eq!(broken.state, RotationState::Broken);
    assert!(broken.problem.unwrap().contains("the tenant is refused there"));
    assert_eq!(planned(&host, &old.key_id, "delete").await.unwrap_err().code, ErrorCode::InvalidInput);
    let attached = stage(&host, &old.key_id, "attach").await.unwrap();
    works(&bench, &[&new.id], &plans).await;
    // Undoing that while the old key is disabled is the very fault that this guards against.
    let refused = undo(&host, &attached["entry"]).await.unwrap_err();
    assert!(refused.message.contains("without a working key"), "{}", refused.message);
}

#[tokio::test]
async fn usage_that_cannot_be_read_is_not_told_as_no_use() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "hospital-group").await;
    stage(&host, &old.key_id, "start").await.unwrap();
    let host = at(&bench, LATER).await;
    bench.account.faults().fail(Fault::denied("apigateway", "GetUsage"));
    let refused = planned(&host, &old.key_id, "disable").await.unwrap_err();
    assert!(refused.details[0].contains("not known") && refused.details[0].contains("usage"), "{refused:?}");
    let shown = row(&host, "hospital-group").await;
    assert!(serde_json::to_value(&shown.last_use).unwrap()["kind"] == "unknown", "{shown:?}");
    let forced = overridden(&host, &old.key_id, "disable", Some("incident 7")).await.unwrap();
    assert!(forced.warnings.iter().any(|one| one.kind == WarningKind::Blocks && one.message.contains("not known")));
    apply(&host, &forced).await.unwrap();

    // A rotation that cannot say what is left is not begun: a whole quota is no guess.
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    bench.account.faults().fail(Fault::denied("apigateway", "GetUsage"));
    let refused = planned(&host, &old.key_id, "start").await.unwrap_err();
    assert!(refused.message.contains("cannot be carried over"), "{}", refused.message);
}

#[tokio::test]
async fn a_quota_is_counted_once_when_both_keys_were_used() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "practice-b").await;
    let plan = plans_of(&bench, &old.key_id).await.remove(0);
    stage(&host, &old.key_id, "start").await.unwrap();
    let new = row(&host, "practice-b").await.new_key.unwrap();
    let carried = left(&bench, &plan, &new.id).await;
    // The old key goes on being used: AWS counts by key, and what the old one has left shrinks alone.
    let shrunk = json!({ "patchOperations": [{ "op": "replace", "path": "/remaining", "value": "100" }] });
    somebody(&bench, "PATCH", &format!("/usageplans/{plan}/keys/{}/usage", old.key_id), shrunk).await;
    assert_eq!(left(&bench, &plan, &new.id).await, carried, "together more than the tenant had");
    let settled = planned(&host, &old.key_id, "settle").await.unwrap();
    assert!(settled.warnings[0].message.contains(&format!("has {carried} requests left, and one key would have 100")));
    let entry = apply(&host, &settled).await.unwrap();
    assert_eq!(left(&bench, &plan, &new.id).await, 100);
    assert!(planned(&host, &old.key_id, "settle").await.unwrap().is_empty(), "nothing more to take off");
    let back = undo(&host, &entry["entry"]).await.unwrap();
    apply(&host, &back).await.unwrap();
    assert_eq!(left(&bench, &plan, &new.id).await, carried);
}

#[tokio::test]
async fn a_new_key_that_joined_with_a_whole_quota_is_set_right_by_attaching() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "practice-b").await;
    let plan = plans_of(&bench, &old.key_id).await.remove(0);
    let had = left(&bench, &plan, &old.key_id).await;
    stage(&host, &old.key_id, "start").await.unwrap();
    let new = row(&host, "practice-b").await.new_key.unwrap();
    // As an attempt leaves it that died between joining and carrying over, and was closed by hand.
    let whole = json!({ "patchOperations": [{ "op": "replace", "path": "/remaining", "value": "5000" }] });
    somebody(&bench, "PATCH", &format!("/usageplans/{plan}/keys/{}/usage", new.id), whole).await;
    stage(&host, &old.key_id, "attach").await.unwrap();
    assert_eq!(left(&bench, &plan, &new.id).await, had);
}

#[tokio::test]
async fn whatever_aws_refuses_while_beginning_leaves_the_old_key_alone_and_no_new_one() {
    for fault in [
        fault("CreateApiKey", 429, "LimitExceededException", "Limit exceeded"),
        fault("CreateApiKey", 409, "ConflictException", "API Key already exists"),
        fault("CreateUsagePlanKey", 404, "NotFoundException", "Invalid Usage Plan ID specified"),
        Fault { skip: 1, ..fault("CreateUsagePlanKey", 409, "ConflictException", "already subscribed") },
        fault("UpdateUsage", 400, "BadRequestException", "Invalid patch path"),
    ] {
        let bench = Bench::new();
        let host = at(&bench, NOW).await;
        let old = row(&host, "clinic-north").await;
        let plans = plans_of(&bench, &old.key_id).await;
        let (case, said) = (format!("{} {}", fault.operation, fault.code), fault.message.clone());
        let plan = planned(&host, &old.key_id, "start").await.unwrap();
        bench.account.faults().fail(fault);
        let error = apply(&host, &plan).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::ChangeFailed, "{case}: {error:?}");
        assert!(error.message.contains(&said), "{case}: {}", error.message);
        bench.account.faults().clear();
        let after = row(&host, "clinic-north").await;
        assert_eq!((after.state, after.enabled), (RotationState::NotStarted, true), "{case}: {after:?}");
        works(&bench, &[&old.key_id], &plans).await;
    }
}

#[tokio::test]
async fn a_plan_that_is_deleted_in_the_middle_stops_the_rotation_and_not_the_tenant() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let further = somebody(&bench, "POST", "/usageplans", json!({ "name": "soon gone" })).await;
    let further = further["id"].as_str().unwrap().to_owned();
    let old = row(&host, "hospital-group").await;
    let member = json!({ "keyId": old.key_id, "keyType": "API_KEY" });
    somebody(&bench, "POST", &format!("/usageplans/{further}/keys"), member).await;
    let plan = planned(&host, &old.key_id, "start").await.unwrap();
    somebody(&bench, "DELETE", &format!("/usageplans/{further}"), Value::Null).await;
    let conflict = apply(&host, &plan).await.unwrap_err();
    assert_eq!(conflict.code, ErrorCode::Conflict, "{conflict:?}");
    let plans = plans_of(&bench, &old.key_id).await;
    works(&bench, &[&old.key_id], &plans).await;
    stage(&host, &old.key_id, "start").await.unwrap();
}

#[tokio::test]
async fn a_key_in_ten_plans_and_with_the_longest_name_is_rotated_whole() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let name = "Ä".repeat(1024);
    let body = json!({ "name": name, "enabled": true, "customerId": "ten-plans" });
    let key = somebody(&bench, "POST", "/apikeys", body).await["id"].as_str().unwrap().to_owned();
    for number in 0..10 {
        let plan = somebody(&bench, "POST", "/usageplans", json!({ "name": format!("plan {number}") })).await;
        let path = format!("/usageplans/{}/keys", plan["id"].as_str().unwrap());
        somebody(&bench, "POST", &path, json!({ "keyId": key, "keyType": "API_KEY" })).await;
    }
    stage(&host, &key, "start").await.unwrap();
    let row = row(&host, &key).await;
    let new = row.new_key.unwrap();
    assert_eq!(new.name.chars().count(), 1024);
    assert!(new.name.ends_with("Ä rotated 2026-03-02"));
    assert_eq!(plans_of(&bench, &new.id).await.len(), 10);
    let host = at(&bench, LATER).await;
    stage(&host, &key, "disable").await.unwrap();
}

#[tokio::test]
async fn keys_of_one_name_are_rotated_on_one_day_and_a_disabled_one_is_not() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let mut twins = Vec::new();
    for _ in 0..2 {
        let body = json!({ "name": "twin", "enabled": true });
        twins.push(somebody(&bench, "POST", "/apikeys", body).await["id"].as_str().unwrap().to_owned());
    }
    for twin in &twins {
        stage(&host, twin, "start").await.unwrap();
    }
    let found = rows(&host, "twin").await;
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_ne!(found[0].new_key.as_ref().unwrap().id, found[1].new_key.as_ref().unwrap().id);
    assert_eq!(found[0].new_key.as_ref().unwrap().name, found[1].new_key.as_ref().unwrap().name);
    let off = somebody(&bench, "POST", "/apikeys", json!({ "name": "off", "enabled": false })).await;
    let refused = planned(&host, off["id"].as_str().unwrap(), "start").await.unwrap_err();
    assert!(refused.message.contains("would open what was closed"), "{}", refused.message);
    let nameless = somebody(&bench, "POST", "/apikeys", json!({ "enabled": true })).await;
    let id = nameless["id"].as_str().unwrap();
    let plan = planned(&host, id, "start").await.unwrap();
    assert_eq!(plan.targets[0].label(), format!("new key {id} rotated 2026-03-02"));
}

#[tokio::test]
async fn read_only_and_protected_contexts_are_obeyed() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let old = row(&host, "hospital-group").await;
    let plan = planned(&host, &old.key_id, "start").await.unwrap();
    for (mode, protected, code) in
        [("read-only", false, ErrorCode::ReadOnly), ("operator", true, ErrorCode::ConfirmationNeeded)]
    {
        let access = json!({ "context": "demo", "access": { "mode": mode, "protected": protected } });
        call(&host, "context_access_set", access).await.unwrap();
        assert_eq!(apply(&host, &plan).await.unwrap_err().code, code);
    }
    assert_eq!(row(&host, "hospital-group").await.state, RotationState::NotStarted);
}

#[tokio::test]
async fn a_limit_in_the_middle_of_a_batch_leaves_each_key_done_or_as_it_was() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let request = json!({ "context": "demo", "stage": "start", "query": { "olderThanDays": 80 } });
    let batch = call(&host, "rotation_plan", request.clone()).await.unwrap();
    let planned = batch["plans"].as_array().unwrap().len();
    assert!(planned >= 5, "{planned} keys are 80 days old");
    let limit = fault("CreateApiKey", 429, "LimitExceededException", "API Key limit exceeded");
    bench.account.faults().fail(Fault { skip: 2, ..limit });
    let apply = json!({ "batchId": batch["id"], "reason": "the quarter", "acknowledged": true });
    let applied = call(&host, "rotation_apply", apply.clone()).await.unwrap();
    let outcomes: Vec<&str> =
        applied["keys"].as_array().unwrap().iter().map(|key| key["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes[..3], ["done", "done", "failed"]);
    assert!(outcomes.len() == planned && outcomes[3..].iter().all(|outcome| *outcome == "not-begun"), "{outcomes:?}");
    assert!(applied["keys"][2]["error"]["message"].as_str().unwrap().contains("API Key limit exceeded"));
    assert!(applied["stopped"].as_str().unwrap().contains("the others would meet the same"));
    assert_eq!(call(&host, "rotation_apply", apply).await.unwrap_err().code, ErrorCode::NotFound, "once");

    // The worklist tells the same story, and going on begins where it ended.
    bench.account.faults().clear();
    for (index, key) in applied["keys"].as_array().unwrap().iter().enumerate() {
        let row = row(&host, key["keyId"].as_str().unwrap()).await;
        assert!(row.enabled, "every old key works: {row:?}");
        let expected = if index < 2 { RotationState::Overlap } else { RotationState::NotStarted };
        assert_eq!(row.state, expected, "{row:?}");
    }
    let rest = call(&host, "rotation_plan", request).await.unwrap();
    assert_eq!(rest["plans"].as_array().unwrap().len(), planned - 2);
    assert!(
        rest["leftOut"].as_array().unwrap().iter().any(|key| key["why"].as_str().unwrap().contains("until 2026-03-09"))
    );
}

#[tokio::test]
async fn a_batch_that_is_stopped_half_way_leaves_each_key_done_or_as_it_was() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let request = json!({ "context": "demo", "stage": "start", "query": { "olderThanDays": 80 } });
    let batch = call(&host, "rotation_plan", request).await.unwrap();
    let apply = json!({ "batchId": batch["id"], "reason": "the quarter", "acknowledged": true });
    let applying = tokio::spawn({
        let host = host.clone();
        async move { call(&host, "rotation_apply", apply).await.unwrap() }
    });
    // As soon as one key is done.
    common::until(&host, async |host: &Host| {
        let status = call(host, "change_status", json!({})).await.unwrap();
        let batch = status["running"].as_array().unwrap().iter().find(|change| change["entry"] == batch["id"]);
        batch.is_some_and(|change| change["done"].as_u64().unwrap() >= 1)
    })
    .await;
    call(&host, "change_cancel", json!({ "entry": batch["id"] })).await.unwrap();
    let applied = applying.await.unwrap();
    assert_eq!(applied["stopped"], "It was stopped between two keys.");
    let outcomes: Vec<&str> =
        applied["keys"].as_array().unwrap().iter().map(|key| key["outcome"].as_str().unwrap()).collect();
    let done = outcomes.iter().filter(|outcome| **outcome == "done").count();
    assert!((1..outcomes.len()).contains(&done), "{outcomes:?}");
    assert!(outcomes[done..].iter().all(|outcome| *outcome == "not-begun"), "{outcomes:?}");
    for (index, key) in applied["keys"].as_array().unwrap().iter().enumerate() {
        let row = row(&host, key["keyId"].as_str().unwrap()).await;
        let expected = if index < done { RotationState::Overlap } else { RotationState::NotStarted };
        assert_eq!((row.state, row.enabled), (expected, true), "{row:?}");
    }
}

#[tokio::test]
async fn a_batch_is_chosen_by_tag_plan_and_id_and_passes_over_a_key_that_changed() {
    let bench = Bench::new();
    let host = at(&bench, NOW).await;
    let plan_of = async |query: Value| {
        let request = json!({ "context": "demo", "stage": "start", "query": query, "overlapDays": 14 });
        call(&host, "rotation_plan", request).await.unwrap()
    };
    let small = plan_of(json!({ "usagePlan": "practices-small" })).await;
    let keys = small["plans"].as_array().unwrap();
    assert!(keys.len() >= 2 && small["seconds"].as_u64().unwrap() >= 1, "{small:#}");
    assert!(keys[0]["plan"].to_string().contains("\"portcullis:overlap-until\":\"2026-03-16\""));
    let nothing = plan_of(json!({ "keyIds": ["nosuchkey1"] })).await;
    assert_eq!(nothing["plans"], json!([]));
    assert!(nothing["leftOut"][0]["why"].as_str().unwrap().contains("no key nosuchkey1"));
    assert_eq!(plan_of(json!({ "tag": "no-such-tag" })).await["plans"], json!([]));

    disable(&bench, keys[0]["keyId"].as_str().unwrap()).await;
    let apply = json!({ "batchId": small["id"], "acknowledged": true });
    let applied = call(&host, "rotation_apply", apply).await.unwrap();
    assert_eq!(applied["keys"][0]["outcome"], "failed");
    assert_eq!(applied["keys"][0]["error"]["code"], "conflict");
    assert_eq!(applied["keys"][1]["outcome"], "done", "the others go on");
    assert_eq!(applied["stopped"], Value::Null);

    let access = json!({ "context": "demo", "access": { "mode": "read-only", "protected": false } });
    let large = plan_of(json!({ "usagePlan": "practices-large" })).await;
    call(&host, "context_access_set", access).await.unwrap();
    let apply = json!({ "batchId": large["id"], "acknowledged": true });
    assert_eq!(call(&host, "rotation_apply", apply).await.unwrap_err().code, ErrorCode::ReadOnly);
}
