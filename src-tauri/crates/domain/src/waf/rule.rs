//! A rule of a web ACL as it is shown.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{
    action::{ActionKind, RuleAction},
    contents::waf_references,
    statement::{InnerOverride, Statement, StatementKind},
    tree::StatementNode,
    words::sentence,
};

/// What a rule really does to a request that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RuleEffect {
    /// Lets it through, past every later rule.
    Allow,
    /// Refuses it.
    Block,
    /// Counts it: nothing is refused.
    Count,
    /// Asks for a CAPTCHA.
    Captcha,
    /// Challenges the browser.
    Challenge,
    /// What the rules of the group say.
    Group,
    /// A group that was told to count, whatever its rules say: nothing is refused.
    GroupCounts,
    /// A group in which no rule can end a request: nothing is refused.
    GroupStopsNothing,
    /// Not known to this program.
    Unknown,
}

impl RuleEffect {
    /// Whether a request can end here; `None` where that is not known.
    #[must_use]
    pub fn stops(self) -> Option<bool> {
        match self {
            Self::Block | Self::Captcha | Self::Challenge | Self::Group => Some(true),
            Self::Allow | Self::Count | Self::GroupCounts | Self::GroupStopsNothing => Some(false),
            Self::Unknown => None,
        }
    }

    /// What an action does that a group's rule is told to do, in AWS's word.
    #[must_use]
    pub fn of_action(word: &str) -> Self {
        match word {
            "Allow" => Self::Allow,
            "Block" => Self::Block,
            "Count" => Self::Count,
            "Captcha" => Self::Captcha,
            "Challenge" => Self::Challenge,
            _ => Self::Unknown,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Block => "block",
            Self::Count => "count",
            Self::Captcha => "captcha",
            Self::Challenge => "challenge",
            Self::Group => "group",
            Self::GroupCounts => "group-counts",
            Self::GroupStopsNothing => "group-stops-nothing",
            Self::Unknown => "unknown",
        }
    }
}

/// A rate that a rule limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RateLimit {
    /// Requests of a window.
    #[ts(type = "number")]
    pub limit: u64,
    /// The window, seconds.
    #[ts(type = "number")]
    pub window: u64,
}

/// A rule inside a group that was told to do something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleOverride {
    /// Its name inside the group.
    pub rule: String,
    /// AWS's word for what it does now: `Count`.
    pub action: String,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Its name, unique in the web ACL. Somebody's words.
    pub name: String,
    /// The lowest is looked at first.
    #[ts(type = "number")]
    pub priority: i64,
    /// The rule in one sentence.
    pub sentence: String,
    /// What it really does.
    pub effect: RuleEffect,
    /// Its action, where it has one of its own.
    #[ts(optional = nullable)]
    pub action: Option<RuleAction>,
    /// Its condition as a tree.
    pub tree: StatementNode,
    /// Its rate, where it limits one.
    #[ts(optional = nullable)]
    pub rate: Option<RateLimit>,
    /// Name of the rule group that it applies.
    #[ts(optional = nullable)]
    pub group: Option<String>,
    /// Version of a managed group, where one was chosen.
    #[ts(optional = nullable)]
    pub version: Option<String>,
    /// Rules of the group that were told to do something else. A name that the group does not have is ignored by AWS.
    pub overrides: Vec<RuleOverride>,
    /// The rules of the account's own group that it applies, with what each does here; empty where it applies none, and
    /// where the group could not be read.
    pub inside: Vec<Rule>,
    /// ARNs of the rule group, IP sets and pattern sets that it refers to.
    pub refers_to: Vec<String>,
    /// Labels that it sets on a request that matches.
    pub labels_added: Vec<String>,
    /// Labels that an earlier rule must have set.
    pub labels_needed: Vec<String>,
    /// The name of its metrics, where they are on.
    #[ts(optional = nullable)]
    pub metric_name: Option<String>,
    /// Whether CloudWatch has metrics of it.
    pub metrics_enabled: bool,
    /// Whether requests that match are sampled.
    pub samples_enabled: bool,
    /// Whether all of it is known to this program.
    pub known: bool,
    /// Set by AWS Firewall Manager, before or after the web ACL's own rules: changed there.
    pub from_firewall_manager: bool,
    /// AWS's JSON of it, indented.
    pub json: String,
    /// Its condition, for judging.
    #[serde(skip, default = "nothing")]
    #[ts(skip)]
    pub statement: Statement,
}

fn nothing() -> Statement {
    Statement::read(&Value::Null)
}

/// Members of a rule.
const MEMBERS: &[&str] = &[
    "Name",
    "Priority",
    "Statement",
    "Action",
    "OverrideAction",
    "RuleLabels",
    "VisibilityConfig",
    "CaptchaConfig",
    "ChallengeConfig",
];

impl Rule {
    /// Reads one as far as it can be.
    #[must_use]
    pub fn read(json: &Value) -> Self {
        let statement = Statement::read(&json["Statement"]);
        let action = RuleAction::read(&json["Action"]);
        let effect = effect(&statement, action.as_ref(), &json["OverrideAction"]);
        let visibility = &json["VisibilityConfig"];
        let metric_name = visibility["MetricName"].as_str().map(str::to_owned);
        let (mut known, mut needed) = (effect != RuleEffect::Unknown, Vec::new());
        let strange = json.as_object().into_iter().flatten().any(|(name, _)| !MEMBERS.contains(&name.as_str()));
        statement.walk(&mut |one| {
            known &= one.unread.is_empty() && !matches!(one.kind, StatementKind::Unknown { .. });
            if let StatementKind::Label { key, .. } = &one.kind {
                needed.push(key.clone());
            }
        });
        needed.dedup();
        let (group, version, overrides) = match &statement.kind {
            StatementKind::Managed { name, version, overrides, .. } => {
                (Some(name), version.clone(), overrides.as_slice())
            }
            StatementKind::Group { name, overrides } => (Some(name), None, overrides.as_slice()),
            _ => (None, None, [].as_slice()),
        };
        let rate = match statement.kind {
            StatementKind::Rate { limit, window, .. } => Some(RateLimit { limit, window }),
            _ => None,
        };
        let labels = json["RuleLabels"].as_array().into_iter().flatten();
        Self {
            name: json["Name"].as_str().unwrap_or("(a rule without a name)").to_owned(),
            priority: json["Priority"].as_i64().unwrap_or(i64::MAX),
            sentence: sentence(&statement, effect, action.as_ref()),
            effect,
            tree: StatementNode::of(&statement),
            rate,
            group: group.cloned(),
            version,
            overrides: overrides.iter().map(shown).collect(),
            inside: Vec::new(),
            refers_to: waf_references(&json["Statement"]),
            labels_added: labels.filter_map(|label| label["Name"].as_str().map(str::to_owned)).collect(),
            labels_needed: needed,
            metrics_enabled: visibility["CloudWatchMetricsEnabled"].as_bool().unwrap_or(false),
            samples_enabled: visibility["SampledRequestsEnabled"].as_bool().unwrap_or(false),
            metric_name,
            known: known && !strange,
            from_firewall_manager: false,
            json: serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string()),
            action,
            statement,
        }
    }
}

impl Rule {
    /// It does something else than was read, and says so.
    pub(super) fn become_effect(&mut self, effect: RuleEffect) {
        self.effect = effect;
        self.sentence = sentence(&self.statement, effect, self.action.as_ref());
    }
}

fn shown(one: &InnerOverride) -> RuleOverride {
    RuleOverride { rule: one.rule.clone(), action: one.action.clone() }
}

fn effect(statement: &Statement, action: Option<&RuleAction>, override_action: &Value) -> RuleEffect {
    let overriding = override_action.as_object().and_then(|members| members.keys().next()).map(String::as_str);
    match (action.map(|action| action.kind), &statement.kind, overriding) {
        (None, StatementKind::Managed { .. } | StatementKind::Group { .. }, Some("Count")) => RuleEffect::GroupCounts,
        (None, StatementKind::Managed { .. } | StatementKind::Group { .. }, Some("None")) => RuleEffect::Group,
        (Some(ActionKind::Allow), _, None) => RuleEffect::Allow,
        (Some(ActionKind::Block), _, None) => RuleEffect::Block,
        (Some(ActionKind::Count), _, None) => RuleEffect::Count,
        (Some(ActionKind::Captcha), _, None) => RuleEffect::Captcha,
        (Some(ActionKind::Challenge), _, None) => RuleEffect::Challenge,
        // A Firewall Manager group says it in words.
        (None, _, Some("Count")) => RuleEffect::GroupCounts,
        _ => RuleEffect::Unknown,
    }
}
