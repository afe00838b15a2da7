//! `portcullis doctor`: what works, what does not, what to do.

use clap::Args;
use portcullis_domain::hostile_text::terminal_text;
use portcullis_operations::{
    context_diagnose::{CheckOutcome, ContextDiagnoseRequest, ContextDiagnosis, context_diagnose},
    host::Host,
};

use crate::{
    args::{Global, OutputFormat},
    contexts,
    exit::Exit,
    failure::Failure,
    output::Printer,
};

/// Flags of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {}

/// Runs `doctor`: 0 when all is well, 3 when something is not allowed, 4 when there are no usable credentials.
///
/// # Errors
/// Failures of the host.
pub async fn run(host: &Host, global: &Global, printer: &mut Printer) -> Result<Exit, Failure> {
    host.open_only(contexts::named_by(global));
    let diagnosis = context_diagnose(host, ContextDiagnoseRequest {}).await?;
    let mut exit = Exit::Done;
    let on_this_machine = ContextDiagnosis { context: "this machine".to_owned(), checks: diagnosis.machine };
    let all: Vec<ContextDiagnosis> = std::iter::once(on_this_machine).chain(diagnosis.contexts).collect();
    for check in all.iter().flat_map(|context| &context.checks) {
        let essential = matches!(check.subject.as_str(), "credentials" | "identity" | "region");
        exit = exit.max(match (check.outcome, essential) {
            (CheckOutcome::Problem, true) => Exit::Failed,
            (CheckOutcome::Problem, false) => Exit::Incomplete,
            (CheckOutcome::Ok | CheckOutcome::Warning, _) => Exit::Done,
        });
    }
    if printer.format() == OutputFormat::Json {
        printer.data(&host.envelope(all)?)?;
        return Ok(exit);
    }
    let mut text = String::new();
    for context in &all {
        text += &format!("{}\n", terminal_text(&context.context));
        for check in &context.checks {
            let sign = match check.outcome {
                CheckOutcome::Ok => "ok  ",
                CheckOutcome::Warning => "look",
                CheckOutcome::Problem => "FAIL",
            };
            text += &format!("  {sign}  {}: {}\n", check.subject, terminal_text(&check.finding));
            if let Some(remedy) = &check.remedy {
                text += &format!("        {}\n", terminal_text(remedy));
            }
        }
    }
    printer.data(&text)?;
    Ok(exit)
}
