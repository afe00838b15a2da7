//! `audience_rules_preview`: which routes a text of rules would move, before it is saved.

use portcullis_domain::audience::Audience;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A text of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceRulesPreviewRequest {
    /// TOML.
    pub text: String,
}

/// A route that would move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceMove {
    /// Its id.
    pub route_id: String,
    /// `POST /login of storefront, prod`.
    pub label: String,
    /// Now.
    pub before: Audience,
    /// Then.
    pub after: Audience,
    /// Why, then.
    pub reason: String,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AudienceRulesPreview {
    /// How many rules the text has.
    pub rules: u32,
    /// Rules that match no route (by number, from 1): perhaps a typing error.
    pub idle_rules: Vec<u32>,
    /// How many routes would move.
    pub moving: u32,
    /// The first 200 of them.
    pub moves: Vec<AudienceMove>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn audience_rules_preview(
    _host: &crate::host::Host,
    _request: AudienceRulesPreviewRequest,
) -> Result<AudienceRulesPreview, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
