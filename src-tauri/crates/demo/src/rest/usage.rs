//! What keys used of their quotas: one pair of used and remaining per day, remaining counted down over the period.

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde_json::{Map, Value, json};

use super::{
    Call, RestApis,
    patch::{Op, patches},
    state::{bad_request, list, not_found},
};
use crate::services::{Around, Outcome};

const SECONDS_A_DAY: i64 = 86_400;

impl RestApis {
    pub(super) fn usage_operation(&mut self, call: &Call<'_>, around: &Around<'_>) -> Outcome {
        let plan = call.path("plan").to_owned();
        self.plan(&plan)?;
        if call.found.operation == "UpdateUsage" {
            return self.update_usage(call, &plan, around);
        }
        let date = |name: &str| {
            let text = call.query.get(name).unwrap_or_default();
            text.parse::<Date>().map_err(|_| bad_request(format!("Invalid {name} {text}")))
        };
        let (start, end) = (date("startDate")?, date("endDate")?);
        if end < start {
            return Err(bad_request("The endDate must not be before the startDate"));
        }
        let wanted = call.query.get("keyId");
        let keys = self.plan_keys.get(&plan).cloned().unwrap_or_default();
        let keys: Vec<Value> = keys
            .iter()
            .filter(|key| wanted.is_none_or(|wanted| *key == wanted))
            .map(|key| Value::String(key.clone()))
            .collect();
        let (_, page) = list(&keys.iter().collect::<Vec<_>>(), &call.query)?;
        let mut values = Map::new();
        for key in page["item"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            values.insert(key.to_owned(), self.days(&plan, key, start, end, around.now));
        }
        let (start, end) = (start.to_string(), end.to_string());
        let mut answer = json!({ "usagePlanId": plan, "startDate": start, "endDate": end, "values": values });
        if let Some(position) = page.get("position") {
            answer["position"] = position.clone();
        }
        Ok((200, answer))
    }

    fn days(&self, plan: &str, key: &str, start: Date, end: Date, now: Timestamp) -> Value {
        let used = self.usage.get(&(plan.to_owned(), key.to_owned()));
        let today = day_number(now.to_zoned(TimeZone::UTC).date());
        let pairs: Vec<Value> = (day_number(start)..=day_number(end).min(today))
            .map(|day| {
                let of_day = used.and_then(|days| days.get(&day)).copied().unwrap_or(0);
                json!([of_day, self.remaining(plan, key, day, today)])
            })
            .collect();
        json!(pairs)
    }

    /// Quota of the period less what was used from its begin up to and with `day`.
    fn remaining(&self, plan: &str, key: &str, day: i64, today: i64) -> i64 {
        let quota = self.plans.get(plan).and_then(|plan| plan.get("quota"));
        let Some(limit) = quota.and_then(|quota| quota.get("limit")?.as_i64()) else { return 0 };
        let period = quota.and_then(|quota| quota.get("period")?.as_str()).unwrap_or("DAY");
        let begin = period_begin(period, day);
        let pair = (plan.to_owned(), key.to_owned());
        let used: i64 =
            self.usage.get(&pair).map(|days| days.range(begin..=day).map(|(_, used)| used).sum()).unwrap_or(0);
        let granted =
            if begin == period_begin(period, today) { self.granted.get(&pair).copied().unwrap_or(0) } else { 0 };
        (limit + granted - used).max(0)
    }

    fn update_usage(&mut self, call: &Call<'_>, plan: &str, around: &Around<'_>) -> Outcome {
        let key = call.path("key").to_owned();
        if !self.plan_keys.get(plan).is_some_and(|keys| keys.contains(&key)) {
            return Err(not_found("Invalid Usage Plan Key identifier specified"));
        }
        let list = patches("UpdateUsage", call.body)?;
        let today = day_number(around.now.to_zoned(TimeZone::UTC).date());
        for patch in &list {
            if patch.op != Op::Replace || patch.path != "/remaining" {
                return Err(bad_request(format!(
                    "Invalid patch path  '{}' specified for op '{}'. Must be one of: [/remaining]",
                    patch.path,
                    patch.op.name()
                )));
            }
            let wanted =
                patch.value.as_deref().and_then(|value| value.parse::<i64>().ok()).filter(|wanted| *wanted >= 0);
            let wanted = wanted.ok_or_else(|| bad_request("Invalid value for /remaining"))?;
            let pair = (plan.to_owned(), key.clone());
            self.granted.remove(&pair);
            let quota = self.plans.get(plan).and_then(|plan| plan.pointer("/quota/limit")?.as_i64()).unwrap_or(0);
            let period = self.plans.get(plan).and_then(|plan| plan.pointer("/quota/period")?.as_str()).unwrap_or("DAY");
            let begin = period_begin(period, today);
            let used: i64 =
                self.usage.get(&pair).map(|days| days.range(begin..=today).map(|(_, used)| used).sum()).unwrap_or(0);
            self.granted.insert(pair, wanted - (quota - used));
        }
        let date = around.now.to_zoned(TimeZone::UTC).date();
        let values = json!({ key.clone(): self.days(plan, &key, date, date, around.now) });
        Ok((
            200,
            json!({ "usagePlanId": plan, "startDate": date.to_string(), "endDate": date.to_string(), "values": values }),
        ))
    }
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_second().div_euclid(SECONDS_A_DAY))
}

/// The first day of the quota period that `day` is in; weeks begin on Sunday.
pub(crate) fn period_begin(period: &str, day: i64) -> i64 {
    let Ok(stamp) = Timestamp::from_second(day * SECONDS_A_DAY) else { return day };
    let date = stamp.to_zoned(TimeZone::UTC).date();
    match period {
        "MONTH" => day - i64::from(date.day()) + 1,
        "WEEK" => day - i64::from(date.weekday().since(Weekday::Sunday)),
        _ => day,
    }
}
