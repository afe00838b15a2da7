//! `portcullis journal` and `portcullis undo`: what was changed with this console, by whom, and the way back.

use clap::{Args, Subcommand, ValueEnum};
use portcullis_domain::journal::JournalEntry;
use portcullis_operations::{
    change_resume::{ChangeResumeRequest, ResumeWay, change_resume},
    change_undo::{ChangeUndoRequest, change_undo},
    event_refresh::{EventRefreshRequest, event_refresh},
    host::Host,
    journal_export::{JournalExportRequest, JournalFormat, journal_export, journal_text},
    journal_get::{JournalDetail, JournalGetRequest, journal_get},
    journal_list::{JournalLine, JournalListRequest, JournalState, journal_list},
    journal_verify::{JournalVerifyRequest, journal_verify},
};

use crate::{
    args::{Global, OutputFormat},
    changes::{Access, ChangeFlags, confirm_and_apply, plan_text, pretty, terminal_lines},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

/// Flags of `journal`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct JournalArgs {
    /// What to do; the list without it.
    #[command(subcommand)]
    pub command: Option<JournalCommand>,
    /// Only changes with these words: in title, context, reason, who.
    #[arg(long, default_value = "")]
    pub text: String,
    /// The most changes to print, latest first.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub limit: u32,
}

/// Commands of the journal.
#[derive(Debug, Subcommand)]
pub enum JournalCommand {
    /// Show everything about one change, and what CloudTrail has of each of its calls.
    Show(ShowArgs),
    /// Check that no record was changed, removed or reordered.
    Verify,
    /// Write the whole journal: every record with its hash, or with --output csv a line per change.
    Export(ExportArgs),
    /// Look at a change that was interrupted, finish it, or take it back.
    Resume(ResumeArgs),
}

/// One change.
#[derive(Debug, Clone, Args)]
pub struct EntryArgs {
    /// The entry's id.
    pub entry: String,
}

/// Flags of `journal show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    entry: EntryArgs,
    /// Fetch CloudTrail's events of this command's contexts first.
    #[arg(long)]
    fetch: bool,
}

/// Flags of `journal export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Where to; standard output without it.
    #[arg(long, value_name = "FILE")]
    file: Option<std::path::PathBuf>,
}

/// Flags of `journal resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    #[command(flatten)]
    entry: EntryArgs,
    /// What to do with it.
    #[arg(long, value_enum, default_value_t = Way::Look)]
    way: Way,
    /// Let the contexts of this command be changed; they are read-only otherwise.
    #[arg(long, value_enum, value_name = "MODE")]
    access: Option<Access>,
    /// The name of a protected context, typed out (repeat for several).
    #[arg(long, value_name = "CONTEXT")]
    confirm: Vec<String>,
}

/// What to do with an interrupted change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// Only look.
    Look,
    /// Send what is not done.
    Finish,
    /// Lead everything back.
    TakeBack,
}

/// Flags of `undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The change to undo, as the journal names it.
    pub entry: String,
    #[command(flatten)]
    pub change: ChangeFlags,
}

/// Runs `journal`.
///
/// # Errors
/// What the operations refuse.
pub async fn run(host: &Host, global: &Global, args: &JournalArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    match &args.command {
        None => list(host, args, printer).await,
        Some(JournalCommand::Show(args)) => show(host, global, args, printer).await,
        Some(JournalCommand::Verify) => verify(host, printer).await,
        Some(JournalCommand::Export(export)) => {
            let format = if printer.format() == OutputFormat::Csv { JournalFormat::Csv } else { JournalFormat::Jsonl };
            match &export.file {
                None => printer.data(&journal_text(host, format)?)?,
                Some(file) => {
                    let path = std::path::absolute(file)
                        .map_err(|error| Failure::usage(format!("{}: {error}.", file.display())))?;
                    let path = path.display().to_string();
                    let written = journal_export(host, JournalExportRequest { format, path }).await?;
                    printer.note(&format!("{} lines are in {}.", written.lines, written.path));
                }
            }
            Ok(Exit::Done)
        }
        Some(JournalCommand::Resume(resume)) => resumed(host, global, resume, printer).await,
    }
}

async fn show(host: &Host, global: &Global, args: &ShowArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    let request = || JournalGetRequest { entry: args.entry.entry.clone() };
    let mut detail = journal_get(host, request()).await?;
    if args.fetch {
        printer.open(host, global).await?;
        let since = Some(detail.entry.opened_at.clone());
        let fetched = event_refresh(host, EventRefreshRequest { since }).await?;
        exit = printer.finish_with(host, &fetched.coverage);
        detail = journal_get(host, request()).await?;
    }
    let text = match printer.format() {
        OutputFormat::Json => pretty(&serde_json::json!({ "entry": detail }))?,
        _ => detail_text(&detail),
    };
    printer.data(&text)?;
    Ok(exit)
}

/// An entry with what CloudTrail has of it.
fn detail_text(detail: &JournalDetail) -> String {
    let mut text = String::new();
    for (number, step) in detail.trail.iter().enumerate() {
        text += &format!("Step {}: {}\n", number + 1, step.sentence);
    }
    if !text.is_empty() {
        text = format!("\nIn CloudTrail\n{}", terminal_lines(&text));
    }
    entry_text(&detail.entry, detail.state == JournalState::Running) + &text
}

async fn list(host: &Host, args: &JournalArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let request = JournalListRequest { text: args.text.clone(), limit: args.limit, ..JournalListRequest::default() };
    let list = journal_list(host, request).await?;
    if printer.format() == OutputFormat::Csv {
        printer.data(&journal_text(host, JournalFormat::Csv)?)?;
        return Ok(Exit::Done);
    }
    let text = match printer.format() {
        OutputFormat::Json => pretty(&serde_json::json!({ "items": list.lines, "total": list.total }))?,
        _ if list.lines.is_empty() => "No changes.\n".to_owned(),
        _ => table::render(["ENTRY", "WHEN", "STATE", "WHO", "WHAT"], list.lines.iter().map(cells)),
    };
    printer.data(&text)?;
    if list.unfinished > 0 && printer.format() != OutputFormat::Json {
        printer.note(&format!(
            "{} interrupted: look with `journal resume ENTRY`, then finish it or take it back.",
            if list.unfinished == 1 { "1 change was".to_owned() } else { format!("{} changes were", list.unfinished) }
        ));
    }
    Ok(Exit::Done)
}

fn cells(line: &JournalLine) -> [String; 5] {
    [line.id.clone(), line.opened_at.clone(), state(line.state), line.actor.local_user.clone(), line.title.clone()]
}

fn state(state: JournalState) -> String {
    let name = serde_json::to_value(state).ok();
    name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().to_owned()
}

fn entry_text(entry: &JournalEntry, under_way: bool) -> String {
    let mut text = format!(
        "Entry {} of {}\nBy {} ({})\n",
        entry.id, entry.opened_at, entry.actor.local_user, entry.actor.caller_arn
    );
    if entry.plan.is_some() {
        text += &format!("Reason: {}\n", if entry.reason.is_empty() { "none given" } else { &entry.reason });
    }
    if let Some(follows) = &entry.follows {
        text += &format!("Undoes {follows}\n");
    }
    for by in &entry.undone_by {
        text += &format!("Undone by {by}\n");
    }
    text += &match (&entry.outcome, &entry.plan) {
        (Some(outcome), _) => format!("{outcome:?} at {}", entry.closed_at.as_deref().unwrap_or_default()),
        (None, Some(_)) if under_way => "Under way".to_owned(),
        (None, Some(_)) => "Interrupted: not closed".to_owned(),
        (None, None) => entry.reason.clone(),
    };
    if let Some(message) = &entry.message {
        text += &format!(": {message}");
    }
    text += "\n";
    for (number, step) in entry.steps.iter().enumerate() {
        let id = step.request_id.as_deref().map(|id| format!(", AWS request id {id}")).unwrap_or_default();
        let millis = step.millis.map(|millis| format!(", {millis} ms")).unwrap_or_default();
        let why = step.message.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        text += &format!("Step {}: {:?}{millis}{id}{why}\n", number + 1, step.state);
    }
    let mut text = terminal_lines(&text);
    if let Some(plan) = &entry.plan {
        text += &format!("\n{}", plan_text(plan));
    }
    text
}

async fn verify(host: &Host, printer: &mut Printer) -> Result<Exit, Failure> {
    let verdict = journal_verify(host, JournalVerifyRequest {}).await?;
    let text = match printer.format() {
        OutputFormat::Json => pretty(&serde_json::json!({ "verdict": verdict }))?,
        _ => match &verdict.fault {
            None => format!("The journal is whole: {} records.\n", verdict.records),
            Some(fault) => terminal_lines(&format!("The journal is not as it was written: {fault}.\n")),
        },
    };
    printer.data(&text)?;
    Ok(if verdict.whole { Exit::Done } else { Exit::Findings })
}

async fn resumed(host: &Host, global: &Global, args: &ResumeArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.open(host, global).await?;
    if args.access == Some(Access::Operator) {
        host.allow_changes()?;
    }
    let way = match args.way {
        Way::Look => ResumeWay::Look,
        Way::Finish => ResumeWay::Finish,
        Way::TakeBack => ResumeWay::TakeBack,
    };
    let request = ChangeResumeRequest { entry: args.entry.entry.clone(), way, typed: args.confirm.clone() };
    let resumed = change_resume(host, request).await?;
    let text = match printer.format() {
        OutputFormat::Json => pretty(&serde_json::json!({ "resumed": resumed }))?,
        _ => {
            let steps: Vec<String> = resumed
                .interrupted
                .steps
                .iter()
                .enumerate()
                .map(|(number, state)| format!("Step {} was {state:?} when it was looked at.\n", number + 1))
                .collect();
            format!("{}\n{}", steps.concat(), entry_text(&resumed.entry, false))
        }
    };
    printer.data(&text)?;
    Ok(Exit::Done)
}

/// Runs `undo`.
///
/// # Errors
/// What the operations refuse.
pub async fn undo(host: &Host, global: &Global, args: &UndoArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    let plan = change_undo(host, ChangeUndoRequest { entry: args.entry.clone() }).await?;
    confirm_and_apply(host, &plan, &args.change, printer).await
}
