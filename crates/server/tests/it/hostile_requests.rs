//! What no honest client sends: two lengths, broken lines, a flood of parameters, bodies without end. Each is refused
//! within limits, and nobody else notices.

use crate::on_both_backends;
use crate::support::{App, Backend, PATIENCE};
use http::StatusCode;
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

on_both_backends!(hostile_requests_are_refused_and_nobody_else_notices);

/// What is answered when the whole of it was sent: the statuses on the connection, in order. None when it was closed
/// without a word.
async fn ask(address: &str, request: &[u8]) -> Vec<String> {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    // It may be refused before all of it was sent.
    drop(stream.write_all(request).await);
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let read = tokio::time::timeout(PATIENCE, read).await;
    drop(read.expect("the connection is closed"));
    let text = String::from_utf8_lossy(&answer).into_owned();
    let lines = text.split("HTTP/1.1 ").skip(1);
    lines.map(|it| it[..3].to_owned()).collect()
}

/// A request whose connection is closed after its answer, with these lines in its head.
fn head(line: &str, headers: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: a.example.com\r\nConnection: close\r\n{headers}\r\n")
}

async fn hostile_requests_are_refused_and_nobody_else_notices(backend: Backend) {
    let app = App::start(backend).await;
    let address = app.owner.base().trim_start_matches("http://").to_owned();
    let (stop, mut stopped) = oneshot::channel::<()>();
    let bystander = async {
        let (path, mut longest, mut requests) = (app.owner.path(""), Duration::ZERO, 0_u32);
        while stopped.try_recv().is_err() {
            let began = Instant::now();
            let answer = app.owner.get(&path).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            longest = longest.max(began.elapsed());
            requests += 1;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        (longest, requests)
    };
    let strangers = async {
        lengths_that_contradict(&address).await;
        lines_that_are_broken(&address).await;
        floods(&address).await;
        stop.send(()).expect("somebody listens");
    };
    let idle = who_never_finish(&address).await;
    let ((longest, requests), ()) = futures::future::join(bystander, strangers).await;
    drop(idle);
    assert!(requests > 0 && longest < PATIENCE, "{requests} {longest:?}");
}

/// Connections that say nothing, and such that stop in the middle of a head or of a body.
async fn who_never_finish(address: &str) -> Vec<TcpStream> {
    let body = head("POST /v1/registrations", "Content-Length: 100\r\n") + "{";
    let mut idle = Vec::new();
    for begun in ["", "PRI * HT", "GET /v1/ver", &body] {
        for _ in 0..100 {
            let mut stream = TcpStream::connect(address).await.expect("it listens");
            stream.write_all(begun.as_bytes()).await.expect("taken");
            idle.push(stream);
        }
    }
    idle
}

/// Where two readers could disagree about where a request ends, what follows is never taken for a request.
async fn lengths_that_contradict(address: &str) {
    let hidden = "GET /v1/version HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n";
    for (headers, body) in [
        (
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "0\r\n\r\n",
        ),
        ("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
        ("Content-Length: 5, 6\r\n", "hello"),
        ("Content-Length: +5\r\n", "hello"),
        ("Content-Length: 0x5\r\n", "hello"),
        ("Content-Length: -1\r\n", "hello"),
        ("Content-Length: 99999999999999999999\r\n", "hello"),
        ("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        ("Transfer-Encoding: identity\r\n", "hello"),
        ("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        ("X: y\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        (chunked, "5;\nhello\r\n0\r\n\r\n"),
        (chunked, "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        (chunked, "-5\r\nhello\r\n0\r\n\r\n"),
    ] {
        let mut request = "POST /v1/registrations HTTP/1.1\r\nHost: a.example.com\r\n".to_owned();
        write!(
            request,
            "Content-Type: application/json\r\n{headers}\r\n{body}{hidden}"
        )
        .expect("text");
        let statuses = ask(address, request.as_bytes()).await;
        let is_refused = statuses.iter().all(|status| status.starts_with('4'));
        assert!(
            is_refused && statuses.len() <= 1,
            "{headers:?} {body:?}: {statuses:?}"
        );
    }
}

async fn lines_that_are_broken(address: &str) {
    let version = "GET /v1/version";
    for (what, request) in [
        ("a line break in a value", head(version, "X: a\rb\r\n")),
        ("a NUL in a value", head(version, "X: a\0b\r\n")),
        ("a name with a space", head(version, "X Y: a\r\n")),
        ("no name", head(version, ": a\r\n")),
        ("a target with a space", head("GET /v1/ver sion", "")),
        (
            "no host",
            "GET /v1/version HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("two hosts", head(version, "Host: b.example.com\r\n")),
        (
            "another protocol",
            "GET /v1/version HTTP/9.9\r\n\r\n".to_owned(),
        ),
        ("no protocol", "GET /v1/version\r\n\r\n".to_owned()),
        (
            "two credentials",
            head(
                "GET /v1/me",
                "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
            ),
        ),
        ("noise", "\u{1}\u{2}\u{3}\r\n\r\n".to_owned()),
    ] {
        let statuses = ask(address, request.as_bytes()).await;
        let is_refused = statuses.iter().all(|status| status.starts_with('4'));
        assert!(is_refused && statuses.len() <= 1, "{what}: {statuses:?}");
    }
}

async fn floods(address: &str) {
    let mut parameters = "a=1".to_owned();
    for number in 0..1_000_000 {
        write!(parameters, "&p{number}=1").expect("text");
    }
    let line = format!("GET /v1/version?{parameters}");
    let statuses = ask(address, head(&line, "").as_bytes()).await;
    assert!(
        statuses.iter().all(|it| it == "414" || it == "431"),
        "{statuses:?}"
    );
    let mut headers = String::new();
    for number in 0..10_000 {
        write!(headers, "X-{number}: 1\r\n").expect("text");
    }
    let statuses = ask(address, head("GET /v1/version", &headers).as_bytes()).await;
    assert!(statuses.iter().all(|it| it == "431"), "{statuses:?}");

    let of_json =
        |length: usize| format!("Content-Type: application/json\r\nContent-Length: {length}\r\n");
    let deep = "[".repeat(60_000);
    let request = head("POST /v1/registrations", &of_json(deep.len())) + &deep;
    assert_eq!(ask(address, request.as_bytes()).await, ["400"], "deep JSON");
    let announced = head("POST /v1/registrations", &of_json(10_000_000_000));
    assert_eq!(
        ask(address, announced.as_bytes()).await,
        ["413"],
        "ten gigabytes"
    );
    assert_eq!(endless(address).await, ["413"], "a body without an end");
}

/// Sends pieces until it is stopped: most of ten gigabytes are never taken.
async fn endless(address: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let begin = head(
        "POST /v1/registrations",
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
    );
    stream.write_all(begin.as_bytes()).await.expect("taken");
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let (mut reader, mut writer) = stream.into_split();
    let sending = async {
        let mut sent = 0_u64;
        while sent < 10_000_000_000 && writer.write_all(piece.as_bytes()).await.is_ok() {
            sent += 0x10000;
        }
        sent
    };
    let reading = async {
        let mut answer = Vec::new();
        drop(reader.read_to_end(&mut answer).await);
        String::from_utf8_lossy(&answer).into_owned()
    };
    let both = futures::future::join(sending, reading);
    let (sent, text) = tokio::time::timeout(PATIENCE, both)
        .await
        .expect("it is stopped");
    assert!(sent < 1_000_000_000, "{sent} bytes were taken");
    let lines = text.split("HTTP/1.1 ").skip(1);
    lines.map(|it| it[..3].to_owned()).collect()
}
