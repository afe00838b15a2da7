//! `topic_list`: the SNS topics that an alarm can tell, those that alarms tell already first.

use std::collections::BTreeMap;

use portcullis_aws::{Lane, Reader};
use portcullis_domain::coverage::Coverage;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{error::WireError, host::Host};

/// Of which context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TopicListRequest {
    /// The context's label.
    pub context: String,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TopicLine {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// How many alarms tell it.
    pub alarms: u32,
}

/// The topics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TopicList {
    /// Those that most alarms tell first.
    pub items: Vec<TopicLine>,
    /// What could not be read; topics that alarms tell are there all the same.
    pub coverage: Coverage,
}

/// Lists them.
///
/// # Errors
/// `NotFound` for a context that is not open, the session's. That SNS cannot be read is coverage.
pub async fn topic_list(host: &Host, request: TopicListRequest) -> Result<TopicList, WireError> {
    let session = host.open_context(&request.context)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let alarms = host.alarms_of(&request.context, false).await?;
    let mut told: BTreeMap<String, u32> = BTreeMap::new();
    for action in alarms.alarms.iter().flat_map(|alarm| &alarm.alarm_actions).filter(|arn| is_topic(arn)) {
        *told.entry(action.clone()).or_default() += 1;
    }
    let mut gaps = Vec::new();
    match reader.topics().await {
        Ok(topics) => {
            for arn in topics {
                told.entry(arn).or_default();
            }
        }
        Err(error) => gaps.push(error.to_gap(&request.context, "the SNS topics")),
    }
    gaps.extend(alarms.gaps.clone());
    let mut items: Vec<TopicLine> = told
        .into_iter()
        .map(|(arn, alarms)| TopicLine { name: arn.rsplit(':').next().unwrap_or_default().to_owned(), arn, alarms })
        .collect();
    items.sort_by(|one, other| other.alarms.cmp(&one.alarms).then_with(|| one.name.cmp(&other.name)));
    Ok(TopicList { items, coverage: Coverage::of(gaps) })
}

/// `arn:aws:sns:eu-west-1:111122223333:oncall`.
pub(crate) fn is_topic(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    let [first, partition, service, region, account, name] = parts.as_slice() else { return false };
    let word = |text: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
    };
    *first == "arn"
        && partition.starts_with("aws")
        && *service == "sns"
        && word(region)
        && account.len() == 12
        && account.bytes().all(|digit| digit.is_ascii_digit())
        && word(name)
        && name.len() <= 256
}

#[cfg(test)]
mod tests {
    use super::is_topic;

    #[test]
    fn only_a_topic_is_one() {
        for (arn, expected) in [
            ("arn:aws:sns:eu-west-1:111122223333:oncall", true),
            ("arn:aws-cn:sns:cn-north-1:111122223333:on_call-2.fifo", true),
            ("arn:aws:sns:eu-west-1:111122223333:oncall:8a21d249-subscription", false),
            ("arn:aws:sns:eu-west-1:1111:oncall", false),
            ("arn:aws:lambda:eu-west-1:111122223333:oncall", false),
            ("arn:aws:sns:eu-west-1:111122223333:", false),
            ("oncall", false),
            ("", false),
        ] {
            assert_eq!(is_topic(arn), expected, "{arn}");
        }
    }
}
