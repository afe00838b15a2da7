//! The services of one region, side by side, and the way from a request to an answer.

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use super::{
    Around, Refusal, apigatewayv2, cloudtrail,
    cloudwatch::CloudWatch,
    sts,
    wafv2::WebAcls,
    wire::{Addressed, Protocol, Service, respond, respond_xml},
};

/// Everything beside REST that a region holds.
#[derive(Debug, Default)]
pub(crate) struct Services {
    pub(crate) http_apis: apigatewayv2::HttpApis,
    pub(crate) web_acls: WebAcls,
    pub(crate) cloudwatch: CloudWatch,
}

impl Services {
    /// Answers a request that was addressed to one of them. `stage_exists` tells whether an ARN is a stage of
    /// the account; `events` are the recorder's, oldest first.
    pub(crate) fn answer(
        &mut self,
        addressed: &Addressed,
        stage_exists: &dyn Fn(&str) -> bool,
        events: &[Value],
        around: &mut Around<'_>,
        request_id: &str,
    ) -> Response<Bytes> {
        let Addressed { service, protocol, operation, segments, parameters, body } = addressed;
        let outcome = match service {
            Service::Sts => {
                let Protocol::Query(namespace) = protocol else {
                    let refusal = Refusal::new(400, "InvalidAction", "STS speaks the query protocol.");
                    return respond(*protocol, Err(refusal), request_id);
                };
                return respond_xml(namespace, operation, sts::answer(operation, parameters, around), request_id);
            }
            Service::ApiGatewayV2 => match body.as_object() {
                Some(body) => {
                    let call = apigatewayv2::Call { segments, query: parameters, body };
                    self.http_apis.answer(operation, &call, around)
                }
                None => Err(Refusal::new(400, "BadRequestException", "The body is no JSON object.")),
            },
            Service::CloudWatch => self.cloudwatch.answer(operation, body, around),
            Service::Wafv2 => self.web_acls.answer(operation, body, stage_exists, around),
            Service::CloudTrail => cloudtrail::answer(operation, body, events, around),
        };
        respond(*protocol, outcome, request_id)
    }
}
