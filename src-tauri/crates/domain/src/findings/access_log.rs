//! Reads a stage's access-log format (JSON, XML, CSV or CLF, as the developer guide names them) for what it leaks and
//! for what an investigation will miss.
//!
//! The variables are those of "Variables for data models, authorizers, mapping templates, and CloudWatch access
//! logging" of the API Gateway developer guide. What is logged already is not looked at, only what will be.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::ApiKind;

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// A JSON object a line.
    Json,
    /// It begins like JSON and is none: machines stumble over every line.
    BrokenJson,
    /// Elements.
    Xml,
    /// Values between commas.
    Csv,
    /// Common log format: values between spaces.
    Clf,
}

impl LogFormat {
    /// For people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::BrokenJson => "JSON that does not parse",
            Self::Xml => "XML",
            Self::Csv => "CSV",
            Self::Clf => "CLF (plain text)",
        }
    }
}

/// Something in a format that should not be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogLeak {
    /// `$context.identity.apiKey`.
    pub variable: String,
    /// What it writes into every line.
    pub what: String,
    /// Whether it is a secret or personal data; otherwise good to know only.
    pub serious: bool,
}

/// What a format says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogLint {
    /// How lines are written.
    pub format: LogFormat,
    /// What should not be there.
    pub leaks: Vec<LogLeak>,
    /// What an investigation will miss, in words.
    pub missing: Vec<String>,
}

/// What a stage has that its log should tell of.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogNeeds {
    /// A canary.
    pub canary: bool,
    /// A web ACL.
    pub web_acl: bool,
}

/// Names of variables, without `$context.`, in the order in which they stand.
#[must_use]
pub fn variables(format: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find("$context.") {
        let name = &rest[at + "$context.".len()..];
        let end = name
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "_.-:".contains(letter)))
            .unwrap_or(name.len());
        let name = &name[..end];
        found.push(name.trim_end_matches(['.', '-', ':']));
        rest = &rest[at + "$context.".len() + end..];
    }
    found
}

/// How lines of this format look.
#[must_use]
pub fn format_of(format: &str) -> LogFormat {
    let text = format.trim();
    if text.starts_with('{') || text.starts_with('[') {
        return match serde_json::from_str::<serde_json::Value>(&with_values(text)) {
            Ok(_) => LogFormat::Json,
            Err(_) => LogFormat::BrokenJson,
        };
    }
    if text.starts_with('<') {
        return LogFormat::Xml;
    }
    let commas = text.matches("$context.").count().saturating_sub(1);
    if commas > 0 && text.matches(',').count() >= commas { LogFormat::Csv } else { LogFormat::Clf }
}

/// The format with `0` in place of every variable: what stands in quotes stays in quotes.
fn with_values(format: &str) -> String {
    let mut text = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(at) = rest.find("$context.") {
        text.push_str(&rest[..at]);
        text.push('0');
        let name = &rest[at + "$context.".len()..];
        let end = name
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "_.-:".contains(letter)))
            .unwrap_or(name.len());
        // A colon or a dot that ends a name belongs to what follows.
        let kept = name[..end].trim_end_matches(['.', '-', ':']).len();
        rest = &name[kept..];
    }
    text + rest
}

/// Claims that say who somebody is. `sub` and `username` are identifiers, which an investigation needs.
const PERSONAL: &[&str] = &[
    "email",
    "phone",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "address",
    "birthdate",
    "gender",
    "picture",
    "zoneinfo",
    "ssn",
    "dob",
];
/// Members of an authorizer's answer that hold the credential itself.
const TOKENS: &[&str] = &[
    "token",
    "jwt",
    "idtoken",
    "id_token",
    "accesstoken",
    "access_token",
    "authorization",
    "bearer",
    "refresh_token",
    "secret",
];
/// Headers that are credentials.
const CREDENTIAL_HEADERS: &[&str] =
    &["authorization", "cookie", "set-cookie", "x-api-key", "x-amz-security-token", "proxy-authorization"];

fn leak(name: &str) -> Option<(String, bool)> {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit('.').next().unwrap_or_default();
    let serious = |what: &str| Some((what.to_owned(), true));
    if lower == "identity.apikey" {
        return serious("the value of the API key; identity.apiKeyId names the key without opening anything");
    }
    if let Some(claim) =
        lower.strip_prefix("authorizer.claims.").or_else(|| lower.strip_prefix("authorizer.jwt.claims."))
    {
        if PERSONAL.contains(&claim) {
            return serious("personal data of whoever calls; the claim sub identifies them without naming them");
        }
        return None;
    }
    if let Some(member) = lower.strip_prefix("authorizer.") {
        if TOKENS.contains(&member) {
            return serious("the token itself: whoever reads the log can use it");
        }
        if PERSONAL.contains(&member) {
            return serious("personal data of whoever calls");
        }
        return None;
    }
    if lower == "error.validationerrorstring" {
        return serious("the values of the body that did not validate");
    }
    if (lower.starts_with("requestoverride.") || lower.starts_with("responseoverride."))
        && CREDENTIAL_HEADERS.contains(&last)
    {
        return serious("a header that is a credential");
    }
    match lower.as_str() {
        "identity.caller" | "identity.user" | "identity.userarn" => Some((
            "the IAM identity of the caller: fine for services, personal data where people sign in".to_owned(),
            false,
        )),
        "identity.cognitoidentityid" => Some(("an identifier of a person".to_owned(), false)),
        _ => None,
    }
}

/// What an investigation needs: words, and the variables of which one is enough.
const NEEDED: &[(&str, &[&str])] = &[
    ("the request id", &["requestId"]),
    ("the extended request id, which AWS support asks for", &["extendedRequestId"]),
    ("the method", &["httpMethod", "routeKey"]),
    ("the route", &["resourcePath", "routeKey", "path"]),
    ("the status", &["status"]),
    ("the latency of the response", &["responseLatency"]),
    ("the status of the integration", &["integration.status", "integrationStatus", "integration.integrationStatus"]),
    ("the latency of the integration", &["integrationLatency", "integration.latency"]),
    ("the error's message", &["error.message", "error.messageString", "integrationErrorMessage", "integration.error"]),
    (
        "who called (key id, principal or subject)",
        &[
            "identity.apiKeyId",
            "authorizer.principalId",
            "authorizer.claims.sub",
            "authorizer.jwt.claims.sub",
            "identity.caller",
            "identity.user",
            "identity.userArn",
            "authorizer.claims.username",
            "authorizer.claims.cognito:username",
        ],
    ),
    ("the source address", &["identity.sourceIp"]),
];

/// Reads a format.
#[must_use]
pub fn lint(kind: ApiKind, format: &str, needs: LogNeeds) -> LogLint {
    let names = variables(format);
    let has = |wanted: &&str| names.contains(wanted);
    let websocket = kind == ApiKind::WebSocket;
    let mut missing: Vec<String> = NEEDED
        .iter()
        .filter(|(_, any)| !any.iter().any(has))
        // A message has no method and answers without a latency of its own.
        .filter(|(words, _)| !(websocket && matches!(*words, "the method" | "the latency of the response")))
        .map(|(words, _)| (*words).to_owned())
        .collect();
    if needs.canary && !names.contains(&"isCanaryRequest") {
        missing.push("whether the canary answered (isCanaryRequest)".to_owned());
    }
    let waf = ["wafResponseCode", "waf.status", "waf.error", "waf.latency"];
    if needs.web_acl && !waf.iter().any(has) {
        missing.push("what the web ACL decided (wafResponseCode)".to_owned());
    }
    let mut leaks: Vec<LogLeak> = Vec::new();
    for name in names {
        if let Some((what, serious)) = leak(name)
            && !leaks.iter().any(|leak| leak.variable.strip_prefix("$context.") == Some(name))
        {
            leaks.push(LogLeak { variable: format!("$context.{name}"), what, serious });
        }
    }
    LogLint { format: format_of(format), leaks, missing }
}

/// A format that tells what an investigation needs and leaks nothing.
#[must_use]
pub fn safe_format(kind: ApiKind, needs: LogNeeds) -> String {
    let mut members = vec![
        ("requestId", "requestId"),
        ("extendedRequestId", "extendedRequestId"),
        ("time", "requestTimeEpoch"),
        ("sourceIp", "identity.sourceIp"),
        ("status", "status"),
        ("responseLatency", "responseLatency"),
        ("responseLength", "responseLength"),
        ("integrationStatus", "integration.status"),
        ("integrationLatency", "integration.latency"),
        ("error", "error.message"),
        ("errorType", "error.responseType"),
    ];
    match kind {
        ApiKind::Rest => members.extend([
            ("method", "httpMethod"),
            ("route", "resourcePath"),
            ("apiKeyId", "identity.apiKeyId"),
            ("principal", "authorizer.principalId"),
            ("subject", "authorizer.claims.sub"),
        ]),
        ApiKind::Http => members.extend([("route", "routeKey"), ("subject", "authorizer.claims.sub")]),
        ApiKind::WebSocket => members.extend([
            ("route", "routeKey"),
            ("event", "eventType"),
            ("connectionId", "connectionId"),
            ("principal", "authorizer.principalId"),
        ]),
    }
    if needs.canary {
        members.push(("canary", "isCanaryRequest"));
    }
    if needs.web_acl {
        members.push(("waf", "wafResponseCode"));
    }
    let members: Vec<String> =
        members.iter().map(|(name, variable)| format!("\"{name}\":\"$context.{variable}\"")).collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = r#"{"requestId":"$context.requestId","x":"$context.extendedRequestId","m":"$context.httpMethod","r":"$context.resourcePath","s":$context.status,"l":$context.responseLatency,"is":"$context.integration.status","il":"$context.integrationLatency","e":"$context.error.message","k":"$context.identity.apiKeyId","ip":"$context.identity.sourceIp"}"#;

    #[test]
    fn a_good_format_has_nothing_to_say() {
        let lint = lint(ApiKind::Rest, GOOD, LogNeeds::default());
        assert_eq!(lint, LogLint { format: LogFormat::Json, leaks: Vec::new(), missing: Vec::new() });
    }

    #[test]
    fn formats_are_told_apart() {
        let rows = [
            (r#"{"id":"$context.requestId","s":$context.status}"#, LogFormat::Json),
            (r#"{"id":"$context.requestId","s":"$context.status""#, LogFormat::BrokenJson),
            ("<request id=\"$context.requestId\"><ip>$context.identity.sourceIp</ip></request>", LogFormat::Xml),
            (
                "$context.identity.sourceIp,$context.identity.caller,$context.requestTime,$context.status",
                LogFormat::Csv,
            ),
            (
                r#"$context.identity.sourceIp $context.identity.caller [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status"#,
                LogFormat::Clf,
            ),
        ];
        for (format, expected) in rows {
            assert_eq!(format_of(format), expected, "{format}");
        }
    }

    #[test]
    fn leaks_are_named_in_every_format() {
        let rows: &[(&str, &str, bool)] = &[
            (
                r#"{"key":"$context.identity.apiKey","id":"$context.identity.apiKeyId"}"#,
                "$context.identity.apiKey",
                true,
            ),
            ("<u>$context.authorizer.claims.email</u>", "$context.authorizer.claims.email", true),
            (
                "$context.requestId,$context.authorizer.claims.phone_number",
                "$context.authorizer.claims.phone_number",
                true,
            ),
            ("$context.requestId $context.authorizer.token", "$context.authorizer.token", true),
            ("$context.error.validationErrorString", "$context.error.validationErrorString", true),
            ("$context.requestOverride.header.Authorization", "$context.requestOverride.header.Authorization", true),
            ("$context.responseOverride.header.Set-Cookie", "$context.responseOverride.header.Set-Cookie", true),
            ("$context.identity.userArn", "$context.identity.userArn", false),
        ];
        for (format, variable, serious) in rows {
            let found = lint(ApiKind::Rest, format, LogNeeds::default()).leaks;
            assert_eq!(found.len(), 1, "{format}: {found:?}");
            assert_eq!((found[0].variable.as_str(), found[0].serious), (*variable, *serious), "{format}");
        }
        for harmless in [
            "$context.identity.apiKeyId",
            "$context.authorizer.claims.sub",
            "$context.authorizer.principalId",
            "$context.requestOverride.header.X-Trace",
        ] {
            assert_eq!(lint(ApiKind::Rest, harmless, LogNeeds::default()).leaks, [], "{harmless}");
        }
    }

    #[test]
    fn what_is_missing_depends_on_what_the_stage_has() {
        let thin =
            lint(ApiKind::Rest, "$context.requestId $context.status", LogNeeds { canary: true, web_acl: true }).missing;
        for wanted in ["source address", "who called", "canary", "web ACL", "extended request id"] {
            assert!(thin.iter().any(|words| words.contains(wanted)), "{wanted}: {thin:?}");
        }
        assert!(!thin.iter().any(|words| words == "the status" || words == "the request id"), "{thin:?}");
    }

    #[test]
    fn the_format_that_is_offered_passes_its_own_test() {
        for kind in [ApiKind::Rest, ApiKind::Http, ApiKind::WebSocket] {
            for needs in [LogNeeds::default(), LogNeeds { canary: true, web_acl: true }] {
                let found = lint(kind, &safe_format(kind, needs), needs);
                assert_eq!(found.format, LogFormat::Json);
                assert!(found.leaks.is_empty(), "{kind:?}: {:?}", found.leaks);
                let missing: Vec<&String> =
                    found.missing.iter().filter(|words| kind == ApiKind::Rest || !words.contains("method")).collect();
                assert!(missing.is_empty(), "{kind:?}: {missing:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_format_breaks_the_reader(format in ".*") {
            let _ = lint(ApiKind::Rest, &format, LogNeeds::default());
        }
    }
}
