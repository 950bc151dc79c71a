//! Log files of nodes.

use application::LiveReads;
use application::logs::{ListLogFiles, ReadLogFile};
use std::sync::Arc;

/// What can be asked about log files.
#[derive(Clone)]
pub struct LogUseCases {
    /// Lists log files.
    pub list_files: Arc<ListLogFiles>,
    /// Reads a log file.
    pub read_file: Arc<ReadLogFile>,
}

impl LogUseCases {
    /// On reads that have places of their own.
    pub fn new(reads: Arc<LiveReads>) -> Self {
        let list_files = Arc::new(ListLogFiles::new(Arc::clone(&reads)));
        Self {
            read_file: Arc::new(ReadLogFile::new(reads, Arc::clone(&list_files))),
            list_files,
        }
    }
}
