//! The inventory in memory: one per open context, restored from the store, read in the background, shown as it
//! arrives, kept at the end.

mod changed;
mod keeping;
mod opened;
mod reading;
mod showing;

pub(crate) use opened::{OpenedContext, State};
pub use showing::StatusChanges;
pub(crate) use showing::{Pace, Shown};
