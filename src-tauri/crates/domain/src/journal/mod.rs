//! The journal: an append-only list of records, each carrying the hash of the one before.
//!
//! A change is an *entry*: several records under one entry id, from `Opened` (durable before the first call) to
//! `Closed`. An entry without `Closed` is a change that was interrupted. Records never change; what happens later is a
//! further record.
//!
//! The chain finds records that were changed, removed, reordered or inserted by somebody who does not recompute every
//! later hash and the head that is kept beside the list. It is evidence against mistakes and casual tampering, not
//! against an attacker who owns the machine: export the journal for that.

mod entry;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use ts_rs::TS;

use crate::change::{Fields, Plan};

pub use entry::{JournalEntry, JournalStep, JournalStepState, entries};

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// ARN that AWS sees.
    pub caller_arn: String,
    /// The user of this machine.
    pub local_user: String,
}

/// How an entry ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every step was done and read back as planned.
    Applied,
    /// Some steps were done; what was done was taken back.
    RolledBack,
    /// Some steps are done and stay: a person has to decide.
    Partial,
    /// The live state was no longer what the plan was made from; nothing was called.
    Conflict,
    /// The first call was refused; nothing changed.
    Refused,
    /// Every call was accepted, and what is live afterwards is not what was planned.
    Mismatch,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum JournalEvent {
    /// A change begins.
    Opened {
        /// Who.
        actor: Actor,
        /// In the person's words.
        reason: String,
        /// The plan in full.
        plan: Box<Plan>,
        /// The entry that this one undoes or finishes, if it does.
        #[serde(default)]
        #[ts(optional = nullable)]
        follows: Option<String>,
    },
    /// A call is about to be sent.
    StepStarted {
        /// Index into the plan's steps.
        step: usize,
    },
    /// A call was answered with success.
    StepDone {
        /// Index.
        step: usize,
        /// AWS's request id.
        #[ts(optional = nullable)]
        request_id: Option<String>,
        /// How long it took, ms.
        #[ts(type = "number")]
        millis: u64,
    },
    /// A call failed, or its answer was lost.
    StepFailed {
        /// Index.
        step: usize,
        /// Error code.
        code: String,
        /// A sentence.
        message: String,
        /// AWS's request id, if an answer came.
        #[ts(optional = nullable)]
        request_id: Option<String>,
    },
    /// What was live when somebody looked: after the last step, or on the next start after an interruption.
    Observed {
        /// One per target of the plan; `None` where it could not be read.
        #[ts(type = "(Record<string, unknown> | null)[]")]
        fields: Vec<Option<Fields>>,
    },
    /// The change is over.
    Closed {
        /// How.
        outcome: Outcome,
        /// A sentence.
        message: String,
    },
    /// Something that is no change but belongs in the record (a key's value was revealed).
    Noted {
        /// Who.
        actor: Actor,
        /// A sentence without any secret.
        message: String,
    },
}

/// A record of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalRecord {
    /// Position, from 1, without holes.
    #[ts(type = "number")]
    pub sequence: u64,
    /// RFC 3339.
    pub at: String,
    /// Which entry it belongs to.
    pub entry: String,
    /// What it says.
    pub event: JournalEvent,
    /// The event as it was written: what the hash is made from, so that a later version of the program, whose events
    /// have more members, does not take an old record for a changed one.
    #[serde(skip)]
    #[ts(skip)]
    text: String,
    /// Hash of the record before; 64 zeros for the first.
    pub previous: String,
    /// SHA-256 over everything above, hexadecimal.
    pub hash: String,
}

/// The end of the chain, kept apart from the records so that a cut tail is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainHead {
    /// Sequence of the last record; 0 when there is none.
    pub sequence: u64,
    /// Its hash.
    pub hash: String,
}

impl Default for ChainHead {
    fn default() -> Self {
        Self { sequence: 0, hash: "0".repeat(64) }
    }
}

impl ChainHead {
    /// Makes the record that follows.
    ///
    /// # Errors
    /// When the event cannot be written as JSON (a map with keys that are no strings; none of ours has).
    pub fn append(&self, at: String, entry: String, event: JournalEvent) -> Result<JournalRecord, serde_json::Error> {
        let mut record = JournalRecord {
            sequence: self.sequence + 1,
            at,
            entry,
            text: serde_json::to_string(&event)?,
            event,
            previous: self.hash.clone(),
            hash: String::new(),
        };
        record.hash = record.computed_hash();
        Ok(record)
    }
}

impl JournalRecord {
    /// A record as it was kept.
    ///
    /// # Errors
    /// When the text is no event that this version knows.
    pub fn kept(
        sequence: u64,
        at: String,
        entry: String,
        text: String,
        previous: String,
        hash: String,
    ) -> Result<Self, serde_json::Error> {
        let event = serde_json::from_str(&text)?;
        Ok(Self { sequence, at, entry, event, text, previous, hash })
    }

    /// The event as JSON, as it is kept and hashed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The hash that the record ought to have.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        // Every part with its length in front has no ambiguity about where one ends.
        let mut digest = Sha256::new();
        digest.update(self.sequence.to_be_bytes());
        for part in [&self.at, &self.entry, &self.text, &self.previous] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The head of a chain that ends here.
    #[must_use]
    pub fn head(&self) -> ChainHead {
        ChainHead { sequence: self.sequence, hash: self.hash.clone() }
    }
}

/// What is wrong with a chain, at the first place where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// A record's content is not what its hash was made from.
    #[error("record {sequence} was changed: its content does not have its hash")]
    Changed {
        /// Which.
        sequence: u64,
    },
    /// A record is missing, or stands in another's place.
    #[error("record {expected} is missing or out of order: record {found} stands in its place")]
    OutOfOrder {
        /// What should be here.
        expected: u64,
        /// What is.
        found: u64,
    },
    /// A record does not continue the one before.
    #[error("record {sequence} does not follow the record before it: that one was replaced")]
    Broken {
        /// Which.
        sequence: u64,
    },
    /// Records at the end are missing.
    #[error("the journal ends at record {found}, and it had {expected}: the last ones were removed")]
    CutOff {
        /// How many there should be.
        expected: u64,
        /// How many there are.
        found: u64,
    },
}

/// Checks a whole journal, oldest record first, against the head that was kept beside it.
///
/// # Errors
/// The first fault.
pub fn verify<'a>(records: impl IntoIterator<Item = &'a JournalRecord>, head: &ChainHead) -> Result<u64, ChainFault> {
    let mut before = ChainHead::default();
    for record in records {
        if record.sequence != before.sequence + 1 {
            return Err(ChainFault::OutOfOrder { expected: before.sequence + 1, found: record.sequence });
        }
        if record.previous != before.hash {
            return Err(ChainFault::Broken { sequence: record.sequence });
        }
        if record.computed_hash() != record.hash {
            return Err(ChainFault::Changed { sequence: record.sequence });
        }
        before = record.head();
    }
    if before != *head {
        return Err(ChainFault::CutOff { expected: head.sequence, found: before.sequence });
    }
    Ok(before.sequence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chain(messages: &[String]) -> (Vec<JournalRecord>, ChainHead) {
        let actor = Actor { caller_arn: "arn:aws:iam::111122223333:user/ana".to_owned(), local_user: "ana".to_owned() };
        let (mut head, mut records) = (ChainHead::default(), Vec::new());
        for message in messages {
            let event = JournalEvent::Noted { actor: actor.clone(), message: message.clone() };
            let record = head.append("2026-03-01T10:00:00Z".to_owned(), "e1".to_owned(), event).unwrap();
            head = record.head();
            records.push(record);
        }
        (records, head)
    }

    fn some_messages() -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec(".{0,20}", 2..12)
    }

    proptest! {
        #[test]
        fn an_untouched_journal_is_whole(messages in some_messages()) {
            let (records, head) = chain(&messages);
            prop_assert_eq!(verify(&records, &head), Ok(messages.len() as u64));
        }

        #[test]
        fn a_changed_record_is_found(messages in some_messages(), at in any::<prop::sample::Index>()) {
            let (mut records, head) = chain(&messages);
            let at = at.index(records.len());
            let text = records[at].text().replacen("\"message\":\"", "\"message\":\"!", 1);
            let old = records[at].clone();
            records[at] = JournalRecord::kept(old.sequence, old.at, old.entry, text, old.previous, old.hash).unwrap();
            prop_assert_eq!(verify(&records, &head), Err(ChainFault::Changed { sequence: at as u64 + 1 }));
        }

        #[test]
        fn a_removed_record_is_found(messages in some_messages(), at in any::<prop::sample::Index>()) {
            let (mut records, head) = chain(&messages);
            let at = at.index(records.len());
            records.remove(at);
            prop_assert!(verify(&records, &head).is_err());
        }

        #[test]
        fn two_records_in_the_wrong_order_are_found(messages in some_messages(), at in any::<prop::sample::Index>()) {
            let (mut records, head) = chain(&messages);
            let at = at.index(records.len() - 1);
            records.swap(at, at + 1);
            prop_assert!(verify(&records, &head).is_err());
        }

        #[test]
        fn a_record_forged_with_its_hash_breaks_the_next(messages in some_messages()) {
            let (mut records, head) = chain(&messages);
            records[0].at = "2026-03-01T10:00:01Z".to_owned();
            records[0].hash = records[0].computed_hash();
            prop_assert_eq!(verify(&records, &head), Err(ChainFault::Broken { sequence: 2 }));
        }
    }
}
