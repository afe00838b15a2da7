//! What to read before confirming a change of limits.

use serde_json::Value;

use super::{FieldChange, Fields, TouchedRoute, Warning, WarningKind};
use crate::{audience::Audience, route_class::RouteClass, throttle::Limit};

/// Audiences whose limits are a protection and not only a capacity ("Audience before organisation chart").
fn is_tight(route: &TouchedRoute) -> bool {
    let audience = matches!(route.audience, Audience::Admin | Audience::Checkout | Audience::Webhook);
    let class = matches!(
        route.class,
        RouteClass::Login
            | RouteClass::SignUp
            | RouteClass::OneTimeCode
            | RouteClass::PasswordReset
            | RouteClass::GiftCard
            | RouteClass::Coupon
    );
    audience || class
}

/// The warnings of a change of limits. `account` is the account's own limit, where it could be read.
#[must_use]
pub fn throttle_warnings(
    changes: &[FieldChange],
    after: &Fields,
    routes: &[TouchedRoute],
    account: Option<Limit>,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |kind, message: String| warnings.push(Warning { kind, message });
    for change in changes {
        let Some((entry, half)) = change.field.rsplit_once('/') else { continue };
        let place = place(entry);
        let (before, now) = (number(change.before.as_ref()), number(change.after.as_ref()));
        if now == Some(0.0) && matches!(half, "rateLimit" | "burstLimit") {
            warn(WarningKind::Blocks, format!("A {} of 0 refuses every request to {place}.", spoken(half)));
        }
        if let (Some(limit), Some(now)) = (account_half(account, half), now)
            && now > limit
        {
            warn(
                WarningKind::Note,
                format!(
                    "{now} is above the account's own {} of {limit}: the account's limit binds first.",
                    spoken(half)
                ),
            );
        }
        let looser =
            matches!((before, now), (Some(before), Some(now)) if now > before) || (before.is_some() && now.is_none());
        let tight: Vec<&str> =
            routes.iter().filter(|route| is_tight(route)).map(|route| route.label.as_str()).collect();
        if looser && !tight.is_empty() && matches!(half, "rateLimit" | "burstLimit") {
            let what = now.map_or_else(
                || format!("takes away the {} of {place}", spoken(half)),
                |now| format!("raises the {} of {place} from {} to {now}", spoken(half), before.unwrap_or_default()),
            );
            warn(WarningKind::Loosens, format!("This {what}, and it guards {}.", listed(&tight)));
        }
        if !matches!(half, "rateLimit" | "burstLimit") && change.after.is_none() {
            let lost = change.before.as_ref().map(Value::to_string).unwrap_or_default();
            warn(WarningKind::Note, format!("{place} loses its {half} ({lost}) with the limit: they are one entry."));
        }
        if half == "rateLimit"
            && let (Some(rate), Some(burst)) = (now, number(after.get(&format!("{entry}/burstLimit"))))
            && burst < rate
        {
            warn(
                WarningKind::Note,
                format!(
                    "The burst of {place} ({burst}) is below its rate ({rate}): AWS accepts that, and requests that come together are refused early."
                ),
            );
        }
    }
    warnings
}

/// The methods of a stage that have their own entry and so will not follow a change of the default: a method setting
/// copies the default when it is created and never again.
#[must_use]
pub fn methods_that_do_not_follow(fields: &Fields) -> Vec<String> {
    let mut methods: Vec<String> = fields
        .keys()
        .filter_map(|name| name.strip_prefix("methodSettings/")?.strip_suffix("/rateLimit"))
        .filter(|key| *key != "*/*")
        .map(str::to_owned)
        .collect();
    methods.dedup();
    methods
}

fn place(entry: &str) -> String {
    let key = entry.rsplit_once("ettings/").map_or(entry, |(_, key)| key);
    match key {
        "*/*" | "defaultRouteSettings" => "every method without a limit of its own".to_owned(),
        "throttle" => "the whole plan".to_owned(),
        _ => key.rsplit_once("/throttle/").map_or(key, |(_, method)| method).to_owned(),
    }
}

fn spoken(half: &str) -> &'static str {
    if half == "rateLimit" { "rate limit" } else { "burst limit" }
}

fn account_half(account: Option<Limit>, half: &str) -> Option<f64> {
    match half {
        "rateLimit" => account?.rate,
        "burstLimit" => account?.burst.map(f64::from),
        _ => None,
    }
}

fn number(value: Option<&Value>) -> Option<f64> {
    value.and_then(Value::as_f64)
}

fn listed(labels: &[&str]) -> String {
    match labels {
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, rest @ ..] => format!("{one} and {} more routes that should be tight", rest.len()),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn change(field: &str, before: Option<Value>, after: Option<Value>) -> FieldChange {
        FieldChange { target: 0, field: field.to_owned(), before, after, consequence: false }
    }

    fn route(audience: Audience, class: RouteClass) -> TouchedRoute {
        TouchedRoute {
            route_id: "r".into(),
            label: "POST /login of shop, prod".into(),
            audience,
            class,
            requests_last_day: None,
        }
    }

    fn warned(change: FieldChange, routes: &[TouchedRoute], account: Option<Limit>) -> Vec<(WarningKind, String)> {
        let after = change.after.clone().map(|value| Fields::from([(change.field.clone(), value)])).unwrap_or_default();
        throttle_warnings(&[change], &after, routes, account)
            .into_iter()
            .map(|warning| (warning.kind, warning.message))
            .collect()
    }

    #[test]
    fn each_danger_has_its_sentence() {
        let field = "methodSettings/POST /login/rateLimit";
        let login = [route(Audience::Customer, RouteClass::Login)];
        let browse = [route(Audience::Public, RouteClass::Browse)];
        let account = Some(Limit { rate: Some(10_000.0), burst: Some(5_000) });
        insta::assert_debug_snapshot!(
            [
                warned(change(field, Some(json!(10.0)), Some(json!(50.0))), &login, account),
                warned(change(field, Some(json!(10.0)), None), &login, account),
                warned(change(field, Some(json!(10.0)), Some(json!(50.0))), &browse, account),
                warned(change(field, None, Some(json!(0))), &browse, account),
                warned(change(field, None, Some(json!(20000.0))), &browse, account),
                warned(change("methodSettings/GET /a/loggingLevel", Some(json!("INFO")), None), &browse, account),
            ]
            .concat(),
            @r#"
        [
            (
                Loosens,
                "This raises the rate limit of POST /login from 10 to 50, and it guards POST /login of shop, prod.",
            ),
            (
                Loosens,
                "This takes away the rate limit of POST /login, and it guards POST /login of shop, prod.",
            ),
            (
                Blocks,
                "A rate limit of 0 refuses every request to POST /login.",
            ),
            (
                Note,
                "20000 is above the account's own rate limit of 10000: the account's limit binds first.",
            ),
            (
                Note,
                "GET /a loses its loggingLevel (\"INFO\") with the limit: they are one entry.",
            ),
        ]
        "#
        );
    }

    #[test]
    fn a_burst_below_the_rate_is_said_and_not_refused() {
        let change = change("throttle/rateLimit", None, Some(json!(100.0)));
        let after =
            Fields::from([("throttle/rateLimit".into(), json!(100.0)), ("throttle/burstLimit".into(), json!(10))]);
        let warnings = throttle_warnings(&[change], &after, &[], None);
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].message.contains("the whole plan (10) is below its rate (100)"), "{}", warnings[0].message);
    }
}
