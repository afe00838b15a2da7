//! What to read before a web ACL is changed.

use super::{
    cover::{CoverVerdict, cover_verdict, route_cover},
    path_shape::RouteAddress,
    reach::CanMatch,
    rule::{RateLimit, Rule, RuleEffect},
    web_acl::WebAcl,
    words::{number, span},
};
use crate::{
    audience::Audience,
    change::{TouchedRoute, Warning, WarningKind},
    route_class::RouteClass,
};

/// A route behind the web ACL.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteBehind {
    /// The route.
    pub route: TouchedRoute,
    /// Where it is asked for.
    pub addresses: Vec<RouteAddress>,
}

/// What a change of a web ACL means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WebAclDifference {
    /// Indices of the routes that it touches.
    pub touched: Vec<usize>,
    /// What to read first.
    pub warnings: Vec<Warning>,
}

/// Routes that attackers come for first, and those that anybody reaches.
fn is_exposed(route: &TouchedRoute) -> bool {
    if route.class == RouteClass::Preflight {
        return false;
    }
    matches!(route.audience, Audience::Public | Audience::Customer | Audience::Checkout)
        || matches!(
            route.class,
            RouteClass::Login
                | RouteClass::SignUp
                | RouteClass::OneTimeCode
                | RouteClass::PasswordReset
                | RouteClass::GiftCard
                | RouteClass::Coupon
        )
}

/// Compares two states of a web ACL before these routes.
#[must_use]
pub fn web_acl_warnings(before: &WebAcl, after: &WebAcl, routes: &[RouteBehind]) -> WebAclDifference {
    let mut found = WebAclDifference::default();
    for rule in &after.rules {
        let Some(was) = before.rule(&rule.name) else { continue };
        if was.json == rule.json {
            continue;
        }
        let (mut touched, rarely) = meets(before, &rule.name, routes);
        if touched.is_empty() {
            touched = rarely;
        } else if !rarely.is_empty() {
            let what =
                if rarely.len() == 1 { "one more route".to_owned() } else { format!("{} more routes", rarely.len()) };
            let message = format!(
                "{} can match on {what} too, where a path parameter has the text that it looks for.",
                rule.name
            );
            found.warnings.push(Warning { kind: WarningKind::Note, message });
        }
        let exposed: Vec<&str> = touched
            .iter()
            .map(|at| &routes[*at].route)
            .filter(|route| is_exposed(route))
            .map(|route| route.label.as_str())
            .collect();
        found.warnings.extend(of_rule(was, rule, &exposed));
        found.touched.extend(touched);
    }
    found.touched.sort_unstable();
    found.touched.dedup();
    let bare: Vec<&str> = routes
        .iter()
        .filter(|one| is_exposed(&one.route))
        .filter(|one| {
            cover_verdict(before, &one.addresses) == CoverVerdict::Blocks
                && cover_verdict(after, &one.addresses) != CoverVerdict::Blocks
        })
        .map(|one| one.route.label.as_str())
        .collect();
    if !bare.is_empty() {
        let message = format!("After this no rule of {} stops anything in front of {}.", after.name, listed(&bare));
        found.warnings.push(Warning { kind: WarningKind::Loosens, message });
    }
    found
}

/// Routes where the rule can match, and those where only a parameter makes it.
fn meets(acl: &WebAcl, rule: &str, routes: &[RouteBehind]) -> (Vec<usize>, Vec<usize>) {
    let (mut touched, mut rarely) = (Vec::new(), Vec::new());
    for (at, behind) in routes.iter().enumerate() {
        let cover = route_cover(acl, &behind.addresses);
        match cover.rules.iter().find(|met| met.rule == rule) {
            Some(met) if met.rarely => rarely.push(at),
            Some(met) if met.can_match != CanMatch::Cannot => touched.push(at),
            _ => {}
        }
    }
    (touched, rarely)
}

fn of_rule(was: &Rule, is: &Rule, exposed: &[&str]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |kind, message: String| warnings.push(Warning { kind, message });
    let name = &is.name;
    let before = if exposed.is_empty() { String::new() } else { format!(", in front of {}", listed(exposed)) };
    let kind = if exposed.is_empty() { WarningKind::Note } else { WarningKind::Loosens };
    match (was.effect.stops(), is.effect.stops()) {
        (Some(true), Some(false)) => {
            warn(kind, format!("{name} will refuse nothing any more{before}: it only counts."));
            if let Some(status) = was.action.as_ref().and_then(|action| action.status) {
                let message = format!(
                    "Its own answer ({status}) goes with the block: blocking again answers 403. Undo brings it back."
                );
                warn(WarningKind::Note, message);
            }
        }
        (Some(false), Some(true)) => {
            let what = if is.effect == RuleEffect::Group { "what its rules say is done" } else { "they are refused" };
            warn(WarningKind::Note, format!("From then on {name} does not only count requests that match: {what}."));
        }
        _ => {}
    }
    if is.rate != was.rate
        && let (Some(old), Some(new)) = (was.rate, is.rate)
    {
        if looser(old, new) {
            let (old, new) = (rate(old), rate(new));
            warn(kind, format!("{name} lets more through: {new} instead of {old}{before}."));
        }
        let message = format!("{name} begins to count anew: for up to a minute it limits nobody.");
        warn(WarningKind::Note, message);
    }
    warnings
}

/// Whether somebody who sends evenly may send more, or somebody who sends at once.
fn looser(old: RateLimit, new: RateLimit) -> bool {
    let per_window = |rate: RateLimit, other: RateLimit| u128::from(rate.limit) * u128::from(other.window.max(1));
    per_window(new, old) > per_window(old, new) || new.limit > old.limit
}

fn rate(rate: RateLimit) -> String {
    format!("{} requests in {}", number(rate.limit), span(rate.window))
}

fn listed(labels: &[&str]) -> String {
    match labels {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, rest @ ..] => format!("{one} and {} more routes", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[expect(clippy::needless_pass_by_value, reason = "written where it is given")]
    fn acl(action: Value, limit: u64, window: u64) -> WebAcl {
        WebAcl::read(&json!({ "Name": "shield", "DefaultAction": { "Allow": {} }, "Rules": [
            { "Name": "login", "Priority": 0, "Action": action, "Statement": { "RateBasedStatement": {
                "Limit": limit, "EvaluationWindowSec": window, "AggregateKeyType": "IP", "ScopeDownStatement": {
                    "ByteMatchStatement": { "FieldToMatch": { "UriPath": {} }, "PositionalConstraint": "ENDS_WITH",
                        "SearchString": "L2xvZ2lu", "TextTransformations": [] } } } } }
        ] }))
    }

    fn behind(path: &str, class: RouteClass) -> RouteBehind {
        RouteBehind {
            route: TouchedRoute {
                route_id: path.into(),
                label: format!("POST {path} of shop, prod"),
                audience: Audience::Customer,
                class,
                requests_last_day: None,
            },
            addresses: vec![RouteAddress { host: "h".into(), path: path.into(), method: "POST".into() }],
        }
    }

    #[test]
    fn loosening_is_said_with_the_routes_that_it_opens() {
        let routes = [behind("/login", RouteClass::Login), behind("/cart", RouteClass::Write)];
        let blocks = acl(json!({ "Block": { "CustomResponse": { "ResponseCode": 429 } } }), 1_000, 300);
        let told = |after: &WebAcl| {
            let found = web_acl_warnings(&blocks, after, &routes);
            assert_eq!(found.touched, [0], "only the login");
            found.warnings.into_iter().map(|warning| (warning.kind, warning.message)).collect::<Vec<_>>()
        };
        let status = json!({ "Block": { "CustomResponse": { "ResponseCode": 429 } } });
        insta::assert_debug_snapshot!(
            [
                told(&acl(json!({ "Count": {} }), 1_000, 300)),
                told(&acl(status.clone(), 1_000, 60)),
                told(&acl(status, 100, 300)),
            ]
            .concat(),
            @r#"
        [
            (
                Loosens,
                "login will refuse nothing any more, in front of POST /login of shop, prod: it only counts.",
            ),
            (
                Note,
                "Its own answer (429) goes with the block: blocking again answers 403. Undo brings it back.",
            ),
            (
                Loosens,
                "After this no rule of shield stops anything in front of POST /login of shop, prod.",
            ),
            (
                Loosens,
                "login lets more through: 1,000 requests in 1 minute instead of 1,000 requests in 5 minutes, in front of POST /login of shop, prod.",
            ),
            (
                Note,
                "login begins to count anew: for up to a minute it limits nobody.",
            ),
            (
                Note,
                "login begins to count anew: for up to a minute it limits nobody.",
            ),
        ]
        "#
        );
    }
}
