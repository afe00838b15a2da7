//! `iam_policy`: the least-privilege IAM policy for a role, made from the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use portcullis_domain::route_place::partition;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    catalogue::{CATALOGUE, Effect, Operation},
    error::{ErrorCode, WireError},
    host::Host,
};

/// What support does: look things up, and help a tenant.
const SUPPORT: &[&str] = &[
    "context_",
    "inventory_",
    "api_",
    "route_",
    "palette_",
    "tenant_",
    "usage_plan_",
    "quota_",
    "throttle_explain",
    "journal_",
];

/// For whom, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IamPolicyRequest {
    /// `read-only`, `operator` (also `operations`), `support`, or names of operations.
    pub roles: Vec<String>,
    /// Only in these regions; every region when empty.
    #[serde(default)]
    pub regions: Vec<String>,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IamPolicy {
    /// JSON, pretty-printed, fit for `aws iam create-policy --policy-document`.
    pub document: String,
    /// The operations that it is for.
    pub operations: Vec<String>,
    /// What it deliberately does not allow, sentences.
    pub notes: Vec<String>,
}

/// Writes the policy.
///
/// # Errors
/// `InvalidInput` for a role that is none, with those that there are.
pub async fn iam_policy(_: &Host, request: IamPolicyRequest) -> Result<IamPolicy, WireError> {
    let mut operations: Vec<&Operation> = Vec::new();
    for role in &request.roles {
        let of_role: Vec<&Operation> = CATALOGUE.iter().filter(|operation| is_of(operation, role)).collect();
        if of_role.is_empty() {
            return Err(WireError::new(ErrorCode::InvalidInput, format!("There is no role or operation {role}."))
                .with_hint("Roles are read-only, operator and support; operations are listed in docs/operations.md."));
        }
        operations.extend(of_role);
    }
    if operations.is_empty() {
        return Err(WireError::new(ErrorCode::InvalidInput, "Say for which role or operation."));
    }
    let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (action, resources) in operations.iter().flat_map(|operation| operation.iam) {
        let resources = resources.iter().flat_map(|resource| in_regions(resource, &request.regions));
        wanted.entry(action).or_default().extend(resources);
    }
    let reads_keys = operations
        .iter()
        .any(|operation| ["key_", "rotation_"].iter().any(|prefix| operation.name.starts_with(prefix)));
    let mut statements: Vec<serde_json::Value> = wanted
        .into_iter()
        .map(|(action, resources)| {
            let resources: Vec<&String> =
                resources.iter().filter(|resource| !is_covered(resource, &resources)).collect();
            serde_json::json!({ "Sid": sid(action), "Effect": "Allow", "Action": action, "Resource": resources })
        })
        .collect();
    let mut notes = vec!["sts:GetCallerIdentity needs no permission.".to_owned()];
    let reads_tenants = operations.iter().any(|operation| operation.name.starts_with("tenant_"));
    if !reads_keys && !reads_tenants {
        let keys = ["/apikeys", "/apikeys/*", "/usageplans/*/keys", "/usageplans/*/keys/*"];
        let resources: BTreeSet<String> =
            keys.iter().flat_map(|key| in_regions(&format!("arn:aws:apigateway:*::{key}"), &request.regions)).collect();
        statements.push(serde_json::json!({
            "Sid": "NeverReadKeyValues", "Effect": "Deny", "Action": "apigateway:GET", "Resource": resources,
        }));
        notes.push(
            "Reading API keys is denied: GetUsagePlanKeys answers with their values whether asked for or not."
                .to_owned(),
        );
    }
    let document = serde_json::json!({ "Version": "2012-10-17", "Statement": statements });
    let document =
        serde_json::to_string_pretty(&document).map_err(|error| WireError::internal("iam_policy", &error))?;
    let mut names: Vec<String> = operations.iter().map(|operation| operation.name.to_owned()).collect();
    names.dedup();
    Ok(IamPolicy { document, operations: names, notes })
}

fn is_of(operation: &Operation, role: &str) -> bool {
    match role {
        "read-only" => matches!(operation.effect, Effect::Read | Effect::Settings),
        "operator" | "operations" => true,
        "support" => SUPPORT.iter().any(|prefix| operation.name.starts_with(prefix)),
        name => operation.name == name,
    }
}

/// The ARN in each of the regions, in their partitions.
fn in_regions(resource: &str, regions: &[String]) -> Vec<String> {
    if regions.is_empty() || !resource.contains(":*:") {
        return vec![resource.to_owned()];
    }
    regions
        .iter()
        .map(|region| {
            resource.replacen(":*:", &format!(":{region}:"), 1).replacen(
                "arn:aws:",
                &format!("arn:{}:", partition(region)),
                1,
            )
        })
        .collect()
}

/// Whether a wider ARN of the list allows it already; a `*` of IAM goes over slashes.
fn is_covered(resource: &str, all: &BTreeSet<String>) -> bool {
    all.iter().any(|wider| {
        wider != resource
            && wider.strip_suffix('*').is_some_and(|prefix| !prefix[..].ends_with(':') && resource.starts_with(prefix))
    })
}

/// `apigateway:GET` -> `ApigatewayGet`: letters and digits only (IAM, "Sid").
fn sid(action: &str) -> String {
    action
        .split(':')
        .map(|word| {
            let word = if word.chars().all(|letter| letter.is_ascii_uppercase()) {
                word.to_lowercase()
            } else {
                word.to_owned()
            };
            crate::error::capitalised(&word)
        })
        .collect()
}
