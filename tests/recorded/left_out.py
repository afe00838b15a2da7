"""Recorded sequences that are not replayed, by pattern, and why: an operation that the demo account does not have, a data
plane that it does not have, or an answer of definitions (which the product only reads) in which it still differs."""

LEFT_OUT = {
    r"api::TestApigatewayTestInvoke::.*": "TestInvokeMethod is not implemented: there is no data plane",
    r"api::TestApiGatewayApiDocumentationPart::.*": "documentation parts are not implemented",
    r"common::TestDocumentations::.*": "documentation parts and versions are not implemented",
    r"api::TestApiGatewayVpcLink::.*": "VPC links can only be listed",
    r"api::TestApigatewayIntegration::test_create_integration_with_vpc_link": "VPC links can only be listed",
    # These send requests through an API.
    r"basic::.*": "asks a data plane, which the demo account does not have",
    r"common::TestApiGatewayCommon::test_(api_gateway_request_validator(_with_ref_models)?|invocation_trace_id|input_path_template_formatting|input_body_formatting)": "asks a data plane",
    r"common::TestApigatewayRouting::test_routing_not_found": "asks a data plane",
    r"canary::TestCanaryDeployments::test_invoking_canary_deployment": "asks a data plane",
    r"lambda::test_(lambda|aws_proxy).*": "asks a data plane",
    r"integrations::test_(integration_mock.*|put_integration_responses?(_with_response_template)?)": "asks a data plane",
    r"integrations::TestApiGatewayHeaderRemapping.*": "asks a data plane",
    r"lambda::test_put_integration_aws_proxy_uri": "the URIs that were sent are not in the corpus",
    # Whole definitions in one call.
    r"import::.*_with_(global_api_key_authorizer|circular_models.*|integer_http_status_code)": "the definition is not in the corpus",
    r"extended::test_export_.*": "GetExport is not implemented",
}
