//! What a candidate changes against the baseline, from both deployments' `apisummary`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ContractDifference;
use crate::inventory::{LiveMethod, LiveSummary};

/// What happens to a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum RouteChange {
    /// New.
    Added,
    /// Gone: requests answer 403 or 404 with the candidate.
    Removed,
    /// Authorization or key requirement differ.
    Changed,
}

impl RouteChange {
    /// One word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One route that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RouteDifference {
    /// `/pets/{id}`.
    pub path: Arc<str>,
    /// `GET`.
    pub method: Arc<str>,
    /// What happens to it.
    pub change: RouteChange,
    /// The guard before and after, in words.
    pub detail: String,
    /// What becomes weaker, a sentence; absent when nothing does.
    #[ts(optional = nullable)]
    pub security: Option<String>,
    /// What differs beyond the guard, where the definitions could be read: validation, models, authorizers, integrations.
    #[serde(default)]
    pub contract: Vec<String>,
}

fn is_open(method: &LiveMethod) -> bool {
    &*method.authorization_type == "NONE" && !method.api_key_required
}

fn guard(method: &LiveMethod) -> String {
    let key = if method.api_key_required { " with an API key" } else { "" };
    match &*method.authorization_type {
        "NONE" if method.api_key_required => "an API key only".to_owned(),
        "NONE" => "nobody is asked who they are".to_owned(),
        other => format!("{other}{key}"),
    }
}

/// Every route that differs, by path and method. The summary knows authorization types and key requirements only; the rest
/// is [`super::contract_differences`]'.
#[must_use]
pub fn route_differences(baseline: &LiveSummary, candidate: &LiveSummary) -> Vec<RouteDifference> {
    let mut keys: Vec<_> = baseline.keys().chain(candidate.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .filter_map(|key| {
            let label = format!("{} {}", key.1, key.0);
            let (change, detail, security) = match (baseline.get(key), candidate.get(key)) {
                (Some(before), Some(after)) if before != after => (
                    RouteChange::Changed,
                    format!("{} → {}", guard(before), guard(after)),
                    weaker(&label, before, after),
                ),
                (None, Some(after)) => {
                    let open = is_open(after).then(|| format!("{label} is new, and nobody is asked who they are."));
                    (RouteChange::Added, guard(after), open)
                }
                (Some(before), None) => (RouteChange::Removed, guard(before), None),
                _ => return None,
            };
            let (path, method) = key.clone();
            Some(RouteDifference { path, method, change, detail, security, contract: Vec::new() })
        })
        .collect()
}

/// The differences of summaries with those of contracts added to them, in the order of paths and methods. A route whose guard
/// is the same in both summaries and whose contract is not is a changed one.
#[must_use]
pub fn with_contracts(mut routes: Vec<RouteDifference>, contracts: Vec<ContractDifference>) -> Vec<RouteDifference> {
    for ContractDifference { path, method, changes, security } in contracts {
        match routes.iter_mut().find(|route| *route.path == *path && *route.method == *method) {
            Some(route) => {
                route.contract = changes;
                route.security = route.security.take().or(security);
            }
            None => routes.push(RouteDifference {
                path: path.into(),
                method: method.into(),
                change: RouteChange::Changed,
                detail: "guarded by the same type".to_owned(),
                security,
                contract: changes,
            }),
        }
    }
    routes.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    routes
}

fn weaker(label: &str, before: &LiveMethod, after: &LiveMethod) -> Option<String> {
    if is_open(after) && !is_open(before) {
        return Some(format!("{label} becomes open: before, {}.", guard(before)));
    }
    if &*before.authorization_type != "NONE" && &*after.authorization_type == "NONE" {
        return Some(format!("{label} loses its authorization ({}).", before.authorization_type));
    }
    if before.api_key_required && !after.api_key_required {
        return Some(format!("{label} no longer asks for an API key."));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(rows: &[(&str, &str, &str, bool)]) -> LiveSummary {
        rows.iter()
            .map(|(path, method, kind, key)| {
                let live = LiveMethod { authorization_type: (*kind).into(), api_key_required: *key };
                (((*path).into(), (*method).into()), live)
            })
            .collect()
    }

    #[test]
    fn what_becomes_weaker_is_said_and_what_becomes_tighter_is_not() {
        for (before, after, says) in [
            (("CUSTOM", false), ("NONE", false), Some("becomes open")),
            (("NONE", true), ("NONE", false), Some("becomes open")),
            (("CUSTOM", true), ("NONE", true), Some("loses its authorization (CUSTOM)")),
            (("CUSTOM", true), ("CUSTOM", false), Some("no longer asks for an API key")),
            (("NONE", false), ("CUSTOM", false), None),
            (("NONE", false), ("NONE", true), None),
            (("CUSTOM", false), ("AWS_IAM", false), None),
        ] {
            let one = |guard: (&str, bool)| summary(&[("/pay", "POST", guard.0, guard.1)]);
            let found = route_differences(&one(before), &one(after));
            assert_eq!(found.len(), 1, "{before:?} {after:?}");
            match says {
                Some(says) => assert!(found[0].security.as_deref().unwrap().contains(says), "{:?}", found[0]),
                None => assert_eq!(found[0].security, None, "{before:?} {after:?}"),
            }
        }
    }

    #[test]
    fn added_removed_and_equal_routes_are_told_apart() {
        let before = summary(&[("/a", "GET", "NONE", false), ("/b", "GET", "NONE", false)]);
        let after =
            summary(&[("/b", "GET", "NONE", false), ("/c", "GET", "NONE", false), ("/d", "GET", "AWS_IAM", false)]);
        let found = route_differences(&before, &after);
        let seen: Vec<_> = found.iter().map(|one| (&*one.path, one.change, one.security.is_some())).collect();
        assert_eq!(
            seen,
            [("/a", RouteChange::Removed, false), ("/c", RouteChange::Added, true), ("/d", RouteChange::Added, false)]
        );
        assert!(route_differences(&after, &after).is_empty());
    }
}
