//! Time is an argument: nothing in the workspace reads the system's clock but the one implementation at
//! the edge (`portcullis_operations::SystemClock`).

use jiff::Timestamp;

/// Tells the time. Passed in wherever time matters, so that tests turn it.
pub trait Clock: Send + Sync {
    /// The present moment, UTC.
    fn now(&self) -> Timestamp;
}

/// A clock that stands still, for tests and for repeatable output.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}
