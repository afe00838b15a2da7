//! What the engine asks of AWS and of the journal.

use futures::future::BoxFuture;
use portcullis_domain::{
    Clock,
    change::{AwsCall, Fields, PlanTarget},
    journal::{JournalEvent, JournalRecord},
};
use tokio_util::sync::CancellationToken;

/// Whether a call that failed may have had its effect all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// AWS answered that it refuses: nothing changed.
    Refused,
    /// The answer was lost (timeout, 5xx, connection): only reading back tells.
    Unknown,
    /// The person stopped it while it waited for its turn: it was not sent.
    Stopped,
}

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CallFailure {
    /// Whether it may have happened.
    pub certainty: Certainty,
    /// AWS's error code, or ours.
    pub code: String,
    /// A sentence: what failed, on which resource, what to do.
    pub message: String,
    /// AWS's request id, if an answer came.
    pub request_id: Option<String>,
}

impl CallFailure {
    /// Whether AWS refused because the thing is no longer what the plan was made from.
    #[must_use]
    pub fn is_lost_race(&self) -> bool {
        self.certainty == Certainty::Refused && self.code == "WAFOptimisticLockException"
    }
}

/// A call that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// AWS's request id.
    pub request_id: Option<String>,
}

/// AWS, as the engine sees it: it waits its turn in the change lane of the rate budget, and never retries.
pub trait Gateway: Send + Sync {
    /// Reads the target's fields as they are now.
    fn observe<'a>(&'a self, target: &'a PlanTarget) -> BoxFuture<'a, Result<Fields, CallFailure>>;
    /// Sends one call, once. While it waits for its turn `stop` takes it out of the queue; a call that is under way is
    /// waited for.
    fn send<'a>(
        &'a self,
        target: &'a PlanTarget,
        call: &'a AwsCall,
        stop: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Sent, CallFailure>>;
}

/// Why a record was not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerFailure {
    /// Another change of the same target is under way, or was interrupted.
    #[error("change {entry} of the same target is not finished")]
    Unfinished {
        /// Its entry.
        entry: String,
    },
    /// The entry was opened before: the second of two clicks.
    #[error("change {entry} was begun before")]
    Exists {
        /// The entry.
        entry: String,
    },
    /// It could not be made durable (disk full, file locked or damaged).
    #[error("{0}")]
    Unavailable(String),
}

/// The journal, as the engine sees it. `append` returns when the record is durable.
pub trait Ledger: Send + Sync {
    /// Appends one record to an entry.
    ///
    /// # Errors
    /// [`LedgerFailure`]; nothing was kept.
    fn append(&self, entry: &str, event: JournalEvent) -> Result<JournalRecord, LedgerFailure>;
}

/// Everything outside of the engine.
#[derive(Clone, Copy)]
pub struct Seams<'a> {
    /// AWS.
    pub gateway: &'a dyn Gateway,
    /// The journal.
    pub ledger: &'a dyn Ledger,
    /// Time, for how long a call took.
    pub clock: &'a dyn Clock,
}
