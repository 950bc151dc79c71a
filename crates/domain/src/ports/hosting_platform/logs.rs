//! Log files of nodes.

use super::PlatformReadError;
use crate::environment::PlatformNodeId;
use crate::names::{FilePath, ShortDomain};
use crate::platform_account::PlatformAccountRef;
use async_trait::async_trait;

/// A log file of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// Its absolute path on the node.
    pub path: String,
    /// Its size in bytes, when the platform says.
    pub size: Option<u64>,
}

/// Which piece of a log file is wanted. Both are counted in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRange {
    /// Characters to leave out at the beginning.
    pub from: u64,
    /// Most characters to read.
    pub count: u32,
}

/// Log files of nodes.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait PlatformLogs: Send + Sync {
    /// The log files of a node.
    async fn list_log_files(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
    ) -> Result<Vec<LogFile>, PlatformReadError>;
    /// A piece of a log file; shorter than wanted at its end. What a site writes into its log is
    /// foreign text: it may hold anything, and it goes to who may read logs and nowhere else.
    async fn read_log(
        &self,
        account: &PlatformAccountRef,
        short_domain: &ShortDomain,
        node: PlatformNodeId,
        path: &FilePath,
        range: LogRange,
    ) -> Result<String, PlatformReadError>;
}
