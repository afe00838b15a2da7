//! The same code against an AWS implementation that is not ours: moto, seeded and read back by boto3.
#![allow(clippy::unwrap_used, reason = "a test")]

mod moto_server;

use moto_server::Moto;
use serde_json::Value;

/// `(API, stage, method, path)` and what is said of it, in one order.
fn facts(rows: &Value) -> Vec<String> {
    let mut facts: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let field = |name: &str| row[name].to_string();
            ["apiId", "apiName", "apiKind", "stage", "method", "path", "authorizationType", "apiKeyRequired"]
                .map(field)
                .join(" ")
        })
        .collect();
    facts.sort();
    facts
}

#[test]
fn the_account_that_boto3_seeded_is_read_as_boto3_reads_it() {
    let Some(moto) = Moto::seeded() else { return };
    let expected = moto.asked("moto_account.py", &["read"]);
    let home = tempfile::tempdir().unwrap();
    let output =
        moto.portcullis(home.path()).args(["routes", "--include-preflight", "--output", "json"]).output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(facts(&answer["items"]), facts(&expected), "gaps: {:#}", answer["coverage"]);
    let cart = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["path"] == "/cart" && item["stage"] == "prod")
        .unwrap();
    assert_eq!(
        (&cart["rateLimit"], &cart["burstLimit"], &cart["throttleSource"]),
        (&25.0.into(), &50.into(), &"stage-method".into())
    );
    assert_eq!((&cart["authorizer"], &cart["validator"]), (&"shoppers".into(), &"everything".into()));
}
