"""Stages, deployments and canaries."""


def replace(path, value):
    return {"op": "replace", "path": path, "value": value}


def remove(path, value=None):
    return {"op": "remove", "path": path} | ({} if value is None else {"value": value})


def add(path, value):
    return {"op": "add", "path": path, "value": value}


def mock_api(client, name="recorded"):
    """An API whose root answers GET from a mock; its id."""
    api = client.create_rest_api(name=name)
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    client.put_method_response(**place, statusCode="200")
    client.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    client.put_integration_response(**place, statusCode="200", selectionPattern="")
    return api["id"]


def documented_stage(client, recording):
    api = mock_api(client)
    deployment = client.create_deployment(restApiId=api)["id"]
    recording.check(
        "create-stage",
        client.create_stage,
        restApiId=api,
        stageName="s1",
        deploymentId=deployment,
        description="my stage",
        documentationVersion="v123",
    )
    return {"restApiId": api, "stageName": "s1"}


def create_update_stages(client, recording):
    stage = documented_stage(client, recording)

    def update(step, *operations):
        recording.check(step, client.update_stage, **stage, patchOperations=list(operations))

    update("error-update-doc-version", replace("/documentation_version", "123"))
    update("error-update-tags", replace("/tags/tag1", "value1"))
    update(
        "update-stage",
        replace("/description", "stage new"),
        replace("/variables/var1", "test"),
        replace("/variables/var2", "test2"),
        replace("/*/*/throttling/burstLimit", "123"),
        replace("/*/*/caching/enabled", "true"),
        replace("/tracingEnabled", "true"),
        replace("/test/GET/throttling/burstLimit", "124"),
    )
    recording.check("get-stage", client.get_stage, **stage)
    update("update-stage-override", replace("/*/*/throttling/burstLimit", "100"))


def remove_wildcard(client, recording):
    stage = documented_stage(client, recording)
    recording.check("get-stage", client.get_stage, **stage)
    recording.check("delete-error", client.update_stage, **stage, patchOperations=[remove("/*/*")])
    caching = [replace("/*/*/caching/enabled", "true")]
    recording.check("update-stage", client.update_stage, **stage, patchOperations=caching)
    recording.check("update-stage-reset", client.update_stage, **stage, patchOperations=[remove("/*/*")])
    recording.check("get-stage-after-reset", client.get_stage, **stage)


def deployments(by_hand):
    def sequence(client, recording):
        api = {"restApiId": mock_api(client)}

        def deploy():
            if not by_hand:
                return client.create_deployment(**api, stageName="s1")["id"]
            deployment = client.create_deployment(**api)["id"]
            client.create_stage(**api, stageName="s1", deploymentId=deployment)
            return deployment

        deployment = deploy()
        recording.check("get-deployment", client.get_deployment, **api, deploymentId=deployment)
        recording.check("get-stages", client.get_stages, **api)
        for turn in range(3):
            step = f"delete-deployment-error-{turn}"
            recording.check(step, client.delete_deployment, **api, deploymentId=deployment)
            client.delete_stage(**api, stageName="s1")
            client.delete_deployment(**api, deploymentId=deployment)
            deployment = deploy()
            recording.check(f"get-deployments-{turn}", client.get_deployments, **api)
            recording.check(f"get-stages-{turn}", client.get_stages, **api)

    return sequence


def stages_of_a_deployment(client, recording):
    api = {"restApiId": mock_api(client)}
    first = client.create_deployment(**api, stageName="stage1")["id"]
    second = client.create_deployment(**api, stageName="stage2")["id"]
    recording.check("all-stages", client.get_stages, **api)
    recording.check("stages-deploy1", client.get_stages, **api, deploymentId=first)
    recording.check("stages-deploy2", client.get_stages, **api, deploymentId=second)


def access_log_settings(client, recording):
    api = {"restApiId": mock_api(client)}
    deployment = recording.check("create-deployment", client.create_deployment, **api)["id"]
    stage = {**api, "stageName": "dev"}
    recording.check("create-stage", client.create_stage, **stage, deploymentId=deployment, description="dev stage")
    group = "arn:aws:logs:us-east-1:111122223333:log-group:access"
    steps = {
        "update-stage-access-log-dest-add": add("/accessLogSettings/destinationArn", group),
        "update-stage-access-log-dest-replace": replace("/accessLogSettings/destinationArn", group + "a"),
        "update-stage-access-log-format-add": add(
            "/accessLogSettings/format", "$context.requestId $context.identity.sourceIp"
        ),
        "update-stage-access-log-remove-all": remove("/accessLogSettings"),
    }
    for step, operation in steps.items():
        recording.check(step, client.update_stage, **stage, patchOperations=[operation])


def canary_of_a_stage(client, recording):
    api = {"restApiId": mock_api(client)}
    first = recording.check("create-deployment-1", client.create_deployment, **api)["id"]
    second = recording.check("create-deployment-2", client.create_deployment, **api)["id"]
    stage = {**api, "stageName": "dev"}
    recording.check(
        "create-stage",
        client.create_stage,
        **stage,
        deploymentId=first,
        description="dev stage",
        variables={"testVar": "default"},
        canarySettings={
            "deploymentId": second,
            "percentTraffic": 50,
            "stageVariableOverrides": {"testVar": "canary"},
        },
    )
    recording.check("get-stage", client.get_stage, **stage)
    override = [replace("/canarySettings/stageVariableOverrides/testVar", "updated")]
    recording.check("update-stage-canary-settings-overrides", client.update_stage, **stage, patchOperations=override)
    gone = [remove("/canarySettings")]
    recording.check("update-stage-remove-canary-settings", client.update_stage, **stage, patchOperations=gone)
    recording.check("get-stage-after-remove", client.get_stage, **stage)


CANARY = {"percentTraffic": 50, "stageVariableOverrides": {"testVar": "canary"}}


def canary_by_deployment(client, recording):
    api = {"restApiId": mock_api(client)}
    deployment = recording.check("create-deployment", client.create_deployment, **api)["id"]
    stage = {**api, "stageName": "dev"}
    variables = {"testVar": "default"}
    recording.check(
        "create-stage",
        client.create_stage,
        **stage,
        deploymentId=deployment,
        description="dev stage",
        variables=variables,
    )
    recording.check("create-canary-deployment", client.create_deployment, **stage, canarySettings=CANARY)
    recording.check("get-stage", client.get_stage, **stage)


def canary_without_a_stage(client, recording):
    api = {"restApiId": mock_api(client)}
    names = {"no-stage": {}, "empty-stage": {"stageName": ""}, "non-existing-stage": {"stageName": "non-existing"}}
    for step, name in names.items():
        recording.check(f"create-canary-deployment-{step}", client.create_deployment, **api, **name, canarySettings=CANARY)


ALL = {
    "TestStages::test_create_update_stages": create_update_stages,
    "TestStages::test_update_stage_remove_wildcard": remove_wildcard,
    "TestDeployments::test_create_delete_deployments[True]": deployments(by_hand=True),
    "TestDeployments::test_create_delete_deployments[False]": deployments(by_hand=False),
    "TestApiGatewayStage::test_get_stages_filters_by_deployment_id": stages_of_a_deployment,
    "TestApiGatewayStage::test_stage_access_log_settings": access_log_settings,
    "TestStageCrudCanary::test_create_update_stages": canary_of_a_stage,
    "TestStageCrudCanary::test_create_canary_deployment_with_stage": canary_by_deployment,
    "TestStageCrudCanary::test_create_canary_deployment_validation": canary_without_a_stage,
}
