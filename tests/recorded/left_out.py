"""Recorded sequences that are not replayed, by pattern, and why."""

LEFT_OUT = {
    # The product changes no definition of an API, and the demo account answers these "not implemented".
    r"api::.*::test_update_resource_behaviour": "UpdateResource is not implemented by the demo account",
    r"api::.*::test_(model_lifecycle|update_model)": "UpdateModel is not implemented by the demo account",
    r"api::TestApiGatewayGatewayResponse::.*": "UpdateGatewayResponse and AWS's table of default responses are not implemented",
    r"api::TestApigatewayTestInvoke::.*": "TestInvokeMethod is not implemented: there is no data plane",
    r"(api|common)::.*(doc_parts|documentation|Documentations).*": "documentation parts and versions are not implemented",
    r"api::TestApigatewayMethodResponse::.*": "UpdateMethodResponse is not implemented by the demo account",
    r"api::.*VpcLink.*|api::.*with_vpc_link": "VPC links can only be listed in the demo account",
    r"api::TestApigatewayIntegrationResponse::test_(lifecycle|delete)_?.*": "UpdateIntegrationResponse is not implemented",
    r"api::TestApigatewayIntegrationResponse::test_integration_response_.*": "validation of responses belongs to definitions, which the product does not write",
    r"api::TestApigatewayIntegration::test_put_integration_response_(validation|templates)": "validation of templates belongs to definitions",
    r"api::.*::test_create_rest_api_private_type": "resource policies of private APIs are checked by AWS against VPC endpoints",
    r"api::.*::test_update_rest_api_ip_address_type": "IP address types are not kept by the demo account",
    # These send requests through an API.
    r"basic::.*": "asks a data plane, which the demo account does not have",
    r"common::TestApiGatewayCommon::.*|common::TestApigatewayRouting::.*": "asks a data plane",
    r"canary::TestCanaryDeployments::.*": "asks a data plane",
    # Whole definitions in one call.
    r"import::.*": "ImportRestApi is not implemented: `portcullis demo import` reads definitions itself",
    r"extended::test_export_.*": "GetExport is not implemented by the demo account",
}
