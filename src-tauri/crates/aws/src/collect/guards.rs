//! What controls need to know of web ACLs and alarms: the ACLs that stages refer to, with their logging, and the alarms
//! on API Gateway. `2 × ACLs + pages(alarms)` calls.

use aws_sdk_cloudwatch::types::{AlarmType, Dimension, MetricAlarm};
use aws_sdk_wafv2::types::Scope;
use portcullis_domain::inventory::AccountAnswer;
use serde_json::{Value, json};

use super::posture::Collecting;
use crate::raw::Capture;

/// The most alarms that `DescribeAlarms` gives in a page.
const ALARMS: i32 = 100;

/// A web ACL's ARN in parts: `arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID`, `global` for CloudFront's.
fn parts(arn: &str) -> Option<(Scope, &str, &str)> {
    let mut resource = arn.splitn(6, ':').nth(5)?.split('/');
    let scope = match resource.next()? {
        "regional" => Scope::Regional,
        "global" => Scope::Cloudfront,
        _ => return None,
    };
    let (_, name, id) = (resource.next()?, resource.next()?, resource.next()?);
    Some((scope, name, id))
}

impl Collecting<'_, '_> {
    /// Each ACL and how it is logged. One that AWS says is logged nowhere has an answer without a configuration.
    pub(super) async fn web_acls(&self, arns: &[String]) {
        let client = aws_sdk_wafv2::Client::new(self.reader.session.config());
        for arn in arns {
            let Some((scope, name, id)) = parts(arn) else { continue };
            let what = format!("web ACL {name}");
            let capture = Capture::default();
            let read = self.reader.read("wafv2", "GetWebACL", &what, || {
                let request = client.get_web_acl().scope(scope.clone()).name(name).id(id);
                request.customize().interceptor(capture.clone()).send()
            });
            if self.or_gap(&what, read.await).is_some() {
                self.keep("wafv2:GetWebACL", arn, &capture);
            }
            let what = format!("the logging of web ACL {name}");
            let capture = Capture::default();
            let read = self.reader.read("wafv2", "GetLoggingConfiguration", &what, || {
                let request = client.get_logging_configuration().resource_arn(arn);
                request.customize().interceptor(capture.clone()).send()
            });
            match read.await {
                Ok(_) => self.keep("wafv2:GetLoggingConfiguration", arn, &capture),
                Err(error) if error.code == "WAFNonexistentItemException" => {
                    self.keep_value("wafv2:GetLoggingConfiguration", arn, json!({}));
                }
                Err(error) => drop(self.or_gap::<()>(&what, Err(error))),
            }
        }
    }

    /// The alarms on API Gateway, all pages as one answer in the API's own words: CloudWatch does not speak JSON to
    /// every client.
    pub(super) async fn alarms(&self) {
        let client = self.reader.session.cloudwatch();
        let what = "the alarms";
        let (mut alarms, mut composites, mut token) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let page = self.reader.read("cloudwatch", "DescribeAlarms", what, || {
                // Without the types, AWS answers metric alarms only.
                client
                    .describe_alarms()
                    .alarm_types(AlarmType::MetricAlarm)
                    .alarm_types(AlarmType::CompositeAlarm)
                    .max_records(ALARMS)
                    .set_next_token(token.clone())
                    .send()
            });
            let Some(page) = self.or_gap(what, page.await) else { return };
            alarms.extend(page.metric_alarms().iter().filter(|alarm| is_ours(alarm)).map(alarm));
            composites.extend(page.composite_alarms().iter().map(|alarm| {
                json!({
                    "AlarmName": alarm.alarm_name(),
                    "AlarmRule": alarm.alarm_rule(),
                    "ActionsEnabled": alarm.actions_enabled(),
                    "AlarmActions": alarm.alarm_actions(),
                })
            }));
            token = page.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        let kept = json!({ "MetricAlarms": alarms, "CompositeAlarms": composites });
        self.keep_value("cloudwatch:DescribeAlarms", "", kept);
    }

    pub(super) fn keep_value(&self, call: &str, of: &str, json: Value) {
        self.lock().answers.push(AccountAnswer { call: call.to_owned(), of: of.to_owned(), json });
    }
}

const NAMESPACE: &str = "AWS/ApiGateway";

fn is_ours(alarm: &MetricAlarm) -> bool {
    let math = alarm.metrics().iter().filter_map(|query| query.metric_stat()?.metric()?.namespace());
    alarm.namespace().into_iter().chain(math).any(|namespace| namespace == NAMESPACE)
}

fn alarm(alarm: &MetricAlarm) -> Value {
    let metrics: Vec<Value> = alarm
        .metrics()
        .iter()
        .filter_map(|query| {
            let metric = query.metric_stat()?.metric()?;
            Some(json!({ "MetricStat": { "Metric": {
                "MetricName": metric.metric_name(), "Dimensions": dimensions(metric.dimensions()),
            } } }))
        })
        .collect();
    json!({
        "AlarmName": alarm.alarm_name(),
        "MetricName": alarm.metric_name(),
        "Dimensions": dimensions(alarm.dimensions()),
        "Metrics": metrics,
        "ActionsEnabled": alarm.actions_enabled(),
        "AlarmActions": alarm.alarm_actions(),
        "StateValue": alarm.state_value().map(|state| state.as_str()),
        "StateTransitionedTimestamp": alarm
            .state_transitioned_timestamp()
            .or_else(|| alarm.state_updated_timestamp())
            .and_then(|at| jiff::Timestamp::from_second(at.secs()).ok())
            .map(|at| at.to_string()),
        "Threshold": alarm.threshold(),
    })
}

fn dimensions(dimensions: &[Dimension]) -> Vec<Value> {
    dimensions.iter().map(|one| json!({ "Name": one.name(), "Value": one.value() })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_in_parts() {
        let found = parts("arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-shield/a1b2").unwrap();
        assert_eq!(found, (Scope::Regional, "shop-shield", "a1b2"));
        assert_eq!(parts("arn:aws:wafv2:us-east-1:1:global/webacl/edge/x").unwrap().0, Scope::Cloudfront);
        assert!(parts("arn:aws:waf-regional:eu-west-1:1:webacl/classic").is_none());
    }
}
