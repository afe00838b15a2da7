//! `posture_refresh`: reads the evidence that routes do not need, judges everything and remembers the run.

use std::collections::BTreeSet;

use futures::future::join_all;
use jiff::{ToSpan as _, tz::TimeZone};
use portcullis_aws::{Lane, PostureEvidence, Reader, collect_posture};
use portcullis_domain::{
    api::ApiKind,
    coverage::Coverage,
    findings::{
        control::Severity,
        finding::{Finding, Novelty, Verdict},
        run::SeenFinding,
    },
    log_groups::{AccessLogTarget, access_log_target, execution_group},
};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::WireError,
    event_refresh::{Brought, fetch_new},
    host::Host,
    inventory::OpenedContext,
    posture_state::{Posture, ReadEvidence},
};

/// The days of usage that are read: long enough to call a key unused, short enough to stay inside AWS's 90.
const USAGE_DAYS: i64 = 30;

/// Asks for a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostureRefreshRequest {}

/// What a run found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PostureRun {
    /// When, RFC 3339.
    pub at: String,
    /// Failures that count, by severity, worst first.
    pub failing: Vec<(Severity, u32)>,
    /// Verdicts that could not be given.
    pub unknown: u32,
    /// Failures that are accepted for now.
    pub excepted: u32,
    /// New since the run before; nothing in a first run.
    pub new: u32,
    /// Fixed once and back.
    pub returned: u32,
    /// Fixed since the run before.
    pub fixed: Vec<SeenFinding>,
    /// What is missing.
    pub coverage: Coverage,
}

/// Runs every control over every open context, after a reading that is under way.
///
/// # Errors
/// The store's. What AWS did not give is coverage, not an error.
pub async fn posture_refresh(host: &Host, _: PostureRefreshRequest) -> Result<PostureRun, WireError> {
    // A run judges what was read to the end.
    host.wait_until_read().await;
    let contexts = host.contexts().clone();
    join_all(contexts.iter().map(|context| read(host, context))).await;
    let posture = host.posture(false).await?;
    let at = host.now();
    let store = host.findings_store()?;
    for context in &contexts {
        let (read_at, inventory_complete) = {
            let state = context.state();
            (state.read_at(), state.gaps().is_empty())
        };
        if read_at.is_none() {
            continue;
        }
        let evidence_complete = host.evidence().get(&*context.label).is_some_and(|read| read.evidence.gaps.is_empty());
        let findings: Vec<&Finding> =
            posture.findings.iter().filter(|finding| *finding.context == *context.label).collect();
        // Kept by account and region: a name that is pointed elsewhere has not fixed anything.
        let Some(place) = host.events_place(context)? else { continue };
        store.record_run(&place, |runs| runs.record(&findings, inventory_complete && evidence_complete, &at))?;
    }
    host.findings_remembered();
    Ok(summary(host, &*host.posture(false).await?, at))
}

pub(crate) fn summary(host: &Host, posture: &Posture, at: String) -> PostureRun {
    let count = |wanted: &dyn Fn(&Finding) -> bool| {
        u32::try_from(posture.findings.iter().filter(|finding| wanted(finding)).count()).unwrap_or(u32::MAX)
    };
    PostureRun {
        at,
        failing: Severity::ALL
            .iter()
            .map(|severity| (*severity, count(&|finding| finding.counts() && finding.severity == *severity)))
            .collect(),
        unknown: count(&|finding| finding.verdict == Verdict::Unknown),
        excepted: count(&|finding| finding.verdict == Verdict::Fail && !finding.counts()),
        new: count(&|finding| finding.novelty == Some(Novelty::New)),
        returned: count(&|finding| finding.novelty == Some(Novelty::Returned)),
        fixed: posture.fixed.iter().map(|(_, seen)| seen.clone()).collect(),
        coverage: host.posture_coverage(),
    }
}

async fn read(host: &Host, context: &OpenedContext) {
    let at = host.now();
    let session = match context.session(host).await {
        Ok(session) => session,
        Err(error) => {
            let gap = error.to_gap(&context.label, "usage plans, keys and certificates");
            let evidence = PostureEvidence { answers: Vec::new(), gaps: vec![gap] };
            return host.keep_evidence(&context.label, ReadEvidence { evidence, at, calls: Default::default() });
        }
    };
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let today = host.inner.options.clock.now().to_zoned(TimeZone::UTC).date();
    let from = today.saturating_sub((USAGE_DAYS - 1).days());
    let web_acls: BTreeSet<String> = {
        let state = context.state();
        let stages = state.apis.values().flat_map(|api| &api.stages);
        stages.filter_map(|stage| stage.web_acl_arn.as_deref().map(str::to_owned)).collect()
    };
    let web_acls: Vec<String> = web_acls.into_iter().collect();
    let rest_apis: Vec<(String, String)> = {
        let state = context.state();
        let of_rest = state.apis.values().filter(|api| api.api.kind == ApiKind::Rest);
        of_rest.map(|api| (api.api.id.to_string(), api.api.name.to_string())).collect()
    };
    let log_groups = log_groups(context);
    let (from, to) = (from.to_string(), today.to_string());
    let (mut evidence, brought) = futures::join!(
        collect_posture(&reader, &from, &to, &web_acls, &rest_apis, &log_groups),
        fetch_new(host, context)
    );
    let mut calls = reader.counts();
    let brought = brought.unwrap_or_else(|error| Brought::not_kept(&context.label, &error));
    for (call, count) in brought.calls {
        *calls.entry(call).or_default() += count;
    }
    // More events than one fetch reads are no evidence that is missing: G31 says how many days it knows.
    evidence.gaps.extend(brought.gaps.into_iter().filter(|gap| gap.code != "MoreEvents"));
    host.keep_evidence(&context.label, ReadEvidence { evidence, at, calls });
}

/// The log groups that stages may write to, each once. Whether a stage has an execution log is not looked at: all of REST
/// APIs are one question.
fn log_groups(context: &OpenedContext) -> Vec<String> {
    let state = context.state();
    let Some(place) = context.place(&state) else { return Vec::new() };
    let mut names = BTreeSet::new();
    for api in state.apis.values() {
        for stage in &api.stages {
            names.extend(execution_group(api.api.kind, &api.api.id, &stage.name));
            let arn = stage.access_log_arn.as_deref().unwrap_or_default();
            if let AccessLogTarget::Group(name) = access_log_target(arn, &place.account, &place.region) {
                names.insert(name.to_owned());
            }
        }
    }
    names.into_iter().collect()
}
