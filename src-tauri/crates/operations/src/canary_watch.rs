//! `canary_watch`: candidate against baseline, and the verdict.

use jiff::Timestamp;
use portcullis_domain::{
    canary::{
        CanaryBeginning, CanaryCriteria, CanaryEvidence, CanarySample, Judgement, RouteEvidence, StageRelease, judge,
    },
    change::Fields,
    coverage::Coverage,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    canary_evidence::{self, Evidence, Split},
    error::{ErrorCode, WireError},
    host::Host,
    throttle_copy::StageName,
};

/// The routes that are shown: those with the highest share of errors of the candidate.
const ROUTES: usize = 10;

/// Which canary, since when, held to what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryWatchRequest {
    /// The stage.
    pub stage: StageName,
    /// From when on requests count, RFC 3339. Without it, from when the candidate began, at most the criteria's minutes ago.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub since: Option<String>,
    /// What the candidate is held to.
    #[serde(default)]
    pub criteria: CanaryCriteria,
}

impl CanaryWatchRequest {
    /// The last half hour of a stage at most, held to the defaults.
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
    /// The stage's access log says of each request who answered it: asked with CloudWatch Logs Insights.
    AccessLog,
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
    /// The baseline: counts and average of the stage without the candidate's, percentiles of the whole stage; from an access
    /// log all of it is its own.
    pub baseline: CanarySample,
}

/// A route that has metrics of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryRoute {
    /// `POST /coupons`.
    pub route: String,
    /// The candidate.
    pub candidate: CanarySample,
    /// The baseline.
    pub baseline: CanarySample,
}

/// What is known of a canary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CanaryWatch {
    /// The stage's release, as it is now.
    pub release: StageRelease,
    /// Where the split comes from.
    pub source: CanarySource,
    /// The same in a sentence.
    pub source_words: String,
    /// When the candidate began, and who says so.
    pub beginning: CanaryBeginning,
    /// The candidate since the beginning.
    pub candidate: CanarySample,
    /// The baseline since the beginning.
    pub baseline: CanarySample,
    /// Minute by minute.
    pub minutes: Vec<CanaryMinute>,
    /// Routes with metrics of their own on which the candidate has the highest share of errors, worst first.
    pub routes: Vec<CanaryRoute>,
    /// The stage's alarms in ALARM.
    pub alarms: Vec<String>,
    /// The verdict and why.
    pub judgement: Judgement,
    /// What should be known of how it was read.
    pub notes: Vec<String>,
    /// What could not be read.
    pub coverage: Coverage,
    /// RFC 3339.
    pub from: String,
    /// RFC 3339.
    pub to: String,
}

/// Reads metrics and alarms, and judges. What cannot be read is a gap and makes the verdict inconclusive, unless the rest
/// shows harm.
///
/// # Errors
/// `NotFound`, `InvalidInput` for a beginning that is no time and for criteria that make no sense, credentials that fail.
pub async fn canary_watch(host: &Host, request: CanaryWatchRequest) -> Result<CanaryWatch, WireError> {
    if let Some(problem) = request.criteria.problem() {
        return Err(WireError::new(ErrorCode::InvalidInput, problem));
    }
    let since = request.since.as_deref().map(parse_moment).transpose()?;
    Ok(look(host, &request.stage, since, &request.criteria).await?.watch)
}

/// What a look saw.
pub(crate) struct Looked {
    pub(crate) watch: CanaryWatch,
    /// The stage's fields as they are now; `None` when they could not be read.
    pub(crate) fields: Option<Fields>,
    /// What keeps the candidate from being called healthy, a sentence each.
    pub(crate) missing: Vec<String>,
}

/// The same, with what a release needs besides.
pub(crate) async fn look(
    host: &Host,
    stage: &StageName,
    since: Option<Timestamp>,
    criteria: &CanaryCriteria,
) -> Result<Looked, WireError> {
    let evidence = canary_evidence::read(host, stage, since, criteria).await?;
    let (candidate, baseline) = evidence.totals();
    let judgement = judged(criteria, &evidence, candidate, baseline);
    let source = match evidence.split {
        Split::None => CanarySource::WholeStage,
        Split::Contained | Split::Apart => CanarySource::StageCanaryDimension,
        Split::Logged => CanarySource::AccessLog,
    };
    let watch = CanaryWatch {
        source,
        source_words: evidence.source_words(&stage.stage),
        candidate,
        baseline,
        routes: worst(evidence.routes),
        judgement,
        release: evidence.release,
        beginning: evidence.beginning,
        minutes: evidence.minutes,
        alarms: evidence.alarms,
        notes: evidence.notes,
        coverage: evidence.coverage,
        from: evidence.from.to_string(),
        to: evidence.to.to_string(),
    };
    Ok(Looked { watch, fields: evidence.fields, missing: evidence.missing })
}

fn judged(
    criteria: &CanaryCriteria,
    evidence: &Evidence,
    candidate: CanarySample,
    baseline: CanarySample,
) -> Judgement {
    let minutes: Vec<_> = evidence.minutes.iter().map(|minute| (minute.candidate, minute.baseline)).collect();
    let evidence = CanaryEvidence {
        candidate,
        baseline: (evidence.split != Split::None).then_some(baseline),
        minutes: &minutes,
        own_percentiles: evidence.split == Split::Logged,
        routes: &evidence.routes,
        alarms: &evidence.alarms,
        missing: &evidence.missing,
    };
    judge(criteria, &evidence)
}

fn worst(mut routes: Vec<RouteEvidence>) -> Vec<CanaryRoute> {
    let harm = |route: &RouteEvidence| route.candidate.server_error_rate() - route.baseline.server_error_rate();
    routes.sort_by(|one, other| {
        harm(other).total_cmp(&harm(one)).then(other.candidate.requests.cmp(&one.candidate.requests))
    });
    let shown =
        |route: RouteEvidence| CanaryRoute { route: route.route, candidate: route.candidate, baseline: route.baseline };
    routes.into_iter().take(ROUTES).map(shown).collect()
}

pub(crate) fn parse_moment(text: &str) -> Result<Timestamp, WireError> {
    text.parse::<Timestamp>().map_err(|error| {
        WireError::new(ErrorCode::InvalidInput, format!("{text} is no time ({error})."))
            .with_hint("Write it as 2026-03-02T10:00:00Z.")
    })
}
