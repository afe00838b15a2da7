//! Alarms on API Gateway and since when they are in their state: the moments that people ask about.

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{AlarmType, StateValue},
};
use jiff::Timestamp;

use crate::{AwsError, Reader};

/// The most that `DescribeAlarms` gives in a page.
const PAGE: i32 = 100;
const NAMESPACE: &str = "AWS/ApiGateway";

/// An alarm and its last change of state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmMoment {
    /// Its name.
    pub name: String,
    /// Whether it is in the state ALARM.
    pub burning: bool,
    /// When it came into its state.
    pub at: Timestamp,
}

impl Reader<'_> {
    /// The alarms on API Gateway and the composite ones that have changed their state. `pages(alarms)` calls.
    ///
    /// # Errors
    /// As every read.
    pub async fn alarm_moments(&self) -> Result<Vec<AlarmMoment>, AwsError> {
        let client = self.session.cloudwatch();
        let (mut found, mut token) = (Vec::new(), None::<String>);
        loop {
            let page = self
                .read("cloudwatch", "DescribeAlarms", "the alarms", || {
                    client
                        .describe_alarms()
                        .alarm_types(AlarmType::MetricAlarm)
                        .alarm_types(AlarmType::CompositeAlarm)
                        .max_records(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            for alarm in page.metric_alarms() {
                let math = alarm.metrics().iter().filter_map(|query| query.metric_stat()?.metric()?.namespace());
                if !alarm.namespace().into_iter().chain(math).any(|namespace| namespace == NAMESPACE) {
                    continue;
                }
                let since = alarm.state_transitioned_timestamp().or_else(|| alarm.state_updated_timestamp());
                found.extend(moment(alarm.alarm_name(), alarm.state_value(), since));
            }
            for alarm in page.composite_alarms() {
                let since = alarm.state_transitioned_timestamp().or_else(|| alarm.state_updated_timestamp());
                found.extend(moment(alarm.alarm_name(), alarm.state_value(), since));
            }
            token = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if token.is_none() {
                return Ok(found);
            }
        }
    }
}

fn moment(name: Option<&str>, state: Option<&StateValue>, since: Option<&DateTime>) -> Option<AlarmMoment> {
    let at = Timestamp::from_second(since?.secs()).ok()?;
    Some(AlarmMoment { name: name?.to_owned(), burning: state == Some(&StateValue::Alarm), at })
}
