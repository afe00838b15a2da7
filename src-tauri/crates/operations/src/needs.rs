//! What operations need of IAM, from the catalogue: to be made, and to be applied.

use std::collections::{BTreeMap, BTreeSet};

use portcullis_domain::change::Plan;

use crate::{
    catalogue::{Applies, CATALOGUE, Calls, Operation},
    iam_actions::IamActions,
};

/// Resources by action.
pub type Needs = BTreeMap<&'static str, BTreeSet<&'static str>>;

/// Everything that an operation needs, from reading to what its plans send.
#[must_use]
pub fn needs(operation: &Operation) -> Needs {
    let mut needs = Needs::new();
    add(&mut needs, operation.iam);
    for permissions in applied_by(operation) {
        add(&mut needs, permissions);
    }
    needs
}

/// What applying the plans of an operation needs.
fn applied_by(operation: &Operation) -> Vec<IamActions> {
    match operation.applies {
        Applies::Nothing => Vec::new(),
        Applies::These(permissions) => vec![permissions],
        Applies::WhateverThePlanSays => CATALOGUE
            .iter()
            .filter_map(|other| match other.applies {
                Applies::These(permissions) => Some(permissions),
                Applies::Nothing | Applies::WhateverThePlanSays => None,
            })
            .collect(),
    }
}

fn add(needs: &mut Needs, permissions: IamActions) {
    for (action, resources) in permissions {
        needs.entry(action).or_default().extend(*resources);
    }
}

/// What a plan does that the catalogue does not say of its operation: more calls than one, or a call whose permission
/// `iam-policy` would not give. A sentence for whoever added the operation.
#[must_use]
pub fn beyond_the_catalogue(plan: &Plan) -> Option<String> {
    let operation = CATALOGUE.iter().find(|operation| operation.name == plan.operation)?;
    if operation.calls == Calls::One && plan.steps.len() > 1 {
        return Some(format!("{} has {} calls: say `calls: Many` of it", plan.operation, plan.steps.len()));
    }
    let given = applied_by(operation);
    let is_given = |action: &str, arn: &str| {
        given
            .iter()
            .flat_map(|permissions| permissions.iter())
            .any(|(named, resources)| *named == action && resources.iter().any(|pattern| matches(pattern, arn)))
    };
    let step = plan.steps.iter().find(|step| !is_given(&step.iam_action, &step.resource_arn))?;
    Some(format!("{} needs {} on {}: say so in `applies`", plan.operation, step.iam_action, step.resource_arn))
}

/// Whether a pattern of IAM matches an ARN, whatever the partition: `*` stands for anything, slashes too.
#[must_use]
pub fn matches(pattern: &str, arn: &str) -> bool {
    let bare = |text: &str| text.splitn(3, ':').nth(2).unwrap_or(text).to_owned();
    let (pattern, arn) = (bare(pattern), bare(arn));
    let mut parts = pattern.split('*');
    let Some(mut rest) = arn.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_goes_over_slashes_and_nothing_else_is_special() {
        let stage = "arn:aws:apigateway:*::/restapis/*/stages/*";
        for (pattern, arn, fits) in [
            (stage, "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod", true),
            (stage, "arn:aws-cn:apigateway:cn-north-1::/restapis/a1/stages/prod", true),
            (stage, "arn:aws:apigateway:eu-west-1::/restapis/a1/deployments", false),
            ("arn:aws:apigateway:*::/usageplans/*", "arn:aws:apigateway:eu-west-1::/usageplans/p/keys/k", true),
            ("arn:aws:apigateway:*::/apikeys", "arn:aws:apigateway:eu-west-1::/apikeys", true),
            ("arn:aws:apigateway:*::/apikeys", "arn:aws:apigateway:eu-west-1::/apikeys/k", false),
            ("*", "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/a/b", true),
        ] {
            assert_eq!(matches(pattern, arn), fits, "{pattern} {arn}");
        }
    }
}
