//! Calls the account's own operations from inside, over the same requests that a client would send: what the
//! seed and an import create has passed the same checks and freezes the same way into deployments.

use bytes::Bytes;
use http::{Method, Request, header::AUTHORIZATION};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::DemoAccount;

/// Everything but what RFC 3986 leaves unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Why an own operation refused.
#[derive(Debug, thiserror::Error)]
#[error("{operation} answered {status}: {message}")]
pub struct OwnCallError {
    /// Method and path, or target.
    pub operation: String,
    /// HTTP status.
    pub status: u16,
    /// What the service said.
    pub message: String,
}

/// Marks a request as the account's own; it cannot come over the wire.
#[derive(Clone, Copy)]
pub(crate) struct AsWritten;

/// A caller in one region of an account.
pub(crate) struct InProcess<'a> {
    account: &'a DemoAccount,
    region: &'a str,
}

impl<'a> InProcess<'a> {
    /// For a region.
    pub(crate) const fn new(account: &'a DemoAccount, region: &'a str) -> Self {
        Self { account, region }
    }

    /// The region.
    pub(crate) const fn region(&self) -> &'a str {
        self.region
    }

    /// An API Gateway operation, version 1 or 2.
    pub(crate) fn rest(&self, method: &Method, path: &str, body: &Value) -> Result<Value, OwnCallError> {
        self.send(
            method,
            path,
            "apigateway",
            &[("content-type", "application/json"), ("accept", "application/json")],
            body,
        )
    }

    /// An awsJson operation: `AWSWAF_20190729.CreateWebACL`.
    pub(crate) fn json(&self, target: &str, service: &str, body: &Value) -> Result<Value, OwnCallError> {
        let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)];
        self.send(&Method::POST, "/", service, &headers, body)
    }

    fn send(
        &self,
        method: &Method,
        path: &str,
        service: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Value, OwnCallError> {
        let named = headers.iter().find(|(key, _)| *key == "x-amz-target").map(|(_, target)| *target);
        let operation = named.map_or_else(|| format!("{method} {path}"), str::to_owned);
        let failed = |status: u16, message: String| OwnCallError { operation: operation.clone(), status, message };
        let scope = format!("AKIADEMOSEED00000000/20260101/{}/{service}/aws4_request", self.region);
        let mut builder = Request::builder()
            .method(method)
            .uri(format!("https://{service}.{}.amazonaws.com{path}", self.region))
            .header(AUTHORIZATION, format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"));
        builder = builder.extension(AsWritten);
        for (key, value) in headers {
            builder = builder.header(*key, *value);
        }
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let request = builder.body(body).map_err(|error| failed(0, error.to_string()))?;
        let response = self.account.handle(&request);
        let status = response.status().as_u16();
        let answer: Value = if response.body().is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(response.body()).unwrap_or(Value::Null)
        };
        if response.status().is_success() {
            return Ok(answer);
        }
        let message = answer.get("message").and_then(Value::as_str).unwrap_or("no message").to_owned();
        Err(failed(status, message))
    }
}

/// A path segment, percent-encoded.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}
