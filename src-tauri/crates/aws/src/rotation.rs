//! What the rotation of one key depends on, by that key: the plans' own lists of keys hold every key's value in plain text,
//! and an account may have 300 plans.

use std::collections::BTreeMap;

use futures::future::join_all;
use jiff::{ToSpan as _, civil::Date};
use portcullis_domain::{
    change::ROTATES_TAG,
    coverage::Gap,
    tenants::{DayUse, Key, Ledger, UsagePlan},
};
use serde_json::Value;

use crate::{
    AwsError, Reader,
    raw::Capture,
    tenants::{days, plan},
};

const SERVICE: &str = "apigateway";

impl Reader<'_> {
    /// Every key, and the plans and usage of `key`, of the keys that take its place and of the one whose place it takes.
    /// Plans of other keys are not in it. Usage that could not be read is absent, with its gap.
    ///
    /// # Errors
    /// As every read: without keys or plans nothing can be said.
    pub async fn rotation_ledger(
        &self,
        key: &str,
        today: Date,
        read_days: i64,
    ) -> Result<(Ledger, Vec<Gap>), AwsError> {
        let context = self.session.spec().label();
        let keys = self.keys().await?;
        let mut plans: BTreeMap<String, UsagePlan> = BTreeMap::new();
        for id in together(&keys, key) {
            for found in self.whole_plans_of_key(&id).await? {
                let plan = plans.entry(found.id.clone()).or_insert(found);
                plan.keys.get_or_insert_default().push(id.clone());
            }
        }
        let from = today.saturating_sub((read_days - 1).days());
        let pairs: Vec<(&UsagePlan, &String)> =
            plans.values().flat_map(|plan| plan.keys.iter().flatten().map(move |key| (plan, key))).collect();
        let read = join_all(pairs.iter().map(|(plan, key)| self.usage_of_key(plan, key, from, today))).await;
        let (mut usage, mut gaps, mut unread) =
            (BTreeMap::<String, BTreeMap<String, Vec<DayUse>>>::new(), vec![], vec![]);
        for ((plan, key), used) in pairs.into_iter().zip(read) {
            match used {
                Ok(days) => drop(usage.entry(plan.id.clone()).or_default().insert(key.clone(), days)),
                Err(error) => {
                    gaps.push(error.to_gap(&context, &format!("the usage of key {key} in usage plan {}", plan.name)));
                    unread.push(plan.id.clone());
                }
            }
        }
        usage.retain(|plan, _| !unread.contains(plan));
        let ledger = Ledger { context, keys: Some(keys), plans: Some(plans.into_values().collect()), usage };
        Ok((ledger, gaps))
    }

    async fn whole_plans_of_key(&self, key: &str) -> Result<Vec<UsagePlan>, AwsError> {
        let client = self.session.rest();
        let what = format!("the usage plans of key {key}");
        let (mut plans, mut position) = (Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            let read = self.read(SERVICE, "GetUsagePlans", &what, || {
                let call = client.get_usage_plans().key_id(key).limit(500).set_position(position.clone());
                call.customize().interceptor(capture.clone()).send()
            });
            // A key that is gone is in no plan.
            let page = match read.await {
                Err(error) if error.kind == crate::ErrorKind::NotFound => return Ok(plans),
                page => page?,
            };
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

    async fn usage_of_key(&self, plan: &UsagePlan, key: &str, from: Date, to: Date) -> Result<Vec<DayUse>, AwsError> {
        let client = self.session.rest();
        let what = format!("the usage of key {key} in usage plan {} ({})", plan.name, plan.id);
        let (mut pairs, mut position) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read(SERVICE, "GetUsage", &what, || {
                    let call = client.get_usage().usage_plan_id(&plan.id).key_id(key).limit(500);
                    let call = call.start_date(from.to_string()).end_date(to.to_string());
                    call.set_position(position.clone()).send()
                })
                .await?;
            pairs.extend(page.items().and_then(|items| items.get(key)).into_iter().flatten().cloned());
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Ok(days(from, &pairs));
            }
        }
    }
}

/// The keys of the same rotations: the old one first.
fn together(keys: &[Key], key: &str) -> Vec<String> {
    let rotates = |id: &str| keys.iter().find(|key| key.id == id)?.tags.get(ROTATES_TAG).cloned();
    let mut ids = vec![rotates(key).unwrap_or_else(|| key.to_owned()), key.to_owned()];
    for old in ids.clone() {
        ids.extend(keys.iter().filter(|key| key.tags.get(ROTATES_TAG) == Some(&old)).map(|key| key.id.clone()));
    }
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids
}
