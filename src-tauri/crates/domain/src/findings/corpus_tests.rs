//! The test cases of AWS's own CloudFormation Guard rules, asked of our controls: the same verdicts, but where ours says
//! on purpose that there is nothing to judge.

use std::path::PathBuf;

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Value, json};

use super::{finding::Verdict, testing::Kit};

/// The cases of a file: name, the resources of a type with their properties, the verdict that Guard gives.
fn cases(file: &str, kind: &str) -> Option<Vec<(String, Vec<Value>, String)>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus/posture").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: the corpus of scanners is not on this machine ({})", path.display());
        return None;
    };
    let documents = Yaml::load_from_str(&text).unwrap();
    let cases = node(&documents[0]);
    let found = cases.as_array().unwrap().iter().map(|case| {
        let resources = case["input"]["Resources"].as_object().cloned().unwrap_or_default();
        let properties = resources
            .values()
            .filter(|resource| resource["Type"] == kind && resource.get("Metadata").is_none())
            .map(|resource| resource["Properties"].clone())
            .collect();
        let expected = case["expectations"]["rules"].as_object().unwrap().values().next().unwrap();
        (case["name"].as_str().unwrap().to_owned(), properties, expected.as_str().unwrap().trim().to_owned())
    });
    Some(found.collect())
}

fn node(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Representation(text, ..) => json!(text),
        Yaml::Sequence(items) => items.iter().map(node).collect(),
        Yaml::Mapping(members) => {
            members.iter().filter_map(|(name, value)| Some((node(name).as_str()?.to_owned(), node(value)))).collect()
        }
        Yaml::Tagged(_, inner) => node(inner),
        _ => Value::Null,
    }
}

#[test]
fn access_logs_as_guard_judges_them() {
    let Some(cases) = cases("guard__api_gwv2_access_logs_enabled_tests.yml", "AWS::ApiGatewayV2::Stage") else {
        return;
    };
    let mut judged = 0;
    for (name, stages, expected) in cases {
        for properties in stages {
            let settings = &properties["AccessLogSettings"];
            let text = |member: &str| settings[member].as_str().map(str::to_owned);
            let kit = Kit::http().route("GET /a", "NONE").stage(json!({ "accessLogSettings": {
                "destinationArn": text("DestinationArn"), "format": text("Format")
            } }));
            let expected = if expected == "PASS" { Verdict::Pass } else { Verdict::Fail };
            assert_eq!(kit.verdict("C2"), expected, "{name}");
            judged += 1;
        }
    }
    assert!(judged >= 7, "{judged}");
}

#[test]
fn caches_as_guard_judges_them_but_where_nothing_is_cached() {
    let file = "guard__api_gw_cache_enabled_and_encrypted_tests.yml";
    let Some(cases) = cases(file, "AWS::ApiGateway::Stage") else { return };
    let mut judged = 0;
    for (name, stages, expected) in cases {
        for settings in stages.iter().filter_map(|properties| properties["MethodSettings"].as_array()) {
            let of = |setting: &Value, member: &str| setting[member].as_bool().unwrap_or(false);
            let caches = settings.iter().any(|setting| of(setting, "CachingEnabled"));
            let entries: serde_json::Map<String, Value> = settings
                .iter()
                .map(|setting| {
                    let (path, method) = (setting["ResourcePath"].as_str().unwrap(), setting["HttpMethod"].as_str().unwrap());
                    let entry = json!({
                        "cachingEnabled": of(setting, "CachingEnabled"), "cacheDataEncrypted": of(setting, "CacheDataEncrypted")
                    });
                    (format!("{}/{method}", path.replace('/', "~1")), entry)
                })
                .collect();
            let kit = Kit::rest()
                .route("GET /", "NONE")
                .stage(json!({ "cacheClusterEnabled": true, "methodSettings": entries }));
            // Guard fails what is not cached: an opinion about speed, not about encryption.
            let expected = match (expected.as_str(), caches) {
                (_, false) => Verdict::NotApplicable,
                ("PASS", true) => Verdict::Pass,
                _ => Verdict::Fail,
            };
            assert_eq!(kit.verdict("C9"), expected, "{name}");
            judged += 1;
        }
    }
    assert!(judged >= 5, "{judged}");
}
