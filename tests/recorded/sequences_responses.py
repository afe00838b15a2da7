"""Responses: of the gateway itself, of methods, of integrations."""

from sequences_methods import api_of
from sequences_stages import add, remove, replace

HEADER = {"gatewayresponse.header.x-request-header": "method.request.header.Accept"}
EVERY_HEADER = HEADER | {
    "gatewayresponse.header.Access-Control-Allow-Origin": "'a.b.c'",
    "gatewayresponse.header.x-request-path": "method.request.path.petId",
    "gatewayresponse.header.x-request-query": "method.request.querystring.q",
}


def gateway_put(client, recording):
    api = {"restApiId": api_of(client)[0]}
    template = recording.answers["put-gateway-response-all-value"]["responseTemplates"]

    def put(step, kind, **response):
        recording.check(step, client.put_gateway_response, **api, responseType=kind, **response)

    missing = "MISSING_AUTHENTICATION_TOKEN"
    everything = {"statusCode": "404", "responseParameters": EVERY_HEADER, "responseTemplates": template}
    put("put-gateway-response-all-value", missing, **everything)
    put("put-gateway-response-status-only", missing, statusCode="404")
    put("put-gateway-response-response-parameters-only", missing, responseParameters=HEADER)
    put("put-gateway-response-response-templates-only", missing, responseTemplates=template)
    default = {"statusCode": "599", "responseParameters": HEADER, "responseTemplates": template}
    put("put-gateway-response-default-5xx", "DEFAULT_5XX", **default)
    ignored = {"gatewayresponse.header.foo": "'bar'"}
    put("put-gateway-response-default-ignored", "AUTHORIZER_FAILURE", responseParameters=ignored)
    recording.check("get-gateway-responses", client.get_gateway_responses, **api)


def gateway_validation(client, recording):
    unknown, api = {"restApiId": "fake-api-id"}, {"restApiId": api_of(client)[0]}
    set_kind, wrong = {"responseType": "DEFAULT_4XX"}, {"responseType": "FAKE_RESPONSE_TYPE"}
    recording.check("get-gateway-responses-no-api", client.get_gateway_responses, **unknown)
    recording.check("get-gateway-response-no-api", client.get_gateway_response, **unknown, **set_kind)
    recording.check("delete-gateway-response-no-api", client.delete_gateway_response, **unknown, **set_kind)
    step = "update-gateway-response-no-api"
    recording.check(step, client.update_gateway_response, **unknown, **set_kind, patchOperations=[])
    recording.check("delete-gateway-response-not-set", client.delete_gateway_response, **api, **set_kind)
    recording.check("get-gateway-response-wrong-response-type", client.get_gateway_response, **api, **wrong)
    recording.check("delete-gateway-response-wrong-response-type", client.delete_gateway_response, **api, **wrong)
    step = "update-gateway-response-wrong-response-type"
    recording.check(step, client.update_gateway_response, **api, **wrong, patchOperations=[])
    put = client.put_gateway_response
    recording.check("put-gateway-response-wrong-response-type", put, **api, **wrong, statusCode="404")


def gateway_update(client, recording):
    api = {"restApiId": api_of(client)[0]}
    kind = {"responseType": "DEFAULT_4XX"}
    origin = "/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin"
    xml = "/responseTemplates/application~1xml"

    def update(step, *operations, **other):
        call = api | kind | other
        recording.check(step, client.update_gateway_response, **call, patchOperations=list(operations))

    update("update-gateway-response-not-set", replace("/statusCode", "444"))
    recording.check("default-get-gateway-response", client.get_gateway_response, **api, **kind)
    # The recorder took this template for JSON and parsed it.
    template = '{"application/json": "{\\"message\\":$context.error.messageString}"}'
    everything = {"statusCode": "404", "responseParameters": EVERY_HEADER}
    templates = {"responseTemplates": {"application/json": template}}
    recording.check("put-gateway-response", client.put_gateway_response, **api, **kind, **everything, **templates)
    answer = "<gatewayResponse><message>$context.error.messageString</message>"
    answer += "<type>$context.error.responseType</type></gatewayResponse>"
    update("update-gateway-response", replace("/statusCode", "444"), replace(origin, "'example.com'"), add(xml, answer))
    recording.check("get-gateway-response", client.get_gateway_response, **api, **kind)
    update("update-gateway-add-status-code", add("/statusCode", "444"))
    update("update-gateway-remove-status-code", remove("/statusCode"))
    step = "update-gateway-replace-invalid-parameter"
    update(step, replace(origin, "'example.com'"), responseType="DEFAULT_5XX")
    update("update-gateway-no-path", {"op": "add", "value": "'example.com'"})
    update("update-gateway-wrong-op", {"op": "wrong-op", "path": "/statusCode", "value": "'example.com'"})
    update("update-gateway-wrong-path", add("/wrongPath", "'example.com'"))
    update("update-gateway-replace-invalid-parameter-0-none", replace(xml, None))
    update("update-gateway-replace-invalid-parameter-1-none", replace(origin, None))


def mock_method(client, integrated=True):
    api, root = api_of(client)
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    if integrated:
        templates = {"application/json": '{"statusCode": 200}'}
        client.put_integration(**method, type="MOCK", requestTemplates=templates)
    return method


CREATED = {"responseTemplates": {"application/json": '"created"'}, "selectionPattern": ""}


def integration_lifecycle(client, recording):
    method = mock_method(client)
    response = {**method, "statusCode": "200"}
    recording.check("put-integration-response", client.put_integration_response, **response, **CREATED)
    recording.check("get-integration-response", client.get_integration_response, **response)
    patch = [replace("/selectionPattern", "updated-pattern")]
    update = client.update_integration_response
    recording.check("update-integration-response", update, **response, patchOperations=patch)
    overwritten = {"responseTemplates": {"application/json": "overwrite"}, "selectionPattern": "overwrite-pattern"}
    recording.check("overwrite-integration-response", client.put_integration_response, **response, **overwritten)
    recording.check("get-method", client.get_method, **method)
    recording.check("delete-integration-response", client.delete_integration_response, **response)


def integration_missing(place, changed):
    def sequence(client, recording):
        api, root = api_of(client)
        response = {"restApiId": api, "resourceId": root, "httpMethod": "GET", "statusCode": "200"} | changed
        for verb in ["put", "get"]:
            call = getattr(client, f"{verb}_integration_response")
            recording.check(f"{verb}-integration-response-{place}", call, **response)

    return sequence


def integration_templates_refused(client, recording):
    response = {**mock_method(client), "statusCode": "200", "selectionPattern": ""}
    for number, templates in [(1, {"application/json": 123}), (2, {123: '{"statusCode": 200}'})]:
        step = f"put-integration-response-invalid-responseTemplates-{number}"
        recording.check(step, client.put_integration_response, **response, responseTemplates=templates)


def no_integration(client, recording):
    response = {**mock_method(client, integrated=False), "statusCode": "200"}
    step = "get-integration-response-without-integration"
    recording.check(step, client.get_integration_response, **response)


def no_such_status(client, recording):
    response = {**mock_method(client), "statusCode": "201"}
    recording.check("get-integration-response-wrong-status-code", client.get_integration_response, **response)


def deleted_integration_responses(client, recording):
    response = {**mock_method(client), "statusCode": "200"}
    recording.check("put-integration-response", client.put_integration_response, **response, **CREATED)
    steps = {
        "non-existent-resource": {"resourceId": "nosuch"},
        "non-existent-api-id": {"restApiId": "nosuchapi"},
        "non-existent-method": {"httpMethod": "POST"},
        "non-existent-status-code": {"statusCode": "201"},
        "bad-method": {"httpMethod": "NOSUCH"},
    }
    for step, changed in steps.items():
        recording.check(step, client.delete_integration_response, **(response | changed))


def integration_templates(client, recording):
    response = {**mock_method(client), "statusCode": "200", "selectionPattern": ""}
    put = client.put_integration_response
    for step, template in [("none", None), ("empty", "")]:
        templates = {"responseTemplates": {"application/json": template}}
        recording.check(f"put-integration-response-template-{step}", put, **response, **templates)
    recording.check("put-integration-no-response-template", put, **response)


def integration_validation(client, recording):
    api, root = api_of(client)
    post = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    client.put_method(**post, authorizationType="NONE")
    integration = {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    wrong = {"wrong-method": {"httpMethod": "GET"}, "wrong-resource": {"httpMethod": "GET", "resourceId": "badresource"}}
    for step, changed in wrong.items():
        recording.check(f"put-integration-{step}", client.put_integration, **(post | changed), **integration)
    client.put_integration(**post, **integration)
    response = {"statusCode": "200", "selectionPattern": "", "responseTemplates": {"application/json": "{}"}}
    for step, changed in wrong.items():
        call = client.put_integration_response
        recording.check(f"put-integration-response-{step}", call, **(post | changed), **response)


PARAMETER, MODEL = "/responseParameters/method.response.header.my-header", "/responseModels/application~1json"


def method_response(client, parameters=True, models=True):
    response = {**mock_method(client), "statusCode": "200"}
    client.put_method_response(
        **response,
        responseParameters={"method.response.header.my-header": False} if parameters else {},
        responseModels={"application/json": "Empty"} if models else {},
    )
    return response


def update_method_response(client, recording):
    response = method_response(client)
    steps = {
        "remove-update-method-response": [remove(PARAMETER, "true"), remove(MODEL, "Empty")],
        "add-update-method-response": [add(PARAMETER, "true"), add(MODEL, "Empty")],
    }
    for step, operations in steps.items():
        recording.check(step, client.update_method_response, **response, patchOperations=operations)


def wrong_operations(client, recording):
    response = method_response(client)
    parameter, model = ({"op": "wrong_op", "path": path, "value": "true"} for path in [PARAMETER, MODEL])
    lists = [[parameter], [model], [parameter, model], [parameter, model] * 2, [parameter, remove(MODEL), model]]
    for number, operations in enumerate(lists, 1):
        step = f"update-method-response-wrong-operation-{number}"
        recording.check(step, client.update_method_response, **response, patchOperations=operations)


def nothing_to_remove(client, recording):
    response = method_response(client, parameters=False, models=False)
    steps = {
        "without-response-parameters": remove(PARAMETER, "true"),
        "without-response-models": remove(MODEL, "Empty"),
        "with-wrong-path": remove("/wrong/method.response.header.my-header", "true"),
    }
    for step, operation in steps.items():
        step = f"update-method-response-operation-{step}"
        recording.check(step, client.update_method_response, **response, patchOperations=[operation])


def wrong_names(client, recording):
    response = method_response(client)
    parameter, model = "/responseParameters/wrong", "/responseModels/wrong"
    operations = [
        replace(parameter, "true"),
        remove(parameter, "true"),
        replace(model, "Empty"),
        remove(model, "Empty"),
    ]
    for number, operation in enumerate(operations, 1):
        step = f"update-method-response-operation-with-wrong-param-name-{number}"
        recording.check(step, client.update_method_response, **response, patchOperations=[operation])


INTEGRATION_RESPONSE = "TestApigatewayIntegrationResponse::test_"
METHOD_RESPONSE = "TestApigatewayMethodResponse::test_update_method_"

ALL = {
    "TestApiGatewayGatewayResponse::test_gateway_response_put": gateway_put,
    "TestApiGatewayGatewayResponse::test_gateway_response_validation": gateway_validation,
    "TestApiGatewayGatewayResponse::test_update_gateway_response": gateway_update,
    "TestApigatewayIntegration::test_put_integration_response_validation": integration_validation,
    "TestApigatewayIntegration::test_put_integration_response_templates": integration_templates,
    INTEGRATION_RESPONSE + "lifecycle_integration_response": integration_lifecycle,
    INTEGRATION_RESPONSE + "integration_response_wrong_resource": integration_missing(
        "wrong-resource", {"resourceId": "wrong-resource"}
    ),
    INTEGRATION_RESPONSE + "integration_response_wrong_method": integration_missing(
        "wrong-method", {"httpMethod": "wrong-method"}
    ),
    INTEGRATION_RESPONSE + "integration_response_invalid_statuscode": integration_missing(
        "invalid-statusCode", {"statusCode": "wrong"}
    ),
    INTEGRATION_RESPONSE + "integration_response_invalid_responsetemplates": integration_templates_refused,
    INTEGRATION_RESPONSE + "integration_response_invalid_integration": no_integration,
    INTEGRATION_RESPONSE + "integration_response_wrong_status_code": no_such_status,
    INTEGRATION_RESPONSE + "delete_integration_response_errors": deleted_integration_responses,
    METHOD_RESPONSE + "response": update_method_response,
    METHOD_RESPONSE + "response_wrong_operations": wrong_operations,
    METHOD_RESPONSE + "lack_response_parameters_and_models": nothing_to_remove,
    METHOD_RESPONSE + "wrong_param_names": wrong_names,
}
