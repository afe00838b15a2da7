//! Where an API can be reached.

use crate::{
    api::EndpointType,
    audience::Audience,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, Severity},
    },
    route::Route,
};

/// Staff's and services' routes on the open internet.
pub(in crate::findings) static PUBLIC_ENDPOINT: Control = Control {
    id: "C13",
    title: "Routes of staff and services are not on the open internet",
    scope: Scope::Stage,
    severity: |audience| match audience {
        Audience::Admin => Severity::High,
        Audience::Partner => Severity::Low,
        _ => Severity::Medium,
    },
    why: "Scanners flag every public API, the shop's included, until nobody reads the flag. Public is a mistake where \
          the audience is staff or other services.",
    logic: "Per stage: fail when the endpoint is EDGE or REGIONAL and the stage serves admin or internal routes; the \
            finding names them. Internal routes signed with AWS_IAM pass. Not applicable when it serves neither.",
    remedy: "Move the routes to an API with a private endpoint, reached through VPC endpoints.",
    commands: &[],
    operation: None,
    mappings: Mappings {
        security_hub: &[],
        pci: &["1.3.1", "1.4.1", "1.4.4"],
        prowler: &["apigateway_restapi_public", "apigateway_restapi_public_with_authorizer"],
    },
    rule: Rule::Api(|scene, bench| {
        let endpoint = scene.inventory.api.endpoint_type;
        for (stage, routes) in scene.stages() {
            let concerned: Vec<&Route> = routes
                .iter()
                .copied()
                .filter(|route| matches!(route.audience.audience, Audience::Admin | Audience::Internal))
                .collect();
            if concerned.is_empty() {
                bench.stage(
                    scene,
                    &stage.name,
                    &routes,
                    Outcome::NotApplicable("it serves neither staff nor services"),
                );
                continue;
            }
            let signed = |route: &Route| {
                route.audience.audience == Audience::Internal && &*route.guard.authorization_type == "AWS_IAM"
            };
            let exposed: Vec<&Route> = match endpoint {
                EndpointType::Private => Vec::new(),
                EndpointType::Edge | EndpointType::Regional => {
                    concerned.iter().copied().filter(|route| !signed(route)).collect()
                }
            };
            let outcome = match scene.documents.api() {
                None => Outcome::Unknown(scene.unread("GetRestApis")),
                Some(part) => {
                    let words = match endpoint {
                        EndpointType::Private => "private",
                        EndpointType::Regional => "regional, on the open internet",
                        EndpointType::Edge => "edge-optimised, on the open internet",
                    };
                    let actual = format!("{words}, with {} of {} such routes exposed", exposed.len(), concerned.len());
                    let facts = Facts::new("a private endpoint, or IAM for services", actual)
                        .cite(&part.get("endpointConfiguration").get("types"));
                    Outcome::holds(exposed.is_empty(), facts)
                }
            };
            bench.stage(scene, &stage.name, if exposed.is_empty() { &concerned } else { &exposed }, outcome);
        }
    }),
};

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };

    #[test]
    fn the_open_internet() {
        let admin = || Kit::rest().audience("admin").route("POST /refunds", "CUSTOM");
        table(
            "C13",
            vec![
                ("staff in the open", admin(), Fail),
                ("staff in private", admin().private(), Pass),
                ("services that sign", Kit::rest().audience("internal").route("GET /stock", "AWS_IAM"), Pass),
                ("the shop", Kit::rest().audience("public").route("GET /products", "NONE"), NotApplicable),
                ("denied", admin().denied("GetRestApis"), Unknown),
            ],
        );
    }
}
