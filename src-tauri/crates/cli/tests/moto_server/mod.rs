//! moto, an AWS implementation that is not ours, started for one test; boto3 seeds it and reads it back.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "helpers of tests")]
#![allow(dead_code, reason = "each test uses its part")]

use std::{
    io::{BufRead as _, BufReader},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// A running moto.
pub struct Moto {
    child: Child,
    pub python: PathBuf,
    pub endpoint: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Moto {
    /// Starts it with the account that boto3 seeds; `None`, and a word about it, where there is no virtual environment.
    pub fn seeded() -> Option<Self> {
        let Some(venv) = std::env::var_os("PORTCULLIS_TEST_VENV") else {
            eprintln!("skipped: PORTCULLIS_TEST_VENV names no virtual environment with moto (npm test makes one)");
            return None;
        };
        let python = Path::new(&venv).join("bin/python");
        let port = free_port();
        let mut child = Command::new(&python)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Its log must be read, or it stops when the pipe is full.
        let log = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || log.lines().map_while(Result::ok).for_each(drop));
        let moto = Self { child, python, endpoint: format!("http://127.0.0.1:{port}") };
        let end = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "moto did not start");
            std::thread::park_timeout(Duration::from_millis(50));
        }
        moto.script("moto_account.py", &["seed"]);
        Some(moto)
    }

    /// Runs a script of `tests/fixtures` against it: `script VERB ENDPOINT REGION …`.
    pub fn script(&self, name: &str, args: &[&str]) -> Output {
        let (verb, rest) = args.split_first().unwrap();
        let output = Command::new(&self.python)
            .arg(root().join("tests/fixtures").join(name))
            .args([verb, self.endpoint.as_str(), "eu-west-1"])
            .args(rest)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// The same, for what it prints.
    pub fn asked(&self, name: &str, args: &[&str]) -> Value {
        serde_json::from_slice(&self.script(name, args).stdout).unwrap()
    }

    /// The command line against it, in an environment that has nothing but this program.
    pub fn portcullis(&self, home: &Path) -> assert_cmd::Command {
        let mut command = assert_cmd::Command::cargo_bin("portcullis-cli").unwrap();
        command
            .env_clear()
            .env("HOME", home)
            .env("PORTCULLIS_DATA_DIR", home.join("data"))
            .env("PORTCULLIS_CONFIG_DIR", home.join("config"))
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .args(["--region", "eu-west-1"]);
        command
    }
}
