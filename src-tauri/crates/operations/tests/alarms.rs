//! Alarms and metrics over the demo account's CloudWatch: what burns, what is missing, making it, and what happened.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

mod common;

use std::sync::{Arc, Mutex};

use common::{Bench, routes, select};
use jiff::{SignedDuration, Timestamp};
use portcullis_demo::{DemoAccount, Fault};
use portcullis_domain::{
    Clock,
    alarms::{AlarmCoverVerdict, AlarmHistoryKind, AlarmLine, AlarmState, AlarmSubject, AlarmTroubleKind},
    change::Plan,
    context::{AccessMode, ContextAccess, ContextSpec},
    coverage::GapKind,
    metrics::MarkKind,
};
use portcullis_operations::{
    alarm_coverage::{AlarmCoverageRequest, alarm_coverage},
    alarm_create::{AlarmCreateRequest, AlarmThreshold, AlarmWanted, alarm_create},
    alarm_history::{AlarmHistoryRequest, alarm_history},
    alarm_list::{AlarmList, AlarmListRequest, alarm_list},
    canary_list::{CanaryListRequest, canary_list},
    change_undo::{ChangeUndoRequest, change_undo},
    context_access_set::{ContextAccessSetRequest, context_access_set},
    error::{ErrorCode, WireError},
    event_refresh::{EventRefreshRequest, event_refresh},
    host::{Host, HostOptions},
    metrics_show::{MetricsShow, MetricsShowRequest, MetricsSource, metrics_show},
    plan_apply::{AppliedChange, PlanApplyRequest, plan_apply},
    posture_overview::{PostureOverviewRequest, posture_overview},
    throttle_copy::StageName,
    topic_list::{TopicListRequest, topic_list},
};

/// A Monday afternoon: there is traffic.
const AFTERNOON: &str = "2026-03-02T15:00:00Z";
const ONCALL: &str = "arn:aws:sns:eu-west-1:111122223333:shop-oncall";

/// A clock that a test turns.
struct Turned(Mutex<Timestamp>);

impl Turned {
    fn by(&self, minutes: i64) {
        let mut now = self.0.lock().unwrap();
        *now += SignedDuration::from_mins(minutes);
    }
}

impl Clock for Turned {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

async fn ready() -> (Bench, Host, Arc<Turned>) {
    let clock = Arc::new(Turned(Mutex::new(AFTERNOON.parse().unwrap())));
    let bench = Bench::on(DemoAccount::standard(Arc::clone(&clock) as Arc<dyn Clock>).unwrap());
    let options = HostOptions { clock: Arc::clone(&clock) as Arc<dyn Clock>, ..bench.options(AFTERNOON) };
    let host = Host::open(options).unwrap();
    select(&host, &[ContextSpec::demo()]).await;
    host.wait_until_read().await;
    let access = ContextAccess { mode: AccessMode::Operator, protected: false };
    context_access_set(&host, ContextAccessSetRequest { context: "demo".to_owned(), access }).await.unwrap();
    (bench, host, clock)
}

async fn listed(host: &Host) -> AlarmList {
    alarm_list(host, AlarmListRequest { refresh: true, limit: 500, ..AlarmListRequest::default() }).await.unwrap()
}

fn named<'a>(list: &'a AlarmList, name: &str) -> &'a AlarmLine {
    list.items.iter().find(|line| line.alarm.name == name).unwrap()
}

async fn stage(host: &Host, api: &str, stage: &str) -> StageName {
    let all = canary_list(host, CanaryListRequest { every_stage: true }).await.unwrap().items;
    let line = all.into_iter().find(|line| line.api_name == api && line.stage == stage).unwrap();
    StageName { context: line.context, api_id: line.api_id, stage: line.stage }
}

async fn apply(host: &Host, plan: &Plan) -> Result<AppliedChange, WireError> {
    let request = PlanApplyRequest { plan_id: plan.id.clone(), acknowledged: true, ..PlanApplyRequest::default() };
    plan_apply(host, request).await
}

async fn missing_of(host: &Host, api: &str) -> Vec<AlarmWanted> {
    let request = AlarmCoverageRequest { api: Some(api.to_owned()), stage: Some("prod".to_owned()), refresh: false };
    let covered = alarm_coverage(host, request).await.unwrap();
    let stage_only = covered.items.into_iter().filter(|line| line.row.route.is_none());
    stage_only
        .map(|line| AlarmWanted {
            stage: StageName { context: line.row.context, api_id: line.row.api_id, stage: line.row.stage },
            route_id: None,
            subjects: line.missing,
        })
        .collect()
}

fn create(wanted: Vec<AlarmWanted>, topic: Option<&str>) -> AlarmCreateRequest {
    AlarmCreateRequest { wanted, topic_arn: topic.map(str::to_owned), tell_ok: false, thresholds: Vec::new() }
}

#[tokio::test]
async fn what_burns_comes_first_and_what_is_wrong_is_said() {
    let (_bench, host, _) = ready().await;
    let list = listed(&host).await;
    assert!(list.coverage.complete);
    assert_eq!(list.calls.get("cloudwatch:DescribeAlarms"), Some(&1), "one page has them all");
    let noisy = named(&list, "mobile-4xx");
    assert_eq!(noisy.alarm.state, AlarmState::Alarm, "{}", noisy.alarm.reason);
    let login = named(&list, "storefront-login-4xx");
    assert_eq!(login.watches, "4XX errors of storefront/prod POST /v2/login over 25 percent in 3 of 5 minutes");
    let pager = named(&list, "app-needs-somebody");
    assert_eq!(pager.alarm.state, AlarmState::Alarm, "a composite alarm goes off with its alarms");
    assert_eq!(list.items[0].alarm.name, "app-needs-somebody");
    assert_eq!(
        list.items.iter().take_while(|line| line.alarm.state == AlarmState::Alarm).count(),
        list.burning as usize
    );
    for (name, kind, words) in [
        ("shop-2019-prod-5xx", AlarmTroubleKind::Gone, "There is no API shop-2019"),
        ("clinic-portal-5xx-over-1-percent", AlarmTroubleKind::NeverFires, "never gets past 1"),
        ("mobile-5xx", AlarmTroubleKind::TellsNobody, "switched off"),
        ("partner-prod-5xx", AlarmTroubleKind::TellsNobody, "no action"),
    ] {
        let line = named(&list, name);
        let found = line.troubles.iter().find(|trouble| trouble.kind == kind);
        assert!(found.is_some_and(|trouble| trouble.message.contains(words)), "{name}: {:?}", line.troubles);
    }
    assert!(named(&list, "storefront-prod-5xx").tells, "by the composite alarm");
    assert!(named(&list, "partner-traffic-unusual").watches.contains("outside of what CloudWatch expects"));
    assert!(named(&list, "storefront-error-rate").watches.contains("100*errors/requests"));
}

#[tokio::test]
async fn the_list_is_filtered_and_paged() {
    let (_bench, host, _) = ready().await;
    let ask = async |request: AlarmListRequest| alarm_list(&host, request).await;
    let burning = ask(AlarmListRequest { state: Some(AlarmState::Alarm), limit: 1, ..AlarmListRequest::default() })
        .await
        .unwrap();
    assert_eq!((burning.items.len(), burning.matching), (1, burning.burning));
    let login = ask(AlarmListRequest { text: "LOGIN storefront".to_owned(), limit: 9, ..AlarmListRequest::default() })
        .await
        .unwrap();
    assert!(login.items.iter().any(|line| line.alarm.name == "storefront-login-4xx"));
    let troubled = ask(AlarmListRequest { troubled: true, limit: 500, ..AlarmListRequest::default() }).await.unwrap();
    assert_eq!(troubled.matching, troubled.troubled);
    assert_eq!(ask(AlarmListRequest::default()).await.unwrap_err().code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn an_alarm_changes_its_state_with_the_traffic_and_its_history_tells() {
    let (_bench, host, clock) = ready().await;
    assert_eq!(named(&listed(&host).await, "app-needs-somebody").alarm.state, AlarmState::Alarm);
    let request = AlarmHistoryRequest { context: "demo".to_owned(), name: "app-needs-somebody".to_owned(), days: 14 };
    let history = alarm_history(&host, request.clone()).await.unwrap();
    let went_off = history.items.iter().find(|item| item.to == Some(AlarmState::Alarm)).unwrap();
    assert_eq!(went_off.from, Some(AlarmState::Ok));
    assert!(went_off.reason.as_deref().unwrap().contains("transitioned to ALARM"), "{:?}", went_off.reason);
    assert!(
        history.items.iter().any(|item| item.kind == AlarmHistoryKind::Action && item.summary.contains("shop-oncall"))
    );
    assert_eq!(history.items.last().map(|item| item.kind), Some(AlarmHistoryKind::Configuration), "oldest last");
    clock.by(120);
    let later = listed(&host).await;
    let known = history.items.len();
    let after = alarm_history(&host, request.clone()).await.unwrap();
    assert!(after.items.len() >= known, "history only grows");
    assert!(later.read_at.unwrap().starts_with("2026-03-02T17:00"));
    let wrong = alarm_history(&host, AlarmHistoryRequest { days: 31, ..request }).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::InvalidInput);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_gap_and_never_no_alarms() {
    let (bench, host, _) = ready().await;
    bench.account.faults().fail(Fault::denied("monitoring", "DescribeAlarms"));
    let list = listed(&host).await;
    assert!(list.items.is_empty() && !list.coverage.complete);
    assert_eq!(list.coverage.gaps[0].kind, GapKind::Denied);
    let covered = alarm_coverage(&host, AlarmCoverageRequest::default()).await.unwrap();
    assert!(
        covered.items.is_empty() && covered.missing == 0 && !covered.coverage.complete,
        "nothing is called missing"
    );
    let wanted = vec![AlarmWanted {
        stage: stage(&host, "partner", "prod").await,
        route_id: None,
        subjects: vec![AlarmSubject::Latency],
    }];
    let refused = alarm_create(&host, create(wanted, None)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Denied, "{}", refused.message);
}

#[tokio::test]
async fn coverage_names_what_is_missing_for_stages_and_sensitive_routes() {
    let (_bench, host, _) = ready().await;
    let covered = alarm_coverage(
        &host,
        AlarmCoverageRequest { api: Some("storefront".to_owned()), ..AlarmCoverageRequest::default() },
    )
    .await
    .unwrap();
    let row = |stage: &str, route: Option<&str>| {
        let found = covered.items.iter().find(|line| line.row.stage == stage && line.row.route.as_deref() == route);
        found.unwrap().row.cells.iter().map(|cell| cell.verdict).collect::<Vec<_>>()
    };
    assert_eq!(row("prod", None), [AlarmCoverVerdict::Covered, AlarmCoverVerdict::Missing, AlarmCoverVerdict::Covered]);
    assert_eq!(row("prod", Some("POST /v2/login"))[1], AlarmCoverVerdict::Covered);
    assert_eq!(row("prod", Some("POST /v2/login"))[0], AlarmCoverVerdict::Wider);
    assert_eq!(
        row("staging", Some("POST /v2/login")),
        [AlarmCoverVerdict::NoMetric; 3],
        "detailed metrics are off there"
    );
}

#[tokio::test]
async fn missing_alarms_are_made_in_one_plan_and_undone_in_one() {
    let (_bench, host, clock) = ready().await;
    let wanted = missing_of(&host, "partner").await;
    assert_eq!(wanted[0].subjects, [AlarmSubject::ClientErrors, AlarmSubject::Latency]);
    let plan = alarm_create(&host, create(wanted.clone(), Some(ONCALL))).await.unwrap();
    assert_eq!(plan.title, "Create 2 alarms");
    let commands: Vec<&str> = plan.steps.iter().map(|step| step.command.as_str()).collect();
    insta::assert_snapshot!(commands.join("\n"), @r#"
    aws cloudwatch put-metric-alarm --alarm-name apigateway-partner-prod-4xx --alarm-description 'Alarm on 4XX errors of partner/prod, as AWS recommends.' --namespace AWS/ApiGateway --metric-name 4XXError --dimensions '[{"Name":"ApiName","Value":"partner"},{"Name":"Stage","Value":"prod"}]' --statistic Average --period 60 --evaluation-periods 5 --datapoints-to-alarm 5 --threshold 0.05 --comparison-operator GreaterThanThreshold --treat-missing-data notBreaching --alarm-actions '["arn:aws:sns:eu-west-1:111122223333:shop-oncall"]' --region eu-west-1
    aws cloudwatch put-metric-alarm --alarm-name apigateway-partner-prod-latency --alarm-description 'Alarm on latency of partner/prod, as AWS recommends.' --namespace AWS/ApiGateway --metric-name Latency --dimensions '[{"Name":"ApiName","Value":"partner"},{"Name":"Stage","Value":"prod"}]' --extended-statistic p90 --period 60 --evaluation-periods 5 --datapoints-to-alarm 5 --threshold 2500 --comparison-operator GreaterThanOrEqualToThreshold --treat-missing-data notBreaching --alarm-actions '["arn:aws:sns:eu-west-1:111122223333:shop-oncall"]' --region eu-west-1
    "#);
    assert_eq!(plan.steps[0].iam_action, "cloudwatch:PutMetricAlarm");
    let done = apply(&host, &plan).await.unwrap();
    let made = listed(&host).await;
    let latency = named(&made, "apigateway-partner-prod-latency");
    assert_eq!(
        (latency.alarm.state, latency.tells),
        (AlarmState::InsufficientData, true),
        "new: nothing was evaluated yet"
    );
    clock.by(5);
    assert_eq!(named(&listed(&host).await, "apigateway-partner-prod-latency").alarm.state, AlarmState::Ok);
    assert!(missing_of(&host, "partner").await[0].subjects.is_empty());

    let again = alarm_create(&host, create(wanted, Some(ONCALL))).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::Conflict);
    assert!(again.details.iter().any(|name| name.contains("apigateway-partner-prod-latency")), "{:?}", again.details);

    let undo = change_undo(&host, ChangeUndoRequest { entry: done.entry }).await.unwrap();
    assert!(undo.steps.iter().all(|step| step.command.starts_with("aws cloudwatch delete-alarms")));
    let undone = apply(&host, &undo).await.unwrap();
    assert!(listed(&host).await.items.iter().all(|line| line.alarm.name != "apigateway-partner-prod-latency"));
    let redo = change_undo(&host, ChangeUndoRequest { entry: undone.entry }).await.unwrap();
    apply(&host, &redo).await.unwrap();
    assert!(
        named(&listed(&host).await, "apigateway-partner-prod-latency").alarm.alarm_actions.contains(&ONCALL.to_owned())
    );
}

#[tokio::test]
async fn an_alarm_that_somebody_made_meanwhile_is_not_written_over() {
    let (_bench, host, _) = ready().await;
    let wanted = missing_of(&host, "partner").await;
    let first = alarm_create(&host, create(wanted.clone(), None)).await.unwrap();
    let mut other = create(wanted, Some(ONCALL));
    other.thresholds = vec![AlarmThreshold {
        subject: AlarmSubject::Latency,
        threshold: "900".to_owned(),
        datapoints: String::new(),
        periods: String::new(),
    }];
    let second = alarm_create(&host, other).await.unwrap();
    apply(&host, &second).await.unwrap();
    let conflict = apply(&host, &first).await.unwrap_err();
    assert_eq!(conflict.code, ErrorCode::Conflict);
    let kept = listed(&host).await;
    let latency = named(&kept, "apigateway-partner-prod-latency");
    assert_eq!(latency.alarm.condition.as_ref().unwrap().threshold, Some(900.0));
    assert!(latency.alarm.description.as_deref().unwrap().contains("adjusted"));
}

#[tokio::test]
async fn an_answer_that_was_lost_is_looked_up_and_the_call_sent_again() {
    let (bench, host, _) = ready().await;
    let plan = alarm_create(&host, create(missing_of(&host, "partner").await, None)).await.unwrap();
    let lost =
        Fault { service: "monitoring", operation: "PutMetricAlarm", times: Some(1), status: 500, ..Fault::default() };
    bench.account.faults().fail(lost);
    apply(&host, &plan).await.unwrap();
    let kept = listed(&host).await;
    assert!(
        !named(&kept, "apigateway-partner-prod-4xx").tells && !named(&kept, "apigateway-partner-prod-latency").tells
    );
}

#[tokio::test]
async fn routes_without_metrics_wrong_topics_and_nothing_are_refused() {
    let (_bench, host, _) = ready().await;
    let of = |stage: StageName, route_id: Option<String>| {
        vec![AlarmWanted { stage, route_id, subjects: vec![AlarmSubject::ServerErrors] }]
    };
    let staging = stage(&host, "storefront", "staging").await;
    let login = routes(&host)
        .await
        .into_iter()
        .find(|route| &*route.stage == "staging" && &*route.path == "/v2/login")
        .unwrap();
    let refused = alarm_create(&host, create(of(staging.clone(), Some(login.id)), None)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidInput);
    assert!(refused.message.contains("detailed metrics are off"), "{}", refused.message);
    for topic in
        ["shop-oncall", "arn:aws:sns:us-east-1:111122223333:shop-oncall", "arn:aws:lambda:eu-west-1:111122223333:x"]
    {
        let refused = alarm_create(&host, create(of(staging.clone(), None), Some(topic))).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput, "{topic}");
    }
    assert_eq!(alarm_create(&host, create(Vec::new(), None)).await.unwrap_err().code, ErrorCode::InvalidInput);
    let gone = StageName { stage: "beta".to_owned(), ..staging };
    assert_eq!(alarm_create(&host, create(of(gone, None), None)).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn topics_are_listed_with_those_that_alarms_tell_first() {
    let (bench, host, _) = ready().await;
    let request = TopicListRequest { context: "demo".to_owned() };
    let topics = topic_list(&host, request.clone()).await.unwrap();
    assert_eq!(topics.items.len(), 3);
    assert!(topics.items[0].alarms >= topics.items[1].alarms && topics.items[2].alarms == 0);
    bench.account.faults().fail(Fault::denied("sns", "ListTopics"));
    let denied = topic_list(&host, request).await.unwrap();
    assert!(!denied.coverage.complete);
    assert_eq!(denied.items.len(), 2, "what alarms tell is known all the same");
}

fn show(stage: StageName, hours: u32) -> MetricsShowRequest {
    MetricsShowRequest { stage, route: None, hours, until: None }
}

fn sum(shown: &MetricsShow, chart: usize, line: usize) -> f64 {
    shown.charts[chart].lines[line].points.iter().map(|(_, value)| value).sum()
}

#[tokio::test]
async fn a_stage_is_charted_with_what_happened() {
    let (_bench, host, _) = ready().await;
    event_refresh(&host, EventRefreshRequest::default()).await.unwrap();
    let shown = metrics_show(&host, show(stage(&host, "storefront", "prod").await, 168)).await.unwrap();
    assert_eq!((shown.source, shown.period), (MetricsSource::Stage, 3_600));
    assert!(shown.coverage.complete, "{:?}", shown.coverage.gaps);
    assert_eq!(shown.charts.iter().map(|chart| chart.lines.len()).collect::<Vec<_>>(), [1, 2, 4]);
    assert!(sum(&shown, 0, 0) > 10_000.0);
    let (average, p50, p90, p99) = (sum(&shown, 2, 0), sum(&shown, 2, 1), sum(&shown, 2, 2), sum(&shown, 2, 3));
    assert!(p50 < p90 && p90 < p99 && average < p99, "{average} {p50} {p90} {p99}");
    assert_eq!(shown.calls.get("cloudwatch:GetMetricData"), Some(&1), "seven series are one call");
    for kind in [MarkKind::Deployment, MarkKind::Change, MarkKind::Alarm] {
        assert!(shown.marks.iter().any(|mark| mark.kind == kind), "{kind:?} of {:?}", shown.marks);
    }
    assert!(shown.marks.is_sorted_by_key(|mark| mark.at.parse::<Timestamp>().unwrap()));
    let limits = shown.marks.iter().find(|mark| mark.what.contains("rate limit of POST /v2/login")).unwrap();
    assert!(limits.who.is_some());
    assert!(shown.burning.is_empty(), "{:?}", shown.burning);
    let portal = metrics_show(&host, show(stage(&host, "mobile", "$default").await, 1)).await.unwrap();
    assert_eq!(portal.burning, ["app-needs-somebody", "mobile-4xx"]);
    let latency = shown.charts[2].thresholds.iter().find(|one| one.alarm == "storefront-prod-latency-p90").unwrap();
    assert!((latency.value - 1_000.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn a_route_has_its_own_metrics_or_says_that_they_are_the_stages() {
    let (_bench, host, _) = ready().await;
    let all = routes(&host).await;
    let login = |stage: &str| {
        all.iter()
            .find(|route| &*route.stage == stage && &*route.path == "/v2/login" && &*route.method == "POST")
            .unwrap()
            .id
            .clone()
    };
    let of = async |name: &str| {
        let request =
            MetricsShowRequest { route: Some(login(name)), ..show(stage(&host, "storefront", name).await, 3) };
        metrics_show(&host, request).await.unwrap()
    };
    let own = of("prod").await;
    assert_eq!((own.source, own.period), (MetricsSource::Route, 60));
    assert!(sum(&own, 1, 0) > 0.0, "logins fail");
    assert_eq!(own.charts[1].thresholds[0].alarm, "storefront-login-4xx");
    let by_key = MetricsShowRequest {
        route: Some("POST /v2/login".to_owned()),
        ..show(stage(&host, "storefront", "prod").await, 3)
    };
    assert_eq!(metrics_show(&host, by_key.clone()).await.unwrap().charts, own.charts, "a key names it too");
    let gone = MetricsShowRequest { route: Some("GET /gone".to_owned()), ..by_key };
    assert_eq!(metrics_show(&host, gone).await.unwrap_err().code, ErrorCode::NotFound);
    let instead = of("staging").await;
    assert_eq!(instead.source, MetricsSource::StageInstead);
    assert!(instead.notes[0].contains("totals of stage staging"), "{:?}", instead.notes);
    assert!(instead.notes.iter().any(|note| note.contains("not fetched from CloudTrail")), "{:?}", instead.notes);
}

#[tokio::test]
async fn no_requests_are_no_points_and_not_zeros() {
    let (_bench, host, _) = ready().await;
    let staging = metrics_show(&host, show(stage(&host, "storefront", "staging").await, 1)).await.unwrap();
    let minutes = staging.charts[0].lines[0].points.len();
    let errors = &staging.charts[1].lines[0].points;
    assert_eq!(errors.len(), minutes, "an error rate where there were requests, and nowhere else");
    let mobile = metrics_show(&host, show(stage(&host, "mobile", "$default").await, 24)).await.unwrap();
    assert!(sum(&mobile, 0, 0) > 0.0, "HTTP APIs have metrics by their id");
    for hours in [0, 337] {
        let refused = metrics_show(&host, show(stage(&host, "mobile", "$default").await, hours)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidInput, "{hours}");
    }
}

#[tokio::test]
async fn metrics_that_are_denied_are_an_error_and_a_denied_history_is_a_gap() {
    let (bench, host, _) = ready().await;
    let shop = stage(&host, "storefront", "prod").await;
    bench.account.faults().fail(Fault { times: Some(1), ..Fault::denied("monitoring", "DescribeAlarmHistory") });
    let shown = metrics_show(&host, show(shop.clone(), 1)).await.unwrap();
    assert_eq!(shown.coverage.gaps.len(), 1);
    assert_eq!(shown.coverage.gaps[0].operation, "DescribeAlarmHistory");
    bench.account.faults().fail(Fault::denied("monitoring", "GetMetricData"));
    let refused = metrics_show(&host, show(shop, 1)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Denied);
}

#[tokio::test]
async fn the_overview_counts_composite_alarms_too() {
    let (_bench, host, _) = ready().await;
    portcullis_operations::posture_refresh::posture_refresh(
        &host,
        portcullis_operations::posture_refresh::PostureRefreshRequest::default(),
    )
    .await
    .unwrap();
    let overview = posture_overview(&host, PostureOverviewRequest {}).await.unwrap();
    let burning = overview.contexts[0].alarms_burning.clone().unwrap();
    assert!(
        burning.contains(&"app-needs-somebody".to_owned()) && burning.contains(&"mobile-4xx".to_owned()),
        "{burning:?}"
    );
    assert_eq!(burning.len(), listed(&host).await.burning as usize);
}
