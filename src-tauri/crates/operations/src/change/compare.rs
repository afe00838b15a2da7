//! Comparing states of a target, on the fields that a plan watches.

use portcullis_domain::{
    change::{Fields, NEW_DEPLOYMENT, NEW_KEY, Plan},
    waf::{NEW_LOCK_TOKEN, content},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// One field that is not as expected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Index of the target in the plan.
    pub target: usize,
    /// The field.
    pub field: String,
    /// What was expected.
    #[ts(optional = nullable)]
    pub expected: Option<Value>,
    /// What is live.
    #[ts(optional = nullable)]
    pub live: Option<Value>,
}

/// The part of a state that a plan depends on.
#[must_use]
pub fn watched(fields: &Fields, prefixes: &[String]) -> Fields {
    let kept = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()));
    fields.iter().filter(|(name, _)| kept(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Every field in which the states differ. Numbers are compared by value: AWS answers `10` and `10.0` for the same
/// rate.
#[must_use]
pub fn differences(target: usize, expected: &Fields, live: &Fields) -> Vec<Difference> {
    let mut names: Vec<&String> = expected.keys().chain(live.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| !same(expected.get(*name), live.get(*name)))
        .map(|name| Difference {
            target,
            field: name.clone(),
            expected: expected.get(name).cloned(),
            live: live.get(name).cloned(),
        })
        .collect()
}

/// The same, without fields that nobody asked for: what AWS writes along with a change is predicted as it was recorded,
/// and a prediction that is off says nothing about whether the change was made. Nor does a field that was neither there nor
/// predicted: what is left of a quota, in a plan that has none.
#[must_use]
pub fn differences_asked(plan: &Plan, target: usize, expected: &Fields, live: &Fields) -> Vec<Difference> {
    let of_target = plan.changes.iter().filter(|change| change.target == target && change.consequence);
    let consequences: Vec<&str> = of_target.map(|change| change.field.as_str()).collect();
    let mut found = differences(target, expected, live);
    let states = || {
        let after = plan.steps.iter().filter(|step| step.target == target).map(|step| &step.fields_after);
        plan.fields_before.get(target).into_iter().chain(after).chain([expected])
    };
    found.retain(|difference| {
        let field = difference.field.as_str();
        !consequences.contains(&field) && states().any(|fields| fields.contains_key(field))
    });
    found
}

/// The same, without what AWS gave no number for: `GetUsage` has none for a key that made no request yet, and that is
/// neither what was planned nor anything else.
#[must_use]
pub fn differences_known(plan: &Plan, target: usize, expected: &Fields, live: &Fields) -> Vec<Difference> {
    let uncounted = live.contains_key("member") && !live.contains_key("remaining");
    let mut found = differences_asked(plan, target, expected, live);
    found.retain(|difference| !(uncounted && difference.field == "remaining"));
    found
}

/// The same, without versions that AWS gives by itself: whether two states are alike in what a person decides.
#[must_use]
pub fn differences_in_content(target: usize, expected: &Fields, live: &Fields) -> Vec<Difference> {
    differences(target, &content(expected), &content(live))
}

fn same(left: Option<&Value>, right: Option<&Value>) -> bool {
    // The id of a deployment or a key that the change makes, and WAF's next version, are not known before: any will do.
    if left.and_then(Value::as_str).is_some_and(|text| [NEW_DEPLOYMENT, NEW_KEY, NEW_LOCK_TOKEN].contains(&text)) {
        return right.is_some_and(Value::is_string);
    }
    match (left.and_then(Value::as_f64), right.and_then(Value::as_f64)) {
        (Some(left), Some(right)) => left.total_cmp(&right).is_eq(),
        _ => left == right,
    }
}
