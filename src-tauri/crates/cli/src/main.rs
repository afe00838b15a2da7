//! The command line without the window, for machines that have no webview.

use std::{alloc::System, process::ExitCode};

use zeroizing_alloc::ZeroAlloc;

/// Memory is overwritten when it is given back, as in the program with the window.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    portcullis_cli::run(&portcullis_cli::parse())
}
