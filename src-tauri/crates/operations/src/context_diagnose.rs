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
    /// What concerns no context: profiles, the files of this program and where they are.
    pub machine: Vec<DiagnosisCheck>,
    /// One per context.
    pub contexts: Vec<ContextDiagnosis>,
}

/// Diagnoses this machine, then every open context, one after the other.
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
    Ok(Diagnosis { machine: machine(host).await, contexts })
}

/// Nothing is sent and nothing is written for it.
async fn machine(host: &Host) -> Vec<DiagnosisCheck> {
    let options = &host.inner.options;
    let mut checks = vec![profiles().await];
    host.reload_rules();
    let rules = host.rules_path().display().to_string();
    checks.push(match (host.rules_problem(), host.rules_path().exists()) {
        (Some(problem), _) => check("audience rules", CheckOutcome::Problem, problem.message, problem.hint),
        (None, true) => check("audience rules", CheckOutcome::Ok, format!("{rules} is in force."), None),
        (None, false) => {
            let finding = format!("There is no {rules}: tags and the built-in rules decide.");
            check("audience rules", CheckOutcome::Ok, finding, None)
        }
    });
    for (file, what) in [("settings.toml", "settings"), ("tenants.toml", "tenants"), ("posture.toml", "posture policy")]
    {
        let path = options.config_dir.join(file);
        if path.exists() {
            checks.push(check(what, CheckOutcome::Ok, format!("{} is read.", path.display()), None));
        }
    }
    let data = options.data_dir.display();
    checks.push(check("files", CheckOutcome::Ok, format!("Snapshots, history and journal are in {data}."), None));
    let problems = host.notices().into_iter().filter(|notice| Some(notice) != host.rules_problem().as_ref());
    checks.extend(problems.map(|notice| check("files", CheckOutcome::Problem, notice.message, notice.hint)));
    checks
}

async fn profiles() -> DiagnosisCheck {
    match portcullis_aws::profiles().await {
        Ok(found) if found.profiles.is_empty() => {
            let remedy = "Make one with `aws configure sso`, or set AWS_ACCESS_KEY_ID.".to_owned();
            check("profiles", CheckOutcome::Warning, format!("There is no profile in {}.", found.path), Some(remedy))
        }
        Ok(found) => {
            let names: Vec<String> =
                found.profiles.iter().map(|profile| format!("{} ({})", profile.name, profile.kind)).collect();
            check("profiles", CheckOutcome::Ok, format!("{} has {}.", found.path, names.join(", ")), None)
        }
        Err(error) => {
            let remedy = "Mend the file, or choose another with AWS_CONFIG_FILE.".to_owned();
            check("profiles", CheckOutcome::Problem, format!("{error}."), Some(remedy))
        }
    }
}

fn check(subject: &str, outcome: CheckOutcome, finding: String, remedy: Option<String>) -> DiagnosisCheck {
    DiagnosisCheck { subject: subject.to_owned(), outcome, finding, remedy, request_id: None }
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
