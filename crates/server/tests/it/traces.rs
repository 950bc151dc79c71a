//! One trace from the request to the call of the platform, as a collector receives it.

use crate::on_both_backends;
use crate::support::{App, Backend, TraceCollector};
use opentelemetry_proto::tonic::trace::v1::Span;
use std::fmt::Write as _;

on_both_backends!(
    a_request_is_followed_through_its_job_to_the_platform,
    a_silent_collector_holds_nobody_up,
);

/// The app, sending its spans there.
async fn followed(backend: Backend, endpoint: &str) -> App {
    let mut app = App::start(backend).await;
    app.stop();
    let traces = format!("[traces]\nendpoint = \"{endpoint}\"\n\n[metrics]");
    app.change_file("[metrics]", &traces);
    app.serve().await;
    app
}

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

fn parent_of<'a>(spans: &'a [Span], child: &Span) -> &'a Span {
    let mut found = spans.iter();
    found
        .find(|span| span.span_id == child.parent_span_id && span.trace_id == child.trace_id)
        .expect("the parent was sent, too")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String cannot fail");
        text
    })
}

async fn a_request_is_followed_through_its_job_to_the_platform(backend: Backend) {
    let collector = TraceCollector::start().await;
    let mut app = followed(backend, collector.endpoint()).await;
    let job = app.owner.provision("shop", "empty", &[]).await;
    let job = app
        .owner
        .job_at_rest(job["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}");
    assert!(app.stop().success());
    let spans = collector.spans();
    let use_case = named(&spans, "usecase.environments.provision_environment");
    assert_eq!(use_case.len(), 1);
    let request = parent_of(&spans, use_case[0]);
    assert_eq!(request.name, "http.request");
    assert!(request.parent_span_id.is_empty());

    let runs = named(&spans, "job.environment.provision");
    for run in &runs {
        let [link] = &run.links[..] else {
            panic!("{run:?}");
        };
        assert_eq!(link.trace_id, use_case[0].trace_id);
        assert_eq!(link.span_id, use_case[0].span_id);
        assert_ne!(run.trace_id, use_case[0].trace_id);
    }
    let calls = named(&spans, "virtuozzo.createenvironment");
    let [call] = calls[..] else {
        panic!("{calls:?}");
    };
    let step = parent_of(&spans, call);
    assert!(step.name.starts_with("step."), "{}", step.name);
    assert_eq!(parent_of(&spans, step).name, "job.environment.provision");
    // The platform was told where its call stands.
    let journal = app.simulator.journal();
    let seen = journal.iter().find(|it| it.method == "createenvironment");
    let told = format!("00-{}-{}-01", hex(&call.trace_id), hex(&call.span_id));
    assert_eq!(seen.expect("a call").trace_parent, Some(told));
    let bytes = collector.bytes();
    for key in app.simulator.session_keys() {
        let found = bytes.windows(key.len()).any(|it| it == key.as_bytes());
        assert!(!found, "a session key was sent to the collector");
    }
}

async fn a_silent_collector_holds_nobody_up(backend: Backend) {
    // It accepts connections, and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let mut app = followed(backend, &format!("http://{address}/v1/traces")).await;
    let job = app.owner.provision("shop", "empty", &[]).await;
    let job = app
        .owner
        .job_at_rest(job["id"].as_str().expect("an id"))
        .await;
    assert_eq!(job["state"], "succeeded", "{job}");
    testkit::wait::until("spans are given up", crate::support::PATIENCE, async || {
        let text = app.metrics().await;
        text.contains("windlass_trace_spans_total{outcome=\"dropped\"}")
            .then_some(())
    })
    .await;
    assert!(app.stop().success());
}
