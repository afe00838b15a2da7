//! `throttle_copy`: plans the limits of one stage for others.

use std::collections::BTreeMap;

use portcullis_domain::{
    change::{Fields, Plan, PlanTarget, ThrottleEdit, ThrottlePlace},
    throttle::Limit,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    change::observe_all,
    error::{ErrorCode, WireError},
    host::Host,
    throttle_set::{stage_target, throttle_plan},
};

/// A stage, by the names that a person gives it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StageName {
    /// The context's label.
    pub context: String,
    /// API id.
    pub api_id: String,
    /// Stage.
    pub stage: String,
}

/// From where to where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ThrottleCopyRequest {
    /// The stage whose limits are copied.
    pub from: StageName,
    /// The stages that get them.
    pub to: Vec<StageName>,
}

/// Plans the change: every limit of the source, and the default. Limits that only the other stage has stay.
///
/// # Errors
/// As [`crate::throttle_set::throttle_set`]; `InvalidInput` between a REST and an HTTP stage, and when the source has
/// no limits.
pub async fn throttle_copy(host: &Host, request: ThrottleCopyRequest) -> Result<Plan, WireError> {
    let named = |name: &StageName| stage_target(host, &name.context, &name.api_id, &name.stage);
    let from = named(&request.from)?;
    let to = request.to.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    if let Some(other) = to.iter().find(|other| std::mem::discriminant(*other) != std::mem::discriminant(&from)) {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!(
                "{} and {} are of different kinds: their routes have different names.",
                from.label(),
                other.label()
            ),
        ));
    }
    let source = observe_all(host, std::slice::from_ref(&from)).await?.into_iter().next().unwrap_or_default();
    let edits = limits(&from, &source);
    if edits.is_empty() {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("{} has no limits of its own to copy.", from.label()),
        ));
    }
    let title = match to.as_slice() {
        [one] => format!("Copy {} limits of {} to {}", edits.len(), from.label(), one.label()),
        _ => format!("Copy {} limits of {} to {} stages", edits.len(), from.label(), to.len()),
    };
    let to = to.into_iter().filter(|other| *other != from).map(|target| (target, edits.clone())).collect();
    throttle_plan(host, "throttle_copy", title, to).await
}

/// The limits of a stage as edits.
fn limits(target: &PlanTarget, fields: &Fields) -> Vec<ThrottleEdit> {
    let mut found: BTreeMap<ThrottlePlace, Limit> = BTreeMap::new();
    for (name, value) in fields {
        let Some((entry, half)) = name.rsplit_once('/') else { continue };
        let Some(place) = place(target, entry) else { continue };
        match half {
            "rateLimit" => found.entry(place).or_default().rate = value.as_f64(),
            "burstLimit" => {
                found.entry(place).or_default().burst = value.as_i64().and_then(|burst| i32::try_from(burst).ok());
            }
            _ => {}
        }
    }
    found.into_iter().map(|(place, limit)| ThrottleEdit { place, limit: Some(limit) }).collect()
}

fn place(target: &PlanTarget, entry: &str) -> Option<ThrottlePlace> {
    let key = match target {
        PlanTarget::RestStage { .. } => entry.strip_prefix("methodSettings/")?,
        PlanTarget::HttpStage { .. } if entry == "defaultRouteSettings" => return Some(ThrottlePlace::Default),
        PlanTarget::HttpStage { .. } => entry.strip_prefix("routeSettings/")?,
        PlanTarget::UsagePlan { .. }
        | PlanTarget::PlanKey { .. }
        | PlanTarget::ApiKey { .. }
        | PlanTarget::NewApiKey { .. }
        | PlanTarget::WebAcl { .. }
        | PlanTarget::NewPlanKey { .. }
        | PlanTarget::Alarm { .. } => return None,
    };
    Some(match key.split_once(' ') {
        None if key == "*/*" => ThrottlePlace::Default,
        None => ThrottlePlace::Method { method: String::new(), path: key.to_owned() },
        Some((method, path)) => ThrottlePlace::Method { method: method.to_owned(), path: path.to_owned() },
    })
}
