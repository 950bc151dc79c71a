//! Server-sent events, which go on where they were when the connection is lost.

use crate::Client;
use crate::failure::Failure;
use http::Method;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde_json::Value;
use std::collections::VecDeque;
use std::time::Duration;

/// Between two attempts to come back.
const COME_BACK_AFTER: Duration = Duration::from_secs(2);
/// Attempts in a row without a single event before the server counts as gone.
const ATTEMPTS: u32 = 5;

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StreamedEvent {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) data: Value,
}

/// A stream that is followed.
pub(crate) struct EventStream<'a> {
    client: &'a Client,
    path: String,
    last: Option<String>,
    body: Option<Incoming>,
    unread: Vec<u8>,
    ready: VecDeque<StreamedEvent>,
    failures: u32,
}

impl<'a> EventStream<'a> {
    pub(crate) fn new(client: &'a Client, path: String) -> Self {
        Self {
            client,
            path,
            last: None,
            body: None,
            unread: Vec::new(),
            ready: VecDeque::new(),
            failures: 0,
        }
    }

    /// The next event. A refusal is one at once; a connection that is lost is made anew.
    pub(crate) async fn next(&mut self) -> Result<StreamedEvent, Failure> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.failures = 0;
                self.last = event.id.clone().or_else(|| self.last.take());
                return Ok(event);
            }
            match self.read().await {
                Ok(()) => {}
                Err(Failure::Unreachable(cause)) => {
                    self.body = None;
                    self.unread.clear();
                    self.failures += 1;
                    if self.failures >= ATTEMPTS {
                        return Err(Failure::Unreachable(cause));
                    }
                    tokio::time::sleep(COME_BACK_AFTER).await;
                }
                Err(refused) => return Err(refused),
            }
        }
    }

    async fn read(&mut self) -> Result<(), Failure> {
        if self.body.is_none() {
            self.body = Some(self.open().await?);
        }
        let Some(body) = &mut self.body else {
            return Ok(());
        };
        let lost = || Failure::Unreachable("the stream has ended".to_owned());
        let frame = body.frame().await.ok_or_else(lost)?;
        let frame = frame.map_err(|error| Failure::Unreachable(error.to_string()))?;
        if let Ok(data) = frame.into_data() {
            self.unread.extend_from_slice(&data);
            self.ready.extend(take_events(&mut self.unread));
        }
        Ok(())
    }

    async fn open(&self) -> Result<Incoming, Failure> {
        let mut headers = vec![("accept", "text/event-stream")];
        headers.extend(self.last.as_deref().map(|last| ("last-event-id", last)));
        let connection = &self.client.connection;
        let response = connection.send(Method::GET, &self.path, &headers, None);
        Ok(response.await?.into_body())
    }
}

/// Takes the events that are whole; the beginning of another stays.
fn take_events(unread: &mut Vec<u8>) -> Vec<StreamedEvent> {
    let mut events = Vec::new();
    while let Some(end) = unread.windows(2).position(|pair| pair == b"\n\n") {
        let block: Vec<u8> = unread.drain(..end + 2).collect();
        events.extend(parse(&String::from_utf8_lossy(&block)));
    }
    events
}

/// Comments and the word about reconnecting are no events.
fn parse(block: &str) -> Option<StreamedEvent> {
    let field = |name: &str| {
        let mut lines = block.lines();
        lines.find_map(|line| line.strip_prefix(name).map(str::trim_start))
    };
    let data = field("data:")?;
    Some(StreamedEvent {
        id: field("id:").map(str::to_owned),
        name: field("event:").unwrap_or("message").to_owned(),
        data: serde_json::from_str(data).unwrap_or(Value::Null),
    })
}

#[cfg(test)]
mod tests {
    use super::take_events;
    use serde_json::json;

    #[test]
    fn events_are_taken_whole_however_they_come_in_pieces() {
        let text = "retry: 2000\n\nid: 1\nevent: line\ndata: {\"message\":\"ä\"}\n\n: still here\n\nevent: end\ndata: {}\n\n";
        let mut unread = Vec::new();
        let mut events = Vec::new();
        for byte in text.bytes() {
            unread.push(byte);
            events.extend(take_events(&mut unread));
        }
        assert!(unread.is_empty());
        let seen: Vec<_> = events
            .iter()
            .map(|event| (event.id.as_deref(), &*event.name, &event.data))
            .collect();
        assert_eq!(
            seen,
            [
                (Some("1"), "line", &json!({"message": "ä"})),
                (None, "end", &json!({})),
            ]
        );
    }
}
