//! The lines that stages write into their access logs: the traffic that the metrics count, in the stage's own format.
//!
//! As AWS documents it, a canary's requests stand in the group that was chosen and in another whose name ends with
//! `/Canary`. Requests of a minute that look alike are one event with their number.

use serde_json::Value;

use super::{Served, Traffic, chance, shape::to_float, text};
use crate::services::logs::{Event, group_of};

/// Where a stage writes, and how.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AccessLog {
    group: String,
    format: String,
}

impl AccessLog {
    /// Of a stage; `None` when it has none, or none in CloudWatch Logs.
    pub(super) fn of(stage: &Value) -> Option<Self> {
        let settings = &stage["accessLogSettings"];
        let group = group_of(settings["destinationArn"].as_str()?)?.to_owned();
        Some(Self { group, format: text(&settings["format"]).trim_end().to_owned() })
            .filter(|log| !log.format.is_empty())
    }
}

/// What a request was.
struct Request<'a> {
    served: &'a Served,
    at: i64,
    canary: bool,
    status: u16,
    latency: f64,
    number: i64,
}

impl Traffic {
    /// The events of a group from one second to another, both included.
    pub(crate) fn access_log(&self, group: &str, start: i64, end: i64) -> Vec<Event> {
        let mut events = Vec::new();
        for served in &self.served {
            let Some(log) = &served.log else { continue };
            let only_canary = group.strip_suffix("/Canary") == Some(&log.group);
            if log.group != group && !only_canary {
                continue;
            }
            let (first, last) = (start.div_euclid(60) + i64::from(start.rem_euclid(60) > 0), end.div_euclid(60));
            for minute in first..=last.min(self.now.as_second().div_euclid(60) - 1) {
                served.events(log, group, minute, only_canary, &mut events);
            }
        }
        events
    }
}

impl Served {
    fn events(&self, log: &AccessLog, group: &str, minute: i64, only_canary: bool, events: &mut Vec<Event>) {
        let (all, candidate) = self.minute(minute);
        let mut baseline = all;
        baseline.requests -= candidate.requests;
        baseline.client_errors = baseline.client_errors.saturating_sub(candidate.client_errors).min(baseline.requests);
        baseline.server_errors = baseline.server_errors.saturating_sub(candidate.server_errors).min(baseline.requests);
        for (canary, side) in [(true, candidate), (false, baseline)] {
            if only_canary && !canary {
                continue;
            }
            let failed = (side.client_errors + side.server_errors).min(side.requests);
            let parts = [
                (200, side.requests - failed),
                (404, side.client_errors.min(failed)),
                (502, failed - side.client_errors.min(failed)),
            ];
            for (status, requests) in parts {
                for (number, (factor, share)) in super::LATENCIES.iter().enumerate() {
                    let count = to_float(requests) * share;
                    if count <= 0.0 {
                        continue;
                    }
                    let number = i64::try_from(number).unwrap_or_default() * 1000 + i64::from(status);
                    let request = Request {
                        served: self,
                        at: minute * 60,
                        canary,
                        status,
                        latency: side.latency * factor,
                        number,
                    };
                    let message = request.written(&log.format);
                    events.push(Event { at: minute * 60, group: group.to_owned(), message, count });
                }
            }
        }
    }
}

impl Request<'_> {
    /// The line: what the format has for `$context.NAME` is replaced, `-` where there is no value.
    fn written(&self, format: &str) -> String {
        let mut line = String::with_capacity(format.len());
        let mut rest = format;
        while let Some(at) = rest.find("$context.") {
            line.push_str(&rest[..at]);
            let name = &rest[at + "$context.".len()..];
            let end = name.find(|letter: char| !(letter.is_ascii_alphanumeric() || "_.-:".contains(letter)));
            let name = name[..end.unwrap_or(name.len())].trim_end_matches(['.', '-', ':']);
            line.push_str(&self.value(name));
            rest = &rest[at + "$context.".len() + name.len()..];
        }
        line + rest
    }

    fn value(&self, name: &str) -> String {
        let served = self.served;
        let drawn = || {
            let name = format!("{}{}{}{}", served.api, served.path, served.method, self.canary);
            chance(&name, self.at ^ self.number)
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number from 0 to 1")]
        let bits = |salt: u64| (drawn() * 4_294_967_296.0) as u64 ^ salt;
        match name {
            "requestId" => format!("{:08x}-0000-4000-8000-{:012x}", bits(0), bits(0x5555)),
            "extendedRequestId" => format!("{:012x}=", bits(0x3333)),
            "httpMethod" => served.method.clone(),
            "resourcePath" => served.path.clone(),
            "path" => format!("/{}{}", served.stage, served.path.replace(['{', '}'], "")),
            "stage" => served.stage.clone(),
            "protocol" => "HTTP/1.1".to_owned(),
            "status" => self.status.to_string(),
            "integrationStatus" | "integration.status" => self.status.to_string(),
            "isCanaryRequest" => self.canary.to_string(),
            "responseLatency" => format!("{:.0}", self.latency),
            "integrationLatency" | "integration.latency" => format!("{:.0}", self.latency * 0.85),
            "responseLength" => (bits(0x7777) % 4096).to_string(),
            "requestTimeEpoch" => (self.at * 1000).to_string(),
            "requestTime" => jiff::Timestamp::from_second(self.at)
                .unwrap_or_default()
                .strftime("%d/%b/%Y:%H:%M:%S +0000")
                .to_string(),
            "identity.sourceIp" => format!("203.0.113.{}", bits(0x1111) % 250),
            "identity.userAgent" => "Mozilla/5.0 (shop app; build 7)".to_owned(),
            _ => "-".to_owned(),
        }
    }
}
