//! Applying a plan.

use jiff::Timestamp;
use portcullis_domain::{
    change::{AwsCall, Fields, Plan, PlanStep, PlanTarget, calls_between},
    journal::{Actor, JournalEvent, Outcome},
};
use tokio_util::sync::CancellationToken;

use super::{
    CallFailure, Certainty, ChangeError, Difference, LedgerFailure, Seams, differences, differences_asked,
    differences_in_content, differences_known, watched,
};

/// What is needed besides the plan.
#[derive(Debug, Clone)]
pub struct Apply {
    /// Id of the journal's entry, new.
    pub entry: String,
    /// Who.
    pub actor: Actor,
    /// In the person's words.
    pub reason: String,
    /// The entry that this change undoes, if it does.
    pub follows: Option<String>,
    /// Stops the change between two calls.
    pub cancel: CancellationToken,
}

/// A change that is done and was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The journal's entry.
    pub entry: String,
    /// AWS's request ids, one per step where AWS gave one.
    pub request_ids: Vec<Option<String>>,
}

/// Applies a plan: journal, check, call, read back, close. `progress` is told the number of steps done.
///
/// # Errors
/// [`ChangeError`]: every variant says what the account is like afterwards.
pub async fn apply(
    plan: &Plan,
    with: &Apply,
    seams: &Seams<'_>,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Applied, ChangeError> {
    if plan.is_empty() {
        return Err(ChangeError::NothingToDo);
    }
    let run = Run { plan, entry: &with.entry, seams };
    run.record(JournalEvent::Opened {
        actor: with.actor.clone(),
        reason: with.reason.clone(),
        plan: Box::new(plan.clone()),
        follows: with.follows.clone(),
    })
    .map_err(ChangeError::from)?;
    run.check_nothing_moved().await?;
    run.check_guards().await?;
    let every: Vec<usize> = (0..plan.steps.len()).collect();
    let request_ids = run.steps(&every, &with.cancel, progress).await?;
    run.verify().await?;
    Ok(Applied { entry: with.entry.clone(), request_ids })
}

/// One entry of the journal being worked on.
pub(super) struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) entry: &'a str,
    pub(super) seams: &'a Seams<'a>,
}

impl Run<'_> {
    pub(super) fn record(&self, event: JournalEvent) -> Result<(), LedgerFailure> {
        self.seams.ledger.append(self.entry, event).map(drop)
    }

    /// Closes the entry. A journal that fails now leaves the entry open, which the next start shows: the truth, only
    /// later.
    pub(super) fn close(&self, outcome: Outcome, message: &str) {
        if let Err(reason) = self.record(JournalEvent::Closed { outcome, message: message.to_owned() }) {
            tracing::error!(entry = self.entry, %reason, "the journal's entry could not be closed");
        }
    }

    pub(super) async fn live(&self, target: &PlanTarget) -> Result<Fields, CallFailure> {
        Ok(watched(&self.seams.gateway.observe(target).await?, &self.plan.watched))
    }

    async fn check_nothing_moved(&self) -> Result<(), ChangeError> {
        let mut found = Vec::new();
        let mut observed = Vec::new();
        for (index, (target, before)) in self.plan.targets.iter().zip(&self.plan.fields_before).enumerate() {
            match self.live(target).await {
                Ok(live) => {
                    found.extend(differences(index, before, &live));
                    observed.push(Some(live));
                }
                Err(source) => {
                    self.close(Outcome::Refused, &source.message);
                    return Err(ChangeError::Unreadable { entry: self.entry.to_owned(), source });
                }
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        if let Err(reason) = self.record(JournalEvent::Observed { fields: observed }) {
            tracing::error!(entry = self.entry, %reason, "the conflict's live state could not be journalled");
        }
        let conflict = ChangeError::Conflict { entry: self.entry.to_owned(), differences: found };
        self.close(Outcome::Conflict, &conflict.to_string());
        Err(conflict)
    }

    /// Refuses when something that the change depends on is not as it must be, and closes the entry.
    async fn check_guards(&self) -> Result<(), ChangeError> {
        let failed = self.guards_hold().await;
        match &failed {
            Err(ChangeError::Unreadable { source, .. }) => self.close(Outcome::Refused, &source.message),
            Err(error) => self.close(Outcome::Conflict, &error.to_string()),
            Ok(()) => {}
        }
        failed
    }

    /// Sends these steps, in order.
    pub(super) async fn steps(
        &self,
        steps: &[usize],
        cancel: &CancellationToken,
        progress: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<Vec<Option<String>>, ChangeError> {
        let mut request_ids = Vec::new();
        let mut sent: Vec<usize> = Vec::new();
        for &step in steps {
            if cancel.is_cancelled() {
                return Err(self.stopped(step));
            }
            if let Err(failure) = self.check_built_upon(step, &sent).await {
                let message = failure.message.clone();
                return Err(self.give_up(step, Some(failure), &message).await);
            }
            sent.push(step);
            if let Err(reason) = self.record(JournalEvent::StepStarted { step }) {
                return Err(self.give_up(step, None, &format!("the journal cannot be written ({reason})")).await);
            }
            match self.step(step, cancel).await {
                Ok(request_id) => request_ids.push(request_id),
                Err(failure) if failure.is_lost_race() && step == 0 => return Err(self.lost_race(failure).await),
                Err(failure) if failure.certainty == Certainty::Stopped => {
                    self.failed(step, &failure);
                    return Err(self.stopped(step));
                }
                Err(failure) => {
                    let message = failure.message.clone();
                    return Err(self.give_up(step, Some(failure), &message).await);
                }
            }
            progress(step + 1);
        }
        Ok(request_ids)
    }

    /// A step that builds on an earlier one of the same target is sent only when that one is seen to have had its
    /// effect: a canary is not removed before what it became is live.
    async fn check_built_upon(&self, step: usize, sent: &[usize]) -> Result<(), CallFailure> {
        let index = self.plan.steps[step].target;
        if sent.iter().all(|earlier| self.plan.steps[*earlier].target != index) {
            return Ok(());
        }
        let target = &self.plan.targets[index];
        let live = self.live(target).await?;
        let mut found = differences_known(self.plan, index, self.fields_before_step(step), &live);
        // What is left of a quota is set, whatever it was: a key that comes back into a plan may find what it had.
        if matches!(self.plan.steps[step].call, AwsCall::UpdateUsage { .. }) {
            found.retain(|difference| difference.field != "remaining");
        }
        let Some(first) = found.first() else { return Ok(()) };
        Err(CallFailure {
            certainty: Certainty::Refused,
            code: "NotAsPlanned".to_owned(),
            message: format!(
                "{} is not what the step before it should have made of it ({} differs), so no further step was sent",
                target.label(),
                first.field
            ),
            request_id: None,
        })
    }

    /// Somebody was faster between the check and the call, and AWS itself has seen it: a conflict like any other.
    async fn lost_race(&self, failure: CallFailure) -> ChangeError {
        let target = &self.plan.targets[self.plan.steps[0].target];
        let found = match self.live(target).await {
            Ok(live) => differences(0, &self.plan.fields_before[0], &live),
            Err(unread) => {
                tracing::warn!(entry = self.entry, code = unread.code, "what is live after a conflict is not known");
                Vec::new()
            }
        };
        self.close(Outcome::Conflict, &failure.message);
        ChangeError::Conflict { entry: self.entry.to_owned(), differences: found }
    }

    /// One call; when its answer was lost, reading back decides whether it happened. A call that did not happen is
    /// sent once more only when sending it twice would do no harm.
    async fn step(&self, step: usize, stop: &CancellationToken) -> Result<Option<String>, CallFailure> {
        let planned = &self.plan.steps[step];
        let target = &self.plan.targets[planned.target];
        let mut attempts_left = if planned.call.is_idempotent() { 2 } else { 1 };
        loop {
            attempts_left -= 1;
            let begun = self.seams.clock.now();
            let failure = match self.seams.gateway.send(target, &planned.call, stop).await {
                Ok(sent) => {
                    self.done(step, sent.request_id.clone(), begun);
                    return Ok(sent.request_id);
                }
                Err(failure) => failure,
            };
            // A second attempt that comes too late for WAF's version may be too late for the first.
            let retried = attempts_left == 0 && planned.call.is_idempotent();
            if failure.certainty == Certainty::Unknown || (retried && failure.is_lost_race()) {
                let live = self.live(target).await?;
                if differences_asked(self.plan, planned.target, &planned.fields_after, &live).is_empty() {
                    self.done(step, failure.request_id.clone(), begun);
                    return Ok(failure.request_id);
                }
                let before = self.fields_before_step(step);
                let untouched = differences_asked(self.plan, planned.target, before, &live).is_empty();
                if untouched && attempts_left > 0 {
                    continue;
                }
            }
            return Err(failure);
        }
    }

    fn done(&self, step: usize, request_id: Option<String>, begun: Timestamp) {
        let millis = u64::try_from(self.seams.clock.now().duration_since(begun).as_millis()).unwrap_or(0);
        if let Err(reason) = self.record(JournalEvent::StepDone { step, request_id, millis }) {
            // The step is done whether or not it is written: the next start reads what is live.
            tracing::error!(entry = self.entry, step, %reason, "a step that is done could not be journalled");
        }
    }

    fn failed(&self, step: usize, failure: &CallFailure) {
        let (code, message) = match failure.certainty {
            Certainty::Stopped => (failure.code.clone(), "stopped while it waited for its turn: not sent".to_owned()),
            Certainty::Refused | Certainty::Unknown => (failure.code.clone(), failure.message.clone()),
        };
        let event = JournalEvent::StepFailed { step, code, message, request_id: failure.request_id.clone() };
        if let Err(reason) = self.record(event) {
            tracing::error!(entry = self.entry, step, %reason, "a failed step could not be journalled");
        }
    }

    /// What the target was like before this step, by the plan.
    pub(super) fn fields_before_step(&self, step: usize) -> &Fields {
        let target = self.plan.steps[step].target;
        let earlier = self.plan.steps[..step].iter().rev().find(|earlier| earlier.target == target);
        earlier.map_or(&self.plan.fields_before[target], |earlier| &earlier.fields_after)
    }

    fn stopped(&self, next: usize) -> ChangeError {
        let summary = match next {
            0 => "stopped before the first call: nothing was changed".to_owned(),
            _ => format!(
                "stopped: steps 1 to {next} of {} are done and stay, the rest was not sent; undo takes them back",
                self.plan.steps.len()
            ),
        };
        let outcome = if next == 0 { Outcome::Refused } else { Outcome::Partial };
        self.close(outcome, &summary);
        ChangeError::Failed { entry: self.entry.to_owned(), outcome, summary, source: None }
    }

    /// A step failed: takes back what was done, where that is safe, and says what is the case.
    async fn give_up(&self, step: usize, failure: Option<CallFailure>, why: &str) -> ChangeError {
        if let Some(failure) = &failure {
            self.failed(step, failure);
        }
        let certain = failure.as_ref().is_none_or(|failure| failure.certainty == Certainty::Refused);
        let (outcome, summary) = match (step, certain) {
            (0, true) => (Outcome::Refused, format!("nothing was changed: {why}")),
            _ => match self.restore_all().await {
                Ok(()) if step == 0 => (Outcome::Refused, format!("nothing was changed: {why}")),
                Ok(()) => (
                    Outcome::RolledBack,
                    format!(
                        "step {} of {} failed and the steps before it were taken back: {why}",
                        step + 1,
                        self.plan.steps.len()
                    ),
                ),
                Err(problem) => (
                    Outcome::Partial,
                    format!(
                        "step {} of {} failed ({why}) and what was done before it stays, because {problem}; look at the live state, then undo or finish this entry",
                        step + 1,
                        self.plan.steps.len()
                    ),
                ),
            },
        };
        self.close(outcome, &summary);
        ChangeError::Failed { entry: self.entry.to_owned(), outcome, summary, source: failure }
    }

    /// Leads every target back to where the plan began, last first. Stops at the first that cannot be.
    pub(super) async fn restore_all(&self) -> Result<(), String> {
        let mut guarded = false;
        for (index, target) in self.plan.targets.iter().enumerate().rev() {
            let live = self.live(target).await.map_err(|failure| failure.message)?;
            let before = &self.plan.fields_before[index];
            if differences_in_content(index, before, &live).is_empty() {
                continue;
            }
            let is_after = |step: &PlanStep| {
                step.target == index && differences_known(self.plan, index, &step.fields_after, &live).is_empty()
            };
            let ours = self.plan.steps.iter().any(is_after);
            if !ours {
                return Err(format!("{} is in a state that this change did not make", target.label()));
            }
            let Some(calls) = calls_between(target, &live, before) else {
                return Err(format!("no call leads {} back", target.label()));
            };
            if !std::mem::replace(&mut guarded, true) {
                self.way_back_is_safe().await?;
            }
            for call in calls {
                // Nobody stops the way back: half of it is worse than all or nothing.
                self.seams
                    .gateway
                    .send(target, &call, &CancellationToken::new())
                    .await
                    .map_err(|failure| failure.message)?;
            }
            let after = self.live(target).await.map_err(|failure| failure.message)?;
            if !differences_in_content(index, before, &after).is_empty() {
                return Err(format!("{} did not come back as it was", target.label()));
            }
        }
        Ok(())
    }

    /// Reads every target back and compares with the plan.
    pub(super) async fn verify(&self) -> Result<(), ChangeError> {
        let (mut found, mut unforeseen) = (Vec::<Difference>::new(), 0);
        let mut observed = Vec::new();
        for (index, target) in self.plan.targets.iter().enumerate() {
            match self.live(target).await {
                Ok(live) => {
                    if let Some(expected) = self.plan.fields_expected(index) {
                        let asked = differences_known(self.plan, index, expected, &live);
                        unforeseen += differences(index, expected, &live).len() - asked.len();
                        found.extend(asked);
                    }
                    observed.push(Some(live));
                }
                Err(failure) => {
                    tracing::warn!(entry = self.entry, code = failure.code, "a target could not be read back");
                    observed.push(None);
                }
            }
        }
        let unread = observed.iter().filter(|fields| fields.is_none()).count();
        if let Err(reason) = self.record(JournalEvent::Observed { fields: observed }) {
            tracing::error!(entry = self.entry, %reason, "the read-back could not be journalled");
        }
        if !found.is_empty() {
            let mismatch = ChangeError::Mismatch { entry: self.entry.to_owned(), differences: found };
            self.close(Outcome::Mismatch, &mismatch.to_string());
            return Err(mismatch);
        }
        let message = match (unread, unforeseen) {
            (0, 0) => "applied and read back as planned".to_owned(),
            (0, _) => format!(
                "applied and read back as asked; {unforeseen} further fields were written otherwise than AWS was recorded to write them"
            ),
            _ => format!("applied; {unread} of {} targets could not be read back", self.plan.targets.len()),
        };
        self.close(Outcome::Applied, &message);
        Ok(())
    }
}
