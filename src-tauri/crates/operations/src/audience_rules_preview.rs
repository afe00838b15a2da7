//! `audience_rules_preview`: which routes a text of rules would move, before it is saved.

use portcullis_domain::{
    audience::Audience,
    audience_rules::{AudienceRules, organisation::OrganisationRules},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

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

/// The most moves that are listed.
const MAX_MOVES: usize = 200;

/// Shows what would move.
///
/// # Errors
/// `RulesInvalid` with line, column and field.
pub async fn audience_rules_preview(
    host: &Host,
    request: AudienceRulesPreviewRequest,
) -> Result<AudienceRulesPreview, WireError> {
    let organisation = OrganisationRules::parse(&request.text).map_err(|error| WireError::rules_text(&error))?;
    let rules = AudienceRules { organisation, overrides: host.rules().overrides.clone() };
    let mut hit = std::collections::HashSet::new();
    let (mut moving, mut moves) = (0_u32, Vec::new());
    let (_, index) = host.shown();
    for context in host.contexts().iter() {
        for (before, after, matched) in context.reclassified(&rules, &index) {
            hit.extend(matched);
            if before.audience.audience == after.audience.audience {
                continue;
            }
            moving += 1;
            if moves.len() < MAX_MOVES {
                moves.push(AudienceMove {
                    route_id: before.id.clone(),
                    label: format!("{} {} of {}, {}", before.method, before.path, before.api_name, before.stage),
                    before: before.audience.audience,
                    after: after.audience.audience,
                    reason: after.audience.reason,
                });
            }
        }
    }
    let count = u32::try_from(rules.organisation.len()).unwrap_or(u32::MAX);
    let idle_rules = (1..=count).filter(|number| !hit.contains(&(*number as usize))).collect();
    Ok(AudienceRulesPreview { rules: count, idle_rules, moving, moves })
}
