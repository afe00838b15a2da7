//! What CloudTrail would remember of a week: the pipeline that laid everything out, and people and programs since.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::ACCOUNT_ID;

/// When the pipeline laid the account out.
const LAID_OUT: SignedDuration = SignedDuration::from_hours(6 * 24 + 3);

/// When the account was laid out, as its history tells it.
pub(crate) fn laid_out(now: Timestamp) -> Timestamp {
    now - LAID_OUT
}

/// Moves what the seed recorded to when it would have been, and adds what happened since. `storefront` and `admin` are
/// the ids of those APIs.
pub(crate) fn tell(events: &mut Vec<Value>, now: Timestamp, storefront: &str, admin: &str) {
    let then = now - LAID_OUT;
    for event in events.iter_mut() {
        event["eventTime"] = time(then);
    }
    let console = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36";
    let stage = |api: &str, patches: Value| json!({ "restApiId": api, "stageName": "prod", "updateStageInput": { "patchOperations": patches } });
    let replace = |path: &str, value: &str| json!({ "op": "replace", "path": path, "value": value });
    let of = |operation: &str, pointer: &str| {
        let found = events.iter().filter(|event| event["eventName"] == operation);
        found.filter_map(|event| event.pointer(pointer)?.as_str()).next().unwrap_or_default().to_owned()
    };
    let plan = of("CreateUsagePlanKey", "/requestParameters/usageplanId");
    let mobile = of("CreateRoute", "/requestParameters/apiId");
    let ben = sso("ben@shop.example", "Operator");
    let since = [
        (
            121,
            "UpdateStage",
            stage(storefront, json!([replace("/~1v2~1login/POST/throttling/rateLimit", "50.0")])),
            role("terraform", "tfc-run-81"),
            "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 aws-sdk-go-v2/1.32",
            None,
        ),
        (
            98,
            "UpdateStage",
            stage(
                storefront,
                json!([
                    replace("/~1v2~1login/POST/throttling/rateLimit", "5.0"),
                    replace("/~1v2~1login/POST/throttling/burstLimit", "10")
                ]),
            ),
            ben.clone(),
            console,
            None,
        ),
        (
            73,
            "CreateDeployment",
            json!({ "restApiId": storefront, "createDeploymentInput": { "stageName": "prod", "description": "release 4.2" } }),
            role("deploy-pipeline", "ci"),
            "aws-cli/2.31.4 md/awscrt#0.27",
            None,
        ),
        (
            50,
            "UpdateStage",
            stage(admin, json!([replace("/*/*/logging/loglevel", "ERROR")])),
            role("cdk", "AWSCloudFormation"),
            "cloudformation.amazonaws.com",
            None,
        ),
        (
            27,
            "DeleteStage",
            json!({ "restApiId": admin, "stageName": "prod" }),
            sso("cleo@shop.example", "ReadOnly"),
            console,
            Some(
                "User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnly_0a1b2c3d4e5f6a7b/cleo@shop.example is not authorized to perform: apigateway:DELETE on resource: arn:aws:apigateway:eu-west-1::/restapis/x/stages/prod",
            ),
        ),
        (
            9,
            "UpdateAccount",
            json!({ "updateAccountInput": { "patchOperations": [replace("/cloudwatchRoleArn", "arn:aws:iam::111122223333:role/gateway-logs")] } }),
            json!({ "type": "Root", "principalId": ACCOUNT_ID, "arn": format!("arn:aws:iam::{ACCOUNT_ID}:root"), "accountId": ACCOUNT_ID }),
            console,
            None,
        ),
        (
            2,
            "UpdateStage",
            stage(storefront, json!([replace("/~1v2~1coupons~1redeem/POST/throttling/rateLimit", "20.0")])),
            ben.clone(),
            console,
            None,
        ),
        (
            119,
            "PutMetricAlarm",
            json!({
                "alarmName": "storefront-prod-5xx", "namespace": "AWS/ApiGateway", "metricName": "5XXError", "threshold": 0.01,
                "dimensions": [{ "name": "ApiName", "value": "storefront" }, { "name": "Stage", "value": "prod" }]
            }),
            role("terraform", "tfc-run-81"),
            "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 aws-sdk-go-v2/1.32",
            None,
        ),
        (
            44,
            "UpdateUsagePlan",
            json!({ "usageplanId": plan, "updateUsagePlanInput": { "patchOperations": [replace("/quota/limit", "200000")] } }),
            role("support", "dina"),
            "aws-cli/2.31.4 md/awscrt#0.27",
            None,
        ),
        (
            31,
            "UpdateWebACL",
            json!({
                "name": "shop-shield", "scope": "REGIONAL", "defaultAction": { "allow": {} },
                "rules": [{
                    "name": "limit-by-address", "priority": 0, "action": { "block": {} },
                    "statement": { "rateBasedStatement": { "limit": 2_000, "aggregateKeyType": "IP" } }
                }]
            }),
            ben.clone(),
            console,
            None,
        ),
        (26, "DisableAlarmActions", json!({ "alarmNames": ["partner-prod-5xx"] }), ben.clone(), console, None),
        (
            20,
            "UpdateStage",
            json!({
                "apiId": mobile, "stageName": "$default",
                "defaultRouteSettings": { "throttlingRateLimit": 200.0, "throttlingBurstLimit": 400 }
            }),
            role("support", "dina"),
            "aws-cli/2.31.4 md/awscrt#0.27",
            None,
        ),
    ];
    let mut told: Vec<(i64, Value)> = Vec::new();
    for (number, (hours, name, parameters, identity, agent, denied)) in since.into_iter().enumerate() {
        let mut event = record(name, &parameters, &identity, agent, number);
        event["eventTime"] = time(now - SignedDuration::from_hours(hours));
        if let Some(message) = denied {
            event["errorCode"] = json!("AccessDenied");
            event["errorMessage"] = json!(message);
        }
        told.push((hours, event));
    }
    told.sort_by_key(|(hours, _)| std::cmp::Reverse(*hours));
    events.extend(told.into_iter().map(|(_, event)| event));
}

/// What another account of the organisation did in another region: CloudTrail Lake has it too.
pub(crate) fn elsewhere(now: Timestamp) -> Vec<Value> {
    let rows = [
        (70, "UpdateStage", json!([{ "op": "replace", "path": "/*/*/throttling/rateLimit", "value": "100.0" }])),
        (11, "UpdateStage", json!([{ "op": "replace", "path": "/*/*/logging/dataTrace", "value": "true" }])),
    ];
    let rows = rows.into_iter().enumerate().map(|(number, (hours, name, patches))| {
        let parameters = json!({ "restApiId": "7lab0clinic", "stageName": "prod", "updateStageInput": { "patchOperations": patches } });
        let mut event = record(name, &parameters, &sso("eva@clinic.example", "Operator"), "aws-cli/2.31.4", 90 + number);
        event["eventTime"] = time(now - SignedDuration::from_hours(hours));
        event["recipientAccountId"] = json!(OTHER_ACCOUNT);
        event["awsRegion"] = json!("us-east-1");
        event
    });
    rows.collect()
}

/// The organisation's other account.
const OTHER_ACCOUNT: &str = "444455556666";

fn record(name: &str, parameters: &Value, identity: &Value, agent: &str, number: usize) -> Value {
    let source = match name {
        name if name.contains("WebACL") => "wafv2",
        name if name.contains("Alarm") => "monitoring",
        _ => "apigateway",
    };
    json!({
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventSource": format!("{source}.amazonaws.com"),
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": if agent.ends_with(".amazonaws.com") { agent } else { "198.51.100.24" },
        "userAgent": agent,
        "requestParameters": parameters,
        "responseElements": Value::Null,
        "requestID": format!("00000000-0000-4000-8000-0000000000{number:02}"),
        "eventID": format!("11111111-1111-4111-8111-1111111111{number:02}"),
        "readOnly": false,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": ACCOUNT_ID,
        "eventCategory": "Management",
    })
}

fn time(moment: Timestamp) -> Value {
    json!(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn role(role: &str, session: &str) -> Value {
    json!({
        "type": "AssumedRole",
        "principalId": format!("AROADEMO0000000000002:{session}"),
        "arn": format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/{session}"),
        "accountId": ACCOUNT_ID,
        "sessionContext": { "sessionIssuer": { "type": "Role", "userName": role, "accountId": ACCOUNT_ID } },
    })
}

/// Identity Center's roles have the permission set in their name, and the person in the session's.
fn sso(person: &str, set: &str) -> Value {
    role(&format!("AWSReservedSSO_{set}_0a1b2c3d4e5f6a7b"), person)
}
