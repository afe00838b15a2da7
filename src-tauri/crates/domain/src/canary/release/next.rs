//! What comes next, in words.

use jiff::{SignedDuration, Timestamp};

use super::{Release, ReleaseMode};

/// Whole minutes until the release ends by itself; 0 when it did.
#[must_use]
pub fn minutes_left(release: &Release, now: Timestamp) -> u32 {
    if !release.is_running() {
        return 0;
    }
    let seconds = release.deadline.duration_since(now).as_secs().max(0);
    u32::try_from((seconds + 59) / 60).unwrap_or(u32::MAX)
}

/// What happens next, a sentence each; nothing for a release that is over.
#[must_use]
pub fn what_comes_next(release: &Release) -> Vec<String> {
    if !release.is_running() {
        return Vec::new();
    }
    let clock = |at: Timestamp| at.strftime("%H:%M UTC").to_string();
    let mut next = vec![match release.terms.mode {
        ReleaseMode::Observe => "If the candidate is breached, it is shown here, and nothing is done.".to_owned(),
        ReleaseMode::Recommend => "If the candidate is breached, you are asked to roll it back.".to_owned(),
        ReleaseMode::Automatic => {
            "If the candidate is breached, the console removes the canary by itself, within a minute.".to_owned()
        }
    }];
    if let Some(on) = release.current_step() {
        let at = clock(release.step_since + SignedDuration::from_mins(i64::from(on.minutes)));
        next.push(match release.terms.steps.get(release.step + 1) {
            Some(step) => format!(
                "From {at} on its share goes from {} % to {} %, once the candidate was healthy over {} minutes.",
                on.percent, step.percent, on.minutes
            ),
            None => format!("From {at} on the watch ends, once the candidate was healthy over {} minutes.", on.minutes),
        });
    }
    next.push(format!("At {} the watch ends with whatever the verdict is then.", clock(release.deadline)));
    next
}
