//! The command line: arguments, one file per command, output.
//!
//! Deliberately not here: rules and AWS. Every command calls the operations that the window calls.

mod args;
mod changes;
mod commands;
mod contexts;
mod exit;
mod failure;
mod output;
mod pages;
mod selection;

use std::process::ExitCode;

use clap::Parser as _;
use portcullis_operations::host::{FASTEST, Host, HostOptions};

pub use args::{Cli, Command, DemoCommand, OutputChoice};
pub use contexts::named_by as contexts_named_by;
pub use exit::Exit;
pub use failure::Failure;

use crate::output::Printer;

/// Runs one command; `cli.command` must be there.
#[must_use]
pub fn run(cli: &Cli) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return Failure::failed(format!("The program cannot start: {error}.")).report(cli.global.output.format());
        }
    };
    match runtime.block_on(command(cli)) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(cli.global.output.format()),
    }
}

/// Reads the arguments as `main` got them.
#[must_use]
pub fn parse() -> Cli {
    Cli::parse()
}

/// Lets the demo account's time run faster, for the window too.
///
/// # Errors
/// Wrong usage for a speed that is none, and for anything but the demo account.
pub fn set_demo_speed(options: &HostOptions, speed: f64, demo: bool) -> Result<(), Failure> {
    if !demo {
        return Err(Failure::usage("--demo-speed is for the demo account: add --demo.".to_owned()));
    }
    match &options.demo_clock {
        Some(clock) if (1.0..=FASTEST).contains(&speed) => {
            clock.set_speed(speed);
            Ok(())
        }
        _ => Err(Failure::usage(format!("--demo-speed is 1 to {FASTEST}; {speed} is not."))),
    }
}

async fn command(cli: &Cli) -> Result<Exit, Failure> {
    let only_findings = matches!(cli.global.output, OutputChoice::Ocsf | OutputChoice::Sarif);
    if only_findings && !matches!(cli.command, Some(Command::Posture(_))) {
        return Err(Failure::usage("--output ocsf and sarif are forms of findings: only posture has them.".to_owned()));
    }
    let mut printer = Printer::new(cli.global.output.format());
    let only_api = match &cli.command {
        Some(Command::Throttle(command)) => command.only_api().map(str::to_owned),
        Some(Command::Canary(command)) => command.only_api().map(str::to_owned),
        Some(Command::Stage(command)) => Some(command.only_api().to_owned()),
        _ => None,
    };
    let options = HostOptions { in_memory: true, only_api, scale: cli.scale, ..HostOptions::from_environment() };
    match &cli.command {
        Some(Command::Demo(DemoCommand::Serve(args))) => {
            return commands::demo_serve::run(args, &options, &mut printer).await;
        }
        Some(Command::Demo(DemoCommand::Import(args))) => {
            return commands::demo_import::run(args, &options, &mut printer);
        }
        Some(Command::Completions(args)) => return commands::completions::run(args, &mut printer),
        _ => {}
    }
    let rehearsal = matches!(&cli.command, Some(Command::Demo(DemoCommand::Rehearse(_))));
    let speed = cli.global.demo_speed.or_else(|| rehearsal.then_some(FASTEST));
    if let Some(speed) = speed {
        set_demo_speed(&options, speed, cli.global.demo || rehearsal)?;
    }
    let host = Host::open(options)?;
    printer.tell_notices(&host);
    match &cli.command {
        Some(Command::Routes(args)) => commands::routes::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Apis(_)) => commands::apis::run(&host, &cli.global, &mut printer).await,
        Some(Command::Posture(args)) => commands::posture::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Contexts(_)) => commands::contexts::run(&host, &mut printer).await,
        Some(Command::Doctor(_)) => commands::doctor::run(&host, &cli.global, &mut printer).await,
        Some(Command::Throttle(command)) => commands::throttle::run(&host, &cli.global, command, &mut printer).await,
        Some(Command::Tenants(args)) => commands::tenants::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Plans(args)) => commands::plans::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Canary(command)) => commands::canary::run(&host, &cli.global, command, &mut printer).await,
        Some(Command::Stage(command)) => commands::stage::run(&host, &cli.global, command, &mut printer).await,
        Some(Command::Quota(command)) => commands::quota::run(&host, &cli.global, command, &mut printer).await,
        Some(Command::Key(command)) => commands::key::run(&host, &cli.global, command, &mut printer).await,
        Some(Command::Waf(args)) => commands::waf::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Rotation(command)) => commands::rotation::run(&host, &cli.global, command, &mut printer).await,
        Some(Command::Alarms(args)) => commands::alarms::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Metrics(args)) => commands::metrics::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Events(args)) => commands::events::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Journal(args)) => commands::journal::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Undo(args)) => commands::journal::undo(&host, &cli.global, args, &mut printer).await,
        Some(Command::IamPolicy(args)) => commands::iam_policy::run(&host, &cli.global, args, &mut printer).await,
        Some(Command::Demo(DemoCommand::Rehearse(args))) => {
            commands::demo_rehearse::run(&host, &cli.global, args, &mut printer).await
        }
        Some(Command::Demo(_) | Command::Completions(_)) | None => {
            Err(Failure::usage("Name a command; --help lists them.".to_owned()))
        }
    }
}
