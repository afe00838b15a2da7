//! Where a route's guard comes from, in sentences for the detail view: the deployment's word, the draft's, and what
//! neither of them says.

use crate::{
    api::{ApiKind, Authorizer, EndpointType, Stage},
    route::{Drift, Guard, Route},
};

/// The notes about one route. `authorizer` is the route's own, where it could be read.
#[must_use]
pub fn guard_notes(route: &Route, stage: &Stage, authorizer: Option<&Authorizer>) -> Vec<String> {
    let Guard { authorization_type, api_key_required, .. } = &route.guard;
    let mut notes = vec![origin(route, stage)];
    if route.drift == Drift::Removed {
        notes.push("The draft has this route no more: the next deployment ends it.".to_owned());
    }
    if route.drift == Drift::LiveOnly {
        notes.push(
            "The API's resources could not all be read: what the draft says of this route is not known.".to_owned(),
        );
    }
    if route.drift == Drift::Changed {
        notes.extend(route.drift_detail.as_ref().map(|detail| format!("The draft differs: {detail}.")));
    }
    if let Some(name) = &route.guard.authorizer {
        let from = match route.api_kind {
            ApiKind::Rest => ", as the draft has it; a deployment's summary does not name authorizers",
            ApiKind::Http | ApiKind::WebSocket => "",
        };
        notes.push(format!("The authorizer is {name}{from}."));
    } else if route.drift != Drift::LiveOnly && matches!(&**authorization_type, "CUSTOM" | "COGNITO_USER_POOLS" | "JWT")
    {
        notes.push("Which authorizer is asked is not known: the draft has none for this type.".to_owned());
    }
    // `authorizerResultTtlInSeconds`: 300 where nobody chose, 0 to 3600.
    notes.extend(authorizer.and_then(|authorizer| authorizer.ttl_seconds).map(|seconds| match seconds {
        0 => "Its decisions are not cached: every request asks it.".to_owned(),
        _ => format!("Its decisions are cached for {seconds} s: a token that is revoked is let in until then."),
    }));
    if &**authorization_type == "NONE" {
        notes.push(match api_key_required {
            true => "An API key says whose quota is used; it is no authorization.".to_owned(),
            false => "Nobody is asked who they are.".to_owned(),
        });
    }
    if route.endpoint_type == EndpointType::Private {
        notes.push("The endpoint is private: reached from VPC endpoints only. Where from is not who.".to_owned());
    }
    if route.api_kind == ApiKind::WebSocket && &*route.path != "$connect" {
        notes.push(
            "A WebSocket API authorizes at $connect; messages come over the connection that it let in.".to_owned(),
        );
    }
    notes
}

fn origin(route: &Route, stage: &Stage) -> String {
    let Guard { authorization_type, api_key_required, .. } = &route.guard;
    let key = if *api_key_required { "an API key is required" } else { "no API key is required" };
    match (route.drift, &stage.deployment_id) {
        (Drift::Added, Some(deployment)) => format!(
            "The draft says {authorization_type}, and {key}. Deployment {deployment}, which the stage serves, does not \
             have this method: it is not live."
        ),
        (Drift::Added, None) => {
            format!("The draft says {authorization_type}, and {key}. The stage has no deployment: nothing is live.")
        }
        (Drift::DraftOnly, _) => {
            format!(
                "The draft says {authorization_type}, and {key}. Whether the stage serves it like this is not known."
            )
        }
        (Drift::None | Drift::Changed | Drift::Removed | Drift::LiveOnly, Some(deployment))
            if route.api_kind == ApiKind::Rest =>
        {
            format!("Deployment {deployment}, which the stage serves, says {authorization_type}, and {key}.")
        }
        (Drift::None | Drift::Changed | Drift::Removed | Drift::LiveOnly, _) => {
            format!(
                "The API says {authorization_type}, and {key}. The stage deploys every change by itself: this is live."
            )
        }
    }
}
