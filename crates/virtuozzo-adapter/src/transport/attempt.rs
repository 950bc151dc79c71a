//! One attempt: out within the send window, an answer within its deadline, a body under the cap.

use super::request_body::{Handover, SendWatch, WatchedBody};
use super::trace::Trace;
use super::{
    Answer, Deadlines, DoubtCause, Failure, NotSentCause, Outgoing, Transport, answer_body,
    observation,
};
use crate::endpoint::Endpoint;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::response::Parts;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use std::future::Future;
use std::sync::Arc;
use tracing::Instrument;

type Head = Result<Response<Incoming>, hyper_util::client::legacy::Error>;

impl Transport {
    /// Sends one request once. Never sends anything after the send window, and says on which side
    /// of the line the call is when there is no answer.
    pub(super) async fn attempt(
        &self,
        outgoing: &Outgoing,
        deadlines: Deadlines,
        number: u32,
    ) -> Result<Answer, Failure> {
        let span = outgoing.endpoint.span(number);
        let trace = Trace::of(&span);
        span.record("upstream_trace_id", trace.trace_id());
        async {
            let began = self.clock.instant();
            let outcome = self.exchange(outgoing, deadlines, &trace).await;
            let took = began.until(self.clock.instant());
            observation::attempted(outgoing.endpoint, &outcome, took);
            outcome
        }
        .instrument(span)
        .await
    }

    /// Sends a request of nobody's, once, and gives the head of the answer.
    pub(crate) async fn ask_as_nobody(
        &self,
        endpoint: Endpoint,
    ) -> Result<Parts, hyper_util::client::legacy::Error> {
        let outgoing = Outgoing {
            endpoint,
            body: Bytes::new(),
            account: None,
        };
        let send_by = self.clock.instant().plus(self.settings.connect_timeout);
        let (body, _) = WatchedBody::new(Bytes::new(), send_by, Arc::clone(&self.clock));
        let request = self.request(&outgoing, &Trace::random(), body);
        Ok(self.client.request(request).await?.into_parts().0)
    }

    async fn exchange(
        &self,
        outgoing: &Outgoing,
        deadlines: Deadlines,
        trace: &Trace,
    ) -> Result<Answer, Failure> {
        if self.clock.instant() >= deadlines.send_by {
            return Err(NotSentCause::WindowClosed.into());
        }
        let (body, watch) = WatchedBody::new(
            outgoing.body.clone(),
            deadlines.send_by,
            Arc::clone(&self.clock),
        );
        let request = self.request(outgoing, trace, body);
        let mut head = std::pin::pin!(self.client.request(request));

        let early = self.until_sent(head.as_mut(), &watch, deadlines).await?;
        let mut answer_by = self.clock.sleep(deadlines.answer_within);
        let head = if let Some(head) = early {
            head
        } else {
            tokio::select! {
                biased;
                head = head => head,
                () = answer_by.as_mut() => return Err(DoubtCause::AnswerTimedOut.into()),
            }
        };
        let response = head.map_err(|error| failure_of(&error, &watch))?;
        let status = response.status();
        if !status.is_success() {
            return Ok(Answer {
                status,
                body: Bytes::new(),
            });
        }
        let rate = self.settings.answer_rate;
        let body = answer_body::read_whole(response.into_body(), rate, self.clock());
        tokio::select! {
            biased;
            body = body => Ok(Answer { status, body: body? }),
            () = answer_by => Err(DoubtCause::AnswerTimedOut.into()),
        }
    }

    /// Drives the request until its body has left. An answer that comes earlier is handed on.
    async fn until_sent(
        &self,
        head: impl Future<Output = Head>,
        watch: &SendWatch,
        deadlines: Deadlines,
    ) -> Result<Option<Head>, Failure> {
        let window = self.clock.instant().until(deadlines.send_by);
        tokio::select! {
            biased;
            head = head => Ok(Some(head)),
            () = watch.completed() => Ok(None),
            () = self.clock.sleep(window) => match watch.close() {
                Handover::Untouched => Err(NotSentCause::WindowClosed.into()),
                Handover::Partial => Err(DoubtCause::WindowClosedMidway.into()),
                Handover::Complete => Ok(None),
            },
        }
    }

    fn request(
        &self,
        outgoing: &Outgoing,
        trace: &Trace,
        body: WatchedBody,
    ) -> Request<WatchedBody> {
        let url = self.urls.of_endpoint(outgoing.endpoint);
        Request::post(url.as_str())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8"),
            )
            .header("x-trace-id", trace.plain_header())
            .header("traceparent", trace.standard_header())
            .body(body)
            .expect("a checked URL and constant header names make a request")
    }
}

fn failure_of(error: &hyper_util::client::legacy::Error, watch: &SendWatch) -> Failure {
    match watch.close() {
        Handover::Untouched if error.is_connect() => NotSentCause::NoConnection.into(),
        Handover::Untouched if was_too_late(error) => NotSentCause::WindowClosed.into(),
        Handover::Untouched => NotSentCause::NoConnection.into(),
        Handover::Partial if was_too_late(error) => DoubtCause::WindowClosedMidway.into(),
        Handover::Partial | Handover::Complete => DoubtCause::ConnectionLost.into(),
    }
}

fn was_too_late(error: &hyper_util::client::legacy::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if cause.is::<super::request_body::WindowClosed>() {
            return true;
        }
        source = cause.source();
    }
    false
}
