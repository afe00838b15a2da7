//! Custom domain names and base path mappings.

use serde_json::{Value, json};

use super::{
    Call, RestApis,
    state::{Domain, bad_request, copy, list, not_found, set, text},
};
use crate::services::{Outcome, Refusal};

impl RestApis {
    pub(super) fn domain_operation(&mut self, call: &Call<'_>) -> Outcome {
        let operation = call.found.operation;
        match operation {
            "CreateDomainName" => return self.create_domain_name(call),
            "GetDomainNames" => {
                return list(&self.domains.values().map(|domain| &domain.document).collect::<Vec<_>>(), &call.query);
            }
            _ => {}
        }
        let name = call.path("domain").to_owned();
        if operation == "CreateBasePathMapping" {
            let (api, stage) = (text(call.body, "restApiId"), text(call.body, "stage"));
            let found = self.apis.get(api).ok_or_else(|| bad_request("Invalid API identifier specified"))?;
            if !stage.is_empty() && !found.stages.contains_key(stage) {
                return Err(bad_request("Invalid stage identifier specified"));
            }
        }
        let domain =
            self.domains.get_mut(&name).ok_or_else(|| not_found("Invalid domain name identifier specified"))?;
        let path = call.path("path").to_owned();
        match operation {
            "GetDomainName" => Ok((200, domain.document.clone())),
            "DeleteDomainName" => {
                self.domains.shift_remove(&name);
                Ok((202, Value::Null))
            }
            "GetBasePathMappings" => list(&domain.mappings.values().collect::<Vec<_>>(), &call.query),
            "CreateBasePathMapping" => {
                let base = match text(call.body, "basePath") {
                    "" => "(none)",
                    given => given,
                };
                if domain.mappings.contains_key(base) {
                    return Err(Refusal::new(
                        409,
                        "ConflictException",
                        "Base path already exists for this domain name",
                    ));
                }
                let mut mapping = json!({ "basePath": base, "restApiId": text(call.body, "restApiId") });
                copy(call.body, &mut mapping, &["stage"]);
                domain.mappings.insert(base.to_owned(), mapping.clone());
                Ok((201, mapping))
            }
            "GetBasePathMapping" => {
                let mapping = domain.mappings.get(&path).cloned();
                mapping
                    .map(|mapping| (200, mapping))
                    .ok_or_else(|| not_found("Invalid base path mapping identifier specified"))
            }
            "DeleteBasePathMapping" => domain
                .mappings
                .shift_remove(&path)
                .map(|_| (202, Value::Null))
                .ok_or_else(|| not_found("Invalid base path mapping identifier specified")),
            _ => Err(Refusal::not_implemented("apigateway", operation)),
        }
    }

    fn create_domain_name(&mut self, call: &Call<'_>) -> Outcome {
        let body = call.body;
        let name = text(body, "domainName").to_owned();
        if name.is_empty() {
            return Err(bad_request("Domain name is required"));
        }
        if self.domains.contains_key(&name) {
            return Err(bad_request("The domain name you provided already exists."));
        }
        let mut document = json!({ "domainName": name, "domainNameStatus": "AVAILABLE" });
        copy(
            body,
            &mut document,
            &[
                "certificateArn",
                "certificateName",
                "regionalCertificateArn",
                "endpointConfiguration",
                "securityPolicy",
                "tags",
                "mutualTlsAuthentication",
                "routingMode",
            ],
        );
        let regional = body.pointer("/endpointConfiguration/types/0").and_then(Value::as_str) != Some("EDGE");
        let (member, target) = if regional {
            ("regionalDomainName", "d-demo.execute-api.amazonaws.com")
        } else {
            ("distributionDomainName", "d111111abcdef8.cloudfront.net")
        };
        set(&mut document, member, json!(target));
        self.domains.insert(name, Domain { document: document.clone(), ..Domain::default() });
        Ok((201, document))
    }
}
