//! Looking at what a change depends on and does not touch.

use portcullis_domain::change::PlanGuard;

use super::{CallFailure, ChangeError, Difference, apply::Run, differences, watched};

impl Run<'_> {
    /// Whether everything that the calls of the plan depend on is as it must be.
    ///
    /// # Errors
    /// [`ChangeError::Guarded`]; [`ChangeError::Unreadable`] when that cannot be known, which is no permission.
    pub(super) async fn guards_hold(&self) -> Result<(), ChangeError> {
        let entry = || self.entry.to_owned();
        for guard in self.plan.guards.iter().filter(|guard| guard.is_forward()) {
            let found = self.broken(guard).await;
            let found = found.map_err(|source| ChangeError::Unreadable { entry: entry(), source })?;
            if !found.is_empty() {
                let (target, why) = (Box::new(guard.target.clone()), guard.why.clone());
                return Err(ChangeError::Guarded { entry: entry(), target, why, differences: found });
            }
        }
        Ok(())
    }

    /// Whether something may be taken back; otherwise why not.
    pub(super) async fn way_back_is_safe(&self) -> Result<(), String> {
        for guard in self.plan.guards.iter().filter(|guard| guard.is_back()) {
            match self.broken(guard).await {
                Ok(found) if found.is_empty() => {}
                Ok(_) => return Err(guard.why.clone()),
                Err(failure) => return Err(failure.message),
            }
        }
        Ok(())
    }

    async fn broken(&self, guard: &PlanGuard) -> Result<Vec<Difference>, CallFailure> {
        let live = self.seams.gateway.observe(&guard.target).await?;
        Ok(differences(0, &guard.fields, &watched(&live, &guard.watched)))
    }
}
