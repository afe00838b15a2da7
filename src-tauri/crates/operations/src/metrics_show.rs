//! `metrics_show`: requests, error rates and latency of a stage or route over time, with what happened meanwhile: what
//! changed before it broke is one look.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{Lane, MetricPoint, MetricSeries, Reader};
use portcullis_domain::{
    alarms::{AlarmKind, AlarmLine, AlarmState, is_detailed, metric_api_name},
    api::{ApiKind, Stage},
    change::{PlanTarget, route_key},
    coverage::{CallCounts, Coverage, Gap},
    events::{ChangeEvent, EventOutcome, Interval},
    inventory::ApiInventory,
    journal::{Outcome, entries},
    metrics::{LONGEST_HOURS, MarkKind, MetricChartOf, MetricLineOf, MetricMark, MetricUnit, charts, period_of},
    route::Route,
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    canary_difference::api_of,
    error::{ErrorCode, WireError},
    event_list::{covered, known_events},
    host::Host,
    throttle_copy::StageName,
};

/// Pages of 100 of the alarms' history that are read at most.
const HISTORY_PAGES: usize = 10;
/// What of CloudTrail's sources is not about stages.
const WAF_AND_ALARMS: [&str; 2] = ["wafv2.amazonaws.com", "monitoring.amazonaws.com"];
/// CloudTrail delivers within about 15 minutes.
const LATE: SignedDuration = SignedDuration::from_mins(20);
/// A deployment and CloudTrail's record of it, seconds apart.
const SAME: i64 = 5;

/// Of what, over which time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MetricsShowRequest {
    /// The stage.
    pub stage: StageName,
    /// A route of it: its key (`POST /login`), or [`Route::id`].
    #[serde(default)]
    #[ts(optional = nullable)]
    pub route: Option<String>,
    /// How many hours, 1 to 336.
    pub hours: u32,
    /// Until then, RFC 3339; now without it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub until: Option<String>,
}

/// A line of a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MetricLine {
    /// `p90`.
    pub title: String,
    /// Start of the period in seconds since the epoch, and the value; periods without one are absent.
    #[ts(type = "[number, number][]")]
    pub points: Vec<(i64, f64)>,
}

/// A number that an alarm compares with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MetricThreshold {
    /// The alarm.
    pub alarm: String,
    /// In the chart's unit.
    pub value: f64,
}

/// A chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MetricChart {
    /// For a person.
    pub title: String,
    /// In what it counts.
    pub unit: MetricUnit,
    /// Its lines.
    pub lines: Vec<MetricLine>,
    /// Where alarms go off.
    pub thresholds: Vec<MetricThreshold>,
}

/// Whose metrics are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum MetricsSource {
    /// The stage's, as asked.
    Stage,
    /// The route's own.
    Route,
    /// The stage's, since the route has none of its own.
    StageInstead,
}

/// The charts and what happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MetricsShow {
    /// Name of the API.
    pub api_name: String,
    /// Stage.
    pub stage: String,
    /// The route's key, when one was asked for.
    #[ts(optional = nullable)]
    pub route: Option<String>,
    /// Whose metrics.
    pub source: MetricsSource,
    /// RFC 3339.
    pub from: String,
    /// RFC 3339.
    pub to: String,
    /// Seconds.
    pub period: u32,
    /// Requests, error rates, latency.
    pub charts: Vec<MetricChart>,
    /// Oldest first.
    pub marks: Vec<MetricMark>,
    /// Alarms of the stage or route that are in ALARM now.
    pub burning: Vec<String>,
    /// What to know when reading this, sentences.
    pub notes: Vec<String>,
    /// What could not be read.
    pub coverage: Coverage,
    /// Calls by service and operation.
    pub calls: CallCounts,
}

/// Reads them.
///
/// # Errors
/// `InvalidInput` for a window that is none, `NotFound` for a stage or route that is gone, AWS's when the metrics cannot
/// be read. What else cannot be read is coverage.
pub async fn metrics_show(host: &Host, request: MetricsShowRequest) -> Result<MetricsShow, WireError> {
    if request.hours == 0 || request.hours > LONGEST_HOURS {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("A window is 1 to {LONGEST_HOURS} hours.")));
    }
    let inventory = api_of(host, &request.stage)?;
    let stage = inventory.stages.iter().find(|known| *known.name == *request.stage.stage);
    let stage = stage
        .ok_or_else(|| WireError::new(ErrorCode::NotFound, format!("There is no stage {}.", request.stage.stage)))?;
    let route = request.route.as_deref().map(|name| route_of(host, &request.stage, name)).transpose()?;
    let to = until(host, request.until.as_deref())?;
    let period = period_of(request.hours);
    let from = aligned(to - SignedDuration::from_hours(i64::from(request.hours)), period);
    let session = host.open_context(&request.stage.context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let mut notes = Vec::new();
    let wanted = charts(inventory.api.kind);
    let (source, values) =
        read(&reader, &inventory, stage, route.as_ref(), &wanted, (from, to), period, &mut notes).await?;
    let alarms = host.alarms_of(&request.stage.context, false).await?;
    let mut gaps = alarms.gaps.clone();
    let lines: Vec<AlarmLine> = host
        .alarm_lines(&alarms)
        .into_iter()
        .filter(|line| line.concerns(&inventory.api.id, &stage.name))
        .filter(|line| is_about(line, route.as_ref()))
        .collect();
    let marks = marks(host, &reader, &request.stage, &inventory, &lines, (from, to), &mut gaps, &mut notes).await?;
    let key = route.as_ref().map(route_key);
    let shown_key = if source == MetricsSource::Route { key.as_deref() } else { None };
    let mut values = values.into_iter();
    let charts: Vec<MetricChart> = wanted
        .iter()
        .map(|chart| MetricChart {
            title: chart.title.to_owned(),
            unit: chart.unit,
            thresholds: thresholds(chart, &lines, shown_key),
            lines: chart
                .lines
                .iter()
                .map(|line| MetricLine {
                    title: line.title.to_owned(),
                    points: scaled(values.next().unwrap_or_default(), line),
                })
                .collect(),
        })
        .collect();
    if charts.iter().all(|chart| chart.lines.iter().all(|line| line.points.is_empty())) {
        notes.push(
            "CloudWatch has no values in this time: there were no requests, or the metrics are not recorded."
                .to_owned(),
        );
    }
    let mut calls = reader.counts();
    for (call, count) in &alarms.calls {
        *calls.entry(call.clone()).or_default() += count;
    }
    Ok(MetricsShow {
        api_name: inventory.api.name.to_string(),
        stage: stage.name.to_string(),
        route: key,
        source,
        from: from.to_string(),
        to: to.to_string(),
        period,
        charts,
        marks,
        burning: lines
            .iter()
            .filter(|line| line.alarm.state == AlarmState::Alarm)
            .map(|line| line.alarm.name.clone())
            .collect(),
        notes,
        coverage: Coverage::of(gaps),
        calls,
    })
}

fn until(host: &Host, text: Option<&str>) -> Result<Timestamp, WireError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(host.inner.options.clock.now()) };
    text.parse().map_err(|error| {
        WireError::new(
            ErrorCode::InvalidInput,
            format!("until is no time: {error}. Write it like 2026-03-02T10:00:00Z."),
        )
    })
}

/// The first period whole: half of one would look like a fall.
fn aligned(from: Timestamp, period: u32) -> Timestamp {
    let period = i64::from(period);
    Timestamp::from_second(from.as_second().div_euclid(period) * period).unwrap_or(from)
}

fn route_of(host: &Host, stage: &StageName, name: &str) -> Result<Route, WireError> {
    let (_, index) = host.shown();
    let here = |route: &&Route| {
        *route.context == *stage.context && *route.api_id == *stage.api_id && *route.stage == *stage.stage
    };
    let by_key = || index.routes().iter().find(|route| here(route) && route_key(route) == name);
    index.find(name).filter(here).or_else(by_key).cloned().ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no route {name} on stage {} any more.", stage.stage))
            .with_hint("Choose another, or the whole stage.")
    })
}

/// Of a stage everything on it; of a route its own alarms and those of the whole stage.
fn is_about(line: &AlarmLine, route: Option<&Route>) -> bool {
    let Some(route) = route.map(route_key) else { return true };
    line.places.iter().any(|place| place.route.as_ref().is_none_or(|of| *of == route))
}

/// The values of every line of every chart, in order, and whose they are.
#[expect(clippy::too_many_arguments, reason = "what a query is made of")]
async fn read(
    reader: &Reader<'_>,
    inventory: &ApiInventory,
    stage: &Stage,
    route: Option<&Route>,
    wanted: &[MetricChartOf],
    (from, to): (Timestamp, Timestamp),
    period: u32,
    notes: &mut Vec<String>,
) -> Result<(MetricsSource, Vec<Vec<MetricPoint>>), WireError> {
    let of_stage = stage_dimensions(inventory, &stage.name);
    let own = route.map(|route| route_dimensions(inventory, &of_stage, route)).unwrap_or_default();
    // The route by each name that it may have, and the stage in case that it has none: one call.
    let sets: Vec<&Vec<(&'static str, String)>> = own.iter().chain([&of_stage]).collect();
    let series: Vec<MetricSeries> = sets
        .iter()
        .flat_map(|dimensions| {
            let lines = wanted.iter().flat_map(|chart| &chart.lines);
            lines.map(|line| MetricSeries::of_gateway(line.metric, line.statistic, (*dimensions).clone()))
        })
        .collect();
    let each = series.len() / sets.len();
    let values =
        reader.metric_series("the metrics", &series, from, to, SignedDuration::from_secs(i64::from(period))).await?;
    let mut blocks: Vec<Vec<Vec<MetricPoint>>> = values.chunks(each).map(<[_]>::to_vec).collect();
    let last = blocks.pop().unwrap_or_default();
    let Some(route) = route else { return Ok((MetricsSource::Stage, last)) };
    let key = route_key(route);
    if let Some(found) = blocks.into_iter().find(|block| block.iter().any(|points| !points.is_empty())) {
        return Ok((MetricsSource::Route, found));
    }
    if is_detailed(stage, &key) {
        // Detailed metrics are on: it had no requests, which is its own and not the stage's.
        return Ok((MetricsSource::Route, vec![Vec::new(); each]));
    }
    notes.push(format!(
        "{key} has no metrics of its own, since detailed metrics are off: these are the totals of stage {}.",
        stage.name
    ));
    Ok((MetricsSource::StageInstead, last))
}

fn stage_dimensions(inventory: &ApiInventory, stage: &str) -> Vec<(&'static str, String)> {
    let api = match inventory.api.kind {
        ApiKind::Rest => ("ApiName", metric_api_name(&inventory.api)),
        ApiKind::Http | ApiKind::WebSocket => ("ApiId", inventory.api.id.to_string()),
    };
    vec![api, ("Stage", stage.to_owned())]
}

/// HTTP routes are documented with `Route`, and known to others by `Method` and `Resource`.
fn route_dimensions(
    inventory: &ApiInventory,
    stage: &[(&'static str, String)],
    route: &Route,
) -> Vec<Vec<(&'static str, String)>> {
    let with = |more: Vec<(&'static str, String)>| [stage.to_vec(), more].concat();
    let parts = vec![("Resource", route.path.to_string()), ("Method", route.method.to_string())];
    match inventory.api.kind {
        ApiKind::Rest => vec![with(parts)],
        ApiKind::Http => vec![with(vec![("Route", route_key(route))]), with(parts)],
        ApiKind::WebSocket => vec![with(vec![("Route", route_key(route))])],
    }
}

fn scaled(points: Vec<MetricPoint>, line: &MetricLineOf) -> Vec<(i64, f64)> {
    points.into_iter().map(|(at, value)| (at, value * line.factor)).collect()
}

/// Where plain alarms of exactly what is shown go off.
fn thresholds(chart: &MetricChartOf, lines: &[AlarmLine], route: Option<&str>) -> Vec<MetricThreshold> {
    let of = |line: &AlarmLine| {
        let (metric, condition) = (line.alarm.metrics.first()?, line.alarm.condition.as_ref()?);
        let shown = chart.lines.iter().find(|one| one.metric == metric.metric && one.statistic == metric.statistic)?;
        let here = line.places.iter().any(|place| place.stage.is_some() && place.route.as_deref() == route);
        (here && line.alarm.kind == AlarmKind::Metric).then_some(())?;
        Some(MetricThreshold { alarm: line.alarm.name.clone(), value: condition.threshold? * shown.factor })
    };
    // A sum over other periods is another number.
    lines.iter().filter(|_| chart.unit != MetricUnit::Requests).filter_map(of).collect()
}

#[expect(clippy::too_many_arguments, reason = "each source of marks needs its own")]
async fn marks(
    host: &Host,
    reader: &Reader<'_>,
    stage: &StageName,
    inventory: &ApiInventory,
    lines: &[AlarmLine],
    (from, to): (Timestamp, Timestamp),
    gaps: &mut Vec<Gap>,
    notes: &mut Vec<String>,
) -> Result<Vec<MetricMark>, WireError> {
    let mut marks = events(host, stage, (from, to), notes)?;
    let told: Vec<String> = marks.iter().filter_map(|mark| mark.journal_entry.clone()).collect();
    marks.extend(own_changes(host, stage, (from, to))?.into_iter().filter(|mark| {
        // What CloudTrail has already is there once.
        mark.journal_entry.as_ref().is_none_or(|entry| !told.contains(entry))
    }));
    if inventory.api.kind == ApiKind::Rest {
        match reader.deployments(&stage.api_id).await {
            Ok(deployments) => {
                let known: Vec<i64> = marks
                    .iter()
                    .filter(|mark| mark.kind == MarkKind::Deployment)
                    .filter_map(|mark| second(&mark.at))
                    .collect();
                for deployment in deployments {
                    let Some(created) = deployment.created else { continue };
                    let inside = (from.as_second()..=to.as_second()).contains(&created);
                    if !inside || known.iter().any(|at| (at - created).abs() <= SAME) {
                        continue;
                    }
                    let of = deployment.description.map(|text| format!(": {text}")).unwrap_or_default();
                    marks.push(MetricMark {
                        at: Timestamp::from_second(created).map(|at| at.to_string()).unwrap_or_default(),
                        kind: MarkKind::Deployment,
                        what: format!("Deployment {} of the API was made{of}", deployment.id),
                        who: None,
                        journal_entry: None,
                        alarm: None,
                        burns: false,
                    });
                }
            }
            Err(error) => gaps.push(error.to_gap(&stage.context, "the deployments")),
        }
    }
    if !lines.is_empty() {
        match reader.alarm_history(None, from, to, HISTORY_PAGES).await {
            Ok(history) => {
                let watches: HashMap<&str, &str> =
                    lines.iter().map(|line| (line.alarm.name.as_str(), line.watches.as_str())).collect();
                if history.more {
                    notes.push(
                        "The alarms changed more often than is read: their earliest changes are missing.".to_owned(),
                    );
                }
                marks.extend(history.items.into_iter().filter_map(|item| {
                    let watches = watches.get(item.alarm.as_str())?;
                    let state = item.to?;
                    let to = match state {
                        AlarmState::Alarm => "went off",
                        AlarmState::Ok => "is OK again",
                        AlarmState::InsufficientData | AlarmState::Unknown => "has too little data",
                    };
                    Some(MetricMark {
                        at: item.at,
                        kind: MarkKind::Alarm,
                        what: format!("Alarm {} {to}: {watches}", item.alarm),
                        who: None,
                        journal_entry: None,
                        alarm: Some(item.alarm),
                        burns: state == AlarmState::Alarm,
                    })
                }));
            }
            Err(error) => gaps.push(error.to_gap(&stage.context, "the history of the alarms")),
        }
    }
    marks.sort_by_key(|mark| second(&mark.at));
    Ok(marks)
}

fn second(at: &str) -> Option<i64> {
    at.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

/// Configuration changes that CloudTrail has told so far.
fn events(
    host: &Host,
    stage: &StageName,
    (from, to): (Timestamp, Timestamp),
    notes: &mut Vec<String>,
) -> Result<Vec<MetricMark>, WireError> {
    let interval = Interval { from, to };
    let here = |event: &ChangeEvent| {
        event.outcome == EventOutcome::Succeeded
            && event.api_id.as_deref() == Some(&stage.api_id)
            && event.stage.as_ref().is_none_or(|of| *of == stage.stage)
    };
    let releases = |path: &str| path == "/deploymentId" || path.starts_with("/canarySettings");
    let mark = |event: ChangeEvent| MetricMark {
        kind: match event.name == "CreateDeployment" || event.patches.iter().any(|patch| releases(&patch.path)) {
            true => MarkKind::Deployment,
            false => MarkKind::Change,
        },
        at: event.at,
        what: event.what,
        who: Some(event.who),
        journal_entry: event.journal_entry,
        alarm: None,
        burns: false,
    };
    let marks = known_events(host, interval)?.into_iter().filter(here).map(mark).collect();
    let of_gateway = covered(host, interval)?
        .into_iter()
        .filter(|covered| covered.context == stage.context && !WAF_AND_ALARMS.contains(&covered.source.as_str()));
    let mut known: Vec<Interval> = of_gateway.flat_map(|covered| covered.intervals).collect();
    known.sort_by_key(|interval| interval.from);
    match (known.first(), known.last()) {
        (Some(first), Some(last)) if first.from <= from && known.len() == 1 && last.to >= to - LATE => {}
        (Some(first), Some(last)) => {
            let holes = if known.len() > 1 { ", with holes" } else { "" };
            notes.push(format!("Configuration changes are known from {} to {} only{holes}.", first.from, last.to));
        }
        _ => notes.push(
            "Configuration changes were not fetched from CloudTrail yet: only this console's own are marked."
                .to_owned(),
        ),
    }
    Ok(marks)
}

/// Changes of this stage by this console, which CloudTrail tells only minutes later.
fn own_changes(
    host: &Host,
    stage: &StageName,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<MetricMark>, WireError> {
    let records = host.journal()?.records()?;
    let mark = |entry: &portcullis_domain::journal::JournalEntry| {
        let plan = entry.plan.as_deref()?;
        let at: Timestamp = entry.closed_at.as_deref().unwrap_or(&entry.opened_at).parse().ok()?;
        let here = plan.targets.iter().any(|target| match target {
            PlanTarget::RestStage { context, api_id, stage: of, .. }
            | PlanTarget::HttpStage { context, api_id, stage: of, .. } => {
                *context == stage.context && *api_id == stage.api_id && *of == stage.stage
            }
            _ => false,
        });
        let applied = matches!(entry.outcome, Some(Outcome::Applied | Outcome::Partial | Outcome::Mismatch));
        let release = plan.operation.starts_with("canary_");
        (here && applied && at >= from && at <= to).then(|| MetricMark {
            at: at.to_string(),
            kind: if release { MarkKind::Deployment } else { MarkKind::Change },
            what: plan.title.clone(),
            who: Some(entry.actor.local_user.clone()),
            journal_entry: Some(entry.id.clone()),
            alarm: None,
            burns: false,
        })
    };
    Ok(entries(&records).iter().filter_map(mark).collect())
}
