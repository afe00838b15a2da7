//! What an event did, as a sentence.

use serde_json::Value;

use super::EventPatch;

/// Patches that a sentence spells out; the rest are counted.
const SPELLED: usize = 2;

/// A member of the parameters, or of the one object below them that the operation's input is.
pub(super) fn member<'a>(parameters: &'a Value, names: &[&str]) -> Option<&'a str> {
    let find = |object: &'a Value| {
        let object = object.as_object()?;
        object.iter().find(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)))?.1.as_str()
    };
    find(parameters).or_else(|| parameters.as_object()?.values().find_map(find)).filter(|text| !text.is_empty())
}

/// Whether a path is of a stage variable, whose values people keep secrets in.
pub(super) fn is_variable(path: &str) -> bool {
    // `/variables` as a whole is a path too: the value is every variable in one text.
    path == "/variables"
        || path.starts_with("/variables/")
        || path.starts_with("/canarySettings/stageVariableOverrides")
}

pub(super) fn patches(parameters: &Value) -> Vec<EventPatch> {
    let list = |object: &Value| object.get("patchOperations").and_then(Value::as_array).cloned();
    let found = list(parameters).or_else(|| parameters.as_object()?.values().find_map(list)).unwrap_or_default();
    found.iter().map(patch).collect()
}

fn patch(operation: &Value) -> EventPatch {
    let text = |name: &str| operation[name].as_str();
    let path = text("path").unwrap_or_default();
    let value = text("value")
        .map(str::to_owned)
        .or_else(|| Some(&operation["value"]).filter(|value| !value.is_null()).map(ToString::to_string));
    let after = match text("op") {
        Some("remove") => None,
        Some("copy") => text("from").map(|from| format!("what {from} is")),
        _ if is_variable(path) => Some("[redacted]".to_owned()),
        _ => value,
    };
    let op = text("op").unwrap_or("replace").to_owned();
    EventPatch { op, label: label(path), path: path.to_owned(), before: None, after }
}

/// `/~1login/POST/throttling/rateLimit` -> `the rate limit of POST /login`.
fn label(path: &str) -> String {
    let tokens: Vec<String> =
        path.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let of = |resource: &str, method: &str| match (resource, method) {
        ("*", "*") => "every route".to_owned(),
        (resource, method) => format!("{method} /{}", resource.trim_start_matches('/')),
    };
    match tokens.as_slice() {
        ["deploymentId"] => "the deployment".to_owned(),
        ["description"] => "the description".to_owned(),
        ["variables", name] => format!("the stage variable {name}"),
        ["canarySettings"] => "the canary".to_owned(),
        ["canarySettings", "percentTraffic"] => "the canary's share of the traffic".to_owned(),
        ["canarySettings", "deploymentId"] => "the canary's deployment".to_owned(),
        ["canarySettings", rest @ ..] => format!("the canary's {}", rest.join(" ")),
        ["throttle", "rateLimit"] => "the plan's rate limit".to_owned(),
        ["throttle", "burstLimit"] => "the plan's burst limit".to_owned(),
        ["quota", what] => format!("the quota's {what}"),
        ["apiStages"] => "a stage of the plan".to_owned(),
        ["remaining"] => "what remains of the quota".to_owned(),
        ["enabled"] => "whether it is enabled".to_owned(),
        [resource, method, kind, what] => format!("{} of {}", setting(kind, what), of(resource, method)),
        [resource @ .., method, kind, what] if ["throttling", "logging", "caching", "metrics"].contains(kind) => {
            format!("{} of {}", setting(kind, what), of(&resource.join("/"), method))
        }
        _ if path.is_empty() => "something".to_owned(),
        _ => path.to_owned(),
    }
}

fn setting(kind: &str, what: &str) -> String {
    match (kind, what) {
        ("throttling", "rateLimit") => "the rate limit".to_owned(),
        ("throttling", "burstLimit") => "the burst limit".to_owned(),
        ("logging", "loglevel") => "the log level".to_owned(),
        ("logging", "dataTrace") => "logging of whole messages".to_owned(),
        ("metrics", "enabled") => "detailed metrics".to_owned(),
        ("caching", "enabled") => "caching".to_owned(),
        (kind, what) => format!("{kind} {what}"),
    }
}

pub(super) fn what(source: &str, name: &str, parameters: &Value, patches: &[EventPatch]) -> String {
    let place = place(parameters);
    if !patches.is_empty() {
        let mut told: Vec<String> = patches.iter().take(SPELLED).map(in_words).collect();
        if patches.len() > SPELLED {
            told.push(format!("{} more", patches.len() - SPELLED));
        }
        return format!("{}{place}", capital(&told.join(", ")));
    }
    if name.is_empty() {
        return "An event without a name".to_owned();
    }
    let (verb, noun) = split(name);
    let named = member(parameters, &["name", "alarmName", "domainName", "usagePlanId", "usageplanId", "apiKey"])
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    let of = match source.split('.').next() {
        Some("wafv2") => " (WAF)",
        Some("monitoring") => " (CloudWatch)",
        _ => "",
    };
    format!("{}{named}{place}{of}", capital(format!("{verb} {noun}").trim()))
}

fn in_words(patch: &EventPatch) -> String {
    match (&patch.after, patch.op.as_str()) {
        (Some(after), _) => format!("set {} to {after}", patch.label),
        (None, "remove") => format!("removed {}", patch.label),
        (None, _) => format!("set {} to nothing", patch.label),
    }
}

fn place(parameters: &Value) -> String {
    let api = member(parameters, &["restApiId", "apiId"]);
    match (member(parameters, &["stageName"]), api) {
        (Some(stage), Some(api)) => format!(" on {stage} of {api}"),
        (None, Some(api)) => format!(" of {api}"),
        (Some(stage), None) => format!(" on {stage}"),
        (None, None) => String::new(),
    }
}

/// `UpdateUsagePlan` -> `changed`, `usage plan`.
fn split(name: &str) -> (&'static str, String) {
    const VERBS: &[(&str, &str)] = &[
        ("Create", "created"),
        ("Update", "changed"),
        ("Delete", "deleted"),
        ("Put", "set"),
        ("Import", "imported"),
        ("Reimport", "imported again"),
        ("Disassociate", "detached"),
        ("Associate", "attached"),
        ("Untag", "removed tags of"),
        ("Tag", "tagged"),
        ("Flush", "flushed"),
        ("Enable", "enabled"),
        ("Disable", "disabled"),
        ("Set", "set"),
        ("Get", "read"),
        ("List", "listed"),
        ("Describe", "read"),
    ];
    let found = VERBS.iter().find_map(|(verb, said)| Some((*said, name.strip_prefix(verb)?)));
    let (said, rest) = found.unwrap_or(("did", name));
    let mut noun = String::new();
    let mut before = ' ';
    for letter in rest.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            noun.push(' ');
        }
        before = letter;
        noun.push(letter);
    }
    (said, if noun.chars().filter(|letter| letter.is_uppercase()).count() > 3 { noun } else { noun.to_lowercase() })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
