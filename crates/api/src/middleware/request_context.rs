//! The outermost layer: gives every request its id, span, log line and metrics, and every answer its
//! common headers. Every refusal, whoever made it, leaves here as a problem.

use super::note_route::AnsweringRoute;
use crate::problem::{PROBLEM_MEDIA_TYPE, Problem, problem_for_status};
use crate::request::RequestContext;
use crate::state::ApiState;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::error_code::ErrorClass;
use domain::ids::RequestId;
use domain::ports::new_id;
use std::time::Duration;
use telemetry::names::metrics as names;
use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug, error, info, info_span, warn};

/// Longest `X-Request-Id` of a client that is written to the log, in bytes.
const CLIENT_REQUEST_ID_LENGTH_MAX: usize = 64;
/// How long a browser comes by TLS only.
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// Stands for all requests that no route matched.
const UNMATCHED: &str = "unmatched";

pub(crate) async fn request_context(
    State(state): State<ApiState>,
    mut request: Request,
    next: Next,
) -> Response {
    let request_id: RequestId = new_id(&*state.use_cases.ids);
    let method = method_label(request.method());
    let span = info_span!(
        "http.request",
        otel.kind = "server",
        request_id = %request_id,
        method,
        route = Empty,
        team_id = Empty,
        user = Empty,
        client_request_id = client_request_id(request.headers()),
    );
    let is_options = *request.method() == Method::OPTIONS;
    request
        .extensions_mut()
        .insert(RequestContext { request_id });
    let started = state.use_cases.clock.instant();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = started.until(state.use_cases.clock.instant());
    if is_options {
        answer_options(&mut response);
    }
    let problem = write_problem(&mut response, request_id);
    add_common_headers(response.headers_mut(), request_id);
    if state.settings.is_encrypted {
        let headers = response.headers_mut();
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
    let route = response.extensions_mut().remove::<AnsweringRoute>();
    let route = route.as_ref().map_or(UNMATCHED, |route| route.0.as_str());
    span.record("route", route);
    count(method, route, response.status(), took);
    log(&span, route, response.status(), took, problem.as_ref());
    response
}

/// Methods are a closed set in metrics and logs: a client can send any word.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn client_request_id(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get("x-request-id")?.to_str().ok()?;
    let is_usable = (1..=CLIENT_REQUEST_ID_LENGTH_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_usable.then_some(text)
}

/// `OPTIONS` on a path that exists tells what can be done with it.
fn answer_options(response: &mut Response) {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return;
    }
    response.extensions_mut().remove::<Problem>();
    *response.status_mut() = StatusCode::NO_CONTENT;
    *response.body_mut() = Body::empty();
    response.headers_mut().remove(header::CONTENT_LENGTH);
}

/// Writes the body of a refusal. One that a library made without us gets the problem of its status.
fn write_problem(response: &mut Response, request_id: RequestId) -> Option<Problem> {
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => problem_for_status(status),
        None => return None,
    };
    let body = serde_json::to_vec(&problem.body(Some(request_id)))
        .expect("a problem is made of texts and numbers");
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(PROBLEM_MEDIA_TYPE),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
    Some(problem)
}

fn add_common_headers(headers: &mut HeaderMap, request_id: RequestId) {
    let id = HeaderValue::try_from(request_id.to_string()).expect("an id is ASCII");
    headers.insert("request-id", id);
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let unless_set = [
        (header::CACHE_CONTROL, "no-store"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in unless_set {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

fn count(method: &'static str, route: &str, status: StatusCode, took: Duration) {
    let class = match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    metrics::counter!(
        names::HTTP_REQUESTS,
        names::LABEL_ROUTE => route.to_owned(),
        names::LABEL_METHOD => method,
        names::LABEL_STATUS => class,
    )
    .increment(1);
    metrics::histogram!(names::HTTP_REQUEST_DURATION, names::LABEL_ROUTE => route.to_owned())
        .record(took.as_secs_f64());
}

/// One line a request. Probes come every few seconds, so they are only for those who debug.
fn log(span: &Span, route: &str, status: StatusCode, took: Duration, problem: Option<&Problem>) {
    let status = status.as_u16();
    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let code = problem.map(|problem| problem.code().as_str());
    let cause = problem.and_then(Problem::cause);
    let class = problem.map(|problem| problem.code().class());
    let is_alarming = class == Some(ErrorClass::Internal);
    let is_worrying = class == Some(ErrorClass::Unavailable);
    let _entered = span.enter();
    if is_alarming {
        error!(status, duration_ms, code, error = cause, "request failed");
    } else if is_worrying {
        warn!(status, duration_ms, code, error = cause, "request refused");
    } else if route == "/healthz" || route == "/readyz" {
        debug!(status, duration_ms, code, "request answered");
    } else {
        info!(status, duration_ms, code, error = cause, "request answered");
    }
}
