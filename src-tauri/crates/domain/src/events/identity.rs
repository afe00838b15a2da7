//! `userIdentity` and user agents in words ("CloudTrail userIdentity element").

use serde_json::Value;

use super::EventClient;

/// Who a record says it was.
pub(super) struct Who {
    pub(super) words: String,
    pub(super) principal: String,
    pub(super) root: bool,
}

const NOBODY: &str = "somebody whom CloudTrail does not name";

/// `user` is what `LookupEvents` calls the user name, for records that do not say.
pub(super) fn who(identity: &Value, user: &str) -> Who {
    let text = |name: &str| identity[name].as_str().filter(|text| !text.is_empty());
    let kind = text("type").unwrap_or_default();
    let principal = text("arn").or(text("principalId")).or(text("invokedBy")).or(text("accountId")).unwrap_or_default();
    let words = match kind {
        "Root" => "the root user".to_owned(),
        "IAMUser" => text("userName").map_or_else(|| principal.to_owned(), |name| format!("user {name}")),
        "AssumedRole" | "Role" => assumed(identity, principal),
        "FederatedUser" | "SAMLUser" | "WebIdentityUser" => {
            let name = text("userName").or_else(|| after(principal, '/')).unwrap_or(principal);
            text("identityProvider").map_or_else(|| name.to_owned(), |provider| format!("{name} from {provider}"))
        }
        "IdentityCenterUser" => match identity["onBehalfOf"]["userId"].as_str() {
            Some(user) => format!("Identity Center user {user}"),
            None => "a user from Identity Center".to_owned(),
        },
        "AWSService" => text("invokedBy").map_or_else(|| "an AWS service".to_owned(), |by| format!("service {by}")),
        "AWSAccount" => text("accountId").map_or_else(|| principal.to_owned(), |account| format!("account {account}")),
        _ => text("userName").or(text("invokedBy")).unwrap_or(principal).to_owned(),
    };
    let words = match (words.is_empty(), user.is_empty()) {
        (false, _) => words,
        (true, false) => user.to_owned(),
        (true, true) => NOBODY.to_owned(),
    };
    let principal = if principal.is_empty() { user } else { principal };
    Who { words, principal: principal.to_owned(), root: kind == "Root" }
}

/// The person behind a role is in the session's name; Identity Center's roles name the permission set.
fn assumed(identity: &Value, principal: &str) -> String {
    let session = identity["principalId"].as_str().and_then(|id| after(id, ':')).or_else(|| after(principal, '/'));
    let role = identity["sessionContext"]["sessionIssuer"]["userName"]
        .as_str()
        .or_else(|| principal.split('/').nth(1))
        .unwrap_or_default();
    let source = identity["sessionContext"]["sourceIdentity"].as_str();
    let person = source.or(session).unwrap_or_default();
    if let Some(set) = role.strip_prefix("AWSReservedSSO_").and_then(|rest| rest.rsplit_once('_')) {
        return format!("{person} (Identity Center, {})", set.0);
    }
    match (person.is_empty(), role.is_empty()) {
        (false, false) => format!("{person} as role {role}"),
        (true, false) => format!("role {role}"),
        _ => person.to_owned(),
    }
}

fn after(text: &str, mark: char) -> Option<&str> {
    text.rsplit_once(mark).map(|(_, rest)| rest).filter(|rest| !rest.is_empty())
}

pub(super) fn client(agent: &str, address: &str, record: &Value) -> EventClient {
    let folded = agent.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    let from_console = record["sessionCredentialFromConsole"].as_str() == Some("true");
    if has(&["app/portcullis"]) {
        EventClient::Portcullis
    } else if has(&["terraform", "opentofu"]) {
        EventClient::Terraform
    } else if has(&["cloudformation.amazonaws.com"]) || address == "cloudformation.amazonaws.com" {
        EventClient::CloudFormation
    } else if has(&["aws-cli/"]) {
        EventClient::Cli
    } else if from_console || has(&["mozilla/", "console.amazonaws.com", "aws internal"]) {
        EventClient::Console
    } else if folded.ends_with(".amazonaws.com") || address.ends_with(".amazonaws.com") {
        EventClient::Service
    } else if has(&["aws-sdk", "boto3", "botocore", "aws-internal/"]) {
        EventClient::Sdk
    } else {
        EventClient::Unknown
    }
}
