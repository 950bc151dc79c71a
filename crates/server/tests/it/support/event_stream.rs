//! A stream of server-sent events that can be cut at any moment: dropping it closes its connection.

use super::Caller;
use bytes::Bytes;
use http::Method;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::collections::VecDeque;
use std::time::Duration;

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StreamedEvent {
    pub(crate) id: Option<u64>,
    pub(crate) name: String,
    pub(crate) data: String,
}

/// An open stream.
pub(crate) struct EventStream {
    body: hyper::body::Incoming,
    /// A connection of its own, which ends with it.
    _client: Client<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>,
    unread: String,
    ready: VecDeque<StreamedEvent>,
}

impl EventStream {
    /// Begins a stream after that event.
    pub(crate) async fn open(caller: &Caller, path: &str, after: Option<u64>) -> Self {
        let last = after.map(|after| after.to_string());
        let mut headers = vec![("accept", "text/event-stream")];
        headers.extend(last.as_deref().map(|last| ("last-event-id", last)));
        let request = caller.request(&Method::GET, path, &headers, "");
        let client = Client::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request).await.expect("the server answers");
        assert!(answer.status().is_success(), "{}", answer.status());
        Self {
            body: answer.into_body(),
            _client: client,
            unread: String::new(),
            ready: VecDeque::new(),
        }
    }

    /// The next event; none when none comes within that time, or the stream has ended.
    pub(crate) async fn next(&mut self, within: Duration) -> Option<StreamedEvent> {
        tokio::time::timeout(within, self.read()).await.ok()?
    }

    async fn read(&mut self) -> Option<StreamedEvent> {
        while self.ready.is_empty() {
            let frame = self.body.frame().await?.ok()?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            self.unread
                .push_str(std::str::from_utf8(&data).expect("UTF-8"));
            while let Some(end) = self.unread.find("\n\n") {
                let event: String = self.unread.drain(..end + 2).collect();
                self.ready.extend(parse(&event));
            }
        }
        self.ready.pop_front()
    }
}

/// Comments and the word about reconnecting are no events.
fn parse(text: &str) -> Option<StreamedEvent> {
    let field = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(name).map(str::trim_start))
    };
    Some(StreamedEvent {
        id: field("id:").and_then(|id| id.parse().ok()),
        name: field("event:").unwrap_or_default().to_owned(),
        data: field("data:")?.to_owned(),
    })
}
