//! Accepts connections and speaks HTTP/1.1 over them until told to stop.
//!
//! It must not know which service it serves.

use std::error::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::answer::Body;

/// A service's wish to end the connection without an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Ending {
    #[error("the connection is closed on purpose")]
    Close,
    #[error("the connection is reset on purpose")]
    Reset,
}

/// Where tasks live and what stops them.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

/// Binds `address` and serves in the background; returns the bound address.
pub(crate) async fn serve<Answer, Answering>(
    address: &str,
    running: Running,
    answer: Answer,
) -> std::io::Result<SocketAddr>
where
    Answer: Fn(Request<Incoming>) -> Answering + Clone + Send + 'static,
    Answering: Future<Output = Result<Response<Body>, Ending>> + Send + 'static,
{
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    let accepting = running.clone();
    running.tasks.spawn(async move {
        let accept_loop = accept_all(listener, accepting.clone(), answer);
        accepting.stop.run_until_cancelled(accept_loop).await
    });
    Ok(bound)
}

async fn accept_all<Answer, Answering>(listener: TcpListener, running: Running, answer: Answer)
where
    Answer: Fn(Request<Incoming>) -> Answering + Clone + Send + 'static,
    Answering: Future<Output = Result<Response<Body>, Ending>> + Send + 'static,
{
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let stop = running.stop.clone();
                let connection = speak(stream, answer.clone());
                running
                    .tasks
                    .spawn(async move { stop.run_until_cancelled(connection).await });
            }
            // Out of file descriptors or an aborted handshake: yield, then go on accepting.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::task::yield_now().await;
            }
        }
    }
}

async fn speak<Answer, Answering>(stream: TcpStream, answer: Answer)
where
    Answer: Fn(Request<Incoming>) -> Answering,
    Answering: Future<Output = Result<Response<Body>, Ending>>,
{
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the connection keeps its delays");
    }
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    let Err(error) = Pin::new(&mut connection).await else {
        return;
    };
    tracing::debug!(%error, "a connection ended early");
    let ending = error.source().and_then(|source| source.downcast_ref());
    if ending == Some(&Ending::Reset) {
        let stream = connection.into_parts().io.into_inner();
        if let Err(error) = stream.set_zero_linger() {
            tracing::debug!(%error, "the connection is closed instead of reset");
        }
    }
}
