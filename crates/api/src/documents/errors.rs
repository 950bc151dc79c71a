//! `docs/errors.md`: every code with its status, its meaning and who has to act.

use crate::problem::{status::status_of, title};
use domain::error_code::{ErrorCode, WhoActs};
use std::fmt::Write as _;

const INTRODUCTION: &str = "\
# Errors

Made from the code by `cargo xtask openapi`; do not edit.

Every refusal and failure is a problem (RFC 9457, `application/problem+json`). `code` is the contract:
a code is never renamed or reused. `type` is `/v1/errors#<code>`; the same list is served as JSON at
`/v1/errors`. `errors` points to the places of the request that are at fault. A failed job answers 200
and has its problem inside.

| code | status | who acts |
|---|---|---|
";

/// The page, in the order of [`ErrorCode::ALL`].
pub fn errors_markdown() -> String {
    let mut page = INTRODUCTION.to_owned();
    for code in ErrorCode::ALL.iter().copied() {
        let name = code.as_str();
        let status = status_of(code).as_u16();
        let acts = who_acts(code.who_acts());
        writeln!(page, "| [`{name}`](#{name}) | {status} | {acts} |")
            .expect("writing to a string cannot fail");
    }
    for code in ErrorCode::ALL.iter().copied() {
        let (name, title, meaning) = (code.as_str(), title(code), code.meaning());
        write!(page, "\n## {name}\n\n**{title}.** {meaning}\n")
            .expect("writing to a string cannot fail");
    }
    page
}

fn who_acts(acts: WhoActs) -> &'static str {
    match acts {
        WhoActs::Client => "the client changes the request",
        WhoActs::Owner => "the team's owner",
        WhoActs::Operator => "those who run Windlass",
        WhoActs::Retry => "nobody: try again later",
    }
}
