//! The usage plans that a key is in.

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
}
