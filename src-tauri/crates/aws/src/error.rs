//! SDK -> domain, for errors: the one file that knows how the SDK reports a failure.

use std::error::Error;

use aws_smithy_runtime_api::{
    client::{orchestrator::HttpResponse, result::SdkError},
    http::Headers,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use portcullis_domain::coverage::{Gap, GapKind};

/// What kind of failure: the same kinds as a gap's, since every failed read becomes one.
pub type ErrorKind = GapKind;

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AwsError {
    /// What kind.
    pub kind: ErrorKind,
    /// Service prefix as in IAM.
    pub service: String,
    /// Operation.
    pub operation: String,
    /// AWS's code, or ours where AWS gave none.
    pub code: String,
    /// A sentence: what failed, on which resource, what to do next.
    pub message: String,
    /// AWS's request id, if an answer came.
    pub request_id: Option<String>,
    /// `Retry-After`, seconds.
    pub retry_after: Option<u64>,
}

/// What was being called, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Called<'a> {
    pub(crate) service: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) endpoint: &'a str,
    pub(crate) profile: Option<&'a str>,
    /// The IAM action, when the call changes something and does not read.
    pub(crate) write: Option<&'a str>,
}

impl Called<'_> {
    /// What did not happen to the resource.
    fn done(&self) -> &'static str {
        if self.write.is_some() { "changed" } else { "read" }
    }

    /// What is known when no answer came: a write may have had its effect all the same.
    fn unanswered(&self) -> String {
        match self.write {
            Some(_) => format!("whether {} was changed is not known", self.resource),
            None => format!("{} was not read", self.resource),
        }
    }
}

impl AwsError {
    /// The gap that this leaves in a context.
    #[must_use]
    pub fn to_gap(&self, context: &str, resource: &str) -> Gap {
        Gap {
            context: context.to_owned(),
            service: self.service.clone(),
            operation: self.operation.clone(),
            resource: resource.to_owned(),
            kind: self.kind,
            code: self.code.clone(),
            message: self.message.clone(),
            request_id: self.request_id.clone(),
        }
    }

    /// The person stopped it.
    pub(crate) fn cancelled(called: Called<'_>) -> Self {
        Self::of(
            called,
            GapKind::Cancelled,
            "Cancelled",
            format!("Reading {} was stopped. Refresh to read it.", called.resource),
        )
    }

    /// AWS did what was asked and came to no result.
    pub(crate) fn ended(called: Called<'_>, code: &str, reason: &str) -> Self {
        let resource = called.resource;
        let message =
            format!("Reading {resource} came to no end ({code}): {}. Fetch again.", reason.trim_end_matches('.'));
        Self::of(called, GapKind::Failed, code, message)
    }

    /// Before any call: no region, no profile.
    #[must_use]
    pub fn configuration(code: &str, message: String) -> Self {
        Self {
            kind: GapKind::Credentials,
            service: "sts".to_owned(),
            operation: "GetCallerIdentity".to_owned(),
            code: code.to_owned(),
            message,
            request_id: None,
            retry_after: None,
        }
    }

    /// An answer whose content is not what was asked for, with the sentence that says so.
    #[must_use]
    pub fn unreadable(service: &str, operation: &str, message: String) -> Self {
        Self::not_understood(service, operation, message)
    }

    /// An answer that came and cannot be read.
    pub(crate) fn not_understood(service: &str, operation: &str, message: String) -> Self {
        Self {
            kind: GapKind::NotAws,
            service: service.to_owned(),
            operation: operation.to_owned(),
            code: "NotUnderstood".to_owned(),
            message,
            request_id: None,
            retry_after: None,
        }
    }

    fn of(called: Called<'_>, kind: GapKind, code: &str, message: String) -> Self {
        Self {
            kind,
            service: called.service.to_owned(),
            operation: called.operation.to_owned(),
            code: code.to_owned(),
            message,
            request_id: None,
            retry_after: None,
        }
    }

    /// Whether a read may be tried again soon.
    pub(crate) fn is_worth_retrying(&self) -> bool {
        match self.kind {
            GapKind::Throttled | GapKind::Unreachable => true,
            GapKind::Failed => {
                self.code.starts_with("ServiceUnavailable")
                    || self.code.starts_with("Internal")
                    || self.code.starts_with("HTTP 5")
            }
            GapKind::Denied
            | GapKind::Credentials
            | GapKind::NotAws
            | GapKind::NotImplemented
            | GapKind::NotFound
            | GapKind::Cancelled => false,
        }
    }
}

/// Names of credential errors differ by protocol; any of them means: sign in again.
const CREDENTIAL_CODES: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestExpired",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "IncompleteSignature",
];
const DENIED_CODES: &[&str] =
    &["AccessDenied", "AccessDeniedException", "UnauthorizedException", "UnauthorizedOperation", "ForbiddenException"];
const THROTTLE_CODES: &[&str] =
    &["TooManyRequestsException", "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded"];

/// Maps a failure of the SDK.
pub(crate) fn mapped<E>(error: &SdkError<E, HttpResponse>, called: Called<'_>) -> AwsError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let Called { service, operation, resource, endpoint, .. } = called;
    let mut mapped = match error {
        SdkError::ServiceError(failure) => service_error(failure.err(), failure.raw(), called),
        SdkError::ResponseError(failure) => answer_that_is_not_aws(failure.raw(), called),
        SdkError::TimeoutError(_) => AwsError::of(
            called,
            GapKind::Unreachable,
            "Timeout",
            format!(
                "{endpoint} did not answer {service} {operation} in time, so {}. Check the network and refresh.",
                called.unanswered()
            ),
        ),
        SdkError::DispatchFailure(failure) => {
            let reasons = chain(failure.as_connector_error().map(|error| error as &dyn Error));
            credentials_problem(&reasons, called).unwrap_or_else(|| {
                let code = if failure.is_timeout() { "Timeout" } else { "ConnectionFailed" };
                AwsError::of(called, GapKind::Unreachable, code, format!(
                    "{endpoint} cannot be reached ({}), so {}. Check the network, a proxy, or a stray AWS_ENDPOINT_URL.",
                    last(&reasons),
                    called.unanswered()
                ))
            })
        }
        other => {
            let reasons = chain(other.source());
            credentials_problem(&reasons, called).unwrap_or_else(|| {
                AwsError::of(
                    called,
                    GapKind::Failed,
                    "NotSent",
                    format!("{service} {operation} for {resource} could not be sent: {}.", last(&reasons)),
                )
            })
        }
    };
    mapped.request_id = error.raw_response().and_then(|raw| raw.headers().request_id()).map(str::to_owned);
    mapped.retry_after = error.raw_response().and_then(|raw| retry_after(raw.headers()));
    mapped
}

/// No longer than a minute: a header is no reason to stop for a day.
fn retry_after(headers: &Headers) -> Option<u64> {
    headers.get("retry-after")?.trim().parse::<u64>().ok().map(|seconds| seconds.min(60))
}

fn service_error<E: ProvideErrorMetadata>(error: &E, raw: &HttpResponse, called: Called<'_>) -> AwsError {
    let Called { service, operation, resource, endpoint, profile, .. } = called;
    let (status, done) = (raw.status().as_u16(), called.done());
    let Some(code) = error.code().filter(|code| !code.is_empty()) else {
        return answer_that_is_not_aws(raw, called);
    };
    let said = error.message().map(|message| format!(": {message}")).unwrap_or_default();
    let (kind, message) = if CREDENTIAL_CODES.contains(&code) {
        (GapKind::Credentials, format!("AWS refused the credentials{said}. {}", sign_in(profile)))
    } else if DENIED_CODES.contains(&code) || status == 403 && !code.contains("NotImplemented") {
        let action = called.write.map_or_else(|| iam_action(service, operation), str::to_owned);
        (
            GapKind::Denied,
            format!("{resource} was not {done}: AWS denied {operation}{said}. Ask for the permission {action}."),
        )
    } else if THROTTLE_CODES.contains(&code) {
        (
            GapKind::Throttled,
            format!(
                "{resource} was not {done}: AWS refused {operation} because the account's rate is used up. Refresh later, or lower the budget."
            ),
        )
    } else if status == 501 || code.contains("NotImplemented") {
        (
            GapKind::NotImplemented,
            format!("{endpoint} does not implement {service} {operation}, so {resource} was not {done}{said}."),
        )
    } else if status == 404 || code.starts_with("NotFound") || code.ends_with("NotFoundException") {
        (
            GapKind::NotFound,
            format!("{resource} was gone when {operation} asked for it{said}. Refresh to see what is there."),
        )
    } else {
        (GapKind::Failed, format!("{resource} was not {done}: {operation} answered {code}{said}."))
    };
    AwsError::of(called, kind, code, message)
}

/// An answer without AWS's error shape: a proxy's page, an emulator's stack trace.
fn answer_that_is_not_aws(raw: &HttpResponse, called: Called<'_>) -> AwsError {
    let Called { operation, resource, endpoint, .. } = called;
    let (unanswered, done) = (called.unanswered(), called.done());
    let status = raw.status().as_u16();
    let body = raw.body().bytes().unwrap_or_default();
    let html = raw.headers().get("content-type").is_some_and(|kind| kind.contains("html"))
        || body.trim_ascii_start().starts_with(b"<");
    if status == 501 {
        return AwsError::of(
            called,
            GapKind::NotImplemented,
            "NotImplemented",
            format!("{endpoint} does not implement {operation}, so {resource} was not {done}."),
        );
    }
    if html || status < 500 {
        let what = if html { "a web page" } else { "something else" };
        return AwsError::of(
            called,
            GapKind::NotAws,
            "NotAws",
            format!(
                "{endpoint} answered {operation} with {what} (HTTP {status}) and not with AWS's protocol, so {unanswered}. Look for a proxy, a sign-in page, or a wrong endpoint URL."
            ),
        );
    }
    AwsError::of(
        called,
        GapKind::Failed,
        &format!("HTTP {status}"),
        format!("{operation} answered HTTP {status} without a reason, so {unanswered}. Refresh later."),
    )
}

fn credentials_problem(reasons: &[String], called: Called<'_>) -> Option<AwsError> {
    let all = reasons.join(": ").to_lowercase();
    let about = ["credential", "sso", "token has expired", "assume role", "assumerole", "web identity", "profile `"];
    if !about.iter().any(|word| all.contains(word)) {
        return None;
    }
    let code = if all.contains("sso") { "SsoTokenExpired" } else { "NoCredentials" };
    let reason = match last(reasons) {
        // The SDK lists every provider that it tried, over several lines.
        none if none.starts_with("no credentials found in chain") => {
            "no keys in the environment, none in the chosen profile, no web identity, no container role".to_owned()
        }
        other => other.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let message = format!("No usable credentials for {}: {reason}. {}", called.resource, sign_in(called.profile));
    Some(AwsError::of(called, GapKind::Credentials, code, message))
}

fn sign_in(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => format!("Run `aws sso login --profile {profile}`, or renew the profile's keys."),
        None => "Run `aws sso login`, set AWS_PROFILE, or renew the keys.".to_owned(),
    }
}

/// API Gateway's actions are HTTP verbs; elsewhere the action has the operation's name.
fn iam_action(service: &str, operation: &str) -> String {
    match service {
        "apigateway" | "apigatewayv2" => "apigateway:GET".to_owned(),
        _ => format!("{service}:{operation}"),
    }
}

fn chain(error: Option<&dyn Error>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error;
    while let Some(error) = next {
        let text = error.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        next = error.source();
    }
    texts
}

fn last(reasons: &[String]) -> &str {
    reasons.last().map_or("no reason was given", String::as_str)
}
