//! `context_diagnose` (`portcullis doctor`): which credentials were found, who they are, which calls are
//! allowed, and what to do about each problem.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asks for a diagnosis of every open context.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextDiagnoseRequest {}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// Works.
    Ok,
    /// Works, but look at it.
    Warning,
    /// Does not work.
    Problem,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosisCheck {
    /// What: `credentials`, `identity`, `region`, `endpoint`, or the IAM action of a call.
    pub subject: String,
    /// How it came out.
    pub outcome: CheckOutcome,
    /// What was found, a sentence.
    pub finding: String,
    /// What to do about it.
    #[ts(optional = nullable)]
    pub remedy: Option<String>,
    /// AWS's request id, when a call answered.
    #[ts(optional = nullable)]
    pub request_id: Option<String>,
}

/// A context's diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContextDiagnosis {
    /// The context's label.
    pub context: String,
    /// In the order in which they were tried.
    pub checks: Vec<DiagnosisCheck>,
}

/// All diagnoses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// One per context.
    pub contexts: Vec<ContextDiagnosis>,
}

/// To be written.
#[expect(clippy::unused_async, reason = "to be written")]
pub async fn context_diagnose(
    _host: &crate::host::Host,
    _request: ContextDiagnoseRequest,
) -> Result<Diagnosis, crate::error::WireError> {
    Err(crate::error::WireError::new(crate::error::ErrorCode::Internal, "to be written"))
}
