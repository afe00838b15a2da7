//! What was read from one context: the collectors of `portcullis-aws` fill it, [`crate::route`] makes
//! routes of it, the store keeps it.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    api::{Api, Authorizer, Integration, Stage, Validator},
    throttle::Limit,
};

/// Who asked, and where: the part of a context that only AWS can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Twelve digits.
    pub account: Arc<str>,
    /// ARN of the caller.
    pub arn: String,
}

/// What an API's own description says of one route: the draft for REST, the live definition for an HTTP or
/// WebSocket stage that deploys by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteDefinition {
    /// `GET`, `ANY`…; for WebSocket the route key stands in `path` and this is `MESSAGE`.
    pub method: Arc<str>,
    /// `/pets/{id}`; `$default` or a WebSocket route key as AWS writes it.
    pub path: Arc<str>,
    /// `resourceId` (REST) or `routeId`.
    pub resource_id: Arc<str>,
    /// `NONE`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS`, `JWT`.
    pub authorization_type: Arc<str>,
    /// The authorizer, if the type has one.
    pub authorizer_id: Option<Arc<str>>,
    /// OAuth scopes.
    pub scopes: Vec<String>,
    /// Whether an API key is required.
    pub api_key_required: bool,
    /// The request validator (REST).
    pub validator_id: Option<Arc<str>>,
    /// Where requests go; `None` when none is set.
    pub integration: Option<Integration>,
    /// `operationName`.
    pub operation_name: Option<String>,
}

/// What `GetDeployment?embed=apisummary` says of a method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveMethod {
    /// As in [`RouteDefinition::authorization_type`].
    pub authorization_type: Arc<str>,
    /// Whether an API key is required.
    pub api_key_required: bool,
}

/// The methods of a deployment: `(path, METHOD) -> what the summary says`.
pub type LiveSummary = BTreeMap<(Arc<str>, Arc<str>), LiveMethod>;

/// One API with everything that was read of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiInventory {
    /// The API itself.
    pub api: Api,
    /// Its stages.
    pub stages: Vec<Stage>,
    /// Its routes as defined now.
    pub definitions: Vec<RouteDefinition>,
    /// Whether these are all of them: a page that could not be read leaves some out, and then a live route that is not
    /// among them is not known to be gone. Snapshots of before this was kept were only of whole ones.
    #[serde(default = "whole")]
    pub definitions_complete: bool,
    /// Live summaries by deployment id; a deployment whose summary the endpoint did not give is absent
    /// and its stage shows the draft, marked as such.
    #[serde(with = "summaries")]
    pub deployments: BTreeMap<Arc<str>, LiveSummary>,
    /// Its authorizers, read only if a route refers to one.
    pub authorizers: Vec<Authorizer>,
    /// Its validators, read only if a route refers to one.
    pub validators: Vec<Validator>,
}

fn whole() -> bool {
    true
}

/// A path of a custom domain that leads to a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainMapping {
    /// `api.example.com`.
    pub domain: Arc<str>,
    /// The base path without slashes; empty for the root.
    pub base_path: Arc<str>,
    /// The API.
    pub api_id: Arc<str>,
    /// The stage; `None` lets the first path segment choose it.
    pub stage: Option<Arc<str>>,
}

/// A web ACL by name, for stages that refer to its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebAcl {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
}

/// What belongs to the account and region rather than to one API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountInventory {
    /// The account-level throttle (`GetAccount`); `None` when it could not be read.
    pub account_limit: Option<Limit>,
    /// Custom domains' mappings.
    pub domains: Vec<DomainMapping>,
    /// Whether `domains` is all there is; `false` when a call for it failed.
    pub domains_complete: bool,
    /// AWS's own answers about the account, for whoever has to cite them.
    #[serde(default)]
    pub answers: Vec<AccountAnswer>,
}

/// An answer of AWS about the account and region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAnswer {
    /// `apigateway:GetAccount`.
    pub call: String,
    /// Which of several: plan, web ACL; empty for the only one and for pages.
    pub of: String,
    /// The answer, without secrets.
    pub json: serde_json::Value,
}

/// `LiveSummary` has a pair as its key, which JSON has not: written as a list.
mod summaries {
    use super::{Arc, BTreeMap, LiveMethod, LiveSummary};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    type Row = (Arc<str>, Arc<str>, LiveMethod);

    pub(super) fn serialize<S: Serializer>(
        value: &BTreeMap<Arc<str>, LiveSummary>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let rows: BTreeMap<_, Vec<_>> = value
            .iter()
            .map(|(id, summary)| (id, summary.iter().map(|((path, method), live)| (path, method, live)).collect()))
            .collect();
        rows.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Arc<str>, LiveSummary>, D::Error> {
        let rows = BTreeMap::<Arc<str>, Vec<Row>>::deserialize(deserializer)?;
        Ok(rows
            .into_iter()
            .map(|(id, rows)| (id, rows.into_iter().map(|(path, method, live)| ((path, method), live)).collect()))
            .collect())
    }
}
