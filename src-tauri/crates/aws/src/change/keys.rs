//! Keys and their places in usage plans: their live state, and the calls that change them. Values that AWS's answers
//! hold (`CreateApiKey`, `CreateUsagePlanKey`, `GetUsagePlanKey`) go no further than this file.

use aws_types::request_id::RequestId as _;
use portcullis_domain::{
    change::{AwsCall, Fields},
    coverage::GapKind,
};
use serde_json::json;

use super::send::patches;
use crate::{AwsError, Reader, WriteError, error::Called};

const SERVICE: &str = "apigateway";

impl Reader<'_> {
    /// `member` and `remaining`; nothing when the key is not in the plan.
    pub(super) async fn place_in_plan(&self, plan: &str, key: &str) -> Result<Fields, AwsError> {
        let client = self.session.rest();
        let what = format!("key {key} in usage plan {plan}");
        let held = self
            .read(SERVICE, "GetUsagePlanKey", &what, || {
                client.get_usage_plan_key().usage_plan_id(plan).key_id(key).send()
            })
            .await;
        match held {
            // Its value is in the answer, which ends here.
            Ok(_) => {}
            Err(error) if error.kind == GapKind::NotFound => return Ok(Fields::new()),
            Err(error) => return Err(error),
        }
        let today = self.today.ok_or_else(|| {
            AwsError::not_understood(SERVICE, "GetUsage", "Usage is read by the day, and no day was given.".to_owned())
        })?;
        let mut fields = Fields::from([("member".to_owned(), json!(true))]);
        if let Some(left) = self.remaining(plan, key, today).await? {
            fields.insert("remaining".to_owned(), json!(left));
        }
        Ok(fields)
    }

    /// `exists` and `enabled`; nothing when the key is gone.
    pub(super) async fn key_fields(&self, key: &str) -> Result<Fields, AwsError> {
        let client = self.session.rest();
        let what = format!("key {key}");
        let read =
            self.read(SERVICE, "GetApiKey", &what, || client.get_api_key().api_key(key).include_value(false).send());
        match read.await {
            Ok(key) => {
                Ok(Fields::from([("exists".to_owned(), json!(true)), ("enabled".to_owned(), json!(key.enabled()))]))
            }
            Err(error) if error.kind == GapKind::NotFound => Ok(Fields::new()),
            Err(error) => Err(error),
        }
    }

    /// The same of the key with this very name, and its tags.
    pub(super) async fn named_key_fields(&self, name: &str) -> Result<Fields, AwsError> {
        let client = self.session.rest();
        let what = format!("the keys named {name}");
        let mut position = None::<String>;
        loop {
            // A prefix, case-sensitive (recorded): longer names come too.
            let page = self
                .read(SERVICE, "GetApiKeys", &what, || {
                    let call = client.get_api_keys().name_query(name).include_values(false).limit(500);
                    call.set_position(position.clone()).send()
                })
                .await?;
            if let Some(key) = page.items().iter().find(|key| key.name() == Some(name)) {
                let mut fields =
                    Fields::from([("exists".to_owned(), json!(true)), ("enabled".to_owned(), json!(key.enabled()))]);
                let tags = key.tags().into_iter().flatten();
                fields.extend(tags.map(|(tag, value)| (format!("tags/{tag}"), json!(value))));
                return Ok(fields);
            }
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Ok(Fields::new());
            }
        }
    }

    pub(super) async fn send_about_keys(
        &self,
        called: Called<'_>,
        call: &AwsCall,
    ) -> Result<Option<String>, WriteError> {
        let rest = self.session.rest();
        let id = match call {
            AwsCall::UpdateUsage { usage_plan_id, key_id, remaining } => {
                let patch = portcullis_domain::change::PatchOperation::replace("/remaining", remaining.to_string());
                let call = rest.update_usage().usage_plan_id(usage_plan_id).key_id(key_id);
                let call = call.set_patch_operations(Some(patches(&[patch])));
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::CreateUsagePlanKey { usage_plan_id, key_id, .. } => {
                let call = rest.create_usage_plan_key().usage_plan_id(usage_plan_id).key_id(key_id).key_type("API_KEY");
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::DeleteUsagePlanKey { usage_plan_id, key_id } => {
                let call = rest.delete_usage_plan_key().usage_plan_id(usage_plan_id).key_id(key_id);
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::UpdateApiKey { key_id, patch_operations } => {
                let call = rest.update_api_key().api_key(key_id);
                let call = call.set_patch_operations(Some(patches(patch_operations)));
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::CreateApiKey { name, description, customer_id, tags } => {
                let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
                let tags = tags.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                let call = rest
                    .create_api_key()
                    .name(name)
                    .enabled(true)
                    .set_description(some(description))
                    .set_customer_id(some(customer_id))
                    .set_tags(Some(tags));
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::DeleteApiKey { key_id } => {
                let call = rest.delete_api_key().api_key(key_id);
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::UpdateStage { .. }
            | AwsCall::CreateDeployment { .. }
            | AwsCall::UpdateUsagePlan { .. }
            | AwsCall::UpdateHttpStage { .. }
            | AwsCall::DeleteRouteSettings { .. }
            | AwsCall::UpdateWebAcl { .. } => None,
        };
        Ok(id)
    }
}
