//! Writing a file whole or not at all.

use std::path::Path;

use crate::error::{ErrorCode, WireError};

/// Writes beside the file and renames: a reader never sees half of it, and a full disk leaves the old one.
///
/// # Errors
/// `InvalidInput` with the system's reason.
pub(crate) async fn write_whole(path: &Path, text: &str) -> Result<(), WireError> {
    let (target, text) = (path.to_owned(), text.to_owned());
    let written = tokio::task::spawn_blocking(move || {
        if let Some(directory) = target.parent() {
            std::fs::create_dir_all(directory)?;
        }
        let mut beside = target.as_os_str().to_owned();
        beside.push(".part");
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, &target)
    })
    .await;
    let reason = match written {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    Err(WireError::new(ErrorCode::InvalidInput, format!("{} cannot be written: {reason}.", path.display()))
        .with_hint("Choose another place."))
}
