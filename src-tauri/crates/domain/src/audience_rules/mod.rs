//! Deciding whom a route is for, and what it does: a person's override, a tag, the organisation's rules, the built-in
//! rules, in that order, each with its reason.

pub mod built_in;
pub mod class;
pub mod organisation;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::organisation::{OrganisationRules, Subject};
use crate::{
    audience::{Audience, AudienceDecision, AudienceSource},
    inventory::ApiInventory,
    route::Route,
    route_class::RouteClassDecision,
};

/// What a person said about one route, by [`crate::route::Route::id`].
pub type Overrides = BTreeMap<String, AudienceOverride>;

/// A person's word about one route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AudienceOverride {
    /// For whom.
    pub audience: Audience,
    /// Why, in the person's words.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When, RFC 3339.
    pub at: String,
}

/// Everything that decides.
#[derive(Debug, Clone, Default)]
pub struct AudienceRules {
    /// The organisation's rules.
    pub organisation: OrganisationRules,
    /// What persons said.
    pub overrides: Overrides,
}

/// A decision about both labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// For whom.
    pub audience: AudienceDecision,
    /// What it does.
    pub class: RouteClassDecision,
}

impl AudienceRules {
    /// Decides about one route.
    #[must_use]
    pub fn classify(
        &self,
        route_id: &str,
        subject: &Subject<'_>,
        authorization_type: &str,
        preflight: bool,
    ) -> Classified {
        let matched = self.organisation.first_match(subject);
        let tag = [("stage", subject.stage_tags), ("API", subject.api_tags)]
            .into_iter()
            .find_map(|(place, tags)| Some((place, tags.get(&self.organisation.tag_key)?)));
        let mut passed_over = String::new();
        let audience = if let Some(said) = self.overrides.get(route_id) {
            decided(said.audience, AudienceSource::Override, format!("{} said so: {}", said.by, said.reason))
        } else if let Some((place, audience)) = tag.and_then(|(place, value)| Some((place, audience_named(value)?))) {
            let key = &self.organisation.tag_key;
            decided(audience, AudienceSource::Tag, format!("the {place} carries the tag {key}"))
        } else {
            if let Some((place, value)) = tag {
                passed_over = format!("; the {place}'s tag names no audience: {value}");
            }
            match &matched {
                Some(rule) => {
                    let reason = rule.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
                    decided(
                        rule.audience,
                        AudienceSource::OrganisationRule,
                        format!("rule {} of the organisation{reason}", rule.number),
                    )
                }
                None => built_in::decide(&built_in::Evidence {
                    method: subject.method,
                    path: subject.path,
                    api_name: subject.api,
                    endpoint_type: subject.endpoint_type,
                    authorization_type,
                }),
            }
        };
        let audience = AudienceDecision { reason: audience.reason + &passed_over, ..audience };
        let class = match matched.and_then(|rule| Some((rule.number, rule.class?))) {
            Some((number, class)) if !preflight => {
                RouteClassDecision { class, reason: format!("rule {number} of the organisation") }
            }
            _ => class::decide(subject.method, subject.path, audience.audience, preflight),
        };
        Classified { audience, class }
    }
}

impl AudienceRules {
    /// The number of the organisation's rule that matches a route, whether or not something stronger decides.
    #[must_use]
    pub fn rule_of(&self, route: &Route, inventory: &ApiInventory) -> Option<usize> {
        let stage = inventory.stages.iter().find(|stage| stage.name == route.stage)?;
        let subject = Subject {
            api: &route.api_name,
            api_id: &route.api_id,
            api_kind: route.api_kind,
            stage: &route.stage,
            path: &route.path,
            method: &route.method,
            endpoint_type: route.endpoint_type,
            account: &route.account,
            region: &route.region,
            api_tags: &inventory.api.tags,
            stage_tags: &stage.tags,
        };
        self.organisation.first_match(&subject).map(|matched| matched.number)
    }
}

fn decided(audience: Audience, source: AudienceSource, reason: String) -> AudienceDecision {
    AudienceDecision { audience, source, reason }
}

/// An audience by its wire name, ignoring case and surrounding space.
fn audience_named(value: &str) -> Option<Audience> {
    serde_json::from_value(serde_json::Value::String(value.trim().to_lowercase())).ok()
}
