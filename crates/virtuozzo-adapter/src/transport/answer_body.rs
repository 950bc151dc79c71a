//! The body of an answer: whole, under the cap, not slower than the minimum, and wiped when its last
//! user lets go of it, because it may hold a session or passwords of nodes.

use super::{BODY_BYTES_MAX, DoubtCause};
use crate::configuration::AnswerRate;
use bytes::{Buf, Bytes};
use domain::ports::Clock;
use http_body_util::BodyExt;
use hyper::body::Body;
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// Reads to the end.
pub(super) async fn read_whole<Source>(
    mut source: Source,
    rate: AnswerRate,
    clock: &dyn Clock,
) -> Result<Bytes, DoubtCause>
where
    Source: Body<Data = Bytes> + Unpin,
{
    let announced = usize::try_from(source.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > BODY_BYTES_MAX {
        return Err(DoubtCause::AnswerTooLarge);
    }
    let mut whole = Whole::with_room_for(announced);
    // Nothing is measured before the first piece: waiting for that is waiting for the answer.
    if !whole.take_next(&mut source).await? {
        return Ok(whole.into_bytes());
    }
    loop {
        let before = whole.length();
        let mut stretch = clock.sleep(rate.measured_over);
        loop {
            tokio::select! {
                biased;
                is_more = whole.take_next(&mut source) => if !is_more? {
                    return Ok(whole.into_bytes());
                },
                () = stretch.as_mut() => break,
            }
        }
        if whole.length() - before < bytes_in_a_stretch(rate) {
            return Err(DoubtCause::AnswerTooSlow);
        }
    }
}

/// Rounded down, so that a rate of 0 asks for nothing.
fn bytes_in_a_stretch(rate: AnswerRate) -> usize {
    let bytes = u128::from(rate.bytes_per_second_min) * rate.measured_over.as_millis() / 1_000;
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// What has come so far. Grows by moving into a larger buffer and wiping the smaller one.
struct Whole(Zeroizing<Vec<u8>>);

impl Whole {
    /// What is announced may never come, so little is believed.
    fn with_room_for(announced: usize) -> Self {
        const BELIEVED_BYTES_MAX: usize = 64 * 1024;
        let room = announced.min(BELIEVED_BYTES_MAX);
        Self(Zeroizing::new(Vec::with_capacity(room)))
    }

    fn length(&self) -> usize {
        self.0.len()
    }

    /// Takes one piece; `false` at the end. Cancel-safe.
    async fn take_next<Source>(&mut self, source: &mut Source) -> Result<bool, DoubtCause>
    where
        Source: Body<Data = Bytes> + Unpin,
    {
        let Some(frame) = source.frame().await else {
            return Ok(false);
        };
        let frame = frame.map_err(|_| DoubtCause::AnswerCutOff)?;
        // Trailers say nothing that we need.
        if let Ok(piece) = frame.into_data() {
            self.append(piece.chunk())?;
        }
        Ok(true)
    }

    fn append(&mut self, piece: &[u8]) -> Result<(), DoubtCause> {
        let length = self.0.len() + piece.len();
        if length > BODY_BYTES_MAX {
            return Err(DoubtCause::AnswerTooLarge);
        }
        if length > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity((2 * length).min(BODY_BYTES_MAX)));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(piece);
        Ok(())
    }

    fn into_bytes(self) -> Bytes {
        if self.0.is_empty() {
            Bytes::new()
        } else {
            Bytes::from_owner(self.0)
        }
    }
}
