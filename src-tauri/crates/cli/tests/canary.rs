//! A release from the command line: what a person reads, what a pipeline parses, and how it exits.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod demo_server;

use std::path::Path;

use demo_server::portcullis;

/// `(exit status, standard output, standard error)`.
fn run(home: &Path, args: &[&str]) -> (i32, String, String) {
    let output = portcullis(home).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const WATCH: &[&str] = &["--demo", "canary", "watch", "--api", "storefront", "--stage", "prod"];

fn watch<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [WATCH, more].concat()
}

#[test]
fn the_bad_rehearsal_ends_in_a_rollback_that_the_journal_explains() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, err) = run(home.path(), &["demo", "rehearse", "bad", "--minutes", "30"]);
    assert_eq!(status, 1, "{out}{err}");
    assert!(out.contains("rolled back by itself") && out.contains("/v2/coupons"), "{out}");
    assert!(err.contains("Roll back by itself: remove the canary of stage prod of API storefront"), "{err}");
    let (_, journal, _) = run(home.path(), &["journal", "export"]);
    let lines: Vec<serde_json::Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let confirmed = lines.iter().find(|line| line["event"]["kind"] == "noted").unwrap();
    assert!(confirmed["event"]["message"].as_str().unwrap().contains("removes the canary by itself"), "{confirmed}");
    let rollback = lines.iter().find(|line| line["event"]["plan"]["operation"] == "canary_rollback").unwrap();
    assert!(rollback["event"]["reason"].as_str().unwrap().contains("breached"), "{rollback}");
}

#[test]
fn the_good_rehearsal_is_watched_to_its_end_and_nothing_is_done_to_it() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, err) = run(home.path(), &["demo", "rehearse", "good", "--minutes", "5"]);
    assert!(!out.contains("Breached") && !out.contains("rolled back"), "{out}{err}");
    // How much traffic the demo account has depends on the hour: healthy by day, too few requests by night.
    let (expected, word) =
        if out.contains("Healthy: ") { (0, "healthy to the end") } else { (3, "over, inconclusive") };
    assert_eq!(status, expected, "{out}{err}");
    assert!(out.contains(word), "{out}");
    let (_, journal, _) = run(home.path(), &["journal", "export"]);
    let lines: Vec<serde_json::Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let plans: Vec<&str> = lines.iter().filter_map(|line| line["event"]["plan"]["operation"].as_str()).collect();
    assert_eq!(plans, ["canary_start"], "it was started, and neither promoted nor taken back");
    assert!(lines.iter().any(|line| line["event"]["kind"] == "noted"), "what was confirmed is in the journal");
}

#[test]
fn a_pipeline_reads_one_line_for_each_look_and_the_exit_status_is_the_verdict() {
    let home = tempfile::tempdir().unwrap();
    let flags = ["--minutes", "3", "--output", "jsonl", "--demo-speed", "60"];
    let (status, out, err) = run(home.path(), &watch(&flags));
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() >= 3, "{out}{err}");
    for line in &lines {
        assert!(line["candidate"]["requests"].is_u64() && line["judgement"]["reasons"].is_array(), "{line}");
    }
    let last = &lines[lines.len() - 1]["release"];
    // How much traffic the demo account has depends on the hour.
    let expected = if last["state"] == "healthy" { 0 } else { 3 };
    assert_eq!(status, expected, "{last}");
    assert!(last["state"] == "healthy" || last["state"] == "inconclusive", "{last}");
}

#[test]
fn one_look_puts_nothing_under_watch() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, err) = run(home.path(), &watch(&["--once"]));
    assert!(status == 0 || status == 3, "{status} {err}");
    assert!(out.contains("candidate") && out.contains("a percentile cannot be had by subtraction"), "{out}");
    assert!(!home.path().join("data/releases.sqlite").exists());
}

#[test]
fn what_nobody_agreed_to_is_refused_and_what_makes_no_sense_is_usage() {
    let home = tempfile::tempdir().unwrap();
    for (flags, expected, says) in [
        (&["--rollback"][..], 5, "Nobody is there to agree to that"),
        (&["--rollback", "--yes"], 5, "read-only"),
        (&["--steps", "10,5", "--yes"], 2, "Each step's share is higher"),
        (&["--steps", "ten"], 2, "ten is no percentage"),
        (&["--mode", "observe", "--steps", "5"], 2, "Who only observes widens nothing"),
        (&["--template", "bold"], 2, "there are watch, guard, steps"),
        (&["--latency-ratio", "0.5"], 2, "1 time"),
        (&["--stop"], 2, "No release of this stage is running."),
        (&["--once", "--demo-speed", "100"], 2, "--demo-speed is 1 to 60"),
    ] {
        let (status, out, err) = run(home.path(), &watch(flags));
        assert_eq!(status, expected, "{flags:?}: {out}{err}");
        assert!(err.contains(says), "{flags:?}: {err}");
    }
}

#[test]
fn templates_are_listed_kept_and_used() {
    let home = tempfile::tempdir().unwrap();
    let keep = ["--save-template", "quick", "--minutes", "1", "--mode", "observe", "--demo-speed", "60"];
    let (status, _, err) = run(home.path(), &watch(&keep));
    assert!(status == 0 || status == 3, "{err}");
    let (_, out, _) = run(home.path(), &["canary", "templates"]);
    assert!(out.contains("guard") && out.contains("quick") && out.contains("shows it and does nothing"), "{out}");
    let (status, out, err) = run(home.path(), &watch(&["--template", "quick", "--demo-speed", "60"]));
    assert!(status == 0 || status == 3, "{out}{err}");
}
