//! The one door from the window: an operation by name, and the few things that only a desktop can do.

use std::time::Duration;

use portcullis_operations::{
    catalogue,
    error::{ErrorCode, WireError},
    host::Host,
};
use serde_json::Value;
use tauri::{AppHandle, State};
use tauri_plugin_clipboard_manager::ClipboardExt as _;
use tauri_plugin_dialog::DialogExt as _;
use tauri_plugin_opener::OpenerExt as _;
use zeroize::Zeroizing;

/// Hosts that a link may lead to: AWS's console in its partitions, and AWS's documentation.
const LINKS: &[&str] =
    &[".console.aws.amazon.com", "console.amazonaws.cn", "console.amazonaws-us-gov.com", "docs.aws.amazon.com"];

/// Calls an operation of the catalogue.
#[tauri::command]
pub(crate) async fn call(host: State<'_, Host>, name: String, payload: Value) -> Result<Value, WireError> {
    let answer = catalogue::call(&host, &name, payload).await;
    if let Err(error) = &answer {
        tracing::info!(operation = name, code = ?error.code, "an operation answered with an error");
    }
    answer
}

/// Asks the person for a file name; `None` when they think better of it.
#[tauri::command]
pub(crate) async fn choose_save_path(app: AppHandle, suggested_name: String) -> Result<Option<String>, WireError> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    app.dialog().file().set_file_name(suggested_name).save_file(move |path| {
        // The window may be gone by the time that the dialog is answered.
        let _ = sender.send(path);
    });
    let chosen = receiver.await.unwrap_or(None);
    Ok(chosen.and_then(|path| path.into_path().ok()).map(|path| path.display().to_string()))
}

/// Opens a page of AWS in the person's own browser; no other.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands commands their arguments by value")]
pub(crate) fn open_url(app: AppHandle, url: String) -> Result<(), WireError> {
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if !LINKS.iter().any(|allowed| host == *allowed || allowed.starts_with('.') && host.ends_with(allowed)) {
        return Err(WireError::new(ErrorCode::InvalidInput, format!("{url} is no page of AWS, and is not opened.")));
    }
    app.opener()
        .open_url(url, None::<&str>)
        .map_err(|error| WireError::new(ErrorCode::Internal, format!("No browser could be opened: {error}.")))
}

/// How long a key's value stays on the clipboard.
const CLEAR_AFTER: Duration = Duration::from_secs(60);

/// Puts a key's value on the clipboard, and clears it after a minute unless something else was copied by then. In Rust and
/// not in the window, which may be closed before.
#[tauri::command]
pub(crate) fn copy_secret(app: AppHandle, text: String) -> Result<(), WireError> {
    let text = Zeroizing::new(text);
    app.clipboard()
        .write_text(text.as_str())
        .map_err(|error| WireError::new(ErrorCode::Internal, format!("The clipboard cannot be written: {error}.")))?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(CLEAR_AFTER).await;
        let still_there = app.clipboard().read_text().is_ok_and(|now| *Zeroizing::new(now) == *text);
        if still_there && let Err(error) = app.clipboard().clear() {
            tracing::warn!(%error, "the clipboard could not be cleared");
        }
    });
    Ok(())
}

/// Puts a text on the clipboard.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands commands their arguments by value")]
pub(crate) fn copy_text(app: AppHandle, text: String) -> Result<(), WireError> {
    app.clipboard()
        .write_text(text)
        .map_err(|error| WireError::new(ErrorCode::Internal, format!("The clipboard cannot be written: {error}.")))
}
