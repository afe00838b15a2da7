//! `canary_watch`: candidate against baseline, and the verdict.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{Lane, MetricSeries, Reader};
use portcullis_domain::{
    canary::{
        CanaryCriteria, CanarySample, CanaryVerdict, Judgement, StageRelease, breached_routes, judge, stage_release,
    },
    inventory::ApiInventory,
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    canary_difference::api_of,
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
};

/// Which canary, since when, held to what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryWatchRequest {
    /// The stage.
    pub stage: StageName,
    /// From when on requests count, RFC 3339; the last minutes of the criteria without it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub since: Option<String>,
    /// What the candidate is held to.
    #[serde(default)]
    pub criteria: CanaryCriteria,
}

impl CanaryWatchRequest {
    /// The last half hour of a stage, held to the defaults.
    #[must_use]
    pub fn of(stage: StageName) -> Self {
        Self { stage, since: None, criteria: CanaryCriteria::default() }
    }
}

/// Where the split between candidate and baseline comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CanarySource {
    /// CloudWatch has series with `Stage={stage}/Canary`: found by asking, since it is not documented.
    StageCanaryDimension,
    /// There is no split: what is known is about the whole stage.
    WholeStage,
}

/// A minute of the watch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryMinute {
    /// Start, seconds since the epoch.
    #[ts(type = "number")]
    pub minute: i64,
    /// The candidate.
    pub candidate: CanarySample,
    /// The baseline: the stage's numbers without the candidate's.
    pub baseline: CanarySample,
}

/// What is known of a canary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryWatch {
    /// The stage's release.
    pub release: StageRelease,
    /// Where the split comes from.
    pub source: CanarySource,
    /// The same in a sentence.
    pub source_words: String,
    /// The candidate since the beginning.
    pub candidate: CanarySample,
    /// The baseline since the beginning.
    pub baseline: CanarySample,
    /// Minute by minute.
    pub minutes: Vec<CanaryMinute>,
    /// The stage's alarms in ALARM.
    pub alarms: Vec<String>,
    /// The verdict and why.
    pub judgement: Judgement,
    /// RFC 3339.
    pub from: String,
    /// RFC 3339.
    pub to: String,
}

/// Reads metrics and alarms, and judges.
///
/// # Errors
/// `NotFound`, `InvalidInput` for a beginning that is no time, AWS's when CloudWatch cannot be read.
pub async fn canary_watch(host: &Host, request: CanaryWatchRequest) -> Result<CanaryWatch, WireError> {
    let inventory = api_of(host, &request.stage)?;
    let name = &request.stage.stage;
    let Some(stage) = inventory.stages.iter().find(|known| &*known.name == name) else {
        return Err(WireError::new(ErrorCode::NotFound, format!("There is no stage {name}.")));
    };
    let release = stage_release(stage);
    let to = host.inner.options.clock.now();
    let from = match &request.since {
        None => to - SignedDuration::from_mins(i64::from(request.criteria.minutes)),
        Some(text) => text.parse::<Timestamp>().map_err(|error| {
            WireError::new(ErrorCode::InvalidInput, format!("{text} is no time ({error})."))
                .with_hint("Write it as 2026-03-02T10:00:00Z.")
        })?,
    };
    let context = host.open_context(&request.stage.context)?;
    let session = context.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let dimensions = |stage: String| vec![("ApiName", inventory.api.name.to_string()), ("Stage", stage)];
    let canary = dimensions(format!("{name}/Canary"));
    let split = reader.knows_series("Count", &canary).await?;
    let whole = read(&reader, dimensions(name.clone()), from, to).await?;
    let of_candidate = if split { read(&reader, canary, from, to).await? } else { BTreeMap::new() };
    let alarms = reader.stage_alarms(&inventory.api.name, name).await?;
    let minutes: Vec<CanaryMinute> = whole
        .iter()
        .map(|(minute, whole)| {
            let candidate = of_candidate.get(minute).copied().unwrap_or_default();
            CanaryMinute { minute: *minute, candidate, baseline: without(whole, &candidate) }
        })
        .collect();
    let (candidate, baseline) =
        (total(minutes.iter().map(|minute| &minute.candidate)), total(minutes.iter().map(|minute| &minute.baseline)));
    let harmed =
        if split { harmed_routes(&reader, &inventory, name, &request.criteria, from, to).await? } else { Vec::new() };
    let (source, source_words, mut judgement) = if split {
        let words = format!(
            "CloudWatch has series of its own for the canary (Stage = {name}/Canary); the baseline is the stage without them."
        );
        (CanarySource::StageCanaryDimension, words, judge(&request.criteria, &candidate, Some(&baseline), &alarms))
    } else {
        let words =
            "CloudWatch does not tell candidate and baseline apart here: what is shown is about the whole stage."
                .to_owned();
        let mut judgement = judge(&request.criteria, &candidate, None, &alarms);
        if judgement.verdict == CanaryVerdict::Inconclusive {
            judgement.reasons = vec![
                "Candidate and baseline cannot be told apart, so only alarms of the whole stage can speak.".to_owned(),
            ];
        }
        (CanarySource::WholeStage, words, judgement)
    };
    if !harmed.is_empty() {
        if judgement.verdict != CanaryVerdict::Breached {
            judgement.reasons.clear();
        }
        judgement.verdict = CanaryVerdict::Breached;
        judgement.reasons.extend(harmed);
    }
    Ok(CanaryWatch {
        release,
        source,
        source_words,
        candidate,
        baseline,
        minutes,
        alarms,
        judgement,
        from: from.to_string(),
        to: to.to_string(),
    })
}

/// The most routes that are looked at one by one: four series each, in one call.
const ROUTES: usize = 125;

/// Routes on which the candidate does harm, where detailed metrics tell.
async fn harmed_routes(
    reader: &Reader<'_>,
    inventory: &ApiInventory,
    stage: &str,
    criteria: &CanaryCriteria,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<String>, WireError> {
    let definitions: Vec<_> = inventory.definitions.iter().take(ROUTES).collect();
    let mut series = Vec::with_capacity(definitions.len() * 4);
    for definition in &definitions {
        for stage in [format!("{stage}/Canary"), stage.to_owned()] {
            for metric in ["Count", "5XXError"] {
                let dimensions = vec![
                    ("ApiName", inventory.api.name.to_string()),
                    ("Stage", stage.clone()),
                    ("Resource", definition.path.to_string()),
                    ("Method", definition.method.to_string()),
                ];
                series.push(MetricSeries { metric, statistic: "Sum", dimensions });
            }
        }
    }
    let period = SignedDuration::from_secs(((to.as_second() - from.as_second()) / 60 * 60).max(60));
    let values = reader.metric_series(&series, from, to, period).await?;
    let sums: Vec<u64> =
        values.iter().map(|points| whole_number(points.iter().map(|(_, value)| value).sum())).collect();
    let sample = |requests, server_errors| CanarySample { requests, server_errors, ..CanarySample::default() };
    let routes: Vec<(String, CanarySample, CanarySample)> = definitions
        .iter()
        .zip(sums.chunks_exact(4))
        .map(|(definition, sums)| {
            let (candidate, whole) = (sample(sums[0], sums[1]), sample(sums[2], sums[3]));
            (format!("{} {}", definition.method, definition.path), candidate, without(&whole, &candidate))
        })
        .filter(|(_, candidate, _)| candidate.requests > 0)
        .collect();
    Ok(breached_routes(criteria, &routes))
}

async fn read(
    reader: &Reader<'_>,
    dimensions: Vec<(&'static str, String)>,
    from: Timestamp,
    to: Timestamp,
) -> Result<BTreeMap<i64, CanarySample>, WireError> {
    let wanted = [("Count", "Sum"), ("4XXError", "Sum"), ("5XXError", "Sum"), ("Latency", "p90")];
    let series = wanted.map(|(metric, statistic)| MetricSeries { metric, statistic, dimensions: dimensions.clone() });
    let values = reader.metric_series(&series, from, to, SignedDuration::from_secs(60)).await?;
    let mut minutes: BTreeMap<i64, CanarySample> = BTreeMap::new();
    for ((metric, _), points) in wanted.iter().zip(values) {
        for (minute, value) in points {
            let sample = minutes.entry(minute).or_default();
            match *metric {
                "Count" => sample.requests = whole_number(value),
                "4XXError" => sample.client_errors = whole_number(value),
                "5XXError" => sample.server_errors = whole_number(value),
                _ => sample.latency_p90 = Some(value),
            }
        }
    }
    Ok(minutes)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of requests is whole and not negative"
)]
fn whole_number(sum: f64) -> u64 {
    sum.round().max(0.0) as u64
}

/// The stage's series contain the canary's.
fn without(whole: &CanarySample, candidate: &CanarySample) -> CanarySample {
    CanarySample {
        requests: whole.requests.saturating_sub(candidate.requests),
        client_errors: whole.client_errors.saturating_sub(candidate.client_errors),
        server_errors: whole.server_errors.saturating_sub(candidate.server_errors),
        latency_p90: whole.latency_p90,
    }
}

/// Sums, and the median of the minutes' percentiles: a percentile of the whole cannot be had from its parts.
fn total<'a>(samples: impl Iterator<Item = &'a CanarySample>) -> CanarySample {
    let (mut sum, mut latencies) = (CanarySample::default(), Vec::new());
    for sample in samples {
        sum.requests += sample.requests;
        sum.client_errors += sample.client_errors;
        sum.server_errors += sample.server_errors;
        latencies.extend(sample.latency_p90);
    }
    latencies.sort_by(f64::total_cmp);
    sum.latency_p90 = latencies.get(latencies.len() / 2).copied();
    sum
}
