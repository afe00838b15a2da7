//! A clock that can run faster than time, for rehearsals on the demo account.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::Clock;

/// The fastest: an hour in a minute, so that a look every minute is a look every second.
pub const FASTEST: f64 = 60.0;

/// Another clock, from some moment on at another speed. At speed 1, and before it was ever changed, it is the other clock.
pub struct DemoClock {
    base: Arc<dyn Clock>,
    set: Mutex<Option<Set>>,
}

#[derive(Clone, Copy)]
struct Set {
    base_at: Timestamp,
    shown_at: Timestamp,
    speed: f64,
}

impl fmt::Debug for DemoClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DemoClock").field("speed", &self.speed()).finish_non_exhaustive()
    }
}

impl DemoClock {
    /// The base clock's time at its speed.
    #[must_use]
    pub fn on(base: Arc<dyn Clock>) -> Self {
        Self { base, set: Mutex::new(None) }
    }

    /// How many times as fast as the base clock.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.set().map_or(1.0, |set| set.speed)
    }

    /// Goes on from now at this speed, 1 to [`FASTEST`].
    pub fn set_speed(&self, speed: f64) {
        let (base_at, mut set) = (self.base.now(), self.set());
        let shown_at = shown(set.as_ref(), base_at);
        *set = Some(Set { base_at, shown_at, speed: speed.clamp(1.0, FASTEST) });
    }

    /// Is the base clock again: what was rehearsed lies in the future then.
    pub fn reset(&self) {
        *self.set() = None;
    }

    fn set(&self) -> MutexGuard<'_, Option<Set>> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn shown(set: Option<&Set>, base: Timestamp) -> Timestamp {
    set.map_or(base, |set| {
        let passed = base.duration_since(set.base_at).as_secs_f64() * set.speed;
        SignedDuration::try_from_secs_f64(passed)
            .ok()
            .and_then(|passed| set.shown_at.checked_add(passed).ok())
            .unwrap_or(base)
    })
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        let base = self.base.now();
        shown(self.set().as_ref(), base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Hand(Mutex<Timestamp>);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }
    }

    #[test]
    fn it_never_goes_back_while_its_speed_changes() {
        let begin: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
        let hand = Arc::new(Hand(Mutex::new(begin)));
        let clock = DemoClock::on(hand.clone());
        let after = |seconds: i64| {
            *hand.0.lock().unwrap() = begin + SignedDuration::from_secs(seconds);
            clock.now().duration_since(begin).as_secs()
        };
        assert_eq!(after(10), 10);
        clock.set_speed(60.0);
        assert_eq!((after(10), after(20)), (10, 610));
        clock.set_speed(1.0);
        assert_eq!((after(20), after(30)), (610, 620), "slower again, and not back");
        clock.set_speed(1_000.0);
        assert_eq!((clock.speed(), after(31)), (60.0, 680));
        clock.reset();
        assert_eq!(after(40), 40);
    }
}
