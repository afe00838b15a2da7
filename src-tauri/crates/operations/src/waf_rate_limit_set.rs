//! `waf_rate_limit_set`: plans the number and the window of a rate-based rule.

use portcullis_domain::{change::Plan, waf::rate_limit_edited};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::WireError,
    host::Host,
    waf_rule_action_set::{live_web_acl, refused, web_acl_plan},
};

/// Which rule, and its rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WafRateLimitSetRequest {
    /// The context's label; may be empty where the name is enough.
    #[serde(default)]
    pub context: String,
    /// ARN, id or name.
    pub web_acl: String,
    /// The rule's name.
    pub rule: String,
    /// Requests in a window, 10 to 2,000,000,000; absent leaves them.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub limit: Option<u64>,
    /// The window in seconds: 60, 120, 300 or 600; absent leaves it.
    #[serde(default)]
    #[ts(optional = nullable, type = "number")]
    pub window: Option<u64>,
}

/// Plans it.
///
/// # Errors
/// `InvalidInput` for what WAF does not take, a rule that limits no rate and a web ACL that cannot be sent back whole;
/// `NotFound`; AWS's.
pub async fn waf_rate_limit_set(host: &Host, request: WafRateLimitSetRequest) -> Result<Plan, WireError> {
    let WafRateLimitSetRequest { context, web_acl, rule, limit, window } = request;
    let (target, fields) = live_web_acl(host, &context, &web_acl).await?;
    let after = rate_limit_edited(&fields, &rule, limit, window).map_err(|error| refused(&error))?;
    let said = |part: &str, fallback: u64| {
        after.get(&format!("rules/{rule}/{part}")).and_then(serde_json::Value::as_u64).unwrap_or(fallback)
    };
    let title = format!(
        "Limit rule {rule} of {} to {} requests in {} seconds",
        target.label(),
        said("limit", 0),
        said("window", 300)
    );
    web_acl_plan(host, "waf_rate_limit_set", title, target, (fields, after), Vec::new()).await
}
