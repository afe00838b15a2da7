//! `web_acl_list`: every web ACL, what it really does, and the routes that nothing stops requests to.

use std::sync::Arc;

use portcullis_domain::{
    audience::Audience,
    change::TouchedRoute,
    coverage::{CallCounts, Coverage},
    route_class::RouteClass,
    waf::{ActionKind, CoverVerdict, RuleEffect, WafScope},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::WireError,
    host::Host,
    waf_routes::{StageAcls, cover, is_exposed, stage_acls},
    waf_state::{KnownWebAcl, KnownWebAcls, LoggingState},
};

/// The most routes that are named; how many there are is said.
const ROUTES: usize = 500;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct WebAclListRequest {
    /// Read AWS again instead of showing what was read.
    pub afresh: bool,
}

/// A stage behind a web ACL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StageBehind {
    /// API.
    pub api_id: String,
    /// Its name.
    pub api_name: String,
    /// Stage.
    pub stage: String,
}

/// What a web ACL does, taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum WebAclState {
    /// A rule, or the default, can stop a request.
    Stops,
    /// It has rules and stops nothing.
    OnlyCounts,
    /// It has no rules and lets everything through.
    Empty,
    /// Not known.
    Unknown,
}

/// A web ACL in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclLine {
    /// The context's label.
    pub context: String,
    /// ARN.
    pub arn: String,
    /// Name.
    pub name: String,
    /// Description; may be empty.
    pub description: String,
    /// What it can stand before.
    pub scope: WafScope,
    /// What it does, taken together.
    pub state: WebAclState,
    /// What becomes of a request that no rule ends.
    #[ts(optional = nullable)]
    pub default_action: Option<ActionKind>,
    /// Rules; `None` where it could not be read.
    #[ts(optional = nullable)]
    pub rules: Option<u32>,
    /// Rules that can stop a request.
    pub stopping: u32,
    /// Rules that only count.
    pub counting: u32,
    /// Rules of which this program does not know everything.
    pub unknown: u32,
    /// Capacity, WCU.
    #[ts(optional = nullable, type = "number")]
    pub capacity: Option<u64>,
    /// Whether requests are logged.
    pub logging: LoggingState,
    /// Stages of REST APIs behind it, as far as stages were read.
    pub stages: Vec<StageBehind>,
    /// Why it cannot be changed here, if it cannot.
    #[ts(optional = nullable)]
    pub not_editable: Option<String>,
}

/// A route that no rule is known to stop requests to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UncoveredRoute {
    /// [`portcullis_domain::route::Route::id`].
    pub route_id: String,
    /// `POST /login of storefront, prod`.
    pub label: String,
    /// The context's label.
    pub context: String,
    /// For whom.
    pub audience: Audience,
    /// What it does.
    pub class: RouteClass,
    /// How it stands.
    pub verdict: CoverVerdict,
    /// The same in a sentence.
    pub sentence: String,
}

/// Every web ACL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclList {
    /// The web ACLs.
    pub items: Vec<WebAclLine>,
    /// Whether these are all.
    pub complete: bool,
    /// Routes for the public, customers, checkout, partners and callbacks that were looked at.
    pub exposed: u32,
    /// How many of them stand how.
    pub verdicts: Vec<(CoverVerdict, u32)>,
    /// Those that nothing is known to stop requests to, at most 500, the worst first.
    pub uncovered: Vec<UncoveredRoute>,
    /// When WAF was read, RFC 3339: the oldest of the contexts.
    #[ts(optional = nullable)]
    pub read_at: Option<String>,
    /// What that cost.
    #[ts(type = "Record<string, number>")]
    pub calls: CallCounts,
    /// What is missing.
    pub coverage: Coverage,
}

/// Lists them.
///
/// # Errors
/// None of its own: what AWS did not give is coverage.
pub async fn web_acl_list(host: &Host, request: WebAclListRequest) -> Result<WebAclList, WireError> {
    let known = host.web_acls(request.afresh).await;
    let host = host.clone();
    // Rules times routes is a moment's work for large accounts.
    tokio::task::spawn_blocking(move || listed(&host, &known))
        .await
        .map_err(|error| WireError::internal("web_acl_list", &error))
}

fn listed(host: &Host, known: &[Arc<KnownWebAcls>]) -> WebAclList {
    let (mut items, mut uncovered, mut exposed) = (Vec::new(), Vec::new(), 0_u32);
    let mut verdicts: std::collections::BTreeMap<CoverVerdict, u32> = std::collections::BTreeMap::new();
    let mut calls = CallCounts::new();
    let (_, index) = host.shown();
    for read in known {
        for (call, count) in &read.calls {
            *calls.entry(call.clone()).or_default() += count;
        }
        let Some(context) = host.context(&read.context) else { continue };
        let stages = stage_acls(&context);
        items.extend(read.acls.iter().map(|acl| line(host, &read.context, acl, &stages)));
        for route in index.routes().iter().filter(|route| *route.context == *read.context && is_exposed(route)) {
            let (_, cover) = cover(&context, Some(read), &stages, route);
            exposed += 1;
            *verdicts.entry(cover.verdict).or_default() += 1;
            if cover.verdict != CoverVerdict::Blocks {
                let TouchedRoute { route_id, label, audience, class, .. } = TouchedRoute::of(route);
                let (context, verdict, sentence) = (read.context.clone(), cover.verdict, cover.sentence);
                uncovered.push(UncoveredRoute { route_id, label, context, audience, class, verdict, sentence });
            }
        }
    }
    // What attackers come for first, first.
    uncovered.sort_by_key(|one| (!hammered(one.class), one.verdict, one.label.clone()));
    uncovered.truncate(ROUTES);
    WebAclList {
        items,
        complete: known.iter().all(|read| read.complete),
        exposed,
        verdicts: verdicts.into_iter().collect(),
        uncovered,
        read_at: known.iter().map(|read| read.at.clone()).min(),
        calls,
        coverage: host.waf_coverage(known),
    }
}

fn hammered(class: RouteClass) -> bool {
    matches!(
        class,
        RouteClass::Login
            | RouteClass::SignUp
            | RouteClass::OneTimeCode
            | RouteClass::PasswordReset
            | RouteClass::GiftCard
            | RouteClass::Coupon
            | RouteClass::Checkout
    )
}

/// One web ACL's line.
pub(crate) fn line(host: &Host, context: &str, known: &KnownWebAcl, stages: &StageAcls) -> WebAclLine {
    let acl = known.acl.as_ref();
    let state = match acl {
        None => WebAclState::Unknown,
        Some(acl) => match acl.stops() {
            Some(true) => WebAclState::Stops,
            Some(false) if acl.rules.is_empty() => WebAclState::Empty,
            Some(false) => WebAclState::OnlyCounts,
            None => WebAclState::Unknown,
        },
    };
    let count = |wanted: fn(RuleEffect) -> bool| acl.map_or(0, |acl| acl.count(wanted));
    let unknown = acl.map_or(0, |acl| acl.rules.iter().filter(|rule| !rule.known).count());
    WebAclLine {
        context: context.to_owned(),
        arn: known.arn.clone(),
        name: known.name.clone(),
        description: acl.map(|acl| acl.description.clone()).unwrap_or_default(),
        scope: known.scope,
        state,
        default_action: acl.and_then(|acl| acl.default_action.as_ref()).map(|action| action.kind),
        rules: acl.map(|acl| u32::try_from(acl.rules.len()).unwrap_or(u32::MAX)),
        stopping: count(|effect| effect.stops() == Some(true)),
        counting: count(|effect| {
            matches!(effect, RuleEffect::Count | RuleEffect::GroupCounts | RuleEffect::GroupStopsNothing)
        }),
        unknown: u32::try_from(unknown).unwrap_or(u32::MAX),
        capacity: acl.and_then(|acl| acl.capacity),
        logging: known.logging.clone(),
        stages: behind(host, context, &known.arn, stages),
        not_editable: known.not_editable.clone(),
    }
}

fn behind(host: &Host, context: &str, arn: &str, stages: &StageAcls) -> Vec<StageBehind> {
    let Some(context) = host.context(context) else { return Vec::new() };
    let state = context.state();
    let mut all: Vec<StageBehind> = stages
        .iter()
        .filter(|(_, acl)| acl.as_deref() == Some(arn))
        .map(|((api_id, stage), _)| StageBehind {
            api_id: api_id.clone(),
            api_name: state.apis.get(api_id.as_str()).map(|api| api.api.name.to_string()).unwrap_or_default(),
            stage: stage.clone(),
        })
        .collect();
    all.sort();
    all
}
