//! Web ACLs on stages, custom domains, and the alarms that somebody set up.

use http::Method;
use serde_json::{Value, json};

use crate::in_process::{InProcess, OwnCallError, segment};

/// Creates a web ACL and answers its ARN. `counts` lets its managed rules count instead of block.
pub(super) fn web_acl(caller: &InProcess<'_>, name: &str, counts: bool) -> Result<String, OwnCallError> {
    let visibility = |metric: &str| json!({ "SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": metric });
    let action = if counts { json!({ "Count": {} }) } else { json!({ "None": {} }) };
    let limit = if counts { json!({ "Count": {} }) } else { json!({ "Block": {} }) };
    let managed = |priority: u32, group: &str| {
        json!({
            "Name": group, "Priority": priority, "OverrideAction": action, "VisibilityConfig": visibility(group),
            "Statement": { "ManagedRuleGroupStatement": { "VendorName": "AWS", "Name": group } }
        })
    };
    let body = json!({
        "Name": name, "Scope": "REGIONAL", "DefaultAction": { "Allow": {} }, "VisibilityConfig": visibility(name),
        "Description": if counts { "Watching only, since the launch" } else { "Blocks" },
        "Rules": [
            { "Name": "limit-by-address", "Priority": 0, "Action": limit, "VisibilityConfig": visibility("limit"),
              "Statement": { "RateBasedStatement": { "Limit": 2_000, "AggregateKeyType": "IP" } } },
            managed(10, "AWSManagedRulesCommonRuleSet"),
            managed(20, "AWSManagedRulesKnownBadInputsRuleSet")
        ]
    });
    let answer = caller.json("AWSWAF_20190729.CreateWebACL", "wafv2", &body)?;
    Ok(answer.pointer("/Summary/ARN").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// Puts an ACL on a stage.
pub(super) fn associate(caller: &InProcess<'_>, acl: &str, api: &str, stage: &str) -> Result<(), OwnCallError> {
    let resource = format!("arn:aws:apigateway:{}::/restapis/{api}/stages/{stage}", caller.region());
    let body = json!({ "WebACLArn": acl, "ResourceArn": resource });
    caller.json("AWSWAF_20190729.AssociateWebACL", "wafv2", &body).map(drop)
}

/// A regional custom domain with its base path mappings: `(base path, API, stage)`.
pub(super) fn domain(
    caller: &InProcess<'_>,
    name: &str,
    mutual_tls: bool,
    mappings: &[(&str, &str, &str)],
) -> Result<(), OwnCallError> {
    let certificate = format!("arn:aws:acm:{}:{}:certificate/{}", caller.region(), crate::ACCOUNT_ID, name.len());
    let mut body = json!({
        "domainName": name, "regionalCertificateArn": certificate, "securityPolicy": "TLS_1_2",
        "endpointConfiguration": { "types": ["REGIONAL"] }
    });
    if mutual_tls {
        body["mutualTlsAuthentication"] = json!({ "truststoreUri": "s3://clinic-trust/partners.pem" });
    }
    caller.rest(&Method::POST, "/domainnames", &body)?;
    for (base_path, api, stage) in mappings {
        let mut body = json!({ "restApiId": api, "stage": stage });
        if !base_path.is_empty() {
            body["basePath"] = (*base_path).into();
        }
        caller.rest(&Method::POST, &format!("/domainnames/{}/basepathmappings", segment(name)), &body)?;
    }
    Ok(())
}

/// An alarm on a stage's server errors.
pub(super) fn alarm(caller: &InProcess<'_>, api: &str, stage: &str) -> Result<(), OwnCallError> {
    let body = json!({
        "AlarmName": format!("{api}-{stage}-5xx"), "Namespace": "AWS/ApiGateway", "MetricName": "5XXError",
        "Dimensions": [{ "Name": "ApiName", "Value": api }, { "Name": "Stage", "Value": stage }],
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 5, "DatapointsToAlarm": 3,
        "Threshold": 0.01, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching"
    });
    caller.json("GraniteServiceVersion20100801.PutMetricAlarm", "monitoring", &body).map(drop)
}
