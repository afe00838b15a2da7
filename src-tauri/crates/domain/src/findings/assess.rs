//! Runs the catalogue over what was read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    catalogue::CATALOGUE,
    control::{Control, Rule, Scope, Severity},
    documents::Part,
    finding::{Evidence, Finding, NamedRoute, Resource, Verdict},
    scene::{AccountScene, ApiScene, weight},
};
use crate::{
    audience::{Audience, AudienceDecision, AudienceSource},
    change::shell_quoted,
    route::Route,
    route_place::{Place, execute_api_arn, partition},
};

/// What should be, what is, and where that was read.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    expected: String,
    actual: String,
    evidence: Vec<Evidence>,
    severity: Option<Severity>,
}

impl Facts {
    /// What should be and what is: sentences without a full stop.
    pub fn new(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { expected: expected.into(), actual: actual.into(), evidence: Vec::new(), severity: None }
    }

    /// Read here.
    #[must_use]
    pub fn cite(mut self, part: &Part<'_>) -> Self {
        self.evidence.push(part.cite());
        self
    }

    /// Read here, where the answer is there.
    #[must_use]
    pub fn cite_some(self, part: Option<&Part<'_>>) -> Self {
        match part {
            Some(part) => self.cite(part),
            None => self,
        }
    }

    /// Known from elsewhere than an answer that is kept whole.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Worse or better than the control's own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }
}

/// What a control says.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It holds.
    Pass(Facts),
    /// It does not.
    Fail(Facts),
    /// It cannot be told, for this reason.
    Unknown(String),
    /// There is nothing to judge, for this reason.
    NotApplicable(&'static str),
}

impl Outcome {
    /// Pass where it holds.
    #[must_use]
    pub fn holds(holds: bool, facts: Facts) -> Self {
        if holds { Self::Pass(facts) } else { Self::Fail(facts) }
    }

    fn verdict(&self) -> Verdict {
        match self {
            Self::Pass(_) => Verdict::Pass,
            Self::Fail(_) => Verdict::Fail,
            Self::Unknown(_) => Verdict::Unknown,
            Self::NotApplicable(_) => Verdict::NotApplicable,
        }
    }
}

/// How often a control said what, in one context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// It does not hold.
    pub fail: u32,
    /// It cannot be told.
    pub unknown: u32,
    /// It holds.
    pub pass: u32,
    /// There was nothing to judge.
    pub not_applicable: u32,
}

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Fail => &mut self.fail,
            Verdict::Unknown => &mut self.unknown,
            Verdict::Pass => &mut self.pass,
            Verdict::NotApplicable => &mut self.not_applicable,
        } += 1;
    }
}

/// What was found in all contexts.
#[derive(Debug, Clone, Default)]
pub struct Assessment {
    /// Failures and what could not be told; passes too where they were asked for.
    pub findings: Vec<Finding>,
    /// Counts of every verdict by context and control id.
    pub tallies: BTreeMap<(String, &'static str), Tally>,
}

/// Where a control puts what it says.
#[derive(Debug)]
pub struct Bench<'a> {
    control: &'static Control,
    passes: bool,
    into: &'a mut Assessment,
}

/// Runs every control. `passes` keeps what passed too; what does not apply is only counted.
#[must_use]
pub fn assess(contexts: &[AccountScene<'_>], passes: bool) -> Assessment {
    let mut assessment = Assessment::default();
    for control in CATALOGUE {
        let mut bench = Bench { control, passes, into: &mut assessment };
        match control.rule {
            Rule::Api(rule) => contexts.iter().flat_map(|context| context.apis).for_each(|api| rule(api, &mut bench)),
            Rule::Account(rule) => contexts.iter().for_each(|context| rule(context, &mut bench)),
            Rule::Contexts(rule) => rule(contexts, &mut bench),
        }
    }
    assessment
}

/// What a finding is about, as a control names it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// AWS's id or name.
    pub id: &'a str,
    /// For a person.
    pub label: &'a str,
    /// The routes that it concerns.
    pub routes: &'a [&'a Route],
    /// The API that it belongs to: `(id, name)`.
    pub api: Option<(&'a str, &'a str)>,
    /// The stage.
    pub stage: Option<&'a str>,
}

impl Bench<'_> {
    /// About one route.
    pub fn route(&mut self, scene: &ApiScene<'_>, route: &Route, outcome: Outcome) {
        let label = format!("{} {}", route.method, route.path);
        let about = About {
            id: &route.id,
            label: &label,
            routes: &[route],
            api: Some((&route.api_id, &route.api_name)),
            stage: Some(&route.stage),
        };
        self.push(scene.place, Scope::Route, about, outcome);
    }

    /// About a stage, naming the routes that it concerns.
    pub fn stage(&mut self, scene: &ApiScene<'_>, stage: &str, routes: &[&Route], outcome: Outcome) {
        let api = &scene.inventory.api;
        let (id, label) = (format!("{}/{stage}", api.id), format!("stage {stage} of {}", api.name));
        let about = About { id: &id, label: &label, routes, api: Some((&api.id, &api.name)), stage: Some(stage) };
        self.push(scene.place, Scope::Stage, about, outcome);
    }

    /// About an API.
    pub fn api(&mut self, scene: &ApiScene<'_>, routes: &[&Route], outcome: Outcome) {
        let api = &scene.inventory.api;
        let label = format!("API {}", api.name);
        let about = About { id: &api.id, label: &label, routes, api: Some((&api.id, &api.name)), stage: None };
        self.push(scene.place, Scope::Api, about, outcome);
    }

    /// About something else.
    pub fn other(&mut self, place: &Place, scope: Scope, about: About<'_>, outcome: Outcome) {
        self.push(place, scope, about, outcome);
    }

    fn push(&mut self, place: &Place, scope: Scope, about: About<'_>, outcome: Outcome) {
        let verdict = outcome.verdict();
        self.into.tallies.entry((place.context.to_string(), self.control.id)).or_default().count(verdict);
        let facts = match outcome {
            Outcome::Fail(facts) => facts,
            Outcome::Pass(facts) if self.passes => facts,
            Outcome::Unknown(reason) => Facts::new(self.control.title, format!("not known: {reason}")),
            Outcome::Pass(_) | Outcome::NotApplicable(_) => return,
        };
        let mut routes = about.routes.to_vec();
        routes.sort_by_key(|route| weight(route.audience.audience));
        let (route, audience) = match routes.first() {
            Some(first) => (Some(named(first, &routes)), first.audience.clone()),
            None => (None, nobody()),
        };
        let severity = facts.severity.unwrap_or_else(|| (self.control.severity)(audience.audience));
        let commands = match verdict {
            Verdict::Fail => {
                self.control.commands.iter().map(|text| filled(text, place, &about, routes.first().copied())).collect()
            }
            _ => Vec::new(),
        };
        let finding = Finding {
            id: format!("{} {}/{}/{}", self.control.id, place.account, place.region, stripped(about.id, place)),
            control: self.control.id.to_owned(),
            title: self.control.title.to_owned(),
            verdict,
            severity,
            context: place.context.to_string(),
            account: place.account.to_string(),
            region: place.region.to_string(),
            resource: Resource {
                scope,
                id: about.id.to_owned(),
                label: about.label.to_owned(),
                arn: arn(place, scope, &about),
            },
            api_id: about.api.map(|(id, _)| id.to_owned()),
            api_name: about.api.map(|(_, name)| name.to_owned()),
            stage: about.stage.map(str::to_owned),
            route,
            audience,
            expected: facts.expected,
            actual: facts.actual,
            evidence: facts.evidence,
            commands,
            exception: None,
            exception_expired: false,
            novelty: None,
            first_seen: None,
        };
        self.into.findings.push(finding);
    }
}

/// A route's id begins with account and region already.
fn stripped<'i>(id: &'i str, place: &Place) -> &'i str {
    let rest = id.strip_prefix(&*place.account).and_then(|rest| rest.strip_prefix('/'));
    rest.and_then(|rest| rest.strip_prefix(&*place.region)).and_then(|rest| rest.strip_prefix('/')).unwrap_or(id)
}

/// The most routes that a finding lists by name.
const NAMED: usize = 20;

fn named(first: &Route, routes: &[&Route]) -> NamedRoute {
    NamedRoute {
        id: first.id.clone(),
        method: first.method.to_string(),
        path: first.path.to_string(),
        count: u32::try_from(routes.len()).unwrap_or(u32::MAX),
        others: routes.iter().take(NAMED).map(|route| format!("{} {}", route.method, route.path)).collect(),
    }
}

fn nobody() -> AudienceDecision {
    AudienceDecision {
        audience: Audience::Unclassified,
        source: AudienceSource::None,
        reason: "no route is concerned".to_owned(),
    }
}

fn arn(place: &Place, scope: Scope, about: &About<'_>) -> Option<String> {
    let partition = partition(&place.region);
    let region = &place.region;
    let of = |rest: String| Some(format!("arn:{partition}:apigateway:{region}::/{rest}"));
    match scope {
        Scope::Route => about.routes.first().map(|route| execute_api_arn(route)),
        Scope::Stage | Scope::Api | Scope::Authorizer => {
            let (api, _) = about.api?;
            let rest = about.routes.first().is_none_or(|route| route.api_kind == crate::api::ApiKind::Rest);
            let root = if rest { "restapis" } else { "apis" };
            match scope {
                Scope::Stage => of(format!("{root}/{api}/stages/{}", about.stage?)),
                Scope::Authorizer => of(format!("{root}/{api}/authorizers/{}", about.id)),
                _ => of(format!("{root}/{api}")),
            }
        }
        Scope::Domain => of(format!("domainnames/{}", about.id)),
        Scope::UsagePlan => of(format!("usageplans/{}", about.id)),
        Scope::ApiKey => of(format!("apikeys/{}", about.id)),
        Scope::ClientCertificate => of(format!("clientcertificates/{}", about.id)),
        Scope::WebAcl | Scope::Alarm => about.id.starts_with("arn:").then(|| about.id.to_owned()),
        Scope::Account => None,
    }
}

/// A command with the finding's own names in it, each safe in a shell.
fn filled(template: &str, place: &Place, about: &About<'_>, route: Option<&Route>) -> String {
    let path = route.map(|route| route.path.replace('~', "~0").replace('/', "~1")).unwrap_or_default();
    let values = [
        ("{api}", about.api.map_or("", |(id, _)| id)),
        ("{stage}", about.stage.unwrap_or_default()),
        ("{path}", path.as_str()),
        ("{method}", route.map_or("", |route| &*route.method)),
        ("{resource}", route.and_then(|route| route.resource_id.as_deref()).unwrap_or_default()),
        ("{id}", about.id),
        ("{region}", &place.region),
    ];
    let words = template.split(' ').map(|word| {
        if !word.contains('{') {
            return word.to_owned();
        }
        // One pass from left to right: a name that looks like a placeholder stays what it is.
        let (mut text, mut rest) = (String::new(), word);
        'word: while !rest.is_empty() {
            for (name, value) in values {
                if let Some(after) = rest.strip_prefix(name) {
                    text.push_str(value);
                    rest = after;
                    continue 'word;
                }
            }
            let mut letters = rest.chars();
            text.extend(letters.next());
            rest = letters.as_str();
        }
        shell_quoted(&text)
    });
    words.collect::<Vec<_>>().join(" ")
}
