//! What must hold of every operation, so that a careless addition fails at once.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use portcullis_operations::{
    bindings,
    catalogue::{CATALOGUE, Effect},
    document::document,
};

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

#[test]
fn whatever_changes_aws_says_its_permissions_its_verb_and_its_way_back() {
    for operation in CATALOGUE {
        let name = operation.name;
        let changes = matches!(operation.effect, Effect::Plan | Effect::Change);
        assert_eq!(changes, !operation.undo.is_empty(), "{name}: how it is undone, or why not");
        if changes {
            assert!(!operation.iam.is_empty(), "{name} names no IAM action");
            assert!(operation.cli.is_ok(), "{name} changes something and has no verb");
        }
        if operation.effect == Effect::Change {
            let writes =
                |action: &str| !action.ends_with(":GET") && !action.contains(":Get") && !action.contains(":Lookup");
            assert!(
                operation.iam.iter().any(|(action, _)| writes(action)),
                "{name} changes and needs no writing action"
            );
        }
        if matches!(operation.effect, Effect::Read | Effect::Plan) {
            let verbs = ["PATCH", "PUT", "POST", "DELETE"];
            let writes = operation.iam.iter().any(|(action, _)| verbs.iter().any(|verb| action.ends_with(verb)));
            assert!(!writes, "{name} only reads");
        }
    }
}

#[test]
fn the_committed_documentation_is_what_the_catalogue_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/operations.md");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == document(), "docs/operations.md is out of date: npm run gen");
}
