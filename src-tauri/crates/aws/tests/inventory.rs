//! Reading the demo account over the real SDK: what comes, what it costs, and what happens when calls fail.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use jiff::Timestamp;
use portcullis_aws::{BudgetLimits, InventoryEvent, Lane, ReadApi, Reader, Session, SessionDeps, collect_inventory};
use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::{
    FixedClock,
    api::ApiKind,
    audience_rules::AudienceRules,
    context::ContextSpec,
    coverage::{CallCounts, Gap, GapKind},
    inventory::AccountInventory,
    route::Drift,
    route_assembly::routes_of,
    route_place::Place,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

fn demo() -> DemoAccount {
    let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
    DemoAccount::standard(Arc::new(FixedClock(now))).unwrap()
}

struct Outcome {
    apis: Vec<ReadApi>,
    gaps: Vec<Gap>,
    counts: CallCounts,
    total: Option<u32>,
}

async fn read(account: &DemoAccount, cancel: CancellationToken) -> Outcome {
    read_within(account, BudgetLimits::unlimited(), cancel).await
}

async fn read_within(account: &DemoAccount, limits: BudgetLimits, cancel: CancellationToken) -> Outcome {
    let mut deps = SessionDeps::new(Some(account.http_client()), limits);
    deps.call_timeout = std::time::Duration::from_millis(500);
    let session = Session::open(&ContextSpec::demo(), &deps).await.unwrap();
    let reader = Reader::new(&session, Lane::OnScreen, cancel);
    let (sender, mut events) = mpsc::channel(16);
    let (mut apis, mut gaps, mut total) = (Vec::new(), Vec::new(), None);
    let gather = async {
        while let Some(event) = events.recv().await {
            match event {
                InventoryEvent::Api(api) => apis.push(*api),
                InventoryEvent::Gap(gap) => gaps.push(gap),
                InventoryEvent::Total(count) => total = Some(count),
                InventoryEvent::Identity(_) | InventoryEvent::Account(_) => {}
            }
        }
    };
    let (outcome, ()) = tokio::join!(collect_inventory(&reader, None, sender), gather);
    outcome.unwrap();
    Outcome { apis, gaps, counts: reader.counts(), total }
}

#[tokio::test]
async fn the_inventory_takes_the_fewest_calls_and_no_more() {
    let outcome = read(&demo(), CancellationToken::new()).await;
    assert_eq!(outcome.gaps, []);
    assert_eq!(outcome.total, Some(u32::try_from(outcome.apis.len()).unwrap()));
    let rest: Vec<&ReadApi> = outcome.apis.iter().filter(|api| api.inventory.api.kind == ApiKind::Rest).collect();
    let http = outcome.apis.len() - rest.len();
    assert!(rest.len() >= 5 && http == 2, "{} REST APIs, {http} others", rest.len());

    let distinct_deployments: usize = rest
        .iter()
        .map(|api| {
            let mut ids: Vec<&str> = api
                .inventory
                .stages
                .iter()
                .flat_map(|stage| {
                    stage
                        .deployment_id
                        .as_deref()
                        .into_iter()
                        .chain(stage.canary.as_ref().map(|canary| &*canary.deployment_id))
                })
                .collect();
            ids.sort_unstable();
            ids.dedup();
            ids.len()
        })
        .sum();
    let referring = |refers: fn(&portcullis_domain::inventory::RouteDefinition) -> bool| {
        rest.iter().filter(|api| api.inventory.definitions.iter().any(refers)).count()
    };
    let expect = |call: &str, count: usize| {
        assert_eq!(outcome.counts.get(call).copied().unwrap_or(0) as usize, count, "{call}: {:?}", outcome.counts);
    };
    expect("apigateway:GetRestApis", 1);
    expect("apigateway:GetResources", rest.len());
    expect("apigateway:GetStages", rest.len());
    expect("apigateway:GetDeployment", distinct_deployments);
    expect("apigateway:GetAuthorizers", referring(|route| route.authorizer_id.is_some()));
    expect("apigateway:GetRequestValidators", referring(|route| route.validator_id.is_some()));
    expect("apigatewayv2:GetApis", 1);
    expect("apigatewayv2:GetRoutes", http);
    expect("apigatewayv2:GetStages", http);
}

#[tokio::test]
async fn what_aws_answered_is_kept_beside_it() {
    let outcome = read(&demo(), CancellationToken::new()).await;
    let shop = outcome.apis.iter().find(|api| &*api.inventory.api.name == "storefront").unwrap();
    let stages = shop.raw.iter().find(|raw| raw.call == "apigateway:GetStages").unwrap();
    let document: serde_json::Value = serde_json::from_slice(&stages.body).unwrap();
    let names: Vec<&str> =
        document["item"].as_array().unwrap().iter().map(|stage| stage["stageName"].as_str().unwrap()).collect();
    let read: Vec<&str> = shop.inventory.stages.iter().map(|stage| &*stage.name).collect();
    assert_eq!(names, read);
    let canary = shop.inventory.stages.iter().find_map(|stage| stage.canary.as_ref()).unwrap();
    assert!(shop.inventory.deployments.contains_key(&canary.deployment_id), "the candidate's routes are known too");
}

#[tokio::test]
async fn a_denied_call_is_a_gap_and_the_rest_goes_on() {
    let account = demo();
    account.faults().fail(Fault::denied("apigateway", "GetAuthorizers"));
    let outcome = read(&account, CancellationToken::new()).await;
    assert_eq!(outcome.apis.len(), outcome.total.unwrap() as usize);
    assert!(!outcome.gaps.is_empty());
    for gap in &outcome.gaps {
        assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Denied, "GetAuthorizers"));
        assert!(gap.request_id.is_some());
        assert!(gap.message.contains("apigateway:GET"), "{}", gap.message);
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_is_waited_out_as_long_as_aws_says() {
    let account = demo();
    account.faults().fail(Fault::throttled("apigateway", "GetRestApis", 3, 2));
    let start = tokio::time::Instant::now();
    let outcome = read(&account, CancellationToken::new()).await;
    assert_eq!(outcome.gaps, []);
    assert_eq!(outcome.counts["apigateway:GetRestApis"], 3, "two refusals count: they cost the account's rate");
    assert!(start.elapsed().as_secs() >= 6, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_web_page_a_silence_and_an_expired_token_each_have_their_name() {
    let cases = [
        (
            Fault {
                operation: "GetStages",
                status: 200,
                html: Some("<html>Sign in</html>".to_owned()),
                ..Fault::default()
            },
            GapKind::NotAws,
        ),
        (Fault { operation: "GetStages", silent: true, ..Fault::default() }, GapKind::Unreachable),
        (
            Fault {
                operation: "GetStages",
                status: 403,
                code: "ExpiredTokenException",
                message: "The security token included in the request is expired".to_owned(),
                ..Fault::default()
            },
            GapKind::Credentials,
        ),
        (
            Fault {
                operation: "GetStages",
                status: 503,
                code: "ServiceUnavailableException",
                message: "Try again".to_owned(),
                ..Fault::default()
            },
            GapKind::Failed,
        ),
    ];
    for (fault, kind) in cases {
        let account = demo();
        account.faults().fail(fault);
        let outcome = read(&account, CancellationToken::new()).await;
        assert_eq!(outcome.apis.len(), outcome.total.unwrap() as usize, "{kind:?}: every API is still there");
        assert!(
            !outcome.gaps.is_empty() && outcome.gaps.iter().all(|gap| gap.kind == kind),
            "{kind:?}: {:?}",
            outcome.gaps.first()
        );
    }
}

#[tokio::test]
async fn stopping_says_so_and_reads_nothing_more() {
    let account = demo();
    let deps = SessionDeps::new(Some(account.http_client()), BudgetLimits::unlimited());
    let session = Session::open(&ContextSpec::demo(), &deps).await.unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let reader = Reader::new(&session, Lane::OnScreen, cancel);
    let (sender, mut events) = mpsc::channel(16);
    let error = collect_inventory(&reader, None, sender).await.unwrap_err();
    assert_eq!(error.kind, GapKind::Cancelled);
    assert!(events.recv().await.is_none());
    assert_eq!(reader.counts().values().sum::<u32>(), 0);
}

fn large(apis: usize, routes: usize) -> DemoAccount {
    let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
    DemoAccount::scaled(portcullis_demo::Scale { apis, routes, keys: 0 }, 7, Arc::new(FixedClock(now)))
}

#[tokio::test]
async fn ten_thousand_routes_of_one_api_are_read_page_by_page() {
    let outcome = read(&large(1, 10_000), CancellationToken::new()).await;
    assert_eq!(outcome.gaps, []);
    assert_eq!(outcome.apis.len(), 1);
    assert!(outcome.apis[0].inventory.definitions.len() >= 10_000, "{}", outcome.apis[0].inventory.definitions.len());
    let resources: std::collections::BTreeSet<&str> =
        outcome.apis[0].inventory.definitions.iter().map(|route| &*route.resource_id).collect();
    let pages = outcome.counts["apigateway:GetResources"] as usize;
    assert!(pages >= resources.len().div_ceil(500) && pages <= resources.len() / 500 + 2, "{pages} pages");
}

#[tokio::test]
async fn a_page_that_fails_leaves_the_pages_before_it_and_nothing_is_called_gone() {
    let account = large(1, 3_000);
    account.faults().fail(Fault { skip: 1, ..Fault::denied("apigateway", "GetResources") });
    let outcome = read(&account, CancellationToken::new()).await;
    assert_eq!(outcome.gaps.len(), 1);
    let api = &outcome.apis[0];
    assert!(!api.complete && !api.inventory.definitions_complete);
    let read = api.inventory.definitions.len();
    assert!(read > 0 && read < 3_000, "{read} definitions");

    let place = Place { context: "demo".into(), account: "111122223333".into(), region: "eu-west-1".into() };
    let rows = routes_of(&place, &api.inventory, &AccountInventory::default(), &AudienceRules::default());
    assert!(rows.len() >= 3_000, "the deployment's summary has them all: {}", rows.len());
    assert!(rows.iter().all(|row| matches!(row.drift, Drift::None | Drift::LiveOnly)));
    assert!(rows.iter().any(|row| row.drift == Drift::LiveOnly));
}

/// Time of the test's clock, so that what is measured is waiting and nothing else.
#[tokio::test(start_paused = true)]
async fn reading_takes_as_long_as_the_budget_says_and_hardly_longer() {
    for limits in [BudgetLimits { rate: 5.0, burst: 20.0 }, BudgetLimits::default()] {
        let account = large(60, 1_200);
        let start = tokio::time::Instant::now();
        let outcome = read_within(&account, limits, CancellationToken::new()).await;
        let took = start.elapsed().as_secs_f64();
        assert_eq!(outcome.gaps, []);
        let shared =
            |(call, count): (&String, &u32)| if call.starts_with("apigateway") { f64::from(*count) } else { 0.0 };
        let calls: f64 = outcome.counts.iter().map(shared).sum();
        // AWS gives GetResources 5 in 2 seconds, whatever the rest may do.
        let resources = (f64::from(outcome.counts["apigateway:GetResources"]) - 5.0) / 2.5;
        let least = ((calls - limits.burst) / limits.rate).max(resources);
        assert!(
            took >= least - 1e-6 && took <= least * 1.1,
            "{calls} calls at {limits:?} took {took} s, at least {least} s"
        );
    }
}
