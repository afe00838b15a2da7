//! Plans for several keys that wait for one person's word.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use portcullis_domain::rotation::RotationPolicy;

use crate::rotation_plan::RotationBatch;

/// Batches that nobody applied are forgotten, oldest first.
const BATCHES: usize = 8;

/// Behind every host one.
#[derive(Debug)]
pub(crate) struct RotationBatches {
    /// From `settings.toml`.
    pub(super) policy: RotationPolicy,
    waiting: Mutex<VecDeque<Arc<RotationBatch>>>,
}

impl RotationBatches {
    pub(crate) fn new(policy: RotationPolicy) -> Self {
        Self { policy, waiting: Mutex::default() }
    }

    pub(crate) fn keep(&self, batch: RotationBatch) -> Arc<RotationBatch> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let batch = Arc::new(batch);
        waiting.push_back(Arc::clone(&batch));
        while waiting.len() > BATCHES {
            waiting.pop_front();
        }
        batch
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<RotationBatch>> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().find(|batch| batch.id == id).cloned()
    }

    /// Takes it: a batch is applied once. `false` when somebody has.
    pub(crate) fn take(&self, id: &str) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let before = waiting.len();
        waiting.retain(|batch| batch.id != id);
        waiting.len() < before
    }
}
