//! What every command that changes something has in common: show the plan, ask, apply, say what happened.

use std::{
    io::{BufRead as _, IsTerminal as _, Write as _},
    pin::Pin,
};

use clap::{Args, ValueEnum};
use portcullis_domain::{
    change::{FieldChange, Plan, WarningKind},
    hostile_text::terminal_text,
};
use portcullis_operations::{
    change_cancel::{ChangeCancelRequest, change_cancel},
    change_status::{ChangeStatusRequest, change_status},
    error::{ErrorCode, WireError},
    host::Host,
    plan_apply::{AppliedChange, PlanApplyRequest, plan_apply},
};
use serde_json::Value;

use crate::{args::OutputFormat, exit::Exit, failure::Failure, output::Printer};

/// How often a change under way is looked at.
const TICK: std::time::Duration = std::time::Duration::from_millis(500);

/// Flags of every command that changes something.
#[derive(Debug, Clone, Default, Args)]
pub struct ChangeFlags {
    /// Why: kept in the journal.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// Apply without asking. Warnings count as acknowledged.
    #[arg(long)]
    pub yes: bool,
    /// Only print the plan.
    #[arg(long, conflicts_with = "yes")]
    pub plan: bool,
    /// Let the contexts of this command be changed; they are read-only otherwise.
    #[arg(long, value_enum, value_name = "MODE")]
    pub access: Option<Access>,
    /// Accept what a yes to the plan does not cover: that a route becomes reachable by more people, or that somebody
    /// else's change is taken back (repeat for both).
    #[arg(long, value_enum, value_name = "WHAT")]
    pub accept: Vec<Accept>,
    /// The name of a protected context, typed out (repeat for several).
    #[arg(long, value_name = "CONTEXT")]
    pub confirm: Vec<String>,
}

/// What may be done in the contexts of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Access {
    /// Reading only.
    ReadOnly,
    /// Reading and changing.
    Operator,
}

/// A warning that is accepted by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Accept {
    /// A route becomes reachable by more people.
    Exposes,
    /// Somebody else's change is taken back.
    Overwrites,
}

impl Accept {
    fn kind(self) -> WarningKind {
        match self {
            Self::Exposes => WarningKind::Exposes,
            Self::Overwrites => WarningKind::Overwrites,
        }
    }
}

/// That nobody wants a change, or a value, in a spreadsheet: it has no lines.
///
/// # Errors
/// Wrong usage for `--output csv`.
pub(crate) fn no_csv(printer: &Printer) -> Result<(), Failure> {
    if printer.format() == OutputFormat::Csv {
        return Err(Failure::usage(
            "--output csv is for lists, and this command tells one change or one value: use table or json.".to_owned(),
        ));
    }
    Ok(())
}

/// Shows a plan, and applies it when the flags or a person at the terminal say so.
///
/// # Errors
/// As `plan_apply`; refused when nobody can be asked.
pub async fn confirm_and_apply(
    host: &Host,
    plan: &Plan,
    flags: &ChangeFlags,
    printer: &mut Printer,
) -> Result<Exit, Failure> {
    no_csv(printer)?;
    let json = printer.format() == OutputFormat::Json;
    if flags.plan || plan.is_empty() {
        let text = if json { pretty(&serde_json::json!({ "plan": plan }))? } else { plan_text(plan) };
        printer.data(&text)?;
        return Ok(Exit::Done);
    }
    if flags.access == Some(Access::Operator) {
        host.allow_changes()?;
    }
    if flags.yes && !json || !flags.yes && person_is_there() {
        printer.data(&plan_text(plan))?;
    }
    let labels = plan.targets.iter().map(|target| target.context().to_owned()).collect();
    let kinds: Vec<WarningKind> = plan.warnings.iter().map(|warning| warning.kind).collect();
    let (typed, accepted) = confirmed(host, &plan.title, labels, &kinds, flags)?;
    let request = PlanApplyRequest {
        plan_id: plan.id.clone(),
        reason: flags.reason.clone(),
        typed,
        acknowledged: true,
        accepted,
    };
    let applied = watched(host, plan, request, printer).await?;
    let text = if json { pretty(&serde_json::json!({ "plan": plan, "applied": applied }))? } else { told(&applied) };
    printer.data(&text)?;
    Ok(Exit::Done)
}

/// Applies while somebody watches: says when a call waits for its turn and how long, and leaves the queue on Ctrl-C. What
/// is being sent then is waited for, so that the journal knows how it ended.
async fn watched(
    host: &Host,
    plan: &Plan,
    request: PlanApplyRequest,
    printer: &mut Printer,
) -> Result<AppliedChange, Failure> {
    let mut told = String::new();
    // Boxed: the type of everything that a change does is deep, and every command would carry it.
    let mut applying: Pin<Box<dyn Future<Output = Result<AppliedChange, WireError>> + '_>> =
        Box::pin(plan_apply(host, request));
    loop {
        tokio::select! {
            applied = &mut applying => return Ok(applied?),
            interrupted = tokio::signal::ctrl_c() => {
                interrupted.map_err(|error| Failure::failed(format!("Ctrl-C cannot be heard: {error}.")))?;
                printer.note("Stopping: what is being sent is waited for, the rest is not sent.");
                if let Err(over) = change_cancel(host, ChangeCancelRequest { entry: plan.id.clone() }).await {
                    printer.note(&over.message);
                }
            }
            () = tokio::time::sleep(TICK) => {
                let status = change_status(host, ChangeStatusRequest {}).await?;
                let running = status.running.into_iter().find(|change| change.entry == plan.id);
                let Some(running) = running else { continue };
                let Some(waiting) = running.waiting else { continue };
                // Once for each call: the lines stay in a log.
                let call = format!("{} of {}", running.done + 1, running.total);
                if call != told {
                    printer.note(&format!("Call {call}. {} Ctrl-C leaves the queue.", waiting.sentence));
                    told = call;
                }
            }
        }
    }
}

/// Shows what the program would do by itself in a context, and asks whether that is wanted: the names that were typed.
///
/// # Errors
/// Refused when nobody can be asked, or somebody says no.
pub fn agreed(
    host: &Host,
    context: &str,
    words: &str,
    flags: &ChangeFlags,
    printer: &mut Printer,
) -> Result<Vec<String>, Failure> {
    printer.note(words);
    let mut typed = flags.confirm.clone();
    if flags.yes {
        return Ok(typed);
    }
    if !person_is_there() {
        return Err(Failure::refused(
            "Nobody is there to agree to that, so the watch was not begun. Agree with --yes.".to_owned(),
        ));
    }
    if host.access(context).protected && !typed.iter().any(|label| label == context) {
        typed.push(asked(&format!("{context} is protected. Type its name to go on: "))?);
    }
    if asked("May the program do that by itself? Type yes: ")? != "yes" {
        return Err(Failure::refused("Not agreed: the watch was not begun.".to_owned()));
    }
    Ok(typed)
}

fn person_is_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Warnings that are accepted word by word: the kind, the word, what happens.
const WORDS: [(WarningKind, &str, &str); 2] = [
    (WarningKind::Exposes, "exposes", "A route becomes reachable by more people."),
    (WarningKind::Overwrites, "overwrites", "Somebody else's change is taken back."),
];

/// The person's word for what was shown: the names of protected contexts that they typed, and the warnings of these kinds
/// that they accepted.
///
/// # Errors
/// Refused when nobody is there to ask, and when they did not say yes.
pub(crate) fn confirmed(
    host: &Host,
    title: &str,
    mut labels: Vec<String>,
    kinds: &[WarningKind],
    flags: &ChangeFlags,
) -> Result<(Vec<String>, Vec<WarningKind>), Failure> {
    let mut typed = flags.confirm.clone();
    let mut accepted: Vec<WarningKind> = flags.accept.iter().map(|accept| accept.kind()).collect();
    if flags.yes {
        return Ok((typed, accepted));
    }
    if !person_is_there() {
        return Err(Failure::refused(format!(
            "Nobody is there to confirm \"{title}\", so nothing was changed. Look at it with --plan, apply it with --yes."
        )));
    }
    labels.dedup();
    labels.retain(|label| host.access(label).protected && !flags.confirm.contains(label));
    for label in labels {
        typed.push(asked(&format!("{label} is protected. Type its name to go on: "))?);
    }
    for (kind, word, what) in WORDS {
        let open = kinds.contains(&kind) && !accepted.contains(&kind);
        if open && asked(&format!("{what} Type {word} to accept that: "))? == word {
            accepted.push(kind);
        }
    }
    if asked("Apply this plan? Type yes: ")? != "yes" {
        return Err(Failure::refused("Not confirmed: nothing was changed.".to_owned()));
    }
    Ok((typed, accepted))
}

fn told(applied: &AppliedChange) -> String {
    let ids: Vec<&str> = applied.request_ids.iter().flatten().map(String::as_str).collect();
    let ids = if ids.is_empty() { String::new() } else { format!("AWS request ids: {}\n", ids.join(", ")) };
    terminal_lines(&format!(
        "Applied and read back. Journal entry {}; undo it with: portcullis undo {}\n{ids}",
        applied.entry, applied.entry
    ))
}

#[expect(clippy::print_stderr, reason = "a question is for the person at the terminal")]
fn asked(question: &str) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::failed(format!("The answer cannot be read: {error}."));
    eprint!("{}", terminal_text(question));
    std::io::stderr().flush().map_err(failed)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

pub(crate) fn pretty(value: &Value) -> Result<String, Failure> {
    serde_json::to_string_pretty(value)
        .map(|text| text + "\n")
        .map_err(|error| Failure::failed(format!("{:?}: the answer cannot be written: {error}.", ErrorCode::Internal)))
}

/// A plan for a person.
#[must_use]
pub fn plan_text(plan: &Plan) -> String {
    let mut text = format!("{}\n", plan.title);
    if plan.is_empty() {
        return text + "Nothing to do: the live state is already as asked for.\n";
    }
    for (index, target) in plan.targets.iter().enumerate() {
        text += &format!("\n{} in {}\n", capitalised(&target.label()), target.context());
        let of_target = plan.changes.iter().filter(|change| change.target == index);
        let line = |change: &FieldChange| {
            let (before, after) = (value(change.before.as_ref()), value(change.after.as_ref()));
            format!("{}: {before} -> {after}", change.label)
        };
        let (consequences, asked): (Vec<_>, Vec<_>) = of_target.partition(|change| change.consequence);
        for change in asked {
            text += &format!("  {}\n", line(change));
        }
        if !consequences.is_empty() {
            text += "  AWS writes with it\n";
        }
        for change in consequences {
            text += &format!("    {}\n", line(change));
        }
    }
    if !plan.warnings.is_empty() {
        text += "\nRead first\n";
        for warning in &plan.warnings {
            let mark = match warning.kind {
                WarningKind::Note => "  - ",
                WarningKind::Drifts => "  ! DRIFTS: ",
                WarningKind::Loosens => "  ! LOOSENS: ",
                WarningKind::Blocks => "  ! BLOCKS: ",
                WarningKind::Exposes => "  ! EXPOSES: ",
                WarningKind::Overwrites => "  ! OVERWRITES: ",
            };
            text += &format!("{mark}{}\n", warning.message);
        }
    }
    if !plan.routes.is_empty() {
        text += &format!("\nTouches {}\n", counted(plan.routes.len(), "route"));
        for route in &plan.routes {
            let requests = route.requests_last_day.map_or_else(
                || "requests not known".to_owned(),
                |requests| format!("{requests} requests in the last day"),
            );
            text += &format!("  {} ({}, {}): {requests}\n", route.label, route.audience.name(), route.class.name());
        }
    }
    if !plan.tenants.is_empty() {
        text += &format!("\nTouches {}\n", counted(plan.tenants.len(), "tenant"));
        for tenant in &plan.tenants {
            text += &format!("  {} ({})\n", tenant.name, tenant.key_id);
        }
    }
    text += &format!("\n{}\n", capitalised(&counted(plan.steps.len(), "call")));
    for (number, step) in plan.steps.iter().enumerate() {
        text += &format!("  {}. {} on {}\n     {}\n", number + 1, step.iam_action, step.resource_arn, step.command);
    }
    text += &format!("\n{}\n", plan.undo);
    terminal_lines(&text)
}

/// Line by line: the line ends are ours, everything inside may be somebody else's.
pub(crate) fn terminal_lines(text: &str) -> String {
    text.split('\n').map(|line| terminal_text(line)).collect::<Vec<_>>().join("\n")
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn value(value: Option<&Value>) -> String {
    match value {
        None => "not set".to_owned(),
        Some(Value::String(text)) => text.clone(),
        // A rate of 10 is 10.0 to AWS and 10 to a person.
        Some(Value::Number(number)) => number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string()),
        Some(other) => other.to_string(),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
