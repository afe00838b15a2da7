//! How many requests routes had, from CloudWatch's `Count`.

use std::{collections::HashMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use portcullis_aws::{CountSeries, Lane, Reader};
use portcullis_domain::{api::ApiKind, route::Route, throttle_replay::MinuteCount};
use tokio_util::sync::CancellationToken;

use crate::{error::WireError, host::Host};

/// Requests of each route in the last 24 hours, by route id; a route without a metric of its own is absent, which is
/// not the same as none.
pub(crate) async fn requests_last_day(
    host: &Host,
    context: &str,
    routes: &[Route],
) -> Result<HashMap<String, u64>, WireError> {
    let series: Vec<(String, CountSeries)> =
        routes.iter().filter_map(|route| Some((route.id.clone(), of_route(route)?))).collect();
    if series.is_empty() {
        return Ok(HashMap::new());
    }
    let session = host.open_context(context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::Change, CancellationToken::new());
    let end = host.inner.options.clock.now();
    let day = SignedDuration::from_hours(24);
    let wanted: Vec<CountSeries> = series.iter().map(|(_, series)| series.clone()).collect();
    let counts = reader.request_counts(&wanted, end - day, end, day).await?;
    let sums = counts.into_iter().map(|points| points.iter().map(|point| point.requests).sum::<u64>());
    let had = series.into_iter().zip(sums);
    Ok(had.filter(|(_, sum)| *sum > 0).map(|((id, _), sum)| (id, sum)).collect())
}

/// Requests per minute, oldest first.
pub(crate) async fn per_minute(
    host: &Host,
    context: &str,
    series: CountSeries,
    start: Timestamp,
    end: Timestamp,
) -> Result<Vec<MinuteCount>, WireError> {
    let session = host.open_context(context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let counts = reader.request_counts(&[series], start, end, SignedDuration::from_secs(60)).await?;
    Ok(counts.into_iter().next().unwrap_or_default())
}

/// The series of one route, where CloudWatch can have one: REST and HTTP count requests, WebSocket counts messages by
/// other names.
pub(crate) fn of_route(route: &Route) -> Option<CountSeries> {
    match route.api_kind {
        ApiKind::Rest => Some(CountSeries::RestMethod {
            api_name: Arc::clone(&route.api_name),
            stage: Arc::clone(&route.stage),
            resource: Arc::clone(&route.path),
            method: Arc::clone(&route.method),
        }),
        ApiKind::Http => Some(CountSeries::HttpRoute {
            api_id: Arc::clone(&route.api_id),
            stage: Arc::clone(&route.stage),
            route_key: portcullis_domain::change::route_key(route).into(),
        }),
        ApiKind::WebSocket => None,
    }
}

/// The series of the whole stage that a route is on.
pub(crate) fn of_stage(route: &Route) -> Option<CountSeries> {
    match route.api_kind {
        ApiKind::Rest => {
            Some(CountSeries::RestStage { api_name: Arc::clone(&route.api_name), stage: Arc::clone(&route.stage) })
        }
        ApiKind::Http => {
            Some(CountSeries::HttpStage { api_id: Arc::clone(&route.api_id), stage: Arc::clone(&route.stage) })
        }
        ApiKind::WebSocket => None,
    }
}
