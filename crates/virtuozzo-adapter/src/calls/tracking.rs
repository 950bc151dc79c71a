//! `environment/tracking`.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Actions on one page of a search.
pub(crate) const PAGE_ACTIONS: usize = 100;
/// The platform's clock may be behind ours.
const CLOCK_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Search {
    start_date: String,
    start_row: usize,
    result_count: usize,
}

/// Reads the actions that run now.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Tracking-method-GetCurrentActions>
/// (primary source; the elements' shape is partly inferred). A read; answers at once.
pub(crate) fn current_actions() -> Call {
    Call::new(Endpoint::GetCurrentActions, Form::default())
}

/// Reads one page of the actions since a time, running or finished. The search cannot ask for the
/// key of a request, so the caller filters.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Tracking-method-SearchActions>
/// (primary source; the form of dates is inferred from `getuidactions`). A read; answers at once.
pub(crate) fn search_actions(since: Timestamp, start_row: usize) -> Call {
    let since = since.checked_sub(CLOCK_DIFFERENCE).unwrap_or(since);
    let search = Search {
        start_date: since.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        start_row,
        result_count: PAGE_ACTIONS,
    };
    Call::new(
        Endpoint::SearchActions,
        Form::default().with_json("search", &search),
    )
}
