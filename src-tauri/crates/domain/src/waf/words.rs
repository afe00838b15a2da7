//! Statements and rules as a person would say them.

use super::{
    action::{ActionKind, RuleAction},
    field::Field,
    rule::RuleEffect,
    statement::{Aggregate, InnerOverride, Position, Statement, StatementKind},
};

/// A number with its thousands apart.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// `5 minutes`.
pub(super) fn span(seconds: u64) -> String {
    match seconds {
        60 => "1 minute".to_owned(),
        _ if seconds > 0 && seconds.is_multiple_of(60) => format!("{} minutes", seconds / 60),
        _ => format!("{} seconds", number(seconds)),
    }
}

fn quoted(text: &str) -> String {
    let plain = text.starts_with('/') && !text.contains(char::is_whitespace);
    if plain { text.to_owned() } else { format!("\"{text}\"") }
}

fn list(all: &[String], last: &str) -> String {
    match all {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// The condition in words, or its opposite.
pub(super) fn condition(statement: &Statement, holds: bool) -> String {
    let told = bare(statement, holds);
    match statement.unread.as_slice() {
        [] => told,
        unread => format!("{told} (and {}, which this program does not know)", unread.join(", ")),
    }
}

fn bare(statement: &Statement, holds: bool) -> String {
    let verb = |yes: &'static str, no: &'static str| if holds { yes } else { no };
    let is = verb("is", "is not");
    match &statement.kind {
        StatementKind::And(all) if holds => joined(all, "and"),
        StatementKind::Or(all) if holds => joined(all, "or"),
        StatementKind::And(all) => format!("not ({})", joined(all, "and")),
        StatementKind::Or(all) => format!("not ({})", joined(all, "or")),
        StatementKind::Not(one) => match one.kind {
            StatementKind::And(_) | StatementKind::Or(_) if !holds => condition(one, true),
            _ => condition(one, !holds),
        },
        StatementKind::Bytes { field, transformations, position, text } => {
            let how = match position {
                Position::Exactly => is.to_owned(),
                Position::StartsWith => verb("starts with", "does not start with").to_owned(),
                Position::EndsWith => verb("ends with", "does not end with").to_owned(),
                Position::Contains => verb("contains", "does not contain").to_owned(),
                Position::ContainsWord => verb("contains the word", "does not contain the word").to_owned(),
                Position::Unknown(name) => format!("{} ({name})", verb("compares with", "does not compare with")),
            };
            let text = if *field == Field::Method { text.clone() } else { quoted(text) };
            format!("{}{} {how} {text}", field.words(), transformations.words())
        }
        StatementKind::Regex { field, transformations, pattern } => format!(
            "{}{} {} the pattern {pattern}",
            field.words(),
            transformations.words(),
            verb("matches", "does not match")
        ),
        StatementKind::RegexSet { field, set } => {
            format!("{} {} a pattern of the set {set}", field.words(), verb("matches", "does not match"))
        }
        StatementKind::Attack { field, name } => {
            format!("{} {} {name}", field.words(), verb("looks like", "does not look like"))
        }
        StatementKind::Size { field, comparison, bytes } => {
            let compared = match comparison.as_str() {
                "EQ" => "exactly",
                "NE" => "not",
                "LE" => "at most",
                "LT" => "less than",
                "GE" => "at least",
                "GT" => "more than",
                other => other,
            };
            format!("{} {is} {compared} {} bytes", field.words(), number(*bytes))
        }
        StatementKind::Geo { countries, header } => {
            format!("the country{} {is} {}", by(header.as_deref()), list(countries, "or"))
        }
        StatementKind::IpSet { set, header } => {
            format!("the source IP{} {is} in the IP set {set}", by(header.as_deref()))
        }
        StatementKind::Asn { numbers, header } => {
            let numbers: Vec<String> = numbers.iter().map(|number| format!("AS {number}")).collect();
            format!("the source network{} {is} {}", by(header.as_deref()), list(&numbers, "or"))
        }
        StatementKind::Label { namespace, key } => {
            let what = if *namespace { "a label of" } else { "the label" };
            format!("{} set {what} {key}", verb("an earlier rule has", "no earlier rule has"))
        }
        StatementKind::Rate { limit, window, aggregate, scope_down } => {
            let told = format!("more than {} requests in {}, {}", number(*limit), span(*window), counted(aggregate));
            let scope = scope_down.as_deref().map(scoped).unwrap_or_default();
            format!("{}{told}{scope}", verb("", "not "))
        }
        StatementKind::Managed { vendor, name, .. } => {
            format!("a rule of the managed group {name} of {vendor} {}", verb("matches", "does not match"))
        }
        StatementKind::Group { name, .. } => {
            format!("a rule of the group {name} {}", verb("matches", "does not match"))
        }
        StatementKind::Unknown { name, .. } => {
            format!("something {} that this program does not know ({name})", verb("holds", "does not hold"))
        }
    }
}

fn joined(all: &[Statement], word: &str) -> String {
    let told: Vec<String> = all
        .iter()
        .map(|one| match one.kind {
            StatementKind::And(_) | StatementKind::Or(_) => format!("({})", condition(one, true)),
            _ => condition(one, true),
        })
        .collect();
    list(&told, word)
}

/// ` that header x-forwarded-for names`.
fn by(header: Option<&str>) -> String {
    header.map(|header| format!(" that the header {header} names")).unwrap_or_default()
}

fn counted(aggregate: &Aggregate) -> String {
    match aggregate {
        Aggregate::Ip => "counted per source IP".to_owned(),
        Aggregate::Forwarded(header) => format!("counted per IP that the header {header} names"),
        Aggregate::Keys(keys) => format!("counted per {}", list(keys, "and")),
        Aggregate::Constant => "counted all together".to_owned(),
        Aggregate::Unknown(name) => format!("counted in a way that this program does not know ({name})"),
    }
}

/// `, on paths that start with /login`: which requests are looked at at all.
fn scoped(statement: &Statement) -> String {
    if let StatementKind::Bytes { field: Field::Path, transformations, position, text } = &statement.kind
        && statement.unread.is_empty()
    {
        let decoded = transformations.words();
        let text = quoted(text);
        match position {
            Position::Exactly => return format!(", on the path{decoded} {text}"),
            Position::StartsWith => return format!(", on paths{decoded} that start with {text}"),
            Position::EndsWith => return format!(", on paths{decoded} that end with {text}"),
            Position::Contains => return format!(", on paths{decoded} that contain {text}"),
            Position::ContainsWord | Position::Unknown(_) => {}
        }
    }
    format!(", on requests where {}", condition(statement, true))
}

/// What a rule does to what it matches: `Block`, `Count`.
fn verb(effect: RuleEffect) -> &'static str {
    match effect {
        RuleEffect::Allow => "Allow",
        RuleEffect::Block => "Block",
        RuleEffect::Count | RuleEffect::GroupCounts | RuleEffect::GroupStopsNothing => "Only count",
        RuleEffect::Captcha => "Ask for a CAPTCHA from",
        RuleEffect::Challenge => "Challenge the browser of",
        RuleEffect::Group | RuleEffect::Unknown => "Do something that this program does not know to",
    }
}

/// The rule in one sentence.
pub(super) fn sentence(statement: &Statement, effect: RuleEffect, action: Option<&RuleAction>) -> String {
    let unread = match statement.unread.as_slice() {
        [] => String::new(),
        unread => format!(" (and {}, which this program does not know)", unread.join(", ")),
    };
    let told = match &statement.kind {
        StatementKind::Rate { limit, window, aggregate, scope_down } => {
            let who = match aggregate {
                Aggregate::Ip | Aggregate::Forwarded(_) => "an IP",
                Aggregate::Keys(_) | Aggregate::Unknown(_) => "a caller",
                Aggregate::Constant => "everybody",
            };
            let who =
                if matches!(effect, RuleEffect::Count) { format!("the requests of {who}") } else { who.to_owned() };
            let scope = scope_down.as_deref().map(scoped).unwrap_or_default();
            format!(
                "{} {who} after {} requests in {}, {}{scope}{unread}",
                verb(effect),
                number(*limit),
                span(*window),
                counted(aggregate)
            )
        }
        StatementKind::Managed { vendor, name, version, overrides, scope_down } => {
            let version = version.as_ref().map_or(", AWS's default version".to_owned(), |one| format!(", {one}"));
            let version = if vendor == "AWS" { version } else { version.replace("AWS's", "the seller's") };
            let scope = scope_down.as_deref().map(scoped).unwrap_or_default();
            format!("Apply the managed group {name} of {vendor}{version}{scope}{unread}: {}", group(effect, overrides))
        }
        StatementKind::Group { name, overrides } => {
            format!("Apply the rule group {name}{unread}: {}", group(effect, overrides))
        }
        _ => {
            let whose =
                if matches!(effect, RuleEffect::Captcha | RuleEffect::Challenge) { "whoever sends " } else { "" };
            format!("{} {whose}requests where {}", verb(effect), condition(statement, true))
        }
    };
    let answer = action.filter(|action| action.kind == ActionKind::Block).and_then(|action| action.status);
    let answer = answer.map(|status| format!("; the answer is {status}")).unwrap_or_default();
    format!("{told}{answer}")
}

/// What a group really does.
fn group(effect: RuleEffect, overrides: &[InnerOverride]) -> String {
    match effect {
        RuleEffect::GroupCounts => return "it only counts and blocks nothing".to_owned(),
        RuleEffect::GroupStopsNothing => {
            return "none of its rules ends a request here, so it blocks nothing".to_owned();
        }
        RuleEffect::Group => {}
        _ => return "what becomes of a request is not known".to_owned(),
    }
    let of = |action: &str| -> Vec<String> {
        overrides.iter().filter(|one| one.action == action).map(|one| one.rule.clone()).collect()
    };
    let mut told = "it does what its own rules say".to_owned();
    let mut actions: Vec<&str> = overrides.iter().map(|one| one.action.as_str()).collect();
    actions.sort_unstable();
    actions.dedup();
    for action in actions {
        let words = match action {
            "Count" => "only counts with".to_owned(),
            "Allow" => "allows with".to_owned(),
            "Block" => "blocks with".to_owned(),
            "Captcha" => "asks for a CAPTCHA with".to_owned(),
            "Challenge" => "challenges with".to_owned(),
            other => format!("does {other} with"),
        };
        told += &format!(", but {words} {}", list(&of(action), "and"));
    }
    told
}
