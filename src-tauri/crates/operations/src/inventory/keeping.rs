//! Between memory and the store: the last snapshot when a context is opened, the new one when it was read.

use std::{collections::BTreeMap, sync::Arc};

use portcullis_domain::{context::ContextSpec, coverage::Coverage};
use portcullis_store::{KeptApi, PackedAnswers, SnapshotHead, Store, StoreError};

use super::OpenedContext;
use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

impl Host {
    /// Opens these contexts and no others, and shows what the store has of them.
    pub(crate) fn open_contexts(&self, specs: Vec<ContextSpec>) {
        let before = self.contexts().clone();
        let opened: Vec<Arc<OpenedContext>> = specs
            .into_iter()
            .map(|spec| {
                let kept = before.iter().find(|context| context.spec == spec).map(Arc::clone);
                kept.unwrap_or_else(|| {
                    let context = OpenedContext::new(spec);
                    self.restore(&context);
                    Arc::new(context)
                })
            })
            .collect();
        for context in before.iter().filter(|context| !opened.iter().any(|open| open.spec == context.spec)) {
            context.state().cancel.cancel();
        }
        *self.contexts() = opened;
        if let Some(clock) = self.inner.options.demo_clock.as_ref().filter(|_| !self.only_demo()) {
            // AWS's time is AWS's: nothing but the demo account is looked at by another.
            clock.reset();
        }
        self.doubles().clear();
        self.show_now();
    }

    /// Closes each context that turned out to be the account, region and endpoint of one before it, and says so: its
    /// routes would be there twice, under the same ids.
    pub(super) fn close_doubles(&self) {
        let mut closed = Vec::new();
        let mut open: Vec<Arc<OpenedContext>> = Vec::new();
        let mut contexts = self.contexts();
        for context in contexts.drain(..) {
            let same = |other: &&Arc<OpenedContext>| match (other.session.get(), context.session.get()) {
                (Some(other), Some(session)) => other.is_same_place(session),
                _ => false,
            };
            match open.iter().find(same) {
                Some(first) => closed.push((context, Arc::clone(first))),
                None => open.push(context),
            }
        }
        *contexts = open;
        drop(contexts);
        if closed.is_empty() {
            return;
        }
        for (context, first) in closed {
            context.state().cancel.cancel();
            self.doubles().push(is_open_already(&context.label, &first));
        }
        self.show_soon();
    }

    fn restore(&self, context: &OpenedContext) {
        let snapshot = match self.inner.store.snapshot(&context.label) {
            Ok(Some(snapshot)) => snapshot,
            Ok(None) => return,
            Err(error) => {
                let told = format!("The last snapshot of {} is not shown: {error}.", context.label);
                return self
                    .notice(WireError::new(ErrorCode::StoreCorrupted, told).with_hint("Refresh: it is read afresh."));
            }
        };
        if context.spec.region.as_ref().is_some_and(|region| *region != snapshot.head.region) {
            return;
        }
        let mut state = context.state();
        state.region = Some(snapshot.head.region);
        state.identity = Some(snapshot.head.identity);
        state.account = snapshot.head.account;
        state.old_gaps = snapshot.head.coverage.gaps;
        state.read_at = Some(snapshot.head.read_at);
        state.from_snapshot = true;
        state.apis = snapshot.apis.into_iter().map(|api| (Arc::clone(&api.api.id), Arc::new(api))).collect();
        drop(state);
        context.assemble(&self.rules());
    }

    /// Keeps what was read whole. What was not stays in the store as it is, as long as it is shown.
    pub(super) async fn keep(&self, context: &Arc<OpenedContext>, seen: BTreeMap<Arc<str>, bool>) {
        let (host, kept) = (self.clone(), Arc::clone(context));
        let outcome = tokio::task::spawn_blocking(move || {
            host.keep_stage_baselines(&kept);
            save(&host.inner.store, &kept, &seen)
        })
        .await;
        let error = match outcome {
            Ok(Ok(())) => return,
            Ok(Err(error)) => WireError::from(error),
            Err(error) => WireError::new(ErrorCode::Internal, format!("{error}.")),
        };
        let message = format!("What was read of {} is not kept for the next start: {}", context.label, error.message);
        self.notice(WireError { message, ..error });
    }
}

fn is_open_already(label: &str, first: &OpenedContext) -> WireError {
    let state = first.state();
    let account = state.identity.as_ref().map(|identity| &*identity.account).unwrap_or_default();
    let (region, first) = (state.region.as_deref().unwrap_or_default(), &first.label);
    let told = format!("{label} is account {account} in {region}, which {first} has open already: it is read once.");
    let hint = format!("To work with the permissions of {label}, close {first} and open {label} alone.");
    WireError::new(ErrorCode::Conflict, told).with_hint(hint)
}

fn save(store: &Store, context: &OpenedContext, seen: &BTreeMap<Arc<str>, bool>) -> Result<(), StoreError> {
    let state = context.state();
    let (Some(identity), Some(region)) = (state.identity.clone(), state.region.clone()) else { return Ok(()) };
    // A reading that was stopped before its end has no time of its own.
    let Some(read_at) = state.read_at.clone() else { return Ok(()) };
    let head = SnapshotHead {
        read_at,
        region,
        identity,
        account: state.account.clone(),
        coverage: Coverage::of(state.gaps()),
    };
    let is_new = |id: &Arc<str>| seen.contains_key(id) && state.answers.contains_key(id);
    let apis: Vec<_> = state
        .apis
        .iter()
        .filter(|(id, _)| is_new(id))
        .filter_map(|(id, api)| Some((Arc::clone(api), Arc::clone(state.answers.get(id)?))))
        .collect();
    let staying: Vec<String> = state.apis.keys().filter(|id| !is_new(id)).map(ToString::to_string).collect();
    drop(state);
    let rows: Vec<KeptApi<'_>> = apis.iter().map(|(inventory, answers)| KeptApi { inventory, answers }).collect();
    store.save_snapshot(&context.label, &head, &rows, &staying)?;
    // They are in the store now, where they cost no memory.
    let mut state = context.state();
    for (api, kept) in &apis {
        let unchanged = |now: &Arc<PackedAnswers>| Arc::ptr_eq(now, kept);
        if state.answers.get(&api.api.id).is_some_and(unchanged) {
            state.answers.remove(&api.api.id);
        }
    }
    Ok(())
}
