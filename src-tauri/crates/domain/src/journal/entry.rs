//! Records -> entries: what a person reads as one change.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Actor, JournalEvent, JournalRecord, Outcome};
use crate::change::Plan;

/// What the journal says of a step. After a crash only the live state tells whether a step that was `Started` happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum JournalStepState {
    /// Nothing was written of it.
    #[default]
    NotStarted,
    /// It was about to be sent.
    Started,
    /// AWS answered with success.
    Done,
    /// It failed, or its answer was lost.
    Failed,
}

/// A step as the journal has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalStep {
    /// How far it came.
    pub state: JournalStepState,
    /// AWS's request id.
    #[ts(optional = nullable)]
    pub request_id: Option<String>,
    /// How long the call took, ms.
    #[ts(optional = nullable, type = "number")]
    pub millis: Option<u64>,
    /// Why it failed.
    #[ts(optional = nullable)]
    pub message: Option<String>,
}

/// One change, or one note, put together from its records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// The entry's id.
    pub id: String,
    /// RFC 3339.
    pub opened_at: String,
    /// RFC 3339; absent while the change is under way, and when it was interrupted.
    #[ts(optional = nullable)]
    pub closed_at: Option<String>,
    /// Who.
    pub actor: Actor,
    /// Why, in the person's words; of a note, the note.
    pub reason: String,
    /// The entry that this one undoes.
    #[ts(optional = nullable)]
    pub follows: Option<String>,
    /// Later entries that undo this one and were applied.
    pub undone_by: Vec<String>,
    /// The plan; a note has none.
    #[ts(optional = nullable)]
    pub plan: Option<Box<Plan>>,
    /// How it ended; absent when it did not.
    #[ts(optional = nullable)]
    pub outcome: Option<Outcome>,
    /// What was said at the end.
    #[ts(optional = nullable)]
    pub message: Option<String>,
    /// One per step of the plan.
    pub steps: Vec<JournalStep>,
}

impl JournalEntry {
    /// Whether it is a change that was begun and never closed.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.plan.is_some() && self.outcome.is_none()
    }

    /// AWS's request ids, by which CloudTrail's events are recognised as this console's.
    pub fn request_ids(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| step.request_id.as_deref())
    }
}

/// Puts records, oldest first, together to entries, oldest first. A record of an entry that was never opened is left
/// out: [`super::verify`] is what finds it.
#[must_use]
pub fn entries<'a>(records: impl IntoIterator<Item = &'a JournalRecord>) -> Vec<JournalEntry> {
    let mut entries: Vec<JournalEntry> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for record in records {
        let opened = match &record.event {
            JournalEvent::Opened { actor, reason, plan, follows } => {
                Some((actor, reason, Some(plan.clone()), follows.clone()))
            }
            JournalEvent::Noted { actor, message } => Some((actor, message, None, None)),
            _ => None,
        };
        if let Some((actor, reason, plan, follows)) = opened {
            let is_note = plan.is_none();
            at.insert(&record.entry, entries.len());
            entries.push(JournalEntry {
                id: record.entry.clone(),
                opened_at: record.at.clone(),
                closed_at: is_note.then(|| record.at.clone()),
                actor: actor.clone(),
                reason: reason.clone(),
                follows,
                undone_by: Vec::new(),
                steps: vec![JournalStep::default(); plan.as_ref().map_or(0, |plan| plan.steps.len())],
                plan,
                outcome: None,
                message: None,
            });
        } else if let Some(entry) = at.get(record.entry.as_str()).and_then(|index| entries.get_mut(*index)) {
            add(entry, record);
        }
    }
    let undone: Vec<(String, String)> = entries
        .iter()
        .filter(|entry| entry.outcome == Some(Outcome::Applied))
        .filter_map(|entry| Some((entry.follows.clone()?, entry.id.clone())))
        .collect();
    for (of, by) in undone {
        if let Some(entry) = at.get(of.as_str()).and_then(|index| entries.get_mut(*index)) {
            entry.undone_by.push(by);
        }
    }
    entries
}

fn add(entry: &mut JournalEntry, record: &JournalRecord) {
    match &record.event {
        JournalEvent::StepStarted { step } => {
            if let Some(step) = entry.steps.get_mut(*step) {
                *step = JournalStep { state: JournalStepState::Started, ..JournalStep::default() };
            }
        }
        JournalEvent::StepDone { step, request_id, millis } => {
            if let Some(step) = entry.steps.get_mut(*step) {
                *step = JournalStep {
                    state: JournalStepState::Done,
                    request_id: request_id.clone(),
                    millis: Some(*millis),
                    message: None,
                };
            }
        }
        JournalEvent::StepFailed { step, code, message, request_id } => {
            if let Some(step) = entry.steps.get_mut(*step) {
                *step = JournalStep {
                    state: JournalStepState::Failed,
                    request_id: request_id.clone(),
                    millis: None,
                    message: Some(format!("{code}: {message}")),
                };
            }
        }
        JournalEvent::Closed { outcome, message } => {
            entry.outcome = Some(*outcome);
            entry.message = Some(message.clone());
            entry.closed_at = Some(record.at.clone());
        }
        JournalEvent::Observed { .. } | JournalEvent::Opened { .. } | JournalEvent::Noted { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::ChainHead;

    fn records(events: &[(&str, JournalEvent)]) -> Vec<JournalRecord> {
        let mut head = ChainHead::default();
        events
            .iter()
            .enumerate()
            .map(|(second, (entry, event))| {
                let at = format!("2026-03-01T10:00:{second:02}Z");
                let record = head.append(at, (*entry).to_owned(), event.clone()).unwrap();
                head = record.head();
                record
            })
            .collect()
    }

    fn opened(follows: Option<&str>) -> JournalEvent {
        let words = crate::change::PlanWords { title: "lower".to_owned(), ..Default::default() };
        let mut plan = crate::change::assemble(words, Vec::new()).unwrap();
        let target = crate::change::PlanTarget::UsagePlan {
            context: "demo".to_owned(),
            usage_plan_id: "u1".to_owned(),
            plan_name: "small".to_owned(),
        };
        let call = crate::change::AwsCall::UpdateUsagePlan { usage_plan_id: "u1".to_owned(), patch_operations: vec![] };
        plan.targets.push(target);
        plan.steps.push(crate::change::PlanStep {
            target: 0,
            command: String::new(),
            iam_action: call.iam_action().to_owned(),
            resource_arn: String::new(),
            fields_after: crate::change::Fields::new(),
            call,
        });
        JournalEvent::Opened {
            actor: Actor { caller_arn: "arn".to_owned(), local_user: "ana".to_owned() },
            reason: "because".to_owned(),
            plan: Box::new(plan),
            follows: follows.map(str::to_owned),
        }
    }

    fn closed() -> JournalEvent {
        JournalEvent::Closed { outcome: Outcome::Applied, message: "done".to_owned() }
    }

    #[test]
    fn a_change_and_its_undo_know_each_other() {
        let entries = entries(&records(&[
            ("e1", opened(None)),
            ("e1", JournalEvent::StepStarted { step: 0 }),
            ("e1", JournalEvent::StepDone { step: 0, request_id: Some("r1".to_owned()), millis: 12 }),
            ("e1", closed()),
            ("e2", opened(Some("e1"))),
            ("e2", closed()),
        ]));
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].undone_by, ["e2"]);
        assert_eq!(entries[0].request_ids().collect::<Vec<_>>(), ["r1"]);
        assert_eq!(entries[0].closed_at.as_deref(), Some("2026-03-01T10:00:03Z"));
        assert_eq!(entries[1].follows.as_deref(), Some("e1"));
    }

    #[test]
    fn a_change_that_was_interrupted_has_no_end() {
        let entries = entries(&records(&[("e1", opened(None)), ("e1", JournalEvent::StepStarted { step: 0 })]));
        assert!(entries[0].is_unfinished());
        assert_eq!(entries[0].steps[0].state, JournalStepState::Started);
    }

    #[test]
    fn an_undo_that_failed_undoes_nothing() {
        let refused = JournalEvent::Closed { outcome: Outcome::Refused, message: "no".to_owned() };
        let entries =
            entries(&records(&[("e1", opened(None)), ("e1", closed()), ("e2", opened(Some("e1"))), ("e2", refused)]));
        assert!(entries[0].undone_by.is_empty());
    }
}
