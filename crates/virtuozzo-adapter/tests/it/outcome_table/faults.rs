//! What can come back instead of a good answer.

use crate::scripted::Reply;
use std::time::Duration;

/// Where a code stands in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Alone in the outermost envelope.
    Bare,
    /// The same, as a text.
    BareText,
    /// In the outermost envelope, with a payload.
    BesidePayload,
    /// In the outermost envelope, with results of nodes.
    BesideNodes,
    /// One envelope further in.
    Nested,
    /// Two envelopes further in.
    NestedTwice,
    /// In the result of a node.
    Node,
}

impl Place {
    const ALL: [Self; 7] = [
        Self::Bare,
        Self::BareText,
        Self::BesidePayload,
        Self::BesideNodes,
        Self::Nested,
        Self::NestedTwice,
        Self::Node,
    ];

    fn answer(self, code: i64) -> String {
        match self {
            Self::Bare => format!(r#"{{"result":{code},"error":"example"}}"#),
            Self::BareText => format!(r#"{{"result":"{code}"}}"#),
            Self::BesidePayload => format!(r#"{{"result":{code},"response":{{}}}}"#),
            Self::BesideNodes => format!(r#"{{"result":{code},"responses":[]}}"#),
            Self::Nested => format!(r#"{{"result":0,"response":{{"result":{code}}}}}"#),
            Self::NestedTwice => format!(
                r#"{{"result":0,"response":{{"result":0,"response":{{"result":{code}}}}}}}"#
            ),
            Self::Node => {
                format!(r#"{{"result":0,"responses":[{{"result":0}},{{"result":{code}}}]}}"#)
            }
        }
    }
}

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// None: the good answer of the call.
    Nothing,
    /// An answer with this code.
    Code(i64, Place),
    /// A page of a gateway.
    Page(u16),
    /// A redirect to another path of the same server.
    Redirect(u16),
    /// An answer that is no envelope.
    Shape(&'static str),
    /// Fewer bytes than announced.
    CutOff,
    /// The send window is closed before anything leaves.
    WindowClosed,
    /// Nobody listens.
    NoConnection,
    /// No answer in time.
    Silence,
    /// The connection is reset before the request was read.
    ResetUnread,
    /// The connection ends after the request was read.
    Reset,
    /// More than the cap, without end.
    Endless,
    /// More than the cap, as announced.
    TooLarge,
    /// Slower than the minimum.
    Trickle,
}

/// Codes of every class, those that say that nothing ran, and one that nobody knows.
const CODES: [i64; 35] = [
    1, 3, 5, 8, 11, 17, 99, 701, 702, 703, 704, 801, 901, 904, 1702, 2030, 2031, 2212, 2314, 2330,
    2338, 2363, 4060, 4081, 4095, 4099, 4109, 4110, 5000, 8202, 11_022, 11_039, 11_041, 11_042,
    424_242,
];

const PAGE: &str = "<html><body>a page of the gateway</body></html>";

const SHAPES: [&str; 10] = [
    "",
    PAGE,
    "{}",
    "[]",
    "null",
    "\"text\"",
    r#"{"result":"#,
    r#"{"result":null}"#,
    r#"{"result":"yes"}"#,
    r#"{"unexpected":1}"#,
];

/// Every fault.
pub(super) fn all() -> Vec<Fault> {
    let mut faults = vec![
        Fault::Nothing,
        Fault::CutOff,
        Fault::WindowClosed,
        Fault::NoConnection,
        Fault::Silence,
        Fault::ResetUnread,
        Fault::Reset,
        Fault::Endless,
        Fault::TooLarge,
        Fault::Trickle,
    ];
    faults.extend([301, 302, 303, 307, 308].map(Fault::Redirect));
    faults.extend([400, 401, 403, 404, 429, 500, 502, 503, 504].map(Fault::Page));
    faults.extend(SHAPES.map(Fault::Shape));
    for code in CODES {
        faults.extend(Place::ALL.map(|place| Fault::Code(code, place)));
    }
    faults
}

impl Fault {
    /// What the server does, given the call's good answer.
    pub(super) fn reply(self, good: &str) -> Reply {
        match self {
            // With the last two, nothing arrives.
            Self::Nothing | Self::WindowClosed | Self::NoConnection => Reply::json(good),
            Self::Code(code, place) => Reply::Json(place.answer(code)),
            Self::Page(status) => Reply::Status(status, PAGE),
            Self::Redirect(status) => Reply::Redirect(status, "/elsewhere".into()),
            Self::Shape(body) => Reply::json(body),
            Self::CutOff => Reply::Truncated(good.into()),
            Self::Silence => Reply::Silence,
            Self::ResetUnread => Reply::ResetUnread,
            Self::Reset => Reply::Reset,
            Self::Endless => Reply::Endless,
            Self::TooLarge => Reply::Announced(8 * 1024 * 1024 + 1),
            Self::Trickle => Reply::Trickle(Duration::from_millis(5)),
        }
    }
}
