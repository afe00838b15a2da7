//! The command line without the window, for machines that have no webview.
fn main() {}
