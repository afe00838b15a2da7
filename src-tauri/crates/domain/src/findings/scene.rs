//! What a control looks at.

use jiff::Timestamp;

use super::{
    documents::{Documents, Part},
    policy::PosturePolicy,
};
use crate::{
    api::Stage,
    audience::Audience,
    coverage::Gap,
    events::{ChangeEvent, CiPatterns},
    inventory::{AccountInventory, ApiInventory},
    route::{Drift, Route},
    route_class::RouteClass,
    route_place::Place,
};

/// One API of an account.
#[derive(Debug, Clone, Copy)]
pub struct ApiScene<'a> {
    /// Where.
    pub place: &'a Place,
    /// What was read.
    pub inventory: &'a ApiInventory,
    /// Its routes on every stage.
    pub routes: &'a [&'a Route],
    /// AWS's answers about it: for a rule over the account none, for one over all contexts those of the APIs that have a
    /// counterpart.
    pub documents: &'a Documents,
    /// What belongs to the account.
    pub account: &'a AccountInventory,
    /// AWS's answers about the account.
    pub account_documents: &'a Documents,
    /// What could not be read in this context.
    pub gaps: &'a [Gap],
    /// The numbers to judge by.
    pub policy: &'a PosturePolicy,
    /// Now.
    pub now: Timestamp,
}

/// The configuration changes of an account and region, as far as they are kept.
#[derive(Debug, Clone, Default)]
pub struct KnownEvents {
    /// Of the last 30 days, latest first.
    pub events: Vec<ChangeEvent>,
    /// How many of the last 30 days are known.
    pub days: u32,
    /// What counts as CI.
    pub ci: CiPatterns,
}

/// An account and region.
#[derive(Debug, Clone, Copy)]
pub struct AccountScene<'a> {
    /// Where.
    pub place: &'a Place,
    /// What belongs to the account.
    pub account: &'a AccountInventory,
    /// AWS's answers about the account.
    pub documents: &'a Documents,
    /// Its APIs.
    pub apis: &'a [ApiScene<'a>],
    /// Who changed what; `None` where nothing was ever fetched.
    pub events: Option<&'a KnownEvents>,
    /// What could not be read in this context.
    pub gaps: &'a [Gap],
    /// The numbers to judge by.
    pub policy: &'a PosturePolicy,
    /// Now.
    pub now: Timestamp,
}

impl<'a> ApiScene<'a> {
    /// Each stage with the routes that it serves: no preflights, nothing that only the draft has.
    pub fn stages(&self) -> impl Iterator<Item = (&'a Stage, Vec<&'a Route>)> {
        let (inventory, routes) = (self.inventory, self.routes);
        inventory.stages.iter().map(move |stage| {
            let served = routes.iter().copied().filter(|route| route.stage == stage.name && is_served(route)).collect();
            (stage, served)
        })
    }

    /// The routes that stages serve, preflights left out.
    pub fn served(&self) -> impl Iterator<Item = &'a Route> {
        self.routes.iter().copied().filter(|route| is_served(route))
    }

    /// A stage's answer, or why there is none.
    ///
    /// # Errors
    /// The words for an unknown verdict.
    pub fn stage_part(&self, stage: &str) -> Result<Part<'a>, String> {
        self.documents.stage(stage).ok_or_else(|| self.unread("GetStages"))
    }

    /// What AWS says of a route's definition: the method of the draft, or the route.
    ///
    /// # Errors
    /// The words for an unknown verdict.
    pub fn definition_part(&self, route: &Route) -> Result<Part<'a>, String> {
        if matches!(route.drift, Drift::Removed | Drift::LiveOnly) {
            return Err(
                "the route is live but no longer in the draft, and a deployment's summary does not tell".to_owned()
            );
        }
        if route.api_kind == crate::api::ApiKind::Rest {
            return self.documents.method(&route.path, &route.method).ok_or_else(|| self.unread("GetResources"));
        }
        let found = route.resource_id.as_deref().and_then(|id| self.documents.item("GetRoutes", "routeId", id));
        found.ok_or_else(|| self.unread("GetRoutes"))
    }

    /// Where a route's authorization was read: the deployment that the stage serves, else the draft.
    ///
    /// # Errors
    /// The words for an unknown verdict.
    pub fn guard_part(&self, route: &Route) -> Result<Part<'a>, String> {
        let stage = self.inventory.stages.iter().find(|stage| stage.name == route.stage);
        let live = stage
            .and_then(|stage| stage.deployment_id.as_deref())
            .and_then(|id| self.documents.answer("GetDeployment", Some(id)))
            .map(|answer| answer.get("apiSummary").get(&route.path).get(&route.method))
            .filter(|part| part.value().is_some());
        live.map_or_else(|| self.definition_part(route), Ok)
    }

    /// Why an operation's answer is not there.
    #[must_use]
    pub fn unread(&self, operation: &str) -> String {
        unread(self.gaps, operation, Some(&self.inventory.api.id))
    }
}

impl AccountScene<'_> {
    /// Why an operation's answer is not there.
    #[must_use]
    pub fn unread(&self, operation: &str) -> String {
        unread(self.gaps, operation, None)
    }
}

fn unread(gaps: &[Gap], operation: &str, api: Option<&str>) -> String {
    let about = |gap: &&Gap| gap.operation == operation && api.is_none_or(|id| gap.resource.contains(id));
    match gaps.iter().find(about) {
        Some(gap) => format!("{operation} brought nothing ({}): {}", gap.code, gap.message),
        None => format!("{operation} was not read, or its answer does not have it"),
    }
}

fn is_served(route: &Route) -> bool {
    route.drift != Drift::Added && route.class.class != RouteClass::Preflight
}

/// How much a route's audience weighs where one of many is named: the order of [`Audience::ALL`], in which
/// unclassified comes last.
#[must_use]
pub fn weight(audience: Audience) -> usize {
    Audience::ALL.iter().position(|one| *one == audience).unwrap_or(usize::MAX)
}
