//! Findings for scripts, spreadsheets and other programs.

use portcullis_domain::{
    coverage::CallCounts,
    findings::{
        finding::Finding,
        ocsf,
        query::{FindingQuery, arrange},
        sarif,
    },
};

use crate::{
    csv_text::csv_text,
    envelope::Envelope,
    error::WireError,
    finding_list::{ControlCount, controls},
    host::Host,
};

/// A form of the whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingsFormat {
    /// The envelope of every read.
    Json,
    /// RFC 4180, safe to open in a spreadsheet.
    Csv,
    /// OCSF 1.3.0, a list of Compliance Finding events.
    Ocsf,
    /// SARIF 2.1.0.
    Sarif,
}

/// Everything that matches, with what is needed to judge how far it can be trusted.
#[derive(Debug, Clone)]
pub struct AllFindings {
    /// In order: the worst first.
    pub findings: Vec<Finding>,
    /// Every control with its counts.
    pub controls: Vec<ControlCount>,
    /// Whether nothing is missing: every call brought its data and every control knew.
    pub complete: bool,
}

/// Everything that matches.
///
/// # Errors
/// The store's.
pub async fn all_findings(host: &Host, query: &FindingQuery, passes: bool) -> Result<AllFindings, WireError> {
    let posture = host.posture(passes).await?;
    let controls = controls(&posture.tallies);
    let unknown = controls.iter().any(|one| one.tally.unknown > 0);
    let findings = arrange(&posture.findings, query).into_iter().flat_map(|(_, findings)| findings).cloned().collect();
    Ok(AllFindings { findings, controls, complete: host.posture_coverage().complete && !unknown })
}

/// The list in one form.
///
/// # Errors
/// `Internal` for what cannot be written.
pub fn findings_text(host: &Host, findings: &[Finding], format: FindingsFormat) -> Result<String, WireError> {
    let refer: Vec<&Finding> = findings.iter().collect();
    let version = env!("CARGO_PKG_VERSION");
    let pretty = |value: &serde_json::Value| {
        serde_json::to_string_pretty(value)
            .map(|text| text + "\n")
            .map_err(|error| WireError::internal("the findings", &error))
    };
    match format {
        FindingsFormat::Json => envelope(host, findings),
        FindingsFormat::Csv => csv(&refer),
        FindingsFormat::Ocsf => pretty(&ocsf::events(&refer, host.inner.options.clock.now(), version).into()),
        FindingsFormat::Sarif => pretty(&sarif::log(&refer, version)),
    }
}

fn envelope(host: &Host, findings: &[Finding]) -> Result<String, WireError> {
    let envelope = Envelope {
        generated_at: host.now(),
        contexts: host.open_list(),
        coverage: host.posture_coverage(),
        calls: host.posture_calls(),
        items: findings.iter().collect::<Vec<_>>(),
    };
    serde_json::to_string_pretty(&envelope)
        .map(|text| text + "\n")
        .map_err(|error| WireError::internal("the envelope", &error))
}

impl Host {
    /// What the inventory and the evidence cost together.
    pub(crate) fn posture_calls(&self) -> CallCounts {
        let mut calls = CallCounts::new();
        let inventory = self.status().contexts.into_iter().map(|context| context.calls);
        for counts in inventory.chain(self.evidence().into_values().map(|read| read.calls)) {
            for (call, count) in counts {
                *calls.entry(call).or_default() += count;
            }
        }
        calls
    }
}

const COLUMNS: &[&str] = &[
    "control",
    "title",
    "verdict",
    "severity",
    "audience",
    "audienceSource",
    "context",
    "account",
    "region",
    "api",
    "stage",
    "resource",
    "route",
    "routes",
    "expected",
    "actual",
    "evidenceCall",
    "evidencePointer",
    "evidenceValue",
    "readAt",
    "securityHub",
    "pci",
    "prowler",
    "novelty",
    "firstSeen",
    "exceptionReason",
    "exceptionOwner",
    "exceptionExpires",
    "exceptionExpired",
    "id",
];

fn csv(findings: &[&Finding]) -> Result<String, WireError> {
    let rows = findings.iter().map(|finding| {
        let known = portcullis_domain::findings::catalogue::control(&finding.control);
        let mapped = |names: Option<&[&str]>| names.unwrap_or_default().join(" ");
        let evidence = finding.evidence.first();
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        let exception = finding.exception.as_ref();
        [
            finding.control.clone(),
            finding.title.clone(),
            finding.verdict.name().to_owned(),
            finding.severity.name().to_owned(),
            finding.audience.audience.name().to_owned(),
            finding.audience.source.name().to_owned(),
            finding.context.clone(),
            finding.account.clone(),
            finding.region.clone(),
            text(finding.api_name.as_ref()),
            text(finding.stage.as_ref()),
            finding.resource.label.clone(),
            finding.route.as_ref().map(|route| format!("{} {}", route.method, route.path)).unwrap_or_default(),
            finding.route.as_ref().map_or(0, |route| route.count).to_string(),
            finding.expected.clone(),
            finding.actual.clone(),
            text(evidence.map(|evidence| &evidence.call)),
            text(evidence.map(|evidence| &evidence.pointer)),
            text(evidence.map(|evidence| &evidence.value)),
            text(evidence.map(|evidence| &evidence.at)),
            mapped(known.map(|control| control.mappings.security_hub)),
            mapped(known.map(|control| control.mappings.pci)),
            mapped(known.map(|control| control.mappings.prowler)),
            finding.novelty.map(|novelty| novelty.name().to_owned()).unwrap_or_default(),
            text(finding.first_seen.as_ref()),
            text(exception.map(|exception| &exception.reason)),
            text(exception.map(|exception| &exception.owner)),
            text(exception.map(|exception| &exception.expires)),
            if exception.is_some() { finding.exception_expired.to_string() } else { String::new() },
            finding.id.clone(),
        ]
    });
    csv_text(COLUMNS, rows)
}
