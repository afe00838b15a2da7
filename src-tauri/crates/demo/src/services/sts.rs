//! STS over the query protocol: who is asking, and temporary credentials that the demo account accepts like
//! any others.

use super::{Around, Refusal};
use crate::ACCOUNT_ID;

/// The role and session that the demo account takes every caller for: what CloudTrail's records of its calls say too.
pub(crate) const CALLER: (&str, &str) = ("ops-deployer", "ana@shop.example");
/// What AWS calls a role's unique id.
pub(crate) const CALLER_ID: &str = "AROADEMO0000000000001";

/// Answers one operation with the XML of its result.
///
/// # Errors
/// A missing parameter, or an operation that is not here.
pub(crate) fn answer(
    operation: &str,
    parameters: &[(String, String)],
    around: &mut Around<'_>,
) -> Result<String, Refusal> {
    let parameter = |name: &str| {
        parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    };
    let required = |name: &'static str| {
        parameter(name).ok_or_else(|| {
            Refusal::new(400, "ValidationError", format!("1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"))
        })
    };
    match operation {
        "GetCallerIdentity" => {
            let (role, session) = CALLER;
            Ok(format!(
                "<Arn>arn:aws:sts::{ACCOUNT_ID}:assumed-role/{role}/{session}</Arn><UserId>{CALLER_ID}:{session}</UserId><Account>{ACCOUNT_ID}</Account>"
            ))
        }
        "AssumeRole" => {
            let role = required("RoleArn")?;
            let session = required("RoleSessionName")?;
            let name = role.rsplit('/').next().unwrap_or_default();
            let seconds: i64 = parameter("DurationSeconds").and_then(|text| text.parse().ok()).unwrap_or(3_600);
            if !role.starts_with("arn:aws:iam::") || !(900..=43_200).contains(&seconds) {
                return Err(Refusal::new(400, "ValidationError", format!("{role} is invalid")));
            }
            let expires = around
                .now
                .checked_add(jiff::SignedDuration::from_secs(seconds))
                .map_err(|error| Refusal::new(400, "ValidationError", error.to_string()))?;
            let key = format!("ASIA{}", (around.id)(16).to_uppercase());
            let secret = (around.id)(40);
            let token = (around.id)(64);
            let (session, name) = (escape(session), escape(name));
            Ok(format!(
                "<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>\
                 <SessionToken>{token}</SessionToken><Expiration>{expires}</Expiration></Credentials>\
                 <AssumedRoleUser><Arn>arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session}</Arn>\
                 <AssumedRoleId>AROADEMOROLE000000000:{session}</AssumedRoleId></AssumedRoleUser>"
            ))
        }
        other => Err(Refusal::not_implemented("sts", other)),
    }
}

/// Text as XML content.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
