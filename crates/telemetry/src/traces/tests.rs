use super::{SpanIdentity, TraceOptions, Traces, identity_of, link};
use crate::metrics_exporter::MetricsHandle;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt as _;

/// Everything a collector was sent.
type Received = Arc<Mutex<Vec<u8>>>;

async fn collector() -> (http::Uri, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let received = Received::default();
    let kept = Arc::clone(&received);
    tokio_util::task::TaskTracker::new().spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let kept = Arc::clone(&kept);
            let service = service_fn(move |request: http::Request<Incoming>| {
                let kept = Arc::clone(&kept);
                async move {
                    assert_eq!(request.headers()["authorization"], "Bearer example");
                    let body = request.into_body().collect().await.unwrap().to_bytes();
                    kept.lock().unwrap().extend_from_slice(&body);
                    Ok::<_, Infallible>(http::Response::new(Full::<bytes::Bytes>::default()))
                }
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio_util::task::TaskTracker::new()
                .spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
    let uri = format!("http://{address}/v1/traces").parse().unwrap();
    (uri, received)
}

fn start(endpoint: http::Uri) -> Traces {
    let options = TraceOptions {
        endpoint,
        authorization: Some(http::HeaderValue::from_static("Bearer example")),
        sample_ratio: 1.0,
    };
    Traces::start(options).unwrap()
}

fn holds(received: &Received, text: &str) -> bool {
    let received = received.lock().unwrap();
    received
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_arrive_with_their_links_and_without_secrets() {
    let (endpoint, received) = collector().await;
    let traces = start(endpoint);
    let layer = tracing_opentelemetry::layer().with_tracer(traces.tracer());
    let subscriber = tracing_subscriber::registry().with(layer);
    let parent = SpanIdentity {
        trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
        span_id: "b7ad6b7169203331".to_owned(),
        is_sampled: true,
    };
    let identity = tracing::subscriber::with_default(subscriber, || {
        let span = tracing::info_span!("job", endpoint = "getenvs", password = "hunter2");
        link(&span, &parent.to_header());
        link(&span, "nonsense");
        span.in_scope(|| tracing::info!(error = "session=hunter3 is over", "it went on"));
        identity_of(&span).expect("it is followed")
    });
    assert_eq!(identity.to_header().len(), 55);
    traces.finish().await;
    assert!(holds(&received, "getenvs"));
    assert!(holds(&received, "it went on"));
    let linked = [0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd];
    let received = received.lock().unwrap().clone();
    assert!(received.windows(8).any(|window| window == linked));
    let text = String::from_utf8_lossy(&received);
    assert!(!text.contains("hunter"), "{text}");
}

#[test]
fn nothing_is_identified_while_nobody_follows() {
    let span = tracing::info_span!("job");
    assert_eq!(identity_of(&span), None);
    assert_eq!(super::current_parent(), None);
    link(
        &span,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    );
}

/// Every span that ended is counted as sent or as dropped, also when nobody takes any.
#[tokio::test(flavor = "current_thread")]
async fn a_dead_collector_holds_nobody_up_and_every_span_is_counted() {
    const SPANS: u64 = 10_000;
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let handle: MetricsHandle = MetricsHandle::new(recorder.handle());
    let _recording = metrics::set_default_local_recorder(&recorder);
    let traces = start("http://127.0.0.1:1/v1/traces".parse().unwrap());
    let layer = tracing_opentelemetry::layer().with_tracer(traces.tracer());
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || {
        for _ in 0..SPANS {
            drop(tracing::info_span!("http.request"));
        }
    });
    traces.finish().await;
    let text = handle.render();
    let dropped = format!("windlass_trace_spans_total{{outcome=\"dropped\"}} {SPANS}");
    assert!(text.contains(&dropped), "{text}");
    assert!(!text.contains("exported"), "{text}");
}
