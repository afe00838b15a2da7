//! `portcullis contexts`: what can be opened.

use clap::Args;
use portcullis_operations::{
    context_list::{ContextListRequest, context_list},
    host::Host,
};

use crate::{
    args::OutputFormat,
    exit::Exit,
    failure::Failure,
    output::{Printer, table},
};

/// Flags of `contexts`.
#[derive(Debug, Args)]
pub struct ContextsArgs {}

/// Runs `contexts`.
///
/// # Errors
/// A configuration file that cannot be read.
pub async fn run(host: &Host, printer: &mut Printer) -> Result<Exit, Failure> {
    let found = context_list(host, ContextListRequest {}).await?;
    let text = match printer.format() {
        OutputFormat::Json => host.envelope(found.profiles)?,
        OutputFormat::Table | OutputFormat::Csv if found.profiles.is_empty() => {
            "No profiles in the AWS configuration. --demo shows the demo account.\n".to_owned()
        }
        OutputFormat::Table | OutputFormat::Csv => table::render(
            ["PROFILE", "REGION", "CREDENTIALS"],
            found
                .profiles
                .into_iter()
                .map(|profile| [profile.name, profile.region.unwrap_or_else(|| "-".to_owned()), profile.kind]),
        ),
    };
    printer.data(&text)?;
    Ok(Exit::Done)
}
