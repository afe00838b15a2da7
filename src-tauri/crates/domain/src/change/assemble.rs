//! Calls -> plan: the differences, the commands, the permissions and the fingerprint follow from the calls.

use sha2::{Digest as _, Sha256};

use super::{
    AwsCall, CommandContext, FieldChange, Fields, Plan, PlanGuard, PlanStep, PlanTarget, TouchedRoute, TouchedTenant,
    Warning, fields_after,
};
use crate::waf::LOCK_TOKEN;

/// What a plan is made for.
#[derive(Debug, Clone)]
pub struct TargetCalls<'a> {
    /// The target.
    pub target: PlanTarget,
    /// Its live state, watched fields only.
    pub fields: Fields,
    /// The calls, in order.
    pub calls: Vec<AwsCall>,
    /// Fields that were asked for: everything else that differs is a consequence.
    pub asked: Vec<String>,
    /// Where the target is.
    pub place: TargetPlace<'a>,
}

/// Where a target is, for commands and ARNs.
#[derive(Debug, Clone, Default)]
pub struct TargetPlace<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    /// Profile, region and endpoint.
    pub command: CommandContext<'a>,
}

/// What a plan says besides its calls.
#[derive(Debug, Clone, Default)]
pub struct PlanWords {
    /// The plan's id.
    pub id: String,
    /// The operation that makes it.
    pub operation: String,
    /// One sentence.
    pub title: String,
    /// What to read first.
    pub warnings: Vec<Warning>,
    /// Routes that it touches.
    pub routes: Vec<TouchedRoute>,
    /// Tenants that it touches.
    pub tenants: Vec<TouchedTenant>,
    /// Prefixes of watched fields.
    pub watched: Vec<String>,
    /// What must be so of things that the plan does not change.
    pub guards: Vec<PlanGuard>,
    /// The entry that the plan undoes.
    pub undoes: Option<String>,
    /// RFC 3339.
    pub made_at: String,
}

/// A call whose effect cannot be predicted has no place in a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the effect of {operation} on {target} cannot be predicted")]
pub struct Unpredictable {
    /// The call's operation.
    pub operation: &'static str,
    /// The target, for a person.
    pub target: String,
}

/// Makes the plan. Targets without calls are left out: a plan with nothing to do has no targets and no steps.
///
/// # Errors
/// [`Unpredictable`].
pub fn assemble(words: PlanWords, of: Vec<TargetCalls<'_>>) -> Result<Plan, Unpredictable> {
    let mut plan = Plan {
        id: words.id,
        operation: words.operation,
        title: words.title,
        targets: Vec::new(),
        changes: Vec::new(),
        steps: Vec::new(),
        warnings: words.warnings,
        routes: words.routes,
        tenants: words.tenants,
        undoes: words.undoes,
        undo: String::new(),
        watched: words.watched,
        fields_before: Vec::new(),
        fingerprint: String::new(),
        guards: words.guards,
        made_at: words.made_at,
    };
    for one in of.into_iter().filter(|one| !one.calls.is_empty()) {
        let target = plan.targets.len();
        let mut fields = one.fields.clone();
        for call in one.calls {
            fields = fields_after(&call, &fields)
                .ok_or_else(|| Unpredictable { operation: call.operation(), target: one.target.label() })?;
            plan.steps.push(PlanStep {
                target,
                command: call.command_line(&one.place.command),
                iam_action: call.iam_action().to_owned(),
                resource_arn: call.resource_arn(one.place.partition, one.place.command.region),
                fields_after: fields.clone(),
                call,
            });
        }
        plan.changes.extend(field_changes(target, &one.fields, &fields, &one.asked));
        plan.targets.push(one.target);
        plan.fields_before.push(one.fields);
    }
    plan.fingerprint = fingerprint(&plan.fields_before, &plan.guards);
    plan.undo = match plan.targets.len() {
        0 => String::new(),
        1 => format!("Undo sets {} back to the values on the left, as a plan of its own.", plan.targets[0].label()),
        count => format!("Undo sets all {count} targets back to the values on the left, as a plan of its own."),
    };
    Ok(plan)
}

fn field_changes(target: usize, before: &Fields, after: &Fields, asked: &[String]) -> Vec<FieldChange> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        // WAF's version is another after every change, and nobody's doing.
        .filter(|name| before.get(*name) != after.get(*name) && *name != LOCK_TOKEN)
        .map(|name| FieldChange {
            target,
            field: name.clone(),
            label: super::field_label(name),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
            consequence: !asked.contains(name),
        })
        .collect()
}

/// SHA-256 over the states, hexadecimal. Maps are ordered by name, so equal states give equal text.
fn fingerprint(states: &[Fields], guards: &[PlanGuard]) -> String {
    let guarded: Vec<_> = guards.iter().map(|guard| (guard.target.key(), &guard.fields)).collect();
    let text = match guarded.as_slice() {
        [] => serde_json::json!(states),
        guarded => serde_json::json!([states, guarded]),
    };
    let text = text.to_string();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
