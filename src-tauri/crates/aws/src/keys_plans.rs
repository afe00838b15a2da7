//! The usage plans that a key is in, and the keys of a plan.

use crate::{AwsError, Reader};

impl Reader<'_> {
    /// `(id, name)` of every usage plan that the key is in.
    ///
    /// # Errors
    /// As every read; `NotFound` for a key that is gone.
    pub async fn usage_plans_of_key(&self, key_id: &str) -> Result<Vec<(String, String)>, AwsError> {
        let client = self.session.rest();
        let what = format!("the usage plans of key {key_id}");
        let (mut plans, mut position) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read("apigateway", "GetUsagePlans", &what, || {
                    client.get_usage_plans().key_id(key_id).limit(500).set_position(position.clone()).send()
                })
                .await?;
            plans.extend(
                page.items()
                    .iter()
                    .map(|plan| (plan.id().unwrap_or_default().to_owned(), plan.name().unwrap_or_default().to_owned())),
            );
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Ok(plans);
            }
        }
    }

    /// `(id, name)` of every key of a usage plan; their values, which AWS answers too, are dropped here.
    ///
    /// # Errors
    /// As every read; `NotFound` for a plan that is gone.
    pub async fn keys_of_usage_plan(&self, usage_plan_id: &str) -> Result<Vec<(String, String)>, AwsError> {
        let client = self.session.rest();
        let what = format!("the keys of usage plan {usage_plan_id}");
        let (mut keys, mut position) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read("apigateway", "GetUsagePlanKeys", &what, || {
                    let call = client.get_usage_plan_keys().usage_plan_id(usage_plan_id);
                    call.limit(500).set_position(position.clone()).send()
                })
                .await?;
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            keys.extend(page.items().iter().map(|key| (text(key.id()), text(key.name()))));
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Ok(keys);
            }
        }
    }
}
