//! One look at one release, and what it leads to.

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::canary::{
    CanaryEvidence, CanaryVerdict, Judgement, Release, ReleaseDecision, ReleaseState, decide, judge,
};
use portcullis_store::{KeptRelease, Releases};

use super::{
    act::{self, Claim, PERCENT},
    of_release, read, share, stage_of, who, written,
};
use crate::{
    canary_difference::api_of,
    canary_evidence::totals,
    canary_watch::{self, CanarySource, CanaryWatch, Looked},
    error::WireError,
    host::Host,
};

/// So long after its time a release whose stage is not here is given up.
const GIVEN_UP: SignedDuration = SignedDuration::from_mins(15);

/// Looks, if it is due and nobody else does.
pub(super) async fn look_at(host: &Host, store: &Releases, kept: &KeptRelease) -> Result<(), WireError> {
    let now = host.clock().now();
    let release = match read(kept) {
        Ok(release) => release,
        Err(error) => {
            host.notice(error);
            return Ok(());
        }
    };
    let stage = stage_of(&release.target);
    // A context that is not open, or not read yet, may be open in another program.
    let here = api_of(host, &stage).is_ok();
    let given_up = !here && now >= release.deadline + GIVEN_UP;
    if !release.is_due(now) || !(here || given_up) {
        return Ok(());
    }
    let Some(kept) = store.claim(&release.id, host.holder(), now)? else { return Ok(()) };
    let mut release = read(&kept)?;
    if !release.is_due(now) {
        return Ok(());
    }
    if given_up {
        let words = "Its time is over, and its stage was in no open context to be looked at.";
        release.end(now, ReleaseState::Inconclusive, words);
    } else {
        look(host, store, &mut release, now).await?;
    }
    if !store.save(&release.id, host.holder(), &written(&release)?, release.is_running())? {
        tracing::info!(release = release.id, "the release was ended, or taken over, while it was looked at");
    }
    host.changed();
    Ok(())
}

async fn look(host: &Host, store: &Releases, release: &mut Release, now: Timestamp) -> Result<(), WireError> {
    let claim = Claim { host, store };
    act::settle(&claim, release, now).await;
    if !release.is_running() {
        return Ok(());
    }
    let stage = stage_of(&release.target);
    let seen = canary_watch::look(host, &stage, Some(release.since), &release.terms.criteria).await;
    let decision = match seen {
        Ok(Looked { watch, fields, missing }) => {
            let live = fields.as_ref().map(of_release);
            if let Some(live) = &live {
                share::adopt(host, release, live, now);
            }
            let step = over_step(release, &watch, &missing);
            release.looked_at(now, watch.judgement.clone());
            let decision = decide(release, now, live.as_ref(), Some(&watch.judgement), step.as_ref());
            let decision = match decision {
                ReleaseDecision::Keep if live.is_some() && watch.judgement.verdict != CanaryVerdict::Breached => {
                    step_not_reached(release).unwrap_or(ReleaseDecision::Keep)
                }
                decision => decision,
            };
            host.keep_look(&release.id, Some(watch));
            decision
        }
        Err(error) => {
            release.look_failed(now, &error.message);
            host.keep_look(&release.id, None);
            decide(release, now, None, None, None)
        }
    };
    follow(&claim, release, now, decision).await
}

/// The share of the step that is on, when setting it failed before: it was confirmed and is still owed.
fn step_not_reached(release: &Release) -> Option<ReleaseDecision> {
    let on = release.current_step()?;
    let share = release.expected.get(PERCENT).and_then(serde_json::Value::as_f64)?;
    let reached = share.total_cmp(&on.percent).is_eq();
    (!reached).then_some(ReleaseDecision::Widen { step: release.step, percent: on.percent })
}

/// The verdict over the minutes of the step that is on.
fn over_step(release: &Release, watch: &CanaryWatch, missing: &[String]) -> Option<Judgement> {
    release.current_step()?;
    let from = release.step_since.as_second();
    let minutes: Vec<_> = watch.minutes.iter().filter(|minute| minute.minute >= from).copied().collect();
    let pairs: Vec<_> = minutes.iter().map(|minute| (minute.candidate, minute.baseline)).collect();
    let (candidate, baseline) = totals(&minutes);
    let evidence = CanaryEvidence {
        candidate,
        baseline: (watch.source != CanarySource::WholeStage).then_some(baseline),
        minutes: &pairs,
        own_percentiles: watch.source == CanarySource::AccessLog,
        routes: &[],
        alarms: &watch.alarms,
        missing,
    };
    Some(judge(&release.terms.criteria, &evidence))
}

async fn follow(
    claim: &Claim<'_>,
    release: &mut Release,
    now: Timestamp,
    decision: ReleaseDecision,
) -> Result<(), WireError> {
    match decision {
        ReleaseDecision::Keep => {}
        ReleaseDecision::RollBack => act::roll_back(claim, release, now).await?,
        ReleaseDecision::Widen { step, percent } => act::widen(claim, release, now, step, percent).await?,
        ReleaseDecision::Conflict { fields } => {
            let who = who::changed(claim.host, release).await;
            let words =
                format!("Somebody changed the stage ({}), so this release stopped acting. {who}", fields.join(", "));
            release.end(now, ReleaseState::Conflict, words);
        }
        ReleaseDecision::End { state, words } => {
            let words = match state {
                ReleaseState::Promoted | ReleaseState::Removed => {
                    format!("{words} {}", who::changed(claim.host, release).await)
                }
                _ => words,
            };
            release.end(now, state, words);
        }
    }
    Ok(())
}
