//! Writing a file whole or not at all.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::error::{ErrorCode, WireError};

/// Writes beside the file, brings it to the disk and renames: a reader never sees half of it, and a full disk or a
/// power cut leaves the old one. A symbolic link stays one.
///
/// # Errors
/// `InvalidInput` with the system's reason.
pub(crate) async fn write_whole(path: &Path, text: String) -> Result<(), WireError> {
    let target = path.to_owned();
    let reason = match tokio::task::spawn_blocking(move || write(&target, &text)).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    Err(WireError::new(ErrorCode::InvalidInput, format!("{} cannot be written: {reason}.", path.display()))
        .with_hint("Choose another place."))
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if let Some(directory) = target.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let beside = beside(&target);
    let written = std::fs::File::create_new(&beside)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&beside, &target));
    if written.is_err()
        && let Err(error) = std::fs::remove_file(&beside)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(file = %beside.display(), %error, "a file that was begun cannot be removed");
    }
    written
}

/// A name that no other write of this or another process uses.
fn beside(target: &Path) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut name = target.as_os_str().to_owned();
    name.push(format!(".{}-{number}.part", std::process::id()));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_that_fails_leaves_the_old_file_and_nothing_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        // A directory that has something in it cannot be replaced by a file.
        let path = directory.path().join("taken");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("inside"), "old").unwrap();
        assert!(write(&path, "new").is_err());
        let names: Vec<_> =
            std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["taken"]);
        assert_eq!(std::fs::read_to_string(path.join("inside")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn a_rules_file_that_is_a_link_stays_one() {
        let directory = tempfile::tempdir().unwrap();
        let (real, link) = (directory.path().join("real"), directory.path().join("link"));
        std::fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&real).unwrap(), "new");
    }
}
