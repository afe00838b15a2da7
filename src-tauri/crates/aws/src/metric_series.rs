//! Any series of CloudWatch, per period: `GetMetricData` at 500 queries a call.

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{Dimension, DimensionFilter, Metric, MetricDataQuery, MetricStat, ScanBy, StatusCode},
};
use jiff::{SignedDuration, Timestamp};

use crate::{AwsError, Reader};

/// The most queries of one `GetMetricData` call.
const QUERIES: usize = 500;

/// The namespace of API Gateway's metrics.
const GATEWAY: &str = "AWS/ApiGateway";

/// One series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricSeries {
    /// `AWS/ApiGateway`, `AWS/WAFV2`.
    pub namespace: &'static str,
    /// `Count`, `5XXError`, `Latency`.
    pub metric: &'static str,
    /// `Sum`, `Average`, `p90`.
    pub statistic: &'static str,
    /// Names and values.
    pub dimensions: Vec<(&'static str, String)>,
}

impl MetricSeries {
    /// One of `AWS/ApiGateway`.
    #[must_use]
    pub fn of_gateway(metric: &'static str, statistic: &'static str, dimensions: Vec<(&'static str, String)>) -> Self {
        Self { namespace: GATEWAY, metric, statistic, dimensions }
    }
}

/// A value of a period: its start in seconds since the epoch.
pub type MetricPoint = (i64, f64);

impl Reader<'_> {
    /// The values of each series, oldest first; periods without a value are absent. `what` is read, for an error's words.
    ///
    /// # Errors
    /// As every read; `NotUnderstood` when CloudWatch answers for some series and refuses others.
    pub async fn metric_series(
        &self,
        what: &str,
        series: &[MetricSeries],
        start: Timestamp,
        end: Timestamp,
        period: SignedDuration,
    ) -> Result<Vec<Vec<MetricPoint>>, AwsError> {
        let client = self.session.cloudwatch();
        let seconds = i32::try_from(period.as_secs()).unwrap_or(i32::MAX);
        let mut all = Vec::with_capacity(series.len());
        for batch in series.chunks(QUERIES) {
            let mut points: Vec<Vec<MetricPoint>> = vec![Vec::new(); batch.len()];
            let queries: Vec<MetricDataQuery> =
                batch.iter().enumerate().map(|(number, series)| query(number, series, seconds)).collect();
            let mut token = None::<String>;
            loop {
                let answer = self
                    .read("cloudwatch", "GetMetricData", what, || {
                        client
                            .get_metric_data()
                            .set_metric_data_queries(Some(queries.clone()))
                            .start_time(DateTime::from_secs(start.as_second()))
                            .end_time(DateTime::from_secs(end.as_second()))
                            .scan_by(ScanBy::TimestampAscending)
                            .set_next_token(token.clone())
                            .send()
                    })
                    .await?;
                for result in answer.metric_data_results() {
                    let number = result.id().and_then(|id| id.strip_prefix('q')?.parse::<usize>().ok());
                    // An answer without values would read as no requests.
                    if let Some(status @ (StatusCode::Forbidden | StatusCode::InternalError)) = result.status_code() {
                        let of = number.and_then(|number| batch.get(number)).map_or("a metric", |series| series.metric);
                        let message = format!("CloudWatch did not give the values of {of}: {}.", status.as_str());
                        return Err(AwsError::not_understood("cloudwatch", "GetMetricData", message));
                    }
                    let Some(of) = number.and_then(|number| points.get_mut(number)) else { continue };
                    of.extend(result.timestamps().iter().zip(result.values()).map(|(at, value)| (at.secs(), *value)));
                }
                token = answer.next_token().map(str::to_owned);
                if token.is_none() {
                    break;
                }
            }
            all.extend(points);
        }
        Ok(all)
    }

    /// Whether CloudWatch knows a series with these dimensions: how it names a canary is not documented, so it is asked.
    ///
    /// # Errors
    /// As every read.
    pub async fn knows_series(&self, metric: &str, dimensions: &[(&'static str, String)]) -> Result<bool, AwsError> {
        let client = self.session.cloudwatch();
        let filters: Vec<DimensionFilter> = dimensions
            .iter()
            .map(|(name, value)| DimensionFilter::builder().name(*name).value(value).build())
            .collect();
        let answer = self
            .read("cloudwatch", "ListMetrics", "the metrics of the canary", || {
                let call = client.list_metrics().namespace(GATEWAY).metric_name(metric);
                call.set_dimensions(Some(filters.clone())).send()
            })
            .await?;
        Ok(answer.metrics().iter().any(|metric| metric.dimensions().len() == dimensions.len()))
    }
}

fn query(number: usize, series: &MetricSeries, seconds: i32) -> MetricDataQuery {
    let dimensions =
        series.dimensions.iter().map(|(name, value)| Dimension::builder().name(*name).value(value).build()).collect();
    let metric = Metric::builder()
        .namespace(series.namespace)
        .metric_name(series.metric)
        .set_dimensions(Some(dimensions))
        .build();
    let stat = MetricStat::builder().metric(metric).period(seconds).stat(series.statistic).build();
    MetricDataQuery::builder().id(format!("q{number}")).metric_stat(stat).build()
}
