//! What is known of a canary, read from AWS: the stage as it is, when the candidate began, metrics, routes, alarms. A part
//! that cannot be read is a gap and keeps the verdict from being healthy; the parts that can be read still speak.

mod beginning;
mod logs;
mod metrics;
mod routes;

use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{AwsError, Lane, Reader};
use portcullis_domain::{
    canary::{AccessLog, CanaryBeginning, CanaryCriteria, CanarySample, RouteEvidence, StageRelease},
    change::{Fields, PlanTarget, stage_after},
    coverage::{Coverage, Gap},
    inventory::ApiInventory,
};
use tokio_util::sync::CancellationToken;

pub(crate) use self::metrics::Split;
use crate::{
    canary_difference::api_of, canary_list::release_of, canary_start::rest_stage, canary_watch::CanaryMinute,
    error::WireError, host::Host, throttle_copy::StageName,
};

/// The parts, as far as they could be read.
pub(crate) struct Evidence {
    /// The stage's fields as they are now; `None` when it could not be read.
    pub(crate) fields: Option<Fields>,
    pub(crate) release: StageRelease,
    pub(crate) beginning: CanaryBeginning,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
    pub(crate) split: Split,
    pub(crate) minutes: Vec<CanaryMinute>,
    pub(crate) routes: Vec<RouteEvidence>,
    pub(crate) alarms: Vec<String>,
    /// Why a candidate that shows no harm is not called healthy, a sentence each.
    pub(crate) missing: Vec<String>,
    /// What a person should know of how it was read.
    pub(crate) notes: Vec<String>,
    pub(crate) coverage: Coverage,
}

/// Everything that one look needs.
struct Look<'a> {
    host: &'a Host,
    reader: Reader<'a>,
    inventory: &'a ApiInventory,
    stage: &'a StageName,
    target: PlanTarget,
    /// Where the stage writes its access log, as it was just read.
    access_log: Option<AccessLog>,
    gaps: Vec<Gap>,
    missing: Vec<String>,
}

impl Look<'_> {
    /// What was read, or a gap with the sentence that keeps the verdict from being healthy.
    fn or_gap<T>(&mut self, read: Result<T, AwsError>, resource: &str) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(error) => {
                self.missing.push(format!("{} could not be read: {}", capital(resource), error.message));
                self.gaps.push(error.to_gap(&self.stage.context, resource));
                None
            }
        }
    }
}

fn capital(text: &str) -> String {
    crate::error::capitalised(text)
}

/// Reads it. Without `since`, evidence begins with the candidate, at most the criteria's minutes ago; a `since` is taken
/// as it is. Only whole minutes count.
///
/// # Errors
/// `NotFound` for a stage or context that is not here, `InvalidInput` for an API without canaries, credentials that fail.
pub(crate) async fn read(
    host: &Host,
    stage: &StageName,
    since: Option<Timestamp>,
    criteria: &CanaryCriteria,
) -> Result<Evidence, WireError> {
    let inventory = api_of(host, stage)?;
    let target = rest_stage(host, stage)?;
    let context = host.open_context(&stage.context)?;
    let session = context.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let (gaps, missing) = (Vec::new(), Vec::new());
    let mut look = Look { host, reader, inventory: &inventory, stage, target, access_log: None, gaps, missing };
    let now = look.reader.stage_now(&stage.api_id, &stage.stage).await;
    let now = look.or_gap(now, &format!("stage {} of API {}", stage.stage, inventory.api.name));
    look.access_log = now.as_ref().and_then(|now| now.access_log.clone());
    let known = inventory.stages.iter().find(|known| *known.name == *stage.stage);
    let mut live = known.cloned();
    if let (Some(live), Some(now)) = (live.as_mut(), now.as_ref()) {
        stage_after(live, &now.fields);
        let moved = known.is_some_and(|known| known.canary != live.canary || known.deployment_id != live.deployment_id);
        if moved {
            host.after_change(&[(look.target.clone(), now.fields.clone())].into());
        }
    }
    let release = live.as_ref().map_or_else(StageRelease::unknown, |stage| release_of(host, stage, None));
    let candidate = live.as_ref().and_then(|live| live.canary.as_ref()).map(|canary| canary.deployment_id.to_string());
    let to = whole_minute(host.clock().now());
    let window = to - SignedDuration::from_mins(i64::from(criteria.minutes));
    let last_updated = now
        .as_ref()
        .and_then(|now| now.last_updated)
        .or_else(|| live.as_ref()?.last_updated.as_deref()?.parse::<Timestamp>().ok());
    let beginning = match since {
        Some(at) => beginning::as_asked(at),
        None => look.beginning(candidate.as_deref(), last_updated, window).await,
    };
    let from = match (since, beginning.at) {
        (Some(since), _) => next_minute(since),
        (None, Some(at)) => next_minute(at).max(window),
        (None, None) => window,
    };
    let mut evidence = Evidence {
        fields: now.map(|now| now.fields),
        release,
        beginning,
        from: from.min(to),
        to,
        split: Split::None,
        minutes: Vec::new(),
        routes: Vec::new(),
        alarms: Vec::new(),
        missing: Vec::new(),
        notes: Vec::new(),
        coverage: Coverage::default(),
    };
    let alarms = look.reader.stage_alarms(&inventory.api, &stage.stage).await;
    evidence.alarms = look.or_gap(alarms, "the alarms of the stage").unwrap_or_default();
    if candidate.is_none() && evidence.fields.is_some() {
        look.missing.push("The stage has no canary.".to_owned());
    }
    if from < to {
        look.metrics(&mut evidence, candidate.is_some()).await;
    } else {
        evidence.split = if candidate.is_some() { Split::Contained } else { Split::None };
        look.missing.push("No whole minute has passed since the candidate began.".to_owned());
    }
    evidence.missing = look.missing;
    evidence.coverage = Coverage::of(look.gaps);
    Ok(evidence)
}

/// The beginning of this minute: the minute that is running is not told to its end.
fn whole_minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60) * 60).unwrap_or(at)
}

/// The first minute that lies wholly after this moment.
fn next_minute(at: Timestamp) -> Timestamp {
    let floor = whole_minute(at);
    if floor == at { at } else { floor + SignedDuration::from_mins(1) }
}

/// Sums of both sides.
pub(crate) fn totals(minutes: &[CanaryMinute]) -> (CanarySample, CanarySample) {
    let candidate = CanarySample::total(minutes.iter().map(|minute| &minute.candidate));
    (candidate, CanarySample::total(minutes.iter().map(|minute| &minute.baseline)))
}
