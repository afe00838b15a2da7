//! Portcullis: one program, two faces. With a command it is a command line, without one it is a window.
//!
//! This crate is thin: it has no rules and names nothing of AWS. It opens the window and the one door from the window
//! into `portcullis_operations`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod door;
mod renderer;
mod window;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = portcullis_cli::parse();
    if arguments.command.is_some() {
        return portcullis_cli::run(&arguments);
    }
    renderer::prefer_one_that_works();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    window::open(&arguments)
}
