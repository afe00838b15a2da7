//! `posture_overview`: the state of every open context on one screen.

use portcullis_domain::{
    alarms::{Alarm, AlarmState, lines},
    audience::Audience,
    coverage::Coverage,
    findings::{
        control::Severity,
        finding::{Finding, Novelty, Verdict},
    },
    route::Drift,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host, posture_state::ReadEvidence};

/// The most findings that are named for a context.
const WORST: usize = 5;

/// Asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostureOverviewRequest {}

/// Failures of one audience that count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceCounts {
    /// For whom.
    pub audience: Audience,
    /// Routes that stages serve for it.
    pub routes: u32,
    /// By severity, worst first, each severity once.
    pub severities: Vec<(Severity, u32)>,
    /// Verdicts that could not be given.
    pub unknown: u32,
}

/// A canary that is running.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunningCanary {
    /// API id.
    pub api_id: String,
    /// API name.
    pub api_name: String,
    /// Stage.
    pub stage: String,
    /// Share of requests, percent.
    pub percent_traffic: f64,
    /// When the stage was last changed, RFC 3339.
    #[ts(optional = nullable)]
    pub since: Option<String>,
}

/// One context.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextPosture {
    /// Its label.
    pub context: String,
    /// Twelve digits, once known.
    #[ts(optional = nullable)]
    pub account: Option<String>,
    /// Region, once known.
    #[ts(optional = nullable)]
    pub region: Option<String>,
    /// When it was read, RFC 3339.
    #[ts(optional = nullable)]
    pub read_at: Option<String>,
    /// APIs.
    pub apis: u32,
    /// Routes, preflights not counted.
    pub routes: u32,
    /// Failures by audience, those with the largest blast radius first; audiences without routes and findings left out.
    pub audiences: Vec<AudienceCounts>,
    /// The worst failures.
    pub worst: Vec<Finding>,
    /// New since the run before, or back.
    pub new: u32,
    /// Failures that somebody accepts.
    pub excepted: u32,
    /// Verdicts that could not be given.
    pub unknown: u32,
    /// Canaries.
    pub canaries: Vec<RunningCanary>,
    /// Routes whose draft differs from what is live.
    pub drifted: u32,
    /// Keys at the end of their quota or near it; `None` where usage was not read.
    #[ts(optional = nullable)]
    pub quota_pressure: Option<u32>,
    /// Names of alarms on API Gateway that are in the state ALARM; `None` where alarms were not read.
    #[ts(optional = nullable)]
    pub alarms_burning: Option<Vec<String>>,
    /// What could not be read beyond the inventory, which says its own gaps.
    pub coverage: Coverage,
}

/// Every open context.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostureOverview {
    /// One for each.
    pub contexts: Vec<ContextPosture>,
    /// Whether plans, keys and certificates were read for each of them.
    pub evidence_read: bool,
    /// The last run, RFC 3339.
    #[ts(optional = nullable)]
    pub last_run: Option<String>,
}

/// Sums up.
///
/// # Errors
/// The store's.
pub async fn posture_overview(host: &Host, _: PostureOverviewRequest) -> Result<PostureOverview, WireError> {
    let posture = host.posture(false).await?;
    let evidence = host.evidence();
    let (_, index) = host.shown();
    let contexts = host.contexts().clone();
    let mut sums = Vec::with_capacity(contexts.len());
    for context in &contexts {
        let findings: Vec<&Finding> =
            posture.findings.iter().filter(|finding| *finding.context == *context.label).collect();
        let routes: Vec<_> = index
            .routes()
            .iter()
            .filter(|route| route.context == context.label)
            .filter(|route| route.class.class != portcullis_domain::route_class::RouteClass::Preflight)
            .collect();
        let read = evidence.get(&*context.label);
        let burning = read.and_then(|read| burning(host, &context.label, read));
        let state = context.state();
        let canaries = state
            .apis
            .values()
            .flat_map(|api| {
                api.stages.iter().filter_map(|stage| {
                    Some(RunningCanary {
                        api_id: api.api.id.to_string(),
                        api_name: api.api.name.to_string(),
                        stage: stage.name.to_string(),
                        percent_traffic: stage.canary.as_ref()?.percent_traffic,
                        since: stage.last_updated.clone(),
                    })
                })
            })
            .collect();
        let gaps = read.map(|read| read.evidence.gaps.clone()).unwrap_or_default();
        let sum = ContextPosture {
            context: context.label.to_string(),
            account: state.identity.as_ref().map(|identity| identity.account.to_string()),
            region: state.region.clone(),
            read_at: state.read_at(),
            apis: count(state.apis.len()),
            routes: count(routes.len()),
            audiences: audiences(&findings, |audience| {
                count(routes.iter().filter(|route| route.audience.audience == audience).count())
            }),
            worst: worst(&findings),
            new: matching(&findings, |finding| matches!(finding.novelty, Some(Novelty::New | Novelty::Returned))),
            excepted: matching(&findings, |finding| finding.verdict == Verdict::Fail && !finding.counts()),
            unknown: matching(&findings, |finding| finding.verdict == Verdict::Unknown),
            canaries,
            drifted: count(
                routes
                    .iter()
                    .filter(|route| !matches!(route.drift, Drift::None | Drift::DraftOnly | Drift::LiveOnly))
                    .count(),
            ),
            quota_pressure: read
                .map(|_| matching(&findings, |finding| finding.control == "G29" && finding.verdict == Verdict::Fail)),
            alarms_burning: burning,
            coverage: Coverage::of(gaps),
        };
        drop(state);
        sums.push(sum);
    }
    let evidence_read = contexts.iter().all(|context| evidence.contains_key(&*context.label));
    Ok(PostureOverview { contexts: sums, evidence_read, last_run: posture.last_run.clone() })
}

/// Names of the alarms on API Gateway in ALARM: metric, metric math, anomaly and composite ones, what weighs most first.
fn burning(host: &Host, context: &str, read: &ReadEvidence) -> Option<Vec<String>> {
    let answer = read.evidence.answers.iter().find(|answer| answer.call == "cloudwatch:DescribeAlarms")?;
    let of = |list: &str| answer.json.get(list).and_then(serde_json::Value::as_array).into_iter().flatten();
    let alarms: Vec<Alarm> =
        of("MetricAlarms").chain(of("CompositeAlarms")).map(|alarm| Alarm::read(context, alarm)).collect();
    let (apis, whole) = host.known_apis(context);
    let lines = lines(&alarms, &apis, whole, host.inner.options.clock.now());
    Some(lines.into_iter().filter(|line| line.alarm.state == AlarmState::Alarm).map(|line| line.alarm.name).collect())
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn matching(findings: &[&Finding], wanted: impl Fn(&Finding) -> bool) -> u32 {
    count(findings.iter().filter(|finding| wanted(finding)).count())
}

fn audiences(findings: &[&Finding], routes: impl Fn(Audience) -> u32) -> Vec<AudienceCounts> {
    Audience::ALL
        .iter()
        .map(|audience| {
            let own: Vec<&Finding> =
                findings.iter().copied().filter(|finding| finding.audience.audience == *audience).collect();
            AudienceCounts {
                audience: *audience,
                routes: routes(*audience),
                severities: Severity::ALL
                    .iter()
                    .map(|severity| {
                        (*severity, matching(&own, |finding| finding.counts() && finding.severity == *severity))
                    })
                    .collect(),
                unknown: matching(&own, |finding| finding.verdict == Verdict::Unknown),
            }
        })
        .filter(|counts| {
            counts.routes > 0 || counts.unknown > 0 || counts.severities.iter().any(|(_, count)| *count > 0)
        })
        .collect()
}

fn worst(findings: &[&Finding]) -> Vec<Finding> {
    let mut failing: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.counts()).collect();
    failing.sort_by_key(|finding| (finding.severity, finding.audience.audience as usize));
    failing.into_iter().take(WORST).cloned().collect()
}
