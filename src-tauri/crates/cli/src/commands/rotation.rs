//! `portcullis rotation`: where each rotation of a key stands, its next stage, and its way back.

use clap::{Args, Subcommand, ValueEnum};
use portcullis_domain::rotation::{LastUse, RotationStage, RotationState};
use portcullis_operations::{
    csv_text::csv_text,
    host::Host,
    key_rotate::{KeyRotateRequest, key_rotate},
    rotation_list::{NewKey, RotationListRequest, RotationQuery, RotationRow, rotation_list},
};

use crate::{
    args::{Global, OutputFormat},
    changes::{ChangeFlags, confirm_and_apply, no_csv},
    commands::key::days,
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    pages::{PAGE, whole},
};

/// Commands about rotations.
#[derive(Debug, Subcommand)]
pub enum RotationCommand {
    /// List keys with age, last use and due date, and where each rotation stands.
    Status(StatusArgs),
    /// Take the next stage: attach what is missing, disable the old key, delete it.
    Finish(FinishArgs),
    /// Take the last stage back: enable the old key again, or delete the new one.
    Undo(UndoArgs),
}

/// Which keys.
#[derive(Debug, Clone, Default, Args)]
pub struct SelectArgs {
    /// Only this key (repeat for several).
    #[arg(long, value_name = "ID")]
    pub key: Vec<String>,
    /// Only keys that are so old or older: 90d, 12w.
    #[arg(long, value_name = "DAYS", value_parser = days)]
    pub older_than: Option<u16>,
    /// Only keys with this tag.
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub tag: Option<String>,
    /// Only keys in this usage plan, by id or name.
    #[arg(long, value_name = "PLAN")]
    pub in_plan: Option<String>,
}

impl SelectArgs {
    /// The same for the operation.
    #[must_use]
    pub fn query(&self) -> RotationQuery {
        RotationQuery {
            key_ids: self.key.clone(),
            older_than_days: self.older_than.map(u32::from),
            tag: self.tag.clone(),
            usage_plan: self.in_plan.clone(),
            ..RotationQuery::default()
        }
    }
}

/// Flags of `rotation status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    select: SelectArgs,
    /// Only rows with these words: in tenant, key, customer, tags, plans.
    #[arg(long, default_value = "")]
    text: String,
    /// Only this state (repeat for several).
    #[arg(long, value_enum)]
    state: Vec<State>,
}

/// States of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Something is wrong.
    Broken,
    /// Plans could not be read.
    Unknown,
    /// The new key misses plans.
    Attach,
    /// The old key can be disabled.
    ReadyToDisable,
    /// The old key can be deleted.
    ReadyToDelete,
    /// Both keys work.
    Overlap,
    /// The old key is disabled and waits.
    Waiting,
    /// No rotation.
    NotStarted,
}

impl From<State> for RotationState {
    fn from(state: State) -> Self {
        match state {
            State::Broken => Self::Broken,
            State::Unknown => Self::Unknown,
            State::Attach => Self::Attach,
            State::ReadyToDisable => Self::ReadyToDisable,
            State::ReadyToDelete => Self::ReadyToDelete,
            State::Overlap => Self::Overlap,
            State::Waiting => Self::Waiting,
            State::NotStarted => Self::NotStarted,
        }
    }
}

/// Flags of `rotation finish`.
#[derive(Debug, Args)]
pub struct FinishArgs {
    /// The id of the old or the new key.
    #[arg(long, value_name = "ID")]
    key: String,
    /// Another stage than the next one: settle, to count what both keys used against the new one's quota.
    #[arg(long, value_enum)]
    stage: Option<FinishStage>,
    /// Why it is done although the overlap lasts, the old key is still used, or it did not wait long enough.
    #[arg(long = "override", value_name = "TEXT")]
    override_reason: Option<String>,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Stages that can be asked for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FinishStage {
    /// Put the new key into the plans that it misses.
    Attach,
    /// Disable the old key.
    Disable,
    /// Count what both keys used against the new one's quota.
    Settle,
    /// Enable the new key, which somebody disabled.
    EnableNew,
    /// Delete the old key, for good.
    Delete,
}

impl From<FinishStage> for RotationStage {
    fn from(stage: FinishStage) -> Self {
        match stage {
            FinishStage::Attach => Self::Attach,
            FinishStage::Disable => Self::Disable,
            FinishStage::Settle => Self::Settle,
            FinishStage::EnableNew => Self::EnableNew,
            FinishStage::Delete => Self::Delete,
        }
    }
}

/// Flags of `rotation undo`.
#[derive(Debug, Args)]
pub struct UndoArgs {
    /// The id of the old or the new key.
    #[arg(long, value_name = "ID")]
    key: String,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Runs `rotation`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(
    host: &Host,
    global: &Global,
    command: &RotationCommand,
    printer: &mut Printer,
) -> Result<Exit, Failure> {
    if !matches!(command, RotationCommand::Status(_)) {
        no_csv(printer)?;
    }
    printer.read_all(host, global).await?;
    match command {
        RotationCommand::Status(args) => status(host, args, printer).await,
        RotationCommand::Finish(args) => {
            let row = one_row(host, &args.key).await?;
            if row.new_key.is_none() && row.problem.is_none() {
                return Err(Failure::refused(format!(
                    "No rotation of key {} is under way. Begin one with: portcullis key rotate --key {}",
                    args.key, args.key
                )));
            }
            let request = KeyRotateRequest {
                context: row.context,
                key_id: args.key.clone(),
                stage: args.stage.map(RotationStage::from),
                overlap_days: None,
                override_reason: args.override_reason.clone(),
            };
            confirm_and_apply(host, &key_rotate(host, request).await?, &args.change, printer).await
        }
        RotationCommand::Undo(args) => {
            let row = one_row(host, &args.key).await?;
            let stage = if row.enabled { RotationStage::Abandon } else { RotationStage::Enable };
            let request = KeyRotateRequest {
                context: row.context,
                key_id: args.key.clone(),
                stage: Some(stage),
                overlap_days: None,
                override_reason: None,
            };
            confirm_and_apply(host, &key_rotate(host, request).await?, &args.change, printer).await
        }
    }
}

async fn one_row(host: &Host, key: &str) -> Result<RotationRow, Failure> {
    let query = RotationQuery { key_ids: vec![key.to_owned()], ..RotationQuery::default() };
    let list = rotation_list(host, RotationListRequest { query, ..RotationListRequest::default() }).await?;
    let none = || Failure::failed(format!("There is no key {key} in the open contexts."));
    list.rows.into_iter().next().ok_or_else(none)
}

async fn status(host: &Host, args: &StatusArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let query = RotationQuery {
        text: args.text.clone(),
        states: args.state.iter().map(|state| (*state).into()).collect(),
        ..args.select.query()
    };
    let request = RotationListRequest { query, offset: 0, limit: PAGE, afresh: false };
    let page = async |offset| rotation_list(host, RotationListRequest { offset, ..request.clone() }).await;
    let mut list = whole(page, |list| &mut list.rows, |list| list.matching).await?;
    let rows = std::mem::take(&mut list.rows);
    let text = match printer.format() {
        OutputFormat::Json => host.envelope_of(rows, list.coverage.clone(), list.calls)?,
        OutputFormat::Csv => csv_text(CSV, rows.iter().map(csv_cells))?,
        OutputFormat::Table if rows.is_empty() => "No keys.\n".to_owned(),
        OutputFormat::Table => {
            let mut text = table::render(HEADINGS, rows.iter().map(cells));
            for row in rows.iter().filter(|row| row.problem.is_some() || !row.held.is_empty()) {
                let said: Vec<&str> = row.problem.iter().chain(&row.held).map(String::as_str).collect();
                text += &format!("\n{} ({}): {}", row.key_name, row.key_id, said.join(" "));
            }
            text + "\nA key counts as used by the day, and AWS's numbers lag by up to 40 minutes.\n"
        }
    };
    let text = if printer.format() == OutputFormat::Table { crate::changes::terminal_lines(&text) } else { text };
    printer.data(&text)?;
    Ok(printer.finish_with(host, &list.coverage))
}

const HEADINGS: [&str; 10] =
    ["STATE", "TENANT", "KEY", "NEW KEY", "AGE", "DUE", "LAST USED", "NEW LAST USED", "OVERLAP UNTIL", "PLANS"];

fn cells(row: &RotationRow) -> [String; 10] {
    let shown = |date: Option<jiff::civil::Date>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    let plans = row.plans.as_ref().map_or_else(|| "not read".to_owned(), |plans| plans.join(" "));
    [
        state_name(row.state).to_owned(),
        row.tenant.clone(),
        row.key_id.clone(),
        row.new_key.as_ref().map_or_else(|| "-".to_owned(), |new| new.id.clone()),
        row.age_days.map_or_else(|| "-".to_owned(), |days| format!("{days}d")),
        shown(row.due_on),
        used(&row.last_use),
        row.new_key.as_ref().map_or_else(|| "-".to_owned(), |new| used(&new.last_use)),
        shown(row.overlap_until),
        plans,
    ]
}

/// Headings for spreadsheets: names as the JSON has them.
const CSV: [&str; 15] = [
    "context",
    "tenant",
    "keyId",
    "keyName",
    "enabled",
    "state",
    "newKeyId",
    "newKeyName",
    "ageDays",
    "dueOn",
    "lastUse",
    "newLastUse",
    "overlapUntil",
    "plans",
    "problem",
];

fn csv_cells(row: &RotationRow) -> [String; 15] {
    let of_new = |of: fn(&NewKey) -> String| row.new_key.as_ref().map(of).unwrap_or_default();
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let said: Vec<&str> = row.problem.iter().chain(&row.held).map(String::as_str).collect();
    [
        row.context.clone(),
        row.tenant.clone(),
        row.key_id.clone(),
        row.key_name.clone(),
        row.enabled.to_string(),
        serde_json::to_value(row.state).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default(),
        of_new(|new| new.id.clone()),
        of_new(|new| new.name.clone()),
        row.age_days.map(|days| days.to_string()).unwrap_or_default(),
        day(row.due_on),
        used(&row.last_use),
        of_new(|new| used(&new.last_use)),
        day(row.overlap_until),
        row.plans.as_ref().map_or_else(|| "not read".to_owned(), |plans| plans.join(" ")),
        said.join(" "),
    ]
}

fn state_name(state: RotationState) -> &'static str {
    match state {
        RotationState::Broken => "BROKEN",
        RotationState::Unknown => "unknown",
        RotationState::Attach => "attach",
        RotationState::ReadyToDisable => "ready to disable",
        RotationState::ReadyToDelete => "ready to delete",
        RotationState::Overlap => "overlap",
        RotationState::Waiting => "waiting",
        RotationState::NotStarted => "-",
    }
}

fn used(last_use: &LastUse) -> String {
    match last_use {
        LastUse::Day { day } => day.to_string(),
        LastUse::Never => "not in 35 days".to_owned(),
        LastUse::NoPlan => "in no plan".to_owned(),
        LastUse::Unknown { .. } => "not known".to_owned(),
    }
}
