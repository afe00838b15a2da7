//! What a person types and reads, in an environment that has nothing but this program.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::{path::Path, process::Output};

use assert_cmd::Command;

fn portcullis(home: &Path) -> Command {
    let mut command = Command::cargo_bin("portcullis-cli").unwrap();
    command
        .env_clear()
        .env("HOME", home)
        .env("PORTCULLIS_DATA_DIR", home.join("data"))
        .env("PORTCULLIS_CONFIG_DIR", home.join("config"));
    command
}

fn run(args: &[&str]) -> (Output, String, String) {
    let home = tempfile::tempdir().unwrap();
    let output = portcullis(home.path()).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

#[test]
fn routes_by_audience_say_what_to_look_at_first() {
    let (output, out, err) = run(&["--demo", "routes", "--group-by", "audience"]);
    assert_eq!((output.status.code(), err.as_str()), (Some(0), ""));
    let admin = out.lines().find(|line| line.starts_with("Admin (")).unwrap();
    assert!(admin.contains(" open"), "{admin}");
    assert!(out.lines().any(|line| line.starts_with("POST")
        && line.contains("/admin/orders/{orderId}/refund")
        && line.contains("NONE")));
    assert!(out.lines().any(|line| line.starts_with("Unclassified (")), "what is not known is said");
}

#[test]
fn json_is_one_envelope_with_every_field() {
    let (output, out, _) = run(&["--demo", "routes", "--filter", "path=/v2/checkout", "--output", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["coverage"], serde_json::json!({ "complete": true, "gaps": [] }));
    assert_eq!(answer["contexts"][0]["account"], "111122223333");
    assert_eq!(answer["calls"]["apigateway:GetRestApis"], 1);
    let item = answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["stage"] == "prod" && item["method"] == "POST")
        .unwrap();
    for field in [
        "account",
        "region",
        "apiId",
        "apiName",
        "apiKind",
        "endpointType",
        "stage",
        "method",
        "path",
        "audience",
        "audienceSource",
        "routeClass",
        "authorizationType",
        "authorizer",
        "apiKeyRequired",
        "rateLimit",
        "burstLimit",
        "throttleSource",
        "validator",
        "integrationType",
        "timeoutMs",
        "wafAcl",
        "canary",
        "drift",
    ] {
        assert!(item.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(
        (&item["audience"], &item["wafAcl"], &item["throttleSource"]),
        (&"checkout".into(), &"shop-shield".into(), &"stage-method".into())
    );
}

#[test]
fn csv_has_a_row_per_route() {
    let (_, json, _) = run(&["--demo", "routes", "-o", "json"]);
    let (output, csv, _) = run(&["--demo", "routes", "-o", "csv"]);
    assert_eq!(output.status.code(), Some(0));
    let routes = serde_json::from_str::<serde_json::Value>(&json).unwrap()["items"].as_array().unwrap().len();
    assert_eq!(csv.split("\r\n").filter(|line| !line.is_empty()).count(), routes + 1);
}

#[test]
fn what_cannot_be_done_says_why_and_what_to_do() {
    let (output, _, err) = run(&["--demo", "routes", "--filter", "pth=login"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("pth"), "{err}");

    let (output, _, err) = run(&["routes"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(err.contains("No region is set") && err.contains("--region"), "{err}");

    let (output, _, err) = run(&["--profile", "nobody", "--region", "eu-west-1", "routes"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(err.contains("There is no profile nobody"), "{err}");

    let (output, _, err) = run(&["demo", "serve", "--scale", "apis=many"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("apis"), "{err}");
}

#[test]
fn an_endpoint_that_does_not_answer_costs_only_its_context() {
    let home = tempfile::tempdir().unwrap();
    let output = portcullis(home.path())
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "example")
        .args(["--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:9", "routes"])
        .output()
        .unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("http://127.0.0.1:9 cannot be reached"), "{err}");
    assert!(!err.contains("example"), "no secret in a message: {err}");
}

#[test]
fn a_definition_becomes_routes_of_the_demo_account() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("clinic.json");
    std::fs::write(
        &file,
        r#"{ "openapi": "3.0.1", "info": { "title": "clinic", "version": "1" },
            "paths": { "/appointments": { "get": { "x-amazon-apigateway-integration": { "type": "mock" } } } } }"#,
    )
    .unwrap();
    let report = portcullis(home.path()).args(["demo", "import"]).arg(&file).output().unwrap();
    assert!(String::from_utf8_lossy(&report.stdout).contains("1 route"), "{report:?}");
    let routes = portcullis(home.path()).args(["--demo", "routes", "-f", "api=clinic", "-o", "json"]).output().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&routes.stdout).unwrap();
    assert_eq!(answer["items"][0]["path"], "/appointments");
}

#[test]
fn doctor_says_what_is_allowed() {
    let (output, out, _) = run(&["--demo", "doctor"]);
    assert_eq!(output.status.code(), Some(0), "{out}");
    assert!(out.contains("ok    apigateway:GET /restapis") && out.contains("111122223333"), "{out}");
}

#[test]
fn posture_fails_a_pipeline_and_speaks_its_forms() {
    let (output, out, _) = run(&["--demo", "posture", "--fail-on", "high"]);
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.starts_with("Critical ("), "{out}");
    assert!(out.lines().any(|line| line.starts_with("G1") && line.contains("/admin/orders/{orderId}/refund")), "{out}");

    let (_, json, _) = run(&["--demo", "posture", "--control", "G1", "-o", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(answer["calls"]["apigateway:GetUsagePlans"], 1, "what checking cost is counted");
    let items = answer["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().all(|item| item["control"] == "G1"));
    for field in ["id", "verdict", "severity", "audience", "expected", "actual", "evidence", "route"] {
        assert!(!items[0][field].is_null(), "{field}");
    }
    let (_, csv, _) = run(&["--demo", "posture", "--control", "G1", "-o", "csv"]);
    assert_eq!(csv.split("\r\n").filter(|line| !line.is_empty()).count(), items.len() + 1);
    let (_, ocsf, _) = run(&["--demo", "posture", "--control", "G1", "-o", "ocsf"]);
    let events: serde_json::Value = serde_json::from_str(&ocsf).unwrap();
    assert_eq!((events.as_array().unwrap().len(), &events[0]["class_uid"]), (items.len(), &2003.into()));
    let (_, sarif, _) = run(&["--demo", "posture", "--control", "G1", "-o", "sarif"]);
    let log: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), items.len());

    let (output, _, err) = run(&["--demo", "routes", "-o", "sarif"]);
    assert_eq!(output.status.code(), Some(2), "{err}");
    let (output, _, err) = run(&["--demo", "posture", "--control", "G99"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("G99"), "{err}");
}

#[test]
fn events_say_who_changed_what_and_answer_questions() {
    let (output, out, err) = run(&["--demo", "events", "--text", "login"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    let line = |text: &str| out.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}: {out}"));
    assert!(
        line("ben@shop.example (Identity Center, Operator)")
            .contains("Lowered the rate limit of POST /v2/login from 50 to 5")
    );
    assert!(line("tfc-run-81 as role terraform").contains("terraform"));
    assert!(err.contains("apigateway.amazonaws.com of demo (111122223333/eu-west-1): all of that is known."), "{err}");

    let (_, out, _) = run(&["--demo", "events", "--denied", "-o", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let denied: Vec<&str> =
        answer["items"].as_array().unwrap().iter().map(|item| item["who"].as_str().unwrap()).collect();
    assert_eq!(denied, ["cleo@shop.example (Identity Center, ReadOnly)"]);
    assert_eq!(answer["calls"]["cloudtrail:LookupEvents"].as_u64().map(|calls| calls > 2), Some(true));

    let (_, out, _) = run(&["--demo", "events", "--client", "console", "--hours", "24", "-o", "csv"]);
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(out.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!(rows.iter().filter(|row| &row[6] == "the root user").count(), 1, "{out}");

    let (output, out, err) = run(&["--demo", "events", "--kept"]);
    assert_eq!(output.status.code(), Some(3), "nothing was ever fetched");
    assert!(out.contains("does not say that there was none") && err.contains("nothing is known"), "{out}{err}");

    let (output, out, err) = run(&["--demo", "events", "--ask", "production-outside-deployment", "--stage", "prod"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(out.contains("POST /v2/coupons/redeem") && !out.contains("reated deployment"), "{out}");
    let (output, out, err) = run(&["--demo", "events", "--before-alarm", "storefront-prod-5xx", "--minutes", "90"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(err.contains("Asked for: ") && !out.contains("tfc-run-81"), "{out}{err}");
    let (output, _, err) = run(&["--demo", "events", "--before-alarm", "no-such-alarm"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(err.contains("storefront-prod-5xx"), "{err}");
    let lake =
        ["--demo", "events", "--event-data-store", "11112222-3333-4444-5555-666677778888", "--principal", "eva@"];
    let (output, out, err) = run(&lake);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(out.contains("eva@clinic.example (Identity Center, Operator)"), "{out}");
    let (output, _, err) = run(&["--demo", "events", "--event-data-store", "nothing"]);
    assert_eq!(output.status.code(), Some(2), "{err}");

    let (output, _, err) = run(&["--demo", "events", "--until", "yesterday"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("yesterday"), "{err}");
}

#[test]
fn the_help_of_a_command_begins_with_its_own_flags() {
    let (output, out, _) = run(&["throttle", "set", "--help"]);
    assert_eq!(output.status.code(), Some(0));
    let at = |flag: &str| out.find(flag).unwrap_or_else(|| panic!("no {flag} in {out}"));
    assert!(at("--burst") < at("Which account, and how to print"), "{out}");
    assert!(at("--profile") > at("Which account, and how to print"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 100), "no line is wider than 100 columns");
}

#[test]
fn shells_and_the_manual_know_every_command() {
    for form in ["bash", "zsh", "fish", "elvish", "powershell", "man"] {
        let (output, out, err) = run(&["completions", form]);
        assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{form}");
        for command in ["routes", "throttle", "iam-policy"] {
            assert!(out.replace('\\', "").contains(command), "{form} does not know {command}");
        }
    }
}

#[test]
fn doctor_says_where_things_are_and_without_credentials_what_is_missing() {
    let home = tempfile::tempdir().unwrap();
    let output = portcullis(home.path()).args(["--region", "eu-west-1", "doctor"]).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(4), "{out}");
    let config = home.path().join("config/audience.toml");
    assert!(out.contains(&config.display().to_string()), "where the rules are: {out}");
    assert!(out.contains("There is no profile"), "{out}");
    assert!(out.contains("no keys in the environment") && !out.contains("\\n"), "{out}");
    assert!(!home.path().join("data").exists(), "looking makes no files");
}

#[test]
fn what_is_piped_has_no_colours_and_is_not_cut_to_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let output = portcullis(home.path()).env("COLUMNS", "40").args(["--demo", "routes"]).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(!out.contains('\u{1b}'), "no escape sequences");
    assert!(out.contains("/v2/checkout/{checkoutId}/payment") && !out.contains('…'), "whole paths");
}

#[test]
fn waf_says_what_web_acls_really_do() {
    let (output, out, err) = run(&["--demo", "waf"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    let line = |text: &str| out.lines().find(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}: {out}"));
    assert!(line("shop-shield").contains("stops requests") && line("shop-shield").contains("storefront prod"));
    assert!(line("clinic-watch").contains("only counts"));
    assert!(out.contains("--uncovered lists them."), "{out}");

    let (_, out, _) = run(&["--demo", "waf", "show", "shop-shield"]);
    for said in [
        "limit-login: Block an IP after 100 requests in 5 minutes, counted per source IP, on paths in lower case that end with /login; the answer is 429",
        "but only counts with SizeRestrictions_BODY",
        "AWSManagedRulesAmazonIpReputationList of AWS, AWS's default version: it only counts and blocks nothing",
        "of 1,500 without extra cost, 5,000 at most",
        "Apply the rule group shop-clients: it does what its own rules say, but only counts with no-user-agent",
        "no-user-agent: Only count requests where the header user-agent is exactly 0 bytes",
        "IP set office, IPV4, 1 entry: 192.0.2.0/24",
        "Regex pattern set scrapers, 2 entries: ^python-requests/[01], ^scrapy/",
        "Not logged",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }

    let route = ["--demo", "waf", "route", "--api", "storefront", "--stage", "prod", "--route", "POST /v2/login"];
    let (_, out, _) = run(&[&route[..], &["-o", "json"]].concat());
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["items"][0]["name"], "shop-shield");
    assert_eq!(answer["items"][0]["cover"]["verdict"], "blocks");

    let (_, out, _) = run(&["--demo", "waf", "--uncovered", "-o", "csv"]);
    let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(out.as_bytes()).records().map(Result::unwrap).collect();
    assert!(rows.iter().any(|row| row[1].starts_with("POST /login of mobile") && &row[3] == "not-possible"), "{out}");

    let (output, out, err) =
        run(&["--demo", "waf", "samples", "shop-shield", "--rule", "limit-login", "--minutes", "180"]);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(out.contains("BLOCK") && !out.contains('\u{1b}') && !out.contains("eyJhbGciOi"), "{out}");

    let (output, _, err) = run(&["--demo", "waf", "show", "no-such-acl"]);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("no-such-acl"), "{err}");
}

#[test]
fn waf_rules_and_rates_are_planned_and_refused_in_words() {
    let rule = ["--demo", "waf", "rule", "set", "--acl", "shop-shield", "--rule", "limit-login", "--action", "count"];
    let (output, out, err) = run(&[&rule[..], &["--plan"]].concat());
    assert_eq!(output.status.code(), Some(0), "{err}");
    for said in [
        "Let rule limit-login of web ACL shop-shield only count",
        "! LOOSENS: limit-login will refuse nothing any more, in front of POST /v1/login of storefront, prod and POST /v2/login of storefront, prod",
        "wafv2:UpdateWebACL on arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop-shield/",
        "aws wafv2 update-web-acl --cli-input-json",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    let (output, _, err) = run(&[&rule[..], &["--yes"]].concat());
    assert_eq!(output.status.code(), Some(5), "read-only: {err}");

    let rate = ["--demo", "waf", "rate", "set", "--acl", "shop-shield", "--rule", "limit-login"];
    let (output, out, err) =
        run(&[&rate[..], &["--limit", "50", "--window", "60", "--yes", "--access", "operator"]].concat());
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(out.contains("Applied and read back."), "{out}");
    let (output, _, err) = run(&[&rate[..], &["--limit", "9", "--plan"]].concat());
    assert_ne!(output.status.code(), Some(0));
    assert!(err.contains("10 to 2,000,000,000"), "{err}");
    let (output, _, _) = run(&rate);
    assert_eq!(output.status.code(), Some(2), "neither a number nor a window");
}

#[test]
fn alarms_are_listed_by_what_burns_with_what_is_wrong() {
    let (output, out, err) = run(&["--demo", "alarms"]);
    assert_eq!((output.status.code(), err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[1].starts_with("ALARM") && lines[1].contains("app-needs-somebody"), "{out}");
    assert!(out.contains("There is no API shop-2019 in this account and region"), "{out}");
    let (output, out, _) = run(&["--demo", "alarms", "--troubled", "-o", "csv"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        out.starts_with("state,since,name,context,watches,tells,wrong") && out.contains("never gets past 1"),
        "{out}"
    );
    let (output, out, _) = run(&["--demo", "alarms", "show", "app-needs-somebody"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(out.contains("watches    mobile-4xx is in ALARM and mobile-5xx is not in ALARM"), "{out}");
    let (output, _, err) = run(&["--demo", "alarms", "show", "no-such-alarm"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("no-such-alarm"), "{err}");
}

#[test]
fn missing_alarms_are_planned_and_nothing_is_made_without_a_word() {
    let (output, out, _) = run(&["--demo", "alarms", "coverage", "--api", "partner", "-o", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["items"][0]["missing"], serde_json::json!(["client-errors", "latency"]));
    let create = [
        "--demo",
        "alarms",
        "create",
        "--api",
        "partner",
        "--stage",
        "prod",
        "--topic",
        "shop-oncall",
        "--latency",
        "900",
    ];
    let (output, out, _) = run(&[&create[..], &["--plan"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert!(out.starts_with("Create 2 alarms"), "{out}");
    assert!(
        out.contains("--threshold 900 ") && out.contains("arn:aws:sns:eu-west-1:111122223333:shop-oncall"),
        "{out}"
    );
    let (output, _, err) = run(&create);
    assert_eq!(output.status.code(), Some(5));
    assert!(err.contains("nothing was changed"), "{err}");
    let (output, _, err) =
        run(&["--demo", "alarms", "create", "--api", "partner", "--topic", "no-such-topic", "--plan"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err.contains("there are") && err.contains("shop-alerts"), "{err}");
}

#[test]
fn metrics_are_a_table_and_no_value_is_no_zero() {
    let metrics = ["--demo", "metrics", "--api", "storefront", "--stage", "prod", "--hours", "24"];
    let (output, out, err) = run(&metrics);
    assert_eq!(output.status.code(), Some(0), "{err}");
    let head = out.lines().find(|line| line.starts_with("AT")).unwrap();
    assert_eq!(
        head.split_whitespace().collect::<Vec<_>>().join(" "),
        "AT REQUESTS 4XX % 5XX % AVERAGE MS P50 MS P90 MS P99 MS"
    );
    assert!(err.contains("CloudTrail"), "what is not known is said: {err}");
    let (output, out, _) = run(&[&metrics[..], &["--route", "POST /v2/login", "-o", "json"]].concat());
    assert_eq!(output.status.code(), Some(0));
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&answer["items"][0]["source"], &answer["items"][0]["period"]), (&"route".into(), &300.into()));
    let (output, _, _) = run(&["--demo", "metrics", "--api", "storefront", "--stage", "prod", "--hours", "337"]);
    assert_eq!(output.status.code(), Some(2));
}
