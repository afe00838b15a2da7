//! Portcullis: one program, two faces. With a command it is a command line, without one it is a window.
//!
//! This crate is thin: it has no rules and names nothing of AWS. It opens the window and the one door from the window
//! into `portcullis_operations`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod door;
mod renderer;
mod window;

use std::{alloc::System, process::ExitCode};

use tracing_subscriber::{
    EnvFilter, Layer as _,
    filter::{FilterExt as _, filter_fn},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};
use zeroizing_alloc::ZeroAlloc;

/// Memory is overwritten when it is given back, whoever had it: an API key's value passes through the SDK, its HTTP client and
/// TLS, and none of them does it by itself.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let arguments = portcullis_cli::parse();
    if arguments.command.is_some() {
        return portcullis_cli::run(&arguments);
    }
    renderer::prefer_one_that_works();
    log_to_stderr();
    window::open(&arguments)
}

/// As `RUST_LOG` says, but the finest level is for this program's own words alone: the AWS SDK writes whole answers at it, and
/// with them values of API keys.
fn log_to_stderr() {
    let harmless =
        filter_fn(|metadata| *metadata.level() <= tracing::Level::DEBUG || metadata.target().starts_with("portcullis"));
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry().with(layer.with_filter(EnvFilter::from_default_env().and(harmless))).init();
}
