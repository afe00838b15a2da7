//! Limits that this program sets on an AWS implementation that is not ours, read back by boto3, and boto3 in between.
#![allow(clippy::unwrap_used, reason = "a test")]

mod moto_server;

use std::{path::Path, process::Command};

use moto_server::Moto;
use serde_json::{Value, json};

fn set(moto: &Moto, home: &Path, args: &[&str]) -> Value {
    let flags = ["--yes", "--access", "operator", "--reason", "a test", "--output", "json"];
    let output = moto.portcullis(home).args(["throttle", "set"]).args(args).args(flags).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn limits_are_as_boto3_reads_them_and_undone_as_they_were() {
    let Some(moto) = Moto::seeded() else { return };
    let limits = || moto.asked("moto_account.py", &["limits"]);
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let before = limits();
    let cart = before["shop"].as_object().unwrap().keys().find(|key| key.contains("cart")).unwrap().clone();
    assert_eq!(before["shop"][&cart], json!([25.0, 50]), "what boto3 seeded");

    let shop = ["--api", "shop", "--stage", "prod"];
    let answer = set(&moto, home, &[&shop[..], &["--route", "POST /cart", "--rate", "7", "--burst", "14"]].concat());
    assert_eq!(limits()["shop"][&cart], json!([7.0, 14]));
    set(&moto, home, &[&shop[..], &["--route", "GET /partners/{partnerId}", "--rate", "3", "--burst", "6"]].concat());
    let with_braces = limits();
    let partner = with_braces["shop"].as_object().unwrap().iter().find(|(key, _)| key.contains("partnerId")).unwrap();
    assert_eq!(partner.1, &json!([3.0, 6]), "braces in the path are no trouble");

    let entry = answer["applied"]["entry"].as_str().unwrap();
    let undone = moto.portcullis(home).args(["undo", entry, "--yes", "--access", "operator"]).output().unwrap();
    assert!(undone.status.success(), "{}", String::from_utf8_lossy(&undone.stderr));
    assert_eq!(limits()["shop"][&cart], before["shop"][&cart]);
}

#[test]
fn somebody_elses_change_between_the_plan_and_the_word_is_a_conflict() {
    let Some(moto) = Moto::seeded() else { return };
    let home = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_portcullis-cli");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/confirm_late.py");
    let output = Command::new(&moto.python)
        .env_clear()
        .env("HOME", home.path())
        .env("PORTCULLIS_DATA_DIR", home.path().join("data"))
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .arg(fixture)
        .args(["1.5", &moto.endpoint, "eu-west-1", program, "--region", "eu-west-1", "--endpoint-url", &moto.endpoint])
        .args(["throttle", "set", "--api", "shop", "--stage", "prod", "--route", "POST /cart", "--rate", "7"])
        .args(["--access", "operator"])
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let screen = told["screen"].as_str().unwrap();
    assert_eq!(told["status"], 5, "{screen}");
    assert!(screen.contains("changed since the plan was made; nothing was sent"), "{screen}");
    assert!(screen.contains("rate limit (requests per second) went from 25 to 1.5"), "{screen}");
    let limits = moto.asked("moto_account.py", &["limits"]);
    let cart = limits["shop"].as_object().unwrap().iter().find(|(key, _)| key.contains("cart")).unwrap();
    assert_eq!(cart.1, &json!([1.5, 50]), "theirs stays");
}
