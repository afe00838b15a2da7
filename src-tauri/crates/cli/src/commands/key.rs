//! `portcullis key`: rotation without an outage, and one key's value.

use clap::{Args, Subcommand, ValueEnum};
use portcullis_operations::{
    host::Host,
    key_reveal::{KeyRevealRequest, key_reveal},
    key_rotate::{KeyRotateRequest, RotationStage, key_rotate},
    tenant_get::{TenantGetRequest, tenant_get},
};

use crate::{
    args::Global,
    changes::{Access, ChangeFlags, confirm_and_apply},
    exit::Exit,
    failure::Failure,
    output::Printer,
};

/// Commands about keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Take the next stage of replacing a key: create, attach, disable, delete; or the way back: enable, abandon.
    Rotate(RotateArgs),
    /// Write one key's value to a new file that only you can read; the journal notes it.
    Reveal(RevealArgs),
}

/// Flags of `key rotate`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// The old key's id.
    key: String,
    /// The stage.
    #[arg(long, value_enum)]
    stage: Stage,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `key reveal`.
#[derive(Debug, Args)]
pub struct RevealArgs {
    /// The key's id.
    key: String,
    /// The file that is made.
    #[arg(long, value_name = "FILE")]
    file: String,
    /// Why: kept in the journal.
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// The name of the context, typed out, where it is protected.
    #[arg(long, value_name = "CONTEXT")]
    confirm: Option<String>,
    /// A value is shown only where changes are allowed.
    #[arg(long, value_enum, value_name = "MODE")]
    access: Option<Access>,
}

/// Stages of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// Make the new key.
    Create,
    /// Put it into the plans of the old one, with what is left of its quota.
    Attach,
    /// Disable the old key.
    Disable,
    /// Enable the old key again.
    Enable,
    /// Delete the old key, for good.
    Delete,
    /// Delete the new key, for good.
    Abandon,
}

impl From<Stage> for RotationStage {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Create => Self::Create,
            Stage::Attach => Self::Attach,
            Stage::Disable => Self::Disable,
            Stage::Enable => Self::Enable,
            Stage::Delete => Self::Delete,
            Stage::Abandon => Self::Abandon,
        }
    }
}

/// Runs `key`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(host: &Host, global: &Global, command: &KeyCommand, printer: &mut Printer) -> Result<Exit, Failure> {
    printer.read_all(host, global).await?;
    match command {
        KeyCommand::Rotate(args) => {
            let context = context_of(host, &args.key).await?;
            let request = KeyRotateRequest { context, key_id: args.key.clone(), stage: args.stage.into() };
            confirm_and_apply(host, &key_rotate(host, request).await?, &args.change, printer).await
        }
        KeyCommand::Reveal(args) => {
            if args.access == Some(Access::Operator) {
                host.allow_changes()?;
            }
            let request = KeyRevealRequest {
                context: context_of(host, &args.key).await?,
                key_id: args.key.clone(),
                reason: args.reason.clone(),
                typed: args.confirm.clone(),
                path: Some(args.file.clone()),
            };
            let revealed = key_reveal(host, request).await?;
            let path = revealed.path.unwrap_or_default();
            printer.data(&format!("Written to {path}, readable by you alone. Journal entry {}.\n", revealed.entry))?;
            Ok(Exit::Done)
        }
    }
}

async fn context_of(host: &Host, key: &str) -> Result<String, Failure> {
    Ok(tenant_get(host, TenantGetRequest { context: None, tenant: key.to_owned() }).await?.context)
}
