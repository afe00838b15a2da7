//! `context_diagnose` (`portcullis doctor`): which credentials were found, who they are, which calls are
//! allowed, and what to do about each problem.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{error::WireError, host::Host};

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

/// Diagnoses every open context, one after the other.
///
/// # Errors
/// None of its own: what fails is a finding.
pub async fn context_diagnose(host: &Host, _: ContextDiagnoseRequest) -> Result<Diagnosis, WireError> {
    let open: Vec<_> = host.contexts().iter().map(std::sync::Arc::clone).collect();
    let mut contexts = Vec::new();
    for context in open {
        let checks = match context.session(host).await {
            Ok(session) => {
                let reader = portcullis_aws::Reader::new(
                    &session,
                    portcullis_aws::Lane::OnScreen,
                    tokio_util::sync::CancellationToken::new(),
                );
                portcullis_aws::diagnose(&reader).await.into_iter().map(wire).collect()
            }
            Err(error) => vec![DiagnosisCheck {
                subject: "credentials".to_owned(),
                outcome: CheckOutcome::Problem,
                finding: error.message.clone(),
                remedy: None,
                request_id: error.request_id,
            }],
        };
        contexts.push(ContextDiagnosis { context: context.label.to_string(), checks });
    }
    Ok(Diagnosis { contexts })
}

fn wire(check: portcullis_aws::Check) -> DiagnosisCheck {
    DiagnosisCheck {
        subject: check.subject,
        outcome: match check.outcome {
            portcullis_aws::CheckOutcome::Ok => CheckOutcome::Ok,
            portcullis_aws::CheckOutcome::Warning => CheckOutcome::Warning,
            portcullis_aws::CheckOutcome::Problem => CheckOutcome::Problem,
        },
        finding: check.finding,
        remedy: check.remedy,
        request_id: check.request_id,
    }
}
