//! SQLite: what was read last time, and what the person decided. One file per group of tables.
//!
//! Deliberately not here: credentials, key values, anything that AWS would call a secret. What is handed over to be
//! kept has its secrets taken out before it comes here.

mod error;
mod events;
mod findings;
mod journal;
mod lease;
mod migrations;
mod open;
mod overrides;
mod packed;
mod releases;
mod settings;
mod snapshots;

pub use error::StoreError;
pub use events::{EventsStore, KeptEvent};
pub use findings::FindingsStore;
pub use journal::{Journal, JournalError};
pub use lease::Lease;
pub use open::{Opened, Store};
pub use packed::{Answer, PackedAnswers};
pub use releases::{KeptRelease, Releases};
pub use snapshots::{ContextSnapshot, KeptApi, SnapshotHead};
