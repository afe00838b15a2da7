//! Actions of rules: what happens to a request that matches.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// The kinds that WAF has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ActionKind {
    /// Lets the request through; no later rule sees it.
    Allow,
    /// Refuses it, with 403 unless the action says otherwise.
    Block,
    /// Counts it and goes on: nothing is refused.
    Count,
    /// Asks for a CAPTCHA where the request has no valid token.
    Captcha,
    /// Lets the browser prove silently that it is one, where the request has no valid token.
    Challenge,
    /// Newer than this program.
    Unknown,
}

impl ActionKind {
    /// Whether a request can end here without reaching the API.
    #[must_use]
    pub fn stops(self) -> bool {
        matches!(self, Self::Block | Self::Captcha | Self::Challenge)
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Block => "block",
            Self::Count => "count",
            Self::Captcha => "captcha",
            Self::Challenge => "challenge",
            Self::Unknown => "unknown",
        }
    }
}

/// An action as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleAction {
    /// Which.
    pub kind: ActionKind,
    /// AWS's own word: `Block`.
    pub name: String,
    /// HTTP status of a block that answers with its own.
    #[ts(optional = nullable)]
    pub status: Option<u16>,
    /// Key of the body that it answers with (`CustomResponseBodies`).
    #[ts(optional = nullable)]
    pub body_key: Option<String>,
    /// Names of headers that it adds to the request or to its answer.
    pub headers: Vec<String>,
}

impl RuleAction {
    /// Reads `{"Block": {…}}`; `None` when there is none, an unknown one when it is of no kind that is known.
    #[must_use]
    pub fn read(json: &Value) -> Option<Self> {
        let members = json.as_object().filter(|members| !members.is_empty())?;
        let (name, body) = members.iter().next()?;
        let kind = match (name.as_str(), members.len()) {
            ("Allow", 1) => ActionKind::Allow,
            ("Block", 1) => ActionKind::Block,
            ("Count", 1) => ActionKind::Count,
            ("Captcha", 1) => ActionKind::Captcha,
            ("Challenge", 1) => ActionKind::Challenge,
            _ => ActionKind::Unknown,
        };
        let response = &body["CustomResponse"];
        let inserted = body["CustomRequestHandling"]["InsertHeaders"].as_array();
        let answered = response["ResponseHeaders"].as_array();
        Some(Self {
            kind,
            name: name.clone(),
            status: response["ResponseCode"].as_u64().and_then(|status| u16::try_from(status).ok()),
            body_key: response["CustomResponseBodyKey"].as_str().map(str::to_owned),
            headers: inserted
                .into_iter()
                .chain(answered)
                .flatten()
                .filter_map(|header| header["Name"].as_str().map(str::to_owned))
                .collect(),
        })
    }
}
