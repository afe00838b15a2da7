//! The log groups of CloudWatch Logs that stages write to: which they are, and with how few prefixes all can be asked for.

use std::collections::BTreeMap;

use crate::api::ApiKind;

/// What the execution log groups of REST APIs begin with ("Set up CloudWatch logging for REST APIs in API Gateway").
pub const REST_EXECUTION: &str = "API-Gateway-Execution-Logs_";
/// What a canary's own groups end with, of access and execution log alike ("Set up an API Gateway canary release
/// deployment").
pub const CANARY: &str = "/Canary";
/// What stands before the prefix where an answer of `DescribeLogGroups` says what it is of.
pub const PREFIX_PARAMETER: &str = "logGroupNamePrefix=";

/// The group of a stage's execution log, which API Gateway creates itself; HTTP APIs have none.
#[must_use]
pub fn execution_group(kind: ApiKind, api: &str, stage: &str) -> Option<String> {
    match kind {
        ApiKind::Rest => Some(format!("{REST_EXECUTION}{api}/{stage}")),
        ApiKind::WebSocket => Some(format!("/aws/apigateway/{api}/{stage}")),
        ApiKind::Http => None,
    }
}

/// Where an access log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLogTarget<'a> {
    /// To this log group of the account and region.
    Group(&'a str),
    /// To a log group that another account or region has.
    Elsewhere,
    /// Not to CloudWatch Logs: a Firehose stream.
    NoGroup,
}

/// Where an access log goes, by the ARN that the stage has (`arn:aws:logs:REGION:ACCOUNT:log-group:NAME`, with or without
/// `:*`).
#[must_use]
pub fn access_log_target<'a>(arn: &'a str, account: &str, region: &str) -> AccessLogTarget<'a> {
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    match parts[..] {
        [_, _, "logs", in_region, of, "log-group", name] if (in_region, of) == (region, account) => {
            AccessLogTarget::Group(name.trim_end_matches(":*"))
        }
        [_, _, "logs", ..] => AccessLogTarget::Elsewhere,
        _ => AccessLogTarget::NoGroup,
    }
}

/// The fewest prefixes, sorted, that all of these groups begin with and that bring few others: one for all execution logs
/// of REST APIs, one for groups of the same folder, the name itself where it stands alone.
#[must_use]
pub fn prefixes(names: &[String]) -> Vec<String> {
    let mut folders: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for name in names {
        let (folder, prefix) = match name.rfind('/') {
            _ if name.starts_with(REST_EXECUTION) => (REST_EXECUTION, REST_EXECUTION),
            Some(end) => (&name[..=end], name.as_str()),
            None => (name.as_str(), name.as_str()),
        };
        let common = folders.entry(folder).or_default();
        *common = Some(common.map_or(prefix, |common| shared(common, prefix)));
    }
    let mut found: Vec<&str> = folders.into_values().flatten().collect();
    found.sort_unstable();
    let mut kept: Vec<String> = Vec::new();
    for prefix in found {
        // What begins with a prefix stands right behind it.
        if kept.last().is_none_or(|last| !prefix.starts_with(last.as_str())) {
            kept.push(prefix.to_owned());
        }
    }
    kept
}

/// What both begin with.
fn shared<'a>(one: &'a str, other: &str) -> &'a str {
    let end = one.char_indices().zip(other.chars()).find(|((_, left), right)| left != right).map(|((at, _), _)| at);
    &one[..end.unwrap_or(one.len().min(other.len()))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_asked_for_with_few_prefixes() {
        for (names, expected) in [
            (vec![], vec![]),
            (vec!["shop"], vec!["shop"]),
            (vec!["shop", "clinic"], vec!["clinic", "shop"]),
            (
                vec!["API-Gateway-Execution-Logs_a1/prod", "API-Gateway-Execution-Logs_b2/test"],
                vec!["API-Gateway-Execution-Logs_"],
            ),
            (vec!["/shop/access/prod", "/shop/access/preview"], vec!["/shop/access/pr"]),
            (vec!["/aws/lambda/x", "/aws/apigateway/y"], vec!["/aws/apigateway/y", "/aws/lambda/x"]),
            // One name begins like the others' folder.
            (vec!["shop", "shop/a", "shop/b", "shop/b"], vec!["shop"]),
            (vec!["/a/b", "/a/c/d"], vec!["/a/b", "/a/c/d"]),
        ] {
            let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
            assert_eq!(prefixes(&names), expected, "{names:?}");
        }
    }

    #[test]
    fn an_access_log_goes_where_its_arn_says() {
        for (arn, expected) in [
            ("arn:aws:logs:eu-west-1:111122223333:log-group:/shop/access", AccessLogTarget::Group("/shop/access")),
            ("arn:aws:logs:eu-west-1:111122223333:log-group:shop:*", AccessLogTarget::Group("shop")),
            ("arn:aws:logs:eu-west-1:444455556666:log-group:shop", AccessLogTarget::Elsewhere),
            ("arn:aws:logs:us-east-1:111122223333:log-group:shop", AccessLogTarget::Elsewhere),
            ("arn:aws:logs:eu-west-1:111122223333", AccessLogTarget::Elsewhere),
            ("arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-shop", AccessLogTarget::NoGroup),
            ("shop", AccessLogTarget::NoGroup),
        ] {
            assert_eq!(access_log_target(arn, "111122223333", "eu-west-1"), expected, "{arn}");
        }
    }
}
