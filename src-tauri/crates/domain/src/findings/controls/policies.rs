//! Resource policies: who may call at all.

use serde_json::Value;

use super::{OURS, by_exposure};
use crate::{
    api::{ApiKind, EndpointType},
    findings::{
        assess::{Bench, Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, always},
        documents::Part,
        scene::ApiScene,
    },
    route::Route,
};

/// Everybody, without a condition.
pub(in crate::findings) static OPEN: Control = Control {
    id: "C27",
    title: "The resource policy does not let everybody in",
    scope: Scope::Api,
    severity: by_exposure,
    why: "A policy that allows everything without a condition reads like a guard and is none.",
    logic: "Per REST API with a resource policy that is not private: fail when a statement allows every principal to \
            invoke without a condition and no statement denies by a condition. Not applicable without a policy, to \
            private endpoints (G4), and where every served route is public.",
    remedy: "Name principals, or add a condition: source VPC endpoint, address range, organisation.",
    commands: &[
        "aws apigateway update-rest-api --rest-api-id {api} --patch-operations op=replace,path=/policy,value=POLICY --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["1.3.1", "7.2.1"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        if scene.inventory.api.kind != ApiKind::Rest {
            return;
        }
        let public = scene.served().all(|route| route.audience.audience == crate::audience::Audience::Public);
        each(scene, bench, |policy, part| match policy {
            _ if scene.inventory.api.endpoint_type == EndpointType::Private => {
                Outcome::NotApplicable("the endpoint is private")
            }
            None => Outcome::NotApplicable("there is no resource policy"),
            Some(_) if public => Outcome::NotApplicable("every route is public"),
            Some(policy) => {
                let open = lets_everybody_in(policy, |_| true);
                let actual = if open {
                    "everybody may invoke, without a condition"
                } else {
                    "principals or conditions are named"
                };
                Outcome::holds(!open, Facts::new("named principals, or conditions", actual).cite(part))
            }
        });
    }),
};

/// Private, for whom.
pub(in crate::findings) static PRIVATE: Control = Control {
    id: "G4",
    title: "A private API names the VPC endpoints that may call it",
    scope: Scope::Api,
    severity: always!(High),
    why: "Without a condition a private API answers every VPC endpoint for execute-api that can be reached, of other \
          accounts too.",
    logic: "Per REST API whose endpoint type is PRIVATE: fail without a resource policy, and when everybody is allowed \
            and neither the Allow nor a Deny has a condition on aws:SourceVpce, aws:SourceVpc or aws:PrincipalOrgID.",
    remedy: "Allow with a condition on aws:SourceVpce, or deny everything else.",
    commands: OPEN.commands,
    operation: None,
    mappings: OURS,
    rule: Rule::Api(|scene, bench| {
        if scene.inventory.api.kind != ApiKind::Rest {
            return;
        }
        each(scene, bench, |policy, part| {
            if scene.inventory.api.endpoint_type != EndpointType::Private {
                return Outcome::NotApplicable("the endpoint is not private");
            }
            let bound = |condition: &Value| {
                let text = condition.to_string().to_ascii_lowercase();
                ["aws:sourcevpce", "aws:sourcevpc", "aws:principalorgid"].iter().any(|key| text.contains(key))
            };
            let expected = "a condition on the VPC endpoint, the VPC or the organisation";
            match policy {
                None => Outcome::Fail(Facts::new(expected, "no resource policy").cite(part)),
                Some(policy) => {
                    let open = lets_everybody_in(policy, bound);
                    let actual = if open { "everybody may invoke from any VPC endpoint" } else { "bound" };
                    Outcome::holds(!open, Facts::new(expected, actual).cite(part))
                }
            }
        });
    }),
};

fn each(scene: &ApiScene<'_>, bench: &mut Bench<'_>, judge: impl Fn(Option<&Value>, &Part<'_>) -> Outcome) {
    let routes: Vec<&Route> = scene.served().collect();
    let outcome = match scene.documents.api() {
        None => Outcome::Unknown(scene.unread("GetRestApis")),
        Some(api) => {
            let part = api.get("policy");
            match part.filled() {
                None => judge(None, &part),
                Some(text) => match parsed(text) {
                    Some(policy) => judge(Some(&policy), &part),
                    None => Outcome::Unknown("the resource policy cannot be read".to_owned()),
                },
            }
        }
    };
    bench.api(scene, &routes, outcome);
}

/// AWS gives the policy as text in which quotes are escaped once more.
fn parsed(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&text.replace("\\\"", "\"").replace("\\/", "/").replace("\\n", " ")))
        .ok()?;
    match value {
        Value::String(inner) => serde_json::from_str(&inner).ok(),
        Value::Object(_) => Some(value),
        _ => None,
    }
}

/// Whether a statement allows every principal without a condition that counts, and no Deny with one stands beside it.
fn lets_everybody_in(policy: &Value, counts: impl Fn(&Value) -> bool) -> bool {
    let statements: Vec<&Value> = match policy.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
        None => return false,
    };
    let is = |statement: &Value, effect: &str| statement.get("Effect").and_then(Value::as_str) == Some(effect);
    let conditioned = |statement: &Value| {
        statement.get("Condition").is_some_and(|condition| {
            condition.as_object().is_some_and(|members| !members.is_empty()) && counts(condition)
        })
    };
    let denied = statements.iter().any(|statement| is(statement, "Deny") && conditioned(statement));
    !denied
        && statements
            .iter()
            .any(|statement| is(statement, "Allow") && everybody(statement.get("Principal")) && !conditioned(statement))
}

fn everybody(principal: Option<&Value>) -> bool {
    match principal {
        Some(Value::String(name)) => name == "*",
        Some(Value::Object(kinds)) => kinds.get("AWS").is_some_and(|names| match names {
            Value::String(name) => name == "*",
            Value::Array(names) => names.iter().any(|name| name.as_str() == Some("*")),
            _ => false,
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::json;

    fn with(policy: &Value) -> Kit {
        // As AWS writes it: a text in which quotes are escaped once more.
        Kit::rest()
            .audience("partner")
            .route("GET /claims", "CUSTOM")
            .api(json!({ "policy": policy.to_string().replace('"', "\\\"") }))
    }

    fn allow(principal: Value, condition: Value) -> Value {
        json!({ "Effect": "Allow", "Principal": principal, "Action": "execute-api:Invoke", "Resource": "*", "Condition": condition })
    }

    fn deny() -> Value {
        json!({ "Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*", "Condition": { "StringNotEquals": { "aws:SourceVpce": "vpce-1" } } })
    }

    #[test]
    fn everybody_is_not_let_in() {
        table(
            "C27",
            vec![
                ("everybody", with(&json!({ "Statement": [allow(json!("*"), json!({}))] })), Fail),
                (
                    "everybody, the long way",
                    with(&json!({ "Statement": allow(json!({ "AWS": ["*"] }), json!({})) })),
                    Fail,
                ),
                (
                    "an account",
                    with(
                        &json!({ "Statement": [allow(json!({ "AWS": "arn:aws:iam::111122223333:root" }), json!({}))] }),
                    ),
                    Pass,
                ),
                (
                    "an address range",
                    with(
                        &json!({ "Statement": [allow(json!("*"), json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }))] }),
                    ),
                    Pass,
                ),
                ("no policy", Kit::rest().audience("partner").route("GET /a", "CUSTOM"), NotApplicable),
                (
                    "rubbish",
                    Kit::rest().audience("partner").route("GET /a", "CUSTOM").api(json!({ "policy": "{" })),
                    Unknown,
                ),
                ("denied", with(&json!({ "Statement": [] })).denied("GetRestApis"), Unknown),
            ],
        );
    }

    #[test]
    fn private_names_its_endpoints() {
        table("G4", vec![
            ("no policy", Kit::rest().private().route("GET /a", "CUSTOM"), Fail),
            ("everybody", with(&json!({ "Statement": [allow(json!("*"), json!({}))] })).private(), Fail),
            ("an address range binds no VPC", with(&json!({ "Statement": [allow(json!("*"), json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } }))] })).private(), Fail),
            ("allow by endpoint", with(&json!({ "Statement": [allow(json!("*"), json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } }))] })).private(), Pass),
            ("deny all other endpoints", with(&json!({ "Statement": [allow(json!("*"), json!({})), deny()] })).private(), Pass),
            ("not private", with(&json!({ "Statement": [allow(json!("*"), json!({}))] })), NotApplicable),
            ("denied", Kit::rest().private().route("GET /a", "CUSTOM").denied("GetRestApis"), Unknown),
        ]);
    }
}
