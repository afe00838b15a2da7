//! Where values of API keys are kept out: between the network and the SDK.
//!
//! `GetUsagePlanKeys`, `GetUsagePlanKey`, `CreateUsagePlanKey`, `CreateApiKey` and `UpdateApiKey` answer with values in plain
//! text whether asked or not (recorded). The SDK would keep such an answer as bytes, as JSON and as a structure; here its
//! values are overwritten where they stand before the SDK has seen a byte of it. Only `GetApiKey?includeValue=true` and
//! `GetApiKeys?includeValues=true` go through as they are: those are asked for on purpose, and in two places only
//! ([`crate::Reader::key_value`], [`crate::Reader::keys_with_value`]).
//!
//! Connections that brought values are closed after the answer: one that is kept for the next call keeps its buffer, with
//! what was in it.

use aws_smithy_http_client::{Builder, ConnectorBuilder, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        connector_metadata::ConnectorMetadata,
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::{RuntimeComponents, RuntimeComponentsBuilder},
    },
};
use aws_smithy_types::{body::SdkBody, config_bag::ConfigBag};
use http_body_util::BodyExt as _;

/// What an answer of API Gateway does with values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    /// It has none.
    None,
    /// It has some that nobody asked for.
    Unasked,
    /// They were asked for.
    Asked,
}

impl Values {
    /// By method and URI. An endpoint of the person's own may put a path before AWS's.
    fn of(method: &str, uri: &str) -> Self {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let path = path.split_once("://").map_or(path, |(_, rest)| rest);
        let mut segments = path.split('/').skip_while(|segment| !matches!(*segment, "apikeys" | "usageplans"));
        let (collection, rest) = (segments.next(), segments.filter(|segment| !segment.is_empty()).collect::<Vec<_>>());
        let asked = |name: &str| query.split('&').any(|pair| pair.split_once('=') == Some((name, "true")));
        match (method, collection, rest.as_slice()) {
            ("DELETE", ..) => Self::None,
            ("GET", Some("apikeys"), []) if asked("includeValues") => Self::Asked,
            ("GET", Some("apikeys"), [_]) if asked("includeValue") => Self::Asked,
            ("GET", Some("apikeys"), _) => Self::None,
            (_, Some("apikeys"), _) | (_, Some("usageplans"), [_, "keys"] | [_, "keys", _]) => Self::Unasked,
            _ => Self::None,
        }
    }
}

/// Sends to AWS as the SDK's own client does, and lets no value through that was not asked for.
pub(crate) fn to_aws() -> SharedHttpClient {
    without_values(over_network(None), over_network(Some(0)))
}

/// The SDK's own client (`default_https_client` of `aws-smithy-runtime`), with so many connections kept for a next call.
fn over_network(kept: Option<usize>) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let mut connector = ConnectorBuilder::default().tls_provider(provider).proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned()).set_pool_max_idle_per_host(kept);
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.build()
    })
}

/// A client that lets no value through that was not asked for. `once` keeps no connection for a second call.
pub(crate) fn without_values(usual: SharedHttpClient, once: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Client { usual, once })
}

#[derive(Debug)]
struct Client {
    usual: SharedHttpClient,
    once: SharedHttpClient,
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector {
            usual: self.usual.http_connector(settings, components),
            once: self.once.http_connector(settings, components),
        })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.usual.validate_base_client_config(components, config)?;
        self.once.validate_base_client_config(components, config)
    }

    fn validate_final_config(&self, components: &RuntimeComponents, config: &ConfigBag) -> Result<(), BoxError> {
        self.usual.validate_final_config(components, config)?;
        self.once.validate_final_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.usual.connector_metadata()
    }
}

#[derive(Debug)]
struct Connector {
    usual: SharedHttpConnector,
    once: SharedHttpConnector,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match Values::of(request.method(), request.uri()) {
            Values::None => self.usual.call(request),
            Values::Asked => self.once.call(request),
            Values::Unasked => {
                let answer = self.once.call(request);
                HttpConnectorFuture::new(async move { blanked(answer.await?).await })
            }
        }
    }
}

/// The same answer with its values overwritten, each by as many dashes.
async fn blanked(mut answer: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let body = answer.take_body().collect().await.map_err(ConnectorError::io)?;
    // In a piece of memory of its own, which is never enlarged: enlarging would leave the smaller one behind.
    let mut bytes = body.to_bytes().to_vec();
    blank(&mut bytes);
    *answer.body_mut() = SdkBody::from(bytes);
    Ok(answer)
}

/// An object or a list that is open.
#[derive(Clone, Copy)]
struct Open {
    object: bool,
    /// Under `tags`, where a tag may be named `value`.
    tags: bool,
    /// The member whose value comes next.
    member: Member,
    /// A member's name was read, and its value comes.
    named: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Member {
    Value,
    Tags,
    Other,
}

/// Overwrites every text that is the member `value` of an object, tags excepted. What is no JSON stays as it is, as far as
/// nothing in it looks like a value.
fn blank(json: &mut [u8]) {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(byte) = json.get(at).copied() {
        match byte {
            b'{' | b'[' => {
                let tags = open.last().is_some_and(|top| top.tags || top.object && top.member == Member::Tags);
                open.push(Open { object: byte == b'{', tags, member: Member::Other, named: false });
            }
            b'}' | b']' => drop(open.pop()),
            b':' | b',' => {
                if let Some(top) = open.last_mut() {
                    top.named = byte == b':';
                }
            }
            b'"' => {
                let end = end_of_text(json, at + 1);
                if let (Some(top), Some(text)) = (open.last_mut(), json.get_mut(at + 1..end)) {
                    if top.object && !top.named {
                        top.member = match &*text {
                            b"value" => Member::Value,
                            b"tags" => Member::Tags,
                            _ => Member::Other,
                        };
                    } else if top.object && !top.tags && top.member == Member::Value {
                        text.fill(b'-');
                    }
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Where the text that begins at `from` ends: the place of its closing quote, or the end.
fn end_of_text(json: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use aws_sdk_apigateway::{Client as Rest, Config, config::Region};
    use aws_smithy_runtime_api::client::http::http_client_fn;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "thisIsTheValueOfAKeyThatNobodyAskedFor";

    /// Answers everything with one body.
    #[derive(Debug)]
    struct Says(String);

    impl HttpConnector for Says {
        fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
            let answer = HttpResponse::new(200.try_into().unwrap(), SdkBody::from(self.0.clone()));
            HttpConnectorFuture::ready(Ok(answer))
        }
    }

    fn rest(body: &Value) -> Rest {
        let body = body.to_string();
        let client = http_client_fn(move |_, _| SharedHttpConnector::new(Says(body.clone())));
        let config = Config::builder()
            .behavior_version(aws_sdk_apigateway::config::BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(aws_credential_types::Credentials::new("a", "b", None, None, "test"))
            .http_client(without_values(client.clone(), client));
        Rest::from_conf(config.build())
    }

    #[tokio::test]
    async fn the_sdk_gets_no_value_that_was_not_asked_for() {
        let dashes = "-".repeat(SECRET.len());
        let list = rest(&json!({ "item": [{ "id": "k1", "type": "API_KEY", "value": SECRET, "name": "a \"b\"" }] }));
        let keys = list.get_usage_plan_keys().usage_plan_id("p").send().await.unwrap();
        assert_eq!((keys.items()[0].id(), keys.items()[0].name()), (Some("k1"), Some("a \"b\"")));
        assert_eq!(keys.items()[0].value(), Some(&*dashes));
        let one = rest(&json!({ "id": "k1", "value": SECRET, "tags": { "value": "a tag", "size": "small" } }));
        let created = one.create_api_key().name("a").send().await.unwrap();
        assert_eq!((created.value(), created.id()), (Some(&*dashes), Some("k1")));
        assert_eq!(created.tags().unwrap()["value"], "a tag", "a tag is none of ours");
        let updated = one.update_api_key().api_key("k1").send().await.unwrap();
        assert_eq!(updated.value(), Some(&*dashes));
        let joined = one.create_usage_plan_key().usage_plan_id("p").key_id("k1").key_type("API_KEY").send().await;
        assert_eq!(joined.unwrap().value(), Some(&*dashes));
        let member = one.get_usage_plan_key().usage_plan_id("p").key_id("k1").send().await.unwrap();
        assert_eq!(member.value(), Some(&*dashes));
        // On purpose.
        let shown = one.get_api_key().api_key("k1").include_value(true).send().await.unwrap();
        assert_eq!(shown.value(), Some(SECRET));
        let listed = list.get_api_keys().include_values(true).send().await.unwrap();
        assert_eq!(listed.items()[0].value(), Some(SECRET));
    }

    #[test]
    fn calls_are_told_apart_by_what_they_answer() {
        let host = "https://apigateway.eu-west-1.amazonaws.com";
        for (method, uri, values) in [
            ("GET", "/usageplans/p1/keys?limit=500", Values::Unasked),
            ("GET", "/usageplans/p1/keys/k1", Values::Unasked),
            ("POST", "/usageplans/p1/keys", Values::Unasked),
            ("POST", "/apikeys", Values::Unasked),
            ("POST", "/apikeys?mode=import&format=csv", Values::Unasked),
            ("PATCH", "/apikeys/k1", Values::Unasked),
            ("GET", "/apikeys?includeValues=false&limit=500", Values::None),
            ("GET", "/apikeys?limit=500&includeValues=true", Values::Asked),
            ("GET", "/apikeys/k1?includeValue=true", Values::Asked),
            ("GET", "/apikeys/k1", Values::None),
            ("DELETE", "/apikeys/k1", Values::None),
            ("GET", "/usageplans?keyId=k1", Values::None),
            ("PATCH", "/usageplans/p1/keys/k1/usage", Values::None),
            ("GET", "/restapis", Values::None),
        ] {
            assert_eq!(Values::of(method, &format!("{host}{uri}")), values, "{method} {uri}");
            assert_eq!(Values::of(method, &format!("http://localhost:4566/aws{uri}")), values, "{method} {uri}");
        }
    }

    #[test]
    fn what_is_cut_off_or_no_json_breaks_nothing_and_shows_nothing() {
        for (text, left) in [
            (r#"{"value":"abc"#, r#"{"value":"---"#),
            (r#"{"value" : "a\"b\\"}"#, r#"{"value" : "------"}"#),
            (r#"{"value":null,"id":"value"}"#, r#"{"value":null,"id":"value"}"#),
            (r#"{"a":{"value":"x"},"b":"y"}"#, r#"{"a":{"value":"-"},"b":"y"}"#),
            (r#"["value","x"]"#, r#"["value","x"]"#),
            ("<html>\"value\": \"x\"", "<html>\"value\": \"x\""),
            ("]}\"\\", "]}\"\\"),
            ("", ""),
        ] {
            let mut bytes = text.as_bytes().to_vec();
            blank(&mut bytes);
            assert_eq!(String::from_utf8(bytes).unwrap(), left);
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let name = prop_oneof![Just("value".to_owned()), Just("tags".to_owned()), "[a-z\"\\\\ä]{0,4}"];
        let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), ".{0,6}".prop_map(Value::from)];
        leaf.prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(name.clone(), inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// The rule again, on the parsed document.
    fn without(value: &Value, tags: bool) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| without(item, tags)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| match member {
                    Value::String(_) if name == "value" && !tags => (name.clone(), json!("blank")),
                    _ => (name.clone(), without(member, tags || name == "tags")),
                })
                .collect(),
            other => other.clone(),
        }
    }

    proptest! {
        #[test]
        fn nothing_but_values_is_changed(document in json()) {
            let mut bytes = document.to_string().into_bytes();
            blank(&mut bytes);
            let left: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(without(&left, false), without(&document, false));
        }
    }
}
