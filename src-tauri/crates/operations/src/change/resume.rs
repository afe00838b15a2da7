//! After an interruption: what AWS really has of a change that was never closed, and the two ways on.

use portcullis_domain::{
    change::{Fields, Plan},
    journal::{JournalEvent, Outcome},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use super::{ChangeError, apply::Run, differences, differences_asked, differences_known};

/// What is known of a step of an interrupted change, from the live state and not from the journal: a process can die
/// between the call and its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Live.
    Done,
    /// Not live.
    NotDone,
    /// The target is in a state that this change did not make, or could not be read.
    Unknown,
}

/// An interrupted change against the live state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Interrupted {
    /// The journal's entry.
    pub entry: String,
    /// One per step of the plan.
    pub steps: Vec<StepState>,
    /// Live fields, one per target; `None` where they could not be read.
    #[ts(type = "(Record<string, unknown> | null)[]")]
    pub live: Vec<Option<Fields>>,
}

impl Interrupted {
    /// Whether every step's state is known, so that it can be finished or taken back.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        !self.steps.contains(&StepState::Unknown)
    }
}

/// Reads what is live of an unfinished entry.
pub async fn inspect(plan: &Plan, entry: &str, with: &super::Seams<'_>) -> Interrupted {
    let run = Run { plan, entry, seams: with };
    let mut steps = vec![StepState::Unknown; plan.steps.len()];
    let mut live = Vec::new();
    for (index, target) in plan.targets.iter().enumerate() {
        let Ok(fields) = run.live(target).await else {
            live.push(None);
            continue;
        };
        let of_target: Vec<usize> = (0..plan.steps.len()).filter(|step| plan.steps[*step].target == index).collect();
        // The latest of the plan's states that is live: with two equal states, later means fewer calls to finish.
        let reached = of_target
            .iter()
            .rposition(|step| differences_asked(plan, index, &plan.steps[*step].fields_after, &fields).is_empty())
            .or_else(|| {
                // Where AWS has no number yet, the earliest: what sets it is sent again, which does no harm.
                let fits =
                    |step: &usize| differences_known(plan, index, &plan.steps[*step].fields_after, &fields).is_empty();
                of_target.iter().position(fits)
            })
            .map(|position| position + 1)
            .or_else(|| differences_asked(plan, index, &plan.fields_before[index], &fields).is_empty().then_some(0));
        if let Some(reached) = reached {
            for (position, step) in of_target.into_iter().enumerate() {
                steps[step] = if position < reached { StepState::Done } else { StepState::NotDone };
            }
        }
        live.push(Some(fields));
    }
    Interrupted { entry: entry.to_owned(), steps, live }
}

/// Sends the steps that are not live, reads back, closes the entry.
///
/// # Errors
/// As [`super::apply`]; `Conflict` when a target is in a state that the change did not make.
pub async fn finish(
    plan: &Plan,
    entry: &str,
    with: &super::Seams<'_>,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<(), ChangeError> {
    let run = Run { plan, entry, seams: with };
    let interrupted = inspect(plan, entry, with).await;
    run.refuse_unless_clear(&interrupted)?;
    let pending: Vec<usize> =
        (0..plan.steps.len()).filter(|step| interrupted.steps[*step] == StepState::NotDone).collect();
    // What has happened already needs no permission.
    if !pending.is_empty() {
        run.guards_hold().await?;
    }
    run.steps(&pending, cancel, progress).await?;
    run.verify().await
}

/// Leads every target back to where the change began and closes the entry.
///
/// # Errors
/// `Conflict` as [`finish`]; `Failed` with [`Outcome::Partial`] when a call back failed: the entry stays open.
pub async fn take_back(plan: &Plan, entry: &str, with: &super::Seams<'_>) -> Result<(), ChangeError> {
    let run = Run { plan, entry, seams: with };
    let interrupted = inspect(plan, entry, with).await;
    run.refuse_unless_clear(&interrupted)?;
    match run.restore_all().await {
        Ok(()) => {
            run.close(Outcome::RolledBack, "interrupted; what had been done was taken back");
            Ok(())
        }
        Err(problem) => Err(ChangeError::Failed {
            entry: entry.to_owned(),
            outcome: Outcome::Partial,
            summary: format!("taking back stopped: {problem}; the entry stays open"),
            source: None,
        }),
    }
}

impl Run<'_> {
    fn refuse_unless_clear(&self, interrupted: &Interrupted) -> Result<(), ChangeError> {
        if interrupted.is_clear() {
            return Ok(());
        }
        if let Err(reason) = self.record(JournalEvent::Observed { fields: interrupted.live.clone() }) {
            return Err(ChangeError::from(reason));
        }
        // A target whose steps are only not sent yet is as it should be.
        let strange = |index: usize| {
            let states = self.plan.steps.iter().zip(&interrupted.steps);
            states.filter(|(step, _)| step.target == index).any(|(_, state)| *state == StepState::Unknown)
        };
        let found =
            interrupted.live.iter().enumerate().filter(|(index, _)| strange(*index)).filter_map(|(index, live)| {
                let expected = self.plan.fields_expected(index)?;
                Some(differences(index, expected, live.as_ref()?))
            });
        Err(ChangeError::Conflict { entry: self.entry.to_owned(), differences: found.flatten().collect() })
    }
}
