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

pub(super) fn patches(name: &str, parameters: &Value) -> Vec<EventPatch> {
    let list = |object: &Value| object.get("patchOperations").and_then(Value::as_array).cloned();
    let found = list(parameters).or_else(|| parameters.as_object()?.values().find_map(list));
    match found {
        Some(found) => found.iter().map(patch).collect(),
        None if name == "UpdateStage" && parameters["apiId"].is_string() => flat(parameters),
        None => Vec::new(),
    }
}

/// Version 2 has no patches: what is there was set.
fn flat(parameters: &Value) -> Vec<EventPatch> {
    let mut patches = Vec::new();
    let mut set = |path: String, value: &Value| {
        if !value.is_null() {
            patches.push(patch(&serde_json::json!({ "op": "replace", "path": path, "value": value })));
        }
    };
    for name in ["deploymentId", "autoDeploy", "description"] {
        set(format!("/{name}"), &parameters[name]);
    }
    for (name, value) in parameters["defaultRouteSettings"].as_object().into_iter().flatten() {
        set(format!("/defaultRouteSettings/{name}"), value);
    }
    for (key, settings) in parameters["routeSettings"].as_object().into_iter().flatten() {
        let key = key.replace('~', "~0").replace('/', "~1");
        for (name, value) in settings.as_object().into_iter().flatten() {
            set(format!("/routeSettings/{key}/{name}"), value);
        }
    }
    patches
}

/// The API and the stage that an event is about.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub(super) api_id: Option<String>,
    pub(super) api_name: Option<String>,
    pub(super) stage: Option<String>,
}

impl Place {
    /// From the parameters, the ARN of a stage among them, an alarm's dimensions, or the envelope's resources.
    pub(super) fn of(parameters: &Value, resources: &[(String, String)]) -> Self {
        let by_arn = member(parameters, &["resourceArn"]).map(stage_of_arn).unwrap_or_default();
        let listed = |kinds: &[&str]| {
            resources.iter().find(|(kind, _)| kinds.contains(&kind.as_str())).map(|(_, name)| name.clone())
        };
        let own = |names: &[&str]| member(parameters, names).map(str::to_owned);
        Self {
            api_id: own(&["restApiId", "apiId"])
                .or(by_arn.0)
                .or_else(|| dimension(parameters, "ApiId"))
                .or_else(|| listed(&["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"])),
            api_name: dimension(parameters, "ApiName"),
            stage: own(&["stageName"])
                .or(by_arn.1)
                .or_else(|| dimension(parameters, "Stage"))
                .or_else(|| listed(&["AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage"])),
        }
    }
}

/// `arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod` -> `a1`, `prod`.
fn stage_of_arn(arn: &str) -> (Option<String>, Option<String>) {
    let parts: Vec<&str> = arn.split('/').collect();
    let after =
        |folder: &[&str]| parts.windows(2).find(|pair| folder.contains(&pair[0])).map(|pair| pair[1].to_owned());
    if arn.contains(":apigateway:") { (after(&["restapis", "apis"]), after(&["stages"])) } else { (None, None) }
}

fn dimension(parameters: &Value, wanted: &str) -> Option<String> {
    let insensitive = |object: &Value, name: &str| {
        let members = object.as_object()?;
        members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    let dimensions = insensitive(parameters, "dimensions")?;
    let found = dimensions
        .as_array()?
        .iter()
        .find(|one| insensitive(one, "name").is_some_and(|name| name.as_str() == Some(wanted)))?;
    insensitive(found, "value")?.as_str().map(str::to_owned)
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
        // Of a record that is cut off the path may be what is missing.
        _ if is_variable(path) || path.is_empty() => Some("[redacted]".to_owned()),
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
        ["cloudwatchRoleArn"] => "the role that writes logs".to_owned(),
        ["accessLogSettings", "destinationArn"] => "where access logs go".to_owned(),
        ["accessLogSettings", "format"] => "the format of access logs".to_owned(),
        ["tracingEnabled"] => "tracing".to_owned(),
        ["policy"] => "the resource policy".to_owned(),
        ["apiKeyRequired"] => "whether an API key is required".to_owned(),
        ["authorizationType"] => "the authorization type".to_owned(),
        ["authorizerId"] => "the authorizer".to_owned(),
        ["requestValidatorId"] => "the request validator".to_owned(),
        ["disableExecuteApiEndpoint"] => "whether the default endpoint is off".to_owned(),
        ["autoDeploy"] => "whether it deploys by itself".to_owned(),
        ["defaultRouteSettings", what] => format!("{} of every route", route_setting(what)),
        ["routeSettings", key, what] => format!("{} of {key}", route_setting(what)),
        [resource, method, kind, what] => format!("{} of {}", setting(kind, what), of(resource, method)),
        [resource @ .., method, kind, what] if ["throttling", "logging", "caching", "metrics"].contains(kind) => {
            format!("{} of {}", setting(kind, what), of(&resource.join("/"), method))
        }
        _ if path.is_empty() => "something".to_owned(),
        _ => path.to_owned(),
    }
}

/// Settings of version 2.
fn route_setting(what: &str) -> String {
    match what {
        "throttlingRateLimit" => "the rate limit".to_owned(),
        "throttlingBurstLimit" => "the burst limit".to_owned(),
        "loggingLevel" => "the log level".to_owned(),
        "dataTraceEnabled" => "logging of whole messages".to_owned(),
        "detailedMetricsEnabled" => "detailed metrics".to_owned(),
        other => other.to_owned(),
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

pub(super) fn what(source: &str, name: &str, parameters: &Value, patches: &[EventPatch], at: &Place) -> String {
    let place = place(at);
    if !patches.is_empty() {
        let mut told: Vec<String> = patches.iter().take(SPELLED).map(in_words).collect();
        if patches.len() > SPELLED {
            told.push(format!("{} more", patches.len() - SPELLED));
        }
        let of = member(parameters, &["usagePlanId"]).map(|id| format!(" of usage plan {id}")).unwrap_or_default();
        return format!("{}{of}{place}", capital(&told.join(", ")));
    }
    if name.is_empty() {
        return "An event without a name".to_owned();
    }
    if let Some(told) = of_others(source, name, parameters, &place) {
        return told;
    }
    let (verb, noun) = split(name);
    if let (true, Some(stage)) = (matches!(name, "CreateStage" | "DeleteStage"), &at.stage) {
        let of = at.api_name.as_ref().or(at.api_id.as_ref()).map(|api| format!(" of {api}")).unwrap_or_default();
        return format!("{} {stage}{of}", capital(format!("{verb} {noun}").trim()));
    }
    let named = member(parameters, &["name", "domainName", "usagePlanId", "apiKey"])
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    let of = match source.split('.').next() {
        Some("wafv2") => " (WAF)",
        Some("monitoring") => " (CloudWatch)",
        _ => "",
    };
    format!("{}{named}{place}{of}", capital(format!("{verb} {noun}").trim()))
}

/// WAF and CloudWatch, where the name of the call alone would not be a sentence.
fn of_others(source: &str, name: &str, parameters: &Value, place: &str) -> Option<String> {
    let acl = || {
        let by_arn = member(parameters, &["webACLArn"]).and_then(|arn| arn.rsplit('/').nth(1));
        by_arn.or_else(|| member(parameters, &["name"])).unwrap_or_default()
    };
    let alarms = || {
        let list = parameters.as_object().into_iter().flatten();
        let list = list.filter(|(name, _)| name.eq_ignore_ascii_case("alarmNames"));
        let names: Vec<&str> =
            list.flat_map(|(_, names)| names.as_array().into_iter().flatten()).filter_map(Value::as_str).collect();
        let one = member(parameters, &["alarmName"]).map(str::to_owned);
        one.unwrap_or_else(|| names.join(", "))
    };
    let told = match (source.split('.').next()?, name) {
        ("wafv2", "AssociateWebACL") => format!("Attached web ACL {}{}", acl(), place.replacen(" on ", " to ", 1)),
        ("wafv2", "DisassociateWebACL") => format!("Detached the web ACL{}", place.replacen(" on ", " from ", 1)),
        ("wafv2", "CreateWebACL") => format!("Created web ACL {}", acl()),
        ("wafv2", "UpdateWebACL") => format!("Changed web ACL {}", acl()),
        ("wafv2", "DeleteWebACL") => format!("Deleted web ACL {}", acl()),
        ("wafv2", "PutLoggingConfiguration") => "Set how a web ACL is logged".to_owned(),
        ("wafv2", "DeleteLoggingConfiguration") => "Stopped the logging of a web ACL".to_owned(),
        ("monitoring", "PutMetricAlarm" | "PutCompositeAlarm") => format!("Set alarm {}{place}", alarms()),
        ("monitoring", "DeleteAlarms") => format!("Deleted alarm {}", alarms()),
        ("monitoring", "EnableAlarmActions") => format!("Enabled the actions of alarm {}", alarms()),
        ("monitoring", "DisableAlarmActions") => format!("Disabled the actions of alarm {}", alarms()),
        ("monitoring", "SetAlarmState") => {
            format!("Set alarm {} to {}", alarms(), member(parameters, &["stateValue"]).unwrap_or("another state"))
        }
        _ => return None,
    };
    Some(told.trim_end().to_owned())
}

/// A value as a sentence has it: `20` for the `20.0` that a client sent.
pub(super) fn told(value: &str) -> &str {
    let whole = value.strip_suffix(".0").filter(|whole| whole.parse::<i64>().is_ok());
    whole.unwrap_or(value)
}

fn in_words(patch: &EventPatch) -> String {
    match (&patch.after, patch.op.as_str()) {
        (Some(after), _) => format!("set {} to {}", patch.label, told(after)),
        (None, "remove") => format!("removed {}", patch.label),
        (None, _) => format!("set {} to nothing", patch.label),
    }
}

fn place(at: &Place) -> String {
    match (&at.stage, at.api_name.as_ref().or(at.api_id.as_ref())) {
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
