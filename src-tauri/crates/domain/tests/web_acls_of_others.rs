//! Every web ACL of the corpus (recorded answers, documentation, other people's templates): shown as far as it can be
//! read, nothing lost, nothing breaks.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_pass_by_value, reason = "a test")]

use std::{fs, path::PathBuf};

use portcullis_domain::waf::{
    NOT_EDITABLE, RouteAddress, StatementNode, WebAcl, route_cover, web_acl_document, web_acl_fields,
};
use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};

fn files() -> Option<Vec<(String, String)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus/wafv2");
    if !folder.is_dir() {
        println!("skipped: the corpus of web ACLs is not on this machine ({})", folder.display());
        return None;
    }
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<(String, String)> = entries
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned())
        })
        .collect();
    all.sort();
    Some(all)
}

/// Every JSON object of a text, those in prose too.
fn objects(text: &str) -> Vec<Value> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find('{') {
        let mut stream = serde_json::Deserializer::from_str(&rest[at..]).into_iter::<Value>();
        match stream.next() {
            Some(Ok(value)) => {
                rest = &rest[at + stream.byte_offset()..];
                found.push(value);
            }
            _ => rest = &rest[at + 1..],
        }
    }
    found
}

fn of_yaml(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Mapping(members) => members
            .iter()
            .map(|(key, value)| (key.as_str().unwrap_or("key").to_owned(), of_yaml(value)))
            .collect::<Map<_, _>>()
            .into(),
        Yaml::Sequence(items) => items.iter().map(of_yaml).collect(),
        Yaml::Value(Scalar::Integer(number)) => json!(number),
        Yaml::Value(Scalar::Boolean(flag)) => json!(flag),
        Yaml::Tagged(_, inner) => of_yaml(inner),
        other => other.as_str().map_or(Value::Null, |text| json!(text)),
    }
}

fn documents(name: &str, text: &str) -> Vec<Value> {
    if name.ends_with(".yaml") || name.ends_with(".template") {
        return Yaml::load_from_str(text).map(|all| all.iter().map(of_yaml).collect()).unwrap_or_default();
    }
    objects(text)
}

/// Objects that have rules, and rules that stand alone, as web ACLs.
fn web_acls(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            if members.get("Rules").is_some_and(|rules| rules.as_array().is_some_and(|rules| rules.iter().any(is_rule)))
            {
                found.push(value.clone());
            } else if is_rule(value) {
                found.push(json!({ "DefaultAction": { "Allow": {} }, "Rules": [value] }));
            } else {
                members.values().for_each(|member| web_acls(member, found));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| web_acls(item, found)),
        _ => {}
    }
}

fn is_rule(value: &Value) -> bool {
    value.get("Statement").is_some_and(Value::is_object) && value.get("Name").is_some()
}

fn leaves(node: &StatementNode) -> usize {
    1 + node.children.iter().map(leaves).sum::<usize>()
}

fn statements(value: &Value) -> usize {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| usize::from(name.ends_with("Statement") && name != "Statement") + statements(member))
            .sum(),
        Value::Array(items) => items.iter().map(statements).sum(),
        _ => 0,
    }
}

#[test]
fn every_web_acl_is_shown_whole_and_goes_back_whole() {
    let Some(files) = files() else { return };
    let address = RouteAddress { host: "h".into(), path: "/prod/orders/{id}".into(), method: "POST".into() };
    let (mut acls, mut rules) = (0, 0);
    for (name, text) in files {
        let mut found = Vec::new();
        documents(&name, &text).iter().for_each(|document| web_acls(document, &mut found));
        for json in found {
            let acl = WebAcl::read(&json);
            let given = json["Rules"].as_array().unwrap();
            assert_eq!(acl.rules.len(), given.len(), "{name}");
            for rule in &acl.rules {
                assert!(!rule.sentence.is_empty() && !rule.tree.words.is_empty(), "{name} {}", rule.name);
                let as_it_came: Value = serde_json::from_str(&rule.json).unwrap();
                assert!(given.contains(&as_it_came), "{name} {}", rule.name);
                // A template's own words (`Fn::If`) are not AWS's: they are shown as not known.
                if rule.known {
                    let read = leaves(&rule.tree);
                    let there = statements(&as_it_came["Statement"]);
                    assert!(read >= there, "{name} {}: {read} lines for {there} statements", rule.name);
                }
                rules += 1;
            }
            assert_eq!(route_cover(&acl, std::slice::from_ref(&address)).rules.len(), given.len(), "{name}");
            let fields = web_acl_fields(&json!({ "WebACL": json, "LockToken": "t" }));
            match web_acl_document(&fields) {
                Some(document) => assert_eq!(document["Rules"], json["Rules"], "{name}"),
                None => assert!(fields[NOT_EDITABLE].as_str().is_some_and(|reason| !reason.is_empty()), "{name}"),
            }
            acls += 1;
        }
    }
    println!("{acls} web ACLs, {rules} rules");
    assert!(acls >= 30 && rules >= 100, "{acls} web ACLs and {rules} rules were found");
}

fn acl(rules: Value) -> WebAcl {
    WebAcl::read(&json!({ "Name": "a", "DefaultAction": { "Allow": {} }, "Rules": rules }))
}

fn path(position: &str, text: &str) -> Value {
    json!({ "ByteMatchStatement": { "FieldToMatch": { "UriPath": {} }, "PositionalConstraint": position,
        "SearchString": text, "TextTransformations": [{ "Priority": 0, "Type": "LOWERCASE" }] } })
}

#[test]
fn rules_read_as_sentences() {
    let rate = |limit: u64, more: Value| {
        let mut statement = json!({ "Limit": limit, "AggregateKeyType": "IP" });
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "RateBasedStatement": statement })
    };
    let group = |more: Value| {
        let mut statement = json!({ "VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet" });
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "ManagedRuleGroupStatement": statement })
    };
    let office = json!({ "IPSetReferenceStatement": { "ARN": "arn:aws:wafv2:eu-west-1:1:regional/ipset/office/1" } });
    let mut plain = path("STARTS_WITH", "L2xvZ2lu");
    plain["ByteMatchStatement"]["TextTransformations"] = json!([{ "Priority": 0, "Type": "NONE" }]);
    for (rule, expected) in [
        (
            json!({ "Action": { "Block": {} }, "Statement": rate(1000, json!({ "ScopeDownStatement": plain })) }),
            "Block an IP after 1,000 requests in 5 minutes, counted per source IP, on paths that start with /login",
        ),
        (
            json!({ "Action": { "Count": {} }, "Statement": rate(100, json!({ "EvaluationWindowSec": 60 })) }),
            "Only count the requests of an IP after 100 requests in 1 minute, counted per source IP",
        ),
        (
            json!({ "Action": { "Block": { "CustomResponse": { "ResponseCode": 429 } } }, "Statement": rate(10, json!({
                "AggregateKeyType": "CUSTOM_KEYS", "CustomKeys": [{ "Header": { "Name": "x-api-key" } }, { "IP": {} }] })) }),
            "Block a caller after 10 requests in 5 minutes, counted per header x-api-key and source IP; the answer is 429",
        ),
        (
            json!({ "Action": { "Block": {} }, "Statement": { "AndStatement": { "Statements": [
                path("EXACTLY", "L2FkbWlu"), { "NotStatement": { "Statement": office } } ] } } }),
            "Block requests where the path in lower case is /admin and the source IP is not in the IP set office",
        ),
        (
            json!({ "OverrideAction": { "None": {} }, "Statement": group(json!({ "Version": "Version_1.4", "RuleActionOverrides": [
                { "Name": "SizeRestrictions_BODY", "ActionToUse": { "Count": {} } } ] })) }),
            "Apply the managed group AWSManagedRulesCommonRuleSet of AWS, Version_1.4: it does what its own rules say, but only counts with SizeRestrictions_BODY",
        ),
        (
            json!({ "OverrideAction": { "Count": {} }, "Statement": group(json!({})) }),
            "Apply the managed group AWSManagedRulesCommonRuleSet of AWS, AWS's default version: it only counts and blocks nothing",
        ),
        (
            json!({ "Action": { "Captcha": {} }, "Statement": { "GeoMatchStatement": { "CountryCodes": ["AF", "RU"] } } }),
            "Ask for a CAPTCHA from whoever sends requests where the country is AF or RU",
        ),
        (
            json!({ "Action": { "Block": {} }, "Statement": { "QuantumStatement": { "x": 1 } } }),
            "Block requests where something holds that this program does not know (QuantumStatement)",
        ),
        (
            json!({ "Action": { "Block": {} }, "Statement": { "GeoMatchStatement": { "CountryCodes": ["AF"], "Planet": "M" } } }),
            "Block requests where the country is AF (and Planet, which this program does not know)",
        ),
    ] {
        assert_eq!(acl(json!([rule])).rules[0].sentence, expected);
    }
}

#[test]
fn bad_input_is_shown_as_far_as_it_can_be_read() {
    for rule in [
        json!(null),
        json!("a rule"),
        json!({}),
        json!({ "Name": 7, "Priority": "first", "Statement": [], "Action": "Block" }),
        json!({ "Name": "\u{1b}[31m<img src=x>", "Statement": { "A": {}, "B": {} }, "Action": { "Block": {}, "Allow": {} } }),
        json!({ "Name": "n", "Action": { "Block": {} }, "Statement": { "AndStatement": { "Statements": "none" } } }),
        json!({ "Name": "n", "Action": { "Block": {} }, "Statement": { "RateBasedStatement": { "Limit": -3 } } }),
    ] {
        let acl = acl(json!([rule]));
        let shown: Value = serde_json::from_str(&acl.rules[0].json).unwrap();
        assert_eq!(shown, rule);
        assert!(!acl.rules[0].sentence.is_empty());
    }
    assert!(WebAcl::read(&json!(null)).rules.is_empty());
}

#[test]
fn fifteen_hundred_rules_keep_their_order_and_go_back() {
    let rules: Vec<Value> = (0..1_500)
        .rev()
        .map(|priority| {
            json!({ "Name": format!("r{priority}"), "Priority": priority, "Action": { "Count": {} },
            "Statement": path("CONTAINS", "L2xvZ2lu"), "RuleLabels": [{ "Name": format!("l{priority}") }] })
        })
        .collect();
    let json = json!({ "DefaultAction": { "Allow": {} }, "Rules": rules });
    let acl = WebAcl::read(&json);
    assert_eq!(acl.rules.iter().map(|rule| rule.priority).collect::<Vec<_>>(), (0..1_500).collect::<Vec<_>>());
    let document = web_acl_document(&web_acl_fields(&json!({ "WebACL": json, "LockToken": "t" }))).unwrap();
    assert_eq!(document["Rules"], json["Rules"]);
}
