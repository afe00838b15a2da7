//! One rate budget per account and region: API Gateway's control plane allows 10 requests a second with a burst of 40
//! for everybody together, and much less for some calls. Other services have allowances of their own, which do not
//! touch API Gateway's.

mod quotas;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use quotas::{Plane, Quota};

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

/// How long a rollback waits at most after AWS asked for a pause: it needs one call, and a bad release is worse than one
/// more refusal.
const ROLLBACK_PAUSE: Duration = Duration::from_secs(1);

/// What API Gateway's part of a budget is like at this moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BudgetState {
    /// Its limits.
    pub limits: BudgetLimits,
    /// Calls that could go right now.
    pub available: f64,
    /// Calls that wait.
    pub waiting: u32,
}

/// How a call that was named waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The operation whose own allowance it waits for; none when it is the service's.
    pub operation: Option<String>,
    /// Calls that go before it.
    pub ahead: u32,
    /// How long still, if nobody more urgent comes.
    pub left: Duration,
    /// How often AWS takes such a call.
    pub every: Duration,
}

/// Token buckets with lanes: API Gateway's, and those of calls and services that have their own.
#[derive(Debug)]
pub struct Budget {
    limits: BudgetLimits,
    state: Mutex<State>,
    turn: Notify,
}

/// Which allowance a call takes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Allowance {
    /// What a service's calls share.
    Shared(Plane),
    /// What one operation has for itself.
    Own { service: String, operation: String },
}

#[derive(Debug, Default)]
struct State {
    queues: HashMap<Allowance, Queue>,
    /// AWS said stop, by service: when it said so, and until when.
    paused: HashMap<Plane, (Instant, Instant)>,
    /// Places given so far.
    places: u64,
}

/// A place in a queue: by lane, and then by who came first.
type Ticket = (Lane, u64);

/// A bucket, and who waits for it by lane.
#[derive(Debug)]
struct Queue {
    bucket: Bucket,
    /// Who waits, with the name under which they did.
    waiting: BTreeMap<Ticket, Option<Arc<str>>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    rate: f64,
    burst: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    fn full(quota: Quota) -> Self {
        Self { rate: quota.rate, burst: quota.burst, level: quota.burst, at: Instant::now() }
    }

    fn refill(&mut self, now: Instant) {
        if self.rate.is_infinite() {
            return;
        }
        self.level = (self.level + (now - self.at).as_secs_f64() * self.rate).min(self.burst);
        self.at = now;
    }

    /// How long until so many calls may have gone; zero when they may now.
    fn wait(&self, calls: f64) -> Duration {
        if self.level >= calls { Duration::ZERO } else { Duration::from_secs_f64((calls - self.level) / self.rate) }
    }
}

impl Budget {
    /// A budget of this size, full.
    #[must_use]
    pub fn new(limits: BudgetLimits) -> Self {
        Self { limits, state: Mutex::default(), turn: Notify::new() }
    }

    /// Waits for the turn of one call.
    pub async fn acquire(&self, service: &str, operation: &str, lane: Lane) {
        self.acquire_for(service, operation, lane, None).await;
    }

    /// The same under a name, by which [`Self::wait_of`] says how long it still takes.
    pub async fn acquire_for(&self, service: &str, operation: &str, lane: Lane, whom: Option<&Arc<str>>) {
        if self.limits.rate.is_infinite() {
            return;
        }
        let plane = quotas::plane(service);
        // The call's own allowance first, so that who waits for it does not hold a place in the shared one.
        if let Some(quota) = quotas::by_call(service, operation) {
            let own = Allowance::Own { service: service.to_owned(), operation: operation.to_owned() };
            self.take(own, quota, plane, lane, whom).await;
        }
        match plane {
            Plane::ApiGateway => self.take(Allowance::Shared(plane), self.shared(), plane, lane, whom).await,
            Plane::CloudTrail => self.take(Allowance::Shared(plane), quotas::CLOUDTRAIL, plane, lane, whom).await,
            Plane::Other => {}
        }
    }

    fn shared(&self) -> Quota {
        Quota { rate: self.limits.rate, burst: self.limits.burst }
    }

    /// Takes one from an allowance, when it has one, nobody more urgent waits for it and AWS did not say stop. Where an
    /// operation has an allowance of its own, who came first goes first: a place in that queue is shown to people.
    async fn take(&self, allowance: Allowance, quota: Quota, plane: Plane, lane: Lane, whom: Option<&Arc<str>>) {
        let place = Place::in_lane(self, &allowance, quota, lane, whom);
        let first = match allowance {
            Allowance::Own { .. } => place.ticket,
            Allowance::Shared(_) => (lane, 0),
        };
        loop {
            let turn = self.turn.notified();
            let wait = {
                let mut state = self.state();
                let now = Instant::now();
                let pause = state.pause(plane, lane, now);
                let queue = state.queue(&allowance, quota);
                queue.bucket.refill(now);
                let ahead = queue.waiting.range(..first).next().is_some();
                if pause.is_zero() && !ahead && queue.bucket.level >= 1.0 {
                    queue.bucket.level -= 1.0;
                    return;
                }
                pause.max(queue.bucket.wait(1.0)).max(Duration::from_millis(1))
            };
            tokio::select! {
                () = turn => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// How the call that was named waits; `None` when none of that name does.
    #[must_use]
    pub fn wait_of(&self, whom: &str) -> Option<Wait> {
        let mut state = self.state();
        let now = Instant::now();
        let is_theirs = |name: &Option<Arc<str>>| name.as_deref() == Some(whom);
        let (allowance, ticket) = state.queues.iter().find_map(|(allowance, queue)| {
            let place = queue.waiting.iter().find(|(_, name)| is_theirs(name));
            place.map(|(ticket, _)| (allowance.clone(), *ticket))
        })?;
        let (plane, operation) = match &allowance {
            Allowance::Shared(plane) => (*plane, None),
            Allowance::Own { service, operation } => (quotas::plane(service), Some(operation.clone())),
        };
        let pause = state.pause(plane, ticket.0, now);
        let queue = state.queues.get_mut(&allowance)?;
        queue.bucket.refill(now);
        let ahead = u32::try_from(queue.waiting.range(..ticket).count()).unwrap_or(u32::MAX);
        let left = pause.max(queue.bucket.wait(f64::from(ahead) + 1.0));
        Some(Wait { operation, ahead, left, every: Duration::from_secs_f64(1.0 / queue.bucket.rate) })
    }

    /// AWS refused a call of this service for rate: nobody calls it until then (a rollback waits a second at most), and
    /// what was saved up is gone.
    pub fn pause(&self, service: &str, duration: Duration) {
        if self.limits.rate.is_infinite() {
            return;
        }
        let plane = quotas::plane(service);
        let mut state = self.state();
        let now = Instant::now();
        let until = state.paused.get(&plane).map_or(now, |(_, until)| *until).max(now + duration);
        state.paused.insert(plane, (now, until));
        if let Some(queue) = state.queues.get_mut(&Allowance::Shared(plane)) {
            queue.bucket.refill(now);
            queue.bucket.level = queue.bucket.level.min(1.0);
        }
    }

    /// What API Gateway's part of it is like now.
    #[must_use]
    pub fn now(&self) -> BudgetState {
        let mut state = self.state();
        let queue = state.queue(&Allowance::Shared(Plane::ApiGateway), self.shared());
        queue.bucket.refill(Instant::now());
        let available = queue.bucket.level;
        let waits = |(allowance, queue): (&Allowance, &Queue)| match allowance {
            Allowance::Shared(Plane::ApiGateway) => queue.waiting.len(),
            Allowance::Own { service, .. } if quotas::plane(service) == Plane::ApiGateway => queue.waiting.len(),
            Allowance::Shared(_) | Allowance::Own { .. } => 0,
        };
        let waiting = state.queues.iter().map(waits).sum::<usize>();
        BudgetState { limits: self.limits, available, waiting: u32::try_from(waiting).unwrap_or(u32::MAX) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn queue(&mut self, allowance: &Allowance, quota: Quota) -> &mut Queue {
        let new = || Queue { bucket: Bucket::full(quota), waiting: BTreeMap::new() };
        self.queues.entry(allowance.clone()).or_insert_with(new)
    }

    /// How long this lane still has to wait because AWS said stop.
    fn pause(&self, plane: Plane, lane: Lane, now: Instant) -> Duration {
        let Some((said, until)) = self.paused.get(&plane) else { return Duration::ZERO };
        let until = if lane == Lane::Rollback { (*until).min(*said + ROLLBACK_PAUSE) } else { *until };
        until.saturating_duration_since(now)
    }
}

/// A place in a lane, given back on drop: a caller that is cancelled leaves no gap in the line.
struct Place<'a> {
    budget: &'a Budget,
    allowance: Allowance,
    ticket: Ticket,
}

impl<'a> Place<'a> {
    fn in_lane(budget: &'a Budget, allowance: &Allowance, quota: Quota, lane: Lane, whom: Option<&Arc<str>>) -> Self {
        let mut state = budget.state();
        state.places += 1;
        let ticket = (lane, state.places);
        state.queue(allowance, quota).waiting.insert(ticket, whom.cloned());
        Self { budget, allowance: allowance.clone(), ticket }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.state();
        if let Some(queue) = state.queues.get_mut(&self.allowance) {
            queue.waiting.remove(&self.ticket);
        }
        drop(state);
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
    fn a_place_in_the_queue_is_known_and_can_be_left() {
        paused().block_on(async {
            let budget = Arc::new(Budget::new(BudgetLimits::default()));
            let name = |name: &str| -> Arc<str> { name.into() };
            budget.acquire("apigateway", "UpdateUsagePlan", Lane::Change).await;
            let mut tasks = Vec::new();
            for whom in ["first", "second", "third"] {
                let (budget, whom) = (Arc::clone(&budget), name(whom));
                tasks.push(tokio::spawn(async move {
                    budget.acquire_for("apigateway", "UpdateUsagePlan", Lane::Change, Some(&whom)).await;
                }));
                tokio::task::yield_now().await;
            }
            let place = |whom: &str| budget.wait_of(whom).map(|wait| (wait.ahead, wait.left.as_secs_f64().round()));
            assert_eq!(
                [place("first"), place("second"), place("third")],
                [Some((0, 20.0)), Some((1, 40.0)), Some((2, 60.0))]
            );
            let wait = budget.wait_of("second").unwrap();
            assert_eq!((wait.operation.as_deref(), wait.every), (Some("UpdateUsagePlan"), Duration::from_secs(20)));
            tokio::time::sleep(Duration::from_secs(5)).await;
            tasks[1].abort();
            tokio::task::yield_now().await;
            assert_eq!([place("first"), place("second"), place("third")], [Some((0, 15.0)), None, Some((1, 35.0))]);
            tasks.remove(0).await.unwrap();
            assert_eq!([place("first"), place("third")], [None, Some((0, 20.0))]);
        });
    }

    #[test]
    fn when_aws_says_stop_everybody_waits_but_a_rollback_for_a_second_at_most() {
        paused().block_on(async {
            for (lane, least) in
                [(Lane::Background, 7.0), (Lane::OnScreen, 7.0), (Lane::Change, 7.0), (Lane::Rollback, 1.0)]
            {
                let budget = Arc::new(Budget::new(BudgetLimits::default()));
                budget.pause("apigateway", Duration::from_secs(7));
                let waited = times(&budget, 1, lane).await[0];
                assert!(waited >= least && waited < least + 0.1, "{lane:?} waited {waited} s");
            }
        });
    }

    #[test]
    fn a_pause_of_one_service_is_not_one_of_another() {
        paused().block_on(async {
            let budget = Budget::new(BudgetLimits::default());
            budget.pause("cloudwatch", Duration::from_secs(60));
            let start = Instant::now();
            budget.acquire("apigateway", "GetStages", Lane::Background).await;
            assert!(Instant::now() - start < Duration::from_millis(10));
        });
    }

    #[test]
    fn calls_of_other_services_leave_the_gateway_s_budget_alone() {
        paused().block_on(async {
            let budget = Budget::new(BudgetLimits::default());
            for (service, operation) in [
                ("cloudtrail", "LookupEvents"),
                ("wafv2", "GetWebACL"),
                ("cloudwatch", "DescribeAlarms"),
                ("sts", "GetCallerIdentity"),
            ] {
                budget.acquire(service, operation, Lane::Background).await;
            }
            assert!((budget.now().available - 40.0).abs() < f64::EPSILON);
            budget.acquire("apigatewayv2", "GetRoutes", Lane::Background).await;
            assert!((budget.now().available - 39.0).abs() < 1e-6);
        });
    }

    #[test]
    fn the_more_urgent_goes_first_for_a_narrow_call_too() {
        paused().block_on(async {
            let budget = Arc::new(Budget::new(BudgetLimits::default()));
            budget.acquire("apigateway", "UpdateUsagePlan", Lane::Change).await;
            let order = Arc::new(Mutex::new(Vec::new()));
            let mut tasks = Vec::new();
            for lane in [Lane::Background, Lane::Change, Lane::Rollback] {
                let (budget, order) = (Arc::clone(&budget), Arc::clone(&order));
                tasks.push(tokio::spawn(async move {
                    budget.acquire("apigateway", "UpdateUsagePlan", lane).await;
                    order.lock().unwrap().push(lane);
                }));
                tokio::task::yield_now().await;
            }
            for task in tasks {
                task.await.unwrap();
            }
            assert_eq!(*order.lock().unwrap(), [Lane::Rollback, Lane::Change, Lane::Background]);
        });
    }
}
