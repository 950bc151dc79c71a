//! Whose copy it is, by the bytes in front of it. In doubt it is ours.

/// Who holds a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layer {
    /// Our types and our buffers, and whatever cannot be told from them.
    Ours,
    /// Buffers of the HTTP implementation: the head of a message stands in front.
    Http,
    /// Buffers of the TLS implementation: the header of a record stands in front.
    Tls,
    /// Buffers of the Redis client: the length of a text stands in front.
    RedisClient,
}

impl Layer {
    pub(super) const ALL: [Self; 4] = [Self::Ours, Self::Http, Self::Tls, Self::RedisClient];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Http => "http",
            Self::Tls => "tls",
            Self::RedisClient => "redis_client",
        }
    }
}

/// Application data, TLS 1.2 and what 1.3 shows as such.
const TLS_RECORD: &[u8] = b"\x17\x03\x03";
/// Length, and the explicit nonce of TLS 1.2.
const TLS_GAP_BYTES: std::ops::RangeInclusive<usize> = 2..=10;

/// Who holds what follows these bytes.
pub(super) fn layer_of(before: &[u8]) -> Layer {
    let message = text_before(before);
    let in_front = &before[..before.len() - message.len()];
    if is_after_tls_record(in_front) {
        return Layer::Tls;
    }
    if contains(message, b"\r\n$") || message.starts_with(b"$") && contains(message, b"\r\n") {
        return Layer::RedisClient;
    }
    // Our bodies hold no line ends at all: they are one line of JSON, or a form.
    if contains(message, b"\r\n") {
        return Layer::Http;
    }
    Layer::Ours
}

/// The unbroken text at the end. Blocks of the allocator have binary numbers between them, so it is of
/// one block.
fn text_before(bytes: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| (b' '..=b'~').contains(byte) || b"\r\n\t".contains(byte);
    let begin = bytes.iter().rposition(|byte| !is_text(byte));
    &bytes[begin.map_or(0, |place| place + 1)..]
}

/// Numbers of the header may look like text, so a little of the text counts as header, too.
fn is_after_tls_record(in_front: &[u8]) -> bool {
    let last = in_front
        .len()
        .saturating_sub(TLS_RECORD.len() + TLS_GAP_BYTES.end());
    let tail = &in_front[last..];
    let place = tail
        .windows(TLS_RECORD.len())
        .rposition(|window| window == TLS_RECORD);
    place.is_some()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn each_layer_is_told_by_what_stands_in_front() {
    let cases: [(&[u8], Layer); 8] = [
        (b"\0\0\x31\0\0\0\0\0\0\0", Layer::Ours),
        (b"\0\0envName=shop&session=", Layer::Ours),
        (b"\0\0{\"result\":0,\"session\":\"", Layer::Ours),
        (
            b"\0HTTP/1.1 200 OK\r\nserver: x\r\n\r\n{\"session\":\"",
            Layer::Http,
        ),
        // The first bytes of a block that was freed are overwritten.
        (b"\0\x07tent-length: 9\r\n\r\nsession=", Layer::Http),
        // Another block's head does not count.
        (
            b"HTTP/1.1 200 OK\r\n\r\n\0\0\x31\0\0\0\0\0\0\0",
            Layer::Ours,
        ),
        (
            b"\0\x17\x03\x03\x01\xffHTTP/1.1 200 OK\r\n\r\n{\"session\":\"",
            Layer::Tls,
        ),
        (b"\0*3\r\n$3\r\nSET\r\n$38\r\n", Layer::RedisClient),
    ];
    for (before, layer) in cases {
        assert_eq!(layer_of(before), layer, "{}", before.escape_ascii());
    }
}
