use super::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A handle whose recorder has seen what `measure` did.
fn handle_after(measure: impl FnOnce()) -> MetricsHandle {
    let recorder = recorder().unwrap();
    ::metrics::with_local_recorder(&recorder, || {
        describe();
        measure();
    });
    MetricsHandle::new(recorder.handle())
}

async fn ask(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[test]
fn latencies_fall_into_buckets_that_fit_them() {
    let text = handle_after(|| {
        ::metrics::histogram!(names::PLATFORM_REQUEST_LATENCY, names::LABEL_ENDPOINT => "getenvs")
            .record(250.0);
        ::metrics::histogram!(names::HTTP_REQUEST_DURATION, names::LABEL_ROUTE => "/healthz")
            .record(0.002);
    })
    .render();
    for line in [
        r#"virtuozzo_request_latency_seconds_bucket{endpoint="getenvs",le="180"} 0"#,
        r#"virtuozzo_request_latency_seconds_bucket{endpoint="getenvs",le="300"} 1"#,
        r#"virtuozzo_request_latency_seconds_bucket{endpoint="getenvs",le="600"} 1"#,
        r#"windlass_http_request_duration_seconds_bucket{route="/healthz",le="0.001"} 0"#,
        r#"windlass_http_request_duration_seconds_bucket{route="/healthz",le="0.0025"} 1"#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn the_version_and_the_meaning_of_metrics_are_shown() {
    let text = handle_after(|| {
        ::metrics::counter!(names::PLATFORM_RETRIES, names::LABEL_ENDPOINT => "getenvs")
            .increment(2);
    })
    .render();
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        text.contains(&format!("windlass_build_info{{version=\"{version}\"}} 1")),
        "{text}"
    );
    assert!(
        text.contains("virtuozzo_retries_total{endpoint=\"getenvs\"} 2"),
        "{text}"
    );
    assert!(
        text.contains("# HELP virtuozzo_retries_total Calls to the platform that were sent again"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_get_metrics_is_served_and_shutdown_ends_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let serving = tokio_util::task::TaskTracker::new();
    serving.spawn(serve(handle_after(|| {}), listener, shutdown.clone()));
    serving.close();

    let found = ask(address, "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(found.starts_with("HTTP/1.1 200"), "{found}");
    assert!(found.contains("windlass_build_info"), "{found}");
    let missing = ask(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(missing.starts_with("HTTP/1.1 404"), "{missing}");
    let refused = ask(
        address,
        "POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    assert!(refused.starts_with("HTTP/1.1 405"), "{refused}");

    shutdown.cancel();
    serving.wait().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn metrics_are_installed_once() {
    let handle = install().unwrap();
    assert!(handle.render().contains("windlass_build_info"));
    assert!(matches!(
        install(),
        Err(MetricsStartError::AlreadyInstalled)
    ));
}
