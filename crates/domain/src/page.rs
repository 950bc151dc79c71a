//! Cursor paging: how much, after which item, and whether there is more.

use crate::limits;

/// How many items, and after which position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest<Position> {
    limit: u32,
    after: Option<Position>,
}

impl<Position: Copy> PageRequest<Position> {
    /// `limit` of zero means the default; more than the maximum is lowered to it.
    pub fn new(limit: u32, after: Option<Position>) -> Self {
        let limit = if limit == 0 {
            limits::PAGE_SIZE_DEFAULT
        } else {
            limit
        };
        Self {
            limit: limit.min(limits::PAGE_SIZE_MAX),
            after,
        }
    }

    /// Most items to return.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// Only items after this position.
    pub fn after(&self) -> Option<Position> {
        self.after
    }
}

/// One page, and where the next one starts (`None` at the end).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<Item, Position> {
    /// The items, in order.
    pub items: Vec<Item>,
    /// The position of the last item when more follow.
    pub next_after: Option<Position>,
}
