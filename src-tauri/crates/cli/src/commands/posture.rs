//! `portcullis posture`: every control over every route, with an exit status for pipelines.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use portcullis_domain::{
    audience::Audience,
    findings::{
        control::Severity,
        finding::{Finding, Novelty, Verdict},
        query::{FindingFilter, FindingGroupBy, FindingQuery, arrange},
    },
    hostile_text::terminal_text,
};
use portcullis_operations::{
    evidence_pack_write::{EvidencePackWriteRequest, evidence_pack_write},
    finding_texts::{FindingsFormat, all_findings, findings_text},
    host::Host,
    posture_refresh::{PostureRefreshRequest, PostureRun, posture_refresh},
};

use crate::{
    args::{Global, OutputChoice},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

/// Flags of `posture`.
#[derive(Debug, Args)]
pub struct PostureArgs {
    /// Exit with 1 when a failure that nobody accepts is this bad or worse.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityArg>,
    /// Group the table.
    #[arg(long, value_enum, default_value_t = GroupArg::Severity)]
    pub group_by: GroupArg,
    /// Only these controls (G1, C12, …); repeat for several.
    #[arg(long, value_name = "ID")]
    pub control: Vec<String>,
    /// Only failures this bad or worse.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub severity: Option<SeverityArg>,
    /// Only routes of this audience; repeat for several.
    #[arg(long, value_name = "AUDIENCE", value_parser = audience)]
    pub audience: Vec<Audience>,
    /// Only what is new, or back, since the run before.
    #[arg(long)]
    pub new: bool,
    /// Say what passes too.
    #[arg(long)]
    pub passes: bool,
    /// Also write an evidence pack into this folder, which must not be there yet.
    #[arg(long, value_name = "FOLDER")]
    pub pack: Option<PathBuf>,
    /// With --pack: extract configuration changes from then on, like 2026-03-02T10:00:00Z; 90 days without it.
    #[arg(long, value_name = "TIME", requires = "pack")]
    pub pack_since: Option<jiff::Timestamp>,
}

/// A severity as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeverityArg {
    /// Drop everything.
    Critical,
    /// This week.
    High,
    /// Plan it.
    Medium,
    /// When somebody is there anyway.
    Low,
    /// Good to know.
    Informational,
}

impl SeverityArg {
    fn severity(self) -> Severity {
        match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low => Severity::Low,
            Self::Informational => Severity::Informational,
        }
    }
}

/// By what to group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GroupArg {
    /// How bad.
    Severity,
    /// For whom.
    Audience,
    /// What should hold.
    Control,
    /// API and stage.
    Api,
    /// Account and region.
    Context,
}

fn audience(text: &str) -> Result<Audience, String> {
    let names: Vec<&str> = Audience::ALL.iter().map(|audience| audience.name()).collect();
    let found = Audience::ALL.iter().copied().find(|audience| audience.name() == text);
    found.ok_or_else(|| format!("one of {}", names.join(", ")))
}

impl PostureArgs {
    fn query(&self) -> Result<FindingQuery, Failure> {
        for id in &self.control {
            if portcullis_domain::findings::catalogue::control(id).is_none() {
                return Err(Failure::usage(format!("--control {id}: there is no such control; G1 is one.")));
            }
        }
        let severities = match self.severity {
            Some(least) => Severity::ALL.iter().copied().filter(|one| one.at_least(least.severity())).collect(),
            None => Vec::new(),
        };
        let verdicts = if self.passes { vec![Verdict::Fail, Verdict::Unknown, Verdict::Pass] } else { Vec::new() };
        let novelties = if self.new { vec![Novelty::New, Novelty::Returned] } else { Vec::new() };
        Ok(FindingQuery {
            filter: FindingFilter {
                verdicts,
                severities,
                audiences: self.audience.clone(),
                controls: self.control.clone(),
                novelties,
                ..FindingFilter::default()
            },
            group_by: match self.group_by {
                GroupArg::Severity => FindingGroupBy::Severity,
                GroupArg::Audience => FindingGroupBy::Audience,
                GroupArg::Control => FindingGroupBy::Control,
                GroupArg::Api => FindingGroupBy::Api,
                GroupArg::Context => FindingGroupBy::Context,
            },
        })
    }
}

/// Runs `posture`.
///
/// # Errors
/// Usage errors; failures of the host and of the file that remembers runs.
pub async fn run(host: &Host, global: &Global, args: &PostureArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let query = args.query()?;
    printer.read_all(host, global).await?;
    let run = posture_refresh(host, PostureRefreshRequest {}).await?;
    let all = all_findings(host, &query, args.passes).await?;
    let text = |format| findings_text(host, &all.findings, format);
    printer.data(&match global.output {
        OutputChoice::Table => as_table(&all.findings, &query, &run),
        OutputChoice::Json => text(FindingsFormat::Json)?,
        OutputChoice::Csv => text(FindingsFormat::Csv)?,
        OutputChoice::Ocsf => text(FindingsFormat::Ocsf)?,
        OutputChoice::Sarif => text(FindingsFormat::Sarif)?,
    })?;
    if let Some(folder) = &args.pack {
        let directory = std::path::absolute(folder).map_err(|error| Failure::usage(format!("--pack: {error}.")))?;
        let request = EvidencePackWriteRequest {
            directory: directory.display().to_string(),
            since: args.pack_since.map(|since| since.to_string()),
            until: None,
        };
        let pack = evidence_pack_write(host, request).await?;
        printer.note(&format!(
            "{} files were written to {}; SHA256SUMS lists their hashes.",
            pack.files.len(),
            pack.directory
        ));
    }
    Ok(verdict(args.fail_on, &run, all.complete, printer.finish_with(host, &run.coverage)))
}

/// Findings rule over what is missing: a pipeline that asks for them is answered. Nothing rules over a failure.
fn verdict(fail_on: Option<SeverityArg>, run: &PostureRun, complete: bool, read: Exit) -> Exit {
    let bad =
        |bar: SeverityArg| run.failing.iter().any(|(severity, count)| *count > 0 && severity.at_least(bar.severity()));
    match read {
        Exit::Failed => Exit::Failed,
        _ if fail_on.is_some_and(bad) => Exit::Findings,
        Exit::Done if !complete => Exit::Incomplete,
        other => other,
    }
}

fn as_table(findings: &[Finding], query: &FindingQuery, run: &PostureRun) -> String {
    let mut text = String::new();
    for (group, findings) in arrange(findings, query) {
        let gap = if text.is_empty() { "" } else { "\n" };
        text += &format!("{gap}{} ({})\n", terminal_text(&group.label), group.count);
        text += &table::render(
            ["CONTROL", "SEVERITY", "AUDIENCE", "WHAT", "WHERE", "ACTUAL", "STATE"],
            findings.into_iter().map(cells),
        );
    }
    if text.is_empty() {
        text.push_str("Nothing matches.\n");
    }
    text + "\n" + &said(run)
}

/// The summary line under a table.
fn said(run: &PostureRun) -> String {
    let counts: Vec<String> = run
        .failing
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {}", severity.name()))
        .collect();
    let mut parts = vec![if counts.is_empty() { "no failures".to_owned() } else { counts.join(", ") }];
    for (count, words) in [
        (run.unknown, "not known"),
        (run.excepted, "accepted"),
        (run.new, "new"),
        (run.returned, "back again"),
        (u32::try_from(run.fixed.len()).unwrap_or(u32::MAX), "fixed since the run before"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    }
    format!("All contexts: {}.\n", parts.join("; "))
}

fn cells(finding: &Finding) -> [String; 7] {
    let place: Vec<&str> = [&finding.api_name, &finding.stage].into_iter().flatten().map(String::as_str).collect();
    let count = finding.route.as_ref().map_or(0, |route| route.count);
    let what = match (&finding.route, count) {
        (Some(route), 2..) => {
            format!("{}, {count} routes such as {} {}", finding.resource.label, route.method, route.path)
        }
        _ => finding.resource.label.clone(),
    };
    let state = match (finding.verdict, &finding.exception, finding.exception_expired) {
        (Verdict::Unknown, ..) => "not known".to_owned(),
        (Verdict::Pass, ..) => "passes".to_owned(),
        (_, Some(exception), false) => format!("accepted until {}", exception.expires),
        (_, Some(exception), true) => format!("exception over since {}", exception.expires),
        (_, None, _) => finding.novelty.map(|novelty| novelty.name().to_owned()).unwrap_or_default(),
    };
    [
        finding.control.clone(),
        finding.severity.name().to_owned(),
        finding.audience.audience.name().to_owned(),
        what,
        place.join(" "),
        finding.actual.clone(),
        state,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use portcullis_domain::coverage::Coverage;

    #[test]
    fn findings_rule_over_gaps_and_failures_over_both() {
        let run = |critical: u32, medium: u32| PostureRun {
            at: String::new(),
            failing: vec![(Severity::Critical, critical), (Severity::Medium, medium)],
            unknown: 0,
            excepted: 0,
            new: 0,
            returned: 0,
            fixed: Vec::new(),
            coverage: Coverage::of(Vec::new()),
        };
        let high = Some(SeverityArg::High);
        for (fail_on, run, complete, read, expected) in [
            (high, run(1, 0), false, Exit::Incomplete, Exit::Findings),
            (high, run(0, 5), true, Exit::Done, Exit::Done),
            (Some(SeverityArg::Low), run(0, 5), true, Exit::Done, Exit::Findings),
            (None, run(1, 0), true, Exit::Done, Exit::Done),
            (high, run(0, 0), false, Exit::Done, Exit::Incomplete),
            (high, run(1, 0), true, Exit::Failed, Exit::Failed),
        ] {
            assert_eq!(verdict(fail_on, &run, complete, read), expected, "{fail_on:?} {run:?} {complete}");
        }
    }
}
