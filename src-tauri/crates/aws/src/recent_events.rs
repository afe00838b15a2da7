//! CloudTrail's latest events of one operation.

use aws_sdk_cloudtrail::{
    primitives::DateTime,
    types::{LookupAttribute, LookupAttributeKey},
};
use jiff::Timestamp;
use serde_json::Value;

use crate::{AwsError, Reader};

/// An event of CloudTrail, as far as naming its author needs.
#[derive(Debug, Clone, PartialEq)]
pub struct RecentEvent {
    /// `UpdateStage`.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The caller: an ARN, or what CloudTrail has instead.
    pub who: String,
    /// Source address and user agent.
    pub client: String,
    /// `requestParameters`, null when there are none.
    pub request_parameters: Value,
    /// Whether AWS refused the call.
    pub refused: bool,
}

impl Reader<'_> {
    /// The first page (50) of the events of this name, newest first.
    ///
    /// # Errors
    /// As every read.
    pub async fn recent_events(
        &self,
        name: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<RecentEvent>, AwsError> {
        let client = aws_sdk_cloudtrail::Client::new(self.session.config());
        let attribute = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventName)
            .attribute_value(name)
            .build()
            .map_err(|error| AwsError::not_understood("cloudtrail", "LookupEvents", error.to_string()))?;
        let answer = self
            .read("cloudtrail", "LookupEvents", "the latest configuration changes", || {
                client
                    .lookup_events()
                    .lookup_attributes(attribute.clone())
                    .start_time(DateTime::from_secs(start.as_second()))
                    .end_time(DateTime::from_secs(end.as_second()))
                    .send()
            })
            .await?;
        Ok(answer.events().iter().filter_map(event).collect())
    }
}

/// `None` for an event without a time or that is no JSON: it names nobody.
fn event(event: &aws_sdk_cloudtrail::types::Event) -> Option<RecentEvent> {
    let told: Value = serde_json::from_str(event.cloud_trail_event()?).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let identity = &told["userIdentity"];
    let who = text(&identity["arn"])
        .or_else(|| text(&identity["userName"]))
        .or_else(|| event.username().map(str::to_owned))
        .or_else(|| text(&identity["invokedBy"]))
        .unwrap_or_else(|| "somebody whom CloudTrail does not name".to_owned());
    let part = |name: &str| text(&told[name]).unwrap_or_else(|| "an unknown place".to_owned());
    Some(RecentEvent {
        name: event.event_name().unwrap_or_default().to_owned(),
        at: Timestamp::from_second(event.event_time()?.secs()).ok()?,
        who,
        client: format!("{} ({})", part("sourceIPAddress"), part("userAgent")),
        request_parameters: told["requestParameters"].clone(),
        refused: told["errorCode"].is_string(),
    })
}
