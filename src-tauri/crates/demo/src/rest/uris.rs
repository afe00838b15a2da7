//! Which operation a method and path is: the URIs of the API Gateway model, one row each.

/// `(method, path, status of success, operation)`; a segment in braces takes anything.
const URIS: &[(&str, &str, u16, &str)] = &[
    ("GET", "account", 200, "GetAccount"),
    ("PATCH", "account", 200, "UpdateAccount"),
    ("POST", "apikeys", 201, "CreateApiKey"),
    ("GET", "apikeys", 200, "GetApiKeys"),
    ("DELETE", "apikeys/{id}", 202, "DeleteApiKey"),
    ("GET", "apikeys/{id}", 200, "GetApiKey"),
    ("PATCH", "apikeys/{id}", 200, "UpdateApiKey"),
    ("GET", "clientcertificates", 200, "GetClientCertificates"),
    ("POST", "domainnames", 201, "CreateDomainName"),
    ("GET", "domainnames", 200, "GetDomainNames"),
    ("DELETE", "domainnames/{domain}", 202, "DeleteDomainName"),
    ("GET", "domainnames/{domain}", 200, "GetDomainName"),
    ("POST", "domainnames/{domain}/basepathmappings", 201, "CreateBasePathMapping"),
    ("GET", "domainnames/{domain}/basepathmappings", 200, "GetBasePathMappings"),
    ("DELETE", "domainnames/{domain}/basepathmappings/{path}", 202, "DeleteBasePathMapping"),
    ("GET", "domainnames/{domain}/basepathmappings/{path}", 200, "GetBasePathMapping"),
    ("POST", "restapis", 201, "CreateRestApi"),
    ("GET", "restapis", 200, "GetRestApis"),
    ("DELETE", "restapis/{api}", 202, "DeleteRestApi"),
    ("GET", "restapis/{api}", 200, "GetRestApi"),
    ("PATCH", "restapis/{api}", 200, "UpdateRestApi"),
    ("PUT", "restapis/{api}", 200, "PutRestApi"),
    ("POST", "restapis/{api}/authorizers", 201, "CreateAuthorizer"),
    ("GET", "restapis/{api}/authorizers", 200, "GetAuthorizers"),
    ("DELETE", "restapis/{api}/authorizers/{id}", 202, "DeleteAuthorizer"),
    ("GET", "restapis/{api}/authorizers/{id}", 200, "GetAuthorizer"),
    ("PATCH", "restapis/{api}/authorizers/{id}", 200, "UpdateAuthorizer"),
    ("POST", "restapis/{api}/deployments", 201, "CreateDeployment"),
    ("GET", "restapis/{api}/deployments", 200, "GetDeployments"),
    ("DELETE", "restapis/{api}/deployments/{id}", 202, "DeleteDeployment"),
    ("GET", "restapis/{api}/deployments/{id}", 200, "GetDeployment"),
    ("PATCH", "restapis/{api}/deployments/{id}", 200, "UpdateDeployment"),
    ("GET", "restapis/{api}/gatewayresponses", 200, "GetGatewayResponses"),
    ("DELETE", "restapis/{api}/gatewayresponses/{id}", 202, "DeleteGatewayResponse"),
    ("GET", "restapis/{api}/gatewayresponses/{id}", 200, "GetGatewayResponse"),
    ("PATCH", "restapis/{api}/gatewayresponses/{id}", 200, "UpdateGatewayResponse"),
    ("PUT", "restapis/{api}/gatewayresponses/{id}", 201, "PutGatewayResponse"),
    ("POST", "restapis/{api}/models", 201, "CreateModel"),
    ("GET", "restapis/{api}/models", 200, "GetModels"),
    ("DELETE", "restapis/{api}/models/{id}", 202, "DeleteModel"),
    ("GET", "restapis/{api}/models/{id}", 200, "GetModel"),
    ("PATCH", "restapis/{api}/models/{id}", 200, "UpdateModel"),
    ("POST", "restapis/{api}/requestvalidators", 201, "CreateRequestValidator"),
    ("GET", "restapis/{api}/requestvalidators", 200, "GetRequestValidators"),
    ("DELETE", "restapis/{api}/requestvalidators/{id}", 202, "DeleteRequestValidator"),
    ("GET", "restapis/{api}/requestvalidators/{id}", 200, "GetRequestValidator"),
    ("PATCH", "restapis/{api}/requestvalidators/{id}", 200, "UpdateRequestValidator"),
    ("GET", "restapis/{api}/resources", 200, "GetResources"),
    ("POST", "restapis/{api}/resources/{parent}", 201, "CreateResource"),
    ("DELETE", "restapis/{api}/resources/{resource}", 202, "DeleteResource"),
    ("GET", "restapis/{api}/resources/{resource}", 200, "GetResource"),
    ("PATCH", "restapis/{api}/resources/{resource}", 200, "UpdateResource"),
    ("DELETE", "restapis/{api}/resources/{resource}/methods/{method}", 204, "DeleteMethod"),
    ("GET", "restapis/{api}/resources/{resource}/methods/{method}", 200, "GetMethod"),
    ("PUT", "restapis/{api}/resources/{resource}/methods/{method}", 201, "PutMethod"),
    ("PATCH", "restapis/{api}/resources/{resource}/methods/{method}", 200, "UpdateMethod"),
    ("DELETE", "restapis/{api}/resources/{resource}/methods/{method}/integration", 204, "DeleteIntegration"),
    ("GET", "restapis/{api}/resources/{resource}/methods/{method}/integration", 200, "GetIntegration"),
    ("PUT", "restapis/{api}/resources/{resource}/methods/{method}/integration", 201, "PutIntegration"),
    ("PATCH", "restapis/{api}/resources/{resource}/methods/{method}/integration", 200, "UpdateIntegration"),
    (
        "DELETE",
        "restapis/{api}/resources/{resource}/methods/{method}/integration/responses/{status}",
        204,
        "DeleteIntegrationResponse",
    ),
    (
        "GET",
        "restapis/{api}/resources/{resource}/methods/{method}/integration/responses/{status}",
        200,
        "GetIntegrationResponse",
    ),
    (
        "PUT",
        "restapis/{api}/resources/{resource}/methods/{method}/integration/responses/{status}",
        201,
        "PutIntegrationResponse",
    ),
    (
        "PATCH",
        "restapis/{api}/resources/{resource}/methods/{method}/integration/responses/{status}",
        200,
        "UpdateIntegrationResponse",
    ),
    ("PATCH", "restapis/{api}/resources/{resource}/methods/{method}/responses/{status}", 201, "UpdateMethodResponse"),
    ("DELETE", "restapis/{api}/resources/{resource}/methods/{method}/responses/{status}", 204, "DeleteMethodResponse"),
    ("GET", "restapis/{api}/resources/{resource}/methods/{method}/responses/{status}", 200, "GetMethodResponse"),
    ("PUT", "restapis/{api}/resources/{resource}/methods/{method}/responses/{status}", 201, "PutMethodResponse"),
    ("POST", "restapis/{api}/stages", 201, "CreateStage"),
    ("GET", "restapis/{api}/stages", 200, "GetStages"),
    ("DELETE", "restapis/{api}/stages/{stage}", 202, "DeleteStage"),
    ("GET", "restapis/{api}/stages/{stage}", 200, "GetStage"),
    ("PATCH", "restapis/{api}/stages/{stage}", 200, "UpdateStage"),
    ("DELETE", "restapis/{api}/stages/{stage}/cache/authorizers", 202, "FlushStageAuthorizersCache"),
    ("DELETE", "restapis/{api}/stages/{stage}/cache/data", 202, "FlushStageCache"),
    ("GET", "restapis/{api}/stages/{stage}/exports/{kind}", 200, "GetExport"),
    ("GET", "tags/{arn}", 200, "GetTags"),
    ("PUT", "tags/{arn}", 204, "TagResource"),
    ("DELETE", "tags/{arn}", 204, "UntagResource"),
    ("POST", "usageplans", 201, "CreateUsagePlan"),
    ("GET", "usageplans", 200, "GetUsagePlans"),
    ("DELETE", "usageplans/{plan}", 202, "DeleteUsagePlan"),
    ("GET", "usageplans/{plan}", 200, "GetUsagePlan"),
    ("PATCH", "usageplans/{plan}", 200, "UpdateUsagePlan"),
    ("POST", "usageplans/{plan}/keys", 201, "CreateUsagePlanKey"),
    ("GET", "usageplans/{plan}/keys", 200, "GetUsagePlanKeys"),
    ("DELETE", "usageplans/{plan}/keys/{key}", 202, "DeleteUsagePlanKey"),
    ("GET", "usageplans/{plan}/keys/{key}", 200, "GetUsagePlanKey"),
    ("PATCH", "usageplans/{plan}/keys/{key}/usage", 200, "UpdateUsage"),
    ("GET", "usageplans/{plan}/usage", 200, "GetUsage"),
    ("GET", "vpclinks", 200, "GetVpcLinks"),
];

/// First segments of the service's paths, implemented or not.
pub(crate) const ROOTS: &[&str] = &[
    "account",
    "apikeys",
    "clientcertificates",
    "domainnameaccessassociations",
    "domainnames",
    "rejectdomainnameaccessassociations",
    "restapis",
    "sdktypes",
    "tags",
    "usageplans",
    "vpclinks",
];

/// An operation with the values of its path, in the order of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    /// `(name in the template, value)`.
    pub(crate) captures: Vec<(&'static str, String)>,
}

/// Finds the operation; `None` when there is none of that shape.
pub(crate) fn find(method: &str, segments: &[String]) -> Option<Found> {
    URIS.iter().filter(|row| row.0 == method).find_map(|(_, template, status, operation)| {
        let parts: Vec<&'static str> = template.split('/').collect();
        if parts.len() != segments.len() {
            return None;
        }
        let mut captures = Vec::new();
        for (part, segment) in parts.iter().zip(segments) {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                Some(name) => captures.push((name, segment.clone())),
                None if part == segment => {}
                None => return None,
            }
        }
        Some(Found { operation, status: *status, captures })
    })
}
