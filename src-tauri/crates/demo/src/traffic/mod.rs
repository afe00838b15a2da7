//! The account's traffic as CloudWatch has it: made from the stages that exist when it is asked for, and from nothing
//! else. Only what a stage serves has requests, a method has series of its own only with detailed metrics on, and a
//! canary has `Stage={stage}/Canary` beside the stage's series, which contain it.
//!
//! Not here: requests. Nothing is invoked, so nothing is counted; the numbers are drawn.

mod shape;
mod waf;

use jiff::Timestamp;
use serde_json::Value;

use self::shape::{Minute, drawn, minute, to_float};
pub(crate) use self::{
    shape::chance,
    waf::{NAMESPACE as WAF_NAMESPACE, WafTraffic},
};
use crate::rest::RestApis;

/// Namespace of API Gateway's metrics.
pub(crate) const NAMESPACE: &str = "AWS/ApiGateway";
/// Metrics of a REST API.
const METRICS: &[&str] = &["Count", "4XXError", "5XXError", "Latency", "IntegrationLatency"];
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

/// A method as a stage serves it.
struct Served {
    api: String,
    stage: String,
    path: String,
    method: String,
    detailed: bool,
    canary: Option<Candidate>,
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
}

type Dimensions = [(String, String)];

impl Traffic {
    /// Of the stages that exist.
    pub(crate) fn of(rest: &RestApis, now: Timestamp) -> Self {
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
                for (path, methods) in summary.as_object().into_iter().flatten() {
                    for method in methods.as_object().into_iter().flat_map(serde_json::Map::keys) {
                        served.push(Served {
                            api: name.clone(),
                            stage: text(&stage["stageName"]),
                            path: path.clone(),
                            method: method.clone(),
                            detailed: detailed(stage, path, method),
                            canary: canary.clone(),
                        });
                    }
                }
            }
        }
        Self { served, now }
    }

    /// The account's time, seconds since 1970: nothing is known of later.
    #[expect(clippy::cast_precision_loss, reason = "seconds since 1970")]
    pub(crate) fn seconds(&self) -> f64 {
        self.now.as_second() as f64
    }

    /// `(metric, dimensions)` of every series.
    pub(crate) fn series(&self) -> Vec<(String, Vec<(String, String)>)> {
        let mut dimensions: Vec<Vec<(String, String)>> = Vec::new();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for served in &self.served {
            let stages =
                [Some(served.stage.clone()), served.canary.as_ref().map(|_| format!("{}/Canary", served.stage))];
            dimensions.push(vec![pair("ApiName", &served.api)]);
            for stage in stages.iter().flatten() {
                dimensions.push(vec![pair("ApiName", &served.api), pair("Stage", stage)]);
                if served.detailed {
                    dimensions.push(vec![
                        pair("ApiName", &served.api),
                        pair("Method", &served.method),
                        pair("Resource", &served.path),
                        pair("Stage", stage),
                    ]);
                }
            }
        }
        dimensions.sort();
        dimensions.dedup();
        METRICS
            .iter()
            .flat_map(|metric| dimensions.iter().map(|dimensions| ((*metric).to_owned(), dimensions.clone())))
            .collect()
    }

    /// The samples of a series in a window, oldest first; none for a series that does not exist.
    pub(crate) fn samples(&self, metric: &str, dimensions: &Dimensions, start: f64, end: f64) -> Vec<Sample> {
        let of = |name: &str| dimensions.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let (stage, only_canary) = match of("Stage").map(|stage| (stage, stage.strip_suffix("/Canary"))) {
            Some((_, Some(stage))) => (Some(stage), true),
            Some((stage, None)) => (Some(stage), false),
            None => (None, false),
        };
        let method = of("Resource").zip(of("Method"));
        let known = [of("ApiName").is_some(), stage.is_some(), of("Resource").is_some(), of("Method").is_some()];
        let complete = method.is_some() || (of("Resource").is_none() && of("Method").is_none());
        if !METRICS.contains(&metric) || !complete || dimensions.len() != known.iter().filter(|known| **known).count() {
            return Vec::new();
        }
        let served: Vec<&Served> = self
            .served
            .iter()
            .filter(|served| of("ApiName") == Some(&served.api) && stage.is_none_or(|stage| stage == served.stage))
            .filter(|served| method.is_none_or(|method| served.detailed && method == (&served.path, &served.method)))
            .filter(|served| !only_canary || served.canary.is_some())
            .collect();
        #[expect(clippy::cast_possible_truncation, reason = "moments in minutes")]
        let (first, last) = ((start / 60.0).ceil() as i64, ((end / 60.0).ceil() as i64).min(self.now.as_second() / 60));
        (first..last)
            .flat_map(|at| served.iter().flat_map(move |served| served.samples(metric, at, only_canary)))
            .collect()
    }
}

impl Served {
    fn samples(&self, metric: &str, at: i64, only_canary: bool) -> Vec<Sample> {
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
        samples(if only_canary { of_candidate } else { all }, metric, at)
    }
}

/// A minute as CloudWatch would have been told: one value per request.
#[expect(clippy::cast_precision_loss, reason = "moments in seconds")]
fn samples(minute: Minute, metric: &str, at: i64) -> Vec<Sample> {
    let at = (at * 60) as f64;
    let requests = to_float(minute.requests);
    let pairs: Vec<(f64, f64)> = match metric {
        "Count" => vec![(1.0, requests)],
        "4XXError" => vec![(1.0, to_float(minute.client_errors)), (0.0, requests - to_float(minute.client_errors))],
        "5XXError" => vec![(1.0, to_float(minute.server_errors)), (0.0, requests - to_float(minute.server_errors))],
        _ => {
            let own = if metric == "Latency" { 1.0 } else { 0.85 };
            let parts = [(0.6, 0.4), (1.0, 0.3), (1.6, 0.2), (3.0, 0.08), (8.0, 0.02)];
            parts.iter().map(|(factor, share)| (minute.latency * own * factor, requests * share)).collect()
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
