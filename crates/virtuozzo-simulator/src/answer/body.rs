//! How the bytes of an answer leave: at once, slowly, or without an end.
//!
//! It must not know what they say.

use std::convert::Infallible;
use std::num::NonZeroU64;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;

/// The body of any answer.
pub(crate) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// How many times in a second a slow body sends something, if its rate allows.
const SENDS_PER_SECOND: u64 = 20;
const PADDING: &[u8] = &[b'.'; 16 * 1024];

/// How fast the bytes leave.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    AtOnce,
    /// By the clock on the wall: it is the client's patience that is tried.
    BytesPerSecond(NonZeroU64),
    /// At once, and then padding for ever.
    Endless,
}

impl Pace {
    /// Whether the body is as long as its text.
    pub(crate) fn has_known_length(self) -> bool {
        !matches!(self, Self::Endless)
    }

    pub(crate) fn body(self, text: Bytes) -> Body {
        match self {
            Self::AtOnce => Full::new(text).boxed_unsync(),
            Self::BytesPerSecond(rate) => streamed(drops(text, rate)),
            Self::Endless => {
                let padding = stream::repeat(Bytes::from_static(PADDING));
                streamed(stream::iter([text]).chain(padding))
            }
        }
    }
}

fn streamed(chunks: impl Stream<Item = Bytes> + Send + 'static) -> Body {
    StreamBody::new(chunks.map(|chunk| Ok(Frame::data(chunk)))).boxed_unsync()
}

/// The text in pieces, each after the time that it takes at this rate.
fn drops(text: Bytes, rate: NonZeroU64) -> impl Stream<Item = Bytes> {
    let size = (rate.get() / SENDS_PER_SECOND).max(1);
    stream::unfold(text, move |mut left| async move {
        let taken = left.len().min(usize::try_from(size).unwrap_or(usize::MAX));
        if taken == 0 {
            return None;
        }
        let nanoseconds = (taken as u64).saturating_mul(1_000_000_000) / rate.get();
        tokio::time::sleep(Duration::from_nanos(nanoseconds)).await;
        Some((left.split_to(taken), left))
    })
}
