//! Reads an access-log format for what tells candidate and baseline apart, and makes the question that CloudWatch Logs
//! Insights is asked.
//!
//! JSON and XML: a value is found by the name that stands before it. CSV, CLF and any other line: by its place, where the
//! values can be told apart: text that may hold anything (user agents, error messages, claims) may stand before or after
//! what is asked for and not on both sides of it. The variables are those of "Variables for data models, authorizers,
//! mapping templates, and CloudWatch access logging".

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::findings::access_log::{LogFormat, format_of};

/// The longest query that `StartQuery` takes, characters.
const LONGEST: usize = 10_000;

/// Where a stage writes its access log, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccessLog {
    /// ARN of a log group or of a delivery stream.
    pub destination_arn: String,
    /// The line, with `$context.NAME` for values.
    pub format: String,
}

impl AccessLog {
    /// The log group's name.
    ///
    /// # Errors
    /// A sentence when it goes elsewhere, or to another region than `region`.
    pub fn group(&self, region: &str) -> Result<&str, String> {
        let mut parts = self.destination_arn.splitn(7, ':');
        let (service, of) = (parts.nth(2), parts.next());
        match (service, parts.nth(1), parts.next()) {
            (Some("logs"), Some("log-group"), Some(name)) if of == Some(region) => Ok(name.trim_end_matches(":*")),
            (Some("logs"), ..) => {
                Err(format!("The access log goes to {}, which is not asked here.", self.destination_arn))
            }
            _ => Err(format!(
                "The access log goes to {} and not to CloudWatch Logs, so it cannot be asked.",
                self.destination_arn
            )),
        }
    }
}

/// What the log is asked, and what its answer will know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogQuestion {
    /// Requests, errors and latency by minute and side.
    pub by_minute: String,
    /// Requests and errors by route and side; `None` when the lines do not name method and resource.
    pub by_route: Option<String>,
    /// Which variable the latency is; `None` when the lines have none.
    pub latency: Option<&'static str>,
    /// Whether the lines have `$context.status`: without it nothing is known of errors.
    pub has_status: bool,
}

/// Latencies of a request, the one that a client waits for first.
const LATENCIES: [&str; 3] = ["responseLatency", "integrationLatency", "integration.latency"];

/// The question for a format.
///
/// # Errors
/// Why the log cannot tell candidate and baseline apart, a sentence.
pub fn log_question(format: &str) -> Result<LogQuestion, String> {
    let format = format.trim();
    let named = matches!(format_of(format), LogFormat::Json | LogFormat::Xml);
    let finder = Finder { format, pieces: pieces(format), named };
    let has = |name: &str| finder.pieces.iter().any(|piece| matches!(piece, Piece::Variable(known) if *known == name));
    if !has(SIDE) {
        return Err("The access log's format has no $context.isCanaryRequest: with it, candidate and baseline could be told apart.".to_owned());
    }
    let find = |name: &'static str, as_field: &str, value: &str| finder.expression(name, as_field, value);
    let has_status = has("status");
    let latency = LATENCIES.into_iter().find(|name| has(name));
    let mut expressions = vec![find(SIDE, "side", "true|false")?];
    if has_status {
        for (field, value) in [("status", "[0-9]{3}"), ("client", "4[0-9]{2}"), ("server", "5[0-9]{2}")] {
            expressions.push(find("status", field, value)?);
        }
    }
    let by_route = if has("httpMethod") && has("resourcePath") {
        let route = [find("httpMethod", "method", "[A-Z]+")?, find("resourcePath", "route", WORD)?];
        let counts = "count(*) as requests, count(client) as clientErrors, count(server) as serverErrors";
        let all = [expressions.as_slice(), &route].concat();
        has_status.then(|| query(&all, &format!("{counts} by @log, told, method, route"))).transpose()?
    } else {
        None
    };
    let mut stats = "count(*) as requests".to_owned();
    if has_status {
        stats += ", count(status) as known, count(client) as clientErrors, count(server) as serverErrors";
    }
    if let Some(latency) = latency {
        expressions.push(find(latency, "latency", "[0-9]+")?);
        stats += ", avg(latency) as average, pct(latency, 50) as p50, pct(latency, 90) as p90, pct(latency, 99) as p99";
    }
    let by_minute = query(&expressions, &format!("{stats} by bin(1m), @log, told"))?;
    Ok(LogQuestion { by_minute, by_route, latency, has_status })
}

const SIDE: &str = "isCanaryRequest";

/// A line whose side cannot be read is counted as such: a part of the lines must not pass for the whole.
fn query(expressions: &[String], stats: &str) -> Result<String, String> {
    let mut query = "fields @timestamp".to_owned();
    for expression in expressions {
        query += &format!("\n| parse @message /{expression}/");
    }
    query += &format!("\n| fields coalesce(side, \"unread\") as told\n| stats {stats}");
    if query.chars().count() > LONGEST {
        return Err(format!(
            "The access log's format is too long to be asked: the query would have over {LONGEST} characters."
        ));
    }
    Ok(query)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece<'a> {
    Literal(&'a str),
    /// Without `$context.`.
    Variable(&'a str),
}

fn pieces(format: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), format);
    while let Some(at) = rest.find("$context.") {
        if at > 0 {
            pieces.push(Piece::Literal(&rest[..at]));
        }
        let name = &rest[at + "$context.".len()..];
        let end = name
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "_.-:".contains(letter)))
            .unwrap_or(name.len());
        let name = name[..end].trim_end_matches(['.', '-', ':']);
        pieces.push(Piece::Variable(name));
        rest = &rest[at + "$context.".len() + name.len()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// Text without what values are kept apart by.
const WORD: &str = "[^ \\t,;|\"<>]+";
/// Values that are one word each in every line.
const WORDS: &[&str] = &[
    "requestId",
    "extendedRequestId",
    "apiId",
    "accountId",
    "stage",
    "deploymentId",
    "resourceId",
    "resourcePath",
    "domainName",
    "domainPrefix",
    "protocol",
    "httpMethod",
    "identity.sourceIp",
    "identity.apiKeyId",
    "identity.accountId",
    "requestTimeEpoch",
    "xrayTraceId",
    "status",
    "responseLatency",
    "responseLength",
    "integrationLatency",
    "integration.latency",
    "integrationStatus",
    "integration.status",
    "integration.integrationStatus",
    "integration.requestId",
    "awsEndpointRequestId",
    "wafResponseCode",
    "waf.status",
    "waf.latency",
    "authorizer.latency",
    "authorizer.status",
    "authorizer.integrationLatency",
    "authorizer.integrationStatus",
    "authorizer.requestId",
    "authorize.latency",
    "authorize.status",
    "authenticate.latency",
    "authenticate.status",
    "error.responseType",
    SIDE,
];
/// `09/Apr/2026:12:34:56 +0000`
const TIME: &str = "[0-9]{2}\\/[A-Za-z]{3}\\/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}";
/// Any of these in a literal keeps two words apart.
const SEPARATORS: [char; 7] = [' ', '\t', ',', ';', '|', '"', '<'];

struct Finder<'a> {
    format: &'a str,
    pieces: Vec<Piece<'a>>,
    named: bool,
}

impl Finder<'_> {
    /// The regular expression that finds the value of a variable in a line, as a field; `value` is what it looks like.
    fn expression(&self, variable: &str, field: &str, value: &str) -> Result<String, String> {
        let at = self.pieces.iter().position(|piece| *piece == Piece::Variable(variable));
        let at = at.ok_or_else(|| format!("The access log's format has no $context.{variable}."))?;
        if self.named { self.by_name(at, field, value) } else { self.by_place(at, field, value) }
    }

    /// What stands right before the value, as short as it is the only one of its kind, and the letter after it.
    fn by_name(&self, at: usize, field: &str, value: &str) -> Result<String, String> {
        let before = match at.checked_sub(1).and_then(|before| self.pieces.get(before)) {
            Some(Piece::Literal(before)) => *before,
            _ => "",
        };
        // `,"status":"` and `<status>`: the name begins after the last of these.
        let short = before.rfind([',', '{', '<', ' ']).map_or(before, |begin| {
            let keeps = before[begin..].starts_with(['<', ' ']);
            &before[begin + usize::from(!keeps)..]
        });
        let only = |text: &&str| text.chars().any(char::is_alphanumeric) && self.format.matches(*text).count() == 1;
        let name = [short, before].into_iter().find(only).ok_or_else(|| {
            format!("In the access log's format no name of its own stands before {}.", self.variable(at))
        })?;
        let after = match self.pieces.get(at + 1) {
            Some(Piece::Literal(after)) => escaped(&after.chars().take(1).collect::<String>()),
            _ => String::new(),
        };
        Ok(format!("{}(?<{field}>{value}){after}", escaped(name)))
    }

    /// The whole line, in which the value has its place.
    fn by_place(&self, at: usize, field: &str, value: &str) -> Result<String, String> {
        let free = |piece: &Piece<'_>| matches!(piece, Piece::Variable(name) if pattern(name).is_none());
        let (before, after) = self.pieces.split_at(at);
        if before.iter().any(free) && after.iter().any(free) {
            return Err(format!(
                "Where {} stands in a line of the access log cannot be told: text that may hold anything is on both sides of it. JSON names its values.",
                self.variable(at)
            ));
        }
        let mut expression = "^".to_owned();
        for (number, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Literal(text) => {
                    let between = number > 0 && number + 1 < self.pieces.len();
                    if between && !text.contains(SEPARATORS) {
                        return Err(format!(
                            "In the access log's format nothing keeps the values around {text} apart."
                        ));
                    }
                    expression += &escaped(text);
                }
                Piece::Variable(_) if number == at => expression += &format!("(?<{field}>{value})"),
                Piece::Variable(name) => {
                    if matches!(self.pieces.get(number + 1), Some(Piece::Variable(_))) {
                        return Err(format!(
                            "In the access log's format nothing keeps $context.{name} apart from the next value."
                        ));
                    }
                    expression += pattern(name).unwrap_or(".*?");
                }
            }
        }
        Ok(expression + "$")
    }

    fn variable(&self, at: usize) -> String {
        match self.pieces.get(at) {
            Some(Piece::Variable(name)) => format!("$context.{name}"),
            _ => "it".to_owned(),
        }
    }
}

/// What the values of a variable look like; `None` when they may be anything.
fn pattern(name: &str) -> Option<&'static str> {
    if name == "requestTime" {
        return Some(TIME);
    }
    WORDS.contains(&name).then_some(WORD)
}

/// For a regular expression between slashes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$/".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use regex::Regex;

    use super::*;

    /// What the expressions of a query find in a line.
    fn found(format: &str, line: &str) -> BTreeMap<String, String> {
        let question = log_question(format).unwrap();
        let mut found = BTreeMap::new();
        for query in [Some(question.by_minute), question.by_route].into_iter().flatten() {
            for command in query.lines() {
                let Some(expression) = command.strip_prefix("| parse @message /") else { continue };
                let expression = expression.strip_suffix('/').unwrap().replace("\\/", "/");
                let expression = Regex::new(&expression).unwrap();
                let Some(captures) = expression.captures(line) else { continue };
                for name in expression.capture_names().flatten() {
                    found.insert(name.to_owned(), captures[name].to_owned());
                }
            }
        }
        found
    }

    fn expect(format: &str, line: &str, fields: &[(&str, &str)]) {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(found(format, line), fields, "{format}");
    }

    #[test]
    fn json_and_xml_are_read_by_name_whatever_else_they_hold() {
        let format = r#"{"id":"$context.requestId","ua":"$context.identity.userAgent","integration":{"status":"$context.integration.status"},"answer":{"status":$context.status},"ms":$context.responseLatency,"canary":"$context.isCanaryRequest","m":"$context.httpMethod","r":"$context.resourcePath"}"#;
        let line = r#"{"id":"a-b","ua":"x","integration":{"status":"200"},"answer":{"status":503},"ms":41,"canary":"true","m":"POST","r":"/v2/coupons/{code}"}"#;
        let all = [
            ("side", "true"),
            ("status", "503"),
            ("server", "503"),
            ("latency", "41"),
            ("method", "POST"),
            ("route", "/v2/coupons/{code}"),
        ];
        expect(format, line, &all);
        // No answer came: the latency is a dash, and is not taken for a number.
        let line = r#"{"id":"a-b","ua":"x","integration":{"status":"-"},"answer":{"status":404},"ms":-,"canary":"false","m":"GET","r":"/a"}"#;
        expect(
            format,
            line,
            &[("side", "false"), ("status", "404"), ("client", "404"), ("method", "GET"), ("route", "/a")],
        );
        let format = "<r id=\"$context.requestId\" canary=\"$context.isCanaryRequest\"><s>$context.status</s></r>";
        expect(format, r#"<r id="a" canary="false"><s>200</s></r>"#, &[("side", "false"), ("status", "200")]);
    }

    #[test]
    fn csv_and_clf_are_read_by_place() {
        let clf = r#"$context.identity.sourceIp $context.identity.caller [$context.requestTime] "$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLatency $context.requestId $context.isCanaryRequest"#;
        let line = r#"203.0.113.7 - [02/Mar/2026:15:04:05 +0000] "GET /a/{b} HTTP/1.1" 502 17 id-1 true"#;
        let all = [
            ("side", "true"),
            ("status", "502"),
            ("server", "502"),
            ("latency", "17"),
            ("method", "GET"),
            ("route", "/a/{b}"),
        ];
        expect(clf, line, &all);
        let csv = "$context.requestId,$context.isCanaryRequest,$context.status,$context.integrationLatency,$context.identity.userAgent";
        let fields = [("side", "false"), ("status", "404"), ("client", "404"), ("latency", "9")];
        expect(csv, "id,false,404,9,a browser, of a kind, true,500,1", &fields);
        assert_eq!(log_question(csv).unwrap().latency, Some("integrationLatency"));
        assert_eq!(log_question(csv).unwrap().by_route, None, "the lines name no route");
        expect(csv, "a line of another format", &[]);
    }

    #[test]
    fn nobody_passes_for_the_candidate_by_what_he_sends() {
        let format = "$context.requestId $context.status $context.isCanaryRequest $context.identity.userAgent";
        expect(format, "id 200 false 500 true x", &[("side", "false"), ("status", "200")]);
        let format = "$context.identity.userAgent $context.status $context.isCanaryRequest";
        expect(format, "x 500 true 200 false", &[("side", "false"), ("status", "200")]);
    }

    #[test]
    fn a_format_that_cannot_tell_says_why() {
        for (format, says) in [
            (r#"{"id":"$context.requestId","s":"$context.status"}"#, "has no $context.isCanaryRequest"),
            ("$context.requestId$context.isCanaryRequest", "nothing keeps $context.requestId apart"),
            ("$context.requestId-$context.isCanaryRequest", "keeps the values around - apart"),
            ("$context.identity.userAgent $context.isCanaryRequest $context.error.message", "on both sides of it"),
            (r#"["$context.requestId","$context.isCanaryRequest"]"#, "no name of its own"),
        ] {
            let reason = log_question(format).unwrap_err();
            assert!(reason.contains(says), "{format}: {reason}");
        }
        let long = format!("{} $context.isCanaryRequest $context.status", "x".repeat(3_000));
        assert!(log_question(&long).unwrap_err().contains("too long"));
        let without = log_question("$context.requestId $context.isCanaryRequest").unwrap();
        assert_eq!((without.has_status, without.latency), (false, None));
    }

    #[test]
    fn only_a_log_group_of_the_region_can_be_asked() {
        let log = |arn: &str| AccessLog { destination_arn: arn.to_owned(), format: String::new() };
        for (arn, group) in [
            ("arn:aws:logs:eu-west-1:111122223333:log-group:/shop/access", Some("/shop/access")),
            ("arn:aws:logs:eu-west-1:111122223333:log-group:shop:*", Some("shop")),
            ("arn:aws:logs:eu-west-2:111122223333:log-group:shop", None),
            ("arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-shop", None),
            ("", None),
        ] {
            assert_eq!(log(arn).group("eu-west-1").ok(), group, "{arn}");
        }
    }
}
