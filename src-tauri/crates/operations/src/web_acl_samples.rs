//! `web_acl_samples`: requests that WAF sampled for one rule, without credentials. Asked for, never fetched along.

use jiff::SignedDuration;
use portcullis_aws::{Lane, Reader};
use portcullis_domain::waf::SampledRequest;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// WAF keeps samples for three hours.
const MINUTES: u32 = 180;

/// Of which rule, and how far back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclSamplesRequest {
    /// The context's label.
    #[serde(default)]
    pub context: String,
    /// ARN, id or name.
    pub web_acl: String,
    /// The rule's name; empty for what no rule ended.
    #[serde(default)]
    pub rule: String,
    /// Minutes, 1 to 180.
    pub minutes: u32,
}

/// Sampled requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WebAclSamples {
    /// Latest first; at most 500, of the first 5,000 of the time.
    pub items: Vec<SampledRequest>,
}

/// Reads them.
///
/// # Errors
/// `InvalidInput` for a time that is too long and for a rule that is not sampled, `NotFound`; AWS's.
pub async fn web_acl_samples(host: &Host, request: WebAclSamplesRequest) -> Result<WebAclSamples, WireError> {
    if !(1..=MINUTES).contains(&request.minutes) {
        return Err(WireError::new(
            ErrorCode::InvalidInput,
            format!("WAF keeps samples for three hours: ask for 1 to {MINUTES} minutes."),
        ));
    }
    let (label, arn, name) = host.one_web_acl(&request.context, &request.web_acl).await?;
    let known = host.web_acls(false).await;
    let acl = known.iter().find(|read| read.context == label).and_then(|read| read.find(&arn)?.acl.as_ref());
    let metric = if request.rule.is_empty() {
        "Default_Action".to_owned()
    } else {
        let rule = acl.and_then(|acl| acl.rule(&request.rule)).ok_or_else(|| {
            let message = format!("There is no rule {} in web ACL {name}.", request.rule);
            WireError::new(ErrorCode::NotFound, message).with_hint("Read the web ACLs again.")
        })?;
        let sampled = rule.metric_name.clone().filter(|_| rule.samples_enabled);
        sampled.ok_or_else(|| {
            let message = format!("Sampling is switched off for rule {}.", request.rule);
            WireError::new(ErrorCode::InvalidInput, message)
                .with_hint("Switch it on in the rule's visibility configuration.")
        })?
    };
    let session = host.open_context(&label)?.session(host).await?;
    let reader = Reader::new(&session, Lane::OnScreen, CancellationToken::new());
    let end = host.inner.options.clock.now();
    let start = end - SignedDuration::from_mins(i64::from(request.minutes));
    Ok(WebAclSamples { items: reader.web_acl_samples(&arn, &metric, start, end).await? })
}
