//! Which limit applies to a route, and who set it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A token bucket. Either half may be unset at a layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    /// Steady rate, requests per second.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub rate: Option<f64>,
    /// Bucket size, requests.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub burst: Option<i32>,
}

/// The layer that a route's limit comes from, narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ThrottleSource {
    /// The stage's setting for this method (`methodSettings["~1login/POST"]`, HTTP API: route settings).
    StageMethod,
    /// The stage's setting for all methods (`*/*`, HTTP API: default route settings).
    StageDefault,
    /// The account's limit in the region (`GetAccount`).
    Account,
    /// Nothing above could be read: the limit is not known.
    Unknown,
}

impl ThrottleSource {
    /// Every one, in order.
    pub const ALL: &'static [Self] = &[Self::StageMethod, Self::StageDefault, Self::Account, Self::Unknown];

    /// The name on the wire: `stage-method`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StageMethod => "stage-method",
            Self::StageDefault => "stage-default",
            Self::Account => "account",
            Self::Unknown => "unknown",
        }
    }
}

/// The limit that binds a route before any usage plan, and the layer that set it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveThrottle {
    /// What applies.
    pub limit: Limit,
    /// Which layer set the rate.
    pub source: ThrottleSource,
    /// Which layer set the burst: not always the same one.
    pub burst_source: ThrottleSource,
}
