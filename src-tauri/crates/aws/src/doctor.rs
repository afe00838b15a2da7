//! Trying, one cheap call each, what a context's credentials may do. API Gateway has no dry run: a permission is
//! learnt by calling.

use portcullis_domain::coverage::GapKind;

use crate::{AwsError, Reader};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// Works.
    Ok,
    /// Works, but look at it.
    Warning,
    /// Does not work.
    Problem,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What: `identity`, `region`, `endpoint`, or the action of a call.
    pub subject: String,
    /// How it came out.
    pub outcome: CheckOutcome,
    /// What was found, a sentence.
    pub finding: String,
    /// What to do about it.
    pub remedy: Option<String>,
    /// AWS's request id, when a call answered.
    pub request_id: Option<String>,
}

/// Tries everything that the console reads.
pub async fn diagnose(reader: &Reader<'_>) -> Vec<Check> {
    let session = reader.session;
    let mut checks = vec![ok("region", format!("The region is {}.", session.region()))];
    let own = session.own_endpoints().map(|(service, endpoint)| Check {
        subject: "endpoint".to_owned(),
        outcome: CheckOutcome::Warning,
        finding: format!("Calls of {service} go to {endpoint} and not to AWS's own endpoint."),
        remedy: Some(
            "Unset the service's AWS_ENDPOINT_URL_… or the profile's `services` unless that is meant.".to_owned(),
        ),
        request_id: None,
    });
    checks.extend(own);
    if let Some(endpoint) = session.shared_endpoint() {
        checks.push(Check {
            subject: "endpoint".to_owned(),
            outcome: CheckOutcome::Warning,
            finding: format!("Every call goes to {endpoint} and not to AWS's own endpoints."),
            remedy: Some("Unset AWS_ENDPOINT_URL or the profile's endpoint_url unless that is meant.".to_owned()),
            request_id: None,
        });
    }
    match session.identity().await {
        Ok(identity) => checks
            .push(ok("identity", format!("The credentials are {} of account {}.", identity.arn, identity.account))),
        Err(error) => {
            checks.push(problem("identity", &error));
            // Credentials that are refused once are refused every time; an STS that is blocked says nothing of the rest.
            if error.kind == GapKind::Credentials {
                return checks;
            }
        }
    }
    let (rest, http, config) = (session.rest(), session.http(), session.config());
    let waf = aws_sdk_wafv2::Client::new(config);
    let metrics = aws_sdk_cloudwatch::Client::new(config);
    let trail = aws_sdk_cloudtrail::Client::new(config);
    macro_rules! try_call {
        ($subject:literal, $service:literal, $operation:literal, $needed:literal, $request:expr) => {
            checks.push(match reader.read($service, $operation, $needed, || $request.send()).await {
                Ok(_) => ok($subject, format!("{} is allowed: {}.", $operation, $needed)),
                Err(error) => problem($subject, &error),
            });
        };
    }
    try_call!(
        "apigateway:GET /restapis",
        "apigateway",
        "GetRestApis",
        "REST APIs and their routes",
        rest.get_rest_apis().limit(1)
    );
    try_call!(
        "apigateway:GET /apis",
        "apigatewayv2",
        "GetApis",
        "HTTP and WebSocket APIs",
        http.get_apis().max_results("1")
    );
    try_call!("apigateway:GET /account", "apigateway", "GetAccount", "the account's limits", rest.get_account());
    try_call!(
        "apigateway:GET /domainnames",
        "apigateway",
        "GetDomainNames",
        "custom domain names",
        rest.get_domain_names().limit(1)
    );
    try_call!(
        "apigateway:GET /usageplans",
        "apigateway",
        "GetUsagePlans",
        "usage plans",
        rest.get_usage_plans().limit(1)
    );
    try_call!(
        "wafv2:ListWebACLs",
        "wafv2",
        "ListWebACLs",
        "web ACLs",
        waf.list_web_acls().scope(aws_sdk_wafv2::types::Scope::Regional).limit(1)
    );
    try_call!(
        "cloudwatch:DescribeAlarms",
        "cloudwatch",
        "DescribeAlarms",
        "alarms",
        metrics.describe_alarms().max_records(1)
    );
    try_call!(
        "cloudtrail:LookupEvents",
        "cloudtrail",
        "LookupEvents",
        "configuration changes",
        trail.lookup_events().max_results(1)
    );
    checks
}

fn ok(subject: &str, finding: String) -> Check {
    Check { subject: subject.to_owned(), outcome: CheckOutcome::Ok, finding, remedy: None, request_id: None }
}

fn problem(subject: &str, error: &AwsError) -> Check {
    let remedy = match error.kind {
        GapKind::Denied => Some("Attach the policy of docs/iam-policies.md to the role.".to_owned()),
        GapKind::Credentials => Some("Sign in again, then run doctor once more.".to_owned()),
        GapKind::Unreachable => Some("Check the network, proxies and AWS_ENDPOINT_URL.".to_owned()),
        GapKind::NotAws => Some("Look for a proxy's sign-in page or a wrong endpoint URL.".to_owned()),
        GapKind::NotImplemented => {
            Some("Nothing to do: this endpoint is an emulator without the operation.".to_owned())
        }
        GapKind::Throttled | GapKind::NotFound | GapKind::Cancelled | GapKind::Failed => None,
    };
    let outcome = if error.kind == GapKind::NotImplemented { CheckOutcome::Warning } else { CheckOutcome::Problem };
    Check {
        subject: subject.to_owned(),
        outcome,
        finding: error.message.clone(),
        remedy,
        request_id: error.request_id.clone(),
    }
}
