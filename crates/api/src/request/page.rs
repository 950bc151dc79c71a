//! The two parameters of every list: `limit` and `cursor`.

use super::{QueryTexts, ReadQuery};
use crate::cursor::Cursors;
use crate::problem::{Fault, Problem};
use domain::limits;
use domain::page::PageRequest;
use serde::Deserialize;
use std::fmt::Display;

/// How much of a list, and after which place.
pub(crate) struct PageQuery {
    limit: u32,
    cursor: Option<String>,
}

impl ReadQuery for PageQuery {
    const NAMES: &'static [&'static str] = &["limit", "cursor"];

    fn read(texts: &QueryTexts) -> Result<Self, Problem> {
        let limit = match texts.get("limit") {
            None => limits::PAGE_SIZE_DEFAULT,
            Some(text) => whole_number(text)?,
        };
        Ok(Self {
            limit,
            cursor: texts.get("cursor").map(ToOwned::to_owned),
        })
    }
}

impl PageQuery {
    /// The page that is asked for; the cursor must belong to this list.
    pub(crate) fn request<Wire, Position, Owner: Display>(
        &self,
        cursors: &Cursors<'_, Owner>,
        parse: impl FnOnce(Wire) -> Option<Position>,
    ) -> Result<PageRequest<Position>, Problem>
    where
        Wire: for<'de> Deserialize<'de>,
        Position: Copy,
    {
        let after = match &self.cursor {
            None => None,
            Some(cursor) => {
                let position = parse(cursors.read(cursor)?);
                // Only we can sign a cursor, so a place in it that cannot be read is our own fault.
                let unreadable = || Problem::internal("a signed cursor holds no place");
                Some(position.ok_or_else(unreadable)?)
            }
        };
        Ok(PageRequest::new(self.limit, after))
    }
}

fn whole_number(text: &str) -> Result<u32, Problem> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // More than the maximum is lowered to it, however much more.
    let number = if is_digits {
        text.parse().unwrap_or(u32::MAX)
    } else {
        0
    };
    if number == 0 {
        let fault = Fault::in_query("limit", "must be a whole number of at least 1");
        return Err(Problem::invalid(vec![fault]));
    }
    Ok(number)
}
