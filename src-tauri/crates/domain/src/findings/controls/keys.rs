//! API keys: how old, in which plan, in use or forgotten, near the end of their quota.

use std::collections::{BTreeMap, BTreeSet};

use super::{OURS, certificates::moment, counted, plans::keyed_routes};
use crate::findings::{
    assess::{About, Facts, Outcome},
    control::{Control, Rule, Scope, Severity, always},
    documents::Part,
    scene::AccountScene,
};
use crate::route::Route;

/// Keys that should be rotated or removed.
pub(in crate::findings) static HYGIENE: Control = Control {
    id: "G10",
    title: "API keys are rotated, used, and in a plan",
    scope: Scope::ApiKey,
    severity: always!(Medium),
    why: "A key never expires by itself. Old ones are in old laptops, unused ones are missed by nobody when they are \
          stolen, disabled ones in a plan come back with one click.",
    logic: "Per API key: fail when it was created more than 365 days ago (key-age-days), is in no usage plan, is \
            disabled but still in a plan, or was not used in the period that was read. Unknown where the plans' keys \
            could not be read.",
    remedy: "Rotate: create a new key, attach it, let both run, watch the old one go quiet, disable and delete it.",
    commands: &[
        "aws apigateway update-api-key --api-key {id} --patch-operations op=replace,path=/enabled,value=false --region {region}",
    ],
    operation: Some("key_rotate"),
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        if !scene.documents.has("GetApiKeys") {
            let about = About { id: "API keys", label: "API keys", routes: &[], api: None, stage: None };
            return bench.other(scene.place, Scope::ApiKey, about, Outcome::Unknown(scene.unread("GetApiKeys")));
        }
        let plans = plans_of_keys(scene);
        for key in scene.documents.items("GetApiKeys") {
            let Some(id) = key.get("id").text() else { continue };
            let label = format!("API key {}", key.get("name").text().unwrap_or(id));
            let of_key = plans.as_ref().and_then(|plans| plans.get(id));
            let routes = of_key.map(|plans| routes_of(scene, plans)).unwrap_or_default();
            let about = About { id, label: &label, routes: &routes, api: None, stage: None };
            let outcome = match &plans {
                None => Outcome::Unknown(scene.unread("GetUsagePlanKeys")),
                Some(plans) => judge(scene, &key, plans.get(id)),
            };
            bench.other(scene.place, Scope::ApiKey, about, outcome);
        }
    }),
};

fn judge(scene: &AccountScene<'_>, key: &Part<'_>, plans: Option<&BTreeSet<&str>>) -> Outcome {
    let (created, enabled) = (key.get("createdDate"), key.get("enabled"));
    let age = moment(&created).map(|at| (scene.now.as_second() - at.as_second()) / 86_400);
    let most = scene.policy.key_age_days;
    let mut wrong = Vec::new();
    if let Some(days) = age.filter(|days| *days > most) {
        wrong.push(format!("{days} days old"));
    }
    match plans {
        None => wrong.push("in no usage plan".to_owned()),
        Some(_) if !enabled.is_true() => wrong.push("disabled, but still in a plan".to_owned()),
        Some(plans) => {
            let id = key.get("id").text().unwrap_or_default();
            let used: Vec<f64> =
                plans.iter().filter_map(|plan| usage(scene, plan, id)).map(|usage| usage.used).collect();
            if !used.is_empty() && used.iter().sum::<f64>() == 0.0 {
                wrong.push("not used in the period that was read".to_owned());
            }
        }
    }
    let actual = match (wrong.is_empty(), age) {
        (true, Some(days)) => format!("{days} days old, in {}", counted(plans.map_or(0, BTreeSet::len), "plan")),
        (true, None) => return Outcome::Unknown("when it was created is not told".to_owned()),
        (false, _) => wrong.join("; "),
    };
    let expected = format!("at most {most} days old, enabled, in a plan, in use");
    Outcome::holds(wrong.is_empty(), Facts::new(expected, actual).cite(&created).cite(&enabled))
}

/// Tenants who are about to get 429.
pub(in crate::findings) static QUOTA: Control = Control {
    id: "G29",
    title: "Tenants are not at the end of their quota",
    scope: Scope::ApiKey,
    severity: always!(Medium),
    why: "At the end of the quota the gateway answers 429 until the period is over; support hears of it from the tenant.",
    logic: "Per API key of a plan with a quota, by GetUsage of the current period: fail from 80 percent on \
            (quota-percent); high when nothing remains. Unknown where usage could not be read.",
    remedy: "Extend the quota for this period, or move the tenant to a larger plan.",
    commands: &[
        "aws apigateway update-usage --usage-plan-id PLAN --key-id {id} --patch-operations op=replace,path=/remaining,value=1000 --region {region}",
    ],
    operation: Some("quota_extend"),
    mappings: OURS,
    rule: Rule::Account(|scene, bench| {
        for plan in scene.documents.items("GetUsagePlans") {
            let Some(id) = plan.get("id").text() else { continue };
            let (Some(limit), name) = (plan.get("quota").get("limit").number(), plan.get("name").text().unwrap_or(id))
            else {
                continue;
            };
            let routes = keyed_routes(scene, &plan);
            let label = format!("keys of usage plan {name}");
            let about = About { id, label: &label, routes: &routes, api: None, stage: None };
            if scene.documents.answer("GetUsage", Some(id)).is_none() {
                bench.other(scene.place, Scope::ApiKey, about, Outcome::Unknown(scene.unread("GetUsage")));
                continue;
            }
            let pages: Vec<Part<'_>> = scene.documents.pages("GetUsage", id).collect();
            for (key, days) in pages.iter().flat_map(|page| values(page).members().collect::<Vec<_>>()) {
                let Some(usage) = usage_of(&days) else { continue };
                let spent = (limit - usage.remaining).max(0.0);
                let percent = if limit > 0.0 { spent / limit * 100.0 } else { 100.0 };
                let label = format!("API key {key} in usage plan {name}");
                let full = format!("{key} in {id}");
                let about = About { id: &full, label: &label, routes: &routes, api: None, stage: None };
                let most = scene.policy.quota_percent;
                let facts = Facts::new(
                    format!("below {most} percent"),
                    format!("{percent:.0} percent of {limit}, {} left", usage.remaining),
                )
                .cite(&days);
                let facts = if usage.remaining <= 0.0 { facts.severity(Severity::High) } else { facts };
                bench.other(scene.place, Scope::ApiKey, about, Outcome::holds(percent < most, facts));
            }
        }
    }),
};

struct Usage {
    used: f64,
    remaining: f64,
}

/// `values` on the wire, `items` in some emulators.
fn values<'a>(answer: &Part<'a>) -> Part<'a> {
    let values = answer.get("values");
    if values.value().is_some() { values } else { answer.get("items") }
}

/// Used in all of the days, and what remains after the last of them.
fn usage_of(days: &Part<'_>) -> Option<Usage> {
    let pairs: Vec<(f64, f64)> = days
        .list()
        .filter_map(|day| {
            let mut numbers = day.list().filter_map(|number| number.number());
            Some((numbers.next()?, numbers.next()?))
        })
        .collect();
    let (_, remaining) = *pairs.last()?;
    Some(Usage { used: pairs.iter().map(|(used, _)| used).sum(), remaining })
}

fn usage(scene: &AccountScene<'_>, plan: &str, key: &str) -> Option<Usage> {
    scene.documents.answer("GetUsage", Some(plan))?;
    // A key that nobody used is not in the answer at all.
    let unused = Some(Usage { used: 0.0, remaining: f64::MAX });
    let days =
        scene.documents.pages("GetUsage", plan).map(|page| values(&page).get(key)).find(|days| days.value().is_some());
    days.map_or(unused, |days| usage_of(&days))
}

/// Key id -> plans; `None` when a plan's keys were not read.
fn plans_of_keys<'a>(scene: &AccountScene<'a>) -> Option<BTreeMap<&'a str, BTreeSet<&'a str>>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    if !scene.documents.has("GetUsagePlans") {
        return None;
    }
    for plan in scene.documents.items("GetUsagePlans") {
        let Some(id) = plan.get("id").text() else { continue };
        // A plan whose keys were not read leaves every key's plans open.
        scene.documents.answer("GetUsagePlanKeys", Some(id))?;
        for keys in scene.documents.pages("GetUsagePlanKeys", id) {
            let list = if keys.get("item").value().is_some() { keys.get("item") } else { keys.get("items") };
            for key in list.list().filter_map(|key| key.get("id").text()) {
                found.entry(key).or_default().insert(id);
            }
        }
    }
    Some(found)
}

fn routes_of<'a>(scene: &AccountScene<'a>, plans: &BTreeSet<&str>) -> Vec<&'a Route> {
    scene
        .documents
        .items("GetUsagePlans")
        .filter(|plan| plan.get("id").text().is_some_and(|id| plans.contains(id)))
        .flat_map(|plan| keyed_routes(scene, &plan))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    fn account(created: &str, enabled: bool, keys: Value, usage: Value) -> Kit {
        Kit::rest()
            .account_answer("apigateway:GetUsagePlans", "", json!({ "item": [{ "id": "p1", "name": "small", "quota": { "limit": 100, "period": "DAY" }, "apiStages": [] }] }))
            .account_answer("apigateway:GetUsagePlanKeys", "p1", json!({ "item": keys }))
            .account_answer("apigateway:GetApiKeys", "", json!({ "item": [{ "id": "k1", "name": "Practice A", "enabled": enabled, "createdDate": created }] }))
            .account_answer("apigateway:GetUsage", "p1", json!({ "values": usage }))
    }

    fn mine() -> Value {
        json!([{ "id": "k1" }])
    }

    #[test]
    fn keys_are_looked_after() {
        let used = json!({ "k1": [[10, 90]] });
        table(
            "G10",
            vec![
                ("young, used, in a plan", account("2026-01-01T00:00:00Z", true, mine(), used.clone()), Pass),
                ("old", account("2024-01-01T00:00:00Z", true, mine(), used.clone()), Fail),
                ("in no plan", account("2026-01-01T00:00:00Z", true, json!([]), used.clone()), Fail),
                ("disabled but attached", account("2026-01-01T00:00:00Z", false, mine(), used.clone()), Fail),
                ("never used", account("2026-01-01T00:00:00Z", true, mine(), json!({})), Fail),
                (
                    "the plans' keys were denied",
                    account("2026-01-01T00:00:00Z", true, mine(), used.clone()).denied("GetUsagePlanKeys"),
                    Unknown,
                ),
                ("denied", Kit::rest().denied("GetApiKeys"), Unknown),
            ],
        );
    }

    #[test]
    fn quotas_run_out() {
        let spent = |remaining: u32| {
            account("2026-01-01T00:00:00Z", true, mine(), json!({ "k1": [[100 - remaining, remaining]] }))
        };
        table(
            "G29",
            vec![
                ("half", spent(50), Pass),
                ("nearly", spent(20), Fail),
                ("over", spent(0), Fail),
                ("denied", spent(50).denied("GetUsage"), Unknown),
                ("no plans", Kit::rest(), NotApplicable),
            ],
        );
        assert_eq!(spent(0).ask("G29")[0].severity, Severity::High);
    }
}
