//! What is wrong with an alarm: it can never go off, or nobody is told when it does.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Alarm, AlarmKind, AlarmState, NAMESPACE, WatchedMetric, place,
    words::{is_share, shown},
};
use crate::{api::ApiKind, inventory::ApiInventory};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmTroubleKind {
    /// The API, stage or route is gone: no data will come.
    Gone,
    /// It can never go off for another reason.
    NeverFires,
    /// Nobody is told: no action, or actions are switched off.
    TellsNobody,
    /// It has had no data for more than a day.
    NoData,
    /// Several APIs share the metrics.
    Shared,
    /// What it is on could not be checked.
    Unchecked,
}

/// One thing that is wrong with an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmTrouble {
    /// What kind.
    pub kind: AlarmTroubleKind,
    /// A sentence.
    pub message: String,
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is wrong with the alarm itself. `whole` says whether `apis` are all there are; `told` whether a composite alarm
/// that goes off with it tells somebody.
pub(super) fn troubles(
    alarm: &Alarm,
    apis: &[Arc<ApiInventory>],
    whole: bool,
    told: bool,
    now: Timestamp,
) -> Vec<AlarmTrouble> {
    let mut found = Vec::new();
    for metric in alarm.metrics.iter().filter(|metric| metric.namespace == NAMESPACE) {
        found.extend(of_metric(metric, apis, whole));
    }
    found.extend(out_of_reach(alarm).map(|message| AlarmTrouble { kind: AlarmTroubleKind::NeverFires, message }));
    if let Some(message) = silence(alarm, told) {
        found.push(AlarmTrouble { kind: AlarmTroubleKind::TellsNobody, message });
    }
    let since = alarm.since.as_deref().and_then(|since| since.parse::<Timestamp>().ok());
    if alarm.state == AlarmState::InsufficientData
        && let Some(since) = since.filter(|since| now.duration_since(*since) > DAY)
    {
        let hours = now.duration_since(since).as_hours();
        let message = format!("It has had too little data for {} days: it cannot tell.", hours / 24);
        found.push(AlarmTrouble { kind: AlarmTroubleKind::NoData, message });
    }
    found.sort_by_key(|trouble| trouble.kind);
    found.dedup();
    found
}

/// Why going off tells nobody, if it does.
fn silence(alarm: &Alarm, told: bool) -> Option<String> {
    if alarm.speaks() {
        return None;
    }
    let own = if alarm.alarm_actions.is_empty() { "It has no action on ALARM" } else { "Its actions are switched off" };
    (!told).then(|| format!("{own}: nobody is told when it goes off."))
}

fn of_metric(metric: &WatchedMetric, apis: &[Arc<ApiInventory>], whole: bool) -> Vec<AlarmTrouble> {
    let one = |kind, message: String| vec![AlarmTrouble { kind, message }];
    let Some(said) = place::said(metric) else {
        let names: Vec<&str> = metric.dimensions.keys().map(String::as_str).collect();
        let names = if names.is_empty() { "no dimensions".to_owned() } else { names.join(", ") };
        let message =
            format!("API Gateway publishes no {} with {names}: it gets no data and never goes off.", metric.metric);
        return one(AlarmTroubleKind::NeverFires, message);
    };
    let of = place::apis_of(&said, apis);
    if of.is_empty() {
        return if whole {
            let message = format!("There is no API {} in this account and region: it never goes off.", said.api);
            one(AlarmTroubleKind::Gone, message)
        } else {
            let message = format!("Whether API {} exists is not known: not all APIs were read.", said.api);
            one(AlarmTroubleKind::Unchecked, message)
        };
    }
    let mut found = Vec::new();
    if of.len() > 1 {
        let message = format!("{} APIs share the name {} and so this metric.", of.len(), said.api);
        found.extend(one(AlarmTroubleKind::Shared, message));
    }
    if !metrics_of(of[0].api.kind).contains(&metric.metric.as_str()) {
        let message = format!(
            "{} APIs have no metric {} (they have {}): it never goes off.",
            words(of[0].api.kind),
            metric.metric,
            metrics_of(of[0].api.kind).join(", ")
        );
        found.extend(one(AlarmTroubleKind::NeverFires, message));
    }
    let Some(name) = said.stage else { return found };
    let stages: Vec<_> = of.iter().filter_map(|api| Some((*api, place::stage_of(api, name)?))).collect();
    if stages.is_empty() {
        let message = format!("API {} has no stage {name}: it never goes off.", of[0].api.name);
        found.extend(one(AlarmTroubleKind::Gone, message));
        return found;
    }
    let Some(route) = said.route else { return found };
    if stages.iter().all(|(api, stage)| place::serves(api, stage, &route) == Some(false)) {
        let message = format!("Stage {name} of API {} serves no {route}: it never goes off.", of[0].api.name);
        found.extend(one(AlarmTroubleKind::Gone, message));
    } else if stages.iter().all(|(_, stage)| !place::is_detailed(stage, &route)) {
        let message =
            format!("Detailed metrics are off for {route} on stage {name}: it gets no data and never goes off.");
        found.extend(one(AlarmTroubleKind::NeverFires, message));
    }
    found
}

fn words(kind: ApiKind) -> &'static str {
    match kind {
        ApiKind::Rest => "REST",
        ApiKind::Http => "HTTP",
        ApiKind::WebSocket => "WebSocket",
    }
}

fn metrics_of(kind: ApiKind) -> &'static [&'static str] {
    match kind {
        ApiKind::Rest => {
            &["Count", "4XXError", "5XXError", "Latency", "IntegrationLatency", "CacheHitCount", "CacheMissCount"]
        }
        ApiKind::Http => &["Count", "4xx", "5xx", "Latency", "IntegrationLatency", "DataProcessed"],
        ApiKind::WebSocket => {
            &["ConnectCount", "MessageCount", "ClientError", "ExecutionError", "IntegrationError", "IntegrationLatency"]
        }
    }
}

/// A number that the metric never passes: a share is between 0 and 1, nothing here is below 0.
fn out_of_reach(alarm: &Alarm) -> Option<String> {
    let (metric, condition) = (alarm.metrics.first()?, alarm.condition.as_ref()?);
    let (number, plain) = (condition.threshold?, alarm.kind == AlarmKind::Metric && metric.namespace == NAMESPACE);
    let out = match condition.comparison.as_str() {
        "GreaterThanThreshold" => is_share(metric) && number >= 1.0,
        "GreaterThanOrEqualToThreshold" => is_share(metric) && number > 1.0,
        "LessThanThreshold" => number <= 0.0,
        "LessThanOrEqualToThreshold" => number < 0.0,
        _ => false,
    };
    (plain && out).then(|| match condition.comparison.starts_with("Greater") {
        true => format!(
            "The average of {} is a share between 0 and 1 and never gets past {}: it never goes off.",
            metric.metric,
            shown(number)
        ),
        false => format!("{} is never below 0: it never goes off.", metric.metric),
    })
}
