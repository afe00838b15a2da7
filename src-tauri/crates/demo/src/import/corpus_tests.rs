//! Every definition of the corpus is read: routes or a named reason, never a panic.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::{Report, document, openapi, read};

fn corpus() -> Option<Vec<(String, String)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/corpus/oas");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: the corpus of definitions is not on this machine ({})", folder.display());
        return None;
    };
    let mut files: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let text = fs::read_to_string(&path).ok()?;
            Some((path.file_name()?.to_str()?.to_owned(), text))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the corpus folder is empty");
    Some(files)
}

/// Counted apart from the reader: path by method in the parsed document.
fn methods(tree: &Value) -> usize {
    let verbs = ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"];
    let paths = tree["paths"].as_object().map(|paths| paths.values().collect::<Vec<_>>()).unwrap_or_default();
    paths.iter().map(|item| verbs.iter().filter(|verb| item.get(**verb).is_some()).count()).sum()
}

#[test]
fn every_file_has_routes_or_says_why_not() {
    let Some(files) = corpus() else { return };
    let (mut with_routes, mut definitions_read) = (0, 0);
    for (name, text) in &files {
        let mut report = Report::new(name);
        let definitions = read(name, text, &mut report);
        let routes: usize = definitions.iter().map(|definition| definition.routes.len()).sum();
        let items = report.into_items();
        assert!(routes > 0 || !items.is_empty(), "{name}: neither routes nor a reason");
        assert!(items.iter().all(|item| item.location.starts_with(name) && !item.message.is_empty()), "{name}");
        with_routes += usize::from(routes > 0);
        println!("{routes:4} {name}");
        if routes == 0 {
            println!("       {}", items[0].message);
        }
        if let Ok(tree) = document::parse(text)
            && openapi::is_openapi(&tree)
        {
            definitions_read += 1;
            assert_eq!(routes, methods(&tree), "{name}: {items:#?}");
        }
    }
    println!("{} files, {with_routes} with routes, {definitions_read} plain definitions", files.len());
    assert!(definitions_read >= 40 && with_routes >= 100, "{definitions_read} definitions, {with_routes} with routes");
}
