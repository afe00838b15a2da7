//! One run after another: what is new, what is fixed, what is back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    control::Severity,
    finding::{Finding, Novelty, Verdict},
};

/// What is remembered of a finding between runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SeenFinding {
    /// The run that saw it first, RFC 3339.
    pub first_seen: String,
    /// The run that saw it again after it was fixed.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub returned: Option<String>,
    /// The run that saw it no more.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub fixed: Option<String>,
    /// The control's id.
    pub control: String,
    /// The control's title.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about, with API and stage.
    pub label: String,
}

/// What the runs of one context remember.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RunHistory {
    /// When the last one was.
    pub last: Option<String>,
    /// When the one before it was.
    pub before: Option<String>,
    /// By finding id.
    pub seen: BTreeMap<String, SeenFinding>,
}

impl RunHistory {
    /// Remembers a run. A finding counts as fixed when the run did not find it and could have: with `complete` false
    /// nothing is called fixed, and what cannot be told stays as it was.
    pub fn record(&mut self, findings: &[&Finding], complete: bool, at: &str) {
        let mut present: BTreeMap<&str, Verdict> = BTreeMap::new();
        for finding in findings {
            if !matches!(finding.verdict, Verdict::Fail | Verdict::Unknown) {
                continue;
            }
            present.insert(&finding.id, finding.verdict);
            if finding.verdict == Verdict::Unknown {
                continue;
            }
            match self.seen.get_mut(&finding.id) {
                None => {
                    self.seen.insert(finding.id.clone(), seen(finding, at));
                }
                Some(known) => {
                    if known.fixed.take().is_some() {
                        known.returned = Some(at.to_owned());
                    }
                    known.severity = finding.severity;
                }
            }
        }
        if complete {
            for (id, known) in &mut self.seen {
                if known.fixed.is_none() && !present.contains_key(id.as_str()) {
                    known.fixed = Some(at.to_owned());
                }
            }
        }
        self.before = self.last.replace(at.to_owned());
    }

    /// How a failure stands to the run before; `None` while only one run is remembered.
    #[must_use]
    pub fn novelty(&self, id: &str) -> Option<Novelty> {
        let last = self.last.as_deref()?;
        self.before.as_deref().filter(|before| *before != last)?;
        let known = self.seen.get(id)?;
        Some(match known {
            _ if known.returned.as_deref() == Some(last) => Novelty::Returned,
            _ if known.first_seen == last => Novelty::New,
            _ => Novelty::Known,
        })
    }

    /// What the last run found fixed.
    pub fn fixed(&self) -> impl Iterator<Item = (&str, &SeenFinding)> {
        let last = self.last.as_deref();
        self.seen
            .iter()
            .filter(move |(_, known)| known.fixed.is_some() && known.fixed.as_deref() == last)
            .map(|(id, known)| (id.as_str(), known))
    }
}

fn seen(finding: &Finding, at: &str) -> SeenFinding {
    let place: Vec<&str> = [&finding.api_name, &finding.stage].into_iter().flatten().map(String::as_str).collect();
    SeenFinding {
        first_seen: at.to_owned(),
        returned: None,
        fixed: None,
        control: finding.control.clone(),
        title: finding.title.clone(),
        severity: finding.severity,
        label: if place.is_empty() {
            finding.resource.label.clone()
        } else {
            format!("{} ({})", finding.resource.label, place.join(" "))
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::testing::Kit;

    #[test]
    fn new_fixed_and_returned() {
        let open = Kit::rest().audience("admin").route("POST /refunds", "NONE").ask("G1");
        let bad: Vec<&Finding> = open.iter().collect();
        let id = &open[0].id;
        let mut runs = RunHistory::default();
        runs.record(&bad, true, "1");
        assert_eq!(runs.novelty(id), None, "the first run has nothing to compare with");
        runs.record(&bad, true, "2");
        assert_eq!(runs.novelty(id), Some(Novelty::Known));
        runs.record(&[], false, "3");
        assert_eq!(runs.fixed().count(), 0, "what could not be read is not fixed");
        runs.record(&[], true, "4");
        assert_eq!(runs.fixed().map(|(id, _)| id).collect::<Vec<_>>(), [id]);
        runs.record(&bad, true, "5");
        assert_eq!(runs.novelty(id), Some(Novelty::Returned));
        assert_eq!(runs.fixed().count(), 0);
        runs.record(&bad, true, "6");
        assert_eq!(runs.novelty(id), Some(Novelty::Known));
    }

    #[test]
    fn what_cannot_be_told_is_not_fixed() {
        let kit = Kit::rest().audience("admin").route("POST /refunds", "NONE");
        let (open, denied) = (kit.ask("G1"), kit.clone().denied("GetResources").ask("G1"));
        let mut runs = RunHistory::default();
        runs.record(&open.iter().collect::<Vec<_>>(), true, "1");
        runs.record(&denied.iter().collect::<Vec<_>>(), true, "2");
        assert_eq!(runs.fixed().count(), 0);
        let second = Kit::rest().audience("admin").route("POST /locks", "NONE").ask("G1");
        runs.record(&open.iter().chain(&second).collect::<Vec<_>>(), true, "3");
        assert_eq!(runs.novelty(&second[0].id), Some(Novelty::New));
    }
}
