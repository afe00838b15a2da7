//! SQLite: inventory snapshots and the person's own settings.
