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
