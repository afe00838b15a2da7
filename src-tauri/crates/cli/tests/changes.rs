//! What a person types to change something, and reads: in an environment that has nothing but this program.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::path::Path;

use assert_cmd::Command;

/// `(exit status, standard output, standard error)`.
fn run(home: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("portcullis-cli")
        .unwrap()
        .env_clear()
        .env("HOME", home)
        .env("PORTCULLIS_DATA_DIR", home.join("data"))
        .env("PORTCULLIS_CONFIG_DIR", home.join("config"))
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

const LOGIN: &[&str] =
    &["--demo", "throttle", "set", "--api", "storefront", "--stage", "prod", "--route", "POST /v2/login"];

fn set<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [LOGIN, more].concat()
}

#[test]
fn a_plan_is_printed_and_nothing_else_happens() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, err) = run(home.path(), &set(&["--rate", "8", "--burst", "6", "--plan"]));
    assert_eq!((status, err.as_str()), (0, ""));
    // The traffic of the last day is another every minute.
    let out: String = out
        .split_inclusive('\n')
        .map(|line| match line.split_once("login): ") {
            Some((route, requests)) if requests.ends_with(" requests in the last day\n") => {
                format!("{route}login): [n] requests in the last day\n")
            }
            _ => line.to_owned(),
        })
        .collect();
    insta::assert_snapshot!(out, @r#"
        Limit POST /v2/login on stage prod of API storefront (bg9pxvu5v4) to 8 requests per second, burst 6

        Stage prod of API storefront (bg9pxvu5v4) in demo
          POST /v2/login: burst limit (requests): 10 -> 6
          POST /v2/login: rate limit (requests per second): 5 -> 8

        Read first
          ! LOOSENS: This raises the rate limit of POST /v2/login from 5 to 8. A tight limit protects POST /v2/login of storefront, prod.
          - The burst of POST /v2/login (6) is below its rate (8): AWS accepts that, and requests that come together are refused early.

        Touches 1 route
          POST /v2/login of storefront, prod (customer, login): [n] requests in the last day

        1 call
          1. apigateway:PATCH on arn:aws:apigateway:eu-west-1::/restapis/bg9pxvu5v4/stages/prod
             aws apigateway update-stage --rest-api-id bg9pxvu5v4 --stage-name prod --patch-operations '[{"op":"replace","path":"/~1v2~1login/POST/throttling/rateLimit","value":"8.0"},{"op":"replace","path":"/~1v2~1login/POST/throttling/burstLimit","value":"6"}]' --region eu-west-1

        Undo sets stage prod of API storefront (bg9pxvu5v4) back to the values on the left, as a plan of its own.
    "#);
    assert!(!home.path().join("data/journal.sqlite").exists(), "a plan is no entry");
}

#[test]
fn what_is_live_already_needs_no_change() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, _) = run(home.path(), &set(&["--rate", "5", "--burst", "10", "--yes", "--access", "operator"]));
    assert_eq!(status, 0);
    assert!(out.contains("Nothing to do: the live state is already as asked for."), "{out}");
}

#[test]
fn refusals_say_why_and_exit_with_5() {
    let home = tempfile::tempdir().unwrap();
    for (flags, says) in [
        (&["--rate", "3", "--yes"][..], "The context demo is read-only: nothing was changed."),
        (&["--rate", "3", "--access", "operator"], "Nobody is there to confirm"),
    ] {
        let (status, _, err) = run(home.path(), &set(flags));
        assert_eq!(status, 5, "{err}");
        assert!(err.contains(says), "{err}");
    }
}

#[test]
fn wrong_usage_says_what_there_is_and_exits_with_2() {
    let home = tempfile::tempdir().unwrap();
    for (args, says) in [
        (set(&["--rate", "ten"]), "A rate limit is a number of requests per second, 0 or more; ten is not."),
        (set(&["--rate", "-1"]), "-1 is not."),
        (set(&["--burst", "1.5"]), "A burst limit is a whole number of requests from 0 to 2147483647; 1.5 is not."),
        (set(&[]), "Give a rate limit, a burst limit, or both."),
        (
            vec!["--demo", "throttle", "set", "--api", "nobody", "--stage", "prod", "--rate", "1"],
            "There is no API nobody in the contexts of this command.",
        ),
        (
            vec!["--demo", "throttle", "set", "--api", "storefront", "--stage", "dev", "--rate", "1"],
            "API storefront has no stage dev; it has staging, prod.",
        ),
        (
            vec!["--demo", "throttle", "explain", "--api", "storefront", "--stage", "prod", "--route", "POST /login"],
            "Stage prod of storefront has no route POST /login; it has POST /v1/login, POST /v2/login.",
        ),
        (vec!["iam-policy", "--for", "emperor"], "There is no role or operation emperor."),
    ] {
        let (status, _, err) = run(home.path(), &args);
        assert_eq!(status, 2, "{args:?}: {err}");
        assert!(err.contains(says), "{args:?}: {err}");
    }
}

#[test]
fn a_change_is_in_the_journal_which_is_whole_until_somebody_touches_it() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let flags = ["--rate", "3", "--yes", "--access", "operator", "--reason", "=cmd|' /C calc'!A0"];
    let (status, out, err) = run(home, &set(&flags));
    assert_eq!(status, 0, "{err}");
    let entry = out.lines().find_map(|line| line.split("Journal entry ").nth(1)?.split(';').next()).unwrap().to_owned();

    let (_, list, _) = run(home, &["journal"]);
    assert!(list.contains(&entry) && list.contains("applied"), "{list}");
    let (_, shown, _) = run(home, &["journal", "show", &entry]);
    assert!(shown.contains("assumed-role/ops-deployer/ana@shop.example"), "{shown}");
    assert!(shown.contains("Applied at ") && shown.contains("AWS request id "), "{shown}");
    let (_, csv, _) = run(home, &["journal", "--output", "csv"]);
    assert!(csv.contains("'=cmd|"), "a formula is made harmless: {csv}");
    let (_, lines, _) = run(home, &["journal", "export"]);
    assert_eq!(lines.lines().count(), 5, "opened, started, done, observed, closed");
    let (status, verdict, _) = run(home, &["journal", "verify"]);
    assert_eq!((status, verdict.as_str()), (0, "The journal is whole: 5 records.\n"));

    let file = home.join("data/journal.sqlite");
    let tampering = "DROP TRIGGER journal_keeps; UPDATE journal_record SET event = replace(event, '3.0', '9.0') WHERE sequence = 1;";
    let tampered = std::process::Command::new("python3")
        .args(["-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()"])
        .arg(&file)
        .arg(tampering)
        .status()
        .unwrap();
    assert!(tampered.success());
    let (status, verdict, _) = run(home, &["journal", "verify"]);
    assert_eq!(status, 1);
    assert!(verdict.contains("record 1 was changed"), "{verdict}");
}

#[test]
fn explaining_a_limit_names_every_layer_and_the_one_that_binds() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, _) = run(
        home.path(),
        &["--demo", "throttle", "explain", "--api", "storefront", "--stage", "prod", "--route", "POST /v2/login"],
    );
    assert_eq!(status, 0);
    insta::assert_snapshot!(out, @r"
    POST /v2/login of storefront, prod

    LAYER                                             RATE   BURST
    stage prod, POST /v2/login                        5      10     binds
    stage prod, methods without a limit of their own  2000   4000   replaced by a narrower one
    the account in this region, all APIs together     10000  5000
    AWS's default for an account in eu-west-1         10000  5000   replaced by a narrower one

    5 requests per second with a burst of 10 apply, set by stage prod, POST /v2/login.
    AWS applies limits on a best-effort basis: they are targets and not ceilings.
    ");
    let asked =
        ["--demo", "throttle", "explain", "--api", "storefront", "--stage", "prod", "--route", "POST /v2/login"];
    let (status, csv, _) = run(home.path(), &[&asked[..], &["--output", "csv"]].concat());
    assert_eq!(status, 0);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(lines[0], "layer,rateLimit,burstLimit,effect");
    assert_eq!(lines[1], r#""stage prod, POST /v2/login",5,10,binds"#);
    assert_eq!(lines.len(), 6, "four layers, and what the last line's end leaves: {csv}");
}

#[test]
fn a_policy_for_reading_names_no_writing_action() {
    let home = tempfile::tempdir().unwrap();
    let (status, out, _) = run(home.path(), &["iam-policy", "--for", "read-only", "--region", "eu-west-1"]);
    assert_eq!(status, 0);
    let policy: serde_json::Value = serde_json::from_str(&out).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    for statement in statements.iter().filter(|statement| statement["Effect"] == "Allow") {
        let action = statement["Action"].as_str().unwrap();
        assert!(["PATCH", "POST", "PUT", "DELETE"].iter().all(|verb| !action.ends_with(verb)), "{action}");
    }
    assert!(
        out.contains("arn:aws:apigateway:eu-west-1::/restapis/*") && !out.contains("arn:aws:apigateway:*"),
        "{out}"
    );
    let (_, operator, _) = run(home.path(), &["iam-policy", "--for", "operator"]);
    assert!(operator.contains("apigateway:PATCH"), "{operator}");
}
