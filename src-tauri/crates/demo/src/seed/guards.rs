//! Web ACLs on stages, custom domains, and the alarms that somebody set up.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Value, json};

use crate::in_process::{InProcess, OwnCallError, segment};

fn visibility(metric: &str) -> Value {
    json!({ "SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": metric })
}

/// A rule of AWS's; `over` is what is done with what it says.
fn managed(priority: u32, group: &str, over: &str, more: Value) -> Value {
    let mut statement = json!({ "VendorName": "AWS", "Name": group });
    if let (Some(statement), Value::Object(more)) = (statement.as_object_mut(), more) {
        statement.extend(more);
    }
    json!({
        "Name": group, "Priority": priority, "OverrideAction": { over: {} }, "VisibilityConfig": visibility(group),
        "Statement": { "ManagedRuleGroupStatement": statement }
    })
}

#[expect(clippy::needless_pass_by_value, reason = "written where it is given")]
fn rule(name: &str, priority: u32, action: Value, statement: Value) -> Value {
    json!({ "Name": name, "Priority": priority, "Action": action, "VisibilityConfig": visibility(name), "Statement": statement })
}

/// A condition on the path; the text goes as base64, as on AWS's wire.
fn path(position: &str, text: &str) -> Value {
    json!({ "ByteMatchStatement": {
        "FieldToMatch": { "UriPath": {} }, "PositionalConstraint": position, "SearchString": STANDARD.encode(text),
        "TextTransformations": [{ "Priority": 0, "Type": "LOWERCASE" }]
    } })
}

#[expect(clippy::needless_pass_by_value, reason = "written where it is given")]
fn create(
    caller: &InProcess<'_>,
    scope: &str,
    name: &str,
    description: &str,
    rules: Value,
) -> Result<String, OwnCallError> {
    let body = json!({
        "Name": name, "Scope": scope, "DefaultAction": { "Allow": {} }, "VisibilityConfig": visibility(name),
        "Description": description, "Rules": rules,
        "CustomResponseBodies": { "slow-down": { "ContentType": "APPLICATION_JSON", "Content": "{\"message\":\"Too many attempts\"}" } }
    });
    let answer = caller.json("AWSWAF_20190729.CreateWebACL", "wafv2", &body)?;
    Ok(answer.pointer("/Summary/ARN").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// The shop's web ACL, which blocks: rates, AWS's groups, a nested rule, a label, and a rule that misses.
pub(super) fn shield(caller: &InProcess<'_>) -> Result<String, OwnCallError> {
    let office = json!({
        "Name": "office", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"], "Description": "The office"
    });
    let office = caller.json("AWSWAF_20190729.CreateIPSet", "wafv2", &office)?;
    let office = json!({ "IPSetReferenceStatement": { "ARN": office.pointer("/Summary/ARN") } });
    let clients = clients(caller)?;
    let slow_down =
        json!({ "Block": { "CustomResponse": { "ResponseCode": 429, "CustomResponseBodyKey": "slow-down" } } });
    let rate = |limit: u32, window: u32, scope: Option<Value>| {
        let mut statement = json!({ "Limit": limit, "EvaluationWindowSec": window, "AggregateKeyType": "IP" });
        if let Some(scope) = scope {
            statement["ScopeDownStatement"] = scope;
        }
        json!({ "RateBasedStatement": statement })
    };
    let mut old_app = rule(
        "old-app",
        5,
        json!({ "Count": {} }),
        json!({ "ByteMatchStatement": {
            "FieldToMatch": { "SingleHeader": { "Name": "user-agent" } }, "PositionalConstraint": "STARTS_WITH",
            "SearchString": STANDARD.encode("ShopApp/1."), "TextTransformations": [{ "Priority": 0, "Type": "NONE" }]
        } }),
    );
    old_app["RuleLabels"] = json!([{ "Name": "client:old-app" }]);
    let guessing = json!({ "AndStatement": { "Statements": [
        { "OrStatement": { "Statements": [path("CONTAINS", "/coupons/"), path("CONTAINS", "/gift-cards/")] } },
        { "NotStatement": { "Statement": office } },
        { "NotStatement": { "Statement": { "GeoMatchStatement": { "CountryCodes": ["DE", "AT", "CH", "NL"] } } } }
    ] } });
    let rules = json!([
        rule("limit-login", 0, slow_down, rate(100, 300, Some(path("ENDS_WITH", "/login")))),
        rule("limit-by-address", 1, json!({ "Block": {} }), rate(2_000, 300, None)),
        old_app,
        rule(
            "old-app-at-the-checkout",
            6,
            json!({ "Captcha": {} }),
            json!({ "AndStatement": { "Statements": [
            { "LabelMatchStatement": { "Scope": "LABEL", "Key": "client:old-app" } }, path("CONTAINS", "/checkout")
        ] } })
        ),
        rule("guessing-from-afar", 8, json!({ "Block": {} }), guessing),
        managed(
            10,
            "AWSManagedRulesCommonRuleSet",
            "None",
            json!({
                "Version": "Version_1.20",
                "RuleActionOverrides": [{ "Name": "SizeRestrictions_BODY", "ActionToUse": { "Count": {} } }]
            })
        ),
        managed(20, "AWSManagedRulesKnownBadInputsRuleSet", "None", json!({})),
        managed(30, "AWSManagedRulesAmazonIpReputationList", "Count", json!({})),
        clients,
        rule("block-admin-paths", 40, json!({ "Block": {} }), path("STARTS_WITH", "/admin")),
    ]);
    create(caller, "REGIONAL", "shop-shield", "Blocks", rules)
}

/// The shop's own rule group: clients that are refused. One of its rules only counts here, for a partner's sake.
fn clients(caller: &InProcess<'_>) -> Result<Value, OwnCallError> {
    let patterns = json!({
        "Name": "scrapers", "Scope": "REGIONAL", "Description": "User agents of scrapers",
        "RegularExpressionList": [{ "RegexString": "^python-requests/[01]" }, { "RegexString": "^scrapy/" }]
    });
    let patterns = caller.json("AWSWAF_20190729.CreateRegexPatternSet", "wafv2", &patterns)?;
    let agent = json!({ "SingleHeader": { "Name": "user-agent" } });
    let plain = json!([{ "Priority": 0, "Type": "LOWERCASE" }]);
    let group = json!({
        "Name": "shop-clients", "Scope": "REGIONAL", "Capacity": 100, "Description": "Clients that are refused everywhere",
        "VisibilityConfig": visibility("shop-clients"),
        "Rules": [
            rule("scrapers", 0, json!({ "Block": {} }), json!({ "RegexPatternSetReferenceStatement": {
                "ARN": patterns.pointer("/Summary/ARN"), "FieldToMatch": agent, "TextTransformations": plain } })),
            rule("no-user-agent", 1, json!({ "Block": {} }), json!({ "SizeConstraintStatement": {
                "FieldToMatch": agent, "ComparisonOperator": "EQ", "Size": 0, "TextTransformations": plain } })),
        ]
    });
    let group = caller.json("AWSWAF_20190729.CreateRuleGroup", "wafv2", &group)?;
    Ok(json!({
        "Name": "refused-clients", "Priority": 35, "OverrideAction": { "None": {} }, "VisibilityConfig": visibility("refused-clients"),
        "Statement": { "RuleGroupReferenceStatement": {
            "ARN": group.pointer("/Summary/ARN"),
            "RuleActionOverrides": [{ "Name": "no-user-agent", "ActionToUse": { "Count": {} } }]
        } }
    }))
}

/// The clinics' web ACL: everything counts, since the launch.
pub(super) fn watch(caller: &InProcess<'_>) -> Result<String, OwnCallError> {
    let limit = json!({ "RateBasedStatement": { "Limit": 2_000, "AggregateKeyType": "IP" } });
    let rules = json!([
        rule("limit-by-address", 0, json!({ "Count": {} }), limit),
        managed(10, "AWSManagedRulesCommonRuleSet", "Count", json!({})),
        managed(20, "AWSManagedRulesKnownBadInputsRuleSet", "Count", json!({})),
    ]);
    create(caller, "REGIONAL", "clinic-watch", "Watching only, since the launch", rules)
}

/// CloudFront's web ACL, logged without credentials.
pub(super) fn edge(caller: &InProcess<'_>) -> Result<(), OwnCallError> {
    let limit =
        json!({ "RateBasedStatement": { "Limit": 5_000, "EvaluationWindowSec": 60, "AggregateKeyType": "IP" } });
    let rules = json!([
        rule("limit-by-address", 0, json!({ "Block": {} }), limit),
        managed(10, "AWSManagedRulesAmazonIpReputationList", "None", json!({})),
    ]);
    let arn = create(caller, "CLOUDFRONT", "edge-shield", "In front of the website", rules)?;
    let bucket = format!("arn:aws:s3:::aws-waf-logs-shop-{}", crate::ACCOUNT_ID);
    let logging = json!({ "LoggingConfiguration": {
        "ResourceArn": arn, "LogDestinationConfigs": [bucket],
        "RedactedFields": [{ "SingleHeader": { "Name": "authorization" } }, { "SingleHeader": { "Name": "cookie" } }]
    } });
    caller.json("AWSWAF_20190729.PutLoggingConfiguration", "wafv2", &logging).map(drop)
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

/// The alarms that somebody set up on the shop over the years: some burn, some tell nobody, some never will.
pub(super) fn alarms(caller: &InProcess<'_>, mobile: &str) -> Result<(), OwnCallError> {
    let topic = |name: &str| crate::services::sns::topic(caller.region(), name);
    let (oncall, reads) = (topic("shop-oncall"), topic("shop-alerts"));
    let pair = |name: &str, value: &str| json!({ "Name": name, "Value": value });
    let prod = json!([pair("ApiName", "storefront"), pair("Stage", "prod")]);
    let plain = |name: &str, metric: &str, of: Value, threshold: f64, told: &[&String]| {
        json!({
            "AlarmName": name, "Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": of, "Statistic": "Average",
            "Period": 60, "EvaluationPeriods": 5, "DatapointsToAlarm": 3, "Threshold": threshold,
            "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching", "AlarmActions": told
        })
    };
    let query = |id: &str, metric: &str| {
        json!({ "Id": id, "ReturnData": false, "MetricStat": { "Stat": "Sum", "Period": 300,
            "Metric": { "Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": prod } } })
    };
    let login = json!([
        pair("ApiName", "storefront"),
        pair("Stage", "prod"),
        pair("Resource", "/v2/login"),
        pair("Method", "POST")
    ]);
    let mut stuffing = plain("storefront-login-4xx", "4XXError", login, 0.25, &[&oncall]);
    stuffing["AlarmDescription"] = json!("Somebody tries passwords. Runbook: wiki/credential-stuffing");
    let mut latency = plain("storefront-prod-latency-p90", "Latency", prod.clone(), 1_000.0, &[&reads]);
    if let Some(latency) = latency.as_object_mut() {
        latency.remove("Statistic");
        latency.insert("ExtendedStatistic".to_owned(), json!("p90"));
    }
    let rate = json!({
        "AlarmName": "storefront-error-rate", "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching", "AlarmActions": [reads],
        "Metrics": [{ "Id": "rate", "Expression": "100*errors/requests", "Label": "5XX of all requests, percent", "ReturnData": true },
            query("errors", "5XXError"), query("requests", "Count")]
    });
    let mut watched = query("requests", "Count");
    watched["ReturnData"] = json!(true);
    watched["MetricStat"]["Metric"]["Dimensions"] = json!([pair("ApiName", "partner"), pair("Stage", "prod")]);
    let unusual = json!({
        "AlarmName": "partner-traffic-unusual", "EvaluationPeriods": 3, "DatapointsToAlarm": 3, "ThresholdMetricId": "band",
        "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold", "TreatMissingData": "notBreaching", "AlarmActions": [reads],
        "Metrics": [watched, { "Id": "band", "Expression": "ANOMALY_DETECTION_BAND(requests, 3)", "Label": "expected", "ReturnData": true }]
    });
    // Named after a shop that was rebuilt, on a share in percent, and switched off one night.
    let gone = plain(
        "shop-2019-prod-5xx",
        "5XXError",
        json!([pair("ApiName", "shop-2019"), pair("Stage", "prod")]),
        0.05,
        &[&oncall],
    );
    let portal = json!([pair("ApiName", "clinic-portal"), pair("Stage", "prod")]);
    let never = plain("clinic-portal-5xx-over-1-percent", "5XXError", portal, 1.0, &[&reads]);
    let app = json!([pair("ApiId", mobile), pair("Stage", "$default")]);
    // People mistype: it has burnt for as long as anybody remembers.
    let noisy = plain("mobile-4xx", "4xx", app.clone(), 0.01, &[]);
    let mut off = plain("mobile-5xx", "5xx", app, 0.05, &[&oncall]);
    off["ActionsEnabled"] = json!(false);
    for alarm in [stuffing, latency, rate, unusual, gone, never, noisy, off] {
        caller.json("GraniteServiceVersion20100801.PutMetricAlarm", "monitoring", &alarm)?;
    }
    let composite = |name: &str, rule: &str, words: &str| json!({ "AlarmName": name, "AlarmActions": [oncall], "AlarmDescription": words, "AlarmRule": rule });
    let shop = r#"ALARM("storefront-prod-5xx") OR ALARM("storefront-login-4xx") OR ALARM("storefront-error-rate")"#;
    let app = r#"ALARM("mobile-4xx") AND NOT ALARM("mobile-5xx")"#;
    for alarm in [
        composite("shop-needs-somebody", shop, "Wakes whoever is on call for the shop"),
        composite("app-needs-somebody", app, "People cannot get in"),
    ] {
        caller.json("GraniteServiceVersion20100801.PutCompositeAlarm", "monitoring", &alarm)?;
    }
    Ok(())
}

/// The groups that access logs were meant for: one as it should be, one that is kept and not encrypted with a key of the
/// account's, and one that is kept for ever. No stage writes to them yet.
pub(super) fn log_groups(caller: &InProcess<'_>) -> Result<(), OwnCallError> {
    let key = format!("arn:aws:kms:{}:{}:key/0a1b2c3d-0000-4000-8000-000000000001", caller.region(), crate::ACCOUNT_ID);
    for (name, days, key) in [
        ("storefront-prod", Some(90), Some(key)),
        ("clinic-portal-prod", Some(400), None),
        ("partner-prod", None, None),
    ] {
        let name = format!("/aws/apigateway/{name}");
        let mut group = json!({ "logGroupName": name });
        if let Some(key) = key {
            group["kmsKeyId"] = json!(key);
        }
        caller.json("Logs_20140328.CreateLogGroup", "logs", &group)?;
        if let Some(days) = days {
            let retention = json!({ "logGroupName": name, "retentionInDays": days });
            caller.json("Logs_20140328.PutRetentionPolicy", "logs", &retention)?;
        }
    }
    Ok(())
}
