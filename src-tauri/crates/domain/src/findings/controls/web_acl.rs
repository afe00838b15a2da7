//! Web ACLs: whether one stands before a stage, and whether it stops anything.
//!
//! What an ACL holds is read from `GetWebACL` and `GetLoggingConfiguration`; where those were not read, controls that
//! need them say that they do not know.

use super::{by_exposure, counted};
use crate::{
    api::{ApiKind, EndpointType, Stage},
    audience::Audience,
    findings::{
        assess::{Facts, Outcome},
        control::{Control, Mappings, Rule, Scope, Severity},
        documents::Part,
        scene::ApiScene,
    },
    route::Route,
};

const PCI: &[&str] = &["1.2.8", "1.3.1", "1.3.2", "1.4.1", "1.4.2", "1.4.4", "1.5.1", "6.4.1", "6.4.2", "A1.1.3"];

/// Presence.
pub(in crate::findings) static ATTACHED: Control = Control {
    id: "C7",
    title: "A web ACL stands before every public stage",
    scope: Scope::Stage,
    severity: by_exposure,
    why: "Credential stuffing and coupon guessing come from thousands of addresses; the gateway's own throttles cannot \
          tell them apart.",
    logic: "Per stage of a REST API that is not private: fail when webAclArn is missing. Not applicable to private \
            endpoints, and to HTTP and WebSocket APIs, which cannot have one (G28).",
    remedy: "Associate a regional web ACL with the stage, first counting, then blocking.",
    commands: &[
        "aws wafv2 associate-web-acl --web-acl-arn WEB_ACL_ARN --resource-arn arn:aws:apigateway:{region}::/restapis/{api}/stages/{stage} --region {region}",
    ],
    operation: None,
    mappings: Mappings { security_hub: &["APIGateway.4"], pci: PCI, prowler: &["apigateway_restapi_waf_acl_attached"] },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let outcome = match (scene.inventory.api.kind, scene.inventory.api.endpoint_type) {
                (ApiKind::Rest, EndpointType::Private) => Outcome::NotApplicable("the endpoint is private"),
                (ApiKind::Rest, _) => super::or_unknown(scene.stage_part(&stage.name).map(|part| {
                    let acl = part.get("webAclArn");
                    let actual = acl.filled().map_or_else(|| "none".to_owned(), str::to_owned);
                    Outcome::holds(acl.filled().is_some(), Facts::new("a web ACL", actual).cite(&acl))
                })),
                _ => Outcome::NotApplicable("HTTP and WebSocket APIs cannot have a web ACL"),
            };
            bench.stage(scene, &stage.name, &routes, outcome);
        }
    }),
};

/// Rules, logs and metrics.
pub(in crate::findings) static QUALITY: Control = Control {
    id: "C8",
    title: "The web ACL has rules, logs and metrics",
    scope: Scope::Stage,
    severity: |_| Severity::Medium,
    why: "An empty ACL is an ACL to every scanner that only looks whether one is there. Without its log nobody learns \
          what it stopped, or whom it stopped wrongly.",
    logic: "Per stage with a web ACL: fail when the ACL has no rule, when it has no logging configuration, or when a \
            rule has no CloudWatch metrics. Unknown where the ACL or its logging could not be read.",
    remedy: "Add rules (AWSManagedRulesCommonRuleSet to begin with), a logging configuration, metrics on every rule.",
    commands: &[],
    operation: None,
    mappings: Mappings {
        security_hub: &["WAF.10", "WAF.11", "WAF.12"],
        pci: &["6.4.1", "6.4.2", "10.4.1", "10.7.2"],
        prowler: &["wafv2_webacl_with_rules", "wafv2_webacl_logging_enabled", "wafv2_webacl_rule_logging_enabled"],
    },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            bench.stage(
                scene,
                &stage.name,
                &routes,
                with_acl(scene, stage, |acl, arn| {
                    let rules = acl.get("Rules");
                    let count = rules.list().count();
                    let silent: Vec<&str> = rules
                        .list()
                        .filter(|rule| !rule.get("VisibilityConfig").get("CloudWatchMetricsEnabled").is_true())
                        .filter_map(|rule| rule.get("Name").text())
                        .collect();
                    let logging = scene.account_documents.answer("GetLoggingConfiguration", Some(arn));
                    let logged = logging.as_ref().map(|answer| answer.get("LoggingConfiguration").value().is_some());
                    let mut wrong = Vec::new();
                    if count == 0 {
                        wrong.push("no rules".to_owned());
                    }
                    if logged == Some(false) {
                        wrong.push("no logs".to_owned());
                    }
                    if !silent.is_empty() {
                        wrong.push(format!("no metrics on {}", silent.join(", ")));
                    }
                    let actual = if wrong.is_empty() {
                        counted(count, "rule") + ", logged, with metrics"
                    } else {
                        wrong.join("; ")
                    };
                    let facts = Facts::new("rules, logs and metrics", actual).cite(&rules).cite_some(logging.as_ref());
                    match (wrong.is_empty(), logged) {
                        (true, None) => Outcome::Unknown(scene.unread("GetLoggingConfiguration")),
                        (right, _) => Outcome::holds(right, facts),
                    }
                }),
            );
        }
    }),
};

/// Whether it stops anything.
pub(in crate::findings) static COUNTS_ONLY: Control = Control {
    id: "G27",
    title: "The web ACL blocks what it should",
    scope: Scope::Stage,
    severity: |audience| if audience == Audience::Internal { Severity::Medium } else { Severity::High },
    why: "A rule group in count blocks nothing, and a stage with such an ACL passes every scanner.",
    logic: "Per stage with a web ACL: fail when no rule blocks, challenges or asks a CAPTCHA (a managed group whose \
            override is Count blocks nothing) while the default action is Allow; when the stage serves login, coupon \
            or the like and no rate-based rule blocks; when a rate-based rule's limit per five minutes is above the \
            class ceiling; when logs keep the authorization or cookie header. Unknown where the ACL could not be read.",
    remedy: "Move rules from count to block, one at a time, watching what they would have stopped.",
    commands: &[],
    operation: Some("waf_rule_action_set"),
    mappings: Mappings { security_hub: &[], pci: &["6.4.1", "6.4.2"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let hammered: Vec<&Route> =
                routes.iter().copied().filter(|route| route.class.class.is_hammered()).collect();
            bench.stage(
                scene,
                &stage.name,
                &routes,
                with_acl(scene, stage, |acl, arn| {
                    let rules = acl.get("Rules");
                    let blocks_by_default = acl.get("DefaultAction").get("Block").value().is_some();
                    let blocking: Vec<Part<'_>> = rules.list().filter(stops).collect();
                    let mut wrong = Vec::new();
                    if blocking.is_empty() && !blocks_by_default {
                        wrong.push(match rules.list().count() {
                            0 => "there are no rules".to_owned(),
                            count => format!("none of {} blocks", counted(count, "rule")),
                        });
                    }
                    let limits: Vec<f64> = blocking.iter().filter_map(rate_limit).collect();
                    if !hammered.is_empty() && limits.is_empty() {
                        wrong.push(format!(
                            "no rate-based rule blocks, and attackers hammer {}, such as {} {}",
                            counted(hammered.len(), "route"),
                            hammered[0].method,
                            hammered[0].path
                        ));
                    }
                    // WAF counts per source address over five minutes, the ceiling is for all of them together.
                    let ceiling = scene.policy.hammered_rate * 300.0;
                    if !hammered.is_empty() && !limits.is_empty() && limits.iter().all(|limit| *limit > ceiling) {
                        wrong.push(format!("the lowest rate limit is above {ceiling} requests in five minutes"));
                    }
                    let logging = scene
                        .account_documents
                        .answer("GetLoggingConfiguration", Some(arn))
                        .map(|answer| answer.get("LoggingConfiguration"));
                    if let Some(logging) = logging.as_ref().filter(|logging| logging.value().is_some()) {
                        let redacted: Vec<String> = logging
                            .get("RedactedFields")
                            .list()
                            .filter_map(|field| {
                                field.get("SingleHeader").get("Name").text().map(str::to_ascii_lowercase)
                            })
                            .collect();
                        let kept: Vec<&str> = ["authorization", "cookie"]
                            .into_iter()
                            .filter(|name| !redacted.iter().any(|field| field == name))
                            .collect();
                        if !kept.is_empty() {
                            wrong.push(format!("its log keeps the headers {}", kept.join(" and ")));
                        }
                    }
                    let actual = if wrong.is_empty() {
                        format!("{} of {} block", blocking.len(), counted(rules.list().count(), "rule"))
                    } else {
                        wrong.join("; ")
                    };
                    let facts = Facts::new(
                        "rules that block, a rate limit where routes are hammered, credentials out of its log",
                        actual,
                    )
                    .cite(&rules)
                    .cite_some(logging.as_ref());
                    Outcome::holds(wrong.is_empty(), facts)
                }),
            );
        }
    }),
};

/// HTTP APIs have no WAF.
pub(in crate::findings) static HTTP_WITHOUT: Control = Control {
    id: "G28",
    title: "Public HTTP APIs stand behind CloudFront and WAF",
    scope: Scope::Stage,
    severity: |_| Severity::Medium,
    why: "A web ACL cannot be attached to an HTTP API. Only a CloudFront distribution with one in front helps, and only \
          if there is no way around it.",
    logic: "Per stage of an HTTP API that serves public, customer or checkout routes: fail while its own execute-api \
            address is open, since that is a way around anything in front. Unknown where it is closed: which \
            distribution leads to the custom domain is not read.",
    remedy: "Put CloudFront with a web ACL in front, then switch the default endpoint off; or move to a REST API.",
    commands: &["aws apigatewayv2 update-api --api-id {api} --disable-execute-api-endpoint --region {region}"],
    operation: None,
    mappings: Mappings { security_hub: &[], pci: &["6.4.1", "6.4.2"], prowler: &[] },
    rule: Rule::Api(|scene, bench| {
        for (stage, routes) in scene.stages() {
            let exposed = routes.iter().any(|route| {
                matches!(route.audience.audience, Audience::Public | Audience::Customer | Audience::Checkout)
            });
            let outcome = match scene.documents.api() {
                _ if scene.inventory.api.kind != ApiKind::Http => Outcome::NotApplicable("it is no HTTP API"),
                _ if !exposed => Outcome::NotApplicable("it serves neither the public nor customers"),
                None => Outcome::Unknown(scene.unread("GetApis")),
                Some(part) => {
                    let disabled = part.get("disableExecuteApiEndpoint");
                    match disabled.is_true() {
                        true => Outcome::Unknown("the default endpoint is closed; whether a distribution with a web ACL leads to the custom domain was not read".to_owned()),
                        false => Outcome::Fail(Facts::new("CloudFront with a web ACL, and no way around it", "its own address is open, and no web ACL can stand there").cite(&disabled)),
                    }
                }
            };
            bench.stage(scene, &stage.name, &routes, outcome);
        }
    }),
};

fn with_acl(scene: &ApiScene<'_>, stage: &Stage, judge: impl Fn(&Part<'_>, &str) -> Outcome) -> Outcome {
    let Some(arn) = stage.web_acl_arn.as_deref() else {
        return match scene.documents.has("GetStages") {
            true => Outcome::NotApplicable("there is no web ACL"),
            false => Outcome::Unknown(scene.unread("GetStages")),
        };
    };
    match scene.account_documents.answer("GetWebACL", Some(arn)).map(|answer| answer.get("WebACL")) {
        Some(acl) if acl.value().is_some() => judge(&acl, arn),
        _ => Outcome::Unknown(scene.unread("GetWebACL")),
    }
}

/// Whether a rule stops a request: its action, or for a group that the override leaves the group's own actions.
fn stops(rule: &Part<'_>) -> bool {
    let action = rule.get("Action");
    if action.value().is_some() {
        return ["Block", "Captcha", "Challenge"].iter().any(|name| action.get(name).value().is_some());
    }
    rule.get("OverrideAction").get("Count").value().is_none() && rule.get("OverrideAction").value().is_some()
}

fn rate_limit(rule: &Part<'_>) -> Option<f64> {
    let statement = rule.get("Statement").get("RateBasedStatement");
    let window = statement.get("EvaluationWindowSec").number().filter(|window| *window > 0.0).unwrap_or(300.0);
    statement.get("Limit").number().map(|limit| limit * 300.0 / window)
}

#[cfg(test)]
mod tests {
    use crate::findings::{
        finding::Verdict::{Fail, NotApplicable, Pass, Unknown},
        testing::{Kit, table},
    };
    use serde_json::{Value, json};

    const ARN: &str = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shield/1";

    fn stage() -> Kit {
        Kit::rest().audience("customer").route("POST /login", "NONE").stage(json!({ "webAclArn": ARN }))
    }

    fn with(rules: Value) -> Kit {
        stage()
            .account_answer("wafv2:GetWebACL", ARN, json!({ "WebACL": { "Rules": rules, "DefaultAction": { "Allow": {} } } }))
            .account_answer("wafv2:GetLoggingConfiguration", ARN, json!({ "LoggingConfiguration": {
                "RedactedFields": [{ "SingleHeader": { "Name": "Authorization" } }, { "SingleHeader": { "Name": "cookie" } }]
            } }))
    }

    fn limit(action: &str, limit: u32) -> Value {
        json!({ "Name": "limit", "Action": { action: {} }, "VisibilityConfig": { "CloudWatchMetricsEnabled": true },
            "Statement": { "RateBasedStatement": { "Limit": limit, "AggregateKeyType": "IP" } } })
    }

    #[test]
    fn a_web_acl_is_there() {
        table(
            "C7",
            vec![
                ("there", stage(), Pass),
                ("none", Kit::rest().route("GET /a", "NONE"), Fail),
                ("private", Kit::rest().private().route("GET /a", "NONE"), NotApplicable),
                ("HTTP", Kit::http().route("GET /a", "NONE"), NotApplicable),
                ("denied", stage().denied("GetStages"), Unknown),
            ],
        );
    }

    #[test]
    fn it_has_rules_logs_and_metrics() {
        table(
            "C8",
            vec![
                ("all of it", with(json!([limit("Block", 100)])), Pass),
                ("no rules", with(json!([])), Fail),
                ("a rule without metrics", with(json!([{ "Name": "x", "Action": { "Block": {} } }])), Fail),
                ("not read", stage(), Unknown),
                ("no ACL", Kit::rest().route("GET /a", "NONE"), NotApplicable),
            ],
        );
    }

    #[test]
    fn it_blocks() {
        let group = |over: &str| json!({ "Name": "common", "OverrideAction": { over: {} }, "Statement": { "ManagedRuleGroupStatement": { "VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet" } } });
        table(
            "G27",
            vec![
                ("a rate limit that blocks", with(json!([limit("Block", 1_000)])), Pass),
                ("everything counts", with(json!([limit("Count", 1_000), group("Count")])), Fail),
                ("a group blocks, nothing limits the login", with(json!([group("None")])), Fail),
                ("a limit so high that it limits nothing", with(json!([limit("Block", 2_000_000)])), Fail),
                ("not read", stage(), Unknown),
                ("denied", stage().denied("GetWebACL"), Unknown),
            ],
        );
    }

    #[test]
    fn http_apis_cannot_have_one() {
        let http = || Kit::http().audience("public").route("GET /a", "NONE");
        table(
            "G28",
            vec![
                ("open", http(), Fail),
                (
                    "closed: what is in front is not read",
                    http().api(json!({ "disableExecuteApiEndpoint": true })),
                    Unknown,
                ),
                ("internal", Kit::http().audience("internal").route("GET /a", "AWS_IAM"), NotApplicable),
                ("REST", Kit::rest().audience("public").route("GET /a", "NONE"), NotApplicable),
            ],
        );
    }
}
