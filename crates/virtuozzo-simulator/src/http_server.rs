//! The platform's HTTP face: verbs, paths, bodies, headers.
//!
//! It must not know what a method does, or how long it takes.

use std::sync::Arc;

use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, HOST, PRAGMA, SERVER,
};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::answer::{Answer, Body};
use crate::dispatch::{Delivered, Received, carry_out};
use crate::endpoints;
use crate::journal::{Delivery, JournalEntry};
use crate::listener::Ending;
use crate::parameters::Parameters;
use crate::platform::Platform;

const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;
/// Documented; what an answer to a longer one looks like is not.
const MAX_URL_CHARACTERS: usize = 2_048;

/// What every connection of the platform's listener shares.
#[derive(Clone)]
pub(crate) struct PlatformService {
    pub(crate) platform: Arc<Platform>,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl PlatformService {
    pub(crate) async fn answer(self, request: Request<Incoming>) -> Result<Response<Body>, Ending> {
        match self.receive(request).await {
            Delivered::Answer(answer) => Ok(render(answer)),
            Delivered::Closed => Err(Ending::Close),
            Delivered::Reset => Err(Ending::Reset),
        }
    }

    async fn receive(&self, request: Request<Incoming>) -> Delivered {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY_BYTES).collect().await else {
            return Delivered::Answer(Answer::html(StatusCode::PAYLOAD_TOO_LARGE));
        };
        let query = head.uri.query().unwrap_or_default();
        let parameters = Parameters::merge(query, &body.to_bytes());
        let endpoint = endpoints::find(head.uri.path(), self.platform.profile);
        let environment = endpoints::named_environment(&self.platform, &parameters);
        let faults = endpoint.map_or_else(Vec::new, |endpoint| {
            self.platform
                .faults
                .due(endpoint.method, environment.as_deref())
        });
        let number = self.platform.journal.open(JournalEntry {
            call: 0,
            verb: head.method.to_string(),
            path: head.uri.path().to_owned(),
            method: endpoint.map_or("", |endpoint| endpoint.method).to_owned(),
            parameters: self.platform.masking.mask(parameters.as_sent()),
            trace_parent: text_header(&head, "traceparent"),
            environment: environment.clone(),
            faults: faults
                .iter()
                .map(|fault| fault.type_name().to_owned())
                .collect(),
            delivery: Delivery::Open,
            status: None,
            result: None,
            nested_result: None,
            started_at_ms: self.platform.clock.now_ms(),
            ended_at_ms: None,
        });
        let refused = match (&head.method, endpoint) {
            _ if url_length(&head) > MAX_URL_CHARACTERS => Some(StatusCode::URI_TOO_LONG),
            (&Method::GET | &Method::POST, Some(_)) => None,
            (&Method::GET | &Method::POST, None) => Some(StatusCode::NOT_FOUND),
            _ => Some(StatusCode::METHOD_NOT_ALLOWED),
        };
        let (Some(endpoint), None) = (endpoint, refused) else {
            let answer = Answer::html(refused.unwrap_or(StatusCode::NOT_FOUND));
            self.platform
                .journal
                .close(number, self.platform.clock.now_ms(), Some(&answer));
            return Delivered::Answer(answer);
        };
        let received = Received {
            platform: self.platform.clone(),
            endpoint,
            parameters,
            number,
            environment,
            is_get: head.method == Method::GET,
            faults,
        };
        self.run_in_its_own_task(received).await
    }

    /// Dropping this future, as a closed connection does, leaves the task running.
    async fn run_in_its_own_task(&self, received: Received) -> Delivered {
        let (reply, answered) = oneshot::channel();
        let stop = self.stop.clone();
        self.tasks
            .spawn(async move { stop.run_until_cancelled(carry_out(received, reply)).await });
        answered.await.unwrap_or(Delivered::Closed)
    }
}

/// Of the URL as the client wrote it, scheme and host included.
fn text_header(head: &Parts, name: &str) -> Option<String> {
    let value = head.headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

fn url_length(head: &Parts) -> usize {
    let host = head.headers.get(HOST).map_or(0, HeaderValue::len);
    "http://".len() + host + head.uri.to_string().len()
}

fn render(answer: Answer) -> Response<Body> {
    let status = answer.status();
    let content_type = HeaderValue::from_static(answer.content_type());
    let header = answer.header();
    let pace = answer.pace();
    let text = answer.into_text();
    let length = text.len();
    let mut response = Response::new(pace.body(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(SERVER, HeaderValue::from_static("openresty"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
    if pace.has_known_length() {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    headers.extend(header);
    response
}
