//! What is agreed when a release begins.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::canary::CanaryCriteria;

/// The longest watch, minutes.
const LONGEST: u32 = 1440;
/// The most steps.
const STEPS: usize = 20;

/// What the console does about a breach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseMode {
    /// Nothing: it shows the verdict.
    #[default]
    Observe,
    /// It asks a person.
    Recommend,
    /// It removes the canary by itself, and says so.
    Automatic,
}

/// A share and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseStep {
    /// Share of the requests, percent, over 0 to 100.
    pub percent: f64,
    /// How long the candidate has to be healthy at it, minutes.
    pub minutes: u32,
}

/// What a candidate is held to, what is done about a breach, and by which steps it is widened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ReleaseTerms {
    /// What the candidate is held to. With steps, `minutes` is theirs.
    pub criteria: CanaryCriteria,
    /// What is done about a breach.
    pub mode: ReleaseMode,
    /// Shares, one after the other, each only when the candidate was healthy over the one before; empty for none.
    pub steps: Vec<ReleaseStep>,
}

impl ReleaseTerms {
    /// What is wrong with them, a sentence; `None` when they can be agreed to.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        if let Some(problem) = self.criteria.problem() {
            return Some(problem);
        }
        if self.steps.is_empty() {
            return None;
        }
        if self.mode == ReleaseMode::Observe {
            return Some("Who only observes widens nothing: choose recommend or automatic for steps.".to_owned());
        }
        if self.steps.len() > STEPS {
            return Some(format!("A step plan has at most {STEPS} steps."));
        }
        for step in &self.steps {
            if !(step.percent > 0.0 && step.percent <= 100.0) {
                return Some(format!("A step's share is over 0 and at most 100 percent; {} is not.", step.percent));
            }
            if !(1..=LONGEST).contains(&step.minutes) {
                return Some(format!("A step takes 1 to {LONGEST} minutes; {} are not.", step.minutes));
            }
        }
        if self.steps.windows(2).any(|pair| pair[0].percent >= pair[1].percent) {
            return Some("Each step's share is higher than the one before.".to_owned());
        }
        let sum: u32 = self.steps.iter().map(|step| step.minutes).sum();
        (sum * 2 > LONGEST).then(|| format!("A step plan takes at most {} minutes in all.", LONGEST / 2))
    }

    /// How long the watch takes at most, minutes: with steps, twice their time, so that one that is not conclusive can be
    /// waited for.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        let steps: u32 = self.steps.iter().map(|step| step.minutes).sum();
        if steps == 0 { self.criteria.minutes } else { (steps * 2).min(LONGEST) }
    }

    /// Whether the console may change the stage by itself.
    #[must_use]
    pub fn acts(&self) -> bool {
        self.mode == ReleaseMode::Automatic || !self.steps.is_empty()
    }

    /// What a person agrees to, a sentence or two.
    #[must_use]
    pub fn words(&self) -> String {
        let breach = match self.mode {
            ReleaseMode::Observe => "When the candidate is breached, the console shows it and does nothing.",
            ReleaseMode::Recommend => "When the candidate is breached, the console asks a person.",
            ReleaseMode::Automatic => "When the candidate is breached, the console removes the canary by itself.",
        };
        if self.steps.is_empty() {
            return format!("{breach} It widens and promotes nothing by itself.");
        }
        let steps: Vec<String> =
            self.steps.iter().map(|step| format!("{} % for {} minutes", step.percent, step.minutes)).collect();
        format!(
            "{breach} While it is healthy, the console widens its share by itself: {}. It promotes nothing by itself.",
            steps.join(", ")
        )
    }
}
