//! What AWS allows per call, and which calls share an allowance. From "Amazon API Gateway quotas" (control plane),
//! "CloudWatch service quotas", "CloudWatch Logs quotas", "Quotas in AWS CloudTrail" and "AWS WAF quotas".

/// Calls per second, and at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quota {
    pub(super) rate: f64,
    pub(super) burst: f64,
}

const fn quota(rate: f64, burst: f64) -> Quota {
    Quota { rate, burst }
}

/// Services whose calls share one allowance. What is not here has none that all calls share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Plane {
    /// Versions 1 and 2 together: 10 requests per second with a burst of 40, unless a person set less.
    ApiGateway,
    /// Describe, Get and List of CloudTrail: 10 per second.
    CloudTrail,
    /// Each service that has only quotas per call, or none that is documented.
    Other,
}

/// Whose allowance a call of this service spends.
pub(super) fn plane(service: &str) -> Plane {
    match service {
        "apigateway" | "apigatewayv2" => Plane::ApiGateway,
        "cloudtrail" => Plane::CloudTrail,
        _ => Plane::Other,
    }
}

/// CloudTrail's quota for its reading calls together.
pub(super) const CLOUDTRAIL: Quota = quota(10.0, 10.0);

/// Calls that AWS limits by themselves.
const BY_CALL: &[(&str, &str, Quota)] = &[
    // "5 requests every 2 seconds" as a bucket of 5.
    ("apigateway", "GetResources", quota(2.5, 5.0)),
    ("apigateway", "CreateApiKey", quota(5.0, 5.0)),
    ("apigateway", "DeleteApiKey", quota(5.0, 5.0)),
    ("apigateway", "CreateDeployment", quota(0.2, 1.0)),
    ("apigateway", "UpdateAccount", quota(0.05, 1.0)),
    ("apigateway", "UpdateUsagePlan", quota(0.05, 1.0)),
    ("cloudtrail", "LookupEvents", quota(2.0, 2.0)),
    ("cloudtrail", "StartQuery", quota(1.0, 1.0)),
    ("cloudtrail", "CancelQuery", quota(1.0, 1.0)),
    ("cloudwatch", "GetMetricData", quota(500.0, 500.0)),
    ("cloudwatch", "ListMetrics", quota(25.0, 25.0)),
    ("cloudwatch", "DescribeAlarms", quota(9.0, 9.0)),
    ("cloudwatch", "DescribeAlarmHistory", quota(20.0, 20.0)),
    ("cloudwatch", "PutMetricAlarm", quota(3.0, 3.0)),
    ("cloudwatch", "DeleteAlarms", quota(3.0, 3.0)),
    ("logs", "DescribeLogGroups", quota(10.0, 10.0)),
    ("logs", "GetQueryResults", quota(5.0, 5.0)),
    ("logs", "StartQuery", quota(5.0, 5.0)),
    ("logs", "StopQuery", quota(5.0, 5.0)),
    // "Amazon SNS endpoints and quotas".
    ("sns", "ListTopics", quota(30.0, 30.0)),
    ("wafv2", "ListResourcesForWebACL", quota(1.0, 1.0)),
    ("wafv2", "GetWebACLForResource", quota(1.0, 1.0)),
];

/// What WAF allows of any one reading call, and of any one that changes something, where nothing else is said.
const WAF_READS: Quota = quota(5.0, 5.0);
const WAF_WRITES: Quota = quota(1.0, 1.0);

/// The quota of one operation, where it has one.
pub(super) fn by_call(service: &str, operation: &str) -> Option<Quota> {
    let listed = BY_CALL.iter().find(|row| row.0 == service && row.1 == operation).map(|row| row.2);
    listed.or_else(|| match service {
        "wafv2" if operation.starts_with("Get") || operation.starts_with("List") => Some(WAF_READS),
        "wafv2" => Some(WAF_WRITES),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quotas_are_the_documented_ones() {
        let cases = [
            ("apigateway", "GetResources", Some(2.5)),
            ("apigateway", "UpdateUsagePlan", Some(1.0 / 20.0)),
            ("apigateway", "CreateDeployment", Some(1.0 / 5.0)),
            ("apigateway", "GetStages", None),
            ("apigatewayv2", "GetRoutes", None),
            ("cloudtrail", "LookupEvents", Some(2.0)),
            ("wafv2", "GetWebACL", Some(5.0)),
            ("wafv2", "UpdateWebACL", Some(1.0)),
            ("logs", "StartQuery", Some(5.0)),
            ("sts", "GetCallerIdentity", None),
        ];
        for (service, operation, rate) in cases {
            assert_eq!(by_call(service, operation).map(|quota| quota.rate), rate, "{service}:{operation}");
        }
    }
}
