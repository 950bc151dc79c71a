//! The table as a page for people.

use super::{Actor, CodeRow, Ran, Retry, TABLE};
use std::fmt::Write;

const INTRODUCTION: &str = "\
# Result codes of the platform

Rendered from the table in `crates/virtuozzo-adapter/src/codes/table.rs`; change that and run
`cargo run -p virtuozzo-adapter --bin platform-errors -- docs/platform-errors.md`.

The platform answers HTTP 200 even for failures; the code is in the JSON. Codes are open integers: one
without a row is of class *other*, but for 2360 to 2369, which are quotas.

**Ran** says what a mutation with that code has done. *no (outer)*: surely nothing, when the code stands
in the outermost envelope and the answer holds neither `response` nor `responses`. *unknown*: it may have
run, now or later; the workflow finds out. Every code in an inner envelope is *unknown*, and so is every
answer that is no JSON, every HTTP status other than 2xx, and every call whose answer was lost.

Two answers with a code other than 0 count as success: 11 (outer) on a deletion, because the environment
is gone already, and answers to installations whose `type` is `success` or `info` or whose code is 11039.

701, 702 and 704 (outer) speak about who we are: the session is renewed once, and the call is sent again
with the new one. Signing in is what tells whether the credential still counts; when that is refused, the
account is set aside until its owner connects it again, and no call goes out before. On a deletion 701
may speak about the confirmation instead, as 801 always does: neither touches the session or the account.

";

/// The page, as `docs/platform-errors.md` holds it.
pub fn render() -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str("| code | class | ran | send again | who acts | meaning | source |\n");
    page.push_str("|---|---|---|---|---|---|---|\n");
    for row in TABLE {
        line(&mut page, row).expect("writing to a String cannot fail");
    }
    page
}

fn line(page: &mut String, row: &CodeRow) -> std::fmt::Result {
    let ran = match row.ran {
        Ran::NotWhenOuter => "no (outer)",
        Ran::Unknown => "unknown",
    };
    let retry = match row.retry {
        Retry::No => "no",
        Retry::WithNewSession => "once, with a new session",
        Retry::WhenSettled => "when the environment has settled",
        Retry::AfterProbe => "after finding out",
    };
    let actor = match row.actor {
        Actor::Nobody => "nobody",
        Actor::Owner => "the owner of the platform account",
        Actor::Requester => "who asked for it",
        Actor::Operator => "who runs the service",
    };
    writeln!(
        page,
        "| {} | {} | {ran} | {retry} | {actor} | {} | {} |",
        row.code,
        row.class.as_str(),
        row.meaning,
        row.source,
    )
}
