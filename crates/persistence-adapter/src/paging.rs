//! Pages: one row more than asked for is read, and tells whether others follow.

use domain::page::{Page, PageRequest};

/// How many rows to read for the page.
pub(crate) fn rows_to_read<Position: Copy>(request: &PageRequest<Position>) -> i64 {
    i64::from(request.limit()) + 1
}

/// The page that the rows make.
pub(crate) fn page_of<Item, Position: Copy>(
    mut items: Vec<Item>,
    request: &PageRequest<Position>,
    position: impl Fn(&Item) -> Position,
) -> Page<Item, Position> {
    let limit = request.limit() as usize;
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next_after = items.last().filter(|_| has_more).map(position);
    Page { items, next_after }
}
