//! What WAF checks of a web ACL before it takes it, and the capacity that its rules take ("AWS WAF web ACL capacity
//! units"). What is not known here is taken as it comes: statements are kept, not evaluated.

use serde_json::Value;

use super::Refusal;

/// The most capacity of a web ACL.
const MOST: u64 = 5_000;

/// Capacities that AWS gives for its groups; others are counted as 100.
const GROUPS: &[(&str, u64)] = &[
    ("AWSManagedRulesCommonRuleSet", 700),
    ("AWSManagedRulesKnownBadInputsRuleSet", 200),
    ("AWSManagedRulesSQLiRuleSet", 200),
    ("AWSManagedRulesAdminProtectionRuleSet", 100),
    ("AWSManagedRulesAmazonIpReputationList", 25),
    ("AWSManagedRulesAnonymousIpList", 50),
    ("AWSManagedRulesBotControlRuleSet", 50),
    ("AWSManagedRulesATPRuleSet", 50),
];

fn invalid(reason: &str, field: &str, parameter: &str) -> Refusal {
    Refusal::new(
        400,
        "WAFInvalidParameterException",
        format!("Error reason: {reason}, field: {field}, parameter: {parameter}"),
    )
}

/// Checks rules and gives the capacity that they take.
pub(super) fn checked(body: &Value) -> Result<u64, Refusal> {
    let (mut names, mut priorities, mut capacity) = (Vec::new(), Vec::new(), 0);
    for rule in body.get("Rules").and_then(Value::as_array).into_iter().flatten() {
        let name = rule["Name"].as_str().filter(|name| !name.is_empty()).unwrap_or_default();
        let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
        if name.is_empty() || !plain || name.len() > 128 {
            return Err(invalid("The parameter contains formatting that is not valid.", "ENTITY_NAME", name));
        }
        let priority = rule["Priority"]
            .as_u64()
            .ok_or_else(|| invalid("A required field is missing from the parameter.", "RULE", name))?;
        if names.contains(&name) || priorities.contains(&priority) {
            return Err(Refusal::new(
                400,
                "WAFDuplicateItemException",
                "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
            ));
        }
        let statement = &rule["Statement"];
        let group = ["ManagedRuleGroupStatement", "RuleGroupReferenceStatement"]
            .iter()
            .any(|member| statement.get(member).is_some());
        let (own, overriding) = (rule.get("Action").is_some(), rule.get("OverrideAction").is_some());
        if own == overriding || overriding != group {
            let reason = "A reference in your rule statement is not valid.";
            return Err(invalid(reason, "RULE_ACTION", name));
        }
        if statement.as_object().is_none_or(|members| members.len() != 1) {
            return Err(invalid("Exactly one statement is needed.", "STATEMENT", name));
        }
        if let Some(rate) = statement.get("RateBasedStatement") {
            rate_checked(rate)?;
        }
        capacity += units(statement);
        names.push(name);
        priorities.push(priority);
    }
    if capacity > MOST {
        return Err(Refusal::new(
            400,
            "WAFLimitsExceededException",
            "AWS WAF couldn’t perform the operation because you exceeded your resource limit: WEB_ACL_CAPACITY",
        ));
    }
    Ok(capacity)
}

fn rate_checked(rate: &Value) -> Result<(), Refusal> {
    let limit = rate["Limit"].as_u64().unwrap_or_default();
    if !(10..=2_000_000_000).contains(&limit) {
        let reason = "Your rate limit is not valid. Valid values are from 10 to 2000000000.";
        return Err(invalid(reason, "RATE_BASED_STATEMENT", &limit.to_string()));
    }
    match rate.get("EvaluationWindowSec").map(Value::as_u64) {
        None | Some(Some(60 | 120 | 300 | 600)) => Ok(()),
        Some(other) => {
            let reason = "The evaluation window is not valid. Valid values are 60, 120, 300 and 600.";
            Err(invalid(reason, "EVALUATION_WINDOW_SEC", &format!("{}", other.unwrap_or_default())))
        }
    }
}

/// Capacity units of a statement.
fn units(statement: &Value) -> u64 {
    let Some((name, body)) = statement.as_object().and_then(|members| members.iter().next()) else { return 0 };
    let below = |member: &str| body[member].as_array().into_iter().flatten().map(units).sum::<u64>();
    let transformations =
        body["TextTransformations"].as_array().into_iter().flatten().filter(|one| one["Type"] != "NONE").count();
    let transformed = 10 * u64::try_from(transformations).unwrap_or(0);
    match name.as_str() {
        "AndStatement" | "OrStatement" => below("Statements"),
        "NotStatement" => units(&body["Statement"]),
        "ByteMatchStatement" => match body["PositionalConstraint"].as_str() {
            Some("CONTAINS" | "CONTAINS_WORD") => 10 + transformed,
            _ => 2 + transformed,
        },
        "RegexMatchStatement" => 3 + transformed,
        "RegexPatternSetReferenceStatement" => 25 + transformed,
        "SqliMatchStatement" => 20 + transformed,
        "XssMatchStatement" => 40 + transformed,
        "RateBasedStatement" => {
            let keys = body["CustomKeys"].as_array().map_or(0, Vec::len);
            2 + 30 * u64::try_from(keys).unwrap_or(0) + units(&body["ScopeDownStatement"])
        }
        "ManagedRuleGroupStatement" => {
            let known = GROUPS.iter().find(|(group, _)| body["Name"] == **group);
            known.map_or(100, |(_, units)| *units) + units(&body["ScopeDownStatement"])
        }
        "RuleGroupReferenceStatement" => 100,
        _ => 1 + transformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_waf_refuses() {
        let geo = json!({ "GeoMatchStatement": { "CountryCodes": ["AF"] } });
        let rule = |name: &str, priority: u32| json!({ "Name": name, "Priority": priority, "Action": { "Block": {} }, "Statement": geo });
        let rate = |limit: u64, window: u64| {
            json!([{ "Name": "r", "Priority": 0, "Action": { "Block": {} }, "Statement": {
            "RateBasedStatement": { "Limit": limit, "EvaluationWindowSec": window, "AggregateKeyType": "IP" } } }])
        };
        let group =
            json!({ "ManagedRuleGroupStatement": { "VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet" } });
        for (rules, expected) in [
            (json!([rule("a", 0), rule("b", 1)]), Ok(2)),
            (json!([rule("a", 0), rule("a", 1)]), Err("WAFDuplicateItemException")),
            (json!([rule("a", 0), rule("b", 0)]), Err("WAFDuplicateItemException")),
            (json!([rule("a b", 0)]), Err("WAFInvalidParameterException")),
            (rate(10, 60), Ok(2)),
            (rate(9, 60), Err("WAFInvalidParameterException")),
            (rate(10, 90), Err("WAFInvalidParameterException")),
            (json!([{ "Name": "g", "Priority": 0, "OverrideAction": { "None": {} }, "Statement": group }]), Ok(700)),
            (
                json!([{ "Name": "g", "Priority": 0, "Action": { "Block": {} }, "Statement": group }]),
                Err("WAFInvalidParameterException"),
            ),
            (
                json!([{ "Name": "n", "Priority": 0, "Action": { "Block": {} }, "Statement": { "NewStatement": {} } }]),
                Ok(1),
            ),
        ] {
            assert_eq!(checked(&json!({ "Rules": rules })).map_err(|refusal| refusal.code), expected, "{rules}");
        }
    }
}
