//! `context_list`: which contexts there are, and which are open.

use portcullis_domain::context::{AccessMode, ContextSpec};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for the contexts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextListRequest {}

/// A profile that a person could open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProfileChoice {
    /// Its name.
    pub name: String,
    /// Its own region, if it has one.
    #[ts(optional = nullable)]
    pub region: Option<String>,
    /// How it gets credentials, in words: `SSO session acme`, `assumes role …`, `static keys`, `runs a program`.
    pub kind: String,
}

/// A context that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenContext {
    /// What was asked for.
    pub spec: ContextSpec,
    /// Its label.
    pub label: String,
    /// The account, once known.
    #[ts(optional = nullable)]
    pub account: Option<String>,
    /// The caller's ARN, once known.
    #[ts(optional = nullable)]
    pub caller_arn: Option<String>,
    /// The region in effect, once known.
    #[ts(optional = nullable)]
    pub region: Option<String>,
    /// The endpoint in effect when it is not AWS's own, from the flag, the environment or the profile.
    #[ts(optional = nullable)]
    pub endpoint_url: Option<String>,
    /// What may be done here.
    pub access: AccessMode,
}

/// The contexts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextList {
    /// Profiles found in the AWS configuration files, in file order.
    pub profiles: Vec<ProfileChoice>,
    /// Whether the default chain has anything to offer (environment keys, a default profile).
    pub default_chain: bool,
    /// Regions to choose from.
    pub regions: Vec<String>,
    /// Open contexts; empty on a first run without credentials: show the welcome.
    pub open: Vec<OpenContext>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn context_list(
    _host: &crate::host::Host,
    _request: ContextListRequest,
) -> Result<ContextList, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
