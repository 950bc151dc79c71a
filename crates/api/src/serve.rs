//! The accept loop: hyper on our own sockets, with a limit on everything a stranger can make us hold.

mod client_address;
mod connection;
mod server_identity;
mod tasks;

use axum::Router;
use connection::serve_connection;
use ipnet::IpNet;
pub use server_identity::{IdentityError, ServerIdentity};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tasks::ConnectionTasks;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// First pause after the system refused to accept; it doubles.
const ACCEPT_PAUSE_MIN: Duration = Duration::from_millis(10);
/// Longest pause: descriptors come free when connections end.
const ACCEPT_PAUSE_MAX: Duration = Duration::from_secs(1);

/// How connections are served.
#[derive(Clone)]
pub struct ServeOptions {
    /// What is shown to those who connect by TLS; in clear when absent.
    pub identity: Option<ServerIdentity>,
    /// Longest time for the head of a request to arrive, and for a connection to stand idle between
    /// two requests (HTTP/1).
    pub header_timeout: Duration,
    /// Longest time from accepting a connection to its first request, whatever it sends meanwhile. By TLS, agreeing
    /// on a secret may take as long once more.
    pub first_request_timeout: Duration,
    /// Most connections at a time; further ones wait in the system's backlog.
    pub max_connections: usize,
    /// Who is believed about whose request it passes on, in `X-Forwarded-For`.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Begins the end: no new connections, streams end, requests are answered.
    pub shutdown: CancellationToken,
    /// How long the end may take before connections are cut.
    pub drain_timeout: Duration,
}

impl ServeOptions {
    /// The usual numbers, for a token that the router's settings share.
    pub fn new(shutdown: CancellationToken) -> Self {
        Self {
            identity: None,
            header_timeout: Duration::from_secs(15),
            first_request_timeout: Duration::from_secs(15),
            max_connections: 4096,
            trusted_proxies: Arc::default(),
            shutdown,
            drain_timeout: Duration::from_secs(30),
        }
    }
}

/// Serves until `shutdown`, then ends within `drain_timeout`. Mutations whose clients went away may
/// still run then, in the tasks of [`crate::ApiSettings`]. An error only when the listener is
/// unusable from the start.
pub async fn serve(listener: TcpListener, router: Router, options: ServeOptions) -> io::Result<()> {
    let address = listener.local_addr()?;
    info!(%address, "listening");
    let places = Arc::new(Semaphore::new(options.max_connections));
    let tasks = ConnectionTasks::default();
    loop {
        // The place comes first: a connection that is not accepted costs only the system.
        let place = tokio::select! {
            biased;
            () = options.shutdown.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place.expect("nobody closes it"),
        };
        let Some(stream) = accept(&listener, &options.shutdown).await else {
            break;
        };
        let connection = serve_connection(stream, router.clone(), options.clone(), tasks.clone());
        tasks.spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    drain(&tasks, options.drain_timeout).await;
    Ok(())
}

/// The next connection; `None` at shutdown.
async fn accept(listener: &TcpListener, shutdown: &CancellationToken) -> Option<TcpStream> {
    let mut pause = ACCEPT_PAUSE_MIN;
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        let error = match accepted {
            Ok((stream, _)) => return Some(stream),
            Err(error) => error,
        };
        if is_about_one_connection(&error) {
            continue;
        }
        // Out of descriptors or memory: trying again at once would only burn the processor.
        warn!(error = %error, "a connection could not be accepted");
        tokio::select! {
            () = shutdown.cancelled() => return None,
            () = sleep(pause) => {}
        }
        pause = (pause * 2).min(ACCEPT_PAUSE_MAX);
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::ConnectionAborted | Kind::ConnectionReset | Kind::ConnectionRefused
    )
}

async fn drain(tasks: &ConnectionTasks, drain_timeout: Duration) {
    tasks.tracker.close();
    if timeout(drain_timeout, tasks.tracker.wait()).await.is_err() {
        let open = tasks.tracker.len();
        warn!(open, "connections are cut: they did not end in time");
        tasks.cut.cancel();
        tasks.tracker.wait().await;
    }
}
