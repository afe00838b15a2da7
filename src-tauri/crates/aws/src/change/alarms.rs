//! Alarms: their live state, and the calls that make and delete them.

use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, Statistic};
use aws_types::request_id::RequestId as _;
use portcullis_domain::{
    alarms::{Alarm, AlarmDefinition},
    change::{AwsCall, Fields, is_extended},
};

use crate::{AwsError, Reader, WriteError, error::Called};

impl Reader<'_> {
    /// Nothing when there is no alarm of that name, of any type.
    pub(super) async fn alarm_fields(&self, name: &str) -> Result<Fields, AwsError> {
        Ok(self.alarm(name).await?.as_ref().map(Alarm::fields).unwrap_or_default())
    }

    pub(super) async fn send_about_alarms(
        &self,
        called: Called<'_>,
        call: &AwsCall,
    ) -> Result<Option<String>, WriteError> {
        let client = self.session.cloudwatch();
        Ok(match call {
            AwsCall::PutMetricAlarm { alarm } => {
                let call = put(client, alarm);
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            AwsCall::DeleteAlarms { alarm_name } => {
                let call = client.delete_alarms().alarm_names(alarm_name);
                self.write(called, || call.send()).await?.request_id().map(str::to_owned)
            }
            _ => None,
        })
    }
}

fn put(
    client: &aws_sdk_cloudwatch::Client,
    alarm: &AlarmDefinition,
) -> aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder {
    let dimensions = alarm.dimensions.iter();
    let dimensions = dimensions.map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect();
    let call = client
        .put_metric_alarm()
        .alarm_name(&alarm.name)
        .alarm_description(&alarm.description)
        .namespace(&alarm.namespace)
        .metric_name(&alarm.metric)
        .set_dimensions(Some(dimensions))
        .period(alarm.period)
        .evaluation_periods(alarm.evaluation_periods)
        .datapoints_to_alarm(alarm.datapoints_to_alarm)
        .threshold(alarm.threshold)
        .comparison_operator(ComparisonOperator::from(alarm.comparison.as_str()))
        .treat_missing_data(&alarm.missing_data)
        .set_alarm_actions(Some(alarm.alarm_actions.clone()))
        .set_ok_actions(Some(alarm.ok_actions.clone()));
    if is_extended(&alarm.statistic) {
        call.extended_statistic(&alarm.statistic)
    } else {
        call.statistic(Statistic::from(alarm.statistic.as_str()))
    }
}
