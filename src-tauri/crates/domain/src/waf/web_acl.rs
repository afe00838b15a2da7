//! A web ACL as it is shown.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{
    action::RuleAction,
    arn::{WafScope, WebAclArn},
    rule::{Rule, RuleEffect},
};

/// A web ACL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAcl {
    /// ARN.
    pub arn: String,
    /// Name. Somebody's words.
    pub name: String,
    /// Id.
    pub id: String,
    /// What it can stand before.
    pub scope: WafScope,
    /// Description; may be empty.
    pub description: String,
    /// What becomes of a request that no rule ends; `None` where it could not be read.
    #[ts(optional = nullable)]
    pub default_action: Option<RuleAction>,
    /// In the order in which WAF looks at them.
    pub rules: Vec<Rule>,
    /// Capacity that the rules take, WCU: up to 1,500 cost nothing extra, 5,000 is the most.
    #[ts(optional = nullable, type = "number")]
    pub capacity: Option<u64>,
    /// Prefix of the labels that its rules set.
    pub label_namespace: String,
    /// The name of its metrics.
    #[ts(optional = nullable)]
    pub metric_name: Option<String>,
    /// Whether AWS Firewall Manager rules over it.
    pub managed_by_firewall_manager: bool,
    /// Domains whose tokens it accepts.
    pub token_domains: Vec<String>,
    /// Keys of its own answers.
    pub response_bodies: Vec<String>,
}

impl WebAcl {
    /// Reads the member `WebACL` of `GetWebACL`'s answer, as far as it can be.
    #[must_use]
    pub fn read(json: &Value) -> Self {
        let text = |member: &str| json[member].as_str().unwrap_or_default().to_owned();
        let arn = text("ARN");
        let mut own: Vec<Rule> = json["Rules"].as_array().into_iter().flatten().map(Rule::read).collect();
        own.sort_by_key(|rule| rule.priority);
        let mut rules = firewall_manager(&json["PreProcessFirewallManagerRuleGroups"]);
        rules.extend(own);
        rules.extend(firewall_manager(&json["PostProcessFirewallManagerRuleGroups"]));
        let visibility = &json["VisibilityConfig"];
        Self {
            scope: WebAclArn::read(&arn).map_or(WafScope::Regional, |arn| arn.scope),
            arn,
            name: text("Name"),
            id: text("Id"),
            description: text("Description"),
            default_action: RuleAction::read(&json["DefaultAction"]),
            rules,
            capacity: json["Capacity"].as_u64(),
            label_namespace: text("LabelNamespace"),
            metric_name: visibility["MetricName"].as_str().map(str::to_owned),
            managed_by_firewall_manager: json["ManagedByFirewallManager"].as_bool().unwrap_or(false),
            token_domains: json["TokenDomains"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|domain| domain.as_str().map(str::to_owned))
                .collect(),
            response_bodies: json["CustomResponseBodies"]
                .as_object()
                .into_iter()
                .flat_map(|bodies| bodies.keys().cloned())
                .collect(),
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.name == name)
    }

    /// How many rules do this.
    #[must_use]
    pub fn count(&self, wanted: impl Fn(RuleEffect) -> bool) -> u32 {
        u32::try_from(self.rules.iter().filter(|rule| wanted(rule.effect)).count()).unwrap_or(u32::MAX)
    }

    /// Whether a request can end at one of its rules or at its default; `None` where that is not known.
    #[must_use]
    pub fn stops(&self) -> Option<bool> {
        let by_default = self.default_action.as_ref().map(|action| action.kind.stops());
        let known = self.rules.iter().map(|rule| rule.effect.stops()).chain([by_default]);
        let mut answer = Some(false);
        for stops in known {
            match stops {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }
}

/// Firewall Manager's groups have their statement under another name.
fn firewall_manager(list: &Value) -> Vec<Rule> {
    let mut rules: Vec<Rule> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|group| {
            let mut as_rule = group.clone();
            if let Some(members) = as_rule.as_object_mut()
                && let Some(statement) = members.shift_remove("FirewallManagerStatement")
            {
                members.insert("Statement".to_owned(), statement);
            }
            Rule { from_firewall_manager: true, ..Rule::read(&as_rule) }
        })
        .collect();
    rules.sort_by_key(|rule| rule.priority);
    rules
}
