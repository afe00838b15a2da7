//! `context_list`: which contexts there are, and which are open.

use portcullis_domain::context::{ContextAccess, ContextSpec};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

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
    pub access: ContextAccess,
    /// The event data store that its configuration changes come from; none for CloudTrail's event history.
    #[ts(optional = nullable)]
    pub event_data_store: Option<String>,
}

/// The contexts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextList {
    /// Profiles found in the AWS configuration files, in file order.
    pub profiles: Vec<ProfileChoice>,
    /// Whether the default chain has anything to offer (environment keys, a default profile).
    pub default_chain: bool,
    /// What is wrong with the AWS configuration files, if they cannot be read. The demo account opens all the same.
    #[ts(optional = nullable)]
    pub problem: Option<WireError>,
    /// Regions to choose from.
    pub regions: Vec<String>,
    /// Open contexts; empty on a first run without credentials: show the welcome.
    pub open: Vec<OpenContext>,
}

/// The regions that a person chooses from: those that are on in every account, and the common ones that are not.
const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "ap-south-1",
    "ap-south-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-east-1",
    "me-south-1",
    "me-central-1",
    "il-central-1",
    "af-south-1",
    "us-gov-west-1",
    "us-gov-east-1",
    "cn-north-1",
    "cn-northwest-1",
];

/// Lists the contexts.
///
/// # Errors
/// None: configuration files that cannot be read are the answer's `problem`.
pub async fn context_list(host: &Host, _: ContextListRequest) -> Result<ContextList, WireError> {
    let (profiles, default_chain, problem) = match portcullis_aws::profiles().await {
        Ok(found) => (found.profiles, found.default_chain, None),
        Err(error) => {
            let problem = WireError::new(ErrorCode::Credentials, format!("{error}."))
                .with_hint("Mend the file, or choose another with AWS_CONFIG_FILE.");
            (Vec::new(), false, Some(problem))
        }
    };
    Ok(ContextList {
        profiles: profiles
            .into_iter()
            .map(|profile| ProfileChoice { name: profile.name, region: profile.region, kind: profile.kind })
            .collect(),
        default_chain,
        problem,
        regions: REGIONS.iter().map(ToString::to_string).collect(),
        open: host.open_list(),
    })
}

impl Host {
    pub(crate) fn open_list(&self) -> Vec<OpenContext> {
        let open = |context: &std::sync::Arc<crate::inventory::OpenedContext>| {
            let state = context.state();
            OpenContext {
                spec: context.spec.clone(),
                label: context.label.to_string(),
                account: state.identity.as_ref().map(|identity| identity.account.to_string()),
                caller_arn: state.identity.as_ref().map(|identity| identity.arn.clone()),
                region: state.region.clone(),
                endpoint_url: state.endpoint.clone(),
                access: self.access(&context.label),
                event_data_store: self.event_data_store(&context.label),
            }
        };
        self.contexts().iter().map(open).collect()
    }
}
