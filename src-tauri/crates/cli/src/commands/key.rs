//! `portcullis key`: beginning a rotation without an outage, and one key's value.

use clap::{Args, Subcommand};
use portcullis_domain::rotation::RotationStage;
use portcullis_operations::{
    context_list::{ContextListRequest, context_list},
    host::Host,
    key_reveal::{KeyRevealRequest, RevealedKey, key_reveal},
    key_rotate::{KeyRotateRequest, key_rotate},
    rotation_list::{RotationListRequest, RotationQuery, rotation_list},
};

use crate::{
    args::{Global, OutputFormat},
    changes::{Access, ChangeFlags, confirm_and_apply, no_csv},
    commands::{rotation::SelectArgs, rotation_batch},
    exit::Exit,
    failure::Failure,
    output::Printer,
};

/// Commands about keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Begin replacing a key: make a new one, put it into the same plans with what is left of their quotas; both work.
    Rotate(RotateArgs),
    /// Print one key's value, for handing over; the journal notes it.
    Reveal(RevealArgs),
    /// Write one key's value to a new file that only you can read; the journal notes it.
    Save(SaveArgs),
}

/// Flags of `key rotate`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    #[command(flatten)]
    select: SelectArgs,
    /// How long both keys shall work: 7d, 2w. As the settings say without it.
    #[arg(long, value_name = "DAYS", value_parser = days)]
    overlap: Option<u16>,
    #[command(flatten)]
    change: ChangeFlags,
}

/// Flags of `key reveal`.
#[derive(Debug, Args)]
pub struct RevealArgs {
    /// The key's id.
    #[arg(long, value_name = "ID")]
    key: String,
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

/// Flags of `key save`.
#[derive(Debug, Args)]
pub struct SaveArgs {
    #[command(flatten)]
    reveal: RevealArgs,
    /// The file that is made; nothing is overwritten.
    #[arg(long, value_name = "FILE")]
    file: String,
}

/// `7d`, `2w`, `7` -> days.
///
/// # Errors
/// What is no such text, and more than a year.
pub(crate) fn days(text: &str) -> Result<u16, String> {
    let (number, factor) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d').unwrap_or(text), 1),
    };
    let days = number.parse::<u16>().ok().and_then(|number| number.checked_mul(factor));
    days.filter(|days| *days <= 365).ok_or_else(|| "days or weeks up to a year: 7d, 2w".to_owned())
}

/// Runs `key`.
///
/// # Errors
/// Wrong usage, what the operations refuse, failures of the host.
pub async fn run(host: &Host, global: &Global, command: &KeyCommand, printer: &mut Printer) -> Result<Exit, Failure> {
    no_csv(printer)?;
    printer.read_all(host, global).await?;
    match command {
        KeyCommand::Rotate(args) => {
            let [key] = args.select.key.as_slice() else { return begin_several(host, args, printer).await };
            let request = KeyRotateRequest {
                context: context_of(host, key).await?,
                key_id: key.clone(),
                stage: Some(RotationStage::Start),
                overlap_days: args.overlap,
                override_reason: None,
            };
            confirm_and_apply(host, &key_rotate(host, request).await?, &args.change, printer).await
        }
        KeyCommand::Reveal(args) => {
            let revealed = revealed(host, args, None).await?;
            let text = match printer.format() {
                OutputFormat::Json => host.envelope(vec![revealed])?,
                OutputFormat::Table | OutputFormat::Csv => revealed.value.unwrap_or_default() + "\n",
            };
            printer.data(&text)?;
            Ok(Exit::Done)
        }
        KeyCommand::Save(args) => {
            let saved = revealed(host, &args.reveal, Some(args.file.clone())).await?;
            let text = match printer.format() {
                OutputFormat::Json => host.envelope(vec![saved])?,
                OutputFormat::Table | OutputFormat::Csv => {
                    let path = saved.path.unwrap_or_default();
                    format!("Written to {path}, readable by you alone. Journal entry {}.\n", saved.entry)
                }
            };
            printer.data(&text)?;
            Ok(Exit::Done)
        }
    }
}

async fn begin_several(host: &Host, args: &RotateArgs, printer: &mut Printer) -> Result<Exit, Failure> {
    let query = args.select.query();
    if query == RotationQuery::default() {
        return Err(Failure::usage("Say which keys: --key, --older-than, --tag or --in-plan.".to_owned()));
    }
    let open = context_list(host, ContextListRequest {}).await?.open;
    let [context] = open.as_slice() else {
        return Err(Failure::usage("A batch is for one context: name one with --profile and --region.".to_owned()));
    };
    rotation_batch::begin(host, context.label.clone(), query, args.overlap, &args.change, printer).await
}

async fn revealed(host: &Host, args: &RevealArgs, path: Option<String>) -> Result<RevealedKey, Failure> {
    if args.access == Some(Access::Operator) {
        host.allow_changes()?;
    }
    let request = KeyRevealRequest {
        context: context_of(host, &args.key).await?,
        key_id: args.key.clone(),
        reason: args.reason.clone(),
        typed: args.confirm.clone(),
        path,
    };
    Ok(key_reveal(host, request).await?)
}

/// The context that a key is in.
pub(crate) async fn context_of(host: &Host, key: &str) -> Result<String, Failure> {
    let query = RotationQuery { key_ids: vec![key.to_owned()], ..RotationQuery::default() };
    let found = rotation_list(host, RotationListRequest { query, ..RotationListRequest::default() }).await?;
    let unread = found.coverage.gaps.first().map(|gap| format!(" Not everything could be read: {}", gap.message));
    found.rows.first().map(|row| row.context.clone()).ok_or_else(|| {
        Failure::failed(format!("There is no key {key} in the open contexts.{}", unread.unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn an_overlap_is_days_or_weeks_and_nothing_else() {
        for (text, expected) in [("7d", Some(7)), ("2w", Some(14)), ("0", Some(0)), ("365d", Some(365))] {
            assert_eq!(days(text).ok(), expected, "{text}");
        }
        for text in ["", "d", "-1d", "366d", "99999w", "7h", "٧d", "1.5d"] {
            assert!(days(text).is_err(), "{text}");
        }
    }
}
