//! The services of one region, side by side, and the way from a request to an answer.

use bytes::Bytes;
use http::Response;
use serde_json::Value;

use super::{
    Around, Refusal, apigatewayv2, cloudtrail,
    cloudwatch::CloudWatch,
    logs::Logs,
    sns, sts,
    wafv2::WebAcls,
    wire::{Addressed, Protocol, Service, respond, respond_xml},
};
use crate::{rest::RestApis, traffic::Traffic};

/// Everything beside REST that a region holds.
#[derive(Debug, Default)]
pub(crate) struct Services {
    pub(crate) http_apis: apigatewayv2::HttpApis,
    pub(crate) web_acls: WebAcls,
    pub(crate) cloudwatch: CloudWatch,
    pub(crate) logs: Logs,
    /// Whether CloudWatch has no series of its own for canaries.
    pub(crate) canaries_unseen: bool,
}

impl Services {
    /// Answers a request that was addressed to one of them. `rest` are the REST APIs of the region, for ARNs and for
    /// traffic; `events` are the recorder's, oldest first.
    pub(crate) fn answer(
        &mut self,
        addressed: &Addressed,
        rest: &RestApis,
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
            Service::Sns => {
                let Protocol::Query(namespace) = protocol else {
                    let refusal = Refusal::new(400, "InvalidAction", "SNS speaks the query protocol.");
                    return respond(*protocol, Err(refusal), request_id);
                };
                return respond_xml(
                    namespace,
                    operation,
                    sns::answer(operation, parameters, around.region),
                    request_id,
                );
            }
            Service::ApiGatewayV2 => match body.as_object() {
                Some(body) => {
                    let call = apigatewayv2::Call { segments, query: parameters, body };
                    self.http_apis.answer(operation, &call, around)
                }
                None => Err(Refusal::new(400, "BadRequestException", "The body is no JSON object.")),
            },
            Service::CloudWatch => {
                let (now, acls) = (around.now, self.web_acls.traffic(around.region));
                let (http_apis, seen) = (&self.http_apis, !self.canaries_unseen);
                let traffic = || Traffic::of(rest, http_apis, now).with_canary_series(seen);
                self.cloudwatch.answer(operation, body, &traffic, &acls, around)
            }
            Service::Logs => {
                let (now, http_apis) = (around.now, &self.http_apis);
                self.logs.answer(operation, body, rest, &|| Traffic::of(rest, http_apis, now), around)
            }
            Service::Wafv2 => self.web_acls.answer(operation, body, &|arn: &str| rest.stage_exists(arn), around),
            Service::CloudTrail => cloudtrail::answer(operation, body, events, around),
        };
        respond(*protocol, outcome, request_id)
    }
}
