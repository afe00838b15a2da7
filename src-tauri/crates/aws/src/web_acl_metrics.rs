//! What WAF counted, from `AWS/WAFV2`.
//!
//! The dimensions have the names of metrics and not of web ACLs and rules; CloudFront's have no region. Only periods in
//! which something was counted have a value: nothing means none.

use jiff::{SignedDuration, Timestamp};
use portcullis_domain::waf::WafScope;

use crate::{AwsError, MetricPoint, MetricSeries, Reader};

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
        let series = |rule: &String, metric| {
            let mut dimensions = vec![("WebACL", web_acl.to_owned()), ("Rule", rule.clone())];
            dimensions.extend(region.map(|region| ("Region", region.to_owned())));
            MetricSeries { namespace: "AWS/WAFV2", metric, statistic: "Sum", dimensions }
        };
        let asked: Vec<MetricSeries> =
            rules.iter().flat_map(|rule| WAF_METRICS.map(|metric| series(rule, metric))).collect();
        let points = self.metric_series("the metrics of the web ACL", &asked, start, end, period).await?;
        let mut points = points.into_iter();
        Ok(rules.iter().map(|_| std::array::from_fn(|_| points.next().unwrap_or_default())).collect())
    }
}
