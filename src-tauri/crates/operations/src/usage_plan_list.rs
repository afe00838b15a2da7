//! `usage_plan_list`: what each plan allows, where, and what is wrong with it.

use portcullis_domain::{
    coverage::Coverage,
    route::{Drift, Route},
    tenants::{PlanFinding, PlanMethods, PlanStage, Quota, findings_of_plan, keys_in_no_plan},
    throttle::Limit,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Asks for the plans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UsagePlanListRequest {
    /// Read AWS again instead of showing what was read.
    #[serde(default)]
    pub afresh: bool,
}

/// A stage that a plan opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenedStage {
    /// API.
    pub api_id: String,
    /// Its name; absent when there is no such API (any more).
    #[ts(optional = nullable)]
    pub api_name: Option<String>,
    /// Stage.
    pub stage: String,
    /// How many methods have a limit of their own in this plan.
    pub method_limits: u32,
    /// Those methods, by path and method.
    pub methods: Vec<PlanMethodLimit>,
}

/// A plan's limit for one method of a stage that it opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanMethodLimit {
    /// `GET`.
    pub method: String,
    /// `/pets`.
    pub path: String,
    /// For each key.
    pub limit: Limit,
}

/// `GET /pets` -> its two halves.
fn method_limits(stage: &PlanStage) -> Vec<PlanMethodLimit> {
    let split = |(key, limit): (&String, &Limit)| {
        let (method, path) = key.split_once(' ')?;
        Some(PlanMethodLimit { method: method.to_owned(), path: path.to_owned(), limit: *limit })
    };
    let mut found: Vec<PlanMethodLimit> = stage.methods.iter().filter_map(split).collect();
    found.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    found
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UsagePlanLine {
    /// The context's label.
    pub context: String,
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Free text.
    pub description: String,
    /// For each key.
    pub throttle: Limit,
    /// For each key; absent when there is none.
    #[ts(optional = nullable)]
    pub quota: Option<Quota>,
    /// What it opens.
    pub stages: Vec<OpenedStage>,
    /// Its keys; absent when they could not be read.
    #[ts(optional = nullable)]
    pub keys: Option<u32>,
    /// Served methods of its stages, and those on which it counts.
    pub methods: PlanMethods,
    /// What is wrong.
    pub findings: Vec<PlanFinding>,
}

/// A key that is in no plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LooseKey {
    /// The context's label.
    pub context: String,
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// The plans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UsagePlanList {
    /// Those with findings first.
    pub items: Vec<UsagePlanLine>,
    /// Keys in no plan.
    pub loose_keys: Vec<LooseKey>,
    /// When it was read, RFC 3339.
    #[ts(optional = nullable)]
    pub read_at: Option<String>,
    /// What is missing.
    pub coverage: Coverage,
}

/// Lists them.
///
/// # Errors
/// None of its own; what AWS did not give is coverage.
pub async fn usage_plan_list(host: &Host, request: UsagePlanListRequest) -> Result<UsagePlanList, WireError> {
    let ledgers = host.tenant_ledgers(request.afresh).await;
    let (_, index) = host.shown();
    let (mut items, mut loose_keys) = (Vec::new(), Vec::new());
    for read in &ledgers {
        let label = &read.ledger.context;
        let routes: Vec<&Route> =
            index.routes().iter().filter(|route| *route.context == **label && route.drift != Drift::Added).collect();
        let context = host.context(label);
        let api = |id: &str| context.as_ref().and_then(|context| context.state().apis.get(id).cloned());
        let whole = context.as_ref().is_some_and(|context| {
            let state = context.state();
            state.read_at().is_some() && state.gaps().is_empty()
        });
        let known = |id: &str, stage: &str| match api(id) {
            Some(api) => Some(api.stages.iter().any(|known| &*known.name == stage)),
            None => whole.then_some(false),
        };
        for plan in read.ledger.plans.iter().flatten() {
            let (methods, findings) = findings_of_plan(plan, &routes, &known);
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            items.push(UsagePlanLine {
                context: label.clone(),
                id: plan.id.clone(),
                name: plan.name.clone(),
                description: plan.description.clone(),
                throttle: plan.throttle,
                quota: plan.quota,
                stages: plan
                    .stages
                    .iter()
                    .map(|stage| OpenedStage {
                        api_id: stage.api_id.clone(),
                        api_name: api(&stage.api_id).map(|api| api.api.name.to_string()),
                        stage: stage.stage.clone(),
                        method_limits: count(stage.methods.len()),
                        methods: method_limits(stage),
                    })
                    .collect(),
                keys: plan.keys.as_ref().map(|keys| count(keys.len())),
                methods,
                findings,
            });
        }
        loose_keys.extend(keys_in_no_plan(&read.ledger).into_iter().flatten().map(|key| LooseKey {
            context: label.clone(),
            id: key.id.clone(),
            name: key.name.clone(),
        }));
    }
    items.sort_by_key(|plan| (plan.findings.is_empty(), plan.name.clone()));
    Ok(UsagePlanList {
        items,
        loose_keys,
        read_at: ledgers.iter().map(|read| read.at.clone()).min(),
        coverage: host.tenant_coverage(&ledgers),
    })
}
