//! What the practices used of their quotas in the last weeks, and how old their keys are.
//!
//! | Practice | What it shows |
//! |---|---|
//! | Practice A | over its daily quota since ten this morning |
//! | Practice B, Practice C | three quarters and nine tenths of today |
//! | TeleMed Europe | its quota was lowered for this month and will be gone tomorrow |
//! | St. Agnes Hospital Group | a key 400 days old |
//! | Insurer One | a key that was never used |
//! | Clinic North | one key in two plans |
//! | Praxis am Markt | a disabled key |

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use crate::{
    rest::{RestApis, day_number, period_begin},
    traffic::chance,
};

/// Days of use that the account remembers.
const DAYS: i64 = 60;
const SECONDS_A_DAY: i64 = 86_400;

/// How today goes.
enum Today {
    /// As every day up to now.
    Usual,
    /// This part of the daily quota.
    Share(f64),
    /// Tomorrow nothing will be left.
    GoneTomorrow,
}

/// Customer id, requests on a usual day, age of the key in days, today.
const USED: [(&str, f64, i64, Today); 12] = [
    ("practice-a", 3_100.0, 35, Today::Share(1.0)),
    ("practice-b", 3_300.0, 60, Today::Share(0.78)),
    ("practice-c", 3_900.0, 80, Today::Share(0.93)),
    ("practice-d", 900.0, 20, Today::Usual),
    ("practice-e", 0.0, 310, Today::Usual),
    ("practice-f", 1_500.0, 88, Today::Usual),
    ("clinic-north", 18_000.0, 150, Today::Usual),
    ("clinic-harbour", 24_000.0, 45, Today::Usual),
    ("labs-central", 9_000.0, 210, Today::Usual),
    ("hospital-group", 160_000.0, 400, Today::Usual),
    ("insurer-one", 0.0, 12, Today::Usual),
    ("telemed", 210_000.0, 95, Today::GoneTomorrow),
];

/// Writes use and ages into the account: no operation of API Gateway can.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "requests: far below 2^53")]
pub(super) fn lay(rest: &mut RestApis, now: Timestamp) {
    let today = day_number(now.to_zoned(TimeZone::UTC).date());
    let gone = now.as_second().rem_euclid(SECONDS_A_DAY) as f64 / SECONDS_A_DAY as f64;
    for (customer, usual, age, how) in &USED {
        let Some((id, key)) =
            rest.keys.iter_mut().find(|(_, key)| key.get("customerId").and_then(|id| id.as_str()) == Some(customer))
        else {
            continue;
        };
        let id = id.clone();
        key["createdDate"] = json!(now.as_second() - age * SECONDS_A_DAY);
        let plans = rest.plan_keys.iter().filter(|(_, keys)| keys.contains(&id)).map(|(plan, _)| plan.clone());
        // The first plan that has a quota is the one that is used.
        let Some(plan) = plans.into_iter().find(|plan| quota(rest, plan).is_some()) else { continue };
        let Some((limit, period)) = quota(rest, &plan) else { continue };
        let of_day = |day: i64| match how {
            Today::GoneTomorrow => *usual,
            _ => usual * weekday(day) * (0.85 + 0.3 * chance(customer, day)),
        };
        let mut used: BTreeMap<i64, i64> = (today - DAYS.min(*age)..today)
            .map(|day| (day, (of_day(day) as i64).min(if period == "DAY" { limit } else { i64::MAX })))
            .filter(|(_, used)| *used > 0)
            .collect();
        let of_today = match how {
            Today::Share(share) => (limit as f64 * share) as i64,
            Today::Usual | Today::GoneTomorrow => (of_day(today) * gone) as i64,
        };
        if of_today > 0 {
            used.insert(today, of_today);
        }
        if let Today::GoneTomorrow = how {
            let begin = period_begin(&period, today);
            let spent: i64 = used.range(begin..=today).map(|(_, used)| used).sum();
            let left = (usual * (1.5 - gone)) as i64;
            rest.granted.insert((plan.clone(), id.clone()), left - (limit - spent));
        }
        rest.usage.insert((plan, id), used);
    }
}

fn quota(rest: &RestApis, plan: &str) -> Option<(i64, String)> {
    let quota = rest.plans.get(plan)?.get("quota")?;
    Some((quota.get("limit")?.as_i64()?, quota.get("period")?.as_str()?.to_owned()))
}

/// Practices are closed at weekends, more or less.
fn weekday(day: i64) -> f64 {
    let Ok(stamp) = Timestamp::from_second(day * SECONDS_A_DAY) else { return 1.0 };
    match stamp.to_zoned(TimeZone::UTC).date().weekday() {
        jiff::civil::Weekday::Saturday => 0.35,
        jiff::civil::Weekday::Sunday => 0.2,
        _ => 1.15,
    }
}
