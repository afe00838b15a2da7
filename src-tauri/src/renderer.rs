//! On machines without a GPU WebKitGTK's DMA-BUF renderer costs 200 ms a scrolled frame instead of 16.
//!
//! The variable that switches it off must be there before the process starts any thread, and setting a variable of
//! one's own process is unsafe; so the program starts itself again with it.

/// Replaces this process by one whose renderer suits the machine; returns when it already does.
#[cfg(target_os = "linux")]
pub(crate) fn prefer_one_that_works() {
    use std::os::unix::process::CommandExt as _;

    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_gpu = std::fs::read_dir("/dev/dri").is_ok_and(|mut devices| {
        devices.any(|device| device.is_ok_and(|device| device.file_name().to_string_lossy().starts_with("renderD")))
    });
    if has_gpu || std::env::var_os(VARIABLE).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    // `exec` only returns when it failed; the slow renderer is still a renderer.
    let error = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(VARIABLE, "1").exec();
    tracing::warn!(%error, "the program could not start itself again with another renderer");
}

/// Other systems have their own webviews.
#[cfg(not(target_os = "linux"))]
pub(crate) fn prefer_one_that_works() {}
