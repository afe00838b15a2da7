//! Requests that WAF sampled. Everything in them is an attacker's to choose.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// Headers whose values are credentials: their values never leave Rust.
const SECRET: &[&str] = &["authorization", "cookie", "proxy-authorization", "x-api-key", "x-amz-security-token"];
/// What stands for them.
const REDACTED: &str = "[redacted]";

/// A header of a sampled request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SampledHeader {
    /// Name.
    pub name: String,
    /// Value; `[redacted]` where it may be a credential.
    pub value: String,
}

/// A sampled request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SampledRequest {
    /// When, seconds since the epoch.
    #[ts(optional = nullable, type = "number")]
    pub at: Option<i64>,
    /// AWS's word for what was done: `BLOCK`.
    pub action: String,
    /// What the rule would have done, had it not been overridden.
    #[ts(optional = nullable)]
    pub overridden: Option<String>,
    /// The rule inside the group that matched.
    #[ts(optional = nullable)]
    pub inner_rule: Option<String>,
    /// Status that was sent.
    #[ts(optional = nullable, type = "number")]
    pub status: Option<u64>,
    /// How many requests it stands for.
    #[ts(type = "number")]
    pub weight: u64,
    /// Where from.
    pub client_ip: String,
    /// Country of that.
    pub country: String,
    /// Method.
    pub method: String,
    /// Path and query; values of arguments that are named like credentials are `[redacted]`.
    pub uri: String,
    /// Headers.
    pub headers: Vec<SampledHeader>,
    /// Labels that rules had set.
    pub labels: Vec<String>,
}

/// Reads `GetSampledRequests`' answer, latest first.
#[must_use]
pub fn sampled_requests(answer: &Value) -> Vec<SampledRequest> {
    let mut all: Vec<SampledRequest> =
        answer["SampledRequests"].as_array().into_iter().flatten().map(sampled).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    all
}

fn sampled(json: &Value) -> SampledRequest {
    let request = &json["Request"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let some = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let headers = request["Headers"].as_array().into_iter().flatten();
    let labels = json["Labels"].as_array().into_iter().flatten();
    SampledRequest {
        at: json["Timestamp"].as_f64().map(whole_seconds),
        action: text(&json["Action"]),
        overridden: some(&json["OverriddenAction"]),
        inner_rule: some(&json["RuleNameWithinRuleGroup"]),
        status: json["ResponseCodeSent"].as_u64(),
        weight: json["Weight"].as_u64().unwrap_or(1),
        client_ip: text(&request["ClientIP"]),
        country: text(&request["Country"]),
        method: text(&request["Method"]),
        uri: without_secrets(&text(&request["URI"])),
        headers: headers
            .map(|header| {
                let name = text(&header["Name"]);
                let secret = is_secret(&name);
                SampledHeader { value: if secret { REDACTED.to_owned() } else { text(&header["Value"]) }, name }
            })
            .collect(),
        labels: labels.map(|label| text(&label["Name"])).collect(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.contains(&name.as_str())
        || ["token", "secret", "password", "api-key", "apikey", "session", "credential"]
            .iter()
            .any(|part| name.contains(part))
}

/// `/a?token=x&b=1` -> `/a?token=[redacted]&b=1`.
fn without_secrets(uri: &str) -> String {
    let Some((path, query)) = uri.split_once('?') else { return uri.to_owned() };
    let told: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}={REDACTED}"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", told.join("&"))
}

#[expect(clippy::cast_possible_truncation, reason = "seconds since the epoch")]
fn whole_seconds(seconds: f64) -> i64 {
    seconds as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn credentials_stay_and_everything_else_is_as_it_came() {
        let answer = json!({ "SampledRequests": [
            { "Weight": 3, "Timestamp": 10.5, "Action": "BLOCK", "Request": { "ClientIP": "198.51.100.7", "Country": "US",
                "URI": "/a?access_token=abc&q=<script>", "Method": "GET", "Headers": [
                    { "Name": "Authorization", "Value": "Bearer abc" }, { "Name": "X-Api-Key", "Value": "k" },
                    { "Name": "user-agent", "Value": "\u{1b}[31mred" } ] } },
            { "Weight": 1, "Timestamp": 20, "Request": {} },
        ] });
        let found = sampled_requests(&answer);
        assert_eq!(found.iter().map(|one| one.at).collect::<Vec<_>>(), [Some(20), Some(10)], "latest first");
        let one = &found[1];
        assert_eq!(one.uri, "/a?access_token=[redacted]&q=<script>");
        let values: Vec<&str> = one.headers.iter().map(|header| header.value.as_str()).collect();
        assert_eq!(values, ["[redacted]", "[redacted]", "\u{1b}[31mred"]);
    }
}
