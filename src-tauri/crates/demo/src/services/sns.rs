//! SNS over the query protocol: the topics that there are. Publishing and subscriptions are not here.

use super::{Refusal, page, sts::escape};
use crate::ACCOUNT_ID;

/// Topics of the home region: who is woken, who reads it in the morning, and what money costs.
const TOPICS: [&str; 3] = ["billing-alerts", "shop-alerts", "shop-oncall"];

/// The ARN of a topic.
pub(crate) fn topic(region: &str, name: &str) -> String {
    format!("arn:aws:sns:{region}:{ACCOUNT_ID}:{name}")
}

/// Answers one operation with the XML of its result.
///
/// # Errors
/// A token that is none, or an operation that is not here.
pub(crate) fn answer(operation: &str, parameters: &[(String, String)], region: &str) -> Result<String, Refusal> {
    if operation != "ListTopics" {
        return Err(Refusal::not_implemented("sns", operation));
    }
    let token = parameters.iter().find(|(key, _)| key == "NextToken").map(|(_, value)| value.as_str());
    let (range, next) = page(TOPICS.len(), 100, token)
        .ok_or_else(|| Refusal::new(400, "InvalidParameter", "Invalid parameter: NextToken"))?;
    let members: String = TOPICS
        .get(range)
        .unwrap_or_default()
        .iter()
        .map(|name| format!("<member><TopicArn>{}</TopicArn></member>", escape(&topic(region, name))))
        .collect();
    let next = next.map(|token| format!("<NextToken>{token}</NextToken>")).unwrap_or_default();
    Ok(format!("<Topics>{members}</Topics>{next}"))
}
