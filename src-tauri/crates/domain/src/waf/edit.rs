//! What is changed here: a rule between blocking and counting, and a rate's number and window. Nothing else.

use serde_json::{Value, json};

use super::fields::{NOT_EDITABLE, field};
use crate::change::Fields;

/// Limits that WAF takes (`RateLimit`, botocore).
pub const RATE_LIMITS: std::ops::RangeInclusive<u64> = 10..=2_000_000_000;
/// Windows that WAF takes, seconds (API reference, `RateBasedStatement`).
pub const RATE_WINDOWS: &[u64] = &[60, 120, 300, 600];

/// What a rule shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum RuleSwitch {
    /// Block; of a rule group: do what its own rules say.
    Block,
    /// Count, and refuse nothing.
    Count,
}

/// Why a change is not made here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WafEditError {
    /// The web ACL cannot be sent back whole.
    #[error("this web ACL is not changed here. {0}")]
    NotEditable(String),
    /// No such rule.
    #[error("there is no rule {0} in the web ACL")]
    NoRule(String),
    /// An action that is neither.
    #[error(
        "rule {rule} has the action {action}: only rules that block or count are switched here; this one is changed in the AWS console or with the aws command"
    )]
    OtherAction {
        /// The rule.
        rule: String,
        /// AWS's word for its action.
        action: String,
    },
    /// No rate.
    #[error("rule {0} limits no rate, so it has neither a number nor a window; its condition is not changed here")]
    NoRate(String),
    /// A number that WAF refuses.
    #[error("{0} is no limit for WAF: it takes 10 to 2,000,000,000 requests")]
    LimitOutOfRange(u64),
    /// A window that WAF refuses.
    #[error("{0} seconds is no window for WAF: it takes 60, 120, 300 or 600")]
    NoSuchWindow(u64),
    /// Nothing was asked for.
    #[error("give a number of requests, a window, or both")]
    Nothing,
}

/// The fields after a rule was switched.
///
/// # Errors
/// [`WafEditError`].
pub fn rule_action_edited(fields: &Fields, rule: &str, to: RuleSwitch) -> Result<Fields, WafEditError> {
    known(fields, rule)?;
    let (own, of_group) = (field(rule, "action"), field(rule, "overrideAction"));
    let (name, counting, blocking) = match (fields.contains_key(&own), fields.contains_key(&of_group)) {
        (true, false) => (own, "Count", "Block"),
        (false, true) => (of_group, "Count", "None"),
        _ => return Err(WafEditError::OtherAction { rule: rule.to_owned(), action: "not known".to_owned() }),
    };
    let now = fields.get(&name).map(action_name).unwrap_or_default();
    if now != counting && now != blocking {
        return Err(WafEditError::OtherAction { rule: rule.to_owned(), action: now });
    }
    let wanted = match to {
        RuleSwitch::Block => blocking,
        RuleSwitch::Count => counting,
    };
    let mut after = fields.clone();
    if now != wanted {
        after.insert(name, json!(wanted));
    }
    Ok(after)
}

/// The fields after a rate was changed; what is absent stays.
///
/// # Errors
/// [`WafEditError`].
pub fn rate_limit_edited(
    fields: &Fields,
    rule: &str,
    limit: Option<u64>,
    window: Option<u64>,
) -> Result<Fields, WafEditError> {
    known(fields, rule)?;
    if !fields.contains_key(&field(rule, "limit")) {
        return Err(WafEditError::NoRate(rule.to_owned()));
    }
    if limit.is_none() && window.is_none() {
        return Err(WafEditError::Nothing);
    }
    let mut after = fields.clone();
    if let Some(limit) = limit {
        if !RATE_LIMITS.contains(&limit) {
            return Err(WafEditError::LimitOutOfRange(limit));
        }
        after.insert(field(rule, "limit"), json!(limit));
    }
    if let Some(window) = window {
        if !RATE_WINDOWS.contains(&window) {
            return Err(WafEditError::NoSuchWindow(window));
        }
        let said = fields.contains_key(&field(rule, "window"));
        // Five minutes is what AWS takes where nothing is said.
        if said || window != 300 {
            after.insert(field(rule, "window"), json!(window));
        }
    }
    Ok(after)
}

fn known(fields: &Fields, rule: &str) -> Result<(), WafEditError> {
    if let Some(reason) = fields.get(NOT_EDITABLE) {
        return Err(WafEditError::NotEditable(reason.as_str().unwrap_or_default().to_owned()));
    }
    let there = fields.contains_key(&field(rule, "rest"));
    if there { Ok(()) } else { Err(WafEditError::NoRule(rule.to_owned())) }
}

/// AWS's word for an action as a field has it.
pub(super) fn action_name(value: &Value) -> String {
    match value {
        Value::String(name) => name.clone(),
        other => other.as_object().and_then(|members| members.keys().next()).cloned().unwrap_or_default(),
    }
}

/// Fields that differ between two states, for [`crate::change::Plan`]: what was asked for.
#[must_use]
pub fn edited(before: &Fields, after: &Fields) -> Vec<String> {
    after.iter().filter(|(name, value)| before.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waf::web_acl_fields;

    fn fields() -> Fields {
        let block = json!({ "Block": { "CustomResponse": { "ResponseCode": 429 } } });
        let rate =
            json!({ "RateBasedStatement": { "Limit": 1000, "EvaluationWindowSec": 300, "AggregateKeyType": "IP" } });
        let group = json!({ "ManagedRuleGroupStatement": { "VendorName": "AWS", "Name": "g" } });
        web_acl_fields(&json!({ "LockToken": "t", "WebACL": { "DefaultAction": { "Allow": {} }, "Rules": [
            { "Name": "rate", "Action": block, "Statement": rate },
            { "Name": "group", "OverrideAction": { "None": {} }, "Statement": group },
            { "Name": "captcha", "Action": { "Captcha": {} }, "Statement": {} },
        ] } }))
    }

    #[test]
    fn a_rule_and_a_group_count_and_block_again() {
        let counting = rule_action_edited(&fields(), "rate", RuleSwitch::Count).unwrap();
        assert_eq!(counting["rules/rate/action"], json!("Count"));
        assert_eq!(
            rule_action_edited(&counting, "rate", RuleSwitch::Block).unwrap()["rules/rate/action"],
            json!("Block")
        );
        assert_eq!(rule_action_edited(&fields(), "rate", RuleSwitch::Block).unwrap(), fields(), "it blocks already");
        let counting = rule_action_edited(&fields(), "group", RuleSwitch::Count).unwrap();
        assert_eq!(counting["rules/group/overrideAction"], json!("Count"));
        assert_eq!(rule_action_edited(&counting, "group", RuleSwitch::Block).unwrap(), fields());
    }

    #[test]
    fn a_rate_gets_what_waf_takes() {
        let edited = rate_limit_edited(&fields(), "rate", Some(500), Some(60)).unwrap();
        assert_eq!((&edited["rules/rate/limit"], &edited["rules/rate/window"]), (&json!(500), &json!(60)));
        for (limit, window, wrong) in [
            (Some(9), None, WafEditError::LimitOutOfRange(9)),
            (Some(2_000_000_001), None, WafEditError::LimitOutOfRange(2_000_000_001)),
            (None, Some(90), WafEditError::NoSuchWindow(90)),
            (None, None, WafEditError::Nothing),
        ] {
            assert_eq!(rate_limit_edited(&fields(), "rate", limit, window), Err(wrong));
        }
        assert!(rate_limit_edited(&fields(), "rate", Some(10), None).is_ok());
        assert!(rate_limit_edited(&fields(), "rate", Some(2_000_000_000), Some(600)).is_ok());
    }

    #[test]
    fn everything_else_says_that_it_is_not_changed_here() {
        assert_eq!(rate_limit_edited(&fields(), "group", Some(10), None), Err(WafEditError::NoRate("group".into())));
        assert_eq!(rule_action_edited(&fields(), "no", RuleSwitch::Count), Err(WafEditError::NoRule("no".into())));
        let error = rule_action_edited(&fields(), "captcha", RuleSwitch::Count).unwrap_err();
        assert_eq!(error, WafEditError::OtherAction { rule: "captcha".into(), action: "Captcha".into() });
    }
}
