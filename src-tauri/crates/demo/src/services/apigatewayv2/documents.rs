//! What `apigatewayv2` fills in and refuses, by kind of resource: defaults that AWS answers with, members
//! that a request may set, and the member that is the id.

use serde_json::{Map, Value, json};

/// A kind of resource that is created, read, updated and deleted in the same way.
pub(super) struct Kind {
    /// The path segment of its collection.
    pub(super) segment: &'static str,
    /// What AWS calls it in `Invalid … identifier specified`.
    pub(super) noun: &'static str,
    /// The member that is its id.
    pub(super) id: &'static str,
    /// Whether the request names the id (stages) or the service makes one of this length.
    pub(super) id_length: Option<usize>,
    /// Members without which the request is refused, with the service's name for them.
    pub(super) required: &'static [&'static str],
    /// Members that a request may set.
    pub(super) members: &'static [&'static str],
}

/// The kinds that live in an API.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        segment: "authorizers",
        noun: "Authorizer",
        id: "authorizerId",
        id_length: Some(6),
        required: &["authorizerType", "name"],
        members: &[
            "authorizerCredentialsArn",
            "authorizerPayloadFormatVersion",
            "authorizerResultTtlInSeconds",
            "authorizerType",
            "authorizerUri",
            "enableSimpleResponses",
            "identitySource",
            "identityValidationExpression",
            "jwtConfiguration",
            "name",
        ],
    },
    Kind {
        segment: "deployments",
        noun: "Deployment",
        id: "deploymentId",
        id_length: Some(6),
        required: &[],
        members: &["description"],
    },
    Kind {
        segment: "integrations",
        noun: "Integration",
        id: "integrationId",
        id_length: Some(7),
        required: &["integrationType"],
        members: &[
            "connectionId",
            "connectionType",
            "contentHandlingStrategy",
            "credentialsArn",
            "description",
            "integrationMethod",
            "integrationSubtype",
            "integrationType",
            "integrationUri",
            "passthroughBehavior",
            "payloadFormatVersion",
            "requestParameters",
            "requestTemplates",
            "responseParameters",
            "templateSelectionExpression",
            "timeoutInMillis",
            "tlsConfig",
        ],
    },
    Kind {
        segment: "integrationresponses",
        noun: "IntegrationResponse",
        id: "integrationResponseId",
        id_length: Some(7),
        required: &["integrationResponseKey"],
        members: &[
            "contentHandlingStrategy",
            "integrationResponseKey",
            "responseParameters",
            "responseTemplates",
            "templateSelectionExpression",
        ],
    },
    Kind {
        segment: "models",
        noun: "Model",
        id: "modelId",
        id_length: Some(6),
        required: &["name", "schema"],
        members: &["contentType", "description", "name", "schema"],
    },
    Kind {
        segment: "routes",
        noun: "Route",
        id: "routeId",
        id_length: Some(7),
        required: &["routeKey"],
        members: &[
            "apiKeyRequired",
            "authorizationScopes",
            "authorizationType",
            "authorizerId",
            "modelSelectionExpression",
            "operationName",
            "requestModels",
            "requestParameters",
            "routeKey",
            "routeResponseSelectionExpression",
            "target",
        ],
    },
    Kind {
        segment: "routeresponses",
        noun: "RouteResponse",
        id: "routeResponseId",
        id_length: Some(6),
        required: &["routeResponseKey"],
        members: &["modelSelectionExpression", "responseModels", "responseParameters", "routeResponseKey"],
    },
    Kind {
        segment: "stages",
        noun: "Stage",
        id: "stageName",
        id_length: None,
        required: &["stageName"],
        members: &[
            "accessLogSettings",
            "autoDeploy",
            "clientCertificateId",
            "defaultRouteSettings",
            "deploymentId",
            "description",
            "routeSettings",
            "stageName",
            "stageVariables",
            "tags",
        ],
    },
    Kind {
        segment: "apimappings",
        noun: "ApiMapping",
        id: "apiMappingId",
        id_length: Some(6),
        required: &["apiId", "stage"],
        members: &["apiId", "apiMappingKey", "stage"],
    },
];

/// Members of an API that a request may set.
pub(super) const API_MEMBERS: &[&str] = &[
    "apiKeySelectionExpression",
    "corsConfiguration",
    "description",
    "disableExecuteApiEndpoint",
    "disableSchemaValidation",
    "ipAddressType",
    "name",
    "protocolType",
    "routeSelectionExpression",
    "tags",
    "version",
];

/// The kind by its path segment.
pub(super) fn kind(segment: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.segment == segment)
}

/// Takes the members of `body` that `allowed` names into `document`; an empty text or object clears.
pub(super) fn take(document: &mut Map<String, Value>, body: &Map<String, Value>, allowed: &[&str]) {
    for (key, value) in body {
        if allowed.contains(&key.as_str()) && !value.is_null() {
            document.insert(key.clone(), value.clone());
        }
    }
}

/// What AWS answers for members that the request left out.
pub(super) fn defaults(segment: &str, protocol: &str, document: &mut Map<String, Value>) {
    let found = match segment {
        "routes" => json!({ "apiKeyRequired": false, "authorizationType": "NONE" }),
        "integrations" => {
            let timeout = if protocol == "HTTP" { 30_000 } else { 29_000 };
            json!({ "connectionType": "INTERNET", "timeoutInMillis": timeout })
        }
        "stages" => json!({
            "defaultRouteSettings": { "detailedMetricsEnabled": false }, "routeSettings": {}, "stageVariables": {},
            "tags": {}
        }),
        "authorizers" if protocol == "WEBSOCKET" => json!({ "identitySource": [] }),
        _ => json!({}),
    };
    for (key, value) in found.as_object().into_iter().flatten() {
        document.entry(key.clone()).or_insert_with(|| value.clone());
    }
}
