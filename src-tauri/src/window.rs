//! The window: its size, its title, its events.

use std::{process::ExitCode, time::Duration};

use portcullis_cli::Cli;
use portcullis_domain::context::ContextSpec;
use portcullis_operations::{
    context_select::{ContextSelectRequest, context_select},
    host::{Host, HostOptions},
};
use tauri::{AppHandle, Emitter as _, WebviewUrl, WebviewWindowBuilder};

use crate::door;

/// The event that tells the window that the inventory changed.
const INVENTORY: &str = "inventory";
/// Between two events: a page that asks again five times a second is lively enough.
const BREATH: Duration = Duration::from_millis(200);

/// Opens the window and runs until it is closed.
pub(crate) fn open(arguments: &Cli) -> ExitCode {
    let options = HostOptions { scale: arguments.scale, ..HostOptions::from_environment() };
    if let Some(speed) = arguments.global.demo_speed
        && let Err(failure) = portcullis_cli::set_demo_speed(&options, speed, arguments.global.demo)
    {
        return failure.report(portcullis_cli::OutputChoice::Table.format());
    }
    let host = match Host::open(options) {
        Ok(host) => host,
        Err(error) => {
            tracing::error!(%error, "the program cannot start");
            return ExitCode::from(4);
        }
    };
    let named = named_contexts(arguments);
    let ending = host.clone();
    let outcome = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .manage(host.clone())
        .invoke_handler(tauri::generate_handler![
            door::call,
            door::choose_save_path,
            door::open_url,
            door::copy_text,
            door::copy_secret
        ])
        .setup(move |app| {
            tauri::async_runtime::spawn(begin(host.clone(), named));
            tauri::async_runtime::spawn(host.clone().watch_releases());
            tauri::async_runtime::spawn(tell(app.handle().clone(), host));
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Portcullis")
                .inner_size(1440.0, 900.0)
                .min_inner_size(1024.0, 700.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!());
    ending.let_go_of_releases();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window cannot be opened");
            ExitCode::from(4)
        }
    }
}

/// Contexts that the flags name; none means: those of last time.
fn named_contexts(arguments: &Cli) -> Vec<ContextSpec> {
    let global = &arguments.global;
    let silent = !global.demo && global.profile.is_empty() && global.region.is_empty() && global.endpoint_url.is_none();
    if silent { Vec::new() } else { portcullis_cli::contexts_named_by(global) }
}

async fn begin(host: Host, named: Vec<ContextSpec>) {
    let contexts = if named.is_empty() { host.initial_contexts().await } else { named };
    if contexts.is_empty() {
        return;
    }
    if let Err(error) = context_select(&host, ContextSelectRequest { contexts }).await {
        tracing::error!(%error, "the contexts cannot be opened");
    }
}

/// Tells the window of changes, not more often than it can follow.
async fn tell(app: AppHandle, host: Host) {
    let mut revisions = host.revisions();
    while revisions.changed().await.is_ok() {
        if let Err(error) = app.emit(INVENTORY, ()) {
            tracing::debug!(%error, "nobody listens to the inventory");
        }
        tokio::time::sleep(BREATH).await;
    }
}
