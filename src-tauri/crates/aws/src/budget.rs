//! One rate budget per account and region: API Gateway's control plane allows 10 requests a second with a burst of 40
//! for everybody together, and much less for some calls.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

/// Urgency, most urgent first: a rollback never waits behind a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Taking a bad release back.
    Rollback,
    /// A person's confirmed change.
    Change,
    /// What a person is looking at.
    OnScreen,
    /// Everything else.
    Background,
}

/// The size of a budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BudgetLimits {
    /// Calls per second; infinite switches the budget off.
    pub rate: f64,
    /// Calls at once.
    pub burst: f64,
}

impl Default for BudgetLimits {
    /// API Gateway's quota, "Amazon API Gateway quotas": 10 requests per second with a burst of 40, not adjustable.
    fn default() -> Self {
        Self { rate: 10.0, burst: 40.0 }
    }
}

impl BudgetLimits {
    /// No limit at all, for benchmarks against a server of one's own.
    #[must_use]
    pub fn unlimited() -> Self {
        Self { rate: f64::INFINITY, burst: f64::INFINITY }
    }
}

/// Calls that AWS limits more narrowly: `(service, operation, per second, at once)`. From the API Gateway quotas page
/// ("control plane") and CloudTrail's quotas.
const NARROW: &[(&str, &str, f64, f64)] = &[
    ("apigateway", "GetResources", 2.5, 5.0),
    ("apigateway", "CreateApiKey", 5.0, 5.0),
    ("apigateway", "DeleteApiKey", 5.0, 5.0),
    ("apigateway", "CreateDeployment", 0.2, 1.0),
    ("apigateway", "UpdateAccount", 0.05, 1.0),
    ("apigateway", "UpdateUsagePlan", 0.05, 1.0),
    ("cloudtrail", "LookupEvents", 2.0, 2.0),
];

/// What a budget is like at this moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BudgetState {
    /// Its limits.
    pub limits: BudgetLimits,
    /// Calls that could go right now.
    pub available: f64,
    /// Calls that wait.
    pub waiting: u32,
}

/// A token bucket with lanes.
#[derive(Debug)]
pub struct Budget {
    limits: BudgetLimits,
    state: Mutex<State>,
    turn: Notify,
}

#[derive(Debug)]
struct State {
    bucket: Bucket,
    narrow: HashMap<(&'static str, &'static str), Bucket>,
    /// Who waits for the shared bucket, by lane.
    waiting: BTreeMap<Lane, u32>,
    /// AWS said stop until then.
    paused_until: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    rate: f64,
    burst: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn full(rate: f64, burst: f64) -> Self {
        Self { rate, burst, level: burst, at: Instant::now() }
    }

    fn refill(&mut self, now: Instant) {
        if self.rate.is_infinite() {
            return;
        }
        self.level = (self.level + (now - self.at).as_secs_f64() * self.rate).min(self.burst);
        self.at = now;
    }

    /// How long until one call may go; zero when one may now.
    fn wait(&self) -> Duration {
        if self.level >= 1.0 { Duration::ZERO } else { Duration::from_secs_f64((1.0 - self.level) / self.rate) }
    }
}

impl Budget {
    /// A budget of this size, full.
    #[must_use]
    pub fn new(limits: BudgetLimits) -> Self {
        let state = State {
            bucket: Bucket::full(limits.rate, limits.burst),
            narrow: HashMap::new(),
            waiting: BTreeMap::new(),
            paused_until: Instant::now(),
        };
        Self { limits, state: Mutex::new(state), turn: Notify::new() }
    }

    /// Waits for the turn of one call.
    pub async fn acquire(&self, service: &str, operation: &str, lane: Lane) {
        if self.limits.rate.is_infinite() {
            return;
        }
        let narrow = NARROW.iter().find(|row| row.0 == service && row.1 == operation);
        if let Some((service, operation, rate, burst)) = narrow {
            self.take_narrow((service, operation), *rate, *burst).await;
        }
        let waiting = Waiting::in_lane(self, lane);
        loop {
            let turn = self.turn.notified();
            let wait = {
                let mut state = self.state();
                let now = Instant::now();
                state.bucket.refill(now);
                let pause = state.paused_until.saturating_duration_since(now);
                let ahead = state.waiting.range(..lane).any(|(_, count)| *count > 0);
                if pause.is_zero() && !ahead && state.bucket.level >= 1.0 {
                    state.bucket.level -= 1.0;
                    break;
                }
                pause.max(state.bucket.wait()).max(Duration::from_millis(1))
            };
            tokio::select! {
                () = turn => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        drop(waiting);
    }

    /// The narrow bucket first, so that who waits for it does not hold a place in the shared one.
    async fn take_narrow(&self, key: (&'static str, &'static str), rate: f64, burst: f64) {
        loop {
            let wait = {
                let mut state = self.state();
                let bucket = state.narrow.entry(key).or_insert_with(|| Bucket::full(rate, burst));
                bucket.refill(Instant::now());
                if bucket.level >= 1.0 {
                    bucket.level -= 1.0;
                    return;
                }
                bucket.wait()
            };
            tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
        }
    }

    /// AWS refused for rate: nobody calls until then, and what was saved up is gone.
    pub fn pause(&self, duration: Duration) {
        if self.limits.rate.is_infinite() {
            return;
        }
        let mut state = self.state();
        let until = Instant::now() + duration;
        state.paused_until = state.paused_until.max(until);
        state.bucket.refill(Instant::now());
        state.bucket.level = state.bucket.level.min(1.0);
    }

    /// What it is like now.
    #[must_use]
    pub fn now(&self) -> BudgetState {
        let mut state = self.state();
        state.bucket.refill(Instant::now());
        BudgetState { limits: self.limits, available: state.bucket.level, waiting: state.waiting.values().sum() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in a lane, given back on drop: a caller that is cancelled leaves no gap in the line.
struct Waiting<'a> {
    budget: &'a Budget,
    lane: Lane,
}

impl<'a> Waiting<'a> {
    fn in_lane(budget: &'a Budget, lane: Lane) -> Self {
        *budget.state().waiting.entry(lane).or_default() += 1;
        Self { budget, lane }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.budget.state().waiting.get_mut(&self.lane) {
            *count = count.saturating_sub(1);
        }
        self.budget.turn.notify_waiters();
    }
}

/// The budgets of this process, one per account and region.
#[derive(Debug)]
pub struct Budgets {
    limits: BudgetLimits,
    by_place: Mutex<HashMap<(String, String), Arc<Budget>>>,
}

impl Budgets {
    /// Budgets of this size.
    #[must_use]
    pub fn new(limits: BudgetLimits) -> Self {
        Self { limits, by_place: Mutex::new(HashMap::new()) }
    }

    /// The budget of an account and region, the same for everybody who asks.
    #[must_use]
    pub fn of(&self, account: &str, region: &str) -> Arc<Budget> {
        let mut budgets = self.by_place.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (account.to_owned(), region.to_owned());
        Arc::clone(budgets.entry(place).or_insert_with(|| Arc::new(Budget::new(self.limits))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paused() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
    }

    /// When each of `calls` went, seconds from the start.
    async fn times(budget: &Arc<Budget>, calls: usize, lane: Lane) -> Vec<f64> {
        let start = Instant::now();
        let tasks: Vec<_> = (0..calls)
            .map(|_| {
                let budget = Arc::clone(budget);
                tokio::spawn(async move {
                    budget.acquire("apigateway", "GetStages", lane).await;
                    Instant::now()
                })
            })
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.push((task.await.unwrap() - start).as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        times
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn no_window_has_more_calls_than_burst_and_rate_allow(rate in 1.0..50.0_f64, burst in 1_u32..40, calls in 1_usize..120) {
            let times = paused().block_on(async {
                let budget = Arc::new(Budget::new(BudgetLimits { rate, burst: f64::from(burst) }));
                times(&budget, calls, Lane::Background).await
            });
            for (first, start) in times.iter().enumerate() {
                for (last, end) in times.iter().enumerate().skip(first) {
                    let allowed = f64::from(burst) + (end - start) * rate + 1e-6;
                    prop_assert!((last - first + 1) as f64 <= allowed + 1.0, "{} calls in {} s", last - first + 1, end - start);
                }
            }
            let least = (calls as f64 - f64::from(burst)).max(0.0) / rate;
            let took = times.last().copied().unwrap_or(0.0);
            prop_assert!(took >= least - 1e-6 && took <= least * 1.1 + 0.05, "took {took} s, at least {least} s");
        }
    }

    #[test]
    fn a_rollback_goes_before_a_scan_that_waited_longer() {
        paused().block_on(async {
            let budget = Arc::new(Budget::new(BudgetLimits { rate: 1.0, burst: 1.0 }));
            budget.acquire("apigateway", "GetStages", Lane::Background).await;
            let order = Arc::new(Mutex::new(Vec::new()));
            let mut tasks = Vec::new();
            for lane in [Lane::Background, Lane::OnScreen, Lane::Change, Lane::Rollback] {
                let (budget, order) = (Arc::clone(&budget), Arc::clone(&order));
                tasks.push(tokio::spawn(async move {
                    budget.acquire("apigateway", "UpdateStage", lane).await;
                    order.lock().unwrap().push(lane);
                }));
                tokio::task::yield_now().await;
            }
            for task in tasks {
                task.await.unwrap();
            }
            assert_eq!(*order.lock().unwrap(), [Lane::Rollback, Lane::Change, Lane::OnScreen, Lane::Background]);
        });
    }

    #[test]
    fn a_narrow_call_does_not_hold_up_the_others() {
        paused().block_on(async {
            let budget = Budget::new(BudgetLimits::default());
            budget.acquire("apigateway", "UpdateUsagePlan", Lane::Change).await;
            let start = Instant::now();
            let second = budget.acquire("apigateway", "UpdateUsagePlan", Lane::Change);
            let other = async {
                budget.acquire("apigateway", "GetStages", Lane::Background).await;
                Instant::now() - start
            };
            let ((), other) = tokio::join!(second, other);
            assert!(other < Duration::from_millis(10), "{other:?}");
            assert!((Instant::now() - start).as_secs_f64() >= 19.99);
        });
    }

    #[test]
    fn when_aws_says_stop_everybody_waits() {
        paused().block_on(async {
            let budget = Arc::new(Budget::new(BudgetLimits::default()));
            budget.pause(Duration::from_secs(7));
            assert!(times(&budget, 1, Lane::Rollback).await[0] >= 7.0);
        });
    }
}
