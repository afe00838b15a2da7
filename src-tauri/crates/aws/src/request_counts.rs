//! `AWS/ApiGateway` `Count`: how many requests an API, stage or route had.
//!
//! REST metrics carry the API's *name*: two APIs of one name share them. A route has a metric of its own only with
//! detailed metrics switched on; CloudWatch answers an unknown series with no points and not with an error.
//!
//! The metrics of HTTP routes are documented with the dimension `Route` ("Working with metrics for HTTP APIs") and found
//! with `Resource` and `Method`: both are asked for in the same call, and the first that has points counts. They are
//! never added: an account that has both has each request twice.

use std::sync::Arc;

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{Dimension, Metric, MetricDataQuery, MetricStat, ScanBy},
};
use jiff::{SignedDuration, Timestamp};
use portcullis_domain::throttle_replay::MinuteCount;

use crate::{AwsError, Reader};

/// The most queries of one `GetMetricData` call.
const QUERIES: usize = 500;

/// Whose requests.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CountSeries {
    /// A stage of a REST API.
    RestStage {
        /// The API's name.
        api_name: Arc<str>,
        /// Stage.
        stage: Arc<str>,
    },
    /// A method of a REST stage.
    RestMethod {
        /// The API's name.
        api_name: Arc<str>,
        /// Stage.
        stage: Arc<str>,
        /// `/pets/{id}`.
        resource: Arc<str>,
        /// `GET`.
        method: Arc<str>,
    },
    /// A stage of an HTTP API.
    HttpStage {
        /// API.
        api_id: Arc<str>,
        /// Stage.
        stage: Arc<str>,
    },
    /// A route of an HTTP stage.
    HttpRoute {
        /// API.
        api_id: Arc<str>,
        /// Stage.
        stage: Arc<str>,
        /// `GET /pets`.
        route_key: Arc<str>,
    },
}

impl CountSeries {
    /// The sets of dimensions that the series may be kept under, the documented one first.
    fn forms(&self) -> Vec<Vec<(&'static str, &str)>> {
        match self {
            Self::RestStage { api_name, stage } => vec![vec![("ApiName", api_name), ("Stage", stage)]],
            Self::RestMethod { api_name, stage, resource, method } => {
                vec![vec![("ApiName", api_name), ("Stage", stage), ("Resource", resource), ("Method", method)]]
            }
            Self::HttpStage { api_id, stage } => vec![vec![("ApiId", api_id), ("Stage", stage)]],
            Self::HttpRoute { api_id, stage, route_key } => {
                let of_stage: [(&'static str, &str); 2] = [("ApiId", api_id), ("Stage", stage)];
                let documented = [&of_stage[..], &[("Route", route_key)]].concat();
                // `$default` has no method.
                let found = route_key
                    .split_once(' ')
                    .map(|(method, path)| [&of_stage[..], &[("Resource", path), ("Method", method)]].concat());
                std::iter::once(documented).chain(found).collect()
            }
        }
    }

    fn metrics(&self) -> impl Iterator<Item = Metric> {
        self.forms().into_iter().map(|form| {
            let dimensions =
                form.into_iter().map(|(name, value)| Dimension::builder().name(name).value(value).build()).collect();
            Metric::builder().namespace("AWS/ApiGateway").metric_name("Count").set_dimensions(Some(dimensions)).build()
        })
    }
}

impl Reader<'_> {
    /// Requests per `period` (60 seconds or a multiple) of each series, oldest first; periods without a request are
    /// absent.
    ///
    /// # Errors
    /// As every read.
    pub async fn request_counts(
        &self,
        series: &[CountSeries],
        start: Timestamp,
        end: Timestamp,
        period: SignedDuration,
    ) -> Result<Vec<Vec<MinuteCount>>, AwsError> {
        let client = self.session.cloudwatch();
        let asked: Vec<(usize, Metric)> = series
            .iter()
            .enumerate()
            .flat_map(|(number, series)| series.metrics().map(move |metric| (number, metric)))
            .collect();
        let mut answered: Vec<Vec<MinuteCount>> = Vec::with_capacity(asked.len());
        for batch in asked.chunks(QUERIES) {
            let mut points: Vec<Vec<MinuteCount>> = vec![Vec::new(); batch.len()];
            let queries: Vec<MetricDataQuery> = batch
                .iter()
                .enumerate()
                .map(|(number, (_, metric))| {
                    let seconds = i32::try_from(period.as_secs()).unwrap_or(i32::MAX);
                    let stat = MetricStat::builder().metric(metric.clone()).period(seconds).stat("Sum").build();
                    MetricDataQuery::builder().id(format!("q{number}")).metric_stat(stat).build()
                })
                .collect();
            let mut token = None::<String>;
            loop {
                let answer = self
                    .read("cloudwatch", "GetMetricData", "the number of requests", || {
                        client
                            .get_metric_data()
                            .set_metric_data_queries(Some(queries.clone()))
                            .start_time(moment(start))
                            .end_time(moment(end))
                            .scan_by(ScanBy::TimestampAscending)
                            .set_next_token(token.clone())
                            .send()
                    })
                    .await?;
                for result in answer.metric_data_results() {
                    let number = result.id().and_then(|id| id.strip_prefix('q')?.parse::<usize>().ok());
                    let Some(of) = number.and_then(|number| points.get_mut(number)) else { continue };
                    of.extend(
                        result
                            .timestamps()
                            .iter()
                            .zip(result.values())
                            .map(|(at, value)| MinuteCount { minute: at.secs(), requests: whole(*value) }),
                    );
                }
                token = answer.next_token().map(str::to_owned);
                if token.is_none() {
                    break;
                }
            }
            answered.extend(points);
        }
        let mut counts: Vec<Vec<MinuteCount>> = vec![Vec::new(); series.len()];
        for ((number, _), points) in asked.iter().zip(answered) {
            if let Some(of) = counts.get_mut(*number).filter(|of| of.is_empty()) {
                *of = points;
            }
        }
        Ok(counts)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a sum of requests is whole and not negative"
)]
fn whole(sum: f64) -> u64 {
    sum.round().max(0.0) as u64
}

fn moment(at: Timestamp) -> DateTime {
    DateTime::from_secs(at.as_second())
}
