//! `portcullis stage`: the deployments of a stage's API, and moving the stage to another one.

use clap::{Args, Subcommand};
use portcullis_operations::{
    deployment_list::{DeploymentLine, DeploymentListRequest, deployment_list},
    host::Host,
    stage_deployment_set::{StageDeploymentSetRequest, stage_deployment_set},
};

use super::canary::{StageArgs, named};
use crate::{
    args::{Global, OutputFormat},
    changes::{ChangeFlags, confirm_and_apply, terminal_lines},
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

/// Commands of stages.
#[derive(Debug, Subcommand)]
pub enum StageCommand {
    /// List the deployments of the stage's API, newest first, and which stage serves which.
    Deployments(DeploymentsArgs),
    /// Move the stage to another deployment: the way back for HTTP and WebSocket APIs, which have no canary.
    Deploy(DeployArgs),
}

/// Flags of `stage deployments`.
#[derive(Debug, Args)]
pub struct DeploymentsArgs {
    #[command(flatten)]
    stage: StageArgs,
}

/// Flags of `stage deploy`.
#[derive(Debug, Args)]
pub struct DeployArgs {
    #[command(flatten)]
    stage: StageArgs,
    /// The deployment.
    #[arg(long, value_name = "ID")]
    deployment: String,
    #[command(flatten)]
    change: ChangeFlags,
}

impl StageCommand {
    /// The one API that the command is about, so that no other is read.
    #[must_use]
    pub fn only_api(&self) -> &str {
        match self {
            Self::Deployments(args) => &args.stage.api,
            Self::Deploy(args) => &args.stage.api,
        }
    }
}

/// Runs `stage`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(host: &Host, global: &Global, command: &StageCommand, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    match command {
        StageCommand::Deployments(args) => {
            let stage = named(host, &args.stage).await?;
            let list = deployment_list(host, DeploymentListRequest { stage }).await?;
            let text = match printer.format() {
                OutputFormat::Json => host.envelope(list.items)?,
                _ => {
                    let header = ["DEPLOYMENT", "CREATED", "SERVED BY", "DESCRIPTION"];
                    let fixed = list.fixed.map_or_else(String::new, |reason| format!("\n{reason}\n"));
                    terminal_lines(&(table::render(header, list.items.iter().map(cells)) + &fixed))
                }
            };
            printer.data(&text)?;
            Ok(printer.finish(host))
        }
        StageCommand::Deploy(args) => {
            let stage = named(host, &args.stage).await?;
            let request = StageDeploymentSetRequest { stage, deployment_id: args.deployment.clone() };
            let plan = stage_deployment_set(host, request).await?;
            confirm_and_apply(host, &plan, &args.change, printer).await
        }
    }
}

fn cells(line: &DeploymentLine) -> [String; 4] {
    let canaries = line.canary_of.iter().map(|stage| format!("{stage} (canary)"));
    let served: Vec<String> = line.stages.iter().cloned().chain(canaries).collect();
    let or_dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    [
        line.id.clone(),
        or_dash(line.created.clone().unwrap_or_default()),
        or_dash(served.join(", ")),
        or_dash(line.description.clone().unwrap_or_default()),
    ]
}
