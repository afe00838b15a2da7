//! Exit statuses, decided in one place: scripts depend on them.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: done, and everything was read.
    Done,
    /// 1: done, and what was looked for was found: findings at or over the bar, a journal that is not whole.
    Findings,
    /// 2: the command line makes no sense.
    Usage,
    /// 3: done, but some data could not be read; the gaps were printed.
    Incomplete,
    /// 4: failed.
    Failed,
    /// 5: refused: the context is read-only or protected, somebody else was there, nobody confirmed.
    Refused,
}

impl Exit {
    /// `Done` when complete, else `Incomplete`.
    #[must_use]
    pub fn of_completeness(complete: bool) -> Self {
        if complete { Self::Done } else { Self::Incomplete }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Failed => 4,
            Exit::Refused => 5,
        })
    }
}
