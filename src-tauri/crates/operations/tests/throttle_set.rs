//! Limits, from the plan to the journal, on the demo account over the real SDK; every failure that AWS can answer with.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod common;

use common::{Bench, route, routes};
use portcullis_demo::Fault;
use portcullis_domain::{
    change::{Plan, WarningKind},
    context::{AccessMode, ContextAccess},
    journal::Outcome,
    route::Route,
    route_query::RouteFilter,
    throttle::{Limit, ThrottleSource},
};
use portcullis_operations::{
    change_undo::{ChangeUndoRequest, change_undo},
    context_access_set::{ContextAccessSetRequest, context_access_set},
    error::{ErrorCode, WireError},
    host::Host,
    journal_get::{JournalGetRequest, journal_get},
    journal_list::{JournalList, JournalListRequest, JournalState, journal_list},
    journal_verify::{JournalVerifyRequest, journal_verify},
    plan_apply::{AppliedChange, PlanApplyRequest, plan_apply},
    throttle_set::{ThrottleSelection, ThrottleSetRequest, throttle_set},
};

async fn allow(host: &Host, protected: bool) {
    let access = ContextAccess { mode: AccessMode::Operator, protected };
    context_access_set(host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
}

fn limits(selection: ThrottleSelection, rate: &str, burst: &str) -> ThrottleSetRequest {
    ThrottleSetRequest { selection, rate: Some(rate.to_owned()), burst: Some(burst.to_owned()), remove: false }
}

fn of(route: &Route) -> ThrottleSelection {
    ThrottleSelection::Routes { route_ids: vec![route.id.clone()] }
}

/// `POST /v2/login` of the storefront in production: 5 per second, burst 10.
async fn login(host: &Host) -> Route {
    let routes = routes(host).await;
    let found =
        |route: &&Route| &*route.stage == "prod" && &*route.path == "/v2/login" && &*route.api_name == "storefront";
    routes.iter().find(found).unwrap().clone()
}

async fn planned(host: &Host, rate: &str, burst: &str) -> Plan {
    throttle_set(host, limits(of(&login(host).await), rate, burst)).await.unwrap()
}

async fn applied(host: &Host, plan: &Plan) -> Result<AppliedChange, WireError> {
    let request = PlanApplyRequest {
        plan_id: plan.id.clone(),
        reason: "credential stuffing".to_owned(),
        acknowledged: true,
        ..PlanApplyRequest::default()
    };
    plan_apply(host, request).await
}

async fn journal(host: &Host) -> JournalList {
    journal_list(host, JournalListRequest { limit: 50, ..JournalListRequest::default() }).await.unwrap()
}

/// The limit that AWS gives back, not what the console believes.
async fn live(host: &Host) -> (Option<f64>, Option<f64>) {
    let plan = planned(host, "12345", "4321").await;
    let value = |field: &str| {
        let change = plan.changes.iter().find(|change| change.field.ends_with(&format!("/v2/login/{field}"))).unwrap();
        change.before.as_ref().and_then(serde_json::Value::as_f64)
    };
    (value("rateLimit"), value("burstLimit"))
}

const BEFORE: (Option<f64>, Option<f64>) = (Some(5.0), Some(10.0));

#[tokio::test]
async fn a_plan_says_everything_and_changes_nothing() {
    let bench = Bench::new();
    let host = bench.read().await;
    let plan = planned(&host, "3", "6").await;
    let shown: Vec<String> = plan
        .changes
        .iter()
        .map(|change| {
            format!("{}: {} -> {}", change.label, change.before.as_ref().unwrap(), change.after.as_ref().unwrap())
        })
        .collect();
    insta::assert_snapshot!(format!("{}\n{}\n{}\n{}", plan.title, shown.join("\n"), plan.steps[0].command, plan.steps[0].resource_arn), @r#"
    Limit POST /v2/login on stage prod of API storefront (bg9pxvu5v4) to 3 requests per second, burst 6
    POST /v2/login: burst limit (requests): 10 -> 6
    POST /v2/login: rate limit (requests per second): 5.0 -> 3.0
    aws apigateway update-stage --rest-api-id bg9pxvu5v4 --stage-name prod --patch-operations '[{"op":"replace","path":"/~1v2~1login/POST/throttling/rateLimit","value":"3.0"},{"op":"replace","path":"/~1v2~1login/POST/throttling/burstLimit","value":"6"}]' --region eu-west-1
    arn:aws:apigateway:eu-west-1::/restapis/bg9pxvu5v4/stages/prod
    "#);
    assert_eq!(plan.routes.len(), 1);
    assert!(!plan.warnings.iter().any(|warning| warning.kind == WarningKind::Loosens), "lower is tighter");
    assert_eq!(live(&host).await, BEFORE);
}

#[tokio::test]
async fn a_plan_for_what_is_live_already_has_nothing_to_do() {
    let bench = Bench::new();
    let host = bench.read().await;
    let plan = planned(&host, "5", "10").await;
    assert!(plan.is_empty() && plan.changes.is_empty());
    allow(&host, false).await;
    assert_eq!(applied(&host, &plan).await.unwrap_err().code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn a_change_is_made_read_back_journalled_shown_and_undone() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let plan = planned(&host, "3", "6").await;
    let done = applied(&host, &plan).await.unwrap();
    assert_eq!((done.outcome, done.already, done.request_ids.len()), (Outcome::Applied, false, 1));
    assert!(done.request_ids[0].is_some(), "AWS's request id is kept");
    assert_eq!(live(&host).await, (Some(3.0), Some(6.0)));
    let route = login(&host).await;
    assert_eq!(route.throttle.limit, Limit { rate: Some(3.0), burst: Some(6) }, "the list shows it without a refresh");
    assert_eq!(route.throttle.source, ThrottleSource::StageMethod);
    let entry = journal_get(&host, JournalGetRequest { entry: done.entry.clone() }).await.unwrap().entry;
    assert_eq!(entry.actor.caller_arn, "arn:aws:sts::111122223333:assumed-role/ops-deployer/ana@shop.example");
    assert_eq!((entry.reason.as_str(), entry.outcome), ("credential stuffing", Some(Outcome::Applied)));

    let undo = change_undo(&host, ChangeUndoRequest { entry: done.entry.clone() }).await.unwrap();
    assert_eq!(undo.undoes.as_deref(), Some(done.entry.as_str()));
    assert!(undo.warnings.iter().any(|warning| warning.kind == WarningKind::Loosens), "back to 5 is looser than 3");
    applied(&host, &undo).await.unwrap();
    assert_eq!(live(&host).await, BEFORE);
    let journal = journal(&host).await;
    let states: Vec<JournalState> = journal.lines.iter().map(|line| line.state).collect();
    assert_eq!(states, [JournalState::Applied, JournalState::Undone]);
    assert!(journal_verify(&host, JournalVerifyRequest {}).await.unwrap().whole);
}

#[tokio::test]
async fn a_first_limit_of_a_route_is_undone_without_a_trace() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let all = routes(&host).await;
    let found = |route: &&Route| &*route.stage == "prod" && &*route.path == "/v1/search";
    let search = all.iter().find(found).unwrap();
    let plan = throttle_set(&host, limits(of(search), "7", "9")).await.unwrap();
    let before = plan.fields_before.clone();
    let consequences = plan.changes.iter().filter(|change| change.consequence).count();
    assert!(consequences >= 7, "AWS writes the whole entry, and the plan says so");
    let done = applied(&host, &plan).await.unwrap();
    let undo = change_undo(&host, ChangeUndoRequest { entry: done.entry }).await.unwrap();
    applied(&host, &undo).await.unwrap();
    let again = throttle_set(&host, limits(of(search), "7", "9")).await.unwrap();
    assert_eq!(again.fields_before, before);
}

#[tokio::test]
async fn a_read_only_context_is_not_changed_whoever_asks() {
    let bench = Bench::new();
    let host = bench.read().await;
    let plan = planned(&host, "3", "6").await;
    let refused = applied(&host, &plan).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReadOnly);
    assert!(refused.message.contains("demo is read-only"), "{}", refused.message);
    assert_eq!(live(&host).await, BEFORE);
    assert_eq!(journal(&host).await.total, 0, "nothing was begun");
}

#[tokio::test]
async fn a_protected_context_wants_its_name_and_no_other() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, true).await;
    let plan = planned(&host, "3", "6").await;
    let typed = |typed: &[&str]| PlanApplyRequest {
        plan_id: plan.id.clone(),
        typed: typed.iter().map(ToString::to_string).collect(),
        ..PlanApplyRequest::default()
    };
    for wrong in [&[][..], &["Demo"], &["prod"]] {
        let refused = plan_apply(&host, typed(wrong)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ConfirmationNeeded, "{wrong:?}");
    }
    assert_eq!(live(&host).await, BEFORE);
    plan_apply(&host, typed(&["demo"])).await.unwrap();
    assert_eq!(live(&host).await, (Some(3.0), Some(6.0)));
}

#[tokio::test]
async fn a_looser_limit_on_a_login_must_be_acknowledged() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let plan = planned(&host, "50", "100").await;
    let request = PlanApplyRequest { plan_id: plan.id.clone(), ..PlanApplyRequest::default() };
    let refused = plan_apply(&host, request).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ConfirmationNeeded);
    assert!(refused.details.iter().any(|detail| detail.contains("from 5 to 50")), "{:?}", refused.details);
    applied(&host, &plan).await.unwrap();
}

#[tokio::test]
async fn somebody_else_was_faster() {
    let bench = Bench::new();
    let (host, other) = (bench.read().await, bench.read().await);
    allow(&host, false).await;
    allow(&other, false).await;
    let (mine, theirs) = (planned(&host, "3", "6").await, planned(&other, "4", "8").await);
    applied(&other, &theirs).await.unwrap();
    let refused = applied(&host, &mine).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    for says in [
        // From which value to which,
        "POST /v2/login: rate limit (requests per second) went from 5 to 4",
        "POST /v2/login: burst limit (requests) went from 10 to 8",
        // who with what by this machine's journal, at once,
        "Limit POST /v2/login on stage prod of API storefront",
        // and who with what and when by CloudTrail.
        "ops-deployer/ana@shop.example sent UpdateStage at 2026-",
    ] {
        assert!(refused.details.iter().any(|detail| detail.contains(says)), "{says}: {:?}", refused.details);
    }
    let journalled = format!("did with this console at {}, journal entry {}", theirs.made_at, theirs.id);
    assert!(refused.details.iter().any(|detail| detail.contains(&journalled)), "{:?}", refused.details);
    assert_eq!(live(&host).await, (Some(4.0), Some(8.0)), "theirs stays");
    assert_eq!(journal(&host).await.lines[0].state, JournalState::Conflict);
}

#[tokio::test]
async fn two_clicks_are_one_change() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let plan = planned(&host, "3", "6").await;
    let first = applied(&host, &plan).await.unwrap();
    let second = applied(&host, &plan).await.unwrap();
    assert_eq!((second.already, second.entry), (true, first.entry));
    assert_eq!(journal(&host).await.total, 1);
    assert_eq!(live(&host).await, (Some(3.0), Some(6.0)));
}

#[tokio::test]
async fn all_login_routes_are_one_plan() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let filter = RouteFilter { tokens: vec!["routeClass=login".parse().unwrap()], ..RouteFilter::default() };
    let plan = throttle_set(&host, limits(ThrottleSelection::Matching { filter }, "2", "4")).await.unwrap();
    assert!(plan.steps.len() >= 4 && plan.targets.len() == plan.steps.len(), "one call for each stage");
    assert!(plan.routes.iter().all(|route| route.class.name() == "login"));
    let done = applied(&host, &plan).await.unwrap();
    assert_eq!(done.request_ids.len(), plan.steps.len());
    for route in routes(&host).await.iter().filter(|route| route.class.class.name() == "login") {
        assert_eq!(route.throttle.limit, Limit { rate: Some(2.0), burst: Some(4) }, "{}", route.id);
    }
}

fn failing(status: u16, code: &'static str) -> Fault {
    Fault {
        service: "apigateway",
        operation: "UpdateStage",
        times: Some(1),
        status,
        code,
        message: "no".to_owned(),
        ..Fault::default()
    }
}

#[tokio::test]
async fn what_aws_refuses_changes_nothing_and_says_why() {
    for (status, code, says) in [
        (403, "AccessDeniedException", "apigateway:PATCH"),
        (429, "TooManyRequestsException", "rate is used up"),
        (403, "ExpiredTokenException", "aws sso login"),
        (400, "BadRequestException", "BadRequestException"),
    ] {
        let bench = Bench::new();
        let host = bench.read().await;
        allow(&host, false).await;
        let plan = planned(&host, "3", "6").await;
        bench.account.faults().fail(failing(status, code));
        let refused = applied(&host, &plan).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ChangeFailed, "{code}");
        assert!(
            refused.message.contains("Nothing was changed") && refused.message.contains(says),
            "{code}: {}",
            refused.message
        );
        bench.account.faults().clear();
        assert_eq!(live(&host).await, BEFORE, "{code}");
        assert_eq!(journal(&host).await.lines[0].state, JournalState::Refused, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_settled_by_reading_back() {
    for after_executing in [true, false] {
        let bench = Bench::new();
        let host = bench.read().await;
        allow(&host, false).await;
        let plan = planned(&host, "3", "6").await;
        // Nothing answers until the console gives up; the call has its effect, or was never received.
        let silent = Fault { silent: true, after_executing, ..failing(0, "") };
        bench.account.faults().fail(silent);
        let done = applied(&host, &plan).await.unwrap();
        assert_eq!(done.outcome, Outcome::Applied, "executed: {after_executing}");
        assert_eq!(live(&host).await, (Some(3.0), Some(6.0)));
        // An answer of AWS means that it was sent a second time.
        assert_eq!(done.request_ids[0].is_some(), !after_executing, "sent again only when it did not happen");
    }
}

#[tokio::test]
async fn a_fault_of_the_server_is_settled_by_reading_back() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let plan = planned(&host, "3", "6").await;
    bench.account.faults().fail(failing(500, "InternalFailure"));
    assert_eq!(
        applied(&host, &plan).await.unwrap().outcome,
        Outcome::Applied,
        "it did not happen, and twice is harmless"
    );
    assert_eq!(live(&host).await, (Some(3.0), Some(6.0)));
}

#[tokio::test]
async fn a_stage_that_is_gone_stops_the_change_before_it_begins() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let plan = planned(&host, "3", "6").await;
    bench.account.faults().fail(Fault {
        service: "apigateway",
        operation: "GetStage",
        status: 404,
        code: "NotFoundException",
        message: "Invalid stage identifier specified".to_owned(),
        ..Fault::default()
    });
    let refused = applied(&host, &plan).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ChangeFailed);
    assert!(refused.message.contains("nothing was sent"), "{}", refused.message);
    assert!(refused.details[0].contains("stage prod of API storefront"), "{:?}", refused.details);
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_every_change() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let plan = planned(&host, "3", "6").await;
    std::fs::write(bench.data("journal.sqlite"), "no database at all, but long enough to have a header of one")
        .unwrap();
    let refused = applied(&host, &plan).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::JournalUnusable);
    assert!(refused.message.contains("journal.sqlite"), "{}", refused.message);
    assert_eq!(live(&host).await, BEFORE);
}

#[tokio::test]
async fn numbers_that_are_no_limits_are_refused_with_the_reason() {
    let bench = Bench::new();
    let host = bench.read().await;
    let selection = of(&login(&host).await);
    for (rate, burst, says) in [
        ("-1", "5", "A rate limit is a number of requests per second, 0 or more; -1 is not."),
        ("ten", "5", "A rate limit is a number of requests per second, 0 or more; ten is not."),
        ("NaN", "5", "A rate limit is a number of requests per second, 0 or more; NaN is not."),
        ("inf", "5", "A rate limit is a number of requests per second, 0 or more; inf is not."),
        ("5", "1.5", "A burst limit is a whole number of requests from 0 to 2147483647; 1.5 is not."),
        ("5", "99999999999", "A burst limit is a whole number of requests from 0 to 2147483647; 99999999999 is not."),
    ] {
        let refused = throttle_set(&host, limits(selection.clone(), rate, burst)).await.unwrap_err();
        assert_eq!((refused.code, refused.message.as_str()), (ErrorCode::InvalidInput, says));
    }
    let nothing = ThrottleSetRequest { selection: selection.clone(), rate: None, burst: None, remove: false };
    assert_eq!(throttle_set(&host, nothing).await.unwrap_err().code, ErrorCode::InvalidInput);
    let zero = throttle_set(&host, limits(selection, "0", "0.0")).await.unwrap_err();
    assert!(zero.message.contains("0.0 is not"), "a burst is whole: {}", zero.message);
}

#[tokio::test]
async fn limits_that_aws_takes_and_a_person_should_think_about_are_warned_of() {
    let bench = Bench::new();
    let host = bench.read().await;
    for (rate, burst, kind, says) in [
        ("0", "5", WarningKind::Blocks, "refuses every request to POST /v2/login"),
        ("0.5", "0", WarningKind::Blocks, "A burst limit of 0 refuses every request"),
        ("100", "5", WarningKind::Note, "is below its rate (100)"),
        ("20000", "5", WarningKind::Note, "20000 is above the account's own rate limit of 10000"),
        ("6", "10", WarningKind::Loosens, "from 5 to 6. A tight limit protects POST /v2/login of storefront, prod"),
    ] {
        let plan = planned(&host, rate, burst).await;
        let found = plan.warnings.iter().any(|warning| warning.kind == kind && warning.message.contains(says));
        assert!(found, "{rate}/{burst}: {:?}", plan.warnings);
    }
}

#[tokio::test]
async fn a_route_that_is_in_the_draft_only_has_no_limit_yet() {
    let bench = Bench::new();
    let host = bench.read().await;
    let all = routes(&host).await;
    let Some(draft) = all.iter().find(|route| route.drift.name() == "added") else {
        panic!("the demo account has a route that is not deployed");
    };
    let refused = throttle_set(&host, limits(of(draft), "1", "1")).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(refused.message.contains("is not served by stage"), "{}", refused.message);
    let gone = ThrottleSelection::Routes { route_ids: vec!["111122223333/eu-west-1/none/prod/GET/x".to_owned()] };
    assert_eq!(throttle_set(&host, limits(gone, "1", "1")).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn an_http_api_has_limits_by_route_and_by_stage() {
    let bench = Bench::new();
    let host = bench.read().await;
    allow(&host, false).await;
    let all = routes(&host).await;
    let login = route(&all, "mobile", "POST", "/login");
    let plan = throttle_set(&host, limits(of(login), "4", "8")).await.unwrap();
    assert!(plan.steps[0].command.starts_with("aws apigatewayv2 update-stage"), "{}", plan.steps[0].command);
    let done = applied(&host, &plan).await.unwrap();
    let stage = ThrottleSelection::Stage {
        context: "demo".to_owned(),
        api_id: login.api_id.to_string(),
        stage: login.stage.to_string(),
    };
    let default = throttle_set(&host, limits(stage, "90", "180")).await.unwrap();
    applied(&host, &default).await.unwrap();
    let all = routes(&host).await;
    assert_eq!(route(&all, "mobile", "POST", "/login").throttle.limit, Limit { rate: Some(4.0), burst: Some(8) });
    let other = all.iter().find(|route| &*route.api_name == "mobile" && &*route.path != "/login").unwrap();
    assert_eq!(other.throttle.limit, Limit { rate: Some(90.0), burst: Some(180) });
    let undo = change_undo(&host, ChangeUndoRequest { entry: done.entry }).await.unwrap();
    assert!(undo.steps[0].command.contains("delete-route-settings"), "{}", undo.steps[0].command);
    applied(&host, &undo).await.unwrap();
    let all = routes(&host).await;
    assert_eq!(route(&all, "mobile", "POST", "/login").throttle.limit, Limit { rate: Some(90.0), burst: Some(180) });
}
