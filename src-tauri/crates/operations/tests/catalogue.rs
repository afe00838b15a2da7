//! What must hold of every operation, so that a careless addition fails at once.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use portcullis_operations::{bindings, catalogue::CATALOGUE};

#[test]
fn every_operation_has_its_file_its_words_and_its_place() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names: Vec<&str> = CATALOGUE.iter().map(|operation| operation.name).collect();
    for operation in CATALOGUE {
        let name = operation.name;
        assert!(sources.join(format!("{name}.rs")).is_file(), "{name} has no file of its name");
        assert!(!operation.summary.is_empty() && !operation.summary.ends_with('.'), "{name}: {}", operation.summary);
        assert!(!operation.window.is_empty(), "{name} has no place in the window");
        assert!(!operation.cli.unwrap_or_else(|why| why).is_empty(), "{name}: a verb, or why there is none");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CATALOGUE.len(), "a name is there twice");
}

#[test]
fn the_committed_bindings_are_what_rust_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/api/bindings.ts");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == bindings::typescript(), "ui/src/api/bindings.ts is out of date: npm run gen");
}
