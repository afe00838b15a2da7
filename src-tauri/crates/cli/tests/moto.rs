//! The same code against an AWS implementation that is not ours: moto, seeded and read back by boto3.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test")]

use std::{
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start(python: &Path, port: u16) -> Server {
    let mut child = Command::new(python)
        .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Its log must be read, or it stops when the pipe is full.
    let log = BufReader::new(child.stderr.take().unwrap());
    std::thread::spawn(move || log.lines().map_while(Result::ok).for_each(drop));
    let server = Server(child);
    let end = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "moto did not start");
        std::thread::park_timeout(Duration::from_millis(50));
    }
    server
}

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
    let Some(venv) = std::env::var_os("PORTCULLIS_TEST_VENV") else {
        eprintln!("skipped: PORTCULLIS_TEST_VENV names no virtual environment with moto (npm test makes one)");
        return;
    };
    let python = Path::new(&venv).join("bin/python");
    let port = free_port();
    let _server = start(&python, port);
    let endpoint = format!("http://127.0.0.1:{port}");
    let script = root().join("tests/fixtures/moto_account.py");
    let boto3 = |verb: &str| Command::new(&python).arg(&script).args([verb, &endpoint, "eu-west-1"]).output().unwrap();
    let seeded = boto3("seed");
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    let expected: Value = serde_json::from_slice(&boto3("read").stdout).unwrap();

    let home = tempfile::tempdir().unwrap();
    let output = assert_cmd::Command::cargo_bin("portcullis-cli")
        .unwrap()
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_ENDPOINT_URL", &endpoint)
        .args(["--region", "eu-west-1", "routes", "--include-preflight", "--output", "json"])
        .output()
        .unwrap();
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
