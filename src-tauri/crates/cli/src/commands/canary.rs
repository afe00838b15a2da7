//! `portcullis canary`: releases to a share of a stage's requests.

use std::{collections::BTreeMap, time::Duration};

use clap::{Args, Subcommand};
use portcullis_domain::{
    canary::{CanaryCriteria, CanarySample, CanaryVerdict},
    change::Plan,
};
use portcullis_operations::{
    canary_list::{CanaryLine, CanaryListRequest, canary_list},
    canary_promote::{CanaryPromoteRequest, canary_promote},
    canary_rollback::{CanaryRollbackRequest, canary_rollback},
    canary_set::{CanarySetRequest, canary_set},
    canary_start::{CanaryStartRequest, canary_start},
    canary_watch::{CanaryWatch, CanaryWatchRequest, canary_watch},
    error::ErrorCode,
    host::Host,
    throttle_copy::StageName,
};

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
    /// Compare candidate and baseline until the time is over or the candidate does harm.
    ///
    /// Exit status: 0 healthy, 1 breached, 3 inconclusive. With --output json, one line for each look.
    Watch(WatchArgs),
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

/// Flags of `canary watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    #[command(flatten)]
    stage: StageArgs,
    /// Look once and end.
    #[arg(long)]
    once: bool,
    /// How long to watch, minutes.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1440))]
    minutes: u32,
    /// Seconds between two looks.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    interval: u64,
    /// The candidate's requests below which there is no verdict.
    #[arg(long, default_value_t = 50)]
    least_requests: u64,
    /// The most 5XX answers, percent.
    #[arg(long, default_value_t = 5.0)]
    ceiling: f64,
    /// Take the release back by itself when the candidate is breached. Needs --access operator.
    #[arg(long)]
    rollback: bool,
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
            Self::Status(_) => return None,
            Self::Start(args) => &args.stage,
            Self::Set(args) => &args.stage,
            Self::Watch(args) => &args.stage,
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
    if let CanaryCommand::Rollback(args) = command
        && let Some(plan) = rollback_unread(host, global, args, printer).await?
    {
        return confirm_and_apply(host, &plan, &args.change, printer).await;
    }
    printer.read_all(host, global).await?;
    match command {
        CanaryCommand::Status(args) => status(host, args, printer).await,
        CanaryCommand::Watch(args) => watch(host, args, printer).await,
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

async fn watch(host: &Host, args: &WatchArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let stage = named(host, &args.stage).await?;
    let criteria = CanaryCriteria {
        minutes: args.minutes,
        least_requests: args.least_requests,
        server_errors_ceiling: args.ceiling,
        ..CanaryCriteria::default()
    };
    let looks = if args.once { 1 } else { (u64::from(args.minutes) * 60).div_ceil(args.interval).max(1) };
    let mut since = None;
    let mut last = CanaryVerdict::Inconclusive;
    for look in 1..=looks {
        let request = CanaryWatchRequest { stage: stage.clone(), since: since.clone(), criteria };
        match canary_watch(host, request).await {
            Ok(seen) => {
                // Later looks count from where the first one did: evidence adds up.
                since.get_or_insert_with(|| seen.from.clone());
                printer.data(&shown(printer.format(), &seen)?)?;
                last = seen.judgement.verdict;
                if last == CanaryVerdict::Breached {
                    if args.rollback {
                        let plan = canary_rollback(host, CanaryRollbackRequest::of(stage.clone())).await?;
                        let reason = format!("Breached: {}", seen.judgement.reasons.join(" "));
                        let flags = ChangeFlags { yes: true, reason, ..args.change.clone() };
                        confirm_and_apply(host, &plan, &flags, printer).await?;
                    }
                    return Ok(Exit::Findings);
                }
            }
            Err(error) if args.once || error.code == ErrorCode::NotFound => return Err(error.into()),
            // A look that fails is a gap in what is known, and no reason to stop protecting.
            Err(error) => {
                last = CanaryVerdict::Inconclusive;
                if printer.format() == OutputFormat::Json {
                    let gap = serde_json::json!({ "at": host.now(), "gap": error });
                    printer.data(&format!("{gap}\n"))?;
                } else {
                    printer.note(&format!("{}: this look failed, the watch goes on. {}", host.now(), error.message));
                }
            }
        }
        if look < looks {
            tokio::time::sleep(Duration::from_secs(args.interval)).await;
        }
    }
    Ok(if last == CanaryVerdict::Healthy { Exit::Done } else { Exit::Incomplete })
}

fn shown(format: OutputFormat, seen: &CanaryWatch) -> Result<String, Failure> {
    if format == OutputFormat::Json {
        return serde_json::to_string(seen).map(|line| line + "\n").map_err(|error| Failure::failed(error.to_string()));
    }
    let gaps = crate::output::gaps::render(&seen.coverage);
    Ok(terminal_lines(&format!("{}{gaps}", told(seen))))
}

fn told(seen: &CanaryWatch) -> String {
    let line = |name: &str, sample: &CanarySample| {
        let latency = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |latency| format!("{latency:.0} ms"));
        [
            name.to_owned(),
            sample.requests.to_string(),
            format!("{:.2} %", sample.client_error_rate()),
            format!("{:.2} %", sample.server_error_rate()),
            latency(sample.latency_average),
            latency(sample.latency_p50),
            latency(sample.latency_p90),
            latency(sample.latency_p99),
        ]
    };
    let lines = table::render(
        ["", "REQUESTS", "4XX", "5XX", "AVERAGE", "P50", "P90", "P99"],
        [line("candidate", &seen.candidate), line("baseline", &seen.baseline)],
    );
    format!(
        "{} to {}, {} % of the requests\n{lines}{:?}: {}\n{}\n{}\n",
        seen.from,
        seen.to,
        seen.release.percent,
        seen.judgement.verdict,
        seen.judgement.reasons.join(" "),
        seen.beginning.words,
        seen.source_words
    )
}
