//! The command line without the window, for machines that have no webview.

use std::process::ExitCode;

fn main() -> ExitCode {
    portcullis_cli::run(&portcullis_cli::parse())
}
