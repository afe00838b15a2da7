//! A release under watch: what was agreed when it began, how it stands, and what comes next. Pure: looking and acting are
//! done elsewhere, and time is handed over.

mod decide;
mod next;
mod terms;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CanaryVerdict, Judgement};
use crate::{
    change::{Fields, PlanTarget},
    journal::Actor,
};

pub use decide::{ReleaseDecision, decide};
pub use next::{minutes_left, what_comes_next};
pub use terms::{ReleaseMode, ReleaseStep, ReleaseTerms};

/// Between two looks.
pub const LOOK_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// After so long without a look somebody should know that nobody looked.
const UNNOTICED: SignedDuration = SignedDuration::from_secs(150);
/// So many gaps are remembered, the latest.
const GAPS: usize = 20;

/// How a release stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    /// It is looked at every minute.
    Watching,
    /// Its time is over, and the candidate was healthy.
    Healthy,
    /// Its time is over, and too little is known.
    Inconclusive,
    /// Its time is over, and the candidate does harm: a person has to act.
    Breached,
    /// The console removed the canary by itself.
    RolledBack,
    /// Somebody promoted the candidate.
    Promoted,
    /// Somebody removed the canary.
    Removed,
    /// Somebody changed the stage: the release stopped acting.
    Conflict,
    /// A person ended the watch.
    Stopped,
}

/// A span of time that nobody watched. What happened in it is read from CloudWatch afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseGap {
    /// RFC 3339.
    pub from: Timestamp,
    /// RFC 3339.
    pub to: Timestamp,
    /// Why, a sentence.
    pub why: String,
}

/// What the console was about to do, written down before it was begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseIntent {
    /// The journal's entry.
    pub entry: String,
    /// The share to set; absent for removing the canary.
    #[ts(optional = nullable)]
    pub percent: Option<f64>,
}

/// A release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Its name.
    pub id: String,
    /// The stage.
    pub target: PlanTarget,
    /// The candidate's deployment.
    pub candidate: String,
    /// What was agreed.
    pub terms: ReleaseTerms,
    /// The template that the terms came from.
    #[ts(optional = nullable)]
    pub template: Option<String>,
    /// When it began.
    pub begun: Timestamp,
    /// From when on requests count.
    pub since: Timestamp,
    /// When it ends.
    pub deadline: Timestamp,
    /// Who began it.
    pub begun_by: Actor,
    /// What the person confirmed, a sentence.
    pub confirmation: String,
    /// The journal's entry of that; absent where the console may only look.
    #[ts(optional = nullable)]
    pub confirmed_in: Option<String>,
    /// What the stage is like as far as this release knows: anything else was somebody else.
    #[ts(type = "Record<string, unknown>")]
    pub expected: Fields,
    /// Which step of the terms is on, from 0.
    pub step: usize,
    /// Since when.
    pub step_since: Timestamp,
    /// How it stands.
    pub state: ReleaseState,
    /// The same in a sentence.
    pub words: String,
    /// The last verdict and why; absent before the first look.
    #[ts(optional = nullable)]
    pub judgement: Option<Judgement>,
    /// When it was last looked at.
    #[ts(optional = nullable)]
    pub looked: Option<Timestamp>,
    /// How often.
    pub looks: u32,
    /// When nobody looked, or a look failed; the latest.
    pub gaps: Vec<ReleaseGap>,
    /// What is being done right now.
    #[ts(optional = nullable)]
    pub intent: Option<ReleaseIntent>,
    /// What the console could not do, a sentence; it tries again at the next look.
    #[ts(optional = nullable)]
    pub trouble: Option<String>,
    /// Entries of the journal that this release made.
    pub entries: Vec<String>,
    /// When it ended.
    #[ts(optional = nullable)]
    pub ended: Option<Timestamp>,
}

impl Release {
    /// Whether it is looked at.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state == ReleaseState::Watching
    }

    /// Whether a look is due. After a clock that was set back it is: protection waits for no clock to catch up.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.is_running() && self.looked.is_none_or(|looked| looked > now || now.duration_since(looked) >= LOOK_EVERY)
    }

    /// Notes that it was looked at, with what was seen; a span without any look before is a gap.
    pub fn looked_at(&mut self, now: Timestamp, judgement: Judgement) {
        self.note_absence(now);
        self.looks += 1;
        self.looked = Some(now);
        self.judgement = Some(judgement);
    }

    /// Notes that a look failed. What was known before stands no longer: the verdict is inconclusive.
    pub fn look_failed(&mut self, now: Timestamp, why: &str) {
        self.note_absence(now);
        self.looks += 1;
        let from = self.looked.unwrap_or(self.begun);
        self.looked = Some(now);
        self.judgement = Some(Judgement {
            verdict: CanaryVerdict::Inconclusive,
            reasons: vec![format!("The last look failed: {why}")],
        });
        self.gap(from, now, why);
    }

    fn note_absence(&mut self, now: Timestamp) {
        let last = self.looked.unwrap_or(self.begun);
        if now.duration_since(last) > UNNOTICED {
            self.gap(last, now, "The program did not run, or the context was not open.");
        }
    }

    fn gap(&mut self, from: Timestamp, to: Timestamp, why: &str) {
        match self.gaps.last_mut() {
            Some(last) if last.to >= from && last.why == why => last.to = to,
            _ => self.gaps.push(ReleaseGap { from, to, why: why.to_owned() }),
        }
        let over = self.gaps.len().saturating_sub(GAPS);
        self.gaps.drain(..over);
    }

    /// Ends it.
    pub fn end(&mut self, now: Timestamp, state: ReleaseState, words: impl Into<String>) {
        (self.state, self.words, self.ended) = (state, words.into(), Some(now));
        self.intent = None;
    }

    /// The step that is on; `None` for a release without steps.
    #[must_use]
    pub fn current_step(&self) -> Option<ReleaseStep> {
        self.terms.steps.get(self.step).copied()
    }
}

#[cfg(test)]
mod tests;
