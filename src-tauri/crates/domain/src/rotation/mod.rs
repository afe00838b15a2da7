//! Rotating a key without an outage: where a rotation stands and what its next stage is.
//!
//! AWS has no rotation of API keys. What is one is derived from the account and kept nowhere else: the new key says by a
//! tag whose place it takes and until when both shall work; plans and `enabled` of both say the rest. So a rotation can be
//! gone on with from any machine and after any time, and what somebody else did to one of the keys is seen.

mod last_use;
mod quota_left;
mod standing;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use last_use::{LastUse, last_use};
pub use quota_left::{left_of_both, quota_left};
pub use standing::{Rotation, RotationState, Rotations};

/// A stage of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RotationStage {
    /// Make the new key and put it into the plans of the old one, with what is left of its quota. Both work from then on.
    Start,
    /// Put the new key into the plans that it misses.
    Attach,
    /// Disable the old key: its holder must have the new one by now.
    Disable,
    /// Take what both keys used together off the new key's quota.
    Settle,
    /// Enable the old key again: the way back from `Disable`.
    Enable,
    /// Enable the new key, which somebody disabled.
    EnableNew,
    /// Delete the old key, for good.
    Delete,
    /// Delete the new key, for good: the way back from `Start`.
    Abandon,
}

/// What an organisation wants of rotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotationPolicy {
    /// Age at which a key should be replaced, days.
    #[ts(type = "number")]
    pub rotate_after_days: i64,
    /// How long both keys work, days, unless the person says otherwise.
    #[ts(type = "number")]
    pub overlap_days: i64,
    /// Whole days without a request after which a key counts as no longer used; at least 1, since AWS counts by the day.
    #[ts(type = "number")]
    pub quiet_days: i64,
    /// How long a disabled key waits until it may be deleted, days.
    #[ts(type = "number")]
    pub delete_after_days: i64,
}

impl Default for RotationPolicy {
    fn default() -> Self {
        Self { rotate_after_days: 90, overlap_days: 7, quiet_days: 1, delete_after_days: 7 }
    }
}
