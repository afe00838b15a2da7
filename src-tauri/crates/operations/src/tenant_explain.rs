//! `tenant_explain`: which limit refused them, in sentences to read aloud.

use portcullis_domain::{
    tenants::{KeyAtRoute, refusal_sentences},
    throttle_explain::EffectiveLimit,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    tenant_get::{TenantGetRequest, tenant_get},
    throttle_explain::{ThrottleExplainRequest, throttle_explain},
};

/// Who, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantExplainRequest {
    /// The tenant's name, or the id of one of their keys.
    pub tenant: String,
    /// [`portcullis_domain::route::Route::id`].
    pub route_id: String,
}

/// One key at the route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyVerdict {
    /// Key id.
    pub key_id: String,
    /// The key's name.
    pub key_name: String,
    /// The verdict first.
    pub sentences: Vec<String>,
    /// Every layer of the rate limit.
    pub effective: EffectiveLimit,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantExplanation {
    /// Who.
    pub tenant: String,
    /// `POST /claims of partner, prod`.
    pub route: String,
    /// One per key of the tenant.
    pub keys: Vec<KeyVerdict>,
}

/// Works it out.
///
/// # Errors
/// `NotFound` for a tenant or a route that is not there; AWS's when the key's plans cannot be read.
pub async fn tenant_explain(host: &Host, request: TenantExplainRequest) -> Result<TenantExplanation, WireError> {
    let (_, index) = host.shown();
    let route = index.find(&request.route_id).cloned().ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no route {} any more.", request.route_id))
            .with_hint("Refresh.")
    })?;
    let asked = TenantGetRequest { context: Some(route.context.to_string()), tenant: request.tenant };
    let tenant = tenant_get(host, asked).await?;
    let ledgers = host.tenant_ledgers(false).await;
    let mut ids: Vec<&str> = tenant.plans.iter().map(|plan| plan.row.key_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let (mut keys, mut label) = (Vec::new(), String::new());
    for id in ids {
        let request = ThrottleExplainRequest { route_id: route.id.clone(), key_id: Some(id.to_owned()) };
        let explained = throttle_explain(host, request).await?;
        label.clone_from(&explained.label);
        let of_key = tenant.plans.iter().filter(|plan| plan.row.key_id == id);
        let row = of_key.clone().map(|plan| &plan.row).next();
        let here = of_key.map(|plan| &plan.row).find(|row| {
            let ledger = ledgers.iter().find(|read| read.ledger.context == row.context).map(|read| &read.ledger);
            let plan = row.usage_plan_id.as_deref().and_then(|id| ledger?.plan(id));
            plan.is_some_and(|plan| {
                plan.stages.iter().any(|stage| *stage.api_id == *route.api_id && *stage.stage == *route.stage)
            })
        });
        let at = KeyAtRoute {
            tenant: &tenant.name.name,
            route: &explained.label,
            requires_key: route.guard.api_key_required,
            enabled: row.and_then(|row| row.enabled),
            plan: here.map(|row| (row.plan_name.as_deref().unwrap_or_default(), row.period, &row.standing)),
            effective: &explained.effective,
        };
        keys.push(KeyVerdict {
            key_id: id.to_owned(),
            key_name: row.map(|row| row.key_name.clone()).unwrap_or_default(),
            sentences: refusal_sentences(&at),
            effective: explained.effective.clone(),
        });
    }
    Ok(TenantExplanation { tenant: tenant.name.name, route: label, keys })
}
