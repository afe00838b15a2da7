//! The demo account on loopback, served by the program itself, for tests that want an endpoint.
#![allow(clippy::unwrap_used, dead_code, reason = "helpers of tests; each file uses its part")]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command as Process, Stdio},
};

use assert_cmd::Command;

/// The program in an environment that has nothing but a home.
pub fn portcullis(home: &Path) -> Command {
    let mut command = Command::cargo_bin("portcullis-cli").unwrap();
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home)
        .env("PORTCULLIS_DATA_DIR", home.join("data"))
        .env("PORTCULLIS_CONFIG_DIR", home.join("config"));
    command
}

/// A served demo account, until it is dropped.
pub struct Served {
    child: Child,
    /// `http://127.0.0.1:N`.
    pub endpoint: String,
}

impl Served {
    pub fn start(home: &Path) -> Self {
        Self::start_with(home, &[])
    }

    pub fn start_with(home: &Path, flags: &[&str]) -> Self {
        let mut child = Process::new(assert_cmd::cargo::cargo_bin("portcullis-cli"))
            .env_clear()
            .env("HOME", home)
            .env("PORTCULLIS_DATA_DIR", home.join("served"))
            .env("PORTCULLIS_CONFIG_DIR", home.join("served"))
            .args(["demo", "serve", "--port", "0"])
            .args(flags)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let endpoint = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(endpoint.starts_with("http://127.0.0.1:"), "{line}");
        Self { child, endpoint }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
