//! What a web ACL refers to: rule groups of the account, IP sets and regex pattern sets, with what is in them
//! (`GetRuleGroup`, `GetIPSet`, `GetRegexPatternSet`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{
    arn::WafPartArn,
    rule::{Rule, RuleEffect},
    statement::StatementKind,
    web_acl::WebAcl,
};

/// What a rule can refer to by ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WafPartKind {
    /// Rules that several web ACLs apply together.
    RuleGroup,
    /// Addresses and ranges, at most 10,000.
    IpSet,
    /// Regular expressions, at most 10.
    RegexPatternSet,
}

/// An IP set or a regex pattern set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WafSet {
    /// ARN.
    pub arn: String,
    /// Which of the two.
    pub kind: WafPartKind,
    /// Name. Somebody's words.
    pub name: String,
    /// Description; may be empty.
    pub description: String,
    /// `IPV4` or `IPV6`, of an IP set.
    #[ts(optional = nullable)]
    pub version: Option<String>,
    /// Addresses in CIDR notation, or expressions, in AWS's order. Empty: it matches nothing.
    pub entries: Vec<String>,
}

impl WafSet {
    /// Reads the answer of `GetIPSet` or `GetRegexPatternSet`; `None` for anything else.
    #[must_use]
    pub fn read(arn: &str, answer: &Value) -> Option<Self> {
        let ips = answer["IPSet"].as_object();
        let (kind, body) = match ips {
            Some(_) => (WafPartKind::IpSet, &answer["IPSet"]),
            None => (WafPartKind::RegexPatternSet, &answer["RegexPatternSet"]),
        };
        body.as_object()?;
        let text = |member: &str| body[member].as_str().map(str::to_owned);
        let addresses = body["Addresses"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let patterns = body["RegularExpressionList"].as_array().into_iter().flatten();
        let patterns = patterns.filter_map(|one| one["RegexString"].as_str());
        Some(Self {
            arn: arn.to_owned(),
            kind,
            name: text("Name").unwrap_or_else(|| arn.to_owned()),
            description: text("Description").unwrap_or_default(),
            version: text("IPAddressVersion"),
            entries: addresses.chain(patterns).map(str::to_owned).collect(),
        })
    }
}

/// The statements that refer to something by ARN.
const REFERENCES: [&str; 3] =
    ["IPSetReferenceStatement", "RegexPatternSetReferenceStatement", "RuleGroupReferenceStatement"];

/// ARNs of the rule groups and sets that the statements of a JSON value refer to, each once, in order.
#[must_use]
pub fn waf_references(json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(json, &mut found);
    found
}

fn collect(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(members) => {
            for (name, member) in members {
                if REFERENCES.contains(&name.as_str())
                    && let Some(arn) = member["ARN"].as_str()
                    && !found.iter().any(|known| known == arn)
                {
                    found.push(arn.to_owned());
                }
                collect(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

impl WebAcl {
    /// Puts the rules of the account's groups below the rules that apply them. `groups` are `GetRuleGroup`'s answers by
    /// ARN. What a group does that could not be read is not known.
    #[must_use]
    pub fn with_groups(mut self, groups: &BTreeMap<String, Value>) -> Self {
        for rule in self.rules.iter_mut().filter(|rule| !rule.from_firewall_manager) {
            if !matches!(rule.statement.kind, StatementKind::Group { .. }) {
                continue;
            }
            let answer = rule.refers_to.first().and_then(|arn| groups.get(arn));
            match (answer.map(|answer| &answer["RuleGroup"]["Rules"]), rule.effect) {
                (Some(Value::Array(rules)), _) => rule.fill(rules),
                // It counts whatever is in it.
                (_, RuleEffect::GroupCounts) => {}
                _ => rule.become_effect(RuleEffect::Unknown),
            }
        }
        self
    }

    /// ARNs of the IP sets and pattern sets that its rules refer to, those inside its groups too, each once.
    #[must_use]
    pub fn sets(&self) -> Vec<String> {
        let own = self.rules.iter().flat_map(|rule| std::iter::once(rule).chain(&rule.inside));
        let mut arns: Vec<String> =
            own.flat_map(|rule| rule.refers_to.iter()).filter(|arn| is_set(arn)).cloned().collect();
        arns.sort();
        arns.dedup();
        arns
    }
}

fn is_set(arn: &str) -> bool {
    WafPartArn::read(arn).is_some_and(|arn| arn.kind != WafPartKind::RuleGroup)
}

impl Rule {
    /// Takes in the rules of the group that it applies, each with what it does here.
    fn fill(&mut self, rules: &[Value]) {
        let mut inside: Vec<Self> = rules.iter().map(Self::read).collect();
        inside.sort_by_key(|rule| rule.priority);
        for rule in &mut inside {
            if let Some(told) = self.overrides.iter().find(|told| told.rule == rule.name) {
                rule.become_effect(RuleEffect::of_action(&told.action));
            }
        }
        // Unless a rule in it can end a request, the group ends none.
        let stops = |wanted: Option<bool>| inside.iter().any(|rule| rule.effect.stops() == wanted);
        if self.effect == RuleEffect::Group && !stops(Some(true)) {
            self.become_effect(if stops(None) { RuleEffect::Unknown } else { RuleEffect::GroupStopsNothing });
        }
        self.inside = inside;
    }
}

#[cfg(test)]
#[allow(clippy::needless_pass_by_value, reason = "a test")]
mod tests {
    use super::*;
    use serde_json::json;

    const GROUP: &str = "arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/partners/g1";

    fn acl(over: &str, overrides: Value) -> WebAcl {
        WebAcl::read(&json!({ "Name": "a", "DefaultAction": { "Allow": {} }, "Rules": [{
            "Name": "partners", "Priority": 0, "OverrideAction": { over: {} },
            "Statement": { "RuleGroupReferenceStatement": { "ARN": GROUP, "RuleActionOverrides": overrides } }
        }] }))
    }

    fn group(rules: Value) -> BTreeMap<String, Value> {
        BTreeMap::from([(GROUP.to_owned(), json!({ "RuleGroup": { "Name": "partners", "Rules": rules } }))])
    }

    fn rule(name: &str, action: &str) -> Value {
        json!({ "Name": name, "Priority": 1, "Action": { action: {} }, "Statement": { "GeoMatchStatement": { "CountryCodes": ["AF"] } } })
    }

    #[test]
    fn a_group_does_what_its_rules_do_after_overrides() {
        let counts = |name: &str| json!([{ "Name": name, "ActionToUse": { "Count": {} } }]);
        for (over, overrides, rules, expected) in [
            ("None", json!([]), json!([rule("a", "Block")]), RuleEffect::Group),
            ("None", json!([]), json!([rule("a", "Count"), rule("b", "Allow")]), RuleEffect::GroupStopsNothing),
            ("None", counts("a"), json!([rule("a", "Block")]), RuleEffect::GroupStopsNothing),
            ("None", counts("another"), json!([rule("a", "Block")]), RuleEffect::Group),
            ("None", json!([]), json!([]), RuleEffect::GroupStopsNothing),
            ("None", json!([]), json!([rule("a", "Count"), rule("b", "Teleport")]), RuleEffect::Unknown),
            ("Count", json!([]), json!([rule("a", "Block")]), RuleEffect::GroupCounts),
        ] {
            let read = acl(over, overrides.clone()).with_groups(&group(rules.clone()));
            assert_eq!(read.rules[0].effect, expected, "{over} {overrides} {rules}");
        }
        let read = acl("None", counts("a")).with_groups(&group(json!([rule("a", "Block"), rule("b", "Block")])));
        let inside: Vec<&str> = read.rules[0].inside.iter().map(|rule| rule.sentence.as_str()).collect();
        assert_eq!(
            inside,
            ["Only count requests where the country is AF", "Block requests where the country is AF"],
            "an overridden rule is told as what it does here"
        );
    }

    #[test]
    fn what_a_group_does_that_was_not_read_is_not_known() {
        let read = acl("None", json!([])).with_groups(&BTreeMap::new());
        assert_eq!((read.rules[0].effect, read.stops()), (RuleEffect::Unknown, None));
        assert_eq!(read.rules[0].sentence, "Apply the rule group partners: what becomes of a request is not known");
        let counting = acl("Count", json!([])).with_groups(&BTreeMap::new());
        assert_eq!(counting.rules[0].effect, RuleEffect::GroupCounts);
    }

    #[test]
    fn sets_are_read_with_what_is_in_them() {
        let ips = json!({ "IPSet": { "Name": "office", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"] } });
        let ips = WafSet::read("arn", &ips).unwrap();
        assert_eq!((ips.kind, ips.version.as_deref()), (WafPartKind::IpSet, Some("IPV4")));
        assert_eq!(ips.entries, ["192.0.2.0/24"]);
        let expressions = json!([{ "RegexString": "^/v1/" }, { "Newer": 1 }]);
        let patterns = json!({ "RegexPatternSet": { "Name": "old", "RegularExpressionList": expressions } });
        assert_eq!(WafSet::read("arn", &patterns).unwrap().entries, ["^/v1/"]);
        assert_eq!(WafSet::read("arn", &json!({ "Message": "no" })), None);
    }

    #[test]
    fn references_are_found_at_any_depth_and_once() {
        let set = json!({ "IPSetReferenceStatement": { "ARN": "arn:aws:wafv2:eu-west-1:1:regional/ipset/office/1" } });
        let nested = json!([{ "NotStatement": { "Statement": set } }, { "AndStatement": { "Statements": [set] } }]);
        assert_eq!(waf_references(&nested), ["arn:aws:wafv2:eu-west-1:1:regional/ipset/office/1"]);
        let read = acl("None", json!([]))
            .with_groups(&group(json!([{ "Name": "r", "Statement": set, "Action": { "Block": {} } }])));
        assert_eq!(read.sets(), ["arn:aws:wafv2:eu-west-1:1:regional/ipset/office/1"]);
    }
}
