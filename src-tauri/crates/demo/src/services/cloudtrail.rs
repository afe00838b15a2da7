//! CloudTrail `LookupEvents` over what the account's recorder kept.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Around, Outcome, Refusal, page};

/// How far back AWS looks.
const DAYS: i64 = 90;

/// Answers one operation over `events`, oldest first, each a CloudTrail record (`eventTime`, `eventName`…).
///
/// # Errors
/// What AWS refuses, and operations that are not here.
pub(crate) fn answer(operation: &str, body: &Value, events: &[Value], around: &Around<'_>) -> Outcome {
    if let Some(answer) = trail(operation, body) {
        return answer;
    }
    if operation != "LookupEvents" {
        return Err(Refusal::not_implemented("cloudtrail", operation));
    }
    let attribute = match body.get("LookupAttributes").and_then(Value::as_array).map(Vec::as_slice) {
        None | Some([]) => None,
        Some([one]) => Some((
            one.get("AttributeKey").and_then(Value::as_str).unwrap_or_default(),
            one.get("AttributeValue").and_then(Value::as_str).unwrap_or_default(),
        )),
        Some(_) => {
            return Err(Refusal::new(
                400,
                "InvalidLookupAttributesException",
                "Only one attribute key/value pair can be specified.",
            ));
        }
    };
    let keys =
        ["EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"];
    if let Some((key, _)) = attribute.filter(|(key, _)| !keys.contains(key)) {
        return Err(Refusal::new(400, "InvalidLookupAttributesException", format!("{key} is not a lookup attribute.")));
    }
    let size = match body.get("MaxResults").map(Value::as_u64) {
        None => 50,
        Some(Some(size @ 1..=50)) => usize::try_from(size).unwrap_or(50),
        Some(_) => {
            return Err(Refusal::new(400, "InvalidMaxResultsException", "MaxResults must be between 1 and 50."));
        }
    };
    let moment = |member: &str| body.get(member).and_then(Value::as_f64);
    let (start, end) = (moment("StartTime"), moment("EndTime"));
    if let (Some(start), Some(end)) = (start, end)
        && start > end
    {
        return Err(Refusal::new(400, "InvalidTimeRangeException", "The start time is after the end time."));
    }
    let oldest = seconds(around.now) - f64::from(u32::try_from(DAYS * 86_400).unwrap_or(u32::MAX));
    let found: Vec<Value> = events
        .iter()
        .rev()
        .filter_map(|record| {
            let at = seconds(record.get("eventTime")?.as_str()?.parse::<Timestamp>().ok()?);
            let inside = at >= oldest && start.is_none_or(|start| at >= start) && end.is_none_or(|end| at <= end);
            let event = event(record, at);
            let wanted = attribute.is_none_or(|(key, value)| matches(&event, key, value));
            (inside && wanted).then_some(event)
        })
        .collect();
    let token = body.get("NextToken").and_then(Value::as_str);
    let (range, next) = page(found.len(), size, token)
        .ok_or_else(|| Refusal::new(400, "InvalidNextTokenException", "The NextToken is not valid."))?;
    let mut answer = json!({ "Events": found.get(range).unwrap_or_default() });
    if let (Some(next), Value::Object(answer)) = (next, &mut answer) {
        answer.insert("NextToken".to_owned(), next.into());
    }
    Ok((200, answer))
}

/// The account's one trail, which records every region.
fn trail(operation: &str, body: &Value) -> Option<Outcome> {
    let arn = format!("arn:aws:cloudtrail:{}:{}:trail/audit", crate::HOME_REGION, crate::ACCOUNT_ID);
    let known = |member: &str| {
        let name = body.get(member).and_then(Value::as_str).unwrap_or_default();
        match name == arn || name == "audit" {
            true => Ok(()),
            false => Err(Refusal::new(400, "TrailNotFoundException", format!("Unknown trail: {name}"))),
        }
    };
    Some(match operation {
        "DescribeTrails" => Ok((
            200,
            json!({ "trailList": [{
            "Name": "audit", "TrailARN": arn, "S3BucketName": "shop-audit-logs", "HomeRegion": crate::HOME_REGION,
            "IsMultiRegionTrail": true, "IncludeGlobalServiceEvents": true, "LogFileValidationEnabled": false,
            "IsOrganizationTrail": false
        }] }),
        )),
        "GetTrailStatus" => known("Name").map(|()| (200, json!({ "IsLogging": true }))),
        "GetEventSelectors" => known("TrailName").map(|()| {
            let selector = json!({ "ReadWriteType": "All", "IncludeManagementEvents": true });
            (200, json!({ "TrailARN": arn, "EventSelectors": [selector] }))
        }),
        _ => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double's 53 bits")]
fn seconds(moment: Timestamp) -> f64 {
    moment.as_second() as f64
}

/// The envelope of a record: `ReadOnly` is a string, `CloudTrailEvent` the record as JSON text.
fn event(record: &Value, at: f64) -> Value {
    let said = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
    let read_only = record.get("readOnly").and_then(Value::as_bool).unwrap_or(false);
    let resources: Vec<Value> = record
        .get("resources")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|resource| {
            let name = resource.get("ARN").and_then(Value::as_str)?;
            Some(json!({ "ResourceType": resource.get("type"), "ResourceName": name }))
        })
        .collect();
    json!({
        "EventId": said("/eventID"), "EventName": said("/eventName"), "ReadOnly": read_only.to_string(),
        "AccessKeyId": said("/userIdentity/accessKeyId"), "EventTime": at, "EventSource": said("/eventSource"),
        "Username": said("/userIdentity/userName").or_else(|| said("/userIdentity/principalId")),
        "Resources": resources, "CloudTrailEvent": record.to_string()
    })
}

fn matches(event: &Value, key: &str, value: &str) -> bool {
    match key {
        "ResourceName" | "ResourceType" => event
            .get("Resources")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .any(|resource| resource.get(key).and_then(Value::as_str) == Some(value)),
        _ => event.get(key).and_then(Value::as_str) == Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "tests pass literals")]
    fn lookup(body: Value) -> Outcome {
        let events: Vec<Value> = (1..=120)
            .map(|day| {
                json!({
                    "eventID": format!("e{day}"), "readOnly": false, "eventSource": "apigateway.amazonaws.com",
                    "eventName": if day % 2 == 0 { "UpdateStage" } else { "CreateDeployment" },
                    "eventTime": Timestamp::from_second(day * 86_400).unwrap().to_string(),
                    "userIdentity": { "userName": "ana" }
                })
            })
            .collect();
        let now = Timestamp::from_second(120 * 86_400).unwrap();
        let around = Around { now, region: "eu-west-1", id: &mut |_| String::new() };
        answer("LookupEvents", &body, &events, &around)
    }

    #[test]
    fn ninety_days_newest_first_a_page_at_a_time() {
        let (mut token, mut seen) = (Value::Null, Vec::new());
        loop {
            let (_, page) = lookup(json!({ "MaxResults": 40, "NextToken": token })).unwrap();
            seen.extend(page["Events"].as_array().unwrap().iter().map(|event| event["EventId"].clone()));
            token = page["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        let wanted: Vec<Value> = (30..=120).rev().map(|day| json!(format!("e{day}"))).collect();
        assert_eq!(seen, wanted);
    }

    #[test]
    fn one_attribute_filters_and_the_record_is_text() {
        let attribute = |key: &str, value: &str| json!({ "AttributeKey": key, "AttributeValue": value });
        let (_, page) =
            lookup(json!({ "LookupAttributes": [attribute("EventName", "UpdateStage")], "MaxResults": 50 })).unwrap();
        let events = page["Events"].as_array().unwrap();
        assert_eq!(events.len(), 46);
        assert!(events.iter().all(|event| event["EventName"] == "UpdateStage" && event["ReadOnly"] == "false"));
        let record: Value = serde_json::from_str(events[0]["CloudTrailEvent"].as_str().unwrap()).unwrap();
        assert_eq!(record["userIdentity"]["userName"], "ana");
        let (_, page) = lookup(json!({ "LookupAttributes": [attribute("ReadOnly", "true")] })).unwrap();
        assert_eq!(page["Events"], json!([]));
        for (body, code) in [
            (
                json!({ "LookupAttributes": [attribute("ReadOnly", "true"), attribute("EventId", "x")] }),
                "InvalidLookupAttributesException",
            ),
            (json!({ "LookupAttributes": [attribute("Colour", "x")] }), "InvalidLookupAttributesException"),
            (json!({ "MaxResults": 51 }), "InvalidMaxResultsException"),
            (json!({ "StartTime": 2, "EndTime": 1 }), "InvalidTimeRangeException"),
            (json!({ "NextToken": "?" }), "InvalidNextTokenException"),
        ] {
            assert_eq!(lookup(body.clone()).unwrap_err().code, code, "{body}");
        }
    }
}
