//! Keys and their places in usage plans: their live state, and the calls that change them. Values that AWS's answers
//! hold (`CreateApiKey`, `CreateUsagePlanKey`, `GetUsagePlanKey`) go no further than this file.

use aws_types::request_id::RequestId as _;
use portcullis_domain::{
    change::{AwsCall, Fields, NEW_KEY, PlanTarget, ROTATES_TAG},
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

    /// `exists`, `enabled` and the plans that it is in; nothing when the key is gone.
    pub(super) async fn key_fields(&self, key: &str) -> Result<Fields, AwsError> {
        let client = self.session.rest();
        let what = format!("key {key}");
        let read =
            self.read(SERVICE, "GetApiKey", &what, || client.get_api_key().api_key(key).include_value(false).send());
        match read.await {
            Ok(found) => {
                let mut fields =
                    Fields::from([("exists".to_owned(), json!(true)), ("enabled".to_owned(), json!(found.enabled()))]);
                // By the key: the plans' own lists of keys have every key's value in plain text.
                let plans = self.usage_plans_of_key(key).await?;
                fields.extend(plans.into_iter().map(|(plan, _)| (format!("plans/{plan}"), json!(true))));
                Ok(fields)
            }
            Err(error) if error.kind == GapKind::NotFound => Ok(Fields::new()),
            Err(error) => Err(error),
        }
    }

    /// The id of the key that a change makes or has made; `None` when it is not there.
    pub(super) async fn id_of_new_key(&self, name: &str, rotates: &str) -> Result<Option<String>, AwsError> {
        let fields = self.named_key_fields(name, rotates).await?;
        Ok(fields.get("id").and_then(|id| id.as_str()).map(str::to_owned))
    }

    /// `member`, `remaining` and `id` of a new key in a plan; nothing when either is not there.
    pub(super) async fn place_of_new_key(&self, plan: &str, name: &str, rotates: &str) -> Result<Fields, AwsError> {
        let Some(id) = self.id_of_new_key(name, rotates).await? else { return Ok(Fields::new()) };
        let mut fields = self.place_in_plan(plan, &id).await?;
        if !fields.is_empty() {
            fields.insert("id".to_owned(), json!(id));
        }
        Ok(fields)
    }

    /// The id to send in place of [`NEW_KEY`]; every other id is what it is.
    async fn id_to_send(&self, target: &PlanTarget, key_id: &str) -> Result<String, WriteError> {
        let PlanTarget::NewPlanKey { key_name, rotates, .. } = target else { return Ok(key_id.to_owned()) };
        if key_id != NEW_KEY {
            return Ok(key_id.to_owned());
        }
        let found = self.id_of_new_key(key_name, rotates).await;
        let gone = || {
            let message = format!("The new key {key_name} was deleted since it was made.");
            AwsError::not_understood(SERVICE, "GetApiKeys", message)
        };
        // Nothing was sent: the account is as it was.
        found.and_then(|id| id.ok_or_else(gone)).map_err(|error| WriteError { error, refused: true })
    }

    /// `exists`, `enabled`, `id` and tags of the key with this very name; of several, the one that takes the place of
    /// `rotates`, where that is said.
    pub(super) async fn named_key_fields(&self, name: &str, rotates: &str) -> Result<Fields, AwsError> {
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
            let takes_its_place = |key: &aws_sdk_apigateway::types::ApiKey| {
                rotates.is_empty()
                    || key.tags().is_some_and(|tags| tags.get(ROTATES_TAG).is_some_and(|id| id == rotates))
            };
            let mut named = page.items().iter().filter(|key| key.name() == Some(name));
            if let Some(key) = named.find(|key| takes_its_place(key)) {
                let mut fields = Fields::from([
                    ("exists".to_owned(), json!(true)),
                    ("enabled".to_owned(), json!(key.enabled())),
                    ("id".to_owned(), json!(key.id().unwrap_or_default())),
                ]);
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
        target: &PlanTarget,
        call: &AwsCall,
    ) -> Result<Option<String>, WriteError> {
        let rest = self.session.rest();
        let id = match call {
            AwsCall::UpdateUsage { usage_plan_id, key_id, remaining } => {
                let patch = portcullis_domain::change::PatchOperation::replace("/remaining", remaining.to_string());
                let key_id = Box::pin(self.id_to_send(target, key_id)).await?;
                let call = rest.update_usage().usage_plan_id(usage_plan_id).key_id(key_id);
                let call = call.set_patch_operations(Some(patches(&[patch])));
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::CreateUsagePlanKey { usage_plan_id, key_id, .. } => {
                let key_id = Box::pin(self.id_to_send(target, key_id)).await?;
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
            | AwsCall::UpdateWebAcl { .. }
            | AwsCall::PutMetricAlarm { .. }
            | AwsCall::DeleteAlarms { .. } => None,
        };
        Ok(id)
    }
}
