//! The demo account on a socket of the test's own process, as real as AWS to the program under test, whose faults the test
//! holds in its hand.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{path::Path, process::Command, sync::Arc};

use jiff::Timestamp;
use portcullis_demo::{DemoAccount, serve};
use portcullis_domain::{Clock, FixedClock};

/// An account whose clock stands, and its endpoint.
pub async fn served_at(now: Timestamp) -> (DemoAccount, String) {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock(now));
    let account = DemoAccount::standard(clock).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let serving = account.clone();
    tokio::spawn(async move { serve(listener, serving).await.unwrap() });
    (account, endpoint)
}

/// The program in an environment that has nothing but a home and that account.
pub fn portcullis(home: &Path, endpoint: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis-cli"));
    command
        .env_clear()
        .env("HOME", home)
        .env("PORTCULLIS_DATA_DIR", home.join("data"))
        .env("PORTCULLIS_CONFIG_DIR", home.join("config"))
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .args(["--region", "eu-west-1", "--endpoint-url", endpoint])
        .args(args);
    command
}
