//! Log groups and queries of CloudWatch Logs on the demo account, over the real SDK.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use jiff::Timestamp;
use portcullis_aws::{BudgetLimits, Lane, Reader, Session, SessionDeps};
use portcullis_demo::DemoAccount;
use portcullis_domain::{FixedClock, context::ContextSpec, coverage::GapKind};
use tokio_util::sync::CancellationToken;

const NOW: &str = "2026-03-02T15:00:00Z";

async fn session() -> (DemoAccount, Session) {
    let account = DemoAccount::standard(Arc::new(FixedClock(NOW.parse().unwrap()))).unwrap();
    let deps = SessionDeps::new(Some(account.http_client()), BudgetLimits::unlimited());
    let session = Session::open(&ContextSpec::demo(), &deps).await.unwrap();
    (account, session)
}

fn hour() -> (Timestamp, Timestamp) {
    let end: Timestamp = NOW.parse().unwrap();
    (end - jiff::SignedDuration::from_hours(1), end)
}

#[tokio::test]
async fn groups_say_how_long_they_keep_and_who_encrypts_them() {
    let (_account, session) = session().await;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let groups = reader.log_groups("/aws/apigateway/").await.unwrap();
    let of = |name: &str| groups.iter().find(|group| group.name == format!("/aws/apigateway/{name}")).unwrap();
    let kept = |name: &str| (of(name).retention_days, of(name).kms_key_id.is_some());
    assert_eq!(kept("storefront-prod"), (Some(90), true));
    assert_eq!(kept("clinic-portal-prod"), (Some(400), false));
    assert_eq!(kept("partner-prod"), (None, false), "kept for ever");
    assert!(reader.log_groups("/nothing/of/the/kind").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_query_that_is_no_query_is_refused_with_awss_code() {
    let (_account, session) = session().await;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let (start, end) = hour();
    let groups = ["/aws/apigateway/storefront-prod".to_owned()];
    let error = reader.log_query(&groups, "stats percentile_of(x)", start, end).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.service.as_str()), ("MalformedQueryException", "logs"));
    let error = reader.log_query(&["/nowhere".to_owned()], "stats count(*)", start, end).await.unwrap_err();
    assert_eq!(error.kind, GapKind::NotFound, "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_query_that_takes_too_long_is_stopped_at_aws() {
    let (account, session) = session().await;
    account.end_log_queries("Running");
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let (start, end) = hour();
    let groups = ["/aws/apigateway/storefront-prod".to_owned()];
    let error = reader.log_query(&groups, "stats count(*) as n", start, end).await.unwrap_err();
    assert_eq!(error.code, "QueryTakesTooLong", "{error:?}");
    assert_eq!(reader.counts()["logs:StopQuery"], 1);
}
