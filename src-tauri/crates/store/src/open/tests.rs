use super::*;
use crate::snapshots::tests::{api, head, kept};

fn store_file() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data").join("store.sqlite");
    (directory, path)
}

/// A store that has something in it.
fn filled(path: &Path) {
    let opened = Store::open(path).unwrap();
    assert!(opened.warning.is_none(), "{:?}", opened.warning);
    for context in 0..20 {
        let apis: Vec<_> = (0..20).map(|number| api(&number.to_string(), &"name ".repeat(200))).collect();
        opened.store.save_snapshot(&context.to_string(), &head(), &kept(&apis), &[]).unwrap();
    }
    opened.store.set_setting("a", "1").unwrap();
}

fn assert_set_aside(path: &Path, damaged: &[u8]) {
    let opened = Store::open(path).unwrap();
    let Some(StoreError::Corrupted { aside, .. }) = &opened.warning else { panic!("{:?}", opened.warning) };
    assert_eq!(std::fs::read(aside).unwrap(), damaged, "nothing of the damaged file is lost");
    assert_eq!(opened.store.setting("a").unwrap(), None);
    opened.store.set_setting("a", "2").unwrap();
    drop(opened);
    let again = Store::open(path).unwrap();
    assert!(again.warning.is_none(), "the new store is whole: {:?}", again.warning);
    assert_eq!(again.store.setting("a").unwrap().as_deref(), Some("2"));
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    let (_directory, path) = store_file();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = "this is no database, and long enough to have a header of its own".repeat(10);
    std::fs::write(&path, &text).unwrap();
    // A log that was left behind must not be played back into the new file.
    std::fs::write(with_suffix(&path, "-wal"), "left behind").unwrap();
    assert_set_aside(&path, text.as_bytes());
}

#[test]
fn a_truncated_file_is_set_aside() {
    let (_directory, path) = store_file();
    filled(&path);
    let whole = std::fs::read(&path).unwrap();
    let half = &whole[..whole.len() / 2];
    std::fs::write(&path, half).unwrap();
    assert_set_aside(&path, half);
}

#[test]
fn a_file_with_a_page_overwritten_is_set_aside() {
    let (_directory, path) = store_file();
    filled(&path);
    let mut damaged = std::fs::read(&path).unwrap();
    damaged[4096..8192].fill(0xa5);
    std::fs::write(&path, &damaged).unwrap();
    assert_set_aside(&path, &damaged);
}

#[test]
fn a_second_damaged_file_does_not_replace_the_first() {
    let (_directory, path) = store_file();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    for text in ["first ".repeat(100), "second ".repeat(100)] {
        std::fs::write(&path, text).unwrap();
        drop(Store::open(&path).unwrap());
    }
    let text = |number| std::fs::read_to_string(with_suffix(&path, &format!(".damaged-{number}"))).unwrap();
    assert!(text(1).starts_with("first") && text(2).starts_with("second"));
}

#[test]
fn a_newer_file_is_left_alone() {
    let (_directory, path) = store_file();
    filled(&path);
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(&path).unwrap();
    let opened = Store::open(&path).unwrap();
    let warning = opened.warning.as_ref().unwrap();
    assert!(matches!(warning, StoreError::TooNew { found: 99, .. }), "{warning:?}");
    assert!(warning.to_string().contains("newer version"), "{warning}");
    opened.store.set_setting("a", "2").unwrap();
    drop(opened);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_place_that_cannot_be_written_costs_memory_only() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let opened = Store::open(&file.join("store.sqlite")).unwrap();
    assert!(matches!(opened.warning, Some(StoreError::Unusable { .. })), "{:?}", opened.warning);
    opened.store.set_setting("a", "1").unwrap();
}

#[test]
fn a_file_that_another_program_holds_is_said_to_be_locked() {
    let (_directory, path) = store_file();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE theirs (x); BEGIN EXCLUSIVE; INSERT INTO theirs VALUES (1);").unwrap();
    let opened = Store::open_patiently(&path, Duration::from_millis(20)).unwrap();
    assert!(matches!(opened.warning, Some(StoreError::Locked { .. })), "{:?}", opened.warning);
    other.execute_batch("COMMIT").unwrap();
    assert!(Store::open(&path).unwrap().warning.is_none(), "nothing was moved or damaged");
}

#[test]
fn a_full_disk_is_named_and_costs_only_what_was_being_written() {
    let (_directory, path) = store_file();
    let store = Store::open(&path).unwrap().store;
    store.save_snapshot("demo", &head(), &kept(&[api("one", "1")]), &[]).unwrap();
    let pages: i64 = store.writing().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.writing().pragma_update(None, "max_page_count", pages).unwrap();
    // Letters that do not repeat: what is kept is compressed.
    let long: String = (0..200_000_u32)
        .map(|number| char::from(b'a' + (number.wrapping_mul(2_654_435_761) >> 24) as u8 % 26))
        .collect();
    let failure = store.save_snapshot("demo", &head(), &kept(&[api("two", &long)]), &[]).unwrap_err();
    assert!(matches!(failure, StoreError::Full { .. }), "{failure:?}");
    let apis = store.snapshot("demo").unwrap().unwrap().apis;
    assert_eq!(apis, [api("one", "1")], "the last snapshot is still there");
}

#[test]
fn several_programs_start_at_once_and_share_the_file() {
    let (_directory, path) = store_file();
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let path = path.clone();
            std::thread::spawn(move || {
                let opened = Store::open(&path).unwrap();
                assert!(opened.warning.is_none(), "{:?}", opened.warning);
                for round in 0..10 {
                    opened.store.set_setting(&format!("{number}"), &round.to_string()).unwrap();
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let store = Store::open(&path).unwrap().store;
    for number in 0..8 {
        assert_eq!(store.setting(&number.to_string()).unwrap().as_deref(), Some("9"));
    }
}

#[test]
fn what_is_on_screen_is_read_while_a_snapshot_is_written() {
    let (_directory, path) = store_file();
    let store = Store::open(&path).unwrap().store;
    store.set_setting("a", "1").unwrap();
    let writing = store.writing();
    writing.execute_batch("BEGIN IMMEDIATE; UPDATE setting SET value = '2';").unwrap();
    assert_eq!(store.setting("a").unwrap().as_deref(), Some("1"));
    writing.execute_batch("COMMIT").unwrap();
    assert_eq!(store.setting("a").unwrap().as_deref(), Some("2"));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file_or_its_log() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_directory, path) = store_file();
    let opened = Store::open(&path).unwrap();
    opened.store.set_setting("a", "1").unwrap();
    for file in [path.clone(), with_suffix(&path, "-wal")] {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", file.display());
    }
}
