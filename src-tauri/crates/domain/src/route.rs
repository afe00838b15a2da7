//! One row of the console: a method and path as a stage serves it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    api::{ApiKind, Canary, EndpointType, Integration},
    audience::AudienceDecision,
    route_class::RouteClassDecision,
    throttle::EffectiveThrottle,
};

/// How the draft differs from what the stage serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Drift {
    /// The same in both, as far as the deployment's summary tells.
    None,
    /// In the draft only: not live until somebody deploys.
    Added,
    /// Live, but gone from the draft: the next deployment removes it.
    Removed,
    /// Authorization or key requirement differ.
    Changed,
    /// The endpoint gave no summary: this row is the draft, and whether it is live is not known.
    DraftOnly,
    /// The draft could not be read (whole): this row is what the deployment's summary says, and what the draft has of it
    /// is not known.
    LiveOnly,
}

impl Drift {
    /// Every one, in order.
    pub const ALL: &'static [Self] =
        &[Self::None, Self::Added, Self::Removed, Self::Changed, Self::DraftOnly, Self::LiveOnly];

    /// The name on the wire: `draft-only`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::DraftOnly => "draft-only",
            Self::LiveOnly => "live-only",
        }
    }
}

/// What guards a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Guard {
    /// `NONE`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS`, `JWT`; of the live deployment where known.
    pub authorization_type: Arc<str>,
    /// The authorizer's name (or its id when its name could not be read).
    #[serde(default)]
    #[ts(optional = nullable)]
    pub authorizer: Option<Arc<str>>,
    /// OAuth scopes.
    pub scopes: Vec<String>,
    /// Whether an API key is required.
    pub api_key_required: bool,
}

/// A route as its stage serves it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    /// Stable across refreshes and restarts: `account/region/apiId/stage/METHOD/path`.
    pub id: String,
    /// The context's label.
    pub context: Arc<str>,
    /// Twelve digits, or [`crate::route_place::UNKNOWN_ACCOUNT`].
    pub account: Arc<str>,
    /// Region.
    pub region: Arc<str>,
    /// API id.
    pub api_id: Arc<str>,
    /// API name.
    pub api_name: Arc<str>,
    /// Product.
    pub api_kind: ApiKind,
    /// Endpoint type.
    pub endpoint_type: EndpointType,
    /// Stage name.
    pub stage: Arc<str>,
    /// Method.
    pub method: Arc<str>,
    /// Path, or route key.
    pub path: Arc<str>,
    /// `resourceId` or `routeId`; absent when the route is no longer in the draft.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub resource_id: Option<Arc<str>>,
    /// Who it is for.
    pub audience: AudienceDecision,
    /// What it does.
    pub class: RouteClassDecision,
    /// What guards it.
    pub guard: Guard,
    /// What limits it.
    pub throttle: EffectiveThrottle,
    /// The request validator's name.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub validator: Option<Arc<str>>,
    /// Where it goes.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub integration: Option<Integration>,
    /// The full invoke URL at AWS's own name; on a custom domain for private endpoints and where AWS's own name is
    /// switched off, `None` when no domain leads here.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub invoke_url: Option<String>,
    /// URLs on custom domains.
    pub custom_urls: Vec<String>,
    /// Name of the web ACL on the stage.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub waf_acl: Option<Arc<str>>,
    /// The stage's canary.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub canary: Option<Canary>,
    /// Draft against live.
    pub drift: Drift,
    /// What changed, or why no more is known; no full stop.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub drift_detail: Option<String>,
}
