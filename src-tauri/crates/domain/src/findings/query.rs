//! Filters, groups and sorts findings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    control::Severity,
    finding::{Finding, Novelty, Verdict},
};
use crate::audience::Audience;

/// Which findings. Empty lists let everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct FindingFilter {
    /// Verdicts; failures and unknowns when empty.
    pub verdicts: Vec<Verdict>,
    /// Severities.
    pub severities: Vec<Severity>,
    /// Audiences.
    pub audiences: Vec<Audience>,
    /// Ids of controls.
    pub controls: Vec<String>,
    /// Labels of contexts.
    pub contexts: Vec<String>,
    /// How they stand to the run before.
    pub novelties: Vec<Novelty>,
    /// Ids of findings.
    pub ids: Vec<String>,
    /// Only those with an exception in force, or only those without.
    #[ts(optional = nullable)]
    pub excepted: Option<bool>,
    /// Every word must be in the control's id, title, resource, API, stage, route, or what is the case.
    pub text: String,
}

/// What groups are made by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FindingGroupBy {
    /// How bad.
    #[default]
    Severity,
    /// For whom.
    Audience,
    /// What should hold.
    Control,
    /// API and stage.
    Api,
    /// Account and region.
    Context,
    /// No groups.
    None,
}

/// Filter, grouping and order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct FindingQuery {
    /// Which.
    pub filter: FindingFilter,
    /// In which groups. Inside a group the worst come first, then by audience, control and resource.
    pub group_by: FindingGroupBy,
}

/// A group's header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingGroup {
    /// Stable.
    pub key: String,
    /// For people.
    pub label: String,
    /// How many findings.
    pub count: u32,
    /// Of these, failures that count, by severity, worst first; those that are none are left out.
    pub severities: Vec<(Severity, u32)>,
    /// Of these, what is not known.
    pub unknown: u32,
}

impl FindingFilter {
    /// Whether a finding passes.
    #[must_use]
    pub fn lets(&self, finding: &Finding) -> bool {
        fn any<T: PartialEq>(wanted: &[T], value: &T) -> bool {
            wanted.is_empty() || wanted.contains(value)
        }
        let verdict = match self.verdicts.is_empty() {
            true => matches!(finding.verdict, Verdict::Fail | Verdict::Unknown),
            false => self.verdicts.contains(&finding.verdict),
        };
        let in_force = finding.exception.is_some() && !finding.exception_expired;
        verdict
            && any(&self.severities, &finding.severity)
            && any(&self.audiences, &finding.audience.audience)
            && any(&self.controls, &finding.control)
            && any(&self.contexts, &finding.context)
            && any(&self.ids, &finding.id)
            && (self.novelties.is_empty() || finding.novelty.is_some_and(|novelty| self.novelties.contains(&novelty)))
            && self.excepted.is_none_or(|wanted| wanted == in_force)
            && self.says(finding)
    }

    fn says(&self, finding: &Finding) -> bool {
        if self.text.trim().is_empty() {
            return true;
        }
        let mut text = format!("{} {} {} {}", finding.control, finding.title, finding.resource.label, finding.actual);
        for part in [&finding.api_name, &finding.stage].into_iter().flatten() {
            text.push(' ');
            text.push_str(part);
        }
        if let Some(route) = &finding.route {
            text.push_str(&format!(" {} {}", route.method, route.path));
        }
        let text = text.to_lowercase();
        self.text.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// Findings that match, in groups, each group's in order; groups in order of their worst.
#[must_use]
pub fn arrange<'f>(findings: &'f [Finding], query: &FindingQuery) -> Vec<(FindingGroup, Vec<&'f Finding>)> {
    let mut groups: BTreeMap<(usize, String), Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| query.filter.lets(finding)) {
        groups.entry(key(finding, query.group_by)).or_default().push(finding);
    }
    let mut arranged: Vec<(FindingGroup, Vec<&Finding>)> = groups
        .into_iter()
        .map(|((_, key), mut findings)| {
            findings.sort_by(|one, other| order(one).cmp(&order(other)));
            (header(&key, query.group_by, &findings), findings)
        })
        .collect();
    if matches!(query.group_by, FindingGroupBy::Control | FindingGroupBy::Api | FindingGroupBy::Context) {
        arranged.sort_by_key(|(_, findings)| findings.first().map(|finding| (rank(finding), finding.severity)));
    }
    arranged
}

/// Failures that count before accepted ones before what is not known before passes.
fn rank(finding: &Finding) -> u8 {
    match finding.verdict {
        Verdict::Fail if finding.counts() => 0,
        Verdict::Fail => 1,
        Verdict::Unknown => 2,
        Verdict::Pass | Verdict::NotApplicable => 3,
    }
}

fn order(finding: &Finding) -> (u8, Severity, usize, &str, &str) {
    let audience = super::scene::weight(finding.audience.audience);
    (rank(finding), finding.severity, audience, &finding.control, &finding.resource.label)
}

fn key(finding: &Finding, by: FindingGroupBy) -> (usize, String) {
    match by {
        FindingGroupBy::Severity if finding.verdict == Verdict::Unknown => (usize::MAX - 1, "unknown".to_owned()),
        FindingGroupBy::Severity if matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable) => {
            (usize::MAX, finding.verdict.name().to_owned())
        }
        FindingGroupBy::Severity => (finding.severity as usize, finding.severity.name().to_owned()),
        FindingGroupBy::Audience => {
            (super::scene::weight(finding.audience.audience), finding.audience.audience.name().to_owned())
        }
        FindingGroupBy::Control => (0, finding.control.clone()),
        FindingGroupBy::Api => {
            let api = finding.api_name.as_deref().unwrap_or("the account");
            let stage = finding.stage.as_deref().map(|stage| format!(" {stage}")).unwrap_or_default();
            (0, format!("{api}{stage}"))
        }
        FindingGroupBy::Context => (0, finding.context.clone()),
        FindingGroupBy::None => (0, String::new()),
    }
}

fn header(key: &str, by: FindingGroupBy, findings: &[&Finding]) -> FindingGroup {
    let label = match by {
        FindingGroupBy::Control => {
            let title = findings.first().map(|finding| finding.title.as_str()).unwrap_or_default();
            format!("{key}: {title}")
        }
        FindingGroupBy::Severity if key == "unknown" => "Not known".to_owned(),
        FindingGroupBy::Severity | FindingGroupBy::Audience => capitalised(key),
        FindingGroupBy::Api | FindingGroupBy::Context | FindingGroupBy::None => key.to_owned(),
    };
    let count = |wanted: &dyn Fn(&Finding) -> bool| {
        u32::try_from(findings.iter().filter(|finding| wanted(finding)).count()).unwrap_or(u32::MAX)
    };
    FindingGroup {
        key: key.to_owned(),
        label,
        count: count(&|_| true),
        severities: Severity::ALL
            .iter()
            .map(|severity| (*severity, count(&|finding| finding.counts() && finding.severity == *severity)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        unknown: count(&|finding| finding.verdict == Verdict::Unknown),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::testing::Kit;

    fn some() -> Vec<Finding> {
        let mut found = Kit::rest().audience("admin").route("POST /refunds", "NONE").ask("G1");
        found.extend(Kit::rest().audience("checkout").route("POST /pay", "NONE").ask("G1"));
        found.extend(Kit::rest().audience("checkout").route("POST /pay", "NONE").denied("GetStages").ask("C1"));
        found
    }

    #[test]
    fn the_worst_comes_first_and_what_is_not_known_is_a_group_of_its_own() {
        let findings = some();
        let groups = arrange(&findings, &FindingQuery::default());
        let labels: Vec<(&str, u32)> = groups.iter().map(|(group, _)| (group.label.as_str(), group.count)).collect();
        assert_eq!(labels, [("Critical", 1), ("High", 1), ("Not known", 1)]);
        let by = FindingQuery { group_by: FindingGroupBy::Audience, ..FindingQuery::default() };
        let labels: Vec<String> = arrange(&findings, &by).into_iter().map(|(group, _)| group.label).collect();
        assert_eq!(labels, ["Admin", "Checkout"]);
    }

    #[test]
    fn filters_let_through_what_they_say() {
        let findings = some();
        let count = |filter: FindingFilter| findings.iter().filter(|finding| filter.lets(finding)).count();
        let filter = FindingFilter::default;
        assert_eq!(count(filter()), 3);
        assert_eq!(count(FindingFilter { severities: vec![Severity::Critical], ..filter() }), 1);
        assert_eq!(count(FindingFilter { audiences: vec![Audience::Checkout], ..filter() }), 2);
        assert_eq!(count(FindingFilter { verdicts: vec![Verdict::Unknown], ..filter() }), 1);
        assert_eq!(count(FindingFilter { text: "REFUNDS g1".to_owned(), ..filter() }), 1);
        assert_eq!(count(FindingFilter { text: "refunds c1".to_owned(), ..filter() }), 0);
        assert_eq!(count(FindingFilter { excepted: Some(true), ..filter() }), 0);
        assert_eq!(count(FindingFilter { novelties: vec![Novelty::New], ..filter() }), 0);
    }
}
