//! What WAF counts: drawn for each web ACL and rule from their names, so that a rule that is switched is counted
//! otherwise at once.

use serde_json::Value;

use super::{Sample, shape::chance};

/// Namespace of WAF's metrics.
pub(crate) const NAMESPACE: &str = "AWS/WAFV2";

/// A rule by the name of its metrics, and which metric counts it.
struct Counted {
    rule: String,
    metric: &'static str,
    share: f64,
}

/// A web ACL by the name of its metrics.
struct Acl {
    name: String,
    /// None for CloudFront's.
    region: Option<String>,
    used: bool,
    rules: Vec<Counted>,
}

/// The web ACLs of a region.
#[derive(Default)]
pub(crate) struct WafTraffic(Vec<Acl>);

impl WafTraffic {
    /// Adds a web ACL; `used` is whether anything is behind it.
    pub(crate) fn add(&mut self, acl: &serde_json::Map<String, Value>, region: Option<&str>, used: bool) {
        let rules = acl.get("Rules").and_then(Value::as_array);
        let named = |tree: &Value| tree["MetricName"].as_str().unwrap_or_default().to_owned();
        self.0.push(Acl {
            name: acl.get("VisibilityConfig").map(named).unwrap_or_default(),
            region: region.map(str::to_owned),
            used,
            rules: rules.into_iter().flatten().map(counted).collect(),
        });
    }

    /// Samples of a series, one per minute in which there was something: absence is none, as with AWS.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "minutes since 1970")]
    pub(crate) fn samples(&self, metric: &str, dimensions: &[(String, String)], start: f64, end: f64) -> Vec<Sample> {
        let of = |name: &str| dimensions.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let (Some(acl), Some(rule)) = (of("WebACL"), of("Rule")) else { return Vec::new() };
        let found = self.0.iter().find(|one| one.name == acl && one.region.as_deref() == of("Region") && one.used);
        let Some(acl) = found else { return Vec::new() };
        let minutes = (start / 60.0).ceil() as i64..(end / 60.0).ceil() as i64;
        minutes
            .filter_map(|minute| {
                let value = acl.minute(metric, rule, minute);
                (value >= 1.0).then_some(Sample { at: (minute * 60) as f64, value, count: 1.0 })
            })
            .collect()
    }
}

impl Acl {
    fn minute(&self, metric: &str, rule: &str, minute: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a minute of the day")]
        let hour = minute.rem_euclid(1_440) as f64 / 60.0;
        let day = 0.35 + 0.65 * (-((hour - 14.0) / 5.0).powi(2)).exp();
        let base = (300.0 + 600.0 * chance(&self.name, 1)) * day;
        // A wave of attempts now and then.
        let wave = if chance(&self.name, minute / 30) > 0.93 { 8.0 } else { 1.0 };
        let of = |one: &Counted| (base * one.share * wave * (0.5 + chance(&one.rule, minute))).floor();
        let all = |metric: &str| self.rules.iter().filter(|one| one.metric == metric).map(of).sum::<f64>();
        match (rule, metric) {
            ("ALL" | "Default_Action", "AllowedRequests") => (base - all("BlockedRequests") / wave).max(0.0).floor(),
            ("ALL", metric) => all(metric),
            (rule, metric) => self.rules.iter().filter(|one| one.rule == rule && one.metric == metric).map(of).sum(),
        }
    }
}

fn counted(rule: &Value) -> Counted {
    let name = rule["VisibilityConfig"]["MetricName"].as_str().unwrap_or_default().to_owned();
    let has = |member: &str, action: &str| rule[member].get(action).is_some();
    let metric = if has("Action", "Count") || has("OverrideAction", "Count") {
        "CountedRequests"
    } else if has("Action", "Allow") {
        "AllowedRequests"
    } else if has("Action", "Captcha") {
        "CaptchaRequests"
    } else if has("Action", "Challenge") {
        "ChallengeRequests"
    } else {
        "BlockedRequests"
    };
    Counted { share: 0.002 + 0.02 * chance(&name, 7), rule: name, metric }
}
