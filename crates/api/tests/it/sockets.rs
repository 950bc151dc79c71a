//! The accept loop on real sockets: strangers that are silent, slow or many, and a stop.

use crate::support::{GOOD_TOKEN, JobStory, PATIENCE, TestApi};
use api::{ServeOptions, serve};
use axum::Router;
use domain::rate_limit::RateScope;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::net::SocketAddr;
use std::time::Duration;
use testkit::wait::until;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Shorter than any other limit, so that it is known which one ended a connection.
const SHORT: Duration = Duration::from_millis(150);

struct Running {
    address: SocketAddr,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Running {
    async fn start(
        router: Router,
        shutdown: CancellationToken,
        change: impl FnOnce(&mut ServeOptions),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut options = ServeOptions::new(shutdown.clone());
        change(&mut options);
        let tasks = TaskTracker::new();
        tasks.spawn(async move {
            serve(listener, router, options).await.expect("it serves");
        });
        tasks.close();
        Self {
            address,
            shutdown,
            tasks,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("it listens")
    }

    async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(PATIENCE, self.tasks.wait())
            .await
            .expect("it stops");
    }
}

async fn send(stream: &mut TcpStream, text: &str) {
    stream
        .write_all(text.as_bytes())
        .await
        .expect("it takes it");
}

/// Everything until the peer closes; a reset counts as closing.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .expect("the connection is closed")
        .ok();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads until the text is there.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        let mut buffer = [0; 4096];
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut buffer))
            .await
            .unwrap_or_else(|_| panic!("waited in vain for {wanted}: {text}"))
            .expect("the connection stands");
        assert_ne!(read, 0, "closed before {wanted}: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

const VERSION: &str = "GET /v1/version HTTP/1.1\r\nHost: a.example.com\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_without_a_first_request_is_closed_whatever_it_sends() {
    let api = TestApi::new();
    let shutdown = api.shutdown.clone();
    let running = Running::start(api.router(), shutdown, |options| {
        options.first_request_timeout = SHORT;
        options.header_timeout = Duration::from_mins(10);
    })
    .await;
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    for sent in ["", "PRI * HT", preface, "GET /v1/version HTTP/1.1\r\nHost:"] {
        let mut stream = running.connect().await;
        send(&mut stream, sent).await;
        let answer = rest(&mut stream).await;
        assert!(!answer.contains("HTTP/1.1 200"), "{sent:?}: {answer}");
    }
    let mut stream = running.connect().await;
    send(&mut stream, VERSION).await;
    read_until(&mut stream, "api_versions").await;
    // When a connection that came later is closed, the time of this one is over, too.
    rest(&mut running.connect().await).await;
    send(&mut stream, VERSION).await;
    read_until(&mut stream, "api_versions").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_dribbles_in_is_cut_off() {
    let api = TestApi::new();
    let shutdown = api.shutdown.clone();
    let running = Running::start(api.router(), shutdown, |options| {
        options.header_timeout = SHORT;
    })
    .await;
    let mut stream = running.connect().await;
    send(&mut stream, VERSION).await;
    read_until(&mut stream, "api_versions").await;
    send(&mut stream, "GET /v1/version HTTP/1.1\r\nHost: a.exam").await;
    let answer = rest(&mut stream).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let api = TestApi::new();
    let shutdown = api.shutdown.clone();
    let running = Running::start(api.router(), shutdown, |options| {
        options.max_connections = 1;
    })
    .await;
    let mut first = running.connect().await;
    send(&mut first, VERSION).await;
    read_until(&mut first, "api_versions").await;
    let mut second = running.connect().await;
    send(&mut second, VERSION).await;
    let mut buffer = [0; 1];
    let early = tokio::time::timeout(SHORT, second.read(&mut buffer)).await;
    assert!(
        early.is_err(),
        "the second connection was served beside the first"
    );
    drop(first);
    read_until(&mut second, "api_versions").await;
    drop(second);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_ends_streams_first_and_answers_what_has_begun() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.write(&["one"]);
    let bus = api.bus.clone();
    let (shutdown, tasks) = (api.shutdown.clone(), api.tasks.clone());
    let path = api.path(&format!("/jobs/{}", story.id));
    let running = Running::start(api.router(), shutdown.clone(), |options| {
        options.drain_timeout = PATIENCE;
    })
    .await;
    let head = format!("Host: a.example.com\r\nAuthorization: Bearer {GOOD_TOKEN}\r\n");
    let mut stream = running.connect().await;
    let request = format!("GET {path}/log HTTP/1.1\r\n{head}Accept: text/event-stream\r\n\r\n");
    send(&mut stream, &request).await;
    read_until(&mut stream, "\"one\"").await;
    let mut waiting = running.connect().await;
    let request = format!("GET {path} HTTP/1.1\r\n{head}Prefer: wait=1\r\n\r\n");
    send(&mut waiting, &request).await;
    until("the wait has begun", PATIENCE, async || {
        (bus.subscriptions.load(std::sync::atomic::Ordering::SeqCst) == 2).then_some(())
    })
    .await;
    shutdown.cancel();
    let end = rest(&mut stream).await;
    assert!(
        end.ends_with("0\r\n\r\n"),
        "the stream ended in order: {end}"
    );
    let answer = rest(&mut waiting).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.to_lowercase().contains("connection: close"),
        "{answer}"
    );
    assert!(TcpStream::connect(running.address).await.is_err());
    assert!(tasks.is_empty());
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_ever() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    *api.bus.is_stuck.lock().expect("no panic while held") = true;
    let bus = api.bus.clone();
    let shutdown = api.shutdown.clone();
    let path = api.path(&format!("/jobs/{}", story.id));
    let running = Running::start(api.router(), shutdown, |options| {
        options.drain_timeout = SHORT;
    })
    .await;
    let mut stuck = running.connect().await;
    let head = format!("Host: a.example.com\r\nAuthorization: Bearer {GOOD_TOKEN}\r\n");
    let request = format!("GET {path} HTTP/1.1\r\n{head}Prefer: wait=60\r\n\r\n");
    send(&mut stuck, &request).await;
    until("the wait has begun", PATIENCE, async || {
        (bus.subscriptions.load(std::sync::atomic::Ordering::SeqCst) == 1).then_some(())
    })
    .await;
    running.stop().await;
    assert_eq!(rest(&mut stuck).await, "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http_2_is_spoken_too_and_its_streams_end_with_a_stop() {
    let mut api = TestApi::new();
    let story = JobStory::begin(&mut api);
    story.write(&["one"]);
    let shutdown = api.shutdown.clone();
    let path = api.path(&format!("/jobs/{}/log", story.id));
    let running = Running::start(api.router(), shutdown.clone(), |_| {}).await;
    let io = TokioIo::new(running.connect().await);
    let (mut client, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), io)
            .await
            .expect("it speaks HTTP/2");
    let connections = TaskTracker::new();
    connections.spawn(connection);
    let request = hyper::Request::builder()
        .uri(format!("http://a.example.com{path}"))
        .header("authorization", format!("Bearer {GOOD_TOKEN}"))
        .header("accept", "text/event-stream")
        .body(Empty::new())
        .expect("a well-formed request");
    let response = client.send_request(request).await.expect("an answer");
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    let mut text = String::new();
    while !text.contains("\"one\"") {
        let frame = body.frame().await.expect("more").expect("a whole frame");
        if let Ok(data) = frame.into_data() {
            text.push_str(&String::from_utf8_lossy(&data));
        }
    }
    shutdown.cancel();
    let rest = tokio::time::timeout(PATIENCE, body.collect()).await;
    rest.expect("the stream ends").expect("in order");
    drop(client);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_announces_too_much_is_refused_before_it_is_sent() {
    let api = TestApi::new();
    let shutdown = api.shutdown.clone();
    let path = api.path("/environments");
    let running = Running::start(api.router(), shutdown, |_| {}).await;
    for length in [10_000_000_000_u64, 300_000] {
        let mut stream = running.connect().await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a.example.com\r\nIdempotency-Key: k\r\n\
             Authorization: Bearer {GOOD_TOKEN}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        send(&mut stream, &head).await;
        let answer = read_until(&mut stream, "body-too-large").await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_count_as_those_of_the_client_whom_a_trusted_proxy_names() {
    for (trusted, counted) in [("127.0.0.0/8", "198.51.100.7"), ("10.0.0.0/8", "127.0.0.1")] {
        let api = TestApi::new();
        let (shutdown, limiter) = (api.shutdown.clone(), api.limiter.clone());
        let running = Running::start(api.router(), shutdown, |options| {
            options.trusted_proxies = [trusted.parse().expect("a network")].into();
        })
        .await;
        let mut stream = running.connect().await;
        let passed_on = VERSION.replace(
            "Host:",
            "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\nHost:",
        );
        send(&mut stream, &passed_on).await;
        let answer = read_until(&mut stream, "api_versions").await;
        assert!(
            answer.contains("ratelimit-policy: \"address\";q=3000;w=60\r\n"),
            "{answer}"
        );
        assert_eq!(limiter.asked(), [(RateScope::Address, counted.to_owned())]);
        limiter.refuse(RateScope::Address, Duration::from_millis(2_100));
        send(&mut stream, &passed_on).await;
        let refused = read_until(&mut stream, "violated_policies").await;
        assert!(refused.starts_with("HTTP/1.1 429"), "{refused}");
        assert!(refused.contains("retry-after: 3\r\n"), "{refused}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probes_are_not_counted() {
    let mut api = TestApi::new();
    api.read_model.expect_ping().returning(|| Ok(()));
    let (shutdown, limiter) = (api.shutdown.clone(), api.limiter.clone());
    limiter.refuse(RateScope::Address, Duration::from_secs(1));
    let running = Running::start(api.router(), shutdown, |_| {}).await;
    let mut stream = running.connect().await;
    for path in ["/healthz", "/readyz"] {
        send(&mut stream, &VERSION.replace("/v1/version", path)).await;
        let answer = read_until(&mut stream, "\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(!answer.contains("ratelimit"), "{answer}");
    }
    assert_eq!(limiter.asked(), []);
    running.stop().await;
}
