//! `web_acl_get`: everything about one web ACL: its rules in order and in words, its logging, the routes behind it.

use portcullis_domain::{
    audience::Audience,
    change::TouchedRoute,
    coverage::Coverage,
    route::Drift,
    route_class::RouteClass,
    waf::{CoverVerdict, WafSet, WebAcl},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
    waf_routes::{cover, stage_acls},
    web_acl_list::{WebAclLine, line},
};

/// The most routes that are named; how many there are is said.
const ROUTES: usize = 500;

/// Which one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclGetRequest {
    /// The context's label; may be empty where the name is enough.
    #[serde(default)]
    pub context: String,
    /// ARN, id or name.
    pub web_acl: String,
    /// Read AWS again instead of showing what was read.
    #[serde(default)]
    pub afresh: bool,
}

/// A route behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoveredRoute {
    /// [`portcullis_domain::route::Route::id`].
    pub route_id: String,
    /// `POST /login of storefront, prod`.
    pub label: String,
    /// For whom.
    pub audience: Audience,
    /// What it does.
    pub class: RouteClass,
    /// How it stands.
    pub verdict: CoverVerdict,
    /// The same in a sentence.
    pub sentence: String,
}

/// A web ACL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclDetail {
    /// As in the list.
    pub line: WebAclLine,
    /// Its rules and settings; `None` where it could not be read.
    #[ts(optional = nullable)]
    pub acl: Option<WebAcl>,
    /// IP sets and regex pattern sets that its rules and those of its groups refer to, as far as they could be read.
    pub sets: Vec<WafSet>,
    /// Routes behind it, at most 500.
    pub routes: Vec<CoveredRoute>,
    /// How many there are.
    pub route_count: u32,
    /// When it was read, RFC 3339.
    pub read_at: String,
    /// What is missing.
    pub coverage: Coverage,
}

/// Shows it.
///
/// # Errors
/// `NotFound`, `InvalidInput` for a name that several have.
pub async fn web_acl_get(host: &Host, request: WebAclGetRequest) -> Result<WebAclDetail, WireError> {
    if request.afresh {
        host.web_acls(true).await;
    }
    let (label, arn, _) = host.one_web_acl(&request.context, &request.web_acl).await?;
    let all = host.web_acls(false).await;
    let read = all.iter().find(|read| read.context == label);
    let gone = || {
        let message = format!("There is no web ACL {} in {label} any more.", request.web_acl);
        WireError::new(ErrorCode::NotFound, message).with_hint("Read the web ACLs again.")
    };
    let (read, context) = (read.ok_or_else(gone)?, host.open_context(&label)?);
    let known = read.find(&arn).ok_or_else(gone)?;
    let stages = stage_acls(&context);
    let (_, index) = host.shown();
    let behind = index.routes().iter().filter(|route| {
        let stage = stages.get(&(route.api_id.to_string(), route.stage.to_string()));
        *route.context == *label && route.drift != Drift::Added && stage.and_then(Option::as_deref) == Some(&*arn)
    });
    let mut routes: Vec<CoveredRoute> = behind
        .map(|route| {
            let (_, cover) = cover(&context, Some(read), &stages, route);
            let TouchedRoute { route_id, label, audience, class, .. } = TouchedRoute::of(route);
            CoveredRoute { route_id, label, audience, class, verdict: cover.verdict, sentence: cover.sentence }
        })
        .collect();
    let route_count = u32::try_from(routes.len()).unwrap_or(u32::MAX);
    routes.truncate(ROUTES);
    let (sets, gaps) = match &known.acl {
        Some(acl) => host.waf_sets(&context, acl).await,
        None => (Vec::new(), Vec::new()),
    };
    let mut coverage = host.waf_coverage(&all);
    coverage.complete &= gaps.is_empty();
    coverage.gaps.extend(gaps);
    Ok(WebAclDetail {
        line: line(host, &label, known, &stages),
        acl: known.acl.clone(),
        routes,
        route_count,
        read_at: read.at.clone(),
        sets,
        coverage,
    })
}
