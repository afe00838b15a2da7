//! Which program is making a change: a lock of the operating system on a file of the entry's name.
//!
//! The system lets go of the lock when the program ends, however it ends (<https://man7.org/linux/man-pages/man2/flock.2.html>),
//! so that a change whose program was killed is free at once, and one that lives is not, whatever the clock says.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::StoreError;

/// How often a lock that somebody has is tried again, and how long apart: who only looks holds it for a moment.
const ATTEMPTS: u32 = 10;
const APART: Duration = Duration::from_millis(10);

/// A change that this program makes, until this is dropped.
#[derive(Debug)]
pub struct Lease {
    /// Locked as long as it is open.
    _file: File,
    path: PathBuf,
}

impl Lease {
    /// Takes the entry for this program; `None` when another program that lives has it, or another part of this one.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the file cannot be made or locked: nobody knows then whether the change is free.
    pub fn take(directory: &Path, entry: &str) -> Result<Option<Self>, StoreError> {
        let path = file_of(directory, entry)?;
        let unusable = |error: std::io::Error| StoreError::Unusable { path: path.clone(), reason: error.to_string() };
        std::fs::create_dir_all(directory).map_err(unusable)?;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                std::thread::sleep(APART);
            }
            let file = private().create(true).open(&path).map_err(unusable)?;
            match file.try_lock() {
                // The one before takes its file away when it is done: a lock on a file without a name holds nothing.
                Ok(()) if is_still_there(&file, &path) => return Ok(Some(Self { _file: file, path })),
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(unusable(error)),
            }
        }
        Ok(None)
    }

    /// Whether a program that lives makes the change.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the file is there and nobody can tell.
    pub fn is_held(directory: &Path, entry: &str) -> Result<bool, StoreError> {
        let path = file_of(directory, entry)?;
        let unusable = |error: std::io::Error| StoreError::Unusable { path: path.clone(), reason: error.to_string() };
        let file = match private().open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unusable(error)),
        };
        // Shared: two that look do not take each other for the one who has it.
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // A file that stays is locked by nobody: it is in nobody's way.
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(path = %self.path.display(), %error, "the lock of a change that is over stays");
        }
    }
}

/// An entry's id is part of a path: it may be nothing that leads elsewhere.
fn file_of(directory: &Path, entry: &str) -> Result<PathBuf, StoreError> {
    let plain = !entry.is_empty() && entry.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !plain {
        let reason = "an entry's name has letters, digits and hyphens only".to_owned();
        return Err(StoreError::Unusable { path: directory.to_owned(), reason });
    }
    Ok(directory.join(format!("{entry}.lock")))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let same =
        |here: &std::fs::Metadata, there: &std::fs::Metadata| here.dev() == there.dev() && here.ino() == there.ino();
    file.metadata().and_then(|here| Ok(same(&here, &std::fs::metadata(path)?))).unwrap_or(false)
}

/// Where a file that is open cannot lose its name to another.
#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_until_it_is_done() {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path().join("changes");
        assert!(!Lease::is_held(&at, "e-1").unwrap());
        let lease = Lease::take(&at, "e-1").unwrap().unwrap();
        assert!(Lease::is_held(&at, "e-1").unwrap());
        assert!(Lease::take(&at, "e-1").unwrap().is_none(), "another has it");
        assert!(Lease::take(&at, "e-2").unwrap().is_some(), "that is another change");
        drop(lease);
        assert!(!Lease::is_held(&at, "e-1").unwrap());
        assert!(Lease::take(&at, "e-1").unwrap().is_some());
        assert_eq!(std::fs::read_dir(&at).unwrap().count(), 0, "nothing is left behind");
    }

    #[test]
    fn a_file_that_was_left_behind_holds_nothing() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("e-1.lock"), "").unwrap();
        assert!(!Lease::is_held(directory.path(), "e-1").unwrap());
        assert!(Lease::take(directory.path(), "e-1").unwrap().is_some());
    }

    #[test]
    fn a_lock_on_a_file_that_lost_its_name_is_none() {
        let directory = tempfile::tempdir().unwrap();
        let first = Lease::take(directory.path(), "e-1").unwrap().unwrap();
        std::fs::remove_file(&first.path).unwrap();
        assert!(!is_still_there(&first._file, &first.path));
    }

    #[test]
    fn of_many_at_once_exactly_one_has_it() {
        let directory = tempfile::tempdir().unwrap();
        let ready = std::sync::Barrier::new(8);
        let taken: Vec<Option<Lease>> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        ready.wait();
                        Lease::take(directory.path(), "e-1").unwrap()
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(taken.iter().flatten().count(), 1);
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["../e", "", "a/b", "a\0b"] {
            assert!(Lease::take(directory.path(), name).is_err(), "{name:?}");
        }
    }
}
