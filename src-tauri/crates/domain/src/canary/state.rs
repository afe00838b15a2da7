//! The state of a stage's canary.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CanaryVerdict;
use crate::api::Stage;

/// What a stage's canary is doing, in the order of the attention that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CanaryState {
    /// The last look found that the candidate does harm.
    Breached,
    /// Nobody has touched it for long, or its candidate gets no requests: it was forgotten, and blocks deployments.
    Stale,
    /// The stage serves the candidate's deployment with its variables: the canary is all that is left of the release.
    Promoted,
    /// Candidate and baseline are the same deployment: nothing is being tried.
    Attached,
    /// A share of the requests goes to the candidate, and nothing watches it.
    Running,
    /// A share of the requests goes to the candidate, and it is being watched.
    Analysing,
    /// There is none.
    None,
}

impl CanaryState {
    /// For a terminal: `promoted`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Breached => "breached",
            Self::Stale => "stale",
            Self::Promoted => "promoted",
            Self::Attached => "attached",
            Self::Running => "running",
            Self::Analysing => "analysing",
            Self::None => "none",
        }
    }
}

/// A stage's release, in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StageRelease {
    /// What the canary is doing.
    pub state: CanaryState,
    /// Share of the requests that the candidate gets, percent, 0.0 to 100.0.
    pub percent: f64,
    /// What is odd about it and what it blocks, sentences; empty when nothing is.
    pub notes: Vec<String>,
}

impl StageRelease {
    /// Of a stage that is not known.
    #[must_use]
    pub fn unknown() -> Self {
        Self { state: CanaryState::None, percent: 0.0, notes: Vec::new() }
    }
}

/// What is known of a canary besides the stage.
#[derive(Debug, Clone, Copy)]
pub struct CanaryAround {
    /// Now.
    pub now: Timestamp,
    /// After how many days without a change a canary counts as forgotten.
    pub stale_after_days: u16,
    /// What the watch that runs said last; `None` when nothing watches.
    pub watched: Option<CanaryVerdict>,
}

/// The release of a stage. A stage with a canary refuses ordinary deployments until it is promoted or removed
/// (developer guide, "Canary release deployments").
///
/// When a canary was attached AWS does not say. The stage's `lastUpdatedDate` is the latest moment that it can have been:
/// a canary of a stage that nobody changed for a week is at least a week old, and a younger one is never called stale.
#[must_use]
pub fn stage_release(stage: &Stage, around: &CanaryAround) -> StageRelease {
    let Some(canary) = &stage.canary else {
        return StageRelease { state: CanaryState::None, percent: 0.0, notes: Vec::new() };
    };
    let same = stage.deployment_id.as_ref() == Some(&canary.deployment_id);
    let percent = canary.percent_traffic;
    let days = days_unchanged(stage, around.now);
    let old = days.filter(|days| *days >= i64::from(around.stale_after_days) && around.watched.is_none());
    let mut notes = Vec::new();
    let state = match (same, around.watched) {
        (false, Some(CanaryVerdict::Breached)) => {
            notes.push("The last look found the candidate breached: roll back.".to_owned());
            CanaryState::Breached
        }
        (true, _) if percent <= 0.0 => {
            notes.push("The stage serves the candidate's deployment already, and the canary is all that is left. Remove the canary to end the release.".to_owned());
            CanaryState::Promoted
        }
        (true, _) => {
            notes.push("Candidate and baseline are the same deployment: only stage variables can differ. Deploy to the canary, or remove it.".to_owned());
            CanaryState::Attached
        }
        (false, _) if percent <= 0.0 => {
            notes.push("The candidate gets no requests. Raise its share, or remove the canary.".to_owned());
            CanaryState::Stale
        }
        (false, Some(_)) => CanaryState::Analysing,
        (false, None) if old.is_some() => CanaryState::Stale,
        (false, None) => CanaryState::Running,
    };
    if let Some(days) = old {
        notes.push(format!("Nobody has changed this stage for {days} days, so the canary is at least as old."));
    }
    if percent >= 100.0 && !same {
        notes.push("Every request goes to the candidate while the stage still names the old deployment: promote it, or take it back.".to_owned());
    }
    notes.push("Ordinary deployments to this stage are blocked while the canary is attached.".to_owned());
    StageRelease { state, percent, notes }
}

fn days_unchanged(stage: &Stage, now: Timestamp) -> Option<i64> {
    let updated = stage.last_updated.as_deref()?.parse::<Timestamp>().ok()?;
    Some(now.duration_since(updated).as_secs() / SignedDuration::from_hours(24).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Canary;

    const NOW: &str = "2026-03-02T10:00:00Z";
    const YESTERDAY: &str = "2026-03-01T10:00:00Z";
    const LAST_MONTH: &str = "2026-02-01T10:00:00Z";

    fn stage(updated: &str, canary: Option<(&str, f64)>) -> Stage {
        let mut stage: Stage = serde_json::from_str(r#"{"name":"prod"}"#).unwrap();
        stage.deployment_id = Some("d1".into());
        stage.last_updated = Some(updated.to_owned());
        stage.canary =
            canary.map(|(deployment, percent)| Canary { deployment_id: deployment.into(), percent_traffic: percent });
        stage
    }

    #[test]
    fn every_stage_is_in_exactly_one_state() {
        use CanaryVerdict::{Breached, Healthy, Inconclusive};
        for (updated, canary, watched, state) in [
            (LAST_MONTH, None, None, CanaryState::None),
            (LAST_MONTH, None, Some(Healthy), CanaryState::None),
            (YESTERDAY, Some(("d2", 10.0)), None, CanaryState::Running),
            (YESTERDAY, Some(("d2", 100.0)), None, CanaryState::Running),
            (YESTERDAY, Some(("d2", 10.0)), Some(Healthy), CanaryState::Analysing),
            (YESTERDAY, Some(("d2", 10.0)), Some(Inconclusive), CanaryState::Analysing),
            (YESTERDAY, Some(("d2", 10.0)), Some(Breached), CanaryState::Breached),
            (YESTERDAY, Some(("d2", 0.0)), None, CanaryState::Stale),
            (LAST_MONTH, Some(("d2", 10.0)), None, CanaryState::Stale),
            (LAST_MONTH, Some(("d2", 10.0)), Some(Healthy), CanaryState::Analysing),
            (YESTERDAY, Some(("d1", 0.0)), None, CanaryState::Promoted),
            (YESTERDAY, Some(("d1", 0.0)), Some(Breached), CanaryState::Promoted),
            (YESTERDAY, Some(("d1", 10.0)), None, CanaryState::Attached),
        ] {
            let around = CanaryAround { now: NOW.parse().unwrap(), stale_after_days: 7, watched };
            let release = stage_release(&stage(updated, canary), &around);
            assert_eq!(release.state, state, "{updated} {canary:?} {watched:?}");
            assert_eq!(release.notes.is_empty(), state == CanaryState::None, "{canary:?}: what it blocks is said");
        }
    }

    #[test]
    fn a_forgotten_canary_says_for_how_long() {
        let around = CanaryAround { now: NOW.parse().unwrap(), stale_after_days: 7, watched: None };
        let release = stage_release(&stage(LAST_MONTH, Some(("d2", 10.0))), &around);
        assert!(release.notes.iter().any(|note| note.contains("for 29 days")), "{:?}", release.notes);
        let mut unknown = stage(LAST_MONTH, Some(("d2", 10.0)));
        unknown.last_updated = None;
        assert_eq!(stage_release(&unknown, &around).state, CanaryState::Running, "an age that is not known is not old");
    }
}
