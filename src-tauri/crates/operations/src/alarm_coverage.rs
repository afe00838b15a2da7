//! `alarm_coverage`: for each stage and each of its sensitive routes, which alarms there are and which are missing.

use portcullis_domain::{
    alarms::{AlarmSubject, CoverRow, coverage},
    coverage::{CallCounts, Coverage},
    route::Route,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{alarm_state::all_calls, error::WireError, host::Host};

/// Which stages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AlarmCoverageRequest {
    /// Only APIs with this id or name.
    #[ts(optional = nullable)]
    pub api: Option<String>,
    /// Only stages of this name.
    #[ts(optional = nullable)]
    pub stage: Option<String>,
    /// Read the alarms again, however young the last answer is.
    pub refresh: bool,
}

/// A stage or route and what is missing there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoverageLine {
    /// What there is.
    pub row: CoverRow,
    /// What is missing and can be made.
    pub missing: Vec<AlarmSubject>,
}

/// Where alarms are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlarmCoverage {
    /// Stages, each followed by its sensitive routes.
    pub items: Vec<CoverageLine>,
    /// Alarms that are missing and can be made.
    pub missing: u32,
    /// What could not be read: a stage of such a context is not listed, since nothing is known of its alarms.
    pub coverage: Coverage,
    /// Calls by service and operation.
    pub calls: CallCounts,
}

/// Says it.
///
/// # Errors
/// None of its own; what AWS did not give is coverage.
pub async fn alarm_coverage(host: &Host, request: AlarmCoverageRequest) -> Result<AlarmCoverage, WireError> {
    let read = host.alarms(request.refresh).await;
    let (_, index) = host.shown();
    let mut items = Vec::new();
    for of_context in read.iter().filter(|read| read.gaps.is_empty()) {
        let lines = host.alarm_lines(of_context);
        let (apis, _) = host.known_apis(&of_context.context);
        for inventory in &apis {
            let api = &inventory.api;
            if request.api.as_ref().is_some_and(|wanted| *api.id != **wanted && *api.name != **wanted) {
                continue;
            }
            let routes: Vec<Route> = index
                .routes()
                .iter()
                .filter(|route| *route.context == *of_context.context && route.api_id == api.id)
                .cloned()
                .collect();
            let rows = coverage(&of_context.context, inventory, &routes, &lines).into_iter();
            let rows = rows.filter(|row| request.stage.as_ref().is_none_or(|stage| *stage == row.stage));
            items.extend(rows.map(|row| CoverageLine { missing: row.missing(), row }));
        }
    }
    let missing = items.iter().map(|line| line.missing.len()).sum::<usize>();
    Ok(AlarmCoverage {
        items,
        missing: u32::try_from(missing).unwrap_or(u32::MAX),
        coverage: Coverage::of(read.iter().flat_map(|read| read.gaps.clone()).collect()),
        calls: all_calls(&read),
    })
}
