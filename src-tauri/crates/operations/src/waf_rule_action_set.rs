//! `waf_rule_action_set`: plans a rule, or what a rule group's rules may do, between blocking and counting.

use portcullis_domain::{
    change::{Fields, Plan, PlanTarget, PlanWords, Warning, WarningKind, calls_between},
    waf::{RuleEffect, RuleSwitch, WafEditError, WebAclArn, edited, rule_action_edited, web_acl_of_fields},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::{Draft, observe_all, plan},
    error::{ErrorCode, WireError, capitalised},
    host::Host,
    web_acl_metrics::counted_last_day,
};

/// Which rule, and what it shall do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WafRuleActionSetRequest {
    /// The context's label; may be empty where the name is enough.
    #[serde(default)]
    pub context: String,
    /// ARN, id or name.
    pub web_acl: String,
    /// The rule's name.
    pub rule: String,
    /// What it shall do; a rule group that blocks does what its own rules say.
    pub action: RuleSwitch,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` for a rule that is switched elsewhere and a web ACL that cannot be sent back whole, and why; `NotFound`;
/// AWS's.
pub async fn waf_rule_action_set(host: &Host, request: WafRuleActionSetRequest) -> Result<Plan, WireError> {
    let WafRuleActionSetRequest { context, web_acl, rule, action } = request;
    let (target, fields) = live_web_acl(host, &context, &web_acl).await?;
    let after = rule_action_edited(&fields, &rule, action).map_err(|error| refused(&error))?;
    let what = match action {
        RuleSwitch::Block => "block",
        RuleSwitch::Count => "only count",
    };
    let title = format!("Let rule {rule} of {} {what}", target.label());
    let mut warnings = Vec::new();
    if action == RuleSwitch::Block && after != fields {
        warnings.extend(counted(host, &target, &fields, &rule).await);
    }
    web_acl_plan(host, "waf_rule_action_set", title, target, (fields, after), warnings).await
}

/// A web ACL as a target, and its fields as they are now.
pub(crate) async fn live_web_acl(host: &Host, context: &str, named: &str) -> Result<(PlanTarget, Fields), WireError> {
    let (context, arn, name) = host.one_web_acl(context, named).await?;
    let target = PlanTarget::WebAcl { context, arn, name };
    let fields = observe_all(host, std::slice::from_ref(&target)).await?.pop().unwrap_or_default();
    Ok((target, fields))
}

/// The plan that leads from one state of a web ACL to another.
pub(crate) async fn web_acl_plan(
    host: &Host,
    operation: &str,
    title: String,
    target: PlanTarget,
    (fields, after): (Fields, Fields),
    warnings: Vec<Warning>,
) -> Result<Plan, WireError> {
    let calls = calls_between(&target, &fields, &after).ok_or_else(|| {
        let message = format!("No update leads {} there without losing something of it.", target.label());
        WireError::new(ErrorCode::InvalidInput, message)
    })?;
    let asked = edited(&fields, &after);
    // An update replaces the whole web ACL: the plan depends on all of it.
    let watched = vec![String::new()];
    let words = PlanWords { operation: operation.to_owned(), title, warnings, watched, ..PlanWords::default() };
    plan(host, words, vec![Draft { target, fields, calls, asked }]).await
}

/// Domain -> wire.
pub(crate) fn refused(error: &WafEditError) -> WireError {
    let code = if matches!(error, WafEditError::NoRule(_)) { ErrorCode::NotFound } else { ErrorCode::InvalidInput };
    let words = capitalised(&error.to_string());
    WireError::new(code, if words.ends_with('.') { words } else { format!("{words}.") })
}

/// What the rule would have refused, had it not only counted.
async fn counted(host: &Host, target: &PlanTarget, fields: &Fields, rule: &str) -> Option<Warning> {
    let PlanTarget::WebAcl { context, arn, name } = target else { return None };
    let acl = web_acl_of_fields(fields, arn, name, "")?;
    let known = acl.rule(rule)?;
    if !matches!(known.effect, RuleEffect::Count | RuleEffect::GroupCounts) {
        return None;
    }
    let note = |message: String| Some(Warning { kind: WarningKind::Note, message });
    let Some(metric) = known.metric_name.as_deref().filter(|_| known.metrics_enabled) else {
        return note(format!("{rule} has no metrics: how many requests it would refuse is not known."));
    };
    let scope = WebAclArn::read(arn)?.scope;
    let of_acl = acl.metric_name.as_deref().unwrap_or(name);
    match counted_last_day(host, context, scope, of_acl, metric).await {
        Ok(count) => {
            note(format!("In the last 24 hours it counted {count} requests: those would have been its to refuse."))
        }
        Err(error) => note(format!("How many requests it counted is not known: {}", error.message)),
    }
}
