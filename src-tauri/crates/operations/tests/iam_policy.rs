//! The policies that `iam_policy` writes, against the grammar of IAM's JSON policy language, and against what each role is for.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use std::collections::BTreeSet;

use common::Bench;
use portcullis_operations::{
    catalogue::CATALOGUE,
    error::ErrorCode,
    host::Host,
    iam_policy::{IamPolicy, IamPolicyRequest, iam_policy},
    needs::matches,
};
use serde_json::Value;

async fn policy(host: &Host, roles: &[&str], open_contexts: bool) -> IamPolicy {
    let roles = roles.iter().map(ToString::to_string).collect();
    iam_policy(host, IamPolicyRequest { roles, open_contexts, ..IamPolicyRequest::default() }).await.unwrap()
}

/// `policy = { version_block, statement_block }` and so on ("Grammar of the IAM JSON policy language"), as far as our
/// policies go: no principals, no conditions, nothing negated.
fn parsed(document: &str) -> Vec<Value> {
    let policy: Value = serde_json::from_str(document).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&policy), BTreeSet::from(["Version".to_owned(), "Statement".to_owned()]));
    assert_eq!(policy["Version"], "2012-10-17");
    let statements = policy["Statement"].as_array().unwrap().clone();
    assert!(!statements.is_empty());
    let mut sids = BTreeSet::new();
    for statement in &statements {
        assert_eq!(keys(statement), ["Sid", "Effect", "Action", "Resource"].map(str::to_owned).into());
        let sid = statement["Sid"].as_str().unwrap();
        assert!(!sid.is_empty() && sid.chars().all(|letter| letter.is_ascii_alphanumeric()), "{sid}");
        assert!(sids.insert(sid.to_owned()), "{sid} is there twice");
        assert!(["Allow", "Deny"].contains(&statement["Effect"].as_str().unwrap()));
        let (service, verb) = statement["Action"].as_str().unwrap().split_once(':').unwrap();
        assert!(service.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()), "{service}");
        assert!(!verb.is_empty() && verb.chars().all(|letter| letter.is_ascii_alphabetic()), "{verb}");
        let resources = statement["Resource"].as_array().unwrap();
        assert!(!resources.is_empty(), "{sid} has no resource");
        for resource in resources {
            arn(service, resource.as_str().unwrap());
        }
    }
    statements
}

fn arn(service: &str, resource: &str) {
    if resource == "*" {
        return;
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let [arn, partition, of, region, account, name] = parts[..] else { panic!("{resource} is no ARN") };
    assert_eq!((arn, of), ("arn", service), "{resource}");
    assert!(["aws", "aws-cn", "aws-us-gov"].contains(&partition), "{resource}");
    assert!(!region.is_empty() && !name.is_empty(), "{resource}");
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    // API Gateway's ARNs have no account ("Actions, resources, and condition keys").
    assert!(if service == "apigateway" { account.is_empty() } else { account == "*" || digits }, "{resource}");
}

/// Whether a policy allows an action on a resource: what is denied is not allowed, whatever else is.
fn allows(statements: &[Value], action: &str, resource: &str) -> bool {
    let says = |effect: &str| {
        statements.iter().any(|statement| {
            statement["Effect"] == effect
                && statement["Action"] == action
                && statement["Resource"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|pattern| matches(pattern.as_str().unwrap(), resource))
        })
    };
    says("Allow") && !says("Deny")
}

#[tokio::test]
async fn every_role_and_every_operation_has_a_policy_of_the_grammar() {
    let bench = Bench::new();
    let host = bench.read().await;
    let with_permissions =
        CATALOGUE.iter().filter(|operation| !operation.iam.is_empty()).map(|operation| operation.name);
    for role in ["read-only", "operator", "operations", "support"].into_iter().chain(with_permissions) {
        for open_contexts in [false, true] {
            let policy = policy(&host, &[role], open_contexts).await;
            parsed(&policy.document);
            let length = policy.document.chars().filter(|letter| !letter.is_whitespace()).count();
            let said = policy.notes.iter().any(|note| note.contains("longer than"));
            assert!(length <= 6_144 || said, "{role} has {length} characters and does not say that it is too long");
        }
    }
    for none in [&["emperor"][..], &[]] {
        let roles = none.iter().map(ToString::to_string).collect();
        let refused = iam_policy(&host, IamPolicyRequest { roles, ..IamPolicyRequest::default() }).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput);
    }
}

#[tokio::test]
async fn a_role_may_do_its_work_and_no_more() {
    let bench = Bench::new();
    let host = bench.read().await;
    let stage = "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5/stages/prod";
    let usage = "arn:aws:apigateway:eu-west-1::/usageplans/p1/keys/k1/usage";
    let keys_of_plan = "arn:aws:apigateway:eu-west-1::/usageplans/p1/keys";
    for (role, allowed, refused) in [
        (
            "read-only",
            &[("apigateway:GET", stage), ("apigateway:GET", keys_of_plan)][..],
            &[("apigateway:PATCH", stage), ("apigateway:PATCH", usage), ("apigateway:DELETE", stage)][..],
        ),
        (
            "operator",
            &[("apigateway:GET", stage), ("apigateway:PATCH", stage), ("apigateway:PATCH", usage)],
            &[
                ("apigateway:DELETE", stage),
                ("apigateway:DELETE", "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5"),
            ],
        ),
        (
            "support",
            &[("apigateway:GET", stage), ("apigateway:PATCH", usage), ("apigateway:POST", keys_of_plan)],
            &[
                ("apigateway:PATCH", stage),
                ("apigateway:POST", "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5/deployments"),
            ],
        ),
        (
            "throttle_set",
            &[("apigateway:GET", stage), ("apigateway:PATCH", stage)],
            &[("apigateway:GET", "arn:aws:apigateway:eu-west-1::/apikeys"), ("apigateway:GET", keys_of_plan)],
        ),
    ] {
        let statements = parsed(&policy(&host, &[role], false).await.document);
        for (action, resource) in allowed {
            assert!(allows(&statements, action, resource), "{role} may not {action} on {resource}");
        }
        for (action, resource) in refused {
            assert!(!allows(&statements, action, resource), "{role} may {action} on {resource}");
        }
    }
}

#[tokio::test]
async fn open_contexts_are_named_by_account_region_and_api() {
    let bench = Bench::new();
    let host = bench.read().await;
    let routes = common::routes(&host).await;
    let storefront = &common::route(&routes, "storefront", "POST", "/v2/login").api_id;
    let statements = parsed(&policy(&host, &["canary_set"], true).await.document);
    let stage = |api: &str, region: &str| format!("arn:aws:apigateway:{region}::/restapis/{api}/stages/prod");
    assert!(allows(&statements, "apigateway:PATCH", &stage(storefront, "eu-west-1")));
    assert!(!allows(&statements, "apigateway:PATCH", &stage("another1234", "eu-west-1")), "an API that is not there");
    assert!(!allows(&statements, "apigateway:PATCH", &stage(storefront, "us-east-1")), "another region");

    // A list of APIs that is not whole would make a policy that leaves some out.
    let part = Bench::new();
    part.account.faults().fail(portcullis_demo::Fault::denied("apigateway", "GetStages"));
    let host = part.read().await;
    let statements = parsed(&policy(&host, &["canary_set"], true).await.document);
    assert!(allows(&statements, "apigateway:PATCH", &stage("another1234", "eu-west-1")));
    let nothing_open = Bench::new().host();
    let request =
        IamPolicyRequest { roles: vec!["support".to_owned()], open_contexts: true, ..IamPolicyRequest::default() };
    assert_eq!(iam_policy(&nothing_open, request).await.unwrap_err().code, ErrorCode::InvalidInput);
}
