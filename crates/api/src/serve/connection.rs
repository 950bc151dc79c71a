//! One connection, from its first byte to its last.

use super::ServeOptions;
use super::client_address::client_address;
use super::tasks::ConnectionTasks;
use crate::request::ClientAddress;
use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tracing::debug;

/// Longest head of a request, in bytes.
const HEAD_BYTES_MAX: u32 = 64 * 1024;
/// Most headers of a request.
const HEADERS_MAX: usize = 100;
/// Most requests at a time on one HTTP/2 connection.
const STREAMS_MAX: u32 = 100;
/// How often a silent HTTP/2 peer is asked whether it is still there.
const PING_INTERVAL: Duration = Duration::from_secs(20);

/// Serves until the peer is done or a limit is reached.
pub(super) async fn serve_connection(
    stream: TcpStream,
    router: Router,
    options: ServeOptions,
    tasks: ConnectionTasks,
) {
    let Ok(peer) = stream.peer_addr() else {
        return;
    };
    let peer = peer.ip();
    // Answers are small and complete; waiting for more to send only adds delay.
    if let Err(error) = stream.set_nodelay(true) {
        debug!(error = %error, "a connection cannot be told to send at once");
    }
    metrics::gauge!(telemetry::names::metrics::HTTP_CONNECTIONS).increment(1.0);
    let _counted = Counted;
    let Some(identity) = options.identity.clone() else {
        return serve_requests(stream, peer, router, options, tasks).await;
    };
    let handshake = timeout(
        options.first_request_timeout,
        identity.acceptor().accept(stream),
    );
    tokio::select! {
        () = options.shutdown.cancelled() => {}
        outcome = handshake => match outcome {
            Ok(Ok(stream)) => serve_requests(stream, peer, router, options, tasks).await,
            Ok(Err(error)) => debug!(error = %error, "a connection could not be encrypted"),
            Err(_) => debug!("a connection was not encrypted in time"),
        },
    }
}

async fn serve_requests(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    peer: IpAddr,
    router: Router,
    options: ServeOptions,
    tasks: ConnectionTasks,
) {
    let first_request = CancellationToken::new();
    let has_begun = first_request.clone();
    let trusted_proxies = options.trusted_proxies.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        has_begun.cancel();
        let mut request = request.map(Body::new);
        let client = client_address(peer, request.headers(), &trusted_proxies);
        request.extensions_mut().insert(ClientAddress(client));
        router.clone().oneshot(request)
    });
    let builder = builder(&options, tasks);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // While the version is found out, hyper has no timeout of its own: silence, or half of a preface,
    // would hold the connection for ever.
    let mut watchdog = pin!(sleep(options.first_request_timeout));
    let (mut is_watched, mut is_ending) = (true, false);
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    debug!(error = %error, "a connection broke");
                }
                return;
            }
            () = watchdog.as_mut(), if is_watched => {
                // Asked only now: the first request may have come while we waited here.
                if !first_request.is_cancelled() {
                    return;
                }
                is_watched = false;
            }
            () = options.shutdown.cancelled(), if !is_ending => {
                is_ending = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

fn builder(options: &ServeOptions, tasks: ConnectionTasks) -> auto::Builder<ConnectionTasks> {
    let mut builder = auto::Builder::new(tasks);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(options.header_timeout)
        .max_buf_size(HEAD_BYTES_MAX as usize)
        .max_headers(HEADERS_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_BYTES_MAX)
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_INTERVAL);
    builder
}

/// Uncounts a connection, however it ends.
struct Counted;

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!(telemetry::names::metrics::HTTP_CONNECTIONS).decrement(1.0);
    }
}
