//! A web ACL as the fields of a change, and back: nothing of it may be lost on the way.
//!
//! | field | what |
//! | --- | --- |
//! | `lockToken` | WAF's version: another after every change |
//! | `settings` | everything that an update replaces, rules left out |
//! | `order` | names of the rules, as AWS lists them |
//! | `rules/NAME/action` | `Block`, or AWS's JSON where the action says more than its name |
//! | `rules/NAME/overrideAction` | the same of a rule group |
//! | `rules/NAME/limit`, `rules/NAME/window` | of a rate, where AWS gives them |
//! | `rules/NAME/rest` | everything else of the rule |
//! | `notEditable` | instead of all that: why it cannot be changed here |

use serde_json::{Map, Value, json};

use super::web_acl::WebAcl;
use crate::change::Fields;

/// The field of WAF's version.
pub const LOCK_TOKEN: &str = "lockToken";
/// Stands for the version that an update will give, which is not known before.
pub const NEW_LOCK_TOKEN: &str = "(given by AWS)";
/// The field that says why a web ACL cannot be changed here.
pub const NOT_EDITABLE: &str = "notEditable";

/// Members of `UpdateWebACL`'s request that it takes as `GetWebACL` gave them (botocore 1.43).
const REPLACED: &[&str] = &[
    "DefaultAction",
    "Description",
    "VisibilityConfig",
    "DataProtectionConfig",
    "CustomResponseBodies",
    "CaptchaConfig",
    "ChallengeConfig",
    "TokenDomains",
    "AssociationConfig",
    "OnSourceDDoSProtectionConfig",
    "ApplicationConfig",
    "MonetizationConfig",
    "AnalyticsConfig",
];
/// Members that `GetWebACL` gives and an update neither takes nor touches.
const GIVEN: &[&str] = &[
    "Name",
    "Id",
    "ARN",
    "Rules",
    "Capacity",
    "PreProcessFirewallManagerRuleGroups",
    "PostProcessFirewallManagerRuleGroups",
    "ManagedByFirewallManager",
    "LabelNamespace",
    "RetrofittedByFirewallManager",
];

/// `GetWebACL`'s answer -> fields.
#[must_use]
pub fn web_acl_fields(answer: &Value) -> Fields {
    match editable(answer) {
        Ok(fields) => fields,
        Err(reason) => Fields::from([(NOT_EDITABLE.to_owned(), json!(reason))]),
    }
}

fn editable(answer: &Value) -> Result<Fields, String> {
    let members = answer["WebACL"].as_object().ok_or("AWS's answer has no web ACL.")?;
    let token = answer[LOCK_TOKEN_MEMBER].as_str().ok_or("AWS gave no lock token.")?;
    if members.get("ManagedByFirewallManager") == Some(&Value::Bool(true)) {
        return Err("AWS Firewall Manager manages it: change it there.".to_owned());
    }
    let strange = members.keys().filter(|name| !REPLACED.contains(&name.as_str()) && !GIVEN.contains(&name.as_str()));
    let strange: Vec<&str> = strange.map(String::as_str).collect();
    if !strange.is_empty() {
        return Err(format!(
            "It has {}, which is newer than this program: an update replaces the whole web ACL, and whether it would keep that is not known.",
            strange.join(", ")
        ));
    }
    let mut document = Map::new();
    for name in REPLACED {
        // AWS gives an empty description where there is none, and takes none that is empty.
        let given = members.get(*name).filter(|value| !value.is_null() && value.as_str() != Some(""));
        if let Some(value) = given {
            document.insert((*name).to_owned(), value.clone());
        }
    }
    document.insert("Rules".to_owned(), members.get("Rules").cloned().unwrap_or_else(|| json!([])));
    document_fields(&Value::Object(document), token)
}

const LOCK_TOKEN_MEMBER: &str = "LockToken";

/// What an update sends -> fields.
///
/// # Errors
/// Why it cannot be changed here, a sentence.
pub(crate) fn document_fields(document: &Value, token: &str) -> Result<Fields, String> {
    let mut settings = document.as_object().cloned().ok_or("The web ACL is no JSON object.")?;
    let rules = settings.shift_remove("Rules").unwrap_or_else(|| json!([]));
    let rules = rules.as_array().ok_or("Its rules are no list.")?;
    let mut fields =
        Fields::from([(LOCK_TOKEN.to_owned(), json!(token)), ("settings".to_owned(), Value::Object(settings))]);
    let mut order = Vec::new();
    for rule in rules {
        let mut rest = rule.as_object().cloned().ok_or("One of its rules is no JSON object.")?;
        let name = rest.get("Name").and_then(Value::as_str).filter(|name| !name.is_empty());
        let name = name.ok_or("One of its rules has no name.")?.to_owned();
        if order.contains(&name) {
            return Err(format!("Two of its rules are named {name}, so that neither can be addressed."));
        }
        let mut put = |part: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields.insert(field(&name, part), value);
            }
        };
        put("action", rest.shift_remove("Action").map(short));
        put("overrideAction", rest.shift_remove("OverrideAction").map(short));
        if let Some(rate) = rest.get_mut("Statement").and_then(|statement| statement.get_mut("RateBasedStatement"))
            && let Some(rate) = rate.as_object_mut()
        {
            put("limit", rate.shift_remove("Limit"));
            put("window", rate.shift_remove("EvaluationWindowSec"));
        }
        put("rest", Some(Value::Object(rest)));
        order.push(name);
    }
    fields.insert("order".to_owned(), json!(order));
    Ok(fields)
}

/// Fields -> what an update sends; `None` when they are of no web ACL that can be changed.
#[must_use]
pub fn web_acl_document(fields: &Fields) -> Option<Value> {
    let mut document = fields.get("settings")?.as_object()?.clone();
    let mut rules = Vec::new();
    for name in fields.get("order")?.as_array()? {
        let part = |part: &str| Some(fields.get(&field(name.as_str()?, part))?.clone());
        let mut rule = part("rest")?.as_object()?.clone();
        if let Some(action) = part("action") {
            rule.insert("Action".to_owned(), long(action));
        }
        if let Some(action) = part("overrideAction") {
            rule.insert("OverrideAction".to_owned(), long(action));
        }
        let rate = rule.get_mut("Statement").and_then(|statement| statement.get_mut("RateBasedStatement"));
        if let Some(rate) = rate.and_then(Value::as_object_mut) {
            rate.extend(part("limit").map(|limit| ("Limit".to_owned(), limit)));
            rate.extend(part("window").map(|window| ("EvaluationWindowSec".to_owned(), window)));
        }
        rules.push(Value::Object(rule));
    }
    document.insert("Rules".to_owned(), Value::Array(rules));
    Some(Value::Object(document))
}

/// The web ACL that fields are of, for judging; what they do not have (its label namespace) is taken from `like`.
#[must_use]
pub fn web_acl_of_fields(fields: &Fields, arn: &str, name: &str, label_namespace: &str) -> Option<WebAcl> {
    let mut document = web_acl_document(fields)?;
    document["ARN"] = json!(arn);
    document["Name"] = json!(name);
    document["LabelNamespace"] = json!(label_namespace);
    Some(WebAcl::read(&document))
}

/// The fields without WAF's version: what two states have in common or not.
#[must_use]
pub fn content(fields: &Fields) -> Fields {
    fields.iter().filter(|(name, _)| *name != LOCK_TOKEN).map(|(name, value)| (name.clone(), value.clone())).collect()
}

pub(super) fn field(rule: &str, part: &str) -> String {
    format!("rules/{rule}/{part}")
}

/// `{"Block": {}}` -> `"Block"`: an action that says no more than its name.
fn short(action: Value) -> Value {
    match action.as_object().map(|members| (members.len(), members.iter().next())) {
        Some((1, Some((name, body)))) if body.as_object().is_some_and(Map::is_empty) => json!(name),
        _ => action,
    }
}

fn long(action: Value) -> Value {
    match action {
        Value::String(name) => json!({ (name): {} }),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(acl: &Value) -> Value {
        json!({ "WebACL": acl, "LockToken": "t1" })
    }

    #[test]
    fn what_is_newer_than_this_program_goes_back_as_it_came() {
        let acl = json!({
            "Name": "a", "ARN": "arn:aws:wafv2:eu-west-1:1:regional/webacl/a/1", "Capacity": 3, "Description": "",
            "DefaultAction": { "Allow": {} }, "VisibilityConfig": { "MetricName": "a" }, "TokenDomains": ["a.example"],
            "Rules": [
                { "Name": "r/1", "Priority": 1, "Action": { "Block": { "CustomResponse": { "ResponseCode": 429 } } },
                  "Statement": { "QuantumStatement": { "Qubits": [1, 2.5, { "x": null }] } }, "NewMember": true },
                { "Name": "rate", "Priority": 0, "Action": { "Count": {} }, "CaptchaConfig": { "ImmunityTimeProperty": { "ImmunityTime": 60 } },
                  "Statement": { "RateBasedStatement": { "Limit": 10, "AggregateKeyType": "IP", "NewWay": {} } } },
            ]
        });
        let fields = web_acl_fields(&answer(&acl));
        let document = web_acl_document(&fields).unwrap();
        assert_eq!(document["Rules"], acl["Rules"]);
        assert_eq!(document["TokenDomains"], acl["TokenDomains"]);
        assert_eq!(document.get("Description"), None, "AWS refuses an empty one");
        assert_eq!(document.get("Capacity"), None, "an update does not take it");
        assert_eq!(document_fields(&document, "t1").unwrap(), fields);
    }

    #[test]
    fn what_might_be_lost_is_not_edited() {
        let base = json!({ "DefaultAction": { "Allow": {} }, "Rules": [] });
        let with = |member: &str, value: Value| {
            let mut acl = base.clone();
            acl[member] = value;
            web_acl_fields(&answer(&acl)).get(NOT_EDITABLE).cloned()
        };
        assert_eq!(with("Name", json!("a")), None);
        assert!(with("HologramConfig", json!({})).unwrap().as_str().unwrap().contains("HologramConfig"));
        assert!(with("ManagedByFirewallManager", json!(true)).is_some());
        assert!(with("Rules", json!([{ "Name": "a" }, { "Name": "a" }])).is_some());
        assert!(with("Rules", json!([{ "Priority": 1 }])).is_some());
        assert!(web_acl_fields(&json!({ "WebACL": base })).contains_key(NOT_EDITABLE), "without a lock token");
    }
}
