"""Whole definitions in one call."""

from pathlib import Path


def definition(recording, name):
    path = Path(recording.corpus) / "oas" / f"localstack__tests_aws_files_{name}"
    return path.read_text()


def in_order(call, member):
    def sorted_items(**parameters):
        answer = call(**parameters)
        return {**answer, "items": sorted(answer["items"], key=lambda item: item[member])}

    return sorted_items


def everything(client, recording, step, api):
    """Every method that the definition made, with what is below it."""
    resources = recording.check(step, in_order(client.get_resources, "path"), restApiId=api)
    for resource in resources["items"]:
        for method in resource.get("resourceMethods", []):
            place = {"restApiId": api, "resourceId": resource["id"], "httpMethod": method}
            name = f"{resource['path'][1:]}-{method.lower()}"
            recording.check(f"method-{name}", client.get_method, **place)
            recording.check(f"method-response-{name}", client.get_method_response, **place, statusCode="200")
            recording.check(f"integration-{name}", client.get_integration, **place)
            step = f"integration-response-{name}"
            recording.check(step, client.get_integration_response, **place, statusCode="200")


def new(client, recording):
    body = definition(recording, "openapi.spec.pulumi.json")
    recording.check("import_rest_api", client.import_rest_api, body=body, failOnWarnings=True)


def base_path(kind):
    def sequence(client, recording):
        api = client.create_rest_api(name="recorded")["id"]
        parameters = {"parameters": {"basepath": kind}}
        body = definition(recording, "swagger.json")
        step = "put-rest-api-swagger-json"
        recording.check(step, client.put_rest_api, restApiId=api, body=body, mode="overwrite", **parameters)
        everything(client, recording, "get-resources-swagger-json", api)
        other = client.import_rest_api(body=definition(recording, "pets.json"), **parameters)["id"]
        everything(client, recording, "get-resources-no-base-path-swagger", other)

    return sequence


def cognito(client, recording):
    pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_ABC123"
    body = definition(recording, "openapi.cognito-auth.json").replace("${cognito_pool_arn}", pool)
    api = recording.check("import-swagger", client.import_rest_api, body=body, failOnWarnings=True)["id"]
    authorizers = client.get_authorizers(restApiId=api)["items"]
    by_name = sorted(authorizers, key=lambda authorizer: authorizer["name"])
    recording.same(recording.answers.pop("get-authorizers"), by_name, "get-authorizers")
    everything(client, recording, "resources", api)


def no_definition(client, recording):
    api = client.create_rest_api(name="recorded")["id"]
    bodies = {"yaml": "openapi: [3.0\nnone", "json": '{"openapi": "3.0.1", '}
    for kind, body in bodies.items():
        recording.check(f"import-api-bad-{kind}-file", client.import_rest_api, body=body)
    for kind, body in bodies.items():
        recording.check(f"put-rest-api-bad-{kind}-file", client.put_rest_api, restApiId=api, body=body)


IMPORT = "TestApiGatewayImportRestApi::test_import_"

ALL = {
    IMPORT + "rest_api": new,
    IMPORT + "rest_apis_with_base_path_swagger[ignore]": base_path("ignore"),
    IMPORT + "rest_apis_with_base_path_swagger[prepend]": base_path("prepend"),
    IMPORT + "rest_apis_with_base_path_swagger[split]": base_path("split"),
    IMPORT + "with_cognito_auth_identity_source": cognito,
    IMPORT + "api_bad_file": no_definition,
}
