//! The demo account on a socket, for any AWS client. Loopback only: it accepts every credential.

use std::io;

use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use tokio::net::TcpListener;

use crate::DemoAccount;

/// The largest body that is read: AWS's own bound for an import, with room.
const MAX_BODY: usize = 10 * 1024 * 1024;

/// Why serving did not begin or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener is open to other machines.
    #[error("the demo account accepts every credential, so it serves 127.0.0.1 or ::1 only, not {address}")]
    NotLoopback {
        /// Where it listens.
        address: std::net::SocketAddr,
    },
    /// The socket failed.
    #[error("serving the demo account failed")]
    Socket(#[from] io::Error),
}

/// Serves `account` until the future is dropped.
///
/// # Errors
/// [`ServeError::NotLoopback`] before the first request; [`ServeError::Socket`] when the listener fails.
pub async fn serve(listener: TcpListener, account: DemoAccount) -> Result<(), ServeError> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback { address });
    }
    let router = Router::new().fallback(answer).with_state(account);
    Ok(axum::serve(listener, router).await?)
}

async fn answer(State(account): State<DemoAccount>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than the demo account reads").into_response();
    };
    account.answer(Request::from_parts(parts, body.to_bytes())).await.map(Body::from)
}
