//! Serves the demo account on loopback: `cargo run -p portcullis-demo --example serve -- 4500`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "an example for trying things out"
)]

use std::sync::Arc;

use portcullis_demo::DemoAccount;
use portcullis_domain::Clock;

struct Now;

impl Clock for Now {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).unwrap_or_else(|| "4500".to_owned());
    let account = DemoAccount::standard(Arc::new(Now)).unwrap();
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    portcullis_demo::serve(listener, account).await.unwrap();
}
