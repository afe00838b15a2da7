use super::*;
use proptest::prelude::*;
use serde_json::json;

fn event(record: &Value) -> ChangeEvent {
    ChangeEvent::read("prod", &envelope(), &record.to_string())
}

fn envelope() -> EventEnvelope {
    EventEnvelope { id: "e1".to_owned(), at: "2026-03-02T10:00:00Z".to_owned(), ..EventEnvelope::default() }
}

#[test]
fn a_patch_is_a_sentence_and_the_one_before_it_gives_the_old_value() {
    let record = |rate: &str| {
        json!({
            "eventSource": "apigateway.amazonaws.com", "eventName": "UpdateStage", "requestID": "r1",
            "userIdentity": { "type": "AssumedRole", "principalId": "AROA1:ana@shop.example",
                "arn": "arn:aws:sts::111122223333:assumed-role/ops-deployer/ana@shop.example",
                "sessionContext": { "sessionIssuer": { "userName": "ops-deployer" } } },
            "requestParameters": { "restApiId": "a1", "stageName": "prod", "updateStageInput": { "patchOperations": [
                { "op": "replace", "path": "/~1login/POST/throttling/rateLimit", "value": rate } ] } },
        })
    };
    let mut events = [event(&record("10")), event(&record("50"))];
    assert_eq!(events[0].what, "Set the rate limit of POST /login to 10 on prod of a1");
    assert_eq!(events[0].who, "ana@shop.example as role ops-deployer");
    tell_befores(&mut events, &[]);
    assert_eq!(events[0].what, "Lowered the rate limit of POST /login from 50 to 10 on prod of a1");
    assert_eq!((events[0].patches[0].before.as_deref(), events[1].patches[0].before.as_deref()), (Some("50"), None));
}

#[test]
fn a_stage_that_was_deleted_leaves_no_value_behind() {
    let of = |name: &str, value: &str| {
        let mut record = json!({ "eventName": name, "requestParameters": { "restApiId": "a1", "stageName": "prod" } });
        if !value.is_empty() {
            record["requestParameters"]["patchOperations"] =
                json!([{ "op": "replace", "path": "/description", "value": value }]);
        }
        event(&record)
    };
    let mut events = [of("UpdateStage", "new"), of("DeleteStage", ""), of("UpdateStage", "old")];
    tell_befores(&mut events, &[]);
    assert_eq!(events[0].patches[0].before, None);
}

#[test]
fn every_form_of_identity_has_words() {
    let cases = [
        (json!({ "type": "Root", "arn": "arn:aws:iam::1:root" }), "the root user"),
        (json!({ "type": "IAMUser", "userName": "alice" }), "user alice"),
        (
            json!({ "type": "AssumedRole", "principalId": "AROA:bo@corp.example", "sessionContext": { "sessionIssuer": {
                "userName": "AWSReservedSSO_Operator_0123456789abcdef" } } }),
            "bo@corp.example (Identity Center, Operator)",
        ),
        (json!({ "type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/ci/run-7" }), "run-7 as role ci"),
        (json!({ "type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/cy" }), "cy"),
        (json!({ "type": "IdentityCenterUser", "onBehalfOf": { "userId": "u-1" } }), "Identity Center user u-1"),
        (
            json!({ "type": "AWSService", "invokedBy": "autoscaling.amazonaws.com" }),
            "service autoscaling.amazonaws.com",
        ),
        (json!({ "type": "AWSAccount", "accountId": "999988887777" }), "account 999988887777"),
        (json!({ "type": "Unknown" }), "somebody whom CloudTrail does not name"),
        (json!(null), "somebody whom CloudTrail does not name"),
        (json!({ "type": "SomethingNew", "userName": "dee" }), "dee"),
    ];
    for (identity, words) in cases {
        assert_eq!(event(&json!({ "userIdentity": identity, "eventName": "UpdateStage" })).who, words, "{identity}");
    }
}

#[test]
fn clients_are_told_apart() {
    let cases = [
        ("aws-cli/2.15.0 md/awscrt#0.19", EventClient::Cli),
        ("APN/1.0 HashiCorp/1.0 Terraform/1.5.0 aws-sdk-go-v2/1.2", EventClient::Terraform),
        ("cloudformation.amazonaws.com", EventClient::CloudFormation),
        ("Mozilla/5.0 (X11; Linux x86_64)", EventClient::Console),
        ("AWS Internal", EventClient::Console),
        ("aws-sdk-rust/1.3.3 os/linux app/portcullis", EventClient::Portcullis),
        ("Boto3/1.34 md/Botocore#1.34", EventClient::Sdk),
        ("autoscaling.amazonaws.com", EventClient::Service),
        ("curl/8", EventClient::Unknown),
    ];
    for (agent, client) in cases {
        assert_eq!(event(&json!({ "userAgent": agent, "eventName": "UpdateStage" })).client, client, "{agent}");
    }
}

#[test]
fn denied_is_not_failed() {
    for (code, outcome) in [
        ("AccessDenied", EventOutcome::Denied),
        ("AccessDeniedException", EventOutcome::Denied),
        ("Client.UnauthorizedOperation", EventOutcome::Denied),
        ("BadRequestException", EventOutcome::Failed),
    ] {
        let refused = event(&json!({ "eventName": "DeleteStage", "errorCode": code }));
        assert_eq!(refused.outcome, outcome);
        assert!(!refused.what.starts_with("Deleted"), "it was not: {}", refused.what);
    }
}

#[test]
fn a_record_that_is_cut_off_is_still_a_line() {
    let event = ChangeEvent::read("prod", &envelope(), r#"{"eventName": "Upda"#);
    assert_eq!(event.what, "An event whose record cannot be read");
    assert!(!event.whole);
    assert_eq!((event.id.as_str(), event.at.as_str()), ("e1", "2026-03-02T10:00:00Z"));
    assert_eq!(shown_record(r#"{"eventName": "Upda"#), r#"{"eventName": "Upda"#, "the record stays as it came");
    for secret in [
        r#"{"eventName":"CreateApiKey","requestParameters":{"createApiKeyInput":{"name":"k","value":"s3cret"#,
        r#"{"eventName":"CreateStage","requestParameters":{"createStageInput":{"variables":{"password":"s3cret"#,
        r#"{"requestParameters":{"patchOperations":[{"path":"/variables/password","op":"replace","value":"s3cret"#,
        r#"{"responseElements":{"credentials":{"sessionToken":"s3cret"#,
    ] {
        let shown = shown_record(secret);
        assert!(!shown.contains("s3cret") && shown.contains("not whole"), "{shown}");
    }
}

#[test]
fn the_envelope_says_what_a_record_that_is_cut_off_does_not() {
    let envelope = EventEnvelope {
        source: "apigateway.amazonaws.com".to_owned(),
        name: "UpdateStage".to_owned(),
        user: "ana@shop.example".to_owned(),
        account: "111122223333".to_owned(),
        resources: vec![
            ("AWS::ApiGateway::RestApi".to_owned(), "a1".to_owned()),
            ("AWS::ApiGateway::Stage".to_owned(), "prod".to_owned()),
        ],
        ..envelope()
    };
    let event = ChangeEvent::read("prod", &envelope, r#"{"eventVersion":"1.1"#);
    assert_eq!(event.what, "Changed stage on prod of a1 (its record is cut off)");
    assert_eq!((event.who.as_str(), event.principal.as_str()), ("ana@shop.example", "ana@shop.example"));
    assert_eq!((event.api_id.as_deref(), event.account.as_str()), (Some("a1"), "111122223333"));
    // 256 KB of parameters, cut in the middle: what came before them is all there.
    let long = "x".repeat(262_144);
    let record = format!(
        r#"{{"userIdentity":{{"type":"IAMUser","userName":"bo"}},"eventName":"PutRestApi","requestParameters":{{"restApiId":"a1","body":"{long}"#
    );
    let event = ChangeEvent::read("prod", &EventEnvelope::default(), &record);
    assert_eq!((event.who.as_str(), event.what.as_str()), ("user bo", "Set rest api of a1 (its record is cut off)"));
}

#[test]
fn web_acls_alarms_and_stages_of_version_2_are_told_in_words() {
    let arn = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod";
    let acl = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-shield/0a1b";
    let dimensions = json!([{ "name": "ApiName", "value": "storefront" }, { "name": "Stage", "value": "prod" }]);
    for (source, name, parameters, what) in [
        (
            "wafv2",
            "AssociateWebACL",
            json!({ "webACLArn": acl, "resourceArn": arn }),
            "Attached web ACL shop-shield to prod of a1",
        ),
        ("wafv2", "DisassociateWebACL", json!({ "resourceArn": arn }), "Detached the web ACL from prod of a1"),
        ("wafv2", "UpdateWebACL", json!({ "name": "shop-shield", "scope": "REGIONAL" }), "Changed web ACL shop-shield"),
        (
            "monitoring",
            "PutMetricAlarm",
            json!({ "alarmName": "5xx", "dimensions": dimensions }),
            "Set alarm 5xx on prod of storefront",
        ),
        (
            "monitoring",
            "DisableAlarmActions",
            json!({ "alarmNames": ["a", "b"] }),
            "Disabled the actions of alarm a, b",
        ),
        ("monitoring", "SetAlarmState", json!({ "alarmName": "a", "stateValue": "OK" }), "Set alarm a to OK"),
        (
            "apigateway",
            "UpdateStage",
            json!({ "apiId": "h1", "stageName": "$default", "defaultRouteSettings": { "throttlingRateLimit": 50.0 } }),
            "Set the rate limit of every route to 50 on $default of h1",
        ),
        (
            "apigateway",
            "CreateStage",
            json!({ "restApiId": "a1", "createStageInput": { "stageName": "prod" } }),
            "Created stage prod of a1",
        ),
        (
            "apigateway",
            "UpdateAccount",
            json!({ "updateAccountInput": { "patchOperations": [{ "op": "replace", "path": "/cloudwatchRoleArn", "value": "arn:r" }] } }),
            "Set the role that writes logs to arn:r",
        ),
    ] {
        let record = json!({ "eventSource": format!("{source}.amazonaws.com"), "eventName": name, "requestParameters": parameters });
        assert_eq!(event(&record).what, what);
    }
}

#[test]
fn values_of_keys_variables_and_tokens_are_in_no_record_that_is_shown() {
    let record = json!({ "requestParameters": {
        "createApiKeyInput": { "name": "k", "value": "s3cret-1" },
        "createStageInput": { "variables": { "password": "s3cret-2" } },
        "updateStageInput": { "patchOperations": [
            { "op": "replace", "path": "/variables/password", "value": "s3cret-3" },
            { "op": "replace", "path": "/variables", "value": "{\"password\":\"s3cret-5\"}" },
            { "op": "replace", "path": "/description", "value": "not secret" } ] },
        "sessionToken": "s3cret-4" } });
    let shown = shown_record(&record.to_string());
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("not secret") && shown.contains("\"k\""), "{shown}");
    assert!(!format!("{:?}", event(&record)).contains("s3cret"));
}

#[test]
fn what_aws_keeps_back_is_shown_so_and_never_told_as_a_value_from_before() {
    let set = |at: &str, value: &str| {
        let patch = json!([{ "op": "replace", "path": "/description", "value": value }]);
        let record = json!({ "eventName": "UpdateStage", "eventSource": "apigateway.amazonaws.com", "requestParameters": {
            "restApiId": "a1", "stageName": "prod", "updateStageInput": { "patchOperations": patch } } });
        ChangeEvent::read("prod", &EventEnvelope { at: at.to_owned(), ..envelope() }, &record.to_string())
    };
    let mut events =
        [set("2026-03-02T10:02:00Z", "green"), set("2026-03-02T10:01:00Z", "***"), set("2026-03-02T10:00:00Z", "blue")];
    tell_befores(&mut events, &[]);
    let told = events.each_ref().map(|event| (event.patches[0].before.as_deref(), event.patches[0].after.as_deref()));
    assert_eq!(told, [(None, Some("green")), (Some("blue"), Some("***")), (None, Some("blue"))]);
    for parameters in [json!("***"), json!({ "updateStageInput": "***" }), json!({ "patchOperations": ["***"] })] {
        let line =
            event(&json!({ "eventName": "UpdateStage", "requestParameters": parameters, "responseElements": "***" }));
        let told = ["Changed stage", "Set something to [redacted]"];
        assert!(told.iter().any(|told| line.what.starts_with(told)), "{parameters}: {}", line.what);
        assert!(line.whole);
    }
}

#[test]
fn dates_as_the_united_states_write_them_are_kept_as_they_came() {
    let date = "Aug 2, 2024, 8:45:00 AM";
    let record = json!({
        "eventName": "CreateApiKey", "eventSource": "apigateway.amazonaws.com", "eventTime": date,
        "userIdentity": { "type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/ci/run-7",
            "sessionContext": { "attributes": { "creationDate": date } } },
        "responseElements": { "createdDate": date, "name": "k" }
    });
    let line = event(&record);
    assert_eq!(
        (line.at.as_str(), line.who.as_str()),
        ("2026-03-02T10:00:00Z", "run-7 as role ci"),
        "the envelope's time"
    );
    assert!(line.whole);
    assert_eq!(shown_record(&record.to_string()).matches(date).count(), 3, "the record shows them as they came");
}

#[test]
fn a_record_without_an_identity_is_a_line_by_whoever_the_envelope_names() {
    for identity in [json!(null), json!({}), json!("root?"), json!([]), json!({ "type": null }), json!({ "type": 7 })] {
        let record = json!({ "eventName": "DeleteStage", "userIdentity": identity }).to_string();
        let named = EventEnvelope { user: "ana".to_owned(), ..envelope() };
        assert!(ChangeEvent::read("prod", &named, &record).who.contains("ana"), "{identity}");
        let nameless = ChangeEvent::read("prod", &envelope(), &record);
        assert_eq!(nameless.who, "somebody whom CloudTrail does not name", "{identity}");
        assert!(!nameless.root);
    }
}

/// Every record that the corpus holds, of every shape, from whatever service.
#[test]
fn records_that_others_kept_are_all_lines() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus/cloudtrail");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: there are no records at {}", folder.display());
        return;
    };
    let mut read = 0;
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let Ok(document) = serde_json::from_str::<Value>(&text) else {
            // Not JSON, or not whole: a line all the same.
            assert!(!ChangeEvent::read("prod", &envelope(), &text).what.is_empty());
            continue;
        };
        let mut pending = vec![&document];
        while let Some(value) = pending.pop() {
            if let Some(name) = value.get("eventName").and_then(Value::as_str) {
                let line = event(value);
                assert_eq!(line.name, name);
                assert!(!line.what.is_empty() && !line.who.is_empty(), "{value}");
                read += 1;
            }
            match value {
                Value::Array(items) => pending.extend(items),
                Value::Object(members) => pending.extend(members.values()),
                _ => {}
            }
        }
    }
    assert!(read > 100, "{read} records");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        "[a-zA-Z/~*. ]{0,12}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let names = prop_oneof![
            Just("userIdentity"),
            Just("requestParameters"),
            Just("patchOperations"),
            Just("eventName"),
            Just("path"),
            Just("op"),
            Just("value"),
            Just("type"),
            Just("sessionContext"),
            Just("sessionIssuer"),
            Just("errorCode")
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..6)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_record_breaks_it(record in any_json()) {
        let line = event(&record);
        prop_assert!(!line.what.is_empty() && !line.who.is_empty());
        prop_assert!(!shown_record(&record.to_string()).is_empty());
    }

    #[test]
    fn no_text_breaks_it(text in ".*") {
        prop_assert!(!ChangeEvent::read("c", &EventEnvelope::default(), &text).what.is_empty());
    }
}
