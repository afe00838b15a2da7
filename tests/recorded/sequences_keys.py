"""API keys and usage plans."""

from sequences_stages import mock_api, remove, replace


def usage_plan(client, recording):
    api = mock_api(client)
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="dev", deploymentId=deployment)
    plan = recording.check(
        "create-usage-plan",
        client.create_usage_plan,
        name="recorded plan",
        description="of a recording",
        apiStages=[{"apiId": api, "stage": "dev"}],
    )["id"]
    recording.check("get-usage-plan", client.get_usage_plan, usagePlanId=plan)
    recording.check("get-usage-plans", client.get_usage_plans)

    def update(step, *operations, of=plan):
        recording.check(step, client.update_usage_plan, usagePlanId=of, patchOperations=list(operations))

    throttle = [replace("/throttle/burstLimit", "100"), replace("/throttle/rateLimit", "200")]
    update("update-usage-plan", *throttle, replace("/quota/period", "MONTH"), replace("/quota/limit", "5000"))
    update("update-wrong-id", *throttle, of=plan + "1")
    update("update-wrong-api-stages-no-value", remove("/apiStages"))
    update("update-wrong-api-stages-wrong-api", remove("/apiStages", f"{api}b:dev"))
    update("update-wrong-api-stages-wrong-stage", remove("/apiStages", f"{api}:fakestagename"))
    update("update-wrong-api-stages-wrong-value", remove("/apiStages", "fakevalue"))
    recording.check("get-usage-plan-after-update", client.get_usage_plan, usagePlanId=plan)
    recording.check("get-usage-plans-after-update", client.get_usage_plans)
    client.update_usage_plan(usagePlanId=plan, patchOperations=[remove("/apiStages", f"{api}:dev")])
    client.delete_usage_plan(usagePlanId=plan)


def burst_above_rate(client, recording):
    throttle = {"rateLimit": 10, "burstLimit": 20}
    step = "create-usage-plan-burst-gt-rate"
    plan = recording.check(step, client.create_usage_plan, name="burst above rate", throttle=throttle)
    client.delete_usage_plan(usagePlanId=plan["id"])


def keys(client, recording):
    first, second = "recorded-key-one", "recorded-key-two"
    recording.check("get-api-keys", client.get_api_keys)
    made = [recording.check("create-api-key", client.create_api_key, name=first)["id"]]
    recording.check("get-api-keys-after-create-1", client.get_api_keys)
    recording.check("get-api-keys-wrong-name-query", client.get_api_keys, nameQuery=second)
    recording.check("get-api-keys-prefix-name-query", client.get_api_keys, nameQuery=first[:8])
    recording.check("get-api-keys-prefix-name-query-cased", client.get_api_keys, nameQuery=first[:8].upper())
    recording.check("get-api-keys-postfix-name-query", client.get_api_keys, nameQuery=first[2:])
    recording.check("get-api-keys-infix-name-query", client.get_api_keys, nameQuery=first[2:8])
    made.append(recording.check("create-api-key-2", client.create_api_key, name=second)["id"])
    recording.check("get-api-keys-after-create-2", client.get_api_keys)
    recording.check("get-api-keys-name-query", client.get_api_keys, nameQuery=second)
    recording.check("get-api-keys-prefix-name-query-2", client.get_api_keys, nameQuery=first[:8])
    page = recording.check("get-apis-keys-pagination", client.get_api_keys, limit=1)
    recording.check("get-apis-keys-pagination-2", client.get_api_keys, limit=1, position=page.get("position", ""))
    for key in made:
        client.delete_api_key(apiKey=key)


def keys_and_bad_limits(client, recording):
    recording.check("get-api-keys-invalid-limit", client.get_api_keys, limit=-1)
    key = recording.check("create-api-key", client.create_api_key, name="key-enabled-false", enabled=False)["id"]
    renamed = [replace("/name", "new-name")]
    recording.check("update-api-key-name", client.update_api_key, apiKey=key, patchOperations=renamed)
    client.delete_api_key(apiKey=key)


def values_that_are_refused(client, recording):
    recording.check("create-api-key-short-value", client.create_api_key, value="short")
    recording.check("create-api-key-invalid-value-too-long", client.create_api_key, value="a" * 129)
    key = recording.check("create-api-key-empty-value", client.create_api_key, value="")["id"]
    client.delete_api_key(apiKey=key)


def a_long_description(client, recording):
    long = "a" * 125_001
    recording.check("create-api-key-description-too-long", client.create_api_key, name="long", description=long)
    key = client.create_api_key(name="short")["id"]
    longer = [replace("/description", long)]
    step = "update-api-key-description-too-long"
    recording.check(step, client.update_api_key, apiKey=key, patchOperations=longer)
    client.delete_api_key(apiKey=key)


def one_patch(step, path, value):
    def sequence(client, recording):
        key = client.create_api_key()["id"]
        recording.check(step, client.update_api_key, apiKey=key, patchOperations=[replace(path, value)])
        client.delete_api_key(apiKey=key)

    return sequence


ALL = {
    "TestUsagePlans::test_usage_plan_crud": usage_plan,
    "TestApigatewayApiKeysCrud::test_create_usage_plan_with_throttle": burst_above_rate,
    "TestApigatewayApiKeysCrud::test_get_api_keys": keys,
    "TestApigatewayApiKeysCrud::test_negative_get_usage_plan_api_keys": keys_and_bad_limits,
    "TestApigatewayApiKeysCrud::test_create_api_key_with_invalid_value": values_that_are_refused,
    "TestApigatewayApiKeysCrud::test_update_api_key_invalid_description_length": a_long_description,
    "TestApigatewayApiKeysCrud::test_update_api_key_invalid_enabled_type": one_patch(
        "update-api-key-invalid-enabled-type", "/enabled", "not-a-boolean"
    ),
    "TestApigatewayApiKeysCrud::test_update_api_key_immutable_field": one_patch(
        "update-api-key-immutable-field", "/id", "new-id"
    ),
}
