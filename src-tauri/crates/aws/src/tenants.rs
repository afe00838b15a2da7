//! Keys, usage plans and usage, SDK -> domain: `pages(plans) + pages(keys) + Σ per plan (pages(its keys) + pages(usage))`
//! calls.
//!
//! `GetUsagePlanKeys` gives every key's value in plain text whether asked or not (recorded): the value is dropped in
//! the conversion, before anything else sees it. `GetApiKeys` is asked for values in one place only, to answer whose a
//! pasted value is, and what it gives stays inside that function.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use futures::future::join_all;
use jiff::{ToSpan as _, civil::Date};
use portcullis_domain::{
    coverage::Gap,
    tenants::{DayUse, Key, Ledger, PlanStage, Quota, QuotaPeriod, UsagePlan},
    throttle::Limit,
};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{AwsError, Reader, raw::Capture};

const SERVICE: &str = "apigateway";
/// The most that API Gateway gives in a page.
const PAGE: i32 = 500;

/// A key's value, on its way to the person who asked for it: never in a log, an error or a snapshot, and overwritten when it
/// is dropped. The SDK's own buffers are not: see `docs/security-model.md`.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyValue(Zeroizing<String>);

impl KeyValue {
    /// The value itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for KeyValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

/// Runs a paged call to its end: `$page` is each page, `$items` what to do with it.
macro_rules! pages {
    ($reader:expr, $operation:literal, $what:expr, $request:expr, |$page:ident| $items:expr) => {{
        let mut position = None::<String>;
        loop {
            let $page = $reader
                .read(SERVICE, $operation, $what, || $request.limit(PAGE).set_position(position.clone()).send())
                .await?;
            $items;
            position = $page.position().map(str::to_owned);
            if position.is_none() {
                break;
            }
        }
    }};
}

impl Reader<'_> {
    /// Reads keys, plans, memberships and the usage of the last `days` days up to `today`. What fails is a gap, and is
    /// absent from the ledger: never an empty list.
    pub async fn ledger(&self, today: Date, days: i64) -> (Ledger, Vec<Gap>) {
        let context = self.session.spec().label();
        let (keys, plans) = futures::join!(self.keys(), self.usage_plans());
        let mut gaps = Vec::new();
        let mut or_gap = |error: AwsError, what: &str| gaps.push(error.to_gap(&context, what));
        let keys = keys.map_err(|error| or_gap(error, "the API keys")).ok();
        let mut plans = plans.map_err(|error| or_gap(error, "the usage plans")).ok();
        let mut usage = BTreeMap::new();
        let from = today.saturating_sub((days - 1).days());
        let read = join_all(plans.iter().flatten().map(|plan| async {
            let what = format!("usage plan {} ({})", plan.name, plan.id);
            let members = self.keys_of_plan(&plan.id, &what);
            futures::join!(members, self.usage_of_plan(&plan.id, &what, from, today))
        }))
        .await;
        for (plan, (members, used)) in plans.iter_mut().flatten().zip(read) {
            let what = format!("usage plan {} ({})", plan.name, plan.id);
            plan.keys = members.map_err(|error| or_gap(error, &format!("the keys of {what}"))).ok();
            match used {
                Ok(used) => drop(usage.insert(plan.id.clone(), used)),
                Err(error) => or_gap(error, &format!("the usage of {what}")),
            }
        }
        (Ledger { context, keys, plans, usage }, gaps)
    }

    pub(crate) async fn keys(&self) -> Result<Vec<Key>, AwsError> {
        let client = self.session.rest();
        let mut keys = Vec::new();
        pages!(self, "GetApiKeys", "the API keys", client.get_api_keys().include_values(false), |page| {
            keys.extend(page.items().iter().filter_map(key));
        });
        Ok(keys)
    }

    /// Every usage plan, from the JSON as it came: the SDK's types make 0 of a limit that is not set.
    async fn usage_plans(&self) -> Result<Vec<UsagePlan>, AwsError> {
        let client = self.session.rest();
        let (mut plans, mut position) = (Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            let page = self
                .read(SERVICE, "GetUsagePlans", "the usage plans", || {
                    let call = client.get_usage_plans().limit(PAGE).set_position(position.clone());
                    call.customize().interceptor(capture.clone()).send()
                })
                .await?;
            let answer: Value = serde_json::from_slice(&capture.take()).map_err(|error| {
                let message = format!("The answer of GetUsagePlans is no JSON: {error}.");
                AwsError::not_understood(SERVICE, "GetUsagePlans", message)
            })?;
            let items = answer.get("item").or_else(|| answer.get("items")).and_then(Value::as_array);
            plans.extend(items.into_iter().flatten().filter_map(plan));
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Ok(plans);
            }
        }
    }

    async fn keys_of_plan(&self, plan: &str, what: &str) -> Result<Vec<String>, AwsError> {
        let client = self.session.rest();
        let mut ids = Vec::new();
        let what = format!("the keys of {what}");
        pages!(self, "GetUsagePlanKeys", &what, client.get_usage_plan_keys().usage_plan_id(plan), |page| {
            // Only the id: `value` is in the answer and goes no further.
            ids.extend(page.items().iter().filter_map(|key| key.id().map(str::to_owned)));
        });
        Ok(ids)
    }

    async fn usage_of_plan(
        &self,
        plan: &str,
        what: &str,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<String, Vec<DayUse>>, AwsError> {
        let client = self.session.rest();
        let what = format!("the usage of {what}");
        let mut pairs: BTreeMap<String, Vec<Vec<i64>>> = BTreeMap::new();
        let request = || client.get_usage().usage_plan_id(plan).start_date(from.to_string()).end_date(to.to_string());
        pages!(self, "GetUsage", &what, request(), |page| {
            for (key, days) in page.items().into_iter().flatten() {
                pairs.entry(key.clone()).or_default().extend(days.iter().cloned());
            }
        });
        Ok(pairs.into_iter().map(|(key, pairs)| (key, days(from, &pairs))).collect())
    }

    /// What is left of the quota of one key in one plan today; `None` when AWS has no number for it (a plan without a
    /// quota, or no request yet).
    ///
    /// # Errors
    /// As every read.
    pub async fn remaining(&self, plan: &str, key: &str, today: Date) -> Result<Option<i64>, AwsError> {
        let client = self.session.rest();
        let what = format!("the usage of key {key} in usage plan {plan}");
        let day = today.to_string();
        let mut left = None;
        let request = || client.get_usage().usage_plan_id(plan).key_id(key).start_date(&day).end_date(&day);
        pages!(self, "GetUsage", &what, request(), |page| {
            let found = page.items().and_then(|items| items.get(key)?.last()?.get(1).copied());
            left = found.or(left);
        });
        Ok(left)
    }

    /// The ids of the keys that have this value: values are asked for to answer this one question, compared here and
    /// dropped.
    ///
    /// # Errors
    /// As every read; `Denied` for a role that may not see values.
    pub async fn keys_with_value(&self, wanted: &str) -> Result<BTreeSet<String>, AwsError> {
        let client = self.session.rest();
        let mut found = BTreeSet::new();
        let what = "whose key a value is";
        pages!(self, "GetApiKeys", what, client.get_api_keys().include_values(true), |page| {
            let matching = page.items().iter().filter(|key| key.value() == Some(wanted));
            found.extend(matching.filter_map(|key| key.id().map(str::to_owned)));
        });
        Ok(found)
    }

    /// The value of one key, for the person who asked.
    ///
    /// # Errors
    /// As every read; `NotFound` when the key is gone or AWS gave no value.
    pub async fn key_value(&self, key: &str) -> Result<KeyValue, AwsError> {
        let client = self.session.rest();
        let what = format!("the value of key {key}");
        let answer = self
            .read(SERVICE, "GetApiKey", &what, || client.get_api_key().api_key(key).include_value(true).send())
            .await?;
        answer.value().map(|value| KeyValue(Zeroizing::new(value.to_owned()))).ok_or_else(|| {
            let message = format!("AWS gave key {key} without its value. Ask for apigateway:GET on the key.");
            AwsError::not_understood(SERVICE, "GetApiKey", message)
        })
    }
}

/// Without the value, whatever the SDK holds.
fn key(key: &aws_sdk_apigateway::types::ApiKey) -> Option<Key> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Some(Key {
        id: key.id()?.to_owned(),
        name: text(key.name()),
        description: text(key.description()),
        customer_id: text(key.customer_id()),
        enabled: key.enabled(),
        created_at: key.created_date().map_or(0, aws_smithy_types::DateTime::secs),
        updated_at: key.last_updated_date().map_or(0, aws_smithy_types::DateTime::secs),
        tags: key.tags().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect(),
    })
}

fn limit(value: &Value) -> Limit {
    Limit {
        rate: value["rateLimit"].as_f64(),
        burst: value["burstLimit"].as_i64().and_then(|burst| i32::try_from(burst).ok()),
    }
}

pub(crate) fn plan(answer: &Value) -> Option<UsagePlan> {
    let text = |member: &str| answer[member].as_str().unwrap_or_default().to_owned();
    let period = match answer["quota"]["period"].as_str() {
        Some("WEEK") => QuotaPeriod::Week,
        Some("MONTH") => QuotaPeriod::Month,
        _ => QuotaPeriod::Day,
    };
    let stage = |stage: &Value| {
        let methods = stage["throttle"].as_object().into_iter().flatten().map(|(key, set)| {
            // `/pets/{id}/GET`.
            let (path, method) = key.rsplit_once('/').unwrap_or(("", key));
            (format!("{method} {}", if path.is_empty() { "/" } else { path }), limit(set))
        });
        Some(PlanStage {
            api_id: stage["apiId"].as_str()?.to_owned(),
            stage: stage["stage"].as_str()?.to_owned(),
            methods: methods.collect(),
        })
    };
    Some(UsagePlan {
        id: answer["id"].as_str()?.to_owned(),
        name: text("name"),
        description: text("description"),
        throttle: limit(&answer["throttle"]),
        quota: answer["quota"]["limit"].as_i64().map(|limit| {
            let offset = answer["quota"]["offset"].as_i64().unwrap_or_default();
            Quota { offset, ..Quota::of(limit, period) }
        }),
        stages: answer["apiStages"].as_array().into_iter().flatten().filter_map(stage).collect(),
        keys: None,
    })
}

/// Pairs -> days. A day without a pair is a day without a number, not a day without requests.
pub(crate) fn days(from: Date, pairs: &[Vec<i64>]) -> Vec<DayUse> {
    let mut day = from;
    let mut made = Vec::with_capacity(pairs.len());
    for pair in pairs {
        if let Some(used) = pair.first() {
            made.push(DayUse { day, used: *used, remaining: pair.get(1).copied() });
        }
        day = day.saturating_add(1.day());
    }
    made
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_pair_is_a_day_and_a_hole_is_none() {
        let pairs = [vec![137, 999_863], vec![], vec![123]];
        assert_eq!(
            days(date(2026, 2, 28), &pairs),
            [
                DayUse { day: date(2026, 2, 28), used: 137, remaining: Some(999_863) },
                DayUse { day: date(2026, 3, 2), used: 123, remaining: None },
            ]
        );
    }

    #[test]
    fn a_limit_that_is_not_set_is_no_zero_and_a_value_has_no_words() {
        let found = plan(&serde_json::json!({ "id": "u1", "throttle": { "burstLimit": 5 }, "quota": { "limit": 0 } }));
        let found = found.unwrap();
        assert_eq!(found.throttle, Limit { rate: None, burst: Some(5) });
        assert_eq!(found.quota, Some(Quota::of(0, QuotaPeriod::Day)));
        let quota = serde_json::json!({ "limit": 500, "offset": 20, "period": "MONTH" });
        let found = plan(&serde_json::json!({ "id": "u1", "quota": quota })).unwrap();
        assert_eq!(found.quota, Some(Quota { limit: 500, period: QuotaPeriod::Month, offset: 20 }));
        assert_eq!(format!("{:?}", KeyValue(Zeroizing::new("a secret of thirty characters".to_owned()))), "[redacted]");
    }
}
