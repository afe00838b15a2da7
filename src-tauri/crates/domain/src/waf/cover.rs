//! Which rules of a web ACL can meet requests to a route, and whether any of them stops one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    action::ActionKind,
    path_shape::RouteAddress,
    reach::{CanMatch, Labels, Reach, reach},
    rule::{Rule, RuleEffect},
    statement::StatementKind,
    web_acl::WebAcl,
};

/// Whether something before a route stops requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CoverVerdict {
    /// A rule that can stop a request can match there, or the web ACL refuses what no rule allows.
    Blocks,
    /// Only rules that count can match there.
    OnlyCounts,
    /// No rule can match there.
    NoRule,
    /// The stage has no web ACL.
    NoWebAcl,
    /// HTTP and WebSocket APIs cannot have one.
    NotPossible,
    /// Not known: the web ACL could not be read, or it depends on what this program does not know.
    Unknown,
}

/// A rule and a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleMeeting {
    /// The rule's name.
    pub rule: String,
    /// Its priority.
    #[ts(type = "number")]
    pub priority: i64,
    /// It in a sentence.
    pub sentence: String,
    /// What it really does.
    pub effect: RuleEffect,
    /// Whether it can match.
    pub can_match: CanMatch,
    /// Whether only where a path parameter happens to have the text that it looks for.
    pub rarely: bool,
    /// Why not, or under which address only.
    #[ts(optional = nullable)]
    pub note: Option<String>,
}

/// A web ACL and a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteCover {
    /// Whether something stops requests.
    pub verdict: CoverVerdict,
    /// The same in a sentence.
    pub sentence: String,
    /// Every rule, in order.
    pub rules: Vec<RuleMeeting>,
}

/// What became clear of one rule.
struct Met<'a> {
    rule: &'a Rule,
    reach: Vec<Reach>,
    note: Option<String>,
}

/// Compares every rule with a route's addresses. Where there are none, nothing is known.
#[must_use]
pub fn route_cover(acl: &WebAcl, addresses: &[RouteAddress]) -> RouteCover {
    let met = meet(acl, addresses);
    let by_default = acl.default_action.as_ref().map(|action| action.kind);
    let verdict = verdict(&met, by_default);
    let stopping: Vec<&str> = met
        .iter()
        .filter(|one| one.rule.effect.stops() == Some(true) && covers(one))
        .map(|one| one.rule.name.as_str())
        .collect();
    let sentence = match (verdict, stopping.as_slice()) {
        (CoverVerdict::Blocks, []) => format!("{} refuses what none of its rules allows.", acl.name),
        (CoverVerdict::Blocks, [one]) => format!("{one} of {} can stop requests to it.", acl.name),
        (CoverVerdict::Blocks, [one, rest @ ..]) => {
            format!("{one} and {} more rules of {} can stop requests to it.", rest.len(), acl.name)
        }
        (CoverVerdict::OnlyCounts, _) => format!("{} only counts requests to it: nothing is refused.", acl.name),
        (CoverVerdict::NoRule, _) => format!("No rule of {} can match requests to it.", acl.name),
        _ => format!("Whether a rule of {} can stop requests to it is not known.", acl.name),
    };
    let rules = met
        .iter()
        .map(|one| RuleMeeting {
            rule: one.rule.name.clone(),
            priority: one.rule.priority,
            sentence: one.rule.sentence.clone(),
            effect: one.rule.effect,
            can_match: overall(one).answer(),
            rarely: overall(one) == Reach::Rarely,
            note: one.note.clone().or_else(|| rarely(overall(one))).or_else(|| only_some(&one.reach, addresses)),
        })
        .collect();
    RouteCover { verdict, sentence, rules }
}

/// The verdict alone.
#[must_use]
pub fn cover_verdict(acl: &WebAcl, addresses: &[RouteAddress]) -> CoverVerdict {
    verdict(&meet(acl, addresses), acl.default_action.as_ref().map(|action| action.kind))
}

fn overall(met: &Met<'_>) -> Reach {
    Reach::over(met.reach.iter().copied())
}

/// A coincidence is no protection.
fn covers(met: &Met<'_>) -> bool {
    matches!(overall(met), Reach::Always | Reach::Sometimes)
}

fn rarely(reach: Reach) -> Option<String> {
    (reach == Reach::Rarely).then(|| "only where a path parameter has that text".to_owned())
}

fn verdict(met: &[Met<'_>], by_default: Option<ActionKind>) -> CoverVerdict {
    let (mut counts, mut unsure) = (false, met.is_empty() && by_default.is_none());
    for one in met {
        let (stops, can) = (one.rule.effect.stops(), overall(one).answer());
        if overall(one) == Reach::Rarely {
            continue;
        }
        match (stops, can) {
            (Some(true), CanMatch::Can) => return CoverVerdict::Blocks,
            (Some(true), CanMatch::CannotTell) | (None, CanMatch::Can | CanMatch::CannotTell) => unsure = true,
            (Some(false), CanMatch::Can) => counts |= one.rule.effect != RuleEffect::Allow,
            (_, CanMatch::Cannot) | (Some(false), CanMatch::CannotTell) => {}
        }
    }
    match by_default {
        Some(ActionKind::Block) => CoverVerdict::Blocks,
        None => CoverVerdict::Unknown,
        _ if unsure => CoverVerdict::Unknown,
        _ if counts => CoverVerdict::OnlyCounts,
        _ => CoverVerdict::NoRule,
    }
}

fn meet<'a>(acl: &'a WebAcl, addresses: &[RouteAddress]) -> Vec<Met<'a>> {
    let mut all: Vec<Met<'a>> =
        acl.rules.iter().map(|rule| Met { rule, reach: Vec::with_capacity(addresses.len()), note: None }).collect();
    for address in addresses {
        let (mut set, mut managed, mut groups, mut geo) = (Vec::new(), false, false, false);
        let mut ended: Option<&Rule> = None;
        for met in &mut all {
            if let Some(before) = ended {
                met.reach.push(Reach::Never);
                let what = if before.effect == RuleEffect::Allow { "allows" } else { "ends" };
                met.note = Some(format!("{} before it {what} every request there", before.name));
                continue;
            }
            let labels = Labels { namespace: &acl.label_namespace, set: &set, managed, groups, geo };
            let found = reach(&met.rule.statement, address, &labels);
            if found == Reach::Never && met.note.is_none() && !met.rule.labels_needed.is_empty() {
                let missing = met.rule.labels_needed.iter().find(|key| {
                    let full = labels.full(key);
                    !set.iter().any(|(label, reach)| label.starts_with(&full) && *reach != Reach::Never)
                });
                met.note = missing.map(|key| format!("no rule before it sets the label {key} there"));
            }
            met.reach.push(found);
            let added = met.rule.labels_added.iter().map(|label| (labels.full(label), found));
            let added: Vec<(String, Reach)> = added.collect();
            set.extend(added);
            met.rule.statement.walk(&mut |one| match one.kind {
                StatementKind::Managed { .. } => managed = true,
                StatementKind::Group { .. } => groups = true,
                StatementKind::Geo { .. } => geo = true,
                // A challenge sets labels about tokens.
                _ => managed |= met.rule.effect == RuleEffect::Challenge || met.rule.effect == RuleEffect::Captcha,
            });
            let ends = matches!(met.rule.effect, RuleEffect::Allow | RuleEffect::Block);
            if ends && found == Reach::Always {
                ended = Some(met.rule);
            }
        }
    }
    all
}

/// Under which addresses only, where they differ.
fn only_some(reach: &[Reach], addresses: &[RouteAddress]) -> Option<String> {
    let of = |wanted: CanMatch| {
        reach.iter().zip(addresses).filter(move |(reach, _)| reach.answer() == wanted).map(|(_, address)| address)
    };
    if of(CanMatch::Can).next().is_none() || of(CanMatch::Cannot).next().is_none() {
        return None;
    }
    let not: Vec<String> = of(CanMatch::Cannot).map(|address| format!("{} ({})", address.path, address.host)).collect();
    Some(format!("not as {}", not.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[expect(clippy::needless_pass_by_value, reason = "written where it is given")]
    fn acl(rules: Value) -> WebAcl {
        WebAcl::read(&json!({
            "Name": "shield", "DefaultAction": { "Allow": {} }, "LabelNamespace": "awswaf:1:webacl:shield:", "Rules": rules
        }))
    }

    #[expect(clippy::needless_pass_by_value, reason = "written where it is given")]
    fn rule(priority: i64, action: &str, statement: Value) -> Value {
        json!({ "Name": format!("r{priority}"), "Priority": priority, "Action": { action: {} }, "Statement": statement })
    }

    fn path(position: &str, base64: &str) -> Value {
        json!({ "ByteMatchStatement": { "FieldToMatch": { "UriPath": {} }, "PositionalConstraint": position,
            "SearchString": base64, "TextTransformations": [{ "Priority": 0, "Type": "NONE" }] } })
    }

    fn at(paths: &[&str]) -> Vec<RouteAddress> {
        let one = |path: &&str| RouteAddress { host: "h".into(), path: (*path).into(), method: "POST".into() };
        paths.iter().map(one).collect()
    }

    /// `/login` in base64.
    const LOGIN: &str = "L2xvZ2lu";

    #[test]
    fn what_stands_before_a_path() {
        let everything = json!({ "RateBasedStatement": { "Limit": 100, "AggregateKeyType": "IP" } });
        let label = json!({ "LabelMatchStatement": { "Scope": "LABEL", "Key": "seen" } });
        let labelling = json!({ "Name": "l", "Priority": 0, "Action": { "Count": {} }, "Statement": path("STARTS_WITH", LOGIN),
            "RuleLabels": [{ "Name": "seen" }] });
        let not = |statement: Value| json!({ "NotStatement": { "Statement": statement } });
        let cases: Vec<(&str, Value, &[&str], CoverVerdict)> = vec![
            ("a rate for all", json!([rule(1, "Block", everything.clone())]), &["/a"], CoverVerdict::Blocks),
            ("counting", json!([rule(1, "Count", everything.clone())]), &["/a"], CoverVerdict::OnlyCounts),
            ("another path", json!([rule(1, "Block", path("STARTS_WITH", LOGIN))]), &["/a"], CoverVerdict::NoRule),
            (
                "the stage comes first on the API's own host",
                json!([rule(1, "Block", path("STARTS_WITH", LOGIN))]),
                &["/prod/login"],
                CoverVerdict::NoRule,
            ),
            (
                "one of two addresses",
                json!([rule(1, "Block", path("STARTS_WITH", LOGIN))]),
                &["/prod/login", "/login"],
                CoverVerdict::Blocks,
            ),
            (
                "allowed before",
                json!([rule(1, "Allow", path("EXACTLY", LOGIN)), rule(2, "Block", everything.clone())]),
                &["/login"],
                CoverVerdict::NoRule,
            ),
            (
                "in the order of priorities",
                json!([rule(2, "Allow", path("EXACTLY", LOGIN)), rule(1, "Block", everything.clone())]),
                &["/login"],
                CoverVerdict::Blocks,
            ),
            ("unknown", json!([rule(1, "Block", json!({ "NewStatement": {} }))]), &["/a"], CoverVerdict::Unknown),
            (
                "unknown and another path",
                json!([rule(
                    1,
                    "Block",
                    json!({ "AndStatement": { "Statements": [{ "NewStatement": {} }, path("EXACTLY", LOGIN)] } })
                )]),
                &["/a"],
                CoverVerdict::NoRule,
            ),
            ("an action that is not known", json!([rule(1, "Monetize", everything)]), &["/a"], CoverVerdict::Unknown),
            (
                "not this path",
                json!([rule(1, "Block", not(path("EXACTLY", LOGIN)))]),
                &["/login"],
                CoverVerdict::NoRule,
            ),
            ("a label that nothing sets", json!([rule(1, "Block", label.clone())]), &["/login"], CoverVerdict::NoRule),
            (
                "a label that is set",
                json!([labelling.clone(), rule(1, "Block", label.clone())]),
                &["/login"],
                CoverVerdict::Blocks,
            ),
            ("a label of elsewhere", json!([labelling, rule(1, "Block", label)]), &["/a"], CoverVerdict::NoRule),
            (
                "a parameter that happens to have the text is no protection",
                json!([rule(1, "Block", path("ENDS_WITH", LOGIN))]),
                &["/products/{id}"],
                CoverVerdict::NoRule,
            ),
            ("no address is known", json!([rule(1, "Block", path("EXACTLY", LOGIN))]), &[], CoverVerdict::Unknown),
        ];
        for (name, rules, paths, expected) in cases {
            assert_eq!(route_cover(&acl(rules), &at(paths)).verdict, expected, "{name}");
        }
    }

    #[test]
    fn an_address_that_a_rule_misses_is_named() {
        let cover =
            route_cover(&acl(json!([rule(1, "Block", path("STARTS_WITH", LOGIN))])), &at(&["/prod/login", "/login"]));
        assert_eq!(cover.rules[0].note.as_deref(), Some("not as /prod/login (h)"));
    }
}
