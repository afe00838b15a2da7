//! Alarms as lines: what each watches, where, what is wrong with it, in the order of what burns.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Alarm, AlarmKind, AlarmPlace, AlarmRule, AlarmState, AlarmSubject, AlarmTrouble, AlarmTroubleKind, NAMESPACE,
    RuleChild, children, place, subject_of, trouble, words,
};
use crate::{api::Api, inventory::ApiInventory};

/// Rules over rules: AWS refuses cycles, and what it would still accept ends here.
const DEEP: usize = 8;

/// An alarm and what follows from the account that it is in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmLine {
    /// The alarm.
    pub alarm: Alarm,
    /// What it watches, a sentence.
    pub watches: String,
    /// Where; those of its alarms for a composite one. Empty when its dimensions name no place.
    pub places: Vec<AlarmPlace>,
    /// What is wrong with it, worst first.
    pub troubles: Vec<AlarmTrouble>,
    /// Whether somebody is told when it goes off, by itself or by a composite alarm.
    pub tells: bool,
    /// Composite alarms that go off with it.
    pub parents: Vec<String>,
    /// Alarms that its rule asks for.
    pub children: Vec<String>,
}

impl AlarmLine {
    /// Whether it is about this stage, as a whole or one of its routes, or about the API as a whole.
    #[must_use]
    pub fn concerns(&self, api_id: &str, stage: &str) -> bool {
        self.places.iter().any(|place| {
            place.api_id.as_deref() == Some(api_id)
                && place.stage.as_deref().is_none_or(|name| is_of_stage(name, stage))
        })
    }
}

/// `prod` and its canary, `prod/Canary`.
fn is_of_stage(name: &str, stage: &str) -> bool {
    name.strip_suffix("/Canary").unwrap_or(name) == stage
}

/// The lines of one context, of the alarms that are about API Gateway: by a metric, or by an alarm of their rule. `all`
/// are the account's alarms; `whole` says whether `apis` are all there are.
#[must_use]
pub fn lines(all: &[Alarm], apis: &[Arc<ApiInventory>], whole: bool, now: Timestamp) -> Vec<AlarmLine> {
    let family = Family::of(all);
    let ours = all.iter().filter(|alarm| family.leaves(alarm, 0).iter().any(|leaf| leaf.is_ours()));
    let mut lines: Vec<AlarmLine> = ours.map(|alarm| line(alarm, &family, apis, whole, now)).collect();
    lines.sort_by_cached_key(order);
    lines
}

/// Alarms by name, and what the rules of composite ones ask for, each read once.
struct Family<'a> {
    by_name: HashMap<&'a str, &'a Alarm>,
    rules: HashMap<&'a str, Rule>,
}

/// What a rule asks for; its tree only where it can be read to its end.
struct Rule {
    children: Vec<RuleChild>,
    tree: Option<AlarmRule>,
}

impl<'a> Family<'a> {
    fn of(all: &'a [Alarm]) -> Self {
        let rule = |alarm: &'a Alarm| {
            let rule = alarm.rule.as_deref()?;
            Some((alarm.name.as_str(), Rule { children: children(rule), tree: AlarmRule::read(rule) }))
        };
        Self {
            by_name: all.iter().map(|alarm| (alarm.name.as_str(), alarm)).collect(),
            rules: all.iter().filter_map(rule).collect(),
        }
    }

    fn children(&self, alarm: &Alarm) -> &[RuleChild] {
        self.rules.get(alarm.name.as_str()).map(|rule| rule.children.as_slice()).unwrap_or_default()
    }

    /// The alarms with metrics that an alarm stands on: itself, or those of its rule, all the way down.
    fn leaves(&self, alarm: &'a Alarm, depth: usize) -> Vec<&'a Alarm> {
        if alarm.rule.is_none() {
            return vec![alarm];
        }
        if depth >= DEEP {
            return Vec::new();
        }
        let known = self.children(alarm).iter().filter_map(|child| self.by_name.get(child.name.as_str()));
        known.flat_map(|child| self.leaves(child, depth + 1)).collect()
    }

    /// Composite alarms that go off with this one, all the way up.
    fn parents(&self, alarm: &Alarm, depth: usize) -> Vec<&'a Alarm> {
        if depth >= DEEP {
            return Vec::new();
        }
        let goes_off = |rule: &Rule| {
            rule.children.iter().any(|child| child.name == alarm.name)
                && rule.tree.as_ref().is_some_and(|tree| tree.goes_off_with(&alarm.name))
        };
        let mut direct: Vec<&str> =
            self.rules.iter().filter(|(_, rule)| goes_off(rule)).map(|(name, _)| *name).collect();
        direct.sort_unstable();
        let mut found: Vec<&Alarm> = Vec::new();
        for parent in direct.into_iter().filter_map(|name| self.by_name.get(name)) {
            for one in std::iter::once(*parent).chain(self.parents(parent, depth + 1)) {
                if !found.iter().any(|known| known.name == one.name) {
                    found.push(one);
                }
            }
        }
        found
    }
}

/// ALARM first, then what cannot tell; server errors before latency before client errors; the latest first.
fn order(line: &AlarmLine) -> (AlarmState, u8, Reverse<String>, String) {
    let weight = match subject_of(&line.alarm.metrics) {
        _ if line.alarm.kind == AlarmKind::Composite => 0,
        Some(AlarmSubject::ServerErrors) => 1,
        Some(AlarmSubject::Latency) => 2,
        Some(AlarmSubject::ClientErrors) => 3,
        None => 4,
    };
    let since = line.alarm.since.clone().unwrap_or_default();
    (line.alarm.state, weight, Reverse(since), line.alarm.name.clone())
}

fn places_of(alarms: &[&Alarm], apis: &[Arc<ApiInventory>]) -> Vec<AlarmPlace> {
    let metrics = alarms.iter().flat_map(|alarm| &alarm.metrics).filter(|metric| metric.namespace == NAMESPACE);
    let mut places: Vec<AlarmPlace> = metrics.flat_map(|metric| place::places(metric, apis)).collect();
    places.sort();
    places.dedup();
    places
}

fn line(alarm: &Alarm, family: &Family<'_>, apis: &[Arc<ApiInventory>], whole: bool, now: Timestamp) -> AlarmLine {
    let known = family.by_name.get(alarm.name.as_str()).copied().unwrap_or(alarm);
    let places = places_of(&family.leaves(known, 0), apis);
    let parents = family.parents(alarm, 0);
    let told = parents.iter().any(|parent| parent.speaks());
    let mut asked: Vec<String> = Vec::new();
    let mut troubles = trouble::troubles(alarm, apis, whole, told, now);
    for child in family.children(alarm) {
        if !family.by_name.contains_key(child.name.as_str()) {
            let message = format!("Its rule asks for alarm {}, which does not exist.", child.name);
            troubles.push(AlarmTrouble { kind: AlarmTroubleKind::Gone, message });
        }
        if !asked.contains(&child.name) {
            asked.push(child.name.clone());
        }
    }
    troubles.sort_by_key(|trouble| trouble.kind);
    troubles.dedup();
    AlarmLine {
        watches: words::watches(alarm, &places),
        places,
        troubles,
        tells: alarm.speaks() || told,
        parents: parents.iter().map(|parent| parent.name.clone()).collect(),
        children: asked,
        alarm: alarm.clone(),
    }
}

/// Names of the alarms of a stage that are in ALARM: plain, metric math, anomaly and composite ones.
#[must_use]
pub fn burning_of_stage(all: &[Alarm], api: &Api, stage: &str) -> Vec<String> {
    let inventory = ApiInventory {
        api: api.clone(),
        stages: Vec::new(),
        definitions: Vec::new(),
        definitions_complete: false,
        deployments: std::collections::BTreeMap::default(),
        authorizers: Vec::new(),
        validators: Vec::new(),
    };
    let (apis, family) = ([Arc::new(inventory)], Family::of(all));
    // An alarm on the API as a whole may burn for another stage.
    let here = |place: &AlarmPlace| {
        place.api_id.is_some() && place.stage.as_deref().is_some_and(|name| is_of_stage(name, stage))
    };
    let burning = all.iter().filter(|alarm| alarm.state == AlarmState::Alarm);
    let mut names: Vec<String> = burning
        .filter(|alarm| places_of(&family.leaves(alarm, 0), &apis).iter().any(here))
        .map(|alarm| alarm.name.clone())
        .collect();
    names.sort();
    names
}
