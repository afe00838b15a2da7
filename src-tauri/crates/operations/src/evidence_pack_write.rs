//! `evidence_pack_write`: everything that an auditor asks for in one folder, with the hash of every file.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, tz::TimeZone};
use portcullis_domain::{
    events::Interval,
    findings::{
        finding::{Finding, FindingException, Verdict},
        query::{FindingFilter, FindingGroupBy, FindingQuery},
        report::{Report, html},
    },
    route::Route,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use ts_rs::TS;

use crate::{
    envelope,
    error::{ErrorCode, WireError},
    event_list::moment,
    evidence_changes,
    finding_list::ControlCount,
    finding_texts::{FindingsFormat, all_findings, findings_text},
    host::Host,
    journal_export::{JournalFormat, journal_text},
};

/// Where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvidencePackWriteRequest {
    /// A folder that is not there yet, absolute.
    pub directory: String,
    /// From when on changes are extracted, RFC 3339; 90 days back when not said.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub since: Option<String>,
    /// Until when; now when not said.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub until: Option<String>,
}

/// A file of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PackedFile {
    /// Its name in the folder.
    pub name: String,
    /// What it is.
    pub what: String,
    /// Its size, bytes.
    pub bytes: u32,
    /// SHA-256 of its content, lower-case hexadecimal.
    pub sha256: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvidencePack {
    /// The folder.
    pub directory: String,
    /// Its files, `SHA256SUMS` left out, which lists them all.
    pub files: Vec<PackedFile>,
    /// Whether nothing was missing when it was written.
    pub complete: bool,
}

/// Writes the folder, whole or not at all.
///
/// # Errors
/// `InvalidInput` for a folder that is there already, is not absolute or cannot be written, and for a time that is none; the
/// store's; the journal's.
pub async fn evidence_pack_write(host: &Host, request: EvidencePackWriteRequest) -> Result<EvidencePack, WireError> {
    let directory = PathBuf::from(&request.directory);
    let invalid = |reason: &str| {
        WireError::new(ErrorCode::InvalidInput, format!("{} {reason}.", directory.display()))
            .with_hint("Name a folder that is not there yet.")
    };
    if !directory.is_absolute() || directory.parent().is_none() {
        return Err(invalid("is not a folder that can be made"));
    }
    if directory.exists() {
        return Err(invalid("is there already, and evidence is not overwritten"));
    }
    let until = moment(request.until.as_deref(), "until")?.unwrap_or_else(|| host.inner.options.clock.now());
    let since = moment(request.since.as_deref(), "since")?.unwrap_or(until - PERIOD);
    let (mut texts, complete) = texts(host, Interval { from: since.min(until), to: until }).await?;
    let mut files: Vec<PackedFile> = texts.iter().map(|(name, what, text)| packed(name, what, text)).collect();
    let manifest = Manifest { generated_at: host.now(), complete, contexts: host.open_list(), files: &files };
    let manifest = pretty(serde_json::to_string_pretty(&manifest))?;
    let what = "when and of what this was made, whether it is complete, and the size and hash of every file";
    files.push(packed("manifest.json", what, &manifest));
    texts.push(("manifest.json", what, manifest));
    let sums = files.iter().fold(String::new(), |mut sums, file| {
        let _ = writeln!(sums, "{}  {}", file.sha256, file.name);
        sums
    });
    let target = directory.clone();
    let written = tokio::task::spawn_blocking(move || write(&target, &texts, &sums)).await;
    let reason = match written {
        Ok(Ok(())) => return Ok(EvidencePack { directory: request.directory, files, complete }),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    Err(invalid(&format!("cannot be written: {reason}")))
}

/// How far back changes are extracted when nobody says: as long as AWS keeps them.
const PERIOD: SignedDuration = SignedDuration::from_hours(90 * 24);

/// `manifest.json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    generated_at: String,
    complete: bool,
    contexts: Vec<crate::context_list::OpenContext>,
    files: &'a [PackedFile],
}

fn pretty(value: serde_json::Result<String>) -> Result<String, WireError> {
    value.map(|text| text + "\n").map_err(|error| WireError::internal("evidence_pack_write", &error))
}

type Text = (&'static str, &'static str, String);

async fn texts(host: &Host, period: Interval) -> Result<(Vec<Text>, bool), WireError> {
    let everything = FindingQuery {
        filter: FindingFilter {
            verdicts: vec![Verdict::Fail, Verdict::Unknown, Verdict::Pass],
            ..FindingFilter::default()
        },
        group_by: FindingGroupBy::Severity,
    };
    let all = all_findings(host, &everything, true).await?;
    let (_, index) = host.shown();
    let routes: Vec<&Route> = index.routes().iter().collect();
    let coverage = host.posture_coverage();
    let changed = evidence_changes::extract(host, period)?;
    let exceptions = host.findings_store()?.exceptions()?;
    let exceptions = exceptions_of(&exceptions, &all.findings, host);
    let mut texts: Vec<Text> = vec![
        (
            "findings.json",
            "every verdict with its evidence, passes included",
            findings_text(host, &all.findings, FindingsFormat::Json)?,
        ),
        ("findings.csv", "the same for spreadsheets", findings_text(host, &all.findings, FindingsFormat::Csv)?),
        (
            "findings.ocsf.json",
            "the same as OCSF 1.3.0 events",
            findings_text(host, &all.findings, FindingsFormat::Ocsf)?,
        ),
        (
            "controls.json",
            "every control, its exact logic, its mappings and how often it said what",
            pretty(serde_json::to_string_pretty(&all.controls))?,
        ),
        ("routes.json", "the inventory: every route as its stage serves it", envelope::routes_json(host, &routes)?),
        (
            "apis.json",
            "the inventory: every API with its stages",
            host.envelope(crate::api_list::api_list(host, crate::api_list::ApiListRequest {}).await?.items)?,
        ),
        ("coverage.json", "what could not be read", pretty(serde_json::to_string_pretty(&coverage))?),
        (
            "journal.jsonl",
            "every change made with this console, each record with the hash of the one before",
            journal_text(host, JournalFormat::Jsonl)?,
        ),
        (
            "exceptions.json",
            "every accepted finding with reason, owner and last day, those that are over included",
            pretty(serde_json::to_string_pretty(&exceptions))?,
        ),
        ("changes.json", "configuration changes of the period in words, and what of it is not known", changed.json),
        ("changes.csv", "the same for spreadsheets", changed.csv),
        (
            "cloudtrail.jsonl",
            "CloudTrail's records of them, without values of keys, variables and tokens",
            changed.records,
        ),
    ];
    let listed: Vec<Finding> = all
        .findings
        .iter()
        .filter(|finding| matches!(finding.verdict, Verdict::Fail | Verdict::Unknown))
        .cloned()
        .collect();
    let at = host.now();
    let report = html(&Report {
        at: &at,
        version: env!("CARGO_PKG_VERSION"),
        contexts: host.open_list().iter().map(context_line).collect(),
        findings: &listed,
        controls: all.controls.iter().map(control_line).collect(),
        coverage: &coverage,
        exceptions: exceptions.into_iter().map(|one| (one.what, one.exception, one.in_force)).collect(),
        changes: changed.report,
        files: texts.iter().map(|(name, what, _)| ((*name).to_owned(), (*what).to_owned())).collect(),
    });
    texts.push(("report.html", "this report, for people and printers", report));
    Ok((texts, all.complete))
}

/// An exception as it is exported.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeptException {
    finding_id: String,
    /// What the finding is about, or that it is not there any more.
    what: String,
    /// Until its last day has passed.
    in_force: bool,
    #[serde(flatten)]
    exception: FindingException,
}

fn exceptions_of(
    exceptions: &BTreeMap<String, FindingException>,
    findings: &[Finding],
    host: &Host,
) -> Vec<KeptException> {
    let today = host.inner.options.clock.now().to_zoned(TimeZone::UTC).date().to_string();
    let of = |(id, exception): (&String, &FindingException)| KeptException {
        finding_id: id.clone(),
        what: match findings.iter().find(|finding| finding.id == *id) {
            Some(finding) => format!("{} {}", finding.control, finding.resource.label),
            None => format!("{id} (not found any more)"),
        },
        in_force: exception.expires >= today,
        exception: exception.clone(),
    };
    exceptions.iter().map(of).collect()
}

fn context_line(context: &crate::context_list::OpenContext) -> String {
    let unknown = || "not known".to_owned();
    format!(
        "{}: account {}, region {}, read as {}",
        context.label,
        context.account.clone().unwrap_or_else(unknown),
        context.region.clone().unwrap_or_else(unknown),
        context.caller_arn.clone().unwrap_or_else(unknown)
    )
}

fn control_line(counted: &ControlCount) -> (String, String, [u32; 4]) {
    let tally = counted.tally;
    (
        counted.control.id.clone(),
        counted.control.title.clone(),
        [tally.fail, tally.unknown, tally.pass, tally.not_applicable],
    )
}

fn packed(name: &str, what: &str, text: &str) -> PackedFile {
    let hash = Sha256::digest(text.as_bytes());
    PackedFile {
        name: name.to_owned(),
        what: what.to_owned(),
        bytes: u32::try_from(text.len()).unwrap_or(u32::MAX),
        sha256: hash.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        }),
    }
}

/// Beside its place first, then renamed: a folder with that name is a whole one.
fn write(directory: &Path, texts: &[Text], sums: &str) -> std::io::Result<()> {
    if let Some(parent) = directory.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mut name = directory.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let beside = directory.with_file_name(name);
    std::fs::create_dir(&beside)?;
    let all = texts.iter().map(|(name, _, text)| (*name, text.as_str())).chain([("SHA256SUMS", sums)]);
    let written = all
        .map(|(name, text)| std::fs::write(beside.join(name), text))
        .collect::<std::io::Result<Vec<()>>>()
        .and_then(|_| std::fs::rename(&beside, directory));
    if written.is_err()
        && let Err(error) = std::fs::remove_dir_all(&beside)
    {
        tracing::warn!(folder = %beside.display(), %error, "a folder that was begun cannot be removed");
    }
    written
}
