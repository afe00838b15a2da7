//! AWS's conventions for credentials, regions and endpoints, and what is said when they are not kept.
#![allow(clippy::unwrap_used, reason = "a test")]

mod demo_server;

use std::{fs, path::Path, process::Output};

use demo_server::{Served, portcullis};
use serde_json::Value;

/// Writes `~/.aws/config`.
fn configure(home: &Path, text: &str) {
    fs::create_dir_all(home.join(".aws")).unwrap();
    fs::write(home.join(".aws/config"), text).unwrap();
}

fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

fn routes(output: &Output) -> usize {
    let answer = serde_json::from_slice::<Value>(&output.stdout);
    let answer = answer.map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap();
    answer["items"].as_array().unwrap().len()
}

/// A program that hands out credentials, as a password store's would.
fn credential_process(home: &Path, says: &str) -> String {
    let script = home.join("credentials.py");
    fs::write(&script, format!("import sys\n{says}\n")).unwrap();
    format!("python3 {}", script.display())
}

#[test]
fn a_credential_process_is_asked() {
    let home = tempfile::tempdir().unwrap();
    let served = Served::start(home.path());
    let process = credential_process(
        home.path(),
        r#"print('{"Version":1,"AccessKeyId":"AKIAFROMPROCESS","SecretAccessKey":"process-secret"}')"#,
    );
    configure(
        home.path(),
        &format!(
            "[profile vault]\nregion = eu-west-1\ncredential_process = {process}\nendpoint_url = {}\n",
            served.endpoint
        ),
    );
    let output = portcullis(home.path()).args(["--profile", "vault", "routes", "-o", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{:?}", text(&output));
    assert!(routes(&output) > 20);
}

#[test]
fn a_credential_process_that_fails_is_named_and_its_words_are_not_lost() {
    let home = tempfile::tempdir().unwrap();
    let process = credential_process(home.path(), "sys.stderr.write('the vault is sealed')\nsys.exit(3)");
    configure(home.path(), &format!("[profile vault]\nregion = eu-west-1\ncredential_process = {process}\n"));
    let output = portcullis(home.path()).args(["--profile", "vault", "routes"]).output().unwrap();
    let (_, err) = text(&output);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("vault is sealed") || err.contains("exited"), "{err}");
    assert!(err.contains("vault"), "which profile: {err}");
}

#[test]
fn a_role_is_assumed_from_a_source_profile() {
    let home = tempfile::tempdir().unwrap();
    let served = Served::start(home.path());
    configure(
        home.path(),
        "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n\
         [profile reader]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/reader\nsource_profile = base\n",
    );
    let output = portcullis(home.path())
        .env("AWS_ENDPOINT_URL", &served.endpoint)
        .args(["--profile", "reader", "routes", "-o", "json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{:?}", text(&output));
    assert!(routes(&output) > 20);

    configure(
        home.path(),
        "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n\
         [profile reader]\nregion = eu-west-1\nrole_arn = no-arn-at-all\nsource_profile = base\n",
    );
    let output = portcullis(home.path())
        .env("AWS_ENDPOINT_URL", &served.endpoint)
        .args(["--profile", "reader", "routes"])
        .output()
        .unwrap();
    let (_, err) = text(&output);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("reader") && !err.contains("base-secret"), "{err}");
}

#[test]
fn an_expired_single_sign_on_says_which_command_signs_in() {
    let home = tempfile::tempdir().unwrap();
    configure(
        home.path(),
        "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\nsso_registration_scopes = sso:account:access\n\
         [profile oncall]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Reader\n",
    );
    let output = portcullis(home.path()).args(["--profile", "oncall", "routes"]).output().unwrap();
    let (_, err) = text(&output);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains("aws sso login --profile oncall"), "never signed in: {err}");

    // The name of the cached token is the SHA-1 of the session's name.
    let cache = home.path().join(".aws/sso/cache");
    fs::create_dir_all(&cache).unwrap();
    fs::write(
        cache.join("ee0bfd2552fbd840c02cc48b6e823320543c450f.json"),
        r#"{"accessToken":"stale","expiresAt":"2020-01-01T00:00:00Z","region":"eu-west-1","startUrl":"https://corp.example/start"}"#,
    )
    .unwrap();
    let output = portcullis(home.path()).args(["--profile", "oncall", "doctor"]).output().unwrap();
    let (out, err) = text(&output);
    assert_eq!(output.status.code(), Some(4), "{out}{err}");
    assert!(out.contains("aws sso login --profile oncall") && !out.contains("stale"), "{out}");
}

#[test]
fn a_configuration_file_that_is_broken_says_where() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "[profile ok]\nregion = eu-west-1\n[profile\nregion eu\n");
    let output = portcullis(home.path()).args(["--profile", "ok", "routes"]).output().unwrap();
    let (_, err) = text(&output);
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains(".aws/config") && err.contains("line 3"), "{err}");
}

#[test]
fn an_endpoint_for_one_service_is_used_and_shown() {
    let home = tempfile::tempdir().unwrap();
    let served = Served::start(home.path());
    let services = ["API_GATEWAY", "APIGATEWAYV2", "STS", "WAFV2", "CLOUDWATCH", "CLOUDTRAIL"];
    let mut command = portcullis(home.path());
    command
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "example")
        .env("AWS_REGION", "eu-west-1");
    for service in services {
        command.env(format!("AWS_ENDPOINT_URL_{service}"), &served.endpoint);
    }
    let output = command.args(["doctor"]).output().unwrap();
    let (out, err) = text(&output);
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    assert!(
        out.lines()
            .any(|line| line.contains("look") && line.contains("API Gateway") && line.contains(&served.endpoint)),
        "{out}"
    );
}

/// The demo account on loopback that refuses what is ordered, until the sender is dropped.
fn serve_with(fault: portcullis_demo::Fault) -> (String, tokio::sync::oneshot::Sender<()>) {
    let clock = std::sync::Arc::new(portcullis_operations::host::SystemClock);
    let account = portcullis_demo::DemoAccount::standard(clock).unwrap();
    account.faults().fail(fault);
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            tokio::select! {
                served = portcullis_demo::serve(listener, account) => served.unwrap(),
                _ = stopped => {}
            }
        });
    });
    (endpoint, stop)
}

/// The program on that endpoint, in these regions.
fn in_regions(home: &Path, endpoint: &str, regions: &[&str]) -> assert_cmd::Command {
    let mut command = portcullis(home);
    command.env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE").env("AWS_SECRET_ACCESS_KEY", "example");
    command.args(["--endpoint-url", endpoint]);
    for region in regions {
        command.args(["--region", region]);
    }
    command
}

#[test]
fn a_denied_call_in_one_region_of_three_costs_only_that() {
    use portcullis_demo::Fault;
    let home = tempfile::tempdir().unwrap();
    let fault = Fault { region: Some("us-east-1"), ..Fault::denied("apigateway", "GetRestApis") };
    let (endpoint, _served) = serve_with(fault);
    let regions = ["eu-west-1", "us-east-1", "eu-central-1"];
    let output = in_regions(home.path(), &endpoint, &regions).args(["routes", "-o", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{:?}", text(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let gaps = answer["coverage"]["gaps"].as_array().unwrap();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    let told = |member: &str| gaps[0][member].as_str().unwrap_or_default().to_owned();
    assert!(told("context").contains("us-east-1"), "{gaps:?}");
    assert_eq!((told("operation"), told("kind")), ("GetRestApis".to_owned(), "denied".to_owned()));
    assert!(!told("requestId").is_empty() && told("message").contains("apigateway:GET"), "{gaps:?}");
    let from = |region: &str| answer["items"].as_array().unwrap().iter().any(|item| item["region"] == region);
    assert!(from("eu-west-1"), "the other regions are all there");

    let table = in_regions(home.path(), &endpoint, &regions).args(["routes"]).output().unwrap();
    let (out, err) = text(&table);
    assert_eq!(table.status.code(), Some(3), "{err}");
    assert!(out.contains("/v2/checkout") && err.contains("us-east-1") && err.contains("GetRestApis"), "{err}");
}

#[test]
fn where_sts_is_blocked_the_account_is_null_and_the_routes_are_there() {
    let home = tempfile::tempdir().unwrap();
    let (endpoint, _served) = serve_with(portcullis_demo::Fault::denied("sts", "GetCallerIdentity"));
    let output = in_regions(home.path(), &endpoint, &["eu-west-1"]).args(["routes", "-o", "json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{:?}", text(&output));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(routes(&output) > 20);
    assert_eq!(answer["items"][0]["account"], Value::Null);
    assert_eq!(answer["coverage"]["gaps"][0]["operation"], "GetCallerIdentity");
    let doctor = in_regions(home.path(), &endpoint, &["eu-west-1"]).arg("doctor").output().unwrap();
    let (out, _) = text(&doctor);
    assert!(out.contains("GetRestApis is allowed"), "what else works is still tried: {out}");
}

#[test]
fn one_account_named_twice_is_read_once_and_that_is_said() {
    let home = tempfile::tempdir().unwrap();
    let served = Served::start(home.path());
    let keys = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\nregion = eu-west-1\n";
    configure(home.path(), &format!("[profile demo]\n{keys}[profile admin]\n{keys}"));
    let mut command = portcullis(home.path());
    let args = ["--profile", "demo", "--profile", "admin", "--endpoint-url", &served.endpoint, "routes", "-o", "json"];
    let output = command.args(args).output().unwrap();
    let (_, err) = text(&output);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(err.contains("which profile demo via"), "a profile of that name is not the demo account: {err}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["contexts"].as_array().unwrap().len(), 1);
}

#[test]
fn names_meant_to_deceive_are_printed_as_what_they_are() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("hostile.json");
    let title = "shop\u{1b}[2J\u{202e}evil\n=cmd|' /C calc'!A0\"<script>alert(1)</script>";
    let definition = serde_json::json!({
        "openapi": "3.0.1", "info": { "title": title, "version": "1" },
        "paths": { "/cart": { "get": { "x-amazon-apigateway-integration": { "type": "mock" } } } },
    });
    fs::write(&file, definition.to_string()).unwrap();
    let import = portcullis(home.path()).args(["demo", "import"]).arg(&file).output().unwrap();
    assert_eq!(import.status.code(), Some(0), "{:?}", text(&import));
    for args in [&["--demo", "routes"][..], &["--demo", "apis"], &["--demo", "routes", "--group-by", "api"]] {
        let output = portcullis(home.path()).args(args).output().unwrap();
        let (out, _) = text(&output);
        assert!(out.contains("evil"), "the API is there: {args:?}");
        for bad in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!out.contains(bad), "{args:?} prints {bad:?}");
        }
        assert!(out.lines().all(|line| !line.starts_with('=')), "{args:?} breaks the line of a name");
    }
    let csv = portcullis(home.path()).args(["--demo", "apis", "-o", "csv"]).output().unwrap();
    let mut reader = csv::Reader::from_reader(&csv.stdout[..]);
    for row in reader.records() {
        for field in &row.unwrap() {
            assert!(!field.starts_with(['=', '+', '@']), "a spreadsheet would run {field:?}");
        }
    }
    let json = portcullis(home.path()).args(["--demo", "apis", "-o", "json"]).output().unwrap();
    let answer: Value = serde_json::from_slice(&json.stdout).unwrap();
    let names: Vec<&str> =
        answer["items"].as_array().unwrap().iter().filter_map(|item| item["api"]["name"].as_str()).collect();
    assert!(names.contains(&title), "JSON has the name as it is: {names:?}");
}

#[test]
fn rules_that_cannot_be_read_are_named_by_line_and_field_and_the_built_in_ones_hold() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(
        home.path().join("config/audience.toml"),
        "[[rule]]\nname = \"partners\"\npath = \"/partners/**\"\naudience = \"customers-of-mars\"\n",
    )
    .unwrap();
    let output = portcullis(home.path()).args(["--demo", "routes", "-o", "json"]).output().unwrap();
    let (_, err) = text(&output);
    assert!(routes(&output) > 20, "{err}");
    assert!(err.contains("Line 4, column 12, audience:") && err.contains("customers-of-mars"), "{err}");
}
