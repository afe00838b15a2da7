//! The one way in which AWS is read: turn, count, one attempt, error, perhaps another attempt.

use std::{
    collections::BTreeMap,
    error::Error,
    future::Future,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use portcullis_domain::coverage::{CallCounts, GapKind};
use tokio_util::sync::CancellationToken;

use crate::{
    AwsError, Lane, Session,
    error::{Called, mapped},
};

/// How often a read that was throttled is tried; AWS says how long to wait in between.
const THROTTLED_ATTEMPTS: u32 = 6;
/// How often a read that got no answer or a 5xx is tried.
const FAILED_ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(400);

/// Reads on behalf of one task: its lane, its counts, its way to be stopped.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    pub(crate) session: &'a Session,
    lane: Lane,
    /// Under which name its calls wait.
    whom: Option<Arc<str>>,
    cancel: CancellationToken,
    counts: Arc<Mutex<CallCounts>>,
    /// The day that it is, UTC: usage is asked for by the day.
    pub(crate) today: Option<jiff::civil::Date>,
}

impl<'a> Reader<'a> {
    /// A reader with counts of its own.
    #[must_use]
    pub fn new(session: &'a Session, lane: Lane, cancel: CancellationToken) -> Self {
        Self { session, lane, whom: None, cancel, counts: Arc::new(Mutex::new(BTreeMap::new())), today: None }
    }

    /// Says what time it is, for what is read by the day.
    #[must_use]
    pub fn at(self, now: jiff::Timestamp) -> Self {
        Self { today: Some(now.to_zoned(jiff::tz::TimeZone::UTC).date()), ..self }
    }

    /// Lets what it sends wait under this name: [`crate::Budget::wait_of`] says how long it still takes.
    #[must_use]
    pub fn on_behalf_of(self, whom: &str) -> Self {
        Self { whom: Some(whom.into()), ..self }
    }

    /// The region that is read.
    #[must_use]
    pub fn region(&self) -> &str {
        self.session.region()
    }

    /// Calls made so far, retries included.
    #[must_use]
    pub fn counts(&self) -> CallCounts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the person stopped it.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Reads `resource` by one operation. `attempt` sends it once.
    ///
    /// # Errors
    /// The last attempt's, or `Cancelled`.
    pub(crate) async fn read<T, E, F, Fut>(
        &self,
        service: &str,
        operation: &str,
        resource: &str,
        attempt: F,
    ) -> Result<T, AwsError>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let called = self.called(service, operation, resource);
        let (mut throttled, mut failed) = (0, 0);
        loop {
            let once = async {
                self.session.budget().acquire(service, operation, self.lane).await;
                self.count(service, operation);
                attempt().await
            };
            let outcome = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(AwsError::cancelled(called)),
                outcome = once => outcome,
            };
            let error = match outcome {
                Ok(answer) => return Ok(answer),
                Err(error) => mapped(&error, called),
            };
            let wait = match error.kind {
                GapKind::Throttled => {
                    throttled += 1;
                    let wait = error.retry_after.map_or_else(|| backoff(throttled, resource), Duration::from_secs);
                    self.session.budget().pause(service, wait);
                    (throttled < THROTTLED_ATTEMPTS).then_some(wait)
                }
                _ if error.is_worth_retrying() => {
                    failed += 1;
                    (failed < FAILED_ATTEMPTS).then(|| backoff(failed, resource))
                }
                _ => None,
            };
            let Some(wait) = wait else { return Err(error) };
            self.pause(wait, called).await?;
        }
    }

    /// What a read of this reader is called in messages.
    pub(crate) fn called<'c>(&'c self, service: &'c str, operation: &'c str, resource: &'c str) -> Called<'c> {
        let (endpoint, profile) = (self.session.endpoint_of(service), self.session.profile());
        Called { service, operation, resource, endpoint, profile, write: None }
    }

    /// Waits, unless the person stops it.
    ///
    /// # Errors
    /// `Cancelled`.
    pub(crate) async fn pause(&self, wait: Duration, called: Called<'_>) -> Result<(), AwsError> {
        tokio::select! {
            () = tokio::time::sleep(wait) => Ok(()),
            () = self.cancel.cancelled() => Err(AwsError::cancelled(called)),
        }
    }

    /// Sends a call that changes `resource`, once: whether to send it again is for whoever knows what it did.
    ///
    /// # Errors
    /// [`WriteError`]: refused, or without an answer. The person can stop it while it waits for its turn, which is an
    /// error of kind `Cancelled`, and not later: a call that is under way is waited for.
    pub(crate) async fn write<T, E, F, Fut>(&self, called: Called<'_>, attempt: F) -> Result<T, WriteError>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let budget = self.session.budget();
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => {
                return Err(WriteError { error: AwsError::cancelled(called), refused: true });
            }
            () = budget.acquire_for(called.service, called.operation, self.lane, self.whom.as_ref()) => {}
        }
        self.count(called.service, called.operation);
        let error = match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let refused = match &error {
            SdkError::ServiceError(failure) => failure.raw().status().is_client_error(),
            SdkError::ConstructionFailure(_) => true,
            _ => false,
        };
        let error = mapped(&error, called);
        if error.kind == GapKind::Throttled {
            self.session.budget().pause(called.service, error.retry_after.map_or(FIRST_BACKOFF, Duration::from_secs));
        }
        let refused = refused || error.kind == GapKind::Credentials;
        Err(WriteError { error, refused })
    }

    pub(crate) fn count(&self, service: &str, operation: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(format!("{service}:{operation}")).or_default() += 1;
    }
}

/// A call that changes something and failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct WriteError {
    /// What went wrong.
    pub error: AwsError,
    /// AWS said no, or nothing was sent: the account is as it was. Otherwise only reading back tells.
    pub refused: bool,
}

/// Doubling, and shortened by up to a half that depends on what is read: readers that were refused together do not come
/// back together. The same read waits as long every time, so that a test's clock knows how long.
fn backoff(attempt: u32, resource: &str) -> Duration {
    let whole = FIRST_BACKOFF * 2_u32.saturating_pow(attempt.saturating_sub(1)).min(32);
    let mut hasher = DefaultHasher::new();
    (resource, attempt).hash(&mut hasher);
    let share = u32::try_from(hasher.finish() % 512).unwrap_or_default();
    whole - whole / 1024 * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn those_who_were_refused_together_come_back_apart_and_later_each_time() {
        let first: BTreeSet<Duration> = (0..50).map(|n| backoff(1, &format!("the stages of API {n}"))).collect();
        assert!(first.len() > 40, "{} different waits", first.len());
        for attempt in 1..6 {
            let whole = FIRST_BACKOFF * 2_u32.pow(attempt - 1);
            let wait = backoff(attempt, "the stages of API shop");
            assert!(wait > whole / 2 - Duration::from_millis(1) && wait <= whole, "{attempt}: {wait:?}");
        }
    }
}
