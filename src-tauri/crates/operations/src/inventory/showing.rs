//! What the screen asks: the index of routes, how far reading is, and when either has changed.

use std::{
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use portcullis_domain::{coverage::Coverage, route_index::RouteIndex};
use tokio::{sync::watch, time::Instant};

use super::OpenedContext;
use crate::{
    host::Host,
    inventory_status::{BudgetStatus, ContextInventoryStatus, InventoryStatus},
};

/// Indexing is a sort of everything: at most this often while routes arrive, and never more than a fifth of the time.
const SHOWING_PACE: Duration = Duration::from_millis(200);
/// The window is told of changes at most this often.
const TELLING_PACE: Duration = Duration::from_millis(200);

/// The index in force.
#[derive(Default)]
pub(crate) struct Shown {
    /// Which one: grows with every new index.
    pub(crate) revision: u64,
    pub(crate) index: Arc<RouteIndex>,
}

/// When the index is made again.
#[derive(Default)]
pub(crate) struct Pace {
    /// Whether it will be.
    due: AtomicBool,
    /// Not before.
    next: std::sync::Mutex<Option<Instant>>,
}

impl Host {
    /// Makes the index again soon: at once when that was not done for a while.
    pub(super) fn show_soon(&self) {
        let pace = &self.inner.pace;
        if pace.due.swap(true, Ordering::AcqRel) {
            return;
        }
        let host = self.clone();
        tokio::spawn(async move {
            let next = *host.inner.pace.next.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(next) = next {
                tokio::time::sleep_until(next).await;
            }
            // Before the index is made: what arrives while it is made asks for another.
            host.inner.pace.due.store(false, Ordering::Release);
            if let Err(error) = tokio::task::spawn_blocking(move || host.show_now()).await {
                tracing::error!(%error, "the index could not be made");
            }
        });
    }

    /// Makes the index again from every context's routes.
    pub(crate) fn show_now(&self) {
        let started = Instant::now();
        {
            // One at a time, and the later one wins: routes are gathered under the lock that the index is set under.
            let mut gathering = self.inner.gathering.lock().unwrap_or_else(PoisonError::into_inner);
            let contexts = self.contexts().clone();
            let mut rows = Vec::new();
            for context in &contexts {
                rows.extend(context.state().routes.values().flatten().cloned());
            }
            let index = Arc::new(RouteIndex::of(rows));
            *gathering += 1;
            let shown = Shown { revision: *gathering, index };
            *self.inner.shown.write().unwrap_or_else(PoisonError::into_inner) = shown;
        }
        let next = Instant::now() + SHOWING_PACE.max(started.elapsed() * 4);
        *self.inner.pace.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(next);
        self.changed();
    }

    /// Classifies every route again.
    pub(crate) fn classify_again(&self) {
        let (contexts, rules) = (self.contexts().clone(), self.rules());
        contexts.iter().for_each(|context| context.assemble(&rules));
        self.show_now();
    }

    /// The index in force and its revision.
    pub(crate) fn shown(&self) -> (u64, Arc<RouteIndex>) {
        let shown = self.inner.shown.read().unwrap_or_else(PoisonError::into_inner);
        (shown.revision, Arc::clone(&shown.index))
    }

    /// Tells whoever listens that something is new.
    pub(crate) fn changed(&self) {
        self.inner.changes.send_modify(|changes| *changes += 1);
    }

    pub(crate) fn coverage(&self) -> Coverage {
        Coverage::of(self.contexts().iter().flat_map(|context| context.state().gaps()).collect())
    }

    /// How far reading is.
    #[must_use]
    pub fn status(&self) -> InventoryStatus {
        let contexts = self.contexts().iter().map(|context| status_of(context)).collect();
        InventoryStatus { revision: self.shown().0, contexts, notices: self.notices() }
    }

    /// What the window listens to: the status, whenever it changed, at most five times a second.
    #[must_use]
    pub fn subscribe(&self) -> StatusChanges {
        StatusChanges { changes: self.revisions(), host: self.clone(), last: None }
    }
}

/// The status as it changes; see [`Host::subscribe`].
#[derive(Debug)]
pub struct StatusChanges {
    host: Host,
    changes: watch::Receiver<u64>,
    last: Option<(Instant, InventoryStatus)>,
}

impl StatusChanges {
    /// The next status that differs from the last one; the first at once. `None` when the host is gone.
    pub async fn next(&mut self) -> Option<InventoryStatus> {
        loop {
            if let Some((told, _)) = &self.last {
                self.changes.changed().await.ok()?;
                tokio::time::sleep_until(*told + TELLING_PACE).await;
            }
            self.changes.mark_unchanged();
            let status = self.host.status();
            let same = self.last.as_ref().is_some_and(|(_, last)| *last == status);
            self.last = Some((Instant::now(), status.clone()));
            if !same {
                return Some(status);
            }
        }
    }
}

fn status_of(context: &OpenedContext) -> ContextInventoryStatus {
    let budget =
        context.session.get().map(|session| session.budget().now()).filter(|budget| budget.limits.rate.is_finite());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a burst is a small whole number")]
    let budget = budget.map(|budget| BudgetStatus {
        rate: budget.limits.rate,
        burst: budget.limits.burst as u32,
        available: budget.available,
        waiting: budget.waiting,
    });
    let state = context.state();
    ContextInventoryStatus {
        context: context.label.to_string(),
        phase: state.phase,
        apis_done: state.done,
        apis_total: state.total,
        routes: u32::try_from(state.routes.values().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX),
        calls: state.counts.clone(),
        budget,
        read_at: state.read_at.clone(),
        from_snapshot: state.from_snapshot,
        coverage: Coverage::of(state.gaps()),
    }
}
