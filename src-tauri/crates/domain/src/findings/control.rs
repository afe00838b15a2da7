//! What a control is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    assess::Bench,
    scene::{AccountScene, ApiScene},
};
use crate::audience::Audience;

/// How bad a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Drop everything.
    Critical,
    /// This week.
    High,
    /// Plan it.
    Medium,
    /// When somebody is there anyway.
    Low,
    /// Good to know.
    Informational,
}

impl Severity {
    /// Every one, worst first.
    pub const ALL: &'static [Self] = &[Self::Critical, Self::High, Self::Medium, Self::Low, Self::Informational];

    /// The name on the wire: `high`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Informational => "informational",
        }
    }

    /// Whether this is as bad as `other`, or worse.
    #[must_use]
    pub fn at_least(self, other: Self) -> bool {
        self <= other
    }
}

/// What others call the same thing. Empty where nobody has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mappings {
    /// AWS Security Hub, which AWS Foundational Security Best Practices shares: `APIGateway.1`.
    pub security_hub: &'static [&'static str],
    /// Requirements of PCI DSS 4.0.
    pub pci: &'static [&'static str],
    /// Checks of Prowler 5.
    pub prowler: &'static [&'static str],
}

/// What a control judges, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A method and path on a stage.
    Route,
    /// A stage, naming the routes that it concerns.
    Stage,
    /// An API.
    Api,
    /// A custom domain name.
    Domain,
    /// A usage plan.
    UsagePlan,
    /// An API key, by its id and name.
    ApiKey,
    /// An authorizer.
    Authorizer,
    /// A client certificate.
    ClientCertificate,
    /// A web ACL.
    WebAcl,
    /// An alarm.
    Alarm,
    /// The account in a region.
    Account,
}

impl Scope {
    /// The name for people: `usage plan`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Stage => "stage",
            Self::Api => "API",
            Self::Domain => "custom domain",
            Self::UsagePlan => "usage plan",
            Self::ApiKey => "API key",
            Self::Authorizer => "authorizer",
            Self::ClientCertificate => "client certificate",
            Self::WebAcl => "web ACL",
            Self::Alarm => "alarm",
            Self::Account => "account",
        }
    }
}

/// How a control is evaluated.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// API by API.
    Api(fn(&ApiScene<'_>, &mut Bench<'_>)),
    /// Once for the account and region.
    Account(fn(&AccountScene<'_>, &mut Bench<'_>)),
    /// Once for each name of an API, over all contexts that are open: the scenes have the APIs of that name.
    Contexts(fn(&[AccountScene<'_>], &mut Bench<'_>)),
}

/// A control of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Control {
    /// Its stable id: `G1`. Ids beginning with C are controls that public scanners have too, those beginning with G
    /// are ours.
    pub id: &'static str,
    /// What must hold, a few words.
    pub title: &'static str,
    /// What it judges.
    pub scope: Scope,
    /// How bad a failure is, by audience.
    pub severity: fn(Audience) -> Severity,
    /// Why it matters, for a person who has to be convinced.
    pub why: &'static str,
    /// When it passes, fails and does not apply, exactly.
    pub logic: &'static str,
    /// What to do, imperative.
    pub remedy: &'static str,
    /// The same as commands, with `{api}`, `{stage}`, `{path}` (escaped for a patch), `{method}`, `{resource}`,
    /// `{authorizer}`, `{name}` and `{region}` in place of the finding's own; empty where no command does it.
    pub commands: &'static [&'static str],
    /// The operation of this console that makes the change, where it can.
    pub operation: Option<&'static str>,
    /// What others call it.
    pub mappings: Mappings,
    /// How it is evaluated.
    pub rule: Rule,
}

/// The same severity for everybody.
macro_rules! always {
    ($severity:ident) => {
        |_| $crate::findings::control::Severity::$severity
    };
}
pub(super) use always;

/// A control as it is shown and written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ControlInfo {
    /// Its id.
    pub id: String,
    /// What must hold.
    pub title: String,
    /// What it judges.
    pub scope: Scope,
    /// How bad a failure is, by audience.
    pub severities: Vec<(Audience, Severity)>,
    /// Why it matters.
    pub why: String,
    /// When it passes and fails.
    pub logic: String,
    /// What to do.
    pub remedy: String,
    /// The operation of this console that makes the change.
    #[ts(optional = nullable)]
    pub operation: Option<String>,
    /// AWS Security Hub and AWS Foundational Security Best Practices.
    pub security_hub: Vec<String>,
    /// PCI DSS 4.0.
    pub pci: Vec<String>,
    /// Prowler.
    pub prowler: Vec<String>,
}

impl Control {
    /// The control without its code.
    #[must_use]
    pub fn info(&self) -> ControlInfo {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        ControlInfo {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            scope: self.scope,
            severities: Audience::ALL.iter().map(|audience| (*audience, (self.severity)(*audience))).collect(),
            why: self.why.to_owned(),
            logic: self.logic.to_owned(),
            remedy: self.remedy.to_owned(),
            operation: self.operation.map(str::to_owned),
            security_hub: owned(self.mappings.security_hub),
            pci: owned(self.mappings.pci),
            prowler: owned(self.mappings.prowler),
        }
    }
}
