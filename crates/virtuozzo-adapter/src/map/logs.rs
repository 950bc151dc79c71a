//! Log files.

use crate::wire::logs::{LogFields, LogText, LogTree};
use domain::ports::{LogFile, LogRange};

#[cfg(test)]
mod tests;

/// The files of all groups, each once.
pub(crate) fn log_files(tree: LogTree) -> Vec<LogFile> {
    let fields = tree.keywords.into_iter().flat_map(|group| group.0);
    let mut files: Vec<LogFile> = fields.filter_map(log_file).collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    files
}

fn log_file(fields: LogFields) -> Option<LogFile> {
    if fields.is_folder == Some(true) {
        return None;
    }
    Some(LogFile {
        path: fields.path?,
        size: fields.length.and_then(|length| u64::try_from(length).ok()),
    })
}

/// The piece that was asked for; nothing is left at the end of a file.
pub(crate) fn log_text(text: LogText, range: LogRange) -> String {
    let mut body = text.body.unwrap_or_default();
    let count = usize::try_from(range.count).unwrap_or(usize::MAX);
    if let Some((end, _)) = body.char_indices().nth(count) {
        body.truncate(end);
    }
    body
}
