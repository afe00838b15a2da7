//! `finding_exception_set`: somebody accepts a finding for a time, or takes that back.

use jiff::{civil::Date, tz::TimeZone};
use portcullis_domain::findings::finding::{Finding, FindingException};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    error::{ErrorCode, WireError},
    host::Host,
};

/// The most that an exception may last, days: longer than a year is a decision, not an exception.
const LONGEST_DAYS: i32 = 366;

/// What is accepted, why, by whom, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingExceptionSetRequest {
    /// The finding.
    pub finding_id: String,
    /// The exception; `null` takes it back.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub exception: Option<NewException>,
}

/// An exception as a person enters it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewException {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds (`2026-06-30`), at most a year ahead.
    pub expires: String,
}

/// Accepts it, or takes that back.
///
/// # Errors
/// `InvalidInput` without reason or owner and for a day that is none, over, or more than a year ahead; `NotFound` for a
/// finding that is not there; the store's.
pub async fn finding_exception_set(host: &Host, request: FindingExceptionSetRequest) -> Result<Finding, WireError> {
    let invalid = |message: &str| WireError::new(ErrorCode::InvalidInput, message);
    let of = |finding: &&Finding| finding.id == request.finding_id;
    let posture = host.posture(false).await?;
    if !posture.findings.iter().any(|finding| of(&finding)) {
        let message = format!("There is no finding {} any more.", request.finding_id);
        return Err(WireError::new(ErrorCode::NotFound, message).with_hint("Check again."));
    }
    let said = match &request.exception {
        None => None,
        Some(new) => {
            let (reason, owner) = (new.reason.trim(), new.owner.trim());
            if reason.is_empty() {
                return Err(invalid("Say why: the reason is exported with the finding."));
            }
            if owner.is_empty() {
                return Err(invalid("Say who answers for it."));
            }
            let today = host.inner.options.clock.now().to_zoned(TimeZone::UTC).date();
            let Ok(expires) = new.expires.trim().parse::<Date>() else {
                return Err(invalid("The day until which it holds is written 2026-06-30."));
            };
            let days = today.until(expires).map(|span| span.get_days()).unwrap_or(i32::MAX);
            if days < 0 {
                return Err(invalid("The day until which it holds is over."));
            }
            if days > LONGEST_DAYS {
                return Err(invalid("An exception holds for a year at most; enter it again then."));
            }
            Some(FindingException {
                reason: reason.to_owned(),
                owner: owner.to_owned(),
                expires: expires.to_string(),
                by: crate::host::local_user(),
                at: host.now(),
            })
        }
    };
    host.findings_store()?.set_exception(&request.finding_id, said.as_ref())?;
    host.findings_remembered();
    let posture = host.posture(false).await?;
    posture.findings.iter().find(of).cloned().ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("There is no finding {} any more.", request.finding_id))
    })
}
