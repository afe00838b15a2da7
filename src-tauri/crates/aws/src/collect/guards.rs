//! What controls need to know of web ACLs and alarms: the ACLs that stages refer to, with their logging, and the alarms
//! on API Gateway. `2 × ACLs + pages(alarms)` calls.

use aws_sdk_wafv2::types::Scope;
use portcullis_domain::{alarms::Alarm, inventory::AccountAnswer};
use serde_json::{Value, json};

use super::posture::Collecting;
use crate::raw::Capture;

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

    /// The alarms on API Gateway and every composite alarm, all pages as one answer in the API's own words.
    pub(super) async fn alarms(&self) {
        let Some(all) = self.or_gap("the alarms", self.reader.alarms_json().await) else { return };
        let (composites, alarms): (Vec<Value>, Vec<Value>) =
            all.into_iter().partition(|alarm| alarm.get("AlarmRule").is_some());
        let is_ours = |alarm: &Value| Alarm::read("", alarm).is_ours();
        let alarms: Vec<Value> = alarms.into_iter().filter(is_ours).collect();
        let kept = json!({ "MetricAlarms": alarms, "CompositeAlarms": composites });
        self.keep_value("cloudwatch:DescribeAlarms", "", kept);
    }

    pub(super) fn keep_value(&self, call: &str, of: &str, json: Value) {
        self.lock().answers.push(AccountAnswer { call: call.to_owned(), of: of.to_owned(), json });
    }
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
