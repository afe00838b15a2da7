//! `finding_list`: the visible page of the findings that match.

use std::collections::BTreeSet;

use portcullis_domain::{
    coverage::Coverage,
    findings::{
        assess::{Tallies, Tally},
        catalogue::CATALOGUE,
        control::ControlInfo,
        finding::{Finding, Verdict},
        query::{FindingGroup, FindingQuery, arrange},
    },
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    catalogue,
    error::{ErrorCode, WireError},
    host::Host,
    posture_refresh::{PostureRun, summary},
};

/// The most lines that one page may have.
const MAX_LINES: u32 = 500;

/// Which lines of which list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingListRequest {
    /// Filter and grouping.
    #[serde(default)]
    pub query: FindingQuery,
    /// Keys of groups that are folded.
    #[serde(default)]
    pub collapsed: Vec<String>,
    /// First line, from 0.
    pub offset: u32,
    /// How many lines at most, 1 to 500.
    pub limit: u32,
}

/// A line: a group's header or a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "line", rename_all = "camelCase")]
pub enum FindingLine {
    /// A header.
    Group {
        /// The group.
        group: FindingGroup,
        /// Whether it is folded.
        collapsed: bool,
    },
    /// A row.
    Finding {
        /// The finding.
        finding: Box<Finding>,
    },
}

/// A control with how often it said what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ControlCount {
    /// The control.
    pub control: ControlInfo,
    /// Over all open contexts.
    pub tally: Tally,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingList {
    /// Failures and unknowns in all open contexts.
    pub total: u32,
    /// Findings that match.
    pub matching: u32,
    /// Lines of the whole list.
    pub line_count: u32,
    /// The lines `offset .. offset + limit`.
    pub lines: Vec<FindingLine>,
    /// Every control, in the catalogue's order.
    pub controls: Vec<ControlCount>,
    /// Counts over everything, whatever the filter; `at` is the last run's time, empty before the first.
    pub run: PostureRun,
    /// Whether the evidence that routes do not need (plans, keys, certificates) was read for every open context.
    pub evidence_read: bool,
    /// What could not be read beyond the inventory, which says its own gaps; `run` has both.
    pub coverage: Coverage,
}

/// Lists the visible page.
///
/// # Errors
/// `InvalidInput` for a page of no lines or of too many; the store's.
pub async fn finding_list(host: &Host, request: FindingListRequest) -> Result<FindingList, WireError> {
    if request.limit == 0 || request.limit > MAX_LINES {
        let message = format!("A page has 1 to {MAX_LINES} lines, not {}.", request.limit);
        return Err(WireError::new(ErrorCode::InvalidInput, message));
    }
    let passes = request.query.filter.verdicts.contains(&Verdict::Pass);
    let posture = host.posture(passes).await?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let collapsed: BTreeSet<&str> = request.collapsed.iter().map(String::as_str).collect();
    let groups = arrange(&posture.findings, &request.query);
    let headed = request.query.group_by != portcullis_domain::findings::query::FindingGroupBy::None;
    let (mut lines, mut at, mut matching) = (Vec::new(), 0_usize, 0_usize);
    let visible = request.offset as usize..request.offset as usize + request.limit as usize;
    for (group, findings) in groups {
        matching += findings.len();
        let folded = collapsed.contains(group.key.as_str());
        if headed {
            if visible.contains(&at) {
                lines.push(FindingLine::Group { group, collapsed: folded });
            }
            at += 1;
        }
        if folded {
            continue;
        }
        for finding in findings {
            if visible.contains(&at) {
                lines.push(FindingLine::Finding { finding: Box::new(finding.clone()) });
            }
            at += 1;
        }
    }
    let evidence = host.evidence();
    let evidence_read = host.contexts().iter().all(|context| evidence.contains_key(&*context.label));
    let is_listed = |finding: &&Finding| matches!(finding.verdict, Verdict::Fail | Verdict::Unknown);
    Ok(FindingList {
        total: count(posture.findings.iter().filter(is_listed).count()),
        matching: count(matching),
        line_count: count(at),
        lines,
        controls: controls(&posture.tallies),
        run: summary(host, &posture, posture.last_run.clone().unwrap_or_default()),
        evidence_read,
        coverage: host.evidence_coverage(),
    })
}

pub(crate) fn controls(tallies: &Tallies) -> Vec<ControlCount> {
    CATALOGUE
        .iter()
        .map(|control| {
            let mut tally = Tally::default();
            for (_, one) in tallies.iter().filter(|((_, id), _)| *id == control.id) {
                tally.fail += one.fail;
                tally.unknown += one.unknown;
                tally.pass += one.pass;
                tally.not_applicable += one.not_applicable;
            }
            let mut info = control.info();
            // A control may know of a change that this console does not make yet: nothing is promised that is not there.
            info.operation.take_if(|name| !catalogue::CATALOGUE.iter().any(|operation| operation.name == *name));
            ControlCount { control: info, tally }
        })
        .collect()
}
