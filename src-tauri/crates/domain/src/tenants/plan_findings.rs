//! What is wrong with usage plans: a plan that limits nothing, opens too much, or serves nobody.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Key, Ledger, UsagePlan};
use crate::{audience::Audience, route::Route};

/// What kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum PlanFindingKind {
    /// The plan opens stages of more than one audience: a key for one opens all.
    SpansAudiences,
    /// Methods of its stages ask for no key: the plan has no effect on them.
    MethodsWithoutKey,
    /// A stage or API that is gone.
    StageGone,
    /// No quota.
    NoQuota,
    /// No rate and no burst.
    NoThrottle,
    /// Opens nothing.
    NoStages,
    /// Has no keys.
    NoKeys,
}

/// One finding, with the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanFinding {
    /// What kind.
    pub kind: PlanFindingKind,
    /// What is wrong and what it means.
    pub message: String,
}

/// Methods of the plan's stages, and how many of them ask for a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanMethods {
    /// Served methods of all its stages.
    pub methods: u32,
    /// Those that require a key: only there the plan counts.
    pub with_key: u32,
}

/// Judges a plan. `routes` are the routes of its account and region; `known_stage` says whether an API has a stage, or
/// `None` where the inventory could not tell.
#[must_use]
pub fn findings_of_plan(
    plan: &UsagePlan,
    routes: &[&Route],
    known_stage: &dyn Fn(&str, &str) -> Option<bool>,
) -> (PlanMethods, Vec<PlanFinding>) {
    let opened: Vec<&&Route> = routes
        .iter()
        .filter(|route| plan.stages.iter().any(|stage| *stage.api_id == *route.api_id && *stage.stage == *route.stage))
        // A preflight never carries a key.
        .filter(|route| &*route.method != "OPTIONS")
        .collect();
    let with_key: Vec<&&&Route> = opened.iter().filter(|route| route.guard.api_key_required).collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let methods = PlanMethods { methods: count(opened.len()), with_key: count(with_key.len()) };
    let mut found = Vec::new();
    let mut say = |kind, message| found.push(PlanFinding { kind, message });
    let audiences: BTreeSet<Audience> = with_key.iter().map(|route| route.audience.audience).collect();
    if audiences.len() > 1 {
        let names: Vec<&str> = audiences.iter().map(|audience| audience.name()).collect();
        let message =
            format!("A key of this plan opens routes for {}: one key is worth all of them.", names.join(" and "));
        say(PlanFindingKind::SpansAudiences, message);
    }
    let without = methods.methods - methods.with_key;
    if without > 0 {
        let of = methods.methods;
        let message = format!("The plan has no effect on {without} of {of} methods: they do not require a key.");
        say(PlanFindingKind::MethodsWithoutKey, message);
    }
    for stage in plan.stages.iter().filter(|stage| known_stage(&stage.api_id, &stage.stage) == Some(false)) {
        let message = format!("Stage {} of API {} is gone.", stage.stage, stage.api_id);
        say(PlanFindingKind::StageGone, message);
    }
    if plan.quota.is_none() {
        say(PlanFindingKind::NoQuota, "No quota: a key may make any number of requests.".to_owned());
    }
    if plan.throttle.rate.is_none() && plan.throttle.burst.is_none() {
        let message = "No throttle: only the stage's and the account's limits hold a key back.".to_owned();
        say(PlanFindingKind::NoThrottle, message);
    }
    if plan.stages.is_empty() {
        say(PlanFindingKind::NoStages, "It has no stage: its keys open nothing.".to_owned());
    }
    if plan.keys.as_ref().is_some_and(Vec::is_empty) {
        say(PlanFindingKind::NoKeys, "No key is in it.".to_owned());
    }
    (methods, found)
}

/// Keys that are in no plan; `None` when that cannot be said because something could not be read.
#[must_use]
pub fn keys_in_no_plan(ledger: &Ledger) -> Option<Vec<&Key>> {
    let plans = ledger.plans.as_ref()?;
    let placed: BTreeSet<&String> =
        plans.iter().map(|plan| plan.keys.as_ref()).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
    Some(ledger.keys.as_ref()?.iter().filter(|key| !placed.contains(&key.id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        tenants::{PlanStage, Quota, QuotaPeriod},
        throttle::Limit,
    };

    fn plan() -> UsagePlan {
        UsagePlan {
            id: "p1".to_owned(),
            name: "small".to_owned(),
            description: String::new(),
            throttle: Limit { rate: Some(5.0), burst: None },
            quota: Some(Quota::of(10, QuotaPeriod::Day)),
            stages: vec![PlanStage { api_id: "a1".to_owned(), stage: "prod".to_owned(), methods: Default::default() }],
            keys: Some(vec!["k1".to_owned()]),
        }
    }

    fn kinds(plan: &UsagePlan, known: Option<bool>) -> Vec<PlanFindingKind> {
        findings_of_plan(plan, &[], &|_, _| known).1.into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn each_defect_is_named_once_and_what_is_unknown_is_none() {
        use PlanFindingKind::{NoKeys, NoQuota, NoStages, NoThrottle, StageGone};
        assert_eq!(kinds(&plan(), Some(true)), []);
        assert_eq!(kinds(&plan(), None), [], "an inventory that is not complete accuses nobody");
        assert_eq!(kinds(&plan(), Some(false)), [StageGone]);
        assert_eq!(
            kinds(&UsagePlan { quota: None, throttle: Limit::default(), ..plan() }, None),
            [NoQuota, NoThrottle]
        );
        assert_eq!(
            kinds(&UsagePlan { stages: Vec::new(), keys: Some(Vec::new()), ..plan() }, None),
            [NoStages, NoKeys]
        );
        assert_eq!(kinds(&UsagePlan { keys: None, ..plan() }, None), [], "keys that could not be read are not none");
    }

    #[test]
    fn keys_in_no_plan_need_every_plans_keys() {
        let key = |id: &str| Key { id: id.to_owned(), ..Key::default() };
        let ledger = |plan: UsagePlan| Ledger {
            keys: Some(vec![key("k1"), key("k2")]),
            plans: Some(vec![plan]),
            ..Ledger::default()
        };
        let of = ledger(plan());
        assert_eq!(keys_in_no_plan(&of).map(|keys| keys.iter().map(|key| key.id.as_str()).collect()), Some(vec!["k2"]));
        assert_eq!(keys_in_no_plan(&ledger(UsagePlan { keys: None, ..plan() })), None);
    }
}
