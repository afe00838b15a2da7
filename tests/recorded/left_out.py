"""Recorded sequences that are not replayed, by pattern, and why: an operation that the demo account does not have, a data
plane that it does not have, or an answer of definitions (which the product only reads) in which it still differs."""

LEFT_OUT = {
    r"api::TestApiGatewayApiResource::test_update_resource_behaviour": "UpdateResource is not implemented",
    r"api::TestApiGatewayApiModels::test_update_model": "UpdateModel is not implemented",
    r"api::TestApiGatewayApiModels::test_model_lifecycle": "differs: a new API has AWS's three default models, here one",
    r"api::TestApiGatewayGatewayResponse::test_update_gateway_response": "UpdateGatewayResponse is not implemented",
    r"api::TestApiGatewayGatewayResponse::test_gateway_response_(put|validation)": "differs: AWS's table of default responses is not here",
    r"api::TestApigatewayTestInvoke::.*": "TestInvokeMethod is not implemented: there is no data plane",
    r"api::TestApiGatewayApiDocumentationPart::.*": "documentation parts are not implemented",
    r"common::TestDocumentations::.*": "documentation parts and versions are not implemented",
    r"api::TestApigatewayMethodResponse::.*": "UpdateMethodResponse is not implemented",
    r"api::TestApiGatewayVpcLink::.*": "VPC links can only be listed",
    r"api::TestApigatewayIntegration::test_create_integration_with_vpc_link": "VPC links can only be listed",
    r"api::TestApigatewayIntegrationResponse::test_lifecycle_integration_response": "UpdateIntegrationResponse is not implemented",
    r"api::TestApigatewayIntegrationResponse::test_delete_integration_response_errors": "differs: the message for a missing method",
    r"api::TestApigatewayIntegrationResponse::test_integration_response_wrong_status_code": "differs: the message for a missing status",
    r"api::TestApigatewayIntegrationResponse::test_integration_response_invalid_statuscode": "differs: the shape of the error",
    r"api::TestApigatewayIntegrationResponse::test_integration_response_invalid_responsetemplates": "differs: AWS refuses the templates",
    r"api::TestApigatewayIntegration::test_put_integration_response_templates": "differs: AWS answers an empty template with null",
    r"api::TestApiGatewayApiRestApi::test_create_rest_api_private_type": "differs: AWS refuses PRIVATE with IPv4 alone",
    r"api::TestApiGatewayApiRestApi::test_update_rest_api_ip_address_type": "differs: IP address types are not checked",
    # Match, as far as tried by hand; not written down as sequences yet.
    r"api::TestApigatewayIntegration::test_put_integration_response_validation": "not written yet",
    r"api::TestApigatewayIntegrationResponse::test_integration_response_(wrong_resource|wrong_method|invalid_integration)": "not written yet",
    # These send requests through an API.
    r"basic::.*": "asks a data plane, which the demo account does not have",
    r"common::TestApiGatewayCommon::test_(api_gateway_request_validator(_with_ref_models)?|invocation_trace_id|input_path_template_formatting|input_body_formatting)": "asks a data plane",
    r"common::TestApigatewayRouting::test_routing_not_found": "asks a data plane",
    r"canary::TestCanaryDeployments::test_invoking_canary_deployment": "asks a data plane",
    # Whole definitions in one call.
    r"import::.*": "ImportRestApi is not implemented: `portcullis demo import` reads definitions itself",
    r"extended::test_export_.*": "GetExport is not implemented",
}
