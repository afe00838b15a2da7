//! The account's traffic as CloudWatch has it: made from the stages that exist when it is asked for, and from nothing
//! else. Only what a stage serves has requests, a method has series of its own only with detailed metrics on, and a
//! canary has `Stage={stage}/Canary` beside the stage's series, which contain it.
//!
//! Not here: requests. Nothing is invoked, so nothing is counted; the numbers are drawn.

mod access_log;
mod shape;
mod waf;

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use jiff::Timestamp;
use serde_json::Value;

use self::{
    access_log::AccessLog,
    shape::{Minute, drawn, minute, to_float},
};
pub(crate) use self::{
    shape::chance,
    waf::{NAMESPACE as WAF_NAMESPACE, WafTraffic},
};
use crate::{
    rest::RestApis,
    services::apigatewayv2::{HttpApis, LiveRoute},
};

/// Namespace of API Gateway's metrics.
pub(crate) const NAMESPACE: &str = "AWS/ApiGateway";
/// Metrics of REST, HTTP and WebSocket APIs, with what they are here.
const REST: &[(&str, Told)] = &[
    ("Count", Told::Requests),
    ("4XXError", Told::ClientErrors),
    ("5XXError", Told::ServerErrors),
    ("Latency", Told::Latency),
    ("IntegrationLatency", Told::IntegrationLatency),
];
const HTTP: &[(&str, Told)] = &[
    ("Count", Told::Requests),
    ("4xx", Told::ClientErrors),
    ("5xx", Told::ServerErrors),
    ("Latency", Told::Latency),
    ("IntegrationLatency", Told::IntegrationLatency),
];
const WEBSOCKET: &[(&str, Told)] = &[
    ("MessageCount", Told::Requests),
    ("ClientError", Told::ClientErrors),
    ("ExecutionError", Told::ServerErrors),
    ("IntegrationLatency", Told::IntegrationLatency),
];
/// Periods as long as this, of windows as long as that, are drawn from every tenth minute, ten times as heavy: two weeks
/// are many minutes, and nobody judges a canary by them.
const COARSE: i64 = 900;
const LONG: f64 = 48.0 * 3_600.0;
const COARSE_STEP: i64 = 10;
/// A candidate whose deployment says this in its description fails under traffic.
const BREAKS_COUPONS: &str = "coupon";

/// One reported value that occurred several times.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Epoch, seconds.
    pub(crate) at: f64,
    pub(crate) value: f64,
    pub(crate) count: f64,
}

/// What a metric tells of a minute.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Requests,
    ClientErrors,
    ServerErrors,
    Latency,
    IntegrationLatency,
}

/// A method as a stage serves it.
struct Served {
    /// The metrics of its product.
    metrics: &'static [(&'static str, Told)],
    /// The name of a REST API, the id of another.
    api: String,
    /// `ApiName` or `ApiId`.
    by: &'static str,
    /// The key of an HTTP or WebSocket route.
    route: Option<String>,
    stage: String,
    path: String,
    method: String,
    detailed: bool,
    canary: Option<Candidate>,
    /// Where its requests are written down.
    log: Option<Rc<AccessLog>>,
}

#[derive(Clone)]
struct Candidate {
    share: f64,
    breaks_coupons: bool,
}

/// The traffic of a region.
pub(crate) struct Traffic {
    served: Vec<Served>,
    now: Timestamp,
    /// Whether CloudWatch has series of its own for canaries: how it separates them is not documented.
    canary_series: bool,
    /// Series that were asked for: a chart asks four times for one of them.
    drawn: RefCell<HashMap<String, Rc<Vec<Sample>>>>,
}

type Dimensions = [(String, String)];

impl Traffic {
    /// Of the stages that exist.
    pub(crate) fn of(rest: &RestApis, http: &HttpApis, now: Timestamp) -> Self {
        let mut served = Vec::new();
        for api in rest.apis.values() {
            let name = text(&api.document["name"]);
            for stage in api.stages.values() {
                let deployment = text(&stage["deploymentId"]);
                let Some(summary) = api.deployments.get(&deployment).map(|deployment| &deployment.summary) else {
                    continue;
                };
                let canary = candidate(&stage["canarySettings"], |id| {
                    api.deployments.get(id).map(|deployment| text(&deployment.document["description"]))
                });
                let log = AccessLog::of(stage).map(Rc::new);
                for (path, methods) in summary.as_object().into_iter().flatten() {
                    for method in methods.as_object().into_iter().flat_map(serde_json::Map::keys) {
                        served.push(Served {
                            metrics: REST,
                            by: "ApiName",
                            route: None,
                            api: name.clone(),
                            stage: text(&stage["stageName"]),
                            path: path.clone(),
                            method: method.clone(),
                            detailed: detailed(stage, path, method),
                            canary: canary.clone(),
                            log: log.clone(),
                        });
                    }
                }
            }
        }
        served.extend(http.live_routes().into_iter().map(|live| {
            let LiveRoute { api_id, stage, route_key, detailed, websocket } = live;
            let (method, path) = route_key.split_once(' ').unwrap_or(("ANY", &route_key));
            Served {
                metrics: if websocket { WEBSOCKET } else { HTTP },
                by: "ApiId",
                path: path.to_owned(),
                method: method.to_owned(),
                route: Some(route_key),
                api: api_id,
                stage,
                detailed,
                canary: None,
                log: None,
            }
        }));
        Self { served, now, canary_series: true, drawn: RefCell::default() }
    }

    /// The same in an account whose CloudWatch has no series of its own for canaries, if so.
    pub(crate) fn with_canary_series(self, canary_series: bool) -> Self {
        Self { canary_series, ..self }
    }

    /// The account's time, seconds since 1970: nothing is known of later.
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970")]
    pub(crate) fn seconds(&self) -> f64 {
        self.now.as_second() as f64
    }

    /// `(metric, dimensions)` of every series, in order.
    pub(crate) fn series(&self) -> Vec<(String, Vec<(String, String)>)> {
        let mut series: Vec<(String, Vec<(String, String)>)> = Vec::new();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for served in &self.served {
            let canary = served.canary.as_ref().filter(|_| self.canary_series);
            let stages = [Some(served.stage.clone()), canary.map(|_| format!("{}/Canary", served.stage))];
            let mut dimensions = vec![vec![pair(served.by, &served.api)]];
            for stage in stages.iter().flatten() {
                dimensions.push(vec![pair(served.by, &served.api), pair("Stage", stage)]);
                match &served.route {
                    _ if !served.detailed => {}
                    Some(route) => {
                        dimensions.push(vec![pair("ApiId", &served.api), pair("Route", route), pair("Stage", stage)]);
                    }
                    None => dimensions.push(vec![
                        pair("ApiName", &served.api),
                        pair("Method", &served.method),
                        pair("Resource", &served.path),
                        pair("Stage", stage),
                    ]),
                }
            }
            for (metric, _) in served.metrics {
                series.extend(dimensions.iter().map(|dimensions| ((*metric).to_owned(), dimensions.clone())));
            }
        }
        series.sort();
        series.dedup();
        series
    }

    /// The samples of a series in a window, oldest first; none for a series that does not exist. `period` is for what
    /// they are summed up.
    pub(crate) fn samples(
        &self,
        metric: &str,
        dimensions: &Dimensions,
        start: f64,
        end: f64,
        period: i64,
    ) -> Rc<Vec<Sample>> {
        let step = if period >= COARSE && end - start > LONG { COARSE_STEP } else { 1 };
        let key = format!("{metric} {dimensions:?} {start} {end} {step}");
        if let Some(known) = self.drawn.borrow().get(&key) {
            return Rc::clone(known);
        }
        let drawn = Rc::new(self.drawn(metric, dimensions, start, end, step));
        self.drawn.borrow_mut().insert(key, Rc::clone(&drawn));
        drawn
    }

    fn drawn(&self, metric: &str, dimensions: &Dimensions, start: f64, end: f64, step: i64) -> Vec<Sample> {
        let of = |name: &str| dimensions.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let (stage, only_canary) = match of("Stage").map(|stage| (stage, stage.strip_suffix("/Canary"))) {
            Some((_, Some(stage))) => (Some(stage), true),
            Some((stage, None)) => (Some(stage), false),
            None => (None, false),
        };
        let (method, route) = (of("Resource").zip(of("Method")), of("Route"));
        let known = ["ApiName", "ApiId", "Stage", "Resource", "Method", "Route"];
        let complete = method.is_some() || (of("Resource").is_none() && of("Method").is_none());
        let by = match (of("ApiName"), of("ApiId")) {
            (Some(name), None) => ("ApiName", name),
            (None, Some(id)) => ("ApiId", id),
            _ => return Vec::new(),
        };
        if only_canary && !self.canary_series {
            return Vec::new();
        }
        let strange = dimensions.iter().any(|(name, _)| !known.contains(&name.as_str()));
        let of_another = (by.0 == "ApiId" && method.is_some()) || (by.0 == "ApiName" && route.is_some());
        if !complete || strange || of_another || (stage.is_none() && (method.is_some() || route.is_some())) {
            return Vec::new();
        }
        let served: Vec<(&Served, Told)> = self
            .served
            .iter()
            .filter(|served| by == (served.by, &served.api) && stage.is_none_or(|stage| stage == served.stage))
            .filter(|served| method.is_none_or(|method| served.detailed && method == (&served.path, &served.method)))
            .filter(|served| route.is_none_or(|route| served.detailed && served.route.as_deref() == Some(route)))
            .filter(|served| !only_canary || served.canary.is_some())
            .filter_map(|served| Some((served, served.metrics.iter().find(|(name, _)| *name == metric)?.1)))
            .collect();
        #[expect(clippy::cast_possible_truncation, reason = "moments in minutes")]
        let (first, last) = ((start / 60.0).ceil() as i64, ((end / 60.0).ceil() as i64).min(self.now.as_second() / 60));
        let minutes = (first..last).filter(|at| at.rem_euclid(step) == 0);
        #[expect(clippy::cast_precision_loss, reason = "one or ten")]
        let heavier = step as f64;
        minutes
            .flat_map(|at| served.iter().flat_map(move |(served, told)| served.samples(*told, at, only_canary)))
            .map(|sample| Sample { count: sample.count * heavier, ..sample })
            .collect()
    }
}

impl Served {
    fn samples(&self, told: Told, at: i64, only_canary: bool) -> Vec<Sample> {
        let (all, of_candidate) = self.minute(at);
        samples(if only_canary { of_candidate } else { all }, told, at)
    }

    /// A minute of the whole stage, and the candidate's part of it.
    fn minute(&self, at: i64) -> (Minute, Minute) {
        let name = format!("{}/{}/{} {}", self.api, self.stage, self.method, self.path);
        let mut all = minute(&name, &self.path, &self.stage, at);
        let mut of_candidate = Minute { requests: 0, client_errors: 0, server_errors: 0, latency: all.latency };
        if let Some(canary) = &self.canary {
            let part =
                |number: u64, salt: i64| drawn(to_float(number) * canary.share, chance(&name, at ^ salt)).min(number);
            of_candidate.requests = part(all.requests, 0x1111);
            of_candidate.client_errors = part(all.client_errors, 0x2222).min(of_candidate.requests);
            of_candidate.server_errors = part(all.server_errors, 0x6666).min(of_candidate.requests);
            if canary.breaks_coupons && self.path.contains("coupon") {
                let failing = drawn(to_float(of_candidate.requests) * 0.6, chance(&name, at ^ 0x8888));
                all.server_errors = (all.server_errors + failing).min(all.requests);
                of_candidate.server_errors = (of_candidate.server_errors + failing).min(of_candidate.requests);
                of_candidate.latency *= 1.8;
            }
        }
        (all, of_candidate)
    }
}

/// How latencies are spread: of the middle one, and which share of the requests.
const LATENCIES: [(f64, f64); 5] = [(0.6, 0.4), (1.0, 0.3), (1.6, 0.2), (3.0, 0.08), (8.0, 0.02)];

/// A minute as CloudWatch would have been told: one value per request.
#[expect(clippy::cast_precision_loss, reason = "moments in seconds")]
fn samples(minute: Minute, told: Told, at: i64) -> Vec<Sample> {
    let at = (at * 60) as f64;
    let requests = to_float(minute.requests);
    let pairs: Vec<(f64, f64)> = match told {
        Told::Requests => vec![(1.0, requests)],
        Told::ClientErrors => {
            vec![(1.0, to_float(minute.client_errors)), (0.0, requests - to_float(minute.client_errors))]
        }
        Told::ServerErrors => {
            vec![(1.0, to_float(minute.server_errors)), (0.0, requests - to_float(minute.server_errors))]
        }
        Told::Latency | Told::IntegrationLatency => {
            let own = if told == Told::Latency { 1.0 } else { 0.85 };
            LATENCIES.iter().map(|(factor, share)| (minute.latency * own * factor, requests * share)).collect()
        }
    };
    pairs.into_iter().filter(|(_, count)| *count > 0.0).map(|(value, count)| Sample { at, value, count }).collect()
}

fn candidate(settings: &Value, description: impl Fn(&str) -> Option<String>) -> Option<Candidate> {
    let deployment = settings["deploymentId"].as_str()?;
    let percent = settings["percentTraffic"].as_f64().unwrap_or_default();
    let said = description(deployment).unwrap_or_default();
    Some(Candidate { share: percent / 100.0, breaks_coupons: said.contains(BREAKS_COUPONS) })
}

/// Whether the method reports metrics of its own: its setting, else the stage's default.
fn detailed(stage: &Value, path: &str, method: &str) -> bool {
    let settings = &stage["methodSettings"];
    let escaped = format!("{}/{method}", path.replace('~', "~0").replace('/', "~1"));
    let plain = format!("{}/{method}", path.trim_start_matches('/'));
    [escaped.as_str(), plain.as_str(), "*/*"]
        .iter()
        .find_map(|key| settings[*key]["metricsEnabled"].as_bool())
        .unwrap_or(false)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
