//! The account: regions with their services, ids from a seed, time from a clock.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{Request, Response, header::AUTHORIZATION};
use percent_encoding::percent_decode_str;
use portcullis_domain::Clock;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::{
    HOME_REGION,
    client::DemoHttpClient,
    faults::{Fault, Faults, Verdict},
    in_process::AsWritten,
    recorder::{Recorded, record},
    rest::{self, Query, RestApis},
    scale::{self, Scale},
    scale_keys,
    seed::{self, SeedError},
    services::{
        Around, Refusal,
        lake::{self, Lake},
        region::Services,
        wire::{self, Protocol},
    },
};

/// An AWS account in memory. Clones share it.
#[derive(Clone)]
pub struct DemoAccount {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    faults: Faults,
}

struct State {
    regions: BTreeMap<String, Region>,
    random: ChaCha8Rng,
    lake: Lake,
    /// What CloudTrail Lake has of other accounts.
    elsewhere: Vec<Value>,
}

#[derive(Default)]
struct Region {
    rest: RestApis,
    services: Services,
    /// CloudTrail records, oldest first.
    events: Vec<Value>,
}

impl fmt::Debug for DemoAccount {
    /// Without its contents: they hold key values.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DemoAccount").finish_non_exhaustive()
    }
}

impl DemoAccount {
    /// An account with nothing in it. The same seed gives the same ids in the same order.
    #[must_use]
    pub fn empty(clock: Arc<dyn Clock>, seed: u64) -> Self {
        let state = Mutex::new(State {
            regions: BTreeMap::new(),
            random: ChaCha8Rng::seed_from_u64(seed),
            lake: Lake::default(),
            elsewhere: Vec::new(),
        });
        Self { inner: Arc::new(Inner { clock, state, faults: Faults::default() }) }
    }

    /// The shop and the clinic network that a person meets first.
    ///
    /// # Errors
    /// [`SeedError`] when an operation of the account refuses the seed, which is a defect of one of them.
    pub fn standard(clock: Arc<dyn Clock>) -> Result<Self, SeedError> {
        let account = Self::empty(clock, 0);
        seed::fill(&account)?;
        let now = account.inner.clock.now();
        account.state().elsewhere = seed::history::elsewhere(now);
        if let Some(home) = account.state().regions.get_mut(HOME_REGION) {
            let id = |name: &str| home.rest.id_of(name).unwrap_or_default();
            let (storefront, admin) = (id("storefront"), id("admin"));
            seed::history::tell(&mut home.events, now, &storefront, &admin);
            home.services.cloudwatch.settle(seed::history::laid_out(now));
        }
        Ok(account)
    }

    /// A large account, the same for the same seed.
    #[must_use]
    pub fn scaled(scale: Scale, seed: u64, clock: Arc<dyn Clock>) -> Self {
        let account = Self::empty(clock, seed);
        let now = account.inner.clock.now();
        {
            let mut state = account.state();
            let State { regions, random, .. } = &mut *state;
            let region = regions.entry(HOME_REGION.to_owned()).or_default();
            let mut id = |length| letters(random, length);
            let mut around = Around { now, region: HOME_REGION, id: &mut id };
            region.rest.place(&scale::plan(scale, seed), &mut around);
            region.rest.place_keys(&scale_keys::plan(scale.keys, seed), &mut around);
        }
        account
    }

    /// Reaches into a region's REST APIs, for the part of a seed that no operation can lay.
    pub(crate) fn with_rest(&self, region: &str, lay: impl FnOnce(&mut RestApis, jiff::Timestamp)) {
        let now = self.inner.clock.now();
        lay(&mut self.state().regions.entry(region.to_owned()).or_default().rest, now);
    }

    /// Lets CloudTrail Lake's queries from now on end like this (`FAILED`, `TIMED_OUT`, `CANCELLED`), for tests.
    pub fn end_lake_queries(&self, status: &'static str, reason: &str) {
        self.state().lake.end_with(status, reason);
    }

    /// Lets queries of CloudWatch Logs from now on end like this (`Failed`, `Timeout`, `Cancelled`), or never (`Running`),
    /// for tests.
    pub fn end_log_queries(&self, status: &'static str) {
        self.state().regions.entry(HOME_REGION.to_owned()).or_default().services.logs.end_with(status);
    }

    /// Lets CloudWatch have no series of its own for canaries, for tests: how AWS separates them is not documented.
    pub fn hide_canary_series(&self) {
        self.state().regions.entry(HOME_REGION.to_owned()).or_default().services.canaries_unseen = true;
    }

    /// Failures to come, for tests.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// The account as the HTTP client of an AWS SDK: in this process, without a socket.
    #[must_use]
    pub fn http_client(&self) -> aws_smithy_runtime_api::client::http::SharedHttpClient {
        aws_smithy_runtime_api::client::http::SharedHttpClient::new(DemoHttpClient::new(self.clone()))
    }

    /// Answers a request, faults included: one that never answers is a future that never ends.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let call = self.read(&request);
        match self.inner.faults.verdict(&call.service, &call.operation, &call.region) {
            None => self.handle(&request),
            Some(Verdict::Instead(fault)) => refusal_of(&fault, &self.new_request_id(), call.protocol),
            Some(Verdict::Never { after_executing }) => {
                if after_executing {
                    self.handle(&request);
                }
                self.inner.faults.silence();
                std::future::pending().await
            }
        }
    }

    /// Answers a request, without faults.
    pub(crate) fn handle(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let call = self.read(request);
        let request_id = self.new_request_id();
        if let Addressed::Definition(found) = &call.addressed {
            // By operations of the account, each of which takes the lock.
            let api = found.captures.first().map(|(_, id)| id.as_str());
            return wire::respond(Protocol::RestJson, self.import_rest_api(&call.region, api, request), &request_id);
        }
        let now = self.inner.clock.now();
        let mut state = self.state();
        let State { regions, random, lake, elsewhere } = &mut *state;
        if let Addressed::Other(addressed) = &call.addressed
            && addressed.service == wire::Service::CloudTrail
            && lake::OPERATIONS.contains(&addressed.operation.as_str())
        {
            // An event data store has every region's, and the organisation's other accounts'.
            let events: Vec<Value> =
                regions.values().flat_map(|region| &region.events).chain(elsewhere.iter()).cloned().collect();
            let mut id = |length| letters(random, length);
            let mut around = Around { now, region: &call.region, id: &mut id };
            let outcome = lake.answer(&addressed.operation, &addressed.body, &events, &mut around);
            return wire::respond(addressed.protocol, outcome, &request_id);
        }
        let region = regions.entry(call.region.clone()).or_default();
        let mut id = |length| letters(random, length);
        let mut around = Around { now, region: &call.region, id: &mut id };
        match call.addressed {
            Addressed::Rest(found, body) => {
                let query = wire::pairs(request.uri().query().unwrap_or_default());
                let web_acls = &region.services.web_acls;
                let web_acl_of = |arn: &str| web_acls.of_resource(arn).map(str::to_owned);
                let as_written = request.extensions().get::<AsWritten>().is_some();
                let rest_call = rest::Call {
                    found: &found,
                    query: Query(&query),
                    body: &body,
                    web_acl_of: &web_acl_of,
                    as_written,
                };
                let outcome = region.rest.answer(&rest_call, &mut around);
                let parameters = recorded_parameters(&found, &body);
                let recorded = Recorded {
                    service: "apigateway",
                    operation: found.operation,
                    parameters,
                    outcome: &outcome,
                    request,
                    request_id: &request_id,
                };
                region.events.extend(record(&recorded, &mut around));
                wire::respond(Protocol::RestJson, outcome, &request_id)
            }
            Addressed::Other(addressed) => {
                let Region { rest, services, events } = region;
                let response = services.answer(&addressed, rest, events, &mut around, &request_id);
                let outcome = match response.status().is_success() {
                    true => Ok((response.status().as_u16(), Value::Null)),
                    false => Err(Refusal::new(response.status().as_u16(), "Refused", "")),
                };
                let recorded = Recorded {
                    service: &call.service,
                    operation: &addressed.operation,
                    parameters: match addressed.service {
                        wire::Service::Wafv2 => lower_camel(&addressed.body),
                        _ => with_place(addressed.body.clone(), request.uri().path()),
                    },
                    outcome: &outcome,
                    request,
                    request_id: &request_id,
                };
                events.extend(record(&recorded, &mut around));
                response
            }
            Addressed::Definition(_) => Response::new(Bytes::new()),
            Addressed::Refused(protocol, refusal) => wire::refuse(protocol, &refusal, &request_id),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held left documents that are each whole: the account goes on.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn new_request_id(&self) -> String {
        let mut state = self.state();
        let State { random, .. } = &mut *state;
        let mut id = |length| letters(random, length);
        Around { now: self.inner.clock.now(), region: HOME_REGION, id: &mut id }.uuid()
    }

    fn read(&self, request: &Request<Bytes>) -> Read {
        let scope = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|header| header.to_str().ok())
            .and_then(|header| header.split("Credential=").nth(1))
            .and_then(|credential| credential.split([',', ' ']).next())
            .map(|credential| credential.split('/').collect::<Vec<_>>())
            .unwrap_or_default();
        let region = scope.get(2).copied().unwrap_or(HOME_REGION).to_owned();
        let service = scope.get(3).copied().unwrap_or("apigateway").to_owned();
        let addressed = address(request);
        let (operation, protocol) = match &addressed {
            Addressed::Rest(found, _) | Addressed::Definition(found) => {
                (found.operation.to_owned(), Protocol::RestJson)
            }
            Addressed::Other(addressed) => (addressed.operation.clone(), addressed.protocol),
            Addressed::Refused(protocol, _) => (String::new(), *protocol),
        };
        Read { region, service, operation, protocol, addressed }
    }
}

/// A request, understood.
struct Read {
    region: String,
    service: String,
    operation: String,
    protocol: Protocol,
    addressed: Addressed,
}

enum Addressed {
    Rest(rest::Found, Value),
    /// The body is a definition, in JSON or YAML.
    Definition(rest::Found),
    Other(wire::Addressed),
    Refused(Protocol, Refusal),
}

fn address(request: &Request<Bytes>) -> Addressed {
    let segments: Vec<String> = request
        .uri()
        .path()
        .trim_matches('/')
        .split('/')
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    if !segments.first().is_some_and(|root| rest::ROOTS.contains(&root.as_str())) {
        return match wire::address(request) {
            Some(Ok(addressed)) => Addressed::Other(addressed),
            Some(Err((protocol, refusal))) => Addressed::Refused(protocol, refusal),
            None => {
                let what = format!("{} {}", request.method(), request.uri().path());
                Addressed::Refused(Protocol::RestJson, Refusal::not_implemented("This request,", &what))
            }
        };
    }
    let importing = request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair == "mode=import"));
    let Some(mut found) = rest::find(request.method().as_str(), &segments) else {
        let what = format!("{} {}", request.method(), request.uri().path());
        return Addressed::Refused(Protocol::RestJson, Refusal::not_implemented("apigateway", &what));
    };
    if found.operation == "CreateRestApi" && importing {
        found.operation = "ImportRestApi";
    }
    if matches!(found.operation, "ImportRestApi" | "PutRestApi") {
        return Addressed::Definition(found);
    }
    if request.body().is_empty() {
        return Addressed::Rest(found, json!({}));
    }
    match serde_json::from_slice::<Value>(request.body()) {
        Ok(body) if body.is_object() => Addressed::Rest(found, body),
        _ => Addressed::Refused(
            Protocol::RestJson,
            Refusal::new(400, "SerializationException", "The body is no JSON object."),
        ),
    }
}

/// WAF's records have the members of the request with a small first letter, those of ARNs as well (`aRN`).
fn lower_camel(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| {
                let mut letters = name.chars();
                let first = letters.next().map(|letter| letter.to_ascii_lowercase());
                (first.into_iter().chain(letters).collect::<String>(), lower_camel(member))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(lower_camel).collect(),
        other => other.clone(),
    }
}

/// Version 2 has the API and the stage in the path; its records have them among the parameters.
fn with_place(mut parameters: Value, path: &str) -> Value {
    let segments: Vec<&str> = path.split('/').collect();
    for (folder, member) in [("apis", "apiId"), ("stages", "stageName")] {
        let named =
            segments.windows(2).find(|pair| pair[0] == folder).map(|pair| pair[1]).filter(|name| !name.is_empty());
        if let (Some(name), true) = (named, path.starts_with("/v2/")) {
            if !parameters.is_object() {
                parameters = json!({});
            }
            parameters[member] = json!(name);
        }
    }
    parameters
}

/// Version 1 as CloudTrail has it: the ids of the path, one object named after the operation, `template`.
fn recorded_parameters(found: &rest::Found, body: &Value) -> Value {
    let mut parameters = json!({});
    for (name, value) in &found.captures {
        let name = match (*name, found.operation) {
            ("api", _) => "restApiId",
            ("stage", _) => "stageName",
            ("resource" | "parent", _) => "resourceId",
            ("method", _) => "httpMethod",
            ("plan", _) => "usageplanId",
            ("key", _) => "keyId",
            ("arn", _) => "resourceArn",
            ("status", _) => "statusCode",
            ("domain", _) => "domainName",
            ("path", _) => "basePath",
            ("id", operation) if operation.ends_with("ApiKey") => "apiKey",
            ("id", operation) if operation.ends_with("Deployment") => "deploymentId",
            ("id", operation) if operation.ends_with("Authorizer") => "authorizerId",
            ("id", operation) if operation.ends_with("Validator") => "requestValidatorId",
            (other, _) => other,
        };
        parameters[name] = json!(value);
    }
    if body.as_object().is_some_and(|body| !body.is_empty()) {
        let operation = found.operation;
        parameters[format!("{}{}Input", operation[..1].to_lowercase(), &operation[1..])] = body.clone();
    }
    parameters["template"] = json!(false);
    parameters
}

fn refusal_of(fault: &Fault, request_id: &str, protocol: Protocol) -> Response<Bytes> {
    if let Some(html) = &fault.html {
        let response = Response::builder()
            .status(fault.status)
            .header("content-type", "text/html")
            .body(Bytes::from(html.clone()));
        return response.unwrap_or_else(|_| Response::new(Bytes::new()));
    }
    let mut response =
        wire::refuse(protocol, &Refusal::new(fault.status, fault.code, fault.message.clone()), request_id);
    if let Some(seconds) = fault.retry_after {
        response.headers_mut().insert("retry-after", seconds.into());
    }
    response
}

/// Lower-case letters and digits, as in AWS's ids.
fn letters(random: &mut ChaCha8Rng, length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    (0..length).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect()
}
