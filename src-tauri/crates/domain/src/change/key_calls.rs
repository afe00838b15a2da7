//! Keys and their places in usage plans: what the calls do to their fields, and the calls that lead back.
//!
//! | target | field |
//! | --- | --- |
//! | a key's place in a plan | `member`, `remaining` (of the running period) |
//! | a key | `exists`, `enabled`, `plans/…` (the usage plans that it is in, by id) |
//! | a key that is to be | `exists`, `enabled`, `id`, `tags/…` |
//! | its place in a plan | `member`, `remaining`, `id` |

use serde_json::{Value, json};

use super::{AwsCall, Fields, PatchOp, PatchOperation, PlanTarget};

/// The key that a new one takes the place of: a tag of the new one, so that a rotation can be gone on with from any
/// machine and after any time.
pub const ROTATES_TAG: &str = "portcullis:rotates";

/// Until when both keys shall work, `2026-03-09`: a tag of the new one, for the same reason.
pub const OVERLAP_TAG: &str = "portcullis:overlap-until";

/// Stands in a plan for the id of a key that the same plan makes: AWS chooses it.
pub const NEW_KEY: &str = "NEW_KEY_ID";

/// The fields after a call about keys; `None` for a part that is not predicted.
pub(super) fn key_fields_after(call: &AwsCall, fields: &mut Fields) -> Option<()> {
    match call {
        AwsCall::UpdateUsage { remaining, .. } => {
            fields.insert("remaining".to_owned(), json!(remaining));
        }
        AwsCall::CreateUsagePlanKey { quota, key_id, .. } => {
            fields.insert("member".to_owned(), json!(true));
            if key_id == NEW_KEY {
                fields.insert("id".to_owned(), json!(NEW_KEY));
            }
            // A new member begins with the whole quota.
            if let Some(quota) = quota {
                fields.insert("remaining".to_owned(), json!(quota));
            }
        }
        AwsCall::DeleteUsagePlanKey { .. } | AwsCall::DeleteApiKey { .. } => fields.clear(),
        AwsCall::UpdateApiKey { patch_operations, .. } => {
            for operation in patch_operations {
                match (operation.op, operation.path.as_str(), operation.value.as_deref()) {
                    (PatchOp::Replace, "/enabled", Some(enabled)) => {
                        fields.insert("enabled".to_owned(), json!(enabled.parse::<bool>().ok()?));
                    }
                    _ => return None,
                }
            }
        }
        AwsCall::CreateApiKey { tags, .. } => {
            fields.insert("exists".to_owned(), json!(true));
            fields.insert("enabled".to_owned(), json!(true));
            fields.insert("id".to_owned(), json!(NEW_KEY));
            fields.extend(tags.iter().map(|(name, value)| (format!("tags/{name}"), json!(value))));
        }
        _ => return None,
    }
    Some(())
}

/// The way from one state of a key, or of its place in a plan, to another. A key that was deleted cannot be made again:
/// AWS gives the new one another id.
pub(super) fn key_calls_between(target: &PlanTarget, from: &Fields, to: &Fields) -> Option<Vec<AwsCall>> {
    match target {
        PlanTarget::PlanKey { .. } | PlanTarget::NewPlanKey { .. } => {
            let (usage_plan_id, key_id) = place_of(target, from, to)?;
            let is_member = |fields: &Fields| fields.get("member") == Some(&Value::Bool(true));
            let remaining = to.get("remaining").and_then(Value::as_i64);
            let carry = |usage_plan_id, key_id| {
                remaining.map(|remaining| AwsCall::UpdateUsage { usage_plan_id, key_id, remaining })
            };
            Some(match (is_member(from), is_member(to)) {
                (true, false) => vec![AwsCall::DeleteUsagePlanKey { usage_plan_id, key_id }],
                (false, true) => {
                    let quota = remaining;
                    let mut calls = vec![AwsCall::CreateUsagePlanKey {
                        usage_plan_id: usage_plan_id.clone(),
                        key_id: key_id.clone(),
                        quota,
                    }];
                    calls.extend(carry(usage_plan_id, key_id));
                    calls
                }
                _ => carry(usage_plan_id, key_id).into_iter().collect(),
            })
        }
        PlanTarget::ApiKey { key_id, .. } => {
            let enabled = to.get("enabled").and_then(Value::as_bool)?;
            Some(vec![AwsCall::UpdateApiKey {
                key_id: key_id.clone(),
                patch_operations: vec![PatchOperation::replace("/enabled", enabled.to_string())],
            }])
        }
        // Whoever made it has not handed it over, or is asked first: see the guards of the plan.
        PlanTarget::NewApiKey { .. } if to.is_empty() => {
            let key_id = from.get("id").and_then(Value::as_str)?.to_owned();
            Some(vec![AwsCall::DeleteApiKey { key_id }])
        }
        _ => None,
    }
}

/// Plan and key of a place; a new key's id is a field of it.
fn place_of(target: &PlanTarget, from: &Fields, to: &Fields) -> Option<(String, String)> {
    match target {
        PlanTarget::PlanKey { usage_plan_id, key_id, .. } => Some((usage_plan_id.clone(), key_id.clone())),
        PlanTarget::NewPlanKey { usage_plan_id, .. } => {
            let id = from.get("id").or_else(|| to.get("id")).and_then(Value::as_str)?;
            Some((usage_plan_id.clone(), id.to_owned()))
        }
        _ => None,
    }
}

/// A name for the key that takes another's place: its name and the day, short enough for AWS (at most 1024 characters,
/// recorded).
#[must_use]
pub fn rotated_name(name: &str, day: &str) -> String {
    // `Practice A rotated 2026-01-02` is followed by `Practice A rotated 2026-03-02`, not by both.
    let base = name.rsplit_once(" rotated ").map_or(name, |(base, _)| base);
    let suffix = format!(" rotated {day}");
    let room = 1024 - suffix.len();
    base.chars().take(room).collect::<String>() + &suffix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{calls_between, fields_after};
    use proptest::prelude::*;

    fn place() -> PlanTarget {
        PlanTarget::PlanKey {
            context: "demo".to_owned(),
            usage_plan_id: "p1".to_owned(),
            plan_name: "small".to_owned(),
            key_id: "k1".to_owned(),
            key_name: "Practice A".to_owned(),
        }
    }

    fn member(remaining: Option<i64>) -> Fields {
        let mut fields = Fields::from([("member".to_owned(), json!(true))]);
        fields.extend(remaining.map(|left| ("remaining".to_owned(), json!(left))));
        fields
    }

    proptest! {
        #[test]
        fn every_place_in_a_plan_can_be_led_back_to(from in 0..9_000_i64, to in 0..9_000_i64, was in any::<bool>(), is in any::<bool>()) {
            let state = |there: bool, left: i64| if there { member(Some(left)) } else { Fields::new() };
            let (from, to) = (state(was, from), state(is, to));
            let calls = calls_between(&place(), &from, &to);
            prop_assert!(calls.is_some());
            let reached = calls.unwrap().iter().try_fold(from, |fields, call| fields_after(call, &fields));
            prop_assert_eq!(reached, Some(to));
        }

        #[test]
        fn a_rotated_name_fits_and_does_not_grow(name in "\\PC{0,1100}") {
            let once = rotated_name(&name, "2026-03-02");
            prop_assert!(once.chars().count() <= 1024);
            prop_assert!(once.ends_with(" rotated 2026-03-02"));
            prop_assert_eq!(rotated_name(&once, "2026-03-02"), once.clone());
        }
    }

    #[test]
    fn a_new_key_and_its_places_are_led_back_by_the_id_that_aws_gave() {
        let (context, rotates, key_name) = ("demo".to_owned(), "old1".to_owned(), "Practice A".to_owned());
        let key =
            PlanTarget::NewApiKey { context: context.clone(), key_name: key_name.clone(), rotates: rotates.clone() };
        let (usage_plan_id, plan_name) = ("p1".to_owned(), "small".to_owned());
        let place = PlanTarget::NewPlanKey { context, usage_plan_id, plan_name, key_name, rotates };
        let live = Fields::from([("id".to_owned(), json!("new1")), ("member".to_owned(), json!(true))]);
        let deleted = calls_between(&key, &live, &Fields::new());
        assert_eq!(deleted, Some(vec![AwsCall::DeleteApiKey { key_id: "new1".to_owned() }]));
        let (usage_plan_id, key_id) = ("p1".to_owned(), "new1".to_owned());
        let left = Some(vec![AwsCall::DeleteUsagePlanKey { usage_plan_id, key_id }]);
        assert_eq!(calls_between(&place, &live, &Fields::new()), left);
    }

    #[test]
    fn a_deleted_key_does_not_come_back_and_a_disabled_one_does() {
        let key = PlanTarget::ApiKey {
            context: "demo".to_owned(),
            key_id: "k1".to_owned(),
            key_name: "Practice A".to_owned(),
        };
        let there =
            |enabled: bool| Fields::from([("exists".to_owned(), json!(true)), ("enabled".to_owned(), json!(enabled))]);
        assert_eq!(calls_between(&key, &Fields::new(), &there(true)), None);
        assert_eq!(calls_between(&key, &there(false), &there(true)).map(|calls| calls.len()), Some(1));
    }
}
