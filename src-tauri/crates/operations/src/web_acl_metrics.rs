//! `web_acl_metrics`: how many requests a web ACL and each of its rules allowed, blocked and counted.

use jiff::SignedDuration;
use portcullis_aws::{Lane, MetricPoint, Reader};
use portcullis_domain::waf::WafScope;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// The most hours: CloudWatch keeps values per minute for 15 days.
const HOURS: u32 = 336;

/// Of which, and how far back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclMetricsRequest {
    /// The context's label.
    #[serde(default)]
    pub context: String,
    /// ARN, id or name.
    pub web_acl: String,
    /// Hours, 1 to 336.
    pub hours: u32,
}

/// What happened to requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WafCounts {
    /// Let through.
    #[ts(type = "number")]
    pub allowed: u64,
    /// Refused.
    #[ts(type = "number")]
    pub blocked: u64,
    /// Counted.
    #[ts(type = "number")]
    pub counted: u64,
    /// Asked for a CAPTCHA.
    #[ts(type = "number")]
    pub captcha: u64,
    /// Challenged.
    #[ts(type = "number")]
    pub challenge: u64,
}

/// A rule's counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleCounts {
    /// The rule.
    pub rule: String,
    /// What happened to requests that matched; `None` where the rule has no metrics.
    #[ts(optional = nullable)]
    pub counts: Option<WafCounts>,
}

/// A period's counts of the whole web ACL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WafPoint {
    /// Begin, seconds since the epoch.
    #[ts(type = "number")]
    pub at: i64,
    /// Counts.
    pub counts: WafCounts,
}

/// Counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclMetrics {
    /// Of the whole web ACL.
    pub all: WafCounts,
    /// Of each rule, in order.
    pub rules: Vec<RuleCounts>,
    /// Over time; periods in which nothing was counted are absent.
    pub points: Vec<WafPoint>,
    /// Length of a period, seconds.
    #[ts(type = "number")]
    pub period: i64,
    /// From, seconds since the epoch.
    #[ts(type = "number")]
    pub from: i64,
    /// Until.
    #[ts(type = "number")]
    pub to: i64,
}

/// Reads them.
///
/// # Errors
/// `InvalidInput` for a time that is too long, `NotFound`; AWS's.
pub async fn web_acl_metrics(host: &Host, request: WebAclMetricsRequest) -> Result<WebAclMetrics, WireError> {
    if !(1..=HOURS).contains(&request.hours) {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("Ask for 1 to {HOURS} hours.")));
    }
    let (label, arn, name) = host.one_web_acl(&request.context, &request.web_acl).await?;
    let known = host.web_acls(false).await;
    let acl = known.iter().find(|read| read.context == label).and_then(|read| read.find(&arn)?.acl.as_ref());
    let acl = acl.ok_or_else(|| {
        WireError::new(
            ErrorCode::NotFound,
            format!("The web ACL {name} could not be read, so its metrics have no name."),
        )
        .with_hint("Read the web ACLs again.")
    })?;
    let scope = acl.scope;
    let metric = acl.metric_name.clone().unwrap_or_else(|| name.clone());
    let mut wanted = vec!["ALL".to_owned()];
    wanted.extend(acl.rules.iter().filter_map(|rule| rule.metric_name.clone().filter(|_| rule.metrics_enabled)));
    let session = host.open_context(&label)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let period = period(request.hours);
    // Periods begin at multiples of their length: a window that does not would cut its first.
    let end = host.inner.options.clock.now().as_second();
    let from = (end - i64::from(request.hours) * 3_600) / period * period;
    let at = |second: i64| {
        jiff::Timestamp::from_second(second).map_err(|error| WireError::internal("web_acl_metrics", &error))
    };
    let counts =
        reader.web_acl_counts(scope, &metric, &wanted, at(from)?, at(end)?, SignedDuration::from_secs(period)).await?;
    let mut counts = counts.into_iter();
    let all = counts.next().unwrap_or_default();
    let rules = acl
        .rules
        .iter()
        .map(|rule| RuleCounts {
            rule: rule.name.clone(),
            counts: (rule.metrics_enabled && rule.metric_name.is_some())
                .then(|| counts.next().map(|series| sums(&series)))
                .flatten(),
        })
        .collect();
    Ok(WebAclMetrics { all: sums(&all), rules, points: points(&all), period, from, to: end })
}

/// How many requests a rule counted in the last day; `None` where it has no metrics.
pub(crate) async fn counted_last_day(
    host: &Host,
    context: &str,
    scope: WafScope,
    web_acl: &str,
    rule: &str,
) -> Result<u64, WireError> {
    let session = host.open_context(context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::Change, CancellationToken::new());
    let end = host.inner.options.clock.now();
    let day = SignedDuration::from_hours(24);
    let hour = SignedDuration::from_hours(1);
    let counts = reader.web_acl_counts(scope, web_acl, &[rule.to_owned()], end - day, end, hour).await?;
    Ok(counts.first().map(|series| sums(series).counted).unwrap_or_default())
}

/// At most some hundred periods, of lengths that CloudWatch keeps.
fn period(hours: u32) -> i64 {
    match hours {
        0..=3 => 60,
        4..=24 => 300,
        25..=72 => 900,
        _ => 3_600,
    }
}

fn sums(series: &[Vec<MetricPoint>; 5]) -> WafCounts {
    let sum = |points: &Vec<MetricPoint>| whole(points.iter().map(|(_, value)| value).sum());
    let [allowed, blocked, counted, captcha, challenge] = series.each_ref().map(sum);
    WafCounts { allowed, blocked, counted, captcha, challenge }
}

fn points(series: &[Vec<MetricPoint>; 5]) -> Vec<WafPoint> {
    let mut moments: Vec<i64> = series.iter().flatten().map(|(at, _)| *at).collect();
    moments.sort_unstable();
    moments.dedup();
    moments
        .into_iter()
        .map(|at| {
            let of = |points: &Vec<MetricPoint>| {
                points.iter().filter(|(moment, _)| *moment == at).copied().collect::<Vec<MetricPoint>>()
            };
            WafPoint { at, counts: sums(&series.each_ref().map(of)) }
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of requests, checked")]
fn whole(count: f64) -> u64 {
    if count.is_finite() && count > 0.0 { count.round() as u64 } else { 0 }
}
