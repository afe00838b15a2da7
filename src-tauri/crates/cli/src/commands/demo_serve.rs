//! `portcullis demo serve`: the demo account on loopback, for any AWS client.

use std::{net::Ipv4Addr, sync::Arc};

use clap::Args;
use portcullis_demo::{DemoAccount, Scale};
use portcullis_operations::host::HostOptions;
use tokio::net::TcpListener;

use crate::{exit::Exit, failure::Failure, output::Printer};

/// Flags of `demo serve`.
#[derive(Debug, Args)]
pub struct DemoServeArgs {
    /// Listen on this port of 127.0.0.1; 0 takes a free one and prints it.
    #[arg(long, default_value_t = 4510)]
    pub port: u16,
    /// Serve a large account: apis=200,routes=50000, with API keys apis=200,routes=50000,keys=10000.
    #[arg(long, value_name = "apis=N,routes=M,keys=K")]
    pub scale: Option<Scale>,
    /// Serve an account with nothing in it.
    #[arg(long, conflicts_with = "scale")]
    pub empty: bool,
}

/// Runs `demo serve` until it is interrupted.
///
/// # Errors
/// A port that is taken.
pub async fn run(args: &DemoServeArgs, options: &HostOptions, printer: &mut Printer) -> Result<Exit, Failure> {
    let clock = Arc::clone(&options.clock);
    let account = match args.scale {
        Some(scale) => DemoAccount::scaled(scale, 1, clock),
        None if args.empty => DemoAccount::empty(clock, 1),
        None => DemoAccount::standard(clock)
            .map_err(|error| Failure::failed(format!("The demo account cannot be laid out: {error}.")))?,
    };
    let taken = |error: std::io::Error| Failure::failed(format!("127.0.0.1:{} cannot be used: {error}.", args.port));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    printer.data(&format!(
        "The demo account is at http://{address}\nTry: aws apigateway get-rest-apis --endpoint-url http://{address} --region eu-west-1\n"
    ))?;
    tokio::select! {
        served = portcullis_demo::serve(listener, account) => served.map(|()| Exit::Done).map_err(|error| Failure::failed(format!("{error}."))),
        _ = tokio::signal::ctrl_c() => Ok(Exit::Done),
    }
}
