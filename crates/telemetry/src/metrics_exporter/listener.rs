//! The listener for scrapers: `GET /metrics` and nothing else. Apart from the API's listener, so
//! that neither can starve or expose the other.

use super::MetricsHandle;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Scrapers are few; more connections than this wait in the backlog.
const CONNECTIONS_MAX: usize = 16;
/// A connection that has not taken its answer by then is closed.
const CONNECTION_TIME_MAX: Duration = Duration::from_secs(10);
/// The head of a request must have come by then.
const HEAD_TIME_MAX: Duration = Duration::from_secs(5);
/// Pause after a failed accept (no file descriptors left, for example).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves scrapers until `shutdown`, then ends once open connections are done (at most ten
/// seconds). Also keeps the buckets folded.
pub async fn serve(handle: MetricsHandle, listener: TcpListener, shutdown: CancellationToken) {
    tokio::join!(
        accept(&handle, &listener, &shutdown),
        handle.keep_up(shutdown.clone()),
    );
}

async fn accept(handle: &MetricsHandle, listener: &TcpListener, shutdown: &CancellationToken) {
    let connections = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    while let Some(next) = shutdown
        .run_until_cancelled(next_connection(listener, &slots))
        .await
    {
        match next {
            Ok((stream, slot)) => {
                connections.spawn(answer(stream, handle.clone(), slot));
            }
            Err(error) => {
                tracing::warn!(%error, "a scraper's connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
}

async fn next_connection(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots)
        .acquire_owned()
        .await
        .map_err(std::io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, slot))
}

async fn answer(stream: TcpStream, handle: MetricsHandle, _slot: OwnedSemaphorePermit) {
    let service = service_fn(move |request: Request<Incoming>| {
        let response = response(&request, &handle);
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    match tokio::time::timeout(CONNECTION_TIME_MAX, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a scraper's connection failed"),
        Err(_) => tracing::debug!("a scraper did not take its answer in time"),
    }
}

fn response(request: &Request<Incoming>, handle: &MetricsHandle) -> Response<Full<Bytes>> {
    let (status, body) = if request.uri().path() != "/metrics" {
        (StatusCode::NOT_FOUND, String::new())
    } else if request.method() != Method::GET {
        (StatusCode::METHOD_NOT_ALLOWED, String::new())
    } else {
        (StatusCode::OK, handle.render())
    };
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, header::HeaderValue::from_static("GET"));
    }
    response
}
