//! Every write, and every denied call, becomes a CloudTrail record. Key values never do.

use bytes::Bytes;
use http::{Request, header::USER_AGENT};
use serde_json::{Value, json};

use crate::{
    ACCOUNT_ID,
    services::{
        Around, Outcome,
        sts::{CALLER, CALLER_ID},
    },
};

/// A call that was answered.
pub(crate) struct Recorded<'a> {
    pub(crate) service: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) parameters: Value,
    pub(crate) outcome: &'a Outcome,
    pub(crate) request: &'a Request<Bytes>,
    pub(crate) request_id: &'a str,
}

/// The record; `None` for reads that succeeded: the account would drown in them.
pub(crate) fn record(recorded: &Recorded<'_>, around: &mut Around<'_>) -> Option<Value> {
    let read = ["Get", "List", "Describe", "Lookup", "Assume"].iter().any(|verb| recorded.operation.starts_with(verb));
    // Queries of logs read, whatever their verbs say.
    let read = read || (recorded.service == "logs" && recorded.operation.ends_with("Query"));
    let denied = matches!(recorded.outcome, Err(refusal) if refusal.status == 403);
    if read && !denied || recorded.operation.is_empty() {
        return None;
    }
    let source = match recorded.service {
        "monitoring" | "cloudwatch" => "monitoring.amazonaws.com".to_owned(),
        service => format!("{service}.amazonaws.com"),
    };
    let agent =
        recorded.request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("aws-internal/3");
    let mut parameters = recorded.parameters.clone();
    redact(&mut parameters);
    if matches!(recorded.service, "wafv2" | "monitoring" | "cloudwatch" | "cloudtrail") {
        parameters = in_records(parameters);
    }
    let mut event = json!({
        "eventVersion": "1.09",
        "userIdentity": identity(agent),
        "eventTime": around.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "eventSource": source,
        "eventName": recorded.operation,
        "awsRegion": around.region,
        "sourceIPAddress": "203.0.113.17",
        "userAgent": agent,
        "requestParameters": parameters,
        "responseElements": Value::Null,
        "requestID": recorded.request_id,
        "eventID": around.uuid(),
        "readOnly": read,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": ACCOUNT_ID,
        "eventCategory": "Management",
    });
    if let Err(refusal) = recorded.outcome {
        event["errorCode"] = json!(if refusal.status == 403 { "AccessDenied" } else { refusal.code });
        event["errorMessage"] = json!(refusal.message);
    }
    Some(event)
}

/// CloudTrail writes members with a small first letter, whatever the protocol does.
fn in_records(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let small = |name: String| match name.split_at_checked(1) {
                Some((first, rest)) => format!("{}{rest}", first.to_lowercase()),
                None => name,
            };
            Value::Object(members.into_iter().map(|(name, value)| (small(name), in_records(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(in_records).collect()),
        other => other,
    }
}

/// Who it was: the seed is the pipeline's work, everything else the person at the console.
fn identity(agent: &str) -> Value {
    let (role, session) = if agent == "aws-internal/3" { ("deploy-pipeline", "ci") } else { CALLER };
    json!({
        "type": "AssumedRole",
        "principalId": format!("{CALLER_ID}:{session}"),
        "arn": format!("arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/{session}"),
        "accountId": ACCOUNT_ID,
        "sessionContext": {
            "sessionIssuer": { "type": "Role", "principalId": CALLER_ID, "arn": format!("arn:aws:iam::{ACCOUNT_ID}:role/{role}"), "accountId": ACCOUNT_ID, "userName": role },
            "attributes": { "mfaAuthenticated": "false" }
        }
    })
}

/// Key values and stage variables: whether AWS redacts the first is not known, so nothing relies on it here.
fn redact(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let key = members.contains_key("createApiKeyInput");
            for (name, member) in members.iter_mut() {
                if key && name == "createApiKeyInput" && member.get("value").is_some() {
                    member["value"] = json!("HIDDEN_DUE_TO_SECURITY_REASONS");
                }
                redact(member);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}
