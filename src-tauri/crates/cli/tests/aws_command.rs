//! AWS's own command line, unchanged, against the demo account on loopback.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

mod demo_server;

use std::{path::Path, process::Command};

use demo_server::{Served, portcullis};
use serde_json::Value;

/// What `aws … --output json` answers; the error it prints when it fails.
fn aws(venv: &Path, home: &Path, endpoint: &str, args: &[&str]) -> Result<Value, String> {
    let output = Command::new(venv.join("bin/aws"))
        .args(args)
        .args(["--endpoint-url", endpoint, "--region", "eu-west-1", "--output", "json"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .output()
        .unwrap();
    if !output.status.success() {
        return Err(String::from_utf8(output.stderr).unwrap());
    }
    Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

#[test]
fn the_aws_command_sees_what_the_console_sees() {
    let Some(venv) = std::env::var_os("PORTCULLIS_TEST_VENV") else {
        eprintln!(
            "skipped: PORTCULLIS_TEST_VENV names no virtual environment with the aws command (npm test makes one)"
        );
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let (venv, home) = (Path::new(&venv), home.path());
    let served = Served::start(home);
    let ask = |args: &[&str]| aws(venv, home, &served.endpoint, args);

    let console = portcullis(home).args(["--demo", "apis", "-o", "json"]).output().unwrap();
    let console: Value = serde_json::from_slice(&console.stdout).unwrap();
    let mut ours: Vec<&str> =
        console["items"].as_array().unwrap().iter().map(|item| item["api"]["name"].as_str().unwrap()).collect();
    let (rest, http) = (ask(&["apigateway", "get-rest-apis"]).unwrap(), ask(&["apigatewayv2", "get-apis"]).unwrap());
    let name = |list: &Value, items: &str, name: &str| -> Vec<String> {
        list[items].as_array().unwrap().iter().map(|api| api[name].as_str().unwrap().to_owned()).collect()
    };
    let mut theirs = name(&rest, "items", "name");
    theirs.extend(name(&http, "Items", "Name"));
    ours.sort_unstable();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);

    let account = ask(&["sts", "get-caller-identity"]).unwrap();
    assert_eq!(account["Account"], "111122223333");
    let waf = ask(&["wafv2", "list-web-acls", "--scope", "REGIONAL"]).unwrap();
    assert!(!waf["WebACLs"].as_array().unwrap().is_empty());
    let alarms = ask(&["cloudwatch", "describe-alarms"]).unwrap();
    assert!(!alarms["MetricAlarms"].as_array().unwrap().is_empty());
    ask(&["cloudtrail", "lookup-events", "--max-results", "5"]).unwrap();

    let error = ask(&["apigateway", "get-sdk-types"]).unwrap_err();
    assert!(error.contains("not implemented by the demo account"), "{error}");
    let error = ask(&["apigateway", "get-rest-api", "--rest-api-id", "nosuchapi0"]).unwrap_err();
    assert!(error.contains("NotFoundException"), "{error}");
}
