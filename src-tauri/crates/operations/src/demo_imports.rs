//! Definitions that were imported into the demo account: copies of the files in the data directory, read at every start.

use std::path::{Path, PathBuf};

use portcullis_demo::ImportReport;

use crate::{
    error::{ErrorCode, WireError},
    host::{Host, HostOptions},
};

fn directory(data_dir: &Path) -> PathBuf {
    data_dir.join("demo-imports")
}

/// The files, by name.
#[must_use]
pub fn files(data_dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory(data_dir))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

/// Reads a definition into a demo account of its own, says what was understood, and keeps a copy of the file when
/// anything was.
///
/// # Errors
/// The file cannot be read or its copy not written.
pub fn import(options: &HostOptions, file: &Path) -> Result<ImportReport, WireError> {
    let failed = |error: std::io::Error| {
        WireError::new(ErrorCode::InvalidInput, format!("{} cannot be read: {error}.", file.display()))
    };
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let account = portcullis_demo::DemoAccount::empty(std::sync::Arc::clone(&options.clock), 1);
    let report = account.import(&name, &text);
    if report.routes() > 0 {
        let directory = directory(&options.data_dir);
        let kept = std::fs::create_dir_all(&directory).and_then(|()| std::fs::write(directory.join(&name), text));
        kept.map_err(|error| {
            WireError::new(ErrorCode::Internal, format!("{name} cannot be kept in {}: {error}.", directory.display()))
        })?;
    }
    Ok(report)
}

impl Host {
    /// Where the copies are, for messages.
    #[must_use]
    pub fn demo_imports(&self) -> Vec<PathBuf> {
        files(&self.inner.options.data_dir)
    }
}
