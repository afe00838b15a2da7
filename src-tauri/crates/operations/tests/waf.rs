//! Web ACLs on the demo account over the real SDK: what is shown of them, and the two changes, with everything that may
//! go wrong.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use bytes::Bytes;
use common::{Bench, demo_in, routes, select};
use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::{
    change::{AwsCall, Plan, WarningKind},
    context::{AccessMode, ContextAccess},
    journal::Outcome,
    waf::{CanMatch, CoverVerdict, RuleEffect, RuleSwitch, WafPartKind, WafScope, WebAcl},
};
use portcullis_operations::{
    change_undo::{ChangeUndoRequest, change_undo},
    context_access_set::{ContextAccessSetRequest, context_access_set},
    error::{ErrorCode, WireError},
    host::Host,
    plan_apply::{AppliedChange, PlanApplyRequest, plan_apply},
    waf_rate_limit_set::{WafRateLimitSetRequest, waf_rate_limit_set},
    waf_rule_action_set::{WafRuleActionSetRequest, waf_rule_action_set},
    waf_state::LoggingState,
    web_acl_for_route::{WebAclForRoute, WebAclForRouteRequest, web_acl_for_route},
    web_acl_get::{WebAclDetail, WebAclGetRequest, web_acl_get},
    web_acl_list::{WebAclListRequest, WebAclState, web_acl_list},
    web_acl_metrics::{WebAclMetricsRequest, web_acl_metrics},
    web_acl_samples::{WebAclSamplesRequest, web_acl_samples},
};
use serde_json::{Value, json};

async fn get(host: &Host, name: &str) -> WebAclDetail {
    let request = WebAclGetRequest { web_acl: name.to_owned(), afresh: true, ..WebAclGetRequest::default() };
    web_acl_get(host, request).await.unwrap()
}

async fn acl(host: &Host, name: &str) -> WebAcl {
    get(host, name).await.acl.unwrap()
}

async fn switch(host: &Host, web_acl: &str, rule: &str, action: RuleSwitch) -> Result<Plan, WireError> {
    let request =
        WafRuleActionSetRequest { context: String::new(), web_acl: web_acl.to_owned(), rule: rule.to_owned(), action };
    waf_rule_action_set(host, request).await
}

async fn rate(host: &Host, rule: &str, limit: Option<u64>, window: Option<u64>) -> Result<Plan, WireError> {
    let (context, web_acl, rule) = (String::new(), "shop-shield".to_owned(), rule.to_owned());
    waf_rate_limit_set(host, WafRateLimitSetRequest { context, web_acl, rule, limit, window }).await
}

async fn allowed(bench: &Bench) -> Host {
    let host = bench.read().await;
    let access = ContextAccess { mode: AccessMode::Operator, protected: false };
    context_access_set(&host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
    host
}

async fn apply(host: &Host, plan: &Plan) -> Result<AppliedChange, WireError> {
    let request = PlanApplyRequest { plan_id: plan.id.clone(), acknowledged: true, ..PlanApplyRequest::default() };
    plan_apply(host, request).await
}

async fn before_route(host: &Host, method: &str, path: &str, stage: &str) -> WebAclForRoute {
    let routes = routes(host).await;
    let found = routes.iter().find(|one| (&*one.method, &*one.path, &*one.stage) == (method, path, stage)).unwrap();
    web_acl_for_route(host, WebAclForRouteRequest { route_id: found.id.clone() }).await.unwrap()
}

/// A call of somebody else, on the wire.
async fn elsewhere(account: &DemoAccount, operation: &str, body: &Value) -> Value {
    let request = http::Request::post("/")
        .header("x-amz-target", format!("AWSWAF_20190729.{operation}"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=AKIA/20260302/eu-west-1/wafv2/aws4_request, x")
        .body(Bytes::from(body.to_string()))
        .unwrap();
    let answer = account.answer(request).await;
    assert!(answer.status().is_success(), "{:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap()
}

/// AWS's own answer, not what the console believes.
async fn live(account: &DemoAccount, name: &str) -> Value {
    let all = elsewhere(account, "ListWebACLs", &json!({ "Scope": "REGIONAL" })).await;
    let listed = all["WebACLs"].as_array().unwrap().iter().find(|one| one["Name"] == name).unwrap().clone();
    let named = json!({ "Scope": "REGIONAL", "Name": name, "Id": listed["Id"] });
    elsewhere(account, "GetWebACL", &named).await
}

/// Replaces the web ACL's rules behind the console's back.
async fn with_rules(account: &DemoAccount, name: &str, edit: impl FnOnce(&mut Value)) {
    let answer = live(account, name).await;
    let mut update = answer["WebACL"].clone();
    update["Scope"] = json!("REGIONAL");
    update["LockToken"] = answer["LockToken"].clone();
    edit(&mut update["Rules"]);
    elsewhere(account, "UpdateWebACL", &update).await;
}

#[tokio::test]
async fn the_list_says_what_each_really_does_and_what_nothing_protects() {
    let bench = Bench::new();
    let host = bench.host();
    select(&host, &[demo_in("eu-west-1"), demo_in("us-east-1")]).await;
    host.wait_until_read().await;
    let list = web_acl_list(&host, WebAclListRequest::default()).await.unwrap();
    let told: Vec<_> = list
        .items
        .iter()
        .map(|line| (line.name.as_str(), line.scope, line.state, line.stages.len(), line.logging != LoggingState::Off))
        .collect();
    assert_eq!(
        told,
        [
            ("shop-shield", WafScope::Regional, WebAclState::Stops, 1, false),
            ("clinic-watch", WafScope::Regional, WebAclState::OnlyCounts, 1, false),
            ("edge-shield", WafScope::CloudFront, WebAclState::Stops, 0, true),
        ]
    );
    let stands = |label: &str| list.uncovered.iter().find(|one| one.label == label).map(|one| one.verdict);
    assert_eq!(stands("POST /v2/login of storefront, prod"), None, "the shop's is covered");
    assert_eq!(stands("POST /login of clinic-portal, prod"), Some(CoverVerdict::OnlyCounts));
    assert_eq!(stands("POST /v2/login of storefront, staging"), Some(CoverVerdict::NoWebAcl));
    assert_eq!(stands("POST /login of mobile, $default"), Some(CoverVerdict::NotPossible));
    let counted: u32 = list.verdicts.iter().map(|(_, count)| count).sum();
    assert_eq!(counted, list.exposed, "each route stands somehow");
    // Which stages an ACL is before is known from the stages.
    let mut calls: Vec<(&str, u32)> = list.calls.iter().map(|(call, count)| (call.as_str(), *count)).collect();
    calls.retain(|(call, _)| call.starts_with("wafv2"));
    assert_eq!(
        calls,
        [
            ("wafv2:GetRuleGroup", 1),
            ("wafv2:GetWebACL", 3),
            ("wafv2:ListLoggingConfigurations", 2),
            ("wafv2:ListWebACLs", 3)
        ]
    );
}

#[tokio::test]
async fn from_a_route_each_rule_says_whether_it_can_match() {
    let bench = Bench::new();
    let host = bench.read().await;
    let login = before_route(&host, "POST", "/v2/login", "prod").await;
    assert_eq!(login.name.as_deref(), Some("shop-shield"));
    assert_eq!(login.addresses, ["/prod/v2/login (execute-api)", "/v2/login (api.shop.example.com)"]);
    let told: Vec<(&str, CanMatch)> =
        login.cover.rules.iter().map(|rule| (rule.rule.as_str(), rule.can_match)).collect();
    use CanMatch::{Can, Cannot, CannotTell};
    assert_eq!(
        told,
        [
            ("limit-login", Can),
            ("limit-by-address", Can),
            ("old-app", Can),
            ("old-app-at-the-checkout", Cannot),
            ("guessing-from-afar", Cannot),
            ("AWSManagedRulesCommonRuleSet", Can),
            ("AWSManagedRulesKnownBadInputsRuleSet", Can),
            ("AWSManagedRulesAmazonIpReputationList", Can),
            ("refused-clients", CannotTell),
            ("block-admin-paths", Cannot),
        ]
    );
    assert_eq!(login.cover.verdict, CoverVerdict::Blocks);
    let mobile = before_route(&host, "POST", "/login", "$default").await;
    assert_eq!((mobile.arn, mobile.cover.verdict), (None, CoverVerdict::NotPossible));
}

#[tokio::test]
async fn rule_groups_and_sets_are_shown_with_what_is_in_them() {
    let bench = Bench::new();
    let host = bench.read().await;
    let get =
        || web_acl_get(&host, WebAclGetRequest { web_acl: "shop-shield".to_owned(), ..WebAclGetRequest::default() });
    let detail = get().await.unwrap();
    assert!(detail.coverage.complete, "{:?}", detail.coverage.gaps);
    let acl = detail.acl.unwrap();
    let group = acl.rule("refused-clients").unwrap();
    assert_eq!(group.effect, RuleEffect::Group);
    let inside: Vec<&str> = group.inside.iter().map(|rule| rule.sentence.as_str()).collect();
    assert_eq!(
        inside,
        [
            "Block requests where the header user-agent matches a pattern of the set scrapers",
            "Only count requests where the header user-agent is exactly 0 bytes",
        ],
        "the second is told to count here"
    );
    let sets: Vec<(&str, WafPartKind, Vec<String>)> =
        detail.sets.iter().map(|set| (set.name.as_str(), set.kind, set.entries.clone())).collect();
    assert_eq!(
        sets,
        [
            ("office", WafPartKind::IpSet, vec!["192.0.2.0/24".to_owned()]),
            ("scrapers", WafPartKind::RegexPatternSet, vec!["^python-requests/[01]".to_owned(), "^scrapy/".to_owned()]),
        ]
    );
    bench.account.faults().fail(Fault::denied("wafv2", "GetIPSet"));
    assert!(get().await.unwrap().coverage.complete, "what was read is not read again");
}

#[tokio::test]
async fn a_group_and_a_set_that_were_denied_are_gaps_and_nobody_says_that_they_block() {
    let bench = Bench::new();
    bench.account.faults().fail(Fault::denied("wafv2", "GetRuleGroup"));
    bench.account.faults().fail(Fault::denied("wafv2", "GetIPSet"));
    let host = bench.read().await;
    let request = WebAclGetRequest { web_acl: "shop-shield".to_owned(), ..WebAclGetRequest::default() };
    let detail = web_acl_get(&host, request).await.unwrap();
    let acl = detail.acl.unwrap();
    assert_eq!(acl.rule("refused-clients").unwrap().effect, RuleEffect::Unknown);
    let told: Vec<&str> = detail.coverage.gaps.iter().map(|gap| gap.operation.as_str()).collect();
    assert!(told.contains(&"GetRuleGroup") && told.contains(&"GetIPSet"), "{told:?}");
    assert!(!detail.coverage.complete && detail.sets.is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_not_known_and_never_covered() {
    let bench = Bench::new();
    bench.account.faults().fail(Fault::denied("wafv2", ""));
    let host = bench.read().await;
    let list = web_acl_list(&host, WebAclListRequest::default()).await.unwrap();
    assert!(!list.complete && !list.coverage.complete);
    let told: Vec<_> = list.items.iter().map(|line| (line.name.as_str(), line.state, line.rules)).collect();
    assert_eq!(
        told,
        [("clinic-watch", WebAclState::Unknown, None), ("shop-shield", WebAclState::Unknown, None)],
        "those that stages refer to are there all the same"
    );
    assert!(list.items.iter().all(|line| line.logging == LoggingState::Unknown));
    let login = before_route(&host, "POST", "/v2/login", "prod").await;
    assert_eq!(login.cover.verdict, CoverVerdict::Unknown);
    let operations: Vec<&str> = list.coverage.gaps.iter().map(|gap| gap.operation.as_str()).collect();
    assert_eq!(operations, ["ListWebACLs", "ListLoggingConfigurations", "GetWebACL", "GetWebACL"]);
}

#[tokio::test]
async fn a_rule_counts_is_read_back_and_undone_with_its_own_answer() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let before = live(&bench.account, "shop-shield").await;
    let plan = switch(&host, "shop-shield", "limit-login", RuleSwitch::Count).await.unwrap();
    let changes: Vec<String> = plan
        .changes
        .iter()
        .map(|change| {
            format!("{}: {} -> {}", change.label, change.before.as_ref().unwrap(), change.after.as_ref().unwrap())
        })
        .collect();
    insta::assert_snapshot!(format!("{}\n{}\n{}", plan.title, changes.join("\n"), plan.steps[0].iam_action), @r#"
    Let rule limit-login of web ACL shop-shield only count
    rule limit-login: action: {"Block":{"CustomResponse":{"ResponseCode":429,"CustomResponseBodyKey":"slow-down"}}} -> "Count"
    wafv2:UpdateWebACL
    "#);
    let touched: Vec<&str> = plan.routes.iter().map(|route| route.label.as_str()).collect();
    assert_eq!(
        touched,
        [
            "OPTIONS /v2/login of storefront, prod",
            "POST /v1/login of storefront, prod",
            "POST /v2/login of storefront, prod"
        ]
    );
    let loosens = |plan: &Plan| plan.warnings.iter().filter(|one| one.kind == WarningKind::Loosens).count();
    assert_eq!(loosens(&plan), 1, "{:?}", plan.warnings);

    let done = apply(&host, &plan).await.unwrap();
    assert_eq!(done.outcome, Outcome::Applied);
    assert_eq!(acl(&host, "shop-shield").await.rule("limit-login").unwrap().effect.name(), "count");
    let counting = live(&bench.account, "shop-shield").await;
    assert_ne!(counting["LockToken"], before["LockToken"]);

    let undo = change_undo(&host, ChangeUndoRequest { entry: done.entry }).await.unwrap();
    assert_eq!(loosens(&undo), 0, "blocking again is tighter");
    apply(&host, &undo).await.unwrap();
    assert_eq!(live(&bench.account, "shop-shield").await["WebACL"], before["WebACL"], "all of it is as it was");
}

#[tokio::test]
async fn a_group_that_counts_blocks_again_and_says_what_it_would_have_refused() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let plan = switch(&host, "clinic-watch", "AWSManagedRulesCommonRuleSet", RuleSwitch::Block).await.unwrap();
    assert_eq!(plan.changes[0].after, Some(json!("None")));
    assert!(
        plan.warnings.iter().any(|one| one.message.starts_with("In the last 24 hours it counted ")),
        "{:?}",
        plan.warnings
    );
    apply(&host, &plan).await.unwrap();
    assert_eq!(get(&host, "clinic-watch").await.line.state, WebAclState::Stops);
    assert!(switch(&host, "clinic-watch", "AWSManagedRulesCommonRuleSet", RuleSwitch::Block).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rate_changes_by_what_waf_takes_and_by_nothing_else() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let plan = rate(&host, "limit-login", Some(50), Some(60)).await.unwrap();
    let fields: Vec<&str> = plan.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["rules/limit-login/limit", "rules/limit-login/window"]);
    apply(&host, &plan).await.unwrap();
    let now = acl(&host, "shop-shield").await.rule("limit-login").unwrap().rate.unwrap();
    assert_eq!((now.limit, now.window), (50, 60));
    for (rule, limit, window, code) in [
        ("limit-login", Some(9), None, ErrorCode::InvalidInput),
        ("limit-login", Some(2_000_000_001), None, ErrorCode::InvalidInput),
        ("limit-login", None, Some(90), ErrorCode::InvalidInput),
        ("limit-login", None, None, ErrorCode::InvalidInput),
        ("old-app", Some(50), None, ErrorCode::InvalidInput),
        ("no-such-rule", Some(50), None, ErrorCode::NotFound),
    ] {
        assert_eq!(rate(&host, rule, limit, window).await.unwrap_err().code, code, "{rule} {limit:?} {window:?}");
    }
    let error = switch(&host, "shop-shield", "old-app-at-the-checkout", RuleSwitch::Count).await.unwrap_err();
    assert!(error.message.contains("Captcha") && error.message.contains("AWS console"), "{}", error.message);
    assert_eq!(switch(&host, "no-such-acl", "x", RuleSwitch::Count).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn a_statement_that_is_newer_than_the_sdk_survives_a_change_beside_it() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let newer = json!({ "Name": "tomorrow", "Priority": 99, "Action": { "Block": {} },
        "Statement": { "QuantumStatement": { "Qubits": [1, 2.5], "Nested": { "Deep": [{ "x": null }] } } },
        "VisibilityConfig": { "SampledRequestsEnabled": true, "CloudWatchMetricsEnabled": true, "MetricName": "t" } });
    with_rules(&bench.account, "shop-shield", |rules| rules.as_array_mut().unwrap().push(newer.clone())).await;
    let shown = acl(&host, "shop-shield").await;
    let rule = shown.rule("tomorrow").unwrap();
    assert!(!rule.known && rule.tree.json.as_deref().unwrap().contains("QuantumStatement"));
    let plan = rate(&host, "limit-by-address", Some(1_500), None).await.unwrap();
    apply(&host, &plan).await.unwrap();
    let after = live(&bench.account, "shop-shield").await;
    let rules = after["WebACL"]["Rules"].as_array().unwrap();
    assert!(rules.contains(&newer), "{rules:#?}");
    assert_eq!(rules[1]["Statement"]["RateBasedStatement"]["Limit"], 1_500);
}

#[tokio::test]
async fn what_somebody_else_changed_since_is_a_conflict() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let plan = rate(&host, "limit-login", Some(50), None).await.unwrap();
    with_rules(&bench.account, "shop-shield", |rules| rules[2]["Priority"] = json!(7)).await;
    let error = apply(&host, &plan).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    assert!(error.details.iter().any(|line| line.contains("sent UpdateWebACL at")), "{:?}", error.details);
    let now = live(&bench.account, "shop-shield").await;
    assert_eq!(now["WebACL"]["Rules"][0]["Statement"]["RateBasedStatement"]["Limit"], 100, "nothing was sent");
}

#[tokio::test]
async fn a_race_that_only_aws_saw_is_a_conflict_too() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let plan = rate(&host, "limit-login", Some(50), None).await.unwrap();
    bench.account.faults().fail(Fault {
        service: "wafv2",
        operation: "UpdateWebACL",
        times: Some(1),
        status: 400,
        code: "WAFOptimisticLockException",
        message: "AWS WAF couldn’t save your changes because someone changed the resource.".to_owned(),
        ..Fault::default()
    });
    assert_eq!(apply(&host, &plan).await.unwrap_err().code, ErrorCode::Conflict);
    let again = rate(&host, "limit-login", Some(50), None).await.unwrap();
    apply(&host, &again).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up_and_not_sent_twice() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let plan = rate(&host, "limit-login", Some(50), None).await.unwrap();
    bench.account.faults().fail(Fault {
        service: "wafv2",
        operation: "UpdateWebACL",
        times: Some(1),
        status: 500,
        code: "WAFInternalErrorException",
        message: "lost".to_owned(),
        after_executing: true,
        ..Fault::default()
    });
    let done = apply(&host, &plan).await.unwrap();
    assert_eq!(done.outcome, Outcome::Applied);
}

#[tokio::test]
async fn the_call_carries_all_of_it_and_the_lock_token() {
    let bench = Bench::new();
    let host = allowed(&bench).await;
    let now = live(&bench.account, "shop-shield").await;
    let plan = rate(&host, "limit-login", Some(50), None).await.unwrap();
    let AwsCall::UpdateWebAcl { lock_token, document, .. } = &plan.steps[0].call else { unreachable!() };
    assert_eq!(now["LockToken"], lock_token.as_str());
    for member in ["DefaultAction", "Description", "VisibilityConfig", "CustomResponseBodies"] {
        assert_eq!(document[member], now["WebACL"][member], "{member}");
    }
    assert_eq!(document["Rules"].as_array().unwrap().len(), now["WebACL"]["Rules"].as_array().unwrap().len());
    assert!(plan.steps[0].command.starts_with("aws wafv2 update-web-acl --cli-input-json '{"));
}

#[tokio::test]
async fn metrics_and_samples_of_a_rule() {
    let bench = Bench::new();
    let host = bench.read().await;
    let request = WebAclMetricsRequest { context: String::new(), web_acl: "shop-shield".to_owned(), hours: 24 };
    let metrics = web_acl_metrics(&host, request).await.unwrap();
    assert!(metrics.all.allowed > 0 && metrics.all.blocked > 0 && !metrics.points.is_empty());
    let of = |rule: &str| metrics.rules.iter().find(|one| one.rule == rule).unwrap().counts.unwrap();
    assert!(of("limit-login").blocked > 0 && of("limit-login").counted == 0);
    assert!(of("AWSManagedRulesAmazonIpReputationList").counted > 0, "told to count");
    let blocked: u64 = metrics.rules.iter().filter_map(|one| one.counts).map(|counts| counts.blocked).sum();
    assert_eq!(blocked, metrics.all.blocked);

    let samples = |minutes| WebAclSamplesRequest {
        context: String::new(),
        web_acl: "shop-shield".to_owned(),
        rule: "limit-login".to_owned(),
        minutes,
    };
    let found = web_acl_samples(&host, samples(180)).await.unwrap().items;
    assert!(!found.is_empty());
    let text = serde_json::to_string(&found).unwrap();
    assert!(!text.contains("eyJhbGciOi"), "neither tokens of headers nor of queries");
    assert_eq!(web_acl_samples(&host, samples(181)).await.unwrap_err().code, ErrorCode::InvalidInput);
}
