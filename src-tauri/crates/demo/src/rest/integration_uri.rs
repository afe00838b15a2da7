//! What AWS refuses in the method and URI of an integration, in the texts that it was recorded to answer.

use serde_json::Value;

use super::state::{bad_request, text};
use crate::services::Refusal;

/// Checks the body of a `PutIntegration` as AWS does; a mock needs neither method nor URI.
///
/// # Errors
/// `BadRequestException` in AWS's words (recorded: `test_put_integration_validation`).
pub(super) fn check(body: &Value) -> Result<(), Refusal> {
    let (kind, uri) = (text(body, "type"), text(body, "uri"));
    if kind == "MOCK" {
        return Ok(());
    }
    if text(body, "integrationHttpMethod").is_empty() && text(body, "httpMethod").is_empty() {
        return Err(bad_request("Enumeration value for HttpMethod must be non-empty"));
    }
    if kind.starts_with("HTTP") {
        let endpoint = uri.strip_prefix("https://").or_else(|| uri.strip_prefix("http://"));
        return match endpoint {
            Some(rest) if !rest.is_empty() => Ok(()),
            _ => Err(bad_request("Invalid HTTP endpoint specified for URI")),
        };
    }
    // arn:partition:apigateway:region:subdomain.service:path|action/…
    let parts: Vec<&str> = uri.splitn(6, ':').collect();
    let ["arn", _, _, _, service, target] = parts[..] else {
        return Err(bad_request("Invalid ARN specified in the request"));
    };
    if !target.starts_with("path/") && !target.starts_with("action/") {
        return Err(bad_request("AWS ARN for integration must contain path or action"));
    }
    if kind == "AWS_PROXY" && !matches!(service, "lambda" | "firehose") {
        return Err(bad_request(
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
        ));
    }
    Ok(())
}
