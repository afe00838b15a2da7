//! What a look leads to.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Release, ReleaseMode, ReleaseState};
use crate::{
    canary::{CanaryVerdict, Judgement},
    change::Fields,
};

/// So long after its time a release is still waited for when looks fail.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

/// What to do now.
#[derive(Debug, Clone, PartialEq)]
pub enum ReleaseDecision {
    /// Go on watching.
    Keep,
    /// Remove the canary.
    RollBack,
    /// Set the share of this step.
    Widen {
        /// Its number, from 0.
        step: usize,
        /// Its share, percent.
        percent: f64,
    },
    /// Somebody else changed the stage; these fields are not as this release left them.
    Conflict {
        /// The fields.
        fields: Vec<String>,
    },
    /// The release is over.
    End {
        /// How.
        state: ReleaseState,
        /// The same in a sentence.
        words: String,
    },
}

/// Decides. `live` are the stage's fields as they are (absent when they could not be read: then nothing but a rollback is
/// done), `whole` is the verdict since the beginning (absent when the look failed), `step` the one over the step that is on.
#[must_use]
pub fn decide(
    release: &Release,
    now: Timestamp,
    live: Option<&Fields>,
    whole: Option<&Judgement>,
    step: Option<&Judgement>,
) -> ReleaseDecision {
    if let Some(live) = live
        && let Some(moved) = moved(release, live)
    {
        return moved;
    }
    let verdict = whole.map(|judgement| judgement.verdict);
    if verdict == Some(CanaryVerdict::Breached) && release.terms.mode == ReleaseMode::Automatic {
        return ReleaseDecision::RollBack;
    }
    if let Some(on) = release.current_step()
        && now.duration_since(release.step_since) >= SignedDuration::from_mins(i64::from(on.minutes))
        && verdict.is_some_and(|verdict| verdict != CanaryVerdict::Breached)
        && step.is_some_and(|step| step.verdict == CanaryVerdict::Healthy)
        && live.is_some()
    {
        return match release.terms.steps.get(release.step + 1) {
            Some(next) => ReleaseDecision::Widen { step: release.step + 1, percent: next.percent },
            None => ReleaseDecision::End {
                state: ReleaseState::Healthy,
                words: format!(
                    "The candidate was healthy through every step, the last at {} %. Promote it, or roll it back.",
                    on.percent
                ),
            },
        };
    }
    if now < release.deadline {
        return ReleaseDecision::Keep;
    }
    let end = |state, words: &str| ReleaseDecision::End { state, words: words.to_owned() };
    match verdict {
        None if now < release.deadline + PATIENCE => ReleaseDecision::Keep,
        None => end(ReleaseState::Inconclusive, "Its time is over, and the last looks failed: nothing is known."),
        Some(CanaryVerdict::Breached) => {
            end(ReleaseState::Breached, "Its time is over, and the candidate does harm: roll it back.")
        }
        Some(_) if !release.terms.steps.is_empty() => end(
            ReleaseState::Inconclusive,
            "Its time is over before the candidate was healthy through every step: a person has to decide.",
        ),
        Some(CanaryVerdict::Healthy) => {
            end(ReleaseState::Healthy, "Its time is over, and the candidate is healthy. Promote it, or roll it back.")
        }
        Some(CanaryVerdict::Inconclusive) => {
            end(ReleaseState::Inconclusive, "Its time is over, and too little is known: a person has to decide.")
        }
    }
}

fn moved(release: &Release, live: &Fields) -> Option<ReleaseDecision> {
    let text = |fields: &Fields, name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let candidate = Some(release.candidate.clone());
    let end = |state, words: &str| Some(ReleaseDecision::End { state, words: words.to_owned() });
    if text(live, "deploymentId") == candidate && text(&release.expected, "deploymentId") != candidate {
        return end(ReleaseState::Promoted, "The candidate was promoted: it is the stage's deployment now.");
    }
    let baseline_stayed = text(live, "deploymentId") == text(&release.expected, "deploymentId");
    if text(live, "canarySettings/deploymentId").is_none() && baseline_stayed {
        return end(ReleaseState::Removed, "Somebody removed the canary: the stage serves what it served before.");
    }
    let mut names: Vec<&String> = release.expected.keys().chain(live.keys()).collect();
    names.sort();
    names.dedup();
    let differs = |name: &&String| match (release.expected.get(*name), live.get(*name)) {
        // AWS answers 10 and 10.0 for the same share.
        (Some(Value::Number(one)), Some(Value::Number(other))) => one.as_f64() != other.as_f64(),
        (one, other) => one != other,
    };
    let fields: Vec<String> = names.into_iter().filter(differs).cloned().collect();
    (!fields.is_empty()).then_some(ReleaseDecision::Conflict { fields })
}
