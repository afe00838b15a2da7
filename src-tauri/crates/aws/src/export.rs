//! A stage's exported definition, and the models of a draft.

use serde_json::Value;

use crate::{AwsError, Reader, raw::Capture};

const SERVICE: &str = "apigateway";

impl Reader<'_> {
    /// What a stage of a REST API serves, as Swagger with the extensions of API Gateway (`GetExport`): the stage's own
    /// deployment. A canary's has no export of its own, and neither has the draft.
    ///
    /// # Errors
    /// As every read; an export that is no JSON.
    pub async fn stage_export(&self, api_id: &str, stage: &str) -> Result<Value, AwsError> {
        let client = self.session.rest();
        let what = format!("the exported definition of stage {stage} of API {api_id}");
        let answer = self
            .read(SERVICE, "GetExport", &what, || {
                client
                    .get_export()
                    .rest_api_id(api_id)
                    .stage_name(stage)
                    .export_type("swagger")
                    .parameters("extensions", "apigateway")
                    .accepts("application/json")
                    .send()
            })
            .await?;
        let body = answer.body().map(AsRef::<[u8]>::as_ref).unwrap_or_default();
        serde_json::from_slice(body)
            .map_err(|error| AwsError::not_understood(SERVICE, "GetExport", format!("{what} is no JSON: {error}.")))
    }

    /// The models of a REST API's draft, as AWS answers them.
    ///
    /// # Errors
    /// As every read.
    pub async fn draft_models(&self, api_id: &str) -> Result<Vec<Value>, AwsError> {
        let client = self.session.rest();
        let what = format!("the models of API {api_id}");
        let (mut found, mut position) = (Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            let page = self
                .read(SERVICE, "GetModels", &what, || {
                    let call = client.get_models().rest_api_id(api_id).limit(500).set_position(position.clone());
                    call.customize().interceptor(capture.clone()).send()
                })
                .await?;
            let answered: Value = serde_json::from_slice(&capture.take())
                .map_err(|error| AwsError::not_understood(SERVICE, "GetModels", format!("{what}: {error}.")))?;
            let list = answered.get("item").or_else(|| answered.get("items")).and_then(Value::as_array);
            found.extend(list.into_iter().flatten().cloned());
            position = page.position().map(str::to_owned);
            if position.is_none() {
                return Ok(found);
            }
        }
    }
}
