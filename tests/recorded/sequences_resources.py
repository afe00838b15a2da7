"""APIs' addresses, the tree of resources, models."""

import json

from sequences_methods import api_of
from sequences_stages import add, remove, replace


def private_addresses(client, recording):
    def create(step, kind, **more):
        endpoint = {"types": ["PRIVATE"], "ipAddressType": kind}
        recording.check(step, client.create_rest_api, name="recorded", endpointConfiguration=endpoint, **more)

    create("create-with-private-type-and-ipv4-ip-address-type", "ipv4")
    create("create-with-private-type-and-wrong-ip-address-type", "wrong")
    step = "create-with-private-type-and-ipv4-ip-address-type-and-empty-description"
    create(step, "ipv4", description="")


def changed_addresses(client, recording):
    api = client.create_rest_api(name="recorded", endpointConfiguration={"types": ["REGIONAL"]})["id"]
    kind, address = "/endpointConfiguration/types/REGIONAL", "/endpointConfiguration/ipAddressType"
    steps = {
        "update-rest-api-replace-type": replace(kind, "PRIVATE"),
        "update-rest-api-replace-to-ipv4-within-private-type": replace(address, "ipv4"),
        "update-rest-api-wrong-ipAddressType": replace(address, "wrong"),
        "update-rest-api-wrong-type": replace("/endpointConfiguration/types/PRIVATE", "wrong"),
        "update-rest-api-invalid-operation-on-ipAddressType": add(address, "dualstack"),
        "update-rest-api-invalid-operation-on-type": {
            "op": "copy",
            "path": "/endpointConfiguration/types",
            "from": "/name",
        },
        "update-rest-api-replace-ip-address-type": replace(address, "dualstack"),
    }
    for step, operation in steps.items():
        recording.check(step, client.update_rest_api, restApiId=api, patchOperations=[operation])


def moved_resources(client, recording):
    api, root = api_of(client)

    def create(parent, part):
        return {"restApiId": api, "parentId": parent, "pathPart": part}

    def update(step, resource, operation):
        place = {"restApiId": api, "resourceId": resource}
        recording.check(step, client.update_resource, **place, patchOperations=[operation])

    pets = client.create_resource(**create(root, "pets"))["id"]
    update("nonexistent-resource", "fake-resource", replace("/pathPart", "dogs"))
    update("invalid-path-part", pets, replace("/invalid", "dogs"))
    update("invalid-parent-id", pets, replace("/parentId", "fake-parent-id"))
    below = recording.check("create-subresource", client.create_resource, **create(pets, "subpets"))["id"]
    child = recording.check("create-subresource-child", client.create_resource, **create(below, "pets"))["id"]
    update("existing-future-sibling-path", child, replace("/parentId", root))
    client.delete_resource(restApiId=api, resourceId=child)
    update("update-parent-id-to-subresource-id", pets, replace("/parentId", below))
    update("update-parent-id-to-root-id", below, replace("/parentId", root))
    update("update-path-already-exists", below, replace("/pathPart", "pets"))
    client.delete_resource(restApiId=api, resourceId=pets)
    recording.check("resources-after-deletion", client.get_resources, restApiId=api)
    update("remove-unsupported", below, remove("/pathPart"))
    update("add-unsupported", below, add("/pathPart", "added-pets"))


def schema(title, **more):
    return json.dumps({"title": title, "type": "object"} | more)


def model_lifecycle(client, recording):
    api = {"restApiId": client.create_rest_api(name="recorded")["id"]}
    recorded = recording.answers["create-model"]["schema"]
    about = {"name": "Calculation", "contentType": "application/json", "description": "Calc output model"}
    recording.check("create-model", client.create_model, **api, **about, schema=json.dumps(recorded))

    def in_order(**parameters):
        answer = client.get_models(**parameters)
        return {**answer, "items": sorted(answer["items"], key=lambda item: item["name"])}

    recording.check("get-models", in_order, **api)
    recording.check("get-model", client.get_model, **api, modelName="Calculation")
    recording.check("del-model", client.delete_model, **api, modelName="Calculation")


def updated_model(client, recording):
    api = {"restApiId": client.create_rest_api(name="recorded")["id"]}
    described = [replace("/schema", schema("Updated schema")), replace("/description", "")]
    step = "update-model-wrong-id"
    recording.check(step, client.update_model, restApiId="abcde0", modelName="mySchema", patchOperations=described)
    about = {"name": "MySchema", "contentType": "application/json", "description": ""}
    recording.check("create-model", client.create_model, **api, **about, schema=schema("MySchema"))
    steps = {
        "update-model": described,
        "update-model-invalid-op": [add("/wrong-path", "not supported op")],
        "update-model-invalid-path": [replace("/name", "invalid")],
        "update-model-empty-schema": [replace("/schema", "")],
    }
    for step, operations in steps.items():
        recording.check(step, client.update_model, **api, modelName="MySchema", patchOperations=operations)


ALL = {
    "TestApiGatewayApiRestApi::test_create_rest_api_private_type": private_addresses,
    "TestApiGatewayApiRestApi::test_update_rest_api_ip_address_type": changed_addresses,
    "TestApiGatewayApiResource::test_update_resource_behaviour": moved_resources,
    "TestApiGatewayApiModels::test_model_lifecycle": model_lifecycle,
    "TestApiGatewayApiModels::test_update_model": updated_model,
}
