//! The kinds of faults, as they are written in JSON.
//!
//! It must not know which calls they hit.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

/// What goes wrong with a call.
///
/// "The work" is what the method does; "nested" means inside `response`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// Waits `ms` milliseconds of the simulator's clock (not scaled) before anything else.
    Delay { ms: u64 },
    /// The same, and up to `jitter_ms` more: how much comes from the simulator's seed.
    JitteredDelay { ms: u64, jitter_ms: u64 },
    /// Closes the connection; the work never runs.
    DropBeforeEffect,
    /// Does the work to its end, then closes the connection.
    EffectThenDrop,
    /// Resets the connection (RST); the work never runs.
    ResetBeforeEffect,
    /// Does the work to its end, then resets the connection.
    EffectThenReset,
    /// Answers with an HTML page and this status (500 to 504) at once; the work goes on.
    BadGatewayHtml { status: u16 },
    /// Answers with an HTML page and this status (401, 404, 429, 503, …), as something in front of
    /// the platform would; the work never runs.
    ProxyPage {
        status: u16,
        /// Sent as `Retry-After`.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// Answers with this status (301, 302, 307, 308) and `location`; the work never runs.
    Redirect { status: u16, location: String },
    /// Ends the session and answers 702; the work never runs.
    SessionExpiredOuter,
    /// Ends the session and answers outer 0 with a nested 702; `after_effect` says whether the
    /// work ran before.
    SessionExpiredNested { after_effect: bool },
    /// Answers 702 with the caller's session in the text, `masked` or as it is. The session lives
    /// on; the work never runs.
    SessionEchoed { masked: bool },
    /// Answers with this outer code; the work never runs.
    ForcedResult { result: i64, error: String },
    /// Answers outer 0 with this nested code; `after_effect` says whether the work ran before.
    ForcedNestedResult {
        result: i64,
        error: String,
        after_effect: bool,
    },
    /// The same with the code `depth` envelopes down: 2 means `response.response.result`.
    ForcedDeepResult {
        result: i64,
        error: String,
        depth: u8,
        after_effect: bool,
    },
    /// Answers `outer_result` with one element in `responses` that carries this code.
    FailedResponses {
        result: i64,
        error: String,
        #[serde(default)]
        outer_result: i64,
        after_effect: bool,
    },
    /// Does the work, then sends only the first `bytes` bytes of the JSON text.
    TruncatedJson { bytes: usize },
    /// Does the work, then sends the answer at this rate, by the clock on the wall.
    SlowBody { bytes_per_second: NonZeroU64 },
    /// Does the work, then sends a valid beginning and padding without an end.
    EndlessBody,
    /// Does the work, then sends the answer with a member of arrays nested this deep.
    DeepJson { depth: usize },
    /// Does the work, then answers 200 with an HTML page.
    HtmlOk,
    /// `createenvironment` and `checkdomain` say that the name is taken.
    NameTaken,
    /// A creation ends half built: status 11 and a nested error.
    BrokenEnvironment,
    /// What the call creates or installs is in no list, and unknown to `getenvinfo`, until `ms`
    /// milliseconds of the simulator's clock (not scaled) have passed since it came to be.
    VisibleAfter { ms: u64 },
    /// Blocks until `release(name)`, before the work or (with `after_effect`) before the answer.
    HoldUntilReleased {
        name: String,
        #[serde(default)]
        after_effect: bool,
    },
}

impl FaultKind {
    /// The `type` of the fault as it is written in JSON.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Delay { .. } => "delay",
            Self::JitteredDelay { .. } => "jittered_delay",
            Self::DropBeforeEffect => "drop_before_effect",
            Self::EffectThenDrop => "effect_then_drop",
            Self::ResetBeforeEffect => "reset_before_effect",
            Self::EffectThenReset => "effect_then_reset",
            Self::BadGatewayHtml { .. } => "bad_gateway_html",
            Self::ProxyPage { .. } => "proxy_page",
            Self::Redirect { .. } => "redirect",
            Self::SessionExpiredOuter => "session_expired_outer",
            Self::SessionExpiredNested { .. } => "session_expired_nested",
            Self::SessionEchoed { .. } => "session_echoed",
            Self::ForcedResult { .. } => "forced_result",
            Self::ForcedNestedResult { .. } => "forced_nested_result",
            Self::ForcedDeepResult { .. } => "forced_deep_result",
            Self::FailedResponses { .. } => "failed_responses",
            Self::TruncatedJson { .. } => "truncated_json",
            Self::SlowBody { .. } => "slow_body",
            Self::EndlessBody => "endless_body",
            Self::DeepJson { .. } => "deep_json",
            Self::HtmlOk => "html_ok",
            Self::NameTaken => "name_taken",
            Self::BrokenEnvironment => "broken_environment",
            Self::VisibleAfter { .. } => "visible_after",
            Self::HoldUntilReleased { .. } => "hold_until_released",
        }
    }
}
