//! Which way a release is taken back, from what is live and what the last promotion left.

use serde_json::Value;

use crate::change::Fields;

/// The last promotion of a stage that this console made.
#[derive(Debug, Clone, PartialEq)]
pub struct Promotion {
    /// The journal's entry.
    pub entry: String,
    /// Whether a later entry took it back.
    pub taken_back: bool,
    /// The stage before it.
    pub before: Fields,
    /// The stage after each of its steps: a promotion that was interrupted may have ended at any of them.
    pub left: Vec<Fields>,
}

/// How a release is taken back.
#[derive(Debug, Clone, PartialEq)]
pub enum RollbackWay<'a> {
    /// The canary is removed; the baseline was never touched.
    RemoveCanary,
    /// The stage is what the promotion left: it goes back to the deployment and variables from before, without a canary.
    UndoPromotion(&'a Promotion),
    /// Somebody changed deployment or variables after the promotion: going back would take that away too.
    ChangedSince {
        /// The promotion.
        promotion: &'a Promotion,
        /// `(field, what the promotion left, what is live)`.
        differences: Vec<(String, Option<Value>, Option<Value>)>,
    },
    /// No canary, and no promotion to take back.
    Nothing,
}

fn is_serving(name: &str) -> bool {
    name == "deploymentId" || name.starts_with("variables/")
}

/// Deployment and variables: what decides what clients are answered. A canary that was removed after the promotion, or
/// is still attached at 0 %, changes nothing of that.
fn serving(fields: &Fields) -> Vec<(&String, &Value)> {
    fields.iter().filter(|(name, _)| is_serving(name)).collect()
}

/// Decides it. A canary that is a deployment of its own is always removed first, whatever was promoted before; one on the
/// stage's own deployment is what a promotion leaves attached, or was never given a deployment.
#[must_use]
pub fn rollback_way<'a>(live: &Fields, promotion: Option<&'a Promotion>) -> RollbackWay<'a> {
    let candidate = live.get("canarySettings/deploymentId");
    if candidate.is_some() && candidate != live.get("deploymentId") {
        return RollbackWay::RemoveCanary;
    }
    if let Some(promotion) = promotion {
        let stands = promotion.left.iter().any(|left| serving(left) == serving(live));
        if stands && serving(&promotion.before) != serving(live) {
            return RollbackWay::UndoPromotion(promotion);
        }
    }
    if candidate.is_some() {
        return RollbackWay::RemoveCanary;
    }
    match promotion.filter(|promotion| !promotion.taken_back && serving(&promotion.before) != serving(live)) {
        Some(promotion) => RollbackWay::ChangedSince { promotion, differences: differences(promotion, live) },
        None => RollbackWay::Nothing,
    }
}

fn differences(promotion: &Promotion, live: &Fields) -> Vec<(String, Option<Value>, Option<Value>)> {
    let Some(left) = promotion.left.last() else { return Vec::new() };
    let mut names: Vec<&String> = left.keys().chain(live.keys()).filter(|name| is_serving(name)).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter(|name| left.get(*name) != live.get(*name))
        .map(|name| (name.clone(), left.get(name).cloned(), live.get(name).cloned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// `d1 a=1 canary=d2` as the fields of a stage.
    fn stage(words: &str) -> Fields {
        words
            .split(' ')
            .map(|word| match word.split_once('=') {
                None => ("deploymentId".to_owned(), json!(word)),
                Some(("canary", id)) => ("canarySettings/deploymentId".to_owned(), json!(id)),
                Some((name, value)) => (format!("variables/{name}"), json!(value)),
            })
            .collect()
    }

    fn promotion(taken_back: bool) -> Promotion {
        let left = vec![stage("d2 a=2 canary=d2"), stage("d2 a=2")];
        Promotion { entry: "e1".to_owned(), taken_back, before: stage("d1 a=1 canary=d2"), left }
    }

    #[test]
    fn a_canary_is_always_removable_and_a_promotion_only_while_it_stands() {
        let (standing, back) = (promotion(false), promotion(true));
        for (live, promotion, way) in [
            ("d1 a=1 canary=d2", None, "remove"),
            ("d1 a=1 canary=d2", Some(&standing), "remove"),
            ("d2 a=2 canary=d3", Some(&standing), "remove"),
            ("d1 a=1 canary=d1", None, "remove"),
            ("d9 a=1 canary=d9", Some(&standing), "remove"),
            ("d2 a=2", Some(&standing), "undo"),
            ("d2 a=2 canary=d2", Some(&standing), "undo"),
            // Its rollback was undone, so it stands again.
            ("d2 a=2", Some(&back), "undo"),
            ("d3 a=2", Some(&standing), "changed"),
            ("d2 a=3", Some(&standing), "changed"),
            ("d2 a=2 b=1", Some(&standing), "changed"),
            ("d1 a=1", Some(&back), "nothing"),
            ("d1 a=1", Some(&standing), "nothing"),
            ("d3 a=2", Some(&back), "nothing"),
            ("d1 a=1", None, "nothing"),
        ] {
            let found = match rollback_way(&stage(live), promotion) {
                RollbackWay::RemoveCanary => "remove",
                RollbackWay::UndoPromotion(_) => "undo",
                RollbackWay::ChangedSince { .. } => "changed",
                RollbackWay::Nothing => "nothing",
            };
            assert_eq!(found, way, "{live} {promotion:?}");
        }
    }

    #[test]
    fn what_changed_since_is_named_field_by_field() {
        let standing = promotion(false);
        let live = stage("d3 a=2 b=1");
        let RollbackWay::ChangedSince { differences, .. } = rollback_way(&live, Some(&standing)) else {
            unreachable!("d3 is not what the promotion left")
        };
        assert_eq!(
            differences,
            [
                ("deploymentId".to_owned(), Some(json!("d2")), Some(json!("d3"))),
                ("variables/b".to_owned(), None, Some(json!("1"))),
            ]
        );
    }
}
