//! Routes and the web ACLs before them: what the inventory and WAF say together.

use std::collections::HashMap;

use portcullis_domain::{
    api::{ApiKind, EndpointType},
    audience::Audience,
    change::{Fields, TouchedRoute, Warning, WarningKind},
    route::{Drift, Route},
    route_class::RouteClass,
    waf::{
        CoverVerdict, RouteAddress, RouteBehind, RouteCover, WafScope, WebAclArn, route_addresses, route_cover,
        web_acl_of_fields, web_acl_warnings,
    },
};

use crate::{host::Host, inventory::OpenedContext, waf_state::KnownWebAcls};

/// A stage by API and name, and the web ACL before it.
pub(crate) type StageAcls = HashMap<(String, String), Option<String>>;

/// The ARNs that stages of the context refer to, each once.
pub(crate) fn arns_of_stages(context: &OpenedContext) -> Vec<String> {
    let mut arns: Vec<String> = stage_acls(context).into_values().flatten().collect();
    arns.sort();
    arns.dedup();
    arns
}

pub(crate) fn stage_acls(context: &OpenedContext) -> StageAcls {
    let state = context.state();
    let stages = state.apis.values().flat_map(|api| api.stages.iter().map(move |stage| (api, stage)));
    stages
        .map(|(api, stage)| {
            ((api.api.id.to_string(), stage.name.to_string()), stage.web_acl_arn.as_deref().map(str::to_owned))
        })
        .collect()
}

/// Where a route is asked for.
pub(crate) fn addresses(context: &OpenedContext, route: &Route) -> Vec<RouteAddress> {
    let state = context.state();
    let api = state.apis.get(&route.api_id);
    api.map(|api| route_addresses(route, &api.api, &state.account.domains)).unwrap_or_default()
}

/// Whether anybody on the internet may come to it, so that a web ACL has something to do.
pub(crate) fn is_exposed(route: &Route) -> bool {
    route.endpoint_type != EndpointType::Private
        && route.drift != Drift::Added
        && route.class.class != RouteClass::Preflight
        && matches!(
            route.audience.audience,
            Audience::Public | Audience::Customer | Audience::Checkout | Audience::Webhook | Audience::Partner
        )
}

/// What stands before a route: its web ACL's ARN and name, and what that does there.
pub(crate) fn cover(
    context: &OpenedContext,
    known: Option<&KnownWebAcls>,
    stages: &StageAcls,
    route: &Route,
) -> (Option<(String, String)>, RouteCover) {
    let without = |verdict, sentence: String| RouteCover { verdict, sentence, rules: Vec::new() };
    match route.api_kind {
        ApiKind::Rest => {}
        ApiKind::Http => {
            let words = "HTTP APIs cannot have a web ACL. CloudFront with a web ACL in front of it can do the same.";
            return (None, without(CoverVerdict::NotPossible, words.to_owned()));
        }
        ApiKind::WebSocket => {
            return (None, without(CoverVerdict::NotPossible, "WebSocket APIs cannot have a web ACL.".to_owned()));
        }
    }
    let Some(arn) = stages.get(&(route.api_id.to_string(), route.stage.to_string())) else {
        return (None, without(CoverVerdict::Unknown, "The stage could not be read.".to_owned()));
    };
    let Some(arn) = arn else {
        let words = format!("No web ACL stands before stage {} of {}.", route.stage, route.api_name);
        return (None, without(CoverVerdict::NoWebAcl, words));
    };
    let name = WebAclArn::read(arn).map_or_else(|| arn.clone(), |arn| arn.name);
    let place = Some((arn.clone(), name.clone()));
    match known.and_then(|known| known.find(arn)).and_then(|known| known.acl.as_ref()) {
        Some(acl) => (place, route_cover(acl, &addresses(context, route))),
        None => (place, without(CoverVerdict::Unknown, format!("The web ACL {name} could not be read."))),
    }
}

/// The routes behind a web ACL.
fn behind(host: &Host, label: &str, arn: &str) -> Vec<(Route, RouteBehind)> {
    let Some(context) = host.context(label) else { return Vec::new() };
    let stages = stage_acls(&context);
    let (_, index) = host.shown();
    let of = |route: &&Route| {
        let stage = stages.get(&(route.api_id.to_string(), route.stage.to_string()));
        *route.context == *label && stage.and_then(Option::as_deref) == Some(arn) && route.drift != Drift::Added
    };
    let found = index.routes().iter().filter(of);
    found
        .map(|route| {
            (route.clone(), RouteBehind { route: TouchedRoute::of(route), addresses: addresses(&context, route) })
        })
        .collect()
}

/// What a change of a web ACL means for the routes behind it.
pub(crate) fn judge(
    host: &Host,
    label: &str,
    arn: &str,
    name: &str,
    [before, after]: [&Fields; 2],
) -> (Vec<Warning>, Vec<Route>) {
    let account = arn.split(':').nth(4).unwrap_or_default();
    let namespace = format!("awswaf:{account}:webacl:{name}:");
    let read = |fields: &Fields| web_acl_of_fields(fields, arn, name, &namespace);
    let (Some(before), Some(after)) = (read(before), read(after)) else { return (Vec::new(), Vec::new()) };
    let routes = behind(host, label, arn);
    let all: Vec<RouteBehind> = routes.iter().map(|(_, behind)| behind.clone()).collect();
    let found = web_acl_warnings(&before, &after, &all);
    let mut warnings = found.warnings;
    let elsewhere = match WebAclArn::read(arn).map(|arn| arn.scope) {
        Some(WafScope::CloudFront) => "Which distributions it stands before is not read here: all of them change.",
        _ if routes.is_empty() => {
            "No stage that was read is behind it. It may stand before load balancers, user pools or AppSync APIs, which are not read here."
        }
        _ => {
            "Load balancers, user pools or AppSync APIs behind the same web ACL change with it; they are not read here."
        }
    };
    warnings.push(Warning { kind: WarningKind::Note, message: elsewhere.to_owned() });
    let domains_known = host.context(label).is_some_and(|context| context.state().account.domains_complete);
    if !routes.is_empty() && !domains_known {
        let message = "Custom domains could not all be read: routes may have addresses that are not looked at here.";
        warnings.push(Warning { kind: WarningKind::Note, message: message.to_owned() });
    }
    let touched = found.touched.into_iter().filter_map(|at| routes.get(at)).map(|(route, _)| route.clone()).collect();
    (warnings, touched)
}
