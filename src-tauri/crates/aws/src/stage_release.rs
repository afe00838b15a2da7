//! A REST stage's release as it is now.

use jiff::Timestamp;
use portcullis_domain::{
    canary::AccessLog,
    change::{Fields, rest_stage_fields},
};
use serde_json::Value;

use crate::{AwsError, Reader, change::answer, raw::Capture};

/// A stage, as it answered.
#[derive(Debug, Clone, PartialEq)]
pub struct StageNow {
    /// Its fields, as a change sees them.
    pub fields: Fields,
    /// `lastUpdatedDate`.
    pub last_updated: Option<Timestamp>,
    /// `accessLogSettings`; absent when the stage writes no access log.
    pub access_log: Option<AccessLog>,
}

impl Reader<'_> {
    /// Reads the stage: one call.
    ///
    /// # Errors
    /// As every read; `NotFound` when it is gone.
    pub async fn stage_now(&self, api_id: &str, stage: &str) -> Result<StageNow, AwsError> {
        let (what, capture) = (format!("stage {stage} of API {api_id}"), Capture::default());
        let client = self.session.rest();
        self.read("apigateway", "GetStage", &what, || {
            let call = client.get_stage().rest_api_id(api_id).stage_name(stage);
            call.customize().interceptor(capture.clone()).send()
        })
        .await?;
        let answered = answer(&capture, "GetStage", &what)?;
        Ok(StageNow {
            fields: rest_stage_fields(&answered),
            last_updated: moment(&answered["lastUpdatedDate"]),
            access_log: access_log(&answered["accessLogSettings"]),
        })
    }
}

fn access_log(settings: &Value) -> Option<AccessLog> {
    let text = |member: &str| settings[member].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    Some(AccessLog { destination_arn: text("destinationArn")?, format: text("format")? })
}

/// Seconds since the epoch, as the service answers with `Accept: application/json`, or RFC 3339.
fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok(),
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
        Value::Number(number) => Timestamp::from_millisecond((number.as_f64()? * 1000.0) as i64).ok(),
        _ => None,
    }
}
