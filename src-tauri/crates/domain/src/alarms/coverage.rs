//! Where alarms are, and where they are missing: for each stage, and for each of its sensitive routes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AlarmLine, AlarmState, AlarmTroubleKind, WatchedMetric, place::is_detailed};
use crate::{
    api::ApiKind, audience::Audience, change::route_key, inventory::ApiInventory, route::Route, route_class::RouteClass,
};

/// What every stage needs an alarm on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmSubject {
    /// 5XX.
    ServerErrors,
    /// 4XX.
    ClientErrors,
    /// How long answers take.
    Latency,
}

impl AlarmSubject {
    /// Every one, in order.
    pub const ALL: [Self; 3] = [Self::ServerErrors, Self::ClientErrors, Self::Latency];

    /// The metrics of an API of this kind that tell it; the first is the one that AWS recommends.
    #[must_use]
    pub const fn metrics(self, kind: ApiKind) -> &'static [&'static str] {
        match (self, kind) {
            (Self::ServerErrors, ApiKind::Rest) => &["5XXError"],
            (Self::ServerErrors, ApiKind::Http) => &["5xx"],
            (Self::ServerErrors, ApiKind::WebSocket) => &["ExecutionError", "IntegrationError"],
            (Self::ClientErrors, ApiKind::Rest) => &["4XXError"],
            (Self::ClientErrors, ApiKind::Http) => &["4xx"],
            (Self::ClientErrors, ApiKind::WebSocket) => &["ClientError"],
            (Self::Latency, ApiKind::Rest | ApiKind::Http) => &["Latency", "IntegrationLatency"],
            (Self::Latency, ApiKind::WebSocket) => &["IntegrationLatency"],
        }
    }

    /// `5XX errors`.
    #[must_use]
    pub const fn words(self, kind: ApiKind) -> &'static str {
        match (self, kind) {
            (Self::ServerErrors, ApiKind::WebSocket) => "execution errors",
            (Self::ClientErrors, ApiKind::WebSocket) => "client errors",
            (Self::ServerErrors, _) => "5XX errors",
            (Self::ClientErrors, _) => "4XX errors",
            (Self::Latency, _) => "latency",
        }
    }
}

/// What an alarm's metrics tell, by their names: errors before latency.
#[must_use]
pub fn subject_of(metrics: &[WatchedMetric]) -> Option<AlarmSubject> {
    AlarmSubject::ALL.into_iter().find(|subject| {
        [ApiKind::Rest, ApiKind::Http, ApiKind::WebSocket]
            .iter()
            .any(|kind| metrics.iter().any(|metric| subject.metrics(*kind).contains(&metric.metric.as_str())))
    })
}

/// How wide an alarm looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmScope {
    /// One route.
    Route,
    /// A stage.
    Stage,
    /// Every stage of the API together.
    Api,
}

/// An alarm that covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoverAlarm {
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: AlarmState,
    /// Whether somebody is told.
    pub tells: bool,
    /// How wide it looks.
    pub scope: AlarmScope,
}

/// Whether a stage or route is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmCoverVerdict {
    /// An alarm of its own that tells somebody.
    Covered,
    /// An alarm, and nobody is told.
    Silent,
    /// Only a wider alarm: the stage's for a route, the API's for a stage.
    Wider,
    /// None.
    Missing,
    /// None, and there can be none: the route reports no metrics of its own.
    NoMetric,
}

/// One subject of a stage or route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoverCell {
    /// On what.
    pub subject: AlarmSubject,
    /// The verdict.
    pub verdict: AlarmCoverVerdict,
    /// The alarms that look there, narrowest first.
    pub alarms: Vec<CoverAlarm>,
}

/// A stage, or a sensitive route of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CoverRow {
    /// The context's label.
    pub context: String,
    /// API.
    pub api_id: String,
    /// Its name.
    pub api_name: String,
    /// Product.
    pub api_kind: ApiKind,
    /// Stage.
    pub stage: String,
    /// `POST /login`; none for the stage as a whole.
    #[ts(optional = nullable)]
    pub route: Option<String>,
    /// [`Route::id`].
    #[ts(optional = nullable)]
    pub route_id: Option<String>,
    /// For whom, of a route.
    #[ts(optional = nullable)]
    pub audience: Option<Audience>,
    /// What it does, of a route.
    #[ts(optional = nullable)]
    pub class: Option<RouteClass>,
    /// Each subject, in order.
    pub cells: Vec<CoverCell>,
}

impl CoverRow {
    /// Subjects for which an alarm is missing and can be made.
    #[must_use]
    pub fn missing(&self) -> Vec<AlarmSubject> {
        let wanted = |verdict| match verdict {
            AlarmCoverVerdict::Missing => true,
            // A route has its stage's alarm at least; a stage that only its API's covers has none of its own.
            AlarmCoverVerdict::Wider => self.route.is_none(),
            _ => false,
        };
        self.cells.iter().filter(|cell| wanted(cell.verdict)).map(|cell| cell.subject).collect()
    }
}

/// Whether a route deserves alarms of its own: where credentials or codes are guessed, where money moves, and what only
/// staff should reach.
#[must_use]
pub fn is_sensitive(route: &Route) -> bool {
    let class = matches!(
        route.class.class,
        RouteClass::Login
            | RouteClass::SignUp
            | RouteClass::OneTimeCode
            | RouteClass::PasswordReset
            | RouteClass::GiftCard
            | RouteClass::Coupon
            | RouteClass::Checkout
            | RouteClass::AdminAction
    );
    (class || route.audience.audience == Audience::Checkout) && route.class.class != RouteClass::Preflight
}

/// The rows of an API: each stage that serves routes, and below it each sensitive route. `lines` are the context's alarms;
/// `routes` the API's.
#[must_use]
pub fn coverage(context: &str, inventory: &Arc<ApiInventory>, routes: &[Route], lines: &[AlarmLine]) -> Vec<CoverRow> {
    let api = &inventory.api;
    let mut rows = Vec::new();
    for stage in &inventory.stages {
        let of_stage: Vec<&Route> = routes.iter().filter(|route| route.stage == stage.name).collect();
        if of_stage.is_empty() {
            continue;
        }
        let row = |route: Option<&Route>| {
            let key = route.map(route_key);
            let detailed = key.as_deref().is_none_or(|key| is_detailed(stage, key));
            let cells = AlarmSubject::ALL.into_iter();
            let cells =
                cells.map(|subject| cell(lines, subject, api.kind, &api.id, &stage.name, key.as_deref(), detailed));
            CoverRow {
                context: context.to_owned(),
                api_id: api.id.to_string(),
                api_name: api.name.to_string(),
                api_kind: api.kind,
                stage: stage.name.to_string(),
                route_id: route.map(|route| route.id.clone()),
                audience: route.map(|route| route.audience.audience),
                class: route.map(|route| route.class.class),
                cells: cells.collect(),
                route: key,
            }
        };
        rows.push(row(None));
        rows.extend(of_stage.into_iter().filter(|route| is_sensitive(route)).map(|route| row(Some(route))));
    }
    rows
}

fn cell(
    lines: &[AlarmLine],
    subject: AlarmSubject,
    kind: ApiKind,
    api_id: &str,
    stage: &str,
    route: Option<&str>,
    detailed: bool,
) -> CoverCell {
    let metrics = subject.metrics(kind);
    let can_fire = |line: &&AlarmLine| {
        !line.troubles.iter().any(|one| matches!(one.kind, AlarmTroubleKind::Gone | AlarmTroubleKind::NeverFires))
    };
    let about = |line: &&AlarmLine| line.alarm.metrics.iter().any(|metric| metrics.contains(&metric.metric.as_str()));
    let mut alarms: Vec<CoverAlarm> = lines
        .iter()
        .filter(about)
        .filter(can_fire)
        .filter_map(|line| {
            let scopes = line.places.iter().filter(|place| place.api_id.as_deref() == Some(api_id));
            let scope = scopes.filter_map(|place| match (place.stage.as_deref(), place.route.as_deref()) {
                (None, None) => Some(AlarmScope::Api),
                (Some(name), None) if name == stage => Some(AlarmScope::Stage),
                (Some(name), of) if name == stage && of == route => Some(AlarmScope::Route),
                _ => None,
            });
            let (name, state, tells) = (line.alarm.name.clone(), line.alarm.state, line.tells);
            Some(CoverAlarm { name, state, tells, scope: scope.min()? })
        })
        .collect();
    alarms.sort_by(|one, other| (one.scope, !one.tells, &one.name).cmp(&(other.scope, !other.tells, &other.name)));
    let own = if route.is_some() { AlarmScope::Route } else { AlarmScope::Stage };
    let mut of_its_own = alarms.iter().filter(|alarm| alarm.scope == own).peekable();
    let verdict = match (of_its_own.peek().is_some(), of_its_own.any(|alarm| alarm.tells)) {
        (true, true) => AlarmCoverVerdict::Covered,
        (true, false) => AlarmCoverVerdict::Silent,
        _ if !detailed => AlarmCoverVerdict::NoMetric,
        _ if alarms.iter().any(|alarm| alarm.tells) => AlarmCoverVerdict::Wider,
        _ => AlarmCoverVerdict::Missing,
    };
    CoverCell { subject, verdict, alarms }
}
