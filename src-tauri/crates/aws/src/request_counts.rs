//! `AWS/ApiGateway` `Count`: how many requests an API, stage or route had.
//!
//! REST metrics carry the API's *name*: two APIs of one name share them. A route has a metric of its own only with
//! detailed metrics switched on; CloudWatch answers an unknown series with no points and not with an error.
//!
//! The metrics of HTTP routes are documented with the dimension `Route` ("Working with metrics for HTTP APIs") and found
//! with `Resource` and `Method`: both are asked for in the same call, and the first that has points counts. They are
//! never added: an account that has both has each request twice.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::throttle_replay::MinuteCount;

use crate::{AwsError, MetricSeries, Reader};

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

    fn series(&self) -> impl Iterator<Item = MetricSeries> {
        self.forms().into_iter().map(|form| {
            let dimensions = form.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
            MetricSeries::of_gateway("Count", "Sum", dimensions)
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
        let (whose, asked): (Vec<usize>, Vec<MetricSeries>) = series
            .iter()
            .enumerate()
            .flat_map(|(number, series)| series.series().map(move |series| (number, series)))
            .unzip();
        let answered = self.metric_series("the number of requests", &asked, start, end, period).await?;
        let mut counts: Vec<Vec<MinuteCount>> = vec![Vec::new(); series.len()];
        for (number, points) in whose.into_iter().zip(answered) {
            if let Some(of) = counts.get_mut(number).filter(|of| of.is_empty()) {
                *of = points.into_iter().map(|(minute, sum)| MinuteCount { minute, requests: whole(sum) }).collect();
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
