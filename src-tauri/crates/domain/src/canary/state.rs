//! The state of a stage's canary, from the stage alone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::Stage;

/// What a stage's canary is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CanaryState {
    /// A share of the requests goes to the candidate.
    Running,
    /// Candidate and baseline are the same deployment, and overrides may be all that differs: promoted, and not removed.
    Promoted,
    /// A candidate that gets no requests: it was stopped, and not removed.
    Idle,
    /// There is none.
    None,
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

/// The release of a stage. A stage with a canary refuses ordinary deployments until it is promoted or removed
/// (developer guide, "Canary release deployments").
#[must_use]
pub fn stage_release(stage: &Stage) -> StageRelease {
    let Some(canary) = &stage.canary else {
        return StageRelease { state: CanaryState::None, percent: 0.0, notes: Vec::new() };
    };
    let same = stage.deployment_id.as_ref() == Some(&canary.deployment_id);
    let mut notes = Vec::new();
    let state = match (same, canary.percent_traffic > 0.0) {
        (true, _) => {
            notes.push("Candidate and baseline are the same deployment: it was promoted, or never had one of its own. Remove the canary to end the release.".to_owned());
            CanaryState::Promoted
        }
        (false, false) => {
            notes.push("The candidate gets no requests. Raise its share, or remove the canary.".to_owned());
            CanaryState::Idle
        }
        (false, true) => CanaryState::Running,
    };
    if canary.percent_traffic >= 100.0 && !same {
        notes.push("Every request goes to the candidate while the stage still names the old deployment: promote it, or take it back.".to_owned());
    }
    notes.push("Ordinary deployments to this stage are blocked while the canary is attached.".to_owned());
    StageRelease { state, percent: canary.percent_traffic, notes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Canary;

    fn stage(deployment: &str, canary: Option<(&str, f64)>) -> Stage {
        let mut stage: Stage = serde_json::from_str(r#"{"name":"prod"}"#).unwrap();
        stage.deployment_id = Some(deployment.into());
        stage.canary =
            canary.map(|(deployment, percent)| Canary { deployment_id: deployment.into(), percent_traffic: percent });
        stage
    }

    #[test]
    fn every_stage_is_in_exactly_one_state() {
        for (canary, state) in [
            (None, CanaryState::None),
            (Some(("d2", 10.0)), CanaryState::Running),
            (Some(("d2", 100.0)), CanaryState::Running),
            (Some(("d2", 0.0)), CanaryState::Idle),
            (Some(("d1", 0.0)), CanaryState::Promoted),
            (Some(("d1", 10.0)), CanaryState::Promoted),
        ] {
            let release = stage_release(&stage("d1", canary));
            assert_eq!(release.state, state, "{canary:?}");
            assert_eq!(release.notes.is_empty(), state == CanaryState::None, "{canary:?}: what it blocks is said");
        }
    }
}
