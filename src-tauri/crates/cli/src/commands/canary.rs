//! `portcullis canary`: releases to a share of a stage's requests.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use portcullis_domain::change::Plan;
use portcullis_operations::{
    canary_list::{CanaryLine, CanaryListRequest, canary_list},
    canary_promote::{CanaryPromoteRequest, canary_promote},
    canary_rollback::{CanaryRollbackRequest, canary_rollback},
    canary_set::{CanarySetRequest, canary_set},
    canary_start::{CanaryStartRequest, canary_start},
    error::ErrorCode,
    host::Host,
    throttle_copy::StageName,
};

use super::canary_watch::{self, WatchArgs};
use crate::{
    args::{Global, OutputFormat},
    changes::{ChangeFlags, confirm_and_apply, terminal_lines},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
    selection::api_with_stage,
};

/// Commands of canaries.
#[derive(Debug, Subcommand)]
pub enum CanaryCommand {
    /// List every canary, those that need attention first.
    Status(StatusArgs),
    /// Start one from the API's draft, or from a deployment that exists.
    Start(StartArgs),
    /// Change the share of the requests.
    Set(SetArgs),
    /// Put a canary under watch until its time is over or the candidate does harm.
    ///
    /// The release is kept: another start of this command, or a window, goes on with it. Exit status: 0 healthy, 1 breached, 3
    /// inconclusive, 5 somebody changed the stage. With --output json (or jsonl), one line for each look.
    Watch(Box<WatchArgs>),
    /// List the terms that a watch can be begun on.
    Templates,
    /// Make the candidate the stage's deployment.
    Promote(PromoteArgs),
    /// Take the release back: remove the canary, or after a promotion return to what was before it.
    Rollback(RollbackArgs),
}

/// Flags of `canary status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// Stages without a canary too.
    #[arg(long)]
    all: bool,
}

/// A stage.
#[derive(Debug, Clone, Args)]
pub struct StageArgs {
    /// API, by id or name.
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(super) api: String,
    /// Stage.
    #[arg(long)]
    pub(super) stage: String,
}

/// Flags of `canary start`.
#[derive(Debug, Args)]
pub struct StartArgs {
    #[command(flatten)]
    stage: StageArgs,
    /// Share of the requests, percent.
    #[arg(long)]
    percent: String,
    /// The candidate; a new deployment of the draft without it.
    #[arg(long, value_name = "ID")]
    deployment: Option<String>,
    /// A stage variable that differs for the candidate (repeat for several).
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    var: Vec<(String, String)>,
    /// Let the candidate use the stage's cache.
    #[arg(long)]
    stage_cache: bool,
    /// Description of the new deployment.
    #[arg(long, value_name = "TEXT", conflicts_with = "deployment")]
    description: Option<String>,
    #[command(flatten)]
    change: ChangeFlags,
}

fn variable(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("{text} is not NAME=VALUE"))
}

/// Flags of `canary set`.
#[derive(Debug, Args)]
pub struct SetArgs {
    #[command(flatten)]
    stage: StageArgs,
    /// Share of the requests, percent.
    #[arg(long)]
    percent: String,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `canary promote`.
#[derive(Debug, Args)]
pub struct PromoteArgs {
    #[command(flatten)]
    stage: StageArgs,
    /// Remove the canary afterwards.
    #[arg(long)]
    remove_canary: bool,
    /// Promote although the verdict is breached, for this reason: kept in the journal.
    #[arg(long, value_name = "REASON")]
    override_verdict: Option<String>,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `canary rollback`.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    #[command(flatten)]
    stage: StageArgs,
    /// Go back to before the promotion even though somebody changed the stage since.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    change: ChangeFlags,
}

impl CanaryCommand {
    /// The one API that the command is about, so that no other is read.
    #[must_use]
    pub fn only_api(&self) -> Option<&str> {
        let stage = match self {
            Self::Status(_) | Self::Templates => return None,
            Self::Start(args) => &args.stage,
            Self::Set(args) => &args.stage,
            Self::Watch(args) => args.stage(),
            Self::Promote(args) => &args.stage,
            Self::Rollback(args) => &args.stage,
        };
        Some(&stage.api)
    }
}

/// Runs `canary`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(
    host: &Host,
    global: &Global,
    command: &CanaryCommand,
    printer: &mut Printer,
) -> Result<Exit, Failure> {
    if matches!(command, CanaryCommand::Templates) {
        return canary_watch::templates(host, printer).await;
    }
    if let CanaryCommand::Rollback(args) = command
        && let Some(plan) = rollback_unread(host, global, args, printer).await?
    {
        return confirm_and_apply(host, &plan, &args.change, printer).await;
    }
    printer.read_all(host, global).await?;
    match command {
        CanaryCommand::Status(args) => status(host, args, printer).await,
        CanaryCommand::Templates => canary_watch::templates(host, printer).await,
        CanaryCommand::Watch(args) => canary_watch::run(host, args, printer).await,
        CanaryCommand::Start(args) => {
            let request = CanaryStartRequest {
                stage: named(host, &args.stage).await?,
                deployment_id: args.deployment.clone(),
                percent: args.percent.clone(),
                overrides: args.var.iter().cloned().collect::<BTreeMap<_, _>>(),
                use_stage_cache: args.stage_cache,
                description: args.description.clone(),
            };
            let plan = canary_start(host, request).await?;
            confirm_and_apply(host, &plan, &args.change, printer).await
        }
        CanaryCommand::Set(args) => {
            let stage = named(host, &args.stage).await?;
            let plan = canary_set(host, CanarySetRequest { stage, percent: args.percent.clone() }).await?;
            confirm_and_apply(host, &plan, &args.change, printer).await
        }
        CanaryCommand::Promote(args) => {
            let stage = named(host, &args.stage).await?;
            let request = CanaryPromoteRequest {
                stage,
                remove_canary: args.remove_canary,
                override_reason: args.override_verdict.clone(),
            };
            let plan = canary_promote(host, request).await?;
            confirm_and_apply(host, &plan, &args.change, printer).await
        }
        CanaryCommand::Rollback(args) => {
            let stage = named(host, &args.stage).await?;
            let plan = canary_rollback(host, CanaryRollbackRequest { stage, overwrite: args.overwrite }).await?;
            confirm_and_apply(host, &plan, &args.change, printer).await
        }
    }
}

/// The plan of a rollback of an API that is named by its id, in one context: nothing is read before. `None` when it has
/// to be looked for.
async fn rollback_unread(
    host: &Host,
    global: &Global,
    args: &RollbackArgs,
    printer: &mut Printer,
) -> Result<Option<Plan>, Failure> {
    let is_id = args.stage.api.len() == 10
        && args.stage.api.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    let contexts = crate::contexts::named_by(global);
    let [context] = contexts.as_slice() else { return Ok(None) };
    if !is_id {
        return Ok(None);
    }
    let (api_id, stage) = (args.stage.api.clone(), args.stage.stage.clone());
    printer.open(host, global).await?;
    let stage = StageName { context: context.label(), api_id, stage };
    match canary_rollback(host, CanaryRollbackRequest { stage, overwrite: args.overwrite }).await {
        Ok(plan) => Ok(Some(plan)),
        // A name that looks like an id, or an HTTP API: reading tells.
        Err(error) if error.code == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn named(host: &Host, args: &StageArgs) -> Result<StageName, Failure> {
    let api = api_with_stage(host, &args.api, &args.stage).await?;
    Ok(StageName { context: api.context, api_id: api.api.id.to_string(), stage: args.stage.clone() })
}

async fn status(host: &Host, args: &StatusArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let list = canary_list(host, CanaryListRequest { every_stage: args.all }).await?;
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(list.items)?,
        _ if list.items.is_empty() => "No canaries.\n".to_owned(),
        _ => {
            let lines = table::render(
                ["STATE", "SHARE", "API", "STAGE", "BASELINE", "CANDIDATE", "CONTEXT"],
                list.items.iter().map(cells),
            );
            let notes = list.items.iter().flat_map(|line| {
                line.release.notes.iter().map(move |note| format!("{}, {}: {note}\n", line.api_name, line.stage))
            });
            terminal_lines(&format!("{lines}\n{}", notes.collect::<String>()))
        }
    };
    printer.data(&text)?;
    Ok(printer.finish(host))
}

fn cells(line: &CanaryLine) -> [String; 7] {
    let or_dash = |id: &Option<String>| id.clone().unwrap_or_else(|| "-".to_owned());
    [
        line.release.state.name().to_owned(),
        format!("{} %", line.release.percent),
        line.api_name.clone(),
        line.stage.clone(),
        or_dash(&line.baseline_deployment),
        or_dash(&line.candidate_deployment),
        line.context.clone(),
    ]
}
