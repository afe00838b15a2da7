//! The two things that a release may do by itself: remove the canary, and set the share of a step. Both through the change
//! engine, so planned, checked against what is live, read back and journalled.
//!
//! What is about to be done is kept before it is begun. A program that dies in between leaves an intent, and the next look,
//! whichever program's, finds out from the journal and the stage what became of it.

use jiff::Timestamp;
use portcullis_aws::Lane;
use portcullis_domain::{
    canary::{Release, ReleaseDecision, ReleaseIntent, ReleaseState, decide},
    change::{AwsCall, PatchOperation, PlanWords},
    journal::{JournalEntry, Outcome, entries},
};
use portcullis_store::Releases;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{of_release, stage_of, written};
use crate::{
    canary_start::WATCHED,
    change::{Draft, observe_in, plan},
    change_resume::{ChangeResumeRequest, ResumeWay, change_resume},
    error::WireError,
    host::Host,
    plan_apply,
};

pub(super) const PERCENT: &str = "canarySettings/percentTraffic";

/// The right to act.
pub(super) struct Claim<'a> {
    pub(super) host: &'a Host,
    pub(super) store: &'a Releases,
}

/// One change of the stage.
struct Act {
    operation: &'static str,
    title: String,
    patch: PatchOperation,
    /// The share to set; removing the canary otherwise.
    percent: Option<f64>,
    lane: Lane,
    reason: String,
}

/// What became of it.
enum Done {
    Applied(String),
    /// The stage is not as this release left it: somebody else was faster.
    Moved(ReleaseDecision),
    /// Another program acts, or a person ended the release.
    NotOurs,
    Failed(String),
}

/// Removes the canary, in the lane that waits for nobody.
pub(super) async fn roll_back(claim: &Claim<'_>, release: &mut Release, now: Timestamp) -> Result<(), WireError> {
    let reasons = release.judgement.as_ref().map(|judgement| judgement.reasons.join(" ")).unwrap_or_default();
    let act = Act {
        operation: "canary_rollback",
        title: format!("Roll back by itself: remove the canary of {}", release.target.label()),
        patch: PatchOperation::remove("/canarySettings"),
        percent: None,
        lane: Lane::Rollback,
        reason: format!("Release {}, begun by {}: breached. {reasons}", release.id, release.begun_by.local_user),
    };
    match done(claim, release, now, act).await? {
        Done::Applied(entry) => rolled_back(release, now, entry),
        Done::Moved(decision) => release_moved(claim.host, release, now, decision).await,
        Done::NotOurs => {}
        Done::Failed(why) => {
            release.trouble = Some(format!(
                "The candidate is breached, and the canary could not be removed. {why} It is tried again in a minute."
            ));
        }
    }
    Ok(())
}

fn rolled_back(release: &mut Release, now: Timestamp, entry: String) {
    let reasons = release.judgement.as_ref().map(|judgement| judgement.reasons.join(" ")).unwrap_or_default();
    if !release.entries.contains(&entry) {
        release.entries.push(entry);
    }
    release.trouble = None;
    release.end(
        now,
        ReleaseState::RolledBack,
        format!("The candidate was breached, and the console removed the canary by itself. {reasons}"),
    );
}

/// Sets the share of a step that was confirmed.
pub(super) async fn widen(
    claim: &Claim<'_>,
    release: &mut Release,
    now: Timestamp,
    step: usize,
    percent: f64,
) -> Result<(), WireError> {
    let act = Act {
        operation: "canary_set",
        title: format!("Send {percent} % of the requests to the canary of {}", release.target.label()),
        patch: PatchOperation::replace("/canarySettings/percentTraffic", format!("{percent:?}")),
        percent: Some(percent),
        lane: Lane::Change,
        reason: format!(
            "Release {}, begun by {}: step {} of {}.",
            release.id,
            release.begun_by.local_user,
            step + 1,
            release.terms.steps.len()
        ),
    };
    match done(claim, release, now, act).await? {
        Done::Applied(entry) => widened(release, now, entry, percent),
        Done::Moved(decision) => release_moved(claim.host, release, now, decision).await,
        Done::NotOurs => {}
        Done::Failed(why) => {
            release.trouble =
                Some(format!("The share could not be set to {percent} %. {why} It is tried again in a minute."));
        }
    }
    Ok(())
}

fn widened(release: &mut Release, now: Timestamp, entry: String, percent: f64) {
    if !release.entries.contains(&entry) {
        release.entries.push(entry);
    }
    let reached = release.terms.steps.iter().position(|step| step.percent.total_cmp(&percent).is_eq());
    release.step = reached.unwrap_or(release.step);
    release.step_since = now;
    release.expected.insert(PERCENT.to_owned(), json!(percent));
    (release.intent, release.trouble) = (None, None);
    release.words = format!("The candidate gets {percent} % of the requests.");
}

/// The share of the first step, when the canary has another.
pub(crate) async fn widen_to_first_step(host: &Host, release: &mut Release) -> Result<(), WireError> {
    let Some(first) = release.current_step() else { return Ok(()) };
    let share = release.expected.get(PERCENT).and_then(serde_json::Value::as_f64);
    if share.is_some_and(|share| share.total_cmp(&first.percent).is_eq()) {
        return Ok(());
    }
    let store = host.releases()?;
    widen(&Claim { host, store: &store }, release, host.clock().now(), 0, first.percent).await
}

async fn release_moved(host: &Host, release: &mut Release, now: Timestamp, decision: ReleaseDecision) {
    let who = super::who::changed(host, release).await;
    match decision {
        ReleaseDecision::End { state, words } => release.end(now, state, format!("{words} {who}")),
        ReleaseDecision::Conflict { fields } => {
            let words =
                format!("Somebody changed the stage ({}), so this release stopped acting. {who}", fields.join(", "));
            release.end(now, ReleaseState::Conflict, words);
        }
        ReleaseDecision::Keep | ReleaseDecision::RollBack | ReleaseDecision::Widen { .. } => {}
    }
}

async fn done(claim: &Claim<'_>, release: &mut Release, now: Timestamp, act: Act) -> Result<Done, WireError> {
    let Claim { host, store } = claim;
    if let Err(error) = host.check_access(release.target.context()) {
        return Ok(Done::Failed(told(&error)));
    }
    let target = release.target.clone();
    let fields = match observe_in(host, std::slice::from_ref(&target), act.lane).await {
        Ok(mut observed) => observed.pop().unwrap_or_default(),
        Err(error) => return Ok(Done::Failed(told(&error))),
    };
    super::share::adopt(host, release, &of_release(&fields), now);
    let moved = decide(release, now, Some(&of_release(&fields)), None, None);
    if matches!(&moved, ReleaseDecision::Conflict { .. })
        || matches!(&moved, ReleaseDecision::End { state, .. } if matches!(state, ReleaseState::Promoted | ReleaseState::Removed))
    {
        return Ok(Done::Moved(moved));
    }
    let stage = stage_of(&target);
    let call =
        AwsCall::UpdateStage { api_id: stage.api_id, stage_name: stage.stage, patch_operations: vec![act.patch] };
    let asked = match act.percent {
        Some(_) => vec![PERCENT.to_owned()],
        None => of_release(&fields).keys().cloned().collect(),
    };
    let words = PlanWords {
        operation: act.operation.to_owned(),
        title: act.title,
        watched: WATCHED.map(str::to_owned).to_vec(),
        ..PlanWords::default()
    };
    let plan = match plan(host, words, vec![Draft { target, fields, calls: vec![call], asked }]).await {
        Ok(plan) => plan,
        Err(error) => return Ok(Done::Failed(told(&error))),
    };
    release.intent = Some(ReleaseIntent { entry: plan.id.clone(), percent: act.percent });
    // Whoever lost the claim, or whom a person stopped, does nothing.
    let ours = store.claim(&release.id, host.holder(), now)?.is_some()
        && store.save(&release.id, host.holder(), &written(release)?, true)?;
    if !ours {
        release.intent = None;
        return Ok(Done::NotOurs);
    }
    Ok(match plan_apply::run(host, &plan, act.reason, CancellationToken::new(), act.lane).await {
        Ok(applied) => Done::Applied(applied.entry),
        // The intent stays: the next look settles what became of it.
        Err(error) => Done::Failed(told(&error)),
    })
}

fn told(error: &WireError) -> String {
    let mut words = error.message.clone();
    for more in error.hint.iter().chain(&error.details) {
        words = format!("{words} {more}");
    }
    words
}

/// What became of something that was begun: by this program a look ago, or by one that died over it.
pub(super) async fn settle(claim: &Claim<'_>, release: &mut Release, now: Timestamp) {
    let Some(intent) = release.intent.clone() else { return };
    let host = claim.host;
    let mut entry = match journalled(host, &intent.entry) {
        Ok(entry) => entry,
        Err(error) => {
            release.trouble =
                Some(format!("What became of journal entry {} is not known. {}", intent.entry, told(&error)));
            return;
        }
    };
    if entry.as_ref().is_some_and(JournalEntry::is_unfinished) {
        // The person confirmed this release, the protected context's name included, when it began.
        let typed = vec![release.target.context().to_owned()];
        let request = ChangeResumeRequest { entry: intent.entry.clone(), way: ResumeWay::Finish, typed };
        match change_resume(host, request).await {
            Ok(resumed) => entry = Some(resumed.entry),
            Err(error) => {
                release.trouble = Some(format!(
                    "Journal entry {} was interrupted and could not be finished. {}",
                    intent.entry,
                    told(&error)
                ));
            }
        }
    }
    release.intent = None;
    let outcome = entry.and_then(|entry| entry.outcome);
    if matches!(outcome, Some(Outcome::Applied | Outcome::Mismatch)) {
        match intent.percent {
            None => rolled_back(release, now, intent.entry),
            Some(percent) => widened(release, now, intent.entry, percent),
        }
    }
}

fn journalled(host: &Host, id: &str) -> Result<Option<JournalEntry>, WireError> {
    if !host.has_journal() {
        return Ok(None);
    }
    let records = host.journal()?.records_of(id)?;
    Ok(entries(&records).pop())
}
