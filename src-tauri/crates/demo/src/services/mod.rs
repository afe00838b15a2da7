//! The services beside REST: each keeps JSON documents and answers operations; the wire of each protocol
//! (restJson1, awsJson, awsQuery, rpc-v2-cbor) is put around it in `wire`.

pub(crate) mod apigatewayv2;
pub(crate) mod cloudtrail;
pub(crate) mod cloudwatch;
pub(crate) mod lake;
pub(crate) mod logs;
pub(crate) mod region;
pub(crate) mod sns;
pub(crate) mod sts;
pub(crate) mod wafv2;
mod wafv2_rules;
mod wafv2_samples;
pub(crate) mod wire;

use std::ops::Range;

use jiff::Timestamp;
use serde_json::Value;

/// What an operation may use of its surroundings.
pub(crate) struct Around<'a> {
    /// The account's clock.
    pub(crate) now: Timestamp,
    /// The region that was asked.
    pub(crate) region: &'a str,
    /// Makes an id of so many letters and digits, from the account's seed.
    pub(crate) id: &'a mut dyn FnMut(usize) -> String,
}

impl Around<'_> {
    /// A UUID-shaped id, for WAF and CloudTrail.
    pub(crate) fn uuid(&mut self) -> String {
        let hex: String =
            (self.id)(32).bytes().map(|byte| char::from_digit(u32::from(byte) % 16, 16).unwrap_or('0')).collect();
        [0..8, 8..12, 12..16, 16..20, 20..32]
            .into_iter()
            .filter_map(|range| hex.get(range))
            .collect::<Vec<_>>()
            .join("-")
    }
}

/// Status and body; a null body is sent as no body at all.
pub(crate) type Outcome = Result<(u16, Value), Refusal>;

/// An error as a service answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: u16,
    /// AWS's code, `NotFoundException`.
    pub(crate) code: &'static str,
    /// AWS's text.
    pub(crate) message: String,
}

impl Refusal {
    /// An error with AWS's code and text.
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// What the demo account does not have: never an empty success.
    pub(crate) fn not_implemented(service: &str, operation: &str) -> Self {
        Self::new(
            501,
            "NotImplementedException",
            format!("{service} {operation} is not implemented by the demo account"),
        )
    }
}

/// Cuts a page out of `length` items. The token is the offset; `None` when it is not one of ours.
pub(crate) fn page(length: usize, size: usize, token: Option<&str>) -> Option<(Range<usize>, Option<String>)> {
    let start = match token {
        None | Some("") => 0,
        Some(token) => token.parse::<usize>().ok().filter(|start| *start <= length)?,
    };
    let end = start.saturating_add(size).min(length);
    Some((start..end, (end < length).then(|| end.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_cover_everything_once() {
        for (length, size) in [(0, 5), (1, 1), (7, 3), (6, 3), (3, 500)] {
            let (mut token, mut seen) = (None::<String>, Vec::new());
            loop {
                let (range, next) = page(length, size, token.as_deref()).unwrap();
                seen.extend(range);
                token = next;
                if token.is_none() {
                    break;
                }
            }
            assert_eq!(seen, (0..length).collect::<Vec<_>>());
        }
        assert!(page(3, 1, Some("4")).is_none());
        assert!(page(3, 1, Some("x")).is_none());
    }
}
