//! Searching and replacing in the database of a site, on one node, each command guarded.

use super::payloads::{DecodeError, SearchReplacePayload, decode};
use super::step::{Steps, WorkflowStep};
use super::steps::{find_master_node, guarded};
use domain::job::EncodedData;
use domain::ports::GuardedCommand;
use domain::wordpress::SearchReplace;

/// Counts what would be replaced, keeps the database beside, replaces, empties the cache.
pub(super) fn of(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let texts = decode::<SearchReplacePayload>(payload)?.texts()?;
    Ok(Steps(vec![
        find_master_node(),
        count(texts.clone()),
        guarded(
            "export_database",
            GuardedCommand::ExportDatabase,
            "it only writes a file beside the guard",
        ),
        guarded(
            "replace",
            GuardedCommand::SearchReplace(texts),
            "replacing back would also change what read like this before; the export has it all",
        ),
        guarded(
            "flush_cache",
            GuardedCommand::FlushCache,
            "the cache fills itself again",
        ),
    ]))
}

/// Only counts.
pub(super) fn of_count(payload: &EncodedData) -> Result<Steps, DecodeError> {
    let texts = decode::<SearchReplacePayload>(payload)?.texts()?;
    Ok(Steps(vec![find_master_node(), count(texts)]))
}

fn count(texts: SearchReplace) -> WorkflowStep {
    guarded(
        "count_matches",
        GuardedCommand::CountSearchReplace(texts),
        "it changes nothing",
    )
}
