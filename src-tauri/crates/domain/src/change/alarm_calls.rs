//! Alarms: the calls that lead from one state to another, and the parameters of the `aws` command.

use serde_json::json;

use super::{AwsCall, Fields};
use crate::alarms::AlarmDefinition;

/// There and gone are the two states that calls lead to: an alarm that is otherwise is somebody else's.
pub(super) fn alarm_calls_between(name: &str, from: &Fields, to: &Fields) -> Option<Vec<AwsCall>> {
    if to.is_empty() {
        return Some(vec![AwsCall::DeleteAlarms { alarm_name: name.to_owned() }]);
    }
    if !from.is_empty() {
        return None;
    }
    Some(vec![AwsCall::PutMetricAlarm { alarm: Box::new(AlarmDefinition::of_fields(name, to)?) }])
}

pub(super) fn put_parameters(alarm: &AlarmDefinition) -> Vec<(&'static str, String)> {
    let dimensions: Vec<_> =
        alarm.dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
    let extended = is_extended(&alarm.statistic);
    let mut parameters = vec![
        ("--alarm-name", alarm.name.clone()),
        ("--alarm-description", alarm.description.clone()),
        ("--namespace", alarm.namespace.clone()),
        ("--metric-name", alarm.metric.clone()),
        ("--dimensions", json!(dimensions).to_string()),
        (if extended { "--extended-statistic" } else { "--statistic" }, alarm.statistic.clone()),
        ("--period", alarm.period.to_string()),
        ("--evaluation-periods", alarm.evaluation_periods.to_string()),
        ("--datapoints-to-alarm", alarm.datapoints_to_alarm.to_string()),
        ("--threshold", alarm.threshold.to_string()),
        ("--comparison-operator", alarm.comparison.clone()),
        ("--treat-missing-data", alarm.missing_data.clone()),
    ];
    for (flag, actions) in [("--alarm-actions", &alarm.alarm_actions), ("--ok-actions", &alarm.ok_actions)] {
        if !actions.is_empty() {
            parameters.push((flag, json!(actions).to_string()));
        }
    }
    parameters
}

/// Whether AWS takes a statistic as `ExtendedStatistic`: everything but the five simple ones.
#[must_use]
pub fn is_extended(statistic: &str) -> bool {
    !["Average", "Sum", "SampleCount", "Minimum", "Maximum"].contains(&statistic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        alarms::{AlarmSubject, recommended},
        change::{CommandContext, PlanTarget, calls_between, fields_after},
    };
    use proptest::prelude::*;

    fn alarm(api: &str, route: Option<&str>, subject: AlarmSubject) -> AlarmDefinition {
        recommended(&crate::alarms::testing::api("REST", "a1", api), "prod", route, subject)
    }

    #[test]
    fn the_command_makes_the_alarm() {
        let mut alarm = alarm("shop", Some("POST /login"), AlarmSubject::Latency);
        alarm.alarm_actions = vec!["arn:aws:sns:eu-west-1:111122223333:oncall".to_owned()];
        let call = AwsCall::PutMetricAlarm { alarm: Box::new(alarm) };
        let context = CommandContext { profile: None, region: "eu-west-1", endpoint_url: None };
        insta::assert_snapshot!(call.command_line(&context), @r#"aws cloudwatch put-metric-alarm --alarm-name 'apigateway-shop-prod-POST /login-latency' --alarm-description 'Alarm on latency of shop/prod POST /login, as AWS recommends.' --namespace AWS/ApiGateway --metric-name Latency --dimensions '[{"Name":"ApiName","Value":"shop"},{"Name":"Method","Value":"POST"},{"Name":"Resource","Value":"/login"},{"Name":"Stage","Value":"prod"}]' --extended-statistic p90 --period 60 --evaluation-periods 5 --datapoints-to-alarm 5 --threshold 2500 --comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching --alarm-actions '["arn:aws:sns:eu-west-1:111122223333:oncall"]' --region eu-west-1"#);
    }

    #[test]
    fn an_alarm_of_somebody_else_is_not_led_to() {
        let target = PlanTarget::Alarm { context: "demo".to_owned(), alarm_name: "a".to_owned() };
        let other =
            Fields::from([("alarm/exists".to_owned(), json!(true)), ("alarm/kind".to_owned(), json!("composite"))]);
        assert_eq!(calls_between(&target, &Fields::new(), &other), None);
        assert!(calls_between(&target, &other, &Fields::new()).is_some(), "deleting it is known");
    }

    proptest! {
        #[test]
        fn a_deleted_alarm_comes_back_as_it_was(api in "\\PC{1,300}", stage in "[a-z]{1,9}", threshold in 0.0..9_000.0_f64) {
            let mut alarm = alarm(&api, None, AlarmSubject::ServerErrors);
            alarm.dimensions.insert("Stage".to_owned(), stage);
            alarm.threshold = threshold;
            prop_assert!(alarm.name.chars().count() <= 255);
            let target = PlanTarget::Alarm { context: "demo".to_owned(), alarm_name: alarm.name.clone() };
            let there = alarm.fields();
            for (from, to) in [(Fields::new(), there.clone()), (there, Fields::new())] {
                let calls = calls_between(&target, &from, &to);
                prop_assert!(calls.is_some());
                let reached = calls.unwrap().iter().try_fold(from, |fields, call| fields_after(call, &fields));
                prop_assert_eq!(reached, Some(to));
            }
        }
    }
}
