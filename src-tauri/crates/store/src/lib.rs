//! SQLite: what was read last time, and what the person decided. One file per group of tables.
//!
//! Deliberately not here: credentials, key values, anything that AWS would call a secret.

mod open;
mod overrides;
mod settings;
mod snapshots;

pub use open::{Opened, Store, StoreError};
pub use snapshots::{ApiSnapshot, ContextSnapshot};
