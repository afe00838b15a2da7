//! What WAF counted, from `AWS/WAFV2`.
//!
//! The dimensions have the names of metrics and not of web ACLs and rules; CloudFront's have no region. Only periods in
//! which something was counted have a value: nothing means none.

use aws_sdk_cloudwatch::{
    primitives::DateTime,
    types::{Dimension, Metric, MetricDataQuery, MetricStat, ScanBy},
};
use jiff::{SignedDuration, Timestamp};
use portcullis_domain::waf::WafScope;

use crate::{AwsError, MetricPoint, Reader};

/// The most queries of one `GetMetricData` call.
const QUERIES: usize = 500;
/// What is asked for, in this order.
pub const WAF_METRICS: [&str; 5] =
    ["AllowedRequests", "BlockedRequests", "CountedRequests", "CaptchaRequests", "ChallengeRequests"];

impl Reader<'_> {
    /// The sums per period of each of [`WAF_METRICS`], for each of `rules` (names of metrics; `ALL` for the whole web
    /// ACL, `Default_Action` for what no rule ended), oldest first.
    ///
    /// # Errors
    /// As every read.
    pub async fn web_acl_counts(
        &self,
        scope: WafScope,
        web_acl: &str,
        rules: &[String],
        start: Timestamp,
        end: Timestamp,
        period: SignedDuration,
    ) -> Result<Vec<[Vec<MetricPoint>; 5]>, AwsError> {
        let region = (scope == WafScope::Regional).then(|| self.session.region());
        let seconds = i32::try_from(period.as_secs()).unwrap_or(i32::MAX);
        let queries: Vec<MetricDataQuery> = rules
            .iter()
            .flat_map(|rule| WAF_METRICS.map(|metric| (rule, metric)))
            .enumerate()
            .map(|(number, (rule, metric))| query(number, metric, region, web_acl, rule, seconds))
            .collect();
        let mut points: Vec<Vec<MetricPoint>> = vec![Vec::new(); queries.len()];
        let client = self.session.cloudwatch();
        for batch in queries.chunks(QUERIES) {
            let mut token = None::<String>;
            loop {
                let answer = self
                    .read("cloudwatch", "GetMetricData", "the metrics of the web ACL", || {
                        client
                            .get_metric_data()
                            .set_metric_data_queries(Some(batch.to_vec()))
                            .start_time(DateTime::from_secs(start.as_second()))
                            .end_time(DateTime::from_secs(end.as_second()))
                            .scan_by(ScanBy::TimestampAscending)
                            .set_next_token(token.clone())
                            .send()
                    })
                    .await?;
                for result in answer.metric_data_results() {
                    let number = result.id().and_then(|id| id.strip_prefix('q')?.parse::<usize>().ok());
                    let Some(of) = number.and_then(|number| points.get_mut(number)) else { continue };
                    of.extend(result.timestamps().iter().zip(result.values()).map(|(at, value)| (at.secs(), *value)));
                }
                token = answer.next_token().map(str::to_owned);
                if token.is_none() {
                    break;
                }
            }
        }
        let mut points = points.into_iter();
        Ok(rules.iter().map(|_| std::array::from_fn(|_| points.next().unwrap_or_default())).collect())
    }
}

fn query(
    number: usize,
    metric: &str,
    region: Option<&str>,
    web_acl: &str,
    rule: &str,
    seconds: i32,
) -> MetricDataQuery {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let metric = Metric::builder()
        .namespace("AWS/WAFV2")
        .metric_name(metric)
        .set_dimensions(Some(
            [
                Some(dimension("WebACL", web_acl)),
                Some(dimension("Rule", rule)),
                region.map(|region| dimension("Region", region)),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ))
        .build();
    let stat = MetricStat::builder().metric(metric).period(seconds).stat("Sum").build();
    MetricDataQuery::builder().id(format!("q{number}")).metric_stat(stat).build()
}
