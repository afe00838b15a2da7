//! Runs the catalogue over what was read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    catalogue::CATALOGUE,
    control::{Control, Rule, Scope, Severity},
    documents::{Documents, Part},
    finding::{Evidence, Finding, NamedRoute, Resource, SuggestedChange, Verdict},
    policy::PosturePolicy,
    scene::{AccountScene, ApiScene, KnownEvents, weight},
};
use crate::{
    audience::{Audience, AudienceDecision, AudienceSource},
    change::shell_quoted,
    coverage::Gap,
    inventory::{AccountInventory, ApiInventory},
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
    change: Option<SuggestedChange>,
}

impl Facts {
    /// What is, as it was said.
    pub fn actual(&self) -> &str {
        &self.actual
    }

    /// Whether it was given this severity in place of the control's own.
    pub fn is(&self, severity: Severity) -> bool {
        self.severity == Some(severity)
    }

    /// What should be and what is: sentences without a full stop.
    pub fn new(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self { expected: expected.into(), actual: actual.into(), evidence: Vec::new(), severity: None, change: None }
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

    /// What this console can change to put it right, where it fails.
    #[must_use]
    pub fn suggest(mut self, change: SuggestedChange) -> Self {
        self.change = Some(change);
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

/// Counts of every verdict by context and control id.
pub type Tallies = BTreeMap<(String, &'static str), Tally>;

/// What was found in all contexts.
#[derive(Debug, Clone, Default)]
pub struct Assessment {
    /// Failures and what could not be told; passes too where they were asked for.
    pub findings: Vec<Finding>,
    /// Counts of every verdict by context and control id.
    pub tallies: Tallies,
}

/// Where a control puts what it says.
#[derive(Debug)]
pub struct Bench<'a> {
    control: &'static Control,
    passes: bool,
    into: &'a mut Assessment,
}

/// An account and region that is to be judged.
#[derive(Debug)]
pub struct AccountInput<'a> {
    /// Where.
    pub place: &'a Place,
    /// What belongs to the account.
    pub account: &'a AccountInventory,
    /// AWS's answers about the account.
    pub documents: &'a Documents,
    /// Who changed what; `None` where nothing was ever fetched.
    pub events: Option<&'a KnownEvents>,
    /// What could not be read.
    pub gaps: &'a [Gap],
    /// Its APIs.
    pub apis: Vec<ApiInput<'a>>,
}

/// An API that is to be judged. AWS's answers about it are brought when they are looked at and dropped afterwards: those of
/// a large account are many times what it takes to judge them one API at a time.
pub struct ApiInput<'a> {
    /// What was read.
    pub inventory: &'a ApiInventory,
    /// Its routes on every stage.
    pub routes: Vec<&'a Route>,
    /// Brings AWS's answers about it.
    pub documents: Box<dyn Fn() -> Documents + 'a>,
}

impl std::fmt::Debug for ApiInput<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ApiInput").field("api", &self.inventory.api.id).finish_non_exhaustive()
    }
}

/// What controls judge by besides what was read.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The numbers.
    pub policy: &'a PosturePolicy,
    /// Now.
    pub now: Timestamp,
    /// Whether what passed is kept too; what does not apply is only counted.
    pub passes: bool,
}

/// Runs every control.
#[must_use]
pub fn assess(inputs: &[AccountInput<'_>], measure: Measure<'_>) -> Assessment {
    let mut assessment = Assessment::default();
    let mut run = |judge: &mut dyn FnMut(Rule, &mut Bench<'_>)| {
        for control in CATALOGUE {
            judge(control.rule, &mut Bench { control, passes: measure.passes, into: &mut assessment });
        }
    };
    for input in inputs {
        for api in &input.apis {
            let documents = (api.documents)();
            let scene = api_scene(input, api, &documents, measure);
            run(&mut |rule, bench| {
                if let Rule::Api(rule) = rule {
                    rule(&scene, bench);
                }
            });
        }
    }
    let none = Documents::default();
    let bare: Vec<Vec<ApiScene<'_>>> = inputs
        .iter()
        .map(|input| input.apis.iter().map(|api| api_scene(input, api, &none, measure)).collect())
        .collect();
    for (input, apis) in inputs.iter().zip(&bare) {
        let scene = account_scene(input, apis, measure);
        run(&mut |rule, bench| {
            if let Rule::Account(rule) = rule {
                rule(&scene, bench);
            }
        });
    }
    let names: BTreeSet<&str> =
        inputs.iter().flat_map(|input| &input.apis).map(|api| &*api.inventory.api.name).collect();
    for name in names {
        let chosen: Vec<Vec<&ApiInput<'_>>> = inputs
            .iter()
            .map(|input| input.apis.iter().filter(|api| *api.inventory.api.name == *name).collect())
            .collect();
        // Only what has a counterpart is compared, and only for that are its answers brought again.
        let compared = chosen.iter().flatten().map(|api| api.inventory.stages.len()).sum::<usize>() > 1;
        let bring = |api: &&ApiInput<'_>| if compared { (api.documents)() } else { Documents::default() };
        let documents: Vec<Vec<Documents>> = chosen.iter().map(|apis| apis.iter().map(bring).collect()).collect();
        let apis: Vec<Vec<ApiScene<'_>>> = inputs
            .iter()
            .zip(chosen.iter().zip(&documents))
            .map(|(input, (apis, documents))| {
                apis.iter().zip(documents).map(|(api, documents)| api_scene(input, api, documents, measure)).collect()
            })
            .collect();
        let scenes: Vec<AccountScene<'_>> =
            inputs.iter().zip(&apis).map(|(input, apis)| account_scene(input, apis, measure)).collect();
        run(&mut |rule, bench| {
            if let Rule::Contexts(rule) = rule {
                rule(&scenes, bench);
            }
        });
    }
    assessment
}

fn api_scene<'a>(
    input: &'a AccountInput<'_>,
    api: &'a ApiInput<'_>,
    documents: &'a Documents,
    measure: Measure<'a>,
) -> ApiScene<'a> {
    ApiScene {
        place: input.place,
        inventory: api.inventory,
        routes: &api.routes,
        documents,
        account: input.account,
        account_documents: input.documents,
        gaps: input.gaps,
        policy: measure.policy,
        now: measure.now,
    }
}

fn account_scene<'a>(input: &'a AccountInput<'_>, apis: &'a [ApiScene<'a>], measure: Measure<'a>) -> AccountScene<'a> {
    AccountScene {
        place: input.place,
        account: input.account,
        documents: input.documents,
        apis,
        events: input.events,
        gaps: input.gaps,
        policy: measure.policy,
        now: measure.now,
    }
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
            change: facts.change.filter(|_| verdict == Verdict::Fail),
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
