//! The protocols: which service and operation a request is for, and how an answer or an error goes back.
//!
//! Not here: `awsQuery` for CloudWatch, which current SDKs have left for CBOR and JSON; such a request is told
//! so.

use bytes::Bytes;
use ciborium::value::{Integer, Value as Cbor};
use http::{Request, Response, header::CONTENT_TYPE};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value, json};

use super::{Outcome, Refusal, apigatewayv2, cloudwatch::MOMENTS, sts::escape};

/// How a service talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// `restJson1`, API Gateway version 2.
    RestJson,
    /// `awsJson1_0` or `1_1`.
    Json(&'static str),
    /// `awsQuery`, XML back; the namespace of the service.
    Query(&'static str),
    /// `rpc-v2-cbor`.
    Cbor,
}

/// A service of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Service {
    ApiGatewayV2,
    Sts,
    CloudWatch,
    Wafv2,
    CloudTrail,
    /// `sns`.
    Sns,
    /// `logs`.
    Logs,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Addressed {
    pub(crate) service: Service,
    pub(crate) protocol: Protocol,
    /// AWS's name of the operation.
    pub(crate) operation: String,
    /// Path segments after `/v2` (API Gateway version 2).
    pub(crate) segments: Vec<String>,
    /// The query, or the form of a query-protocol request.
    pub(crate) parameters: Vec<(String, String)>,
    /// The body; an empty object when there is none.
    pub(crate) body: Value,
}

const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const SNS_NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";
const CLOUDWATCH_PATH: &str = "/service/GraniteServiceVersion20100801/operation/";

/// Reads a request; `None` when it is for none of these services.
///
/// # Errors
/// A request for one of them that cannot be read.
pub(crate) fn address(request: &Request<Bytes>) -> Option<Result<Addressed, (Protocol, Refusal)>> {
    let path = request.uri().path();
    if let Some(rest) = path.strip_prefix("/v2/") {
        return Some(rest_json(request, rest));
    }
    if let Some(operation) = path.strip_prefix(CLOUDWATCH_PATH) {
        let body = cbor_body(request.body());
        return Some(
            body.map(|body| plain(Service::CloudWatch, Protocol::Cbor, operation, body))
                .map_err(|refusal| (Protocol::Cbor, refusal)),
        );
    }
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    if let Some((prefix, operation)) = target.and_then(|target| target.rsplit_once('.')) {
        let (service, protocol) = match prefix {
            "AWSWAF_20190729" => (Service::Wafv2, Protocol::Json("application/x-amz-json-1.1")),
            "Logs_20140328" => (Service::Logs, Protocol::Json("application/x-amz-json-1.1")),
            "GraniteServiceVersion20100801" => (Service::CloudWatch, Protocol::Json("application/x-amz-json-1.0")),
            // The Rust SDK sends the short prefix, botocore the long one.
            other if other.ends_with("CloudTrail_20131101") => {
                (Service::CloudTrail, Protocol::Json("application/x-amz-json-1.1"))
            }
            _ => return None,
        };
        let body = json_body(request.body());
        return Some(body.map(|body| plain(service, protocol, operation, body)).map_err(|refusal| (protocol, refusal)));
    }
    let form = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if path == "/" && form.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let parameters = pairs(std::str::from_utf8(request.body()).unwrap_or_default());
        let operation = parameters.iter().find(|(key, _)| key == "Action").map(|(_, value)| value.clone())?;
        let version = parameters.iter().find(|(key, _)| key == "Version").map(|(_, value)| value.as_str());
        let protocol = Protocol::Query(STS_NAMESPACE);
        if version == Some("2010-08-01") {
            let message = "CloudWatch over the query protocol is not implemented by the demo account; current SDKs use CBOR or JSON";
            return Some(Err((protocol, Refusal::new(501, "NotImplementedException", message))));
        }
        let (service, protocol) = match version {
            Some("2010-03-31") => (Service::Sns, Protocol::Query(SNS_NAMESPACE)),
            _ => (Service::Sts, protocol),
        };
        let mut addressed = plain(service, protocol, &operation, json!({}));
        addressed.parameters = parameters;
        return Some(Ok(addressed));
    }
    None
}

fn plain(service: Service, protocol: Protocol, operation: &str, body: Value) -> Addressed {
    let (segments, parameters) = (Vec::new(), Vec::new());
    Addressed { service, protocol, operation: operation.to_owned(), segments, parameters, body }
}

fn rest_json(request: &Request<Bytes>, rest: &str) -> Result<Addressed, (Protocol, Refusal)> {
    let protocol = Protocol::RestJson;
    let segments: Vec<String> = rest.trim_end_matches('/').split('/').map(decode).collect();
    let operation = apigatewayv2::operation(request.method().as_str(), &segments).ok_or_else(|| {
        (protocol, Refusal::not_implemented("apigatewayv2", &format!("{} /v2/{rest}", request.method())))
    })?;
    let body = json_body(request.body()).map_err(|refusal| (protocol, refusal))?;
    let mut addressed = plain(Service::ApiGatewayV2, protocol, operation, body);
    addressed.segments = segments;
    addressed.parameters = pairs(request.uri().query().unwrap_or_default());
    Ok(addressed)
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// `a=1&b=x+y`, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

fn json_body(body: &Bytes) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice::<Value>(body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| Refusal::new(400, "SerializationException", "The body is no JSON object."))
}

fn cbor_body(body: &Bytes) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    ciborium::de::from_reader_with_recursion_limit::<Cbor, _>(body.as_ref(), 64)
        .map(from_cbor)
        .map_err(|_| Refusal::new(400, "SerializationException", "The body is no CBOR."))
}

/// CBOR to the JSON that the services read; moments (tag 1) become their number.
fn from_cbor(value: Cbor) -> Value {
    match value {
        Cbor::Integer(integer) => i64::try_from(integer).map_or(Value::Null, |integer| json!(integer)),
        Cbor::Float(float) => Number::from_f64(float).map_or(Value::Null, Value::Number),
        Cbor::Text(text) => Value::String(text),
        Cbor::Bool(value) => Value::Bool(value),
        Cbor::Array(items) => Value::Array(items.into_iter().map(from_cbor).collect()),
        Cbor::Map(entries) => Value::Object(
            entries
                .into_iter()
                .filter_map(|(key, value)| Some((key.into_text().ok()?, from_cbor(value))))
                .collect::<Map<_, _>>(),
        ),
        Cbor::Tag(_, inner) => from_cbor(*inner),
        _ => Value::Null,
    }
}

/// Members that are doubles: CBOR's readers do not take an integer for one.
const DOUBLES: &[&str] = &["Average", "Maximum", "Minimum", "SampleCount", "Sum", "Threshold", "Values"];

/// What a member's numbers are in CBOR.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    Plain,
    Moments,
    Doubles,
}

fn numbers(member: &str) -> Numbers {
    if MOMENTS.contains(&member) {
        Numbers::Moments
    } else if DOUBLES.contains(&member) {
        Numbers::Doubles
    } else {
        Numbers::Plain
    }
}

/// JSON to CBOR; members that are moments get their tag.
fn to_cbor(value: &Value, kind: Numbers) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(value) => Cbor::Bool(*value),
        Value::Number(number) => {
            let double = Cbor::Float(number.as_f64().unwrap_or_default());
            match (kind, number.as_i64()) {
                (Numbers::Moments, _) => Cbor::Tag(1, Box::new(double)),
                (Numbers::Plain, Some(integer)) => Cbor::Integer(Integer::from(integer)),
                _ => double,
            }
        }
        Value::String(text) => Cbor::Text(text.clone()),
        Value::Array(items) => Cbor::Array(items.iter().map(|item| to_cbor(item, kind)).collect()),
        Value::Object(members) => Cbor::Map(
            members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (Cbor::Text(key.clone()), to_cbor(value, numbers(key))))
                .collect(),
        ),
    }
}

/// The answer of an operation that spoke JSON documents.
pub(crate) fn respond(protocol: Protocol, outcome: Outcome, request_id: &str) -> Response<Bytes> {
    match outcome {
        Err(refusal) => refuse(protocol, &refusal, request_id),
        Ok((status, Value::Null)) => finish(Response::builder().status(status), request_id, Bytes::new()),
        Ok((status, body)) => match protocol {
            Protocol::Cbor => cbor(status, &body, request_id, None),
            Protocol::Json(kind) => json_answer(status, kind, &body, request_id, None),
            Protocol::RestJson | Protocol::Query(_) => json_answer(status, "application/json", &body, request_id, None),
        },
    }
}

/// The answer of a query-protocol operation: the XML of its result.
pub(crate) fn respond_xml(
    namespace: &str,
    operation: &str,
    outcome: Result<String, Refusal>,
    request_id: &str,
) -> Response<Bytes> {
    match outcome {
        Err(refusal) => refuse(Protocol::Query(STS_NAMESPACE), &refusal, request_id),
        Ok(result) => {
            let operation = escape(operation);
            let body = format!(
                "<{operation}Response xmlns=\"{namespace}\"><{operation}Result>{result}</{operation}Result>\
                 <ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
            );
            finish(Response::builder().status(200).header(CONTENT_TYPE, "text/xml"), request_id, body.into())
        }
    }
}

/// An error, as the protocol carries it.
pub(crate) fn refuse(protocol: Protocol, refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    let Refusal { status, code, message } = refusal;
    match protocol {
        Protocol::Query(_) => {
            let kind = if *status < 500 { "Sender" } else { "Receiver" };
            let body = format!(
                "<ErrorResponse><Error><Type>{kind}</Type><Code>{code}</Code><Message>{}</Message></Error>\
                 <RequestId>{request_id}</RequestId></ErrorResponse>",
                escape(message)
            );
            finish(Response::builder().status(*status).header(CONTENT_TYPE, "text/xml"), request_id, body.into())
        }
        Protocol::Cbor => cbor(*status, &json!({ "__type": code, "message": message }), request_id, Some(code)),
        Protocol::Json(kind) => {
            json_answer(*status, kind, &json!({ "__type": code, "message": message }), request_id, Some(code))
        }
        Protocol::RestJson => {
            json_answer(*status, "application/json", &json!({ "message": message }), request_id, Some(code))
        }
    }
}

fn json_answer(status: u16, kind: &str, body: &Value, request_id: &str, error: Option<&str>) -> Response<Bytes> {
    let mut builder = Response::builder().status(status).header(CONTENT_TYPE, kind);
    if let Some(code) = error {
        builder = builder.header("x-amzn-errortype", code);
    }
    finish(builder, request_id, body.to_string().into())
}

fn cbor(status: u16, body: &Value, request_id: &str, error: Option<&str>) -> Response<Bytes> {
    let mut bytes = Vec::new();
    if ciborium::into_writer(&to_cbor(body, Numbers::Plain), &mut bytes).is_err() {
        // Writing to memory does not fail; an empty body would read as a broken answer, which it then is.
        bytes.clear();
    }
    let mut builder = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/cbor")
        .header("smithy-protocol", "rpc-v2-cbor");
    if let Some(code) = error {
        let side = if status < 500 { "Sender" } else { "Receiver" };
        builder = builder.header("x-amzn-query-error", format!("{code};{side}"));
    }
    finish(builder, request_id, bytes.into())
}

fn finish(builder: http::response::Builder, request_id: &str, body: Bytes) -> Response<Bytes> {
    builder
        .header("x-amzn-requestid", request_id)
        .body(body.clone())
        // Status and headers above are all valid; should one not be, the body still goes out.
        .unwrap_or_else(|_| Response::new(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Request<Bytes> {
        let mut builder = Request::builder().method("POST").uri(path);
        for (key, value) in headers {
            builder = builder.header(*key, *value);
        }
        builder.body(body.into()).unwrap()
    }

    #[test]
    fn every_protocol_finds_its_service() {
        let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
        let long = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
        for (request, service, operation) in [
            (post("/v2/apis", &[], "{}"), Service::ApiGatewayV2, "CreateApi"),
            (post("/", &form, "Action=GetCallerIdentity&Version=2011-06-15"), Service::Sts, "GetCallerIdentity"),
            (post("/", &form, "Action=ListTopics&Version=2010-03-31"), Service::Sns, "ListTopics"),
            (post("/", &[("x-amz-target", "AWSWAF_20190729.ListWebACLs")], "{}"), Service::Wafv2, "ListWebACLs"),
            (
                post("/", &[("x-amz-target", "CloudTrail_20131101.LookupEvents")], ""),
                Service::CloudTrail,
                "LookupEvents",
            ),
            (post("/", &[("x-amz-target", long)], "{}"), Service::CloudTrail, "LookupEvents"),
            (
                post("/", &[("x-amz-target", "GraniteServiceVersion20100801.ListMetrics")], "{}"),
                Service::CloudWatch,
                "ListMetrics",
            ),
        ] {
            let addressed = address(&request).unwrap().unwrap();
            assert_eq!((addressed.service, addressed.operation.as_str()), (service, operation));
        }
        assert!(address(&post("/restapis", &[], "{}")).is_none(), "REST is not one of these services");
    }

    #[test]
    fn cbor_carries_moments_both_ways() {
        let mut body = Vec::new();
        let given = Cbor::Map(vec![
            (Cbor::Text("StartTime".into()), Cbor::Tag(1, Box::new(Cbor::Float(1_790_000_000.5)))),
            (Cbor::Text("MaxRecords".into()), Cbor::Integer(7.into())),
        ]);
        ciborium::into_writer(&given, &mut body).unwrap();
        let path = "/service/GraniteServiceVersion20100801/operation/DescribeAlarms";
        let addressed = address(&post(path, &[], body)).unwrap().unwrap();
        assert_eq!(addressed.body, json!({ "StartTime": 1_790_000_000.5, "MaxRecords": 7 }));

        let answer = json!({ "Timestamps": [1.0, 2.0], "Values": [1], "NextToken": null });
        let response = respond(Protocol::Cbor, Ok((200, answer)), "r");
        let sent: Cbor = ciborium::from_reader(response.body().as_ref()).unwrap();
        let moment = |seconds: f64| Cbor::Tag(1, Box::new(Cbor::Float(seconds)));
        let wanted = Cbor::Map(vec![
            (Cbor::Text("Timestamps".into()), Cbor::Array(vec![moment(1.0), moment(2.0)])),
            (Cbor::Text("Values".into()), Cbor::Array(vec![Cbor::Float(1.0)])),
        ]);
        assert_eq!(sent, wanted);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for request in [
            post("/", &[("x-amz-target", "AWSWAF_20190729.ListWebACLs")], "[1]"),
            post("/service/GraniteServiceVersion20100801/operation/ListMetrics", &[], vec![0xff, 0xff]),
            post("/v2/apis", &[], "not json"),
        ] {
            let (_, refusal) = address(&request).unwrap().unwrap_err();
            assert_eq!((refusal.status, refusal.code), (400, "SerializationException"));
        }
    }

    #[test]
    fn markup_in_an_error_stays_text() {
        let refusal = Refusal::new(400, "ValidationError", "<b>&</b>");
        let response = refuse(Protocol::Query(STS_NAMESPACE), &refusal, "r");
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(body.contains("<Message>&lt;b&gt;&amp;&lt;/b&gt;</Message>"), "{body}");
    }
}
