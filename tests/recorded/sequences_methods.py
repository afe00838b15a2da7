"""APIs, resources, methods, models, request validators and integrations."""

import json

from sequences_stages import add, remove, replace


def api_of(client):
    api = client.create_rest_api(name="recorded")
    return api["id"], api["rootResourceId"]


def upper_case_id(client, recording):
    api = recording.check(
        "create-rest-api", client.create_rest_api, name="lower-case", description="lower case api"
    )["id"]
    recording.check("get-api-upper-case", client.get_rest_api, restApiId=api.upper())


def media_types(client, recording):
    step = "create-with-binary-media"
    recording.check(step, client.create_rest_api, name="media", binaryMediaTypes=["image/png"])


def update_api(client, recording):
    api = client.create_rest_api(name="recorded", description="this is my api")["id"]
    steps = {
        "update-rest-api-array": add("/binaryMediaTypes/-", "image/png"),
        "update-rest-api-add-base-path": add("/binaryMediaTypes", "image/gif"),
        "update-rest-api-replace-base-path": replace("/binaryMediaTypes", "image/gif"),
        "update-rest-api-remove-base-path": remove("/binaryMediaTypes"),
    }
    for step, operation in steps.items():
        recording.check(step, client.update_rest_api, restApiId=api, patchOperations=[operation])


def update_no_api(client, recording):
    patch = [replace("/apiKeySource", "AUTHORIZER")]
    recording.check("not-found-update-rest-api", client.update_rest_api, restApiId="api_id", patchOperations=patch)


def proxy_resources(client, recording):
    api, root = api_of(client)

    def create(step, parent, part):
        return recording.check(step, client.create_resource, restApiId=api, parentId=parent, pathPart=part)["id"]

    def everything(step):
        def in_order(**parameters):
            answer = client.get_resources(**parameters)
            return {**answer, "items": sorted(answer["items"], key=lambda item: item["path"])}

        recording.check(step, in_order, restApiId=api)

    create("create-base-proxy-resource", root, "{proxy+}")
    parent = client.create_resource(restApiId=api, parentId=root, pathPart="parent")["id"]
    recording.same(recording.answers.pop("create-proxy-sibling-resource"), parent, "create-proxy-sibling-resource")
    proxy = create("create-proxy-sibling-proxy-child-resource", parent, "{proxy+}")
    child = create("create-proxy-sibling-static-child-resource", parent, "child")
    create("create-static-child-proxy-resource", child, "{proxy+}")
    everything("all-resources")
    client.delete_resource(restApiId=api, resourceId=proxy)
    dynamic = create("create-proxy-sibling-dynamic-child-resource", parent, "{child}")
    create("create-dynamic-child-proxy-resource", dynamic, "{proxy+}")
    everything("all-resources-2")


def method_of(client):
    api, root = api_of(client)
    return {"restApiId": api, "resourceId": root, "httpMethod": "ANY"}


def method_lifecycle(client, recording):
    method = method_of(client)
    recording.check("put-base-method-response", client.put_method, **method, authorizationType="NONE")
    recording.check("get-base-method-response", client.get_method, **method)
    recording.check("del-base-method-response", client.delete_method, **method)
    recording.check("get-deleted-method-response", client.get_method, **method)
    recording.check("delete-deleted-method-response", client.delete_method, **method)


def request_parameters(client, recording):
    method = {**method_of(client), "authorizationType": "NONE"}
    parameters = {
        f"method.request.{place}.{letter}_{need}": need == "required"
        for place, letter in [("querystring", "q"), ("header", "h")]
        for need in ["optional", "required"]
    }
    step = "put-method-request-params-response"
    recording.check(step, client.put_method, **method, requestParameters=parameters)
    del method["authorizationType"]
    recording.check("get-method-request-params-response", client.get_method, **method)
    twice = {f"method.request.{place}.optional": False for place in ["querystring", "header"]}
    method |= {"httpMethod": "GET", "authorizationType": "NONE"}
    recording.check("req-params-same-name", client.put_method, **method, requestParameters=twice)


def models(client, recording):
    method = method_of(client)
    api = {"restApiId": method["restApiId"]}

    def model(step, name):
        schema = json.dumps({"title": name, "type": "object"})
        about = {"name": name, "contentType": "application/json", "description": "", "schema": schema}
        recording.check(step, client.create_model, **api, **about)

    def put(step, name, place):
        used = {"application/json": name}
        recording.check(step, client.put_method, **place, authorizationType="NONE", requestModels=used)

    def delete(step, name):
        recording.check(step, client.delete_model, **api, modelName=name)

    model("create-model", "MySchema")
    model("create-model-2", "MySchemaTwo")
    put("put-method-request-models", "MySchema", method)
    delete("delete-model-used", "MySchema")
    of = "/requestModels/application~1json"
    patch = [replace(of, "MySchemaTwo")]
    recording.check("update-method-model", client.update_method, **method, patchOperations=patch)
    delete("delete-model-unused", "MySchema")
    delete("delete-model-used-2", "MySchemaTwo")
    second = client.create_resource(**api, parentId=method["resourceId"], pathPart="test")["id"]
    other = {**method, "resourceId": second}
    put("put-method-2-request-models", "MySchemaTwo", other)
    delete("delete-model-used-by-2-method", "MySchemaTwo")
    patch = [remove(of, "MySchemaTwo")]
    recording.check("update-method-model-2", client.update_method, **other, patchOperations=patch)
    delete("delete-model-used-by-method-1", "MySchemaTwo")
    recording.check("delete-method-using-model-2", client.delete_method, **method)
    delete("delete-model-unused-2", "MySchemaTwo")


def update_method(client, recording):
    method = method_of(client)
    recording.check("put-method-response", client.put_method, **method, authorizationType="NONE")

    def update(step, *operations):
        recording.check(step, client.update_method, **method, patchOperations=list(operations))

    parameter, used = "/requestParameters/method.request.querystring.optional", "/requestModels/application~1json"
    update("update-method-add", add(parameter, "true"), add(used, "Empty"))
    update(
        "update-method-replace",
        replace("/operationName", "ReplacedOperationName"),
        replace("/apiKeyRequired", "true"),
        replace("/authorizationType", "AWS_IAM"),
        replace(parameter, "false"),
    )
    function = "arn:aws:lambda:us-east-1:123456789012:function:authorize"
    authorizer = client.create_authorizer(
        restApiId=method["restApiId"],
        name="authorizer-test",
        type="TOKEN",
        authorizerUri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations",
        identitySource="method.request.header.Authorization",
    )["id"]
    custom = replace("/authorizationType", "CUSTOM")
    update("update-method-replace-authorizer", replace("/authorizerId", authorizer), custom)
    update("update-method-remove", remove(parameter, "true"), remove(used, "Empty"))


def method_validation(client, recording):
    method = method_of(client)

    def update(step, *operations, **other):
        recording.check(step, client.update_method, **(method | other), patchOperations=list(operations))

    update("wrong-rest-api", restApiId="fake-api")
    update("wrong-resource-id", resourceId="fake-resource-id")
    update("method-does-not-exist", replace("/operationName", "methodDoesNotExist"), httpMethod="GET")
    step = "put-method-response"
    recording.check(step, client.put_method, **method, authorizationType="NONE", apiKeyRequired=True)
    update("unsupported-operation", add("/operationName", "operationName"))
    update("unsupported-operation-2", add("/requestValidatorId", "wrong-id"))
    update("unsupported-path", add("/httpMethod", "PUT"))
    whole = replace("/requestParameters", "method.request.querystring.optional=false")
    update("wrong-path-request-parameters", whole)
    update("wrong-path-request-models", add("/requestModels/application/json", "Empty"))
    update("wrong-value-type", replace("/apiKeyRequired", "whatever"))
    custom, authorizer = replace("/authorizationType", "CUSTOM"), replace("/authorizerId", "abc123")
    update("wrong-auth-type", custom)
    update("skip-auth-id-with-wrong-type", authorizer)
    update("wrong-auth-id", custom, authorizer)
    update("wrong-req-validator-id", replace("/requestValidatorId", "fake-id"))


def validators(client, recording):
    api = recording.check("create-rest-api", client.create_rest_api, name="recorded", description="my api")["id"]
    step = "create-request-validator"
    made = recording.check(step, client.create_request_validator, restApiId=api, name="recorded-validator")["id"]
    one = {"restApiId": api, "requestValidatorId": made}
    recording.check("get-request-validator", client.get_request_validator, **one)
    recording.check("get-request-validators", client.get_request_validators, restApiId=api)
    body = {"op": "replace", "path": "/validateRequestBody"}
    for step, patch in [("with-value", body | {"value": "true"}), ("without-value", body)]:
        step = f"update-request-validator-{step}"
        recording.check(step, client.update_request_validator, **one, patchOperations=[patch])
    recording.check("get-request-validators-after-update-operation", client.get_request_validator, **one)
    recording.check("delete-request-validator", client.delete_request_validator, **one)
    recording.check("get-deleted-request-validator", client.get_request_validator, **one)
    recording.check("get-request-validators-after-delete", client.get_request_validators, restApiId=api)


def wrong_validator(verb, prefix):
    def sequence(client, recording):
        api, _ = api_of(client)
        made = client.create_request_validator(restApiId=api, name="recorded-validator")["id"]
        call = getattr(client, f"{verb}_request_validator")
        recording.check(f"{prefix}-invalid-api-id", call, restApiId="api_id", requestValidatorId=made)
        recording.check(f"{prefix}-invalid-validator-id", call, restApiId=api, requestValidatorId="validator_id")

    return sequence


def validators_of_no_api(client, recording):
    recording.check("get-invalid-request-validators", client.get_request_validators, restApiId="api_id")


def no_integration(client, recording):
    method = {**method_of(client), "httpMethod": "GET"}
    recording.check("get-integration-no-api", client.get_integration, **(method | {"restApiId": "nosuchapi"}))
    recording.check("get-integration-no-resource", client.get_integration, **(method | {"resourceId": "nosuch"}))
    recording.check("get-integration-no-method", client.get_integration, **method)
    client.put_method(**method, authorizationType="NONE")
    recording.check("get-integration-no-integration", client.get_integration, **method)


def integration_validation(client, recording):
    method = {**method_of(client), "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    here = "arn:aws:apigateway:us-east-1"
    function = "arn:aws:lambda:us-east-1:111111111111:function:MyLambda"
    role = "arn:aws:iam::111111111111:role/service-role/testfunction-role-oe783psq"
    bucket = {"uri": f"{here}:s3:path/b/k", "credentials": role}

    def put(step, kind, **more):
        recording.check(step, client.put_integration, **method, type=kind, **more)

    for kind in ["HTTP", "HTTP_PROXY", "AWS"]:
        put(f"required-integration-method-{kind}", kind, uri="http://example.com")
    put("not-required-integration-method-MOCK", "MOCK", uri="http://example.com")
    post = {"integrationHttpMethod": "POST"}
    for kind in ["HTTP", "HTTP_PROXY"]:
        put(f"http-method-{kind}", kind, uri="http://example.com", **post)
    put("aws-integration-AWS", "AWS", **bucket, **post)
    for kind in ["AWS", "AWS_PROXY"]:
        put(f"aws-integration-type-{kind}", kind, uri=f"{here}:lambda:path/2015-03-31/functions/{function}/invocations", **post)
    put("no-s3-support-AWS_PROXY", "AWS_PROXY", **bucket, **post)
    for kind in ["HTTP", "HTTP_PROXY"]:
        put(f"invalid-uri-{kind}", kind, uri="non-valid-http", **post)
    put("invalid-uri-not-an-arn", "AWS", uri="non-valid-arn", **post)
    put("invalid-uri-invalid-arn", "AWS", uri=role, **post)


def integration_response_of_no_api(client, recording):
    place = {"restApiId": "wrong-api", "resourceId": "dummy-value", "httpMethod": "GET", "statusCode": "200"}
    for verb in ["put", "get"]:
        call = getattr(client, f"{verb}_integration_response")
        recording.check(f"{verb}-integration-response-wrong-api", call, **place)


ALL = {
    "TestApiGatewayApiRestApi::test_get_api_case_insensitive": upper_case_id,
    "TestApiGatewayApiRestApi::test_create_rest_api_with_binary_media_types": media_types,
    "TestApiGatewayApiRestApi::test_update_rest_api_behaviour": update_api,
    "TestApiGatewayApiRestApi::test_update_rest_api_invalid_api_id": update_no_api,
    "TestApiGatewayApiResource::test_create_proxy_resource": proxy_resources,
    "TestApiGatewayApiMethod::test_method_lifecycle": method_lifecycle,
    "TestApiGatewayApiMethod::test_method_request_parameters": request_parameters,
    "TestApiGatewayApiMethod::test_put_method_model": models,
    "TestApiGatewayApiMethod::test_update_method": update_method,
    "TestApiGatewayApiMethod::test_update_method_validation": method_validation,
    "TestApiGatewayApiRequestValidator::test_request_validator_lifecycle": validators,
    "TestApiGatewayApiRequestValidator::test_invalid_get_request_validator": wrong_validator(
        "get", "get-request-validators"
    ),
    "TestApiGatewayApiRequestValidator::test_invalid_delete_request_validator": wrong_validator(
        "delete", "delete-request-validator"
    ),
    "TestApiGatewayApiRequestValidator::test_invalid_get_request_validators": validators_of_no_api,
    "TestApigatewayIntegration::test_get_integration_non_existent": no_integration,
    "test_put_integration_validation": integration_validation,
    "TestApigatewayIntegrationResponse::test_integration_response_wrong_api": integration_response_of_no_api,
}
