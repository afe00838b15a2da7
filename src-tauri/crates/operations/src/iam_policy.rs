//! `iam_policy`: the least-privilege IAM policy for a role, made from the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use portcullis_domain::{api::ApiKind, route_place::partition};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    catalogue::{CATALOGUE, Effect, Operation},
    error::{ErrorCode, WireError},
    host::Host,
    needs::needs,
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

/// What a managed policy may be long, white space not counted ("IAM and AWS STS quotas").
const LONGEST: usize = 6_144;

/// For whom, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IamPolicyRequest {
    /// `read-only`, `operator` (also `operations`), `support`, or names of operations.
    pub roles: Vec<String>,
    /// Only in these regions; every region when empty.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Name the accounts, regions and APIs of the open contexts, as far as they were read, instead of `*`.
    #[serde(default)]
    pub open_contexts: bool,
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IamPolicy {
    /// JSON, pretty-printed, fit for `aws iam create-policy --policy-document`.
    pub document: String,
    /// The operations that it is for.
    pub operations: Vec<String>,
    /// What it deliberately does not allow, and what to know of it, sentences.
    pub notes: Vec<String>,
}

/// Writes the policy.
///
/// # Errors
/// `InvalidInput` for a role that is none, with those that there are, and when contexts are wanted and none is open.
pub async fn iam_policy(host: &Host, request: IamPolicyRequest) -> Result<IamPolicy, WireError> {
    let operations = operations_of(&request.roles)?;
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (action, resources) in operations.iter().flat_map(|operation| needs(operation)) {
        wanted.entry(action).or_default().extend(resources);
    }
    let touches_keys = operations
        .iter()
        .any(|operation| ["key_", "tenant_", "quota_"].iter().any(|of| operation.name.starts_with(of)));
    if !touches_keys {
        // Controls look at keys' ages; without this role's business with keys that is a gap rather than their values.
        if let Some(resources) = wanted.get_mut("apigateway:GET") {
            resources.retain(|resource| !resource.contains("/apikeys"));
        }
    }
    let mut places = match request.open_contexts {
        true => places_of(host)?,
        false if request.regions.is_empty() => vec![Place::default()],
        false => {
            request.regions.iter().map(|region| Place { region: Some(region.clone()), ..Place::default() }).collect()
        }
    };
    let mut notes = vec!["sts:GetCallerIdentity needs no permission.".to_owned()];
    if !touches_keys {
        notes.push(
            "Reading API keys is denied: GetUsagePlanKeys answers with their values whether asked for or not."
                .to_owned(),
        );
    }
    let mut document = written(&wanted, &places, !touches_keys)?;
    let named = places.iter().map(|place| place.rest.len() + place.http.len()).sum::<usize>();
    if named > 0 && length(&document) > LONGEST {
        for place in &mut places {
            (place.rest, place.http) = (Vec::new(), Vec::new());
        }
        document = written(&wanted, &places, !touches_keys)?;
        notes.push(format!(
            "Naming {named} APIs would make the policy longer than the {LONGEST} characters that IAM takes: it names every API of its regions."
        ));
    } else if named > 0 {
        notes.push(format!(
            "It names {named} APIs: one that is made later is not covered. Write the policy again then."
        ));
    }
    if length(&document) > LONGEST {
        notes.push(format!(
            "It is longer than the {LONGEST} characters of a managed policy: use it inline (10,240 for a role), or name fewer operations."
        ));
    }
    let mut names: Vec<String> = operations.iter().map(|operation| operation.name.to_owned()).collect();
    names.dedup();
    Ok(IamPolicy { document, operations: names, notes })
}

fn operations_of(roles: &[String]) -> Result<Vec<&'static Operation>, WireError> {
    let mut operations: Vec<&Operation> = Vec::new();
    for role in roles {
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
    Ok(operations)
}

/// A region of an account, as far as the policy names it.
#[derive(Debug, Clone, Default)]
struct Place {
    region: Option<String>,
    account: Option<String>,
    /// Ids of REST APIs; every one when empty.
    rest: Vec<String>,
    /// Ids of HTTP and WebSocket APIs; every one when empty.
    http: Vec<String>,
}

/// The open contexts.
fn places_of(host: &Host) -> Result<Vec<Place>, WireError> {
    let contexts = host.contexts().clone();
    if contexts.is_empty() {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            "No context is open, so no account and no API can be named.",
        )
        .with_hint("Open one, or leave the names out."));
    }
    let place = |context: &std::sync::Arc<crate::inventory::OpenedContext>| {
        let state = context.state();
        let of = |rest: bool| {
            let apis = state.apis.values().map(|api| &api.api).filter(|api| (api.kind == ApiKind::Rest) == rest);
            // A list that is not whole must not become a policy that leaves APIs out.
            let whole = state.read_at().is_some() && state.gaps().is_empty();
            apis.filter(|_| whole).map(|api| api.id.to_string()).collect()
        };
        Place {
            region: state.region.clone(),
            account: state.identity.as_ref().map(|identity| identity.account.to_string()),
            rest: of(true),
            http: of(false),
        }
    };
    Ok(contexts.iter().map(place).collect())
}

fn written(wanted: &BTreeMap<&str, BTreeSet<&str>>, places: &[Place], deny_keys: bool) -> Result<String, WireError> {
    let everywhere =
        |resource: &str| -> Vec<String> { places.iter().flat_map(|place| place.named(resource)).collect() };
    let mut statements = Vec::new();
    for (action, resources) in wanted {
        let resources: BTreeSet<String> = resources.iter().flat_map(|resource| everywhere(resource)).collect();
        let resources: Vec<&String> = resources.iter().filter(|resource| !is_covered(resource, &resources)).collect();
        if !resources.is_empty() {
            statements.push(
                serde_json::json!({ "Sid": sid(action), "Effect": "Allow", "Action": action, "Resource": resources }),
            );
        }
    }
    if deny_keys {
        let keys = ["/apikeys", "/apikeys/*", "/usageplans/*/keys", "/usageplans/*/keys/*"];
        let resources: BTreeSet<String> =
            keys.iter().flat_map(|key| everywhere(&format!("arn:aws:apigateway:*::{key}"))).collect();
        statements.push(serde_json::json!({
            "Sid": "NeverReadKeyValues", "Effect": "Deny", "Action": "apigateway:GET", "Resource": resources,
        }));
    }
    let document = serde_json::json!({ "Version": "2012-10-17", "Statement": statements });
    serde_json::to_string_pretty(&document).map_err(|error| WireError::internal("iam_policy", &error))
}

fn length(document: &str) -> usize {
    document.chars().filter(|letter| !letter.is_whitespace()).count()
}

impl Place {
    /// A resource of the catalogue as it is called here; several when it stands for APIs that are named.
    fn named(&self, resource: &str) -> Vec<String> {
        let mut parts: Vec<&str> = resource.splitn(6, ':').collect();
        let [_, partition_of, _, region, account, rest] = parts.as_mut_slice() else {
            return vec![resource.to_owned()];
        };
        if let Some(here) = &self.region {
            *partition_of = partition(here);
            *region = here;
        }
        if let Some(here) = self.account.as_deref().filter(|_| *account == "*") {
            *account = here;
        }
        let rest = (*rest).to_owned();
        let head = parts.get(..5).map(|head| head.join(":")).unwrap_or_default();
        for (collection, ids) in [("/restapis/", &self.rest), ("/apis/", &self.http)] {
            let Some(below) = rest.strip_prefix(collection).and_then(|rest| rest.strip_prefix('*')) else { continue };
            if ids.is_empty() {
                continue;
            }
            // `restapis/*` means the API and all that is below it.
            let tails: &[&str] = if below.is_empty() { &["", "/*"] } else { &[below] };
            return ids
                .iter()
                .flat_map(|id| tails.iter().map(move |tail| format!("{collection}{id}{tail}")))
                .map(|path| format!("{head}:{path}"))
                .collect();
        }
        vec![format!("{head}:{rest}")]
    }
}

fn is_of(operation: &Operation, role: &str) -> bool {
    match role {
        "read-only" => matches!(operation.effect, Effect::Read | Effect::Settings),
        "operator" | "operations" => true,
        "support" => SUPPORT.iter().any(|prefix| operation.name.starts_with(prefix)),
        name => operation.name == name,
    }
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
