//! What operations stand on: clock, store, AWS sessions, the inventory in memory.

/// The program's state behind every operation.
#[derive(Debug)]
pub struct Host {}
