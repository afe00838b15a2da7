//! Web ACLs as AWS has them, as JSON: what is newer than the SDK is in it.
//!
//! `pages(web ACLs) + web ACLs + pages(logging)` calls a scope, and one for each of the account's own rule groups in them. Which stages an ACL stands before is known from the
//! stages (`webAclArn`) and not asked of WAF, which allows one such question a second.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_wafv2::{primitives::DateTime, types::TimeWindow};
use jiff::Timestamp;
use portcullis_domain::{
    coverage::Gap,
    waf::{SampledRequest, WafPartArn, WafPartKind, WafScope, WebAclArn, sampled_requests, waf_references},
};
use serde_json::{Value, json};

use crate::{AwsError, Reader, change::sdk_scope, raw::Capture};

const SERVICE: &str = "wafv2";
/// The most that WAF gives in a page.
const PAGE: i32 = 100;
/// The most samples that WAF gives.
const SAMPLES: i64 = 500;

/// A web ACL as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadWebAcl {
    /// ARN.
    pub arn: String,
    /// Name.
    pub name: String,
    /// `GetWebACL`'s answer; `None` where it could not be read.
    pub answer: Option<Value>,
    /// Its logging configuration; null where it is logged nowhere, `None` where that could not be read.
    pub logging: Option<Value>,
}

/// What was read of a context.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadWebAcls {
    /// In AWS's order, regional ones first.
    pub acls: Vec<ReadWebAcl>,
    /// `GetRuleGroup`'s answers by ARN: the account's own groups that these apply, as far as they could be read.
    pub groups: BTreeMap<String, Value>,
    /// Whether these are all of them.
    pub complete: bool,
    /// Calls that failed.
    pub gaps: Vec<Gap>,
}

impl Reader<'_> {
    /// Every web ACL of the region, CloudFront's too where the region is theirs, and those that are named here: a list
    /// that cannot be read hides none that a stage refers to.
    pub async fn web_acls(&self, named: &[String]) -> ReadWebAcls {
        let context = self.session.spec().label();
        let mut read = ReadWebAcls { complete: true, ..ReadWebAcls::default() };
        let mut scopes = vec![WafScope::Regional];
        if self.session.region() == "us-east-1" {
            scopes.push(WafScope::CloudFront);
        }
        for scope in scopes {
            let what = format!("the list of web ACLs ({})", scope.name());
            let mut arns = match self.all_pages(scope, "ListWebACLs", &what).await {
                Ok(pages) => members(&pages, "WebACLs", "ARN"),
                Err(error) => {
                    read.complete = false;
                    read.gaps.push(error.to_gap(&context, &what));
                    Vec::new()
                }
            };
            let of_scope = |arn: &&String| WebAclArn::read(arn).is_some_and(|arn| arn.scope == scope);
            let more: Vec<String> = named.iter().filter(of_scope).filter(|arn| !arns.contains(arn)).cloned().collect();
            arns.extend(more);
            if arns.is_empty() {
                continue;
            }
            let what = format!("the logging of web ACLs ({})", scope.name());
            let logging = match self.all_pages(scope, "ListLoggingConfigurations", &what).await {
                Ok(pages) => Some(pages),
                Err(error) => {
                    read.gaps.push(error.to_gap(&context, &what));
                    None
                }
            };
            for arn in arns {
                let name = WebAclArn::read(&arn).map_or_else(|| arn.clone(), |arn| arn.name);
                let answer = match self.web_acl(&arn).await {
                    Ok(answer) => Some(answer),
                    Err(error) => {
                        read.gaps.push(error.to_gap(&context, &format!("web ACL {name}")));
                        None
                    }
                };
                let logging = logging.as_ref().map(|pages| logging_of(pages, &arn));
                read.acls.push(ReadWebAcl { arn, name, answer, logging });
            }
        }
        // What a group does is a part of what the web ACL does. Firewall Manager's are another account's.
        let rules = read.acls.iter().filter_map(|one| Some(&one.answer.as_ref()?["WebACL"]["Rules"]));
        let groups: BTreeSet<String> = rules.flat_map(waf_references).filter(|arn| is_group(arn)).collect();
        for arn in groups {
            match self.waf_part(&arn).await {
                Ok(answer) => drop(read.groups.insert(arn, answer)),
                Err(error) => read.gaps.push(error.to_gap(&context, &format!("rule group {}", part_name(&arn)))),
            }
        }
        read
    }

    /// `GetWebACL`'s answer, as it came.
    ///
    /// # Errors
    /// As every read.
    pub async fn web_acl(&self, arn: &str) -> Result<Value, AwsError> {
        let named = WebAclArn::read(arn).ok_or_else(|| {
            let message = format!("{arn} is the ARN of no web ACL of AWS WAF version 2.");
            AwsError::not_understood(SERVICE, "GetWebACL", message)
        })?;
        let client = aws_sdk_wafv2::Client::new(self.session.config());
        let (what, capture) = (format!("web ACL {}", named.name), Capture::default());
        self.read(SERVICE, "GetWebACL", &what, || {
            let call = client.get_web_acl().scope(sdk_scope(named.scope)).name(&named.name).id(&named.id);
            call.customize().interceptor(capture.clone()).send()
        })
        .await?;
        json_of(&capture, "GetWebACL")
    }

    /// The answer of `GetRuleGroup`, `GetIPSet` or `GetRegexPatternSet`, as it came.
    ///
    /// # Errors
    /// As every read; `NotUnderstood` for the ARN of something else.
    pub async fn waf_part(&self, arn: &str) -> Result<Value, AwsError> {
        let named = WafPartArn::read(arn).ok_or_else(|| {
            let message = format!("{arn} is the ARN of no rule group and no set of AWS WAF version 2.");
            AwsError::not_understood(SERVICE, "GetRuleGroup", message)
        })?;
        let client = aws_sdk_wafv2::Client::new(self.session.config());
        let (capture, scope) = (Capture::default(), sdk_scope(named.scope));
        let operation = match named.kind {
            WafPartKind::RuleGroup => {
                // By ARN, since a group may be shared by another account.
                self.read(SERVICE, "GetRuleGroup", &format!("rule group {}", named.name), || {
                    client.get_rule_group().arn(arn).customize().interceptor(capture.clone()).send()
                })
                .await?;
                "GetRuleGroup"
            }
            WafPartKind::IpSet => {
                self.read(SERVICE, "GetIPSet", &format!("IP set {}", named.name), || {
                    let call = client.get_ip_set().scope(scope.clone()).name(&named.name).id(&named.id);
                    call.customize().interceptor(capture.clone()).send()
                })
                .await?;
                "GetIPSet"
            }
            WafPartKind::RegexPatternSet => {
                self.read(SERVICE, "GetRegexPatternSet", &format!("regex pattern set {}", named.name), || {
                    let call = client.get_regex_pattern_set().scope(scope.clone()).name(&named.name).id(&named.id);
                    call.customize().interceptor(capture.clone()).send()
                })
                .await?;
                "GetRegexPatternSet"
            }
        };
        json_of(&capture, operation)
    }

    /// Requests that WAF sampled for a rule, latest first: of the last three hours at most, by the name of its metrics.
    ///
    /// # Errors
    /// As every read.
    pub async fn web_acl_samples(
        &self,
        arn: &str,
        metric: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<SampledRequest>, AwsError> {
        let client = aws_sdk_wafv2::Client::new(self.session.config());
        let scope = WebAclArn::read(arn).map_or(WafScope::Regional, |arn| arn.scope);
        let window = TimeWindow::builder()
            .start_time(DateTime::from_secs(start.as_second()))
            .end_time(DateTime::from_secs(end.as_second()))
            .build()
            .map_err(|error| AwsError::not_understood(SERVICE, "GetSampledRequests", error.to_string()))?;
        let (what, capture) = (format!("the sampled requests of {metric}"), Capture::default());
        self.read(SERVICE, "GetSampledRequests", &what, || {
            let call = client
                .get_sampled_requests()
                .web_acl_arn(arn)
                .rule_metric_name(metric)
                .scope(sdk_scope(scope))
                .time_window(window.clone())
                .max_items(SAMPLES);
            call.customize().interceptor(capture.clone()).send()
        })
        .await?;
        Ok(sampled_requests(&json_of(&capture, "GetSampledRequests")?))
    }

    async fn all_pages(&self, scope: WafScope, operation: &str, what: &str) -> Result<Vec<Value>, AwsError> {
        let client = aws_sdk_wafv2::Client::new(self.session.config());
        let (mut pages, mut marker) = (Vec::new(), None::<String>);
        loop {
            let capture = Capture::default();
            marker = if operation == "ListWebACLs" {
                self.read(SERVICE, operation, what, || {
                    let call = client.list_web_acls().scope(sdk_scope(scope)).limit(PAGE);
                    call.set_next_marker(marker.clone()).customize().interceptor(capture.clone()).send()
                })
                .await?
                .next_marker
            } else {
                self.read(SERVICE, operation, what, || {
                    let call = client.list_logging_configurations().scope(sdk_scope(scope)).limit(PAGE);
                    call.set_next_marker(marker.clone()).customize().interceptor(capture.clone()).send()
                })
                .await?
                .next_marker
            };
            let page = json_of(&capture, operation)?;
            // AWS may give a marker with the last page, and an empty page after it.
            let list = if operation == "ListWebACLs" { "WebACLs" } else { "LoggingConfigurations" };
            let empty = page[list].as_array().is_none_or(Vec::is_empty);
            pages.push(page);
            if empty || marker.as_deref().is_none_or(str::is_empty) {
                return Ok(pages);
            }
        }
    }
}

fn is_group(arn: &str) -> bool {
    WafPartArn::read(arn).is_some_and(|arn| arn.kind == WafPartKind::RuleGroup)
}

fn part_name(arn: &str) -> String {
    WafPartArn::read(arn).map_or_else(|| arn.to_owned(), |arn| arn.name)
}

fn members(pages: &[Value], list: &str, member: &str) -> Vec<String> {
    let items = pages.iter().filter_map(|page| page[list].as_array()).flatten();
    items.filter_map(|item| item[member].as_str().map(str::to_owned)).collect()
}

fn logging_of(pages: &[Value], arn: &str) -> Value {
    let mut all = pages.iter().filter_map(|page| page["LoggingConfigurations"].as_array()).flatten();
    all.find(|one| one["ResourceArn"] == arn).cloned().unwrap_or(json!(null))
}

fn json_of(capture: &Capture, operation: &str) -> Result<Value, AwsError> {
    serde_json::from_slice(&capture.take()).map_err(|error| {
        AwsError::not_understood(SERVICE, operation, format!("The answer of {operation} is no JSON: {error}."))
    })
}
