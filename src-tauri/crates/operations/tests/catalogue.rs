//! What must hold of every operation, so that a careless addition fails at once.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use portcullis_operations::{
    bindings,
    catalogue::{Applies, CATALOGUE, Effect},
    document::document,
    needs::needs,
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

/// Whether an action of IAM changes something.
fn writes(action: &str) -> bool {
    let verb = action.split_once(':').map_or(action, |(_, verb)| verb);
    // Queries of CloudTrail Lake and of logs are asked and left, and change nothing.
    !["GET", "Get", "List", "Lookup", "Describe", "StartQuery", "CancelQuery", "StopQuery"]
        .iter()
        .any(|read| verb.starts_with(read))
}

#[test]
fn whatever_changes_aws_says_its_permissions_its_verb_and_its_way_back() {
    for operation in CATALOGUE {
        let name = operation.name;
        let changes = matches!(operation.effect, Effect::Plan | Effect::Change);
        assert_eq!(changes, !operation.undo.is_empty(), "{name}: how it is undone, or why not");
        assert_eq!(changes, operation.applies != Applies::Nothing, "{name}: what applying it needs (`applies`)");
        if changes {
            assert!(!operation.iam.is_empty(), "{name} names no IAM action");
            assert!(operation.cli.is_ok(), "{name} changes something and has no verb");
            assert!(needs(operation).keys().any(|action| writes(action)), "{name} changes and needs no writing action");
        }
        if matches!(operation.effect, Effect::Read | Effect::Plan) {
            let writing = operation.iam.iter().find(|(action, _)| writes(action));
            assert!(writing.is_none(), "{name} only reads until its plan is applied: {writing:?} belongs to `applies`");
        }
    }
}

/// Every source file under a directory of the interface, or of its tests, whose name fits.
fn sources(directory: &Path, fits: fn(&str) -> bool, found: &mut String) {
    for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() {
            sources(&path, fits, found);
        } else if fits(&name) {
            *found += &std::fs::read_to_string(&path).unwrap();
        }
    }
}

#[test]
fn whatever_changes_aws_is_called_by_the_window() {
    let mut interface = String::new();
    let is_source = |name: &str| {
        (name.ends_with(".ts") || name.ends_with(".tsx")) && !name.contains(".test.") && !name.contains("bindings")
    };
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src"), is_source, &mut interface);
    for operation in CATALOGUE.iter().filter(|operation| matches!(operation.effect, Effect::Plan | Effect::Change)) {
        let name = operation.name;
        assert!(
            interface.contains(&format!("'{name}'")),
            "{name} has its place in \"{}\" and nothing calls it",
            operation.window
        );
    }
}

#[test]
fn whatever_changes_aws_is_done_from_end_to_end_in_the_real_window() {
    let mut tests = String::new();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/desktop");
    sources(&directory, |name| name.ends_with(".e2e.ts"), &mut tests);
    // A test says in its title what it does: test('it is applied … [plan_apply]', …).
    let titles = tests.lines().filter_map(|line| line.split_once("test('")?.1.split_once(']')?.0.rsplit_once('['));
    let named: Vec<&str> = titles.flat_map(|(_, names)| names.split(", ")).collect();
    for name in &named {
        assert!(CATALOGUE.iter().any(|operation| operation.name == *name), "{name}: a test names it, and it is none");
    }
    for operation in CATALOGUE.iter().filter(|operation| matches!(operation.effect, Effect::Plan | Effect::Change)) {
        let name = operation.name;
        assert!(
            named.contains(&name),
            "no test of tests/desktop does {name}: name it in the title of one that does, [{name}]"
        );
    }
}

#[test]
fn the_committed_documentation_is_what_the_catalogue_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/operations.md");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == document(), "docs/operations.md is out of date: npm run gen");
}
