//! What to read before confirming a change of limits.

use serde_json::Value;

use super::{Fields, TouchedRoute, Warning, WarningKind};
use crate::{audience::Audience, throttle::Limit};

/// Audiences whose limits are a protection and not only a capacity ("Audience before organisation chart").
fn is_tight(route: &TouchedRoute) -> bool {
    let audience = matches!(route.audience, Audience::Admin | Audience::Checkout | Audience::Webhook);
    audience || route.class.is_hammered()
}

/// The warnings of a change of one entry (`methodSettings/POST /login`, `throttle`): what its fields, and those of the
/// wider entries, were and will be; the routes that the entry decides about; the account's own limit, where it could be
/// read.
#[must_use]
pub fn throttle_warnings(
    entry: &str,
    before: &Fields,
    after: &Fields,
    routes: &[TouchedRoute],
    account: Option<Limit>,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |kind, message: String| warnings.push(Warning { kind, message });
    let place = place(entry);
    let tight: Vec<&str> = routes.iter().filter(|route| is_tight(route)).map(|route| route.label.as_str()).collect();
    for half in ["rateLimit", "burstLimit"] {
        let field = format!("{entry}/{half}");
        let (was, is) = (before.get(&field), after.get(&field));
        if was == is {
            continue;
        }
        if number(is) == Some(0.0) {
            warn(WarningKind::Blocks, format!("A {} of 0 refuses every request to {place}.", spoken(half)));
        }
        if let (Some(limit), Some(now)) = (account_half(account, half), number(is))
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
        // What applies is what counts: a first limit of 3,000 where a default of 2,000 applied lets more through.
        let (applied, applies) = (effective(before, entry, half, account), effective(after, entry, half, account));
        if applies.unwrap_or(f64::INFINITY) > applied.unwrap_or(f64::INFINITY) && !tight.is_empty() {
            let applied = applied.unwrap_or_default();
            let what = match (is, applies) {
                (None, Some(applies)) => {
                    format!("takes away the {} of {place}: {applies} instead of {applied} will apply", spoken(half))
                }
                (None, None) => format!("takes away the {} of {place}: nothing will limit it here", spoken(half)),
                (Some(_), applies) => {
                    format!("raises the {} of {place} from {applied} to {}", spoken(half), applies.unwrap_or_default())
                }
            };
            warn(WarningKind::Loosens, format!("This {what}. A tight limit protects {}.", listed(&tight)));
        }
    }
    let below = format!("{entry}/");
    let beside = before.range(below.clone()..).take_while(|(name, _)| name.starts_with(&below));
    let lost: Vec<String> = beside
        .filter(|(name, _)| !after.contains_key(*name))
        .map(|(name, was)| (name.trim_start_matches(&below), was))
        .filter(|(member, _)| !member.contains('/') && !matches!(*member, "rateLimit" | "burstLimit"))
        .map(|(member, was)| format!("{member} ({was})"))
        .collect();
    if !lost.is_empty() {
        let lost = lost.join(", ");
        warn(
            WarningKind::Note,
            format!("{place} loses its other settings with the limit, since they are one entry: {lost}."),
        );
    }
    let (rate, burst) = (after.get(&format!("{entry}/rateLimit")), after.get(&format!("{entry}/burstLimit")));
    if let (Some(rate), Some(burst)) = (number(rate), number(burst))
        && burst < rate
    {
        warn(
            WarningKind::Note,
            format!(
                "The burst of {place} ({burst}) is below its rate ({rate}): AWS accepts that, and requests that come together are refused early."
            ),
        );
    }
    warnings
}

/// What applies at an entry: its own limit, else the next wider one's; `None` when nothing known limits it.
fn effective(fields: &Fields, entry: &str, half: &str, account: Option<Limit>) -> Option<f64> {
    let wider = if entry.starts_with("methodSettings/") {
        Some("methodSettings/*/*")
    } else if entry.starts_with("routeSettings/") {
        Some("defaultRouteSettings")
    } else if entry.contains("/throttle/") {
        Some("throttle")
    } else {
        None
    };
    let own = |entry: &str| number(fields.get(&format!("{entry}/{half}")));
    // A plan without a limit lets its keys go as far as the stage does: the account's limit is not the plan's.
    let account = account_half(account, half).filter(|_| entry != "throttle" && !entry.contains("/throttle/"));
    own(entry).or_else(|| own(wider?)).or(account)
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
        [one, rest @ ..] => format!("{one} and {} more routes", rest.len()),
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route_class::RouteClass;
    use serde_json::json;

    fn fields(pairs: &[(&str, Value)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
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

    type Half<'a> = &'a [(&'a str, Value)];

    fn warned(entry: &str, was: Half<'_>, is: Half<'_>, routes: &[TouchedRoute]) -> Vec<(WarningKind, String)> {
        let account = Some(Limit { rate: Some(10_000.0), burst: Some(5_000) });
        throttle_warnings(entry, &fields(was), &fields(is), routes, account)
            .into_iter()
            .map(|warning| (warning.kind, warning.message))
            .collect()
    }

    #[test]
    fn each_danger_has_its_sentence() {
        let (entry, rate, default) =
            ("methodSettings/POST /login", "methodSettings/POST /login/rateLimit", "methodSettings/*/*/rateLimit");
        let login = [route(Audience::Customer, RouteClass::Login)];
        let browse = [route(Audience::Public, RouteClass::Browse)];
        insta::assert_debug_snapshot!(
            [
                warned(entry, &[(rate, json!(10.0))], &[(rate, json!(50.0))], &login),
                warned(entry, &[(rate, json!(10.0)), (default, json!(40.0))], &[(default, json!(40.0))], &login),
                warned(entry, &[(default, json!(40.0))], &[(default, json!(40.0)), (rate, json!(50.0))], &login),
                warned(entry, &[(default, json!(40.0))], &[(default, json!(40.0)), (rate, json!(30.0))], &login),
                warned(entry, &[(rate, json!(10.0))], &[(rate, json!(50.0))], &browse),
                warned(entry, &[], &[(rate, json!(0))], &browse),
                warned(entry, &[], &[(rate, json!(20000.0))], &browse),
                warned("throttle", &[("throttle/rateLimit", json!(5.0))], &[], &login),
                warned("methodSettings/GET /a", &[("methodSettings/GET /a/loggingLevel", json!("INFO"))], &[], &browse),
            ]
            .concat(),
            @r#"
        [
            (
                Loosens,
                "This raises the rate limit of POST /login from 10 to 50. A tight limit protects POST /login of shop, prod.",
            ),
            (
                Loosens,
                "This takes away the rate limit of POST /login: 40 instead of 10 will apply. A tight limit protects POST /login of shop, prod.",
            ),
            (
                Loosens,
                "This raises the rate limit of POST /login from 40 to 50. A tight limit protects POST /login of shop, prod.",
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
                Loosens,
                "This takes away the rate limit of the whole plan: nothing will limit it here. A tight limit protects POST /login of shop, prod.",
            ),
            (
                Note,
                "GET /a loses its other settings with the limit, since they are one entry: loggingLevel (\"INFO\").",
            ),
        ]
        "#
        );
    }

    #[test]
    fn a_burst_below_the_rate_is_said_and_not_refused() {
        let after = fields(&[("throttle/rateLimit", json!(100.0)), ("throttle/burstLimit", json!(10))]);
        let warnings = throttle_warnings("throttle", &Fields::new(), &after, &[], None);
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].message.contains("the whole plan (10) is below its rate (100)"), "{}", warnings[0].message);
    }
}
