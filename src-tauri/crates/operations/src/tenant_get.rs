//! `tenant_get`: everything about one tenant: keys, plans, what was used day by day, which routes, what was changed lately.

use std::collections::BTreeSet;

use portcullis_domain::{
    change::ROTATES_TAG,
    coverage::Coverage,
    tenants::{BoardQuery, BoardRow, BoardSort, DayUse, Quota, TenantName, matching},
    throttle::Limit,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    tenant_changes::{Concerned, TenantChanges, tenant_changes},
};

/// The most routes that are named.
const ROUTES: usize = 200;

/// Which tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantGetRequest {
    /// The context's label; any that is open when absent.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub context: Option<String>,
    /// The tenant's name, or the id of one of their keys.
    pub tenant: String,
}

/// A key in a plan with its days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantPlan {
    /// The row of the board.
    pub row: BoardRow,
    /// The plan's quota for each key, as the plan has it: without extensions.
    #[ts(optional = nullable)]
    pub quota: Option<Quota>,
    /// Oldest first.
    pub days: Vec<DayUse>,
    /// Limits of single methods of the plan: `partner prod`, `GET /pets`.
    pub method_limits: Vec<MethodLimit>,
}

/// A plan's limit for one method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MethodLimit {
    /// API id and stage.
    pub stage: String,
    /// `GET /pets`.
    pub method: String,
    /// For each key.
    pub limit: Limit,
}

/// A route that the tenant's plans open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TenantRoute {
    /// [`portcullis_domain::route::Route::id`].
    pub route_id: String,
    /// `POST /claims of partner, prod`.
    pub label: String,
    /// Whether it asks for a key: only then the plan counts.
    pub requires_key: bool,
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Who, and why it is they.
    pub name: TenantName,
    /// The context's label.
    pub context: String,
    /// Each of their keys in each of its plans, worst first.
    pub plans: Vec<TenantPlan>,
    /// Routes, at most 200.
    pub routes: Vec<TenantRoute>,
    /// Routes in all.
    pub route_count: u32,
    /// What was changed of their keys and plans in the last 35 days.
    pub changes: TenantChanges,
    /// When keys, plans and usage were read, RFC 3339. AWS's own numbers of use were up to 40 minutes old then.
    pub read_at: String,
    /// What is missing.
    pub coverage: Coverage,
}

/// Shows a tenant.
///
/// # Errors
/// `NotFound` when no key is theirs, `InvalidInput` when the name is found in several contexts.
pub async fn tenant_get(host: &Host, request: TenantGetRequest) -> Result<Tenant, WireError> {
    let ledgers = host.tenant_ledgers(false).await;
    let rows = host.tenant_rows(&ledgers)?;
    let order = matching(&rows, &BoardQuery { sort: BoardSort::Worst, ..BoardQuery::default() });
    let wanted = request.tenant.trim();
    let named = |row: &&BoardRow| {
        request.context.as_ref().is_none_or(|context| *context == row.context)
            && (row.tenant.name == wanted || row.key_id == wanted || row.key_name == wanted)
    };
    let theirs: Vec<&BoardRow> = order.iter().filter_map(|at| rows.get(*at)).filter(named).collect();
    let Some(first) = theirs.first() else {
        let missing = ledgers.iter().any(|read| !read.gaps.is_empty());
        let hint = if missing {
            "Some keys could not be read; see what is missing."
        } else {
            "Find them on the board by name, key, customer, tag or plan."
        };
        return Err(WireError::new(ErrorCode::NotFound, format!("There is no tenant {wanted}.")).with_hint(hint));
    };
    // By a key's id or name the whole tenant is meant.
    let (name, context) = (first.tenant.clone(), first.context.clone());
    if let Some(other) = theirs.iter().find(|row| row.context != context) {
        let message = format!("{wanted} is a tenant in {context} and in {}.", other.context);
        return Err(WireError::new(ErrorCode::InvalidInput, message).with_hint("Name one context."));
    }
    let whole: Vec<&BoardRow> = order
        .iter()
        .filter_map(|at| rows.get(*at))
        .filter(|row| row.context == context && row.tenant.name == name.name)
        .collect();
    let read = ledgers.iter().find(|read| read.ledger.context == context).ok_or_else(|| host_moved(&context))?;
    let plans: Vec<TenantPlan> = whole
        .iter()
        .map(|row| {
            let plan = row.usage_plan_id.as_deref().and_then(|id| read.ledger.plan(id));
            let limits = plan.into_iter().flat_map(|plan| &plan.stages).flat_map(|stage| {
                stage.methods.iter().map(|(method, limit)| MethodLimit {
                    stage: format!("{} {}", stage.api_id, stage.stage),
                    method: method.clone(),
                    limit: *limit,
                })
            });
            TenantPlan {
                row: (*row).clone(),
                quota: plan.and_then(|plan| plan.quota),
                days: plan.map_or_else(Vec::new, |plan| read.ledger.days(&plan.id, &row.key_id).to_vec()),
                method_limits: limits.collect(),
            }
        })
        .collect();
    let stages: Vec<(&str, &str)> = whole
        .iter()
        .filter_map(|row| read.ledger.plan(row.usage_plan_id.as_deref()?))
        .flat_map(|plan| &plan.stages)
        .map(|stage| (stage.api_id.as_str(), stage.stage.as_str()))
        .collect();
    let (_, index) = host.shown();
    let opened: Vec<TenantRoute> = index
        .routes()
        .iter()
        .filter(|route| *route.context == *context && stages.contains(&(&*route.api_id, &*route.stage)))
        .filter(|route| &*route.method != "OPTIONS")
        .map(|route| TenantRoute {
            route_id: route.id.clone(),
            label: format!("{} of {}, {}", portcullis_domain::change::route_key(route), route.api_name, route.stage),
            requires_key: route.guard.api_key_required,
        })
        .collect();
    let keys: BTreeSet<&str> = whole.iter().map(|row| row.key_id.as_str()).collect();
    // A key that another one took the place of may be deleted by now, and what was done to it still tells something.
    let replaced = keys.iter().filter_map(|id| read.ledger.key(id)?.tags.get(ROTATES_TAG)).map(String::as_str);
    let concerned = Concerned {
        context: &context,
        keys: keys.iter().copied().chain(replaced).collect(),
        plans: whole.iter().filter_map(|row| row.usage_plan_id.as_deref()).collect(),
    };
    let changes = tenant_changes(host, &concerned);
    Ok(Tenant {
        name,
        changes,
        plans,
        route_count: u32::try_from(opened.len()).unwrap_or(u32::MAX),
        routes: opened.into_iter().take(ROUTES).collect(),
        read_at: read.at.clone(),
        coverage: host.tenant_coverage(&ledgers),
        context,
    })
}

fn host_moved(context: &str) -> WireError {
    WireError::new(ErrorCode::NotFound, format!("The context {context} is not open any more."))
        .with_hint("Open it in the context switcher.")
}
