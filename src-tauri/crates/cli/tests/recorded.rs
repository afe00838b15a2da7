//! boto3, unchanged, against the demo account: the sequences that somebody recorded from AWS, answer by answer.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

mod demo_server;

use std::{path::Path, process::Command};

use demo_server::Served;

#[test]
fn the_demo_account_answers_as_aws_answered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let corpus = root.join("../shared/corpus");
    let Some(venv) = std::env::var_os("PORTCULLIS_TEST_VENV") else {
        eprintln!("skipped: PORTCULLIS_TEST_VENV names no virtual environment with boto3 (npm test makes one)");
        return;
    };
    if !corpus.join("recorded").is_dir() {
        eprintln!("skipped: what AWS answered is not at {}", corpus.display());
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let served = Served::start_with(home.path(), &["--empty"]);
    let output = Command::new(Path::new(&venv).join("bin/python"))
        .arg(root.join("tests/recorded/replay.py"))
        .arg(&served.endpoint)
        .arg(&corpus)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert!(report["replayed"].as_u64().unwrap() == 62, "{report}");
}
